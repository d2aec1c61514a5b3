//! Files that are broken, cut off or made to harm: a refusal, never a panic.

use domain::Catalog;
use proptest::prelude::*;
use rust_xlsxwriter::Workbook;
use sheet::{Language, SheetError, read, write};

fn refused(name: &str, bytes: &[u8]) -> SheetError {
    let catalog = Catalog::shipped();
    read(name, bytes, catalog.kind("works").expect("a shipped kind")).expect_err("this is no table of works")
}

fn sample() -> Vec<u8> {
    let catalog = Catalog::shipped();
    let works = catalog.kind("works").expect("a shipped kind");
    let row = domain::Fields::from([("name".into(), "污水管网".into()), ("contract_amount".into(), 12_500_000.into())]);
    let columns = ["name", "contract_amount", "planned_start"].map(String::from);
    write(works, &columns, [row], Language::Zh, &|_| None).expect("a workbook")
}

#[test]
fn what_only_its_name_calls_a_workbook_is_refused() {
    for name in ["清单.xlsx", "清单.xls", "清单.ods"] {
        assert!(matches!(refused(name, b"plain text"), SheetError::NotAWorkbook { .. }), "{name}");
    }
    assert!(matches!(refused("图.csv", b"\x89PNG\r\n\x1a\n\0\0"), SheetError::NotAWorkbook { .. }), "a picture");
    assert!(matches!(refused("空.csv", b""), SheetError::NotAWorkbook { .. }), "nothing at all");
}

#[test]
fn an_encrypted_workbook_is_called_encrypted() {
    let mut bytes = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    bytes.resize(512, 0);
    bytes.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert!(
        matches!(refused("密.xlsx", &bytes), SheetError::TableEncrypted { .. }),
        "it needs its password taken off first"
    );
}

#[test]
fn one_cell_in_the_last_corner_does_not_ask_for_all_the_cells_before_it() {
    let mut workbook = Workbook::new();
    let page = workbook.add_worksheet();
    page.write_string(0, 0, "工程名称").expect("a cell");
    page.write_string(1_048_575, 16_383, "角").expect("a cell");
    let bytes = workbook.save_to_buffer().expect("a workbook");
    assert!(matches!(refused("角.xlsx", &bytes), SheetError::TableTooLarge { .. }), "more columns than are read");
}

#[test]
fn a_bomb_is_measured_before_it_is_read() {
    use std::io::{Cursor, Write};
    let mut one = zip::ZipWriter::new(Cursor::new(Vec::new()));
    one.start_file("one", zip::write::SimpleFileOptions::default()).expect("an entry");
    one.write_all(&vec![b' '; 32 << 20]).expect("memory");
    let mut one = zip::ZipArchive::new(one.finish().expect("a ZIP")).expect("a ZIP");
    // Packed once and copied, so that the test does not pack half a gigabyte.
    let mut target = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for i in 0..16 {
        let packed = one.by_index_raw(0).expect("the entry");
        target.raw_copy_file_rename(packed, format!("xl/sharedStrings{i}.xml")).expect("memory");
    }
    let bytes = target.finish().expect("a ZIP").into_inner();
    assert!(bytes.len() < 2 << 20, "half a megabyte that unpacks to half a gigabyte");
    assert!(matches!(refused("弹.xlsx", &bytes), SheetError::TableTooLarge { .. }), "and is not unpacked into memory");
}

#[test]
fn a_file_beyond_the_limit_is_refused_unread() {
    let bytes = vec![b'a'; usize::try_from(sheet::MAX_BYTES).expect("64 bits") + 1];
    assert!(matches!(refused("大.csv", &bytes), SheetError::TableTooLarge { .. }), "51 million letters");
}

#[test]
fn a_workbook_cut_off_anywhere_is_refused() {
    let whole = sample();
    let catalog = Catalog::shipped();
    let works = catalog.kind("works").expect("a shipped kind");
    assert!(read("整.xlsx", &whole, works).is_ok(), "whole, it reads");
    for length in (0..whole.len()).step_by(97) {
        assert!(read("断.xlsx", &whole[..length], works).is_err(), "cut off at byte {length}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..2_000), start in 0_usize..4) {
        let mut file = [&b""[..], b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "工程名称,合同价\n".as_bytes()][start].to_vec();
        file.extend(bytes);
        let catalog = Catalog::shipped();
        let works = catalog.kind("works").expect("a shipped kind");
        let _ = read("乱.csv", &file, works);
        let _ = read("乱.xlsx", &file, works);
    }

    #[test]
    fn a_workbook_with_wrong_bytes_never_panics(at in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = sample();
        for (index, byte) in at {
            let i = index.index(bytes.len());
            bytes[i] = byte;
        }
        let catalog = Catalog::shipped();
        let _ = read("坏.xlsx", &bytes, catalog.kind("works").expect("a shipped kind"));
    }
}
