//! The typeset form, with the fonts of this machine (any Chinese font will do).

use package::{Application, WorksLine, typeset};

fn application(works: usize) -> Application {
    Application {
        number: "SB-2026-A-1".to_owned(),
        name: "南洋镇农村环境连片整治项目（样例）".to_owned(),
        year: 2026,
        programme: "以奖促治".to_owned(),
        applicant: "南洋镇人民政府".to_owned(),
        problems: "生活污水直排。\n#set page(fill: red) *不是* 排版命令 $x$".to_owned(),
        total: Some(185_185_170),
        works: (0..works)
            .map(|i| WorksLine {
                number: format!("GC-2026-A-{i}"),
                village: "湖㳇村".to_owned(),
                name: "生活污水治理工程".to_owned(),
                contract_amount: Some(12_345_678),
                ..WorksLine::default()
            })
            .collect(),
        submitted_at: Some("2026-04-20".to_owned()),
        ..Application::default()
    }
}

#[test]
fn the_same_application_gives_the_same_pages_to_the_byte() {
    let (one, two) = (typeset(&application(3)).expect("a form"), typeset(&application(3)).expect("a form"));
    assert_eq!(one, two, "a package compiled twice is the same package");
    assert!(one.bytes.starts_with(b"%PDF-"), "it is a PDF");
}

#[test]
fn a_long_list_of_works_runs_over_pages() {
    let (short, long) = (typeset(&application(3)).expect("a form"), typeset(&application(60)).expect("a form"));
    assert!(long.pages > short.pages + 1, "{} pages for 60 works, {} for 3", long.pages, short.pages);
}

#[test]
fn an_empty_draft_is_a_form_to_fill_in_by_hand() {
    let form = typeset(&Application::default()).expect("blanks are no fault");
    assert!(form.pages >= 1, "the boxes are there");
}
