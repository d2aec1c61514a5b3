//! Files that are opened by a double click: the desktop starts the program with
//! the file as its argument, whether a window is open or not.

use std::fs;

use nonghuan_tests::{Laptop, PIN, YANDONG, clone_folder};
use serde_json::{Value, json};

use crate::desk::{Office, named};

#[test]
fn the_desktop_hands_each_of_our_files_to_the_program() {
    let read = |file: &str| fs::read_to_string(clone_folder().join("src-tauri").join(file)).expect("shipped");
    let settings: Value = serde_json::from_str(&read("tauri.conf.json")).expect("JSON");
    let (entry, sorts) = (read("linux/nonghuan-desktop.desktop"), read("linux/nonghuan-desktop.xml"));
    assert!(entry.lines().any(|line| line == "Exec={{exec}} %F"), "the files are its arguments: {entry}");
    let declared = entry.lines().find_map(|line| line.strip_prefix("MimeType=")).expect("what it opens");
    let all = settings["bundle"]["fileAssociations"].as_array().expect("associations");
    assert_eq!(all.len(), 3, "a bundle, a package, a release");
    for one in all {
        let (sort, ending) = (one["mimeType"].as_str().expect("a sort"), one["ext"][0].as_str().expect("an ending"));
        assert!(declared.split(';').any(|opened| opened == sort), "{sort} is opened by the program");
        let known = sorts.split("<mime-type ").find(|part| part.contains(&format!("type=\"{sort}\"")));
        let known = known.unwrap_or_else(|| panic!("{sort} is no sort of file"));
        assert!(known.contains(&format!("<glob pattern=\"*.{ending}\"/>")), "*.{ending} is a {sort}");
    }
}

#[test]
fn a_file_waits_over_the_pin_and_a_second_start_hands_its_own_to_the_open_window() {
    let office = Office::new();
    let reply = office.reply();
    let desk = office.open_with(&office.laptop, &[&reply]);
    desk.appears(&named("file-waits"));
    desk.sees("区里的答复.nhb");
    let pending = || office.laptop.ask(&["status"]).expect("a status")["pending"].clone();
    assert_eq!(pending(), json!(1), "nothing is read before the PIN");
    desk.unlock(PIN);
    desk.appears(&named("bundle-taken"));
    assert_eq!(pending(), json!(0), "and then at once");

    let package = office.path("别处来的申报包.nhz");
    fs::write(&package, "不是压缩包").expect("written");
    assert!(desk.start_again(&package).success(), "there is one window: the second start ends");
    desk.sees("读不出申报包");

    let own = office.path("给区里.nhb");
    desk.start_again(&own);
    desk.appears("[data-testid=refusal][data-code=bundleForDistrict]");
    let said = desk.window.words().expect("the page");
    assert!(!said.contains("T0") && !said.contains("+00:00"), "a moment as people write it: {said}");

    desk.click("lock");
    desk.appears(&named("pin"));
    let release = office.path("不是更新.nhu");
    fs::write(&release, "不是发布文件").expect("written");
    desk.start_again(&release);
    desk.appears("[data-testid=update] [data-code=notARelease]");
    desk.appears(&named("pin"));
}

#[test]
fn a_laptop_that_asked_on_a_stick_reads_the_reply_that_is_double_clicked() {
    let office = Office::new();
    let fresh = Laptop::new(&office.programs, &office.path("没有网的电脑"));
    let (asked, admitted) = (office.path("登记申请.nhe"), office.path("回执.nhb"));
    let text = |path: &std::path::Path| path.to_string_lossy().into_owned();
    let code = office.district.code(YANDONG, "clerk").expect("a code");
    let ask = ["enrol-request", &text(&asked), "--code", &code, "--name", "王芳"];
    fresh.ask(&ask).expect("asked");
    office.district.ask(&["enrol", &text(&asked), "--reply", &text(&admitted)]).expect("let in");

    let desk = office.open_with(&fresh, &[]);
    desk.sees("王芳，等区里的回执");
    let wrong = office.path("别人的.nhb");
    fs::write(&wrong, "不是回执").expect("written");
    desk.start_again(&wrong);
    let filled = format!("return document.querySelector({:?})?.value === arguments[0]", named("reply-file"));
    desk.window.wait_for("the file in its field", &filled, &[json!(text(&wrong))]).expect("it is filled in");
    let read = || {
        desk.fill("pin", PIN);
        desk.click("read-reply");
    };
    read();
    desk.appears("[data-testid=refusal][data-code=notABundle]");
    desk.start_again(&admitted);
    desk.window.wait_for("the file in its field", &filled, &[json!(text(&admitted))]).expect("it is filled in");
    read();
    desk.click("nav-villages");
    desk.sees("中东村");
    assert_eq!(fresh.ask(&["status"]).expect("enrolled")["pending"], json!(0));
}
