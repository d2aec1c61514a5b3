//! Lists: one kind, filtered, sorted, a page at a time.
//!
//! What lists sort and filter by stands in a narrow table of its own, brought up
//! to date before it is read; each of its keys has an index over just that
//! expression, so the text of the expression here and in the index must stay the same. Kind and field names are checked by the
//! catalog to be plain words, which is what makes it safe to put them into SQL.

use domain::catalog::{Field, FieldType, Kind};
use domain::{Refusal, Value};
use rusqlite::OptionalExtension;
use rusqlite::types::{Value as Sql, ValueRef};

use crate::body::plain;
use crate::{Error, Result, Row, Store, SyncState, joined, search, table};

/// Which records, in which order, which part of them.
#[derive(Debug, Clone)]
pub struct ListQuery<'k> {
    /// The kind.
    pub kind: &'k Kind,
    /// All must hold.
    pub filters: Vec<Filter>,
    /// By age, newest first, when absent.
    pub sort: Option<Sort>,
    /// At most so many.
    pub limit: u32,
    /// Passing over so many.
    pub offset: u32,
}

/// One condition.
#[derive(Debug, Clone)]
pub enum Filter {
    /// The field holds the value, or, for a set, holds it among others.
    Field(String, Value),
    /// The field holds a value up to this one, and this one too.
    UpTo(String, Value),
    /// The lifecycle state.
    State(String),
    /// The scope.
    Scope(String),
    /// The sync state, by its name.
    Sync(String),
    /// Every word occurs in what the search looks at.
    Words(String),
}

/// What a column comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sum {
    /// Of whole numbers, or of amounts in 分.
    Whole(i64),
    /// Of decimals.
    Decimal(f64),
}

/// An order.
#[derive(Debug, Clone)]
pub struct Sort {
    /// A field, or `state`.
    pub field: String,
    /// Largest first.
    pub descending: bool,
}

impl Store {
    /// One page of a list, and how many records match in all.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn list(&self, query: &ListQuery<'_>) -> Result<(u64, Vec<Row>)> {
        match self.index_all() {
            // A full disk hides no record: the last ones saved are listed once there is room.
            Err(Error::DiskFull) => {}
            other => other?,
        }
        // One look for length and page, so that no other program's save falls between.
        let _one_look = self.conn.unchecked_transaction()?;
        let query = &joined::follow(&self.conn, &self.catalog, query)?;
        let (condition, values) = condition(query);
        let total = self.total(query, &condition, &values)?;
        let (limit, offset) = (u64::from(query.limit), u64::from(query.offset));
        let here = limit.min(total.saturating_sub(offset));
        // A page in the second half is read from the other end: it is nearer.
        let turned = offset > total / 2;
        let skipped = if turned { total.saturating_sub(offset + here) } else { offset };
        let mut statement = self.conn.prepare(&page_sql(query, &condition, turned, here, skipped))?;
        let places = statement.query_map(rusqlite::params_from_iter(&values), |row| row.get::<_, i64>(0))?;
        let mut rows = Vec::new();
        for place in places {
            rows.push(table::record::at(&self.conn, place?)?);
        }
        if turned {
            rows.reverse();
        }
        Ok((total, rows))
    }

    fn total(&self, query: &ListQuery<'_>, condition: &str, values: &[Sql]) -> Result<u64> {
        if query.filters.is_empty() {
            let mut statement = self.conn.prepare_cached("SELECT live FROM tally WHERE kind = ?1")?;
            return Ok(statement.query_row([&query.kind.name], |row| row.get(0)).optional()?.unwrap_or(0));
        }
        let mut statement =
            self.conn.prepare_cached(&format!("SELECT COUNT(*) FROM {} WHERE {condition}", from(condition)))?;
        Ok(statement.query_row(rusqlite::params_from_iter(values), |row| row.get(0))?)
    }

    /// What each of these fields comes to over every record that matches, empty ones passed over:
    /// whole numbers and amounts to the last one, decimals as SQLite adds them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn sums(&self, query: &ListQuery<'_>, fields: &[&Field]) -> Result<(u64, Vec<Sum>)> {
        match self.index_all() {
            Err(Error::DiskFull) => {}
            other => other?,
        }
        let _one_look = self.conn.unchecked_transaction()?;
        let query = &joined::follow(&self.conn, &self.catalog, query)?;
        let (condition, values) = condition(query);
        let sums: String = fields.iter().map(|field| format!(", SUM({})", expression(query.kind, field))).collect();
        let from = from(&format!("{condition} {sums}"));
        let mut statement =
            self.conn.prepare_cached(&format!("SELECT COUNT(*){sums} FROM {from} WHERE {condition}"))?;
        let read = |row: &rusqlite::Row<'_>| {
            let sums = (1..=fields.len()).map(|at| match row.get_ref(at)? {
                ValueRef::Integer(sum) => Ok(Sum::Whole(sum)),
                ValueRef::Real(sum) => Ok(Sum::Decimal(sum)),
                _ => Ok(Sum::Whole(0)),
            });
            Ok((row.get(0)?, sums.collect::<rusqlite::Result<_>>()?))
        };
        Ok(statement.query_row(rusqlite::params_from_iter(&values), read)?)
    }

    /// The live records of `kind` whose `field` holds exactly `value`; at most three, enough to tell one from several.
    /// By the key of one that was joined into another, the other is found.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn find(&self, kind: &Kind, field: &str, value: &Value) -> Result<Vec<Row>> {
        let filters = vec![Filter::Field(field.to_owned(), value.clone())];
        let found = self.list(&ListQuery { kind, filters, sort: None, limit: 3, offset: 0 })?.1;
        match value.as_str().filter(|_| found.is_empty() && kind.key.as_deref() == Some(field)) {
            Some(key) => joined::called(self, kind, key),
            None => Ok(found),
        }
    }
}

/// What a query reads: the narrow table alone, unless a condition looks into the
/// records themselves. Passing over 50,000 rows, or counting them, must not open one.
fn from(sql: &str) -> &'static str {
    if sql.contains("record.shown") { "listed CROSS JOIN record ON record.place = listed.place" } else { "listed" }
}

/// Whether lists of `kind` keep `field` in an index: it is shown, refers, or names.
pub(crate) fn is_indexed(kind: &Kind, field: &Field) -> bool {
    let shown = kind.list.contains(&field.name) || kind.key.as_ref() == Some(&field.name) || kind.title == field.name;
    if field.name == joined::INTO {
        return false; // What has one is not listed.
    }
    let scalar = !field.is_set() && !matches!(field.field_type, FieldType::Place | FieldType::Rate);
    scalar && (shown || field.field_type == FieldType::Reference)
}

/// An index for each such field, for the state and for the age. All are of one
/// kind only: an index over the kind as a column looks so narrow to SQLite that
/// it would rather sort than use the right one.
pub(crate) fn index_sql(kind: &Kind) -> impl Iterator<Item = String> {
    let fields = kind.fields.iter().filter(|field| is_indexed(kind, field));
    let fields = fields.map(|field| (field.name.as_str(), format!("{}, id", key("keys", field))));
    let state = (!kind.states.is_empty()).then(|| ("state", "state, id".to_owned()));
    let columns = fields.chain(state).chain([("age", "id".to_owned())]);
    let kind = &kind.name;
    columns.map(move |(name, columns)| {
        format!("CREATE INDEX IF NOT EXISTS {kind}_by_{name} ON listed ({columns}) WHERE kind = '{kind}'")
    })
}

/// Every value of a field that refers, beside the record that has it; none for another field.
pub(crate) fn references_sql(kind: &Kind, field: &Field) -> Option<String> {
    let (name, value) = (&kind.name, expression(kind, field));
    match field.field_type {
        FieldType::Reference if is_indexed(kind, field) => {
            Some(format!("SELECT {value}, listed.id FROM listed WHERE kind = '{name}' AND {value} IS NOT NULL"))
        }
        FieldType::References => Some(format!(
            "SELECT item.value, listed.id FROM listed CROSS JOIN record ON record.place = listed.place,
                 json_each({value}) AS item WHERE listed.kind = '{name}'"
        )),
        _ => None,
    }
}

/// A field's value in the lists' own JSON, in the one spelling that the indexes use.
fn key(column: &str, field: &Field) -> String {
    typed(field, format!("json_extract({column}, '$.{}')", field.name))
}

/// Where a field's value stands: with the lists, or in the record itself.
pub(crate) fn expression(kind: &Kind, field: &Field) -> String {
    if is_indexed(kind, field) {
        key("listed.keys", field)
    } else {
        typed(field, format!("field(record.shown, '{}')", field.name))
    }
}

fn typed(field: &Field, value: String) -> String {
    if field.field_type == FieldType::Decimal { format!("CAST({value} AS REAL)") } else { value }
}

fn condition(query: &ListQuery<'_>) -> (String, Vec<Sql>) {
    let mut sql = format!("listed.kind = '{}'", query.kind.name);
    let mut values: Vec<Sql> = Vec::new();
    for filter in &query.filters {
        sql.push_str(" AND ");
        let (text, value) = match filter {
            Filter::State(state) => ("listed.state".to_owned(), Sql::Text(state.clone())),
            Filter::Scope(scope) => ("listed.scope".to_owned(), Sql::Text(scope.clone())),
            Filter::Sync(sync) => {
                if *sync != SyncState::District.name() {
                    sql.push_str("listed.sync <> 'district' AND "); // What the index of records on their way is about.
                }
                ("listed.sync".to_owned(), Sql::Text(sync.clone()))
            }
            Filter::Words(text) => words_condition(text),
            Filter::Field(name, value) => match field_condition(query.kind, name, value) {
                Ok(found) => found,
                Err(_) => nothing(),
            },
            Filter::UpTo(name, value) => match field_condition(query.kind, name, value) {
                Ok((text, value)) if !text.contains('?') => (format!("{text} <= ?"), value),
                _ => nothing(), // A set is not up to anything.
            },
        };
        values.push(value);
        let n = values.len();
        if text.contains('?') {
            sql.push_str(&text.replace('?', &format!("?{n}")));
        } else {
            sql.push_str(&format!("{text} IS ?{n}"));
        }
    }
    (sql, values)
}

/// A field that the kind does not have holds nothing: `FALSE IS NULL` finds nothing.
fn nothing() -> (String, Sql) {
    ("FALSE".to_owned(), Sql::Null)
}

/// Found as by the search itself; text without a word finds nothing.
fn words_condition(text: &str) -> (String, Sql) {
    let query = search::query(text);
    if query.is_empty() {
        return ("FALSE".to_owned(), Sql::Null);
    }
    ("listed.place IN (SELECT rowid FROM search WHERE grams MATCH ?)".to_owned(), Sql::Text(query))
}

fn field_condition(kind: &Kind, name: &str, value: &Value) -> std::result::Result<(String, Sql), Refusal> {
    let field = kind.field(name)?;
    if field.is_set() {
        let wanted = if value.is_array() { "IN (SELECT value FROM json_each(?))" } else { "= ?" };
        let sql = format!("EXISTS (SELECT 1 FROM json_each(field(record.shown, '{name}')) WHERE value {wanted})");
        return Ok((sql, plain(value)));
    }
    if field.field_type == FieldType::Decimal {
        let number = value.as_str().and_then(|text| text.parse().ok()).map_or(Sql::Null, Sql::Real);
        return Ok((expression(kind, field), number));
    }
    Ok((expression(kind, field), plain(value)))
}

fn page_sql(query: &ListQuery<'_>, condition: &str, turned: bool, limit: u64, offset: u64) -> String {
    let order = order(query, turned);
    let from = from(&format!("{condition} {order}"));
    format!("SELECT listed.place FROM {from} WHERE {condition} ORDER BY {order} LIMIT {limit} OFFSET {offset}")
}

/// The order asked for, or the same read from its end.
fn order(query: &ListQuery<'_>, turned: bool) -> String {
    let direction = |descending: bool| if descending == turned { "ASC" } else { "DESC" };
    let Some(sort) = &query.sort else { return format!("listed.id {}", direction(true)) };
    let by = match query.kind.field(&sort.field) {
        Ok(field) => expression(query.kind, field),
        Err(_) => "listed.state".to_owned(),
    };
    let direction = direction(sort.descending);
    format!("{by} {direction}, listed.id {direction}")
}

#[cfg(test)]
mod tests {
    use domain::Catalog;

    use super::*;

    /// The plan is SQLite's own word; a page that sorts in memory would read every record first.
    #[test]
    fn a_page_in_any_shown_order_walks_its_index_from_either_end() {
        let folder = tempfile::tempdir().expect("a folder");
        let catalog = Catalog::shipped();
        let store = Store::open(&folder.path().join("records.db"), &[7; 32], catalog.clone()).expect("a new database");
        let works = catalog.kind("works").expect("a shipped kind");
        let plan = |query: &ListQuery<'_>, turned: bool| -> Vec<String> {
            let (condition, values) = condition(query);
            let sql = page_sql(query, &condition, turned, 50, 1_000);
            let mut plan = store.conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).expect("SQL");
            let values = rusqlite::params_from_iter(values);
            let steps = plan.query_map(values, |row| row.get::<_, String>(3)).expect("a plan");
            steps.collect::<rusqlite::Result<_>>().expect("its steps")
        };
        let orders = [
            ("", "works_by_age"),
            ("state", "works_by_state"),
            ("number", "works_by_number"),
            ("name", "works_by_name"),
            ("category", "works_by_category"),
            ("contract_amount", "works_by_contract_amount"),
            ("planned_start", "works_by_planned_start"),
            ("village", "works_by_village"),
        ];
        for (field, index) in orders {
            for (descending, turned) in [(false, false), (false, true), (true, false), (true, true)] {
                let sort = (!field.is_empty()).then(|| Sort { field: field.to_owned(), descending });
                let query = ListQuery { kind: works, filters: Vec::new(), sort, limit: 50, offset: 1_000 };
                let steps = plan(&query, turned);
                assert!(
                    steps[0].contains(index) && !steps.iter().any(|step| step.contains("TEMP B-TREE")),
                    "by `{field}`, {descending}, {turned}: {steps:?}"
                );
            }
        }
        let village = Filter::Field("village".to_owned(), Value::from("a village"));
        let query = ListQuery { kind: works, filters: vec![village], sort: None, limit: 50, offset: 0 };
        let steps = plan(&query, false);
        assert!(steps[0].contains("SEARCH listed USING INDEX works_by_village"), "what refers is found: {steps:?}");
    }
}
