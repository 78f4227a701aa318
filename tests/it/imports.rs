//! Importing sheets, and using what was imported: responsible units, the nearest points.

use anfang::domain::policy::Permission;
use encoding_rs::GB18030;
use serde_json::{Value, json};

use crate::support::cast;
use crate::support::service::{Answer, Client, PASSWORD, Service};

fn import(client: &Client<'_>, kind: &str, bytes: &[u8]) -> Answer {
    client.send("POST", &format!("/imports/{kind}"), &[("content-type", "text/csv")], Some(bytes))
}

fn check(client: &Client<'_>, kind: &str, bytes: &[u8]) -> Answer {
    client.send("POST", &format!("/imports/{kind}?check=true"), &[("content-type", "text/csv")], Some(bytes))
}

/// Faults as `line/column: code`.
fn faults(answer: &Answer) -> Vec<String> {
    let errors = answer.json["errors"].as_array().unwrap().iter();
    errors
        .map(|error| format!("{}: {}", &error["pointer"].as_str().unwrap()[1..], error["code"].as_str().unwrap()))
        .collect()
}

const POINTS: &str = "\
点位编码,点位名称,点位类型,纬度,经度,创建项目,示范点位,主责单位,属地单位,地址
990001-MKT-0101,城北农贸市场,农贸（集贸）市场,31.2301,107.4801,文明城市、卫生城市（县）,是,县市场监督管理局,U06,城北路1号
990001-ROAD-0101,滨河路,ROAD,31.2302,107.4802,WM WS,否,U01,,
990001-MKT-0001,禾丰农贸市场（新名）,MKT,31.21025,107.49035,WM WS,1,U02,U06,青禾县城关街道禾丰路18号
";

on_both! {
    fn next_years_holidays_are_loaded_as_a_new_version(db: TestDb) {
        let service = Service::start(db);
        let (office, unit) = (service.sign_in("office01"), service.sign_in("unit01"));
        let before = office.get("/calendar").expect(200).json;
        assert_eq!(before["version"], 1);
        let text = "日期,安排,名称\n2027/2/8,休,春节\n2027-02-06,班,春节调休\n2026-10-01,平,\n2026-10-02,off,国庆\n";
        let expected = |written: bool| json!({"created": 2, "changed": 1, "unchanged": 1, "written": written, "passwords": [], "emptied": [], "emptied_count": 0, "doubt": null});
        assert_eq!(check(&office, "calendar", text.as_bytes()).expect(200).json, expected(false));
        assert_eq!(office.get("/calendar").expect(200).json, before);
        assert_eq!(import(&office, "calendar", text.as_bytes()).expect(200).json, expected(true));
        let after = unit.get("/calendar").expect(200).json;
        let has = |list: &str, day: &str| after[list].as_array().unwrap().contains(&json!(day));
        assert!(has("off", "2027-02-08") && has("makeup", "2027-02-06") && has("off", "2026-10-02"), "{after}");
        assert!(!has("off", "2026-10-01"), "{after}");
        assert_eq!((&after["version"], after["versions"].as_array().unwrap().len()), (&json!(2), 2));
        // The same again makes no version.
        import(&office, "calendar", text.as_bytes()).expect(200);
        assert_eq!(office.get("/calendar").expect(200).json["version"], 2);
        let faulty = "date,kind\n2027-02-09,班\n2027-13-01,休\n,休\n2027-02-10,假\n2027-02-09,休\n1027-02-10,休\n";
        let mut found = faults(&check(&office, "calendar", faulty.as_bytes()).refused(422, "invalid-fields"));
        found.sort();
        let expected = [
            "2/kind: not-allowed", "3/date: malformed", "4/date: required", "5/kind: unknown", "6/date: duplicate",
            "7/date: malformed",
        ];
        assert_eq!(found, expected);
        import(&unit, "calendar", text.as_bytes()).refused(403, "forbidden");
    }

    fn a_good_sheet_is_loaded_in_every_encoding(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let gb18030 = GB18030.encode(POINTS).0;
        let with_mark = [b"\xef\xbb\xbf", POINTS.as_bytes()].concat();
        let checked = check(&office, "points", &gb18030).expect(200).json;
        assert_eq!(checked, json!({"created": 2, "changed": 1, "unchanged": 0, "written": false, "passwords": [], "emptied": [], "emptied_count": 0, "doubt": null}));
        assert_eq!(service.point("990001-MKT-0001")["name"], "禾丰农贸市场");
        let written = import(&office, "points", &gb18030).expect(200).json;
        assert_eq!(written, json!({"created": 2, "changed": 1, "unchanged": 0, "written": true, "passwords": [], "emptied": [], "emptied_count": 0, "doubt": null}));
        let market = service.point("990001-MKT-0101");
        let type_radius = service.point("990001-MKT-0001")["radius_m"].clone();
        for (field, value) in [
            ("name", json!("城北农贸市场")),
            ("type", json!("MKT")),
            ("campaigns", json!(["WM", "WS"])),
            ("is_demo", json!(true)),
            ("lead_unit_id", json!(service.unit("U02"))),
            ("territorial_unit_id", json!(service.unit("U06"))),
            ("area_code", json!("990001")),
            ("radius_m", type_radius),
        ] {
            assert_eq!(market[field], value, "{field}");
        }
        assert_eq!(service.point("990001-MKT-0001")["name"], "禾丰农贸市场（新名）");
        for bytes in [&with_mark, POINTS.as_bytes()] {
            let again = import(&office, "points", bytes).expect(200).json;
            assert_eq!(again, json!({"created": 0, "changed": 0, "unchanged": 3, "written": true, "passwords": [], "emptied": [], "emptied_count": 0, "doubt": null}));
        }
        let audit = service.sign_in("discipline01").get("/audit?action=imported").expect(200).json;
        let records: Vec<_> = audit["items"].as_array().unwrap().iter().map(|row| &row["detail"]).collect();
        assert_eq!(records, ["0 new, 0 changed, 3 as they were", "0 new, 0 changed, 3 as they were", "2 new, 1 changed, 0 as they were"]);
    }

    fn a_sheet_with_faults_names_them_all_and_writes_nothing(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let before = office.get("/points?limit=200").expect(200).json;
        let text = "code,name_zh,type,lat,lon,radius_m,campaigns,lead_unit_code,territorial_unit_code,active\n\
            990001-MKT-0102,好的,MKT,31.2,107.4,,WM,U01,,\n\
            990001-MKT-0102,,MKT,31.2,107.4,,WM,U01,,\n\
            990001-MKT-0103,\"两\n行\",XXX,91,abc,,WM,U01,,\n\
            990001-MKT-0104,甲,MKT,31.2,107.4,0,QQ,U99,U98,maybe\n";
        let faulty = [
            "3/code: duplicate", "3/name_zh: required", "4/lon: malformed", "4/name_zh: malformed", "4/type: unknown",
            "6/active: malformed", "6/campaigns: unknown", "6/lead_unit_code: unknown", "6/radius_m: out-of-range",
            "6/territorial_unit_code: unknown",
        ];
        for encoded in [text.as_bytes(), &GB18030.encode(text).0] {
            for answer in [check(&office, "points", encoded), import(&office, "points", encoded)] {
                let mut found = faults(&answer.refused(422, "invalid-fields"));
                found.sort();
                assert_eq!(found, faulty);
            }
        }
        for (kind, text, fault) in [
            ("units", "code,name_zh,kind\n", "1/area_code: missing"),
            ("units", "code,name_zh,kind,area_code\nU20,县城市管理局,bureau,990001\n", "2/name_zh: duplicate"),
            ("items", "code,campaign,title_zh,point_types,weight,limit\nWM-90,WM,新,MKT,6,3wd\n", "2/weight: out-of-range"),
            ("items", "code,campaign,title_zh,point_types,weight,limit\nWM-07,WS,换,MKT,1,3wd\n", "2/campaign: not-allowed"),
            ("items", "code,campaign,title_zh,point_types,weight,limit\nWM-90,WM,新,MKT,1,3days\n", "2/limit: malformed"),
            ("items", "code,campaign,title_zh,point_types,weight,limit,chips\nWM-90,WM,新,MKT,1,3wd,灯不亮 脏\n", "2/chips: unknown"),
            ("duties", "item_or_category,role,unit_code\nWM-07,lead,U01\n", "2/area_code: required"),
            ("duties", "area_code,item_or_category,role,unit_code\n990001,WM,lead,U02\n", "2/role: duplicate"),
        ] {
            assert_eq!(faults(&import(&office, kind, text.as_bytes()).refused(422, "invalid-fields")), [fault], "{text}");
        }
        assert_eq!(office.get("/points?limit=200").expect(200).json, before);
        import(&office, "streets", b"").refused(404, "not-found");
        import(&office, "points", &vec![b'x'; 8 * 1024 * 1024 + 1]).refused(413, "body-too-large");
    }

    fn units_and_items_are_changed_by_their_code(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let units = "编码,名称,类型,区划代码,启用\nU01,县城市管理执法局,部门,990001,\nU21,河东镇人民政府,乡镇街道,990001003,\nU05,县交通运输局,bureau,990001,否\n";
        assert_eq!(import(&office, "units", units.as_bytes()).expect(200).json["changed"], 2);
        let listed = office.get("/units").expect(200).json;
        let of = |name: &str| listed["items"].as_array().unwrap().iter().find(|unit| unit["name"] == name).unwrap()["active"].clone();
        // A retired one keeps its name, because old issues name it.
        let found = ["县城市管理执法局", "河东镇人民政府", "县交通运输局"].map(of);
        assert_eq!(found, [json!(true), json!(true), json!(false)]);
        let before = item(&office, "WM-07");
        let items = "code,campaign,title_zh,point_types,weight,limit\nWM-07,WM,消防通道被占,小区 MKT,5,P\n";
        // A type of points that is none by that name.
        assert_eq!(faults(&import(&office, "items", items.as_bytes()).refused(422, "invalid-fields")), ["2/point_types: unknown"]);
        let items = items.replace("小区 MKT", "EST MKT");
        assert_eq!(import(&office, "items", items.as_bytes()).expect(200).json["changed"], 1);
        let after = item(&office, "WM-07");
        assert_eq!((&after["title"], &after["limit"], &after["weight"]), (&json!("消防通道被占"), &Value::Null, &json!(5)));
        // What is wrong is said beside what is asked for, and by that where a county says nothing else.
        assert_eq!(after["fault"], "消防通道被占用、堵塞");
        for (said, fault) in [("通道堵了", "通道堵了"), ("", "消防通道被占")] {
            let items = format!("code,campaign,title_zh,问题表述,point_types,weight,limit\nWM-07,WM,消防通道被占,{said},MKT,5,P\n");
            import(&office, "items", items.as_bytes()).expect(200);
            assert_eq!(item(&office, "WM-07")["fault"], fault);
        }
        // Values without a column in the sheet stay.
        assert_eq!((&after["chips"], &after["source"], &after["veto"]), (&before["chips"], &before["source"], &before["veto"]));
    }

    fn points_out_of_use_are_shown_to_those_who_keep_them(db: TestDb) {
        let service = Service::start(db);
        let (office, inspector) = (service.sign_in("office01"), service.sign_in("inspector01"));
        let codes = |client: &Client<'_>, query: &str| -> Vec<String> {
            let found = client.get(&format!("/points?limit=200{query}")).expect(200).json;
            found["items"].as_array().unwrap().iter().map(|point| point["code"].as_str().unwrap().to_owned()).collect()
        };
        assert!(codes(&office, "&active=false").is_empty());
        let all = codes(&inspector, "");
        let point = service.point("990001-MKT-0001");
        let at = format!("{},{}", point["location"]["lat"], point["location"]["lon"]);
        let sheet = format!("code,name_zh,type,lat,lon,campaigns,lead_unit_code,active\n990001-MKT-0001,禾丰农贸市场,MKT,{at},WM,U01,0\n");
        import(&office, "points", sheet.as_bytes()).expect(200);
        assert_eq!(codes(&office, "&active=false"), ["990001-MKT-0001"]);
        assert_eq!(codes(&office, &format!("&active=false&near={at}")), ["990001-MKT-0001"]);
        assert!(codes(&office, "&active=false&q=zzz").is_empty());
        let left: Vec<String> = all.into_iter().filter(|code| code != "990001-MKT-0001").collect();
        for query in ["", "&active=true"] {
            assert_eq!(codes(&inspector, query), left, "{query}");
        }
        for person in cast::one_of_each().filter(|person| !person.may(Permission::ManageReference)) {
            service.sign_in(person.username).get("/points?active=false").refused(403, "forbidden");
        }
        assert_eq!(codes(&service.sign_in("admin"), "&active=false"), ["990001-MKT-0001"]);
    }

    fn accounts_are_loaded_by_the_administrator_with_passwords_told_once(db: TestDb) {
        let service = Service::start(db);
        let admin = service.sign_in("admin");
        let sheet = "用户名,姓名,角色,责任单位\nunit21,城管局经办二,责任单位经办人,县城市管理局\ninspector21,暗访21,暗访员,\nunit01,新名字,unit,U01\n";
        import(&service.sign_in("office01"), "users", sheet.as_bytes()).refused(403, "forbidden");
        assert_eq!(check(&admin, "users", sheet.as_bytes()).expect(200).json["passwords"], json!([]));
        let written = import(&admin, "users", sheet.as_bytes()).expect(200).json;
        assert_eq!((&written["created"], &written["changed"]), (&json!(2), &json!(1)));
        let first = &written["passwords"][0];
        assert_eq!(first["username"], "unit21");
        let signed = service.try_sign_in("unit21", first["password"].as_str().unwrap()).expect(201).json;
        assert_eq!((&signed["user"]["role"], &signed["user"]["unit_id"]), (&json!("unit"), &json!(service.unit("U01"))));
        service.try_sign_in("unit01", PASSWORD).expect(201);
        // The last administrator stays, and then so does everything else.
        let sheet = "username,display_name,role,unit_code,active\ninspector22,暗访22,inspector,,\nadmin,管理员,admin,,0\n";
        assert_eq!(faults(&import(&admin, "users", sheet.as_bytes()).refused(422, "invalid-fields")), ["3/disabled: not-allowed"]);
        let users = admin.get("/users").expect(200).json;
        assert!(users["items"].as_array().unwrap().iter().all(|user| user["username"] != "inspector22"));
        let created = service.sign_in("discipline01").get("/audit?action=user-created").expect(200).json;
        assert_eq!(created["items"].as_array().unwrap().len(), 2);
    }

    fn the_most_specific_duty_of_the_day_names_the_lead(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let point = service.point("990001-ROAD-0001")["id"].as_str().unwrap().to_owned();
        let responsible = || office.get(&format!("/points/{point}/responsible?item=WM-11")).expect(200).json;
        let lead = |basis: &str, unit: &str| {
            let found = responsible();
            assert_eq!((&found["basis"], &found["lead_unit_id"]), (&json!(basis), &json!(service.unit(unit))));
        };
        // Seeded: the point's own duties.
        let seeded = responsible();
        let load = |rows: &str| {
            let sheet = format!("scope,area_code,item_or_category,role,unit_code,valid_from,valid_to\n{rows}");
            import(&office, "duties", sheet.as_bytes()).expect(200);
        };
        assert_eq!(seeded["basis"], "point-category");
        // Day by day, while the clock stands still: today is within, then not yet, then no more.
        load("990001-ROAD-0001,,WM-11,lead,U07,2026/8/4,\n");
        assert_eq!(responsible(), seeded);
        load("990001-ROAD-0001,,WM-11,lead,U05,,2026-08-03\n");
        lead("point-item", "U05");
        load("990001-ROAD-0001,,WM-11,lead,U05,,2026-08-02\n");
        assert_eq!(responsible(), seeded);
        load("990001-ROAD-0001,,WM-11,门前责任,U08,,\n,990001,WM,co,U04,,\n");
        let others = responsible()["others"].clone();
        assert!(others.as_array().unwrap().contains(&json!({"role": "frontage", "unit_id": service.unit("U08")})), "{others}");
        assert!(others.as_array().unwrap().contains(&json!({"role": "co", "unit_id": service.unit("U04")})), "{others}");
        office.get(&format!("/points/{point}/responsible?item=XX-01")).refused(422, "invalid-fields");
        assert!(office.get("/duties").expect(200).json["items"].as_array().unwrap().len() > 50);
    }

    fn the_nearest_points_are_those_a_full_search_finds(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        // Points on a spiral out from the middle of the county to the other side of the earth, and on the poles.
        let mut sheet = String::from("code,name_zh,type,lat,lon,campaigns,lead_unit_code\n");
        for index in 0..150_u32 {
            let far = 0.000_5 * 1.09_f64.powi(i32::try_from(index).unwrap());
            let (lat, lon) = (31.21 + far * f64::from(index).cos(), 107.49 + far * f64::from(index).sin());
            let lat = lat.clamp(-90.0, 90.0);
            let lon = (lon + 180.0).rem_euclid(360.0) - 180.0;
            let (kind, campaign) = if index % 7 == 0 { ("PARK", "YL") } else { ("ROAD", "WM") };
            sheet += &format!("990001-{kind}-{:04},点{index},{kind},{lat:.6},{lon:.6},{campaign},U01\n", 5_000 + index);
        }
        import(&office, "points", sheet.as_bytes()).expect(200);
        let all = office.get("/points?limit=200").expect(200).json;
        let all = all["items"].as_array().unwrap();
        assert_eq!(all.len(), 166);
        let radians = |point: &Value, axis: &str| point["location"][axis].as_f64().unwrap().to_radians();
        for (lat, lon) in [(31.21, 107.49), (31.22, 107.5), (0.0, 179.999), (0.0, -180.0), (89.9, 10.0), (-90.0, 0.0), (60.0, -30.0)] {
            for (filter, limit) in [("", 1), ("", 10), ("", 200), ("&type=PARK", 3), ("&campaign=YL", 20), ("&q=%E7%82%B97", 5)] {
                let found = office.get(&format!("/points?near={lat},{lon}&limit={limit}{filter}")).expect(200).json;
                let found: Vec<f64> =
                    found["items"].as_array().unwrap().iter().map(|point| point["distance_m"].as_f64().unwrap()).collect();
                let fits = |point: &&Value| match filter {
                    "" => true,
                    "&type=PARK" => point["type"] == "PARK",
                    "&campaign=YL" => point["campaigns"].as_array().unwrap().contains(&json!("YL")),
                    _ => point["name"].as_str().unwrap().contains("点7"),
                };
                // The spherical law of cosines in its stable form: not the code's own formula.
                let distance = |point: &Value| {
                    let (a, b, l) = (f64::to_radians(lat), radians(point, "lat"), radians(point, "lon") - f64::to_radians(lon));
                    let y = ((b.cos() * l.sin()).powi(2) + (a.cos() * b.sin() - a.sin() * b.cos() * l.cos()).powi(2)).sqrt();
                    y.atan2(a.sin() * b.sin() + a.cos() * b.cos() * l.cos()) * 6_371_008.8
                };
                let mut expected: Vec<f64> = all.iter().filter(fits).map(distance).collect();
                expected.sort_by(f64::total_cmp);
                expected.truncate(limit);
                assert_eq!(found.len(), expected.len(), "{lat},{lon} {filter} {limit}");
                for (found, expected) in found.iter().zip(&expected) {
                    assert!((found - expected).abs() < 0.5, "{lat},{lon} {filter} {limit}: {found} {expected}");
                }
            }
        }
    }
}

fn item(client: &Client<'_>, code: &str) -> Value {
    let all = client.get("/items").expect(200).json;
    all["items"].as_array().unwrap().iter().find(|item| item["code"] == code).unwrap().clone()
}
