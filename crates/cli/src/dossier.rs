//! `dossier`: a village's file, on the terminal, as a folder, as a PDF.

use std::ops::ControlFlow;
use std::path::PathBuf;

use app::{Dossier, DossierWritten, Laptop, Result};
use chrono::NaiveDate;
use clap::Args;

use crate::run::{Out, bar};

/// What is wanted of a village's file.
#[derive(Debug, Args)]
pub(crate) struct DossierCommand {
    /// The village, by id, code or name.
    village: String,
    /// Writes a folder with the original files and the PDF below this one.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Writes the PDF alone.
    #[arg(long)]
    pdf: Option<PathBuf>,
    /// The day that it bears; today when not given.
    #[arg(long)]
    on: Option<NaiveDate>,
}

pub(crate) fn run(laptop: &Laptop, command: DossierCommand, out: &Out) -> Result<()> {
    let DossierCommand { village, out: folder, pdf, on } = command;
    let village = laptop.village_called(&village)?;
    if folder.is_none() && pdf.is_none() {
        return out.print(&laptop.dossier(village)?, shown);
    }
    let day = on.unwrap_or_else(|| chrono::Local::now().date_naive()).to_string();
    let bar = bar(out.json);
    let mut progress = |done, total| {
        bar.set_length(total);
        bar.set_position(done);
        ControlFlow::Continue(())
    };
    let mut done = Vec::new();
    if let Some(folder) = folder {
        done.push(laptop.export_dossier(village, &folder, &day, &mut progress)?);
    }
    if let Some(pdf) = pdf {
        done.push(laptop.dossier_pdf(village, &pdf, &day, &mut progress)?);
    }
    bar.finish_and_clear();
    out.print(&done, |done| done.iter().map(written).collect::<Vec<_>>().join("\n"))
}

fn shown(dossier: &Dossier) -> String {
    let mut lines =
        vec![format!("{}  {}  齐全 {}/{}", dossier.code, dossier.path.join("/"), dossier.have, dossier.wanted)];
    for (number, section) in (1..).zip(&dossier.sections) {
        lines.push(format!("{number} {}  {}/{}", section.label.zh, section.have, section.wanted));
        lines.extend(section.missing.iter().map(|missing| format!("    缺 {}", missing.zh)));
    }
    lines.join("\n")
}

fn written(written: &DossierWritten) -> String {
    let mut lines = vec![format!(
        "{}  原件 {} 个，PDF {} 页，齐全 {}/{}",
        written.path, written.files, written.pages, written.have, written.wanted
    )];
    lines.extend(written.missing.iter().map(|missing| format!("    缺 {missing}")));
    lines.extend(written.absent.iter().map(|absent| format!("    原件不在本机 {absent}")));
    lines.join("\n")
}
