//! Fonts of this machine for the pages: no font is shipped, for the official
//! ones may not be, and every system that reads Chinese has one.
//!
//! Only the faces that are used are read: a Chinese collection is 20 MB. When
//! they lack a letter of the text (village names reach into the rare ones),
//! the next ones on the list are asked for it.

use fontdb::{Database, FaceInfo, Source, Style};
use serde_json::{Value, json};
use typst::foundations::Bytes;
use typst::text::Font;

use crate::PackageError;

/// What a face is used for, as GB/T 9704-2012 names it.
struct Role {
    /// The name under which templates ask for it.
    key: &'static str,
    /// Its name in the standard.
    name: &'static str,
    /// The fonts that the standard means, by the names under which systems have them.
    standard: &'static [&'static str],
    /// What else comes near, best first.
    near: &'static [&'static str],
    weight: u16,
}

const SERIF: &[&str] =
    &["Noto Serif CJK SC", "Source Han Serif SC", "Source Han Serif CN", "Noto Serif SC", "AR PL UMing CN"];

/// For running text, as official documents have it, first: the others fall back to it.
const ROLES: &[Role] = &[
    Role {
        key: "body",
        name: "仿宋",
        standard: &["FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong"],
        near: &["Zhuque Fangsong (technical preview)", "SimSun", "宋体", "STSong", "Songti SC"],
        weight: 400,
    },
    Role {
        key: "song", name: "宋体", standard: &["SimSun", "宋体", "STSong", "Songti SC"], near: SERIF, weight: 400
    },
    Role {
        key: "hei",
        name: "黑体",
        standard: &["SimHei", "黑体", "STHeiti", "Heiti SC"],
        near: &["PingFang SC", "Noto Sans CJK SC", "Source Han Sans SC"],
        weight: 400,
    },
    Role {
        key: "kai",
        name: "楷体",
        standard: &["KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti", "Kaiti SC"],
        near: &["LXGW WenKai", "AR PL UKai CN", "AR PL KaitiM GB"],
        weight: 400,
    },
    Role {
        key: "title",
        name: "小标宋",
        standard: &["FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", "方正小标宋_GBK"],
        near: &["STZhongsong", "华文中宋", "Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC"],
        weight: 700,
    },
];

/// What every role falls back to, and where rare letters are looked for.
const ANY: &[&str] = &[
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Droid Sans Fallback",
    "Noto Serif CJK SC",
    "SimSun",
    "SimSun-ExtB",
    "SimSun-ExtG",
    "MingLiU-ExtB",
    "HanaMinA",
    "HanaMinB",
    "BabelStone Han",
];

/// The faces of one document.
pub(crate) struct Fonts {
    /// One for each role, then those that lend rare letters.
    pub(crate) faces: Vec<Font>,
    /// Which role's font of the standard this machine does not have: `仿宋：Noto Serif CJK SC`.
    pub(crate) substitutes: Vec<String>,
}

impl Fonts {
    /// Finds faces on this machine that can show `text`.
    pub(crate) fn find(text: &str) -> Result<Self, PackageError> {
        let mut database = Database::new();
        database.load_system_fonts();
        Self::among(&database, text)
    }

    /// No faces, for pages without a letter.
    pub(crate) fn none() -> Self {
        Self { faces: Vec::new(), substitutes: Vec::new() }
    }

    /// Finds faces in `database` that can show `text`.
    fn among(database: &Database, text: &str) -> Result<Self, PackageError> {
        let (mut faces, mut substitutes): (Vec<Font>, Vec<String>) = (Vec::new(), Vec::new());
        for role in ROLES {
            let standard = role.standard.iter().find_map(|family| load(database, family, role.weight));
            let near =
                || role.near.iter().chain(SERIF).chain(ANY).find_map(|family| load(database, family, role.weight));
            let is_standard = standard.is_some();
            let missing = || PackageError::FontMissing { wanted: wanted() };
            let face = standard.or_else(near).or_else(|| faces.first().cloned()).ok_or_else(missing)?;
            if !is_standard {
                substitutes.push(format!("{}：{}", role.name, face.info().family));
            }
            faces.push(face);
        }
        let mut lacking = lacking(&faces, text);
        let lenders = ROLES.iter().flat_map(|role| role.standard.iter().chain(role.near));
        for family in ANY.iter().chain(lenders) {
            if lacking.is_empty() {
                break;
            }
            if let Some(font) = load(database, family, 400)
                && lacking.chars().any(|c| shows(&font, c))
            {
                lacking.retain(|c| !shows(&font, c));
                faces.push(font);
            }
        }
        if lacking.is_empty() {
            Ok(Self { faces, substitutes })
        } else {
            Err(PackageError::GlyphMissing { text: lacking })
        }
    }

    /// By role, the family names in the order in which a style asks for them.
    pub(crate) fn families(&self) -> Value {
        let families = |leading: usize| {
            let mut names: Vec<String> = Vec::new();
            // After its own the body's, then the lenders': what shows a letter that the own one lacks.
            let order = [leading, 0].into_iter().chain(ROLES.len()..self.faces.len()).chain(0..ROLES.len());
            for font in order.filter_map(|at| self.faces.get(at)) {
                let name = font.info().family.to_lowercase();
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            names
        };
        ROLES.iter().enumerate().map(|(at, role)| (role.key.to_owned(), json!(families(at)))).collect()
    }
}

/// The fonts of which any would do.
fn wanted() -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in ROLES.iter().flat_map(|role| role.standard).chain(ANY) {
        if !names.contains(name) {
            names.push(name);
        }
    }
    names.join(", ")
}

/// The letters of `text` that no face can show, each once.
fn lacking(faces: &[Font], text: &str) -> String {
    let mut lacking: Vec<char> = text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    lacking.sort_unstable();
    lacking.dedup();
    lacking.retain(|c| !faces.iter().any(|font| shows(font, *c)));
    lacking.into_iter().collect()
}

fn shows(font: &Font, c: char) -> bool {
    font.info().coverage.contains(u32::from(c))
}

/// The family's upright face of about that weight.
fn load(database: &Database, family: &str, weight: u16) -> Option<Font> {
    let named = |face: &&FaceInfo| face.style == Style::Normal && face.families.iter().any(|(name, _)| name == family);
    // Order by path too: the same machine must give the same bytes every time.
    let nearest = |face: &&FaceInfo| (face.weight.0.abs_diff(weight), format!("{:?}", face.source), face.index);
    let face = database.faces().filter(named).min_by_key(nearest)?;
    let bytes = match &face.source {
        Source::File(path) | Source::SharedFile(path, _) => Bytes::new(std::fs::read(path).ok()?),
        Source::Binary(data) => Bytes::new(data.as_ref().as_ref().to_vec()),
    };
    Font::new(bytes, face.index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_chinese_fonts_is_told_which_ones_would_do() {
        let refused = Fonts::among(&Database::new(), "厕所").err().expect("there is no font");
        assert!(matches!(refused, PackageError::FontMissing { ref wanted } if wanted.contains("SimSun")), "{refused}");
    }

    #[test]
    fn a_letter_that_no_font_has_is_named() {
        // U+E170 lies in the private use area: a name from the national list that no common font shows.
        match Fonts::find("高\u{e170}村") {
            Err(PackageError::GlyphMissing { text }) => assert_eq!(text, "\u{e170}", "only the letter that is missing"),
            Err(PackageError::FontMissing { .. }) => {} // A machine without Chinese fonts says so; tested above.
            other => assert!(other.is_ok(), "some font of this machine shows it: {:?}", other.err()),
        }
    }
}
