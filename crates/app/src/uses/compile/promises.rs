//! The commitments that an application asks for, to be printed, signed and sealed.
//! One that lies there signed, as a scan, is not written again.
//!
//! Which ones are asked for is inferred from published calls (domain.md §3, S29–S31);
//! their wording is this program's own, and a township may hand in another.

use package::volume::{Commitment, Volume};

use super::forms::exact_wan;

/// Each commitment that is not there signed.
pub(super) fn commitments(volume: &Volume, signed: &dyn Fn(&str) -> bool) -> Vec<Commitment> {
    let to = if volume.department.is_empty() { "区生态环境局" } else { &volume.department };
    let name = &volume.name;
    let own: i64 = match (volume.total, volume.requested) {
        (Some(total), Some(requested)) => (total - requested).max(0),
        _ => 0,
    };
    let mut texts: Vec<(&str, &str, Vec<String>)> = vec![
        (
            "truthfulness",
            "真实性承诺书",
            vec![
                format!(
                    "我单位申报的{name}，所提交的申报表、实施方案、投资估算、照片及其他材料真实、完整、有效，与实际情况相符。"
                ),
                "如有虚假，我单位愿意承担相应责任，接受取消申报资格、收回资金等处理。".to_owned(),
            ],
        ),
        (
            "no_duplicate",
            "不重复申报承诺书",
            vec![
                format!(
                    "我单位申报的{name}，其建设内容未通过中央基建投资或其他渠道获得中央资金，也未以同一建设内容向其他部门申报或获得财政奖补资金。"
                ),
                "如有重复，我单位主动申请核减或退出。".to_owned(),
            ],
        ),
    ];
    if own > 0 {
        texts.push((
            "matching_commitment",
            "资金配套承诺函",
            vec![
                format!(
                    "{name}总投资{}万元，申请财政资金{}万元，其余{}万元由地方配套和自筹解决。",
                    exact_wan(volume.total.unwrap_or_default()),
                    exact_wan(volume.requested.unwrap_or_default()),
                    exact_wan(own),
                ),
                "我单位承诺上述资金按工程进度足额到位，专款专用，不因配套不到位影响工程建设。".to_owned(),
            ],
        ));
    }
    let keeper = match volume.form.keeper.as_str() {
        "" => "我单位".to_owned(),
        keeper => keeper.to_owned(),
    };
    let cost = match volume.form.upkeep.as_str() {
        "" => "所需运行维护经费列入年度预算".to_owned(),
        upkeep => format!("年运维费{upkeep}"),
    };
    texts.push((
        "upkeep_commitment",
        "管护承诺函",
        vec![
            format!("{name}建成验收后，由{keeper}负责运行管护，{cost}。"),
            "我单位承诺落实管护责任人和管护制度，保证设施正常运行，接受主管部门检查。".to_owned(),
        ],
    ));
    texts
        .into_iter()
        .filter(|(sort, ..)| !signed(sort))
        .map(|(_, title, text)| Commitment {
            title: title.to_owned(),
            to: to.to_owned(),
            text,
            by: volume.applicant.clone(),
        })
        .collect()
}
