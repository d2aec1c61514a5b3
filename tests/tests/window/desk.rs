//! A district, a laptop, and the real window over it: what the tests of the window sit down before.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use nonghuan_tests::programs::Running;
use nonghuan_tests::{Browser, Bus, District, Laptop, Programs, Screen, YANDONG, sample, until};
use serde_json::json;
use tempfile::TempDir;

/// A district and an enrolled laptop, over which a window can be opened.
pub(crate) struct Office {
    pub(crate) programs: Programs,
    pub(crate) district: District,
    pub(crate) laptop: Laptop,
    /// A works that was saved in the terminal.
    pub(crate) works: String,
    pub(crate) folder: TempDir,
}

/// An open window, on a screen of its own.
pub(crate) struct Desk {
    // Before the screen, so that it closes first.
    pub(crate) window: Browser,
    program: PathBuf,
    environment: [(&'static str, String); 2],
    bus: Bus,
    screen: Screen,
}

impl Office {
    pub(crate) fn new() -> Self {
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

    pub(crate) fn enrol(&self, laptop: &Laptop) {
        laptop.enrol(&self.district.code(YANDONG, "clerk").expect("a code"), "样例用户").expect("enrolled");
        laptop.ask(&["sync"]).expect("the villages arrive");
    }

    pub(crate) fn open(&self) -> Desk {
        self.open_with(&self.laptop, &[])
    }

    /// The window over `laptop`, started as a double click on `files` starts it.
    pub(crate) fn open_with(&self, laptop: &Laptop, files: &[&Path]) -> Desk {
        let screen = Screen::hidden().expect("a virtual screen");
        let bus = screen.bus().expect("a session bus");
        let program = self.programs.path("nonghuan-desktop");
        let text = |path: &Path| path.to_string_lossy().into_owned();
        // A home of its own: what the window remembers, and where it would put files.
        let environment = [("NONGHUAN_DATA", text(laptop.folder())), ("HOME", text(self.folder.path()))];
        let given: Vec<_> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let window = Browser::open_with((&screen, &bus), &program, files, &given).expect("the window opens");
        Desk { window, program, environment, bus, screen }
    }

    /// A path for a file of this test.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What the district writes in reply to a stick of this laptop.
    pub(crate) fn reply(&self) -> PathBuf {
        let (out, back) = (self.path("给区里.nhb"), self.path("区里的答复.nhb"));
        let (there, here) = (out.to_string_lossy(), back.to_string_lossy());
        self.laptop.ask(&["bundle", "write", &there]).expect("written");
        self.district.ask(&["bundle", "read", &there, "--reply", &here]).expect("read at the district");
        back
    }
}

impl Desk {
    /// Starts the program once more with a file, as a double click does while the window is open.
    pub(crate) fn start_again(&self, file: &Path) -> ExitStatus {
        let mut command = self.screen.command_without_bus(&self.program);
        command.envs([self.bus.variable()]).envs(self.environment.iter().map(|(name, value)| (name, value)));
        // From the file's folder, by its name alone, as some file managers do.
        command.current_dir(file.parent().expect("a folder")).arg(file.file_name().expect("a name"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut second = Running::start(&mut command).expect("it starts");
        let end = || second.child().try_wait().expect("a process");
        until("the second window to give way to the first", Duration::from_secs(30), end).expect("it ends")
    }

    pub(crate) fn unlock(&self, pin: &str) {
        self.window.fill(&named("pin"), pin).expect("a field for the PIN");
        self.click("unlock");
    }

    pub(crate) fn click(&self, name: &str) {
        self.window.click(&named(name), "").unwrap_or_else(|why| panic!("{name}: {why}"));
    }

    pub(crate) fn fill(&self, name: &str, text: &str) {
        self.window.fill(&named(name), text).unwrap_or_else(|why| panic!("{name}: {why}"));
    }

    pub(crate) fn choose(&self, field: &str, option: &str) {
        self.click(&format!("field-{field}"));
        self.window.click("[data-testid^=option-]", option).expect("the option is offered");
    }

    pub(crate) fn sees(&self, words: &str) {
        self.window.wait_for_words(words).unwrap_or_else(|why| panic!("{words}: {why}"));
    }

    pub(crate) fn appears(&self, css: &str) {
        let script = "return document.querySelector(arguments[0]) !== null";
        self.window.wait_for(css, script, &[json!(css)]).unwrap_or_else(|why| panic!("{css}: {why}"));
    }

    pub(crate) fn disappears(&self, css: &str) {
        let script = "return document.querySelector(arguments[0]) === null";
        self.window.wait_for(css, script, &[json!(css)]).unwrap_or_else(|why| panic!("{css} stays: {why}"));
    }
}

pub(crate) fn named(name: &str) -> String {
    format!("[data-testid={name}]")
}
