//! References in formulas and ranges, moved as a spreadsheet moves them when rows
//! are inserted below a row, or when a row is copied down.

/// How the rows of a sheet move: each repeated row becomes so many.
#[derive(Debug, Clone, Default)]
pub(crate) struct Moves {
    /// The sheet's name, for references from other sheets.
    pub(crate) sheet: String,
    /// Repeated rows, rising, with how many stand in the place of each.
    pub(crate) repeated: Vec<(u32, u32)>,
}

impl Moves {
    /// Where the row lies now; of a repeated row, the first.
    pub(crate) fn start(&self, row: u32) -> u32 {
        row + self.added(|at| at < row)
    }

    /// Where the row lies now; of a repeated row, the last.
    pub(crate) fn end(&self, row: u32) -> u32 {
        row + self.added(|at| at <= row)
    }

    fn added(&self, before: impl Fn(u32) -> bool) -> u32 {
        self.repeated.iter().filter(|(at, _)| before(*at)).map(|(_, count)| count - 1).sum()
    }

    /// A range such as `A5:F5`, or several with spaces between.
    pub(crate) fn ranges(&self, text: &str) -> String {
        text.split(' ').map(|range| self.formula(range, true, None)).collect::<Vec<_>>().join(" ")
    }

    /// `formula` as it reads after the move. `own` says that what names no sheet is
    /// of this one; `copy` that it stands in the so-manyeth copy of a repeated row.
    pub(crate) fn formula(&self, formula: &str, own: bool, copy: Option<u32>) -> String {
        let letters: Vec<char> = formula.chars().collect();
        let mut out = String::with_capacity(formula.len() + 8);
        let (mut at, mut named, mut behind_colon) = (0, None::<bool>, false);
        while at < letters.len() {
            let c = letters[at];
            if c == '"' || c == '\'' {
                let end = letters[at + 1..].iter().position(|d| *d == c).map_or(letters.len(), |i| at + i + 2);
                let quoted: String = letters[at..end].iter().collect();
                if c == '\'' && letters.get(end) == Some(&'!') {
                    named = Some(quoted.trim_matches('\'') == self.sheet);
                }
                out.push_str(&quoted);
                at = end;
                continue;
            }
            if is_word(c) {
                let end = letters[at..].iter().position(|d| !is_word(*d)).map_or(letters.len(), |i| at + i);
                let word: String = letters[at..end].iter().collect();
                let ours = named.unwrap_or(own);
                let next = letters.get(end).copied();
                if next == Some('!') {
                    named = Some(word == self.sheet);
                    out.push_str(&word);
                } else if let Some(reference) = Reference::parse(&word).filter(|_| ours && next != Some('(')) {
                    let is_end = behind_colon;
                    // `5:5` names rows; a number alone does not.
                    let whole_row = reference.column.is_empty();
                    if whole_row && !(is_end || next == Some(':')) {
                        out.push_str(&word);
                    } else {
                        out.push_str(&reference.moved(self, is_end, copy));
                    }
                } else {
                    out.push_str(&word);
                }
                behind_colon = false;
                at = end;
                continue;
            }
            match c {
                '!' => {}
                ':' => behind_colon = true,
                _ => (named, behind_colon) = (None, false),
            }
            out.push(c);
            at += 1;
        }
        out
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '$' | '_' | '.')
}

struct Reference<'w> {
    /// With its `$`; empty where only a row is named.
    column: &'w str,
    absolute: bool,
    row: u32,
}

impl<'w> Reference<'w> {
    fn parse(word: &'w str) -> Option<Self> {
        let digits = word.len() - word.bytes().rev().take_while(u8::is_ascii_digit).count();
        let row = word[digits..].parse().ok().filter(|row| (1..=1_048_576).contains(row))?;
        let (column, absolute) = match word[..digits].strip_suffix('$') {
            Some(column) => (column, true),
            None => (&word[..digits], false),
        };
        let letters = column.strip_prefix('$').unwrap_or(column);
        let good = letters.len() <= 3 && letters.bytes().all(|b| b.is_ascii_alphabetic());
        (good && !(letters.is_empty() && column.starts_with('$'))).then_some(Self { column, absolute, row })
    }

    fn moved(&self, moves: &Moves, is_end: bool, copy: Option<u32>) -> String {
        let row = match copy {
            // Copied down, a relative reference goes along, and what is nailed down stays.
            Some(copy) if !self.absolute => moves.start(self.row) + copy,
            _ if is_end => moves.end(self.row),
            _ => moves.start(self.row),
        };
        let dollar = if self.absolute { "$" } else { "" };
        format!("{}{dollar}{row}", self.column)
    }
}

/// `formula` as it reads so many rows and columns further, where it is shared by several cells.
pub(crate) fn translated(formula: &str, rows: i64, columns: i64) -> String {
    let letters: Vec<char> = formula.chars().collect();
    let mut out = String::with_capacity(formula.len() + 8);
    let mut at = 0;
    while at < letters.len() {
        let c = letters[at];
        if c == '"' || c == '\'' {
            let end = letters[at + 1..].iter().position(|d| *d == c).map_or(letters.len(), |i| at + i + 2);
            out.extend(&letters[at..end]);
            at = end;
            continue;
        }
        if !is_word(c) {
            out.push(c);
            at += 1;
            continue;
        }
        let end = letters[at..].iter().position(|d| !is_word(*d)).map_or(letters.len(), |i| at + i);
        let word: String = letters[at..end].iter().collect();
        let reference = Reference::parse(&word).filter(|reference| !reference.column.is_empty());
        match reference.filter(|_| !matches!(letters.get(end), Some('(' | '!'))) {
            Some(reference) => {
                let row = if reference.absolute { i64::from(reference.row) } else { i64::from(reference.row) + rows };
                let dollar = if reference.absolute { "$" } else { "" };
                out.push_str(&format!("{}{dollar}{}", column(reference.column, columns), row.max(1)));
            }
            None => out.push_str(&word),
        }
        at = end;
    }
    out
}

/// A column so many further, unless it is nailed down.
fn column(letters: &str, further: i64) -> String {
    if letters.starts_with('$') || further == 0 {
        return letters.to_owned();
    }
    let number = letters.bytes().fold(0_i64, |n, b| n * 26 + i64::from(b.to_ascii_uppercase() - b'A') + 1) + further;
    name(u32::try_from(number.max(1) - 1).unwrap_or(0))
}

/// The letters of a column, from 0.
pub(crate) fn name(column: u32) -> String {
    let mut letters = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        let digit = u8::try_from((left - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + digit));
        left = (left - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::{Moves, name, translated};

    #[test]
    fn references_move_as_a_spreadsheet_moves_them() {
        let moves = Moves { sheet: "台账".to_owned(), repeated: vec![(5, 100)] };
        let below = |formula: &str| moves.formula(formula, true, None);
        assert_eq!(below("SUM(G5:G5)"), "SUM(G5:G104)", "a sum over the repeated row is over all of them");
        assert_eq!(below("G6/A4"), "G105/A4", "what lies below moves, what lies above stays");
        assert_eq!(below("\"G6\"&LOG10(2)&G6"), "\"G6\"&LOG10(2)&G105", "text and functions are no references");
        assert_eq!(below("其他!G6+'台账'!G6+台账!G6"), "其他!G6+'台账'!G105+台账!G105", "of this sheet only");
        assert_eq!(below("$4:$5"), "$4:$104", "whole rows");
        assert_eq!(below("5*2"), "5*2", "a number is no row");
        assert_eq!(moves.formula("G6", false, None), "G6", "of another sheet");
        let copy = |formula: &str| moves.formula(formula, true, Some(2));
        assert_eq!(copy("D5*E5"), "D7*E7", "in the third copy, its own row");
        assert_eq!(copy("G5/SUM(G$5:G$5)"), "G7/SUM(G$5:G$104)", "nailed down, all of them");
        assert_eq!(copy("H4+G5"), "H6+G7", "the row before goes along");
        assert_eq!(moves.ranges("A5:F5 A6"), "A5:F104 A105");
    }

    #[test]
    fn a_shared_formula_reads_in_each_cell_as_if_it_stood_there() {
        assert_eq!(translated("A1+$B$2+C$3", 2, 1), "B3+$B$2+D$3");
        assert_eq!(name(0), "A");
        assert_eq!(name(27), "AB");
        assert_eq!(name(16_383), "XFD");
    }
}
