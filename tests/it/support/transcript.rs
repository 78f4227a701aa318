//! Everything a user can read: the answer to each GET of the API that they may call.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use anfang::domain::issue::Facet;
use anfang::domain::month::Metric;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use uuid::Uuid;

use super::service::{Answer, Service};

/// Queries that sort or narrow the lists of issues, with places for a unit and a point. Each parameter of `GET /issues`
/// is in one of them or a facet, so that those who search answers for secrets try it.
const LISTED: [&str; 22] = [
    "limit=1",
    "sort=due_at",
    "sort=due_at&limit=1",
    "sort=oldest",
    "sort=oldest&limit=1",
    "overdue=true",
    "overdue=false",
    "state=closed,reported,archived",
    "q=0",
    // 市场
    "q=%E5%B8%82%E5%9C%BA",
    "round_min=2",
    "campaign=WM&severity=high",
    "item_code=WM-07",
    "from=2026-08-03T00:00:00Z&to=2026-08-05T00:00:00Z",
    "unit_id={unit}&pending=extension,dispute",
    "point_id={point}",
    "flagged=true",
    "area=990001&rebound=false",
    "handler=%E5%BC%A0%E4%B8%89&reminded_min=1",
    "due_from=2026-08-04&due_to=2026-08-12",
    "closed_from=2026-08-05&closed_to=2026-08-06",
    "on_time=true",
];

/// Queries of the other lists, by template: each parameter that a list takes is in one of them.
const OTHERS: [(&str, &str); 49] = [
    ("/accountability-cases", "limit=1"),
    ("/audit", "action=sign-in&limit=1"),
    ("/audit", "who={unit}&from=2026-08-03&to=2026-08-05"),
    ("/batches", "limit=1"),
    ("/burden", "month=2026-08"),
    ("/cards", "state=issued"),
    ("/cards", "limit=1"),
    ("/changes", "seen=0&wait=0"),
    ("/complaints", "answered=true"),
    ("/complaints", "limit=1"),
    ("/dispatch-list", "limit=1"),
    ("/dispatch-list/export", "format=csv"),
    ("/draws", "limit=1"),
    ("/figures", "unit_id={unit}&weeks=4"),
    ("/figures", "campaign=WM"),
    ("/figures", "area=990001"),
    ("/figures/areas", "unit_id={unit}&weeks=4"),
    ("/figures/areas", "campaign=WM"),
    ("/figures/areas", "area=990001"),
    ("/gap-matrix", "months=3&campaign=WM"),
    ("/gap-matrix/losses", "item_code=WM-02&point_type=MKT&months=3&limit=1"),
    ("/items", "campaign=WM&point_type=MKT"),
    ("/items", "q=%E5%B9%BF%E5%91%8A"),
    ("/ledger/export", "month=2026-08&format=csv"),
    ("/leader-notes", "unit_id={unit}"),
    ("/leader-notes", "issue_id={unit}&limit=1"),
    ("/look-back-samples", "limit=1"),
    ("/milestones", "from=2026-08-01&to=2026-09-01"),
    ("/milestones", "limit=1"),
    ("/needs", "month=2026-08"),
    ("/needs", "limit=1"),
    ("/notices", "limit=1"),
    ("/own-look-backs", "limit=1"),
    ("/point-board", "standing=fail&demo=false&unit_id={unit}&point_type=MKT"),
    ("/point-board", "limit=1"),
    ("/point-heads", "person=%E7%8E%8B&limit=1"),
    ("/point-vacancies", "limit=1"),
    ("/points", "near=31.25,108.5&limit=5"),
    ("/points", "q=%E5%B8%82%E5%9C%BA"),
    ("/points", "type=MKT&campaign=WM"),
    ("/points", "active=false"),
    ("/repeat-visits", "months=1"),
    ("/schedules", "limit=1"),
    ("/self-reports", "unit_id={unit}&state=open"),
    ("/self-reports", "limit=1"),
    ("/units", "q=%E5%B1%80"),
    ("/users", "role=inspector"),
    ("/visits", "point_id={point}&from=2026-08-03&to=2026-08-05"),
    ("/visits", "batch_id={unit}&sudden=true&limit=1"),
];

/// A query of each facet that is in none of [`LISTED`].
fn of_facets() -> impl Iterator<Item = String> {
    let is_listed = |facet: &Facet| LISTED.iter().any(|query| query.contains(&format!("{facet}=")));
    Facet::ALL.iter().filter(move |facet| !is_listed(facet)).map(|facet| format!("{facet}={}", facet.codes()[0]))
}

/// Lists that a template of the API is for, with each of the queries.
pub fn listed<'a>(service: &Service, template: &'a str) -> impl Iterator<Item = String> + use<'a> {
    let (unit, point) = (service.unit("U02"), service.point("990001-MKT-0001")["id"].as_str().unwrap().to_owned());
    let queries = LISTED.iter().map(|query| (*query).to_owned()).chain(of_facets());
    let path = template.trim_start_matches("/api/v1");
    let others = OTHERS.iter().filter(move |(other, _)| *other == path).map(|(_, query)| (*query).to_owned());
    // Every figure of a unit's scorecard.
    let card = template.replace("{month}", "2026-08").replace("{unit_id}", &unit);
    let figures = Metric::ALL.iter().filter(|_| template.contains("{metric}"));
    let figures = figures.map(move |metric| card.replace("{metric}", metric.as_str()));
    let lists = queries.filter(|_| template.contains("/issues")).chain(others).map(move |query| {
        let query = query.replace("{unit}", &unit).replace("{point}", &point);
        format!("{template}?{query}")
    });
    lists.chain(figures)
}

/// The OpenAPI document, made once: that takes a tenth of a second in a debug build.
pub fn document() -> &'static Value {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::to_value(anfang::http::document()).unwrap());
    &DOCUMENT
}

#[test]
fn each_parameter_of_the_list_is_tried() {
    let document = document();
    let parameters = document["paths"]["/api/v1/issues"]["get"]["parameters"].as_array().unwrap();
    let facets: Vec<String> = of_facets().collect();
    let queries = LISTED.iter().copied().chain(facets.iter().map(String::as_str));
    let tried: BTreeSet<&str> =
        queries.flat_map(|query| query.split('&')).map(|one| one.split('=').next().unwrap()).collect();
    let queries = parameters.iter().filter(|parameter| parameter["in"] == "query");
    for name in queries.map(|parameter| parameter["name"].as_str().unwrap()) {
        // Pages are read on wherever there is a next one.
        assert!(tried.contains(name) || name == "cursor", "no query of LISTED has {name}");
    }
}

#[test]
fn each_parameter_of_every_other_list_is_tried() {
    for (path, operations) in document()["paths"].as_object().unwrap() {
        let path = path.trim_start_matches("/api/v1");
        let parameters = operations["get"]["parameters"].as_array();
        // What names an object or a month in its path is no list.
        for parameter in parameters.into_iter().flatten().filter(|_| !path.contains('{') && !path.contains("/issues")) {
            let name = parameter["name"].as_str().unwrap();
            let is_tried = |query: &str| query.split('&').any(|one| one.split('=').next() == Some(name));
            let is_month = parameter["required"] == true && name == "month";
            let known = OTHERS.iter().any(|(other, query)| *other == path && is_tried(query));
            let is_needed = parameter["in"] == "query" && name != "cursor" && !is_month;
            assert!(known || !is_needed, "no query of OTHERS has {name} of {path}");
        }
    }
}

/// A template with months, years, units and figures in their places, and with the month that a list is asked for.
pub fn of_months(template: &str, ids: impl Iterator<Item = Uuid>) -> Vec<String> {
    let template = template.replace("{month}", "2026-08").replace("{year}", "2026").replace("{metric}", "rebound");
    if template.contains("{unit_id}") {
        let of_units = ids.map(|id| template.replace("{unit_id}", &id.to_string()));
        return of_units.collect();
    }
    let takes_month = ["/ledger", "/month-adjustments", "/commendations"];
    let is_list = takes_month.iter().any(|list| template.ends_with(list));
    vec![if is_list { format!("{template}?month=2026-08") } else { template }]
}

/// The path of the page after the one at `path`.
pub fn next_page(path: &str, cursor: &str) -> String {
    let (first, _) = path.split_once("cursor=").unwrap_or((path, ""));
    let first = first.trim_end_matches(['?', '&']);
    format!("{first}{}cursor={cursor}", if first.contains('?') { '&' } else { '?' })
}

/// Answers by request.
pub type Transcript = BTreeMap<String, Answer>;

/// Every path (below `/api/v1`, or after `//`) that can be read, with each of `ids` where a route takes one.
pub fn readable(service: &Service, ids: &BTreeSet<Uuid>) -> Vec<String> {
    let mut paths = Vec::new();
    for (template, operations) in document()["paths"].as_object().unwrap() {
        if !operations["get"].is_object() {
            continue;
        }
        let template = &template.strip_prefix("/api/v1").map_or_else(|| format!("/{template}"), str::to_owned);
        if template.contains("{id}") {
            let all = ids.iter().map(|id| template.replace("{id}", &id.to_string()));
            if template.contains("{variant}") {
                let variants = ["thumb", "view", "original"];
                paths.extend(all.flat_map(|path| variants.map(|variant| path.replace("{variant}", variant))));
            } else {
                paths.extend(all);
            }
        } else {
            paths.extend(listed(service, template).chain(of_months(template, ids.iter().copied())));
        }
    }
    paths
}

/// The paths of [`readable`] that name something that exists in one of the services: all except those that even the
/// office is answered 404 for. A test with many readers requests the others only once.
pub fn existing(services: [&Service; 2], ids: &BTreeSet<Uuid>) -> Vec<String> {
    // Both are asked always: what services draw by chance goes on in step.
    let is_there = |path: &String| {
        services.map(|service| service.sign_in("office01").send("GET", path, &[], None).status != 404).contains(&true)
    };
    let names_something = |path: &String| path.split('/').any(|part| part.parse::<Uuid>().is_ok());
    let [mut paths, _] = services.map(|service| readable(service, ids));
    paths.retain(|path| !names_something(path) || is_there(path));
    paths
}

/// The answers to `username` of everything that can be requested, with each of `ids` where a route takes one, and of
/// the paths in `more` (below `/api/v1`).
pub fn transcript(service: &Service, username: &str, ids: &BTreeSet<Uuid>, more: &[String]) -> Transcript {
    let mut paths = readable(service, ids);
    paths.extend_from_slice(more);
    answers(service, username, paths)
}

/// The answers to `username` for these paths, and for all further pages of lists.
pub fn answers(service: &Service, username: &str, mut paths: Vec<String>) -> Transcript {
    let client = service.sign_in(username);
    let mut told = Transcript::new();
    while let Some(path) = paths.pop() {
        let answer = client.send("GET", &path, &[], None);
        if let Some(cursor) = answer.json["next_cursor"].as_str() {
            paths.push(next_page(&path, cursor));
        }
        told.insert(path, answer);
    }
    told
}

/// An answer in comparable form: status, headers and body, without what the server draws for each request and without
/// this reader's login time.
pub fn comparable(answer: &Answer) -> (u16, Vec<String>, String) {
    let mut headers: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    headers.sort();
    let body = String::from_utf8(answer.bytes.clone());
    let mut body = body.unwrap_or_else(|error| error.into_bytes().iter().map(|byte| char::from(*byte)).collect());
    let sessions = answer.json["items"].as_array().into_iter().flatten().filter(|item| item["is_current"].is_boolean());
    let drawn = sessions.map(|item| item["id"].as_str().unwrap().to_owned());
    for id in drawn.chain([answer.header("x-request-id").to_owned()]) {
        body = body.replace(&id, "drawn");
    }
    (answer.status, headers, body)
}

/// Compares two transcripts, request by request.
#[track_caller]
pub fn assert_same(one: &Transcript, other: &Transcript, who: &str) {
    for (path, answer) in one {
        let other = other.get(path).unwrap_or_else(|| panic!("{who}: only one is asked {path}"));
        assert_eq!(comparable(answer), comparable(other), "{who}: {path}");
    }
    assert_eq!(one.len(), other.len(), "{who}: what is asked");
}

/// Every instant in an answer, in microseconds, with its position: in text, as a number, in a cursor, in a header.
pub fn instants(path: &str, answer: &Answer) -> Vec<(String, i64)> {
    let micros = |text: &str| anfang::domain::time::Timestamp::parse(text).ok().map(|at| at.as_micros());
    let mut found = Vec::new();
    for (name, value) in answer.headers.iter().filter(|(name, _)| name.as_str() != "date") {
        let text = value.to_str().unwrap_or_default();
        found.extend(text.split_whitespace().filter_map(micros).map(|at| (format!("{path} header {name}"), at)));
    }
    let mut open = vec![(String::new(), &answer.json)];
    while let Some((place, value)) = open.pop() {
        let below = |name: &str| if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") };
        match value {
            Value::Array(items) => open.extend(items.iter().map(|item| (place.clone(), item))),
            Value::Object(fields) => open.extend(fields.iter().map(|(name, value)| (below(name), value))),
            Value::Number(number) => {
                let number = number.as_i64().filter(|number| *number > 1_000_000_000);
                found.extend(number.map(|number| (place.clone(), number * 1_000)));
                found.extend(number.map(|number| (place.clone(), number)));
            }
            Value::String(text) => {
                found.extend(text.split([' ', '"']).filter_map(micros).map(|at| (place.clone(), at)));
                if place == "next_cursor" {
                    let bytes = URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
                    let numbers = bytes.windows(8).flat_map(|window| {
                        let bytes: [u8; 8] = window.try_into().unwrap();
                        [i64::from_be_bytes(bytes), i64::from_le_bytes(bytes)]
                    });
                    found.extend(numbers.map(|number| (place.clone(), number)));
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }
    // From the year 2000 to the year 2100.
    found.retain(|(_, at)| (946_684_800_000_000..4_102_444_800_000_000).contains(at));
    found
}
