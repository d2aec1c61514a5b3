//! The door, knocked at over real HTTP: by a phone, and by everybody else.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use handover::{Desk, End, Handover, Kept, News, NotKept, Photo, PhotoSet, Terms, open};

const PATIENCE: Duration = Duration::from_secs(20);

/// An open door, what came through it, and what its laptop heard.
struct Room {
    door: Option<Handover>,
    host: String,
    token: String,
    came: Arc<Mutex<Vec<Photo>>>,
    news: Mutex<Receiver<News>>,
}

/// A status, the headers and the body.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Room {
    fn new(terms: &Terms) -> Self {
        let came = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&came);
        let keep = Arc::new(move |photo: Photo| {
            if !photo.bytes.starts_with(&[0xFF, 0xD8]) {
                return Err(NotKept::new("notAPicture", "不是照片".into(), "no picture".into()));
            }
            kept.lock().expect("no panic").push(photo);
            Ok(Kept { same: false, taken: None, place: false })
        });
        let (tell, news) = channel();
        let tell = Mutex::new(tell);
        let told = Arc::new(move |news| {
            let _ = tell.lock().expect("no panic").send(news);
        });
        let set = |name: &str| PhotoSet { name: name.into(), zh: "整治前".into(), en: "Before".into() };
        let desk = Desk { title: "村口".into(), sets: vec![set("before"), set("after")], chosen: "after".into() };
        let terms = Terms { listen: SocketAddr::from(([127, 0, 0, 1], 0)), ..terms.clone() };
        let door = open(terms, desk, keep, told).expect("the door opens");
        let (host, token) = door.urls[0].trim_start_matches("http://").split_once('/').expect("a token");
        let (host, token) = (host.to_owned(), token.to_owned());
        Self { door: Some(door), host, token, came, news: Mutex::new(news) }
    }

    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.ask_as(&self.host, method, path, headers, body)
    }

    fn ask_as(&self, host: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
        if method == "POST" && !headers.iter().any(|(name, _)| *name == "content-length") {
            head.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let mut stream = TcpStream::connect(&self.host).expect("the door is open");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream.write_all(format!("{head}\r\n").as_bytes()).expect("sent");
        let _ = stream.write_all(body); // One that is refused by its head is not read to its end.
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Answer { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    /// Begins as a phone does; its cookie.
    fn begin(&self) -> String {
        let answer = self.ask("POST", "/do/begin", &[("x-token", &self.token)], b"");
        assert_eq!(answer.status, 200, "{}", answer.body);
        let line = answer.head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a session");
        line.split(';').next().expect("a pair").to_owned()
    }

    fn send(&self, cookie: &str, name: &str, set: &str, bytes: &[u8]) -> Answer {
        self.ask("POST", "/do/photo", &[("cookie", cookie), ("x-name", name), ("x-set", set)], bytes)
    }

    fn came(&self) -> usize {
        self.came.lock().expect("no panic").len()
    }

    /// The end, when it comes.
    fn end(&self) -> News {
        let news = self.news.lock().expect("no panic");
        loop {
            let one = news.recv_timeout(PATIENCE).expect("the door is shut in time");
            if matches!(one, News::Ended { .. }) {
                return one;
            }
        }
    }
}

const JPEG: &[u8] = &[0xFF, 0xD8, 0xFF, 0xE1, 0x00, 0x10, 1, 2, 3, 0, 255, 128, 13, 10, 13, 10];

#[test]
fn a_phone_opens_the_page_sends_photos_byte_for_byte_and_ends() {
    let room = Room::new(&Terms::default());
    let page = room.ask("GET", &format!("/{}", room.token), &[], b"");
    assert_eq!(page.status, 200);
    assert!(page.head.contains("default-src 'none'"), "the page takes nothing from elsewhere: {}", page.head);
    assert!(!page.body.contains("http"), "and names nothing elsewhere: there is no internet");
    for file in ["/page/page.js", "/page/page.css"] {
        assert_eq!(room.ask("GET", file, &[], b"").status, 200, "{file}");
    }
    let cookie = room.begin();
    let name = "%E6%9D%91%E5%8F%A3%201.jpg";
    assert_eq!(room.send(&cookie, name, "after", JPEG).status, 200);
    assert_eq!(room.send(&cookie, name, "before", &[JPEG, JPEG].concat()).status, 200, "several may come");
    {
        let came = room.came.lock().expect("no panic");
        assert_eq!((came[0].name.as_str(), came[0].set.as_str()), ("村口 1.jpg", "after"));
        assert_eq!((came[0].bytes.as_slice(), came[1].bytes.len()), (JPEG, 2 * JPEG.len()), "untouched");
    }
    assert_eq!(room.ask("POST", "/do/end", &[("cookie", &cookie)], b"").status, 204);
    assert_eq!(room.end(), News::Ended { by: End::Phone, count: 2 });
    assert!(TcpStream::connect(&room.host).is_err(), "and nobody comes in any more");
}

#[test]
fn the_token_is_good_for_one_phone_and_looking_at_the_page_does_not_spend_it() {
    let room = Room::new(&Terms::default());
    for _ in 0..3 {
        assert_eq!(room.ask("GET", &format!("/{}", room.token), &[], b"").status, 200);
    }
    let cookie = room.begin();
    let second = room.ask("POST", "/do/begin", &[("x-token", &room.token)], b"");
    assert_eq!((second.status, second.body.contains("tokenUsed")), (403, true), "{}", second.body);
    let reload = room.ask("POST", "/do/begin", &[("x-token", &room.token), ("cookie", &cookie)], b"");
    assert_eq!(reload.status, 200, "the same phone may load its page again");
}

#[test]
fn who_has_no_token_or_no_session_gets_nothing_in() {
    let room = Room::new(&Terms::default());
    let wrong = "a".repeat(room.token.len());
    assert_eq!(room.ask("GET", &format!("/{wrong}"), &[], b"").status, 404, "a wrong token opens no page");
    assert_eq!(room.ask("POST", "/do/begin", &[("x-token", &wrong)], b"").status, 404, "and begins nothing");
    assert_eq!(room.ask("POST", "/do/begin", &[], b"").status, 404);
    assert_eq!(room.send("nonghuan=", "a.jpg", "after", JPEG).status, 403, "no session before anybody began");
    let cookie = room.begin();
    let guess = format!("nonghuan={}", "a".repeat(cookie.len() - 9));
    assert_eq!(room.send(&guess, "a.jpg", "after", JPEG).status, 403, "a guessed session");
    assert_eq!(room.ask("POST", "/do/end", &[("cookie", &guess)], b"").status, 403, "cannot shut the door either");
    let elsewhere = room.ask_as("district.example", "GET", &format!("/{}", room.token), &[], b"");
    assert_eq!(elsewhere.status, 403, "a name that somebody else made point here");
    for path in ["/", "/../secret", "/%2e%2e/%2e%2e/etc/passwd", "/page/../../Cargo.toml", "/do/photo"] {
        assert!(room.ask("GET", path, &[], b"").status >= 400, "{path}");
    }
    assert_eq!(room.came(), 0);
}

#[test]
fn what_is_too_large_no_picture_cut_short_or_meant_for_elsewhere_is_refused_and_the_next_goes_on() {
    let room = Room::new(&Terms { longest: 1_000, files: 2, ..Terms::default() });
    let cookie = room.begin();
    assert_eq!(room.send(&cookie, "a.jpg", "after", &[0xFF; 1_001]).status, 413);
    let no_picture = room.send(&cookie, "a.jpg", "after", b"MZ and more");
    assert_eq!((no_picture.status, no_picture.body.contains("notAPicture")), (422, true), "{}", no_picture.body);
    assert_eq!(room.send(&cookie, "a.jpg", "no_such_set", JPEG).status, 400);
    let headers = [("cookie", cookie.as_str()), ("x-name", "a.jpg"), ("x-set", "after")];
    let endless = [&headers[..], &[("transfer-encoding", "chunked"), ("content-length", "")]].concat();
    assert!(room.ask("POST", "/do/photo", &endless, b"5\r\n12345\r\n").status >= 400, "a body without a length");
    let lie = [&headers[..], &[("content-length", "99999999999999999999")]].concat();
    assert!(room.ask("POST", "/do/photo", &lie, JPEG).status >= 400, "a length that is none");
    assert_eq!(room.came(), 0, "none of it came in");

    let tricks = ["..%2F..%2Fetc%2Fpasswd", "C%3A%5CWindows%5C..%5Cx.jpg%00%0A"];
    for name in tricks {
        assert_eq!(room.send(&cookie, name, "after", JPEG).status, 200);
    }
    let names: Vec<String> = room.came.lock().expect("no panic").iter().map(|photo| photo.name.clone()).collect();
    assert_eq!(names, ["passwd", "x.jpg"], "a name is the last part of a path, and no path");
    assert_eq!(room.send(&cookie, "c.jpg", "after", JPEG).status, 429, "no more than was agreed");
}

#[test]
fn the_door_shuts_by_itself_when_nothing_comes_and_at_once_when_the_laptop_says_so() {
    let room = Room::new(&Terms { idle: Duration::from_millis(300), ..Terms::default() });
    assert_eq!(room.end(), News::Ended { by: End::Time, count: 0 });
    let mut room = Room::new(&Terms::default());
    drop(room.door.take());
    assert_eq!(room.end(), News::Ended { by: End::Laptop, count: 0 });
}
