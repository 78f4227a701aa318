//! Audit records by person and by day: a filter finds exactly the records of the whole list that match, page by page.

use anfang::domain::time::Timestamp;
use serde_json::Value;

use crate::support::service::{Client, DAY, HOUR, Service, new_id};

fn items(client: &Client<'_>, query: &str) -> Vec<Value> {
    let answer = client.get(&format!("/audit?limit=200{query}")).expect(200).json;
    assert_eq!(answer["next_cursor"], Value::Null, "one page holds them all");
    answer["items"].as_array().unwrap().clone()
}

fn paged(client: &Client<'_>, query: &str, limit: usize) -> Vec<Value> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("/audit?limit={limit}{query}{cursor}")).expect(200).json;
        found.extend(page["items"].as_array().unwrap().clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

/// Two people do something on each of some days, and are refused something.
fn some_days(service: &Service) {
    for round in 0..4 {
        for name in ["office01", "unit01"] {
            service.sign_in(name).get("/users").refused(403, "forbidden");
        }
        service.sign_in("office01").get("/audit").refused(403, "forbidden");
        service.pass(if round == 1 { DAY * 2 } else { DAY });
    }
}

on_both! {
    fn records_are_found_by_person_and_day(db: TestDb) {
        let service = Service::start(db);
        some_days(&service);
        let (office, unit) = (service.user_id("office01"), service.user_id("unit01"));
        let discipline = service.sign_in("discipline01");
        let whole = items(&discipline, "");
        // The county is eight hours ahead of UTC.
        let day_of = |item: &Value| {
            let at = Timestamp::parse(item["at"].as_str().unwrap()).unwrap();
            at.plus(HOUR * 8).to_string()[..10].to_owned()
        };
        let mut days: Vec<String> = whole.iter().map(day_of).collect();
        days.sort();
        days.dedup();
        assert!(days.len() >= 4, "{days:?}");
        for who in [None, Some(&office), Some(&unit)] {
            for action in [None, Some("sign-in"), Some("access-denied"), Some("imported")] {
                for from in [None, Some(&days[0]), Some(&days[2])] {
                    for to in [None, Some(&days[1]), Some(&days[3])].into_iter().filter(|to| to.is_none() || to > &from) {
                        let fits = |item: &&Value| {
                            who.is_none_or(|who| item["actor"]["id"] == **who)
                                && action.is_none_or(|action| item["action"] == action)
                                && from.is_none_or(|from| day_of(item) >= *from)
                                && to.is_none_or(|to| day_of(item) < *to)
                        };
                        let expected: Vec<Value> = whole.iter().filter(fits).cloned().collect();
                        let mut query = String::new();
                        for (name, value) in
                            [("who", who.map(|id| id.as_str())), ("action", action), ("from", from.map(|day| day.as_str())), ("to", to.map(|day| day.as_str()))]
                        {
                            query += &value.map(|value| format!("&{name}={value}")).unwrap_or_default();
                        }
                        assert_eq!(items(&discipline, &query), expected, "{query}");
                        assert_eq!(paged(&discipline, &query, 3), expected, "{query}");
                    }
                }
            }
        }
        assert!(items(&discipline, &format!("&who={}", new_id())).is_empty());
    }

    fn a_wrong_filter_is_refused(db: TestDb) {
        let service = Service::start(db);
        let discipline = service.sign_in("discipline01");
        for query in ["who=office01", "from=2026-02-30", "to=tomorrow", "nobody=1"] {
            discipline.get(&format!("/audit?{query}")).refused(400, "malformed-request");
        }
        for query in ["from=2026-08-03&to=2026-08-03", "from=2026-08-03&to=2026-08-02"] {
            let refused = discipline.get(&format!("/audit?{query}")).refused(422, "invalid-fields").json;
            assert_eq!(refused["errors"][0]["pointer"], "/to");
        }
    }

    fn everybody_whom_records_name_can_be_asked_for(db: TestDb) {
        let service = Service::start(db);
        some_days(&service);
        let discipline = service.sign_in("discipline01");
        let people = discipline.get("/audit/people").expect(200).json;
        let known: Vec<&Value> = people["items"].as_array().unwrap().iter().collect();
        for record in items(&discipline, "").iter().filter(|record| !record["actor"].is_null()) {
            assert!(known.contains(&&record["actor"]), "{record}");
        }
        service.sign_in("office01").get("/audit/people").refused(403, "forbidden");
    }

    /// Records are sorted by time. After the clock was set back, the pages still contain each once.
    fn pages_hold_when_the_clock_was_set_back(db: TestDb) {
        let service = Service::start(db);
        some_days(&service);
        service.clock.retreat(HOUR * 40);
        some_days(&service);
        let discipline = service.sign_in("discipline01");
        let whole = items(&discipline, "");
        let times: Vec<&str> = whole.iter().map(|item| item["at"].as_str().unwrap()).collect();
        assert!(times.is_sorted_by(|one, next| one >= next), "{times:?}");
        for limit in 1..=3 {
            assert_eq!(paged(&discipline, "", limit), whole, "{limit}");
        }
    }
}
