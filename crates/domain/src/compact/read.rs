//! Reading: what `write` wrote, and an error for everything else.
//!
//! Before anything is made, what it will take is charged to the budget of the
//! input, so a few bytes that claim a million rows end as an error.

use std::collections::HashMap;

use serde_json::{Map, Number, Value};

use super::input::Input;
use super::table::Table;
use super::text::{self, Clock};
use super::write::{MOST_PARTS, unscaled};
use super::{CompactError, DEEPEST, MAX_UNPACKED, SMALL, WORD, bytes, ints};

use CompactError::Damaged;

/// What a value takes in memory, at least.
const VALUE: usize = size_of::<Value>();
/// What an entry of an object takes beside its value and its key's letters.
const ENTRY: usize = size_of::<String>();

/// What it takes to keep a shape in mind.
const SHAPE: usize = 3 * size_of::<Vec<&str>>();

/// The value in `bytes`, after their mark.
pub(super) fn read(bytes: &[u8], table: Option<&'static Table>) -> Result<Value, CompactError> {
    let mut reader =
        Reader { input: Input::new(bytes, MAX_UNPACKED), table, texts: Vec::new(), shapes: Vec::new(), depth: 0 };
    reader.read_texts()?;
    let value = reader.column(1)?.pop().ok_or(Damaged)?;
    reader.input.end()?;
    Ok(value)
}

struct Reader<'a> {
    input: Input<'a>,
    table: Option<&'static Table>,
    texts: Vec<&'a str>,
    shapes: Vec<Vec<usize>>,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn read_texts(&mut self) -> Result<(), CompactError> {
        let count = self.input.len()?;
        self.input.charge(count, size_of::<&str>())?;
        for length in self.lengths(count)? {
            let text = std::str::from_utf8(self.input.take(length)?).map_err(|_| Damaged)?;
            self.texts.push(text);
        }
        Ok(())
    }

    /// `count` numbers, none negative.
    fn lengths(&mut self, count: usize) -> Result<Vec<usize>, CompactError> {
        let numbers = ints::column(&mut self.input, count)?;
        numbers.into_iter().map(|number| usize::try_from(number).map_err(|_| Damaged)).collect()
    }

    /// `count` numbers, all below `limit`.
    fn places(&mut self, count: usize, limit: usize) -> Result<Vec<usize>, CompactError> {
        let places = self.lengths(count)?;
        if places.iter().all(|place| *place < limit) { Ok(places) } else { Err(Damaged) }
    }

    fn text(&self, place: usize) -> Result<&'a str, CompactError> {
        let beforehand = self.table.map_or(0, Table::texts);
        match place.checked_sub(beforehand) {
            Some(own) => self.texts.get(own).copied().ok_or(Damaged),
            None => self.table.and_then(|table| table.text(place)).ok_or(Damaged),
        }
    }

    fn string(&mut self, place: usize) -> Result<Value, CompactError> {
        let text = self.text(place)?;
        self.input.charge(text.len(), 1)?;
        Ok(Value::String(text.to_owned()))
    }

    /// A column of `count` values, one after another.
    fn column(&mut self, count: usize) -> Result<Vec<Value>, CompactError> {
        if count == 0 {
            return Ok(Vec::new());
        }
        self.input.charge(count, VALUE)?;
        if self.depth > 2 * DEEPEST {
            return Err(Damaged);
        }
        self.depth += 1;
        let kind = self.input.byte()?;
        let values = self.values(kind, count);
        self.depth -= 1;
        values
    }

    fn values(&mut self, kind: u8, count: usize) -> Result<Vec<Value>, CompactError> {
        match kind {
            super::NULL => Ok(vec![Value::Null; count]),
            super::FALSE => Ok(vec![Value::Bool(false); count]),
            super::TRUE => Ok(vec![Value::Bool(true); count]),
            super::INTEGER => self.numbers(count, |number| Ok(Value::from(number))),
            super::BIG => self.numbers(count, |number| Ok(Value::from(number.cast_unsigned()))),
            super::FLOAT => {
                let rows = bytes::rows::<8>(&mut self.input, count)?;
                rows.into_iter().map(|row| float(f64::from_be_bytes(row))).collect()
            }
            super::DECIMAL => {
                let places = self.input.byte()?;
                self.numbers(count, |number| float(unscaled(number, places)))
            }
            super::TEXT => {
                let places = self.lengths(count)?;
                places.into_iter().map(|place| self.string(place)).collect()
            }
            super::UUID => {
                self.input.charge(count, 36)?;
                let rows = bytes::uuids(&mut self.input, count)?;
                Ok(rows.into_iter().map(|row| Value::String(text::uuid_text(row))).collect())
            }
            super::HEX => {
                let each = usize::from(self.input.byte()?);
                if each == 0 {
                    return Err(Damaged);
                }
                self.input.charge(count, 2 * each)?;
                let bytes = self.input.take(count * each)?;
                Ok(bytes.chunks_exact(each).map(|one| Value::String(hex::encode(one))).collect())
            }
            super::DIGITS => {
                self.input.charge(count, 20)?;
                self.numbers(count, |number| Ok(Value::String(number.to_string())))
            }
            super::DAY => {
                self.input.charge(count, 10)?;
                self.numbers(count, |number| text::day_text(number).map(Value::String))
            }
            super::INSTANT => self.instants(count),
            super::ARRAY => self.arrays(count),
            super::OBJECT => self.objects(count, false),
            super::MAP => self.objects(count, true),
            super::MIXED => self.mixed(count),
            super::CHOICE => self.choice(count),
            SMALL.. if count == 1 => match kind.checked_sub(WORD) {
                None => Ok(vec![Value::from(kind - SMALL)]),
                Some(place) => Ok(vec![self.string(place.into())?]),
            },
            _ => Err(Damaged),
        }
    }

    fn numbers(
        &mut self,
        count: usize,
        make: impl Fn(i64) -> Result<Value, CompactError>,
    ) -> Result<Vec<Value>, CompactError> {
        ints::column(&mut self.input, count)?.into_iter().map(make).collect()
    }

    fn instants(&mut self, count: usize) -> Result<Vec<Value>, CompactError> {
        self.input.charge(count, 35)?;
        let clock = Clock::of(self.input.byte()?)?;
        let instants = ints::column(&mut self.input, count)?;
        let offsets = if clock.has_offsets() { ints::column(&mut self.input, count)? } else { vec![0; count] };
        let text = |(instant, offset)| text::instant_text(clock, instant, offset).map(Value::String);
        instants.into_iter().zip(offsets).map(text).collect()
    }

    fn arrays(&mut self, count: usize) -> Result<Vec<Value>, CompactError> {
        let lengths = self.lengths(count)?;
        let total = lengths.iter().try_fold(0_usize, |sum, length| sum.checked_add(*length));
        let mut items = self.column(total.ok_or(CompactError::TooLarge)?)?.into_iter();
        Ok(lengths.into_iter().map(|length| Value::Array(items.by_ref().take(length).collect())).collect())
    }

    fn mixed(&mut self, count: usize) -> Result<Vec<Value>, CompactError> {
        let parts = self.input.len()?;
        if parts > MOST_PARTS {
            return Err(Damaged);
        }
        let which = self.places(count, parts)?;
        let mut counts = vec![0; parts];
        which.iter().for_each(|part| counts[*part] += 1);
        let mut columns = Vec::with_capacity(parts);
        for count in counts {
            columns.push(self.column(count)?.into_iter());
        }
        which.into_iter().map(|part| columns[part].next().ok_or(Damaged)).collect()
    }

    fn choice(&mut self, count: usize) -> Result<Vec<Value>, CompactError> {
        let distinct = self.input.len()?;
        let distinct = self.column(distinct)?;
        let which = self.places(count, distinct.len())?;
        let mut chosen = Vec::with_capacity(count);
        for place in which {
            let Value::String(text) = &distinct[place] else { return Err(Damaged) };
            self.input.charge(text.len(), 1)?;
            chosen.push(Value::String(text.clone()));
        }
        Ok(chosen)
    }

    fn objects(&mut self, count: usize, map: bool) -> Result<Vec<Value>, CompactError> {
        let different = if count == 1 { 1 } else { self.input.len()? };
        self.input.charge(different, SHAPE)?;
        let mut shapes: Vec<Vec<&'a str>> = Vec::with_capacity(different);
        for _ in 0..different {
            shapes.push(self.shape()?);
        }
        let which = if different == 1 { vec![0; count] } else { self.places(count, different)? };
        let mut total: usize = 0;
        for shape in &which {
            let keys = &shapes[*shape];
            let letters: usize = keys.iter().map(|key| key.len()).sum();
            self.input.charge(keys.len(), ENTRY)?;
            self.input.charge(letters, 1)?;
            total += keys.len();
        }
        if map {
            let mut values = self.column(total)?.into_iter();
            let object = |shape: usize| {
                let keys = shapes[shape].iter().map(|key| (*key).to_owned());
                Value::Object(keys.zip(values.by_ref()).collect())
            };
            return Ok(which.into_iter().map(object).collect());
        }
        let mut rows = vec![0; different];
        which.iter().for_each(|shape| rows[*shape] += 1);
        let mut counts: Vec<usize> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut by_shape: Vec<Vec<usize>> = Vec::with_capacity(different);
        for (shape, rows) in shapes.iter().zip(rows) {
            let mut columns = Vec::with_capacity(shape.len());
            for key in shape {
                let column = *places.entry(key).or_insert_with(|| {
                    counts.push(0);
                    counts.len() - 1
                });
                counts[column] += rows;
                columns.push(column);
            }
            by_shape.push(columns);
        }
        let mut columns = Vec::with_capacity(counts.len());
        for count in counts {
            columns.push(self.column(count)?.into_iter());
        }
        let mut objects = Vec::with_capacity(count);
        for shape in which {
            let mut object = Map::new();
            for (key, column) in shapes[shape].iter().zip(&by_shape[shape]) {
                object.insert((*key).to_owned(), columns[*column].next().ok_or(Damaged)?);
            }
            objects.push(Value::Object(object));
        }
        Ok(objects)
    }

    /// The keys of the next shape.
    fn shape(&mut self) -> Result<Vec<&'a str>, CompactError> {
        let beforehand = self.table.map_or(0, Table::shapes);
        let keys = match self.input.len()?.checked_sub(1) {
            None => {
                let count = self.input.len()?;
                self.input.holds(count)?;
                let keys = (0..count).map(|_| self.input.len()).collect::<Result<Vec<usize>, _>>()?;
                self.shapes.push(keys.clone());
                keys
            }
            Some(place) => match place.checked_sub(beforehand) {
                Some(own) => self.shapes.get(own).cloned().ok_or(Damaged)?,
                None => self.table.and_then(|table| table.shape(place)).ok_or(Damaged)?.to_vec(),
            },
        };
        self.input.charge(keys.len(), size_of::<&str>())?;
        keys.into_iter().map(|key| self.text(key)).collect()
    }
}

/// A float; one that JSON cannot hold was never written.
fn float(float: f64) -> Result<Value, CompactError> {
    Number::from_f64(float).map(Value::Number).ok_or(Damaged)
}
