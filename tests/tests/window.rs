//! The real window, used as a township clerk uses it: with the PIN, the mouse
//! and the keyboard, and no other way in.

use nonghuan_tests::{Browser, District, Laptop, PIN, Programs, Screen, YANDONG, sample};
use serde_json::json;
use tempfile::TempDir;

/// A district and an enrolled laptop, over which a window can be opened.
struct Office {
    programs: Programs,
    district: District,
    laptop: Laptop,
    /// A works that was saved in the terminal.
    works: String,
    folder: TempDir,
}

/// An open window, on a screen of its own.
struct Desk {
    // Before the screen, so that it closes first.
    window: Browser,
    _screen: Screen,
}

impl Office {
    fn new() -> Self {
        let programs = Programs::built().expect("the programs build");
        let folder = TempDir::new().expect("a folder");
        let district = District::start(&programs, &folder.path().join("district")).expect("the district starts");
        district.load_places(&sample("places.csv")).expect("the places are loaded");
        let laptop = Laptop::new(&programs, &folder.path().join("laptop"));
        let mut office = Self { programs, district, laptop, works: String::new(), folder };
        office.enrol(&office.laptop);
        let village = office.laptop.find("village", "code", "320902107200").expect("中东村 is here");
        let fields = [&format!("village={village}"), "name=终端里登记的工程", "category=sewage"];
        office.works = office.laptop.add("works", &fields).expect("saved in the terminal");
        office
    }

    fn enrol(&self, laptop: &Laptop) {
        laptop.enrol(&self.district.code(YANDONG, "clerk").expect("a code"), "样例用户").expect("enrolled");
        laptop.ask(&["sync"]).expect("the villages arrive");
    }

    fn open(&self) -> Desk {
        let screen = Screen::hidden().expect("a virtual screen");
        let data = self.laptop.folder().to_string_lossy().into_owned();
        let program = self.programs.path("nonghuan-desktop");
        // A home of its own: what the window remembers, and where it would put files.
        let home = self.folder.path().to_string_lossy().into_owned();
        let environment = [("NONGHUAN_DATA", data.as_str()), ("HOME", &home)];
        let window = Browser::open(&screen, &program, &environment).expect("the window opens");
        Desk { window, _screen: screen }
    }
}

impl Desk {
    fn unlock(&self, pin: &str) {
        self.window.fill(&named("pin"), pin).expect("a field for the PIN");
        self.click("unlock");
    }

    fn click(&self, name: &str) {
        self.window.click(&named(name), "").unwrap_or_else(|why| panic!("{name}: {why}"));
    }

    fn fill(&self, name: &str, text: &str) {
        self.window.fill(&named(name), text).unwrap_or_else(|why| panic!("{name}: {why}"));
    }

    fn choose(&self, field: &str, option: &str) {
        self.click(&format!("field-{field}"));
        self.window.click("[data-testid^=option-]", option).expect("the option is offered");
    }

    fn sees(&self, words: &str) {
        self.window.wait_for_words(words).unwrap_or_else(|why| panic!("{words}: {why}"));
    }

    fn appears(&self, css: &str) {
        let script = "return document.querySelector(arguments[0]) !== null";
        self.window.wait_for(css, script, &[json!(css)]).unwrap_or_else(|why| panic!("{css}: {why}"));
    }

    fn disappears(&self, css: &str) {
        let script = "return document.querySelector(arguments[0]) === null";
        self.window.wait_for(css, script, &[json!(css)]).unwrap_or_else(|why| panic!("{css} stays: {why}"));
    }
}

fn named(name: &str) -> String {
    format!("[data-testid={name}]")
}

#[test]
fn a_clerk_unlocks_sees_the_works_and_adds_one() {
    let office = Office::new();
    let desk = office.open();
    desk.unlock("000000");
    desk.sees("PIN 不对");
    let closed = desk.window.words().expect("the page");
    assert!(!closed.contains("终端里登记的工程"), "a wrong PIN shows nothing: {closed}");

    desk.unlock(PIN);
    desk.click("nav-works");
    desk.sees("终端里登记的工程");

    desk.click("new-works");
    // 𠮷 lies beyond the basic plane, as some village names do.
    desk.fill("field-name", "窗口里登记的𠮷工程");
    desk.choose("village", "中东");
    desk.choose("category", "黑臭水体");
    desk.fill("field-contract_amount", "12.5万元");
    desk.click("save");
    desk.appears(&named("saved"));

    let id = office.laptop.find("works", "name", "窗口里登记的𠮷工程").expect("the terminal sees it at once");
    let shown = office.laptop.ask(&["show", &id]).expect("the record");
    assert_eq!(shown["fields"]["category"], json!("black_odour"));
    assert_eq!(shown["fields"]["contract_amount"], json!(12_500_000), "typed in 万元, kept in 分");
    assert_eq!(shown["sync"], "saved", "and it waits for the line");
}

#[test]
fn what_was_typed_and_not_saved_is_offered_when_the_window_is_opened_again() {
    let office = Office::new();
    let typed = "窗口关了也还在的工程";
    let desk = office.open();
    desk.unlock(PIN);
    desk.click("nav-works");
    desk.click("new-works");
    desk.fill("field-name", typed);
    desk.appears("[data-testid=unsaved][data-draft=written]");
    let own = desk.window.script("return JSON.stringify(localStorage)", &[]).expect("the window's own storage");
    assert!(!own.to_string().contains(typed), "which is not encrypted, so nothing typed lies there: {own}");
    drop(desk);

    let desk = office.open();
    desk.unlock(PIN);
    desk.click("nav-works");
    desk.click("new-works");
    desk.window.click(&format!("{} button", named("draft-offer")), "接着改").expect("the draft is offered");
    let value = format!("return document.querySelector({:?}).value === arguments[0]", named("field-name"));
    desk.window.wait_for("what was typed", &value, &[json!(typed)]).expect("it stands in its field again");
    desk.choose("village", "中东");
    desk.choose("category", "黑臭水体");
    desk.click("save");
    desk.appears(&named("saved"));
    office.laptop.find("works", "name", typed).expect("and is a record once it is saved");
}

#[test]
fn progress_goes_in_with_its_photo_and_on_to_the_district() {
    let office = Office::new();
    let desk = office.open();
    desk.unlock(PIN);
    desk.click("nav-works");
    desk.window.click("a", "终端里登记的工程").expect("a link to the works");
    desk.click("tab-progress");
    desk.click("new-progress");
    desk.fill("field-date", "2026-06-02");
    desk.fill("field-percent", "35");
    desk.fill("field-note", "基坑开挖");
    let photo = sample("photos/sewage-during.jpg");
    desk.window.choose_files(&named("progress-photos"), &[&photo]).expect("the photo is chosen");
    desk.sees("已选 1 张");
    desk.window.click(".el-dialog [data-testid=save]", "").expect("saved with its photo");
    desk.sees("35%");
    desk.disappears(".el-dialog [data-testid=save]");

    desk.click("nav-sync");
    desk.click("sync-now");
    desk.appears(&named("sync-result"));
    let there = office.district.list("progress").expect("the district's list");
    assert_eq!(there.len(), 1, "the entry is at the district");
    let photos = there[0]["fields"]["photos"].as_array().expect("with its photo");
    assert_eq!(photos[0]["name"], "sewage-during.jpg");
    let due = office.laptop.ask(&["status"]).expect("a status")["attachments"]["files"].clone();
    assert_eq!(due, json!(0), "and its bytes have arrived");
}

#[test]
fn a_table_is_checked_agreed_to_and_taken_back_as_one_step() {
    let office = Office::new();
    let count = || office.laptop.ask(&["list", "works"]).expect("the works")["total"].clone();
    let desk = office.open();
    desk.unlock(PIN);
    desk.click("nav-works");
    desk.click("import");
    desk.appears(&named("import-choose"));
    desk.window.choose_files(&named("import-file"), &[&sample("works-盐东镇.xlsx")]).expect("the table is chosen");
    desk.appears(&named("rows-new"));
    let page = desk.window.words().expect("the page");
    assert!(page.contains("不能收") || page.contains("待定"), "the row whose village is in no list is named: {page}");
    assert_eq!(count(), json!(1), "nothing is written before the person agrees");

    desk.click("import-confirm");
    desk.appears(&named("import-done"));
    assert_eq!(count(), json!(12), "the eleven good rows beside what was there");

    desk.click("undo-import");
    desk.window.click(".el-message-box__btns button", "撤销这次导入").expect("asked once more");
    desk.appears(&named("import-undone"));
    assert_eq!(count(), json!(1), "as one step, and what was there before stays");
}

#[test]
fn both_values_of_a_conflict_are_shown_and_one_is_chosen() {
    let office = Office::new();
    office.laptop.ask(&["sync"]).expect("the works is at the district");
    let other = Laptop::new(&office.programs, &office.folder.path().join("other"));
    office.enrol(&other);
    other.ask(&["set", &office.works, "contract_amount=31.00万元"]).expect("one value");
    other.ask(&["sync"]).expect("comes first");
    office.laptop.ask(&["set", &office.works, "contract_amount=32.00万元"]).expect("another value");

    let desk = office.open();
    desk.unlock(PIN);
    desk.click("nav-sync");
    desk.click("sync-now");
    desk.appears("[data-testid^=conflict-]");
    let page = desk.window.words().expect("the page").replace(',', "");
    for value in ["310000", "320000"] {
        assert!(page.contains(value), "{value} is shown: {page}");
    }
    desk.click("take-parked");
    desk.click("settle");
    desk.disappears("[data-testid^=conflict-]");
    desk.click("sync-now");

    let settled = || {
        other.ask(&["sync"]).expect("the other laptop hears of it");
        let shown = other.ask(&["show", &office.works]).expect("the works");
        (shown["fields"]["contract_amount"] == json!(32_000_000)).then_some(shown)
    };
    let patience = std::time::Duration::from_secs(30);
    let shown = nonghuan_tests::until("the choice at the other laptop", patience, settled).expect("it arrives");
    assert_eq!(shown["conflicts"], json!([]), "and nothing is left to decide");
}

#[test]
fn an_application_is_compiled_and_a_changed_package_is_found_out() {
    let office = Office::new();
    let works = format!("works=[\"{}\"]", office.works);
    let fields = ["name=窗口里编制的申报（样例）", "year=2026", "programme=以奖促治", &works, "requested=10万元"];
    office.laptop.add("application", &fields).expect("saved");
    let desk = office.open();
    desk.unlock(PIN);
    desk.click("nav-applications");
    desk.window.click("a", "窗口里编制的申报").expect("a link to the application");
    let offered = "return document.querySelector(arguments[0])?.value";
    let path = named("compile-path");
    desk.window.wait_for("a path that is offered", offered, &[json!(path)]).expect("a path to begin with");
    let package = office.folder.path().join("申报.zip");
    desk.fill("compile-path", &package.to_string_lossy());
    desk.click("compile");
    desk.appears(&named("compiled"));
    desk.click("verify");
    desk.appears("[data-testid=verified][data-ok=true]");

    let mut bytes = std::fs::read(&package).expect("the package is where it was asked for");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&package, bytes).expect("one bit is changed");
    desk.click("verify");
    desk.appears("[data-testid=verified][data-ok=false]");
}
