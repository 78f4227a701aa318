//! Figures: each equals the number of issues in the list that its description names, for every reader.

use anfang::seed::demo;
use serde_json::{Value, json};

use crate::support::service::{Client, Service};

/// Pixels of the demo's pictures here: what they show does not matter.
const SMALL_PX: u32 = 48;

/// How many issues are in a list.
fn count(client: &Client<'_>, query: &str) -> Value {
    client.get(&format!("/issues/counts?{query}")).expect(200).json["total"].clone()
}

const OPEN: &str = "state=assigned,rectifying,redispatch,reported,rework,hung";
const NOT_VOID: &str = "state=receiving,submitted,returned,sealed,assigned,rectifying,redispatch,reported,rework,hung,\
                        closed,archived";

/// Compares what happened from one day to another with the lists of the same filters.
fn compare_span(client: &Client<'_>, told: &Value, of: &str, from: &Value, to: &Value) {
    let [from, to] = [from, to].map(|day| day.as_str().unwrap().to_owned());
    let due = format!("{of}&{NOT_VOID}&due_from={from}&due_to={to}");
    let [begin, end] = [&from, &to].map(|day| format!("{day}T00:00:00%2B08:00"));
    for (name, query) in [
        ("entered", format!("{of}&from={begin}&to={end}")),
        ("closed", format!("{of}&closed_from={from}&closed_to={to}")),
        ("due", due.clone()),
        ("on_time", format!("{due}&on_time=true")),
        ("late", format!("{due}&on_time=false")),
    ] {
        assert_eq!(told[name], count(client, &query), "{name}: {query}");
    }
}

/// Compares how a unit, or all of them, stands with the lists of the same filters.
fn compare(client: &Client<'_>, told: &Value, of: &str, from: &Value, to: &Value) {
    compare_span(client, told, of, from, to);
    let [from, to] = [from, to].map(|day| day.as_str().unwrap().to_owned());
    let [begin, end] = [&from, &to].map(|day| format!("{day}T00:00:00%2B08:00"));
    for (name, query) in [
        ("open", format!("{of}&{OPEN}")),
        ("overdue", format!("{of}&overdue=true")),
        ("reminded", format!("{of}&{OPEN}&reminded_min=2")),
        ("rework", format!("{of}&closed_from={from}&closed_to={to}&round_min=2")),
        ("rebounds", format!("{of}&from={begin}&to={end}&rebound=true")),
    ] {
        assert_eq!(told[name], count(client, &query), "{name}: {query}");
    }
}

/// Asserts that one field is refused.
fn invalid(client: &Client<'_>, path: &str, pointer: &str, code: &str) {
    let refused = client.get(path).refused(422, "invalid-fields").json;
    assert_eq!((&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]), (&json!(pointer), &json!(code)));
}

/// The median of the civil days from release to closing, from the rows of the list.
fn median(client: &Client<'_>, of: &str, from: &Value, to: &Value) -> Value {
    let query = format!("{of}&closed_from={}&closed_to={}", from.as_str().unwrap(), to.as_str().unwrap());
    let rows = client.get(&format!("/issues?limit=200&{query}")).expect(200).json;
    assert_eq!(rows["next_cursor"], Value::Null);
    let day = |at: &Value| {
        let at: jiff::Timestamp = at.as_str().unwrap().parse().unwrap();
        at.to_zoned_datetime(jiff::tz::TimeZone::get("Asia/Shanghai").unwrap()).date()
    };
    let mut days: Vec<i64> = rows["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| day(&row["closed_at"]).duration_since(day(&row["released_at"])).as_hours() / 24)
        .collect();
    days.sort_unstable();
    if days.is_empty() {
        return Value::Null;
    }
    #[allow(clippy::cast_precision_loss, reason = "days are few")]
    let middle = (days[(days.len() - 1) / 2] + days[days.len() / 2]) as f64 / 2.0;
    json!(middle)
}

on_both! {
    fn every_figure_is_the_number_of_issues_in_a_list(db: TestDb) {
        let service = Service::start_demo(db);
        service.block_on(async |app| demo::fill(app, 120, SMALL_PX, |_| ()).await.unwrap());
        // Some are reminded of twice.
        let office = service.sign_in("office01");
        let late = office.get("/issues?overdue=true&limit=5").expect(200).json;
        for row in late["items"].as_array().unwrap() {
            let id = row["id"].as_str().unwrap().parse().unwrap();
            for _ in 0..2 {
                office.act(id, "remind", office.read(id).version(), &json!({"reason": "请尽快整改"})).expect(200);
            }
        }
        for with_index in [false, true] {
            if with_index {
                service.drain_jobs();
            }
            for user in ["office01", "leader01", "discipline01", "unit01", "unit02"] {
                let client = service.sign_in(user);
                let told = client.get("/figures?weeks=30").expect(200).json;
                let weeks = told["weeks"].as_array().unwrap();
                assert_eq!(weeks.len(), 30);
                // Every week of the office's; of the others' the last ones, which are made in the same way.
                let (_, last) = weeks.split_at(if user == "office01" { 0 } else { 24 });
                for week in last {
                    compare_span(&client, week, "", &week["from"], &week["to"]);
                }
                let (from, to) = (&weeks[0]["from"], &weeks[29]["to"]);
                compare(&client, &told["all"], "", from, to);
                let units = told["units"].as_array().unwrap();
                // A unit to which nothing was handed over has no row.
                assert!(user == "unit02" || !units.is_empty(), "{user}");
                for unit in units {
                    let of = format!("unit_id={}", unit["unit_id"].as_str().unwrap());
                    compare(&client, unit, &of, from, to);
                    let alone = client.get(&format!("/figures?weeks=30&{of}")).expect(200).json;
                    assert_eq!(&alone["units"], &json!([unit]));
                    if user == "office01" {
                        assert_eq!(unit["median_days"], median(&client, &of, from, to), "{of}");
                    }
                }
                if user != "office01" {
                    // None of their figures counts an unreleased issue.
                    let released = office.get("/figures?weeks=30").expect(200).json;
                    assert_ne!(told["all"]["entered"], released["all"]["entered"], "{user}");
                }
            }
        }
        let told = office.get("/figures?weeks=30").expect(200).json;
        for name in ["open", "overdue", "reminded", "entered", "closed", "due", "on_time", "late"] {
            assert!(told["all"][name].as_i64().unwrap() > 0, "{name}: {told:#}");
        }
        // An area is found by the code of the area that contains it.
        let point = office.get("/reference").expect(200).json["points"][0].clone();
        let area = point["area_code"].as_str().unwrap_or("990001").get(..6).unwrap().to_owned();
        let told = office.get(&format!("/figures?weeks=30&area={area}")).expect(200).json;
        assert_eq!(told["all"]["open"], count(&office, &format!("{OPEN}&area={area}")));
        assert!(told["all"]["open"].as_i64().unwrap() > 0);
    }

    fn figures_are_for_those_who_answer_for_them(db: TestDb) {
        let service = Service::start(db);
        for user in ["inspector01", "admin"] {
            service.sign_in(user).get("/figures").refused(403, "forbidden");
        }
        let office = service.sign_in("office01");
        for weeks in ["0", "54"] {
            invalid(&office, &format!("/figures?weeks={weeks}"), "/weeks", "out-of-range");
        }
        for area in ["99", "99000a", "市场"] {
            invalid(&office, &format!("/figures?area={}", area.replace("市场", "%E5%B8%82%E5%9C%BA")), "/area", "malformed");
        }
        let empty = office.get("/figures").expect(200).json;
        assert_eq!(empty["weeks"].as_array().unwrap().len(), 8);
        assert_eq!((&empty["units"], &empty["all"]["median_days"]), (&json!([]), &Value::Null));
        // Inspectors may not ask for what their own view conceals.
        let inspector = service.sign_in("inspector01");
        for query in ["handler=a", "closed_from=2026-08-01", "closed_to=2026-08-01", "on_time=true", "rebound=true", "reminded_min=1"] {
            let pointer = format!("/{}", query.split('=').next().unwrap());
            invalid(&inspector, &format!("/issues?{query}"), &pointer, "not-allowed");
            invalid(&inspector, &format!("/issues/counts?{query}"), &pointer, "not-allowed");
        }
    }
}
