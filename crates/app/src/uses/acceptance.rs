//! What an acceptance's scores and rectifications come to, beside its own conclusion.

use domain::acceptance::{Judged, judge};
use domain::{RecordId, Refusal};
use store::Filter;

use crate::{Laptop, Result};

impl Laptop {
    /// What the items and rectifications of the acceptance `id` come to, by the
    /// rule of the day on which it was held; nothing where no rule holds.
    ///
    /// # Errors
    /// When there is no such acceptance.
    pub fn judge_acceptance(&self, id: RecordId) -> Result<Option<Judged>> {
        let acceptance = self.row(id)?.record;
        if acceptance.kind != "acceptance" {
            return Err(Refusal::UnknownRecord { record: id.to_string() }.into());
        }
        let day = acceptance.text("held_on").map_or_else(Self::today, str::to_owned);
        let Some(grading) = self.catalog().grading("acceptance", &day) else { return Ok(None) };
        let of = [Filter::Field("acceptance".to_owned(), id.to_string().into())];
        let (items, rectifications) = (self.gather("acceptance_item", &of)?, self.gather("rectification", &of)?);
        Ok(Some(judge(grading, &acceptance, &items, &rectifications)))
    }
}
