//! Heads of points: at most one at any time, past ones are never changed, both lists, and the warning if a point has
//! none.

use serde_json::{Value, json};

use crate::support::service::{Answer, Client, DAY, Service};

const MARKET: &str = "990001-MKT-0001";

fn pointers(answer: &Answer) -> Vec<&str> {
    answer.json["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect()
}

fn id_of(service: &Service, code: &str) -> String {
    service.point(code)["id"].as_str().unwrap().to_owned()
}

fn name(client: &Client<'_>, point: &str, from: &str, person: &str, to: Option<&str>) -> Answer {
    let body = json!({"person": person, "unit_id": client.service.unit("U02"), "to": to});
    client.put_json(&format!("/points/{point}/heads/{from}"), &body)
}

/// Each term as person, first and last day.
fn terms(answer: &Answer) -> Vec<(String, String, Option<String>)> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let term = |term: &Value| (text(&term["person"]).unwrap(), text(&term["from"]).unwrap(), text(&term["to"]));
    answer.json["items"].as_array().unwrap().iter().map(term).collect()
}

fn term(person: &str, from: &str, to: Option<&str>) -> (String, String, Option<String>) {
    (person.into(), from.into(), to.map(Into::into))
}

on_both! {
    /// The tests begin on Monday, 3 August 2026.
    fn a_point_has_one_head_at_a_time_and_its_history_stays(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let point = id_of(&service, MARKET);
        let path = format!("/points/{point}/heads");
        assert_eq!(terms(&office.get(&path).expect(200)), []);
        name(&office, &point, "2026-08-03", " 张\u{200b}三\u{202e} ", None).expect(201);
        name(&office, &point, "2026-08-03", "张三", None).expect(200);
        // A new appointment ends the term before it, and may be withdrawn until it begins.
        let both = name(&office, &point, "2026-08-10", "李四", None).expect(201);
        assert_eq!(terms(&both), [term("张三", "2026-08-03", Some("2026-08-09")), term("李四", "2026-08-10", None)]);
        name(&office, &point, "2026-08-10", "李思", None).expect(200);
        office.delete(&format!("{path}/2026-08-10")).expect(204);
        office.delete(&format!("{path}/2026-08-10")).expect(204);
        let open = name(&office, &point, "2026-08-03", "张三", None).expect(200);
        assert_eq!(terms(&open), [term("张三", "2026-08-03", None)]);
        // A term that has begun keeps its person, and no past day can be changed.
        for (from, person, to, wrong) in [
            ("2026-08-03", "王五", None, &["/person"][..]),
            ("2026-08-03", "张三", Some("2026-08-02"), &["/to"]),
            ("2026-08-02", "王五", None, &["/from"]),
            ("2026-08-05", "\u{200b} ", Some("2026-08-04"), &["/person", "/to"]),
            ("2101-01-01", "王五", None, &["/from"]),
        ] {
            let refused = name(&office, &point, from, person, to).refused(422, "invalid-fields");
            assert_eq!(pointers(&refused), wrong, "{from} {person}");
        }
        let unknown = json!({"person": "王五", "unit_id": point, "to": null});
        let unknown = office.put_json(&format!("{path}/2026-08-05"), &unknown).refused(422, "invalid-fields");
        assert_eq!(pointers(&unknown), ["/unit_id"]);
        name(&office, &point, "yesterday", "王五", None).refused(404, "not-found");
        service.pass(DAY);
        let refused = office.delete(&format!("{path}/2026-08-03")).refused(422, "invalid-fields");
        assert_eq!(pointers(&refused), ["/from"]);
        let ended = name(&office, &point, "2026-08-03", "张三", Some("2026-08-04")).expect(200);
        assert_eq!(terms(&ended), [term("张三", "2026-08-03", Some("2026-08-04"))]);
        service.pass(DAY);
        name(&office, &point, "2026-08-03", "张三", None).refused(422, "invalid-fields");
        // Every change is noted, with who made it.
        let noted = service.sign_in("discipline01").get("/audit?limit=200").expect(200).json;
        let noted = noted["items"].as_array().unwrap();
        let of_heads = noted.iter().filter(|entry| entry["action"] == "point-head-changed");
        assert_eq!(of_heads.filter(|entry| entry["target"] == format!("point:{point}")).count(), 6);
    }

    fn both_lists_tell_the_same_and_a_unit_reads_of_its_own_people(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let codes = [MARKET, "990001-LANE-0001"];
        for code in codes {
            name(&office, &id_of(&service, code), "2026-08-03", "张三", None).expect(201);
        }
        name(&office, &id_of(&service, MARKET), "2026-08-05", "李四", None).expect(201);
        let asked = |client: &Client<'_>, query: &str| client.get(&format!("/point-heads?person=%E5%BC%A0%E4%B8%89{query}"));
        let all = asked(&office, "").expect(200).json;
        assert_eq!((all["items"].as_array().unwrap().len(), &all["next_cursor"]), (2, &Value::Null));
        let first = asked(&office, "&limit=1").expect(200).json;
        let next = asked(&office, &format!("&limit=1&cursor={}", first["next_cursor"].as_str().unwrap())).expect(200).json;
        assert_eq!([&first["items"][0], &next["items"][0]], [&all["items"][0], &all["items"][1]]);
        let at_market = all["items"].as_array().unwrap().iter().find(|row| row["point"]["code"] == MARKET).unwrap();
        assert_eq!(at_market["term"]["to"], "2026-08-04");
        asked(&office, "&cursor=1").refused(400, "malformed-request");
        for (username, seen) in [("unit02", 2), ("unit01", 0), ("leader01", 2), ("discipline01", 2)] {
            let told = asked(&service.sign_in(username), "").expect(200).json;
            assert_eq!(told["items"].as_array().unwrap().len(), seen, "{username}");
            let heads = service.sign_in(username).get(&format!("/points/{}/heads", id_of(&service, MARKET))).expect(200);
            assert_eq!(heads.json["items"].as_array().unwrap().len(), seen, "{username}");
        }
        asked(&service.sign_in("inspector01"), "").refused(403, "forbidden");
    }

    /// A vacancy that begins on a Friday is alarming when three working days are over: on Wednesday at 0:00.
    fn a_point_without_a_head_alarms_after_three_working_days(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let vacant = || office.get("/point-vacancies?limit=200").expect(200).json;
        // Nobody has been named anywhere: the county does not keep heads yet.
        assert_eq!(vacant(), json!({"since": null, "total": 0, "overdue": 0, "items": [], "next_cursor": null}));
        let market = id_of(&service, MARKET);
        name(&office, &market, "2026-08-03", "张三", Some("2026-08-06")).expect(201);
        let points = office.get("/points?limit=200").expect(200).json["items"].as_array().unwrap().len() as u64;
        let told = vacant();
        assert_eq!((&told["since"], &told["total"], &told["overdue"]), (&json!("2026-08-03"), &json!(points - 1), &json!(0)));
        assert!(told["items"].as_array().unwrap().iter().all(|row| row["from"] == "2026-08-03" && row["overdue"] == false));
        // Thursday: Monday to Wednesday are over for the others.
        service.pass(DAY * 3);
        assert_eq!(vacant()["overdue"], json!(points - 1));
        let of_market = || {
            let told = vacant();
            told["items"].as_array().unwrap().iter().find(|row| row["point"]["id"] == market).map(|row| {
                (row["from"].as_str().unwrap().to_owned(), row["overdue"].as_bool().unwrap(), told["overdue"].as_u64().unwrap())
            })
        };
        assert_eq!(of_market(), None);
        for (days, overdue) in [(1, false), (1, false), (1, false), (1, false), (1, false), (1, true)] {
            service.pass(DAY * days);
            let counted = if overdue { points } else { points - 1 };
            assert_eq!(of_market(), Some(("2026-08-07".to_owned(), overdue, counted)), "{}", service.now());
        }
        name(&office, &market, "2026-08-12", "李四", None).expect(201);
        assert_eq!((of_market(), vacant()["total"].clone()), (None, json!(points - 1)));
        // Page by page it is the same.
        let (mut codes, mut path) = (Vec::new(), "/point-vacancies?limit=5".to_owned());
        loop {
            let page = office.get(&path).expect(200).json;
            codes.extend(page["items"].as_array().unwrap().iter().map(|row| row["point"]["code"].as_str().unwrap().to_owned()));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/point-vacancies?limit=5&cursor={cursor}");
        }
        let all: Vec<String> = vacant()["items"].as_array().unwrap().iter().map(|row| row["point"]["code"].as_str().unwrap().to_owned()).collect();
        assert_eq!(codes, all);
        assert!(codes.is_sorted());
        for username in ["unit02", "leader01", "discipline01", "inspector01"] {
            service.sign_in(username).get("/point-vacancies").refused(403, "forbidden");
        }
    }
}
