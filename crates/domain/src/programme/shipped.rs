//! The programmes that ship: published policies as they were read, for a district
//! to take, edit and publish as its own.

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../programmes/", $name)))),*]
    };
}

/// Name and text of each, in the order of the screen.
pub const SHIPPED: &[(&str, &str)] = files![
    "central-2021-environment.toml",
    "central-2022-black-odour.toml",
    "central-2009-promote.toml",
    "central-2009-reward.toml",
    "jiangsu-2014-match.toml",
    "jiangsu-2020-build-first.toml",
    "tinghu-2025-improvement.toml",
    "wujin-2014-progress.toml",
    "taixing-green-village.toml",
    "yangzhou-2020-standard.toml",
    "municipality-2010-linked.toml",
    "shandong-2011-match.toml",
    "qingdao-2014-village.toml",
    "henan-2019-village.toml",
    "guangdong-2017-ranking.toml",
    "maguan-2023-unit.toml",
    "yongzhou-2019-toilet.toml",
    "kaiping-one-issue.toml",
];
