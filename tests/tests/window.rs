//! The real window, used as a township clerk uses it: with the PIN, the mouse
//! and the keyboard, and no other way in.

#[path = "window/desk.rs"]
mod desk;
#[path = "window/opened.rs"]
mod opened;
#[path = "window/troubles.rs"]
mod troubles;
#[path = "window/update.rs"]
mod update;

use std::io::{Read, Write};
use std::net::TcpStream;

use desk::{Office, named};
use nonghuan_tests::{Laptop, PIN, sample};
use serde_json::json;

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

    desk.click("new-record");
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
    desk.click("new-record");
    desk.fill("field-name", typed);
    desk.appears("[data-testid=unsaved][data-draft=written]");
    let own = desk.window.script("return JSON.stringify(localStorage)", &[]).expect("the window's own storage");
    assert!(!own.to_string().contains(typed), "which is not encrypted, so nothing typed lies there: {own}");
    drop(desk);

    let desk = office.open();
    desk.unlock(PIN);
    desk.click("nav-works");
    desk.click("new-record");
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
    desk.click("step-package");
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

#[test]
fn while_the_exchange_is_paused_a_stick_carries_a_save_there_and_its_receipt_back() {
    let office = Office::new();
    office.laptop.ask(&["sync"]).expect("the works is at the district");
    office.laptop.ask(&["pause"]).expect("nothing moves by itself");
    let village = office.laptop.find("village", "code", "320902107200").expect("中东村 is here");
    let fields = [&format!("village={village}"), "name=只有U盘能带走的工程", "category=waste"];
    office.laptop.add("works", &fields).expect("saved");
    let path = |name: &str| office.folder.path().join(name).to_string_lossy().into_owned();
    let (out, back) = (path("带去.nhb"), path("带回.nhb"));

    let desk = office.open();
    desk.unlock(PIN);
    desk.click("nav-sync");
    desk.sees("已暂停");
    desk.sees("只有U盘能带走的工程");
    desk.click("line-sticks");
    // What is said of sticks pushes the places by hand down, from under a click; and where one
    // happens to be plugged in, they are folded away.
    desk.appears("[data-testid=no-stick], [data-testid=stick]");
    desk.window.script("document.querySelector('.by-hand').open = true", &[]).expect("unfolded");
    desk.fill("bundle-out", &out);
    desk.click("bundle-write");
    desk.appears(&named("bundle-written"));
    office.district.ask(&["bundle", "read", &out, "--reply", &back]).expect("read at the district");
    let there = office.district.list("works").expect("the district's list");
    assert!(there.iter().any(|works| works["fields"]["name"] == "只有U盘能带走的工程"), "it is there: {there:?}");
    desk.fill("bundle-in", &back);
    desk.click("bundle-read");
    desk.appears(&named("bundle-taken"));
    let status = office.laptop.ask(&["status"]).expect("a status");
    assert_eq!((&status["pending"], &status["paused"]), (&json!(0), &json!(true)), "confirmed, and still paused");

    desk.fill("bundle-in", &out);
    desk.click("bundle-read");
    desk.sees("请拿到区里读");
    desk.click("line-log");
    desk.sees("写入U盘");
    desk.sees("读取U盘");
    desk.click("audit");
    desk.sees("全部相符");
}

#[test]
fn a_conflict_is_decided_from_the_keyboard_with_what_both_began_with_in_sight() {
    let office = Office::new();
    office.laptop.ask(&["set", &office.works, "note=两家都从这一句改起"]).expect("saved");
    office.laptop.ask(&["sync"]).expect("the works is at the district");
    let other = Laptop::new(&office.programs, &office.folder.path().join("other"));
    office.enrol(&other);
    other.ask(&["set", &office.works, "note=区里先收到的说法"]).expect("one value");
    other.ask(&["sync"]).expect("comes first");
    office.laptop.ask(&["set", &office.works, "note=本机后报的说法"]).expect("another value");
    office.laptop.ask(&["sync"]).expect("and is parked");

    let desk = office.open();
    desk.unlock(PIN);
    desk.click("nav-sync");
    desk.appears("[data-testid^=conflict-]");
    for words in ["两家都从这一句改起", "区里先收到的说法", "本机后报的说法"] {
        desk.sees(words);
    }
    let press = "document.dispatchEvent(new KeyboardEvent('keydown', { key: arguments[0], bubbles: true }))";
    desk.window.script(press, &[json!("2")]).expect("a key");
    desk.appears("[data-testid=take-parked][aria-pressed=true]");
    let before = office.laptop.ask(&["show", &office.works]).expect("the works");
    assert_eq!(before["fields"]["note"], "区里先收到的说法", "nothing is applied before it is confirmed");
    desk.click("settle");
    desk.disappears("[data-testid^=conflict-]");
    let after = office.laptop.ask(&["show", &office.works]).expect("the works");
    assert_eq!(after["fields"]["note"], "本机后报的说法");
}

#[test]
fn a_phone_puts_a_photo_into_the_works_through_the_windows_door() {
    let office = Office::new();
    let desk = office.open();
    desk.unlock(PIN);
    desk.click("nav-works");
    desk.window.click("a", "终端里登记的工程").expect("a link to the works");
    desk.click("tab-photos");
    desk.click("phone");
    let url = format!("return document.querySelector({:?})?.textContent", named("phone-url"));
    let url = desk.window.wait_for("an address for the phone", &url, &[]).expect("a door");
    let url = url.as_str().expect("an address").trim().to_owned();
    let (host, token) = url.trim_start_matches("http://").split_once('/').expect("a token");

    let post = |path: &str, headers: &str, body: &[u8]| {
        let mut stream = TcpStream::connect(host).expect("the door is open");
        let head = format!("POST {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{headers}content-length: ");
        stream.write_all(format!("{head}{}\r\n\r\n", body.len()).as_bytes()).expect("sent");
        stream.write_all(body).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    };
    let begun = post("/do/begin", &format!("x-token: {token}\r\n"), b"");
    let cookie = begun.split("set-cookie: ").nth(1).and_then(|rest| rest.split(';').next()).expect("a session");
    desk.sees("手机已连接");
    let photo = std::fs::read(sample("photos/sewage-before.jpg")).expect("a photo");
    let headers = format!("cookie: {cookie}\r\nx-set: photos\r\nx-name: IMG_7.jpg\r\n");
    let kept = post("/do/photo", &headers, &photo);
    assert!(kept.starts_with("HTTP/1.1 200"), "{kept}");
    desk.sees("共收到 1 张");
    desk.click("phone-done");
    let shown = office.laptop.ask(&["show", &office.works]).expect("the works");
    assert_eq!(shown["fields"]["photos"][0]["name"], "IMG_7.jpg", "it is the works' own");
    assert_eq!(shown["fields"]["photos"][0]["bytes"], json!(photo.len()), "as the phone had it");
    let shut = || TcpStream::connect(host).is_err().then_some(());
    nonghuan_tests::until("the door to be shut", std::time::Duration::from_secs(30), shut).expect("with the dialog");
}

#[test]
fn cells_are_edited_pasted_and_taken_back_where_they_stand() {
    let office = Office::new();
    let village = office.laptop.find("village", "code", "320902107200").expect("中东村 is here");
    let fields = [&format!("village={village}"), "name=第二项工程", "category=waste", "contract_amount=10万元"];
    let second = office.laptop.add("works", &fields).expect("saved");
    let amount = |id: &str| office.laptop.ask(&["show", id]).expect("the works")["fields"]["contract_amount"].clone();
    let desk = office.open();
    desk.unlock(PIN);
    desk.click("nav-works");
    desk.sees("第二项工程");
    let press = |key: &str, ctrl: bool| {
        let script = "document.querySelector('table.records').dispatchEvent(new KeyboardEvent('keydown', \
                      { key: arguments[0], ctrlKey: arguments[1], bubbles: true, cancelable: true }))";
        desk.window.script(script, &[json!(key), json!(ctrl)]).expect("a key");
    };
    let to_amount = "const cell = document.querySelector(arguments[0]); \
                     cell.dispatchEvent(new MouseEvent('mousedown', { button: 0, bubbles: true })); \
                     document.querySelector('table.records').focus()";
    let cell = format!("[data-testid=row-{second}] td:nth-child(5)");
    desk.window.script(to_amount, &[json!(cell)]).expect("the amount of the second");
    press("F2", false);
    desk.window.fill("[data-testid=cell-editor] input", "12.5万").expect("typed into the cell");
    let enter = "document.querySelector('[data-testid=cell-editor] input').dispatchEvent(\
                 new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))";
    desk.window.script(enter, &[]).expect("kept");
    desk.disappears(&named("cell-editor"));
    assert_eq!(amount(&second), json!(12_500_000), "in 万元 as it was typed");

    desk.window.script(to_amount, &[json!(cell)]).expect("the amount of the second");
    let paste = "const given = new DataTransfer(); given.setData('text/plain', arguments[0]); \
                 document.querySelector('textarea.sink').dispatchEvent(\
                 new ClipboardEvent('paste', { clipboardData: given, bubbles: true, cancelable: true }))";
    desk.window.script(paste, &[json!("88\r\n不是钱\r\n")]).expect("a block from a table");
    desk.sees("会改 1 格");
    desk.sees("1 格不能收");
    assert_eq!(amount(&second), json!(12_500_000), "nothing is written before it is agreed to");
    desk.click("paste-confirm");
    desk.disappears(&named("paste-counts"));
    assert_eq!(amount(&second), json!(88_000_000), "a bare number is in the heading's 万元");
    press("z", true);
    desk.sees("已撤回 1 格");
    assert_eq!(amount(&second), json!(12_500_000), "and it stands as before");
}

#[test]
fn an_application_is_written_from_the_records_checked_and_mended_step_by_step() {
    let office = Office::new();
    let works = format!("works=[\"{}\"]", office.works);
    let money = ["total=10万元", "requested=10万元", "central=5万元"];
    let fields = [&["name=分步填写的申报", "year=2026", "programme=以奖促治", &works], &money[..]].concat();
    let application = office.laptop.add("application", &fields).expect("saved");
    let of_it = |kind: &str| {
        let filter = format!("application={application}");
        office.laptop.ask(&["list", kind, "--where", &filter]).expect("a list")["records"].clone()
    };
    let desk = office.open();
    desk.unlock(PIN);
    desk.click("nav-applications");
    desk.window.click("a", "分步填写的申报").expect("a link to the application");
    desk.click("prefill");
    desk.appears(&named("prefilled"));
    assert!(of_it("chapter").as_array().is_some_and(|all| all.len() > 3), "the plan has its chapters");

    desk.click("step-estimate");
    desk.click("add-estimate_line");
    let new = "[data-testid=child-new]";
    // What a line must have comes last: the line is saved as soon as the hand leaves it complete.
    for (field, text) in [("quantity", "2.5"), ("unit_price", "4万元"), ("content", "新建管网")] {
        desk.window.fill(&format!("{new} [data-testid=field-{field}]"), text).expect("typed");
    }
    let leave = "document.querySelector('[data-testid=child-new]')?.dispatchEvent(\
                 new FocusEvent('focusout', { bubbles: true, relatedTarget: null }))";
    desk.window.script(leave, &[]).expect("the hand leaves the line");
    desk.disappears(new);
    let lines = of_it("estimate_line");
    let line = lines.as_array().and_then(|all| all.iter().find(|one| one["fields"]["content"] == "新建管网"));
    assert_eq!(line.map(|one| one["fields"]["amount"].clone()), Some(json!(10_000_000)), "2.5 × 4万元: {lines}");

    desk.click("step-check");
    desk.appears("[data-testid=finding-fundingSum]");
    desk.window.click("[data-testid=finding-fundingSum] [data-testid=mend]", "").expect("the way to the mend");
    desk.appears("[data-step=money]");
    desk.fill("field-central", "10万元");
    let save = "[...document.querySelectorAll('[data-testid=save]')].find((one) => one.offsetParent !== null).click()";
    desk.window.script(save, &[]).expect("saved");
    desk.click("step-check");
    desk.disappears("[data-testid=finding-fundingSum]");
}
