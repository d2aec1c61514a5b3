//! `{{works.contract_amount|万元}}`: what a cell of a template asks for.

/// One placeholder.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Placeholder {
    /// What is done with the values: `sum` or `count`; none for a value itself.
    pub verb: Option<Verb>,
    /// The way to the value: kind, field, and further fields through references.
    pub path: Vec<String>,
    /// The unit or form in which it is shown.
    pub unit: Option<String>,
}

/// What is done with the values of all records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// They are added up, by a formula over their column.
    Sum,
    /// They are counted, by a formula.
    Count,
}

impl Placeholder {
    fn parse(text: &str) -> Option<Self> {
        let narrow = crate::text::half_width(text);
        let text = narrow.trim();
        let (text, unit) = match text.split_once('|') {
            Some((text, unit)) => (text.trim(), Some(unit.trim().to_owned()).filter(|unit| !unit.is_empty())),
            None => (text, None),
        };
        let (verb, text) = match text.split_once(':') {
            Some(("sum" | "合计", rest)) => (Some(Verb::Sum), rest),
            Some(("count" | "计数", rest)) => (Some(Verb::Count), rest),
            _ => (None, text),
        };
        let path: Vec<String> = text.split('.').map(|part| part.trim().to_owned()).collect();
        path.iter().all(|part| !part.is_empty()).then_some(Self { verb, path, unit })
    }

    /// The first part of the path: a kind, or a word of the template's own such as `today`.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.path.first().map_or("", String::as_str)
    }

    /// Whether it asks for a value of a record.
    pub(crate) fn is_value(&self) -> bool {
        self.verb.is_none() && self.path.len() > 1
    }
}

/// A cell's text in parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    Plain(String),
    Asked(Placeholder),
}

/// The parts of `text`, if there is a placeholder in it.
pub(crate) fn pieces(text: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut plain = String::new();
    while let Some(open) = rest.find("{{") {
        let Some(length) = rest[open..].find("}}") else { break };
        match Placeholder::parse(&rest[open + 2..open + length]) {
            Some(asked) => {
                plain.push_str(&rest[..open]);
                if !plain.is_empty() {
                    pieces.push(Piece::Plain(std::mem::take(&mut plain)));
                }
                pieces.push(Piece::Asked(asked));
            }
            None => plain.push_str(&rest[..open + length + 2]),
        }
        rest = &rest[open + length + 2..];
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Plain(plain));
    }
    pieces.iter().any(|piece| matches!(piece, Piece::Asked(_))).then_some(pieces)
}

#[cfg(test)]
mod tests {
    use super::{Piece, Verb, pieces};

    #[test]
    fn placeholders_are_found_as_offices_type_them() {
        let found = pieces("截至{{today}}，合计{{ sum：works.contract_amount | 万元 }}万元").expect("two placeholders");
        assert_eq!(found.len(), 5, "{found:?}");
        let Piece::Asked(sum) = &found[3] else { panic!("a placeholder: {found:?}") };
        assert_eq!((sum.verb, sum.unit.as_deref()), (Some(Verb::Sum), Some("万元")), "full-width signs too");
        assert_eq!(sum.path, ["works", "contract_amount"]);
        assert_eq!(pieces("没有 { 占位 }"), None);
        assert_eq!(pieces("{{没有写完"), None, "what is not closed is text");
        assert_eq!(pieces("{{}}"), None, "and what is empty asks for nothing");
    }
}
