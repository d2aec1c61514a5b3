//! Typesets a sample form to look at: `cargo run -p nonghuan-package --example sample_form -- FILE.pdf`.

use package::{Application, WorksLine, typeset};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = std::env::args().nth(1).unwrap_or_else(|| "sample.pdf".to_owned());
    let works = |i: i64, village: &str, category: &str, content: &str| WorksLine {
        number: format!("GC-2026-A-{i}"),
        village: village.to_owned(),
        name: format!("{village}{category}治理工程（样例）"),
        category: category.to_owned(),
        content: content.to_owned(),
        contract_amount: Some(12_345_678 * i),
        planned_start: Some("2026-03-01".to_owned()),
        planned_end: Some("2026-10-31".to_owned()),
        percent: Some((i * 15).min(100).to_string()),
        state: "在建".to_owned(),
    };
    let many = std::env::args().nth(2).and_then(|count| count.parse().ok()).unwrap_or(5);
    let villages = ["新兴村", "老舍村", "南港村", "湖㳇村", "同心村"];
    let categories = ["生活污水", "生活垃圾", "黑臭水体", "畜禽养殖", "饮用水水源"];
    let application = Application {
        number: "SB-2026-A-1".to_owned(),
        name: "南洋镇农村环境连片整治项目（样例）".to_owned(),
        year: 2026,
        programme: "以奖促治".to_owned(),
        applicant: "盐城市亭湖区南洋镇人民政府".to_owned(),
        leader: "张三".to_owned(),
        phone: "0515-00000000".to_owned(),
        scope: "320902101".to_owned(),
        township: "南洋镇".to_owned(),
        problems: "沿河三个行政村生活污水未经处理直排入河，影响户籍人口约四千二百人。\n村内沟塘淤积发黑，夏季有异味；垃圾收集点未做防渗。".to_owned(),
        effects: "新增污水治理行政村 3 个，处理规模 120 t/d，受益人口 4200 人；设施正常运行率不低于 90%，村民满意度不低于 90%。".to_owned(),
        keeper: "南洋镇人民政府，委托第三方运行维护，年运维费列入镇财政预算。".to_owned(),
        total: Some(185_185_170),
        requested: Some(100_000_000),
        own_funds: Some(85_185_170),
        works: (0..many)
            .map(|i: i64| {
                let at = usize::try_from(i).unwrap_or(0) % 5;
                works(i + 1, villages[at], categories[at], "新建一体化处理设施 1 座（30 t/d），铺设管网 1250 m，接户 86 户")
            })
            .collect(),
        submitted_at: Some("2026-04-20".to_owned()),
        ..Application::default()
    };
    std::fs::write(out, typeset(&application)?.bytes)?;
    Ok(())
}
