//! Whether a programme speaks of what the catalog knows: a category or a sort of
//! paper that is spelt otherwise would be asked for in vain, or pay for nothing.

use super::rule::Said;
use super::term::Term;
use super::{Condition, Programme, ProgrammeFault, ProgrammeProblem};
use crate::Catalog;

impl Programme {
    /// The names in it that `catalog` does not know, each with its place.
    #[must_use]
    pub fn unknown_to(&self, catalog: &Catalog) -> Vec<ProgrammeProblem> {
        let mut found = Vec::new();
        let mut ask = |place: String, kind: &str, field: &str, names: &[String]| {
            let field = catalog.kind(kind).ok().and_then(|kind| kind.field(field).ok());
            let Some(field) = field.filter(|field| !field.choices.is_empty()) else { return };
            let known = |name: &&String| field.choices.iter().any(|choice| choice.value == **name);
            for name in names.iter().filter(|name| !known(name)) {
                let choices: Vec<&str> = field.choices.iter().map(|choice| choice.value.as_str()).collect();
                let fault = ProgrammeFault::ChoiceUnknown { name: name.clone(), choices: choices.join("、") };
                found.push(ProgrammeProblem { place: place.clone(), fault });
            }
        };
        for (at, category) in self.categories.iter().enumerate() {
            ask(format!("category[{}]", at + 1), "works", "category", &category.names);
        }
        for (at, paper) in self.papers.iter().enumerate() {
            ask(format!("paper[{}]", at + 1), "document", "sort", &paper.sorts);
        }
        for (place, condition) in self.conditions() {
            if let Term::Input(unit, name) = &condition.of {
                ask(place.clone(), unit.name(), name, &condition.is);
                ask(place, unit.name(), name, &condition.not);
            }
        }
        for rule in &self.rules {
            for said in rule.said() {
                let Said::Cap(cap) = said else { continue };
                let Some(Term::Input(unit, name)) = &cap.by else { continue };
                for limit in &cap.limits {
                    ask(format!("rule.{}", rule.name), unit.name(), name, &limit.is);
                }
            }
        }
        found
    }

    /// Every condition in it, with its place.
    fn conditions(&self) -> Vec<(String, &Condition)> {
        let mut all = Vec::new();
        for (at, paper) in self.papers.iter().enumerate() {
            all.extend(paper.when.iter().map(|one| (format!("paper[{}]", at + 1), one)));
        }
        for requirement in &self.requirements {
            let several = requirement.when.iter().chain(&requirement.all).chain(&requirement.any);
            all.extend(several.map(|one| (format!("requirement.{}", requirement.name), one)));
        }
        for rule in &self.rules {
            let inside = rule.said().into_iter().flat_map(Said::conditions);
            all.extend(rule.when.iter().chain(inside).map(|one| (format!("rule.{}", rule.name), one)));
        }
        all
    }
}
