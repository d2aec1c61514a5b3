//! The floor: what it costs to move the same changes with nothing else on.
//!
//! Changes wait as JSON in a plain SQLite outbox; they go as one batch, in the same
//! compact form as ours and under the same zstd, over plain HTTP on the loopback,
//! into a plain SQLite log and row table (JSON again) in one transaction, and out
//! again in one batch into a second client's log and row table. No encryption, no
//! TLS, no signature, no hash, no verdict, no receipt, no rule, one index; a batch
//! that came twice would be entered twice. Statements are prepared once, only the
//! rows are read that are edited, and what is acknowledged is on disk, with the
//! same settings as ours. So it is about what anybody would write in a day, written
//! with care; how far others are from it is measured in the same run.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path as Segment, State};
use axum::routing::{get, post};
use domain::{Action, Change, Fields};
use rusqlite::{Connection, params};
use tokio::runtime::{Builder, Runtime};

type Shared = Arc<Mutex<Connection>>;

/// The compression of the batches.
const LEVEL: i32 = 3;

/// The most changes in one batch: more than fit into what the compact form unpacks at once.
const BATCH: usize = 10_000;

/// A plain database with the tables of the floor.
fn plain(path: &Path) -> Connection {
    let conn = Connection::open(path).expect("a new database");
    conn.pragma_update(None, "journal_mode", "WAL").expect("WAL");
    conn.pragma_update(None, "synchronous", "FULL").expect("on disk when it says so");
    conn.pragma_update(None, "cache_size", -12_288).expect("as many pages as ours");
    conn.execute_batch(
        "CREATE TABLE outbox (counter INTEGER PRIMARY KEY, body TEXT NOT NULL);
         CREATE TABLE log (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);
         CREATE TABLE record (id BLOB PRIMARY KEY, fields TEXT NOT NULL) WITHOUT ROWID;",
    )
    .expect("three plain tables");
    conn
}

/// Changes as one batch.
fn batch(changes: &[Change]) -> Vec<u8> {
    zstd::encode_all(domain::compact::pack(&changes).as_slice(), LEVEL).expect("memory takes every byte")
}

/// The changes whose bodies a query finds.
fn read(conn: &Connection, sql: &str, given: &[u64]) -> Vec<Change> {
    let mut read = conn.prepare_cached(sql).expect("SQL");
    let bodies = read.query_map(rusqlite::params_from_iter(given), |row| row.get::<_, String>(0)).expect("rows");
    bodies.map(|body| serde_json::from_str(&body.expect("a row")).expect("a change")).collect()
}

/// Enters a batch into the log and the rows, in one transaction.
fn enter(conn: &mut Connection, packed: &[u8]) -> usize {
    let batch = zstd::decode_all(packed).expect("a batch");
    let changes: Vec<Change> = domain::compact::unpack(&batch).expect("changes");
    let tx = conn.transaction().expect("begun");
    {
        let mut log = tx.prepare_cached("INSERT INTO log (body) VALUES (?1)").expect("SQL");
        let mut create = tx.prepare_cached("INSERT INTO record (id, fields) VALUES (?1, ?2)").expect("SQL");
        let mut read = tx.prepare_cached("SELECT fields FROM record WHERE id = ?1").expect("SQL");
        let mut edit = tx.prepare_cached("UPDATE record SET fields = ?2 WHERE id = ?1").expect("SQL");
        for change in &changes {
            log.execute([body(change)]).expect("a row");
            let begins = matches!(change.actions.first(), Some(Action::Create { .. }));
            let mut fields = Fields::new();
            if !begins {
                let kept: String = read.query_row([change.record.0], |row| row.get(0)).expect("its row");
                fields = serde_json::from_str(&kept).expect("fields");
            }
            for action in &change.actions {
                if let Action::Write { values, .. } = action {
                    fields.extend(values.iter().map(|(name, value)| (name.clone(), value.clone())));
                }
            }
            let fields = serde_json::to_string(&fields).expect("JSON");
            let write = if begins { &mut create } else { &mut edit };
            write.execute(params![change.record.0, fields]).expect("a row");
        }
    }
    tx.commit().expect("on disk");
    changes.len()
}

fn body(change: &Change) -> String {
    serde_json::to_string(change).expect("JSON")
}

/// The log after `seq`, as one batch.
fn after(conn: &Connection, seq: u64) -> Vec<u8> {
    batch(&read(conn, "SELECT body FROM log WHERE seq > ?1 ORDER BY seq LIMIT ?2", &[seq, BATCH as u64]))
}

/// Serves the floor's district from `folder`, until the process ends. `told` hears where.
pub(crate) fn serve(folder: &Path, told: impl FnOnce(SocketAddr)) {
    let conn: Shared = Arc::new(Mutex::new(plain(&folder.join("floor.sqlite"))));
    let push = |State(conn): State<Shared>, body: Bytes| async move {
        let work = move || enter(&mut conn.lock().expect("never poisoned"), &body).to_string();
        tokio::task::spawn_blocking(work).await.expect("entered")
    };
    let pull = |State(conn): State<Shared>, Segment(seq): Segment<u64>| async move {
        let work = move || after(&conn.lock().expect("never poisoned"), seq);
        tokio::task::spawn_blocking(work).await.expect("read")
    };
    let routes = Router::new()
        .route("/changes", post(push))
        .route("/changes/{after}", get(pull))
        .layer(DefaultBodyLimit::disable())
        .with_state(conn);
    Builder::new_multi_thread().enable_all().build().expect("a runtime").block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        told(listener.local_addr().expect("a port"));
        axum::serve(listener, routes).await.expect("served");
    });
}

/// A client of the floor.
pub(crate) struct Client {
    conn: Connection,
    http: reqwest::Client,
    base: String,
    runtime: Runtime,
}

impl Client {
    pub(crate) fn new(folder: &Path, address: &str) -> Self {
        std::fs::create_dir_all(folder).expect("a folder for the client");
        Self {
            conn: plain(&folder.join("client.sqlite")),
            http: reqwest::Client::builder().no_proxy().build().expect("a client"),
            base: format!("http://{address}"),
            runtime: Builder::new_current_thread().enable_all().build().expect("a runtime"),
        }
    }

    /// Puts changes into the outbox, and into the rows where they begin there.
    pub(crate) fn save(&mut self, changes: &[Change]) {
        let tx = self.conn.transaction().expect("begun");
        for change in changes {
            tx.prepare_cached("INSERT INTO outbox (body) VALUES (?1)")
                .and_then(|mut insert| insert.execute([body(change)]))
                .expect("a row");
        }
        tx.commit().expect("on disk");
    }

    /// Pushes the outbox as one batch and empties it: how long that took, and the batch's bytes.
    pub(crate) fn push(&mut self) -> (Duration, usize) {
        let started = Instant::now();
        let changes = read(&self.conn, "SELECT body FROM outbox ORDER BY counter", &[]);
        let mut bytes = 0;
        for some in changes.chunks(BATCH) {
            let batch = batch(some);
            bytes += batch.len();
            let said = self.runtime.block_on(async {
                let url = format!("{}/changes", self.base);
                self.http.post(url).body(batch).send().await.expect("an answer").text().await.expect("a count")
            });
            assert_eq!(said, some.len().to_string(), "all of them are entered");
        }
        self.conn.execute("DELETE FROM outbox", []).expect("emptied");
        (started.elapsed(), bytes)
    }

    /// Pulls what came after the last entry here: how long that took, how many, and their bytes.
    pub(crate) fn pull(&mut self) -> (Duration, usize, usize) {
        let started = Instant::now();
        let (mut count, mut bytes) = (0, 0);
        loop {
            let last: Option<u64> =
                self.conn.query_row("SELECT max(seq) FROM log", [], |row| row.get(0)).expect("a number");
            let url = format!("{}/changes/{}", self.base, last.unwrap_or(0));
            let packed = self.runtime.block_on(async {
                self.http.get(url).send().await.expect("an answer").bytes().await.expect("a batch")
            });
            let came = enter(&mut self.conn, &packed);
            (count, bytes) = (count + came, bytes + packed.len());
            if came < BATCH {
                return (started.elapsed(), count, bytes);
            }
        }
    }
}
