//! A data folder's files over those that ship.
//!
//! Kinds, fields, states, choices and rules are only ever added, so a folder
//! that was written for an older program is no reason to do without the newer
//! ones: what the folder says counts, in its order, and what it does not
//! mention is as it ships. Lists of named things are laid over each other name
//! by name; everything else is taken whole from the folder.

use toml::{Table, Value};

use super::check::{Document, catalog, refused};
use super::{Catalog, CatalogError, ROLES_FILE, SHIPPED};

pub(super) fn parse<N: AsRef<str>, T: AsRef<str>>(files: &[(N, T)]) -> Result<Catalog, CatalogError> {
    let own = |name: &str| files.iter().find(|(file, _)| file.as_ref() == name).map(|(_, text)| text.as_ref());
    let mut documents = Vec::new();
    for (file, text) in SHIPPED {
        documents.push((
            *file,
            match own(file) {
                None => Document::Text(text),
                Some(own) => {
                    let shipped = table(file, text)?;
                    let mut laid = lay(shipped.clone(), table(file, own)?);
                    if *file == ROLES_FILE {
                        add_rights(&mut laid, &shipped, &known(own, files));
                    }
                    Document::Laid(laid, own)
                }
            },
        ));
    }
    let ships = |name: &str| SHIPPED.iter().any(|(file, _)| *file == name);
    let others = files.iter().map(|(file, text)| (file.as_ref(), text.as_ref())).filter(|(file, _)| !ships(file));
    documents.extend(others.map(|(file, text)| (file, Document::Text(text))));
    catalog(documents)
}

fn table(file: &str, text: &str) -> Result<Table, CatalogError> {
    toml::from_str(text).or_else(|error| refused(file, text, &error))
}

/// `own` over `shipped`.
fn lay(mut shipped: Table, own: Table) -> Table {
    for (key, value) in own {
        let value = match (shipped.remove(&key), value) {
            (Some(Value::Array(shipped)), Value::Array(own)) if named(&shipped) && named(&own) => {
                Value::Array(lay_named(shipped, own))
            }
            (_, own) => own,
        };
        shipped.insert(key, value);
    }
    shipped
}

/// Two lists of named tables in the order of `own`; what only `shipped` has
/// comes after the one that it follows there.
fn lay_named(shipped: Vec<Value>, own: Vec<Value>) -> Vec<Value> {
    let at = |list: &[Value], name: &str| list.iter().position(|item| self::name(item) == Some(name));
    let mut laid = own;
    let mut before: Option<String> = None;
    for item in shipped {
        let name = name(&item).unwrap_or_default().to_owned();
        match (at(&laid, &name), item) {
            (Some(place), Value::Table(shipped)) => {
                if let Value::Table(own) = std::mem::replace(&mut laid[place], Value::Boolean(false)) {
                    laid[place] = Value::Table(lay(shipped, own));
                }
            }
            (_, item) => {
                let place = before.as_deref().and_then(|before| at(&laid, before)).map_or(0, |place| place + 1);
                laid.insert(place, item);
            }
        }
        before = Some(name);
    }
    laid
}

fn named(list: &[Value]) -> bool {
    !list.is_empty() && list.iter().all(|item| name(item).is_some())
}

/// The name by which an entry of a list is known; a choice's is its value.
fn name(item: &Value) -> Option<&str> {
    item.get("name").or_else(|| item.get("value")).and_then(Value::as_str)
}

/// The kinds that a folder rules on: those it has files for, and those that its roles name.
fn known<N: AsRef<str>, T: AsRef<str>>(roles: &str, files: &[(N, T)]) -> Vec<String> {
    let roles: Table = toml::from_str(roles).unwrap_or_default();
    let written = entries(&roles).flat_map(writes);
    let kinds = files.iter().filter_map(|(file, _)| file.as_ref().strip_suffix(".toml").map(str::to_owned));
    written.chain(kinds).collect()
}

/// To each role the rights that it ships with, for kinds that the folder does not rule on.
fn add_rights(laid: &mut Table, shipped: &Table, known: &[String]) {
    let rights = |role: &Value| -> Vec<String> {
        let same = entries(shipped).find(|one| name(one).is_some() && name(one) == name(role));
        same.into_iter().flat_map(writes).filter(|kind| kind != "*" && !known.contains(kind)).collect()
    };
    let Some(Value::Array(roles)) = laid.get_mut("role") else { return };
    for role in roles {
        let more = rights(role);
        if let Some(Value::Array(list)) = role.get_mut("writes") {
            list.extend(more.into_iter().map(Value::String));
        }
    }
}

fn entries(roles: &Table) -> impl Iterator<Item = &Value> {
    roles.get("role").and_then(Value::as_array).into_iter().flatten()
}

fn writes(role: &Value) -> Vec<String> {
    let list = role.get("writes").and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|kind| kind.as_str().map(str::to_owned)).collect()
}
