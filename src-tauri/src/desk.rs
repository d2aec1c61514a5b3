//! The desk: the one laptop that the window works on, open or locked, and the
//! thread that indexes and syncs beside it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use app::types::{ErrorView, Moving, MovingStep, NewRules, Stage, SyncReport};
use app::{AppError, Laptop, Listener, PhoneDoor, PhoneNews, PhoneView, RecordId, Trouble, rest_after};
use serde_json::{Value, json};
use tauri::ipc::Channel;

use crate::frame::Frame;

/// What a command answers.
pub(crate) type Answer<T> = Result<T, ErrorView>;

/// How often the laptop exchanges by itself, though neither side has anything to say.
const EVERY: Duration = Duration::from_secs(300);

/// How long after a save it tells the district, while the district answers.
const SOON: Duration = Duration::from_secs(2);

/// The name by which a running exchange is stopped.
const EXCHANGE: &str = "exchange";

/// How often the window hears at most how far an exchange has come.
const BEAT: Duration = Duration::from_millis(200);

/// How the window hears of something: the event's name and what comes with it.
type Tell = Box<dyn Fn(&'static str, Value) + Send + Sync>;

/// The window's state. It knows no window: whoever shows one hears what happens.
pub struct Desk {
    folder: PathBuf,
    laptop: Mutex<Option<Laptop>>,
    /// The laptop that was open when somebody began to practise, to go on with afterwards.
    aside: Mutex<Option<Laptop>>,
    beside: Mutex<Option<Beside>>,
    /// Names of long pieces of work that the person wants stopped.
    stopped: Mutex<BTreeSet<String>>,
    /// What a running exchange is doing.
    moving: Mutex<Option<Moving>>,
    /// The door that is open to a phone.
    phone: Mutex<Option<PhoneDoor>>,
    /// Files that were opened from outside, and that the window has not asked for yet.
    opened: Mutex<Vec<String>>,
    announce: Tell,
    frame: OnceLock<Box<dyn Frame>>,
}

/// The way to the thread beside the window, and what else sends it on errands.
struct Beside {
    errands: Sender<Errand>,
    thread: JoinHandle<()>,
    _listener: Option<Listener>,
}

/// What the thread beside the window is asked to do.
enum Errand {
    /// Something was saved: let search know, and the district soon.
    Saved,
    /// The district has news.
    News,
    /// Forms and rules are others than a moment ago.
    Rules,
}

impl Desk {
    /// The desk over the laptop in `folder`. `announce` hears each event; a window that is gone hears nothing.
    pub fn new(folder: PathBuf, announce: impl Fn(&'static str, Value) + Send + Sync + 'static) -> Arc<Self> {
        if let Err(error) = app::end_practice(&folder) {
            tracing::warn!(%error, "a practice ledger of an earlier window is still there");
        }
        Arc::new(Self {
            folder,
            laptop: Mutex::default(),
            aside: Mutex::default(),
            beside: Mutex::default(),
            stopped: Mutex::default(),
            moving: Mutex::default(),
            phone: Mutex::default(),
            opened: Mutex::default(),
            announce: Box::new(announce),
            frame: OnceLock::new(),
        })
    }

    /// Stands in a program of its own, which is told once.
    pub fn in_frame(&self, frame: Box<dyn Frame>) {
        let _ = self.frame.set(frame); // It stands in the first.
    }

    pub(crate) fn frame(&self) -> Option<&dyn Frame> {
        self.frame.get().map(AsRef::as_ref)
    }

    pub(crate) fn stage(&self) -> Answer<Stage> {
        let stage = match self.laptop().as_ref() {
            Some(laptop) => laptop.stage(),
            None => app::stage(&self.folder),
        };
        if let Some(frame) = self.frame().filter(|_| stage.is_ok()) {
            frame.answered();
        }
        stage.map_err(|error| error.view())
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Reads with the open laptop.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Laptop) -> app::Result<T>) -> Answer<T> {
        let laptop = self.laptop();
        let laptop = laptop.as_ref().ok_or_else(locked)?;
        work(laptop).map_err(|error| error.view())
    }

    /// Writes with the open laptop; search and district hear of it afterwards.
    pub(crate) fn write<T>(&self, work: impl FnOnce(&mut Laptop) -> app::Result<T>) -> Answer<T> {
        let mut laptop = self.laptop();
        let laptop = laptop.as_mut().ok_or_else(locked)?;
        let done = work(laptop).map_err(|error| error.view())?;
        self.saved();
        Ok(done)
    }

    /// Lets search and district hear that something was saved.
    pub(crate) fn saved(&self) {
        if let Some(beside) = lock(&self.beside).as_ref() {
            let _ = beside.errands.send(Errand::Saved); // The thread ends only when the laptop is being locked.
        }
    }

    /// Wants the work of this name stopped.
    pub(crate) fn stop(&self, task: String) {
        lock(&self.stopped).insert(task);
    }

    /// Whether the work of this name is wanted stopped.
    pub(crate) fn is_stopped(&self, task: &str) -> bool {
        lock(&self.stopped).contains(task)
    }

    /// The work of this name has ended, one way or the other.
    pub(crate) fn forget_stop(&self, task: &str) {
        lock(&self.stopped).remove(task);
    }

    /// A laptop of its own for long work, so that the screen never waits for it.
    pub(crate) fn twin(&self) -> Answer<Laptop> {
        self.read(Laptop::twin)
    }

    /// Sits down before an open laptop.
    pub(crate) fn open(self: &Arc<Self>, laptop: Laptop) -> Answer<Stage> {
        let beside = laptop.twin().map_err(|error| error.view())?;
        let (errands, inbox) = channel();
        let (desk, doorbell) = (Arc::clone(self), errands.clone());
        let ring = move || {
            let _ = doorbell.send(Errand::News); // The thread ends only when the laptop is being locked.
        };
        let listener = match laptop.is_practice() {
            true => None,
            false => {
                laptop.listen(ring).inspect_err(|error| tracing::warn!(%error, "cannot listen to the district")).ok()
            }
        };
        let thread = std::thread::spawn(move || work_beside(beside, &inbox, &desk));
        *lock(&self.beside) = Some(Beside { errands, thread, _listener: listener });
        *self.laptop() = Some(laptop);
        self.stage()
    }

    /// Sits down before a new practice ledger; the laptop that is open waits aside.
    /// `nobody` is who practises where nobody is enrolled.
    pub(crate) fn practise(self: &Arc<Self>, nobody: String) -> Answer<Stage> {
        let stage = match self.is_practising() {
            true => self.end_practice()?, // Begun anew: what was tried is gone.
            false => self.stage()?,
        };
        let person = match stage {
            Stage::New => nobody,
            Stage::Asked { person } | Stage::Locked { person } | Stage::Open { person, .. } => person,
        };
        let practice = app::begin_practice(&self.folder, &person, None).map_err(|error| error.view())?;
        self.shut_phone();
        *lock(&self.aside) = self.laptop().take();
        self.open(practice)
    }

    /// Removes the practice ledger, and goes on where its person was before.
    pub(crate) fn end_practice(self: &Arc<Self>) -> Answer<Stage> {
        if !self.is_practising() {
            return self.stage();
        }
        self.shut_phone();
        *self.laptop() = None;
        let beside = lock(&self.beside).take();
        if let Some(Beside { errands, thread, .. }) = beside {
            drop(errands);
            // Its files cannot be removed on every system while it has them open.
            if thread.join().is_err() {
                tracing::error!("the thread beside the window ended in a panic");
            }
        }
        let removed = app::end_practice(&self.folder).map_err(|error| error.view());
        let real = lock(&self.aside).take();
        let stage = match real {
            Some(laptop) => self.open(laptop),
            None => self.stage(),
        };
        removed.and(stage)
    }

    fn is_practising(&self) -> bool {
        self.laptop().as_ref().is_some_and(Laptop::is_practice)
    }

    pub(crate) fn lock(self: &Arc<Self>) -> Answer<Stage> {
        if self.is_practising() {
            self.end_practice()?;
        }
        self.shut_phone();
        *self.laptop() = None;
        *lock(&self.beside) = None;
        self.stage()
    }

    /// Takes note of the files among what a program was started with, and tells the window.
    pub fn opened_with(&self, arguments: &[String], folder: &Path) {
        let files = arguments.iter().skip(1).map(|argument| folder.join(argument)).filter(|path| path.is_file());
        let files: Vec<String> = files.map(|path| path.display().to_string()).collect();
        if !files.is_empty() {
            lock(&self.opened).extend(files);
            (self.announce)("files-opened", Value::Null); // A window that is not there yet asks by itself.
        }
    }

    /// The files that were opened from outside, once.
    pub(crate) fn take_opened(&self) -> Vec<String> {
        std::mem::take(&mut *lock(&self.opened))
    }

    /// What a running exchange is doing.
    pub(crate) fn moving(&self) -> Option<Moving> {
        *lock(&self.moving)
    }

    /// One exchange, told to the window while it runs, which may stop it.
    pub(crate) fn exchange(&self, laptop: &mut Laptop) -> app::Result<SyncReport> {
        self.forget_stop(EXCHANGE);
        self.tell(Some(Moving { step: MovingStep::Pushing, done: 0, of: 0 }));
        let (mut told, mut last) = (Instant::now(), None);
        let mut hear = |step| {
            let now = Moving::from(step);
            if told.elapsed() >= BEAT || last != Some(now.step) {
                (told, last) = (Instant::now(), Some(now.step));
                self.tell(Some(now));
            }
        };
        let outcome = laptop.exchange_until(&mut hear, &|| self.is_stopped(EXCHANGE));
        self.tell(None);
        self.forget_stop(EXCHANGE);
        if let Ok(report) = &outcome {
            self.heed(report);
        }
        outcome
    }

    /// Goes on with the forms and rules that an exchange has brought.
    pub(crate) fn heed(&self, report: &SyncReport) {
        if report.rules != Some(NewRules::Taken) {
            return;
        }
        match self.twin() {
            Ok(fresh) => *self.laptop() = Some(fresh),
            // They count when it is next unlocked.
            Err(error) => tracing::warn!(code = error.code, "the new rules do not count yet"),
        }
        if let Some(beside) = lock(&self.beside).as_ref() {
            let _ = beside.errands.send(Errand::Rules); // The thread ends only when the laptop is being locked.
        }
        (self.announce)("rules-changed", Value::Null);
    }

    fn tell(&self, moving: Option<Moving>) {
        *lock(&self.moving) = moving;
        (self.announce)("exchange", json!(moving));
    }

    /// Pauses the exchange and stops one that runs, or lets it go on at once.
    pub(crate) fn pause(&self, paused: bool) -> Answer<()> {
        self.read(|laptop| laptop.pause(paused))?;
        if paused {
            self.stop(EXCHANGE.to_owned());
        } else if let Some(beside) = lock(&self.beside).as_ref() {
            let _ = beside.errands.send(Errand::News); // The thread ends only when the laptop is being locked.
        }
        Ok(())
    }

    /// Opens a door for a phone; one that was open is shut.
    pub(crate) fn open_to_phone(
        self: &Arc<Self>,
        id: RecordId,
        field: Option<&str>,
        told: Channel<PhoneNews>,
    ) -> Answer<PhoneView> {
        self.shut_phone();
        let desk = Arc::downgrade(self);
        let hear = move |news: PhoneNews| {
            if let (PhoneNews::Kept { .. }, Some(desk)) = (&news, desk.upgrade()) {
                desk.saved();
                desk.records_changed();
            }
            let _ = told.send(news); // A window that is gone hears nothing.
        };
        let door = self.read(|laptop| laptop.open_to_phone(id, field, hear))?;
        let view = door.view.clone();
        *lock(&self.phone) = Some(door);
        Ok(view)
    }

    /// Shuts the door for a phone, where one is open.
    pub(crate) fn shut_phone(&self) {
        let door = lock(&self.phone).take();
        drop(door);
    }

    /// Tells the window that records may look different now.
    pub(crate) fn records_changed(&self) {
        (self.announce)("records-changed", Value::Null);
    }

    fn laptop(&self) -> MutexGuard<'_, Option<Laptop>> {
        lock(&self.laptop)
    }
}

/// The laptop's folder: where the environment says, or the platform's.
pub fn folder() -> PathBuf {
    let platform =
        || directories::ProjectDirs::from("cn", "nonghuan", "nonghuan").map(|dirs| dirs.data_local_dir().to_owned());
    let folder = std::env::var_os("NONGHUAN_DATA").map(PathBuf::from).or_else(platform);
    folder.unwrap_or_else(|| PathBuf::from("nonghuan-data"))
}

/// A panic in one command must not lock the window out of its records.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn locked() -> ErrorView {
    AppError::from(Trouble::LaptopLocked).view()
}

/// Indexes what was saved and exchanges with the district: soon after a save, at
/// once when the district has news, now and then without either, and ever more
/// patiently while it cannot be reached; until the laptop is locked.
fn work_beside(mut laptop: Laptop, inbox: &Receiver<Errand>, desk: &Desk) {
    let mut due = Instant::now();
    let mut failures = 0;
    loop {
        match inbox.recv_timeout(due.saturating_duration_since(Instant::now())) {
            Ok(Errand::Saved) => {
                laptop.index();
                if failures == 0 {
                    due = due.min(Instant::now() + SOON);
                }
            }
            Ok(Errand::News) => due = Instant::now(),
            Ok(Errand::Rules) => match laptop.twin() {
                Ok(fresh) => laptop = fresh,
                Err(error) => tracing::warn!(%error, "the new rules do not count yet"),
            },
            // A practice ledger has nobody to exchange with.
            Err(RecvTimeoutError::Timeout) if laptop.is_practice() => due = Instant::now() + EVERY,
            // A pause ends with news, from the window.
            Err(RecvTimeoutError::Timeout) if laptop.is_paused().unwrap_or(false) => due = Instant::now() + EVERY,
            Err(RecvTimeoutError::Timeout) => {
                let outcome = desk.exchange(&mut laptop);
                failures = if outcome.is_ok() { 0 } else { failures + 1 };
                due = Instant::now() + if failures == 0 { EVERY } else { rest_after(failures) };
                match outcome {
                    Ok(report) if report != app::types::SyncReport::default() => desk.records_changed(),
                    Ok(_) => {}
                    Err(error) => tracing::info!(%error, "no exchange this time"),
                }
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}
