//! File names that every disk takes: those of Windows and of sticks forbid more
//! than ours, and tell no capitals apart.

use std::collections::BTreeSet;

/// The most characters of one name; a path of a few folders stays below what Windows opens.
const LONGEST: usize = 80;

/// Names of devices, with which no file on Windows may begin.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// `name` as a name on FAT and NTFS. Its ending stays.
#[must_use]
pub(crate) fn safe(name: &str) -> String {
    let forbidden = |c: char| c.is_control() || matches!(c, '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*');
    let plain: String = name.chars().map(|c| if forbidden(c) { '_' } else { c }).collect();
    let plain = plain.trim().trim_end_matches(['.', ' ']).trim_start_matches('.');
    let (stem, end) = match plain.rsplit_once('.') {
        Some((stem, end)) if !stem.is_empty() && end.chars().count() <= 8 => (stem, format!(".{end}")),
        _ => (plain, String::new()),
    };
    let kept: String = stem.chars().take(LONGEST.saturating_sub(end.chars().count())).collect();
    let kept = kept.trim_end_matches([' ', '.']);
    let first = kept.split('.').next().unwrap_or_default().to_lowercase();
    let device = DEVICES.iter().any(|device| {
        first == *device
            || first.strip_prefix(device).is_some_and(|n| n.len() == 1 && n.chars().all(|c| c.is_ascii_digit()))
    });
    match (kept.is_empty(), device) {
        (true, _) => format!("_{end}"),
        (false, true) => format!("_{kept}{end}"),
        (false, false) => format!("{kept}{end}"),
    }
}

/// Names given in one folder, none of them twice.
#[derive(Default)]
pub(crate) struct Names(BTreeSet<String>);

impl Names {
    /// `name` made safe, with a number where another file has it.
    pub(crate) fn free(&mut self, name: &str) -> String {
        let safe = safe(name);
        let (stem, end) = match safe.rfind('.').filter(|at| *at > 0) {
            Some(at) => safe.split_at(at),
            None => (safe.as_str(), ""),
        };
        let numbered = (2_u32..).map(|n| format!("{stem}-{n}{end}"));
        let free = std::iter::once(safe.clone()).chain(numbered).find(|name| !self.0.contains(&name.to_lowercase()));
        let free = free.unwrap_or(safe.clone()); // There is always a number that nobody has.
        self.0.insert(free.to_lowercase());
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_that_sticks_and_windows_take() {
        for (name, kept) in [
            ("合同/扫描:1.pdf", "合同_扫描_1.pdf"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("CON.txt", "_CON.txt"),
            ("com1", "_com1"),
            ("complete.jpg", "complete.jpg"),
            ("照片. ", "照片"),
            (".hidden", "hidden"),
            ("???", "___"),
            ("", "_"),
            ("𡐓村.jpg", "𡐓村.jpg"),
        ] {
            assert_eq!(safe(name), kept, "{name}");
        }
        let long = safe(&format!("{}.jpeg", "村".repeat(300)));
        assert!(long.chars().count() <= LONGEST && long.ends_with(".jpeg"), "{long}");
    }

    #[test]
    fn no_name_is_given_twice_whatever_its_capitals() {
        let mut names = Names::default();
        let given = ["IMG_1.JPG", "img_1.jpg", "IMG_1.jpg", "IMG_1"].map(|name| names.free(name));
        assert_eq!(given, ["IMG_1.JPG", "img_1-2.jpg", "IMG_1-3.jpg", "IMG_1"]);
    }
}
