//! Works that stand still: under way, and for a while neither an entry nor a photo.

use chrono::Days;
use store::Said;

use crate::types::Page;
use crate::uses::reminders::day;
use crate::{Laptop, Result};

/// The state of works under way.
const UNDER_WAY: &str = "building";

impl Laptop {
    /// The works under way of which nothing was said for `days` days, neither by an
    /// entry of progress nor by a photo: how many, and at most `limit` of them, those
    /// recorded first at the head.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn standing_still(&self, days: u32, limit: u32) -> Result<Page> {
        self.standing_still_on(&Self::today(), days, limit)
    }

    /// The same as it is on the day `today`.
    ///
    /// # Errors
    /// As [`Laptop::standing_still`], or for what is no date.
    pub fn standing_still_on(&self, today: &str, days: u32, limit: u32) -> Result<Page> {
        let today = day(&self.date(today)?).unwrap_or_default();
        let since = today.checked_sub_days(Days::new(days.into())).unwrap_or_default().to_string();
        let (works, progress) = (self.kind("works")?, self.kind("progress")?);
        let said = Said { kind: &progress, of: progress.field("works")?, dated: progress.field("date")? };
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let (total, rows) = self.store.standing_still(&works, UNDER_WAY, said, &since, limit)?;
        self.page(total, rows)
    }
}
