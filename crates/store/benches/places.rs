//! What the place picker costs over the whole country: 620,573 villages and all
//! that stands above them, as the list of 2023 has them (`samples/places`).
//!
//! Any two characters are asked for: pairs as they stand in names drawn at random
//! (so the common ones often), every sort of pair alike (so mostly rare ones), and
//! pairs that no name has. Beside it, in the same run, the floor: an index over
//! character pairs and nothing else, without order, paths or pinyin.
#![allow(clippy::print_stdout, reason = "printing is all it does")]

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use store::{PlaceRow, Places};

/// Queries of each sort.
const QUERIES: usize = 4_000;

/// As many hits as a picker shows.
const HITS: usize = 20;

/// Said to the process that searches alone, so that its memory is the search's.
const ALONE: &str = "places-alone";

fn main() {
    let wanted = std::env::args().nth(1).filter(|name| !name.starts_with('-')).unwrap_or_default();
    if wanted == ALONE {
        return search_alone(Path::new(&std::env::args().nth(2).expect("the file")));
    }
    if !"places".contains(&wanted) {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder for the benchmark");
    let rows = country();
    let names: Vec<String> = rows.iter().map(|row| row.name.clone()).collect();
    let villages = rows.iter().filter(|row| row.code.len() == 12).count();
    println!("places    {} places, {villages} of them villages", rows.len());

    let file = folder.path().join("places.db");
    let mut places = Places::open(&file).expect("a new file");
    let started = Instant::now();
    places.put_country(rows, "2023", &mut |_| ControlFlow::Continue(())).expect("loaded");
    println!("places    loaded in {:.1} s", started.elapsed().as_secs_f64());
    drop(places);
    println!("places    {} MB on disk", room(&file) >> 20);
    let floor = floor(&folder.path().join("floor.db"), &names);

    let places = Places::open(&file).expect("the file");
    let mut chance = Chance(0x2545_F491_4F6C_DD1D);
    let drawn: Vec<[char; 2]> = std::iter::repeat_with(|| pair_of(&names, &mut chance)).take(QUERIES).collect();
    let all: Vec<[char; 2]> = names.iter().flat_map(|name| pairs(name)).collect::<BTreeSet<_>>().into_iter().collect();
    println!("places    {} different pairs", all.len());
    let alike: Vec<[char; 2]> = (0..QUERIES).map(|_| all[chance.below(all.len())]).collect();
    let there: BTreeSet<&[char; 2]> = all.iter().collect();
    let strange = std::iter::repeat_with(|| [all[chance.below(all.len())][0], all[chance.below(all.len())][1]]);
    let strange: Vec<[char; 2]> = strange.filter(|pair| !there.contains(pair)).take(QUERIES / 4).collect();

    let mut ours = Vec::new();
    for (name, queries) in [("as they stand in names", &drawn), ("every pair alike", &alike), ("in no name", &strange)]
    {
        let times = timed(queries.iter().map(|pair| pair.iter().collect()), |text| {
            places.find(text, HITS).expect("found").len()
        });
        println!("places    two characters, {name}: {}", Times::of(times.clone()));
        ours.extend(times);
    }
    let plain = timed(drawn.iter().chain(&alike).chain(&strange).map(|pair| pair.iter().collect()), |text| {
        let mut statement = floor.prepare_cached("SELECT rowid FROM pair WHERE pairs MATCH ?1 LIMIT 20").expect("SQL");
        let found = statement.query_map([format!("\"{text}\"")], |row| row.get::<_, i64>(0)).expect("asked");
        found.count()
    });
    let (ours, plain) = (Times::of(ours), Times::of(plain));
    println!("places    two characters: ours {ours}   pairs alone {plain}");
    verdict("places, any two characters, p50 in ms", ours.median.as_secs_f64() * 1e3, 0.5);
    verdict("places, any two characters, p99 in ms", ours.p99.as_secs_f64() * 1e3, 5.0);

    for query in [
        "盐",
        "村",
        "村委",
        "新村",
        "盐东镇",
        "yandong",
        "yd",
        "ydz",
        "zhongdong",
        "zhongd",
        "dongcun",
        "xc",
        "z",
        "3209",
        "320902107200",
        "chongxing",
    ] {
        let found = places.find(query, HITS).expect("found").len();
        let times = Times::of((0..50).map(|_| once(|| places.find(query, HITS).expect("found").len())).collect());
        println!("places    {query}: {found} hits, {times}");
    }
    drop(places);
    let alone = std::env::current_exe().and_then(|own| std::process::Command::new(own).arg(ALONE).arg(&file).status());
    assert!(alone.expect("a process of its own").success(), "it searched");
}

fn search_alone(file: &Path) {
    let before = memory();
    let places = Places::open(file).expect("the file");
    for query in ["新村", "村委", "zhongdong", "xc", "3209", "河"].iter().cycle().take(2_000) {
        assert!(!places.find(query, HITS).expect("found").is_empty(), "{query}");
    }
    println!("places    memory: {} MB more after 2,000 searches", memory().saturating_sub(before));
}

/// The country's list, unpacked.
fn country() -> Vec<PlaceRow> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../samples/places/divisions_cn_2023.csv.zst");
    let packed = std::fs::read(file).expect("the list is in the project");
    let text = String::from_utf8(zstd::decode_all(packed.as_slice()).expect("packed with zstd")).expect("UTF-8");
    let row = |line: &str| {
        let mut cells = line.split(',');
        let (code, name, _, level, category) =
            (cells.next()?, cells.next()?, cells.next()?, cells.next()?.parse().ok()?, cells.next()?);
        Some(PlaceRow {
            code: domain::places::cut(code, level).unwrap_or(code).to_owned(),
            name: name.to_owned(),
            category: category.to_owned(),
            valid_from: None,
            valid_until: None,
            successors: Vec::new(),
        })
    };
    text.lines().skip(1).filter_map(row).collect()
}

fn floor(file: &Path, names: &[String]) -> Connection {
    let conn = Connection::open(file).expect("a new file");
    let tx = conn.unchecked_transaction().expect("begun");
    tx.execute_batch("CREATE VIRTUAL TABLE pair USING fts5 (pairs, content = '', detail = none, columnsize = 0)")
        .expect("SQL");
    {
        let mut put = tx.prepare("INSERT INTO pair (rowid, pairs) VALUES (?1, ?2)").expect("SQL");
        for (n, name) in (1_i64..).zip(names) {
            let text: String = pairs(name).flat_map(|pair| [pair[0], pair[1], ' ']).collect();
            put.execute(rusqlite::params![n, text]).expect("a row");
        }
    }
    tx.execute_batch("INSERT INTO pair (pair) VALUES ('optimize')").expect("SQL");
    tx.commit().expect("on disk");
    println!("places    pairs alone: {} MB on disk", room(file) >> 20);
    conn
}

fn pairs(name: &str) -> impl Iterator<Item = [char; 2]> {
    let chars: Vec<char> = name.chars().collect();
    let pairs: Vec<[char; 2]> = chars.windows(2).map(|pair| [pair[0], pair[1]]).collect();
    pairs.into_iter().filter(|pair| pair.iter().all(|c| c.is_alphanumeric() && !c.is_ascii()))
}

fn pair_of(names: &[String], chance: &mut Chance) -> [char; 2] {
    loop {
        let pairs: Vec<[char; 2]> = pairs(&names[chance.below(names.len())]).collect();
        if !pairs.is_empty() {
            return pairs[chance.below(pairs.len())];
        }
    }
}

/// Chance that is the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % n as u64).expect("smaller than n")
    }
}

fn timed(queries: impl Iterator<Item = String>, mut ask: impl FnMut(&str) -> usize) -> Vec<Duration> {
    queries.map(|query| once(|| ask(&query))).collect()
}

fn once(ask: impl FnOnce() -> usize) -> Duration {
    let started = Instant::now();
    std::hint::black_box(ask());
    started.elapsed()
}

/// The middle and the slowest of some times.
struct Times {
    median: Duration,
    p99: Duration,
    slowest: Duration,
}

impl Times {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
        Self { median: at(0.5), p99: at(0.99), slowest: at(1.0) }
    }
}

impl std::fmt::Display for Times {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        write!(f, "p50 {:.3} ms, p99 {:.3} ms, slowest {:.3} ms", ms(self.median), ms(self.p99), ms(self.slowest))
    }
}

fn verdict(what: &str, figure: f64, limit: f64) {
    let word = if figure <= limit { "holds" } else { "IS OVER" };
    println!("{what}: {figure:.3}, limit {limit}: {word}");
    assert!(figure <= limit, "{what} is over its limit");
}

/// Megabytes that this process holds; nothing where the system does not say.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) / 1_024
}

fn room(file: &Path) -> u64 {
    std::fs::metadata(file).map_or(0, |about| about.len())
}
