//! Photos from a phone, over real HTTP, into a record of a real laptop.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};

use app::{PhoneEnd, PhoneNews, PhoneTerms};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::camera::Snap;
use crate::world::{World, add_works, code_of, fields};

/// A status and a body.
fn ask(host: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> (u16, String, String) {
    let mut head =
        format!("POST {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let mut stream = TcpStream::connect(host).expect("the door is open");
    stream.write_all(format!("{head}\r\n").as_bytes()).and_then(|()| stream.write_all(body)).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, head.to_owned(), body.to_owned())
}

#[test]
fn a_photo_from_a_phone_is_the_records_byte_for_byte_with_all_that_the_camera_wrote() {
    let world = World::new();
    let mut laptop = world.laptop("甲");
    let works = add_works(&mut laptop, "污水管网").id;
    let spot = laptop.add("spot", fields(json!({"works": works.to_string(), "name": "村口"}))).expect("saved").id;
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hear = Arc::clone(&heard);
    let terms = PhoneTerms { listen: SocketAddr::from(([127, 0, 0, 1], 0)), ..PhoneTerms::default() };
    let told = move |news: PhoneNews| hear.lock().expect("no panic").push(news);
    let door = laptop.open_to_phone_at(terms, spot, Some("after"), told).expect("a door");
    assert!(door.view.addresses[0].svg.contains("<svg"), "there is something to scan");
    let url = door.view.addresses[0].url.clone();
    let (host, token) = url.trim_start_matches("http://").split_once('/').expect("a token");
    let (status, head, body) = ask(host, "/do/begin", &[("x-token", token)], b"");
    assert!(status == 200 && body.contains("村口") && body.contains("\"chosen\":\"after\""), "{body}");
    let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a session");
    let cookie = cookie.split(';').next().expect("a pair").to_owned();

    let photo =
        Snap { scene: 7, taken: Some("2026:05:03 09:12:33"), at: Some((120.3, 33.4)), ..Snap::default() }.press();
    let send = |set: &str, name: &str, bytes: &[u8]| {
        let (status, _, body) = ask(host, "/do/photo", &[("cookie", &cookie), ("x-set", set), ("x-name", name)], bytes);
        (status, body)
    };
    let (status, said) = send("after", "IMG_1.jpg", &photo);
    assert!(status == 200 && said.contains("2026-05-03T09:12:33") && said.contains("\"place\":true"), "{said}");
    assert!(send("after", "again.jpg", &photo).1.contains("\"same\":true"), "one that is there is not kept twice");
    let (status, said) = send("after", "virus.jpg", b"MZ\x90\0 this is a program");
    assert!(status == 422 && said.contains("notAPhoto") && said.contains("不是照片"), "{said}");
    assert_eq!(send("note", "a.jpg", &photo).0, 400, "a field that holds no photos is no place for them");

    let kept = laptop.attachments(spot, "after").expect("a list");
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].sha256, hex::encode(Sha256::digest(&photo)), "the very bytes that the phone had");
    assert_eq!((kept[0].name.as_str(), kept[0].here), ("IMG_1.jpg", true));
    assert!(kept[0].taken.is_some(), "with what its camera wrote");
    drop(door);
    let heard = heard.lock().expect("no panic");
    assert_eq!(heard.last(), Some(&PhoneNews::Ended { by: PhoneEnd::Laptop, count: 2 }));
}

#[test]
fn no_door_is_opened_for_what_may_have_no_photos() {
    let world = World::new();
    let mut laptop = world.laptop("甲");
    let works = add_works(&mut laptop, "污水管网").id;
    assert_eq!(code_of(laptop.open_to_phone(works, Some("name"), |_| {}).map(drop)), "unknownField");
    laptop.delete(works).expect("deleted");
    assert!(laptop.open_to_phone(works, None, |_| {}).is_err(), "a record that is gone");
}
