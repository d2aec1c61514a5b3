//! The list of places behind the picker: found by any characters of the name, by
//! pinyin in whole or in initials or mixed, and by the beginning of the code.
//!
//! Reference data, and no records: a file of its own beside the database, plain,
//! for it says nothing that the statistical office has not published, and made
//! anew from its sources at any time. It holds two lists. The district's own is
//! made from its place records and comes first; the whole country's is loaded
//! from a file where somebody wants it, and lacks what the own list says better.
//!
//! The index is FTS5 over tokens of our own (see `tokens`), for its words are not
//! ours: neighbouring pairs of characters and of initials, whole syllables, and
//! what a name begins with. Places are numbered in the order in which a picker
//! wants them (in use, larger, shorter), and FTS5 hands out numbers in order, so
//! that the first twenty hits are the best twenty and nothing is ever sorted: for
//! the 620,573 villages of the country that is what makes a common pair such as
//! 新村 as quick as a rare one. Positions are not kept, which halves the file; a
//! longer word is looked at in the name itself.

mod matching;
mod tokens;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use crate::Result;
use matching::Pattern;

/// Changes with the tables or the tokens: a file of another form is made anew.
const FORM: &str = "1";

/// How many candidates are looked at, at most, for one list and one reading of the query.
const LOOK_AT: usize = 20_000;

/// How many names above others are kept at hand for paths; a county has some two hundred.
const NAMES: usize = 4_096;

/// How many places are written between two words to whoever waits.
const STEP: u64 = 10_000;

/// A place of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceRow {
    /// Its code, of the digits of its level.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The list's word for what it is.
    pub category: String,
    /// The first day of the period (`YYYY-MM-DD`), where it is known.
    pub valid_from: Option<String>,
    /// The first day after it, where it has ended.
    pub valid_until: Option<String>,
    /// The codes that follow it.
    pub successors: Vec<String>,
}

/// A place that was found, with the names above it from the province down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceHit {
    /// The place.
    pub place: PlaceRow,
    /// Names from the province to itself.
    pub path: Vec<String>,
    /// Whether the district's own list has it.
    pub own: bool,
}

/// The lists, open.
pub struct Places {
    conn: Connection,
    /// Names by code, of what stands above others.
    names: RefCell<HashMap<String, Option<String>>>,
    /// The version of the file for which they are right.
    version: Cell<i64>,
}

/// Which of the two lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum List {
    Own,
    Country,
}

impl List {
    const ALL: [Self; 2] = [Self::Own, Self::Country];

    fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Country => "country",
        }
    }
}

impl Places {
    /// Opens the lists in the file at `path`. A file of another form, or one that
    /// cannot be read, is made anew: it held nothing that could be lost.
    ///
    /// # Errors
    /// When no file can be written there.
    pub fn open(path: &Path) -> Result<Self> {
        match Self::open_as_it_is(path) {
            Ok(places) => Ok(places),
            Err(_) => {
                for end in ["", "-wal", "-shm"] {
                    let mut file = path.as_os_str().to_owned();
                    file.push(end);
                    match std::fs::remove_file(&file) {
                        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
                        _ => {}
                    }
                }
                Self::open_as_it_is(path)
            }
        }
    }

    fn open_as_it_is(path: &Path) -> Result<Self> {
        let mut conn = Connection::open(path)?;
        conn.busy_timeout(std::time::Duration::from_secs(10))?;
        conn.pragma_update(None, "journal_mode", "WAL")?;
        conn.pragma_update(None, "synchronous", "NORMAL")?; // Made anew where it is lost.
        conn.pragma_update(None, "cache_size", -8_192)?;
        conn.execute_batch(
            "CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
        )?;
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if about(&tx, "form")?.as_deref() != Some(FORM) {
            for list in List::ALL {
                begin(&tx, list)?;
            }
            set_about(&tx, "form", FORM)?;
            for name in ["own", "country"] {
                tx.execute("DELETE FROM about WHERE name = ?1", [name])?;
            }
        }
        tx.commit()?;
        Ok(Self { conn, names: RefCell::default(), version: Cell::default() })
    }

    /// What the own list was made of, as [`Places::put_own`] was told.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn own_made_of(&self) -> Result<Option<String>> {
        about(&self.conn, "own")
    }

    /// Makes the own list anew; `made_of` is for the caller to know it by.
    ///
    /// # Errors
    /// When the file cannot be written; the list is then as it was.
    pub fn put_own(&mut self, places: Vec<PlaceRow>, made_of: &str) -> Result<()> {
        self.put(List::Own, places, made_of, &mut |_| ControlFlow::Continue(())).map(drop)
    }

    /// Says that the own list is also what `made_of` would make.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn own_is_of(&self, made_of: &str) -> Result<()> {
        set_about(&self.conn, "own", made_of)
    }

    /// Where the country's list is from, if it is loaded.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn country(&self) -> Result<Option<String>> {
        about(&self.conn, "country")
    }

    /// Loads the country's list in the place of the one before. `progress` hears
    /// how many places are done, and may stop the work: the list is then as it was.
    /// Whether it was done.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn put_country(
        &mut self,
        places: Vec<PlaceRow>,
        source: &str,
        progress: &mut dyn FnMut(u64) -> ControlFlow<()>,
    ) -> Result<bool> {
        self.put(List::Country, places, source, progress)
    }

    /// Gives up the country's list, and the room that it takes.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn forget_country(&mut self) -> Result<()> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        begin(&tx, List::Country)?;
        tx.execute("DELETE FROM about WHERE name = 'country'", [])?;
        tx.commit()?;
        self.names.borrow_mut().clear();
        Ok(self.conn.execute_batch("VACUUM")?)
    }

    fn put(
        &mut self,
        list: List,
        mut places: Vec<PlaceRow>,
        source: &str,
        progress: &mut dyn FnMut(u64) -> ControlFlow<()>,
    ) -> Result<bool> {
        places.sort_by_cached_key(|place| {
            (place.valid_until.is_some(), place.code.len(), place.name.chars().count(), place.code.clone())
        });
        self.names.borrow_mut().clear();
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        begin(&tx, list)?;
        let name = list.name();
        {
            let mut place_in = tx.prepare(&format!("INSERT INTO {name}_place VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"))?;
            let mut grams_in = tx.prepare(&format!("INSERT INTO {name}_gram (rowid, tokens) VALUES (?1, ?2)"))?;
            for (n, place) in (1_u64..).zip(&places) {
                let successors = (!place.successors.is_empty()).then(|| place.successors.join(" "));
                let PlaceRow { code, name, category, valid_from, valid_until, .. } = place;
                place_in.execute(params![n, code, name, category, valid_from, valid_until, successors])?;
                grams_in.execute(params![n, tokens::of_name(name)])?;
                if n % STEP == 0 && progress(n).is_break() {
                    return Ok(false); // Dropping the transaction takes it back.
                }
            }
        }
        tx.execute_batch(&format!("INSERT INTO {name}_gram ({name}_gram) VALUES ('optimize')"))?;
        set_about(&tx, name, source)?;
        tx.commit()?;
        Ok(true)
    }

    /// The places that `query` finds, best first: those of the district's own list
    /// before the country's, those in use before those that have ended, what
    /// begins so before what has it inside, and the shorter name before the longer.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn find(&self, query: &str, limit: usize) -> Result<Vec<PlaceHit>> {
        self.forget_stale_names()?;
        let pattern = Pattern::read(query);
        let (mut hits, mut seen) = (Vec::new(), BTreeSet::new());
        for list in List::ALL {
            if let Some(code) = pattern.code() {
                self.by_code(list, &code, limit, &mut seen, &mut hits)?;
            }
            for tokens in tokens::queries(&pattern) {
                if hits.len() >= limit {
                    break;
                }
                self.by_tokens(list, &tokens, &pattern, limit, &mut seen, &mut hits)?;
            }
        }
        Ok(hits)
    }

    /// Every period of `code` that a list knows, the oldest first; the own list's, if it has any.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn periods(&self, code: &str) -> Result<Vec<PlaceHit>> {
        for list in List::ALL {
            let sql = format!("{} WHERE code = ?1 ORDER BY valid_from", select(list));
            let mut statement = self.conn.prepare_cached(&sql)?;
            let rows = statement.query_map([code], row)?.collect::<rusqlite::Result<Vec<_>>>()?;
            if !rows.is_empty() {
                return rows.into_iter().map(|place| self.hit(list, place)).collect();
            }
        }
        Ok(Vec::new())
    }

    fn by_code(
        &self,
        list: List,
        code: &str,
        limit: usize,
        seen: &mut BTreeSet<Seen>,
        hits: &mut Vec<PlaceHit>,
    ) -> Result<()> {
        let sql = format!("{} WHERE code >= ?1 AND code < ?1 || ':' ORDER BY code LIMIT ?2", select(list));
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query(params![code, limit])?;
        while let Some(found) = rows.next()? {
            self.take(list, row(found)?, seen, hits)?;
            if hits.len() >= limit {
                break;
            }
        }
        Ok(())
    }

    fn by_tokens(
        &self,
        list: List,
        tokens: &str,
        pattern: &Pattern,
        limit: usize,
        seen: &mut BTreeSet<Seen>,
        hits: &mut Vec<PlaceHit>,
    ) -> Result<()> {
        let name = list.name();
        let sql = format!(
            "SELECT p.code, p.name, p.category, p.valid_from, p.valid_until, p.successors
             FROM {name}_gram JOIN {name}_place AS p ON p.n = {name}_gram.rowid
             WHERE {name}_gram MATCH ?1 ORDER BY {name}_gram.rowid"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([tokens])?;
        let mut looked_at = 0;
        while let Some(found) = rows.next()? {
            looked_at += 1;
            if looked_at > LOOK_AT {
                break;
            }
            if !pattern.is_in(found.get_ref(1)?.as_str().unwrap_or_default()) {
                continue;
            }
            self.take(list, row(found)?, seen, hits)?;
            if hits.len() >= limit {
                break;
            }
        }
        Ok(())
    }

    /// Adds a place to the hits, unless it is among them; the own list's word on a code is the last.
    fn take(&self, list: List, place: PlaceRow, seen: &mut BTreeSet<Seen>, hits: &mut Vec<PlaceHit>) -> Result<()> {
        if list == List::Country && self.is_own(&place.code)? {
            return Ok(());
        }
        if seen.insert((place.code.clone(), place.valid_from.clone())) {
            hits.push(self.hit(list, place)?);
        }
        Ok(())
    }

    fn is_own(&self, code: &str) -> Result<bool> {
        Ok(self.conn.prepare_cached("SELECT 1 FROM own_place WHERE code = ?1")?.exists([code])?)
    }

    fn hit(&self, list: List, place: PlaceRow) -> Result<PlaceHit> {
        let mut path = Vec::new();
        for code in domain::places::above(&place.code) {
            path.extend(self.name(code)?);
        }
        path.push(place.name.clone());
        Ok(PlaceHit { path, own: list == List::Own, place })
    }

    /// Another program may have made the lists anew since.
    fn forget_stale_names(&self) -> Result<()> {
        let version: i64 = self.conn.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        if self.version.replace(version) != version {
            self.names.borrow_mut().clear();
        }
        Ok(())
    }

    /// The present name of `code`, which stands above others.
    fn name(&self, code: &str) -> Result<Option<String>> {
        if let Some(name) = self.names.borrow().get(code) {
            return Ok(name.clone());
        }
        let mut name = None;
        for list in List::ALL {
            let sql = format!("SELECT name FROM {}_place WHERE code = ?1 ORDER BY n LIMIT 1", list.name());
            name = self.conn.prepare_cached(&sql)?.query_row([code], |row| row.get(0)).optional()?;
            if name.is_some() {
                break;
            }
        }
        let mut names = self.names.borrow_mut();
        if names.len() >= NAMES {
            names.clear();
        }
        names.insert(code.to_owned(), name.clone());
        Ok(name)
    }
}

/// A period of a code.
type Seen = (String, Option<String>);

fn select(list: List) -> String {
    format!("SELECT code, name, category, valid_from, valid_until, successors FROM {}_place", list.name())
}

fn row(row: &rusqlite::Row<'_>) -> rusqlite::Result<PlaceRow> {
    let successors: Option<String> = row.get(5)?;
    Ok(PlaceRow {
        code: row.get(0)?,
        name: row.get(1)?,
        category: row.get(2)?,
        valid_from: row.get(3)?,
        valid_until: row.get(4)?,
        successors: successors.unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
    })
}

fn begin(tx: &Transaction<'_>, list: List) -> Result<()> {
    let name = list.name();
    Ok(tx.execute_batch(&format!(
        "DROP TABLE IF EXISTS {name}_place;
         DROP TABLE IF EXISTS {name}_gram;
         CREATE TABLE {name}_place (
             n           INTEGER PRIMARY KEY, -- in the order in which hits are given
             code        TEXT NOT NULL,
             name        TEXT NOT NULL,
             category    TEXT NOT NULL,
             valid_from  TEXT,
             valid_until TEXT,
             successors  TEXT                 -- codes
         );
         CREATE INDEX {name}_place_by_code ON {name}_place (code);
         CREATE VIRTUAL TABLE {name}_gram USING fts5 (
             tokens, content = '', detail = none, columnsize = 0, tokenize = 'unicode61 remove_diacritics 0'
         );"
    ))?)
}

fn about(conn: &Connection, name: &str) -> Result<Option<String>> {
    let mut statement = conn.prepare_cached("SELECT value FROM about WHERE name = ?1")?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}

fn set_about(conn: &Connection, name: &str, value: &str) -> Result<()> {
    let sql = "INSERT INTO about VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2";
    conn.prepare_cached(sql)?.execute([name, value])?;
    Ok(())
}
