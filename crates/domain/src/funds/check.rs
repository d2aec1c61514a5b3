//! What must hold of the books, asked twice: of an entry before it is saved, and
//! of all entries whenever somebody looks.

use std::collections::BTreeMap;

use super::due::{Contract, accepted, is_signed, limit, plan_of};
use super::{Balance, Basis, Books, Effect, Entry, Line, Missing, Papers, PaymentTerms, Sort, Stage, StagePlan};
use crate::catalog::REVERSES;
use crate::finding::{Finding, FindingRule};
use crate::indicator::reference;
use crate::programme::Programme;
use crate::submission::Submission;
use crate::{Record, RecordId, Refusal, money};

/// A day after every entry: what has been entered counts, whatever its date.
const EVER: &str = "9999-12-31";

/// What does not hold of the books on the day `as_of`; stage plans by application.
#[must_use]
pub fn findings(papers: &Papers<'_>, plans: &BTreeMap<RecordId, PaymentTerms>, as_of: &str) -> Vec<Finding> {
    let desk = Desk { papers, plans, books: Books::of(papers), as_of };
    let mut found = desk.accounts();
    for contract in papers.contracts {
        found.extend(desk.contract(contract));
    }
    found.extend(desk.books.lines.iter().filter_map(|line| desk.rewarded(line)));
    found.extend(papers.works.iter().filter_map(|works| desk.approved(works)));
    found.extend(desk.idle());
    found
}

/// The same for one application, out of its submission.
#[must_use]
pub fn of_submission(submission: &Submission, as_of: &str) -> Vec<Finding> {
    let rules = submission.programme.as_ref().and_then(|programme| programme.text("rules"));
    let terms = rules.and_then(|rules| Programme::parse(rules).ok()).map(|programme| PaymentTerms::of(&programme));
    let plans = terms.map(|terms| (submission.application.id, terms)).into_iter().collect();
    findings(&Papers::of(submission), &plans, as_of)
}

/// Whether `entry`, which is not among the papers, may join them on the day `today`.
///
/// A reversal is only asked whether it undoes anything: it brings the books
/// nearer to the truth, whatever they look like afterwards.
///
/// # Errors
/// The first rule that would be broken, with its figures.
pub fn admit(
    papers: &Papers<'_>,
    plans: &BTreeMap<RecordId, PaymentTerms>,
    entry: &Record,
    today: &str,
) -> Result<(), Refusal> {
    let papers = Papers { new: Some(entry), ..*papers };
    let desk = Desk { papers: &papers, plans, books: Books::of(&papers), as_of: today };
    let Some(line) = desk.books.lines.iter().find(|line| line.entry.id == entry.id) else { return Ok(()) };
    if Entry(entry).sort() == Some(Sort::Reversal) {
        return desk.reverses(line);
    }
    let takes = line.sort.is_some_and(|sort| sort.pays() || sort == Sort::Recovered);
    if !takes {
        return Ok(());
    }
    let mut found: Vec<Finding> = desk.accounts();
    found.retain(|finding| finding.records.first() == line.account().as_ref());
    let contract = papers.contracts.iter().find(|contract| Some(contract.id) == line.contract);
    if let Some(contract) = contract.filter(|_| line.sort != Some(Sort::Recovered)) {
        let of_it = |finding: &Finding| match finding.rule {
            FindingRule::PaidOverContract | FindingRule::PaidOverStage => true,
            _ => finding.records.contains(&entry.id),
        };
        found.extend(desk.contract(contract).into_iter().filter(of_it));
    }
    found.extend(desk.rewarded(line));
    // What is said of the entry itself helps more than what it does to a sum.
    found.sort_by_key(|finding| !finding.records.contains(&entry.id));
    let first = found.into_iter().find(Finding::blocks);
    first.map_or(Ok(()), |finding| Err(refusal(&finding)))
}

fn refusal(finding: &Finding) -> Refusal {
    let field = |name: &str| finding.fields.get(name).cloned().unwrap_or_default();
    let of = field("of");
    match finding.rule {
        FindingRule::PaidOverArrived => {
            Refusal::FundBeyondArrived { of, paid: field("paid"), arrived: field("arrived"), over: field("over") }
        }
        FindingRule::PaidOverContract => {
            Refusal::FundBeyondContract { of, paid: field("paid"), limit: field("limit"), over: field("over") }
        }
        FindingRule::PaidOverStage => {
            Refusal::FundBeyondStage { of, paid: field("paid"), allowed: field("allowed"), over: field("over") }
        }
        FindingRule::PaidBeforeAcceptance | FindingRule::RewardBeforeAcceptance => {
            Refusal::FundBeforeAcceptance { of, dated: field("dated") }
        }
        FindingRule::RetentionEarly => Refusal::FundRetentionEarly { of, dated: field("dated"), from: field("from") },
        _ => Refusal::FundRetentionUngraded { of, grade: field("grade") },
    }
}

/// What the books are held against.
struct Desk<'p, 'r> {
    papers: &'p Papers<'r>,
    plans: &'p BTreeMap<RecordId, PaymentTerms>,
    books: Books<'r>,
    as_of: &'p str,
}

impl<'r> Desk<'_, 'r> {
    /// An application's or works' name, for a sentence.
    fn name(&self, id: RecordId) -> String {
        let papers = [self.papers.applications, self.papers.works, self.papers.contracts];
        let found = papers.into_iter().flatten().find(|record| record.id == id);
        found.and_then(|record| record.text("name")).unwrap_or_default().to_owned()
    }

    /// A finding about these records, which says where it can be mended.
    fn question(&self, rule: FindingRule, ids: Vec<RecordId>, fields: &[(&str, String)]) -> Finding {
        let papers = self.papers;
        let lists = [papers.applications, papers.works, papers.contracts].into_iter().flatten();
        let mut all = lists.chain(papers.all_entries());
        let first = ids.first().and_then(|id| all.find(|record| record.id == *id)).cloned();
        let found = Finding::new(rule, ids, Vec::new(), fields);
        match (first, rule) {
            (None, _) => found,
            (Some(record), FindingRule::PaidOverArrived) => found.mended_by(&record, Entry::KIND),
            (Some(record), FindingRule::PaidBeforeAcceptance | FindingRule::RewardBeforeAcceptance) => {
                found.mended_by(&record, "acceptance")
            }
            (Some(record), _) => found.mended_in(&record, None),
        }
    }

    /// What was paid out of each account against what arrived on it and what was allocated.
    fn accounts(&self) -> Vec<Finding> {
        let mut accounts: BTreeMap<RecordId, Vec<&Line<'r>>> = BTreeMap::new();
        for line in &self.books.lines {
            if let Some(account) = line.account() {
                accounts.entry(account).or_default().push(line);
            }
        }
        let mut found = Vec::new();
        for (account, lines) in accounts {
            let balance: Balance = lines.into_iter().collect();
            let (out, of) = (balance.spent().saturating_add(balance.recovered), self.name(account));
            if out > balance.arrived {
                let over = out.saturating_sub(balance.arrived);
                let fields =
                    [("of", of.clone()), ("paid", yuan(out)), ("arrived", yuan(balance.arrived)), ("over", yuan(over))];
                found.push(self.question(FindingRule::PaidOverArrived, vec![account], &fields));
            }
            let rate = balance.execution();
            if rate.basis == Basis::Allocated && rate.numerator > rate.denominator {
                let percent = crate::indicator::percent(rate.numerator, rate.denominator).unwrap_or_default();
                let fields = [
                    ("of", of),
                    ("paid", yuan(rate.numerator)),
                    ("allocated", yuan(rate.denominator)),
                    ("percent", percent),
                ];
                found.push(self.question(FindingRule::ExecutionOver, vec![account], &fields));
            }
        }
        found
    }

    /// What was paid on a contract against its price, its stages and its acceptance.
    fn contract(&self, record: &'r Record) -> Vec<Finding> {
        let mut found = Vec::new();
        let lines: Vec<&Line<'r>> = self.books.lines.iter().filter(|line| line.contract == Some(record.id)).collect();
        let balance: Balance = lines.iter().copied().collect();
        let (spent, of) = (balance.spent(), self.name(record.id));
        if spent == 0 && lines.iter().all(|line| line.effect != Effect::Counts) {
            return found;
        }
        let price = limit(self.papers, record);
        if let Some(limit) = price.filter(|limit| spent > *limit) {
            let fields =
                [("of", of.clone()), ("paid", yuan(spent)), ("limit", yuan(limit)), ("over", yuan(spent - limit))];
            found.push(self.question(FindingRule::PaidOverContract, vec![record.id], &fields));
        }
        let contract = Contract::of(self.papers, &self.books, record);
        let Some(plan) = plan_of(self.plans, &contract, record) else { return found };
        let due = contract.due(&self.books, &plan, self.as_of);
        // Beyond its price it is said already; without a price no stage has an amount.
        if price.is_some_and(|limit| spent <= limit) && spent > due.allowed {
            let over = yuan(spent - due.allowed);
            let fields = [("of", of.clone()), ("paid", yuan(spent)), ("allowed", yuan(due.allowed)), ("over", over)];
            found.push(self.question(FindingRule::PaidOverStage, vec![record.id], &fields));
        }
        for line in lines.iter().filter(|line| line.effect == Effect::Counts) {
            found.extend(self.timely(&contract, &plan, record, line, &of));
        }
        found
    }

    /// Whether one payment came when it might.
    fn timely(
        &self,
        contract: &Contract<'_, 'r>,
        plan: &StagePlan,
        record: &Record,
        line: &Line<'r>,
        of: &str,
    ) -> Option<Finding> {
        let (dated, ids) = (line.dated(), vec![record.id, line.entry.id]);
        let is_retention = line.sort == Some(Sort::Retention) || line.stage == Some(Stage::Retention);
        let fields = |more: (&'static str, String)| [("of", of.to_owned()), ("dated", dated.to_owned()), more];
        if is_retention {
            let due = contract.due(&self.books, plan, dated);
            let stage = due.stages.into_iter().find(|stage| stage.stage == Stage::Retention)?;
            return match stage.missing? {
                Missing::NotGraded | Missing::GradeTooLow => {
                    let grade = contract.graded(dated).map_or("", |(_, grade)| grade).to_owned();
                    Some(self.question(FindingRule::RetentionUngraded, ids, &fields(("grade", grade))))
                }
                _ => {
                    let from = stage.on.or_else(|| contract.retention_from(&plan.retention, EVER)).unwrap_or_default();
                    Some(self.question(FindingRule::RetentionEarly, ids, &fields(("from", from))))
                }
            };
        }
        let waits = line.stage == Some(Stage::Acceptance) && line.sort.is_some_and(Sort::pays);
        let early = waits && contract.accepted(None, dated).is_none();
        let fields = [("of", of.to_owned()), ("dated", dated.to_owned())];
        early.then(|| self.question(FindingRule::PaidBeforeAcceptance, ids, &fields))
    }

    /// Whether reward money was paid before what it rewards was accepted (先建后验再奖补).
    fn rewarded(&self, line: &Line<'r>) -> Option<Finding> {
        self.plans.get(&line.application?).filter(|terms| terms.after_acceptance)?;
        let paid = line.effect == Effect::Counts && line.sort == Some(Sort::Payment) && line.level.is_above();
        let account = line.contract.or(line.works).or(line.application)?;
        let papers = self.papers;
        let of_contract = papers.contracts.iter().find(|contract| Some(contract.id) == line.contract);
        let accepted = match of_contract {
            Some(record) => Contract::of(papers, &self.books, record).accepted(None, line.dated()),
            None => {
                let bundled = papers.applications.iter().find(|one| Some(one.id) == line.application);
                let bundled = bundled.map_or(&[][..], |application| application.items("works"));
                let ids: Vec<RecordId> = match line.works {
                    Some(works) => vec![works],
                    None => bundled.iter().filter_map(|item| item.as_str()?.parse().ok()).collect(),
                };
                let works: Vec<&Record> = papers.works.iter().filter(|works| ids.contains(&works.id)).collect();
                accepted(papers, &works, None, line.dated())
            }
        };
        let fields = [("of", self.name(account)), ("dated", line.dated().to_owned())];
        let ids = vec![account, line.entry.id];
        (paid && accepted.is_none()).then(|| self.question(FindingRule::RewardBeforeAcceptance, ids, &fields))
    }

    /// Whether the contracts of a works stay within what was approved for it.
    fn approved(&self, works: &Record) -> Option<Finding> {
        let approved = works.integer("approved_amount")?;
        let of_it = |contract: &&Record| {
            reference(contract, "works") == Some(works.id)
                && contract.items("more_works").is_empty()
                && is_signed(contract)
        };
        let contracts: Vec<&Record> = self.papers.contracts.iter().filter(of_it).collect();
        let prices = contracts.iter().filter_map(|contract| limit(self.papers, contract));
        let sum = prices.fold(0_i64, i64::saturating_add);
        (sum > approved).then(|| {
            let ids = [works.id].into_iter().chain(contracts.iter().map(|contract| contract.id)).collect();
            let fields = [
                ("of", works.text("name").unwrap_or_default().to_owned()),
                ("contracts", yuan(sum)),
                ("approved", yuan(approved)),
                ("over", yuan(sum - approved)),
            ];
            self.question(FindingRule::ContractOverApproved, ids, &fields)
        })
    }

    /// Reversals that do nothing.
    fn idle(&self) -> Vec<Finding> {
        let idle = |line: &&Line<'_>| matches!(line.effect, Effect::ReversesNothing | Effect::ReversesAgain);
        let finding = |line: &Line<'_>| {
            let number = line.entry.text("number").unwrap_or_default().to_owned();
            let records = [line.entry.id].into_iter().chain(reference(line.entry, REVERSES)).collect();
            self.question(FindingRule::ReversalIdle, records, &[("number", number)])
        };
        self.books.lines.iter().filter(idle).map(finding).collect()
    }

    /// Whether a reversal undoes an entry, wholly, for the first time.
    fn reverses(&self, line: &Line<'_>) -> Result<(), Refusal> {
        let given = line.entry.text(REVERSES).unwrap_or_default().to_owned();
        match line.effect {
            Effect::ReversesNothing => Err(Refusal::NothingToReverse { given }),
            Effect::ReversesAgain => Err(Refusal::ReversedAlready { given }),
            _ if Entry(line.entry).amount() != line.amount.saturating_neg() => {
                Err(Refusal::ReversedInPart { given: yuan(Entry(line.entry).amount()), amount: yuan(-line.amount) })
            }
            _ => Ok(()),
        }
    }
}

fn yuan(fen: i64) -> String {
    money::grouped(fen)
}
