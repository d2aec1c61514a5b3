//! Full disks: what was acknowledged stays, the rest is refused by name, and
//! everything goes on once there is room.

use nonghuan_tests::{SmallDisk, sample};
use serde_json::json;

use crate::world::{World, add_works, id_of, village};

/// A disk in KiB: enough for the records, and quickly full.
const DISK: u64 = 24 << 10;

#[test]
fn a_laptops_full_disk_refuses_by_name_and_keeps_what_it_acknowledged() {
    let world = World::new();
    let disk = SmallDisk::new(&world.path("小盘"), DISK).expect("a small disk");
    let (a, b) = (world.laptop_on(&disk, "甲"), world.laptop("乙"));
    let id = add_works(&a, "有余地时的工程");
    let village = village(&a);
    let mut kept = 1;
    for leaving in [0, 64, 256] {
        disk.fill(leaving).expect("filled");
        let refused = loop {
            let name = format!("name=工程{kept}{}", "长名".repeat(2_000));
            match a.try_ask(&["add", "works", &village, &name, "category=sewage"]).expect("it ends as a program ends") {
                Ok(_) => kept += 1,
                Err(refused) => break refused,
            }
        };
        assert_eq!(refused.code, "diskFull", "with {leaving} KiB left it is the disk: {refused:?}");
        if leaving == 0 {
            let photo = sample("photos/ditch-before.jpg");
            let refused = a.refused(&["attach", &id, &photo.to_string_lossy()]).expect("no room for a photo");
            assert_eq!(refused.code, "diskFull", "{refused:?}");
            add_works(&b, "别处的工程");
            b.ask(&["sync"]).expect("the other's disk has room");
            assert_eq!(a.refused(&["sync"]).expect("no room for news").code, "diskFull");
        }
        disk.make_room().expect("room again");
        assert_eq!(a.list("works").expect("a list").len(), kept, "what was acknowledged stays, and nothing else");
    }
    a.attach(&id, &[sample("photos/ditch-before.jpg")]).expect("room again");
    world.settle(&[&a, &b]);
    world.agree(&[&a, &b]);
    assert_eq!(world.at_district("works").len(), kept + 1, "each works is there once");
}

#[test]
fn a_districts_full_disk_is_named_and_laptops_keep_everything_until_there_is_room() {
    let (mut world, disk) = World::on_small_disk(DISK);
    let (a, b) = (world.laptop("甲"), world.laptop("乙"));
    let list = sample("works-盐东镇.xlsx");
    for leaving in [0, 40] {
        disk.fill(leaving).expect("filled");
        a.ask(&["import", &list.to_string_lossy(), "--kind", "works"]).expect("the laptop has room");
        let id = add_works(&a, &format!("有照片的工程{leaving}"));
        let scan = world.path(&format!("扫描件{leaving}.bin"));
        std::fs::write(&scan, format!("第 {leaving} 份扫描件").repeat(10_000)).expect("the laptop has room");
        a.attach(&id, &[sample("photos/ditch-before.jpg"), scan]).expect("attached");
        b.ask(&["sync"]).expect("who has nothing to say may still listen");
        let refused = a.refused(&["sync"]).expect("the district has no room");
        assert_eq!(refused.code, "districtDiskFull", "{refused:?}");
        // Its write-ahead log has room of its own, so it may have kept the records, and no photo.
        let (there, works) = (world.at_district("works"), a.list("works").expect("a list"));
        let mut told = works.iter().filter(|works| works["sync"] == "district");
        assert!(
            told.all(|works| there.contains_key(id_of(works))),
            "nothing counts as synced that the district could not keep"
        );
        assert!(world.district.runs(), "a full disk does not end a server");
        let audit = world.district.audit().expect("the district's audit");
        assert_eq!(audit["ok"], json!(true), "nothing was kept by half: {}", audit["broken"]);
        if leaving > 0 {
            world.district.kill(); // And the power goes, in the midst of it.
        }
        disk.make_room().expect("room again");
        if leaving > 0 {
            world.district.start_again().expect("the district comes back");
        }
        world.settle(&[&a, &b]);
    }
    world.agree(&[&a, &b]);
    assert_eq!(world.at_district("works").len(), 11 + 2, "each works is there once");
}
