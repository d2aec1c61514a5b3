//! Reading a catalog and refusing a wrong one with file, key and reason.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{
    CORRECTS, Catalog, CatalogError, Clock, Exclusion, Field, FieldType, Grading, Holidays, Indicator, Kind, Measure,
    Norm, REVERSES, ROLES_FILE, Required, Role, ScopeRule, Standard, Threshold, Weighting, When,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Roles {
    role: Vec<Role>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Indicators {
    #[serde(default)]
    indicator: Vec<Indicator>,
    #[serde(default)]
    threshold: Vec<Threshold>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Clocks {
    clock: Vec<Clock>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Standards {
    standard: Vec<Standard>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Gradings {
    grading: Vec<Grading>,
    #[serde(default)]
    weighting: Vec<Weighting>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Norms {
    norm: Vec<Norm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exclusions {
    exclusion: Vec<Exclusion>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Years {
    holidays: Vec<Holidays>,
}

/// A block of a kind in a file of its own, `works.sewage.toml`: the fields of one section.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    section: String,
    field: Vec<Field>,
}

/// A file as it was found: its text, or the text of two laid over each other.
pub(super) enum Document<'t> {
    Text(&'t str),
    /// What came of laying the text over what ships.
    Laid(toml::Table, &'t str),
}

pub(super) fn parse<N: AsRef<str>, T: AsRef<str>>(files: &[(N, T)]) -> Result<Catalog, CatalogError> {
    catalog(files.iter().map(|(file, text)| (file.as_ref(), Document::Text(text.as_ref()))))
}

/// The catalog of these documents, checked as a whole.
pub(super) fn catalog<'t>(
    documents: impl IntoIterator<Item = (&'t str, Document<'t>)>,
) -> Result<Catalog, CatalogError> {
    let mut catalog = Catalog::default();
    for (file, document) in documents {
        match file {
            ROLES_FILE => catalog.roles = read::<Roles>(file, document)?.role,
            "indicators.toml" => {
                let read = read::<Indicators>(file, document)?;
                (catalog.indicators, catalog.thresholds) = (read.indicator, read.threshold);
            }
            "clocks.toml" => catalog.clocks = read::<Clocks>(file, document)?.clock,
            "norms.toml" => catalog.norms = read::<Norms>(file, document)?.norm,
            "holidays.toml" => catalog.holidays = read::<Years>(file, document)?.holidays,
            "exclusions.toml" => catalog.exclusions = read::<Exclusions>(file, document)?.exclusion,
            "gradings.toml" => {
                let read = read::<Gradings>(file, document)?;
                (catalog.gradings, catalog.weightings) = (read.grading, read.weighting);
            }
            "standards.toml" => catalog.standards = read::<Standards>(file, document)?.standard,
            _ if part_of(file).is_some() => {
                let Part { section, field } = read(file, document)?;
                let whole = catalog.kinds.iter_mut().find(|kind| part_of(file) == Some(kind.name.as_str()));
                let Some(kind) = whole else {
                    return wrong(file, "*", "the kind that it is a part of must stand before it");
                };
                for mut field in field {
                    field.section = Some(section.clone());
                    kind.fields.push(field);
                }
            }
            _ => {
                let kind: Kind = read(file, document)?;
                if format!("{}.toml", kind.name) != file {
                    return wrong(file, "kind", format!("`{}` must stand in {}.toml", kind.name, kind.name));
                }
                catalog.kinds.push(kind);
            }
        }
    }
    if catalog.kinds.is_empty() || catalog.roles.is_empty() {
        return wrong("catalog", "*", format!("a catalog needs {ROLES_FILE} and at least one kind"));
    }
    for kind in &catalog.kinds {
        let at = Place { file: format!("{}.toml", kind.name), catalog: &catalog, kind };
        at.check()?;
    }
    check_rules(&catalog)?;
    Ok(catalog)
}

/// The kind that `file` holds a block of.
fn part_of(file: &str) -> Option<&str> {
    file.strip_suffix(".toml")?.split_once('.').map(|(kind, _)| kind)
}

fn read<T: DeserializeOwned>(file: &str, document: Document<'_>) -> Result<T, CatalogError> {
    let text = match document {
        Document::Text(text) => text,
        Document::Laid(table, text) => {
            let laid = match toml::Value::Table(table).try_into() {
                Ok(read) => return Ok(read),
                Err(error) => error.message().to_owned(),
            };
            // Said of the file itself where it is wrong alone, with its line.
            return match toml::from_str::<T>(text) {
                Err(error) if !error.message().starts_with("missing field") => refused(file, text, &error),
                _ => wrong(file, "*", laid),
            };
        }
    };
    toml::from_str(text).or_else(|error| refused(file, text, &error))
}

pub(super) fn refused<T>(file: &str, text: &str, error: &toml::de::Error) -> Result<T, CatalogError> {
    let before = error.span().map_or("", |span| &text[..span.start.min(text.len())]);
    wrong(file, &format!("line {}", before.matches('\n').count() + 1), error.message())
}

/// The dated rules name what there is, and dates and figures are such.
fn check_rules(catalog: &Catalog) -> Result<(), CatalogError> {
    const FILE: &str = "indicators.toml";
    let village = catalog.kind("village").ok();
    for one in &catalog.indicators {
        let key = format!("indicator.{}", one.name);
        let rate = |name: &String| {
            village.and_then(|kind| kind.field(name).ok()).is_some_and(|field| field.field_type == FieldType::Rate)
        };
        if (one.measure == Measure::Recorded) != one.field.is_some() || !one.field.iter().all(rate) {
            return wrong(FILE, &key, "a recorded figure, and only that, names a `field`: a rate of the village");
        }
        if (one.measure == Measure::SewageVillages) != one.share.is_some() {
            return wrong(FILE, &key, "a figure that counts villages, and only that, says from which `share` on");
        }
    }
    for one in &catalog.thresholds {
        let key = format!("threshold.{}", one.name);
        if catalog.indicators.iter().all(|indicator| indicator.name != one.indicator) {
            return wrong(FILE, &key, format!("there is no indicator `{}`", one.indicator));
        }
        if crate::indicator::ten_thousandths(&one.at_least).is_none() {
            return wrong(FILE, &key, format!("`{}` is no percentage with at most two places", one.at_least));
        }
        dated(FILE, &key, &one.from, one.until.as_deref())?;
    }
    for one in &catalog.clocks {
        let key = format!("clock.{}", one.name);
        dated("clocks.toml", &key, &one.from, one.until.as_deref())?;
        if one.day.is_some_and(|day| !(1..=31).contains(&day)) {
            return wrong("clocks.toml", &key, "`day` is a day of a month");
        }
    }
    for one in &catalog.gradings {
        let key = format!("grading.{}", one.name);
        dated("gradings.toml", &key, &one.from, one.until.as_deref())?;
        let least = |text: &str| crate::indicator::ten_thousandths(text);
        let bands: Option<Vec<i64>> = one.bands.iter().map(|band| least(&band.at_least)).collect();
        let shares = one.item_least.iter().chain(&one.benefit_least).all(|share| least(share).is_some());
        if !shares || bands.is_none_or(|bands| bands.is_empty() || !bands.is_sorted_by(|one, next| one > next)) {
            return wrong(
                "gradings.toml",
                &key,
                "bands begin with the best, and each at a lower score than the one before",
            );
        }
    }
    for one in &catalog.norms {
        let key = format!("norm.{}", one.name);
        dated("norms.toml", &key, &one.from, one.until.as_deref())?;
        let figure = |text: &str| crate::money::parse_scaled(text, 100).filter(|figure| *figure >= 0);
        if figure(&one.least).zip(figure(&one.most)).is_none_or(|(least, most)| least > most) {
            return wrong("norms.toml", &key, "`least` and `most` are figures with at most two places, in this order");
        }
    }
    for one in &catalog.exclusions {
        let key = format!("exclusion.{}", one.name);
        dated("exclusions.toml", &key, &one.from, one.until.as_deref())?;
        if one.words.is_empty() || one.words.iter().chain(&one.unless).any(|word| word.trim().is_empty()) {
            return wrong("exclusions.toml", &key, "it needs words by which it is found, none of them empty");
        }
    }
    for one in &catalog.holidays {
        let key = format!("holidays.{}", one.name);
        let year =
            |date: &String| date.parse::<chrono::NaiveDate>().is_ok() && date.starts_with(&format!("{}-", one.year));
        if !one.off.iter().chain(&one.worked).all(year) || one.off.iter().any(|date| one.worked.contains(date)) {
            return wrong(
                "holidays.toml",
                &key,
                "`off` and `worked` are dates of `year`, YYYY-MM-DD, and none is both",
            );
        }
    }
    for one in &catalog.weightings {
        let key = format!("weighting.{}", one.name);
        dated("gradings.toml", &key, &one.from, one.until.as_deref())?;
        let points = |text: &str| crate::indicator::ten_thousandths(text);
        let parts: Option<Vec<i64>> = one.parts.iter().map(|part| points(&part.weight)).collect();
        if parts.is_none_or(|parts| crate::money::sum(parts) != Some(10_000)) {
            return wrong("gradings.toml", &key, "the parts come to 100 points");
        }
        let bands: Option<Vec<i64>> = one.bands.iter().map(|band| points(&band.at_least)).collect();
        if bands.is_none_or(|bands| bands.last() != Some(&0) || !bands.is_sorted_by(|one, next| one > next)) {
            return wrong("gradings.toml", &key, "bands begin with the best and end at 0");
        }
    }
    for one in &catalog.standards {
        dated("standards.toml", &format!("standard.{}", one.name), &one.from, one.until.as_deref())?;
    }
    Ok(())
}

fn dated(file: &str, key: &str, from: &str, until: Option<&str>) -> Result<(), CatalogError> {
    let date = |text: &str| text.len() == 10 && chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok();
    match date(from) && until.is_none_or(|until| date(until) && from <= until) {
        true => Ok(()),
        false => wrong(file, key, "`from` and `until` are dates, YYYY-MM-DD, in this order"),
    }
}

fn wrong<T>(file: &str, key: &str, reason: impl Into<String>) -> Result<T, CatalogError> {
    Err(CatalogError { file: file.to_owned(), key: key.to_owned(), reason: reason.into() })
}

/// One kind in its catalog, being checked.
struct Place<'a> {
    file: String,
    catalog: &'a Catalog,
    kind: &'a Kind,
}

impl Place<'_> {
    fn check(&self) -> Result<(), CatalogError> {
        let kind = self.kind;
        self.unique("kind", std::iter::once(kind.name.as_str()))?;
        self.unique("field", kind.fields.iter().map(|f| f.name.as_str()))?;
        self.unique("state", kind.states.iter().map(|s| s.name.as_str()))?;
        self.unique("section", kind.sections.iter().map(|s| s.name.as_str()))?;
        self.has_field("title", &kind.title)?;
        for (list, names) in [("list", &kind.list), ("search", &kind.search)] {
            for name in names {
                self.has_field(list, name)?;
            }
        }
        if let Some(key) = &kind.key {
            self.has_field("key", key)?;
        }
        if let Some(pattern) = &kind.number {
            self.has_field("number", "number")?;
            if ["{device}", "{n}"].iter().any(|part| !pattern.contains(part)) {
                return wrong(
                    &self.file,
                    "number",
                    "the pattern needs {device} and {n}, or two laptops would give one number",
                );
            }
        }
        match &kind.scope {
            ScopeRule::Code(field) => self.has_field("scope.code", field)?,
            ScopeRule::Reference(field) => self.has_reference("scope.reference", field)?,
            ScopeRule::References(fields) => {
                if fields.is_empty() {
                    return wrong(&self.file, "scope.references", "name at least one reference");
                }
                fields.iter().try_for_each(|field| self.has_reference("scope.references", field))?;
            }
            ScopeRule::Laptop | ScopeRule::Shared => {}
        }
        kind.fields.iter().try_for_each(|field| self.check_field(field))?;
        for section in &kind.sections {
            self.check_when(&format!("section.{}", section.name), section.when.as_ref())?;
        }
        if kind.append_only {
            let itself = |f: &Field| f.to.as_ref() == Some(&kind.name) && f.by.is_none() && !f.is_set();
            let mended = [CORRECTS, REVERSES].into_iter().any(|name| kind.field(name).is_ok_and(itself));
            if !mended || !kind.states.is_empty() {
                let reason =
                    "what is only added to has a reference `corrects` or `reverses` to its own kind, and no states";
                return wrong(&self.file, "append_only", reason);
            }
        }
        self.check_locks()?;
        self.check_states()
    }

    fn check_locks(&self) -> Result<(), CatalogError> {
        for lock in &self.kind.locks {
            self.has_reference("lock", &lock.with)?;
            let to = self.kind.field(&lock.with).ok().and_then(|field| field.to.as_deref());
            let above = to.and_then(|to| self.catalog.kind(to).ok());
            let strange = lock.states.iter().find(|state| above.is_none_or(|above| above.state(state).is_err()));
            if let Some(state) = strange {
                return wrong(&self.file, "lock", format!("what `{}` names is never `{state}`", lock.with));
            }
        }
        Ok(())
    }

    fn check_field(&self, field: &Field) -> Result<(), CatalogError> {
        let key = format!("field.{}", field.name);
        let choices = matches!(field.field_type, FieldType::Choice | FieldType::Choices);
        if choices == field.choices.is_empty() {
            return wrong(&self.file, &key, "a choice, and only a choice, lists `choices`");
        }
        let reference = matches!(field.field_type, FieldType::Reference | FieldType::References);
        match &field.to {
            Some(to) if reference => {
                let Some(target) = self.catalog.kinds.iter().find(|kind| kind.name == *to) else {
                    return wrong(&self.file, &key, format!("refers to `{to}`, which is no kind"));
                };
                if let Some(by) = &field.by
                    && target.key.as_ref() != Some(by)
                {
                    return wrong(&self.file, &key, format!("`{by}` is not the key of `{to}`"));
                }
            }
            None if !reference => {}
            _ => return wrong(&self.file, &key, "a reference, and only a reference, says `to`"),
        }
        if field.is_set() && field.group() != field.name {
            return wrong(&self.file, &key, "a set merges item by item and stands in no group");
        }
        if field.min.zip(field.max).is_some_and(|(min, max)| min > max) {
            return wrong(&self.file, &key, "`min` is above `max`");
        }
        if let Some(section) = &field.section
            && self.kind.sections.iter().all(|one| one.name != *section)
        {
            return wrong(&self.file, &key, format!("there is no section `{section}`"));
        }
        self.check_when(&key, field.when.as_ref())?;
        if let Some(mark) = &field.concealed {
            let kept = |one: &Field| one.given && one.field_type == FieldType::Text && one.group() == field.group();
            if field.field_type != FieldType::Text || !self.kind.field(mark).is_ok_and(kept) {
                return wrong(&self.file, &key, "a text is `concealed` behind a given text of its own group");
            }
        }
        if let Some(code) = &field.from_code {
            self.has_field(&key, code)?;
        }
        if let Required::From { from } = &field.required {
            self.has_state(&key, from)?;
        }
        Ok(())
    }

    /// A condition asks a field that is there whatever else holds, for values that it can have.
    fn check_when(&self, key: &str, when: Option<&When>) -> Result<(), CatalogError> {
        let Some(when) = when else { return Ok(()) };
        self.has_field(key, &when.field)?;
        let Some(field) = self.kind.fields.iter().find(|field| field.name == when.field) else { return Ok(()) };
        if self.kind.conditions(field).next().is_some() {
            return wrong(&self.file, key, format!("`{}` is itself there only at times", when.field));
        }
        let can_be = |value: &String| match field.field_type {
            FieldType::Choice => field.choices.iter().any(|choice| choice.value == *value),
            FieldType::YesNo => value == "true" || value == "false",
            _ => false,
        };
        match when.is.iter().find(|value| !can_be(value)) {
            Some(value) => wrong(&self.file, key, format!("`{}` is never `{value}`", when.field)),
            None => Ok(()),
        }
    }

    fn check_states(&self) -> Result<(), CatalogError> {
        for (i, state) in self.kind.states.iter().enumerate() {
            let key = format!("state.{}", state.name);
            if i > 0 && (state.from.is_empty() || state.by.is_empty()) {
                return wrong(&self.file, &key, "a state after the first says `from` and `by`, or nobody gets there");
            }
            for from in &state.from {
                self.has_state(&key, from)?;
            }
            for field in state.needs.iter().chain(state.locks.iter().filter(|lock| *lock != "*")) {
                self.has_field(&key, field)?;
            }
            if !state.grounds.is_empty() && self.kind.name != "application" {
                return wrong(&self.file, &key, "`grounds` is asked of applications only");
            }
            for role in &state.by {
                if self.catalog.role(role).is_none() {
                    return wrong(&self.file, &key, format!("`{role}` is no role"));
                }
            }
        }
        Ok(())
    }

    fn has_field(&self, key: &str, name: &str) -> Result<(), CatalogError> {
        match self.kind.fields.iter().any(|field| field.name == name) {
            true => Ok(()),
            false => wrong(&self.file, key, format!("there is no field `{name}`")),
        }
    }

    fn has_reference(&self, key: &str, name: &str) -> Result<(), CatalogError> {
        self.has_field(key, name)?;
        match self.kind.field(name).is_ok_and(|field| field.field_type == FieldType::Reference) {
            true => Ok(()),
            false => wrong(&self.file, key, format!("`{name}` is no reference")),
        }
    }

    fn has_state(&self, key: &str, name: &str) -> Result<(), CatalogError> {
        match self.kind.states.iter().any(|state| state.name == name) {
            true => Ok(()),
            false => wrong(&self.file, key, format!("there is no state `{name}`")),
        }
    }

    fn unique<'n>(&self, key: &str, names: impl Iterator<Item = &'n str>) -> Result<(), CatalogError> {
        let mut seen = std::collections::BTreeSet::new();
        for name in names {
            let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
            if name.is_empty() || !name.bytes().all(plain) || !seen.insert(name) {
                return wrong(&self.file, key, format!("`{name}` is taken, or has more than a-z, 0-9 and _"));
            }
        }
        Ok(())
    }
}
