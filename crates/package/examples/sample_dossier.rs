//! Typesets a made-up village's file, to look at its pages:
//! `cargo run -p nonghuan-package --example sample_dossier -- dossier.pdf [PICTURE.jpg …]`.

use std::collections::BTreeMap;
use std::path::Path;

use package::dossier::{Document, Dossier, Entry, Section, typeset};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let out = arguments.next().unwrap_or_else(|| "dossier.pdf".to_owned());
    let mut pictures = BTreeMap::new();
    let mut shown = Vec::new();
    for (n, file) in arguments.enumerate() {
        pictures.insert(format!("{n}.jpg"), std::fs::read(&file)?);
        let name = Path::new(&file).file_name().unwrap_or_default().to_string_lossy().into_owned();
        shown.push((format!("{n}.jpg"), format!("{name}　2026-02-11 09:30:00")));
    }
    let text = |text: &str| text.to_owned();
    let row = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let labels = ["行政村基本情况", "资金情况", "整治前", "整治中", "整治完成", "后期运维制度保障", "监督管理"];
    let section = |(n, label): (usize, &&str)| Section {
        label: text(label),
        have: 1,
        wanted: 3,
        missing: vec![text("设计、施工合同（合同扫描件、资质等级）"), text("验收意见")],
        documents: vec![
            Document {
                label: text("村庄概况"),
                records: vec![Entry {
                    title: text("中东村生活污水管网工程（样例）"),
                    rows: vec![
                        row("工程编号", "GC-2026-A-001"),
                        row(
                            "建设内容",
                            "铺设管网 3.2 公里，新建一体化处理设施一座，配套检查井和户用化粪池，完工后由镇里统一委托运维。",
                        ),
                        row("合同价", "125000.00元"),
                    ],
                    papers: if n == 3 {
                        vec![text("施工合同.pdf"), text("中标通知书.pdf")]
                    } else {
                        Vec::new()
                    },
                    pictures: if n == 2 { shown.clone() } else { Vec::new() },
                }],
            },
            Document { label: text("招标公示、中标公示"), records: Vec::new() },
        ],
    };
    let dossier = Dossier {
        title: text("一村一档"),
        village: text("中东村委会"),
        code: text("320902107200"),
        path: ["江苏省", "盐城市", "亭湖区", "盐东镇", "中东村委会"].map(text).to_vec(),
        date: text("2026-11-20"),
        have: 7,
        wanted: 21,
        sections: labels.iter().enumerate().map(section).collect(),
    };
    std::fs::write(out, typeset(&dossier, pictures)?.bytes)?;
    Ok(())
}
