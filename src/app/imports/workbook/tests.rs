#![allow(clippy::unwrap_used)]

use std::io::Write as _;

use super::*;

#[test]
fn a_code_that_was_typed_as_a_number_is_what_its_reader_sees() {
    for (code, number, shown) in [
        ("000", 7.0, Some("007")),
        ("000", 1234.0, Some("1234")),
        ("000000;[Red]-000000;@", 42.0, Some("000042")),
        ("\"MKT-\"0000", 777.0, Some("MKT-0777")),
        ("000\\-0000", 1_234_567.0, Some("123-4567")),
        ("000-0000", 4567.0, Some("000-4567")),
        ("00_ ", 7.0, Some("07")),
        ("000", 7.5, None),
        ("000", -7.0, None),
        ("000", 1e15, None),
        ("0", 7.0, None),
        ("0\"米\"", 60.0, None),
        ("0.00", 4.0, None),
        ("#,##0", 4.0, None),
        ("00%", 0.0, None),
        ("yyyy-mm-dd", 7.0, None),
        ("General", 7.0, None),
        ("[h]:00:00", 7.0, None),
        ("\\", 7.0, None),
    ] {
        let found = Digits::of(code).and_then(|digits| digits.shown(&Data::Float(number)));
        assert_eq!(found.as_deref(), shown, "{code} {number}");
    }
    let three = Digits::of("000").unwrap();
    let shown = [Data::Int(7), Data::Int(-7), Data::String("7".to_owned())].map(|data| three.shown(&data));
    assert_eq!(shown, [Some("007".to_owned()), None, None]);
}

#[test]
fn cells_are_called_as_in_a_spreadsheet() {
    for (place, name) in [((0, 0), "A1"), ((4, 2), "C5"), ((0, 25), "Z1"), ((9, 26), "AA10"), ((0, 255), "IV1")] {
        assert_eq!(cell_name(place), name);
    }
}

/// An archive of these parts, by their names.
fn archive(parts: &[(String, String)]) -> Vec<u8> {
    let mut made = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        made.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        made.write_all(text.as_bytes()).unwrap();
    }
    made.finish().unwrap().into_inner()
}

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A workbook with these rows on each of its sheets; `hidden` before the rows of a sheet hides it. Style 1 shows three
/// digits, style 2 a day.
pub(in crate::app::imports) fn book(sheets: &[&str]) -> Vec<u8> {
    let mut parts = vec![(
        "xl/styles.xml".to_owned(),
        format!(
            "<styleSheet xmlns=\"{MAIN}\"><numFmts><numFmt numFmtId=\"170\" formatCode=\"000\"/></numFmts>\
             <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"170\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"
        ),
    )];
    let (mut named, mut related) = (String::new(), String::new());
    for (at, rows) in (1..).zip(sheets) {
        let shown = rows.strip_prefix("hidden");
        let state = if shown.is_some() { " state=\"hidden\"" } else { "" };
        named += &format!("<sheet name=\"S{at}\" sheetId=\"{at}\" r:id=\"rId{at}\"{state}/>");
        related +=
            &format!("<Relationship Id=\"rId{at}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{at}.xml\"/>");
        let rows = shown.unwrap_or(rows);
        let sheet = format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>");
        parts.push((format!("xl/worksheets/sheet{at}.xml"), sheet));
    }
    let workbook = format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>{named}</sheets></workbook>");
    parts.push(("xl/workbook.xml".to_owned(), workbook));
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let whole = format!("<Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/>");
    parts.push(("_rels/.rels".to_owned(), format!("<Relationships xmlns=\"{package}\">{whole}</Relationships>")));
    let related = format!("<Relationships xmlns=\"{package}\">{related}</Relationships>");
    parts.push(("xl/_rels/workbook.xml.rels".to_owned(), related));
    archive(&parts)
}

/// A row of cells from A on, each with its attributes and what is in it.
fn row(at: u32, cells: &[(&str, &str)]) -> String {
    let cell = |(column, (with, inner)): (u32, &(&str, &str))| {
        format!("<c r=\"{}\" {with}>{inner}</c>", cell_name((at, column)))
    };
    let cells: String = (0..).zip(cells).map(cell).collect();
    format!("<row r=\"{}\">{cells}</row>", at + 1)
}

#[test]
fn the_first_visible_sheet_with_cells_is_read_row_by_row() {
    let text = |words: &str| format!("<is><t>{words}</t></is>");
    let hidden = format!("hidden{}", row(0, &[("", "<v>1</v>")]));
    let empty = row(0, &[("s=\"1\"", "")]);
    let (first, second) = (text("甲,乙"), text("丙\n丁"));
    let inline = "t=\"inlineStr\"";
    let third = [
        row(1, &[(inline, first.as_str()), ("", "<v>7</v>"), ("", ""), ("s=\"1\"", "<v>7</v>")]),
        row(4, &[("s=\"2\"", "<v>46237</v>"), ("t=\"b\"", "<v>1</v>"), ("", "<f>1+1</f><v>2</v>")]),
        row(5, &[("", ""), (inline, second.as_str())]),
    ];
    let later = row(0, &[("", "<v>9</v>")]);
    let read = read(&book(&[&hidden, &empty, &third.concat(), &later])).unwrap();
    assert_eq!(read, "\"\"\n\"甲,乙\",7,,007\n\"\"\n\"\"\n2026-08-03,TRUE,2\n,丙 丁\n");
    assert_eq!(super::read(&book(&[&hidden, &empty])).unwrap(), "");
}

#[test]
fn what_is_no_workbook_is_said_to_be_none() {
    assert!(is_archive(&book(&[])) && !is_archive(b"PK") && !is_archive(b"code,name"));
    for bytes in [b"PK\x03\x04".to_vec(), archive(&[("a".to_owned(), "b".to_owned())])] {
        assert_eq!(read(&bytes), Err(Unread::NoWorkbook));
    }
}

#[test]
fn formulas_that_nobody_has_worked_out_are_named_up_to_fifty() {
    let cells = |count: u32| (0..count).map(|at| row(at, &[("", "<v>1</v>"), ("", "<f>A1</f>")])).collect::<String>();
    let named = |count: u32| match read(&book(&[&cells(count)])) {
        Err(Unread::NotWorkedOut(cells)) => cells,
        other => panic!("{other:?}"),
    };
    assert_eq!(named(1), [(0, 1)]);
    assert_eq!(named(49).len(), 49);
    assert_eq!(named(50), (0..50).map(|at| (at, 1)).collect::<Vec<_>>());
    assert_eq!(named(51), named(50));
}

#[test]
fn a_workbook_is_no_larger_than_what_is_kept_of_it() {
    let put = |row, column| Rows::default().put(row, column, "a".to_owned());
    assert_eq!((put(LAST_ROW_MAX, 255), put(LAST_ROW_MAX + 1, 0)), (Ok(()), Err(Unread::TooLarge)));
    assert_eq!(put(0, COLUMNS_MAX), Err(Unread::TooLarge));
    // What is empty is not there.
    assert_eq!(Rows::default().put(LAST_ROW_MAX + 1, 0, String::new()), Ok(()));
    let mut rows = Rows { size: EXPANDED_MAX - 3, ..Rows::default() };
    assert_eq!(rows.put(0, 0, "甲".to_owned()), Ok(()));
    assert_eq!(rows.size, EXPANDED_MAX);
    assert_eq!(rows.put(0, 1, "a".to_owned()), Err(Unread::TooLarge));
}

#[test]
fn all_parts_together_are_bounded_when_expanded() {
    let bytes = archive(&[("a".to_owned(), "a".repeat(30)), ("b".to_owned(), "b".repeat(20))]);
    assert_eq!((check_size(&bytes, 50), check_size(&bytes, 51)), (Ok(()), Ok(())));
    assert_eq!(check_size(&bytes, 49), Err(Unread::TooLarge));
    assert_eq!(check_size(&bytes, 29), Err(Unread::TooLarge));
    assert_eq!(check_size(b"PK\x03\x04", 50), Err(Unread::NoWorkbook));
}

#[test]
fn a_cell_reads_as_somebody_would_have_typed_it() {
    let time = |days: f64, kind| Data::DateTime(calamine::ExcelDateTime::new(days, kind, false));
    let at = |days: f64| time(days, calamine::ExcelDateTimeType::DateTime);
    for (data, text) in [
        (Data::Empty, ""),
        (Data::String("甲\r\n乙".to_owned()), "甲  乙"),
        (Data::DateTimeIso("2026-08-03".to_owned()), "2026-08-03"),
        (Data::Float(7.0), "7"),
        (Data::Float(7.25), "7.25"),
        (Data::Int(-7), "-7"),
        (Data::Bool(true), "TRUE"),
        (Data::Bool(false), "FALSE"),
        (Data::Error(calamine::CellErrorType::NA), "#N/A"),
        (at(46237.0), "2026-08-03"),
        (at(46237.375), "2026-08-03 09:00"),
        (at(46237.0 + 5.0 / 1440.0), "2026-08-03 00:05"),
        (time(0.5, calamine::ExcelDateTimeType::TimeDelta), "0.5"),
    ] {
        assert_eq!(cell(&data), text, "{data:?}");
    }
}
