//! The files of the catalog that ships with the program.

use super::ROLES_FILE;

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[
            (ROLES_FILE, include_str!("../../catalog/roles.toml")),
            $(($name, include_str!(concat!("../../catalog/", $name)))),*
        ]
    };
}

/// Name and text of each, in the order of the screen.
pub const SHIPPED: &[(&str, &str)] = files![
    "indicators.toml",
    "clocks.toml",
    "standards.toml",
    "gradings.toml",
    "norms.toml",
    "exclusions.toml",
    "holidays.toml",
    "place.toml",
    "organisation.toml",
    "township.toml",
    "pilot.toml",
    "village.toml",
    "works.toml",
    "works.sewage.toml",
    "works.waste.toml",
    "works.water_source.toml",
    "works.livestock.toml",
    "works.black_odour.toml",
    "works.industrial_legacy.toml",
    "works.diffuse.toml",
    "works.other.toml",
    "progress.toml",
    "contract.toml",
    "variation.toml",
    "joining.toml",
    "acceptance.toml",
    "acceptance_item.toml",
    "rectification.toml",
    "facility.toml",
    "facility_check.toml",
    "effluent_sample.toml",
    "meter_reading.toml",
    "bill.toml",
    "water_body.toml",
    "notice.toml",
    "month_report.toml",
    "spot.toml",
    "finding_note.toml",
    "photo_limits.toml",
    "boundary.toml",
    "programme.toml",
    "application.toml",
    "fund_entry.toml",
    "settlement.toml",
    "evaluation.toml",
    "household.toml",
    "estimate_line.toml",
    "figure.toml",
    "target.toml",
    "chapter.toml",
    "document.toml",
    "opinion.toml",
    "review_remark.toml",
];
