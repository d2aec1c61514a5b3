//! When the line to PostgreSQL breaks, or it cannot be used at all: a code for
//! the laptop, a sentence for the administrator, and the next request works.

use district::{District, DistrictError, Location};
use domain::Verdict;
use reqwest::StatusCode;

use crate::common::scratch::Scratch;
use crate::common::{HERE, TestDistrict, code_of};

/// Ends every connection of the database but the one that asks.
const KILL: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()
                    AND application_name = 'nonghuan-district'";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_that_breaks_in_the_midst_of_a_turn_costs_that_turn_and_nothing_else() {
    let district = TestDistrict::start();
    let scratch = district.scratch.as_ref().expect("on PostgreSQL");
    let laptop = district.enrol(HERE, "clerk").await;
    let village = laptop.village("320902107200", "洋中村");
    assert_eq!(laptop.say(village.clone()).await.verdict, Verdict::Accepted);

    let edit = laptop.set(&village, 1, &serde_json::json!({"households": 512}));
    let holder = scratch.hold("SELECT 1 FROM scope_head FOR UPDATE");
    let (lost, ()) = tokio::join!(laptop.push(std::slice::from_ref(&edit)), async {
        let waiting = "SELECT count(*) FROM pg_stat_activity
                       WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while scratch.number(waiting) == 0 {
            tokio::task::yield_now().await;
        }
        scratch.execute(KILL);
    });
    drop(holder);
    let status = lost.as_ref().err().map(|(status, _)| *status);
    assert_eq!(status, Some(StatusCode::INTERNAL_SERVER_ERROR));
    assert_eq!(code_of(lost), "districtFault", "the laptop hears that it was not its fault");
    assert_eq!(scratch.number("SELECT count(*) FROM log"), 1, "nothing of the turn is kept");

    let again = laptop.say(edit).await;
    assert_eq!((again.seq, again.verdict), (Some(2), Verdict::Accepted), "the same change, in its place");
}

#[tokio::test]
async fn lines_that_broke_while_nobody_used_them_are_not_noticed() {
    let district = TestDistrict::start();
    let scratch = district.scratch.as_ref().expect("on PostgreSQL");
    let laptop = district.enrol(HERE, "clerk").await;
    for n in 200..205 {
        scratch.execute(KILL);
        let word = laptop.say(laptop.village(&format!("320902107{n}"), "洋中村")).await;
        assert_eq!(word.verdict, Verdict::Accepted, "a new line was made in silence");
    }
}

/// Why a district cannot be opened at `database`.
fn refused(database: String) -> DistrictError {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let location = Location { data: folder.path().join("data"), database: Some(database), attachments: None };
    District::open(&location).err().expect("it cannot be opened")
}

#[test]
fn a_database_that_cannot_be_used_is_refused_with_its_reason_and_left_as_it_is() {
    let gone = refused("postgres://li:geheim@127.0.0.1:1/nonghuan".to_owned());
    assert!(matches!(gone, DistrictError::DatabaseUnreachable { .. }), "{gone:?}");
    assert!(!format!("{gone} {gone:?}").contains("geheim"), "a password is for nobody's eyes: {gone}");

    let scratch = Scratch::new();
    let unknown = refused(format!("{}_of_nobody", scratch.url()));
    assert!(matches!(unknown, DistrictError::DatabaseUnreachable { .. }), "{unknown:?}");
    assert!(unknown.to_string().contains("3D000"), "the server says what is wrong: {unknown}");
    assert!(
        matches!(refused(format!("{}?sslmode=require", scratch.url())), DistrictError::DatabaseUnreachable { .. }),
        "a server without TLS is not spoken to where TLS is required"
    );

    scratch.execute("CREATE TABLE theirs (a TEXT)");
    let foreign = refused(scratch.url());
    assert!(matches!(foreign, DistrictError::NotADatabase { .. }), "{foreign:?}");
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()";
    assert_eq!(scratch.number(tables), 1, "theirs stays theirs");

    let other = Scratch::with("ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
    let other = refused(other.url());
    assert!(matches!(other, DistrictError::DatabaseUnusable { .. }), "{other:?}");
}

#[test]
fn a_database_of_a_newer_version_is_refused_and_left_as_it_is() {
    let scratch = Scratch::new();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let location = Location { data: folder.path().join("data"), database: Some(scratch.url()), attachments: None };
    let founded = District::open(&location).expect("a new database");
    assert!(founded.founding().database, "it was made");
    drop(founded);
    assert!(!District::open(&location).expect("the same").founding().database, "it is made once");
    scratch.execute(
        "INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
         VALUES (999, 'tomorrow', '2030-01-01T00:00:00Z', '1')",
    );
    let before = scratch.copy();
    let refused = District::open(&location).err().expect("it is too new");
    assert!(matches!(refused, DistrictError::DatabaseNewer { .. }), "{refused:?}");
    assert_eq!(scratch.copy(), before, "not a row may change");
}

#[test]
fn servers_that_start_at_once_on_an_empty_database_found_one_district() {
    let scratch = Scratch::new();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let founded: Vec<bool> = std::thread::scope(|scope| {
        let open = |n: usize| {
            let (data, database) = (folder.path().join(n.to_string()), Some(scratch.url()));
            move || {
                let location = Location { data, database, attachments: None };
                District::open(&location).expect("each of them opens it").founding().database
            }
        };
        let threads: Vec<_> = (0..4).map(|n| scope.spawn(open(n))).collect();
        threads.into_iter().map(|thread| thread.join().expect("opened")).collect()
    });
    assert_eq!(founded.iter().filter(|new| **new).count(), 1, "one of them made it: {founded:?}");
    let own = "SELECT count(*) FROM setting WHERE name = 'own_device'";
    assert_eq!(scratch.number(own), 1, "and the district writes under one name");
}
