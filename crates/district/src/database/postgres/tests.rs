//! What PostgreSQL alone can do to a transaction, done to one on purpose.

use super::super::scratch::Scratch;
use super::super::{Database, Kept, Place, params, setting};
use super::*;

fn open(scratch: &Scratch) -> Database {
    Database::open(&Place::parse(&scratch.url()).expect("an address")).expect("a new database")
}

/// What PostgreSQL says of itself, by its code.
fn says(tx: &Tx<'_>, code: &str) -> Result<()> {
    let sql = format!("DO $$ BEGIN RAISE EXCEPTION 'so it is' USING ERRCODE = '{code}'; END $$");
    tx.execute(&sql, params![]).map(drop)
}

fn kept(database: &Database, name: &str) -> Option<String> {
    database.read(|tx| setting::read(tx, name)).expect("readable")
}

#[test]
fn a_write_that_met_another_one_runs_again_and_is_kept_once() {
    let scratch = Scratch::new();
    let database = open(&scratch);
    for code in ["40001", "40P01", "23505"] {
        let mut attempts = 0;
        let done = database.write(|tx| {
            attempts += 1;
            setting::write(tx, code, &attempts.to_string())?;
            if attempts < 3 { says(tx, code) } else { Ok(()) }
        });
        assert!(done.is_ok(), "{done:?}");
        assert_eq!(kept(&database, code).as_deref(), Some("3"), "the last attempt, and nothing of the others");
    }
    let mut attempts = 0;
    let done = database.write(|tx| {
        attempts += 1;
        says(tx, "40001")
    });
    assert!(matches!(done, Err(DistrictError::DatabaseBusy)), "{done:?}");
    assert_eq!(attempts, ATTEMPTS, "not for ever");
}

#[test]
fn other_trouble_is_told_at_once_and_leaves_nothing_behind() {
    let scratch = Scratch::new();
    let database = open(&scratch);
    for code in ["53100", "55P03", "22012"] {
        let mut attempts = 0;
        let failed = database.write(|tx| {
            attempts += 1;
            setting::write(tx, "half", "done")?;
            says(tx, code)
        });
        let right = match code {
            "53100" => matches!(failed, Err(DistrictError::DiskFull)),
            "55P03" => matches!(failed, Err(DistrictError::DatabaseBusy)),
            _ => matches!(&failed, Err(DistrictError::Database { source }) if source.to_string().contains(code)),
        };
        assert!(right, "{code}: {failed:?}");
        assert_eq!(attempts, 1, "a second time would be no better");
        assert_eq!(kept(&database, "half"), None, "half a transaction is none");
    }
}

#[test]
fn a_line_that_breaks_before_the_commit_keeps_nothing_and_the_next_request_works() {
    let scratch = Scratch::new();
    let database = open(&scratch);
    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()";
    for commits in [false, true] {
        let mut attempts = 0;
        let failed = database.write(|tx| {
            attempts += 1;
            setting::write(tx, "half", "done")?;
            scratch.execute(kill);
            if commits { Ok(()) } else { setting::write(tx, "other", "half") }
        });
        assert!(matches!(failed, Err(DistrictError::DatabaseUnreachable { .. })), "{failed:?}");
        assert_eq!(attempts, 1, "whether a commit that was lost was kept is for its sender to find out");
        assert_eq!(kept(&database, "half"), None, "nothing was committed, and a new line was made");
    }
    let failed = database.read(|tx| {
        scratch.execute(kill);
        setting::read(tx, "half")
    });
    assert!(matches!(failed, Err(DistrictError::DatabaseUnreachable { .. })), "{failed:?}");
    let Kept::Postgres(postgres) = &database.kept else { panic!("an address is PostgreSQL's") };
    assert_eq!(kept(&database, "half"), None);
    let pool = held(&postgres.pool);
    assert_eq!((pool.open, pool.idle.len()), (1, 1), "broken lines are not counted among the open ones");
}

#[test]
fn two_that_hold_what_the_other_wants_both_get_through() {
    let scratch = Scratch::new();
    let database = open(&scratch);
    let both = ["left", "right"];
    database.write(|tx| both.iter().try_for_each(|name| setting::write(tx, name, "0"))).expect("two rows");
    let (database, met) = (&database, &std::sync::Barrier::new(2));
    let work = move |order: [&'static str; 2]| {
        move || {
            let mut first = true;
            database.write(|tx| {
                setting::count(tx, order[0])?;
                if std::mem::take(&mut first) {
                    met.wait(); // Each holds its first now.
                }
                setting::count(tx, order[1])
            })
        }
    };
    std::thread::scope(|scope| {
        let threads = [scope.spawn(work(both)), scope.spawn(work([both[1], both[0]]))];
        threads.into_iter().for_each(|thread| thread.join().expect("it ends").expect("it was written"));
    });
    assert_eq!(both.map(|name| kept(database, name)), [Some("2".to_owned()), Some("2".to_owned())]);
}

#[test]
fn more_threads_than_connections_take_turns() {
    let scratch = Scratch::new();
    let database = &open(&scratch);
    let threads = 3 * CONNECTIONS;
    std::thread::scope(|scope| {
        let work = || (0..5).try_for_each(|_| database.write(|tx| setting::count(tx, "turns")));
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().for_each(|thread| thread.join().expect("it ends").expect("its turn came"));
    });
    assert_eq!(kept(database, "turns"), Some((5 * threads).to_string()));
    let lines = scratch.number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()") - 1;
    // That by which the tables were made may still be on its way out.
    assert!(lines <= i64::try_from(CONNECTIONS).expect("few") + 1, "{lines} connections");
}
