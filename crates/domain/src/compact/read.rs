//! Reading: what `write` wrote, and an error for everything else.
//!
//! Before anything is made, what it will take is charged to the budget of the
//! input, so a few bytes that claim a million rows end as an error.

use std::borrow::Cow;
use std::collections::HashMap;

use super::input::Input;
use super::node::Node;
use super::table::Table;
use super::text::Clock;
use super::write::unscaled;
use super::{CompactError, DEEPEST, MAX_UNPACKED, SMALL, WORD, bytes, ints};

use CompactError::Damaged;

/// What a value takes in memory, at least.
const VALUE: usize = 32;
/// The letters of identifiers, numbers and times.
const UUID_TEXT: usize = 36;
const NUMBER_TEXT: usize = 20;
const INSTANT_TEXT: usize = 35;
/// What an entry of an object takes beside its value and its key's letters.
const ENTRY: usize = size_of::<String>();

/// What it takes to keep a shape in mind.
const SHAPE: usize = 3 * size_of::<Vec<&str>>();

/// The value in `bytes`, after their mark.
pub(super) fn read<'a>(bytes: &'a [u8], table: Option<&'static Table>) -> Result<Node<'a>, CompactError> {
    let input = Input::new(bytes, MAX_UNPACKED);
    let mut reader = Reader { input, table, texts: Vec::new(), shapes: Vec::new(), depth: 0 };
    reader.read_texts()?;
    let node = reader.one()?;
    reader.input.end()?;
    Ok(node)
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

    fn word(&mut self, place: usize) -> Result<Node<'a>, CompactError> {
        let text = self.text(place)?;
        self.input.charge(text.len(), 1)?;
        Ok(Node::Text(Cow::Borrowed(text)))
    }

    /// A column of one.
    fn one(&mut self) -> Result<Node<'a>, CompactError> {
        self.input.charge(1, VALUE)?;
        let kind = self.input.byte()?;
        match kind {
            SMALL..WORD => Ok(Node::Integer((kind - SMALL).into())),
            WORD.. => self.word((kind - WORD).into()),
            super::INTEGER => Ok(Node::Integer(ints::signed(&mut self.input)?)),
            super::UUID => Ok(Node::Uuid(self.uuid()?)),
            super::OBJECT => self.deeper(Self::object),
            kind => self.deeper(|reader| reader.nodes(kind, 1)?.pop().ok_or(Damaged)),
        }
    }

    /// A column of `count` values, one after another.
    fn column(&mut self, count: usize) -> Result<Vec<Node<'a>>, CompactError> {
        match count {
            0 => return Ok(Vec::new()),
            1 => return Ok(vec![self.one()?]),
            _ => {}
        }
        self.input.charge(count, VALUE)?;
        let kind = self.input.byte()?;
        self.deeper(|reader| reader.nodes(kind, count))
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, CompactError>) -> Result<T, CompactError> {
        if self.depth > 2 * DEEPEST {
            return Err(Damaged);
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    fn nodes(&mut self, kind: u8, count: usize) -> Result<Vec<Node<'a>>, CompactError> {
        match kind {
            super::NULL => Ok(vec![Node::Null; count]),
            super::FALSE => Ok(vec![Node::Bool(false); count]),
            super::TRUE => Ok(vec![Node::Bool(true); count]),
            super::INTEGER => self.numbers(count, Node::Integer),
            super::BIG => self.numbers(count, |number| Node::Big(number.cast_unsigned())),
            super::DIGITS => self.numbers(count, Node::Digits),
            super::DAY => self.numbers(count, Node::Day),
            super::FLOAT => {
                let rows = bytes::rows::<8>(&mut self.input, count)?;
                rows.into_iter().map(|row| float(f64::from_be_bytes(row))).collect()
            }
            super::DECIMAL => {
                let places = self.input.byte()?;
                let numbers = ints::column(&mut self.input, count)?;
                numbers.into_iter().map(|number| float(unscaled(number, places))).collect()
            }
            super::TEXT => {
                let places = self.lengths(count)?;
                places.into_iter().map(|place| self.word(place)).collect()
            }
            super::UUID => {
                self.input.charge(count, UUID_TEXT)?;
                Ok(bytes::uuids(&mut self.input, count)?.into_iter().map(Node::Uuid).collect())
            }
            super::HEX => {
                let each = self.input.len()?;
                if each == 0 {
                    return Err(Damaged);
                }
                self.input.charge(count, each.checked_mul(2).ok_or(CompactError::TooLarge)?)?;
                let bytes = self.input.take(count * each)?;
                Ok(bytes.chunks_exact(each).map(|one| Node::Hex(Cow::Borrowed(one))).collect())
            }
            super::INSTANT => self.instants(count),
            super::ARRAY => self.arrays(count),
            super::OBJECT => self.objects(count, false),
            super::MAP => self.objects(count, true),
            super::MIXED => self.mixed(count),
            super::CHOICE => self.choice(count),
            _ => Err(Damaged),
        }
    }

    fn uuid(&mut self) -> Result<[u8; 16], CompactError> {
        self.input.charge(1, UUID_TEXT)?;
        self.input.take(16)?.try_into().map_err(|_| Damaged)
    }

    fn numbers(&mut self, count: usize, make: impl Fn(i64) -> Node<'a>) -> Result<Vec<Node<'a>>, CompactError> {
        self.input.charge(count, NUMBER_TEXT)?;
        Ok(ints::column(&mut self.input, count)?.into_iter().map(make).collect())
    }

    fn instants(&mut self, count: usize) -> Result<Vec<Node<'a>>, CompactError> {
        self.input.charge(count, INSTANT_TEXT)?;
        let clock = Clock::of(self.input.byte()?).ok_or(Damaged)?;
        let instants = ints::column(&mut self.input, count)?;
        let offsets = if clock.has_offsets() { ints::column(&mut self.input, count)? } else { vec![0; count] };
        Ok(instants.into_iter().zip(offsets).map(|(instant, offset)| Node::Instant(clock, instant, offset)).collect())
    }

    fn arrays(&mut self, count: usize) -> Result<Vec<Node<'a>>, CompactError> {
        let lengths = self.lengths(count)?;
        let total = lengths.iter().try_fold(0_usize, |sum, length| sum.checked_add(*length));
        let items = self.column(total.ok_or(CompactError::TooLarge)?)?;
        if count == 1 {
            return Ok(vec![Node::Array(items)]);
        }
        let mut items = items.into_iter();
        Ok(lengths.into_iter().map(|length| Node::Array(items.by_ref().take(length).collect())).collect())
    }

    fn mixed(&mut self, count: usize) -> Result<Vec<Node<'a>>, CompactError> {
        let parts = self.input.len()?;
        if parts > count {
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

    fn choice(&mut self, count: usize) -> Result<Vec<Node<'a>>, CompactError> {
        let distinct = self.input.len()?;
        let distinct = self.column(distinct)?;
        let which = self.places(count, distinct.len())?;
        let mut chosen = Vec::with_capacity(count);
        for place in which {
            let node = &distinct[place];
            self.input.charge(letters(node).ok_or(Damaged)?, 1)?;
            chosen.push(node.clone());
        }
        Ok(chosen)
    }

    /// One object.
    fn object(&mut self) -> Result<Node<'a>, CompactError> {
        let keys = self.shape()?;
        self.charge_keys(&keys)?;
        let mut entries = Vec::with_capacity(keys.len());
        for key in keys {
            entries.push((Cow::Borrowed(key), self.one()?));
        }
        Ok(Node::Object(entries))
    }

    fn charge_keys(&mut self, keys: &[&str]) -> Result<(), CompactError> {
        self.input.charge(keys.len(), ENTRY)?;
        keys.iter().try_for_each(|key| self.input.charge(key.len(), 1))
    }

    fn objects(&mut self, count: usize, map: bool) -> Result<Vec<Node<'a>>, CompactError> {
        let different = if count == 1 { 1 } else { self.input.len()? };
        self.input.charge(different, SHAPE)?;
        let mut shapes: Vec<Vec<&'a str>> = Vec::with_capacity(different);
        for _ in 0..different {
            shapes.push(self.shape()?);
        }
        let which = if different == 1 { vec![0; count] } else { self.places(count, different)? };
        let mut total: usize = 0;
        for shape in &which {
            self.charge_keys(&shapes[*shape])?;
            total += shapes[*shape].len();
        }
        if map {
            let mut values = self.column(total)?.into_iter();
            let object = |shape: usize| {
                let keys = shapes[shape].iter().map(|key| Cow::Borrowed(*key));
                Node::Object(keys.zip(values.by_ref()).collect())
            };
            return Ok(which.into_iter().map(object).collect());
        }
        let mut rows = vec![0; different];
        which.iter().for_each(|shape| rows[*shape] += 1);
        let mut counts: Vec<usize> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut by_shape: Vec<Vec<usize>> = Vec::with_capacity(different);
        if let [shape] = shapes.as_slice()
            && shape.is_sorted_by(|one, next| one < next)
        {
            // All alike, as nearly always: the columns are the keys.
            counts = vec![count; shape.len()];
            by_shape.push((0..shape.len()).collect());
        }
        for (shape, rows) in shapes.iter().zip(rows).skip(by_shape.len()) {
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
            let mut entries = Vec::with_capacity(shapes[shape].len());
            for (key, column) in shapes[shape].iter().zip(&by_shape[shape]) {
                entries.push((Cow::Borrowed(*key), columns[*column].next().ok_or(Damaged)?));
            }
            objects.push(Node::Object(entries));
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
fn float<'a>(float: f64) -> Result<Node<'a>, CompactError> {
    if float.is_finite() { Ok(Node::Float(float)) } else { Err(Damaged) }
}

/// How many letters a text takes; nothing but texts can be chosen from.
fn letters(node: &Node<'_>) -> Option<usize> {
    match node {
        Node::Text(text) => Some(text.len()),
        Node::Uuid(_) => Some(UUID_TEXT),
        Node::Hex(bytes) => Some(2 * bytes.len()),
        _ => None,
    }
}
