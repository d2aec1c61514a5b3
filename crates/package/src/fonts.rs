//! Fonts of this machine for the form: no font is shipped, for the official
//! ones may not be, and every system that reads Chinese has one.
//!
//! Only the faces that are used are read: a Chinese collection is 20 MB. When
//! they lack a letter of the text (village names reach into the rare ones),
//! the next ones on the list are asked for it.

use fontdb::{Database, FaceInfo, Source, Style};
use typst::foundations::Bytes;
use typst::text::Font;

use crate::PackageError;

/// For running text, as official documents have it: 仿宋, else 宋体, else anything Chinese.
const BODY: &[&str] = &[
    "FangSong_GB2312",
    "仿宋_GB2312",
    "FangSong",
    "仿宋",
    "STFangsong",
    "SimSun",
    "宋体",
    "STSong",
    "Songti SC",
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Noto Serif SC",
    "AR PL UMing CN",
];

/// For headings: 黑体 and its kind.
const HEADING: &[&str] = &["SimHei", "黑体", "STHeiti", "Heiti SC", "PingFang SC"];

/// What either falls back to, and where rare letters are looked for.
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

/// The faces of one form.
pub(crate) struct Fonts {
    /// The body face, the heading face, then those that lend rare letters.
    pub(crate) faces: Vec<Font>,
}

impl Fonts {
    /// Finds faces on this machine that can show `text`.
    pub(crate) fn find(text: &str) -> Result<Self, PackageError> {
        let mut database = Database::new();
        database.load_system_fonts();
        Self::among(&database, text)
    }

    /// Finds faces in `database` that can show `text`.
    fn among(database: &Database, text: &str) -> Result<Self, PackageError> {
        let first = |lists: &[&[&str]]| lists.iter().copied().flatten().find_map(|family| load(database, family));
        let missing = || PackageError::FontMissing { wanted: [BODY, HEADING, ANY].concat().join(", ") };
        let body = first(&[BODY, ANY]).ok_or_else(missing)?;
        let heading = first(&[HEADING, ANY]).unwrap_or_else(|| body.clone());
        let mut faces = vec![body, heading];
        let mut lacking = lacking(&faces, text);
        for family in [ANY, BODY, HEADING].concat() {
            if lacking.is_empty() {
                break;
            }
            if let Some(font) = load(database, family)
                && lacking.chars().any(|c| shows(&font, c))
            {
                lacking.retain(|c| !shows(&font, c));
                faces.push(font);
            }
        }
        if lacking.is_empty() { Ok(Self { faces }) } else { Err(PackageError::GlyphMissing { text: lacking }) }
    }

    /// The family names in the order in which a style asks for them, `leading` first.
    pub(crate) fn families(&self, leading: usize) -> Vec<String> {
        let name = |font: &Font| font.info().family.to_lowercase();
        let mut names: Vec<String> = self.faces.get(leading).map(name).into_iter().collect();
        for font in &self.faces {
            if !names.contains(&name(font)) {
                names.push(name(font));
            }
        }
        names
    }
}

/// The letters of `text` that the body face and its lenders cannot show, each once.
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

/// The family's upright face of ordinary weight.
fn load(database: &Database, family: &str) -> Option<Font> {
    let named = |face: &&FaceInfo| face.style == Style::Normal && face.families.iter().any(|(name, _)| name == family);
    // Order by path too: the same machine must give the same bytes every time.
    let nearest = |face: &&FaceInfo| (face.weight.0.abs_diff(400), format!("{:?}", face.source), face.index);
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
