//! Writing: a value, column by column.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::table::Table;
use super::text::{self, Sort};
use super::{bytes, ints};

/// `value` after its `mark`; with a `table`, its texts and shapes are known beforehand.
pub(super) fn write(value: &Value, mark: u8, table: Option<&'static Table>) -> Vec<u8> {
    let mut writer =
        Writer { table, texts: Vec::new(), places: HashMap::new(), shapes: HashMap::new(), out: Vec::new() };
    writer.column(&[value]);
    let mut whole = vec![mark];
    ints::put_len(&mut whole, writer.texts.len());
    let lengths: Vec<i64> = writer.texts.iter().map(|text| signed(text.len())).collect();
    ints::put_column(&mut whole, &lengths);
    writer.texts.iter().for_each(|text| whole.extend_from_slice(text.as_bytes()));
    whole.append(&mut writer.out);
    whole
}

fn signed(length: usize) -> i64 {
    i64::try_from(length).expect("a length fits 63 bits")
}

/// What decides in which form a value is written; a column has one, or is mixed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Null,
    False,
    True,
    Integer,
    Big,
    Float,
    Text(Sort),
    Array,
    Object,
}

impl Class {
    fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(false) => Self::False,
            Value::Bool(true) => Self::True,
            Value::Number(number) if number.is_i64() => Self::Integer,
            Value::Number(number) if number.is_u64() => Self::Big,
            Value::Number(_) => Self::Float,
            Value::String(text) => Self::Text(text::sort(text)),
            Value::Array(_) => Self::Array,
            Value::Object(_) => Self::Object,
        }
    }
}

/// A column with more parts than this would be mostly their heads.
pub(super) const MOST_PARTS: usize = 16;

struct Writer<'a> {
    table: Option<&'static Table>,
    texts: Vec<&'a str>,
    places: HashMap<&'a str, usize>,
    shapes: HashMap<Vec<usize>, usize>,
    out: Vec<u8>,
}

impl<'a> Writer<'a> {
    /// Writes values that stand in the same place; how many there are is known from above.
    fn column(&mut self, values: &[&'a Value]) {
        let Some(first) = values.first() else { return };
        let class = Class::of(first);
        if values.len() == 1 {
            return self.uniform(class, values);
        }
        let mut classes = vec![class];
        let mut parts: Vec<i64> = Vec::with_capacity(values.len());
        for value in values {
            let class = Class::of(value);
            let part = classes.iter().position(|known| *known == class).unwrap_or_else(|| {
                classes.push(class);
                classes.len() - 1
            });
            parts.push(signed(part));
        }
        if classes.len() == 1 {
            return self.uniform(class, values);
        }
        if classes.len() > MOST_PARTS {
            // Too many sorts of text (hex of every length): texts are texts.
            let plain = |class: &Class| if let Class::Text(_) = class { Class::Text(Sort::Plain) } else { *class };
            let mut fewer: Vec<Class> = Vec::new();
            let becomes: Vec<i64> = classes
                .iter()
                .map(|class| {
                    let class = plain(class);
                    signed(fewer.iter().position(|known| *known == class).unwrap_or_else(|| {
                        fewer.push(class);
                        fewer.len() - 1
                    }))
                })
                .collect();
            for part in &mut parts {
                *part = becomes[usize::try_from(*part).unwrap_or_default()];
            }
            classes = fewer;
            if let [class] = classes[..] {
                return self.uniform(class, values);
            }
        }
        self.out.push(super::MIXED);
        ints::put_len(&mut self.out, classes.len());
        ints::put_column(&mut self.out, &parts);
        for (part, class) in classes.into_iter().enumerate() {
            let part = signed(part);
            let own: Vec<&Value> =
                values.iter().zip(&parts).filter(|(_, of)| **of == part).map(|(value, _)| *value).collect();
            self.uniform(class, &own);
        }
    }

    fn uniform(&mut self, class: Class, values: &[&'a Value]) {
        match class {
            Class::Null => self.out.push(super::NULL),
            Class::False => self.out.push(super::FALSE),
            Class::True => self.out.push(super::TRUE),
            Class::Integer => {
                let numbers: Vec<i64> = values.iter().filter_map(|value| value.as_i64()).collect();
                match numbers[..] {
                    [small @ 0..64] => self.out.push(super::SMALL + u8::try_from(small).unwrap_or_default()),
                    _ => self.numbers(super::INTEGER, &numbers),
                }
            }
            Class::Big => {
                let numbers: Vec<i64> =
                    values.iter().filter_map(|value| value.as_u64()).map(u64::cast_signed).collect();
                self.numbers(super::BIG, &numbers);
            }
            Class::Float => self.floats(&values.iter().filter_map(|value| value.as_f64()).collect::<Vec<f64>>()),
            Class::Text(sort) => {
                self.texts(sort, &values.iter().filter_map(|value| value.as_str()).collect::<Vec<&str>>());
            }
            Class::Array => {
                let arrays: Vec<&Vec<Value>> = values.iter().filter_map(|value| value.as_array()).collect();
                self.out.push(super::ARRAY);
                let lengths: Vec<i64> = arrays.iter().map(|items| signed(items.len())).collect();
                ints::put_column(&mut self.out, &lengths);
                self.column(&arrays.into_iter().flatten().collect::<Vec<&Value>>());
            }
            Class::Object => {
                self.objects(
                    &values.iter().filter_map(|value| value.as_object()).collect::<Vec<&Map<String, Value>>>(),
                );
            }
        }
    }

    fn numbers(&mut self, kind: u8, numbers: &[i64]) {
        self.out.push(kind);
        ints::put_column(&mut self.out, numbers);
    }

    /// Decimals as people write them, where they come back bit for bit; else eight bytes each.
    fn floats(&mut self, floats: &[f64]) {
        let places = floats.iter().try_fold(0, |most, float| Some(most.max(decimal_places(*float)?)));
        if let Some(places) = places
            && let Some(numbers) = floats.iter().map(|float| scaled(*float, places)).collect::<Option<Vec<i64>>>()
        {
            self.out.extend([super::DECIMAL, places]);
            return ints::put_column(&mut self.out, &numbers);
        }
        self.out.push(super::FLOAT);
        let rows: Vec<[u8; 8]> = floats.iter().map(|float| float.to_be_bytes()).collect();
        bytes::put(&mut self.out, &rows);
    }

    fn texts(&mut self, sort: Sort, texts: &[&'a str]) {
        match sort {
            Sort::Plain => self.plain_texts(texts),
            Sort::Uuid | Sort::Hex(_) => {
                let each = if let Sort::Hex(bytes) = sort { usize::from(bytes) } else { 16 };
                let (distinct, which) = choices(texts);
                let saved = (texts.len() - distinct.len()) * each;
                let spent = 3 + texts.len() * (usize::BITS - distinct.len().leading_zeros()) as usize / 8;
                if saved > spent {
                    self.out.push(super::CHOICE);
                    ints::put_len(&mut self.out, distinct.len());
                    self.identifiers(sort, &distinct);
                    ints::put_column(&mut self.out, &which);
                } else {
                    self.identifiers(sort, texts);
                }
            }
            Sort::Digits => {
                self.numbers(super::DIGITS, &texts.iter().map(|text| text::digits(text)).collect::<Vec<i64>>());
            }
            Sort::Day => {
                self.numbers(super::DAY, &texts.iter().map(|text| text::day_number(text)).collect::<Vec<i64>>());
            }
            Sort::Instant(clock) => {
                let (instants, offsets): (Vec<i64>, Vec<i64>) = texts
                    .iter()
                    .filter_map(|text| text::instant(text))
                    .map(|(_, instant, offset)| (instant, offset))
                    .unzip();
                self.out.extend([super::INSTANT, clock.byte()]);
                ints::put_column(&mut self.out, &instants);
                if clock.has_offsets() {
                    ints::put_column(&mut self.out, &offsets);
                }
            }
        }
    }

    fn identifiers(&mut self, sort: Sort, texts: &[&'a str]) {
        if let Sort::Hex(each) = sort {
            self.out.extend([super::HEX, each]);
            texts.iter().for_each(|text| self.out.extend(hex::decode(text).unwrap_or_default()));
            return;
        }
        let rows: Vec<[u8; 16]> = texts.iter().filter_map(|text| text::uuid(text)).collect();
        self.out.push(super::UUID);
        bytes::put_uuids(&mut self.out, &rows);
    }

    fn plain_texts(&mut self, texts: &[&'a str]) {
        let places: Vec<i64> = texts.iter().map(|text| signed(self.place(text))).collect();
        if let [place] = places[..]
            && let Ok(word) = u8::try_from(place)
            && let Some(word) = word.checked_add(super::WORD)
        {
            return self.out.push(word);
        }
        let mut as_places = vec![super::TEXT];
        ints::put_column(&mut as_places, &places);
        let mut as_choice = vec![super::CHOICE];
        let (distinct, which) = choices(&places);
        ints::put_len(&mut as_choice, distinct.len());
        as_choice.push(super::TEXT);
        ints::put_column(&mut as_choice, &distinct);
        ints::put_column(&mut as_choice, &which);
        let choice = as_choice.len() < as_places.len();
        self.out.extend(if choice { as_choice } else { as_places });
    }

    /// Where `text` stands among the texts; a new one goes to their end.
    fn place(&mut self, text: &'a str) -> usize {
        if let Some(known) = self.table.and_then(|table| table.place(text)) {
            return known;
        }
        let next = self.table.map_or(0, Table::texts) + self.texts.len();
        *self.places.entry(text).or_insert_with(|| {
            self.texts.push(text);
            next
        })
    }

    fn objects(&mut self, objects: &[&'a Map<String, Value>]) {
        let sorted: Vec<Vec<(&'a String, &'a Value)>> = objects
            .iter()
            .map(|object| {
                let mut entries: Vec<(&String, &Value)> = object.iter().collect();
                // Sorted already, unless a build asks serde_json to keep another order.
                entries.sort_unstable_by_key(|entry| entry.0);
                entries
            })
            .collect();
        let entries: usize = sorted.iter().map(Vec::len).sum();
        let map = entries > 1 && sorted.iter().flatten().all(|(_, value)| value.is_object());
        self.out.push(if map { super::MAP } else { super::OBJECT });

        let mut keys: Vec<usize> = Vec::new();
        let mut shapes: Vec<Vec<usize>> = Vec::new();
        let mut known: HashMap<Vec<usize>, usize> = HashMap::new();
        let mut which: Vec<i64> = Vec::with_capacity(sorted.len());
        for entries in &sorted {
            keys.clear();
            for (key, _) in entries {
                let place = self.place(key);
                keys.push(place);
            }
            let shape = known.get(&keys).copied().unwrap_or_else(|| {
                known.insert(keys.clone(), shapes.len());
                shapes.push(keys.clone());
                shapes.len() - 1
            });
            which.push(signed(shape));
        }
        if objects.len() > 1 {
            ints::put_len(&mut self.out, shapes.len());
        }
        for shape in &shapes {
            self.shape(shape);
        }
        if shapes.len() > 1 {
            ints::put_column(&mut self.out, &which);
        }
        if map {
            let values: Vec<&Value> = sorted.iter().flatten().map(|(_, value)| *value).collect();
            return self.column(&values);
        }
        let mut columns: Vec<Vec<&Value>> = Vec::new();
        let mut places: HashMap<usize, usize> = HashMap::new();
        let by_shape: Vec<Vec<usize>> = shapes
            .iter()
            .map(|shape| {
                let column = |key: &usize| {
                    *places.entry(*key).or_insert_with(|| {
                        columns.push(Vec::new());
                        columns.len() - 1
                    })
                };
                shape.iter().map(column).collect()
            })
            .collect();
        for (entries, shape) in sorted.iter().zip(&which) {
            let shape = &by_shape[usize::try_from(*shape).unwrap_or_default()];
            for ((_, value), column) in entries.iter().zip(shape) {
                columns[*column].push(value);
            }
        }
        for column in &columns {
            self.column(column);
        }
    }

    /// Names a shape: by its place, or, when it is new, by its keys.
    fn shape(&mut self, keys: &[usize]) {
        let beforehand = self.table.and_then(|table| table.shape_place(keys));
        if let Some(place) = beforehand.or_else(|| self.shapes.get(keys).copied()) {
            return ints::put_len(&mut self.out, place + 1);
        }
        ints::put_len(&mut self.out, 0);
        ints::put_len(&mut self.out, keys.len());
        keys.iter().for_each(|key| ints::put_len(&mut self.out, *key));
        let next = self.table.map_or(0, Table::shapes) + self.shapes.len();
        self.shapes.insert(keys.to_vec(), next);
    }
}

/// The different ones of `all` by first use, and which of them each is.
fn choices<T: Copy + Eq + std::hash::Hash>(all: &[T]) -> (Vec<T>, Vec<i64>) {
    let mut distinct = Vec::new();
    let mut known: HashMap<T, i64> = HashMap::with_capacity(all.len());
    let mut which = Vec::with_capacity(all.len());
    for one in all {
        which.push(*known.entry(*one).or_insert_with(|| {
            distinct.push(*one);
            signed(distinct.len() - 1)
        }));
    }
    (distinct, which)
}

/// Beyond this many places a float is hardly a decimal that someone wrote.
const MOST_PLACES: u8 = 9;
/// Up to here floats and whole numbers are the same.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The fewest places with which `float` is written as a decimal, bit for bit.
fn decimal_places(float: f64) -> Option<u8> {
    (0..=MOST_PLACES).find(|places| scaled(float, *places).is_some())
}

/// `float` times ten to the power of `places`, if dividing gives back the very same float.
fn scaled(float: f64, places: u8) -> Option<i64> {
    let scaled = (float * 10_f64.powi(places.into())).round();
    if scaled.abs() >= EXACT {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
    let whole = scaled as i64;
    (unscaled(whole, places).to_bits() == float.to_bits()).then_some(whole)
}

/// The decimal `whole` with `places`.
pub(super) fn unscaled(whole: i64, places: u8) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "written below 2^53 only")]
    let float = whole as f64;
    float / 10_f64.powi(places.into())
}
