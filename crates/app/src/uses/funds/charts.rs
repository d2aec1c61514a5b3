//! Money for charts: by source and level, by year and month, plan against paid;
//! and what came to one village in each year.

use std::collections::BTreeMap;

use domain::funds::{Balance, Books, Group, Line, Source};
use domain::{Record, RecordId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::FundSum;
use crate::{Laptop, Result};

/// Money for charts, in 分.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FundChart {
    /// By source, in the order of the levels: what was planned beside what came and went.
    pub sources: Vec<SourceMoney>,
    /// By year.
    pub years: Vec<YearMoney>,
    /// So far in all, month by month; months without an entry are left out.
    pub months: Vec<FundMonth>,
    /// By application: what it is planned to cost beside what was paid.
    pub plans: Vec<FundPlan>,
}

/// The money of one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SourceMoney {
    /// The source.
    pub level: Source,
    /// What the applications plan to get from it.
    #[ts(type = "number")]
    pub planned: i64,
    /// What came and went.
    pub sum: FundSum,
}

/// The money of one year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct YearMoney {
    /// As four digits.
    pub year: String,
    /// What came and went in it.
    pub sum: FundSum,
    /// What arrived in it, by source.
    pub arrived: Vec<SourceAmount>,
}

/// An amount of one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SourceAmount {
    /// The source.
    pub level: Source,
    /// In 分.
    #[ts(type = "number")]
    pub amount: i64,
}

/// What stood at the end of a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FundMonth {
    /// `YYYY-MM`.
    pub month: String,
    /// 累计到位.
    #[ts(type = "number")]
    pub arrived: i64,
    /// 累计支付.
    #[ts(type = "number")]
    pub spent: i64,
}

/// An application's plan beside its money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FundPlan {
    /// The application.
    pub id: RecordId,
    /// What heads it.
    pub title: String,
    /// Its total.
    #[ts(type = "number")]
    pub planned: i64,
    /// What came and went.
    pub sum: FundSum,
}

/// The money of a village, year by year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VillageMoney {
    /// The village.
    pub village: RecordId,
    /// The years, the earliest first.
    pub years: Vec<YearMoney>,
    /// Money of applications for several villages that no works or contract ties to one:
    /// it is in no year above, for nobody has said how it is divided.
    pub shared: FundSum,
}

/// The field of an application that plans the money of each source.
const PLANNED: [(Source, &str); 10] = [
    (Source::Central, "central"),
    (Source::Province, "province"),
    (Source::City, "city"),
    (Source::District, "district"),
    (Source::Town, "town"),
    (Source::Village, "village_funds"),
    (Source::Villagers, "villagers"),
    (Source::Labour, "labour"),
    (Source::Social, "social"),
    (Source::Other, "other_funds"),
];

impl Laptop {
    /// The money of one application, works, contract or village, or of all, for charts.
    ///
    /// # Errors
    /// When there is no such record.
    pub fn fund_chart(&self, of: Option<RecordId>) -> Result<FundChart> {
        let held = self.fund_papers()?;
        let papers = held.papers();
        let books = Books::of(&papers);
        let lines = self.lines_of(&books, of)?;
        let by_application = sums(&lines, |line| line.key(Group::Application));
        // Of one record only the plans of the applications that its money belongs to.
        let drawn: Vec<&Record> = papers
            .applications
            .iter()
            .filter(|one| of.is_none() || of == Some(one.id) || by_application.contains_key(&one.id.to_string()))
            .collect();
        let by_level = sums(&lines, |line| line.level);
        let sources = PLANNED.iter().map(|(level, field)| {
            let planned = drawn.iter().filter_map(|one| one.integer(field)).fold(0_i64, i64::saturating_add);
            SourceMoney { level: *level, planned, sum: by_level.get(level).copied().unwrap_or_default().into() }
        });
        let nothing = FundSum::from(Balance::default());
        let sources = sources.filter(|source| source.planned != 0 || source.sum != nothing).collect();
        let plans = drawn.iter().map(|one| FundPlan {
            id: one.id,
            title: one.text("name").unwrap_or_default().to_owned(),
            planned: one.integer("total").unwrap_or_default(),
            sum: by_application.get(&one.id.to_string()).copied().unwrap_or_default().into(),
        });
        let plans = plans.filter(|plan| plan.planned != 0 || plan.sum != nothing).collect();
        Ok(FundChart { sources, years: years(&lines), months: months(&lines), plans })
    }

    /// What came to a village in each year: by its works, their contracts, and the
    /// applications that are for it alone.
    ///
    /// # Errors
    /// When there is no such village.
    pub fn money_by_year(&self, village: RecordId) -> Result<VillageMoney> {
        self.row(village)?;
        let held = self.fund_papers()?;
        let papers = held.papers();
        let works = self.works_of_village(village)?;
        let village_of = |works: RecordId| {
            let record = papers.works.iter().find(|record| record.id == works)?;
            record.text("village")?.parse::<RecordId>().ok()
        };
        let villages = |application: &Record| -> Vec<RecordId> {
            let ids = |field: &str| -> Vec<RecordId> {
                application.items(field).iter().filter_map(|item| item.as_str()?.parse().ok()).collect()
            };
            let mut all = ids("villages");
            all.extend(ids("works").into_iter().filter_map(village_of));
            all.sort();
            all.dedup();
            all
        };
        let for_it: BTreeMap<RecordId, bool> = papers
            .applications
            .iter()
            .map(|application| (application.id, villages(application)))
            .filter(|(_, villages)| villages.contains(&village))
            .map(|(id, villages)| (id, villages.len() == 1))
            .collect();
        let books = Books::of(&papers);
        let (mut own, mut shared) = (Vec::new(), Balance::default());
        for line in &books.lines {
            match (line.works, line.application.and_then(|id| for_it.get(&id))) {
                (Some(id), _) if works.contains(&id) => own.push(line),
                (None, Some(true)) => own.push(line),
                (None, Some(false)) => shared.take(line),
                _ => {}
            }
        }
        Ok(VillageMoney { village, years: years(&own), shared: shared.into() })
    }
}

fn sums<K: Ord>(lines: &[&Line<'_>], key: impl Fn(&Line<'_>) -> K) -> BTreeMap<K, Balance> {
    let mut found: BTreeMap<K, Balance> = BTreeMap::new();
    for line in lines {
        found.entry(key(line)).or_default().take(line);
    }
    found
}

fn years(lines: &[&Line<'_>]) -> Vec<YearMoney> {
    let by_source = sums(lines, |line| (line.year().to_owned(), line.level));
    let year = |(year, balance): (String, Balance)| {
        let of_year = by_source.iter().filter(|((one, _), balance)| *one == year && balance.arrived != 0);
        let arrived = of_year.map(|((_, level), balance)| SourceAmount { level: *level, amount: balance.arrived });
        YearMoney { arrived: arrived.collect(), sum: balance.into(), year }
    };
    sums(lines, |line| line.year().to_owned()).into_iter().map(year).collect()
}

fn months(lines: &[&Line<'_>]) -> Vec<FundMonth> {
    let mut so_far = Balance::default();
    let by_month = sums(lines, |line| line.dated().get(..7).unwrap_or_default().to_owned());
    let month = |(month, balance): (String, Balance)| {
        so_far.join(&balance);
        FundMonth { month, arrived: so_far.arrived, spent: so_far.spent() }
    };
    by_month.into_iter().map(month).collect()
}
