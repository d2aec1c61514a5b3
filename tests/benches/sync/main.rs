//! What the exchange costs, beside a floor measured in the same run.
//!
//! Ours is all of it: laptops with SQLCipher on disk, the engine over TLS with the
//! certificate pinned, the real server with rules, verdicts, hash chain, signatures
//! and receipts. The floor ([`floor`]) moves the same changes with none of that.
//! Both take turns, and of each the median counts.
//!
//! `--quick` measures fewer records; its figures are for a first idea.
#![allow(clippy::print_stdout, reason = "printing is all it does")]

mod floor;
mod laptop;
mod peers;
mod process;
mod relay;
mod report;
mod sample;

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use domain::{Change, RecordId};

use floor::Client;
use laptop::Laptop;
use process::{District, Floor, Part};
use relay::Relay;
use report::Limit::{AtLeast, AtMost};
use report::Report;

/// Records that exist, and edits of them: one each.
const EDITS: u64 = 1_000;

/// Exchanges of each sort that are timed.
const ROUNDS: usize = 5;

/// How much is measured.
struct Extent {
    /// Records of the large push and fill.
    many: u64,
    /// Records in the laptop whose memory is measured.
    some: u64,
    rounds: usize,
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    // TLS for clients that bring no settings of their own; the floor's says nothing over it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    if process::play(&args) {
        return ExitCode::SUCCESS;
    }
    let mut extent = if args.contains(&"--quick") {
        Extent { many: 10_000, some: 10_000, rounds: 3 }
    } else {
        Extent { many: 100_000, some: 10_000, rounds: ROUNDS }
    };
    if let Some(rounds) = args.iter().find_map(|arg| arg.strip_prefix("--rounds=")) {
        extent.rounds = rounds.parse().expect("a number of rounds");
    }
    let wanted = args.iter().find(|arg| !arg.starts_with('-') && **arg != "sync").copied().unwrap_or_default();
    let folder = tempfile::tempdir().expect("a folder for the benchmark");
    let mut report = Report::default();
    let mut stored = Vec::new();
    if "edits".contains(wanted) {
        println!("{EDITS} offline edits, from laptop to district to laptop …");
        stored.push((EDITS, edits(folder.path(), &extent, &mut report)));
    }
    if "memory".contains(wanted) {
        println!("memory at {} records …", extent.some);
        stored.push((extent.some, memory(folder.path(), &extent, &mut report)));
    }
    if "many".contains(wanted) {
        println!("{} new records …", extent.many);
        stored.push((extent.many, many(folder.path(), &extent, &mut report)));
    }
    if "flat".contains(wanted) {
        flat(stored, &mut report);
    }
    if report.is_empty() {
        return ExitCode::SUCCESS; // Another benchmark was meant.
    }
    let over = report.close();
    if over == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A district with a laptop that has everything, and the works that are there.
struct World {
    district: District,
    laptop: Laptop,
    records: Vec<RecordId>,
}

/// Edits of existing records, there and out again; and what an idle exchange says.
fn edits(folder: &Path, extent: &Extent, report: &mut Report) -> World {
    let mut district = District::start(&folder.join("edits-district"));
    let mut near = Laptop::enrol(&folder.join("edits-near"), &district.code(), 1);
    let mut far = Laptop::enrol(&folder.join("edits-far"), &district.code(), 2);
    let records = near.create(0, EDITS);
    near.exchange();
    far.exchange();
    let mut floor = Floor::start(&folder.join("edits-floor"));
    let mut from = Client::new(&folder.join("edits-from"), &floor.address);
    let mut to = Client::new(&folder.join("edits-to"), &floor.address);
    from.save(&changes(&near, &records));
    from.push();
    to.pull();

    let (mut ours, mut floors, mut ups, mut downs) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut message, mut batches) = (f64::NAN, Vec::new());
    let (mut work_ours, mut work_floors) = (Vec::new(), Vec::new());
    let rounds = u64::try_from(extent.rounds).expect("small");
    for round in 0..=rounds {
        let order = sample::Chance::new(round).shuffled(EDITS);
        let chosen: Vec<RecordId> = order.iter().map(|n| records[usize::try_from(*n).expect("small")]).collect();
        near.edit(EDITS * (round + 1), &chosen);
        from.save(&pending(&near, &chosen));
        if round == 0 {
            // Looked at and not sent; what goes out afterwards counts as sent already, so it is not timed.
            message = near.message();
        }
        let worked = district.worked() + process::worked();
        let (up, sent) = near.exchange();
        let (down, received) = far.exchange();
        let ours_worked = district.worked() + process::worked() - worked;
        assert_eq!((sent.pushed, received.pulled), (EDITS, EDITS), "every edit has gone and come");
        let worked = floor.worked() + process::worked();
        let (push, batch) = from.push();
        let (pull, count, _) = to.pull();
        let floor_worked = floor.worked() + process::worked() - worked;
        assert_eq!(count as u64, EDITS, "every edit has gone and come");
        if round > 0 {
            work_ours.push(ours_worked);
            work_floors.push(floor_worked);
            ours.push(up + down);
            floors.push(push + pull);
            ups.push(up);
            downs.push(down);
            batches.push(batch as f64 / EDITS as f64);
        }
    }
    assert_eq!(near.state(), far.state(), "both know the same");
    let online: Vec<Duration> = (0..=rounds)
        .map(|round| {
            near.edit(EDITS * (rounds + round + 2), &records);
            followed(&mut near, &mut far)
        })
        .skip(1)
        .collect();
    assert_eq!(near.state(), far.state(), "both know the same");
    report.ratio("1,000 edits, laptop → district → laptop", AtMost(2.0), ms(&floors), ms(&ours), "ms");
    report.note("  of it: laptop → district, receipts and log back", None, Some(ms(&ups)), "ms");
    report.note("  of it: district → second laptop", None, Some(ms(&downs)), "ms");
    report.note("  the second laptop online, fetching as it is told", Some(ms(&floors)), Some(ms(&online)), "ms");
    if let Some(peer) = peers::pouchdb(&folder.join("pouchdb"), EDITS, rounds) {
        report.note(&format!("  the same by {}", peer.name), Some(ms(&floors)), Some(ms(&peer.times)), "ms");
    }
    report.note("  processor time for it, both sides", Some(ms(&work_floors)), Some(ms(&work_ours)), "ms");
    report.note("bytes of the message for each edit", Some(median(&batches)), Some(message), "bytes");

    wire(&mut near, &mut far, district.address, &records, report);
    World { district, laptop: near, records }
}

/// The same, where the second laptop listens: until the one has its receipts and
/// the other every edit.
fn followed(near: &mut Laptop, far: &mut Laptop) -> Duration {
    let (open, is_open) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let following = scope.spawn(move || far.follow(EDITS, || open.send(()).expect("somebody waits")));
        is_open.recv().expect("the line is open");
        let started = std::time::Instant::now();
        near.exchange();
        following.join().expect("every edit has come");
        started.elapsed()
    })
}

/// What goes over the line, TLS and HTTP and all.
fn wire(near: &mut Laptop, far: &mut Laptop, address: SocketAddr, records: &[RecordId], report: &mut Report) {
    let relay = Relay::to(address);
    let line = relay.address.to_string();
    near.over(&line);
    near.exchange();
    let first = relay.take();
    near.exchange();
    let idle = relay.take();
    near.edit(900_000, records);
    near.exchange();
    let pushed = relay.take();
    far.over(&line);
    far.exchange();
    let pulled = relay.take();
    let each = |bytes: usize| bytes as f64 / records.len() as f64;
    report.figure("bytes on the line for each edit, up (TLS, HTTP and all)", AtMost(64.0), each(pushed.up), "bytes");
    report.note("  receipts and log that come back for it", None, Some(each(pushed.down)), "bytes");
    report.note("  to the second laptop", None, Some(each(pulled.down)), "bytes");
    report.figure("idle exchange, both ways", AtMost(1_024.0), (idle.up + idle.down) as f64, "bytes");
    report.figure("  its round trips", AtMost(1.0), idle.trips as f64, "");
    assert_eq!(idle.opened, 0, "the connection is open already");
    let handshake = (first.up + first.down).saturating_sub(idle.up + idle.down);
    report.note("  TLS handshake of a new connection", None, Some(handshake as f64), "bytes");
}

/// The most memory that a laptop takes, which works or is filled, and its district.
fn memory(folder: &Path, extent: &Extent, report: &mut Report) -> World {
    let mut district = District::start(&folder.join("some-district"));
    let busy = folder.join("some-busy");
    let count = extent.some.to_string();
    let mut part = Part::start(&["as-busy-laptop", &busy.to_string_lossy(), &district.code(), &count]);
    let pushing = part.heard();
    let lists = part.heard();
    part.ended();
    let new = folder.join("some-new");
    let mut part = Part::start(&["as-new-laptop", &new.to_string_lossy(), &district.code()]);
    let filling = part.heard();
    let history = part.heard();
    part.ended();
    for (what, said) in [
        ("memory of a laptop that saves and pushes", pushing),
        ("  with lists and search brought up to date", lists),
        ("memory of a laptop in its first fill", filling),
        ("  with history, lists and search", history),
    ] {
        let (records, peak) = said.split_once(' ').expect("two figures");
        assert_eq!(records, count, "every record has gone or come");
        report.figure(&format!("{what}, {count} records"), AtMost(64.0), peak.parse().expect("a figure"), "MB");
    }
    report.note("  their district", None, Some(district.peak()), "MB");
    let mut laptop = Laptop::enrol(&folder.join("some-laptop"), &district.code(), 3);
    laptop.exchange();
    let records = laptop.create(extent.some, EDITS);
    laptop.exchange();
    World { district, laptop, records }
}

/// Many new records, pushed, and brought to a new laptop.
fn many(folder: &Path, extent: &Extent, report: &mut Report) -> World {
    let mut district = District::start(&folder.join("many-district"));
    let mut near = Laptop::enrol(&folder.join("many-near"), &district.code(), 1);
    let records = near.create(0, extent.many);
    let mut floor = Floor::start(&folder.join("many-floor"));
    let mut from = Client::new(&folder.join("many-from"), &floor.address);
    for some in records.chunks(10_000) {
        from.save(&pending(&near, some));
    }
    let worked = floor.worked() + process::worked();
    let (push, batch) = from.push();
    let floor_worked = floor.worked() + process::worked() - worked;
    let worked = district.worked() + process::worked();
    let (up, sent) = near.exchange();
    let ours_worked = district.worked() + process::worked() - worked;
    assert_eq!(sent.pushed, extent.many, "every record has gone");
    let rate = |time: Duration| extent.many as f64 / time.as_secs_f64();
    report.ratio("push of new records", AtLeast(0.5), rate(push), rate(up), "records/s");
    report.note("  by processor time, both sides", Some(rate(floor_worked)), Some(rate(ours_worked)), "records/s");
    report.note("  bytes for each of them, the floor's batch", Some(batch as f64 / extent.many as f64), None, "bytes");

    let (mut pulls, mut fills) = (Vec::new(), Vec::new());
    let (mut work_pulls, mut work_fills) = (Vec::new(), Vec::new());
    for round in 0..extent.rounds.min(3) {
        let mut to = Client::new(&folder.join(format!("many-to-{round}")), &floor.address);
        let worked = floor.worked() + process::worked();
        let (pull, count, _) = to.pull();
        work_pulls.push(rate(floor.worked() + process::worked() - worked));
        assert_eq!(count as u64, extent.many, "every record has come");
        let seed = u8::try_from(round + 10).expect("small");
        let mut new = Laptop::enrol(&folder.join(format!("many-new-{round}")), &district.code(), seed);
        let worked = district.worked() + process::worked();
        let (fill, filled) = new.fill();
        work_fills.push(rate(district.worked() + process::worked() - worked));
        assert_eq!(filled, extent.many, "every record has come");
        pulls.push(rate(pull));
        fills.push(rate(fill));
        if round == 0 {
            let (rest, report_of_rest) = new.exchange();
            report.note(
                "  then their history",
                None,
                Some(report_of_rest.past as f64 / rest.as_secs_f64()),
                "entries/s",
            );
            assert_eq!(new.state(), near.state(), "both know the same");
            let indexed = new.index();
            report.note("  then lists and search", None, Some(extent.many as f64 / indexed.as_secs_f64()), "records/s");
        }
    }
    report.ratio("first fill of a second laptop", AtLeast(1.0), median(&pulls), median(&fills), "records/s");
    let (work_pull, work_fill) = (Some(median(&work_pulls)), Some(median(&work_fills)));
    report.note("  by processor time, both sides", work_pull, work_fill, "records/s");
    report.note("memory of the district, many records", Some(floor.peak()), Some(district.peak()), "MB");
    World { district, laptop: near, records }
}

/// The cost of a small exchange must not grow with what is stored.
fn flat(worlds: Vec<(u64, World)>, report: &mut Report) {
    let mut least: Option<f64> = None;
    for (stored, mut world) in worlds {
        let mut worked = Vec::new();
        let times: Vec<Duration> = (0..21_u64)
            .map(|round| {
                let at = usize::try_from(round * 37).expect("small");
                let ten: Vec<RecordId> = world.records.iter().skip(at).take(10).copied().collect();
                world.laptop.edit(2_000_000 + round * 10, &ten);
                let before = world.district.worked() + process::worked();
                let (time, sent) = world.laptop.exchange();
                worked.push(world.district.worked() + process::worked() - before);
                assert_eq!(sent.pushed, 10, "ten edits");
                time
            })
            .collect();
        let what = format!("exchange of 10 changes, {stored} records stored");
        match least {
            None => report.note(&what, None, Some(ms(&times)), "ms"),
            Some(least) => report.ratio(&what, AtMost(1.5), least, ms(&times), "ms"),
        }
        report.note("  processor time for it, both sides", None, Some(ms(&worked)), "ms");
        least = Some(least.unwrap_or(f64::INFINITY).min(ms(&times)));
    }
}

/// The changes that wait in the outbox of a laptop for these records: the last of each.
fn pending(laptop: &Laptop, records: &[RecordId]) -> Vec<Change> {
    let one = |id: &RecordId| laptop.store.pending(*id).expect("read").pop().expect("a change").change;
    records.iter().map(one).collect()
}

/// The changes that made these records, of a laptop that has sent them.
fn changes(laptop: &Laptop, records: &[RecordId]) -> Vec<Change> {
    let one = |id: &RecordId| laptop.store.history(*id).expect("read").swap_remove(0).change;
    records.iter().map(one).collect()
}

fn ms(times: &[Duration]) -> f64 {
    let times: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1e3).collect();
    median(&times)
}

fn median(figures: &[f64]) -> f64 {
    let mut figures = figures.to_vec();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
