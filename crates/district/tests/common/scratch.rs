//! A PostgreSQL database for one test: made in the cluster that the test command
//! started, dropped with its test. Shared by the unit tests and the others.

#![allow(dead_code, reason = "everyone uses their part")]

use std::future::Future;
use std::path::Path;

use rusqlite::OpenFlags;
use rusqlite::types::ValueRef;
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

/// Names the cluster, as `postgres://USER@HOST:PORT/NAME`.
pub(crate) const CLUSTER: &str = "NONGHUAN_POSTGRES";

/// An empty database.
pub(crate) struct Scratch {
    cluster: String,
    name: String,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        Self::with("")
    }

    /// One that is made with these `options`.
    pub(crate) fn with(options: &str) -> Self {
        let cluster = std::env::var(CLUSTER).unwrap_or_else(|_| {
            panic!("{CLUSTER} names no PostgreSQL server to test with: run `cargo xtask test`, which starts one")
        });
        let scratch = Self { cluster, name: format!("nonghuan_{}", Uuid::now_v7().simple()) };
        apart(&scratch.cluster, {
            let sql = format!("CREATE DATABASE {} {options}", scratch.name);
            |client| async move { client.batch_execute(&sql).await.expect("a new database") }
        });
        scratch
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        let (server, _) = self.cluster.rsplit_once('/').expect("the cluster's address ends with a database");
        format!("{server}/{}", self.name)
    }

    /// Runs `sql` in it, as its administrator might.
    pub(crate) fn execute(&self, sql: &str) {
        let sql = sql.to_owned();
        apart(&self.url(), |client| async move { client.batch_execute(&sql).await.expect("plain SQL") });
    }

    /// The one text that `sql` asks for.
    pub(crate) fn text(&self, sql: &str) -> String {
        let sql = sql.to_owned();
        apart(&self.url(), |client| async move { client.query_one(&sql, &[]).await.expect("one row").get(0) })
    }

    /// Makes the tables of `version` in it, with the rows of an SQLite database of that
    /// version: the tables are the same, and so is what every version kept.
    pub(crate) fn fill(&self, version: u32, from: &Path) {
        // Nothing is left beside it, and others may be reading it too.
        let from = format!("file:{}?immutable=1", from.display());
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        let file = rusqlite::Connection::open_with_flags(from, flags).expect("a database");
        let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'refinery%'";
        let mut tables = file.prepare(tables).expect("a list of tables");
        let tables = tables.query_map([], |row| row.get::<_, String>(0)).expect("a list");
        let mut sql = "SET session_replication_role = replica;".to_owned(); // In any order.
        for table in tables.map(|table| table.expect("a name")) {
            let mut rows = file.prepare(&format!("SELECT * FROM {table}")).expect("a table");
            let columns = rows.column_names().join(", ");
            let count = rows.column_count();
            let mut rows = rows.query([]).expect("its rows");
            while let Some(row) = rows.next().expect("a row") {
                let values: Vec<String> = (0..count).map(|n| literal(row.get_ref(n).expect("a value"))).collect();
                sql += &format!("INSERT INTO {table} ({columns}) VALUES ({});\n", values.join(", "));
            }
        }
        let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres");
        let migrations = refinery::load_sql_migrations(migrations).expect("the migrations");
        let runner = refinery::Runner::new(&migrations).set_target(refinery::Target::Version(version.cast_signed()));
        apart(&self.url(), |mut client| async move {
            runner.run_async(&mut client).await.expect("tables of that version");
            client.batch_execute(&sql).await.expect("rows that fit");
        });
    }

    /// Does `sql` in a transaction that stays open until the answer is dropped.
    pub(crate) fn hold(&self, sql: &str) -> Hold {
        let (url, sql) = (self.url(), sql.to_owned());
        let (held, taken) = std::sync::mpsc::channel();
        let (end, ended) = tokio::sync::oneshot::channel();
        let thread = std::thread::spawn(move || {
            apart(&url, |client| async move {
                client.batch_execute(&format!("BEGIN; {sql}")).await.expect("plain SQL");
                held.send(()).expect("somebody waits");
                let _ = ended.await; // Dropped means ended.
                client.batch_execute("ROLLBACK").await.expect("nothing was kept");
            });
        });
        taken.recv().expect("it is held");
        Hold { end: Some(end), thread: Some(thread) }
    }

    /// Every row of every table, by the table's name.
    pub(crate) fn copy(&self) -> Vec<(String, Vec<u8>)> {
        apart(&self.url(), |client| async move {
            let tables = "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()";
            let mut copy = Vec::new();
            for table in client.query(tables, &[]).await.expect("a list of tables") {
                let name: String = table.get(0);
                let rows = format!("SELECT coalesce(string_agg(each::text, ' '), '') FROM {name} AS each");
                let rows: String = client.query_one(&rows, &[]).await.expect("its rows").get(0);
                copy.push((name, rows.into_bytes()));
            }
            assert!(copy.len() > 5, "the tables are there");
            copy
        })
    }

    /// The one number that `sql` asks for.
    pub(crate) fn number(&self, sql: &str) -> i64 {
        let sql = sql.to_owned();
        apart(&self.url(), |client| async move { client.query_one(&sql, &[]).await.expect("one row").get(0) })
    }
}

fn literal(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => format!("'{}'", String::from_utf8_lossy(text).replace('\'', "''")),
        ValueRef::Blob(bytes) => format!("'\\x{}'", hex::encode(bytes)),
    }
}

/// A transaction that is open; it ends with this.
pub(crate) struct Hold {
    end: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Drop for Hold {
    fn drop(&mut self) {
        drop(self.end.take());
        let ended = self.thread.take().is_none_or(|thread| thread.join().is_ok());
        assert!(ended || std::thread::panicking(), "what was held could not be let go");
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        // What cannot be dropped goes with the cluster.
        apart(&self.cluster, |client| async move { client.batch_execute(&sql).await.unwrap_or_default() });
    }
}

/// Runs `work` with a connection of its own, on a thread of its own: a test may
/// be inside a runtime, where nobody may wait.
fn apart<T: Send, F: Future<Output = T>>(url: &str, work: impl FnOnce(Client) -> F + Send) -> T {
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("the cluster answers");
                tokio::spawn(connection);
                work(client).await
            })
        });
        thread.join().expect("a connection that lasts")
    })
}
