//! The volume with the fonts of this machine: any size, any text, the same twice.

#[path = "sample/mod.rs"]
mod sample;

use std::collections::BTreeMap;

use package::PackageError;
use package::volume::{Volume, compose, letter_docx, plan_docx};

fn pages(works: usize) -> usize {
    let (volume, pictures) = sample::volume(works, &[]);
    compose(&volume, pictures).expect("a volume").pages()
}

#[test]
fn the_same_values_give_the_same_pages_and_papers_to_the_byte() {
    let made = || {
        let (volume, pictures) = sample::volume(3, &[]);
        let pdf = compose(&volume, pictures).expect("a volume").pdf().expect("a PDF");
        (pdf, letter_docx(&volume).expect("a letter"), plan_docx(&volume).expect("a plan"))
    };
    let (one, two) = (made(), made());
    assert_eq!(one.0, two.0, "a volume set twice is the same volume");
    assert_eq!((&one.1, &one.2), (&two.1, &two.2), "and so are the papers to edit");
    assert!(one.1.is_some_and(|letter| letter.starts_with(b"PK")) && one.2.is_some(), "both are there");
}

#[test]
fn thirty_works_run_over_pages_and_one_fits() {
    let (one, thirty) = (pages(1), pages(30));
    assert!(thirty > one + 6, "{one} pages for one works, {thirty} for thirty");
}

#[test]
fn an_empty_application_is_a_form_to_fill_in_by_hand() {
    let empty = compose(&Volume::default(), BTreeMap::new()).expect("blanks are no fault");
    assert!(empty.pages() >= 4, "cover, index, form and list: {} pages", empty.pages());
    assert!(plan_docx(&Volume::default()).expect("no fault").is_none(), "no plan, no paper");
}

#[test]
fn what_a_person_typed_is_text_and_never_an_order_to_the_typesetter() {
    let (mut volume, pictures) = sample::volume(1, &[]);
    volume.name = format!("#panic() *不是* $x$ #import \"x\" <标签> {}", "很长的名称".repeat(30));
    volume.plan[0].text = "#set page(fill: red)\n".repeat(200);
    volume.form.works[0].content = "一行，".repeat(1_200);
    compose(&volume, pictures).expect("it is only text");
}

#[test]
fn a_letter_that_no_font_has_is_named() {
    let (mut volume, pictures) = sample::volume(1, &[]);
    volume.applicant = "高\u{e170}镇".to_owned();
    match compose(&volume, pictures).map(|composed| composed.pages()) {
        Err(PackageError::GlyphMissing { text }) => assert_eq!(text, "\u{e170}", "only the letter that is missing"),
        other => assert!(other.is_ok(), "some font of this machine shows it: {other:?}"),
    }
}

#[test]
fn long_names_and_long_opinions_stay_in_their_boxes() {
    let pages = |change: &dyn Fn(&mut Volume)| {
        let (mut volume, pictures) = sample::volume(1, &[]);
        change(&mut volume);
        compose(&volume, pictures).expect("a volume").pages()
    };
    let long = "盐城市亭湖区盐东镇人民政府农业农村与生态环境工作领导小组办公室".repeat(2);
    let usual = pages(&|_| {});
    assert_eq!(pages(&|volume| volume.department.clone_from(&long)), usual, "the cover is one page, whoever it names");
    let opinion = "经审核，该项目申报材料齐全，内容属实，同意申报。".repeat(30);
    let more = pages(&|volume| volume.form.opinions.iter_mut().for_each(|one| one.text.clone_from(&opinion)));
    assert!(more > usual, "a box grows with its text and does not run over its neighbour: {more} pages");
}
