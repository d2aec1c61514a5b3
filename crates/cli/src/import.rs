//! `import`: a table checked, then written; `import undo`, `import templates`, `import batches`.

use std::path::PathBuf;
use std::process::ExitCode;

use app::{ImportAsked, ImportBatch, ImportMatch, ImportReport, ImportTemplate, ImportUndone, Laptop, Result, Trouble};
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
        Some(Command::Undo { batch }) => out.print(&laptop.undo_import(&batch)?, undone)?,
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
    let undone = batch.undone_at.as_ref().map(|at| format!("  已于 {at} 撤销")).unwrap_or_default();
    format!("{}  {}  {}  {}  {}{undone}", batch.batch, batch.at, batch.by, batch.kind, batch.file)
}

fn template(template: &ImportTemplate) -> String {
    let columns = template.matching.columns.iter().map(|(heading, field)| format!("{heading}→{field}"));
    format!("{}:{}  {}  {}", template.kind, template.name, template.at, columns.collect::<Vec<_>>().join("，"))
}

fn undone(undone: &ImportUndone) -> String {
    let mut text: String = undone
        .left
        .iter()
        .map(|left| format!("第 {} 行  {}  {}\n", left.row, left.title, words::sentence(&left.reason)))
        .collect();
    text.push_str(&format!(
        "已撤销：删除 {} 条，恢复 {} 条，保留 {} 条",
        undone.deleted,
        undone.restored,
        undone.left.len()
    ));
    text
}

/// What an import says when it has written something.
pub(crate) fn written(report: &ImportReport) -> Option<String> {
    report.batch.as_ref().map(|batch| format!("可用 nonghuan import undo {batch} 整批撤销"))
}
