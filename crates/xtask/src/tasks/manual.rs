//! `cargo xtask manual`: the manual's pictures, taken anew in the real window.
//!
//! It practises (see `app`'s `practice`): the same samples on every machine, none
//! of them anybody's, and no district to start. A picture is what is on the screen
//! once nothing moves any more, in so few colours that the window can carry all.

use std::fs;
use std::path::Path;
use std::process::Command;

use end_to_end::{Browser, Screen, Trouble};
use serde_json::{Value, json};

use super::setup::{self, Purpose};
use crate::checkout::{Checkout, Stop, run, stop};

/// Letters with their soft edges, and the tints behind them; photos look a little flat.
const COLOURS: &str = "112";

/// One picture: its file, the page, what must be there, and what of the page is taken.
struct Picture {
    name: &'static str,
    /// An address in the window; `{village}` and its like are the samples'.
    page: &'static str,
    /// A script that does what a person would do first.
    first: &'static str,
    ready: &'static str,
    part: &'static str,
}

const WHOLE: &str = "body";
const ROOM: &str = ".room-view";
/// Where a file may be saved is known.
const TO_SAVE: &str = "return !!document.querySelector('[data-testid=compile-path], [data-testid=bundle-out]')?.value";
/// Saves it where an official would, not in a folder of this machine's that is gone tomorrow; and looks at the pages.
const LOOK_AT_PAGES: &str = r"
    const path = document.querySelector('[data-testid=compile-path]');
    path.value = 'D:\\申报\\' + path.value.split(/[\\/]/).pop();
    path.dispatchEvent(new Event('input', { bubbles: true }));
    document.querySelector('[data-testid=preview-open]').click()";
/// And a stick is where Windows puts it.
const ONTO_STICK: &str = r"
    const path = document.querySelector('[data-testid=bundle-out]');
    path.value = 'E:\\' + path.value.split(/[\\/]/).pop();
    path.dispatchEvent(new Event('input', { bubbles: true }))";

const fn room(name: &'static str, page: &'static str, ready: &'static str) -> Picture {
    Picture { name, page, first: "", ready, part: ROOM }
}

const PICTURES: &[Picture] = &[
    Picture { name: "today", page: "/", first: "", ready: "[data-testid=reminders] li", part: WHOLE },
    room("new-works", "/works/new?village={village}", "[data-testid=field-contract_amount]"),
    room("works", "/works", "[data-testid=sums], tfoot, tbody tr"),
    room("photos", "/works/{works}?tab=photos", ".room-view img"),
    room("findings", "/findings", ".room-view img"),
    room("village", "/villages/{village}", "[data-testid=tab-indicators]"),
    room("month", "/month", "tbody tr"),
    room("application", "/applications/{application}?step=money", "[data-testid=field-total]"),
    room(
        "check",
        "/applications/{application}?step=check",
        "[data-step=check] .finding, [data-step=check] article, [data-step=check] li",
    ),
    Picture {
        name: "package",
        page: "/applications/{application}?step=package",
        first: LOOK_AT_PAGES,
        ready: "[data-testid=preview] img",
        part: ROOM,
    },
    room("funds", "/funds", "canvas, svg"),
    room("sync", "/sync?at=waiting", "[role=tablist]"),
    Picture { name: "stick", page: "/sync?at=sticks", first: ONTO_STICK, ready: "[role=tablist]", part: ROOM },
    room("conflicts", "/sync?at=conflicts", "[role=tabpanel] table, .room-view table"),
    room("refused", "/sync?at=refused", "[role=tablist]"),
];

/// A month's list as an office keeps it, with a village that is written short.
const TABLE: &str = "\u{feff}行政村,工程名称,类别,中标价（万元）,计划完工\n\
    东河村（练习）,东河村垃圾分类亭工程（练习）,生活垃圾,12.6,2026-12-20\n\
    西桥村（练习）,西桥村沟塘清淤工程（练习）,黑臭水体,35.2,2026-12-31\n\
    北洼村,北洼村污水管网工程（练习）,生活污水,58,2027-1-31\n";

pub(crate) fn manual(checkout: &Checkout) -> Result<(), Stop> {
    setup::setup(checkout, &[Purpose::Build, Purpose::HiddenScreen, Purpose::Tests])?;
    let programs = setup::programs(checkout)?;
    let images = checkout.top.join("docs/manual/images");
    fs::create_dir_all(&images).map_err(stop(images.display()))?;
    let home = tempfile::tempdir().map_err(stop("a temporary folder"))?;
    let data = home.path().join("laptop").to_string_lossy().into_owned();
    let (screen, place) = (Screen::hidden()?, home.path().to_string_lossy().into_owned());
    let environment = [("NONGHUAN_DATA", data.as_str()), ("HOME", &place)];
    let window = Browser::open(&screen, &programs.path("nonghuan-desktop"), &environment)?;
    window.size(1180, 740)?;
    let desk = Photographer { window, images: &images };

    desk.take("start", WHOLE, "[data-testid=enrol-code]")?;
    desk.window.click("[data-testid=practise]", "")?;
    desk.take("practice", WHOLE, "[data-testid=tour-words]")?;
    desk.window.click("[data-testid=tour-fold]", "")?;
    let places = desk.window.script("return window.__TAURI_INTERNALS__.invoke('practice_places')", &[])?;
    for picture in PICTURES {
        desk.go(&filled(picture.page, &places))?;
        if !picture.first.is_empty() {
            desk.window.wait_for(picture.name, TO_SAVE, &[])?;
            desk.window.script(picture.first, &[])?;
        }
        desk.take(picture.name, picture.part, picture.ready)?;
    }
    let table = home.path().join("六月.csv");
    fs::write(&table, TABLE).map_err(stop(table.display()))?;
    desk.go("/import/works")?;
    desk.window.choose_files("[data-testid=import-file]", &[&table])?;
    desk.take("import", ROOM, "[data-testid=import-row-2]")?;
    println!("{} · {} pictures", images.display(), PICTURES.len() + 3);
    Ok(())
}

/// `page` with the samples' ids in its blanks.
fn filled(page: &str, places: &Value) -> String {
    let names = ["village", "works", "bareWorks", "application"];
    names.iter().fold(page.to_owned(), |page, name| {
        page.replace(&format!("{{{name}}}"), places[name].as_str().unwrap_or_default())
    })
}

struct Photographer<'a> {
    window: Browser,
    images: &'a Path,
}

impl Photographer<'_> {
    fn go(&self, page: &str) -> Result<(), Trouble> {
        self.window.script("location.hash = '#/works'", &[])?;
        self.window.wait_for("the way there", "return location.hash === '#/works'", &[])?;
        self.window.script("location.hash = arguments[0]", &[json!(format!("#{page}"))]).map(drop)
    }

    /// Takes what `part` finds, once `ready` is there and nothing moves any more.
    fn take(&self, name: &str, part: &str, ready: &str) -> Result<(), Stop> {
        self.window.wait_for(name, "return !!document.querySelector(arguments[0])", &[json!(ready)])?;
        self.window.wait_for(name, STILL, &[])?;
        let raw = tempfile::NamedTempFile::new().map_err(stop("a temporary file"))?;
        fs::write(raw.path(), self.window.picture()?).map_err(stop(raw.path().display()))?;
        let box_of = "const box = document.querySelector(arguments[0]).getBoundingClientRect();
            return [box.width, box.height, box.x, box.y].map(Math.round)";
        let place = self.window.script(box_of, &[json!(part)])?;
        let crop = format!("{}x{}+{}+{}", place[0], place[1], place[2], place[3]);
        let to = self.images.join(format!("{name}.png"));
        let mut convert = Command::new("convert");
        convert.arg(raw.path()).args(["-crop", &crop, "+repage", "+dither", "-colors", COLOURS, "-strip"]);
        convert.args(["-define", "png:compression-level=9"]);
        run(convert.arg(format!("PNG8:{}", to.display())))?;
        println!("{name}");
        Ok(())
    }
}

/// Whether the page looks as it did a moment ago, with all its pictures, and asks for nothing.
const STILL: &str = "
    const now = document.body.innerHTML.length + ':' + [...document.querySelectorAll('canvas')].map(one => one.toDataURL().length);
    const same = window.lastLook === now && window.looks > 8;
    window.looks = window.lastLook === now ? (window.looks ?? 0) + 1 : 0;
    window.lastLook = now;
    const busy = document.querySelector('.el-loading-mask, .is-loading');
    return same && !busy && document.fonts.status === 'loaded' && document.getAnimations().length === 0
        && [...document.images].every(image => image.complete);";
