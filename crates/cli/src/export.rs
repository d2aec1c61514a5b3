//! `export`: a kind as a plain table, or a template filled; `export templates`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use app::{ExportAsked, ExportTemplate, Laptop, Result};
use clap::{Args, Subcommand};
use serde_json::json;

use crate::arguments::field;
use crate::run::Out;
use crate::words;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Export {
    /// The kind whose every record is written.
    #[arg(long, required_unless_present = "template")]
    kind: Option<String>,
    /// The table to write.
    #[arg(long, required = true)]
    out: Option<PathBuf>,
    /// A template to fill: its name, or the path of an xlsx.
    #[arg(long, conflicts_with = "kind")]
    template: Option<String>,
    /// The record that the table is about: a village for 一村一档.
    #[arg(long, value_name = "ID", requires = "template")]
    of: Option<String>,
    /// The month of a month report, as YYYY-MM.
    #[arg(long, requires = "template")]
    month: Option<String>,
    /// The township of a month report, where this laptop has several.
    #[arg(long, value_name = "CODE", requires = "template")]
    township: Option<String>,
    /// Only records whose field holds this value.
    #[arg(long = "where", value_name = "FIELD=VALUE", value_parser = field, requires = "template")]
    filters: Vec<(String, String)>,
    /// Mobile and identity numbers in full.
    #[arg(long)]
    personal: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The templates that there are.
    Templates {
        /// Writes the program's own into this folder, to be edited in Excel.
        #[arg(long, value_name = "FOLDER")]
        write: Option<PathBuf>,
        /// Writes one as a file to be edited: this laptop's own, else the program's.
        #[arg(long, value_name = "NAME=FILE", value_parser = field)]
        take: Option<(String, String)>,
        /// Keeps this xlsx as a template of this laptop, under its file's name.
        #[arg(long, value_name = "FILE")]
        keep: Option<PathBuf>,
        /// Lets this laptop's own template go; the program's of the same name counts again.
        #[arg(long, value_name = "NAME")]
        forget: Option<String>,
    },
}

pub(crate) fn run(laptop: &mut Laptop, export: Export, out: &Out) -> Result<ExitCode> {
    if let Some(Command::Templates { write, take, keep, forget }) = export.command {
        if let Some((name, path)) = take {
            laptop.take_export_template(&name, Path::new(&path))?;
        }
        if let Some(path) = keep {
            laptop.keep_export_template(&path)?;
        }
        if let Some(name) = forget {
            laptop.drop_export_template(&name)?;
        }
        if let Some(folder) = write {
            laptop.write_export_templates(&folder)?;
        }
        out.print(&laptop.export_templates()?, |templates| {
            let line = |template: &ExportTemplate| match &template.path {
                Some(path) => format!("{}  {path}", template.name),
                None => format!("{}  （随程序提供）", template.name),
            };
            templates.iter().map(line).collect::<Vec<_>>().join("\n")
        })?;
        return Ok(ExitCode::SUCCESS);
    }
    let path = export.out.unwrap_or_default();
    let records = match (export.template, export.kind) {
        (Some(template), _) => {
            let filters = export.filters.into_iter().collect();
            let (of, month, township, personal) = (export.of, export.month, export.township, export.personal);
            laptop.export_with(&ExportAsked { template, of, month, township, filters, personal }, &path)?
        }
        (None, kind) => laptop.export_plain(&kind.unwrap_or_default(), &path, export.personal)?,
    };
    out.print(&json!({"records": records, "path": path}), |_| words::exported(records, &path))?;
    Ok(ExitCode::SUCCESS)
}
