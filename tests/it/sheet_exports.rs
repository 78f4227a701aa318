//! Templates and exports of sheets, lists in other coordinate systems, and names instead of codes.

use std::io::Cursor;

use anfang::domain::import::ImportKind;
use calamine::{Data, Reader as _, Xlsx};
use serde_json::{Value, json};

use crate::support::service::{Answer, Client, Service};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn import(client: &Client<'_>, kind: ImportKind, media: &str, query: &str, bytes: &[u8]) -> Answer {
    client.send("POST", &format!("/imports/{kind}{query}"), &[("content-type", media)], Some(bytes))
}

fn points(client: &Client<'_>, query: &str, sheet: &str) -> Value {
    import(client, ImportKind::Points, "text/csv", query, sheet.as_bytes()).expect(200).json
}

/// Every cell of a sheet of a workbook, row by row.
fn cells(bytes: &[u8], sheet: usize) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range_at(sheet).unwrap().unwrap();
    range.rows().map(|row| row.iter().map(Data::to_string).collect()).collect()
}

on_both! {
    fn what_is_there_imports_again_unchanged(db: TestDb) {
        let service = Service::start(db);
        let admin = service.sign_in("admin");
        let more = "code,name_zh,type,campaigns,lead_unit_code,address_zh,active\n990001-MKT-0061,城南市场,MKT,WM,U02,\"城南路, 7 号\",0\n";
        points(&admin, "", more);
        for kind in ImportKind::ALL {
            for (format, media) in [("xlsx", XLSX), ("csv", "text/csv"), ("csv-gb18030", "text/csv")] {
                let path = format!("/imports/{kind}/export?format={format}");
                let file = admin.get(&path).expect(200);
                let again = import(&admin, *kind, media, "?check=true", &file.bytes).expect(200).json;
                let counted = ["created", "changed", "emptied_count"].map(|field| again[field].as_u64().unwrap());
                assert_eq!(counted, [0, 0, 0], "{kind} {format} {again}");
                assert!(again["unchanged"].as_u64().unwrap() > 0, "{kind} {format}");
                assert!(file.header("content-disposition").starts_with("attachment"), "{kind}");
            }
        }
        let users = String::from_utf8(admin.get("/imports/users/export").expect(200).bytes).unwrap();
        assert!(users.contains("office01") && !users.contains("$argon2"), "{users}");
        service.sign_in("office01").get("/imports/users/export").refused(403, "forbidden");
        admin.get("/imports/nothing/export").refused(404, "not-found");
    }

    fn a_template_tells_what_each_column_takes(db: TestDb) {
        let service = Service::start(db);
        let admin = service.sign_in("admin");
        for kind in ImportKind::ALL {
            let file = admin.get(&format!("/imports/{kind}/template")).expect(200).bytes;
            let headings: Vec<&str> = kind.columns().iter().map(|column| column.headings[0]).collect();
            assert_eq!(cells(&file, 0), std::slice::from_ref(&headings), "{kind}");
            let explained = cells(&file, 1);
            let told: Vec<&str> = explained.iter().skip(1).map(|row| &*row[0]).collect();
            assert_eq!(told, headings, "{kind}");
            // Nothing is in it yet.
            let read = import(&admin, *kind, XLSX, "?check=true", &file).expect(200).json;
            assert_eq!((&read["created"], &read["unchanged"]), (&json!(0), &json!(0)), "{kind}");
        }
        let valid = |kind: &str, column: usize| {
            let file = admin.get(&format!("/imports/{kind}/template")).expect(200).bytes;
            cells(&file, 1)[column + 1][4].clone()
        };
        assert!(valid("users", 2).contains("督查室（office）"));
        assert!(valid("points", 2).contains("（MKT）"));
        assert!(valid("points", 8).contains("（U01）"));
    }

    fn names_stand_for_codes(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let reference = office.get("/reference").expect(200).json;
        let named = |list: &str, code: &str| {
            let found = reference[list].as_array().unwrap().iter().find(|one| one["code"] == code).unwrap();
            found["name"].as_str().unwrap().to_owned()
        };
        let township = reference["units"].as_array().unwrap().iter().find(|unit| unit["kind"] == "township").unwrap();
        let sheet = format!(
            "点位编码,点位名称,点位类型,创建项目,主责单位,区划代码,地址\n990001-MKT-0061,城南市场,{},{},{},{},城南路\n",
            named("point_types", "MKT"), named("campaigns", "WM"), named("units", "U02"), township["name"].as_str().unwrap()
        );
        points(&office, "", &sheet);
        let point = service.point("990001-MKT-0061");
        assert_eq!((&point["type"], &point["campaigns"]), (&json!("MKT"), &json!(["WM"])));
        assert_eq!(point["area_code"], township["area_code"]);
    }

    fn accounts_may_be_called_as_the_forms_call_them(db: TestDb) {
        let service = Service::start(db);
        let admin = service.sign_in("admin");
        for (name, role) in [("责任单位", "unit"), ("责任单位经办人", "unit"), ("unit", "unit")] {
            let sheet = format!("用户名,姓名,角色,责任单位\nclerk{},经办,{name},U01\n", name.len());
            let answer = import(&admin, ImportKind::Users, "text/csv", "", sheet.as_bytes()).expect(200).json;
            assert_eq!(answer["created"], 1, "{name}");
            let users = admin.get("/users").expect(200).json;
            let wanted = format!("clerk{}", name.len());
            let found = users["items"].as_array().unwrap().iter().find(|one| one["username"] == *wanted).unwrap();
            assert_eq!(found["role"], role, "{name}");
        }
    }

    fn a_list_in_another_system_is_stored_as_wgs84(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let sheet = |lat: &str, lon: &str| format!("code,name_zh,type,lat,lon,campaigns,lead_unit_code\n990001-MKT-0061,城南市场,MKT,{lat},{lon},WM,U02\n");
        let there = || {
            let at = service.point("990001-MKT-0061")["location"].clone();
            (at["lat"].as_f64().unwrap(), at["lon"].as_f64().unwrap())
        };
        // The same place in all of them, by `gcoord`.
        for (query, lat, lon) in [
            ("", "31.21025", "107.49035"),
            ("?crs=cgcs2000", "31.21025", "107.49035"),
            ("?crs=gcj02", "31.20804138446658", "107.49493680038341"),
            ("?crs=bd09", "31.214126097507016", "107.50142071819889"),
        ] {
            points(&office, query, &sheet(lat, lon));
            let (north, east) = there();
            assert!((north - 31.21025).abs() < 1e-6 && (east - 107.49035).abs() < 1e-6, "{query} {north} {east}");
            // The same list again changes nothing.
            assert_eq!(points(&office, query, &sheet(lat, lon))["unchanged"], 1, "{query}");
        }
        import(&office, ImportKind::Points, "text/csv", "?crs=xx", b"").refused(400, "malformed-request");
        let half = "code,name_zh,type,lat,campaigns,lead_unit_code\n990001-MKT-0061,城南市场,MKT,31.2,WM,U02\n";
        let refused = import(&office, ImportKind::Points, "text/csv", "?crs=gcj02", half.as_bytes()).refused(422, "invalid-fields");
        assert_eq!(refused.json["errors"][0]["pointer"], "/2/lon");
    }

    fn a_list_that_looks_shifted_is_warned_of(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let export = String::from_utf8(office.get("/imports/points/export").expect(200).bytes).unwrap();
        let text = export.trim_start_matches('\u{feff}');
        let check = |query: &str| points(&office, query, text)["doubt"].clone();
        assert_eq!(check("?check=true"), Value::Null);
        assert_eq!(check("?check=true&crs=cgcs2000"), Value::Null);
        // Positions in WGS-84 are imported as if they came from Amap or Baidu.
        for crs in ["gcj02", "bd09"] {
            assert_eq!(check(&format!("?check=true&crs={crs}")), "shifted", "{crs}");
        }
        let mut far = String::from("code,name_zh,type,lat,lon,campaigns,lead_unit_code\n");
        for number in 1..5 {
            far += &format!("990001-MKT-070{number},远{number},MKT,40.{number},116.4,WM,U02\n");
        }
        assert_eq!(points(&office, "?check=true", &far)["doubt"], "elsewhere");
    }
}
