//! The real window, used as a township clerk uses it: with the PIN, the mouse
//! and the keyboard, and no other way in.

use nonghuan_tests::{Browser, District, Laptop, Programs, Screen, YANDONG, sample};
use serde_json::json;
use tempfile::TempDir;

/// A window over an enrolled laptop.
struct Desk {
    // Before the district and the folder, so that it closes first.
    window: Browser,
    laptop: Laptop,
    _screen: Screen,
    _district: District,
    _folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let programs = Programs::built().expect("the programs build");
        let folder = TempDir::new().expect("a folder");
        let district = District::start(&programs, &folder.path().join("district")).expect("the district starts");
        district.load_places(&sample("places.csv")).expect("the places are loaded");
        let laptop = Laptop::new(&programs, &folder.path().join("laptop"));
        laptop.enrol(&district.code(YANDONG, "clerk").expect("a code"), "样例用户").expect("enrolled");
        laptop.ask(&["sync"]).expect("the villages arrive");
        let village = laptop.find("village", "code", "320902107200").expect("中东村 is here");
        laptop
            .add("works", &[&format!("village={village}"), "name=终端里登记的工程", "category=sewage"])
            .expect("saved in the terminal");
        let screen = Screen::hidden().expect("a virtual screen");
        let data = laptop.folder().to_string_lossy().into_owned();
        let program = programs.path("nonghuan-desktop");
        let window = Browser::open(&screen, &program, &[("NONGHUAN_DATA", &data)]).expect("the window opens");
        Self { window, laptop, _screen: screen, _district: district, _folder: folder }
    }

    fn unlock(&self, pin: &str) {
        self.window.fill("[data-testid=pin]", pin).expect("a field for the PIN");
        self.window.click("[data-testid=unlock]", "").expect("a button to unlock");
    }

    fn choose(&self, field: &str, option: &str) {
        self.window.click(&format!("[data-testid=field-{field}]"), "").expect("the list opens");
        self.window.click("[data-testid^=option-]", option).expect("the option is offered");
    }
}

#[test]
fn a_clerk_unlocks_sees_the_works_and_adds_one() {
    let desk = Desk::new();
    let window = &desk.window;
    desk.unlock("000000");
    window.wait_for_words("PIN 不对").expect("the wrong PIN is answered");
    let closed = window.words().expect("the page");
    assert!(!closed.contains("终端里登记的工程"), "a wrong PIN shows nothing: {closed}");

    desk.unlock(nonghuan_tests::PIN);
    window.click("[data-testid=nav-works]", "").expect("the way to the works");
    window.wait_for_words("终端里登记的工程").expect("what the terminal saved is in the window");

    window.click("[data-testid=new-works]", "").expect("a button for a new works");
    // 𠮷 lies beyond the basic plane, as some village names do.
    window.fill("[data-testid=field-name]", "窗口里登记的𠮷工程").expect("the name");
    desk.choose("village", "中东");
    desk.choose("category", "黑臭水体");
    window.fill("[data-testid=field-contract_amount]", "12.5万元").expect("the amount");
    window.click("[data-testid=save]", "").expect("the save button");
    window
        .wait_for("the words that it is saved", "return document.querySelector('[data-testid=saved]') !== null", &[])
        .expect("saved");

    let id = desk.laptop.find("works", "name", "窗口里登记的𠮷工程").expect("the terminal sees it at once");
    let shown = desk.laptop.ask(&["show", &id]).expect("the record");
    assert_eq!(shown["fields"]["category"], json!("black_odour"));
    assert_eq!(shown["fields"]["contract_amount"], json!(12_500_000), "typed in 万元, kept in 分");
    assert_eq!(shown["sync"], "saved", "and it waits for the line");
}
