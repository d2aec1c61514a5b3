//! One entry: its sort, its level, its stage, as the catalog names them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Record;
use crate::catalog::REVERSES;

macro_rules! choices {
    ($(#[$outer:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        #[serde(rename_all = "snake_case")]
        $(#[$outer])*
        pub enum $name { $($(#[$inner])* $variant),* }

        impl $name {
            /// All of them, in the catalog's order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its name in data.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            /// The one called `name`.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }
    };
}

choices! {
    /// Which way an entry's money goes.
    #[ts(rename = "FundSort")]
    Sort {
        /// 下达: promised by a document; nothing has moved.
        Allocated = "allocated",
        /// 到位: on the account.
        Arrived = "arrived",
        /// 预拨: paid out ahead of a settlement.
        Advance = "advance",
        /// 支付: paid out.
        Payment = "payment",
        /// 质保金: what was held back, paid out.
        Retention = "retention",
        /// 结余收回: gone back to where it came from.
        Recovered = "recovered",
        /// 冲销: undoes the entry that it names.
        Reversal = "reversal",
    }
}

choices! {
    /// Where money comes from.
    #[ts(rename = "FundSource")]
    Source {
        /// 中央.
        Central = "central",
        /// 省级.
        Province = "province",
        /// 市级.
        City = "city",
        /// 区级.
        District = "district",
        /// 镇级.
        Town = "town",
        /// 村集体自筹.
        Village = "village",
        /// 村民筹资.
        Villagers = "villagers",
        /// 投工投劳折算.
        Labour = "labour",
        /// 社会资金.
        Social = "social",
        /// 其他, or of no single source.
        Other = "other",
    }
}

choices! {
    /// How far a contract has come, as payments are staged.
    #[ts(rename = "PaymentStage")]
    Stage {
        /// 进场.
        Entry = "entry",
        /// 完成 30%.
        P30 = "p30",
        /// 完成 50%.
        P50 = "p50",
        /// 完成 70%.
        P70 = "p70",
        /// 完成 90%.
        P90 = "p90",
        /// 验收.
        Acceptance = "acceptance",
        /// 质保.
        Retention = "retention",
    }
}

impl Sort {
    /// Whether money is paid out by it.
    #[must_use]
    pub fn pays(self) -> bool {
        matches!(self, Self::Advance | Self::Payment | Self::Retention)
    }
}

impl Source {
    /// Whether it is money of the budgets above the township.
    #[must_use]
    pub fn is_above(self) -> bool {
        matches!(self, Self::Central | Self::Province | Self::City | Self::District)
    }
}

impl Stage {
    /// The percentage that must be built, for a stage that asks for one.
    #[must_use]
    pub fn percent(self) -> Option<i64> {
        match self {
            Self::P30 => Some(30),
            Self::P50 => Some(50),
            Self::P70 => Some(70),
            Self::P90 => Some(90),
            Self::Entry | Self::Acceptance | Self::Retention => None,
        }
    }
}

/// What the books need of an entry.
pub struct Entry<'r>(pub &'r Record);

impl<'r> Entry<'r> {
    /// The kind.
    pub const KIND: &'static str = "fund_entry";

    /// Every field that this view reads.
    pub const FIELDS: &'static [&'static str] =
        &["sort", "level", "dated", "amount", "application", "works", "contract", "stage", REVERSES];

    /// Which way its money goes; nothing where a newer program says something else.
    #[must_use]
    pub fn sort(&self) -> Option<Sort> {
        Sort::named(self.0.text("sort")?)
    }

    /// Where the money comes from; other, where that is not said or not known here.
    #[must_use]
    pub fn level(&self) -> Source {
        self.0.text("level").and_then(Source::named).unwrap_or(Source::Other)
    }

    /// The stage that it is paid for.
    #[must_use]
    pub fn stage(&self) -> Option<Stage> {
        Stage::named(self.0.text("stage")?)
    }

    /// Its date.
    #[must_use]
    pub fn dated(&self) -> &'r str {
        self.0.text("dated").unwrap_or_default()
    }

    /// Its amount in 分, never below zero.
    #[must_use]
    pub fn amount(&self) -> i64 {
        self.0.integer("amount").unwrap_or_default().max(0)
    }
}
