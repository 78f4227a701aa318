//! Records that a phone could not send, handed in by the office as the file that the app wrote.

use anfang::admission::Who;
use anfang::domain::digest::Digest;
use anfang::domain::issue::{Action, State};
use anfang::domain::policy::Permission;
use anfang::domain::role::Device;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::cast;
use crate::support::pictures;
use crate::support::service::{Answer, Client, DAY, Service, new_id};
use crate::support::walk::{clean, fail, result};

const TEXT: (&str, &str) = ("content-type", "text/plain");

/// A packet that is being written.
pub struct Packet {
    lines: Vec<Value>,
    counts: [usize; 3],
}

impl Packet {
    pub fn of(service: &Service, username: &str) -> Self {
        let account = json!({"id": service.user_id(username), "username": username, "name": "…", "role": "inspector"});
        let head = json!({"packet": {"format": "anfang-unsent", "version": 2, "account": account,
            "exported_at": service.now(), "part": 1, "parts": 1, "later": "?"}});
        Packet { lines: vec![head], counts: [0; 3] }
    }

    pub fn report(mut self, id: Uuid, body: &Value) -> Self {
        self.counts[0] += 1;
        self.lines.push(json!({"record": {"kind": "report", "id": id, "composed_at": "2026-08-03T01:00:00Z", "body": body, "app": {"a": 1}}}));
        self
    }

    pub fn visit(mut self, id: Uuid, body: &Value) -> Self {
        self.counts[0] += 1;
        self.lines.push(json!({"record": {"kind": "visit", "id": id, "composed_at": "2026-08-03T01:00:00Z", "body": body, "app": null}}));
        self
    }

    fn answer(
        mut self,
        id: Uuid,
        issue: Uuid,
        action: Action,
        version: i64,
        after: Option<Uuid>,
        body: &Value,
    ) -> Self {
        self.counts[0] += 1;
        let mut record = json!({"kind": "answer", "id": id, "issue_id": issue, "action": action.as_str(), "version": version,
            "composed_at": "2026-08-03T01:00:00.000Z", "body": body, "app": null});
        if let Some(after) = after {
            record["after"] = json!(after);
        }
        self.lines.push(json!({"record": record}));
        self
    }

    fn draft(mut self) -> Self {
        self.counts[1] += 1;
        self.lines.push(json!({"draft": {"whatever": "\u{0}"}}));
        self
    }

    /// A photo in pieces of a few hundred bytes.
    pub fn photo(mut self, id: Uuid, bytes: &[u8]) -> Self {
        self.counts[2] += 1;
        self.lines.push(json!({"photo": {"id": id, "type": "image/jpeg", "size_bytes": bytes.len(),
            "sha256": Digest::of(bytes), "captured_at": "2026-08-03T01:00:00Z"}}));
        for piece in bytes.chunks(700) {
            self.lines.push(json!({"piece": STANDARD.encode(piece)}));
        }
        self
    }

    pub fn whole(mut self) -> Self {
        let [records, drafts, photos] = self.counts;
        self.lines.push(json!({"end": {"records": records, "drafts": drafts, "photos": photos}}));
        self
    }

    pub fn text(&self) -> String {
        self.lines.iter().map(|line| format!("{line}\n")).collect()
    }
}

pub fn hand_in(client: &Client<'_>, text: &str) -> Answer {
    client.send("POST", "/packets", &[TEXT], Some(text.as_bytes()))
}

fn outcomes(answer: &Answer) -> Vec<(String, String)> {
    let records = answer.json["records"].as_array().unwrap_or_else(|| panic!("{}", answer.json));
    let of = |record: &Value| {
        (record["outcome"].as_str().unwrap().to_owned(), record["problem"]["code"].as_str().unwrap_or("").to_owned())
    };
    records.iter().map(of).collect()
}

fn told(outcome: &str, problem: &str) -> (String, String) {
    (outcome.to_owned(), problem.to_owned())
}

fn records(service: &Service, action: &str) -> Vec<Value> {
    let found = service.sign_in("discipline01").get(&format!("/audit?action={action}")).expect(200).json;
    found["items"].as_array().unwrap().clone()
}

on_both! {
    fn a_packet_is_taken_once_for_the_one_whose_it_is(db: TestDb) {
        let service = Service::start(db);
        let (office, inspector) = (service.sign_in("office01"), service.sign_in("inspector01"));
        let (first, second) = (new_id(), new_id());
        let (photos, pictures): (Vec<Uuid>, Vec<Vec<u8>>) = (0..3).map(|_| (new_id(), service.picture())).unzip();
        let returned = service.drive_to(State::Returned);
        let (key, mended) = (new_id(), json!({"description": "补正", "photos": [{"id": photos[2], "view": "detail"}]}));
        let bodies = [service.report_body(&photos[..2]), service.report_at("990001-LANE-0001", "WM-02", "low", &[new_id()])];
        let drafted = new_id();
        let version = inspector.read(returned).version();
        let packet = Packet::of(&service, "inspector01")
            .report(first, &bodies[0]).photo(photos[0], &pictures[0]).photo(photos[1], &pictures[1])
            .draft().photo(drafted, &service.picture())
            .report(second, &bodies[1])
            .answer(key, returned, Action::Resubmit, version, None, &mended).photo(photos[2], &pictures[2])
            .whole().text();
        // What the phone wrote is some days old when it comes.
        service.pass(DAY * 3);
        let answer = hand_in(&office, &packet).expect(200);
        let taken = told("taken", "");
        assert_eq!(outcomes(&answer), [taken.clone(), taken.clone(), taken]);
        assert_eq!((&answer.json["is_complete"], &answer.json["drafts"]), (&json!(true), &json!(1)));
        assert_eq!(answer.json["account"]["username"], "inspector01");
        assert_eq!(answer.json["records"][0]["missing_photos"], json!([]));
        assert_eq!(answer.json["records"][1]["missing_photos"].as_array().unwrap().len(), 1);
        assert_eq!((&answer.json["records"][2]["issue_id"], &answer.json["records"][2]["id"]), (&json!(returned), &json!(key)));
        let seen = office.read(first).in_state("submitted").json;
        assert_eq!((&seen["finder"]["id"], &seen["received_at"]), (&json!(service.user_id("inspector01")), &json!(service.now())));
        assert!(seen["flag_codes"].as_array().unwrap().contains(&json!("handed-in")), "{seen}");
        office.read(second).in_state("receiving");
        office.read(returned).in_state("submitted");
        // A draft's photo is its phone's own.
        assert_eq!(service.originals().len(), 5, "two of the issue that was returned, three of the packet");
        // Who handed it in, for whom, how many, and of which bytes.
        let whole = records(&service, "packet-handed-in");
        assert_eq!((&whole[0]["actor"]["id"], &whole[0]["target"]), (&json!(service.user_id("office01")), &json!("user:inspector01")));
        let detail = whole[0]["detail"].as_str().unwrap();
        assert!(detail.contains("3 taken, 0 known, 0 refused, whole"), "{detail}");
        assert!(detail.contains(&Digest::of(packet.as_bytes()).to_string()), "{detail}");
        let each = records(&service, "record-handed-in");
        assert_eq!(each.len(), 3);
        assert!(each.iter().all(|record| record["detail"] == "for user:inspector01" && record["actor"]["id"] == whole[0]["actor"]["id"]));
        // Again, by another, with other ends of lines: nothing is done twice.
        let before = office.events(first).len() + office.events(returned).len();
        let other = service.sign_in("office02");
        let again = hand_in(&other, &format!("\r\n{}", packet.replace('\n', "\r\n").trim_end())).expect(200);
        let known = told("known", "");
        assert_eq!(outcomes(&again), [known.clone(), known.clone(), known]);
        assert_eq!(office.events(first).len() + office.events(returned).len(), before);
        assert_eq!((records(&service, "record-handed-in").len(), records(&service, "packet-handed-in").len()), (3, 2));
        // Nor by the phone, when it is found again.
        inspector.put_json(&format!("/issues/{first}"), &bodies[0]).expect(200);
        inspector.put_photo(photos[0], &pictures[0]).expect(200);
        // What the inspector sent alone is no doubt.
        let sent = service.report_with_photos();
        assert!(!office.read(sent).json["flag_codes"].as_array().unwrap().contains(&json!("handed-in")));
    }

    /// The report of what fails stands before its visit, as the phone sends them, and is the same one in it.
    fn a_visit_is_taken_once_with_its_reports_and_photos(db: TestDb) {
        let service = Service::start(db);
        let (office, inspector) = (service.sign_in("office01"), service.sign_in("inspector01"));
        let mut body = clean(&service);
        let issue = fail(&inspector, &mut body, "WM-07");
        let (photo, picture) = (new_id(), service.picture());
        *result(&mut body, "WM-02") = json!({"item_code": "WM-02", "result": "mostly", "photo_ids": [photo, new_id()]});
        let id = new_id();
        let mut report = result(&mut body, "WM-07")["issue"]["report"].clone();
        report["visit_id"] = json!(id);
        result(&mut body, "WM-07")["issue"]["report"] = report.clone();
        let packet = Packet::of(&service, "inspector01")
            .report(issue, &report)
            .visit(id, &body).photo(photo, &picture)
            .visit(new_id(), &json!({"point_id": body["point_id"]}))
            .whole().text();
        let answer = hand_in(&office, &packet).expect(200);
        assert_eq!(outcomes(&answer), [told("taken", ""), told("taken", ""), told("refused", "malformed-request")]);
        let taken = &answer.json["records"][1];
        assert_eq!((&taken["kind"], &taken["issue_id"], &taken["number"]), (&json!("visit"), &Value::Null, &Value::Null));
        assert_eq!(taken["missing_photos"].as_array().unwrap().len(), 1, "one did not come with it");
        let seen = office.get(&format!("/visits/{id}")).expect(200).json;
        assert_eq!(seen["inspector"]["id"], json!(service.user_id("inspector01")));
        assert!(seen["results"].as_array().unwrap().iter().any(|one| one["issue_id"] == json!(issue)));
        office.get(&format!("/photos/{photo}/view")).expect(200);
        assert!(records(&service, "record-handed-in").iter().any(|one| one["target"] == json!(format!("visit:{id}"))));
        assert_eq!(outcomes(&hand_in(&office, &packet).expect(200))[..2], [told("known", ""), told("known", "")]);
        // Nor by the phone, when it is found again.
        inspector.put_json(&format!("/visits/{id}"), &body).expect(200);
    }

    /// Steps of a unit that were written one after the other go with the version that each made.
    fn a_units_steps_follow_each_other(db: TestDb) {
        let service = Service::start(db);
        let [issue, other] = [State::Assigned; 2].map(|state| service.drive_to(state));
        let (office, unit) = (service.sign_in("office01"), service.sign_in("unit02"));
        let version = unit.read(issue).version();
        let (photos, pictures): (Vec<Uuid>, Vec<Vec<u8>>) = (0..2).map(|_| (new_id(), service.picture())).unzip();
        let fix = json!({"measure": "已清走", "remedy": "quick", "photos": [
            {"id": photos[0], "view": "same-angle"}, {"id": photos[1], "view": "wide"}]});
        let keys = [(); 4].map(|()| new_id());
        let packet = Packet::of(&service, "unit02")
            .answer(keys[0], issue, Action::SignIn, version, None, &json!({"handler": "王工"}))
            .answer(keys[1], issue, Action::ReportFix, version, Some(keys[0]), &fix)
            .photo(photos[0], &pictures[0]).photo(photos[1], &pictures[1])
            // The one before was refused, or is another issue's.
            .answer(keys[2], other, Action::SignIn, version + 9, None, &json!({}))
            .answer(keys[3], other, Action::ReportFix, version, Some(keys[0]), &fix)
            .whole().text();
        let answer = hand_in(&office, &packet).expect(200);
        assert_eq!(outcomes(&answer), [
            told("taken", ""), told("taken", ""), told("refused", "stale-version"), told("refused", "stale-version"),
        ]);
        let seen = office.read(issue).in_state("reported").json;
        assert_eq!((&seen["handler"], &seen["number"]), (&json!("王工"), &answer.json["records"][1]["number"]));
        let events = office.events(issue);
        let signed = events.iter().find(|event| event["action"] == "sign-in").unwrap();
        assert_eq!(signed["actor"]["id"], service.user_id("unit02"));
        // The phone finds what it had queued, under the keys that the packet carried.
        let headers = [("content-type", "application/json"), ("if-match", "\"1\""), ("idempotency-key", &*keys[1].to_string())];
        let mut body = fix.clone();
        body["composed_at"] = json!("2026-08-03T01:00:00.000Z");
        body["sent_at"] = json!(service.now());
        unit.send("POST", &format!("/issues/{issue}/actions/report-fix"), &headers, Some(body.to_string().as_bytes())).expect(200);
        assert_eq!(outcomes(&hand_in(&office, &packet).expect(200))[..2], [told("known", ""), told("known", "")]);
        assert_eq!(office.events(issue).len(), events.len());
        unit.get("/audit").refused(403, "forbidden");
    }

    /// Wherever the file was cut: what stood before it whole is kept, and the whole file does the rest.
    fn a_packet_that_was_cut_is_kept_as_far_as_it_goes(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let issues = [new_id(), new_id()];
        let (photos, pictures): (Vec<Uuid>, Vec<Vec<u8>>) = (0..2).map(|_| (new_id(), service.picture())).unzip();
        let packet = Packet::of(&service, "inspector01")
            .report(issues[0], &service.report_at("990001-LANE-0001", "WM-02", "low", &photos[..1])).photo(photos[0], &pictures[0])
            .report(issues[1], &service.report_body(&photos[1..])).photo(photos[1], &pictures[1])
            .whole();
        let second = packet.lines.iter().rposition(|line| line["record"].is_object()).unwrap();
        for (lines, first, last) in [
            (1, None, None), (2, Some("refused"), None), (second - 1, Some("refused"), None),
            (second + 1, Some("taken"), Some("refused")), (packet.lines.len() - 2, Some("known"), Some("refused")),
            (packet.lines.len() - 1, Some("known"), Some("refused")),
        ] {
            let text: String = packet.lines[..lines].iter().map(|line| format!("{line}\n")).collect();
            let answer = hand_in(&office, &text).expect(200);
            assert_eq!(answer.json["is_complete"], false, "{lines}");
            let found: Vec<String> = outcomes(&answer).into_iter().map(|(outcome, _)| outcome).collect();
            assert_eq!(found, [first, last].into_iter().flatten().collect::<Vec<_>>(), "{lines}");
        }
        office.get(&format!("/issues/{}", issues[1])).refused(404, "not-found");
        // Cut within a line, or with a line that is damaged or far too long.
        let whole = packet.text();
        let half = &whole[..whole.len() - 5];
        let damaged = whole.replacen("{\"end\"", "{\"end", 1);
        let long = whole.replacen("{\"end\"", &format!("{}\n{{\"end\"", "x".repeat(2 << 20)), 1);
        for text in [half, &damaged, &long] {
            let answer = hand_in(&office, text).expect(200);
            assert_eq!(outcomes(&answer), [told("known", ""), told("refused", "body-incomplete")]);
        }
        // Other counts than it names: all of it is taken, and it is said not to be whole.
        let fewer = whole.replacen("\"photos\":2", "\"photos\":3", 1);
        let answer = hand_in(&office, &fewer).expect(200);
        assert_eq!((&answer.json["is_complete"], outcomes(&answer)), (&json!(false), vec![told("known", ""), told("taken", "")]));
        assert_eq!(hand_in(&office, &whole).expect(200).json["is_complete"], true);
        assert!(service.files("incoming").is_empty());
        assert_eq!(records(&service, "packet-handed-in").first().unwrap()["outcome"], "done");
        assert_eq!(records(&service, "packet-handed-in").last().unwrap()["outcome"], "failed");
    }

    fn each_record_is_judged_as_if_its_phone_had_sent_it(db: TestDb) {
        let service = Service::start(db);
        let (office, other) = (service.sign_in("office01"), service.sign_in("inspector02"));
        let submitted = service.drive_to(State::Submitted);
        let theirs = other.send_photo();
        let (short, bad, wrong) = (new_id(), new_id(), new_id());
        let mut unknown = service.report_body(&[new_id()]);
        unknown["item_code"] = json!("WM-99");
        let mut nul = service.report_body(&[new_id()]);
        nul["description"] = json!("a\u{0}b");
        let mut more = service.report_body(&[new_id()]);
        more["no_such_field"] = json!(1);
        let picture = service.picture();
        let mut packet = Packet::of(&service, "inspector01")
            .report(new_id(), &unknown)
            .report(new_id(), &nul)
            .report(new_id(), &more)
            .report(submitted, &service.report_body(&[new_id()]))
            .report("019c1e0a-0000-7000-8000-000000000000".parse().unwrap(), &service.report_body(&[new_id()]))
            .report(new_id(), &service.report_body(&[theirs]))
            .answer(new_id(), submitted, Action::Approve, 1, None, &json!({"unit_id": service.unit("U02")}))
            .answer(new_id(), submitted, Action::Submit, 1, None, &json!({}))
            .answer(new_id(), new_id(), Action::Resubmit, 1, None, &json!({}))
            .answer(new_id(), submitted, Action::ConfirmFix, 1, None, &json!({}))
            .report(short, &service.report_body(&[short])).photo(short, &picture)
            .report(bad, &service.report_at("990001-EST-0001", "WM-02", "low", &[bad])).photo(bad, &pictures::html())
            .report(wrong, &service.report_at("990001-PARK-0001", "WM-02", "low", &[wrong])).photo(wrong, &picture);
        packet.lines.push(json!({"record": {"kind": "letter", "id": 7}}));
        packet.counts[0] += 1;
        let mut packet = packet.whole();
        // A piece is lost of one photo; another has other bytes than it says.
        let photo = |id: Uuid| packet.lines.iter().position(|line| line["photo"]["id"] == json!(id)).unwrap();
        let (cut, changed) = (photo(short) + 1, photo(wrong));
        packet.lines[changed]["photo"]["sha256"] = json!("0".repeat(64));
        packet.lines.remove(cut);
        let answer = hand_in(&office, &packet.text()).expect(200);
        assert_eq!(answer.json["is_complete"], true);
        assert_eq!(outcomes(&answer), [
            told("refused", "invalid-fields"), told("refused", "invalid-fields"), told("refused", "malformed-request"),
            told("refused", "id-reused"), told("refused", "invalid-fields"), told("refused", "invalid-fields"),
            told("refused", "forbidden"), told("refused", "not-found"), told("refused", "not-found"), told("refused", "forbidden"),
            told("taken", "body-incomplete"), told("taken", "unsupported-media-type"), told("taken", "digest-mismatch"),
            told("refused", "malformed-request"),
        ]);
        assert_eq!(answer.json["records"][0]["problem"]["errors"][0]["pointer"], "/item_code");
        assert_eq!(answer.json["records"][10]["missing_photos"], json!([short]));
        office.read(short).in_state("receiving");
        assert!(service.files("incoming").is_empty());
        // In the language of the person who hands it in.
        let english = [TEXT, ("accept-language", "en")];
        let answer = office.send("POST", "/packets", &english, Some(packet.text().as_bytes())).expect(200);
        assert_eq!(answer.json["records"][0]["problem"]["title"], "Some fields are wrong");
    }

    fn what_is_no_packet_is_refused_whole(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let packet = Packet::of(&service, "inspector01").report(new_id(), &service.report_body(&[new_id()])).whole();
        let text = packet.text();
        let version_1 = json!({"format": "anfang-unsent", "version": 1, "records": []}).to_string();
        let version_3 = text.replacen("\"version\":2", "\"version\":3", 1);
        let headless: String = packet.lines[1..].iter().map(|line| format!("{line}\n")).collect();
        let long = format!("{{\"x\":\"{}\"}}", "x".repeat(3 << 20));
        for other in ["", "\n\n", "x", "[]", &version_1, &version_3, &headless, &long, "\u{feff}"] {
            hand_in(&office, other).refused(422, "packet-unreadable");
        }
        office.send("POST", "/packets", &[("content-type", "application/json")], Some(text.as_bytes()))
            .refused(415, "unsupported-media-type");
        for person in cast::one_of_each().filter(|person| person.role.works_on() == Device::Desk) {
            hand_in(&office, &Packet::of(&service, person.username).whole().text()).refused(422, "packet-account");
        }
        let own = service.user_id("inspector01");
        hand_in(&office, &text.replace(&own, &new_id().to_string())).refused(422, "packet-account");
        let disabled = json!({"disabled": true}).to_string();
        let headers = [("content-type", "application/json")];
        service.sign_in("admin").send("PATCH", &format!("/users/{own}"), &headers, Some(disabled.as_bytes())).expect(200);
        hand_in(&office, &text).refused(422, "packet-account");
        for person in cast::one_of_each().filter(|person| !person.may(Permission::TakePackets)) {
            hand_in(&service.sign_in(person.username), &text).refused(403, "forbidden");
        }
        assert!(service.sign_in("office02").get("/issues").expect(200).json["items"].as_array().unwrap().is_empty());
        // One at a time of one person, and none of it is left.
        let who = Who::Account(service.user_id("office01").parse().unwrap());
        let place = service.block_on(async |app| app.packet_places.enter(who).await.unwrap());
        let busy = hand_in(&office, &text).refused(503, "unavailable");
        assert_eq!(busy.header("retry-after"), "2");
        drop(place);
        hand_in(&office, &text).refused(422, "packet-account");
        let figures = service.app.packet_places.figures();
        assert_eq!((figures.held, figures.callers), (0, 0));
    }
}
