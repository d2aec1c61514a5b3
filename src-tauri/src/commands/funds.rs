//! Money: entries, balances, what is due, and the figures of its charts.

use app::types::Shown;
use app::{FundAsked, FundBalances, FundChart, FundList, PaymentDue, RecordId, VillageMoney};

use super::OnDesk;
use crate::desk::Answer;

#[tauri::command(async)]
pub(crate) fn fund_list(desk: OnDesk<'_>, asked: FundAsked) -> Answer<FundList> {
    desk.twin()?.fund_list(&asked).map_err(|error| error.view())
}

#[tauri::command(async)]
pub(crate) fn fund_balances(desk: OnDesk<'_>, of: Option<RecordId>, as_of: Option<&str>) -> Answer<FundBalances> {
    desk.twin()?.fund_balances(of, as_of).map_err(|error| error.view())
}

#[tauri::command(async)]
pub(crate) fn payments_due(desk: OnDesk<'_>, of: Option<RecordId>, as_of: Option<&str>) -> Answer<Vec<PaymentDue>> {
    desk.twin()?.payments_due(of, as_of).map_err(|error| error.view())
}

/// An entry is never edited: a second one takes it back, and both stand.
#[tauri::command(async)]
pub(crate) fn reverse_fund(desk: OnDesk<'_>, id: RecordId, dated: Option<&str>, note: Option<&str>) -> Answer<Shown> {
    desk.write(|laptop| laptop.reverse_fund(id, dated, note))
}

#[tauri::command(async)]
pub(crate) fn fund_chart(desk: OnDesk<'_>, of: Option<RecordId>) -> Answer<FundChart> {
    desk.twin()?.fund_chart(of).map_err(|error| error.view())
}

#[tauri::command(async)]
pub(crate) fn money_by_year(desk: OnDesk<'_>, village: RecordId) -> Answer<VillageMoney> {
    desk.twin()?.money_by_year(village).map_err(|error| error.view())
}
