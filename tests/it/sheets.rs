//! Sheets as spreadsheet programs really write them: a missing column leaves values as they are, an empty cell empties
//! them, and cells that a person would read as the same are the same.

use anfang::domain::import::{EmptyCell, ImportKind};
use encoding_rs::GB18030;
use serde_json::{Value, json};

use crate::support::service::{Answer, Client, Service};

fn load(client: &Client<'_>, kind: ImportKind, query: &str, bytes: &[u8]) -> Answer {
    client.send("POST", &format!("/imports/{kind}{query}"), &[("content-type", "text/csv")], Some(bytes))
}

fn import(client: &Client<'_>, kind: ImportKind, text: &str) -> Answer {
    load(client, kind, "", text.as_bytes())
}

/// A workbook with these rows on its second visible sheet, after an empty and a hidden one. Cells that begin with `#`
/// are numbers, days that of a spreadsheet.
fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().set_name("空").unwrap();
    book.add_worksheet().set_name("说明").unwrap().set_hidden(true).write_string(0, 0, "不读").unwrap();
    let sheet = book.add_worksheet();
    let day = rust_xlsxwriter::Format::new().set_num_format("yyyy/m/d");
    for (row, cells) in (0..).zip(rows) {
        for (at, cell) in (0..).zip(*cells) {
            match (cell.strip_prefix('#'), rust_xlsxwriter::ExcelDateTime::parse_from_str(cell)) {
                (Some(number), _) => sheet.write_number(row, at, number.parse::<f64>().unwrap()).unwrap(),
                (None, Ok(date)) => sheet.write_datetime_with_format(row, at, &date, &day).unwrap(),
                (None, Err(_)) if cell.is_empty() => sheet,
                (None, Err(_)) => sheet.write_string(row, at, *cell).unwrap(),
            };
        }
    }
    book.save_to_buffer().unwrap()
}

/// The workbook without the results that are `UNKNOWN`, as programs leave formulas that nobody has opened, and with an
/// empty text for `EMPTY`.
fn without_unknown_results(bytes: &[u8]) -> Vec<u8> {
    use std::io::{Cursor, Read as _, Write as _};
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut made = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let name = part.name().unwrap().to_string();
        let mut text = Vec::new();
        part.read_to_end(&mut text).unwrap();
        if name.contains("worksheets/") {
            let sheet = String::from_utf8(text).unwrap();
            assert!(!sheet.contains("UNKNOWN") || sheet.contains("<v>UNKNOWN</v>"), "{sheet}");
            text = sheet.replace("<v>UNKNOWN</v>", "").replace("<v>EMPTY</v>", "<v></v>").into_bytes();
        }
        made.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        made.write_all(&text).unwrap();
    }
    made.finish().unwrap().into_inner()
}

fn load_workbook(client: &Client<'_>, kind: ImportKind, bytes: &[u8]) -> Answer {
    let media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    client.send("POST", &format!("/imports/{kind}"), &[("content-type", media)], Some(bytes))
}

/// Faults as `line/column: code`.
fn faults(answer: Answer) -> Vec<String> {
    let errors = answer.refused(422, "invalid-fields").json["errors"].clone();
    let fault =
        |error: &Value| format!("{}: {}", &error["pointer"].as_str().unwrap()[1..], error["code"].as_str().unwrap());
    errors.as_array().unwrap().iter().map(fault).collect()
}

fn detail(answer: Answer) -> String {
    answer.refused(422, "invalid-fields").json["errors"][0]["detail"].as_str().unwrap().to_owned()
}

/// A row of each kind with a value in every column. A column that is added to the table of sheets fails here until it
/// has a value.
fn full_row(kind: ImportKind, column: &str) -> &'static str {
    match (kind, column) {
        (ImportKind::Units, "code") => "U77",
        (ImportKind::Units, "name_zh") => "县园林中心",
        (ImportKind::Units, "kind") => "institution",
        (ImportKind::Points, "code") => "990001-MKT-0777",
        (ImportKind::Points, "name_zh") => "城南农贸市场",
        (ImportKind::Points, "type") => "MKT",
        (ImportKind::Points, "lat") => "31.2301",
        (ImportKind::Points, "lon") => "107.4801",
        (ImportKind::Points, "radius_m") => "77",
        (ImportKind::Points, "campaigns") => "WM WS",
        (ImportKind::Points, "lead_unit_code") => "U02",
        (ImportKind::Points, "territorial_unit_code") => "U06",
        (ImportKind::Points, "area_code") => "990001003",
        (ImportKind::Points, "address_zh") => "城南路7号",
        (ImportKind::Points, "is_demo") | (ImportKind::Items, "veto" | "photo_required") => "1",
        (ImportKind::Items, "code") => "WM-77",
        (ImportKind::Items, "campaign") => "WM",
        (ImportKind::Items, "title_zh") => "灯不亮",
        (ImportKind::Items, "fault_zh") => "路灯不亮",
        (ImportKind::Items, "title_en") => "Lamps out",
        (ImportKind::Items, "point_types") => "MKT EST",
        (ImportKind::Items, "weight") => "4",
        (ImportKind::Items, "limit") => "3wd",
        (ImportKind::Items, "limit_note") => "换灯",
        (ImportKind::Items, "chips") => "灯不亮",
        (ImportKind::Items, "source") => "本县",
        (ImportKind::Users, "username") => "unit77",
        (ImportKind::Users, "display_name") => "园林经办",
        (ImportKind::Users, "role") => "unit",
        (ImportKind::Users, "unit_code") => "U03",
        (ImportKind::Users, "campaign") => "",
        (ImportKind::Users, "vice_head") => "1",
        (ImportKind::Duties, "scope") => "990001-MKT-0001",
        (ImportKind::Duties, "area_code" | "valid_from") if column == "area_code" => "",
        (ImportKind::Duties, "item_or_category") => "WM-07",
        (ImportKind::Duties, "role") => "frontage",
        (ImportKind::Duties, "unit_code") => "U04",
        (ImportKind::Duties, "valid_from") => "2026-08-01",
        (ImportKind::Duties, "valid_to") => "2026-12-31",
        (ImportKind::Calendar, "date") => "2027-02-08",
        (ImportKind::Calendar, "kind") => "off",
        (ImportKind::Calendar, "name_zh") => "春节",
        (ImportKind::Units, "area_code") => "990001",
        // What is out of use shows that an absent column does not put it back.
        (ImportKind::Units | ImportKind::Points | ImportKind::Users, "active") => "0",
        (kind, column) => panic!("no value for {kind} {column}"),
    }
}

/// The full row under all columns but those in `without`, with `empty` emptied.
fn sheet(kind: ImportKind, without: Option<&str>, empty: Option<&str>) -> String {
    let columns: Vec<&str> =
        kind.columns().iter().map(|column| column.name).filter(|name| Some(*name) != without).collect();
    let cells: Vec<&str> =
        columns.iter().map(|name| if Some(*name) == empty { "" } else { full_row(kind, name) }).collect();
    format!("{}\n{}\n", columns.join(","), cells.join(","))
}

fn doer(kind: ImportKind) -> &'static str {
    if kind == ImportKind::Users { "admin" } else { "office01" }
}

on_both! {
    /// A formula that no spreadsheet has worked out, as programs write it, has no value; an empty one is a value.
    fn a_formula_without_its_value_is_refused_by_name(db: TestDb) {
        let service = Service::start(db);
        let admin = service.sign_in("admin");
        let made = |results: [Option<&str>; 2]| {
            let mut book = rust_xlsxwriter::Workbook::new();
            let sheet = book.add_worksheet();
            for (at, heading) in (0..).zip(["code", "name_zh", "kind", "area_code"]) {
                sheet.write_string(0, at, heading).unwrap();
            }
            for (row, (code, result)) in (1..).zip(["U77", "U78"].into_iter().zip(results)) {
                sheet.write_string(row, 0, code).unwrap();
                let name = rust_xlsxwriter::Formula::new("=A1&A2").set_result(result.unwrap_or("UNKNOWN"));
                sheet.write_formula(row, 1, name).unwrap();
                sheet.write_string(row, 2, "bureau").unwrap();
                sheet.write_number(row, 3, 990_001).unwrap();
            }
            without_unknown_results(&book.save_to_buffer().unwrap())
        };
        let answer = load_workbook(&admin, ImportKind::Units, &made([Some("县水务局"), None]));
        let refused = answer.refused(422, "invalid-fields").json;
        assert_eq!((&refused["errors"][0]["pointer"], &refused["errors"][1]), (&json!("/3/"), &Value::Null), "{refused}");
        assert!(refused["errors"][0]["detail"].as_str().unwrap().contains("B3"), "{refused}");
        assert_eq!(faults(load_workbook(&admin, ImportKind::Units, &made([None, None]))), ["2/: malformed", "3/: malformed"]);
        assert_eq!(faults(load_workbook(&admin, ImportKind::Units, &made([Some("县水务局"), Some("EMPTY")]))), ["3/name_zh: required"]);
        load_workbook(&admin, ImportKind::Units, &made([Some("县水务局"), Some("县园林局")])).expect(200);
    }

    /// A code that was typed as a number keeps the zeros that its reader sees.
    fn a_number_that_is_shown_with_zeros_has_them(db: TestDb) {
        let service = Service::start(db);
        let admin = service.sign_in("admin");
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        for (at, heading) in (0..).zip(["code", "name_zh", "kind", "area_code"]) {
            sheet.write_string(0, at, heading).unwrap();
        }
        for (row, (number, format)) in (1..).zip([(7.0, "000"), (8.0, "\"B-\"0000"), (9.0, "General")]) {
            let format = rust_xlsxwriter::Format::new().set_num_format(format);
            sheet.write_number_with_format(row, 0, number, &format).unwrap();
            sheet.write_string(row, 1, format!("县{number}局")).unwrap();
            sheet.write_string(row, 2, "bureau").unwrap();
            sheet.write_string(row, 3, "990001").unwrap();
        }
        load_workbook(&admin, ImportKind::Units, &book.save_to_buffer().unwrap()).expect(200);
        let units = admin.get("/units").expect(200).json;
        let code = |name: &str| {
            let found = units["items"].as_array().unwrap().iter().find(|unit| unit["name"] == name);
            found.unwrap_or_else(|| panic!("{name}: {units}"))["code"].as_str().unwrap().to_owned()
        };
        assert_eq!([code("县7局"), code("县8局"), code("县9局")], ["007", "B-0008", "9"]);
    }

    fn a_workbook_is_read_like_a_sheet(db: TestDb) {
        let service = Service::start(db);
        let admin = service.sign_in("admin");
        let rows: [&[&str]; 5] = [
            &["县责任单位一览表"],
            &[],
            &["单位编号", "单位名称", "类型", "区划代码"],
            &["U77", "县园林\n中心", "institution", "#990001"],
            &["U78", "县水务局", "bureau", "990001"],
        ];
        let done = load_workbook(&admin, ImportKind::Units, &workbook(&rows)).expect(200).json;
        assert_eq!((&done["created"], &done["written"]), (&json!(2), &json!(true)), "{done}");
        let units = admin.get("/units").expect(200).json;
        let named = |name: &str| units["items"].as_array().unwrap().iter().any(|unit| unit["name"] == name);
        assert!(named("县园林 中心") && named("县水务局"), "{units}");
        // Lines are the rows of the workbook.
        let wrong: [&[&str]; 3] =
            [&[], &["code", "name_zh", "kind", "area_code"], &["U79", "甲", "nonsense", "990001"]];
        assert_eq!(faults(load_workbook(&admin, ImportKind::Units, &workbook(&wrong))), ["3/kind: unknown"]);
        // Days in the form in which a spreadsheet stores them.
        let days: [&[&str]; 2] = [&["date", "kind"], &["2027-10-01", "holiday"]];
        let office = service.sign_in("office01");
        let read = load_workbook(&office, ImportKind::Calendar, &workbook(&days));
        assert!(read.status == 200 || !faults(read).iter().any(|fault| fault.starts_with("2/date")));
        for broken in [b"PK\x03\x04nothing".to_vec(), workbook(&rows)[..600].to_vec()] {
            assert_eq!(faults(load_workbook(&admin, ImportKind::Units, &broken)), ["1/: malformed"]);
        }
    }

    fn a_workbook_that_expands_without_end_is_refused(db: TestDb) {
        let service = Service::start(db);
        let mut bomb = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        bomb.start_file("xl/worksheets/sheet1.xml", options).unwrap();
        let block = vec![b' '; 1 << 20];
        for _ in 0..130 {
            std::io::Write::write_all(&mut bomb, &block).unwrap();
        }
        let bytes = bomb.finish().unwrap().into_inner();
        assert!(bytes.len() < 1 << 20);
        let answer = load_workbook(&service.sign_in("admin"), ImportKind::Units, &bytes);
        assert_eq!(faults(answer), ["1/: out-of-range"]);
    }

    /// The memory that a workbook needs depends on the number of its cells, not on their positions or on how often a
    /// text is repeated.
    fn a_small_workbook_that_means_much_is_refused(db: TestDb) {
        let service = Service::start(db);
        let admin = service.sign_in("admin");
        let book = |cells: &mut dyn Iterator<Item = (u32, u16)>, text: &str| {
            let mut book = rust_xlsxwriter::Workbook::new();
            let sheet = book.add_worksheet();
            sheet.write_string(0, 0, "code").unwrap();
            for (row, column) in cells {
                sheet.write_string(row, column, text).unwrap();
            }
            book.save_to_buffer().unwrap()
        };
        let long = "长".repeat(10_000);
        for bytes in [
            book(&mut [(1_048_575, 16_383)].into_iter(), "远"),
            book(&mut [(1, 16_383)].into_iter(), "远"),
            book(&mut [(1_048_575, 0)].into_iter(), "远"),
            book(&mut (1..5_000).map(|row| (row, 1)), &long),
        ] {
            assert!(bytes.len() < 1 << 20, "{}", bytes.len());
            assert_eq!(faults(load_workbook(&admin, ImportKind::Units, &bytes)), ["1/: out-of-range"]);
        }
        // Rows may have gaps between them.
        let rows: [&[&str]; 3] = [&["单位编号", "单位名称", "类型", "区划代码"], &[], &["U77", "县水务局", "bureau", "990001"]];
        load_workbook(&admin, ImportKind::Units, &workbook(&rows)).expect(200);
    }

    fn a_column_that_a_sheet_has_not_keeps_its_value(db: TestDb) {
        let service = Service::start(db);
        for kind in ImportKind::ALL {
            let client = service.sign_in(doer(*kind));
            let made = import(&client, *kind, &sheet(*kind, None, None)).expect(200).json;
            assert_eq!(made["created"], 1, "{kind}");
            for column in kind.columns().iter().filter(|column| !column.required) {
                if column.name == "scope" {
                    // Without its place the row is another duty.
                    continue;
                }
                let answer = import(&client, *kind, &sheet(*kind, Some(column.name), None)).expect(200).json;
                let found = (&answer["created"], &answer["changed"], &answer["unchanged"], &answer["emptied_count"]);
                assert_eq!(found, (&json!(0), &json!(0), &json!(1), &json!(0)), "{kind} without {}", column.name);
            }
            // All of them missing at once.
            let required: Vec<&str> = kind.columns().iter().filter(|it| it.required || it.empty == EmptyCell::Names).map(|it| it.name).collect();
            let cells: Vec<&str> = required.iter().map(|name| full_row(*kind, name)).collect();
            let text = format!("{}\n{}\n", required.join(","), cells.join(","));
            let answer = import(&client, *kind, &text).expect(200).json;
            assert_eq!((&answer["changed"], &answer["unchanged"]), (&json!(0), &json!(1)), "{kind}");
        }
    }

    fn an_empty_cell_empties_and_the_check_says_what(db: TestDb) {
        let service = Service::start(db);
        for kind in ImportKind::ALL {
            let client = service.sign_in(doer(*kind));
            import(&client, *kind, &sheet(*kind, None, None)).expect(200);
            for column in kind.columns() {
                let text = sheet(*kind, None, Some(column.name));
                let place = format!("{kind} {}", column.name);
                let checked = load(&client, *kind, "?check=true", text.as_bytes());
                match column.empty {
                    // An account of another role names one: `tests/it/task_forces.rs`.
                    EmptyCell::Refused if full_row(*kind, column.name).is_empty() => {
                        assert_eq!(checked.expect(200).json["unchanged"], 1, "{place}");
                    }
                    EmptyCell::Refused => assert_eq!(faults(checked)[0].split(':').next(), Some(format!("2/{}", column.name).as_str()), "{place}"),
                    EmptyCell::Kept => {
                        let answer = checked.expect(200).json;
                        assert_eq!((&answer["unchanged"], &answer["emptied"]), (&json!(1), &json!([])), "{place}");
                    }
                    EmptyCell::Emptied => {
                        let answer = checked.expect(200).json;
                        assert_eq!((&answer["changed"], &answer["emptied_count"], &answer["written"]), (&json!(1), &json!(1), &json!(false)), "{place}");
                        let said = &answer["emptied"][0];
                        assert_eq!((&said["line"], &said["column"]), (&json!(2), &json!(column.name)), "{place}");
                        assert!(!said["was"].as_str().unwrap().is_empty(), "{place}");
                        // Written, it is empty: to empty it again changes nothing.
                        assert_eq!(import(&client, *kind, &text).expect(200).json["changed"], 1, "{place}");
                        let again = import(&client, *kind, &text).expect(200).json;
                        assert_eq!((&again["unchanged"], &again["emptied_count"]), (&json!(1), &json!(0)), "{place}");
                        import(&client, *kind, &sheet(*kind, None, None)).expect(200);
                    }
                    // The row is then another one, or none.
                    EmptyCell::Names => {}
                }
            }
        }
        let points = load(&service.sign_in("office01"), ImportKind::Points, "?check=true", sheet(ImportKind::Points, None, Some("territorial_unit_code")).as_bytes());
        assert_eq!(points.json["emptied"][0]["was"], "城关街道办事处");
    }

    fn the_required_columns_alone_change_nothing_of_points_that_are_there(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let before = service.point("990001-MKT-0001");
        let text = "code,name_zh,type,lat,lon,campaigns,lead_unit_code\n990001-MKT-0001,禾丰农贸市场,MKT,31.21025,107.49035,WM WS,U02\n";
        import(&office, ImportKind::Points, text).expect(200);
        let after = service.point("990001-MKT-0001");
        for field in ["territorial_unit_id", "radius_m", "address", "is_demo", "area_code"] {
            assert_eq!(after[field], before[field], "{field}");
        }
    }

    fn days_are_full_days_in_every_sheet(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let duty = |day: &str| format!("scope,item_or_category,role,unit_code,valid_to\n990001-MKT-0001,WM-08,frontage,U04,{day}\n");
        for day in ["2026-12-31", "2026/12/31", "2026.12.31", "2026年12月31日", "２０２６年１２月３１日"] {
            import(&office, ImportKind::Duties, &duty(day)).expect(200);
            let all = office.get("/duties").expect(200).json;
            let found = all["items"].as_array().unwrap().iter().find(|it| it["item_code"] == "WM-08" && it["role"] == "frontage");
            assert_eq!(found.unwrap()["valid_to"], "2026-12-31", "{day}");
        }
        let calendar = |day: &str| format!("date,kind\n{day},off\n");
        for day in ["26/12/31", "2026/8/3/上午", "8/3/2026", "46237", "2026-02-30", "1999-12-31", "2101-01-01", "2026-08"] {
            assert_eq!(faults(import(&office, ImportKind::Duties, &duty(day))), ["2/valid_to: malformed"], "{day}");
            assert_eq!(faults(import(&office, ImportKind::Calendar, &calendar(day))), ["2/date: malformed"], "{day}");
        }
        assert!(detail(import(&office, ImportKind::Calendar, &calendar("46237"))).contains("day number"));
    }

    fn what_looks_the_same_is_the_same(db: TestDb) {
        let service = Service::start(db);
        let (office, admin) = (service.sign_in("office01"), service.sign_in("admin"));
        let unit = |code: &str, name: &str| format!("code,name_zh,kind,area_code\n{code},{name},bureau,990001\n");
        let listed = office.get("/units").expect(200).json["items"].as_array().unwrap().len();
        let name = {
            let all = office.get("/units").expect(200).json;
            all["items"].as_array().unwrap().iter().find(|it| it["code"] == "U01").unwrap()["name"].as_str().unwrap().to_owned()
        };
        for code in ["U01\u{200b}", "\u{202e}U01", "U\u{ad}01", "U01\u{a0}", "Ｕ０１", "\u{feff}U01", "U01\u{3164}"] {
            let answer = import(&office, ImportKind::Units, &unit(code, &format!("{name}\u{200b}"))).expect(200).json;
            assert_eq!(answer["created"], 0, "{code:?}");
        }
        assert_eq!(office.get("/units").expect(200).json["items"].as_array().unwrap().len(), listed);
        // Another unit of the same name, but for what nobody sees.
        assert_eq!(faults(import(&office, ImportKind::Units, &unit("U90", &format!("{name}\u{200d}")))), ["2/name_zh: duplicate"]);
        // Twice in one sheet.
        let twice = format!("{}Ｕ９１,乙,bureau,990001\n", unit("U91", "甲"));
        assert_eq!(faults(import(&office, ImportKind::Units, &twice)), ["3/code: duplicate"]);
        // A letter with its accent, in one piece or in two, in a code and in a name.
        let [composed, decomposed] = ["caf\u{e9}", "cafe\u{301}"].map(|name| unit(&format!("Ｕ92{name}"), name));
        assert_eq!(import(&office, ImportKind::Units, &composed).expect(200).json["created"], 1);
        assert_eq!(import(&office, ImportKind::Units, &decomposed).expect(200).json["unchanged"], 1);
        assert_eq!(faults(import(&office, ImportKind::Units, &unit("U93", "cafe\u{301}"))), ["2/name_zh: duplicate"]);
        let twice = format!("{}U94cafe\u{301},丙,bureau,990001\n", unit("Ｕ94caf\u{e9}", "丁"));
        assert_eq!(faults(import(&office, ImportKind::Units, &twice)), ["3/code: duplicate"]);
        // Names and codes that a sheet refers to.
        let point = "code,name_zh,type,lat,lon,campaigns,lead_unit_code\n990001-ＭＫＴ-0901,市\u{200b}场,ＭＫＴ,31.2,107.4,ＷＭ,Ｕ０１\u{200b}\n";
        import(&office, ImportKind::Points, point).expect(200);
        assert_eq!(service.point("990001-MKT-0901")["name"], "市场");
        // Accounts, by sheet and by hand.
        let sheet = "username,display_name,role,unit_code\nｉｎｓｐｅｃｔｏｒ７７\u{200b},暗访\u{202e}77,inspector,\n";
        import(&admin, ImportKind::Users, sheet).expect(200);
        let found = admin.get("/users").expect(200).json;
        let named = |name: &str| found["items"].as_array().unwrap().iter().find(|user| user["username"] == name).cloned();
        assert_eq!(named("inspector77").unwrap()["display_name"], "暗访77");
        let body = json!({"username": "inspector78", "display_name": "暗\u{200b}访\u{202e}78", "role": "inspector"});
        assert_eq!(admin.post_json("/users", &body).expect(201).json["user"]["display_name"], "暗访78");
    }

    fn what_a_spreadsheet_made_of_a_code_is_no_code(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        for code in ["\"=\"\"U62\"\"\"", "=U62", "9.90001E+11", "1e3", "62.0", "'U62", "TRUE", "#N/A", "#REF!", "#NAME?", "####", "3月5日", "2026/3/5"] {
            let units = format!("code,name_zh,kind,area_code\n{code},甲局,bureau,990001\n");
            let answer = import(&office, ImportKind::Units, &units);
            if code == "3月5日" {
                // A code somebody may have meant.
                answer.expect(200);
                continue;
            }
            assert!(detail(answer).contains("spreadsheet"), "{code}");
            let points = format!("code,name_zh,type,lat,lon,campaigns,lead_unit_code\n990001-MKT-0901,甲,MKT,31.2,107.4,WM,{code}\n");
            assert!(detail(import(&office, ImportKind::Points, &points)).contains("spreadsheet"), "{code}");
        }
        for code in ["U62", "990001", "WM-07", "007"] {
            let units = format!("code,name_zh,kind,area_code\n{code},乙局{code},bureau,990001\n");
            import(&office, ImportKind::Units, &units).expect(200);
        }
        let named = "code,name_zh,kind,area_code\nU63,#REF!,bureau,990001\n";
        assert_eq!(faults(import(&office, ImportKind::Units, named)), ["2/name_zh: malformed"]);
    }

    fn titles_separators_and_line_ends_are_taken_as_they_come(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let rows = "单位编码,单位名称,单位类型,区划代码\nU81,甲局,部门,990001\nU82,,部门,990001\n";
        let titled = format!("某县责任单位名单,,,\n（2026年8月）\n{rows}");
        let tabbed = titled.replace(',', "\t");
        let semicolons = rows.replace(',', ";");
        for (text, line) in [
            (rows.to_owned(), 3),
            (titled.clone(), 5),
            (titled.replace('\n', "\r\n"), 5),
            (titled.replace('\n', "\r"), 5),
            (tabbed, 5),
            (semicolons.replace('\n', "\r"), 3),
            (format!("sep=;\n{semicolons}"), 4),
            // Within cells the other separators are text.
            (rows.replace("甲局", "甲\t局;一"), 3),
            (rows.replace("单位名称", "\"单位名称\"").replace("甲局", "\"甲,局\""), 3),
            (rows.replace("甲局", "\"甲\r\n局\""), 4),
        ] {
            for bytes in [text.as_bytes().to_vec(), GB18030.encode(&text).0.into_owned()] {
                let found = faults(load(&office, ImportKind::Units, "", &bytes));
                assert!(found.contains(&format!("{line}/name_zh: required")), "{text:?}: {found:?}");
                assert!(found.iter().all(|it| it.starts_with(&format!("{line}/")) || text.contains("甲\r\n") || text.contains('\t')), "{text:?}: {found:?}");
            }
        }
        for text in ["", "一,二\n三,四\n", "说明\n说明\n说明\n说明\n说明\n单位编码,单位名称,单位类型,区划代码\nU81,甲局,部门,990001\n"] {
            let answer = import(&office, ImportKind::Units, text).refused(422, "invalid-fields").json;
            assert!(answer["errors"][0]["detail"].as_str().unwrap().contains("no headings"), "{text}: {answer}");
        }
    }

    fn units_may_swap_their_names(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let made = "code,name_zh,kind,area_code\nU81,甲局,bureau,990001\nU82,乙局,bureau,990001\nU83,丙局,bureau,990001\n";
        import(&office, ImportKind::Units, made).expect(200);
        for names in [["乙局", "甲局", "丙局"], ["甲局", "丙局", "乙局"], ["丙局", "乙局", "甲局"]] {
            let text = format!("code,name_zh,kind,area_code\nU81,{},bureau,990001\nU82,{},bureau,990001\nU83,{},bureau,990001\n", names[0], names[1], names[2]);
            assert_eq!(import(&office, ImportKind::Units, &text).expect(200).json["created"], 0);
        }
        // One half of a swap is two units of one name.
        let half = "code,name_zh,kind,area_code\nU81,乙局,bureau,990001\n";
        assert_eq!(faults(import(&office, ImportKind::Units, half)), ["2/name_zh: duplicate"]);
        // A name that is another's code would be ambiguous where a sheet names units.
        let code = "code,name_zh,kind,area_code\nU81,U82,bureau,990001\n";
        assert_eq!(faults(import(&office, ImportKind::Units, code)), ["2/name_zh: duplicate"]);
    }

    fn a_year_without_named_days_is_told(db: TestDb) {
        let service = Service::start(db);
        let (office, unit) = (service.sign_in("office01"), service.sign_in("unit02"));
        assert_eq!(office.get("/calendar").expect(200).json["unnamed_years"], json!([]));
        let new_year = "date,kind\n2027-01-01,usual\n";
        assert_eq!(faults(import(&office, ImportKind::Calendar, new_year)), ["2/kind: not-allowed"]);
        // The service's clock stands at 2026-08-03; 110 working days later it is 2027.
        let item = "code,campaign,title_zh,point_types,weight,limit\nWM-07,WM,消防通道不占用堵塞,MKT EST,5,200wd\n";
        import(&office, ImportKind::Items, item).expect(200);
        let issue = service.report_with("990001-MKT-0001", "WM-07", "medium");
        service.steps(issue, &[anfang::domain::issue::Action::Approve, anfang::domain::issue::Action::Release]);
        let unsure = |client: &Client<'_>| client.read(issue).expect(200).json["due_unsure"].clone();
        assert_eq!(unsure(&office), json!(true));
        // Naming the year later does not make an old deadline any surer.
        import(&office, ImportKind::Calendar, "date,kind\n2027-02-08,off\n").expect(200);
        assert_eq!(unsure(&office), json!(true));
        let later = service.report_with("990001-MKT-0001", "WM-07", "medium");
        service.steps(later, &[anfang::domain::issue::Action::Approve, anfang::domain::issue::Action::Release]);
        assert_eq!(office.read(later).expect(200).json["due_unsure"], json!(false));
        // The unit and those who lead are told the same of it.
        let told = [&unit, &service.sign_in("leader01")];
        assert_eq!(told.map(&unsure), [json!(true), json!(true)]);
    }
}
