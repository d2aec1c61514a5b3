//! A finding: what a reviewer would look at twice, by which rule, in which
//! records, and where it can be mended.
//!
//! One type for photos and applications alike, for they are answered in one way.
//! A finding is computed anew each time and goes away with its cause. It carries
//! no sentence, only the blanks of one: the words stand in the app's texts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Record, RecordId, canonical};

/// One thing that a reviewer would look at twice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Finding {
    /// The same for the same question on every device; an answer is kept under it.
    pub key: String,
    /// Which rule.
    pub rule: FindingRule,
    /// Whether it blocks or warns.
    pub severity: Severity,
    /// Where the rule comes from.
    pub clause: String,
    /// The records concerned, first the one that it is about.
    pub records: Vec<RecordId>,
    /// The pictures concerned.
    pub photos: Vec<PhotoRef>,
    /// The blanks of the rule's sentence.
    pub fields: BTreeMap<String, String>,
    /// Where it can be mended.
    pub mend: Option<Mend>,
}

/// Whether a finding stops what is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It must be mended first.
    Block,
    /// It should be looked at.
    Warn,
}

/// Where a finding can be mended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Mend {
    /// The record to open.
    pub record: RecordId,
    /// Its kind.
    pub kind: String,
    /// The field to go to in it.
    pub field: Option<String>,
    /// Where something is missing altogether: the kind of the record to make for it.
    pub make: Option<String>,
    /// What that record says from its beginning.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[ts(optional, as = "Option<BTreeMap<String, String>>")]
    pub with: BTreeMap<String, String>,
}

macro_rules! rules {
    ($($(#[$about:meta])* $rule:ident = $name:literal, $severity:ident, $clause:literal;)*) => {
        /// A rule by which something is found; each has its sentence under its name in the texts.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        #[serde(rename_all = "camelCase")]
        pub enum FindingRule {
            $($(#[$about])* $rule,)*
        }

        impl FindingRule {
            /// Every rule.
            pub const ALL: &'static [Self] = &[$(Self::$rule),*];

            /// Its name in data and texts.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$rule => $name,)*
                }
            }

            /// How grave it is, where the case says nothing else.
            fn severity(self) -> Severity {
                match self {
                    $(Self::$rule => Severity::$severity,)*
                }
            }

            /// Where the rule comes from, where the case says nothing else.
            fn clause(self) -> &'static str {
                match self {
                    $(Self::$rule => $clause,)*
                }
            }
        }
    };
}

rules! {
    /// The same bytes are used twice.
    PhotoTwice = "photoTwice", Warn, "防止照片重复使用和失实（推定，限值由区里设定）";
    /// Two pictures look nearly the same.
    PhotoAlike = "photoAlike", Warn, "防止照片重复使用和失实（推定，限值由区里设定）";
    /// Taken outside the dates of the works or of the phase.
    PhotoOutsideDates = "photoOutsideDates", Warn, "《农村环境综合整治“一村一档”电子台账》第3至5项；天数为推定";
    /// Taken far from the works.
    PhotoFarAway = "photoFarAway", Warn, "防止照片重复使用和失实（推定，限值由区里设定）";
    /// Says nothing of when and where it was taken.
    PhotoWithoutExif = "photoWithoutExif", Warn, "防止照片重复使用和失实（推定，限值由区里设定）";
    /// Written by a program that edits pictures, or written again later.
    PhotoEdited = "photoEdited", Warn, "防止照片重复使用和失实（推定，限值由区里设定）";
    /// Says something that cannot be so.
    PhotoOdd = "photoOdd", Warn, "防止照片重复使用和失实（推定，限值由区里设定）";
    /// The device's clock was wrong.
    PhotoClock = "photoClock", Warn, "防止照片重复使用和失实（推定，限值由区里设定）";
    /// A completed works lacks a picture of before or after.
    PhotoMissing = "photoMissing", Warn, "《农村环境综合整治“一村一档”电子台账》第3、5项：整治前、整治完成照片";

    /// The sources do not come to the total.
    FundingSum = "fundingSum", Block, "总投资等于中央、省、市、区、镇、自筹（含投工投劳、社会资金）之和（青阳县公开资金表的口径）";
    /// There is a total, and nothing says where it comes from.
    FundingMissing = "fundingMissing", Block, "总投资等于中央、省、市、区、镇、自筹（含投工投劳、社会资金）之和（青阳县公开资金表的口径）";
    /// The lines of the estimate do not come to the total.
    EstimateSum = "estimateSum", Block, "投资估算各行之和等于总投资（青阳县公开资金表的口径）";
    /// Quantity times unit price is not the amount.
    LineAmount = "lineAmount", Block, "数量×单价=小计（马关县2023年资金公示的口径）";
    /// Money of other channels whose name is not given.
    ChannelUnnamed = "channelUnnamed", Warn, "其他整合资金应写明渠道（“一村一档”电子台账第2项：分级次、分渠道）";

    /// The last payment before the acceptance that it waits for.
    PaidBeforeAcceptance = "paidBeforeAcceptance", Block, "验收合格后支付尾款（武进区2014年专项资金办法：竣工财务决算后留10%，省级验收后支付）";
    /// Reward money for works that are not accepted.
    RewardBeforeAcceptance = "rewardBeforeAcceptance", Block, "以奖代补先建后验再奖补（江苏2020—2022年农村生活污水治理奖补）";
    /// More was paid than the contract says.
    PaidOverContract = "paidOverContract", Block, "累计支付不超过合同价（某市专项资金办法第25—30条）";
    /// The contract is above what was approved.
    ContractOverApproved = "contractOverApproved", Block, "合同价不超过批复金额（某市专项资金办法第25—30条）";
    /// More was paid than arrived.
    PaidOverArrived = "paidOverArrived", Block, "累计支付不超过到位资金（资金台账的平衡关系，推定）";
    /// Retention was released before its time.
    RetentionEarly = "retentionEarly", Block, "质保金在到期且成效评估为优或良后支付（某市专项资金办法第25—30条）";
    /// Retention was released without the grade that it waits for.
    RetentionUngraded = "retentionUngraded", Block, "质保金在到期且成效评估为优或良后支付（某市专项资金办法第25—30条）";
    /// More was paid than the stages that are reached allow.
    PaidOverStage = "paidOverStage", Block, "按进度分期支付（某市专项资金办法第25—30条）";
    /// A reversal that undoes nothing.
    ReversalIdle = "reversalIdle", Warn, "冲销对应一笔尚未冲销的流水（资金台账，推定）";
    /// More was paid than allocated.
    ExecutionOver = "executionOver", Warn, "执行率不超过100%（金寨县2023年自评表曾出现102.59%）";

    /// Something that the money may not be used for.
    NotEligible = "notEligible", Block, "专项资金不得用于的支出";
    /// A category that the programme does not support.
    CategoryNotEligible = "categoryNotEligible", Block, "所选政策的支持范围";
    /// More is asked for than the programme gives.
    OverEntitled = "overEntitled", Block, "所选政策的补助标准和上限";
    /// What the application says of a source is not what the programme comes to.
    AmountDiffers = "amountDiffers", Warn, "所选政策的补助标准和分担比例";
    /// The programme's amount cannot be computed yet.
    AmountUnknown = "amountUnknown", Warn, "所选政策的补助标准";
    /// No published programme is chosen.
    PolicyMissing = "policyMissing", Warn, "申报按区里公布的政策版本办理（推定）";
    /// The programme cannot be read.
    PolicyUnreadable = "policyUnreadable", Block, "申报按区里公布的政策版本办理（推定）";
    /// The programme is not in force for the application.
    PolicyNotInForce = "policyNotInForce", Block, "所选政策的有效期";

    /// The programme is not published, or not any more.
    PolicyUnpublished = "policyUnpublished", Block, "申报按区里公布的政策版本办理（推定）";
    /// Something that the programme asks is not met.
    RequirementUnmet = "requirementUnmet", Block, "所选政策的申报条件";
    /// Whether something that the programme asks is met cannot be said yet.
    RequirementOpen = "requirementOpen", Warn, "所选政策的申报条件";

    /// The same village, category and time in another application.
    DuplicateFunding = "duplicateFunding", Block, "财资环〔2023〕33号：已获中央财政其他渠道资金支持的项目不得重复安排";
    /// One works in two applications.
    WorksTwice = "worksTwice", Block, "财资环〔2023〕33号：同一项目不得重复安排";
    /// Money of another central channel.
    OtherCentral = "otherCentral", Block, "财资环〔2023〕33号：已从中央基建投资等其他渠道获得中央资金支持的项目不得纳入";
    /// The same in the other ministry's stream.
    OtherStream = "otherStream", Warn, "生态环境与农业农村两条奖补资金不重复安排（亭湖区2025年实施细则与财资环〔2023〕33号，推定）";
    /// Works that have money already.
    FundedAlready = "fundedAlready", Warn, "财资环〔2023〕33号：已安排资金的项目不得重复安排";

    /// More people benefit than live there.
    BeneficiariesTooMany = "beneficiariesTooMany", Block, "受益户数、人口不超过所在村户籍或常住户数、人口（推定）";
    /// The capacity does not fit the people.
    CapacityOdd = "capacityOdd", Warn, "设计规模与服务人口、人均水量相称";
    /// The cost is outside what is usual.
    CostOdd = "costOdd", Warn, "单位投资的参考范围";
    /// One household twice for one thing.
    HouseholdTwice = "householdTwice", Warn, "到户项目不得重复、冒名上报（户厕清单中同一门牌号和姓名出现四次的通报）";
    /// The householder had died before the household was reached.
    HouseholderDeceased = "householderDeceased", Warn, "到户项目不得冒用已故人员（户厕清单中有已故人员的通报）";
    /// A rate whose two numbers cannot be so.
    RateOdd = "rateOdd", Warn, "比率由分子、分母、截止日期和口径计算";
    /// A water's area is not its length times its width.
    WaterArea = "waterArea", Warn, "《农村黑臭水体治理工作指南》：水域面积应与长、宽相称";
    /// A water on the wrong list for its size.
    WaterList = "waterList", Warn, "《农村黑臭水体治理工作指南》：2000平方米及以上列入国家监管清单";

    /// It was not made public.
    NoticeMissing = "noticeMissing", Block, "国办发〔2009〕11号：项目选取、成效和资金使用均须公示";
    /// It was made public for too short a time.
    NoticeShort = "noticeShort", Block, "公示期限";
    /// It is still being made public.
    NoticeRunning = "noticeRunning", Block, "公示期满方可上报（国办发〔2009〕11号，公示期限）";

    /// A paper is missing.
    DocumentMissing = "documentMissing", Warn, "申报材料清单（推定，参照海南、广东、安徽申报通知）";
    /// A chapter of the plan is missing or empty.
    ChapterMissing = "chapterMissing", Warn, "实施计划提纲";
    /// A part that was written from the records is there more than once.
    WrittenTwice = "writtenTwice", Block, "实施方案、绩效指标和投资估算每项只列一次（推定）";
    /// The plan has chapters of more than one outline.
    OutlinesMixed = "outlinesMixed", Block, "实施方案只按一份提纲编写（推定）";
    /// A level of targets, or a core target, is missing.
    TargetMissing = "targetMissing", Warn, "绩效目标申报表：产出、效益、满意度三级指标，★为必填";
    /// There is no estimate.
    EstimateMissing = "estimateMissing", Warn, "申报表“建设内容与规模”：数量、单位、单价、小计";
    /// Fields of the form are empty.
    FieldsMissing = "fieldsMissing", Warn, "申报表各栏";
    /// A works lies in a village that the application does not name.
    VillageNotNamed = "villageNotNamed", Warn, "建设地点应列全行政村";
    /// It ends before it begins.
    SpanReversed = "spanReversed", Block, "起止时间";
    /// A remark of the review that nobody answered.
    RemarkOpen = "remarkOpen", Block, "退回补正的审核意见应逐条答复后再报（推定）";

    /// The library has let it go.
    LibraryExpired = "libraryExpired", Warn, "《中央生态环保转移支付资金项目储备制度管理暂行办法》：入库有效期三年，未实施的自动出库";
    /// Allocated without being in the library.
    LibraryMissing = "libraryMissing", Warn, "《中央生态环保转移支付资金项目储备制度管理暂行办法》：未入库的原则上不安排资金";
    /// A month's report was not handed in.
    MonthReportMissing = "monthReportMissing", Warn, "资金下达后按月调度";
}

/// A picture as a finding names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
pub struct PhotoRef {
    /// Hex SHA-256.
    pub sha256: String,
    /// What the file is called.
    pub name: String,
    /// The record that uses it.
    pub record: RecordId,
}

impl Finding {
    /// That `rule` finds something in these records and pictures.
    #[must_use]
    pub fn new(
        rule: FindingRule,
        mut records: Vec<RecordId>,
        photos: Vec<PhotoRef>,
        fields: &[(&str, String)],
    ) -> Self {
        let mut seen = Vec::new();
        records.retain(|record| {
            !seen.contains(record) && {
                seen.push(*record);
                true
            }
        });
        let (mut ids, mut shas) = (records.clone(), photos.iter().map(|photo| &photo.sha256).collect::<Vec<_>>());
        ids.sort();
        shas.sort();
        shas.dedup();
        let digest = canonical::digest(&(rule.name(), ids, shas));
        Self {
            key: key(rule, &digest),
            rule,
            severity: rule.severity(),
            clause: rule.clause().to_owned(),
            records,
            photos,
            fields: fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
            mend: None,
        }
    }

    /// That `rule` finds something in these records, of which the first is opened to mend it.
    #[must_use]
    pub fn of(rule: FindingRule, records: &[&Record], fields: &[(&str, String)]) -> Self {
        let found = Self::new(rule, records.iter().map(|record| record.id).collect(), Vec::new(), fields);
        match records.first() {
            Some(record) => found.mended_in(record, None),
            None => found,
        }
    }

    /// The same question about another part of the same records: `about` says which.
    #[must_use]
    pub fn about(mut self, about: &str) -> Self {
        let digest = canonical::digest(&(&self.key, about));
        self.key = key(self.rule, &digest);
        self
    }

    /// As grave as `severity`.
    #[must_use]
    pub fn graded(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }

    /// By this clause.
    #[must_use]
    pub fn by(self, clause: &str) -> Self {
        if clause.is_empty() { self } else { Self { clause: clause.to_owned(), ..self } }
    }

    /// Mended in `record`, at `field`.
    #[must_use]
    pub fn mended_in(self, record: &Record, field: Option<&str>) -> Self {
        let (kind, field) = (record.kind.clone(), field.map(str::to_owned));
        Self { mend: Some(Mend { record: record.id, kind, field, make: None, with: BTreeMap::new() }), ..self }
    }

    /// Mended by a new record of `kind` for `record`.
    #[must_use]
    pub fn mended_by(self, record: &Record, kind: &str) -> Self {
        self.mended_by_one(record, kind, &[])
    }

    /// Mended by a new record of `kind` for `record`, which says `with` already.
    #[must_use]
    pub fn mended_by_one(self, record: &Record, kind: &str, with: &[(&str, String)]) -> Self {
        let with = with.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let (made, kind) = (Some(kind.to_owned()), record.kind.clone());
        Self { mend: Some(Mend { record: record.id, kind, field: None, make: made, with }), ..self }
    }

    /// Whether it stops what is under way.
    #[must_use]
    pub fn blocks(&self) -> bool {
        self.severity == Severity::Block
    }
}

fn key(rule: FindingRule, digest: &str) -> String {
    format!("{}-{}", rule.name(), digest.get(..16).unwrap_or(digest))
}

#[cfg(test)]
mod tests {
    use super::FindingRule;

    #[test]
    fn a_rule_has_one_name_wherever_it_is_written() {
        for rule in FindingRule::ALL {
            let written = serde_json::to_value(rule).expect("a rule is text");
            assert_eq!(written.as_str(), Some(rule.name()), "the sentences are found by it");
        }
    }
}
