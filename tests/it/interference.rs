//! What units and leaders can read does not depend on anything that is not released. Two counties with the same
//! released history, one of them full of secrets, must answer the same thousands of requests alike, byte by byte.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use anfang::domain::ids::BatchId;
use anfang::domain::issue::{Action, State};
use anfang::domain::role::Role;
use anfang::store::batches;
use memchr::memmem;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::backend::TestDb;
use crate::support::cast::{self, Person};
use crate::support::contract::Contract;
use crate::support::month;
use crate::support::pictures::{self, Exif};
use crate::support::plans;
use crate::support::service::{Answer, DAY, HOUR, Service, new_id};
use crate::support::story::{Again, id};
use crate::support::transcript::{existing, next_page, readable};
use crate::support::walk;

/// What differs between the counties and must not show.
struct Secrets {
    finder: &'static str,
    /// Who approves, who releases.
    office: [&'static str; 2],
    /// Seconds before the report in which it was found: the same half day.
    found_before: u64,
    /// Degrees between the point and the device.
    aside: f64,
    visit: Option<Uuid>,
    exif: Exif,
    /// Whether there are reports, checks, look-backs besides what is released.
    busy: bool,
}

struct County {
    service: Service,
    secrets: Secrets,
    /// The ids that the service drew for requests of units, in order: other draws lie between them.
    request_ids: Vec<String>,
}

const MARKET: &str = "990001-MKT-0001";
const FIRST: u128 = 1;
const LANE: u128 = 2;
const LATE: u128 = 3;
const AGAIN: u128 = 4;
const RELEASED: [u128; 4] = [FIRST, LANE, LATE, AGAIN];

impl County {
    fn new(db: TestDb, secrets: Secrets) -> Self {
        County { service: Service::start_with(db, Arc::new(Again::default())), secrets, request_ids: Vec::new() }
    }

    /// Photos under ids of the client's choice; the picture follows from the id.
    fn photos(&self, username: &str, first: u128, views: &[&str]) -> Value {
        let client = self.service.sign_in(username);
        let one = |(number, view): (u128, &&str)| {
            let picture = pictures::jpeg(u64::try_from(number).unwrap(), 160, 120);
            client.put_photo(id(number), &self.secrets.exif.put_into_jpeg(&picture)).expect(201);
            json!({"id": id(number), "view": view})
        };
        (first..).zip(views).map(one).collect()
    }

    fn report(&self, issue: u128, point: &str, item: &str, severity: &str) {
        let mut body = self.service.report_at(point, item, severity, &[]);
        body["photos"] = self.photos(self.secrets.finder, issue * 1_000, &["far", "near"]);
        body["captured_at"] = json!(self.service.app.now().minus(Duration::from_secs(self.secrets.found_before)));
        body["location"]["lat"] = json!(body["location"]["lat"].as_f64().unwrap() + self.secrets.aside);
        body["visit_id"] = json!(self.secrets.visit);
        let finder = self.service.sign_in(self.secrets.finder);
        match self.secrets.visit.filter(|_| issue == FIRST) {
            // The one found it on a visit, and sent both together.
            Some(visit) => {
                let mut record = walk::clean_at(&self.service, point);
                record["began_at"] = json!(self.service.app.now().minus(HOUR));
                *walk::result(&mut record, item) =
                    json!({"item_code": item, "result": "fails", "issue": {"id": id(issue), "report": body}});
                finder.put_json(&format!("/visits/{visit}"), &record).expect(201);
            }
            None => drop(finder.put_json(&format!("/issues/{}", id(issue)), &body).expect(201)),
        }
    }

    fn step(&self, issue: u128, username: &str, action: Action, body: &Value) {
        self.service.step(id(issue), username, action, body);
    }

    fn release(&self, issue: u128, unit: &str) {
        let [approver, releaser] = self.secrets.office;
        self.step(issue, approver, Action::Approve, &json!({"unit_id": self.service.unit(unit)}));
        self.step(issue, releaser, Action::Release, &json!({}));
    }

    fn fix(&self, issue: u128, round: u128) {
        let photos = self.photos("unit02", issue * 1_000 + round * 100, &["same-angle", "wide"]);
        let body = json!({"measure": "已清走", "remedy": "quick", "photos": photos});
        self.step(issue, "unit02", Action::ReportFix, &body);
    }

    fn decide(&self, issue: u128, action: Action, granted: bool) {
        let read = self.service.sign_in("office01").read(id(issue)).json;
        let body = json!({"request_id": read["requests"][0]["id"], "granted": granted, "reason": "答复"});
        self.step(issue, self.secrets.office[1], action, &body);
    }

    /// The check is the office's, or that of an inspector who was given it.
    fn checker(&self) -> &'static str {
        if self.secrets.busy { "inspector02" } else { "office01" }
    }

    /// Reports of the same fault that no unit has been handed, one of them with a photo of a released one.
    fn noise(&self) {
        if !self.secrets.busy {
            return;
        }
        for state in [State::Receiving, State::Submitted, State::Returned, State::Sealed, State::Void] {
            self.service.drive_to(state);
        }
        let (inspector, photo) = (self.service.sign_in("inspector02"), new_id());
        let picture = pictures::jpeg(u64::try_from(FIRST * 1_000).unwrap(), 160, 120);
        inspector.put_photo(photo, &self.secrets.exif.put_into_jpeg(&picture)).expect(201);
        let body = self.service.report_at(MARKET, "WM-07", "low", &[photo]);
        inspector.put_json(&format!("/issues/{}", new_id()), &body).expect(201);
        // Visits of the same point: one that found nothing, one that found something.
        let mut visit = walk::clean(&self.service);
        walk::record(&inspector, &visit);
        walk::fail(&inspector, &mut visit, "WS-06");
        *walk::result(&mut visit, "WM-02") =
            json!({"item_code": "WM-02", "result": "mostly", "photo_ids": [inspector.send_photo()]});
        visit["interviews"] = json!([{"age_band": "18-34", "answered": 4, "right": 3}]);
        walk::record(&inspector, &visit);
        // A plan, a batch that is drawn, one that is under way, and one that is given up.
        plans::drafted(&self.service);
        let drawn = plans::drawn(&self.service);
        plans::under_way(&self.service);
        let [office, second] = ["office01", "office02"].map(|name| self.service.sign_in(name));
        plans::take(&office, plans::drafted(&self.service), "abandon", &json!({"reason": "重复"})).expect(200);
        // Who does not go where, and who asks whose code name it is.
        let market = self.service.point(MARKET)["id"].clone();
        let recused = json!({"points": [market], "units": [self.service.unit("U03")]});
        let path = format!("/inspectors/{}/recusals", self.service.user_id("inspector02"));
        office.put_json(&path, &recused).expect(200);
        let keeper = format!("/identity-keepers/{}", self.service.user_id("office01"));
        self.service.sign_in("admin").put_json(&keeper, &json!({})).expect(204);
        let task = batches::find_task(&mut self.service.database(), BatchId(drawn), 1).unwrap().unwrap();
        let body = json!({"code_name": task.people[0].1, "reason": "核实投诉"});
        let path = format!("/batches/{drawn}/name-requests/{}", new_id());
        office.put_json(&path, &body).expect(201);
        second.put_json(&format!("{path}/answer"), &json!({"consents": true})).expect(200);
        office.post_json(&format!("{path}/reading"), &json!({})).expect(200);
        // What the office notes for itself, and what an inspector complains of.
        let view = json!({"name": new_id().simple().to_string()[..12], "query": "overdue=true"});
        office.put_json(&format!("/saved-views/{}", new_id()), &view).expect(201);
        let complaint = json!({"kind": "work", "body": "任务太密", "named": false});
        inspector.put_json(&format!("/complaints/{}", new_id()), &complaint).expect(201);
    }

    /// What leader01 is paired with, and a note on it: the same in both counties.
    fn pairings(&self) {
        let (office, leader) = (self.service.sign_in("office01"), self.service.sign_in("leader01"));
        let market = self.service.point(MARKET)["id"].clone();
        for (number, with, of) in [(1, "unit_id", json!(self.service.unit("U02"))), (2, "point_id", market)] {
            let pairing = id(900 + number);
            let body = json!({"leader_id": self.service.user_id("leader01"), with: of, "from": "2026-08-03"});
            office.put_json(&format!("/pairings/{pairing}"), &body).expect(201);
            let note = json!({"pairing_id": pairing, "issue_id": id(FIRST), "note": "周五前到现场看一次"});
            leader.put_json(&format!("/leader-notes/{}", id(910 + number)), &note).expect(201);
        }
        // A visit of the busy county is to be made again by somebody else.
        if self.secrets.busy {
            plans::soon_drawn(&self.service, 99);
        }
    }

    /// What counts in no month yet.
    fn later_inputs(&self) {
        if self.secrets.busy {
            let (office, unit) = (self.service.sign_in("office01"), self.service.unit("U02"));
            let body = json!({"unit_id": unit, "of_month": "2026-08", "points": "-1.5", "reason": "重复计分", "document_no": "督查〔2026〕12号"});
            office.put_json(&format!("/month-adjustments/{}", new_id()), &body).expect(201);
            let day = self.service.now()[..10].to_owned();
            let body = json!({"unit_id": unit, "given_on": day, "title": "省级通报表扬", "document_no": "省文明办〔2026〕8号"});
            office.put_json(&format!("/commendations/{}", new_id()), &body).expect(201);
        }
    }

    fn secretly(&self, issue: u128, username: &str, action: Action, body: &Value) {
        if self.secrets.busy {
            self.step(issue, username, action, body);
        }
    }

    /// One part of the story, during which the clock does not move. There are nine parts.
    fn chapter(&self, number: usize) {
        use Action as A;
        let given = |username: &str| json!({"inspector_id": self.service.user_id(username)});
        match number {
            0 => {
                self.noise();
                self.report(FIRST, MARKET, "WM-07", "high");
                self.report(LANE, "990001-LANE-0001", "WM-02", "low");
                self.report(LATE, MARKET, "WM-02", "low");
            }
            1 => {
                self.release(FIRST, "U02");
                self.release(LANE, "U06");
                self.release(LATE, "U02");
                self.pairings();
            }
            2 => {
                self.step(FIRST, "unit02", A::SignIn, &json!({"handler": "王五"}));
                self.secretly(FIRST, "office01", A::AssignCheck, &given("inspector02"));
                self.step(LATE, "unit02", A::SignIn, &json!({}));
                self.step(LATE, "unit02", A::RequestExtension, &json!({"reason": "缺料"}));
                self.secretly(LATE, "office01", A::AssignCheck, &given("inspector02"));
                self.step(LANE, "unit06", A::Dispute, &json!({"reason": "不属实"}));
            }
            3 => {
                self.fix(FIRST, 1);
                self.decide(LATE, A::DecideExtension, true);
                let body = json!({"reason": "仍有一辆", "photos": self.photos(self.checker(), 1_500, &["detail"])});
                self.step(FIRST, self.checker(), A::Fail, &body);
                self.decide(LANE, A::DecideDispute, false);
            }
            4 => {
                self.fix(FIRST, 2);
                // What is said is public, so it is the same.
                let body = json!({"on_site": self.secrets.busy, "note": "核查通过"});
                self.step(FIRST, self.checker(), A::Pass, &body);
                self.fix(LATE, 1);
                self.secretly(LATE, "office01", A::AssignCheck, &given("inspector01"));
            }
            5 => {
                self.secretly(FIRST, "office01", A::AssignLookBack, &given("inspector01"));
                if self.secrets.busy {
                    let photos = json!([{"id": self.service.sign_in("inspector01").send_photo(), "view": "far"}]);
                    let body = json!({"held": false, "photos": photos, "note": "又堵上了"});
                    self.step(FIRST, "inspector01", A::LookBack, &body);
                }
            }
            6 => {
                self.report(AGAIN, MARKET, "WM-07", "medium");
                self.noise();
                self.release(AGAIN, "U02");
                self.step(AGAIN, "unit02", A::SignIn, &json!({}));
                self.secretly(FIRST, "office01", A::AssignLookBack, &given("inspector01"));
            }
            7 => {
                // The visits and reports that nobody was handed are of August, too.
                self.service.drain_jobs();
                month::until(&self.service, "2026-09-01T09:00:00+08:00");
                for action in ["freeze", "preview"] {
                    month::take(&self.service.sign_in("office01"), "2026-08", action, &json!({})).expect(200);
                }
            }
            _ => {
                month::decide_and_lock(&self.service, "2026-08");
                let circular = json!({"circular_no": "督查通报〔2026〕9号"});
                month::take(&self.service.sign_in("office01"), "2026-08", "publish", &circular).expect(200);
                self.service.pass(DAY * 91);
                self.service.drain_jobs();
                self.later_inputs();
            }
        }
    }

    /// Every id that the office knows of.
    fn ids(&self) -> BTreeSet<Uuid> {
        let office = self.service.sign_in("office01");
        let listed = ["/issues?limit=200", "/visits?limit=200", "/batches?limit=200"]
            .map(|path| office.get(path).expect(200).json);
        let (mut ids, mut open) = (BTreeSet::new(), Vec::from_iter(&listed));
        while let Some(value) = open.pop() {
            match value {
                Value::Array(items) => open.extend(items),
                Value::Object(fields) => open.extend(fields.values()),
                Value::String(text) => ids.extend(text.parse::<Uuid>().ok()),
                _ => {}
            }
        }
        ids
    }

    /// Something of each kind that is not released.
    fn one_of_each(&self) -> Vec<Uuid> {
        let office = self.service.sign_in("office01");
        let first = |path: &str| office.get(path).expect(200).json["items"][0]["id"].as_str().unwrap().parse().unwrap();
        ["/issues?state=submitted", "/issues?state=sealed", "/visits", "/batches"].map(first).to_vec()
    }

    fn note_request_ids(&mut self) {
        let office = self.service.sign_in("office01");
        let requests = RELEASED.iter().flat_map(|issue| {
            let read = office.get(&format!("/issues/{}", id(*issue))).json;
            read["requests"].as_array().cloned().unwrap_or_default()
        });
        self.request_ids = requests.map(|request| request["id"].as_str().unwrap().to_owned()).collect();
    }
}

/// An answer as it must be equal: status, headers, body. Of the server's own chance only these are taken out: the
/// request's id, ids of sign-ins, ids of units' requests.
fn heard(answer: &Answer, request_ids: &[String]) -> (u16, Vec<String>, String) {
    let mut headers: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    headers.sort();
    let mut bytes = answer.bytes.clone();
    if answer.header("content-encoding") == "gzip" {
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(&*answer.bytes).read_to_end(&mut plain).unwrap();
        // Packed bytes are compared packed, but for those with something to take out of them.
        if request_ids.iter().any(|id| memmem::find(&plain, id.as_bytes()).is_some()) {
            bytes = plain;
        }
    }
    // Pictures too: one character a byte.
    let body = String::from_utf8(bytes);
    let mut body = body.unwrap_or_else(|error| error.into_bytes().iter().map(|byte| char::from(*byte)).collect());
    let sessions = answer.json["items"].as_array().into_iter().flatten().filter(|item| item["is_current"].is_boolean());
    let sessions = sessions.map(|item| item["id"].as_str().unwrap().to_owned());
    let drawn =
        [answer.header("x-request-id").to_owned()].into_iter().chain(sessions).chain(request_ids.iter().cloned());
    for (number, id) in drawn.enumerate() {
        body = body.replace(&id, &format!("drawn-{number}"));
    }
    (answer.status, headers, body)
}

/// Least requests that are compared. Source: the issue that asks for this test.
const REQUESTS_MIN: usize = 2_000;

/// Asks in both counties, and holds the one answer to the other.
fn ask(
    (counties, asked): (&[County; 2], &Cell<usize>),
    username: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&[u8]>,
) -> Answer {
    asked.set(asked.get() + 1);
    let answers = counties.each_ref().map(|county| county.service.sign_in(username).send(method, path, headers, body));
    let [quiet, busy] = [0, 1].map(|at| heard(&answers[at], &counties[at].request_ids));
    assert_eq!(quiet, busy, "{username}: {method} {path} {headers:?}");
    answers.into_iter().next().unwrap()
}

/// Every request with a body that the contract has, but for those that end the session: with an id that is nowhere,
/// and with each of `ids`.
fn written(ids: &[Uuid]) -> Vec<(String, String, Value)> {
    let mut all = Vec::new();
    for (method, path, body) in Contract::read().json_bodies() {
        if path.contains("/sessions") || path.contains("/me/password") {
            continue;
        }
        let path = path.trim_start_matches("/api/v1").to_owned();
        let named = path.split('/').find(|part| part.parse::<Uuid>().is_ok());
        all.extend(named.into_iter().flat_map(|named| {
            let real = ids.iter().map(|id| path.replace(named, &id.to_string()));
            real.map(|path| (method.clone(), path, body.clone())).collect::<Vec<_>>()
        }));
        all.push((method, path, body));
    }
    all
}

/// Words that only stand in what is not released: titles and numbers of batches, code names, accounts, words of
/// reports, visits and complaints.
const SECRET_WORDS: [&str; 9] =
    ["八月第一批", "第一批", "〔2026〕8号", "重复", "核实投诉", "任务太密", "暗访0", "inspector03", "理由"];

/// Searches for what only one of the counties has.
fn searches() -> impl Iterator<Item = String> {
    let percent = |word: &str| word.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    SECRET_WORDS.iter().flat_map(move |word| {
        let word = percent(word);
        ["issues", "issues/counts", "points", "units", "items"].map(|list| format!("/{list}?q={word}"))
    })
}

/// Asks in both counties for everything that can be read. `is_last` also in every form, and for every change.
fn compare(both: (&[County; 2], &Cell<usize>), readers: impl Iterator<Item = Person>, is_last: bool) {
    let (counties, _) = both;
    // Not those that are taken out of answers: a refusal repeats the path.
    let drawn: Vec<&String> = counties.iter().flat_map(|county| &county.request_ids).collect();
    let mut ids: BTreeSet<Uuid> = counties.iter().flat_map(County::ids).collect();
    ids.retain(|id| !drawn.contains(&&id.to_string()));
    // One of those concerned tries all ids everywhere; the others only where there is something.
    let services = counties.each_ref().map(|county| &county.service);
    let (all, existing) = (readable(services[0], &ids), existing(services, &ids));
    let mut tried: Vec<Uuid> = RELEASED.map(id).to_vec();
    tried.extend(counties[1].one_of_each());
    let written = if is_last { written(&tried) } else { Vec::new() };
    for username in readers.map(|person| person.username) {
        let mut paths = if is_last && username == "unit02" { all.clone() } else { existing.clone() };
        paths.extend(searches().filter(|_| is_last));
        while let Some(path) = paths.pop() {
            let answer = ask(both, username, "GET", &path, &[], None);
            if is_last && answer.headers.contains_key("etag") {
                ask(both, username, "GET", &path, &[("if-none-match", answer.header("etag"))], None);
                ask(both, username, "GET", &path, &[("range", "bytes=0-99")], None);
                ask(both, username, "GET", &path, &[("accept-encoding", "gzip")], None);
            }
            if let Some(cursor) = answer.json["next_cursor"].as_str() {
                paths.push(next_page(&path, cursor));
            }
        }
        let json = ("content-type", "application/json");
        for (method, path, body) in &written {
            ask(both, username, method, path, &[json, ("if-match", "\"1\"")], Some(body.to_string().as_bytes()));
        }
        for id in ids.iter().filter(|_| is_last) {
            let path = format!("/issues/{id}/actions/sign-in");
            ask(both, username, "POST", &path, &[json, ("if-match", "\"0\"")], Some(b"{}"));
            let photos = json!([{"id": id, "view": "wide"}, {"id": id, "view": "same-angle"}]);
            let body = json!({"measure": "已清走", "remedy": "quick", "photos": photos}).to_string();
            let path = format!("/issues/{}/actions/report-fix", crate::support::story::id(AGAIN));
            ask(both, username, "POST", &path, &[json, ("if-match", "\"2\"")], Some(body.as_bytes()));
        }
    }
}

on_both! {
    fn nothing_that_is_not_released_shows(db: TestDb) {
        let another = TestDb::create(db.backend()).unwrap();
        let mut counties = [
            County::new(db, Secrets {
                finder: "inspector01",
                office: ["office01", "office02"],
                found_before: 61,
                aside: 0.0,
                visit: None,
                exif: Exif { orientation: Some(6), ..Exif::default() },
                busy: false,
            }),
            County::new(another, Secrets {
                finder: "inspector03",
                office: ["office02", "office01"],
                found_before: 1_807,
                aside: 0.01,
                visit: Some(new_id()),
                exif: Exif { gps: Some((31.5, 107.1)), ..Exif::full("another phone") },
                busy: true,
            }),
        ];
        let asked = Cell::new(0);
        for number in 0..9 {
            for county in &mut counties {
                county.chapter(number);
                county.service.pass(HOUR / 3);
                county.note_request_ids();
            }
            match number {
                1 | 5 => compare((&counties, &asked), cast::outsiders().filter(|person| person.works_for == "U02"), false),
                3 | 7 => compare((&counties, &asked), cast::outsiders().filter(|person| person.role != Role::Unit), false),
                8 => compare((&counties, &asked), cast::outsiders(), true),
                _ => {}
            }
        }
        println!("{} requests", asked.get());
        assert!(asked.get() >= REQUESTS_MIN, "{}", asked.get());
        // The counties are as different as they should be, and the units have something to read.
        let [quiet, busy] = counties.each_ref().map(|county| county.service.sign_in("office01").get("/issues/counts").expect(200).json);
        assert_eq!(quiet["total"], 4);
        assert!(busy["total"].as_i64().unwrap() > 15, "{busy}");
        let read = counties[1].service.sign_in("unit02").get("/issues").expect(200);
        let states: Vec<_> = read.json["items"].as_array().unwrap().iter().map(|issue| issue["state"].as_str().unwrap()).collect();
        // The first waits with its archiving for the relapse that came of it.
        assert_eq!(states, ["rectifying", "reported", "closed"]);
    }
}
