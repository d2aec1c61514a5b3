//! One command: unpack, call, print.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::channel;
use std::time::Duration;

use app::texts;
use app::types::{Decision, ErrorView, Query, Shown};
use app::{AppError, Edit, Enrolment, Fields, Laptop, Result, Trouble};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use serde_json::json;

use crate::arguments::{Arguments, Command, field};
use crate::{duplicates, reports, words};

/// How often `sync --watch` looks whether another program has saved something.
const LOOK: Duration = Duration::from_secs(2);

/// The exit code of what was typed wrongly.
const USAGE: u8 = 2;

/// What was not done: for a program by its code, for a person in words.
pub(crate) struct Failed {
    pub(crate) view: ErrorView,
    pub(crate) words: String,
}

impl From<AppError> for Failed {
    fn from(error: AppError) -> Self {
        let view = error.view();
        Self { words: texts::sentence(&view, crate::language()), view }
    }
}

impl Failed {
    /// The same in the words of the laptop's own forms, about a record of `kind` where that is known.
    fn on(laptop: &Laptop, kind: Option<&str>, error: &AppError) -> Self {
        let view = error.view();
        Self { words: texts::explain(laptop.catalog(), kind, &view, crate::language()), view }
    }
}

pub(crate) fn run(arguments: Arguments) -> std::result::Result<ExitCode, Failed> {
    let out = Out { json: arguments.json };
    if let Command::Verify { file } = &arguments.command {
        return Ok(crate::package::verify(file, &out)?);
    }
    if let Command::Programme(command) = &arguments.command
        && let Some(outcome) = crate::programme::without_laptop(command, &out)?
    {
        return Ok(outcome);
    }
    let Some(folder) = arguments.data.or_else(platform_folder) else {
        eprintln!("没有找到数据文件夹，请用 --data 指定。No data folder here; say it with --data.");
        return Ok(ExitCode::from(USAGE));
    };
    if let Command::Enrol { code, picture, name } = arguments.command {
        let code = match picture {
            Some(picture) => code_in(&picture)?,
            None => code.unwrap_or_default(),
        };
        let (mut laptop, enrolled) = app::enrol(&folder, &Enrolment { code, name, pin: pin(true)? })?;
        out.print(&enrolled, words::enrolled)?;
        // The records of its townships come at once where the line allows it; else with the first sync.
        if let Err(error) = laptop.exchange(&mut |_| {}) {
            eprintln!("{}", words::first_exchange_failed(&error.view()));
        }
        return Ok(ExitCode::SUCCESS);
    }
    match &arguments.command {
        Command::Practice(command) => {
            crate::practice::run(&folder, command, &out)?;
            return Ok(ExitCode::SUCCESS);
        }
        Command::EnrolRequest { file, code, picture, name } => {
            return Ok(crate::enrol::ask(&folder, file, code.as_deref(), picture.as_deref(), name, &out)?);
        }
        Command::Update(command) => {
            if let Some(outcome) = crate::update::without_laptop(&folder, command, &out)? {
                return Ok(outcome);
            }
        }
        Command::EnrolReply { file } => return Ok(crate::enrol::reply(&folder, file, &out)?),
        _ => {}
    }
    if let Command::Pin = arguments.command {
        let secret = pin(false)?;
        app::set_pin(&folder, &secret, &new_pin()?)?;
        out.print(&json!({"pin": "set"}), |_| "PIN 已换，下次用新的打开。恢复密钥不变。".to_owned())?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut laptop = open(&folder)?;
    let kind = kind_of(&laptop, &arguments.command);
    let outcome = on_laptop(&mut laptop, arguments.command, &out);
    laptop.index();
    outcome.map_err(|error| Failed::on(&laptop, kind.as_deref(), &error))
}

/// The kind of the record that a command is about, where it is about one.
fn kind_of(laptop: &Laptop, command: &Command) -> Option<String> {
    let of = |id: &String| Some(laptop.show(id.parse().ok()?).ok()?.kind);
    match command {
        Command::Add { kind, .. } | Command::List { kind, .. } => Some(kind.clone()),
        Command::Fund(_) => Some("fund_entry".to_owned()),
        Command::Set { id, .. }
        | Command::Move { id, .. }
        | Command::Delete { id }
        | Command::Restore { id }
        | Command::Attach { id, .. } => of(id),
        _ => None,
    }
}

fn on_laptop(laptop: &mut Laptop, command: Command, out: &Out) -> Result<ExitCode> {
    match command {
        Command::Enrol { .. } | Command::EnrolRequest { .. } | Command::EnrolReply { .. } => {}
        Command::Verify { .. } | Command::Pin | Command::Practice(_) => {}
        Command::EnrolAgain { code } => out.print(&laptop.enrol_again(&code)?, words::enrolled_again)?,
        Command::Status => out.print(&laptop.status()?, words::status)?,
        Command::Add { kind, fields } => {
            let fields = laptop.read_fields(&kind, pairs(&fields))?;
            let shown = laptop.add(&kind, fields)?;
            if out.json {
                out.print(&json!({"id": shown.id}), |_| String::new())?;
            } else {
                say(&shown.id.to_string());
            }
        }
        Command::Set { id, fields, check } => {
            let id = record(&id)?;
            let kind = laptop.show(id)?.kind;
            let fields = laptop.read_fields(&kind, pairs(&fields))?;
            if check {
                let refusals = laptop.check_edits(&[Edit { record: id, fields }])?;
                out.print(&refusals, |refusals| words::checked_edits(refusals))?;
                return Ok(if refusals.iter().all(Option::is_none) { ExitCode::SUCCESS } else { ExitCode::from(1) });
            }
            saved(out, &laptop.set(id, fields)?, laptop)?;
        }
        Command::Delete { id } => out.print(&laptop.delete(record(&id)?)?, words::deleted)?,
        Command::Restore { id } => saved(out, &laptop.restore(record(&id)?)?, laptop)?,
        Command::Show { id } => {
            let shown = laptop.show(record(&id)?)?;
            out.print(&shown, |shown| words::record(laptop.catalog(), shown))?;
        }
        Command::List { kind, filters, find, sort, limit, offset, sums } => {
            let query = Query { kind, filters: filters.into_iter().collect(), find, sort, limit, offset };
            if !sums.is_empty() {
                let come = laptop.sums(&query, &sums)?;
                out.print(&come, |come| words::sums(laptop.catalog(), &query.kind, come))?;
                return Ok(ExitCode::SUCCESS);
            }
            let page = laptop.list(&query)?;
            out.print(&page, |page| words::page(laptop.catalog(), page))?;
        }
        Command::Search { text, limit } => out.print(&laptop.search(&text, limit)?, |hits| words::hits(hits))?,
        Command::History { id } => out.print(&laptop.history(record(&id)?)?, |entries| words::history(entries))?,
        Command::Attach { id, files, field } => {
            let paths: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
            saved(out, &laptop.attach_paths(record(&id)?, field.as_deref(), &paths)?, laptop)?;
        }
        Command::Move { id, state, remark } => {
            saved(out, &laptop.move_to(record(&id)?, &state, remark)?, laptop)?;
        }
        Command::Import(import) => return crate::import::run(laptop, import, out),
        Command::Export(export) => return crate::export::run(laptop, export, out),
        Command::Compile(command) => return crate::package::compile(laptop, command, out),
        Command::Indicators { place, as_of } => {
            out.print(&laptop.indicators(&place, as_of.as_deref())?, reports::indicators)?;
        }
        Command::MonthReport { month, township, hand_in } => {
            let township = township.as_deref();
            let view = match hand_in {
                true => laptop.hand_in_month_report(&month, township)?,
                false => laptop.month_report(&month, township)?,
            };
            out.print(&view, |view| reports::month(laptop.catalog(), view))?;
        }
        Command::Acceptance { id } => {
            out.print(&laptop.judge_acceptance(record(&id)?)?, |judged| reports::acceptance(judged.as_ref()))?;
        }
        Command::Programme(command) => crate::programme::run(laptop, command, out)?,
        Command::Amount { application, as_of } => {
            return crate::programme::amount(laptop, &application, as_of.as_deref(), out);
        }
        Command::Still { days } => {
            let page = laptop.standing_still(days, u32::MAX)?;
            out.print(&page, |page| words::page(laptop.catalog(), page))?;
        }
        Command::Reminders => out.print(&laptop.reminders()?, |due| reports::reminders(due))?,
        Command::Sync { watch } => return sync(laptop, watch, out),
        Command::Exchange(command) => return crate::exchange::run(laptop, command, out),
        Command::Application(command) => return crate::application::run(laptop, command, out),
        Command::Evidence(command) => return crate::evidence::run(laptop, command, out),
        Command::Photos { works: Some(works), .. } => crate::evidence::photos(laptop, &works, out)?,
        Command::Photos { later, now, limit, .. } => {
            let mut transfers = laptop.transfers()?;
            transfers.files = if later { false } else { now || transfers.files };
            if let Some(limit) = limit {
                transfers.bytes_per_second = Some(limit).filter(|limit| *limit > 0);
            }
            out.print(&laptop.set_transfers(transfers)?, words::transfers)?;
        }
        Command::Audit => {
            let bar = bar(out.json);
            let audit = laptop.audit(&mut |entries| bar.set_position(entries))?;
            bar.finish_and_clear();
            out.print(&audit, words::audited)?;
            return Ok(if audit.ok { ExitCode::SUCCESS } else { ExitCode::from(1) });
        }
        Command::Update(command) => return crate::update::run(laptop, &command, out),
        Command::Bundle(bundle) => return crate::bundle::run(laptop, bundle, out),
        Command::Settlement { application, begin, hand_in } => {
            crate::settle::settlement(laptop, &application, begin, hand_in, out)?;
        }
        Command::Evaluation { application, year, hand_in } => {
            crate::settle::evaluation(laptop, &application, year, hand_in, out)?;
        }
        Command::Fund(command) => crate::fund::run(laptop, command, out)?,
        Command::Dossier(command) => crate::dossier::run(laptop, command, out)?,
        Command::Duplicates => out.print(&laptop.duplicates()?, |pairs| duplicates::pairs(pairs))?,
        Command::Join { keep, other } => {
            let joined = laptop.join(record(&keep)?, record(&other)?)?;
            out.print(&joined, |joined| duplicates::joined(laptop, joined))?;
        }
        Command::Unjoin { other } => {
            let shown = laptop.unjoin(record(&other)?)?;
            saved(out, &shown, laptop)?;
        }
        Command::Distinct { one, other } => {
            laptop.distinct(record(&one)?, record(&other)?)?;
            out.print(&json!({"distinct": [one, other]}), |_| "已记下：不是同一工程。 Noted: two works.".to_owned())?;
        }
        Command::Place(command) => crate::place::run(laptop, command, out)?,
        Command::Conflicts => {
            let conflicts = laptop.conflicts()?;
            out.print(&conflicts, |conflicts| words::conflicts(laptop.catalog(), conflicts))?;
        }
        Command::Settle { conflict, decision } => {
            let Some(decision) = decide(laptop, &conflict, &decision)? else {
                eprintln!("决定应为 standing、parked 或 字段=值。A decision is standing, parked, or field=value.");
                return Ok(ExitCode::from(USAGE));
            };
            saved(out, &laptop.settle(&conflict, &decision)?, laptop)?;
        }
        Command::Refused => out.print(&laptop.refused()?, |drafts| words::refused(laptop.catalog(), drafts))?,
        Command::Resend { change, fields } => {
            let draft = laptop.refused()?.into_iter().find(|draft| draft.change == change);
            let kind = draft.map(|draft| draft.kind).unwrap_or_default();
            let fields = if fields.is_empty() { Fields::new() } else { laptop.read_fields(&kind, pairs(&fields))? };
            saved(out, &laptop.resend(&change, fields)?, laptop)?;
        }
        Command::Discard { change } => {
            laptop.discard(&change)?;
            out.print(&json!({"discarded": change}), |_| words::discarded())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn saved(out: &Out, shown: &Shown, laptop: &Laptop) -> Result<()> {
    out.print(shown, |shown| words::saved(laptop.catalog(), shown))
}

fn sync(laptop: &mut Laptop, watch: bool, out: &Out) -> Result<ExitCode> {
    let (ring, bell) = channel();
    let listener = watch.then(|| {
        laptop.listen(move || {
            let _ = ring.send(()); // Nobody waits any more: the program ends.
        })
    });
    let _listener = listener.transpose()?;
    let mut failures = 0;
    loop {
        if watch && laptop.is_paused()? {
            let _ = bell.recv_timeout(LOOK); // News waits as well.
            continue;
        }
        let bar = bar(out.json);
        let outcome = laptop.exchange(&mut |step| {
            let (text, done, total) = words::step(step);
            bar.set_message(text);
            bar.set_length(total);
            bar.set_position(done);
        });
        bar.finish_and_clear();
        match outcome {
            Ok(report) => {
                failures = 0;
                out.print(&report, words::synced)?;
            }
            Err(error) if watch => {
                failures += 1;
                eprintln!("{}", words::sentence(&error.view()));
            }
            Err(error) => return Err(error),
        }
        if !watch {
            return Ok(ExitCode::SUCCESS);
        }
        if failures > 0 {
            let _ = bell.recv_timeout(app::rest_after(failures)); // News, or time to try again.
            continue;
        }
        while bell.recv_timeout(LOOK).is_err() && laptop.status()?.pending == 0 {}
        while bell.try_recv().is_ok() {} // One exchange answers every ring so far.
    }
}

fn decide(laptop: &Laptop, conflict: &str, words: &[String]) -> Result<Option<Decision>> {
    Ok(match words {
        [one] if one == "standing" => Some(Decision::Standing),
        [one] if one == "parked" => Some(Decision::Parked),
        several => {
            let Ok(fields) = several.iter().map(|text| field(text)).collect::<std::result::Result<Vec<_>, _>>() else {
                return Ok(None);
            };
            let conflicts = laptop.conflicts()?;
            let kind = conflicts.iter().find(|open| open.id == conflict).map(|open| open.kind.clone());
            let values = match kind {
                Some(kind) => laptop.read_fields(&kind, pairs(&fields))?,
                None => Fields::new(),
            };
            Some(Decision::Other { values })
        }
    })
}

/// Where and in which form answers are printed.
pub(crate) struct Out {
    pub(crate) json: bool,
}

impl Out {
    pub(crate) fn print<T: Serialize + ?Sized>(&self, value: &T, words: impl FnOnce(&T) -> String) -> Result<()> {
        if self.json {
            let text = serde_json::to_string(value).map_err(|error| Trouble::Storage { reason: error.to_string() })?;
            say(&text);
        } else {
            say(&words(value));
        }
        Ok(())
    }
}

/// Prints a line. A reader that has had enough (`| head`) is no error.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

pub(crate) fn pairs(fields: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
}

pub(crate) fn record(text: &str) -> Result<app::RecordId> {
    text.parse().map_err(|_| AppError::unknown_record(text))
}

fn open(folder: &Path) -> Result<Laptop> {
    if !matches!(app::stage(folder)?, app::types::Stage::Locked { .. }) {
        return Err(Trouble::NotEnrolled { folder: folder.display().to_string() }.into());
    }
    Laptop::open(folder, &pin(false)?)
}

/// The enrolment code in a picture.
pub(crate) fn code_in(picture: &Path) -> Result<String> {
    let unreadable = |error: std::io::Error| Trouble::FileUnreadable {
        path: picture.display().to_string(),
        reason: error.to_string(),
    };
    let bytes = std::fs::read(picture).map_err(unreadable)?;
    app::code_in_picture(&picture.display().to_string(), &bytes)
}

/// The PIN that is to come, from `NONGHUAN_NEW_PIN` or a prompt, twice.
fn new_pin() -> Result<String> {
    match std::env::var("NONGHUAN_NEW_PIN") {
        Ok(pin) => Ok(pin),
        Err(_) => asked(true),
    }
}

/// The PIN, from `NONGHUAN_PIN` or a prompt; twice where it is new.
pub(crate) fn pin(new: bool) -> Result<String> {
    if let Ok(pin) = std::env::var("NONGHUAN_PIN") {
        return Ok(pin);
    }
    asked(new)
}

fn asked(new: bool) -> Result<String> {
    if !std::io::stdin().is_terminal() {
        return Err(Trouble::PinNeeded.into());
    }
    let ask = |prompt: &str| rpassword::prompt_password(prompt).map_err(|_| Trouble::PinNeeded);
    let pin = ask("PIN: ")?;
    if new && ask("再输一次 PIN / PIN again: ")? != pin {
        return Err(Trouble::WrongPin.into());
    }
    Ok(pin)
}

fn platform_folder() -> Option<PathBuf> {
    directories::ProjectDirs::from("cn", "nonghuan", "nonghuan").map(|dirs| dirs.data_local_dir().to_owned())
}

/// A bar for a person; nothing where a program reads.
pub(crate) fn bar(json: bool) -> ProgressBar {
    if json || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style =
        ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style)
}
