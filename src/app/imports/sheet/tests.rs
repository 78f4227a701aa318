#![allow(clippy::unwrap_used)]

use super::*;

fn names(bytes: &[u8]) -> Result<Vec<String>, Vec<LineError>> {
    let sheet = Sheet::read(ImportKind::Units, bytes)?;
    Ok(sheet.rows().map(|row| format!("{}:{}", row.line(), row.optional("name_zh"))).collect())
}

#[test]
fn the_same_sheet_in_every_encoding_a_spreadsheet_writes() {
    let text = "单位编码,单位名称,单位类型,区划代码\r\nU01,县城市管理局,bureau,990001\r\n,,,\r\n";
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let tabs = text.replace(',', "\t");
    let semicolons = text.replace(',', ";");
    for bytes in [
        text.as_bytes().to_vec(),
        [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        [b"\xff\xfe", utf16.as_slice()].concat(),
        GB18030.encode(text).0.into_owned(),
        GB18030.encode(&tabs).0.into_owned(),
        semicolons.into_bytes(),
    ] {
        assert_eq!(names(&bytes).unwrap(), ["2:县城市管理局"]);
    }
}

#[test]
fn lines_are_counted_as_a_person_counts_them() {
    let text = "code,name_zh,kind,area_code\nU01,\"a\nb\",bureau,990001\n\nU02,c,bureau,990001\n";
    assert_eq!(names(text.as_bytes()).unwrap(), ["2:a\nb", "5:c"]);
}

#[test]
fn a_broken_file_is_refused_by_line() {
    let heading = "code,name_zh,kind,area_code";
    for (text, line, column) in [
        (String::new(), 1, ""),
        ("code,name_zh,kind,area_code,colour\n".to_owned(), 1, "colour"),
        ("code,name_zh,area_code\n".to_owned(), 1, "kind"),
        ("code,name_zh,kind,kind,area_code\n".to_owned(), 1, "kind"),
        (format!("{heading}\nU01,a,bureau,990001,more\n"), 2, ""),
    ] {
        let faults = names(text.as_bytes()).unwrap_err();
        assert_eq!((faults[0].line, faults[0].column.as_str()), (line, column), "{text}");
    }
    let mut bytes = format!("{heading}\nU01,a,bureau,990001\nU02,").into_bytes();
    bytes.extend_from_slice(b"\xff\xff,bureau,990001\n");
    assert_eq!(names(&bytes).unwrap_err()[0].line, 3);
}

#[test]
fn days_are_read_as_spreadsheets_write_them() {
    let text = "item_or_category,role,unit_code,valid_from\n\
        WM,lead,U01,2026/8/3\nWM,lead,U01,2026-08-03\nWM,lead,U01,2026-02-30\nWM,lead,U01,\n";
    let sheet = Sheet::read(ImportKind::Duties, text.as_bytes()).unwrap();
    let mut faults = Vec::new();
    let days: Vec<_> = sheet.rows().map(|row| row.day("valid_from", &mut faults)).collect();
    let day = Some(jiff::civil::Date::constant(2026, 8, 3));
    assert_eq!(days, [day, day, None, None]);
    assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [4]);
}

const HEADING: &str = "code,name_zh,kind,area_code";

/// Faults as `line column code: detail`.
fn told(faults: &[LineError]) -> Vec<String> {
    faults.iter().map(|it| format!("{} {} {}: {}", it.line, it.column, it.code, it.detail)).collect()
}

fn refused(text: &str) -> Vec<String> {
    told(&names(text.as_bytes()).unwrap_err())
}

/// A sheet of one unit with this code and this name.
fn unit(code: &str, name: &str) -> Sheet {
    let cells = [("code", code.to_owned()), ("name_zh", name.to_owned())];
    Sheet::of_form(ImportKind::Units, &cells).0
}

/// What `read` makes of a cell, and what it says is wrong with it.
fn with_cell<T>(cell: &str, read: impl FnOnce(&Row<'_>, &mut Vec<LineError>) -> T) -> (T, Vec<String>) {
    let sheet = unit(cell, cell);
    let mut faults = Vec::new();
    let value = read(&sheet.rows().next().unwrap(), &mut faults);
    (value, faults.iter().map(|it| format!("{}: {}", it.code, it.detail)).collect())
}

#[test]
fn a_line_ends_by_any_of_three_signs() {
    for (text, breaks) in [("", 0), ("a", 0), ("a\nb", 1), ("a\r\nb", 1), ("a\rb\r\rc", 3), ("a\r\n\nb\r\r\n", 4)] {
        assert_eq!(line_breaks(text), breaks, "{text:?}");
    }
    let rows = ["U01,甲,bureau,990001", "", "U02,\"乙\r\n乙\",bureau,990001", "", "", "U03,丙,bureau,990001"];
    for end in ["\n", "\r\n", "\r"] {
        let text = format!("{HEADING}{end}{}{end}", rows.join(end));
        assert_eq!(names(text.as_bytes()).unwrap(), ["2:甲", "4:乙\r\n乙", "8:丙"], "{end:?}");
    }
}

#[test]
fn headings_may_stand_below_titles_and_the_first_such_row_is_theirs() {
    let row = "U01,甲,bureau,990001";
    for above in ["", "一览表\n", "一览表\n\n单位,2026\n", "a\nb\nc\nd\n"] {
        let line = above.matches('\n').count() + 2;
        assert_eq!(names(format!("{above}{HEADING}\n{row}\n").as_bytes()).unwrap(), [format!("{line}:甲")]);
    }
    let known = "单位编码、单位名称、单位类型、区划代码、启用";
    let none = format!("1  missing: no headings among the first 5 lines; they are {known}");
    assert_eq!(refused(&format!("a\nb\nc\nd\ne\n{HEADING}\n{row}\n")), [none]);
    // What repeats the headings is a row.
    assert_eq!(names(format!("{HEADING}\n{HEADING}\n").as_bytes()).unwrap(), ["2:name_zh"]);
    // Any case, and the name or a heading.
    assert_eq!(names(format!("CODE,单位名称,Kind,区域代码\n{row}\n").as_bytes()).unwrap(), ["2:甲"]);
    // Of several signs the one that finds most headings separates, not the one that comes most often.
    let text = "code;name_zh;kind;area_code\n甲,乙,丙;丁;bureau;990001\n";
    assert_eq!(names(text.as_bytes()).unwrap(), ["2:丁"]);
    // A tab within a heading separates nothing.
    assert_eq!(refused("code,name_zh,kind\tarea_code\n").len(), 3);
}

#[test]
fn each_fault_of_the_headings_is_told() {
    assert_eq!(refused("code,name_zh,area_code\n"), ["1 kind missing: the column kind (单位类型) is missing"]);
    assert_eq!(refused(&format!("\n题\n{HEADING},类型\n")), ["3 kind duplicate: two columns of this name"]);
    let long = "色".repeat(41);
    let detail = "no such column; there are code, name_zh, kind, area_code, active";
    assert_eq!(refused(&format!("{HEADING},{long}\n")), [format!("1 {} unknown: {detail}", "色".repeat(40))]);
    // Empty ones are none.
    assert_eq!(names(format!("{HEADING},,\nU01,甲,bureau,990001,,\n").as_bytes()).unwrap(), ["2:甲"]);
}

#[test]
fn a_row_has_no_more_cells_than_there_are_headings() {
    let row = "U01,甲,bureau,990001";
    assert_eq!(names(format!("{HEADING}\n{row},,\n{row}\n").as_bytes()).unwrap(), ["2:甲", "3:甲"]);
    assert_eq!(refused(&format!("{HEADING}\n,,,\n{row},,,x\n{row}\n")), ["3  malformed: 7 cells under 4 headings"]);
    // A row that is too short has empty cells at its end.
    let sheet = Sheet::read(ImportKind::Units, format!("{HEADING}\nU01,甲\n").as_bytes()).unwrap();
    let row = sheet.rows().next().unwrap();
    let cells = ["name_zh", "kind", "active"].map(|column| row.cell(column));
    assert_eq!(cells, [Cell::Text("甲"), Cell::Empty, Cell::Absent]);
    assert_eq!(["name_zh", "kind", "active"].map(|column| row.optional(column)), ["甲", "", ""]);
}

#[test]
fn a_sheet_has_no_more_rows_than_a_transaction_bears() {
    let rows = |count: usize| format!("code\n{}", "U01\n".repeat(count));
    let read = |count: usize| Sheet::read(ImportKind::Units, rows(count).replace("code", HEADING).as_bytes());
    assert_eq!(read(SHEET_ROWS_MAX).unwrap().rows().count(), 20_000);
    let faults = read(SHEET_ROWS_MAX + 1).err().unwrap();
    assert_eq!(told(&faults), ["20002  out-of-range: more than 20000 rows: split the sheet"]);
}

#[test]
fn formulas_and_what_became_of_them_are_refused_wherever_they_stand() {
    for (cell, is_refused) in [
        ("=A1", true),
        ("＝A1", true),
        ("#REF!", true),
        ("#NAME?", true),
        ("####", true),
        ("#N/A", true),
        ("#3", false),
        ("#N/B", false),
        ("3!", false),
        ("甲=乙", false),
        ("N/A", false),
    ] {
        let faults = Sheet::of_form(ImportKind::Units, &[("code", "U01".into()), ("name_zh", cell.into())]).1;
        let expected = format!("1 name_zh malformed: {SPREADSHEET_MADE_THAT}");
        assert_eq!(told(&faults), if is_refused { vec![expected] } else { vec![] }, "{cell}");
        let text = format!("{HEADING}\nU01,{cell},bureau,990001\n");
        assert_eq!(names(text.as_bytes()).is_err(), is_refused, "{cell}");
    }
}

#[test]
fn a_form_is_a_sheet_of_one_row_with_the_columns_that_it_has() {
    let sheet = unit(" U01 ", "");
    let rows: Vec<Row<'_>> = sheet.rows().collect();
    assert_eq!((rows.len(), rows[0].line()), (1, 1));
    let cells = ["code", "name_zh", "kind"].map(|column| rows[0].cell(column));
    assert_eq!(cells, [Cell::Text("U01"), Cell::Empty, Cell::Absent]);
}

#[test]
fn a_code_is_one_word_that_no_spreadsheet_has_changed() {
    let own = |cell: &str| with_cell(cell, |row, faults| row.own_code("code", 8, faults));
    for code in ["U01", "true", "15", "e", "1-2", "1.2.3", "x.5", "2026-8-3", "12345678"] {
        assert_eq!(own(code), (code.to_owned(), vec![]));
    }
    assert_eq!(own("Ｕ０１"), ("U01".to_owned(), vec![]));
    for code in ["TRUE", "FALSE", "'U01", "1.5", "1e3", "1E3", "2026/8/3", "2026.8.3"] {
        assert_eq!(own(code), (code.to_owned(), vec![format!("malformed: {SPREADSHEET_MADE_THAT}")]));
    }
    for (code, fault) in [
        ("", "required: must not be empty"),
        ("U 01", "malformed: a code has no blanks"),
        ("U\n01", "malformed: a code has no blanks"),
        ("U\u{1}01", "malformed: must be one line"),
        ("123456789", "too-long: at most 8 characters"),
    ] {
        assert_eq!(own(code).1, [fault]);
    }
}

#[test]
fn a_text_is_one_line_of_bounded_length() {
    let text = |cell: &str| with_cell(cell, |row, faults| row.text("name_zh", 3, faults));
    assert_eq!(text("甲乙丙"), ("甲乙丙".to_owned(), vec![]));
    assert_eq!(text("").1, ["required: must not be empty"]);
    assert_eq!(text("甲乙丙丁").1, ["too-long: at most 3 characters"]);
    assert_eq!(text("甲\n乙").1, ["malformed: must be one line"]);
    assert_eq!(text("甲\n乙丙").1, ["too-long: at most 3 characters", "malformed: must be one line"]);
    let prose = |cell: &str| with_cell(cell, |row, faults| row.prose("name_zh", 3, faults));
    assert_eq!(prose(""), (String::new(), vec![]));
    assert_eq!(prose("甲乙丙丁").1, ["too-long: at most 3 characters"]);
}

#[test]
fn words_are_separated_as_people_separate_them() {
    let words = |cell: &str| with_cell(cell, |row, _| row.words("name_zh").map(str::to_owned).collect::<Vec<_>>()).0;
    assert_eq!(words("甲、乙，丙,丁;戊；己/庚 辛\u{3000}壬"), ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬"]);
    assert_eq!(words("、甲，，"), ["甲"]);
    assert_eq!(words(""), Vec::<String>::new());
}

#[test]
fn a_value_is_read_or_said_to_be_wrong() {
    let value = |cell: &str| with_cell(cell, |row, faults| row.value::<i32>("name_zh", "metres", faults));
    assert_eq!(value("12"), (Some(12), vec![]));
    assert_eq!(value(""), (None, vec!["required: metres".to_owned()]));
    assert_eq!(value("12m"), (None, vec!["malformed: `12m` is not metres".to_owned()]));
    let shown = "米".repeat(40);
    assert_eq!(value(&"米".repeat(41)).1, [format!("malformed: `{shown}` is not metres")]);
    let day = |cell: &str| with_cell(cell, |row, faults| row.day("name_zh", faults));
    assert_eq!(day(""), (None, vec![]));
    assert_eq!(day("2026年8月3日"), (Some(jiff::civil::Date::constant(2026, 8, 3)), vec![]));
    assert_eq!(day("8月3日").1, ["malformed: `8月3日` is not a full day such as 2026-08-03"]);
}

#[test]
fn yes_and_no_are_said_in_several_ways() {
    let yes = |cell: &str| with_cell(cell, |row, faults| row.yes("name_zh", faults));
    assert_eq!(yes(""), (None, vec![]));
    for cell in ["1", "是", "true", "TRUE", "yes", "Y", "√"] {
        assert_eq!(yes(cell), (Some(true), vec![]));
    }
    for cell in ["0", "否", "false", "FALSE", "No", "n", "×"] {
        assert_eq!(yes(cell), (Some(false), vec![]));
    }
    assert_eq!(yes("2"), (None, vec!["malformed: `2` is not 1 or 0, 是 or 否".to_owned()]));
}

#[test]
fn what_a_cell_names_is_there_or_is_said_to_be_missing() {
    let known = |name: &str| {
        let find = |name: &str| (name == "U01").then_some(1);
        with_cell(name, |row, faults| row.known("code", name, find, "unit", faults))
    };
    assert_eq!(known("U01"), (Some(1), vec![]));
    assert_eq!(known(""), (None, vec!["required: must name a unit".to_owned()]));
    assert_eq!(known("1.5"), (None, vec![format!("malformed: {SPREADSHEET_MADE_THAT}")]));
    let shown = "长".repeat(40);
    assert_eq!(known(&"长".repeat(41)), (None, vec![format!("unknown: no unit `{shown}`")]));
}

#[test]
fn what_a_sheet_does_not_say_stays_and_what_it_empties_is_told() {
    let kept = |column: &'static str, cell: &str, was: Option<&str>| {
        let (sheet, mut found) = (unit("U01", cell), Found::default());
        let row = sheet.rows().next().unwrap();
        let value = row.kept_text(column, was, 3, &mut found);
        let emptied: Vec<_> = found.emptied.into_iter().map(|it| (it.line, it.column, it.was)).collect();
        (value, emptied, told(&found.faults))
    };
    let value = |value: &str| (value.to_owned(), vec![], Vec::<String>::new());
    assert_eq!(kept("name_zh", "乙", Some("甲")), value("乙"));
    assert_eq!(kept("name_zh", "乙", None), value("乙"));
    assert_eq!(kept("kind", "乙", Some("甲")), value("甲"));
    assert_eq!(kept("kind", "乙", None), value(""));
    assert_eq!(kept("name_zh", "", None), value(""));
    assert_eq!(kept("name_zh", "", Some("")), value(""));
    assert_eq!(kept("name_zh", "", Some("甲")), (String::new(), vec![(1, "name_zh", "甲".to_owned())], vec![]));
    assert_eq!(kept("name_zh", "甲乙丙丁", None).2, ["1 name_zh too-long: at most 3 characters"]);
}

#[test]
fn a_file_that_is_no_text_is_refused_with_its_line() {
    // A byte order mark decides, and the rest is not of that encoding.
    let bytes = [b"\xef\xbb\xbfcode\r\n\r\nU01,".as_slice(), b"\xd6\xd0\n"].concat();
    let detail = "malformed: neither UTF-8 nor UTF-8: save the sheet as CSV UTF-8";
    assert_eq!(told(&decode(&bytes).unwrap_err()), [format!("3  {detail}")]);
    assert_eq!(decode(b"\xef\xbb\xbfU01").unwrap(), "U01");
    assert_eq!(decode(b"\xd6\xd0").unwrap(), "中");
    assert_eq!(
        told(&decode(b"PK\x03\x04").unwrap_err()),
        ["1  malformed: no workbook, or locked by a password: save it as xlsx"]
    );
    let far = super::workbook::tests::book(&["<row r=\"100002\"><c r=\"A100002\"><v>1</v></c></row>"]);
    assert_eq!(told(&decode(&far).unwrap_err()), ["1  out-of-range: the workbook is too large: split it"]);
    let formula = super::workbook::tests::book(&["<row r=\"5\"><c r=\"C5\"><f>A1</f></c></row>"]);
    let detail = "the formula in C5 has not been worked out: open the workbook in a spreadsheet and save it";
    assert_eq!(told(&decode(&formula).unwrap_err()), [format!("5  malformed: {detail}")]);
    let cells = super::workbook::tests::book(&["<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>"]);
    assert_eq!(decode(&cells).unwrap(), "1\n");
}
