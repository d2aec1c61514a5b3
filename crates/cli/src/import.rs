//! `import`: a table checked, then written; `import undo`, `import templates`, `import batches`.

use std::path::PathBuf;
use std::process::ExitCode;

use app::texts::{self, Language};
use app::{
    Catalog, ImportAsked, ImportBatch, ImportLeft, ImportMatch, ImportReport, ImportTemplate, ImportUndone, Laptop,
    Result, Trouble,
};
use clap::{Args, Subcommand};

use crate::arguments::field;
use crate::run::Out;
use crate::words;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Import {
    /// The table: xlsx, xls, et or csv.
    #[arg(required = true)]
    file: Option<PathBuf>,
    /// The kind of its rows.
    #[arg(long, required = true)]
    kind: Option<String>,
    /// Only says what would be done, row by row.
    #[arg(long, alias = "dry-run")]
    check: bool,
    /// Begins with a template that was kept.
    #[arg(long)]
    template: Option<String>,
    /// Which field a heading is; an empty field passes the column over.
    #[arg(long = "match", value_name = "HEADING=FIELD", value_parser = field)]
    columns: Vec<(String, String)>,
    /// The unit of the numbers under a heading.
    #[arg(long = "unit", value_name = "HEADING=UNIT", value_parser = field)]
    units: Vec<(String, String)>,
    /// What a text in a column means: a date, a code, a choice.
    #[arg(long = "means", value_name = "FIELD:TEXT=VALUE", value_parser = meaning)]
    meanings: Vec<(String, String, String)>,
    /// The sheet to read; the first with the kind's headings when not given.
    #[arg(long)]
    sheet: Option<String>,
    /// The year of dates that name none.
    #[arg(long)]
    year: Option<i32>,
    /// Keeps all this under a name for the next table like it.
    #[arg(long, value_name = "NAME")]
    save_template: Option<String>,
    /// Writes only what the check with this `plan` has shown.
    #[arg(long, value_name = "PLAN")]
    agreed: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Takes an import back as one step, where nobody has written since.
    Undo {
        /// The import's id.
        batch: String,
    },
    /// The imports that can be taken back.
    Batches,
    /// The templates kept on this laptop.
    Templates {
        /// Lets this one go, of the kind before the colon: works:月报.
        #[arg(long, value_name = "KIND:NAME")]
        forget: Option<String>,
    },
}

fn meaning(text: &str) -> std::result::Result<(String, String, String), String> {
    let parts = text.split_once(':').and_then(|(field, rest)| Some((field, rest.rsplit_once('=')?)));
    match parts {
        Some((field, (text, value))) if !field.is_empty() && !text.is_empty() => {
            Ok((field.to_owned(), text.to_owned(), value.to_owned()))
        }
        _ => Err("expected field:text=value".to_owned()),
    }
}

pub(crate) fn run(laptop: &mut Laptop, import: Import, out: &Out) -> Result<ExitCode> {
    match import.command {
        Some(Command::Undo { batch }) => {
            let kind = laptop.imports()?.into_iter().find(|known| known.batch == batch).map(|known| known.kind);
            let taken_back = laptop.undo_import(&batch)?;
            let catalog = laptop.catalog();
            out.print(&taken_back, |taken_back| undone(catalog, kind.as_deref(), taken_back))?;
        }
        Some(Command::Batches) => out.print(&laptop.imports()?, |batches| lines(batches, batch, "还没有导入"))?,
        Some(Command::Templates { forget }) => {
            if let Some((kind, name)) = forget.as_deref().and_then(|given| given.split_once(':')) {
                laptop.drop_import_template(kind, name)?;
            }
            out.print(&laptop.import_templates()?, |templates| lines(templates, template, "还没有导入模板"))?;
        }
        None => {
            let file = import.file.unwrap_or_default();
            let unreadable = |error: std::io::Error| Trouble::FileUnreadable {
                path: file.display().to_string(),
                reason: error.to_string(),
            };
            let bytes = std::fs::read(&file).map_err(unreadable)?;
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let mut matching = ImportMatch {
                sheet: import.sheet,
                columns: import.columns.into_iter().collect(),
                units: import.units.into_iter().collect(),
                year: import.year,
                ..ImportMatch::default()
            };
            for (field, text, value) in import.meanings {
                matching.meanings.entry(field).or_default().insert(text, value);
            }
            let asked = ImportAsked {
                kind: import.kind.unwrap_or_default(),
                template: import.template,
                matching,
                agreed: import.agreed,
                save_template: import.save_template,
            };
            let report = match import.check {
                true => laptop.check_import(&name, &bytes, &asked)?,
                false => laptop.import_table(&name, &bytes, &asked)?,
            };
            let catalog = laptop.catalog();
            out.print(&report, |report| words::import(catalog, &asked.kind, report))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn lines<T>(items: &[T], line: impl Fn(&T) -> String, none: &str) -> String {
    if items.is_empty() { none.to_owned() } else { items.iter().map(line).collect::<Vec<_>>().join("\n") }
}

fn batch(batch: &ImportBatch) -> String {
    let undone = match (&batch.undone_at, batch.standing) {
        (None, _) => String::new(),
        (Some(at), 0) => format!("  已于 {at} 撤销"),
        (Some(at), left) => format!("  已于 {at} 撤销一部分，还有 {left} 行没有动"),
    };
    format!("{}  {}  {}  {}  {}{undone}", batch.batch, batch.at, batch.by, batch.kind, batch.file)
}

fn template(template: &ImportTemplate) -> String {
    let columns = template.matching.columns.iter().map(|(heading, field)| format!("{heading}→{field}"));
    format!("{}:{}  {}  {}", template.kind, template.name, template.at, columns.collect::<Vec<_>>().join("，"))
}

fn undone(catalog: &Catalog, kind: Option<&str>, undone: &ImportUndone) -> String {
    let reason = |left: &ImportLeft| texts::explain(catalog, kind, &left.reason, Language::Zh);
    let line = |left: &ImportLeft| format!("第 {} 行  {}  {}\n", left.row, left.title, reason(left));
    let mut text: String = undone.left.iter().map(line).collect();
    let (deleted, restored, left) = (undone.deleted, undone.restored, undone.left.len());
    text.push_str(&match (deleted + restored, left) {
        (0, 0) => "没有可撤销的了".to_owned(),
        (0, _) => format!("没有撤销：{left} 条都没有动，原因见上"),
        (_, 0) => format!("已撤销：删除 {deleted} 条，恢复 {restored} 条"),
        _ => format!("撤销了一部分：删除 {deleted} 条，恢复 {restored} 条；{left} 条没有全部改回，原因见上"),
    });
    text
}

/// What an import says when it has written something.
pub(crate) fn written(report: &ImportReport) -> Option<String> {
    report.batch.as_ref().map(|batch| format!("可用 nonghuan import undo {batch} 整批撤销"))
}
