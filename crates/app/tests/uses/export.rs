//! The district's own tables: templates filled, and what an office did to them in Excel.

use std::io::{Cursor, Read};
use std::path::Path;

use app::{ExportAsked, Laptop};
use serde_json::json;

use crate::world::{World, add_works, fields, refusal, village};

fn asked(template: &str) -> ExportAsked {
    ExportAsked { template: template.to_owned(), ..ExportAsked::default() }
}

fn part(path: &Path, name: &str) -> String {
    let bytes = std::fs::read(path).expect("the table");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a workbook is a ZIP");
    let mut text = String::new();
    archive.by_name(name).expect("a part").read_to_string(&mut text).expect("XML is text");
    text
}

fn three_works(laptop: &mut Laptop) {
    for (name, amount) in [("一号", 12_500_000_i64), ("二号", 3_250_000), ("三号", 50)] {
        let id = add_works(laptop, name).id;
        let values = json!({"contract_amount": amount, "planned_start": "2026-03-01", "keeper": "李四 13812345678"});
        laptop.set(id, fields(values)).expect("saved");
    }
}

#[test]
fn every_template_that_ships_is_filled_from_the_catalog_that_ships() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    three_works(&mut laptop);
    let body = json!({"village": village(&laptop), "name": "中东中沟", "sort": "ditch", "area": "1200.5"});
    laptop.add("water_body", fields(body)).expect("saved");
    let templates = laptop.export_templates().expect("a list");
    assert_eq!(templates.len(), 7);
    let application = json!({"name": "盐东镇污水项目", "year": 2026});
    let application = laptop.add("application", fields(application)).expect("saved").id;
    for template in templates {
        let path = world.path(&format!("{}.xlsx", template.name));
        let about = ExportAsked {
            of: match template.about.as_deref() {
                Some("village") => Some(village(&laptop).to_string()),
                Some("application") => Some(application.to_string()),
                _ => None,
            },
            month: template.about.as_deref().filter(|about| *about == "month").map(|_| "2026-05".to_owned()),
            ..asked(&template.name)
        };
        laptop.export_with(&about, &path).unwrap_or_else(|error| panic!("{}: {error}", template.name));
        let page = part(&path, "xl/worksheets/sheet1.xml");
        assert!(!page.contains("{{"), "{}: nothing is left open", template.name);
        assert!(part(&path, "docProps/core.xml").contains("来源"), "{}: it says where its form is from", template.name);
    }
    let water = world.path("黑臭水体清单.xlsx");
    let page = part(&water, "xl/worksheets/sheet1.xml");
    let row = page.split("<row ").find(|row| row.starts_with("r=\"4\"")).expect("the row of the water");
    assert_eq!(row.matches("<c ").count(), 19, "the form's nineteen columns");
    assert!(page.contains("中东中沟") && page.contains("<v>1200.5</v>"), "{page}");
}

#[test]
fn a_filled_template_keeps_its_styles_and_its_totals_are_formulas_that_read_back() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    three_works(&mut laptop);
    let path = world.path("工程台账.xlsx");
    assert_eq!(laptop.export_with(&asked("工程台账"), &path).expect("exported"), 3);
    let page = part(&path, "xl/worksheets/sheet1.xml");
    assert!(
        page.contains("<f>SUM(S4:S6)</f><v>15.75005</v>"),
        "over all three works, shown before it is calculated: {page}"
    );
    assert!(page.contains("<mergeCell ref=\"A9:AI9\"/>"), "the line of signatures moved down by two rows");
    let book = part(&path, "xl/workbook.xml");
    assert!(book.contains("$A$1:$AI$9"), "and so did the print area: {book}");
    assert!(book.contains("fullCalcOnLoad=\"1\""), "whatever opens it calculates anew");
    for name in ["xl/styles.xml", "xl/theme/theme1.xml", "xl/sharedStrings.xml"] {
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/工程台账.xlsx");
        assert_eq!(part(&path, name), part(&shipped, name), "{name} is carried over as it was");
    }
    assert!(page.contains("138****5678") && !page.contains("13812345678"), "numbers of people are hidden");
    laptop.export_with(&ExportAsked { personal: true, ..asked("工程台账") }, &path).expect("exported");
    assert!(part(&path, "xl/worksheets/sheet1.xml").contains("13812345678"), "unless somebody asks for them");

    laptop.export_with(&asked("工程台账"), &path).expect("exported");
    let back =
        laptop.import("工程台账.xlsx", &std::fs::read(&path).expect("the table"), "works", true).expect("a table");
    assert_eq!((back.same, back.rejected), (3, 0), "the district's own table reads back as the same: {:?}", back.rows);
    assert_eq!(back.totals, [7]);
}

#[test]
fn a_district_edits_a_template_in_excel_and_hears_which_cell_is_wrong() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    three_works(&mut laptop);
    let folder = world.path("模板");
    assert_eq!(laptop.write_export_templates(&folder).expect("written").len(), 8);
    let own = folder.join("工程台账.xlsx");
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let page = workbook.add_worksheet();
    page.set_name("台账").expect("a name");
    page.write_string(0, 0, "截至{{today}}共{{count:works}}项，{{sum:works.contract_amount|万元}}万元")
        .expect("a cell");
    page.write_string(2, 0, "{{整治工程.工程名称}}").expect("a cell");
    page.write_string(2, 1, "{{整治工程.合同价|万元}}").expect("a cell");
    page.write_formula(2, 2, "=B3*10000").expect("a cell");
    page.write_formula(3, 1, "=SUM(B3:B3)").expect("a cell");
    let other = workbook.add_worksheet();
    other.write_formula(0, 0, "=台账!B4").expect("a cell");
    workbook.save(&own).expect("saved");
    let wrong = "{{count:works}} stands in a sheet that says 整治工程";
    let (code, blanks) = refusal(laptop.export_with(&asked(&own.display().to_string()), &world.path("a.xlsx")));
    assert_eq!(code, "templateWrong", "{wrong}");
    assert_eq!(blanks["cell"], "台账!A1", "the cell is named");

    let page = workbook.worksheet_from_index(0).expect("a sheet");
    page.write_string(0, 0, "截至{{today}}共{{count:整治工程}}项，{{sum:整治工程.合同价|万元}}万元").expect("a cell");
    workbook.save(&own).expect("saved");
    laptop.keep_export_template(&own).expect("kept");
    let path = world.path("自己的台账.xlsx");
    assert_eq!(laptop.export_with(&asked("工程台账"), &path).expect("exported"), 3, "the laptop's own goes first");
    let page = part(&path, "xl/worksheets/sheet1.xml");
    assert!(page.contains("共3项，15.75005万元"), "totals within a sentence: {page}");
    assert!(page.contains("<f>B5*10000</f>"), "a formula goes down with its row");
    assert!(page.contains("<f>SUM(B3:B5)</f><v>15.75005</v>"));
    let other = part(&path, "xl/worksheets/sheet2.xml");
    assert!(other.contains("<f>台账!B6</f>"), "and other sheets follow: {other}");
    assert_eq!(refusal(laptop.export_with(&asked("年报"), &path)).0, "unknownExportTemplate");

    std::fs::write(&own, "工程,金额").expect("somebody saves a text under its name");
    assert_eq!(refusal(laptop.keep_export_template(&own)).0, "notAWorkbook");
    let taken = world.path("取出.xlsx");
    laptop.take_export_template("工程台账", &taken).expect("taken out");
    let changed = part(&taken, "xl/worksheets/sheet1.xml");
    assert!(changed.contains("*10000"), "what was kept stays, and is what is taken out: {changed}");
    laptop.drop_export_template("工程台账").expect("let go");
    laptop.export_with(&asked("工程台账"), &path).expect("exported");
    assert!(
        part(&path, "xl/worksheets/sheet1.xml").contains("<mergeCell ref=\"A9:AI9\"/>"),
        "the program's counts again"
    );
    let of_the_program = laptop.drop_export_template("工程台账");
    assert_eq!(refusal(of_the_program).0, "unknownExportTemplate", "which nobody can let go");
}

#[test]
fn a_name_that_promises_another_table_is_refused_before_anything_is_written() {
    let world = World::new();
    let mut laptop = world.laptop("甲");
    three_works(&mut laptop);
    let csv = world.path("台账.CSV");
    let (code, blanks) = refusal(laptop.export("works", &csv));
    assert_eq!((code.as_str(), blanks["ending"].as_str()), ("otherTable", "csv"));
    assert_eq!(refusal(laptop.export_with(&asked("工程台账"), &csv)).0, "otherTable");
    assert!(!csv.exists(), "what is no CSV does not lie under its name");
    assert_eq!(laptop.export("works", &world.path("2026.11 台账")).expect("no ending at all"), 3);
}

#[test]
fn a_template_without_a_single_record_is_a_table_without_rows() {
    let world = World::new();
    let laptop = world.laptop("王芳");
    let path = world.path("空.xlsx");
    assert_eq!(laptop.export_with(&asked("工程台账"), &path).expect("exported"), 0);
    let page = part(&path, "xl/worksheets/sheet1.xml");
    assert!(!page.contains("{{") && page.contains("<f>SUM(S4:S4)</f><v>0</v>"), "{page}");
}
