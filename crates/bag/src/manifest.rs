//! BagIt manifests: `sha256  path` in lines, both ways.
//!
//! Source: RFC 8493, section 2.1.3.

use std::collections::BTreeMap;

/// SHA-256 in lower-case hex, by path in the bag.
pub(crate) type Manifest = BTreeMap<String, String>;

/// The lines of a manifest, by path.
pub(crate) fn write(manifest: &Manifest) -> Vec<u8> {
    let mut out = String::new();
    for (path, sha256) in manifest {
        // CR and LF would end the line, and the percent sign must be free to announce them.
        let path = path.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
        out.push_str(&format!("{sha256}  {path}\n"));
    }
    out.into_bytes()
}

/// The manifest that `bytes` hold, or `None` when they are none or name a path twice.
pub(crate) fn read(bytes: &[u8]) -> Option<Manifest> {
    let mut manifest = Manifest::new();
    for line in std::str::from_utf8(bytes).ok()?.lines().filter(|line| !line.is_empty()) {
        let (sha256, path) = line.split_once([' ', '\t'])?;
        let hex = sha256.len() == 64 && sha256.bytes().all(|b| b.is_ascii_hexdigit());
        let path = path.trim_start_matches([' ', '\t', '*']);
        let path = path
            .replace("%0A", "\n")
            .replace("%0a", "\n")
            .replace("%0D", "\r")
            .replace("%0d", "\r")
            .replace("%25", "%");
        if !hex || path.is_empty() || manifest.insert(path, sha256.to_ascii_lowercase()).is_some() {
            return None;
        }
    }
    Some(manifest)
}

#[cfg(test)]
mod tests {
    use super::{Manifest, read, write};

    #[test]
    fn odd_paths_come_back_as_they_went() {
        let paths = ["data/100%完成.jpg", "data/a\r\nb", "data/%0A", "data/两 个 空格"];
        let manifest: Manifest = paths.iter().map(|path| ((*path).to_owned(), "0".repeat(64))).collect();
        let bytes = write(&manifest);
        let lines = String::from_utf8(bytes.clone()).expect("text");
        assert_eq!(lines.lines().count(), 4, "one line for each file, whatever its name");
        assert_eq!(read(&bytes), Some(manifest), "and the same names when read");
    }

    #[test]
    fn what_is_no_manifest_is_not_half_a_manifest() {
        let sum = "a".repeat(64);
        for text in ["abc  data/x\n".to_owned(), format!("{sum}data/x\n"), format!("{sum}  x\n{sum}  x\n")] {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
    }
}
