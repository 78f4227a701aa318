//! What a responsible unit must never learn.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::time::Duration;

use anfang::domain::digest::Digest;
use anfang::domain::issue::{Action, State};
use anfang::domain::role::Role;
use anfang::domain::time::Timestamp;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use memchr::memmem;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::backend::TestDb;
use crate::support::cast::{self, Person};
use crate::support::crawl::{Far, crawl};
use crate::support::pictures::Exif;
use crate::support::plans;
use crate::support::service::{Answer, Client, PASSWORD, Service, new_id};
use crate::support::walk;

/// Something that must not leave, in every form in which it could.
struct Secret {
    what: &'static str,
    forms: Vec<Vec<u8>>,
}

impl Secret {
    fn text(what: &'static str, text: &str) -> Self {
        Secret { what, forms: vec![text.as_bytes().to_vec()] }
    }

    fn id(what: &'static str, id: Uuid) -> Self {
        let texts = [id.hyphenated().to_string(), id.simple().to_string()].map(String::into_bytes);
        Secret { what, forms: [&texts[..], &[id.as_bytes().to_vec()]].concat() }
    }

    /// An instant as text, as a number, and as the bytes of one.
    fn instant(what: &'static str, at: Timestamp) -> Self {
        let micros = at.as_micros();
        let texts = [at.to_string()[..19].to_owned(), (micros / 1_000_000).to_string()].map(String::into_bytes);
        Secret { what, forms: [&texts[..], &[micros.to_be_bytes().to_vec(), micros.to_le_bytes().to_vec()]].concat() }
    }

    /// A digest, also where only its first half is written.
    fn digest(what: &'static str, bytes: &[u8]) -> Self {
        let digest = Digest::of(bytes);
        Secret { what, forms: vec![digest.to_string().as_bytes()[..32].to_vec(), digest.as_bytes()[..16].to_vec()] }
    }
}

/// Everything that an answer contains: its headers, its body, and what can be decoded from the body.
fn told(answer: &Answer, path: &str) -> Vec<u8> {
    let mut bytes = format!("{:?}\n", answer.headers).into_bytes();
    let body = if answer.header("content-encoding") == "gzip" {
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(&*answer.bytes).read_to_end(&mut plain).unwrap();
        plain
    } else {
        answer.bytes.clone()
    };
    // A problem repeats the path that was asked for.
    match String::from_utf8(body) {
        Ok(text) if answer.status >= 400 => bytes.extend(text.replace(path, "").into_bytes()),
        Ok(text) => bytes.extend(text.into_bytes()),
        Err(error) => bytes.extend(error.into_bytes()),
    }
    if let Some(cursor) = answer.json["next_cursor"].as_str() {
        bytes.extend(URL_SAFE_NO_PAD.decode(cursor).unwrap());
    }
    // Numbers and instants that are written otherwise than the secret is.
    let mut open = vec![&answer.json];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(items) => open.extend(items),
            Value::Object(fields) => open.extend(fields.values()),
            Value::Number(number) => bytes.extend(format!("\n{number}").into_bytes()),
            Value::String(text) => {
                if let Ok(at) = Timestamp::parse(text) {
                    bytes.extend(format!("\n{at}").into_bytes());
                }
            }
            _ => {}
        }
    }
    bytes
}

/// A county in which everything happened that a unit must not learn, and what that is.
struct Told {
    service: Service,
    /// Every id there is to ask for.
    ids: Vec<Uuid>,
    /// What neither units nor leaders may learn.
    secrets: Vec<Secret>,
    /// What nobody may but who reads the issue of another unit, U06.
    of_others: Vec<Secret>,
}

/// Photos as phones make them, and the secrets in them.
#[derive(Default)]
struct Photos {
    ids: Vec<Uuid>,
    secrets: Vec<Secret>,
}

impl Photos {
    const NOTE: &'static str = "note-3141592653";

    fn make(&mut self, service: &Service) -> Vec<u8> {
        let exif = Exif { gps: Some((31.765_432, 107.654_321)), ..Exif::full(Self::NOTE) };
        let bytes = exif.put_into_jpeg(&service.picture());
        self.secrets.push(Secret::digest("the digest of an original", &bytes));
        bytes
    }

    fn send(&mut self, client: &Client<'_>, views: &[&str]) -> Value {
        let mut one = |view: &&str| {
            let (id, bytes) = (new_id(), self.make(client.service));
            client.put_photo(id, &bytes).expect(201);
            self.ids.push(id);
            json!({"id": id, "view": view})
        };
        views.iter().map(&mut one).collect()
    }
}

impl Told {
    const FILE_NAME: &'static str = "IMG_2718281828.jpg";
    const AGENT: &'static str = "inspector-phone-1618";

    fn new(db: TestDb) -> Self {
        use Action as A;
        let service = Service::start(db);
        let mut photos = Photos::default();
        let mut secrets = Vec::new();
        // No two steps fall on one second, so that an instant tells which it is of.
        let later = |minutes: u64| {
            service.pass(Duration::from_millis(minutes * 60_000 + 7_391));
            Timestamp::parse(&service.now()).unwrap()
        };
        let credentials = json!({"username": "inspector01", "password": PASSWORD}).to_string();
        let headers = [("content-type", "application/json"), ("user-agent", Self::AGENT)];
        service.anybody().send("POST", "/sessions", &headers, Some(credentials.as_bytes())).expect(201);

        let (own, visit) = (new_id(), new_id());
        let captured_at = Timestamp::parse(&service.now()).unwrap().minus(Duration::from_millis(1_543_210));
        let mut report = service.report_body(&[]);
        report["id"] = json!(own);
        report["visit_id"] = json!(visit);
        report["captured_at"] = json!(captured_at);
        report["location"] = json!({"lat": 31.210_331_7, "lon": 107.490_412_3, "accuracy_m": 13.712});
        let mut form = format!("--edge\r\ncontent-disposition: form-data; name=\"report\"\r\ncontent-type: application/json\r\n\r\n{report}\r\n").into_bytes();
        for _ in 0..2 {
            form.extend(format!("--edge\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"{}\"\r\ncontent-type: image/jpeg\r\n\r\n", Self::FILE_NAME).bytes());
            form.extend(photos.make(&service));
            form.extend(b"\r\n");
        }
        form.extend(b"--edge--\r\n");
        later(3);
        let inspector = service.sign_in("inspector01");
        inspector
            .send("POST", "/issues", &[("content-type", "multipart/form-data; boundary=edge")], Some(&form))
            .expect(201);
        secrets.push(Secret::instant("when it was found", captured_at));
        secrets.push(Secret::instant("when the report came", Timestamp::parse(&service.now()).unwrap()));

        secrets.push(Secret::instant("when it was approved", later(5)));
        service.steps(own, &[A::Approve]);
        later(5);
        service.steps(own, &[A::Release]);
        later(5);
        service.steps(own, &[A::SignIn, A::AssignCheck]);
        for (minutes, action) in [(6, A::Fail), (7, A::Pass)] {
            later(minutes);
            service.steps(own, &[A::ReportFix]);
            secrets.push(Secret::instant("when it was checked", later(5)));
            let taken = photos.send(&service.sign_in("inspector02"), &["detail"]);
            let body = if action == A::Pass {
                json!({"on_site": true, "photos": taken})
            } else {
                json!({"reason": "仍有一辆", "photos": taken})
            };
            service.step(own, "inspector02", action, &body);
        }
        later(4);
        let other_unit = json!({"unit_id": service.unit("U06")});
        let other = service.report_with("990001-LANE-0001", "WM-02", "low");
        service.step(other, "office01", A::Approve, &other_unit);
        service.steps(other, &[A::Release]);

        // A look-back finds a relapse, which is not released.
        let looking_back = json!({"inspector_id": service.user_id("inspector03")});
        service.step(own, "office01", A::AssignLookBack, &looking_back);
        secrets.push(Secret::instant("when it was looked back on", later(5)));
        let looker = service.sign_in("inspector03");
        let taken = photos.send(&looker, &["far"]);
        let body = json!({"held": false, "photos": taken, "note": "又堵上了"});
        service.step(own, "inspector03", A::LookBack, &body);
        let relapse = service.sign_in("office01").read(own).json["children"][0].as_str().unwrap().parse().unwrap();
        // Unreleased ones of the same unit, in every state there is.
        let mut unreleased = vec![relapse];
        for state in [State::Receiving, State::Submitted, State::Returned, State::Sealed, State::Void] {
            unreleased.push(service.drive_to(state));
        }
        let sealed = new_id();
        let mut report = service.report_body(&[]);
        report["photos"] = photos.send(&service.sign_in("inspector01"), &["far", "near"]);
        report["description"] = json!("尚未交办的事");
        service.sign_in("inspector01").put_json(&format!("/issues/{sealed}"), &report).expect(201);
        service.steps(sealed, &[A::Approve]);
        unreleased.push(sealed);
        // A visit that found what is not released, and one that found nothing.
        let walked = new_id();
        let mut walk = walk::clean(&service);
        let began_at = Timestamp::parse(&service.now()).unwrap().minus(Duration::from_millis(2_468_135));
        walk["began_at"] = json!(began_at);
        unreleased.push(walk::fail(&service.sign_in("inspector01"), &mut walk, "WS-06"));
        let taken = photos.send(&service.sign_in("inspector01"), &["far"])[0]["id"].clone();
        *walk::result(&mut walk, "WM-02") =
            json!({"item_code": "WM-02", "result": "mostly", "note": "走访时所见", "photo_ids": [taken]});
        secrets.push(Secret::id("a photo of a visit", taken.as_str().unwrap().parse().unwrap()));
        secrets.push(Secret::instant("when a visit came", later(3)));
        service.sign_in("inspector01").put_json(&format!("/visits/{walked}"), &walk).expect(201);
        secrets.push(Secret::instant("when a visit began", began_at));
        let nothing = walk::record(&service.sign_in("inspector02"), &walk::clean(&service));
        secrets.extend([walked, nothing].map(|id| Secret::id("a recorded visit", id)));
        let batch = plans::drawn(&service);
        let planned = plans::read(&service, batch).json;
        secrets.push(Secret::id("a batch", batch));
        secrets.push(Secret::text("what a draw is committed to", planned["commitment_sha256"].as_str().unwrap()));
        secrets.push(Secret::text("what a plan is called", planned["plan"]["title"].as_str().unwrap()));
        secrets.push(Secret::text("who allowed it", planned["approval_no"].as_str().unwrap()));
        // Of a batch under way something is so dangerous that it is handed over before the batch is released.
        later(5);
        let (running, walks) = plans::under_way(&service);
        later(5);
        let found = service.sign_in("office01").get(&format!("/batches/{running}/issues")).expect(200).json;
        let urgent: Uuid = found["items"][0]["id"].as_str().unwrap().parse().unwrap();
        let body = json!({"severity": "high", "unit_id": service.unit("U02")});
        service.step(urgent, "office01", A::ReleaseUrgent, &body);
        secrets.push(Secret::id("a batch", running));
        secrets.extend(walks.iter().map(|id| Secret::id("a recorded visit", *id)));
        secrets.push(Secret::text("what was seen on a task", plans::SEEN_ON_TASKS));
        later(20);
        service.drain_jobs();

        let office = service.sign_in("office01");
        let read = office.read(own).json;
        let numbered = office.read(other).json;
        let mut ids =
            [&[own, other, visit, walked, nothing, batch, running, urgent], &unreleased[..], &walks, &photos.ids]
                .concat();
        let mut of_others = vec![
            Secret::id("another unit's issue", other),
            Secret::text("its number", numbered["number"].as_str().unwrap()),
        ];
        for issue in [&[own, other], &unreleased[..]].concat() {
            for photo in office.read(issue).json["photos"].as_array().unwrap() {
                let id: Uuid = photo["id"].as_str().unwrap().parse().unwrap();
                ids.push(id);
                if issue == other {
                    of_others.push(Secret::id("another unit's photo", id));
                } else if issue != own || photo["stage"] == "look-back" {
                    secrets.push(Secret::id("a photo that is not released", id));
                }
            }
        }
        for username in ["inspector01", "inspector02", "inspector03", "office01", "office02"] {
            let id = service.user_id(username).parse().unwrap();
            ids.push(id);
            secrets.extend([Secret::id("somebody's id", id), Secret::text("somebody's name", username)]);
        }
        ids.extend(
            [read["unit_id"].clone(), read["point"]["id"].clone()]
                .map(|id| id.as_str().unwrap().parse::<Uuid>().unwrap()),
        );
        secrets.extend(unreleased.into_iter().map(|id| Secret::id("an unreleased issue", id)));
        secrets.push(Secret::id("the visit", visit));
        for (what, texts) in [
            ("an inspector's pseudonym", &["暗访0"][..]),
            ("somebody of the office", &["督查室0"]),
            ("the device", &["Huawei", "ANG-AN00", Photos::NOTE]),
            ("what the client calls itself or its files", &["IMG_27", "inspector-phone"]),
            ("where the device was", &["31.2103317", "107.4904123", "13.712"]),
            ("what a photo says of its place", &["31.7654", "107.6543", "lat\":31.765"]),
            ("what a photo says of its time", &["15:04:11", "07:04:11"]),
            ("the words of an unreleased report", &["尚未交办的事", "又堵上了", "走访时所见"]),
        ] {
            secrets.extend(texts.iter().map(|text| Secret::text(what, text)));
        }
        secrets.extend(photos.secrets);
        ids.sort_unstable();
        ids.dedup();
        Told { service, ids, secrets, of_others }
    }

    /// The secrets that a user who requests everything finds, each with a path that reveals it; and the statuses of
    /// each route.
    fn found_by(&self, person: Person) -> (BTreeMap<&'static str, String>, BTreeMap<String, BTreeSet<u16>>) {
        let knows = person.is_outsider() && person.reads_released("U06", "WM");
        let others = if knows { &[] } else { &self.of_others[..] };
        let mut found = BTreeMap::new();
        let statuses = crawl(&self.service.sign_in(person.username), &self.ids, Far::Given, |path, answer| {
            let told = told(answer, path);
            for secret in self.secrets.iter().chain(others) {
                if let Some(form) = secret.forms.iter().find(|form| memmem::find(&told, form).is_some()) {
                    let told = format!("{path} ({}): {}", answer.status, String::from_utf8_lossy(form));
                    found.entry(secret.what).or_insert(told);
                }
            }
        });
        (found, statuses)
    }
}

on_both! {
    fn whoever_asks_for_everything_learns_nothing_of_the_inspection(db: TestDb) {
        let county = Told::new(db);
        for person in cast::outsiders() {
            let (found, statuses) = county.found_by(person);
            assert!(found.is_empty(), "{person:?} is told {found:#?}");
            assert!(statuses.values().flatten().all(|status| *status < 500), "{statuses:#?}");
            // The requests reach everything that could reveal something.
            for route in ["/issues", "/issues/counts", "/issues/{id}", "/issues/{id}/events", "/photos/{id}/{variant}"] {
                let both = statuses[&format!("/api/v1{route}")].clone();
                let reads = !route.contains('{') || person.reads_released("U02", "WM") || person.reads_released("U06", "WM");
                assert_eq!(both.contains(&200), reads, "{person:?} {route}: {both:?}");
                assert!(both.contains(&404) || !route.contains('{'), "{person:?} {route}: {both:?}");
            }
        }
        // And the search finds what is there.
        let office = cast::everybody().find(|person| person.role == Role::Office).unwrap();
        let (found, _) = county.found_by(office);
        let hidden: BTreeSet<_> = county.secrets.iter().chain(&county.of_others).map(|secret| secret.what).collect();
        let missed: Vec<_> = hidden.into_iter().filter(|what| !found.contains_key(what)).collect();
        assert_eq!(missed, ["what the client calls itself or its files"]);
    }

    fn a_unit_does_not_see_a_look_back_coming(db: TestDb) {
        let service = Service::start(db);
        let issue = service.drive_to(State::Closed);
        let look = || {
            let unit = service.sign_in("unit02");
            let answer = unit.read(issue);
            (answer.header("etag").to_owned(), answer.json, unit.events(issue), unit.get("/issues").json)
        };
        let before = look();
        service.steps(issue, &[Action::AssignLookBack]);
        assert_eq!(look(), before);
        service.steps(issue, &[Action::LookBack]);
        assert_eq!(look(), before);
    }

    fn an_id_that_tells_a_time_is_refused(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let timed = "0198a4b2-7c1e-7d3f-8a5b-1c2d3e4f5a6b";
        inspector.put_bytes(&format!("/photos/{timed}"), "image/jpeg", &service.picture()).refused(422, "invalid-fields");
        assert!(service.originals().is_empty());
        let body = service.report_body(&[inspector.send_photo()]);
        let refused = inspector.put_json(&format!("/issues/{timed}"), &body).refused(422, "invalid-fields");
        assert_eq!(refused.json["errors"][0]["pointer"], "/id");
    }
}
