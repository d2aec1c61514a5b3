//! 申报表格.xlsx: estimate, money, targets and list with live formulas, from a
//! template that the district may lay out anew.

use std::collections::BTreeMap;

use domain::money;
use package::volume::Volume;
use sheet::template::{Answers, Ask, Filling};

use crate::uses::export::PACKAGE;
use crate::{Laptop, Result};

/// A row's values by the names that the template asks for.
type Values = BTreeMap<&'static str, Filling>;

impl Laptop {
    pub(super) fn workbook(&self, volume: &Volume) -> Result<Vec<u8>> {
        let (name, bytes) = self.template_bytes(PACKAGE)?;
        Ok(sheet::template::fill(&name, &bytes, &mut Rows::of(volume))?)
    }
}

/// What the placeholders stand for.
struct Rows {
    about: Values,
    kinds: BTreeMap<&'static str, Vec<Values>>,
}

fn text(text: &str) -> Filling {
    if text.is_empty() { Filling::Empty } else { Filling::Text(text.to_owned()) }
}

fn number(text: &str) -> Filling {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    if digits { Filling::Number(text.to_owned()) } else { self::text(text) }
}

fn yuan(fen: Option<i64>) -> Filling {
    fen.map_or(Filling::Empty, |fen| Filling::Number(money::yuan(fen)))
}

impl Rows {
    fn of(volume: &Volume) -> Self {
        let about = Values::from([
            ("number", text(&volume.number)),
            ("name", text(&volume.name)),
            ("year", number(&volume.year.to_string())),
            ("applicant", text(&volume.applicant)),
            ("department", text(&volume.department)),
            ("leader", text(&volume.leader)),
            ("phone", text(&volume.phone)),
            ("total", yuan(volume.total)),
            ("requested", yuan(volume.requested)),
        ]);
        let lines = volume.estimate.iter().flat_map(|group| {
            group.lines.iter().map(|line| {
                Values::from([
                    ("works", text(&group.title)),
                    ("part", text(&line.part)),
                    ("content", text(&line.content)),
                    ("quantity", number(&line.quantity)),
                    ("unit", text(&line.unit)),
                    ("price", yuan(line.price)),
                    ("amount", yuan(line.amount)),
                    ("note", text(&line.note)),
                ])
            })
        });
        let sources = volume.funding.iter().map(|source| {
            Values::from([
                ("label", text(&source.label)),
                ("amount", yuan(Some(source.amount))),
                ("note", text(&source.note)),
            ])
        });
        let targets = volume.targets.iter().flat_map(|level| {
            level.aspects.iter().flat_map(move |aspect| {
                aspect.targets.iter().map(move |target| {
                    Values::from([
                        ("level", text(&level.label)),
                        ("aspect", text(&aspect.label)),
                        ("name", text(&target.name)),
                        ("core", text(if target.core { "★" } else { "" })),
                        ("value", text(&target.value)),
                        ("unit", text(&target.unit)),
                    ])
                })
            })
        });
        let list = volume.list.iter().map(|row| {
            Values::from([
                ("village", text(&row.village)),
                ("name", text(&row.name)),
                ("content", text(&row.content)),
                ("category", text(&row.category)),
                ("total", yuan(row.total)),
                ("requested", yuan(row.requested)),
                ("own", yuan(row.own)),
                ("until", text(&row.until)),
                ("responsible", text(&row.responsible)),
            ])
        });
        let kinds = BTreeMap::from([
            ("line", lines.collect()),
            ("source", sources.collect()),
            ("target", targets.collect()),
            ("row", list.collect()),
        ]);
        Self { about, kinds }
    }
}

impl Answers for Rows {
    fn rows(&mut self, kind: &str) -> std::result::Result<Option<usize>, String> {
        match (kind, self.kinds.get(kind)) {
            ("application" | "n", _) => Ok(None),
            (_, Some(rows)) => Ok(Some(rows.len())),
            _ => Err(format!("“{kind}” is none of application, line, source, target, row")),
        }
    }

    fn filling(&mut self, ask: Ask<'_>) -> std::result::Result<Filling, String> {
        if ask.placeholder.kind() == "n" {
            let n = ask.row.map_or(0, |row| row + 1);
            return Ok(Filling::Number(n.to_string()));
        }
        let name = ask.placeholder.path.get(1).map_or("", String::as_str);
        let values = match ask.row.zip(self.kinds.get(ask.placeholder.kind())) {
            Some((row, rows)) => rows.get(row),
            None => Some(&self.about),
        };
        let Some(values) = values else { return Ok(Filling::Empty) }; // A row without records stays empty.
        let found = values.get(name).ok_or_else(|| format!("“{}” has no {name}", ask.placeholder.kind()))?;
        Ok(match (found, ask.placeholder.unit.as_deref()) {
            (Filling::Number(yuan), Some("万元")) => match money::parse_scaled(yuan, money::YUAN) {
                Some(fen) => Filling::Number(super::forms::exact_wan(fen)),
                None => found.clone(),
            },
            _ => found.clone(),
        })
    }
}
