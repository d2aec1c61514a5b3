//! Reading a catalog and refusing a wrong one with file, key and reason.

use serde::Deserialize;

use super::{Catalog, CatalogError, Field, FieldType, Kind, ROLES_FILE, Required, Role, ScopeRule};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Roles {
    role: Vec<Role>,
}

pub(super) fn parse<N: AsRef<str>, T: AsRef<str>>(files: &[(N, T)]) -> Result<Catalog, CatalogError> {
    let mut catalog = Catalog { kinds: Vec::new(), roles: Vec::new() };
    for (file, text) in files {
        let (file, text) = (file.as_ref(), text.as_ref());
        if file == ROLES_FILE {
            catalog.roles = read::<Roles>(file, text)?.role;
        } else {
            let kind: Kind = read(file, text)?;
            if format!("{}.toml", kind.name) != file {
                return wrong(file, "kind", format!("`{}` must stand in {}.toml", kind.name, kind.name));
            }
            catalog.kinds.push(kind);
        }
    }
    if catalog.kinds.is_empty() || catalog.roles.is_empty() {
        return wrong("catalog", "*", format!("a catalog needs {ROLES_FILE} and at least one kind"));
    }
    for kind in &catalog.kinds {
        let at = Place { file: format!("{}.toml", kind.name), catalog: &catalog, kind };
        at.check()?;
    }
    Ok(catalog)
}

fn read<T: for<'de> Deserialize<'de>>(file: &str, text: &str) -> Result<T, CatalogError> {
    toml::from_str(text).map_err(|error| {
        let before = error.span().map_or("", |span| &text[..span.start.min(text.len())]);
        let key = format!("line {}", before.lines().count().max(1));
        CatalogError { file: file.to_owned(), key, reason: error.message().to_owned() }
    })
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
            ScopeRule::Reference(field) => {
                self.has_field("scope.reference", field)?;
                if self.kind.fields.iter().all(|f| f.name != *field || f.field_type != FieldType::Reference) {
                    return wrong(&self.file, "scope.reference", format!("`{field}` is no reference"));
                }
            }
            ScopeRule::Laptop | ScopeRule::Shared => {}
        }
        kind.fields.iter().try_for_each(|field| self.check_field(field))?;
        self.check_states()
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
        if let Some(code) = &field.from_code {
            self.has_field(&key, code)?;
        }
        if let Required::From { from } = &field.required {
            self.has_state(&key, from)?;
        }
        Ok(())
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
