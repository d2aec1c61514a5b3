//! What stands on the terminal: answers on stdout, words for the person on stderr.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is the terminal")]

use std::io::{IsTerminal, Write};

use district::{
    Audit, Checked, Codes, Collected, DeviceView, District, DistrictError, Ended, Listed, Loaded, PrintedCode,
    RecordView, Result,
};
use domain::{Fields, Value};
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use serde::Serialize;
use serde_json::json;

use crate::words;

/// A line on stdout. Whoever closed the pipe, as `head` does, wants no more.
macro_rules! say {
    ($($words:tt)*) => {{
        let _ = writeln!(std::io::stdout(), $($words)*);
    }};
}

/// The terminal, in the form that was asked for.
pub(crate) struct Terminal {
    pub(crate) json: bool,
}

impl Terminal {
    pub(crate) fn answer(&self, document: &impl Serialize, words: impl FnOnce()) {
        if self.json {
            say!("{}", serde_json::to_string_pretty(document).expect("our answers are JSON"));
        } else {
            words();
        }
    }

    /// Words for a person, on stdout.
    pub(crate) fn print(&self, text: &str) {
        say!("{text}");
    }

    /// Says what went wrong beside what was done.
    pub(crate) fn warn(&self, error: &DistrictError) {
        eprintln!("{}", words::sentence(error));
    }

    /// How many bytes are done, of all.
    pub(crate) fn bytes(&self, done: u64, total: u64) {
        if !self.json && std::io::stderr().is_terminal() {
            eprint!("\r{} / {} MB ", done >> 20, total >> 20);
        }
    }

    /// Says why something was not done.
    pub(crate) fn refused(&self, error: &DistrictError) {
        if self.json {
            say!("{}", json!({"error": error_document(error)}));
        } else {
            eprintln!("{}", words::sentence(error));
        }
        tracing::debug!(?error, "refused");
    }

    /// Says what the first start made.
    pub(crate) fn founded(&self, district: &District) {
        eprintln!("{}", words::founded(district.data(), district.founding()));
    }

    /// Hands over the administrator's first code, if there is one to hand over.
    pub(crate) fn first_code(&self, made: Result<Option<PrintedCode>>) -> Result<()> {
        match made {
            Ok(None) => {}
            Ok(Some(code)) => {
                eprintln!("{}", words::first_code(&code));
                draw(&code.code);
            }
            Err(DistrictError::AddressNeeded { listen }) => eprintln!("{}", words::no_first_code(&listen)),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// The line on which scripts wait.
    pub(crate) fn listening(&self, url: &str) {
        say!("listening on {url}");
        let _ = std::io::stdout().flush(); // A script that went away needs no line.
    }

    pub(crate) fn code(&self, code: &PrintedCode) {
        self.answer(code, || say!("{}", code.code));
        if std::io::stderr().is_terminal() {
            eprintln!("{}", words::code(code));
            draw(&code.code);
        }
    }

    pub(crate) fn devices(&self, devices: &[DeviceView]) {
        self.answer(&devices, || {
            for device in devices {
                say!("{}", words::device(device));
            }
            if devices.is_empty() {
                say!("还没有电脑注册。 No laptop has been enrolled yet.");
            }
        });
    }

    pub(crate) fn revoked(&self, device: &DeviceView) {
        self.answer(device, || say!("{}", words::device(device)));
    }

    pub(crate) fn record(&self, record: &RecordView) {
        self.answer(record, || {
            say!("{}  {}  {}", record.id, record.kind, record.scope);
            if record.deleted {
                say!("  已删除 deleted");
            }
            if let Some(state) = &record.state {
                say!("  状态 state = {state}");
            }
            print_fields("  ", &record.fields);
            for conflict in &record.conflicts {
                say!("  冲突 conflict {}", conflict.id);
                for (name, side) in [("现值 standing", &conflict.standing), ("待定 parked", &conflict.parked)] {
                    say!("    {name} · {} · {}", side.by, side.at);
                    print_fields("      ", &side.values);
                }
            }
            if record.waiting > 0 {
                say!("  {} 项变更等待附件 changes wait for attachments", record.waiting);
            }
        });
    }

    pub(crate) fn checked(&self, checked: &Checked) {
        self.answer(checked, || {
            for one in &checked.findings {
                let weight = if one.blocks() { "必须改正 blocks" } else { "请核对 warns" };
                say!("[{weight}] {}  依据：{}", one.rule.name(), one.clause);
                for (name, value) in &one.fields {
                    say!("    {name} = {value}");
                }
            }
            say!("共 {} 处，必须改正 {} 处 in all, blocking", checked.findings.len(), checked.blocks);
        });
    }

    pub(crate) fn list(&self, listed: &Listed) {
        self.answer(listed, || {
            for record in &listed.records {
                let title = ["name", "date", "code"].iter().find_map(|field| record.fields.get(*field));
                let state = record.state.as_deref().unwrap_or("-");
                say!("{}  {}  {state}  {}", record.id, record.scope, title.map(plain).unwrap_or_default());
            }
            say!("共 {} 条 in all", listed.total);
        });
    }

    /// How far a long reading has come.
    pub(crate) fn read(&self, entries: u64) {
        if !self.json && std::io::stderr().is_terminal() {
            eprint!("\r已查 {entries} 条 entries read");
        }
    }

    pub(crate) fn audited(&self, audit: &Audit) {
        self.answer(audit, || {
            for scope in &audit.scopes {
                say!("{}  {} 条 entries  {}", scope.scope, scope.entries, scope.hash);
            }
            for broken in &audit.broken {
                say!("{}", words::broken(broken));
            }
            if audit.ok {
                say!("全部流水完好。 Every log is whole.");
            }
        });
    }

    pub(crate) fn collected(&self, collected: &Collected) {
        let Collected { uploads, files, bytes, waiting, found } = collected;
        self.answer(collected, || {
            say!("未传完 unfinished uploads: {uploads}");
            say!("无主文件 nobody's files: 删除 gone {files} ({bytes} B), 待定 waiting {waiting}, 认领 found {found}");
        });
    }

    pub(crate) fn loaded(&self, loaded: &Loaded) {
        self.answer(loaded, || {
            for (name, count) in [("乡镇 townships", loaded.townships), ("村 villages", loaded.villages)] {
                say!("{name}: 新增 new {}, 改名 changed {}, 未变 same {}", count.new, count.changed, count.same);
            }
            let Codes { new, renamed, ended, same } = loaded.codes;
            say!("代码 codes: 新增 new {new}, 改名 renamed {renamed}, 停用 ended {ended}, 未变 same {same}");
            for renamed in &loaded.renamed {
                say!("  {} {} → {}", renamed.code, renamed.before, renamed.name);
            }
            for ended in &loaded.ended {
                say!("{}", words::ended(ended));
            }
        });
    }

    pub(crate) fn ended(&self, ended: &[Ended]) {
        self.answer(&ended, || {
            for ended in ended {
                say!("{}", words::ended(ended));
            }
            if ended.is_empty() {
                say!("没有停用的代码。 No code has ended.");
            }
        });
    }
}

/// Code and fields; fields also where there are none, so that a reader need not ask.
fn error_document(error: &DistrictError) -> Value {
    let mut document = serde_json::to_value(error).expect("our errors are JSON");
    if document.get("fields").is_none() {
        document["fields"] = json!({});
    }
    document
}

fn print_fields(indent: &str, fields: &Fields) {
    for (name, value) in fields {
        say!("{indent}{name} = {}", plain(value));
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The code as a picture for a camera, where a person is looking.
fn draw(code: &str) {
    if !std::io::stderr().is_terminal() {
        return;
    }
    if let Ok(picture) = QrCode::new(code) {
        eprintln!("{}", picture.render::<Dense1x2>().quiet_zone(true).build());
    }
}
