//! The database on a PostgreSQL server, which several district servers may share.
//!
//! Everything above is written for threads that may wait, so this is too: the
//! driver's own work is done by one thread of its own, and whoever asks waits for
//! the answer ([`wait`]), inside a runtime or not. Connections are kept in a
//! small pool; one that broke is thrown away and the next request makes another.
//!
//! Reads are REPEATABLE READ: like SQLite's, they see one moment. Writes are READ
//! COMMITTED and hold alone what they change (see `lock`); where two meet all the
//! same, PostgreSQL ends one of them, and it runs again.

use std::cell::{Cell as Flag, RefCell};
use std::collections::HashMap;
use std::pin::pin;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::Instant;

use tokio::runtime::Runtime;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, IsolationLevel, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::cell::Cell;
use super::place::Address;
use super::{Found, PATIENCE, Tx, held, tls};
use crate::error::{DistrictError, Result};

mod migrations {
    refinery::embed_migrations!("migrations/postgres");
}

/// The most connections of one process: a PostgreSQL server takes 100 in all
/// unless it is told otherwise.
const CONNECTIONS: usize = 16;

/// How often a write is run that others got in the way of.
const ATTEMPTS: u32 = 8;

/// The most rows that are fetched at once, and after how many bytes no more are.
const BATCH: i32 = 256;
const BATCH_BYTES: usize = 1 << 20;

/// Held while the tables are made or changed. The number has no meaning.
const MIGRATION: i64 = 0x6e6f_6e67_6875_616e;

/// What holds for every connection: a lock is waited for as long as SQLite
/// would, nothing runs for ever, and what was committed is on disk, whatever the
/// server's administrator prefers for others.
const SETTLE: &str = "
    SET lock_timeout = '20s';
    SET statement_timeout = '60s';
    SET idle_in_transaction_session_timeout = '60s';
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
";

/// One database on one server.
pub(super) struct Postgres {
    shown: String,
    address: Address,
    tls: MakeRustlsConnect,
    pool: Mutex<Pool>,
    freed: Condvar,
    /// Does the driver's work; always there until this is dropped.
    runtime: Option<Runtime>,
}

#[derive(Default)]
struct Pool {
    idle: Vec<Session>,
    /// Connections that are in use or idle.
    open: usize,
}

/// A connection and the statements that were prepared on it.
struct Session {
    client: Client,
    statements: RefCell<HashMap<String, Statement>>,
}

impl Postgres {
    /// Opens the database and brings its tables up to date. Also says whether
    /// they were made.
    pub(super) fn open(address: &Address) -> Result<(Self, bool)> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("postgres")
            .enable_all()
            .build()?;
        let tls = tls::connector(address)?;
        let postgres = Self {
            shown: address.shown(),
            address: address.clone(),
            tls,
            pool: Mutex::default(),
            freed: Condvar::new(),
            runtime: Some(runtime),
        };
        let mut client = postgres.connect()?;
        let new = postgres.migrate(&mut client)?;
        drop(client); // It held the lock of migrations, and has no time limits.
        Ok((postgres, new))
    }

    fn migrate(&self, client: &mut Client) -> Result<bool> {
        let failed = |error| self.told(&error);
        // Whoever comes second waits here and then finds everything done.
        wait(client.batch_execute(&format!("SELECT pg_advisory_lock({MIGRATION})"))).map_err(failed)?;
        let encoding = wait(client.query_one("SELECT current_setting('server_encoding')", &[])).map_err(failed)?;
        let encoding: String = encoding.get(0);
        if encoding != "UTF8" {
            let reason = format!("encoding {encoding}, not UTF8");
            return Err(DistrictError::DatabaseUnusable { database: self.shown.clone(), reason });
        }
        let found = wait(found(client)).map_err(failed)?;
        let runner = migrations::migrations::runner();
        found.check(&runner, || self.shown.clone())?;
        if let Some(version) = found.older(&runner) {
            // A copy of all of it is the database server's to make, and its administrator's.
            tracing::warn!(
                version,
                "bringing the database up to date: the backup is the PostgreSQL administrator's own"
            );
        }
        wait(runner.run_async(client))?;
        Ok(matches!(found, Found::Empty))
    }

    pub(super) fn read<T>(&self, work: impl FnOnce(&Tx<'_>) -> Result<T>) -> Result<T> {
        let mut work = Some(work);
        // The transaction is begun anew where the line is broken; the work is not.
        self.transact(true, &mut |tx| work.take().map(|work| work(tx)).expect("it is run once")).0
    }

    pub(super) fn write<T>(&self, mut work: impl FnMut(&Tx<'_>) -> Result<T>) -> Result<T> {
        let mut attempt = 1;
        loop {
            let (answer, collided) = self.transact(false, &mut work);
            if answer.is_ok() || !collided || attempt == ATTEMPTS {
                return answer;
            }
            tracing::debug!(attempt, "another transaction got in the way");
            attempt += 1;
        }
    }

    /// Runs `work` in one transaction; also says whether another one got in the way.
    fn transact<T>(&self, reads: bool, work: &mut impl FnMut(&Tx<'_>) -> Result<T>) -> (Result<T>, bool) {
        loop {
            let (mut lease, fresh) = match self.lease() {
                Ok(lease) => lease,
                Err(error) => return (Err(error), false),
            };
            let Session { client, statements } = lease.session.as_mut().expect("a lease has one until it ends");
            let level = if reads { IsolationLevel::RepeatableRead } else { IsolationLevel::ReadCommitted };
            let tx = match wait(client.build_transaction().isolation_level(level).read_only(reads).start()) {
                Ok(tx) => Transaction { tx, statements, shown: &self.shown, collided: Flag::new(false) },
                // It broke while nobody used it; the others may have, too.
                Err(error) if !fresh && is_broken(&error) => continue,
                Err(error) => return (Err(self.told(&error)), false),
            };
            let tx = Tx::from(tx);
            let answer = work(&tx);
            let (answer, collided) = match answer {
                Ok(answer) => match tx.commit() {
                    (Ok(()), collided) => (Ok(answer), collided),
                    (Err(error), collided) => (Err(error), collided),
                },
                Err(error) => {
                    let collided = tx.collided();
                    drop(tx); // Rolled back.
                    (Err(error), collided)
                }
            };
            lease.keep();
            return (answer, collided);
        }
    }

    /// A connection of the pool, or a new one, which is then `true`.
    fn lease(&self) -> Result<(Lease<'_>, bool)> {
        let until = Instant::now() + PATIENCE;
        let mut pool = held(&self.pool);
        loop {
            while let Some(session) = pool.idle.pop() {
                if !session.client.is_closed() {
                    return Ok((Lease { postgres: self, session: Some(session), keep: false }, false));
                }
                pool.open -= 1;
            }
            if pool.open < CONNECTIONS {
                break;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(DistrictError::DatabaseBusy);
            }
            pool = self.freed.wait_timeout(pool, left).unwrap_or_else(std::sync::PoisonError::into_inner).0;
        }
        pool.open += 1;
        drop(pool);
        let mut lease = Lease { postgres: self, session: None, keep: false };
        let client = self.connect()?;
        wait(client.batch_execute(SETTLE)).map_err(|error| self.told(&error))?;
        lease.session = Some(Session { client, statements: RefCell::default() });
        Ok((lease, true))
    }

    fn connect(&self) -> Result<Client> {
        let runtime = self.runtime.as_ref().expect("it is there until this is dropped");
        let (config, tls) = (self.address.config.clone(), self.tls.clone());
        let connected = wait(runtime.spawn(async move {
            let (client, connection) = config.connect(tls).await?;
            tokio::spawn(async move {
                if let Err(error) = connection.await {
                    tracing::warn!(%error, "a connection to the database ended");
                }
            });
            Ok::<_, tokio_postgres::Error>(client)
        }));
        let unreachable = |reason| DistrictError::DatabaseUnreachable { database: self.shown.clone(), reason };
        connected.map_err(|error| unreachable(error.to_string()))?.map_err(|error| unreachable(reason(&error)))
    }

    fn told(&self, error: &tokio_postgres::Error) -> DistrictError {
        told(error, &self.shown)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        held(&self.pool).idle.clear();
        if let Some(runtime) = self.runtime.take() {
            // Not waited for: the last owner may be a thread that must not wait.
            runtime.shutdown_background();
        }
    }
}

/// A connection in use. It goes back into the pool when its transaction ended
/// in order, and is closed otherwise, also by a panic.
struct Lease<'p> {
    postgres: &'p Postgres,
    session: Option<Session>,
    keep: bool,
}

impl Lease<'_> {
    fn keep(mut self) {
        self.keep = true;
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let mut pool = held(&self.postgres.pool);
        match self.session.take() {
            Some(session) if self.keep && !session.client.is_closed() => pool.idle.push(session),
            _ => pool.open -= 1,
        }
        drop(pool);
        self.postgres.freed.notify_one();
    }
}

/// A transaction. Dropped without a commit, it is rolled back.
pub(super) struct Transaction<'t> {
    tx: tokio_postgres::Transaction<'t>,
    statements: &'t RefCell<HashMap<String, Statement>>,
    shown: &'t str,
    collided: Flag<bool>,
}

impl Transaction<'_> {
    pub(super) fn commit(self) -> (Result<()>, bool) {
        let Self { tx, shown, collided, .. } = self;
        match wait(tx.commit()) {
            Ok(()) => (Ok(()), collided.get()),
            Err(error) => {
                let collided = collided.get() || is_collision(&error);
                (Err(told(&error, shown)), collided)
            }
        }
    }

    pub(super) fn execute(&self, sql: &str, given: &[Cell<'_>]) -> Result<u64> {
        let statement = self.statement(sql)?;
        wait(self.tx.execute(&statement, &parameters(given))).map_err(|error| self.told(&error))
    }

    pub(super) fn query(&self, sql: &str, given: &[Cell<'_>]) -> Result<Vec<tokio_postgres::Row>> {
        let statement = self.statement(sql)?;
        wait(self.tx.query(&statement, &parameters(given))).map_err(|error| self.told(&error))
    }

    /// Gives every row to `read` until it has enough. Long rows are fetched few
    /// at a time.
    pub(super) fn each(
        &self,
        sql: &str,
        given: &[Cell<'_>],
        mut read: impl FnMut(&tokio_postgres::Row) -> Result<std::ops::ControlFlow<()>>,
    ) -> Result<()> {
        let statement = self.statement(sql)?;
        let portal = wait(self.tx.bind(&statement, &parameters(given))).map_err(|error| self.told(&error))?;
        let mut batch = 8;
        loop {
            let rows = wait(self.tx.query_portal(&portal, batch)).map_err(|error| self.told(&error))?;
            for row in &rows {
                if read(row)?.is_break() {
                    return Ok(());
                }
            }
            if i32::try_from(rows.len()).unwrap_or(i32::MAX) < batch {
                return Ok(());
            }
            let bytes: usize = rows.iter().map(tokio_postgres::Row::raw_size_bytes).sum();
            if bytes < BATCH_BYTES {
                batch = (batch * 2).min(BATCH);
            }
        }
    }

    pub(super) fn collided(&self) -> bool {
        self.collided.get()
    }

    pub(super) fn note_collision(&self) {
        self.collided.set(true);
    }

    fn statement(&self, sql: &str) -> Result<Statement> {
        if let Some(statement) = self.statements.borrow().get(sql) {
            return Ok(statement.clone());
        }
        let statement = wait(self.tx.prepare(&sql.replace('?', "$"))).map_err(|error| self.told(&error))?;
        self.statements.borrow_mut().insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    fn told(&self, error: &tokio_postgres::Error) -> DistrictError {
        if is_collision(error) {
            self.note_collision();
        }
        told(error, self.shown)
    }
}

fn parameters<'c>(given: &'c [Cell<'c>]) -> Vec<&'c (dyn ToSql + Sync)> {
    given.iter().map(|cell| cell as &(dyn ToSql + Sync)).collect()
}

/// What the database holds, without changing it.
async fn found(client: &Client) -> std::result::Result<Found, tokio_postgres::Error> {
    let tables = "SELECT count(*), count(*) FILTER (WHERE tablename = 'refinery_schema_history')
                  FROM pg_tables WHERE schemaname = current_schema()";
    let tables = client.query_one(tables, &[]).await?;
    match (tables.get::<_, i64>(0), tables.get::<_, i64>(1)) {
        (0, _) => Ok(Found::Empty),
        (_, 0) => Ok(Found::Foreign),
        _ => {
            let version = "SELECT coalesce(max(version), 0)::BIGINT FROM refinery_schema_history";
            Ok(Found::Version(client.query_one(version, &[]).await?.get(0)))
        }
    }
}

/// Whether two transactions met, so that this one may be run again.
fn is_collision(error: &tokio_postgres::Error) -> bool {
    let met = [&SqlState::T_R_SERIALIZATION_FAILURE, &SqlState::T_R_DEADLOCK_DETECTED, &SqlState::UNIQUE_VIOLATION];
    error.code().is_some_and(|code| met.contains(&code))
}

/// Whether the line broke, or the server ended it.
fn is_broken(error: &tokio_postgres::Error) -> bool {
    let ended = [
        &SqlState::ADMIN_SHUTDOWN,
        &SqlState::CRASH_SHUTDOWN,
        &SqlState::CANNOT_CONNECT_NOW,
        &SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
        &SqlState::TOO_MANY_CONNECTIONS,
    ];
    match error.code() {
        Some(code) => ended.contains(&code) || code.code().starts_with("08"),
        None => {
            error.is_closed()
                || std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
        }
    }
}

/// What PostgreSQL said, as this house says it.
fn told(error: &tokio_postgres::Error, shown: &str) -> DistrictError {
    let busy = [
        &SqlState::T_R_SERIALIZATION_FAILURE,
        &SqlState::T_R_DEADLOCK_DETECTED,
        &SqlState::LOCK_NOT_AVAILABLE,
        &SqlState::QUERY_CANCELED,
    ];
    if is_broken(error) {
        return DistrictError::DatabaseUnreachable { database: shown.to_owned(), reason: reason(error) };
    }
    match error.code() {
        Some(code) if *code == SqlState::DISK_FULL => DistrictError::DiskFull,
        Some(code) if busy.contains(&code) => DistrictError::DatabaseBusy,
        _ => DistrictError::Database { source: reason(error).into() },
    }
}

/// The last cause of an error, which is what a person can do something about.
fn reason(error: &tokio_postgres::Error) -> String {
    if let Some(said) = error.as_db_error() {
        return format!("{} ({})", said.message(), said.code().code());
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

/// Waits for `future` on this thread. Unlike a runtime's own way of waiting,
/// this may be done anywhere; the driver's thread does the work meanwhile.
fn wait<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let (mut future, mut context) = (pin!(future), Context::from_waker(&waker));
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(answer) => return answer,
            Poll::Pending => std::thread::park(),
        }
    }
}

#[cfg(test)]
mod tests;
