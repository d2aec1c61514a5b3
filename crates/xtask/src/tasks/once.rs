//! `cargo xtask run --once`: the main job from end to end, through the real
//! programs, in a folder that is gone afterwards. It stops at the first thing
//! that is not as it should be, and says what was expected and what was seen.

use std::collections::BTreeSet;
use std::fmt::{Debug, Display};
use std::fs;
use std::path::Path;
use std::time::Instant;

use end_to_end::{District, Laptop, Programs, Trouble, XINXING, YANDONG, sample};
use serde_json::{Value, json};

use super::setup::{self, Purpose};
use crate::checkout::{Checkout, Stop, stop};
use crate::sample::{APPLICATION, FIRST, LIST, LIST_BAD, LIST_GOOD, Recorded, SECOND, record};

/// Sets up, builds, and does the main job.
pub(crate) fn once(checkout: &Checkout) -> Result<(), Stop> {
    setup::setup(checkout, &[Purpose::Build])?;
    main_job(&setup::programs(checkout)?)
}

/// Does the main job with programs that are built.
pub(crate) fn main_job(programs: &Programs) -> Result<(), Stop> {
    let folder = tempfile::Builder::new().prefix("nonghuan-once-").tempdir()?;
    let mut job = Job::new(programs, folder.path())?;
    job.enrol()?;
    job.record()?;
    job.import()?;
    job.exchange()?;
    job.collide()?;
    job.settle()?;
    job.apply()?;
    job.audit()
}

struct Job<'a> {
    district: District,
    /// Two laptops of one township, so that they can collide.
    first: Laptop,
    second: Laptop,
    /// A laptop of another township, which must see nothing of theirs.
    neighbour: Laptop,
    folder: &'a Path,
    added: Vec<Recorded>,
    imported: Vec<String>,
    application: String,
    start: Instant,
    step: Instant,
    steps: u32,
}

impl<'a> Job<'a> {
    fn new(programs: &Programs, folder: &'a Path) -> Result<Self, Stop> {
        let start = Instant::now();
        let district = District::start(programs, &folder.join("district"))?;
        let laptop = |name: &str| Laptop::new(programs, &folder.join(name));
        let (first, second, neighbour) = (laptop("first"), laptop("second"), laptop("neighbour"));
        let mut job = Self {
            district,
            first,
            second,
            neighbour,
            folder,
            added: Vec::new(),
            imported: Vec::new(),
            application: String::new(),
            start,
            step: start,
            steps: 0,
        };
        job.district.load_places(&sample("places.csv"))?;
        let (townships, villages) = (job.district.list("township")?.len(), job.district.list("village")?.len());
        same("townships of 亭湖区", 16, townships)?;
        same("villages of 亭湖区", 208, villages)?;
        job.say(
            "区服务启动",
            "district up",
            format!("{townships} 镇街 · {villages} 村居 · {}", job.district.address()),
        );
        Ok(job)
    }

    fn enrol(&mut self) -> Result<(), Stop> {
        let mut counts = Vec::new();
        let laptops =
            [(&self.first, YANDONG, "样例甲"), (&self.second, YANDONG, "样例乙"), (&self.neighbour, XINXING, "样例丙")];
        for (laptop, township, name) in laptops {
            laptop.enrol(&self.district.code(township, "clerk")?, name)?;
            laptop.ask(&["sync"])?;
            let villages = laptop.list("village")?;
            same(&format!("villages of {township} at {name}"), villages_of(township)?, villages.len())?;
            counts.push(format!("{name} {} 村", villages.len()));
        }
        self.say("三台笔记本登记", "laptops enrolled", counts.join(" · "));
        Ok(())
    }

    fn record(&mut self) -> Result<(), Stop> {
        for (laptop, works) in [(&self.first, FIRST), (&self.second, SECOND)] {
            let recorded = record(laptop, works)?;
            for id in recorded.ids() {
                same("a record saved offline", json!("saved"), laptop.ask(&["show", id])?["sync"].clone())?;
            }
            same("photos waiting", json!(recorded.photos), laptop.ask(&["status"])?["attachments"]["files"].clone())?;
            self.added.push(recorded);
        }
        let total = |count: fn(&Recorded) -> usize| self.added.iter().map(count).sum::<usize>();
        let (works, progress) = (total(|made| made.works.len()), total(|made| made.progress.len()));
        let photos = total(|made| made.photos);
        same("works at the district before any exchange", 0, self.district.list("works")?.len())?;
        self.say("离线填报", "recorded offline", format!("{works} 项工程 · {progress} 条进度 · {photos} 张照片"));
        Ok(())
    }

    fn import(&mut self) -> Result<(), Stop> {
        let file = sample(LIST).to_string_lossy().into_owned();
        let before = self.second.list("works")?.len();
        let verdicts = |report: &Value| ["new", "changed", "same", "rejected"].map(|verdict| report[verdict].clone());
        let import = |more: &[&str]| self.second.ask(&[&["import", &file, "--kind", "works"], more].concat());
        let fresh = [json!(LIST_GOOD), json!(0), json!(0), json!(LIST_BAD)];
        let trial = import(&["--dry-run"])?;
        same("a trial import (new, changed, same, rejected)", fresh.clone(), verdicts(&trial))?;
        same("works after the trial", before, self.second.list("works")?.len())?;
        same("the import", fresh, verdicts(&import(&[])?))?;
        let again = import(&[])?;
        same("the same file again", [json!(0), json!(0), json!(LIST_GOOD), json!(LIST_BAD)], verdicts(&again))?;
        let bad = again["rows"].as_array().into_iter().flatten().find(|row| !row["reason"].is_null());
        let bad = bad.ok_or_else(|| Stop("the import names no rejected row".into()))?;
        let known: BTreeSet<&String> = self.added[1].works.iter().collect();
        self.imported = ids(&self.second.list("works")?).into_iter().filter(|id| !known.contains(id)).collect();
        same("imported works", usize::try_from(LIST_GOOD).unwrap_or_default(), self.imported.len())?;
        let figures = format!(
            "{LIST_GOOD} 行新增 · 再导入 {LIST_GOOD} 行无变化 · 第 {} 行退回（{}）",
            bad["row"],
            text(&bad["reason"]["code"])
        );
        self.say("导入表格", "spreadsheet imported", figures);
        Ok(())
    }

    fn exchange(&mut self) -> Result<(), Stop> {
        let first = self.first.ask(&["sync"])?;
        let second = self.second.ask(&["sync"])?;
        self.first.ask(&["sync"])?;
        for (laptop, name) in [(&self.first, "样例甲"), (&self.second, "样例乙")] {
            let status = laptop.ask(&["status"])?;
            for count in ["pending", "sending", "conflicts", "refused"] {
                same(&format!("{count} at {name} after the exchange"), json!(0), status[count].clone())?;
            }
            same(&format!("photos due at {name}"), json!(0), status["attachments"]["files"].clone())?;
        }
        let photos: usize = self.added.iter().map(|made| made.photos).sum();
        let sent = number(&first["attachments"]["sent"]) + number(&second["attachments"]["sent"]);
        same("photos sent", photos as u64, sent)?;
        let works = self.works();
        same("works at the district", works.len(), self.district.list("works")?.len())?;
        let figures = format!(
            "甲 送 {} 收 {} · 乙 送 {} 收 {} · 照片 {sent} 张",
            first["pushed"], first["pulled"], second["pushed"], second["pulled"]
        );
        self.say("联网同步", "exchanged", figures);
        Ok(())
    }

    fn collide(&mut self) -> Result<(), Stop> {
        let works = self.contested().to_string();
        self.first.ask(&["set", &works, "note=样例甲：已与施工单位核对"])?;
        self.second.ask(&["set", &works, "planned_end=2026-09-30"])?;
        self.first.ask(&["set", &works, "contract_amount=88.00万元"])?;
        self.second.ask(&["set", &works, "contract_amount=91.20万元"])?;
        let first = self.first.ask(&["sync"])?["verdicts"].clone();
        let second = self.second.ask(&["sync"])?["verdicts"].clone();
        self.first.ask(&["sync"])?;
        same("conflicts for whoever came first", json!(0), first["conflict"].clone())?;
        same("different fields", json!(1), second["merged"].clone())?;
        same("the same field", json!(1), second["conflict"].clone())?;
        for (laptop, name) in [(&self.first, "样例甲"), (&self.second, "样例乙")] {
            let shown = laptop.ask(&["show", &works])?;
            same(&format!("the state at {name}"), json!("conflict"), shown["sync"].clone())?;
            let fields = &shown["fields"];
            same(&format!("the note at {name}"), json!("样例甲：已与施工单位核对"), fields["note"].clone())?;
            same(&format!("the date at {name}"), json!("2026-09-30"), fields["planned_end"].clone())?;
            let conflicts = laptop.ask(&["conflicts"])?;
            same(&format!("conflicts at {name}"), Some(1), conflicts.as_array().map(Vec::len))?;
            let side = |side: &str| conflicts[0][side]["values"]["contract_amount"].clone();
            same(&format!("the standing value at {name}"), json!(88_000_000), side("standing"))?;
            same(&format!("the parked value at {name}"), json!(91_200_000), side("parked"))?;
        }
        self.say(
            "各自离线修改同一工程",
            "both edited",
            "不同字段合并 1 · 同一字段冲突 1：88.00 与 91.20 万元，两机都可见",
        );
        Ok(())
    }

    fn settle(&mut self) -> Result<(), Stop> {
        let works = self.contested().to_string();
        let conflict = self.first.ask(&["conflicts"])?[0]["id"].as_str().unwrap_or_default().to_string();
        self.first.ask(&["settle", &conflict, "parked"])?;
        self.first.ask(&["sync"])?;
        self.second.ask(&["sync"])?;
        let mut entries = 0;
        for (laptop, name) in [(&self.first, "样例甲"), (&self.second, "样例乙")] {
            same(&format!("conflicts left at {name}"), json!([]), laptop.ask(&["conflicts"])?)?;
            let shown = laptop.ask(&["show", &works])?;
            same(&format!("the amount at {name}"), json!(91_200_000), shown["fields"]["contract_amount"].clone())?;
            same(&format!("the state at {name}"), json!("district"), shown["sync"].clone())?;
            let history = laptop.ask(&["history", &works])?;
            let amounts: Vec<&Value> = history.as_array().into_iter().flatten().collect();
            entries = amounts.len();
            for amount in [86_500_000, 88_000_000, 91_200_000] {
                let kept = amounts.iter().any(|entry| entry["after"]["contract_amount"] == amount);
                same(&format!("{amount} in the history at {name}"), true, kept)?;
            }
        }
        self.say("裁定冲突", "conflict settled", format!("取 91.20 万元 · 历史 {entries} 条，三个数都在"));
        Ok(())
    }

    fn apply(&mut self) -> Result<(), Stop> {
        let works = format!("works={}", json!(self.added[0].works));
        self.application = self.first.add("application", &[APPLICATION, &[works.as_str()]].concat())?;
        let package = self.folder.join("申报.zip");
        let path = package.to_string_lossy().into_owned();
        let compiled = self.first.ask(&["compile", &self.application, "--out", &path])?;
        let mut bytes = fs::read(&package).map_err(stop("the package"))?;
        let whole = self.verify(&path)?;
        same("a whole package", json!(true), whole["ok"].clone())?;
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        let flipped = self.folder.join("flipped.zip");
        fs::write(&flipped, &bytes)?;
        let flipped = self.verify(&flipped.to_string_lossy())?;
        same("a package with one bit changed", json!(false), flipped["ok"].clone())?;
        self.first.ask(&["sync"])?;
        self.second.ask(&["sync"])?;
        let figures = format!(
            "{} KB · {} 个文件 · PDF {} 页 · 改一位即查出：{}",
            bytes.len() / 1024,
            compiled["files"],
            compiled["pages"],
            text(&flipped["problems"][0]["kind"])
        );
        self.say("编制申报包并校验", "package compiled and verified", figures);
        Ok(())
    }

    /// `verify` exits with 1 when something is wrong, and says the same either way.
    fn verify(&self, file: &str) -> Result<Value, Stop> {
        let done = self.first.command(&["verify", file]).output()?;
        serde_json::from_slice(&done.stdout).map_err(stop("what `verify` printed"))
    }

    fn audit(&mut self) -> Result<(), Stop> {
        let mut ids: Vec<&String> = self.added.iter().flat_map(Recorded::ids).chain(&self.imported).collect();
        ids.push(&self.application);
        for id in &ids {
            let here = self.first.ask(&["show", id])?;
            let there = self.second.ask(&["show", id])?;
            let district = self.district.show(id)?;
            same(&format!("{id} on both laptops"), &here["fields"], &there["fields"])?;
            same(&format!("{id} at the district"), &here["fields"], &district["fields"])?;
            same(&format!("the state of {id}"), "district", here["sync"].as_str().unwrap_or_default())?;
        }
        self.neighbour.ask(&["sync"])?;
        for kind in ["works", "progress", "application"] {
            same(&format!("{kind} of 盐东镇 at 新兴镇"), 0, self.neighbour.list(kind)?.len())?;
        }
        let records = ids.len();
        let photos: usize = self.added.iter().map(|made| made.photos).sum();
        let bytes = size(self.district.folder())?;
        self.say("核对", "audited", format!("{records} 条记录三处一致 · 邻镇 0 条 · 区数据 {} KB", bytes / 1024));
        println!(
            "\n完成 · done: {} steps, {records} records, {photos} photos, 1 conflict settled, nothing lost, {:.1} s",
            self.steps,
            self.start.elapsed().as_secs_f64()
        );
        Ok(())
    }

    /// The works that both laptops edit.
    fn contested(&self) -> &str {
        &self.added[0].works[0]
    }

    fn works(&self) -> Vec<&String> {
        self.added.iter().flat_map(|made| &made.works).chain(&self.imported).collect()
    }

    fn say(&mut self, chinese: &str, english: &str, figures: impl Display) {
        self.steps += 1;
        let took = self.step.elapsed().as_secs_f64();
        println!("{:>2}  {chinese} · {english}：{figures} · {took:.1} s", self.steps);
        self.step = Instant::now();
    }
}

/// Stops unless `seen` is what was `expected`.
#[expect(clippy::needless_pass_by_value, reason = "callers compare literals, which references would clutter")]
fn same<T: PartialEq + Debug>(what: &str, expected: T, seen: T) -> Result<(), Trouble> {
    if expected == seen {
        return Ok(());
    }
    Err(Trouble(format!("{what}: expected {expected:?}, saw {seen:?}")))
}

fn ids(records: &[Value]) -> Vec<String> {
    records.iter().filter_map(|record| record["id"].as_str().map(String::from)).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or(0)
}

/// How many villages the list has in a township: rows of its code that are not the township itself.
fn villages_of(township: &str) -> Result<usize, Stop> {
    let list = fs::read_to_string(sample("places.csv"))?;
    Ok(list.lines().filter(|line| line.starts_with(township) && !line.starts_with(&format!("{township}000"))).count())
}

fn size(folder: &Path) -> Result<u64, Stop> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        bytes += if entry.file_type()?.is_dir() { size(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(bytes)
}
