//! `take`, `photos WORKS`, `findings`, `finding`, `boundaries` and `where`: photos
//! as evidence, and where things lie.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use app::{
    BoundaryView, BoundaryWishes, FindingView, Findings, Laptop, MapPoint, PhotoView, Result, System, TakenIn, Trouble,
    Whereabouts, WorksPhotos,
};
use clap::Subcommand;
use serde_json::json;

use crate::run::{Out, bar, record};
use crate::words;

#[derive(Debug, Subcommand)]
pub(crate) enum EvidenceCommand {
    /// Takes files, and the pictures of folders, into a record; what is there already is passed over.
    Take {
        /// The record's id: a works, a progress entry, a photo spot …
        id: String,
        /// The files and folders.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
        /// The field to put them into, such as before, during, after; `photos` when not given.
        #[arg(long)]
        field: Option<String>,
    },
    /// What a reviewer would ask about the photos of a works, or of all.
    Findings {
        /// The works' id.
        works: Option<String>,
    },
    /// Answers a finding.
    #[command(subcommand)]
    Finding(FindingCommand),
    /// Boundaries from files, each with its map approval number (审图号).
    #[command(subcommand)]
    Boundaries(BoundariesCommand),
    /// Every record and photo that has a place, in WGS-84.
    Map,
    /// Where a position lies: the nearest village, the loaded areas around it, its degrees in both systems.
    Where {
        /// Degrees east.
        #[arg(allow_hyphen_values = true)]
        lon: f64,
        /// Degrees north.
        #[arg(allow_hyphen_values = true)]
        lat: f64,
        /// The system of the degrees: wgs84, cgcs2000 or gcj02.
        #[arg(long, default_value = "wgs84", value_parser = system)]
        system: System,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum FindingCommand {
    /// Accepts it; the remark says why.
    Accept {
        /// Its key.
        key: String,
        /// Why it is accepted.
        #[arg(long)]
        remark: String,
        /// The works that it was found of; all are looked through when not given.
        #[arg(long)]
        works: Option<String>,
        /// The application that it was found in.
        #[arg(long, conflicts_with = "works")]
        application: Option<String>,
    },
    /// Takes its acceptance back.
    Reopen {
        /// Its key.
        key: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum BoundariesCommand {
    /// Loads a GeoJSON file for the whole district.
    Load {
        /// The file.
        file: PathBuf,
        /// What it is to be called.
        #[arg(long)]
        name: String,
        /// The map approval number, as the map bears it: 苏S(2024)12号.
        #[arg(long)]
        approval: String,
        /// The system of its degrees: wgs84, cgcs2000 or gcj02.
        #[arg(long, value_parser = system)]
        system: System,
        /// Who gave it out.
        #[arg(long)]
        origin: Option<String>,
        /// As of when (YYYY-MM-DD).
        #[arg(long)]
        published: Option<String>,
    },
    /// The loaded ones.
    List,
}

fn system(text: &str) -> std::result::Result<System, String> {
    System::named(&text.to_lowercase()).ok_or_else(|| "expected wgs84, cgcs2000 or gcj02".to_owned())
}

pub(crate) fn run(laptop: &mut Laptop, command: EvidenceCommand, out: &Out) -> Result<ExitCode> {
    match command {
        EvidenceCommand::Take { id, paths, field } => return take(laptop, &id, field.as_deref(), &paths, out),
        EvidenceCommand::Findings { works } => {
            let works = works.as_deref().map(record).transpose()?;
            look(laptop, out)?;
            out.print(&laptop.findings(works)?, findings)?;
        }
        EvidenceCommand::Finding(FindingCommand::Accept { key, remark, works, application }) => {
            let works = works.as_deref().map(record).transpose()?;
            look(laptop, out)?;
            let accepted = match application {
                Some(application) => laptop.accept_of_application(record(&application)?, &key, &remark)?,
                None => laptop.accept_finding(&key, works, &remark)?,
            };
            out.print(&accepted, finding)?;
        }
        EvidenceCommand::Finding(FindingCommand::Reopen { key }) => {
            laptop.reopen_finding(&key)?;
            out.print(&json!({"reopened": key}), |_| "已撤回认可。 Taken back.".to_owned())?;
        }
        EvidenceCommand::Boundaries(BoundariesCommand::Load { file, name, approval, system, origin, published }) => {
            let wishes = BoundaryWishes { name, approval, system, origin, published };
            out.print(&laptop.load_boundary(&file, &wishes)?, boundary)?;
        }
        EvidenceCommand::Boundaries(BoundariesCommand::List) => out.print(&laptop.boundaries()?, |boundaries| {
            if boundaries.is_empty() {
                return "还没有载入边界；请由区里载入带审图号的文件。".to_owned();
            }
            boundaries.iter().map(boundary).collect::<Vec<_>>().join("\n")
        })?,
        EvidenceCommand::Map => out.print(&laptop.map_points()?, |points| {
            let line = |point: &MapPoint| format!("{:.6},{:.6}  {}  {}", point.lon, point.lat, point.kind, point.title);
            if points.is_empty() {
                "没有带位置的记录。 Nothing has a place.".to_owned()
            } else {
                points.iter().map(line).collect::<Vec<_>>().join("\n")
            }
        })?,
        EvidenceCommand::Where { lon, lat, system } => {
            out.print(&laptop.whereabouts(lon, lat, system)?, whereabouts)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The photos of a works by spot and phase.
pub(crate) fn photos(laptop: &Laptop, works: &str, out: &Out) -> Result<()> {
    out.print(&laptop.works_photos(record(works)?)?, of_works)
}

fn take(laptop: &mut Laptop, id: &str, field: Option<&str>, paths: &[PathBuf], out: &Out) -> Result<ExitCode> {
    let bar = bar(out.json);
    let stop = Arc::new(AtomicBool::new(false));
    let heard = signal_hook::flag::register(signal_hook::consts::SIGINT, Arc::clone(&stop));
    heard.map_err(|error| Trouble::Storage { reason: error.to_string() })?;
    let taken = laptop.take_in(record(id)?, field, paths, &mut |done, total| {
        bar.set_length(total);
        bar.set_position(done);
        if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    bar.finish_and_clear();
    out.print(&taken, taken_in)?;
    Ok(if taken.refused == 0 && !taken.stopped { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Looks at what nobody has looked at yet, so that nothing is missing from what is found.
pub(crate) fn look(laptop: &mut Laptop, out: &Out) -> Result<()> {
    let bar = bar(out.json);
    laptop.look_at_photos(&mut |done| {
        bar.set_position(done);
        ControlFlow::Continue(())
    })?;
    bar.finish_and_clear();
    Ok(())
}

fn taken_in(taken: &TakenIn) -> String {
    let TakenIn { taken: new, same, passed_over, refused, stopped, files } = taken;
    let mut text = format!("存入 {new} 个，已有 {same} 个");
    if *passed_over > 0 {
        text.push_str(&format!("，不是照片 {passed_over} 个（没有动）"));
    }
    if *refused > 0 {
        text.push_str(&format!("，没存成 {refused} 个："));
    }
    for (path, reason) in files.iter().filter_map(|file| Some((&file.path, file.reason.as_ref()?))) {
        text.push_str(&format!("\n  {path}  {}", words::sentence(reason)));
    }
    if *stopped {
        text.push_str("\n已停止；再存一次会接着存。");
    }
    text
}

fn findings(found: &Findings) -> String {
    let mut lines: Vec<String> = found.findings.iter().map(finding).collect();
    if lines.is_empty() {
        lines.push("照片没有要核对的。".to_owned());
    }
    if found.unseen > 0 {
        lines.push(format!("另有 {} 张照片的原件还不在本机，没有检查。", found.unseen));
    }
    lines.join("\n")
}

fn finding(found: &FindingView) -> String {
    let accepted = found
        .accepted
        .as_ref()
        .map(|answer| format!("\n    已认可：{}（{}，{}）", answer.remark, answer.by, answer.at));
    format!("{}  {}\n    依据：{}{}", found.key, found.text, found.clause, accepted.unwrap_or_default())
}

fn of_works(photos: &WorksPhotos) -> String {
    let line = |photo: &PhotoView| {
        let facts = photo.facts.as_ref();
        let taken = facts.and_then(|facts| facts.taken.clone()).unwrap_or_else(|| "无拍摄时间".to_owned());
        let place = facts.and_then(|facts| facts.place.as_ref());
        let place = place.map_or_else(
            || "无位置".to_owned(),
            |place| format!("{:.5},{:.5} {}", place.lon, place.lat, place.system.name()),
        );
        format!("    {}  {taken}  {place}", photo.name)
    };
    let mut lines = Vec::new();
    for spot in &photos.spots {
        lines.push(format!("点位 {}", spot.name));
        for (phase, views) in [("整治前", &spot.before), ("整治中", &spot.during), ("整治完成", &spot.after)]
        {
            lines.push(format!("  {phase} {} 张", views.len()));
            lines.extend(views.iter().map(line));
        }
    }
    for record in &photos.others {
        lines.push(format!("{} {}", record.kind, record.title));
        lines.extend(record.photos.iter().map(line));
    }
    if lines.is_empty() { "还没有照片。".to_owned() } else { lines.join("\n") }
}

fn boundary(boundary: &BoundaryView) -> String {
    let BoundaryView { id, name, approval, system, areas } = boundary;
    let areas = areas.map_or_else(|| "文件还不在本机".to_owned(), |areas| format!("{areas} 个面"));
    format!("{id}  {name}  审图号：{approval}  {system}  {areas}")
}

fn whereabouts(at: &Whereabouts) -> String {
    let mut lines = vec![
        format!("WGS-84  {:.6}, {:.6}（CGCS2000 相同，差不到 1 m）", at.wgs84.0, at.wgs84.1),
        format!("GCJ-02  {:.6}, {:.6}", at.gcj02.0, at.gcj02.1),
    ];
    lines.extend(at.village.as_ref().map(|village| format!("最近的村  {}，{:.0} m", village.name, village.metres)));
    lines.extend(at.areas.iter().map(|area| format!("位于  {}（审图号：{}）", area.name, area.approval)));
    lines.join("\n")
}
