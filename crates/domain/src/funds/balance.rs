//! Sums over lines, and the rate at which money is spent.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Line, Sort};

/// By what lines are summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(rename = "FundGroup")]
pub enum Group {
    /// 奖补申报.
    Application,
    /// 整治工程.
    Works,
    /// 合同.
    Contract,
    /// 来源层级.
    Level,
    /// 年度, by the entries' dates.
    Year,
}

/// What entries come to, in 分.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "FundBalance")]
pub struct Balance {
    /// 下达.
    #[ts(type = "number")]
    pub allocated: i64,
    /// 累计到位.
    #[ts(type = "number")]
    pub arrived: i64,
    /// 预拨.
    #[ts(type = "number")]
    pub advanced: i64,
    /// 支付.
    #[ts(type = "number")]
    pub paid: i64,
    /// 质保金 that was paid out.
    #[ts(type = "number")]
    pub released: i64,
    /// 结余收回.
    #[ts(type = "number")]
    pub recovered: i64,
}

/// A rate as its two numbers; the percentage is left to whoever shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "ExecutionRate")]
pub struct Rate {
    /// 累计支付, in 分.
    #[ts(type = "number")]
    pub numerator: i64,
    /// What it is held against, in 分; 0 where there is nothing, and no rate.
    #[ts(type = "number")]
    pub denominator: i64,
    /// What that is.
    pub basis: Basis,
}

/// What an execution rate is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(rename = "ExecutionBasis")]
pub enum Basis {
    /// 下达.
    Allocated,
    /// 到位, where no allocation is entered.
    Arrived,
}

impl Balance {
    /// Adds a line.
    pub fn take(&mut self, line: &Line<'_>) {
        let sum = match line.sort {
            Some(Sort::Allocated) => &mut self.allocated,
            Some(Sort::Arrived) => &mut self.arrived,
            Some(Sort::Advance) => &mut self.advanced,
            Some(Sort::Payment) => &mut self.paid,
            Some(Sort::Retention) => &mut self.released,
            Some(Sort::Recovered) => &mut self.recovered,
            Some(Sort::Reversal) | None => return,
        };
        *sum = sum.saturating_add(line.amount);
    }

    /// Adds what other lines came to.
    pub fn join(&mut self, other: &Self) {
        let add = |sum: &mut i64, more: i64| *sum = sum.saturating_add(more);
        add(&mut self.allocated, other.allocated);
        add(&mut self.arrived, other.arrived);
        add(&mut self.advanced, other.advanced);
        add(&mut self.paid, other.paid);
        add(&mut self.released, other.released);
        add(&mut self.recovered, other.recovered);
    }

    /// 累计支付: all that was paid out.
    #[must_use]
    pub fn spent(&self) -> i64 {
        self.advanced.saturating_add(self.paid).saturating_add(self.released)
    }

    /// 结余: what is on the account.
    #[must_use]
    pub fn left(&self) -> i64 {
        self.arrived.saturating_sub(self.spent()).saturating_sub(self.recovered)
    }

    /// 执行率: what was paid out of what was allocated, or of what arrived where
    /// no allocation is entered.
    #[must_use]
    pub fn execution(&self) -> Rate {
        let (denominator, basis) = match self.allocated {
            0 => (self.arrived, Basis::Arrived),
            allocated => (allocated, Basis::Allocated),
        };
        Rate { numerator: self.spent(), denominator, basis }
    }
}

impl<'l, 'r: 'l> FromIterator<&'l Line<'r>> for Balance {
    fn from_iter<I: IntoIterator<Item = &'l Line<'r>>>(lines: I) -> Self {
        let mut balance = Self::default();
        lines.into_iter().for_each(|line| balance.take(line));
        balance
    }
}
