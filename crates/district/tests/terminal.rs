//! The program itself, as an administrator and a script meet it.

mod common;

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use common::s3::S3;
use common::scratch::Scratch;
use common::{HERE, Laptop, SHARED};
use domain::Verdict;
use serde_json::{Value, json};
use sync::wire::EnrolmentCode;

const LIST: &str = "\u{feff}code,name,parent,level,kind
320902000000,亭湖区,320900000000,3,
320902107000,黄尖镇,320902000000,4,镇
320902107200,洋中村委会,320902107000,5,村委会
320902107201,新洋村委会,320902107000,5,村委会
";

struct Desk {
    folder: tempfile::TempDir,
    scratch: Option<Scratch>,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder"), scratch: common::scratch() }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nonghuan-district"));
        command.arg("--data").arg(self.data()).args(arguments).env_remove("NONGHUAN_DISTRICT_DATA");
        match &self.scratch {
            Some(scratch) => command.env("NONGHUAN_DISTRICT_DATABASE", scratch.url()),
            None => command.env_remove("NONGHUAN_DISTRICT_DATABASE"),
        };
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program starts")
    }

    /// Runs with `--json`: the exit code and the one document.
    fn json(&self, arguments: &[&str]) -> (i32, Value) {
        let output = self.run(&[&["--json"], arguments].concat());
        let document = serde_json::from_slice(&output.stdout);
        (output.status.code().expect("it ends by itself"), document.expect("one JSON document on stdout"))
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path.display().to_string()
    }

    /// A server, once it has said that it listens; and where.
    fn serve(&self, arguments: &[&str]) -> (Serving, String) {
        let mut child = self.command(&[&["serve", "--listen", "127.0.0.1:0"], arguments].concat());
        let mut child = child.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("piped");
        let serving = Serving(child);
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let address = line.trim().strip_prefix("listening on https://").expect("the line on which scripts wait");
        (serving, address.to_owned())
    }
}

struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill(); // It may have ended already.
        let _ = self.0.wait();
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

#[test]
fn the_first_start_says_what_it_made_and_how_the_administrator_gets_in() {
    let desk = Desk::new();
    let first = desk.run(&["device", "list"]);
    let words = text(&first.stderr);
    assert!(first.status.success(), "{words}");
    assert!(words.contains("首次启动") && words.contains("First start"), "{words}");
    let code = words.split_whitespace().find(|word| word.starts_with("NH1-")).expect("the administrator's code");
    let code: EnrolmentCode = code.parse().expect("a whole code");
    assert_eq!(code.address, "127.0.0.1:7443", "where `serve` will listen");
    assert!(!text(&desk.run(&["device", "list"]).stderr).contains("NH1-"), "it is said once");
}

#[test]
fn codes_devices_and_records_are_at_hand_while_the_server_runs() {
    let desk = Desk::new();
    let (_serving, address) = desk.serve(&[]);
    let output = desk.run(&["code", "--scope", HERE, "--role", "clerk", "--person", "王芳"]);
    let stdout = text(&output.stdout);
    let code: EnrolmentCode = stdout.trim().parse().expect("nothing but the code on stdout");
    assert_eq!(code.address, address, "where the server listens");
    assert_eq!(desk.json(&["device", "list"]), (0, json!([])));

    let file = desk.file("places.csv", LIST);
    let (exit, loaded) = desk.json(&["places", "load", &file, "--author", "李科长"]);
    let all_new = json!({
        "townships": {"new": 1, "changed": 0, "same": 0},
        "villages": {"new": 2, "changed": 0, "same": 0},
        "codes": {"new": 4, "renamed": 0, "ended": 0, "same": 0}, "renamed": [], "ended": [],
    });
    assert_eq!((exit, loaded), (0, all_new));
    let (_, list) = desk.json(&["list", "village"]);
    assert_eq!(list["total"], 2);
    let village = &list["records"][0];
    let expected = json!({"code": "320902107200", "name": "洋中村委会", "township": HERE});
    assert_eq!((&village["scope"], &village["fields"]), (&json!(HERE), &expected));
    let (_, shown) = desk.json(&["show", village["id"].as_str().expect("an id")]);
    assert_eq!(&shown, village, "one shape in list and show");
    assert_eq!(desk.json(&["list", "township"]).1["total"], 1);
}

#[test]
fn loading_a_list_again_changes_nothing_and_a_newer_one_changes_names() {
    let desk = Desk::new();
    let file = desk.file("places.csv", LIST);
    desk.json(&["places", "load", &file]);
    let (_, again) = desk.json(&["places", "load", &file]);
    assert_eq!(again["villages"], json!({"new": 0, "changed": 0, "same": 2}));
    assert_eq!(again["codes"], json!({"new": 0, "renamed": 0, "ended": 0, "same": 4}));

    // As Excel saves it in China: GB18030, no mark.
    let (newer, _, _) =
        encoding_rs::GB18030.encode("code,name,parent,level,kind\n320902107201,新洋社区居委会,320902107000,5,居委会\n");
    let file = desk.file("newer.csv", newer);
    let (exit, refused) = desk.json(&["places", "load", &file]);
    assert_eq!((exit, &refused["error"]["code"]), (1, &json!("placesDateNeeded")), "since when is not guessed");
    let (_, changed) = desk.json(&["places", "load", &file, "--from", "2024-01-01"]);
    assert_eq!(changed["villages"], json!({"new": 0, "changed": 1, "same": 0}));
    assert_eq!(changed["renamed"][0]["name"], "新洋社区居委会");
    let (_, list) = desk.json(&["list", "village"]);
    let names: Vec<&Value> =
        list["records"].as_array().expect("records").iter().map(|r| &r["fields"]["name"]).collect();
    assert_eq!(names, ["洋中村委会", "新洋社区居委会"]);
}

#[test]
fn programs_started_at_once_found_one_district_and_wait_for_each_other() {
    let desk = Desk::new();
    let loads: Vec<Child> = (0..6)
        .map(|n| {
            let township = format!("32090210{n}");
            let villages = (200..230).map(|m| format!("{township}{m},村{m},{township}000,5,村委会\n"));
            let head = format!("code,name,parent,level,kind\n{township}000,镇{n},320902000000,4,镇\n");
            let file = desk.file(&format!("{n}.csv"), head + &villages.collect::<String>());
            let mut load = desk.command(&["places", "load", &file]);
            load.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program starts")
        })
        .collect();
    for load in loads {
        let output = load.wait_with_output().expect("it ends");
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    assert_eq!(desk.json(&["list", "township"]).1["total"], 6);
    assert_eq!(desk.json(&["list", "village"]).1["total"], 180, "no load got in another's way");
}

#[test]
fn a_wrong_list_is_refused_with_its_line_and_nothing_is_loaded() {
    let desk = Desk::new();
    let row = "320902107200,洋中村委会,320902107000,5,村委会\n";
    let head = "code,name,parent,level,kind\n320902107000,黄尖镇,320902000000,4,镇\n";
    let wrong = [
        ("columns", "1", "代码,名称\n320902107000,黄尖镇\n".to_owned()),
        ("code", "3", format!("{head}32090210720,洋中村委会,320902107000,5,村委会\n")),
        ("code", "3", format!("{head}320902107200,洋中村委会,320902107000,4,村委会\n")),
        ("name", "3", format!("{head}320902107200,,320902107000,5,村委会\n")),
        ("level", "3", format!("{head}320902107200,洋中村委会,320902107000,六,村委会\n")),
        ("twice", "4", format!("{head}{row}{row}")),
        ("noCsv", "3", format!("{head}320902107200,洋中村委会\n")),
        ("noTownship", "2", format!("code,name,parent,level,kind\n{row}")),
        ("empty", "0", "code,name,parent,level,kind\n".to_owned()),
    ];
    for (problem, line, list) in wrong {
        let (exit, refused) = desk.json(&["places", "load", &desk.file("wrong.csv", &list)]);
        let fields = &refused["error"]["fields"];
        assert_eq!((exit, &refused["error"]["code"]), (1, &json!("placesWrong")), "{list}");
        assert_eq!((&fields["problem"], &fields["line"]), (&json!(problem), &json!(line)), "{list}");
    }
    let zip = desk.file("list.xlsx", b"PK\x03\x04\xff\xff\xff\x00");
    assert_eq!(desk.json(&["places", "load", &zip]).1["error"]["fields"]["problem"], "noText");
    assert_eq!(desk.json(&["places", "load", "nowhere.csv"]).1["error"]["fields"]["problem"], "noFile");
    assert_eq!(desk.json(&["list", "township"]).1["total"], 0, "nothing was loaded");
}

#[test]
fn refusals_have_a_code_for_scripts_and_a_sentence_for_people() {
    let desk = Desk::new();
    let refused = |arguments: &[&str], code: &str, word: &str| {
        let (exit, document) = desk.json(arguments);
        assert_eq!((exit, &document["error"]["code"]), (1, &json!(code)), "{document}");
        assert!(document["error"]["fields"].is_object(), "{document}");
        let output = desk.run(arguments);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
        assert!(text(&output.stderr).contains(word), "{}", text(&output.stderr));
    };
    refused(&["show", "0197a000-0000-7000-8000-000000000000"], "unknownRecord", "没有编号");
    refused(&["show", "厕所"], "unknownRecord", "没有编号");
    refused(&["list", "boats"], "unknownKind", "没有“boats”");
    refused(&["device", "revoke", "nobody"], "unknownDevice", "没有编号");
    refused(&["code", "--scope", HERE, "--role", "mayor"], "unknownRole", "没有“mayor”");
    refused(&["code", "--role", "clerk"], "scopeNeeded", "--scope");
    refused(&["serve", "--database", "mysql://localhost/nonghuan"], "databaseUnsupported", "sqlite:PATH");
    refused(&["serve", "--attachments", "ftp://photos"], "attachmentsUnsupported", "file:PATH");

    for wrong in
        [&["code", "--scope", "3209", "--role", "clerk"][..], &["fly"], &["code", "--role", "admin", "--address", "x"]]
    {
        assert_eq!(desk.run(wrong).status.code(), Some(2), "{wrong:?} is no usage");
    }
}

#[test]
fn a_port_in_use_is_said_and_nothing_is_founded() {
    let desk = Desk::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("its address").to_string();
    let (exit, refused) = desk.json(&["serve", "--listen", &address]);
    assert_eq!((exit, refused), (1, json!({"error": {"code": "portInUse", "fields": {"address": address}}})));
    assert!(!desk.data().exists(), "who could not listen has founded nothing");
}

#[test]
fn a_database_elsewhere_is_remembered_by_every_command() {
    let desk = Desk { scratch: None, ..Desk::new() };
    let database = desk.folder.path().join("elsewhere.sqlite");
    let (serving, _) = desk.serve(&["--database", &format!("sqlite:{}", database.display())]);
    assert!(database.exists());
    drop(serving);
    desk.json(&["places", "load", &desk.file("places.csv", LIST)]);
    assert!(!desk.data().join("district.sqlite").exists(), "no second database beside it");
    assert_eq!(desk.json(&["list", "village"]).1["total"], 2);
}

#[cfg(unix)]
#[test]
fn the_server_ends_in_peace_when_it_is_told_to() {
    let desk = Desk::new();
    let (mut serving, _) = desk.serve(&[]);
    let told = Command::new("kill").args(["-TERM", &serving.0.id().to_string()]).status().expect("kill runs");
    assert!(told.success());
    let ended = serving.0.wait().expect("it ends");
    assert_eq!(ended.code(), Some(0), "told to stop, it stops, and that is no failure");
}

/// No farewell, no flush: the power is gone in the midst of a push.
#[tokio::test]
async fn a_server_that_is_killed_keeps_every_word_it_gave() {
    let desk = Desk::new();
    let (serving, _) = desk.serve(&[]);
    let code = text(&desk.run(&["code", "--scope", HERE, "--role", "clerk"]).stdout);
    let mut laptop = Laptop::enrol(&code.trim().parse().expect("a code")).await.expect("a fresh code");
    let mut words = Vec::new();
    for n in 200..210 {
        words.push(laptop.say(laptop.village(&format!("320902107{n}"), "洋中村")).await);
    }
    let last = laptop.village("320902107999", "断电村");
    let path = format!("{}/v1/exchange", laptop.base);
    let envelope = sync::wire::seal(&laptop.key, laptop.enrolled.device, &laptop.message(std::slice::from_ref(&last)));
    let request = laptop.client.post(path).bearer_auth(&laptop.enrolled.token).body(envelope);
    let lost = tokio::spawn(request.send());
    drop(serving);
    let _ = lost.await.expect("it was sent, perhaps answered, perhaps not");

    let (_serving, address) = desk.serve(&[]);
    laptop.base = format!("https://{address}");
    let word = laptop.say(last).await;
    assert_eq!(word.verdict, Verdict::Accepted, "sent again, whether it had arrived or not");
    words.push(word);
    let log = laptop.whole_log(HERE).await;
    let kept: Vec<_> = log.iter().map(|entry| (entry.change.counter, Some(entry.seq), &entry.verdict)).collect();
    let given: Vec<_> = words.iter().map(|word| (word.counter, word.seq, &word.verdict)).collect();
    assert_eq!(kept, given, "nothing lost, nothing twice");
}

#[test]
fn everywhere_is_no_address_for_a_laptop() {
    let desk = Desk::new();
    let mut child = desk.command(&["serve", "--listen", "0.0.0.0:0"]);
    let mut child = child.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program starts");
    let stdout = child.stdout.take().expect("piped");
    let _serving = Serving(child);
    BufReader::new(stdout).read_line(&mut String::new()).expect("a line");
    let (exit, refused) = desk.json(&["code", "--scope", SHARED, "--role", "reviewer"]);
    assert_eq!((exit, &refused["error"]["code"]), (1, &json!("addressNeeded")));
    let output = desk.run(&["code", "--scope", SHARED, "--role", "reviewer", "--address", "env.example:7443"]);
    let code: EnrolmentCode = text(&output.stdout).trim().parse().expect("a code");
    assert_eq!(code.address, "env.example:7443");
}

#[test]
fn a_bucket_with_its_keys_in_the_environment_is_served_from_and_collected_in() {
    let (desk, s3) = (Desk::new(), S3::start());
    let mut without = desk.command(&["--json", "serve", "--listen", "127.0.0.1:0", "--attachments", &s3.place()]);
    let without = without.env("AWS_ACCESS_KEY_ID", "").env("AWS_SECRET_ACCESS_KEY", "").output().expect("it ends");
    let refused: Value = serde_json::from_slice(&without.stdout).expect("one document");
    assert_eq!(refused["error"]["code"], "attachmentsUnusable", "{refused}");

    let mut serve = desk.command(&["serve", "--listen", "127.0.0.1:0"]);
    let mut child = serve.envs(S3::keys()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
    let serving = Serving(child);
    assert!(line.starts_with("listening on"), "the place was remembered, the keys were said again: {line}");
    drop(serving);

    let name = "ab".repeat(32);
    std::fs::create_dir_all(s3.files().join("ab")).expect("a shelf");
    std::fs::write(s3.files().join("ab").join(&name), "nobody's").expect("an object");
    let collected = desk.command(&["--json", "attachments", "collect"]).envs(S3::keys()).output().expect("it ends");
    let said = text(&collected.stderr);
    let collected: Value = serde_json::from_slice(&collected.stdout).unwrap_or_else(|_| panic!("{said}"));
    let expected = json!({"uploads": 0, "files": 0, "bytes": 0, "waiting": 1, "found": 0});
    assert_eq!(collected, expected, "it is seen, and waits its month");
}

#[test]
fn a_database_is_served_under_the_key_that_sealed_it_and_no_other() {
    let desk = Desk::new();
    desk.json(&["device", "list"]);
    let key = desk.data().join("signing-key");
    let first = std::fs::read(&key).expect("its key");
    std::fs::remove_file(&key).expect("lost");
    let (exit, refused) = desk.json(&["device", "list"]);
    assert_eq!((exit, &refused["error"]["code"]), (1, &json!("keyDiffers")), "laptops would take it for an impostor");
    std::fs::write(&key, first).expect("found again");
    assert_eq!(desk.json(&["device", "list"]).0, 0);
}
