//! Sticks: which are plugged in, how much room they have, and which replies for
//! this laptop lie on them; so that nobody has to know what drive letter it is.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sync::bundle::{Party, Sealed, room};
use ts_rs::TS;

use crate::uses::exchange_log::ExchangeWay;
use crate::{Laptop, Result};

/// The ending of a bundle's name.
pub(crate) const ENDING: &str = "nhb";

/// The most files of one folder that are looked at, and the most folders of a stick.
const MOST_FILES: usize = 500;
const MOST_FOLDERS: usize = 50;

/// How much of the log is asked whether a reply was read before.
const REMEMBERED: u32 = 200;

/// A stick that is plugged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StickView {
    /// What it is called.
    pub name: String,
    /// Its top folder.
    pub folder: String,
    /// How many bytes may still be written on it; none where it does not say.
    #[ts(type = "number | null")]
    pub free: Option<u64>,
    /// Where a bundle would be written.
    pub suggested: String,
    /// What the district wrote for this laptop, the latest first.
    pub replies: Vec<StickReply>,
}

/// A reply of the district that lies on a stick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StickReply {
    /// Its first part.
    pub file: String,
    /// When the district wrote it, by its clock.
    pub at: String,
    /// Whether it was read here before.
    pub read: bool,
}

impl Laptop {
    /// The sticks that are plugged in.
    ///
    /// # Errors
    /// When the database cannot be read. A stick that cannot be read has nothing on it.
    pub fn sticks(&self) -> Result<Vec<StickView>> {
        let log = self.exchanges(REMEMBERED)?;
        let read: Vec<&String> = log
            .iter()
            .filter(|entry| entry.way == ExchangeWay::StickIn && entry.outcome.error.is_none())
            .filter_map(|entry| entry.outcome.replied_at.as_ref())
            .collect();
        let view = |stick: Stick| StickView {
            free: room(&stick.folder.join(ENDING)),
            suggested: self.bundle_name(&stick.folder).display().to_string(),
            replies: self.replies(&stick.folder, &read),
            name: stick.name,
            folder: stick.folder.display().to_string(),
        };
        Ok(plugged_in().into_iter().map(view).collect())
    }

    /// A name for the next bundle: whose it is and when, so that two of them on one
    /// stick are told apart.
    fn bundle_name(&self, folder: &Path) -> PathBuf {
        let at = chrono::Local::now().format("%Y%m%d-%H%M");
        folder.join(format!("nonghuan-{}-{at}.{ENDING}", self.identity.letter))
    }

    /// The district's replies in a folder and in those right below it.
    fn replies(&self, folder: &Path, read: &[&String]) -> Vec<StickReply> {
        let mut files = Vec::new();
        let mut folders = look(folder, &mut files);
        folders.truncate(MOST_FOLDERS);
        for inside in &folders {
            look(inside, &mut files);
        }
        let mut replies: Vec<StickReply> = files.iter().filter_map(|file| self.reply(file, read)).collect();
        replies.sort_by(|one, other| other.at.cmp(&one.at));
        replies
    }

    /// What the outside of a file says, where it is a reply for this laptop.
    fn reply(&self, file: &Path, read: &[&String]) -> Option<StickReply> {
        let header = Sealed::read(File::open(file).ok()?).ok()?.header().clone();
        let mine = header.to == Party::Laptop(self.identity.device) && header.part == 1;
        let read = read.contains(&&header.at);
        mine.then(|| StickReply { file: file.display().to_string(), at: header.at, read })
    }
}

/// The files of a folder whose names end as a bundle's, into `files`; its folders.
fn look(folder: &Path, files: &mut Vec<PathBuf>) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten().take(MOST_FILES) {
        let path = entry.path();
        let Ok(sort) = entry.file_type() else { continue };
        if sort.is_dir() {
            folders.push(path);
        } else if sort.is_file() && path.extension().is_some_and(|end| end.eq_ignore_ascii_case(ENDING)) {
            files.push(path);
        }
    }
    folders
}

struct Stick {
    name: String,
    folder: PathBuf,
}

/// What is mounted where a desktop puts sticks, or lies on a disk that can be taken out.
#[cfg(target_os = "linux")]
fn plugged_in() -> Vec<Stick> {
    fs::read_to_string("/proc/self/mounts").map(|mounts| mounted(&mounts, &is_removable)).unwrap_or_default()
}

#[cfg(not(target_os = "linux"))]
fn plugged_in() -> Vec<Stick> {
    let disks = sysinfo::Disks::new_with_refreshed_list();
    let removable = disks.list().iter().filter(|disk| disk.is_removable() && !disk.is_read_only());
    let stick = |disk: &sysinfo::Disk| {
        let folder = disk.mount_point().to_path_buf();
        let label = disk.name().to_string_lossy().into_owned();
        let name =
            if label.is_empty() { folder.display().to_string() } else { format!("{label} ({})", folder.display()) };
        Stick { name, folder }
    };
    removable.map(stick).collect()
}

/// Where desktops of Linux mount what a person plugs in.
#[cfg(target_os = "linux")]
const PLUGGED: [&str; 2] = ["/media/", "/run/media/"];

/// The sticks among the mounts, as the kernel lists them.
#[cfg(target_os = "linux")]
fn mounted(mounts: &str, is_removable: &dyn Fn(&str) -> bool) -> Vec<Stick> {
    let mut sticks: Vec<Stick> = Vec::new();
    for line in mounts.lines() {
        let mut words = line.split(' ');
        let (Some(device), Some(folder), Some(_), Some(options)) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            continue;
        };
        let folder = PathBuf::from(unescaped(folder));
        let place = PLUGGED.iter().any(|start| folder.starts_with(start) && folder != Path::new(start));
        // What starts the computer may lie on a card as well.
        let system = folder == Path::new("/") || folder.starts_with("/boot");
        let writable = options.split(',').any(|option| option == "rw");
        if !writable || system || !(place || is_removable(device)) || sticks.iter().any(|stick| stick.folder == folder)
        {
            continue;
        }
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        sticks.push(Stick { name, folder });
    }
    sticks
}

/// Whether the kernel says of a device (`/dev/sdb1`) or of its disk that it can be taken out.
#[cfg(target_os = "linux")]
fn is_removable(device: &str) -> bool {
    let Some(name) = device.strip_prefix("/dev/") else { return false };
    let Ok(device) = fs::canonicalize(Path::new("/sys/class/block").join(name)) else { return false };
    let says = |folder: &Path| fs::read_to_string(folder.join("removable")).is_ok_and(|text| text.trim() == "1");
    says(&device) || device.parent().is_some_and(says)
}

/// A path as the kernel writes it: blanks and the like are `\040`.
#[cfg(target_os = "linux")]
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let octal = after.first_chunk::<3>().and_then(|three| std::str::from_utf8(three).ok());
        match octal.and_then(|octal| u8::from_str_radix(octal, 8).ok()).filter(|_| first == b'\\') {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[3..];
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_stick_is_what_can_be_taken_out_or_lies_where_desktops_put_it() {
        let mounts = "/dev/sda2 / ext4 rw,relatime 0 0\n\
                      /dev/sdb1 /media/li/U\\040盘 vfat rw,nosuid 0 0\n\
                      /dev/sdb1 /media/li/U\\040盘 vfat rw,nosuid 0 0\n\
                      /dev/sdc1 /mnt/card exfat rw 0 0\n\
                      /dev/sdd1 /mnt/disk ext4 rw 0 0\n\
                      /dev/sr0 /run/media/li/CD iso9660 ro 0 0\n\
                      tmpfs /run/media/ tmpfs rw 0 0\n\
                      broken line\n";
        let sticks = mounted(mounts, &|device| device == "/dev/sdc1" || device == "/dev/sda2");
        let found: Vec<_> = sticks.iter().map(|stick| (stick.name.as_str(), stick.folder.to_str())).collect();
        assert_eq!(found, [("U 盘", Some("/media/li/U 盘")), ("card", Some("/mnt/card"))]);
    }
}
