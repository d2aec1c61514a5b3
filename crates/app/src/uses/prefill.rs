//! Prefill: the plan, the targets, the estimate and the empty fields of the form,
//! written from the records for a person to edit.

use domain::prefill::{self, Draft, Outline, Step};
use domain::{Action, Fields, RecordId, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;

use crate::{Laptop, Result};

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Prefilled {
    /// The outline of the plan: f2, f3 or village.
    pub outline: String,
    /// The fields of the application that were filled.
    pub filled: Vec<String>,
    /// The records that were made, in the order of the plan.
    pub made: Vec<RecordId>,
    /// The records that were written anew, for nobody had touched them.
    pub renewed: Vec<RecordId>,
    /// The records that were taken out, for another laptop had written the same and
    /// nobody had touched these. They can be brought back.
    pub dropped: Vec<RecordId>,
}

impl Laptop {
    /// Writes into the application what its records say already. What a person has
    /// edited or taken out stays as it is; asked again, it writes only what is new.
    ///
    /// # Errors
    /// When there is no such application, an outline that is none of f2, f3 and
    /// village, or what the rules refuse: what is reported is not written into.
    pub fn prefill(&mut self, application: RecordId, outline: Option<&str>) -> Result<Prefilled> {
        let first = self.submission(application)?;
        let outline = match outline {
            None => Outline::of(&first),
            Some(name) => Outline::named(name).ok_or_else(|| Refusal::NotAChoice {
                field: "outline".to_owned(),
                given: name.to_owned(),
                choices: "f2, f3, village".to_owned(),
            })?,
        };
        let mut done = Prefilled { outline: outline.name().to_owned(), ..Prefilled::default() };
        let mut marks: Vec<String> = Vec::new();
        // Each on what came of the one before: targets count what the form says, chapters tell both.
        for kind in ["estimate_line", "target", "chapter"] {
            let submission = self.submission(application)?;
            for step in prefill::steps(&submission, self.catalog(), outline) {
                match step {
                    Step::Fill(fields) => {
                        done.filled.extend(fields.keys().cloned());
                        self.write(application, &fields)?;
                    }
                    Step::Make(draft) if draft.kind == kind => {
                        done.made.push(self.make(application, &draft)?);
                        marks.push(draft.mark());
                    }
                    Step::Renew(record, draft) if draft.kind == kind => {
                        self.write(record, &draft.whole(application))?;
                        done.renewed.push(record);
                    }
                    Step::Drop(record) => {
                        self.delete(record)?;
                        done.dropped.push(record);
                    }
                    Step::Make(_) | Step::Renew(..) => {}
                }
            }
        }
        self.remember(application, &marks)?;
        Ok(done)
    }

    fn make(&mut self, application: RecordId, draft: &Draft) -> Result<RecordId> {
        let kind = self.kind(draft.kind)?;
        let (record, scope, actions) = self.beginning(&kind, draft.whole(application))?;
        self.save(record, &kind, scope, actions, None)?;
        Ok(record)
    }

    /// Sets fields, those as well that only the program sets.
    fn write(&mut self, record: RecordId, fields: &Fields) -> Result<()> {
        let row = self.row(record)?;
        let kind = self.kind(&row.record.kind)?;
        let actions = kind.edit(&row.record.fields, fields)?;
        if !actions.is_empty() {
            self.save(record, &kind, row.record.scope, actions, None)?;
        }
        Ok(())
    }

    /// Notes in the application what was written into it, so that it is not written twice.
    fn remember(&mut self, application: RecordId, marks: &[String]) -> Result<()> {
        let row = self.row(application)?;
        let kind = self.kind(&row.record.kind)?;
        let known = |mark: &String| row.record.items(prefill::DONE).iter().any(|item| item["id"] == **mark);
        let item = |mark: &String| json!({"id": mark, "text": "", "by": self.identity.person, "at": Self::now()});
        let items: Vec<_> = marks.iter().filter(|mark| !known(mark)).map(item).collect();
        if items.is_empty() || kind.field(prefill::DONE).is_err() {
            return Ok(());
        }
        let actions = vec![Action::Add { field: prefill::DONE.to_owned(), items }];
        self.save(application, &kind, row.record.scope, actions, None).map(drop)
    }
}
