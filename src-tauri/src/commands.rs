//! The window's commands: one call of `app` each.
//!
//! All are `async`, so that neither SQLite nor a PIN's key derivation ever runs
//! on the window's own thread.
#![allow(clippy::needless_pass_by_value, reason = "Tauri hands a command its arguments by value")]

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use app::types::{
    AttachmentView, ConflictView, Decision, Draft, Enrolled, ErrorView, HistoryEntry, Hit, Page, Query, RefusedDraft,
    Shown, Stage, Status, Sums, SyncReport, Transfers, Verified,
};
use app::{AppError, Catalog, Edit, Enrolment, ExportAsked, ExportTemplate, Fields, Laptop, RecordId, Trouble};
use app::{ImportAsked, ImportBatch, ImportReport, ImportTemplate, ImportUndone};
use data_encoding::BASE64;
use percent_encoding::percent_decode;
use serde::Serialize;
use tauri::ipc::{Channel, InvokeBody, Request};
use tauri::{Manager, State};

use crate::desk::{Answer, Desk};

pub(crate) mod applications;
pub(crate) mod dossier;
pub(crate) mod dropped;
pub(crate) mod enrolment;
pub(crate) mod exchange;
pub(crate) mod figures;
pub(crate) mod funds;
pub(crate) mod map;
pub(crate) mod photos;
pub(crate) mod places;
pub(crate) mod practice;
pub(crate) mod programmes;
pub(crate) mod update;

type OnDesk<'a> = State<'a, Arc<Desk>>;

/// A long piece of work: the window hears how far it has come, and may stop it by its name.
/// How far is `(done, of)` where nothing else is said.
pub(crate) struct Task<'a, T = (u64, u64)> {
    desk: &'a Desk,
    name: String,
    told: Channel<T>,
}

impl Task<'_> {
    fn goes_on(&self, done: u64, of: u64) -> ControlFlow<()> {
        self.hears((done, of))
    }
}

impl<'a, T: Serialize> Task<'a, T> {
    fn begin(desk: &'a Desk, name: String, told: Channel<T>) -> Self {
        Self { desk, name, told }
    }

    /// Tells the window, and hears whether to go on.
    fn hears(&self, step: T) -> ControlFlow<()> {
        let _ = self.told.send(step); // A window that is gone hears nothing.
        if self.desk.is_stopped(&self.name) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

impl<T> Drop for Task<'_, T> {
    fn drop(&mut self) {
        self.desk.forget_stop(&self.name);
    }
}

/// Asks a running [`Task`] to stop.
#[tauri::command(async)]
pub(crate) fn stop(desk: OnDesk<'_>, task: String) {
    desk.stop(task);
}

#[tauri::command(async)]
pub(crate) fn stage(desk: OnDesk<'_>) -> Answer<Stage> {
    desk.stage()
}

#[tauri::command(async)]
pub(crate) fn enrol(desk: OnDesk<'_>, code: String, name: String, pin: String) -> Answer<Enrolled> {
    let (laptop, enrolled) = app::enrol(desk.folder(), &Enrolment { code, name, pin }).map_err(|error| error.view())?;
    desk.open(laptop)?;
    Ok(enrolled)
}

#[tauri::command(async)]
pub(crate) fn unlock(desk: OnDesk<'_>, pin: &str) -> Answer<Stage> {
    desk.open(Laptop::open(desk.folder(), pin).map_err(|error| error.view())?)
}

#[tauri::command(async)]
pub(crate) fn lock(desk: OnDesk<'_>) -> Answer<Stage> {
    desk.lock()
}

#[tauri::command(async)]
pub(crate) fn catalog(desk: OnDesk<'_>) -> Answer<Catalog> {
    desk.read(|laptop| Ok(laptop.catalog().clone()))
}

#[tauri::command(async)]
pub(crate) fn list(desk: OnDesk<'_>, query: Query) -> Answer<Page> {
    desk.read(|laptop| laptop.list(&query))
}

/// On a laptop of its own: a long ledger's sums must not hold up its rows.
#[tauri::command(async)]
pub(crate) fn sums(desk: OnDesk<'_>, query: Query, of: Vec<String>) -> Answer<Sums> {
    desk.twin()?.sums(&query, &of).map_err(|error| error.view())
}

#[tauri::command(async)]
pub(crate) fn show(desk: OnDesk<'_>, id: RecordId) -> Answer<Shown> {
    desk.read(|laptop| laptop.show(id))
}

#[tauri::command(async)]
pub(crate) fn add(desk: OnDesk<'_>, kind: &str, fields: Fields) -> Answer<Shown> {
    desk.write(|laptop| laptop.add(kind, fields))
}

#[tauri::command(async)]
pub(crate) fn set(desk: OnDesk<'_>, id: RecordId, fields: Fields) -> Answer<Shown> {
    desk.write(|laptop| laptop.set(id, fields))
}

#[tauri::command(async)]
pub(crate) fn check_edits(desk: OnDesk<'_>, edits: Vec<Edit>) -> Answer<Vec<Option<ErrorView>>> {
    desk.read(|laptop| laptop.check_edits(&edits))
}

#[tauri::command(async)]
pub(crate) fn remove(desk: OnDesk<'_>, id: RecordId) -> Answer<()> {
    desk.write(|laptop| laptop.delete(id).map(drop))
}

#[tauri::command(async)]
pub(crate) fn restore(desk: OnDesk<'_>, id: RecordId) -> Answer<Shown> {
    desk.write(|laptop| laptop.restore(id))
}

#[tauri::command(async)]
pub(crate) fn moves(desk: OnDesk<'_>, id: RecordId) -> Answer<Vec<String>> {
    desk.read(|laptop| laptop.moves(id))
}

#[tauri::command(async)]
pub(crate) fn move_state(desk: OnDesk<'_>, id: RecordId, to: &str, remark: Option<String>) -> Answer<Shown> {
    desk.write(|laptop| laptop.move_to(id, to, remark))
}

#[tauri::command(async)]
pub(crate) fn history(desk: OnDesk<'_>, id: RecordId) -> Answer<Vec<HistoryEntry>> {
    desk.read(|laptop| laptop.history(id))
}

#[tauri::command(async)]
pub(crate) fn search(desk: OnDesk<'_>, text: &str) -> Answer<Vec<Hit>> {
    const MOST: u32 = 20;
    desk.read(|laptop| laptop.search(text, MOST))
}

/// A file as the raw body; headers `x-record`, `x-field`, `x-name` (percent-encoded).
#[tauri::command(async)]
pub(crate) fn attach(desk: OnDesk<'_>, request: Request<'_>) -> Answer<Shown> {
    let (headers, bytes) = (headers(&request), body(&request)?);
    let id = header(&headers, "x-record")
        .parse()
        .map_err(|_| AppError::unknown_record(header(&headers, "x-record")).view())?;
    desk.write(|laptop| laptop.attach(id, Some(header(&headers, "x-field")), &[(header(&headers, "x-name"), bytes)]))
}

#[tauri::command(async)]
pub(crate) fn attachments(desk: OnDesk<'_>, id: RecordId, field: &str) -> Answer<Vec<AttachmentView>> {
    desk.read(|laptop| laptop.attachments(id, field))
}

/// The picture as a `data:` URL.
#[tauri::command(async)]
pub(crate) fn thumbnail(desk: OnDesk<'_>, sha256: &str, edge: u32) -> Answer<String> {
    let jpeg = desk.read(|laptop| laptop.thumbnail(sha256, edge))?;
    Ok(format!("data:image/jpeg;base64,{}", BASE64.encode(&jpeg)))
}

/// A table as the raw body; headers `x-name` and `x-asked` (JSON of [`ImportAsked`]), both percent-encoded,
/// and `x-check`: whether it is only checked.
#[tauri::command(async)]
pub(crate) fn import_table(desk: OnDesk<'_>, request: Request<'_>) -> Answer<ImportReport> {
    let (headers, bytes) = (headers(&request), body(&request)?);
    let (name, asked) = (header(&headers, "x-name"), header(&headers, "x-asked"));
    let asked: ImportAsked = serde_json::from_str(asked)
        .map_err(|error| AppError::from(Trouble::Storage { reason: error.to_string() }).view())?;
    if header(&headers, "x-check") != "false" {
        return desk.read(|laptop| laptop.check_import(name, bytes, &asked));
    }
    desk.write(|laptop| laptop.import_table(name, bytes, &asked))
}

#[tauri::command(async)]
pub(crate) fn import_templates(desk: OnDesk<'_>) -> Answer<Vec<ImportTemplate>> {
    desk.read(Laptop::import_templates)
}

#[tauri::command(async)]
pub(crate) fn imports(desk: OnDesk<'_>) -> Answer<Vec<ImportBatch>> {
    desk.read(Laptop::imports)
}

#[tauri::command(async)]
pub(crate) fn undo_import(desk: OnDesk<'_>, batch: &str) -> Answer<ImportUndone> {
    desk.write(|laptop| laptop.undo_import(batch))
}

#[tauri::command(async)]
pub(crate) fn export_templates(desk: OnDesk<'_>) -> Answer<Vec<ExportTemplate>> {
    desk.read(Laptop::export_templates)
}

/// The template as a file that is edited in Excel or WPS.
#[tauri::command(async)]
pub(crate) fn take_export_template(desk: OnDesk<'_>, name: &str, path: &str) -> Answer<()> {
    desk.read(|laptop| laptop.take_export_template(name, Path::new(path)))
}

#[tauri::command(async)]
pub(crate) fn keep_export_template(desk: OnDesk<'_>, path: &str) -> Answer<ExportTemplate> {
    desk.read(|laptop| laptop.keep_export_template(Path::new(path)))
}

#[tauri::command(async)]
pub(crate) fn drop_export_template(desk: OnDesk<'_>, name: &str) -> Answer<()> {
    desk.read(|laptop| laptop.drop_export_template(name))
}

/// Fills a template; how many records stand in its rows.
#[tauri::command(async)]
pub(crate) fn export_with(desk: OnDesk<'_>, asked: ExportAsked, path: &str) -> Answer<u64> {
    desk.twin()?.export_with(&asked, Path::new(path)).map_err(|error| error.view())
}

#[tauri::command(async)]
pub(crate) fn export_table(desk: OnDesk<'_>, kind: &str, path: &str) -> Answer<u64> {
    desk.twin()?.export(kind, Path::new(path)).map_err(|error| error.view())
}

/// Where a file of this name would lie in the person's documents.
#[tauri::command(async)]
pub(crate) fn default_path<R: tauri::Runtime>(
    shell: tauri::AppHandle<R>,
    desk: OnDesk<'_>,
    name: &str,
) -> Answer<String> {
    // A home without such a folder is better than the folder of the records, which is nobody's to look into.
    let documents = shell.path().document_dir().or_else(|_| shell.path().home_dir());
    let documents = documents.unwrap_or_else(|_| desk.folder().to_owned());
    Ok(documents.join(name).display().to_string())
}

#[tauri::command(async)]
pub(crate) fn verify(path: &str) -> Answer<Verified> {
    app::verify(Path::new(path)).map_err(|error| error.view())
}

#[tauri::command(async)]
pub(crate) fn status(desk: OnDesk<'_>) -> Answer<Status> {
    desk.read(Laptop::status)
}

#[tauri::command(async)]
pub(crate) fn sync(desk: OnDesk<'_>) -> Answer<SyncReport> {
    let report = desk.exchange(&mut desk.twin()?).map_err(|error| error.view());
    desk.records_changed();
    report
}

#[tauri::command(async)]
pub(crate) fn transfers(desk: OnDesk<'_>) -> Answer<Transfers> {
    desk.read(Laptop::transfers)
}

#[tauri::command(async)]
pub(crate) fn set_transfers(desk: OnDesk<'_>, transfers: Transfers) -> Answer<Transfers> {
    desk.write(|laptop| laptop.set_transfers(transfers))
}

#[tauri::command(async)]
pub(crate) fn conflicts(desk: OnDesk<'_>) -> Answer<Vec<ConflictView>> {
    desk.read(Laptop::conflicts)
}

#[tauri::command(async)]
pub(crate) fn settle(desk: OnDesk<'_>, id: &str, decision: Decision) -> Answer<Shown> {
    desk.write(|laptop| laptop.settle(id, &decision))
}

#[tauri::command(async)]
pub(crate) fn refused(desk: OnDesk<'_>) -> Answer<Vec<RefusedDraft>> {
    desk.read(Laptop::refused)
}

#[tauri::command(async)]
pub(crate) fn resend(desk: OnDesk<'_>, change: &str, fields: Fields) -> Answer<Shown> {
    desk.write(|laptop| laptop.resend(change, fields))
}

#[tauri::command(async)]
pub(crate) fn discard(desk: OnDesk<'_>, change: &str) -> Answer<()> {
    desk.write(|laptop| laptop.discard(change))
}

#[tauri::command(async)]
pub(crate) fn drafts(desk: OnDesk<'_>) -> Answer<Vec<Draft>> {
    desk.read(Laptop::drafts)
}

/// Not by `write`: a draft is no record, so neither search nor the district is to hear of it.
#[tauri::command(async)]
pub(crate) fn keep_draft(desk: OnDesk<'_>, name: &str, fields: Fields) -> Answer<()> {
    desk.read(|laptop| laptop.keep_draft(name, fields))
}

/// As quiet as [`keep_draft`].
#[tauri::command(async)]
pub(crate) fn drop_draft(desk: OnDesk<'_>, name: &str) -> Answer<()> {
    desk.read(|laptop| laptop.drop_draft(name))
}

/// The `x-` headers of a raw request, percent-decoded.
fn headers(request: &Request<'_>) -> HashMap<String, String> {
    let text = |value: &tauri::http::HeaderValue| percent_decode(value.as_bytes()).decode_utf8_lossy().into_owned();
    request.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect()
}

fn header<'h>(headers: &'h HashMap<String, String>, name: &str) -> &'h str {
    headers.get(name).map(String::as_str).unwrap_or_default()
}

fn body<'r>(request: &'r Request<'_>) -> Result<&'r [u8], ErrorView> {
    match request.body() {
        InvokeBody::Raw(bytes) => Ok(bytes),
        InvokeBody::Json(_) => {
            let reason = "expected the bytes of a file".to_owned();
            Err(AppError::from(Trouble::Storage { reason }).view())
        }
    }
}
