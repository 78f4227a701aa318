//! A county full of canaries: 2,000 texts and ids that no unit and no leader may ever be sent, in whatever form. Each of
//! them crawls through everything that can be reached from what they are told.

use std::collections::{BTreeSet, HashSet};

use anfang::domain::digest::Digest;
use anfang::domain::issue::{Action, State};
use anfang::domain::month::Rules;
use anfang::domain::role::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::backend::{Backend, TestDb};
use crate::support::canary::{self, Planter};
use crate::support::cast;
use crate::support::crawl::{Far, crawl};
use crate::support::month;
use crate::support::pictures::Exif;
use crate::support::plans;
use crate::support::service::{Client, DAY, HOUR, PASSWORD, Service};
use crate::support::transcript::document;
use crate::support::walk;

/// Least canaries. Source: the issue that asks for this test.
const CANARIES_MIN: u32 = 2_000;
const INSPECTORS: [&str; 3] = ["inspector01", "inspector02", "inspector03"];
const POINTS: [&str; 5] =
    ["990001-MKT-0001", "990001-EST-0001", "990001-ROAD-0001", "990001-LANE-0001", "990001-PARK-0001"];

/// The county.
struct County {
    service: Service,
    planted: Planter,
    /// A few of the planted ids of each kind, which somebody tries who has guessed them.
    guessed: Vec<Uuid>,
    /// Visits and reports that are not released, for the office to find them.
    hidden: Vec<String>,
}

impl County {
    fn new(db: TestDb) -> Self {
        let mut county = County {
            service: Service::start(db),
            planted: Planter::default(),
            guessed: Vec::new(),
            hidden: Vec::new(),
        };
        county.settings();
        county.people();
        county.released();
        county.visits(40);
        county.reports(110);
        county.batches();
        county.words_of_the_office();
        county.august();
        // Also in the month that is open, and just now.
        county.visits(20);
        county.service.drain_jobs();
        county
    }

    fn office(&self) -> Client<'_> {
        self.service.sign_in("office01")
    }

    fn settings(&self) {
        let headers = [("content-type", "application/json")];
        let settings = json!({"sudden_visits": "counted"}).to_string();
        self.service.sign_in("admin").send("PATCH", "/settings", &headers, Some(settings.as_bytes())).expect(200);
        let rules = Rules { version: 2, sample_points_min: 1, sample_issues_min: 1, ..Rules::default() };
        let rules = json!({"rules": rules, "source": "督查办〔2026〕3号"});
        self.office().put_json("/month-rules/2", &rules).expect(201);
    }

    /// What inspectors are called, and what their phones call themselves.
    fn people(&self) {
        let admin = self.service.sign_in("admin");
        for username in INSPECTORS {
            let path = format!("/users/{}", self.service.user_id(username));
            let body = json!({"display_name": self.planted.text()}).to_string();
            let headers = [("content-type", "application/json")];
            admin.send("PATCH", &path, &headers, Some(body.as_bytes())).expect(200);
            let agent = self.planted.ascii();
            let headers = [("content-type", "application/json"), ("user-agent", &*agent)];
            let credentials = json!({"username": username, "password": PASSWORD}).to_string();
            self.service.anybody().send("POST", "/sessions", &headers, Some(credentials.as_bytes())).expect(201);
        }
        for _ in 0..5 {
            let body =
                json!({"username": self.planted.ascii(), "display_name": self.planted.text(), "role": "inspector"});
            admin.post_json("/users", &body).expect(201);
        }
    }

    /// A photo whose metadata has a canary in each of its texts.
    fn picture(&self) -> Vec<u8> {
        let software: &'static str = self.planted.ascii().leak();
        let exif = Exif { software: Some(software), ..Exif::full(self.planted.ascii().leak()) };
        exif.put_into_jpeg(&self.service.picture())
    }

    fn photo(&self, client: &Client<'_>) -> Uuid {
        let id = self.planted.id();
        client.put_photo(id, &self.picture()).expect(201);
        id
    }

    /// Photos that become public with their issue: their ids are no secret.
    fn public_photos(&self, client: &Client<'_>, views: &[&str]) -> Value {
        let one = |view: &&str| {
            let id = crate::support::service::new_id();
            client.put_photo(id, &self.picture()).expect(201);
            json!({"id": id, "view": view})
        };
        views.iter().map(one).collect()
    }

    /// What everybody concerned reads: issues in every state, found on visits, checked and looked back on.
    fn released(&mut self) {
        use Action as A;
        for state in State::ALL.iter().filter(|state| **state != State::Archived) {
            self.service.drive_to(*state);
        }
        for (point, unit) in [("990001-MKT-0001", "U02"), ("990001-LANE-0001", "U06"), ("990001-EST-0001", "U03")] {
            let inspector = self.service.sign_in("inspector01");
            let issue = crate::support::service::new_id();
            let mut report = self.service.report_at(point, "WM-02", "low", &[]);
            report["photos"] = self.public_photos(&inspector, &["far", "near", "detail"]);
            report["visit_id"] = json!(self.planted.id());
            inspector.put_json(&format!("/issues/{issue}"), &report).expect(201);
            self.service.step(issue, "office01", A::SendBack, &json!({"reason": self.planted.text()}));
            self.service.step(issue, "inspector01", A::Resubmit, &json!({"description": "公益广告破损"}));
            self.service.step(issue, "office01", A::Approve, &json!({"unit_id": self.service.unit(unit)}));
            self.service.step(issue, "office02", A::Release, &json!({}));
            if unit != "U02" {
                continue;
            }
            self.service.steps(issue, &[A::SignIn, A::ReportFix, A::AssignCheck]);
            let taken = self.public_photos(&self.service.sign_in("inspector02"), &["detail"]);
            self.service.step(issue, "inspector02", A::Pass, &json!({"on_site": true, "photos": taken}));
            let given = json!({"inspector_id": self.service.user_id("inspector03")});
            self.service.step(issue, "office01", A::AssignLookBack, &given);
            let looker = self.service.sign_in("inspector03");
            let photos = json!([{"id": self.photo(&looker), "view": "far"}]);
            let body = json!({"held": false, "photos": photos, "note": self.planted.text()});
            self.service.step(issue, "inspector03", A::LookBack, &body);
        }
    }

    /// Visits with words and photos, some of which found something.
    fn visits(&mut self, count: usize) {
        for number in 0..count {
            let client = self.service.sign_in(INSPECTORS[number % INSPECTORS.len()]);
            let mut visit = walk::clean_at(&self.service, POINTS[number % POINTS.len()]);
            let photo = self.photo(&client);
            for result in visit["results"].as_array_mut().unwrap() {
                result["result"] = json!("mostly");
                result["note"] = json!(self.planted.text());
                result["photo_ids"] = json!([photo]);
            }
            if number % 4 == 0 {
                let issue = self.planted.id();
                let mut report = self.service.report_at(POINTS[number % POINTS.len()], "WM-02", "low", &[]);
                report["photos"] = json!([{"id": self.photo(&client), "view": "far"}]);
                report["description"] = json!(self.planted.text());
                *walk::result(&mut visit, "WM-02") =
                    json!({"item_code": "WM-02", "result": "fails", "issue": {"id": issue, "report": report}});
                self.hidden.push(format!("/issues/{issue}"));
            }
            let id = self.planted.id();
            client.put_json(&format!("/visits/{id}"), &visit).expect(201);
            self.hidden.push(format!("/visits/{id}"));
            if number < 2 {
                self.guessed.extend([id, photo]);
            }
        }
    }

    /// Reports that no unit was handed: some approved, some sent back, some turned down.
    fn reports(&mut self, count: usize) {
        for number in 0..count {
            let client = self.service.sign_in(INSPECTORS[number % INSPECTORS.len()]);
            let issue = self.planted.id();
            let mut report = self.service.report_at(POINTS[number % POINTS.len()], "WM-02", "low", &[]);
            report["photos"] = json!([{"id": self.photo(&client), "view": "far"}]);
            report["description"] = json!(self.planted.text());
            client.put_json(&format!("/issues/{issue}"), &report).expect(201);
            let (action, body) = match number % 4 {
                0 => (Action::Approve, json!({"unit_id": self.service.unit("U02")})),
                1 => (Action::SendBack, json!({"reason": self.planted.text()})),
                2 => (Action::Reject, json!({"reason": self.planted.text()})),
                _ => continue,
            };
            self.service.step(issue, "office01", action, &body);
            self.hidden.push(format!("/issues/{issue}"));
            if number < 2 {
                self.guessed.push(issue);
            }
        }
    }

    /// Plans, one of them drawn, and requests for the names behind its code names.
    fn batches(&mut self) {
        let (first, second) = (self.office(), self.service.sign_in("office02"));
        let mut made = Vec::new();
        for _ in 0..30 {
            let id = self.planted.id();
            let mut plan = plans::plan(4);
            plan["title"] = json!(self.planted.text());
            first.put_json(&format!("/batches/{id}"), &plan).expect(201);
            made.push(id);
        }
        for id in &made[..10] {
            plans::take(&first, *id, "propose", &json!({})).expect(200);
            plans::take(&second, *id, "approve", &json!({"approval_no": self.planted.text()})).expect(200);
        }
        for id in &made[10..20] {
            plans::take(&first, *id, "abandon", &json!({"reason": self.planted.text()})).expect(200);
        }
        let batch = made[0];
        let commitment = plans::read(&self.service, batch).json["commitment_sha256"].clone();
        let body = json!({"commitment_sha256": commitment, "nonce": plans::NONCE});
        plans::take(&second, batch, "draw", &body).expect(200).in_state("drawn");
        let keeper = format!("/identity-keepers/{}", self.service.user_id("office01"));
        self.service.sign_in("admin").put_json(&keeper, &json!({})).expect(204);
        let id = anfang::domain::ids::BatchId(batch);
        let task = anfang::store::batches::find_task(&mut self.service.database(), id, 1).unwrap().unwrap();
        for _ in 0..20 {
            let body = json!({"code_name": task.people[0].1, "reason": self.planted.text()});
            first.put_json(&format!("/batches/{batch}/name-requests/{}", self.planted.id()), &body).expect(201);
        }
        self.guessed.extend([batch, made[20]]);
    }

    /// Lists with names, and what others than units complain of.
    fn words_of_the_office(&self) {
        for _ in 0..30 {
            let body = json!({"name": self.planted.text(), "query": "overdue=true"});
            self.office().put_json(&format!("/saved-views/{}", self.planted.id()), &body).expect(201);
        }
        for number in 0..30 {
            let client = self.service.sign_in(INSPECTORS[number % INSPECTORS.len()]);
            let body = json!({"kind": "work", "body": self.planted.text(), "named": number % 2 == 0});
            client.put_json(&format!("/complaints/{}", self.planted.id()), &body).expect(201);
        }
    }

    /// August becomes a month that everybody reads.
    fn august(&self) {
        self.service.pass(HOUR);
        self.service.drain_jobs();
        month::until(&self.service, "2026-09-01T09:00:00+08:00");
        for action in ["freeze", "preview"] {
            month::take(&self.office(), "2026-08", action, &json!({})).expect(200);
        }
        self.service.pass(DAY * 5);
        month::decide_and_lock(&self.service, "2026-08");
        let body = json!({"circular_no": "督查〔2026〕9号"});
        month::take(&self.office(), "2026-08", "publish", &body).expect(200);
        self.service.drain_jobs();
    }
}

on_both! {
    fn no_outsider_reaches_a_canary(db: TestDb) {
        let backend = db.backend();
        let county = County::new(db);
        assert!(county.planted.count() >= CANARIES_MIN, "{}", county.planted.count());
        let routes = document()["paths"].as_object().unwrap();
        let read = routes.iter().filter(|(_, operations)| operations["get"].is_object()).count();
        let mut searched = HashSet::new();
        // One who fixes and one who leads: for each a few thousand requests, so each goes through one of the databases.
        // Source: our choice.
        let chosen = if backend == Backend::Sqlite { "unit02" } else { "leader01" };
        for person in cast::outsiders().filter(|person| person.username == chosen) {
            let (mut asked, mut bytes) = (0, 0);
            let client = county.service.sign_in(person.username);
            let statuses = crawl(&client, &county.guessed, Far::On, |path, answer| {
                (asked, bytes) = (asked + 1, bytes + answer.bytes.len());
                let values = answer.headers.iter().filter(|(name, _)| *name != "x-request-id" && *name != "date");
                let values = values.flat_map(|(_, value)| [value.as_bytes(), b"\n"]).collect::<Vec<_>>();
                // A problem repeats the path, which may have a guessed id.
                let body = String::from_utf8(answer.bytes.clone()).map(|text| text.replace(path, "").into_bytes());
                let body = body.unwrap_or_else(|error| error.into_bytes());
                let told = [values.concat(), body].concat();
                // Most answers say that there is nothing, in the same words.
                if searched.insert(Digest::of(&told)) {
                    assert_eq!(canary::find(&told), None, "{person:?} is told by {path} ({})", answer.status);
                }
                assert!(answer.status < 500, "{person:?} {path}: {}", answer.status);
            });
            println!("{}: {asked} requests, {bytes} bytes", person.username);
            // It goes through every route, and comes to issues, photos, sheets and pages.
            assert!(statuses.keys().filter(|route| route.starts_with("/api/")).count() >= read - 2, "{statuses:#?}");
            if person.role == Role::Unit && person.works_for != "U03" {
                for route in ["/issues/{id}/events", "/photos/{id}/{variant}", "/months/{month}/units/{unit_id}/export"] {
                    assert!(statuses[&format!("/api/v1{route}")].contains(&200), "{person:?} {route}");
                }
            }
        }
        // What the office reads of the same county is full of them, so the search finds them.
        let mut found = BTreeSet::new();
        let lists = ["/batches?limit=200", "/saved-views", "/complaints?limit=200", "/inspectors"].map(str::to_owned);
        for path in county.hidden.iter().cloned().chain(lists) {
            let answer = county.office().get(&path).expect(200);
            assert!(canary::find(&answer.bytes).is_some(), "{path}");
            found.extend(canary::numbers_in(&String::from_utf8(answer.bytes).unwrap()));
        }
        assert!(found.len() > 1_000, "{}", found.len());
    }
}
