//! The sheets of a month and of the day's work.

use std::io::Cursor;

use anfang::domain::issue::State;
use anfang::domain::month::Rules;
use anfang::domain::month::rules::AmountRules;
use calamine::{Data, Reader as _, Xlsx};
use serde_json::{Value, json};

use crate::support::month::{decide_and_lock, take, until};
use crate::support::service::{DAY, HOUR, Service};
use crate::support::walk::{clean_at, record};

fn csv(text: &[u8]) -> Vec<Vec<String>> {
    let text = String::from_utf8(text.to_vec()).unwrap();
    let text = text.strip_prefix('\u{feff}').expect("Excel reads it as UTF-8").to_owned();
    let rows = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes()).into_records();
    rows.map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

on_both! {
    fn rankings_scorecards_the_ledger_and_the_dispatch_list_are_sheets_as_their_reader_sees_them(db: TestDb) {
        let service = Service::start(db);
        let headers = [("content-type", "application/json")];
        let settings = json!({"sudden_visits": "counted"}).to_string();
        service.sign_in("admin").send("PATCH", "/settings", &headers, Some(settings.as_bytes())).expect(200);
        let amounts = AmountRules { red_list_yuan: 500, black_list_yuan: 0 };
        let rules = Rules { version: 2, sample_points_min: 1, sample_issues_min: 1, amounts, ..Rules::default() };
        let rules = json!({"rules": rules, "source": "督查办〔2026〕3号"});
        service.sign_in("office01").put_json("/month-rules/2", &rules).expect(201);
        service.drive_to(State::Closed);
        service.drive_to(State::Rectifying);
        let inspector = service.sign_in("inspector01");
        for point in ["990001-MKT-0001", "990001-EST-0001", "990001-ROAD-0001"] {
            record(&inspector, &clean_at(&service, point));
            service.pass(HOUR);
        }
        service.pass(DAY * 3);
        service.drain_jobs();
        let office = service.sign_in("office01");
        let list = csv(&office.get("/dispatch-list/export").expect(200).bytes);
        let listed = office.get("/dispatch-list").expect(200).json;
        assert_eq!((list.len(), &list[0][2]), (2, &"责任单位".to_owned()), "{list:?}");
        assert_eq!((&json!(list[1][1]), &json!(list[1][2])), (&listed["items"][0]["number"], &listed["items"][0]["unit_name"]));
        assert!(list[1][8].contains("超期"), "{list:?}");
        service.sign_in("leader01").get("/dispatch-list/export").refused(403, "forbidden");
        until(&service, "2026-09-01T09:00:00+08:00");
        for action in ["freeze", "preview"] {
            take(&service.sign_in("office01"), "2026-08", action, &json!({})).expect(200);
        }
        service.pass(DAY * 5);
        decide_and_lock(&service, "2026-08");
        let office = service.sign_in("office01");
        let unit = service.unit("U02");
        let told = office.get("/months/2026-08/ranking").expect(200).json;
        let sheet = csv(&office.get("/months/2026-08/ranking/export").expect(200).bytes);
        let ranked = told["ranked"].as_array().unwrap();
        let unranked = told["insufficient"].as_array().unwrap();
        assert_eq!(sheet.len(), 1 + ranked.len() + unranked.len());
        assert_eq!((&json!(sheet[1][2]), &json!(sheet[1][3])), (&ranked[0]["name"], &ranked[0]["score"]));
        assert_eq!(sheet.last().unwrap()[6], "样本不足");
        let answer = office.get("/months/2026-08/ranking/export?format=xlsx").expect(200);
        assert!(answer.header("content-disposition").contains("ranking-2026-08.xlsx"));
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(answer.bytes)).unwrap();
        let cells = book.worksheet_range("月评排名2026-08").unwrap();
        let score: f64 = ranked[0]["score"].as_str().unwrap().parse().unwrap();
        assert_eq!(cells.get_value((1, 3)), Some(&Data::Float(score)), "a number, to go on with");
        office.get("/months/2026-08/ranking/export?format=pdf").expect(400);
        // The scorecard: for the office to two decimals, for the unit as it reads it.
        let path = format!("/months/2026-08/units/{unit}");
        let score_of = |username: &str| -> (String, Value) {
            let client = service.sign_in(username);
            let sheet = csv(&client.get(&format!("{path}/export")).expect(200).bytes);
            (sheet[1][6].clone(), client.get(&path).expect(200).json["score"].clone())
        };
        for username in ["office01", "unit02"] {
            let (exported, told) = score_of(username);
            assert_eq!(json!(exported), told, "{username}");
            assert_eq!(exported.contains('.'), username == "office01");
        }
        service.sign_in("unit06").get(&format!("{path}/export")).refused(404, "not-found");
        service.sign_in("unit02").get("/months/2026-08/ranking/export").refused(404, "not-found");
        // The ledger, with what the rules pay.
        let told = office.get("/ledger?month=2026-08").expect(200).json;
        let reward = told["items"].as_array().unwrap().iter().find(|entry| entry["kind"] == "reward").unwrap();
        assert_eq!(reward["amount_fen"], 50_000);
        let sheet = csv(&office.get("/ledger/export?month=2026-08").expect(200).bytes);
        assert_eq!(sheet.len(), 1 + told["items"].as_array().unwrap().len());
        assert!(sheet.iter().any(|row| row[2] == "奖励" && row[5] == "500.00"), "{sheet:?}");
        assert_eq!(csv(&service.sign_in("unit02").get("/ledger/export?month=2026-08").expect(200).bytes).len(), 1);
        // By amount: one of those that were approved is executed.
        let path = |entry: &Value, action: &str| format!("/ledger/{}/actions/{action}", entry["id"].as_str().unwrap());
        let step = |username: &str, entry: &Value, action: &str, version: i64, body: &Value| {
            let headers = [("content-type", "application/json"), ("if-match", &*format!("\"{version}\""))];
            service.sign_in(username).send("POST", &path(entry, action), &headers, Some(body.to_string().as_bytes())).expect(200);
        };
        assert_eq!(told["cash_in_rate_by_amount"], Value::Null);
        let rewards: Vec<Value> =
            told["items"].as_array().unwrap().iter().filter(|entry| entry["kind"] == "reward").cloned().collect();
        for entry in &rewards {
            step("office01", entry, "approve", 1, &json!({}));
            step("office02", entry, "approve", 2, &json!({}));
        }
        step("office01", &rewards[0], "execute", 3, &json!({"document_no": "青财〔2026〕9号", "on": &service.now()[..10]}));
        let told = service.sign_in("office01").get("/ledger?month=2026-08").expect(200).json;
        if rewards.len() == 1 {
            assert_eq!(told["cash_in_rate_by_amount"], "100.00%");
        }
        assert!(told["cash_in_rate_by_amount"].is_string(), "{told}");
    }
}
