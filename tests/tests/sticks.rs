//! Sticks instead of a line: the real programs, and between them nothing but
//! files that are carried, lost, read twice, cut, crossed and mixed up.

#[path = "sticks/enrol.rs"]
mod enrol;
#[path = "../../crates/district/tests/common/s3.rs"]
mod s3;
#[path = "../../crates/district/tests/common/scratch.rs"]
mod scratch;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use nonghuan_tests::programs::Running;
use nonghuan_tests::{District, Elsewhere, Laptop, Line, Programs, Refused, YANDONG, sample, until};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A district and a line to it, which is cut as soon as a laptop is enrolled.
struct World {
    programs: Programs,
    elsewhere: Elsewhere,
    district: District,
    line: Line,
    folder: TempDir,
}

impl World {
    fn new() -> Self {
        Self::with(Elsewhere::default())
    }

    /// One whose district keeps records and originals `elsewhere`.
    fn with(elsewhere: Elsewhere) -> Self {
        let programs = Programs::built().expect("the programs build");
        let folder = TempDir::new().expect("a folder");
        let district = District::start_with(&programs, &folder.path().join("district"), &elsewhere);
        let district = district.expect("the district starts");
        district.load_places(&sample("places.csv")).expect("the places are loaded");
        let line = Line::to(district.address()).expect("a line");
        Self { programs, elsewhere, district, line, folder }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_string_lossy().into_owned()
    }

    /// A laptop of 盐东镇 that has its villages, and no line from here on.
    fn laptop(&self, name: &str) -> Laptop {
        self.line.mend();
        let laptop = Laptop::new(&self.programs, Path::new(&self.path(name)));
        let code = self.district.code_over(self.line.address(), YANDONG, "clerk").expect("a code");
        laptop.enrol(&code, name).expect("enrolled");
        laptop.ask(&["sync"]).expect("the first exchange");
        self.line.cut();
        laptop
    }

    /// The district's terminal: what it answers, or refuses.
    fn at_district(&self, args: &[&str]) -> Result<Value, Refused> {
        let mut command = self.programs.command("nonghuan-district");
        command.arg("--data").arg(self.district.folder()).arg("--json").args(args);
        command.envs(self.elsewhere.keys.iter().copied());
        let done = command.output().expect("it starts");
        let said: Value = serde_json::from_slice(&done.stdout)
            .unwrap_or_else(|error| panic!("{args:?}: {error}: {}", String::from_utf8_lossy(&done.stderr)));
        match said.get("error") {
            None => Ok(said),
            Some(error) => {
                let code = error["code"].as_str().unwrap_or_default().to_owned();
                Err(Refused { code, fields: error["fields"].clone() })
            }
        }
    }

    fn read(&self, file: &str, reply: &str) -> Value {
        self.at_district(&["bundle", "read", file, "--reply", reply]).expect("read")
    }

    /// There and back: what was written, what the district says, what was read.
    fn trip(&self, laptop: &Laptop) -> [Value; 3] {
        let (out, back) = (self.path("out.nhb"), self.path("back.nhb"));
        let written = laptop.ask(&["bundle", "write", &out]).expect("written");
        let read = self.read(&out, &back);
        [written, read, laptop.ask(&["bundle", "read", &back]).expect("the reply is read")]
    }
}

fn village(laptop: &Laptop) -> String {
    format!("village={}", laptop.find("village", "code", "320902107200").expect("中东村 is here"))
}

fn add_works(laptop: &Laptop, name: &str) -> String {
    let name = format!("name={name}");
    laptop.add("works", &[&village(laptop), &name, "category=sewage"]).expect("saved")
}

fn photo(name: &str) -> PathBuf {
    sample(&format!("photos/{name}.jpg"))
}

fn status(laptop: &Laptop) -> Value {
    laptop.ask(&["status"]).expect("a status")
}

/// How many originals lie on the laptop's disk.
fn originals(laptop: &Laptop) -> usize {
    let folders = fs::read_dir(laptop.folder().join("attachments")).into_iter().flatten().flatten();
    let of_two = folders.filter(|folder| folder.file_name().len() == 2);
    of_two.map(|folder| fs::read_dir(folder.path()).expect("a folder").count()).sum()
}

/// Every record of a kind as it is shown, without how far it has come.
fn listed(laptop: &Laptop, kind: &str) -> Vec<Value> {
    let mut records = laptop.list(kind).expect("a list");
    records.sort_by_key(|record| record["id"].to_string());
    records.into_iter().map(|record| json!([record["id"], record["fields"], record["state"]])).collect()
}

/// Laptops and district show the same, and nobody waits for anything.
fn all_agree(world: &World, laptops: &[&Laptop]) {
    for kind in ["works", "village"] {
        let mut there = world.district.list(kind).expect("the district's list");
        there.retain(|record| record["scope"] == YANDONG);
        there.sort_by_key(|record| record["id"].to_string());
        let there: Vec<Value> =
            there.into_iter().map(|record| json!([record["id"], record["fields"], record["state"]])).collect();
        for laptop in laptops {
            assert_eq!(listed(laptop, kind), there, "{kind} at {}", laptop.folder().display());
        }
    }
    for laptop in laptops {
        let status = status(laptop);
        assert_eq!((&status["pending"], &status["attachments"]["files"]), (&json!(0), &json!(0)), "{status}");
        assert_eq!(laptop.ask(&["audit"]).expect("an audit")["ok"], json!(true), "its logs hold");
    }
    assert_eq!(world.at_district(&["audit"]).expect("an audit")["ok"], json!(true), "the district's logs hold");
}

#[test]
fn two_laptops_work_together_by_sticks_alone() {
    let world = World::new();
    let (first, second) = (world.laptop("样例甲"), world.laptop("样例乙"));
    let ids = [add_works(&first, "甲的工程"), add_works(&second, "乙的工程")];
    first.attach(&ids[0], &[photo("ditch-before"), photo("ditch-after")]).expect("attached");
    second.attach(&ids[1], &[photo("waste-before")]).expect("attached");
    first.add("village", &["code=320902107299", "name=新村"]).expect("saved");
    second.add("village", &["code=320902107299", "name=同号的村"]).expect("saved");

    let [written, read, taken] = world.trip(&first);
    assert_eq!((&written["changes"], &written["carried"]["files"]), (&json!(3), &json!(2)), "{written}");
    assert_eq!((&read["verdicts"]["accepted"], &read["files"]), (&json!(3), &json!(2)), "{read}");
    assert_eq!(taken["brought"]["pushed"], json!(3), "each change has its receipt: {taken}");
    assert_eq!(taken["brought"]["attachments"]["sent"], json!(2), "{taken}");
    let shown = first.ask(&["show", &ids[0]]).expect("shown");
    assert_eq!(shown["sync"], "district", "by the receipt on the stick");

    let [_, read, taken] = world.trip(&second);
    assert_eq!(read["verdicts"]["refused"], json!(1), "two villages of one code: {read}");
    assert_eq!(taken["brought"]["attachments"]["received"], json!(2), "the other's photos: {taken}");
    assert_eq!(originals(&second), 3);
    let refused = second.ask(&["refused"]).expect("the drafts");
    assert_eq!(refused[0]["reason"]["code"], "duplicate", "the refusal came back with its reason");
    second.ask(&["discard", refused[0]["change"].as_str().expect("an id")]).expect("given up");

    let [_, _, taken] = world.trip(&first);
    assert_eq!(taken["brought"]["attachments"]["received"], json!(1), "{taken}");
    all_agree(&world, &[&first, &second]);

    first.ask(&["set", &ids[0], "contract_amount=88.00万元"]).expect("saved");
    second.ask(&["set", &ids[0], "contract_amount=91.20万元"]).expect("saved");
    world.trip(&first);
    let [_, read, _] = world.trip(&second);
    assert_eq!(read["verdicts"]["conflict"], json!(1), "{read}");
    world.trip(&first);
    for laptop in [&first, &second] {
        let conflicts = laptop.ask(&["conflicts"]).expect("the conflicts");
        assert_eq!(conflicts[0]["standing"]["values"]["contract_amount"], 88_000_000, "{conflicts}");
        assert_eq!(conflicts[0]["parked"]["values"]["contract_amount"], 91_200_000, "both values, on both laptops");
    }
    let conflict = second.ask(&["conflicts"]).expect("the conflicts")[0]["id"].as_str().expect("an id").to_owned();
    second.ask(&["settle", &conflict, "parked"]).expect("decided");
    world.trip(&second);
    world.trip(&first);
    all_agree(&world, &[&first, &second]);
    assert_eq!(first.ask(&["conflicts"]).expect("the conflicts"), json!([]));
}

#[test]
fn a_stick_may_be_read_twice_late_in_the_wrong_order_and_beside_the_line_and_a_reply_may_be_lost() {
    let world = World::new();
    let (first, second) = (world.laptop("样例甲"), world.laptop("样例乙"));
    let one = add_works(&first, "第一根U盘");
    first.attach(&one, &[photo("ditch-before")]).expect("attached");
    let [early, late, reply] = ["early.nhb", "late.nhb", "reply.nhb"].map(|name| world.path(name));
    first.ask(&["bundle", "write", &early]).expect("written");
    let two = add_works(&first, "第二根U盘");
    first.attach(&two, &[photo("ditch-after")]).expect("attached");
    let written = first.ask(&["bundle", "write", &late]).expect("written");
    assert_eq!(written["changes"], json!(4), "what has no receipt goes again: {written}");
    assert_eq!((&written["carried"]["files"], &written["underWay"]), (&json!(1), &json!(1)), "but photos do not");

    // The later one comes first, and its reply is lost.
    let read = world.read(&late, &world.path("lost.nhb"));
    assert_eq!((&read["verdicts"]["accepted"], &read["files"]), (&json!(4), &json!(1)), "{read}");
    let read = world.read(&early, &reply);
    assert_eq!((&read["verdicts"]["accepted"], &read["files"]), (&json!(2), &json!(1)), "the same words again: {read}");
    let read = world.read(&early, &reply);
    assert_eq!(read["files"], json!(0), "read twice, nothing comes twice: {read}");
    assert_eq!(world.district.list("works").expect("the list").len(), 2, "each works once");

    // The reply to the earlier one is all that comes back, twice, with the line in between.
    let taken = first.ask(&["bundle", "read", &reply]).expect("read");
    assert_eq!(taken["brought"]["pushed"], json!(2), "it answers what the earlier stick said: {taken}");
    let three = add_works(&second, "经网络送到");
    world.line.mend();
    second.ask(&["sync"]).expect("the line is there for a moment");
    first.ask(&["sync"]).expect("and for the other one");
    world.line.cut();
    let again = first.ask(&["bundle", "read", &reply]).expect("read again");
    assert_eq!(again["brought"]["pulled"], json!(0), "nothing in it is news: {again}");
    assert!(listed(&first, "works").iter().any(|works| works[0] == json!(three)), "and nothing is undone by it");
    let lost = first.ask(&["bundle", "read", &world.path("lost.nhb")]).expect("found after all");
    assert_eq!(lost["brought"]["pulled"], json!(0), "{lost}");
    world.trip(&first);
    world.trip(&second);
    all_agree(&world, &[&first, &second]);
    assert_eq!((originals(&first), originals(&second)), (2, 2));
}

#[test]
fn photos_that_fit_on_no_stick_come_in_pieces_over_several_trips_and_in_any_order() {
    in_pieces(&World::new());
}

fn in_pieces(world: &World) {
    let (first, second) = (world.laptop("样例甲"), world.laptop("样例乙"));
    let works = add_works(&first, "照片很多的工程");
    let photos = ["ditch-before", "ditch-during", "ditch-after", "sewage-before", "sewage-during", "sewage-after"];
    first.attach(&works, &photos.map(photo)).expect("attached");
    let (out, back) = (world.path("out.nhb"), world.path("back.nhb"));
    let limits = ["--limit", "100K", "--room", "450K"];
    let (mut trips, mut carried) = (0, 0);
    loop {
        trips += 1;
        assert!(trips <= 6, "it comes to an end");
        let written = first.ask(&[&["bundle", "write", &out], &limits[..]].concat()).expect("written");
        carried += written["carried"]["bytes"].as_u64().expect("a number");
        let parts: Vec<String> =
            written["parts"].as_array().expect("parts").iter().map(|part| text(&part["file"])).collect();
        assert!(parts.len() > 1, "each of at most 100 KB: {written}");
        // Carried one by one, the last one first.
        for (n, part) in parts.iter().enumerate().rev() {
            let alone = world.path(&format!("alone-{n}.nhb"));
            fs::rename(part, &alone).expect("onto another stick");
            world.read(&alone, &back);
        }
        first.ask(&["bundle", "read", &back]).expect("the last reply");
        if written["left"]["files"] == json!(0) {
            break;
        }
    }
    assert!(trips > 1, "they did not fit on one stick");
    let bytes: u64 = photos.map(|name| fs::metadata(photo(name)).expect("a photo").len()).iter().sum();
    assert_eq!(carried, bytes, "no byte is carried twice");
    assert_eq!(status(&first)["attachments"]["files"], json!(0), "the district has them all");

    // The other way they come in pieces as well, and the last part is read first.
    let mut trips = 0;
    while originals(&second) < photos.len() {
        trips += 1;
        assert!(trips <= 6, "it comes to an end: {} photos", originals(&second));
        second.ask(&["bundle", "write", &out]).expect("written");
        let args = [&["bundle", "read", &out, "--reply", &back], &limits[..]].concat();
        let reply = world.at_district(&args).expect("read")["reply"].clone();
        let parts: Vec<String> =
            reply["parts"].as_array().expect("parts").iter().map(|part| text(&part["file"])).collect();
        for (n, part) in parts.iter().enumerate().rev() {
            let alone = world.path(&format!("alone-{n}.nhb"));
            fs::rename(part, &alone).expect("onto another stick");
            second.ask(&["bundle", "read", &alone]).expect("read alone");
        }
    }
    assert!(trips > 1, "they did not fit on one stick");
    all_agree(world, &[&first, &second]);
}

#[test]
fn what_a_stick_has_begun_the_line_finishes_and_nothing_is_sent_twice() {
    let world = World::new();
    let first = world.laptop("样例甲");
    let works = add_works(&first, "半路");
    first.attach(&works, &[photo("ditch-before")]).expect("attached");
    let (out, back) = (world.path("out.nhb"), world.path("back.nhb"));
    let written = first.ask(&["bundle", "write", &out, "--room", "120K"]).expect("written");
    assert_eq!(written["left"]["files"], json!(1), "more than half of it stays: {written}");
    let read = world.read(&out, &back);
    assert_eq!((&read["files"], &read["unfinished"]), (&json!(0), &json!(1)), "{read}");
    world.line.mend();
    first.ask(&["sync"]).expect("the line is back");
    first.ask(&["bundle", "read", &back]).expect("the reply comes late");
    all_agree(&world, &[&first]);
    let quiet = first.ask(&["bundle", "write", &out]).expect("written");
    assert_eq!((&quiet["changes"], &quiet["carried"]["files"]), (&json!(0), &json!(0)), "all is there: {quiet}");
}

#[test]
fn a_district_with_its_records_in_postgresql_and_its_originals_in_a_bucket_reads_sticks_as_well() {
    let (database, bucket) = (scratch::Scratch::new(), s3::S3::start());
    let options = ["--database".into(), database.url(), "--attachments".into(), bucket.place()];
    let world = World::with(Elsewhere { options: options.into(), keys: s3::S3::keys().into() });
    in_pieces(&world);
    assert!(bucket.files().is_dir(), "the originals lie in the bucket");
    assert!(database.number("SELECT count(*) FROM log") > 0, "and the logs in PostgreSQL");
}

#[test]
fn records_can_go_without_photos_and_photos_once_more() {
    let world = World::new();
    let first = world.laptop("样例甲");
    let works = add_works(&first, "先送记录");
    first.attach(&works, &[photo("ditch-before")]).expect("attached");
    let (out, back) = (world.path("out.nhb"), world.path("back.nhb"));
    let bare = first.ask(&["bundle", "write", &out, "--no-photos"]).expect("written");
    assert_eq!((&bare["changes"], &bare["carried"]["files"]), (&json!(2), &json!(0)), "{bare}");
    world.read(&out, &back);
    first.ask(&["bundle", "read", &back]).expect("the reply");
    assert_eq!(status(&first)["pending"], json!(0));

    first.ask(&["bundle", "write", &out]).expect("written, and lost on the way");
    let next = first.ask(&["bundle", "write", &out]).expect("written");
    assert_eq!((&next["carried"]["files"], &next["underWay"]), (&json!(0), &json!(1)), "{next}");
    let again = first.ask(&["bundle", "write", &out, "--again"]).expect("written");
    assert_eq!(again["carried"]["files"], json!(1), "{again}");
    world.read(&out, &back);
    first.ask(&["bundle", "read", &back]).expect("the reply");
    all_agree(&world, &[&first]);
}

#[test]
fn what_is_not_for_the_reader_is_refused_by_name_and_changes_nothing() {
    let (world, elsewhere) = (World::new(), World::new());
    let (first, second) = (world.laptop("样例甲"), world.laptop("样例乙"));
    add_works(&first, "不该到别处");
    let (out, back) = (world.path("out.nhb"), world.path("back.nhb"));
    first.ask(&["bundle", "write", &out]).expect("written");

    let refused = elsewhere.at_district(&["bundle", "read", &out, "--reply", &back]).expect_err("another district");
    assert_eq!(refused.code, "otherDistrict");
    let header = first.ask(&["bundle", "show", &out]).expect("its outside")["header"].clone();
    let key = text(&header["to"]["district"]);
    assert_eq!(refused.fields["district"], json!(key[..16]), "it says for which one it is");
    assert!(!Path::new(&back).exists(), "who cannot read does not reply");
    let own = first.refused(&["bundle", "read", &out]).expect("its own");
    assert_eq!(own.code, "bundleForDistrict", "{own:?}");

    world.read(&out, &back);
    let refused = second.refused(&["bundle", "read", &back]).expect("another laptop's");
    assert_eq!(refused.code, "misdirected");
    assert_eq!(refused.fields["laptop"], header["from"]["laptop"], "it says for which one it is");
    let refused = world.at_district(&["bundle", "read", &back, "--reply", &out]).expect_err("its own reply");
    assert_eq!(refused.code, "bundleForLaptop");
    assert_eq!(second.list("works").expect("a list").len(), 0, "nothing of it was taken");
    let refused = world.at_district(&["bundle", "read", &out, "--reply", &out]).expect_err("onto itself");
    assert_eq!(refused.code, "bundleUnwritable");

    let mut later = fs::read(&out).expect("readable");
    later[16] = b'7';
    let odd = world.path("odd.nhb");
    fs::write(&odd, &later).expect("written");
    let refused = world.at_district(&["bundle", "read", &odd, "--reply", &back]).expect_err("a later version");
    assert_eq!((refused.code.as_str(), &refused.fields["version"]), ("bundleNewer", &json!("7")));
    let (jpg, absent) = (photo("ditch-before").to_string_lossy().into_owned(), world.path("absent.nhb"));
    assert_eq!(first.refused(&["bundle", "read", &jpg]).expect("a photo").code, "notABundle");
    assert_eq!(first.refused(&["bundle", "read", &absent]).expect("nothing").code, "bundleUnreadable");

    let device = text(&header["from"]["laptop"]);
    world.at_district(&["device", "revoke", &device]).expect("shut out");
    let refused = world.at_district(&["bundle", "read", &out, "--reply", &back]).expect_err("revoked meanwhile");
    assert_eq!(refused.code, "deviceRevoked");
    assert_eq!(world.district.list("works").expect("a list").len(), 1, "what came before that stays");
}

#[test]
fn a_stick_that_was_cut_or_bent_is_refused_on_both_sides_and_read_whole_after_it_was_copied_again() {
    let world = World::new();
    let (first, second) = (world.laptop("样例甲"), world.laptop("样例乙"));
    let works = add_works(&first, "拷贝到一半");
    first.attach(&works, &[photo("ditch-before")]).expect("attached");
    let (out, back, torn) = (world.path("out.nhb"), world.path("back.nhb"), world.path("torn.nhb"));
    first.ask(&["bundle", "write", &out]).expect("written");
    let whole = fs::read(&out).expect("readable");
    for length in [10, 150, 900, 3_000] {
        fs::write(&torn, &whole[..length]).expect("written");
        let refused = world.at_district(&["bundle", "read", &torn, "--reply", &back]).expect_err("cut");
        assert!(["bundleDamaged", "notABundle"].contains(&refused.code.as_str()), "at {length}: {refused:?}");
        assert_eq!(world.district.list("works").expect("a list").len(), 0, "nothing of it counts");
    }
    // The records came before the cut: they are taken and answered, and the rest is named as missing.
    fs::write(&torn, &whole[..whole.len() - 1_000]).expect("written");
    let refused = world.at_district(&["bundle", "read", &torn, "--reply", &back]).expect_err("cut");
    assert_eq!(refused.code, "bundleDamaged");
    assert_eq!(world.district.list("works").expect("a list").len(), 1);
    let read = world.read(&out, &back);
    assert_eq!(read["files"], json!(1), "the photo goes on where it broke off: {read}");

    second.ask(&["bundle", "write", &out]).expect("written");
    world.read(&out, &back);
    let mut bent = fs::read(&back).expect("readable");
    let middle = bent.len() / 2;
    bent[middle] ^= 1;
    fs::write(&torn, &bent).expect("written");
    let refused = second.refused(&["bundle", "read", &torn]).expect("bent");
    assert_eq!(refused.code, "bundleDamaged");
    assert_eq!(originals(&second), 0, "half a photo is none");
    second.ask(&["bundle", "read", &back]).expect("copied again");
    first.ask(&["bundle", "write", &out]).expect("written");
    world.read(&out, &back);
    first.ask(&["bundle", "read", &back]).expect("read");
    all_agree(&world, &[&first, &second]);
    assert_eq!(originals(&second), 1);
}

#[test]
fn whoever_can_open_a_bundle_can_see_what_is_in_it() {
    let world = World::new();
    let first = world.laptop("样例甲");
    let works = add_works(&first, "给人看的");
    first.attach(&works, &[photo("ditch-before")]).expect("attached");
    let (out, back) = (world.path("out.nhb"), world.path("back.nhb"));
    first.ask(&["bundle", "write", &out]).expect("written");
    let mine = first.ask(&["bundle", "show", &out]).expect("its outside");
    assert_eq!(mine.get("envelopes"), None, "not even its writer can open it: {mine}");
    let there = world.at_district(&["bundle", "show", &out]).expect("all of it");
    assert_eq!(there["header"], mine["header"]);
    let change = &there["envelopes"][0]["changes"][0];
    let named = change["actions"]
        .as_array()
        .is_some_and(|actions| actions.iter().any(|action| action["values"]["name"] == "给人看的"));
    assert!(named, "the binary is readable: {change}");
    let length = fs::metadata(photo("ditch-before")).expect("a photo").len();
    assert_eq!(there["files"][0]["runs"], json!([[0, length]]));
    assert_eq!(world.district.list("works").expect("a list").len(), 0, "to look is not to take");
    world.read(&out, &back);
    let reply = first.ask(&["bundle", "show", &back]).expect("all of it");
    assert_eq!(reply["envelopes"][0]["receipts"].as_array().map(Vec::len), Some(2), "{reply}");
    assert_eq!(reply["preface"]["stands"][0]["has"], "all");
}

#[test]
#[cfg(unix)]
fn whoever_presses_ctrl_c_finds_no_half_a_bundle_on_the_stick() {
    let world = World::new();
    let laptop = world.laptop("样例甲");
    let works = add_works(&laptop, "带着录像的");
    let film = world.folder.path().join("现场.mp4");
    let scenes: Vec<u8> = (0_u32..64 << 18).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    fs::write(&film, scenes).expect("written");
    laptop.attach(&works, &[film]).expect("attached");

    let stick = world.folder.path().join("stick");
    fs::create_dir(&stick).expect("a folder");
    let on_stick = || fs::read_dir(&stick).expect("a folder").count();
    let out = stick.join("out.nhb").to_string_lossy().into_owned();
    let mut command = laptop.command(&["bundle", "write", &out]);
    let mut writing = Running::start(command.stdout(Stdio::piped()).stderr(Stdio::null())).expect("it starts");
    until("the bundle is begun", Duration::from_secs(60), || (on_stick() > 0).then_some(())).expect("begun");
    writing.interrupt();
    let mut said = String::new();
    let pipe = writing.child().stdout.as_mut().expect("a pipe");
    pipe.read_to_string(&mut said).expect("what it said");
    let status = writing.child().wait().expect("it ends");
    assert_eq!((status.code(), code_of(&said).as_str()), (Some(1), "cancelled"), "{said}");
    assert_eq!(on_stick(), 0, "nobody carries half a bundle to the district");

    let [written, read, _] = world.trip(&laptop);
    assert_eq!((&written["carried"]["files"], &read["files"]), (&json!(1), &json!(1)), "nothing counts as carried");
    all_agree(&world, &[&laptop]);
}

fn code_of(said: &str) -> String {
    let said: Value = serde_json::from_str(said).unwrap_or_default();
    text(&said["error"]["code"])
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
