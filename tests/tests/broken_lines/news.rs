//! News: who listens hears within a second, also after the server was away, and
//! several programs on one laptop's folder do not fight.

use std::time::{Duration, Instant};

use nonghuan_tests::{Laptop, until};
use serde_json::{Value, json};

use crate::world::{World, add_works, rounds, said, times_written};

/// Waits until the record is in the laptop's list; how long it took.
fn appears(laptop: &Laptop, id: &str, from: Instant) -> Duration {
    until("the news to appear", Duration::from_secs(60), || {
        let works = laptop.list("works").ok()?;
        works.iter().any(|record| record["id"] == id).then_some(())
    })
    .expect("it appears");
    from.elapsed()
}

#[test]
fn who_listens_hears_within_a_second_also_after_the_server_was_away() {
    let mut world = World::new();
    let (a, listener) = (world.laptop("甲"), world.laptop("乙"));
    let mut watch = listener.start(&["sync", "--watch"]).expect("it listens");
    let mut took = Vec::new();
    for n in 0..6 {
        let id = add_works(&a, &format!("工程{n}"));
        let from = Instant::now();
        a.ask(&["sync"]).expect("sent");
        took.push(appears(&listener, &id, from));
    }
    said(&format!("from the beginning of one laptop's exchange to the other's list: {took:?}"));
    // The first may find the listener not listening yet; others may find the machine busy with other tests.
    let quickest = took.iter().skip(1).min().expect("there were some");
    assert!(*quickest < Duration::from_secs(2), "news takes no two seconds: {took:?}");

    world.district.kill();
    let id = add_works(&a, "服务器停时的工程");
    assert_eq!(a.refused(&["sync"]).expect("nobody answers").code, "unreachable");
    world.district.start_again().expect("the district comes back");
    let from = Instant::now();
    a.ask(&["sync"]).expect("sent");
    said(&format!("after the server was away: {:?}", appears(&listener, &id, from)));
    assert!(watch.runs(), "a server that is away ends no listener");
    watch.kill();
    world.settle(&[&a, &listener]);
    world.agree(&[&a, &listener]);
}

#[test]
fn programs_on_one_laptop_do_not_fight() {
    let world = World::new();
    let (a, b) = (world.laptop("甲"), world.laptop("乙"));
    let common = add_works(&a, "共同工程");
    let mut watches = [a.start(&["sync", "--watch"]), a.start(&["sync", "--watch"])].map(|it| it.expect("it listens"));
    let times = rounds(8);
    std::thread::scope(|scope| {
        for hand in ["左", "右"] {
            let (a, common) = (&a, &common);
            scope.spawn(move || {
                for n in 0..times {
                    let id = add_works(a, &format!("{hand}{n}"));
                    a.ask(&["set", &id, &format!("content={hand}{n}")]).expect("saved beside the others");
                    a.ask(&["set", common, &format!("content={hand}{n}")]).expect("saved beside the others");
                    a.ask(&["sync"]).expect("one exchange at a time, and each gets its turn");
                }
            });
        }
    });
    until("the listeners to have sent everything", Duration::from_secs(30), || {
        (a.ask(&["status"]).ok()?["pending"] == json!(0)).then_some(())
    })
    .expect("everything is sent");
    for watch in &mut watches {
        assert!(watch.runs(), "nobody was pushed out");
        watch.kill();
    }
    world.settle(&[&a, &b]);
    world.agree(&[&a, &b]);
    let works = b.list("works").expect("a list");
    assert_eq!(works.len() as u64, 2 * times + 1, "each works once");
    for n in 0..times {
        for hand in ["左", "右"] {
            let written: Vec<Value> = times_written(&b, &common, "content", &format!("{hand}{n}"));
            assert_eq!(written.len(), 1, "{hand}{n} has one place in the log: {written:?}");
            assert_ne!(written[0]["verdict"], "conflict", "one laptop is not in conflict with itself");
        }
    }
}
