//! A field: its type, its unit, and how values of it are read and checked.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;

use super::{Label, When, conceal};
use crate::change::item_key;
use crate::record::Attachment;
use crate::{Action, Refusal, Value, money, places};

/// One field of a kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name in data.
    pub name: String,
    /// Its name on the screen.
    pub label: Label,
    /// What it holds.
    #[serde(rename = "type")]
    pub field_type: FieldType,
    /// The group it is decided with; alone when absent.
    #[serde(default)]
    group: Option<String>,
    /// The unit of an integer or decimal, as shown: `m³/d`.
    #[serde(default)]
    pub unit: Option<String>,
    /// When it must be filled.
    #[serde(default)]
    pub required: Required,
    /// Smallest value of an integer, decimal or money (分).
    #[serde(default)]
    #[ts(type = "number | null")]
    pub min: Option<i64>,
    /// Largest value of an integer, decimal or money (分).
    #[serde(default)]
    #[ts(type = "number | null")]
    pub max: Option<i64>,
    /// What a choice or a set of choices offers.
    #[serde(default)]
    pub choices: Vec<Choice>,
    /// The kind that a reference names.
    #[serde(default)]
    pub to: Option<String>,
    /// For a reference by a natural key instead of an id: that key's field.
    #[serde(default)]
    pub by: Option<String>,
    /// For text that is a code: how many digits it has.
    #[serde(default)]
    pub digits: Option<usize>,
    /// For text that is a place code of any level: two, four, six, nine or twelve digits.
    #[serde(default)]
    pub place_code: bool,
    /// Filled from the first digits of this code field when left empty.
    #[serde(default)]
    pub from_code: Option<String>,
    /// The part of the form where it stands; at the top when absent.
    #[serde(default)]
    pub section: Option<String>,
    /// Belongs to a record only then; beside what its section says.
    #[serde(default)]
    pub when: Option<When>,
    /// Given by the program, never typed.
    #[serde(default)]
    pub given: bool,
    /// Kept for the program, and drawn in no form.
    #[serde(default)]
    pub hidden: bool,
    /// A personal number: of what is typed only the last four characters are kept, and
    /// in the given field named here a keyed digest, by which the same number is known again.
    #[serde(default)]
    pub concealed: Option<String>,
    /// A paragraph, not a line.
    #[serde(default)]
    pub long: bool,
    /// Other headings under which tables hold it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Help for the person who fills it in.
    #[serde(default)]
    pub help: Option<Label>,
    /// Where the field comes from, when not from the kind's own source.
    #[serde(default)]
    pub source: Option<String>,
}

/// What a field holds, and its form in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// A string.
    Text,
    /// A whole number.
    Integer,
    /// A number with places, as a string, so that no digit is lost.
    Decimal,
    /// Whole 分.
    Money,
    /// `YYYY-MM-DD`.
    Date,
    /// `YYYY-MM`.
    Month,
    /// One of the field's choices.
    Choice,
    /// A set of the field's choices.
    Choices,
    /// `true` or `false`.
    YesNo,
    /// The id (or key) of a record.
    Reference,
    /// A set of record ids.
    References,
    /// `{"lon","lat","accuracy","system"}`; degrees, metres, `wgs84|gcj02|cgcs2000`.
    Place,
    /// `{"numerator","denominator","asOf","basis"}`; the percentage is always derived.
    Rate,
    /// A set of `{"sha256","name","bytes"}`.
    Attachments,
    /// A set of `{"id","text","by","at"}`.
    Remarks,
}

/// One offer of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its name in data.
    pub value: String,
    /// Its name on the screen.
    pub label: Label,
}

/// When a field must be filled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(untagged)]
pub enum Required {
    /// Always, or never.
    Always(bool),
    /// From this lifecycle state on.
    From {
        /// The state.
        from: String,
    },
}

impl Default for Required {
    fn default() -> Self {
        Self::Always(false)
    }
}

/// The coordinate systems that a place may be given in.
const SYSTEMS: [&str; 3] = ["wgs84", "gcj02", "cgcs2000"];

impl Field {
    /// The group it is decided with; its own name when it stands alone.
    #[must_use]
    pub fn group(&self) -> &str {
        self.group.as_deref().unwrap_or(&self.name)
    }

    /// Whether it holds a set, which merges item by item.
    #[must_use]
    pub fn is_set(&self) -> bool {
        use FieldType::{Attachments, Choices, References, Remarks};
        matches!(self.field_type, Choices | References | Attachments | Remarks)
    }

    /// The value that `text` plainly says: JSON of the field's form, or the words
    /// a person would type. Empty text empties the field.
    ///
    /// # Errors
    /// The refusal that fits: a wrong type, a date that does not exist, no such choice …
    pub fn read_text(&self, text: &str) -> Result<Value, Refusal> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Value::Null);
        }
        use FieldType as T;
        let parsed = || serde_json::from_str::<Value>(text).ok();
        let value = match self.field_type {
            T::Money => match money::parse(text) {
                Some(fen) => json!(fen),
                None => parsed().unwrap_or_else(|| json!(text)),
            },
            T::Integer => parsed().unwrap_or_else(|| json!(text)),
            T::YesNo => match text {
                "true" | "yes" | "是" => json!(true),
                "false" | "no" | "否" => json!(false),
                other => json!(other),
            },
            T::Choice => json!(self.choice_named(text).unwrap_or(text)),
            T::Choices | T::References if !text.starts_with('[') => {
                let items = text.split([',', '，', '、', ';', '；']).map(str::trim).filter(|item| !item.is_empty());
                items.map(|item| json!(self.choice_named(item).unwrap_or(item))).collect()
            }
            T::Choices | T::References | T::Place | T::Rate | T::Attachments | T::Remarks => {
                parsed().unwrap_or_else(|| json!(text))
            }
            T::Text | T::Decimal | T::Date | T::Month | T::Reference => match parsed() {
                Some(Value::String(quoted)) => json!(quoted),
                _ => json!(text),
            },
        };
        self.check(&value)
    }

    /// `value` in the field's one form, if it can be a value of it. `null` is
    /// "empty" and always passes; what must be filled is asked elsewhere.
    ///
    /// # Errors
    /// As [`Field::read_text`].
    pub fn check(&self, value: &Value) -> Result<Value, Refusal> {
        use FieldType as T;
        if value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty()) {
            return Ok(Value::Null);
        }
        match self.field_type {
            T::Text | T::Reference => self.check_text(value),
            T::Integer | T::Money => self.check_whole(value),
            T::Decimal => self.check_decimal(value),
            T::Date => self.check_date(value, "YYYY-MM-DD").map(|date| json!(date)),
            T::Month => self.check_month(value),
            T::Choice => self.check_choice(value),
            T::YesNo => value.is_boolean().then(|| value.clone()).ok_or_else(|| self.wrong("true|false", value)),
            T::Place => self.check_place(value),
            T::Rate => self.check_rate(value),
            T::Choices | T::References | T::Attachments | T::Remarks => {
                let Some(items) = value.as_array() else { return Err(self.wrong("[…]", value)) };
                items.iter().map(|item| self.check_item(item)).collect()
            }
        }
    }

    /// Whether `value` shows no more of a personal number than is kept.
    ///
    /// # Errors
    /// [`Refusal::NotConcealed`].
    pub fn check_concealed(&self, value: &Value) -> Result<(), Refusal> {
        match value.as_str().filter(|text| self.concealed.is_some() && !conceal::is_concealed(text)) {
            Some(_) => Err(Refusal::NotConcealed { field: self.name.clone() }),
            None => Ok(()),
        }
    }

    /// One item of a set field in its one form.
    ///
    /// # Errors
    /// As [`Field::read_text`].
    pub fn check_item(&self, item: &Value) -> Result<Value, Refusal> {
        use FieldType as T;
        match self.field_type {
            T::Choices => self.check_choice(item),
            T::References => self.check_text(item),
            T::Attachments => Attachment::read(item)
                .map(|a| json!({"sha256": a.sha256, "name": a.name, "bytes": a.bytes}))
                .ok_or_else(|| self.wrong(r#"{"sha256","name","bytes"}"#, item)),
            T::Remarks if item.get("id").is_some_and(Value::is_string) => Ok(item.clone()),
            _ => Err(self.wrong("{…}", item)),
        }
    }

    /// What its choice `value` is called; nothing where that is none of them.
    #[must_use]
    pub fn choice(&self, value: &str) -> Option<&Label> {
        self.choices.iter().find(|choice| choice.value == value).map(|choice| &choice.label)
    }

    /// The choice that `text` names, by its value or by either label.
    fn choice_named(&self, text: &str) -> Option<&str> {
        let named = |c: &&Choice| c.value == text || c.label.zh == text || c.label.en.eq_ignore_ascii_case(text);
        self.choices.iter().find(named).map(|choice| choice.value.as_str())
    }

    /// The actions that turn the set `before` into `after`.
    pub(super) fn set_edit(&self, before: Option<&Value>, after: &Value) -> Vec<Action> {
        let list = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
        let (before, after) = (list(before), list(Some(after)));
        let missing_in = |items: &[Value], item: &Value| !items.iter().any(|other| item_key(other) == item_key(item));
        let items: Vec<Value> = after.iter().filter(|item| missing_in(&before, item)).cloned().collect();
        let keys: Vec<String> = before.iter().filter(|item| missing_in(&after, item)).map(item_key).collect();
        let mut actions = Vec::new();
        if !items.is_empty() {
            actions.push(Action::Add { field: self.name.clone(), items });
        }
        if !keys.is_empty() {
            actions.push(Action::Remove { field: self.name.clone(), keys });
        }
        actions
    }

    fn wrong(&self, expected: &str, given: &Value) -> Refusal {
        Refusal::wrong_type(&self.name, expected, &plain(given))
    }

    fn check_text(&self, value: &Value) -> Result<Value, Refusal> {
        let text = value.as_str().ok_or_else(|| self.wrong("“…”", value))?.trim();
        if self.place_code && places::level(text).is_none() {
            let (field, given) = (self.name.clone(), text.to_owned());
            return Err(Refusal::WrongDigits { field, given, digits: "2/4/6/9/12".to_owned() });
        }
        match self.digits {
            Some(digits) if text.len() != digits || !text.bytes().all(|b| b.is_ascii_digit()) => {
                Err(Refusal::WrongDigits {
                    field: self.name.clone(),
                    given: text.to_owned(),
                    digits: digits.to_string(),
                })
            }
            _ => Ok(json!(text)),
        }
    }

    fn check_whole(&self, value: &Value) -> Result<Value, Refusal> {
        let form = if self.field_type == FieldType::Money { "12.5万元 / 125000元" } else { "123" };
        let number = value.as_i64().ok_or_else(|| self.wrong(form, value))?;
        let low = self.min.unwrap_or(i64::MIN);
        let high = self.max.unwrap_or(i64::MAX);
        if (low..=high).contains(&number) { Ok(json!(number)) } else { Err(self.out_of_range(&number.to_string())) }
    }

    fn check_decimal(&self, value: &Value) -> Result<Value, Refusal> {
        let text = match value {
            Value::Number(number) => number.to_string(),
            Value::String(text) => text.trim().to_owned(),
            _ => return Err(self.wrong("12.5", value)),
        };
        let digits = text.strip_prefix('-').unwrap_or(&text);
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        let good = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !good(whole) || !good(part) {
            return Err(self.wrong("12.5", value));
        }
        let negative = text.starts_with('-');
        let floor = whole.parse::<i64>().map_err(|_| self.wrong("12.5", value))?;
        let above = part.bytes().any(|b| b != b'0');
        // Compared as whole numbers: -0.5 lies below 0, 100.1 above 100.
        let (low, high) =
            if negative { (-floor - i64::from(above), -floor) } else { (floor, floor + i64::from(above)) };
        if self.min.is_some_and(|min| low < min) || self.max.is_some_and(|max| high > max) {
            return Err(self.out_of_range(&text));
        }
        Ok(json!(text))
    }

    fn out_of_range(&self, given: &str) -> Refusal {
        let show = |bound: Option<i64>, open: &str| bound.map_or_else(|| open.to_owned(), |bound| bound.to_string());
        Refusal::OutOfRange {
            field: self.name.clone(),
            given: given.to_owned(),
            min: show(self.min, "-∞"),
            max: show(self.max, "∞"),
        }
    }

    fn check_date(&self, value: &Value, form: &str) -> Result<String, Refusal> {
        let text = value.as_str().ok_or_else(|| self.wrong(form, value))?.trim();
        let shape = text.len() == 10
            && text.char_indices().all(|(i, c)| if matches!(i, 4 | 7) { c == '-' } else { c.is_ascii_digit() });
        if !shape {
            return Err(self.wrong(form, value));
        }
        match NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            Ok(_) => Ok(text.to_owned()),
            Err(_) => Err(Refusal::NoSuchDate { field: self.name.clone(), given: text.to_owned() }),
        }
    }

    fn check_month(&self, value: &Value) -> Result<Value, Refusal> {
        let text = value.as_str().ok_or_else(|| self.wrong("YYYY-MM", value))?.trim();
        let first = Value::from(format!("{text}-01"));
        self.check_date(&first, "YYYY-MM")?;
        Ok(json!(text))
    }

    fn check_choice(&self, value: &Value) -> Result<Value, Refusal> {
        let text = value.as_str().ok_or_else(|| self.wrong("“…”", value))?;
        match self.choices.iter().find(|choice| choice.value == text) {
            Some(choice) => Ok(json!(choice.value)),
            None => Err(Refusal::NotAChoice {
                field: self.name.clone(),
                given: text.to_owned(),
                choices: self.choices.iter().map(|c| c.value.as_str()).collect::<Vec<_>>().join(", "),
            }),
        }
    }

    fn check_place(&self, value: &Value) -> Result<Value, Refusal> {
        let form = r#"{"lon","lat","accuracy","system"}"#;
        let number = |name: &str| value.get(name).and_then(Value::as_f64);
        let (Some(lon), Some(lat)) = (number("lon"), number("lat")) else { return Err(self.wrong(form, value)) };
        let system = value.get("system").and_then(Value::as_str).unwrap_or("wgs84");
        if !SYSTEMS.contains(&system) {
            return Err(Refusal::NotAChoice {
                field: self.name.clone(),
                given: system.to_owned(),
                choices: SYSTEMS.join(", "),
            });
        }
        if !(-180.0..=180.0).contains(&lon) || !(-90.0..=90.0).contains(&lat) {
            return Err(Refusal::OutOfRange {
                field: self.name.clone(),
                given: format!("{lon}, {lat}"),
                min: "-180, -90".to_owned(),
                max: "180, 90".to_owned(),
            });
        }
        if lon == 0.0 && lat == 0.0 {
            return Err(Refusal::PlaceUnset { field: self.name.clone() });
        }
        // As a fraction like the degrees, so that 8 and 8.0 are one value.
        let accuracy = value.get("accuracy").and_then(Value::as_f64);
        Ok(json!({"lon": lon, "lat": lat, "accuracy": accuracy, "system": system}))
    }

    fn check_rate(&self, value: &Value) -> Result<Value, Refusal> {
        let form = r#"{"numerator","denominator","asOf","basis"}"#;
        let number = |name: &str| value.get(name).and_then(Value::as_i64);
        let (Some(numerator), Some(denominator)) = (number("numerator"), number("denominator")) else {
            return Err(self.wrong(form, value));
        };
        if denominator <= 0 || numerator < 0 {
            return Err(self.wrong("numerator ≥ 0, denominator > 0", value));
        }
        let as_of = self.check_date(value.get("asOf").unwrap_or(&Value::Null), "YYYY-MM-DD")?;
        let basis = value.get("basis").and_then(Value::as_str).unwrap_or_default();
        Ok(json!({"numerator": numerator, "denominator": denominator, "asOf": as_of, "basis": basis}))
    }
}

/// A value as a person would quote it in a sentence.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
