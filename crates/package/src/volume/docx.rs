//! The narrative parts as .docx, to be edited in Word or WPS: margins, sizes and
//! line pitch of GB/T 9704-2012, with the fonts of the standard by name (whoever
//! opens the file has them or sees the system's own stand-ins).

use std::io::Cursor;

use docx_rs::{
    AlignmentType, Docx, LineSpacing, LineSpacingType, PageMargin, Paragraph, Run, RunFonts, SpecialIndentType, Style,
    StyleType,
};

use super::Volume;
use super::letter::letter;
use crate::PackageError;

/// Twentieths of a point.
const POINT: i32 = 20;

/// Half points: 3号 and 2号.
const NO3: usize = 32;
const NO2: usize = 44;

/// From line to line: 22 lines in 225 mm.
const PITCH: i32 = 579;

/// Text of one look.
enum Line<'t> {
    Title(&'t str),
    Flush(&'t str),
    First(&'t str),
    Second(&'t str),
    Body(&'t str),
    Right(&'t str),
    Blank,
}

/// The letter, where the program writes it.
///
/// # Errors
/// [`PackageError::FormBroken`], which a letter of text never is.
pub fn letter_docx(volume: &Volume) -> Result<Option<Vec<u8>>, PackageError> {
    if !volume.writes_letter {
        return Ok(None);
    }
    let letter = letter(volume);
    let to = format!("{}：", letter.to);
    let mut lines = vec![Line::Title(&letter.title), Line::Blank, Line::Flush(&to)];
    for block in &letter.body {
        if !block.heading.is_empty() {
            lines.push(Line::First(&block.heading));
        }
        lines.extend(block.text.split('\n').filter(|line| !line.trim().is_empty()).map(Line::Body));
    }
    let enclosures: Vec<String> = letter
        .enclosures
        .iter()
        .enumerate()
        .map(|(n, name)| format!("{}{}. {name}", if n == 0 { "附件：" } else { "　　　" }, n + 1))
        .collect();
    lines.push(Line::Blank);
    lines.extend(enclosures.iter().map(|line| Line::Body(line)));
    let dated = volume.dated.as_deref().map_or_else(|| "　　　　年　　月　　日".to_owned(), in_words);
    let contact = format!("（{}）", letter.contact);
    lines.extend([Line::Blank, Line::Blank, Line::Right(&volume.applicant), Line::Right(&dated)]);
    if !letter.contact.is_empty() {
        lines.push(Line::Body(&contact));
    }
    set(&lines, volume).map(Some)
}

/// The plan, where there is one.
///
/// # Errors
/// As [`letter_docx`].
pub fn plan_docx(volume: &Volume) -> Result<Option<Vec<u8>>, PackageError> {
    if volume.plan.is_empty() {
        return Ok(None);
    }
    let mut lines = vec![Line::Title(&volume.name), Line::Title("实施方案"), Line::Blank];
    for chapter in &volume.plan {
        lines.push(Line::First(&chapter.title));
        for line in chapter.text.split('\n').map(str::trim).filter(|line| !line.is_empty()) {
            let short = line.chars().count() <= 30 && !line.ends_with(['。', '；', ';']);
            let second = line.starts_with(['（', '(']) && short;
            lines.push(if second { Line::Second(line) } else { Line::Body(line) });
        }
    }
    set(&lines, volume).map(Some)
}

fn set(lines: &[Line<'_>], volume: &Volume) -> Result<Vec<u8>, PackageError> {
    let fonts = |family: &str| RunFonts::new().ascii(family).hi_ansi(family).east_asia(family);
    let pitch = LineSpacing::new().line(PITCH).line_rule(LineSpacingType::Exact);
    let millimetres = |length: f64| (length / 25.4 * 72.0 * f64::from(POINT)).round() as i32;
    let margin = PageMargin::new()
        .top(millimetres(37.0))
        .left(millimetres(28.0))
        .right(millimetres(26.0))
        .bottom(millimetres(35.0));
    let dated = volume.dated.clone().unwrap_or_else(|| format!("{:04}-01-01", volume.year.clamp(1, 9_999)));
    let stamp = format!("{}T00:00:00Z", dated.get(..10).unwrap_or("2000-01-01"));
    let style = |id: &str, name: &str, family: &str, level: usize| {
        Style::new(id, StyleType::Paragraph).name(name).fonts(fonts(family)).size(NO3).outline_lvl(level)
    };
    let mut document = Docx::new()
        .page_size(11_906, 16_838)
        .page_margin(margin)
        .default_fonts(fonts("仿宋_GB2312"))
        .default_size(NO3)
        .created_at(&stamp)
        .updated_at(&stamp)
        .add_style(style("Heading1", "heading 1", "黑体", 0))
        .add_style(style("Heading2", "heading 2", "楷体_GB2312", 1));
    // 32 half points make a character of 320 twentieths: two of them in front of a paragraph.
    let indent = Some(SpecialIndentType::FirstLine(2 * 16 * POINT));
    for (number, line) in (1..).zip(lines) {
        // Numbered here, for the library counts through all documents of the program.
        let paragraph = Paragraph::new().id(format!("{number:08x}")).line_spacing(pitch.clone());
        let run = |text: &str| Run::new().add_text(text);
        document = document.add_paragraph(match line {
            Line::Title(text) => {
                paragraph.align(AlignmentType::Center).add_run(run(text).size(NO2).fonts(fonts("方正小标宋简体")))
            }
            Line::Flush(text) => paragraph.add_run(run(text)),
            Line::First(text) => paragraph.style("Heading1").indent(None, indent, None, None).add_run(run(text)),
            Line::Second(text) => paragraph.style("Heading2").indent(None, indent, None, None).add_run(run(text)),
            Line::Body(text) => paragraph.indent(None, indent, None, None).add_run(run(text)),
            Line::Right(text) => {
                paragraph.align(AlignmentType::Right).indent(None, None, Some(4 * 16 * POINT), None).add_run(run(text))
            }
            Line::Blank => paragraph,
        });
    }
    let mut bytes = Cursor::new(Vec::new());
    document.pack(&mut bytes).map_err(|error| PackageError::FormBroken { reason: error.to_string() })?;
    Ok(bytes.into_inner())
}

fn in_words(date: &str) -> String {
    match crate::press::day_of(date) {
        Some((year, month, day)) => format!("{year}年{month}月{day}日"),
        None => date.to_owned(),
    }
}
