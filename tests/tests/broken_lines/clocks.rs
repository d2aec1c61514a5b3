//! Wrong clocks: a laptop that is years off exchanges like any other, is told so,
//! and what it wrote is marked.

use serde_json::{Value, json};

use crate::world::{World, add_works, times_written};

const DAY: i64 = 86_400;

#[test]
fn a_laptop_whose_clock_is_years_off_exchanges_all_the_same_and_its_times_are_marked() {
    let world = World::new();
    let (a, b) = (world.laptop("甲"), world.laptop("乙"));
    let skew = |value: &Value| value.as_i64().map(|seconds| (seconds + DAY / 2).div_euclid(DAY));
    let common = add_works(&a, "共同工程");
    world.settle(&[&a, &b]);
    // Behind, ahead, and right again: a clock that jumps.
    for (off, days) in [("-2000d", -2_000), ("+7000d", 7_000)] {
        let off_laptop = a.with_clock(off);
        let id = add_works(&off_laptop, &format!("时钟差{off}的工程"));
        off_laptop.ask(&["set", &common, &format!("content={off}")]).expect("saved");
        let report = off_laptop.ask(&["sync"]).expect("a wrong clock is no reason not to exchange");
        assert_eq!(skew(&report["clockSkew"]), Some(days), "the report says by how much: {report}");
        assert_eq!(report["verdicts"]["accepted"], json!(2), "time decides nothing: {report}");
        let status = off_laptop.ask(&["status"]).expect("a status");
        assert_eq!(skew(&status["clockSkew"]), Some(days), "and so does the status: {status}");
        b.ask(&["sync"]).expect("exchanged");
        for laptop in [&off_laptop, &b] {
            for (record, field, value) in
                [(&id, "name", format!("时钟差{off}的工程")), (&common, "content", off.into())]
            {
                let written = times_written(laptop, record, field, &value);
                assert_eq!(written.len(), 1, "{value} was written once");
                assert_eq!(skew(&written[0]["skew"]), Some(days), "its time is marked: {written:?}");
            }
        }
        b.ask(&["set", &common, &format!("content=后于{off}")]).expect("saved");
        b.ask(&["sync"]).expect("exchanged");
        let there = world.district.show(&common).expect("it is there");
        assert_eq!(there["fields"]["content"], format!("后于{off}"), "who has seen the last word has the next one");
        a.ask(&["sync"]).expect("the clock is right again");
    }
    let status = a.ask(&["status"]).expect("a status");
    assert_eq!(status["clockSkew"], Value::Null, "a clock that was set is no longer spoken of");
    let id = add_works(&a, "时钟对的工程");
    world.settle(&[&a, &b]);
    world.agree(&[&a, &b]);
    let written = times_written(&b, &id, "name", "时钟对的工程");
    assert_eq!(written[0]["skew"], Value::Null, "and its times count again");
}
