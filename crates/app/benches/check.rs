//! `cargo xtask bench check`: what a reviewer would find in an application with 30
//! works, on a laptop that holds a township's years: every record gathered, every
//! rule asked, every photo compared. And the same at the district when it is reported.
#![allow(clippy::print_stdout, reason = "a benchmark says what it measured")]

use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::time::{Duration, Instant};

use app::{Enrolment, Laptop, RecordId, Terms};
use district::{Config, Location, NewCode, Running, Server};
use domain::Scope;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The works of the application.
const WORKS: usize = 30;

/// Villages of the township, and works in each that other applications bundle.
const VILLAGES: usize = 20;
const OTHERS: usize = 20;

/// How long a check may take.
const LIMIT: Duration = Duration::from_millis(50);

/// How often it is measured; the best counts, for a machine is never quicker than it is.
const ROUNDS: usize = 20;

/// The works of a township's ledger, two entries each.
const LEDGER: usize = 5_000;

fn main() {
    let wanted = std::env::args().nth(1).filter(|name| !name.starts_with('-')).unwrap_or_default();
    if "ledger".contains(&wanted) {
        ledger();
    }
    if "check".contains(&wanted) {
        check();
    }
}

/// A ledger of ten thousand entries as one table: each row is held against what its
/// works has paid, here before it is written and at the district when it comes in.
fn ledger() {
    let folder = tempfile::tempdir().expect("a folder for the benchmark");
    let (_server, mut laptop) = township(folder.path());
    let mut works = "行政村,工程名称,整治类别\n".to_owned();
    let mut entries = "日期,类型,来源层级,金额,整治工程\n".to_owned();
    for number in 0..LEDGER {
        works.push_str(&format!("第{}村委会,第{number}号工程,生活污水\n", number % VILLAGES));
        entries.push_str(&format!("2026-03-01,到位,省级,10万元,第{number}号工程\n"));
        entries.push_str(&format!("2026-04-01,支付,省级,6万元,第{number}号工程\n"));
    }
    let timed = |what: &str, laptop: &mut Laptop, act: &mut dyn FnMut(&mut Laptop)| {
        let started = Instant::now();
        act(laptop);
        println!("ledger    {what}: {:.2} s", started.elapsed().as_secs_f64());
    };
    laptop.import("工程.csv", works.as_bytes(), "works", false).expect("imported");
    timed("5,000 works to the district", &mut laptop, &mut |laptop| {
        assert_eq!(laptop.exchange(&mut |_| {}).expect("sent").verdicts.refused, 0, "new works");
    });
    timed("10,000 entries imported", &mut laptop, &mut |laptop| {
        let done = laptop.import("资金.csv", entries.as_bytes(), "fund_entry", false).expect("imported");
        assert_eq!(
            done.new,
            2 * LEDGER as u64,
            "every row is good: {:?}",
            done.rows.iter().find(|row| row.reason.is_some())
        );
    });
    timed("the same table once more, all of it known", &mut laptop, &mut |laptop| {
        let done = laptop.import("资金.csv", entries.as_bytes(), "fund_entry", false).expect("imported");
        assert_eq!(done.same, 2 * LEDGER as u64, "nothing is written twice");
    });
    timed("10,000 entries to the district", &mut laptop, &mut |laptop| {
        assert_eq!(laptop.exchange(&mut |_| {}).expect("sent").verdicts.refused, 0, "the district's books hold");
    });
    let more = "日期,类型,来源层级,金额,整治工程\n2026-05-01,支付,省级,5万元,第7号工程\n";
    timed("one more entry, refused", &mut laptop, &mut |laptop| {
        let done = laptop.import("一笔.csv", more.as_bytes(), "fund_entry", false).expect("read");
        assert_eq!(done.refused, 1, "6 and 5 are more than 10");
    });
}

fn check() {
    let folder = tempfile::tempdir().expect("a folder for the benchmark");
    let (server, mut laptop) = township(folder.path());
    let application = filled(&mut laptop);
    laptop.look_at_photos(&mut |_| std::ops::ControlFlow::Continue(())).expect("looked at");
    let found = laptop.check(application).expect("checked").findings.len();
    let here = best(|| drop(laptop.check(application).expect("checked")));
    laptop.exchange(&mut |_| {}).expect("an exchange");
    let id = application.to_string();
    let there = best(|| drop(server.district().check(&id).expect("checked")));
    let records = VILLAGES * OTHERS + WORKS;
    println!(
        "check     an application with {WORKS} works among {records}, {found} findings: laptop {:.1} ms, district {:.1} ms (limit {} ms)",
        here.as_secs_f64() * 1e3,
        there.as_secs_f64() * 1e3,
        LIMIT.as_millis()
    );
    assert!(here <= LIMIT, "a check may take {LIMIT:?}");
}

fn best(mut once: impl FnMut()) -> Duration {
    let round = || {
        let started = Instant::now();
        once();
        started.elapsed()
    };
    std::iter::repeat_with(round).take(ROUNDS).min().unwrap_or_default()
}

/// A district with one township, and a laptop of it.
fn township(folder: &Path) -> (Running, Laptop) {
    let places = folder.join("places.csv");
    let mut list = "code,name,parent,level,kind\n320902107000,盐东镇,320902000000,4,镇\n".to_owned();
    for village in 0..VILLAGES {
        list.push_str(&format!("320902107{:03},第{village}村委会,320902107000,5,村委会\n", 200 + village));
    }
    fs::write(&places, list).expect("written");
    let location = Location { data: folder.join("district"), ..Location::default() };
    let listen = "127.0.0.1:0".parse().expect("an address");
    let server = Server::start(&Config { location, listen }).expect("a server");
    server.district().load_places(&places, "样例").expect("places");
    let new =
        NewCode { scope: Scope::parse("320902107"), role: "lead".to_owned(), address: None, days: 1, person: None };
    let code = server.district().code(&new).expect("a code").code;
    let enrolment = Enrolment { code, name: "王芳".to_owned(), pin: "2468".to_owned() };
    let (mut laptop, _) = app::enrol(&folder.join("laptop"), &enrolment).expect("enrolled");
    laptop.set_terms(Terms { files: false, bytes_per_second: None }).expect("said");
    laptop.exchange(&mut |_| {}).expect("its places");
    (server, laptop)
}

fn add(laptop: &mut Laptop, kind: &str, fields: Value) -> RecordId {
    let fields = serde_json::from_value(fields).expect("an object");
    laptop.add(kind, fields).expect("saved").id
}

/// The application, its works with contracts, spots and photos, and the other
/// applications of the township's years.
fn filled(laptop: &mut Laptop) -> RecordId {
    let query = app::types::Query { kind: "village".to_owned(), limit: Some(1_000), ..Default::default() };
    let villages: Vec<RecordId> = laptop.list(&query).expect("a list").records.iter().map(|one| one.id).collect();
    for (at, village) in villages.iter().enumerate() {
        let people = json!({"households": 300 + at, "population": 1_000 + at, "problems": "污水直排",
            "sewage_rate": {"numerator": 100, "denominator": 300, "asOf": "2026-05-31", "basis": "户"}});
        laptop.set(*village, serde_json::from_value(people).expect("fields")).expect("saved");
        let mut bundled = Vec::new();
        for number in 0..OTHERS {
            let works = json!({"village": village, "name": format!("第{number}项"), "category": "waste",
                "planned_start": format!("{}-03-01", 2006 + number), "planned_end": format!("{}-11-30", 2006 + number)});
            bundled.push(add(laptop, "works", works));
        }
        for (year, works) in (2009..).zip(bundled.chunks(5)) {
            let other = json!({"name": format!("{year}年"), "year": year, "works": works});
            add(laptop, "application", other);
        }
    }
    let mut own = Vec::new();
    for number in 0..WORKS {
        let works = json!({"village": villages[number % VILLAGES], "name": format!("污水站{number}"), "category": "sewage",
            "households": 200, "population": 700, "capacity": "60", "process": "aao", "pipe_length": "1000",
            "planned_start": "2026-07-01", "planned_end": "2026-12-31"});
        let works = add(laptop, "works", works);
        add(
            laptop,
            "contract",
            json!({"works": works, "name": "施工合同", "sort": "construction", "amount": 24_000_000}),
        );
        add(laptop, "progress", json!({"works": works, "date": "2026-08-01", "percent": 10}));
        let spot = add(laptop, "spot", json!({"works": works, "name": "村口"}));
        let pictures: Vec<(String, Vec<u8>)> =
            (0..4).map(|one| (format!("{number}-{one}.png"), picture(number * 4 + one))).collect();
        let named: Vec<(&str, &[u8])> =
            pictures.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        laptop.attach(spot, Some("before"), &named).expect("attached");
        own.push(works);
    }
    let application = json!({"name": "2026年农村生活污水治理", "year": 2026, "programme": "以奖促治", "works": own,
        "requested": 10_000_000, "province": 10_000_000});
    let application = add(laptop, "application", application);
    laptop.prefill(application, Some("f2")).expect("written");
    application
}

/// A picture like no other: sixty-four fields of grey, each by the digits of a digest.
fn picture(number: usize) -> Vec<u8> {
    let shades = Sha256::digest(number.to_be_bytes());
    let shade = |x: u32, y: u32| {
        let field = usize::try_from(x / 8 + y / 8 * 8).unwrap_or_default();
        let byte = shades[field / 2];
        if field % 2 == 0 { byte & 0xf0 } else { byte << 4 }
    };
    let image = image::GrayImage::from_fn(64, 64, |x, y| image::Luma([shade(x, y)]));
    let mut bytes = Vec::new();
    image.write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png).expect("a picture");
    bytes
}
