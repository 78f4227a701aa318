//! Lists of issues: what a search and the filters find.

use anfang::domain::issue::{Action, State};
use anfang::domain::policy::Permission;
use anfang::domain::role::Role;
use anfang::seed::demo;
use diesel::connection::SimpleConnection;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::cast;
use crate::support::service::{Client, Service, new_id};

/// The rows of all pages, one after the other.
fn pages(client: &Client<'_>, path: &str) -> Vec<Value> {
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("{path}{cursor}")).expect(200).json;
        rows.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return rows,
        }
    }
}

on_both! {
    fn words_are_found_in_either_case(db: TestDb) {
        let service = Service::start(db);
        service.database().batch_execute("UPDATE points SET name = '东门 Gate Q' WHERE code = '990001-MKT-0001'").unwrap();
        let inspector = service.sign_in("inspector01");
        let mut body = service.report_body(&[new_id()]);
        body["description"] = json!("KIOSK by the café, 100% blocked \\ÉCOLE");
        let found = new_id();
        inspector.put_json(&format!("/issues/{found}"), &body).expect(201);
        let mut other = service.report_at("990001-LANE-0001", "WM-02", "low", &[new_id()]);
        other["description"] = json!("100 kio sk");
        inspector.put_json(&format!("/issues/{}", new_id()), &other).expect(201);
        for (words, finds) in [
            ("kiosk", true), ("KIOSK", true), ("Kiosk%20BY", true), ("gate%20q", true), ("GATE", true), ("%E4%B8%9C%E9%97%A8", true),
            ("caf%C3%A9", true), ("%C3%89cole", true), ("100%25", true), ("%5C%C3%89", true),
            ("kio_k", false), ("k%25k", false), ("kiosks", false),
            // Blanks around it, of any width; full-width letters and signs; what nobody sees; letters in two parts.
            ("kiosk%20", true), ("%E3%80%80kiosk%E3%80%80", true), ("%EF%BC%AB%EF%BC%A9%EF%BC%AF%EF%BD%93%EF%BD%8B", true),
            ("ki%E2%80%8Bosk%EF%BB%BF", true), ("CAFE%CC%81", true), ("%C3%A9COLE", true), ("%EF%BC%91%EF%BC%90%EF%BC%90%EF%BC%85", true),
            ("%EF%BC%85", true), ("%EF%BC%BF", false), ("kiosk%E3%80%80%C3%97", false),
        ] {
            let listed = inspector.get(&format!("/issues?q={words}")).expect(200);
            let ids: Vec<_> = listed.json["items"].as_array().unwrap().iter().map(|issue| issue["id"].clone()).collect();
            assert_eq!(ids, if finds { vec![json!(found)] } else { vec![] }, "{words}");
            let counted = inspector.get(&format!("/issues/counts?q={words}")).expect(200);
            assert_eq!(counted.json["total"], i32::from(finds), "{words}");
        }
    }

    /// The stored text is folded like the words: either side may hold the unusual form.
    fn words_are_found_in_texts_of_another_width(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let mut body = service.report_body(&[new_id()]);
        body["description"] = json!("\u{3000}ＫＩＯＳＫ　№１２ ﾄﾋﾞﾗ ÉCOLE Straße ДВОР 消防通道");
        let found = new_id();
        inspector.put_json(&format!("/issues/{found}"), &body).expect(201);
        service.database().batch_execute("UPDATE points SET name = '东门 Ｇａｔｅ Ａ' WHERE code = '990001-MKT-0001'").unwrap();
        for words in ["kiosk no12", "KIOSK", "ＫＩＯＳＫ", "トビラ", "école", "straße", "двор", "消防通道 ", "gate a", "ＧＡＴＥ"] {
            let asked: String = words.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let listed = inspector.get(&format!("/issues?q={asked}")).expect(200).json;
            assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{words}");
        }
        for words in ["gate a", "ＧＡＴＥ", "%20gate", "990001-mkt-0001%E3%80%80", "%EF%BC%99%EF%BC%99%EF%BC%90%EF%BC%90%EF%BC%90%EF%BC%91-MKT-0001"] {
            let asked: String = words.chars().map(|c| if c.is_ascii() && c != ' ' { c.to_string() } else { c.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect() }).collect();
            let listed = inspector.get(&format!("/points?q={asked}")).expect(200).json;
            let codes: Vec<&str> = listed["items"].as_array().unwrap().iter().map(|point| point["code"].as_str().unwrap()).collect();
            assert_eq!(codes, ["990001-MKT-0001"], "{words}");
        }
        inspector.get("/points?q=%E3%80%80").expect(200);
        inspector.get(&format!("/points?q={}", "x".repeat(101))).refused(422, "invalid-fields");
    }

    /// Everything at the same instant: received, released, due. The id alone tells them apart.
    fn nothing_is_lost_or_doubled_among_equals(db: TestDb) {
        let service = Service::start(db);
        let issues: Vec<Uuid> = (0..7).map(|_| service.drive_to(State::Assigned)).collect();
        let mut expected: Vec<String> = issues.iter().map(Uuid::to_string).collect();
        expected.sort();
        for username in cast::readers().map(|person| person.username).chain(["inspector01"]) {
            for query in ["", "&sort=due_at", "&sort=-created_at", "&sort=oldest", "&state=assigned,rectifying&sort=oldest", "&severity=high&sort=oldest", "&state=assigned", "&state=assigned,rectifying&sort=due_at", "&severity=high", "&q=%E6%B6%88%E9%98%B2&sort=due_at"] {
                for limit in 1..=3 {
                    let rows = pages(&service.sign_in(username), &format!("/issues?limit={limit}{query}"));
                    let mut ids: Vec<String> = rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
                    ids.sort();
                    assert_eq!(ids, expected, "{username} {query} {limit}");
                }
            }
        }
        let complaint = |kind: &str| {
            let id = new_id();
            let body = json!({"kind": kind, "body": "同一时刻", "named": false});
            service.sign_in("inspector03").put_json(&format!("/complaints/{id}"), &body).expect(201);
            id.to_string()
        };
        for (username, kind) in [("office01", "work"), ("discipline01", "conduct")] {
            let mut expected: Vec<String> = (0..5).map(|_| complaint(kind)).collect();
            expected.sort();
            for limit in 1..=3 {
                let rows = pages(&service.sign_in(username), &format!("/complaints?limit={limit}"));
                let mut ids: Vec<String> = rows.iter().filter(|row| row["kind"] == kind).map(|row| row["id"].as_str().unwrap().to_owned()).collect();
                ids.sort();
                assert_eq!(ids, expected, "{username} {limit}");
            }
        }
        let discipline = service.sign_in("discipline01");
        let whole = pages(&discipline, "/audit?limit=200");
        for limit in 1..=3 {
            assert_eq!(pages(&discipline, &format!("/audit?limit={limit}")).len(), whole.len());
        }
    }

    fn requests_that_wait_are_listed_until_they_are_answered(db: TestDb) {
        let service = Service::start(db);
        let [extended, disputed, plain] = [State::Rectifying; 3].map(|state| service.drive_to(state));
        let found = |username: &str, kinds: &str| {
            let client = service.sign_in(username);
            let listed = client.get(&format!("/issues?pending={kinds}")).expect(200).json;
            let counted = client.get(&format!("/issues/counts?pending={kinds}")).expect(200).json;
            let mut ids: Vec<String> =
                listed["items"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
            assert_eq!(counted["total"], ids.len(), "{username} {kinds}");
            ids.sort();
            ids
        };
        let of = |ids: &[Uuid]| {
            let mut ids: Vec<String> = ids.iter().map(Uuid::to_string).collect();
            ids.sort();
            ids
        };
        assert_eq!(found("office01", "extension,dispute"), of(&[]));
        service.steps(extended, &[Action::RequestExtension]);
        service.steps(disputed, &[Action::Dispute]);
        for username in cast::readers().map(|person| person.username) {
            assert_eq!(found(username, "extension"), of(&[extended]), "{username}");
            assert_eq!(found(username, "dispute"), of(&[disputed]), "{username}");
            assert_eq!(found(username, "extension,dispute"), of(&[extended, disputed]), "{username}");
        }
        assert_eq!(found("unit01", "extension,dispute"), of(&[]), "another unit's");
        service.steps(extended, &[Action::DecideExtension]);
        service.steps(disputed, &[Action::DecideDispute]);
        assert_eq!(found("office01", "extension,dispute"), of(&[]));
        assert_eq!(service.sign_in("office01").get("/issues?state=rectifying").expect(200).json["items"].as_array().unwrap().len(), 3, "{plain}");
    }

    fn what_a_role_may_not_know_of_it_may_not_ask_for(db: TestDb) {
        let service = Service::start(db);
        for (username, query, pointer, code) in [
            ("office01", "pending=nonsense", "/pending", "unknown"),
            ("office01", "round_min=0", "/round_min", "out-of-range"),
            ("inspector01", "pending=extension", "/pending", "not-allowed"),
        ]
        .into_iter().chain(
            cast::one_of_each()
                .filter(|person| person.may(Permission::ReadIssue) && person.role != Role::Office)
                .map(|person| (person.username, "flagged=false", "/flagged", "not-allowed")),
        ) {
            for path in ["/issues", "/issues/counts"] {
                let refused = service.sign_in(username).get(&format!("{path}?{query}"));
                let refused = refused.refused(422, "invalid-fields");
                assert_eq!((&refused.json["errors"][0]["pointer"], &refused.json["errors"][0]["code"]), (&json!(pointer), &json!(code)), "{username} {query}");
            }
        }
    }

    /// For every query and every reader: all pages together contain exactly the matching issues of the full list, each
    /// once and in order.
    fn pages_hold_what_is_asked_for_each_once_and_in_order(db: TestDb) {
        let service = Service::start_demo(db);
        service.block_on(async |app| demo::fill(app, 90, 48, |_| ()).await.unwrap());
        for person in cast::one_of_each().filter(|person| person.may(Permission::ReadIssue)) {
            let username = person.username;
            let client = service.sign_in(username);
            let pages = |query: &str, limit: usize| {
                let (mut rows, mut cursor) = (Vec::new(), String::new());
                loop {
                    let page = client.get(&format!("/issues?limit={limit}{query}{cursor}")).expect(200).json;
                    rows.extend(page["items"].as_array().unwrap().iter().cloned());
                    match page["next_cursor"].as_str() {
                        Some(next) => cursor = format!("&cursor={next}"),
                        None => return rows,
                    }
                }
            };
            for sort in ["", "&sort=oldest", "&sort=due_at"] {
                let everything = pages(sort, 200);
                assert!(everything.len() < 200, "one page holds everything");
                let key = |row: &Value| match sort {
                    "" | "&sort=oldest" => row["received_at"].as_str().or(row["released_at"].as_str()).unwrap().to_owned(),
                    // Without a deadline last.
                    _ => row["due_at"].as_str().unwrap_or("9999").to_owned(),
                };
                let keys: Vec<String> = everything.iter().map(key).collect();
                let ordered = |pair: &[String]| if sort.is_empty() { pair[0] >= pair[1] } else { pair[0] <= pair[1] };
                assert!(keys.windows(2).all(ordered), "{username} {sort} {keys:#?}");
                type Asked<'a> = (&'a str, &'a dyn Fn(&Value) -> bool);
                let waits = |row: &Value, kind: &str| {
                    let requests = row["requests"].as_array().into_iter().flatten();
                    requests.clone().any(|request| request["kind"] == kind && request["state"] == "pending")
                };
                let asked: [Asked<'_>; 10] = [
                    ("", &|_| true),
                    ("&state=closed", &|row| row["state"] == "closed"),
                    ("&state=rectifying,rework,reported", &|row| {
                        ["rectifying", "rework", "reported"].contains(&row["state"].as_str().unwrap())
                    }),
                    ("&overdue=true", &|row| row["overdue"] == true),
                    ("&overdue=true&state=rectifying,closed", &|row| {
                        row["overdue"] == true && row["state"] == "rectifying"
                    }),
                    ("&overdue=false&state=rectifying", &|row| row["overdue"] == false && row["state"] == "rectifying"),
                    ("&state=closed&severity=low", &|row| row["state"] == "closed" && row["severity"] == "low"),
                    ("&pending=extension", &|row| waits(row, "extension")),
                    ("&pending=extension,dispute", &|row| waits(row, "extension") || waits(row, "dispute")),
                    ("&pending=dispute&state=rectifying&overdue=false", &|row| {
                        waits(row, "dispute") && row["state"] == "rectifying" && row["overdue"] == false
                    }),
                ];
                // Deadlines and requests are between office and unit: an inspector's rows do not tell of them.
                let told = asked.iter().filter(|(query, _)| {
                    person.role != Role::Inspector || !["overdue", "pending"].iter().any(|name| query.contains(name))
                });
                for (query, holds) in told {
                    let expected: Vec<&Value> = everything.iter().filter(|row| holds(row)).collect();
                    for limit in [1, 3, 50] {
                        let rows = pages(&format!("{query}{sort}"), limit);
                        let ids = |row: &Value| row["id"].as_str().unwrap().to_owned();
                        assert_eq!(
                            rows.iter().map(ids).collect::<Vec<_>>(),
                            expected.iter().map(|row| ids(row)).collect::<Vec<_>>(),
                            "{username} {query} {sort} {limit}"
                        );
                    }
                }
            }
        }
    }
}
