//! A village's file on paper, with the fonts of this machine.

use std::collections::BTreeMap;

use package::dossier::{Document, Dossier, Entry, Section, typeset};

fn dossier(records: usize) -> Dossier {
    let entry = |n: usize| Entry {
        title: format!("第 {n} 条 #set page(fill: red) *不是* 排版命令 $x$"),
        rows: vec![("内容".to_owned(), "铺设管网。".repeat(20)), ("村".to_owned(), "莫𡐓村委会".to_owned())],
        ..Entry::default()
    };
    let document = Document { label: "形象进度".to_owned(), records: (0..records).map(entry).collect() };
    let section =
        |label: &str| Section { label: label.to_owned(), documents: vec![document.clone()], ..Section::default() };
    Dossier {
        title: "一村一档".to_owned(),
        village: "中东村委会".to_owned(),
        date: "2026-11-20".to_owned(),
        sections: ["整治前", "整治中"].map(section).to_vec(),
        ..Dossier::default()
    }
}

#[test]
fn a_long_file_runs_over_pages_and_comes_out_the_same_twice() {
    let (one, two) = (typeset(&dossier(60), BTreeMap::new()), typeset(&dossier(60), BTreeMap::new()));
    let (one, two) = (one.expect("a file"), two.expect("a file"));
    assert_eq!(one, two, "a file made twice is the same file");
    assert!(one.pages > typeset(&dossier(1), BTreeMap::new()).expect("a file").pages + 4, "{} pages", one.pages);
}

#[test]
fn a_picture_that_is_none_is_refused_and_nothing_is_half_made() {
    let mut file = dossier(1);
    file.sections[0].documents[0].records[0].pictures.push(("1.jpg".to_owned(), "照片".to_owned()));
    let refused = typeset(&file, BTreeMap::from([("1.jpg".to_owned(), b"no picture".to_vec())]));
    assert!(refused.is_err(), "the caller names such a file among the papers");
}
