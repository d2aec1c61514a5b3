//! The outlines of an implementation plan, and what the records say for each chapter.

use serde_json::json;

use super::{Draft, choice, figures, name, targets};
use crate::catalog::FieldType;
use crate::money::{self, wan};
use crate::review::SOURCES;
use crate::submission::{Submission, id_in};
use crate::{Catalog, Record, programme};

/// An outline of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outline {
    /// 连片整治项目实施计划, eight chapters.
    F2,
    /// 年度实施方案, five parts.
    F3,
    /// 村级方案; only its first part was seen, the rest is inferred.
    Village,
}

impl Outline {
    /// The one called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::F2, Self::F3, Self::Village].into_iter().find(|one| one.name() == name)
    }

    /// Its name in data.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::F2 => "f2",
            Self::F3 => "f3",
            Self::Village => "village",
        }
    }

    /// The one that suits an application: the one it has begun, the one that its
    /// programme asks for, or by how many villages it joins.
    #[must_use]
    pub fn of(submission: &Submission) -> Self {
        let begun = submission.chapters.iter().find_map(|chapter| Self::named(chapter.text("outline")?));
        let text = submission.programme.as_ref().and_then(|record| record.text("rules"));
        let asked = || match programme::Programme::parse(text?).ok()?.outline? {
            programme::Outline::F2 => Some(Self::F2),
            programme::Outline::F3 => Some(Self::F3),
        };
        begun.or_else(asked).unwrap_or(if submission.villages.len() > 1 { Self::F2 } else { Self::Village })
    }
}

/// A chapter of an outline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chapter {
    /// Its name in data: `f2.1`.
    pub code: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What stands in it.
    parts: &'static [Part],
}

/// What records say of one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Names,
    Overview,
    State,
    Problems,
    Linking,
    Grounds,
    Goals,
    Works,
    Money,
    Schedule,
    Upkeep,
    Safeguards,
    Maps,
    Annexes,
}

use Part::{
    Annexes, Goals, Grounds, Linking, Maps, Money, Names, Overview, Problems, Safeguards, Schedule, State, Upkeep,
    Works,
};

const fn chapter(code: &'static str, title: &'static str, parts: &'static [Part]) -> Chapter {
    Chapter { code, title, parts }
}

const F2: &[Chapter] = &[
    chapter("f2.1", "区域概况", &[Overview]),
    chapter("f2.2", "主要环境问题", &[Problems]),
    chapter("f2.3", "主要工作内容", &[Works]),
    chapter("f2.4", "资金安排计划和实施进度", &[Money, Schedule]),
    chapter("f2.5", "整治成效", &[Goals]),
    chapter("f2.6", "保障措施", &[Safeguards, Upkeep]),
    chapter("f2.7", "图件", &[Maps]),
    chapter("f2.8", "附件", &[Annexes]),
];

const F3: &[Chapter] = &[
    chapter("f3.1", "项目示范区背景", &[Overview, State, Problems, Linking]),
    chapter("f3.2", "总体目标与具体指标", &[Goals]),
    chapter("f3.3", "项目内容与组织实施计划", &[Works, Schedule]),
    chapter("f3.4", "投资管理", &[Money]),
    chapter("f3.5", "运行管理", &[Upkeep]),
];

const VILLAGE: &[Chapter] = &[
    chapter("v.1", "项目概况", &[Names, Overview]),
    chapter("v.2", "设计依据", &[Grounds]),
    chapter("v.3", "现状与问题", &[State, Problems]),
    chapter("v.4", "建设内容与规模", &[Works]),
    chapter("v.5", "投资估算与资金来源", &[Money]),
    chapter("v.6", "实施进度", &[Schedule]),
    chapter("v.7", "预期成效与管护", &[Goals, Upkeep]),
];

/// The chapters of an outline, in order.
#[must_use]
pub fn outline(outline: Outline) -> &'static [Chapter] {
    match outline {
        Outline::F2 => F2,
        Outline::F3 => F3,
        Outline::Village => VILLAGE,
    }
}

pub(super) fn drafts(submission: &Submission, catalog: &Catalog, chosen: Outline) -> Vec<Draft> {
    let writer = Writer { submission, catalog };
    let draft = |(at, chapter): (usize, &Chapter)| {
        let parts: Vec<String> = chapter.parts.iter().flat_map(|part| writer.part(*part)).collect();
        let fields = [
            ("outline", json!(chosen.name())),
            ("place", json!(at + 1)),
            ("title", json!(chapter.title)),
            ("text", json!(parts.join("\n"))),
        ];
        Draft::new("chapter", chapter.code, &fields)
    };
    outline(chosen).iter().enumerate().map(draft).collect()
}

/// Texts in the making.
struct Writer<'a> {
    submission: &'a Submission,
    catalog: &'a Catalog,
}

impl Writer<'_> {
    /// The paragraphs of a part; none where no record says anything.
    fn part(&self, part: Part) -> Vec<String> {
        match part {
            Names => self.names(),
            Overview => self.overview(),
            State => self.state(),
            Problems => self.problems(),
            Linking => self.linking(),
            Grounds => self.grounds(),
            Goals => self.goals(),
            Works => self.works(),
            Money => self.money(),
            Schedule => self.schedule(),
            Upkeep => self.upkeep(),
            Safeguards => self.safeguards(),
            Maps => self.maps(),
            Annexes => self.annexes(),
        }
    }

    fn application(&self) -> &Record {
        &self.submission.application
    }

    fn villages(&self) -> Vec<&Record> {
        self.submission.villages.iter().collect()
    }

    fn names(&self) -> Vec<String> {
        let said = |label: &str, field: &str| Some(format!("{label}：{}。", self.application().text(field)?));
        let places: Vec<&str> = self.villages().into_iter().map(name).collect();
        let place = (!places.is_empty()).then(|| format!("建设地点：{}。", places.join("、")));
        let named = [said("项目名称", "name"), said("承办单位", "applicant"), said("主管部门", "department"), place];
        named.into_iter().flatten().collect()
    }

    fn overview(&self) -> Vec<String> {
        let (application, villages) = (self.application(), self.villages());
        if villages.is_empty() {
            return Vec::new();
        }
        let names: Vec<&str> = villages.iter().map(|village| name(village)).collect();
        let mut said = vec![format!("项目涉及 {} 个行政村：{}", villages.len(), names.join("、"))];
        let sums = [
            (figures::whole(&villages, "households"), "户籍", "户"),
            (figures::whole(&villages, "population"), "户籍人口", "人"),
            (figures::whole(&villages, "resident_population"), "常住人口", "人"),
        ];
        said.extend(sums.into_iter().filter_map(|(sum, what, unit)| Some(format!("{what} {} {unit}", sum?))));
        said.extend(figures::decimal(&villages, "area").map(|area| format!("面积 {area} km²")));
        said.extend(figures::decimal(&villages, "farmland").map(|land| format!("耕地 {land} 亩")));
        let mut paragraphs = vec![format!("{}。", said.join("，"))];
        let benefit = [("benefit_households", "户"), ("benefit_people", "人")];
        let benefit: Vec<String> =
            benefit.into_iter().filter_map(|(f, unit)| Some(format!("{} {unit}", application.integer(f)?))).collect();
        if !benefit.is_empty() {
            paragraphs.push(format!("项目受益 {}。", benefit.join("、")));
        }
        paragraphs.extend(villages.iter().filter_map(|village| {
            let said = [
                village.integer("households").map(|n| format!("户籍 {n} 户")),
                village.integer("population").map(|n| format!("{n} 人")),
                village.integer("income").map(|fen| format!("人均纯收入 {} 元", money::yuan(fen))),
                village.text("history").map(|text| text.trim_end_matches('。').to_owned()),
            ];
            let said: Vec<String> = said.into_iter().flatten().collect();
            (!said.is_empty()).then(|| format!("{}：{}。", name(village), said.join("，")))
        }));
        paragraphs
    }

    /// The rates of each village, with what they are counted from.
    fn state(&self) -> Vec<String> {
        let Ok(kind) = self.catalog.kind("village") else { return Vec::new() };
        let rates = kind.fields.iter().filter(|field| field.field_type == FieldType::Rate);
        let rates: Vec<_> = rates.collect();
        let of_village = |village: &&Record| {
            let said = rates.iter().filter_map(|field| {
                let value = village.fields.get(&field.name)?;
                let (of, all) = (value["numerator"].as_i64()?, value["denominator"].as_i64()?);
                let percent = crate::indicator::percent(of, all)?;
                Some(format!("{} {percent}%（{of}/{all}）", field.label.zh))
            });
            let said: Vec<String> = said.collect();
            (!said.is_empty()).then(|| format!("{}：{}。", name(village), said.join("，")))
        };
        self.villages().iter().filter_map(of_village).collect()
    }

    fn problems(&self) -> Vec<String> {
        let of_village = |village: &&Record| {
            let text = |field: &str| village.text(field).map(|text| text.trim_end_matches('。').to_owned());
            let said = [
                text("problems"),
                text("problem_range").map(|range| format!("影响范围：{range}")),
                village.integer("problem_people").map(|people| format!("受影响人口 {people} 人")),
                text("problem_causes").map(|causes| format!("成因：{causes}")),
            ];
            let said: Vec<String> = said.into_iter().flatten().collect();
            (!said.is_empty()).then(|| format!("{}：{}。", name(village), said.join("；")))
        };
        let said: Vec<String> = self.villages().iter().filter_map(of_village).collect();
        if !said.is_empty() {
            return said;
        }
        self.application().text("problems").map(str::to_owned).into_iter().collect()
    }

    fn linking(&self) -> Vec<String> {
        let said = choice(self.catalog, self.application(), "linking");
        said.map(|linking| format!("连片方式：{linking}。")).into_iter().collect()
    }

    fn grounds(&self) -> Vec<String> {
        let programme = self.submission.programme.as_ref();
        let policy = programme.and_then(|record| match (record.text("name")?, record.text("document")) {
            (name, Some(document)) => Some(format!("《{name}》（{document}）")),
            (name, None) => Some(format!("《{name}》")),
        });
        let mut grounds: Vec<String> = policy.into_iter().collect();
        for standard in self.submission.works.iter().filter_map(|works| works.text("discharge_standard")) {
            if !grounds.iter().any(|said| said == standard) {
                grounds.push(standard.to_owned());
            }
        }
        if grounds.is_empty() { Vec::new() } else { vec![format!("编制依据：{}。", grounds.join("；"))] }
    }

    fn goals(&self) -> Vec<String> {
        let mut said: Vec<String> = self.application().text("effects").map(str::to_owned).into_iter().collect();
        let targets = self.submission.targets.iter().filter_map(|target| targets::said(self.catalog, target));
        let mut targets: Vec<String> = targets.collect();
        if targets.is_empty() {
            // Written in the same go, they are not among the records yet.
            let drafts = targets::drafts(self.submission, self.catalog).into_iter();
            let blank =
                |draft: Draft| Record { kind: "target".to_owned(), fields: draft.fields, ..self.application().clone() };
            targets = drafts.filter_map(|draft| targets::said(self.catalog, &blank(draft))).collect();
        }
        if !targets.is_empty() {
            said.push(format!("具体指标：{}。", targets.join("；")));
        }
        said
    }

    fn works(&self) -> Vec<String> {
        let mut said = Vec::new();
        for village in &self.submission.villages {
            let here = self.submission.works.iter().filter(|works| id_in(works, "village") == Some(village.id));
            let here: Vec<&Record> = here.collect();
            if !here.is_empty() {
                said.push(format!("{}：", name(village)));
            }
            said.extend(here.iter().enumerate().map(|(at, works)| format!("{}．{}", at + 1, self.one_works(works))));
        }
        said
    }

    fn one_works(&self, works: &Record) -> String {
        let category = choice(self.catalog, works, "category").map(|label| format!("（{label}）")).unwrap_or_default();
        let served = [("households", "户"), ("population", "人")];
        let served: Vec<String> =
            served.into_iter().filter_map(|(f, unit)| Some(format!("{} {unit}", works.integer(f)?))).collect();
        let said = [
            works.text("content").map(|text| text.trim_end_matches('。').to_owned()),
            figures::quantities(self.catalog, works),
            (!served.is_empty()).then(|| format!("服务 {}", served.join("、"))),
        ];
        let said: Vec<String> = said.into_iter().flatten().collect();
        match said.is_empty() {
            true => format!("{}{category}。", name(works)),
            false => format!("{}{category}：{}。", name(works), said.join("；")),
        }
    }

    fn money(&self) -> Vec<String> {
        let application = self.application();
        let mut said = Vec::new();
        if let Some(total) = application.integer("total") {
            let label = |field: &str| {
                let field = self.catalog.kind("application").and_then(|kind| kind.field(field).cloned());
                field.map_or_else(|_| String::new(), |field| field.label.zh)
            };
            let sources = SOURCES.iter().filter_map(|source| {
                let amount = application.integer(source).filter(|amount| *amount != 0)?;
                Some(format!("{} {} 万元", label(source), wan(amount)))
            });
            let sources: Vec<String> = sources.collect();
            let of = if sources.is_empty() { String::new() } else { format!("，其中{}", sources.join("，")) };
            said.push(format!("项目总投资 {} 万元{of}。", wan(total)));
        }
        said.extend(application.integer("requested").map(|fen| format!("本次申请资金 {} 万元。", wan(fen))));
        if !self.submission.lines.is_empty() {
            said.push(format!("投资估算共 {} 行，明细见投资估算表。", self.submission.lines.len()));
        }
        said
    }

    fn schedule(&self) -> Vec<String> {
        let application = self.application();
        let span = application.text("start").zip(application.text("end"));
        let mut said: Vec<String> =
            span.map(|(start, end)| format!("项目计划 {start} 开始，{end} 完成。")).into_iter().collect();
        said.extend(self.submission.works.iter().filter_map(|works| {
            let (start, end) = (works.text("planned_start")?, works.text("planned_end")?);
            Some(format!("{}：计划 {start} 开工，{end} 完工。", name(works)))
        }));
        said
    }

    fn upkeep(&self) -> Vec<String> {
        let application = self.application();
        let said = [
            application.text("keeper").map(|keeper| format!("管护主体：{keeper}")),
            application.integer("upkeep_cost").map(|fen| format!("年运维费 {} 万元", wan(fen))),
            application.text("upkeep_source").map(|source| format!("来源：{source}")),
        ];
        let said: Vec<String> = said.into_iter().flatten().collect();
        let mut paragraphs: Vec<String> =
            if said.is_empty() { Vec::new() } else { vec![format!("{}。", said.join("，"))] };
        paragraphs.extend(self.submission.villages.iter().filter_map(|village| {
            let measures = village.text("upkeep_measures")?.trim_end_matches('。');
            Some(format!("{}：{measures}。", name(village)))
        }));
        paragraphs
    }

    fn safeguards(&self) -> Vec<String> {
        let application = self.application();
        let leader = application.text("leader").map(|leader| format!("项目负责人：{leader}。"));
        let applicant = application.text("applicant").map(|who| format!("{who}为承办单位，负责组织实施。"));
        applicant.into_iter().chain(leader).collect()
    }

    fn maps(&self) -> Vec<String> {
        let placed = self.submission.works.iter().filter_map(|works| {
            let place = works.fields.get("place")?;
            let (lon, lat) = (place["lon"].as_f64()?, place["lat"].as_f64()?);
            Some(format!("{}：东经 {lon:.6}°，北纬 {lat:.6}°。", name(works)))
        });
        let placed: Vec<String> = placed.collect();
        if placed.is_empty() {
            return Vec::new();
        }
        std::iter::once("各工程位置见位置图。".to_owned()).chain(placed).collect()
    }

    fn annexes(&self) -> Vec<String> {
        let documents = self.submission.documents.iter().enumerate().map(|(at, document)| {
            let title = document.text("title").unwrap_or_default();
            match document.text("document_number") {
                Some(number) => format!("{}．{title}（{number}）", at + 1),
                None => format!("{}．{title}", at + 1),
            }
        });
        documents.collect()
    }
}
