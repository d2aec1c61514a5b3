//! Writing: a value, column by column.

use std::collections::HashMap;
use std::hash::Hash;

use super::node::{Entry, Node};
use super::text::Clock;
use super::{bytes, ints};

/// `value` after its `mark`.
pub(super) fn write(value: &Node<'_>, mark: u8) -> Vec<u8> {
    let mut writer = Writer { texts: Vec::new(), places: HashMap::new(), shapes: HashMap::new(), out: Vec::new() };
    writer.one(value);
    let mut whole = Vec::with_capacity(writer.out.len() + 64);
    whole.push(mark);
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
    Text,
    Uuid,
    Hex(usize),
    Digits,
    Day,
    Instant(Clock),
    Array,
    Object,
}

impl Class {
    fn of(node: &Node<'_>) -> Self {
        match node {
            Node::Null => Self::Null,
            Node::Bool(false) => Self::False,
            Node::Bool(true) => Self::True,
            Node::Integer(_) => Self::Integer,
            Node::Big(_) => Self::Big,
            Node::Float(_) => Self::Float,
            Node::Text(_) => Self::Text,
            Node::Uuid(_) => Self::Uuid,
            Node::Hex(bytes) => Self::Hex(bytes.len()),
            Node::Digits(_) => Self::Digits,
            Node::Day(_) => Self::Day,
            Node::Instant(clock, ..) => Self::Instant(*clock),
            Node::Array(_) => Self::Array,
            Node::Object(_) => Self::Object,
        }
    }
}

struct Writer<'a> {
    texts: Vec<&'a str>,
    places: HashMap<&'a str, usize>,
    shapes: HashMap<Vec<usize>, usize>,
    out: Vec<u8>,
}

impl<'a> Writer<'a> {
    /// Writes a column of one.
    fn one(&mut self, node: &'a Node<'a>) {
        match node {
            Node::Integer(small @ 0..64) => self.out.push(super::SMALL + u8::try_from(*small).unwrap_or_default()),
            Node::Integer(number) => {
                self.out.push(super::INTEGER);
                ints::put_signed(&mut self.out, *number);
            }
            Node::Text(text) => {
                let place = self.place(text);
                match u8::try_from(place).ok().and_then(|place| place.checked_add(super::WORD)) {
                    Some(word) => self.out.push(word),
                    None => {
                        self.out.push(super::TEXT);
                        ints::put_signed(&mut self.out, signed(place));
                    }
                }
            }
            Node::Uuid(bytes) => {
                self.out.push(super::UUID);
                self.out.extend_from_slice(bytes);
            }
            Node::Object(entries) => self.object(entries),
            other => self.uniform(Class::of(other), &[other]),
        }
    }

    /// Writes values that stand in the same place; how many there are is known from above.
    fn column(&mut self, nodes: &[&'a Node<'a>]) {
        let first = match nodes {
            [] => return,
            [one] => return self.one(one),
            [first, ..] => Class::of(first),
        };
        if nodes.iter().all(|node| Class::of(node) == first) {
            return self.uniform(first, nodes);
        }
        let mut parts: Vec<(Class, Vec<&Node<'_>>)> = Vec::new();
        let mut which: Vec<i64> = Vec::with_capacity(nodes.len());
        for node in nodes {
            let class = Class::of(node);
            let part = parts.iter().position(|part| part.0 == class).unwrap_or_else(|| {
                parts.push((class, Vec::new()));
                parts.len() - 1
            });
            parts[part].1.push(node);
            which.push(signed(part));
        }
        self.out.push(super::MIXED);
        ints::put_len(&mut self.out, parts.len());
        ints::put_column(&mut self.out, &which);
        for (_, nodes) in parts {
            self.column(&nodes);
        }
    }

    /// Writes values of one class.
    fn uniform(&mut self, class: Class, nodes: &[&'a Node<'a>]) {
        match class {
            Class::Null => self.out.push(super::NULL),
            Class::False => self.out.push(super::FALSE),
            Class::True => self.out.push(super::TRUE),
            Class::Integer => self.numbers(super::INTEGER, nodes),
            Class::Big => self.numbers(super::BIG, nodes),
            Class::Digits => self.numbers(super::DIGITS, nodes),
            Class::Day => self.numbers(super::DAY, nodes),
            Class::Float => {
                self.floats(&each(nodes, |node| if let Node::Float(float) = node { Some(*float) } else { None }));
            }
            Class::Text => {
                self.texts(&each(nodes, |node| if let Node::Text(text) = node { Some(text.as_ref()) } else { None }));
            }
            Class::Uuid => {
                let uuids: Vec<[u8; 16]> =
                    each(nodes, |node| if let Node::Uuid(bytes) = node { Some(*bytes) } else { None });
                self.identifiers(16, &uuids, |out, uuids| {
                    out.push(super::UUID);
                    bytes::put_uuids(out, uuids);
                });
            }
            Class::Hex(length) => {
                let all: Vec<&[u8]> =
                    each(nodes, |node| if let Node::Hex(bytes) = node { Some(bytes.as_ref()) } else { None });
                self.identifiers(length, &all, |out, all| {
                    out.push(super::HEX);
                    ints::put_len(out, length);
                    all.iter().for_each(|bytes| out.extend_from_slice(bytes));
                });
            }
            Class::Instant(clock) => {
                let all = each(nodes, |node| {
                    if let Node::Instant(_, instant, offset) = node { Some((*instant, *offset)) } else { None }
                });
                let (instants, offsets): (Vec<i64>, Vec<i64>) = all.into_iter().unzip();
                self.out.extend([super::INSTANT, clock.byte()]);
                ints::put_column(&mut self.out, &instants);
                if clock.has_offsets() {
                    ints::put_column(&mut self.out, &offsets);
                }
            }
            Class::Array => {
                let arrays = each(nodes, |node| if let Node::Array(items) = node { Some(items) } else { None });
                self.out.push(super::ARRAY);
                let lengths: Vec<i64> = arrays.iter().map(|items| signed(items.len())).collect();
                ints::put_column(&mut self.out, &lengths);
                let items: Vec<&Node<'_>> = arrays.into_iter().flatten().collect();
                self.column(&items);
            }
            Class::Object => {
                let objects =
                    each(nodes, |node| if let Node::Object(entries) = node { Some(entries.as_slice()) } else { None });
                self.objects(&objects);
            }
        }
    }

    fn numbers(&mut self, kind: u8, nodes: &[&'a Node<'a>]) {
        let number = |node: &Node<'_>| match node {
            Node::Integer(number) | Node::Digits(number) | Node::Day(number) => Some(*number),
            Node::Big(number) => Some(number.cast_signed()),
            _ => None,
        };
        self.out.push(kind);
        ints::put_column(&mut self.out, &each(nodes, number));
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

    /// Identifiers of `length` bytes, as a choice where they repeat.
    fn identifiers<T: Copy + Eq + Hash>(&mut self, length: usize, all: &[T], put: impl Fn(&mut Vec<u8>, &[T])) {
        if all.len() > 1 {
            let (distinct, which) = choices(all);
            let saved = (all.len() - distinct.len()) * length;
            let spent = 3 + all.len() * (usize::BITS - distinct.len().leading_zeros()) as usize / 8;
            if saved > spent {
                self.out.push(super::CHOICE);
                ints::put_len(&mut self.out, distinct.len());
                put(&mut self.out, &distinct);
                return ints::put_column(&mut self.out, &which);
            }
        }
        put(&mut self.out, all);
    }

    fn texts(&mut self, texts: &[&'a str]) {
        let places: Vec<i64> = texts.iter().map(|text| signed(self.place(text))).collect();
        let start = self.out.len();
        self.out.push(super::TEXT);
        ints::put_column(&mut self.out, &places);
        let (distinct, which) = choices(&places);
        if distinct.len() < texts.len() {
            let mut choice = vec![super::CHOICE];
            ints::put_len(&mut choice, distinct.len());
            choice.push(super::TEXT);
            ints::put_column(&mut choice, &distinct);
            ints::put_column(&mut choice, &which);
            if choice.len() < self.out.len() - start {
                self.out.truncate(start);
                self.out.append(&mut choice);
            }
        }
    }

    /// Where `text` stands among the texts; a new one goes to their end.
    fn place(&mut self, text: &'a str) -> usize {
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        let place = self.texts.len();
        self.texts.push(text);
        self.places.insert(text, place);
        place
    }

    /// Writes a column of one object.
    fn object(&mut self, entries: &'a [Entry<'a>]) {
        let map = is_map(entries.iter());
        self.out.push(if map { super::MAP } else { super::OBJECT });
        let keys = entries.iter().map(|(key, _)| self.place(key)).collect();
        self.shape(keys);
        if map {
            let nodes: Vec<&Node<'_>> = entries.iter().map(|(_, node)| node).collect();
            return self.column(&nodes);
        }
        entries.iter().for_each(|(_, node)| self.one(node));
    }

    fn objects(&mut self, objects: &[&'a [Entry<'a>]]) {
        let map = is_map(objects.iter().copied().flatten());
        self.out.push(if map { super::MAP } else { super::OBJECT });
        let mut shapes: Vec<Vec<usize>> = Vec::new();
        let mut known: HashMap<Vec<usize>, usize> = HashMap::new();
        let mut which: Vec<i64> = Vec::with_capacity(objects.len());
        let mut before: Option<(&[Entry<'_>], i64)> = None;
        for entries in objects {
            let alike = |one: &[Entry<'_>]| one.iter().map(|entry| &entry.0).eq(entries.iter().map(|entry| &entry.0));
            let shape = match before {
                Some((last, shape)) if alike(last) => shape,
                _ => {
                    let keys: Vec<usize> = entries.iter().map(|(key, _)| self.place(key)).collect();
                    signed(*known.entry(keys).or_insert_with_key(|keys| {
                        shapes.push(keys.clone());
                        shapes.len() - 1
                    }))
                }
            };
            before = Some((entries, shape));
            which.push(shape);
        }
        ints::put_len(&mut self.out, shapes.len());
        for shape in &shapes {
            self.shape(shape.clone());
        }
        if shapes.len() > 1 {
            ints::put_column(&mut self.out, &which);
        }
        if map {
            let nodes: Vec<&Node<'_>> = objects.iter().copied().flatten().map(|(_, node)| node).collect();
            return self.column(&nodes);
        }
        let mut columns: Vec<Vec<&Node<'_>>> = Vec::new();
        let mut places: HashMap<usize, usize> = HashMap::new();
        let mut by_shape: Vec<Vec<usize>> = Vec::with_capacity(shapes.len());
        if let [shape] = shapes.as_slice() {
            // All alike, as nearly always: the columns are the keys.
            columns = shape.iter().map(|_| Vec::with_capacity(objects.len())).collect();
            by_shape.push((0..shape.len()).collect());
        }
        for shape in shapes.iter().skip(by_shape.len()) {
            let column = |key: &usize| {
                *places.entry(*key).or_insert_with(|| {
                    columns.push(Vec::new());
                    columns.len() - 1
                })
            };
            by_shape.push(shape.iter().map(column).collect());
        }
        for (entries, shape) in objects.iter().zip(which) {
            let shape = &by_shape[usize::try_from(shape).unwrap_or_default()];
            for ((_, node), column) in entries.iter().zip(shape) {
                columns[*column].push(node);
            }
        }
        for column in &columns {
            self.column(column);
        }
    }

    /// Names a shape: by its place, or, when it is new, by its keys.
    fn shape(&mut self, keys: Vec<usize>) {
        if let Some(place) = self.shapes.get(&keys) {
            return ints::put_len(&mut self.out, place + 1);
        }
        ints::put_len(&mut self.out, 0);
        ints::put_len(&mut self.out, keys.len());
        keys.iter().for_each(|key| ints::put_len(&mut self.out, *key));
        self.shapes.insert(keys, self.shapes.len());
    }
}

/// Whether all values of these entries are objects, so that they are one column.
fn is_map<'e>(entries: impl Iterator<Item = &'e Entry<'e>>) -> bool {
    let mut count = 0;
    let objects = entries.inspect(|_| count += 1).all(|(_, node)| matches!(node, Node::Object(_)));
    objects && count > 1
}

/// What `pick` takes out of each of `nodes`.
fn each<'a, T>(nodes: &[&'a Node<'a>], pick: impl Fn(&'a Node<'a>) -> Option<T>) -> Vec<T> {
    nodes.iter().filter_map(|node| pick(node)).collect()
}

/// The different ones of `all` by first use, and which of them each is.
fn choices<T: Copy + Eq + Hash>(all: &[T]) -> (Vec<T>, Vec<i64>) {
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
