//! When the line to PostgreSQL breaks, or it cannot be used at all: a code for
//! the laptop, a sentence for the administrator, and the next request works.

use std::io::{Read, Write};
use std::net::TcpListener;

use district::{District, DistrictError, Location, NewCode};
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
    scratch.execute("CREATE TABLE theirs (a TEXT)");
    let foreign = refused(scratch.url());
    assert!(matches!(foreign, DistrictError::NotADatabase { .. }), "{foreign:?}");
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()";
    assert_eq!(scratch.number(tables), 1, "theirs stays theirs");

    let other = Scratch::with("ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
    let other = refused(other.url());
    assert!(matches!(other, DistrictError::DatabaseUnusable { .. }), "{other:?}");
}

/// A server that has no TLS, as far as it ever gets: where it listens.
fn without_tls() -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("its address");
    std::thread::spawn(move || {
        let (mut line, _) = listener.accept().expect("somebody calls");
        let mut request = [0; 8];
        line.read_exact(&mut request).expect("the question whether there is TLS");
        line.write_all(b"N").expect("answered");
    });
    address
}

#[test]
fn the_line_is_encrypted_where_that_is_asked_for_and_the_server_proven() {
    let scratch = Scratch::new();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let opens = |options: &str| {
        let location = Location {
            data: folder.path().join("data"),
            database: Some(format!("{}?{options}", scratch.url())),
            attachments: None,
        };
        let district = District::open(&location)?;
        district.devices()?;
        // What is in the pool still is what was asked for.
        let lines = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                     WHERE datname = current_database() AND application_name = 'nonghuan-district' AND ssl";
        Ok::<i64, DistrictError>(scratch.number(lines))
    };
    assert_eq!(opens("sslmode=disable").expect("it opens"), 0);
    assert!(opens("sslmode=require").expect("it opens") > 0, "the line is encrypted");

    let proof = folder.path().join("server.crt");
    std::fs::write(&proof, scratch.text("SELECT pg_read_file('server.crt')")).expect("written");
    assert!(opens(&format!("sslmode=verify-full&sslrootcert={}", proof.display())).expect("it opens") > 0, "proven");
    let other = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
    std::fs::write(&proof, other.cert.pem()).expect("written");
    let impostor = opens(&format!("sslmode=verify-full&sslrootcert={}", proof.display())).expect_err("not this one");
    assert!(matches!(impostor, DistrictError::DatabaseUnreachable { .. }), "{impostor:?}");
    std::fs::write(&proof, "no certificate").expect("written");
    let empty =
        opens(&format!("sslmode=verify-full&sslrootcert={}", proof.display())).expect_err("nothing to prove by");
    assert!(matches!(empty, DistrictError::DatabaseUnusable { .. }), "{empty:?}");

    let plain = refused(format!("postgres://li@{}/nonghuan?sslmode=require", without_tls()));
    assert!(matches!(plain, DistrictError::DatabaseUnreachable { .. }), "not a word without TLS: {plain:?}");
}

#[test]
fn the_address_is_remembered_where_only_this_user_reads_it() {
    let scratch = Scratch::new();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let said = Location { data: data.clone(), database: Some(scratch.url()), attachments: None };
    let code = NewCode { scope: None, role: "admin".to_owned(), address: None, days: 7, person: None };
    District::open(&said).expect("a new database").code(&code).expect("a code");
    let later = Location { data: data.clone(), ..Location::default() };
    District::open(&later).expect("the same database").code(&code).expect("a code");
    assert_eq!(scratch.number("SELECT count(*) FROM enrolment"), 2, "both went into the same database");
    assert!(!data.join("district.sqlite").exists(), "there is no second one beside it");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(data.join("storage.json")).expect("what is remembered").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "an address may hold a password");
    }
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
                // One district has one key; the rest of each folder is its server's own.
                std::fs::create_dir_all(&data).expect("a new folder");
                std::fs::write(data.join("signing-key"), "07".repeat(32)).expect("written");
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
