//! `place find`, `place show`, `place of` and `place country`.

use std::ops::ControlFlow;
use std::path::PathBuf;

use app::{Laptop, PlaceFound, PlaceHistory, PlaceOfRecord, Result};
use chrono::NaiveDate;
use clap::Subcommand;
use serde_json::json;

use crate::run::{Out, bar, record};

#[derive(Debug, Subcommand)]
pub(crate) enum PlaceCommand {
    /// Finds places by any characters, by pinyin (zhongdong, zd, zhongd) or by the beginning of the code.
    Find {
        /// What is looked for.
        query: String,
        /// At most so many.
        #[arg(long, default_value_t = 20)]
        limit: u32,
    },
    /// A code through the years, with what followed it.
    Show {
        /// The code.
        code: String,
        /// As on this day (YYYY-MM-DD); today when not given.
        #[arg(long)]
        on: Option<NaiveDate>,
    },
    /// The places of a record, as they were called on its day.
    Of {
        /// The record's id.
        id: String,
    },
    /// Loads the whole country's list beside the district's, or gives it up.
    Country {
        /// The list, CSV or CSV packed with zstd.
        #[arg(required_unless_present = "forget")]
        file: Option<PathBuf>,
        /// Gives it up.
        #[arg(long, conflicts_with = "file")]
        forget: bool,
    },
}

pub(crate) fn run(laptop: &mut Laptop, command: PlaceCommand, out: &Out) -> Result<()> {
    match command {
        PlaceCommand::Find { query, limit } => out.print(&laptop.find_place(&query, limit)?, |hits| found(hits)),
        PlaceCommand::Show { code, on } => out.print(&laptop.place(&code, on)?, history),
        PlaceCommand::Of { id } => out.print(&laptop.places_of(record(&id)?)?, |places| of_record(places)),
        PlaceCommand::Country { file: Some(file), .. } => {
            let bar = bar(out.json);
            let loaded = laptop.load_country(&file, &mut |done, total| {
                bar.set_length(total);
                bar.set_position(done);
                ControlFlow::Continue(())
            })?;
            bar.finish_and_clear();
            out.print(&loaded, |loaded| format!("已载入 {} 个区划。 Loaded.", loaded.places))
        }
        PlaceCommand::Country { file: None, .. } => {
            laptop.forget_country()?;
            out.print(&json!({"places": 0}), |_| {
                "全国名录已移除，本区的仍在。 Given up; the district's own stays.".to_owned()
            })
        }
    }
}

fn found(hits: &[PlaceFound]) -> String {
    if hits.is_empty() { "没有找到".to_owned() } else { hits.iter().map(line).collect::<Vec<_>>().join("\n") }
}

fn line(place: &PlaceFound) -> String {
    let span = match (&place.valid_from, &place.valid_until) {
        (None, None) => String::new(),
        (from, until) => format!("  {} 至 {}", from.as_deref().unwrap_or("…"), until.as_deref().unwrap_or("今")),
    };
    let next: Vec<String> = place.successors.iter().map(|next| format!("{} {}", next.code, next.name)).collect();
    let next = if next.is_empty() { String::new() } else { format!("  → {}", next.join("、")) };
    format!("{:<12}  {}{span}{next}", place.code, place.path.join("/"))
}

fn history(history: &PlaceHistory) -> String {
    let periods: Vec<String> = history.periods.iter().map(|period| format!("  {}", line(period))).collect();
    format!("{}\n{}", line(&history.place), periods.join("\n"))
}

fn of_record(places: &[PlaceOfRecord]) -> String {
    let one = |place: &PlaceOfRecord| {
        let now = place.now.as_ref().map(|now| format!("  现名 now {now}")).unwrap_or_default();
        format!("{}  {}{now}", place.day, line(&place.place))
    };
    if places.is_empty() { "没有区划".to_owned() } else { places.iter().map(one).collect::<Vec<_>>().join("\n") }
}
