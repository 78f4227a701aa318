//! Follow-up: look-back samples that anybody can draw again, cards that are proposed once and issued by people,
//! accountability cases, and the dispatch list.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anfang::app::follow_up::black_list::propose_black_list;
use anfang::domain::card::Card;
use anfang::domain::digest::Digest;
use anfang::domain::ids::{CardId, IssueId, UnitId};
use anfang::domain::issue::{Action, State};
use anfang::domain::month::facts::DeductionHead;
use anfang::domain::month::sample_proof::SampleProof;
use anfang::domain::month::{Listed, Month};
use anfang::domain::role::Role;
use anfang::domain::time::Timestamp;
use anfang::store::months::Gathering;
use anfang::store::{cards, follow_up};
use diesel::connection::SimpleConnection;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::backend::Backend;
use crate::support::cast;
use crate::support::service::{Answer, Client, DAY, HOUR, Service, at_once, new_id};

const MINUTE: Duration = Duration::from_secs(60);

fn items(client: &Client<'_>, path: &str) -> Vec<Value> {
    client.get(path).expect(200).json["items"].as_array().unwrap().clone()
}

fn step(client: &Client<'_>, card: &Value, action: &str, body: &Value) -> Answer {
    let (id, version) = (card["id"].as_str().unwrap(), format!("\"{}\"", card["version"]));
    let headers = [("content-type", "application/json"), ("if-match", &*version)];
    client.send("POST", &format!("/cards/{id}/actions/{action}"), &headers, Some(body.to_string().as_bytes()))
}

/// The cards that the office sees, by measure, rule and state.
fn seen(service: &Service) -> BTreeSet<(String, String, String)> {
    let word = |card: &Value, field: &str| card[field].as_str().unwrap().to_owned();
    items(&service.sign_in("office01"), "/cards?limit=200")
        .iter()
        .map(|card| (word(card, "measure"), word(card, "trigger"), word(card, "state")))
        .collect()
}

fn card(service: &Service, measure: &str) -> Value {
    let found = items(&service.sign_in("office01"), "/cards?limit=200");
    found.into_iter().find(|card| card["measure"] == measure).unwrap_or_else(|| panic!("no {measure} card"))
}

fn is(measure: &str, trigger: &str, state: &str) -> (String, String, String) {
    (measure.to_owned(), trigger.to_owned(), state.to_owned())
}

/// Lets time pass to a minute after the deadline of the issue.
fn until_overdue(service: &Service, issue: Uuid) {
    let read = service.sign_in("office01").read(issue).json;
    let due = Timestamp::parse(read["due_at"].as_str().unwrap()).unwrap();
    service.pass(due.since(service.app.now()) + MINUTE);
}

/// As of this instant, as months were gathered before they had marks.
fn unmarked(at: Timestamp) -> Gathering {
    Gathering { at, marks: None, calendar_version: 0, rules_version: 1, counts_sudden: false }
}

/// Runs the jobs of two nodes at the same time.
fn drain_both(one: &Service, other: &Service) {
    std::thread::scope(|scope| {
        scope.spawn(|| one.drain_jobs());
        scope.spawn(|| other.drain_jobs());
    });
}

/// A closed issue that inspector01 found and `checker` passed on site.
fn closed_by(service: &Service, checker: &str) {
    let issue = service.drive_to(State::Reported);
    if checker == "office01" {
        service.steps(issue, &[Action::Pass]);
    } else {
        service.step(issue, "office01", Action::AssignCheck, &json!({"inspector_id": service.user_id(checker)}));
        let client = service.sign_in(checker);
        let photos = json!([{"id": client.send_photo(), "view": "wide"}]);
        service.step(issue, checker, Action::Pass, &json!({"on_site": true, "photos": photos}));
    }
    service.sign_in("office01").read(issue).in_state("closed");
}

/// The drawn inspector looks back at the issue.
fn looked_back(service: &Service, issue: Uuid) {
    let given = service.sign_in("office01").read(issue).json["look_back_inspector"].clone();
    let inspector = cast::everybody()
        .map(|person| person.username)
        .find(|name| given["id"].as_str().is_some_and(|id| id == service.user_id(name)));
    let inspector = inspector.unwrap_or_else(|| panic!("nobody is to look: {given}"));
    let photos = json!([{"id": service.sign_in(inspector).send_photo(), "view": "far"}]);
    service.step(issue, inspector, Action::LookBack, &json!({"held": true, "photos": photos}));
}

fn replays(file: &Value, kept: &str) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("proof.json");
    std::fs::write(&path, file.to_string()).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_anfang"))
        .args(["draw", "verify", "--kept", kept])
        .arg(&path)
        .output()
        .unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert_eq!(output.status.success(), said.contains("THE SAME"), "{said}");
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/draw_replay.py");
    match Command::new("python3").arg(program).arg(&path).arg(kept).env("PYTHONIOENCODING", "utf-8").output() {
        Err(_) => assert!(std::env::var_os("CI").is_none(), "python3 is missing"),
        Ok(other) => {
            let told = String::from_utf8([other.stdout, other.stderr].concat()).unwrap();
            assert_eq!(other.status.success(), output.status.success(), "{told}");
        }
    }
    output.status.success()
}

on_both! {
    fn a_sample_can_be_drawn_again_and_goes_to_neither_finder_nor_checker(db: TestDb) {
        let service = Service::start(db);
        for checker in ["office01", "inspector02", "inspector03", "inspector02"] {
            closed_by(&service, checker);
        }
        let office = || service.sign_in("office01");
        // Too young for a sample, which is drawn nevertheless: of nothing.
        service.pass(DAY * 3);
        office().post_json("/look-back-samples", &json!({"month": "2026-09"})).refused(422, "invalid-fields");
        office().post_json("/look-back-samples", &json!({"month": "now"})).refused(422, "invalid-fields");
        // The 10th of August is the first day on which seven days have passed.
        service.pass(DAY * 4);
        let answers = at_once(3, |_| office().post_json("/look-back-samples", &json!({"month": "2026-08"})));
        let made: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        assert_eq!(made.iter().filter(|status| **status == 201).count(), 1, "{made:?}");
        assert!(made.iter().all(|status| [200, 201].contains(status)));
        let sample = answers[0].json.clone();
        assert!(answers.iter().all(|answer| answer.json["id"] == sample["id"]));
        assert_eq!((&sample["population"], &sample["drawn"], &sample["waiting"]), (&json!(4), &json!(4), &json!(4)));
        let path = format!("/look-back-samples/{}", sample["id"].as_str().unwrap());
        let rows = |service: &Service| service.sign_in("office02").get(&path).expect(200).json["rows"].as_array().unwrap().clone();
        assert_eq!(office().get(&format!("{path}/proof")).expect(200).json["proof"], Value::Null);
        for row in rows(&service) {
            assert_eq!((&row["state"], &row["reason"]), (&json!("waiting"), &json!("severe")));
            assert!(row["on"].as_str().unwrap() > "2026-08-10" && row["on"].as_str().unwrap() <= "2026-08-31");
        }
        // Each is given when its day has come, by whichever node, and once.
        let other = service.beside(|folder| anfang::blobs::PhotoStore::Local(anfang::blobs::LocalStore::open(folder).unwrap()));
        let told = || service.sign_in("discipline01").get(&format!("{path}/proof")).expect(200).json;
        for passed in 0..22 {
            // While the month lasts and somebody is still to look, the proof would tell where.
            assert_eq!(told()["proof"], Value::Null, "{passed}");
            service.pass(DAY);
            if matches!(service.db.backend(), Backend::Postgres) { drain_both(&service, &other) } else { service.drain_jobs() }
            let waits = rows(&service).iter().filter(|row| row["state"] == "waiting").all(|row| {
                row["on"].as_str().unwrap() >= &service.now()[..10]
            });
            assert!(waits, "{:?}", rows(&service));
        }
        let mut of_two = 0;
        for row in rows(&service) {
            assert_eq!(row["state"], "given", "{row}");
            let issue: Uuid = row["issue_id"].as_str().unwrap().parse().unwrap();
            let read = office().read(issue).json;
            let given: Vec<Value> = office().get(&format!("/issues/{issue}/events")).expect(200).json["items"]
                .as_array().unwrap().iter().filter(|event| event["action"] == "assign-look-back").cloned().collect();
            assert_eq!(given.len(), 1);
            let who = read["look_back_inspector"]["display_name"].as_str().unwrap();
            assert_eq!(row["inspector"].as_str().unwrap(), who);
            let finder = read["finder"]["display_name"].as_str().unwrap();
            assert_ne!(who, finder);
            if let Some(closer) = read["closed_by"]["display_name"].as_str() {
                assert_ne!(who, closer);
                of_two += 1;
            }
        }
        assert_eq!(of_two, 4);
        for row in rows(&service) {
            looked_back(&service, row["issue_id"].as_str().unwrap().parse().unwrap());
        }
        let told = told();
        let (file, kept) = (told["proof"].clone(), told["proof_sha256"].as_str().unwrap());
        let proof = SampleProof::read(file.to_string().as_bytes()).unwrap();
        proof.verify(Some(&Digest::parse_hex(kept).unwrap())).unwrap();
        for username in ["inspector01", "inspector02", "inspector03"] {
            assert!(!file.to_string().contains(&service.user_id(username)), "{username}");
        }
        assert!(replays(&file, kept));
        let mut changed = file.clone();
        changed["seed"] = json!("0".repeat(64));
        assert!(!replays(&changed, kept));
        // The digest is in the audit record of the draw.
        let audit = items(&service.sign_in("discipline01"), "/audit?limit=200");
        assert!(audit.iter().any(|entry| entry["action"] == "sample-drawn" && entry["detail"].as_str().unwrap().ends_with(kept)));
        // Nobody else learns of samples.
        for person in cast::everybody().filter(|person| person.role != Role::Office) {
            service.sign_in(person.username).get("/look-back-samples").refused(403, "forbidden");
            service.sign_in(person.username).get(&path).refused(403, "forbidden");
        }
        let mut conn = service.database();
        let refused = conn.batch_execute("UPDATE look_back_samples SET period = 'x'").unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{refused}");
        assert_eq!(items(&office(), "/look-back-samples?limit=1").len(), 1);
    }

    fn nobody_looks_back_where_they_are_recused(db: TestDb) {
        let service = Service::start(db);
        let office = || service.sign_in("office01");
        let recuse = |name: &str, body: &Value| {
            office().put_json(&format!("/inspectors/{}/recusals", service.user_id(name)), body).expect(200);
        };
        for _ in 0..4 {
            closed_by(&service, "office01");
        }
        // Of the two who neither found nor checked anything, one does not go to the unit.
        recuse("inspector02", &json!({"points": [], "units": [service.unit("U02")]}));
        service.pass(DAY * 7);
        let sample = office().post_json("/look-back-samples", &json!({"month": "2026-08"})).expect(201).json;
        let path = format!("/look-back-samples/{}", sample["id"].as_str().unwrap());
        let rows = || office().get(&path).expect(200).json["rows"].as_array().unwrap().clone();
        let name = |username: &str| {
            let id = service.user_id(username);
            let all = items(&office(), "/inspectors");
            all.into_iter().find(|person| person["id"] == json!(id)).unwrap()["display_name"].clone()
        };
        assert_eq!(rows().len(), 4);
        assert!(rows().iter().all(|row| row["inspector"] == name("inspector03")), "{:?}", rows());
        // The other one was recused from all points after the draw.
        let all: Vec<Value> = items(&office(), "/points?limit=200").iter().map(|point| point["id"].clone()).collect();
        recuse("inspector03", &json!({"points": all, "units": []}));
        service.pass(DAY * 22);
        service.drain_jobs();
        assert!(rows().iter().all(|row| row["state"] == "nobody"), "{:?}", rows());
        // Nobody will go there any more, so the proof reveals nothing; it is consistent with the recusals at the draw.
        let told = service.sign_in("discipline01").get(&format!("{path}/proof")).expect(200).json;
        assert!(told["proof"]["barred"].as_array().unwrap().iter().all(|one| one["inspectors"].as_array().unwrap().len() == 2));
        assert!(replays(&told["proof"], told["proof_sha256"].as_str().unwrap()));
    }

    fn same_day_closings_are_drawn_from_once_a_day_and_a_tenth_of_them(db: TestDb) {
        let service = Service::start(db);
        for _ in 0..10 {
            service.drive_to(State::Closed);
        }
        service.drain_jobs();
        let office = || service.sign_in("office01");
        assert_eq!(items(&office(), "/look-back-samples"), Vec::<Value>::new(), "the day is not over");
        service.pass(DAY);
        service.drain_jobs();
        service.pass(HOUR);
        service.drain_jobs();
        let found = items(&office(), "/look-back-samples");
        assert_eq!(found.len(), 1, "{found:?}");
        // Ten closings of which a tenth is drawn are one.
        assert_eq!((&found[0]["kind"], &found[0]["period"], &found[0]["population"]), (&json!("staged"), &json!("2026-08-03"), &json!(10)));
        assert_eq!((&found[0]["drawn"], &found[0]["given"]), (&json!(1), &json!(1)));
        let path = format!("/look-back-samples/{}", found[0]["id"].as_str().unwrap());
        let row = office().get(&path).expect(200).json["rows"][0].clone();
        assert_eq!((&row["reason"], &row["until"]), (&json!("same-day"), &json!("2026-08-06T01:00:00Z")));
        let issue: Uuid = row["issue_id"].as_str().unwrap().parse().unwrap();
        assert_eq!(office().get(&format!("{path}/proof")).expect(200).json["proof"], Value::Null);
        // The drawn inspector looks, and the office sees the result.
        looked_back(&service, issue);
        assert_eq!(office().get(&path).expect(200).json["rows"][0]["result"], "held");
        let told = office().get(&format!("{path}/proof")).expect(200).json;
        assert!(replays(&told["proof"], told["proof_sha256"].as_str().unwrap()));
        // A day without such closings has no sample.
        service.pass(DAY);
        service.drain_jobs();
        assert_eq!(items(&office(), "/look-back-samples").len(), 1);
    }

    fn a_card_is_proposed_once_issued_by_a_person_and_told_the_unit_by_day(db: TestDb) {
        let service = Service::start(db);
        let issue = service.drive_to(State::Rectifying);
        let office = || service.sign_in("office01");
        service.drain_jobs();
        assert!(seen(&service).is_empty());
        until_overdue(&service, issue);
        let other = service.beside(|folder| anfang::blobs::PhotoStore::Local(anfang::blobs::LocalStore::open(folder).unwrap()));
        if matches!(service.db.backend(), Backend::Postgres) { drain_both(&service, &other) } else { service.drain_jobs() }
        assert_eq!(seen(&service), BTreeSet::from([is("yellow", "overdue", "proposed")]));
        // Repeatedly, also after all issues were noted to be looked at again.
        for _ in 0..3 {
            service.database().batch_execute("UPDATE follow_up_watches SET at = 0").unwrap();
            service.pass(MINUTE * 5);
            service.drain_jobs();
        }
        assert_eq!(items(&office(), "/cards").len(), 1);
        let listed = office().get("/dispatch-list").expect(200).json;
        assert_eq!((&listed["total"], &listed["items"][0]["chokes"]), (&json!(1), &json!(["overdue"])));
        assert_eq!(listed["items"][0]["issue_id"], json!(issue));
        // Nobody outside the office learns of a proposal.
        for reader in ["unit02", "unit06", "leader01", "discipline01"] {
            assert_eq!(items(&service.sign_in(reader), "/cards"), Vec::<Value>::new(), "{reader}");
        }
        let yellow = card(&service, "yellow");
        step(&office(), &yellow, "issue", &json!({"reason": " "})).refused(422, "invalid-fields");
        step(&office(), &yellow, "issue", &json!({"reason": "好", "minutes": "无"})).refused(422, "invalid-fields");
        step(&office(), &yellow, "withdraw", &json!({"reason": "好"})).refused(409, "card-illegal-transition");
        for unknown in ["propose", "propose-withdrawal", "nothing"] {
            step(&office(), &yellow, unknown, &json!({"reason": "好"})).refused(404, "not-found");
        }
        let before = service.sign_in("unit02").get("/notices/count").expect(200).json;
        let body = json!({"reason": "逾期未整改，予以黄牌督办"});
        let answers = at_once(3, |_| step(&service.sign_in("office02"), &yellow, "issue", &body));
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1, "{answers:?}");
        service.drain_messages();
        assert_ne!(service.sign_in("unit02").get("/notices/count").expect(200).json, before);
        // Told by the day, it stands before what came later that day.
        let notices = items(&service.sign_in("unit02"), "/notices");
        let notice = notices.iter().find(|notice| notice["kind"] == "card-issued").unwrap();
        assert_eq!((&notice["issue"]["id"], &notice["at"]), (&json!(issue), &json!("2026-08-02T16:00:00Z")));
        let own = items(&service.sign_in("unit02"), "/cards");
        assert_eq!(own.len(), 1);
        let names: BTreeSet<&String> = own[0].as_object().unwrap().keys().collect();
        for hidden in ["version", "proposed_at", "proposal", "issued", "dropped", "allowed_actions"] {
            assert!(!names.contains(&hidden.to_owned()), "{hidden}");
        }
        let now = &service.now()[..10];
        assert_eq!((&own[0]["state"], &own[0]["issued_on"], &own[0]["reason"]), (&json!("issued"), &json!(now), &body["reason"]));
        assert!(!own[0]["grounds"].as_str().unwrap().contains("建议"), "{}", own[0]);
        assert_eq!(items(&service.sign_in("unit06"), "/cards"), Vec::<Value>::new());
        assert_eq!(items(&service.sign_in("leader01"), "/cards").len(), 1);
        // Its events make the card.
        let id = CardId(yellow["id"].as_str().unwrap().parse().unwrap());
        let mut conn = service.database();
        let (stored, events) = (cards::find(&mut conn, id).unwrap().unwrap(), cards::events(&mut conn, id).unwrap());
        assert_eq!(Card::replay(events.iter().map(|event| &event.changes)).unwrap(), stored);
        assert!(conn.batch_execute("DELETE FROM card_events").unwrap_err().to_string().contains("append-only"));
        let (from, until) = (service.app.now().minus(DAY), service.app.now().plus(DAY));
        let rows = cards::deductions(&mut conn, from, until, unmarked(service.app.now())).unwrap();
        assert_eq!(rows.iter().map(|(row, _)| row.head).collect::<Vec<_>>(), [DeductionHead::YellowCard]);
        assert_eq!(cards::deductions(&mut conn, until, until.plus(DAY), unmarked(service.app.now())).unwrap(), []);
        drop(conn);
        // Once more overdue by its limit: red, for the same event.
        service.pass(DAY * 9);
        service.drain_jobs();
        let red = card(&service, "red");
        assert_eq!((&red["trigger"], &red["state"]), (&json!("overdue-long"), &json!("proposed")));
        step(&office(), &red, "drop", &json!({"reason": "已约谈"})).expect(200).in_state("dropped");
        service.pass(DAY);
        service.drain_jobs();
        assert_eq!(items(&office(), "/cards").len(), 2);
        // A fix that waits for its check is overdue no more.
        service.steps(issue, &[Action::ReportFix]);
        service.pass(MINUTE * 5);
        service.drain_jobs();
        assert_eq!(office().get("/dispatch-list").expect(200).json["total"], 0);
    }

    fn a_card_is_withdrawn_when_the_dispute_is_upheld(db: TestDb) {
        let service = Service::start(db);
        let issue = service.drive_to(State::Rectifying);
        service.steps(issue, &[Action::Dispute]);
        until_overdue(&service, issue);
        service.drain_jobs();
        let yellow = card(&service, "yellow");
        let office = || service.sign_in("office01");
        step(&office(), &yellow, "issue", &json!({"reason": "逾期"})).expect(200).in_state("issued");
        service.pass(DAY);
        service.drain_jobs();
        assert!(seen(&service).contains(&is("red", "overdue-long", "proposed")));
        let mut body = service.body_of(issue, &office(), Action::DecideDispute);
        body["granted"] = json!(true);
        for username in ["office02", "office03"] {
            service.step(issue, username, Action::DecideDispute, &body);
        }
        office().read(issue).in_state("void");
        service.pass(MINUTE * 5);
        service.drain_jobs();
        let flagged = card(&service, "yellow");
        assert!(flagged["withdrawal"].as_str().unwrap().contains("异议成立"), "{flagged}");
        assert_eq!(flagged["allowed_actions"], json!(["keep", "withdraw"]));
        let red = card(&service, "red");
        assert_eq!((&red["state"], &red["dropped"]["by"]), (&json!("dropped"), &Value::Null));
        assert_eq!(items(&service.sign_in("unit02"), "/cards")[0]["state"], "issued");
        step(&office(), &yellow, "withdraw", &json!({"reason": "异议成立"})).refused(412, "stale-version");
        step(&office(), &flagged, "withdraw", &json!({"reason": "异议成立"})).expect(200).in_state("withdrawn");
        let own = items(&service.sign_in("unit02"), "/cards");
        assert_eq!((&own[0]["state"], &own[0]["withdrawal_reason"]), (&json!("withdrawn"), &json!("异议成立")));
        // As all facts of a month, a withdrawal counts when it came before the instant that is asked about.
        let mut conn = service.database();
        let now = service.app.now();
        let (from, until) = (now.minus(DAY * 5), now.plus(DAY));
        let mut counted = |at| cards::deductions(&mut conn, from, until, unmarked(at)).unwrap().len();
        assert_eq!((counted(now), counted(now.plus(Duration::from_micros(1)))), (1, 0));
    }

    fn two_red_cards_of_a_month_lead_to_a_talk_with_minutes(db: TestDb) {
        let service = Service::start(db);
        let office = || service.sign_in("office01");
        for _ in 0..2 {
            service.drive_to(State::Rectifying);
        }
        service.pass(DAY * 2);
        service.drain_jobs();
        let reds: Vec<Value> =
            items(&office(), "/cards?state=proposed").into_iter().filter(|card| card["measure"] == "red").collect();
        assert_eq!(reds.len(), 2);
        step(&office(), &reds[0], "issue", &json!({"reason": "长期逾期"})).expect(200);
        assert!(!seen(&service).iter().any(|(measure, ..)| measure == "talk"));
        step(&office(), &reds[1], "issue", &json!({"reason": "长期逾期"})).expect(200);
        let talk = card(&service, "talk");
        assert_eq!((&talk["trigger"], &talk["addressee"]), (&json!("red-cards"), &json!("unit-head")));
        let held = json!({"on": &service.now()[..10], "minutes": "已约谈主要负责人。", "document_no": "督查〔2026〕9号"});
        step(&office(), &talk, "conclude", &held).refused(409, "card-illegal-transition");
        let talk = step(&office(), &talk, "issue", &json!({"reason": "当月两张红牌"})).expect(200).json;
        step(&office(), &talk, "conclude", &json!({"on": "2030-01-01", "minutes": ""})).refused(422, "invalid-fields");
        step(&office(), &talk, "conclude", &json!({"minutes": "x"})).refused(422, "invalid-fields");
        step(&office(), &talk, "conclude", &held).expect(200).in_state("concluded");
        let own = items(&service.sign_in("unit02"), "/cards");
        let told = own.iter().find(|card| card["measure"] == "talk").unwrap();
        assert_eq!((&told["minutes"], &told["document_no"]), (&held["minutes"], &held["document_no"]));
        // Pages of one card each, and no cursor of what the reader may not see.
        let unit = service.sign_in("unit02");
        let first = unit.get("/cards?limit=1").expect(200).json;
        let rest = items(&unit, &format!("/cards?limit=10&cursor={}", first["next_cursor"].as_str().unwrap()));
        assert_eq!((own.len(), rest.len()), (3, 2));
        let foreign = format!("/cards?cursor={}", talk["id"].as_str().unwrap());
        service.sign_in("unit06").get(&foreign).refused(400, "malformed-request");
    }

    fn what_rests_on_a_withdrawn_card_is_to_be_withdrawn_too(db: TestDb) {
        let service = Service::start(db);
        let office = || service.sign_in("office01");
        for _ in 0..3 {
            service.drive_to(State::Rectifying);
        }
        service.pass(DAY * 2);
        service.drain_jobs();
        let red = || -> Vec<Value> {
            items(&office(), "/cards?limit=200").into_iter().filter(|card| card["measure"] == "red").collect()
        };
        let talks = || -> Vec<Value> {
            items(&office(), "/cards?limit=200").into_iter().filter(|card| card["measure"] == "talk").collect()
        };
        let reason = json!({"reason": "长期逾期"});
        let ids: Vec<Value> = red().iter().map(|card| card["id"].clone()).collect();
        let now = |id: &Value| items(&office(), "/cards?limit=200").into_iter().find(|card| card["id"] == *id).unwrap();
        for id in &ids[..2] {
            step(&office(), &now(id), "issue", &reason).expect(200);
        }
        // A talk that nobody issued yet is dropped with a card that it rests on.
        let first = talks()[0]["id"].clone();
        step(&office(), &now(&ids[0]), "withdraw", &json!({"reason": "认定有误"})).expect(200);
        assert_eq!((&now(&first)["state"], &now(&first)["dropped"]["by"]), (&json!("dropped"), &Value::Null));
        assert_eq!(talks().len(), 1, "one red card is not enough");
        // With the third card there are two again, and a talk for these.
        step(&office(), &now(&ids[2]), "issue", &reason).expect(200);
        let second = talks().iter().map(|card| card["id"].clone()).find(|id| *id != first).unwrap();
        step(&office(), &now(&second), "issue", &reason).expect(200);
        // A card that was issued is not withdrawn without a person.
        step(&office(), &now(&ids[1]), "withdraw", &json!({"reason": "认定有误"})).expect(200);
        let flagged = now(&second);
        assert_eq!((&flagged["state"], &flagged["allowed_actions"]), (&json!("issued"), &json!(["keep", "withdraw", "conclude"])));
        assert!(flagged["withdrawal"].as_str().unwrap().contains("红牌已撤回"), "{flagged}");
        assert_eq!(talks().len(), 2);
        step(&office(), &flagged, "withdraw", &json!({"reason": "红牌已撤回"})).expect(200).in_state("withdrawn");
    }

    fn months_running_on_the_black_list_lead_to_a_talk_and_a_referral_once(db: TestDb) {
        let service = Service::start(db);
        let unit = UnitId(service.unit("U02").parse().unwrap());
        let month = |text: &str| Month::parse(text).unwrap();
        let mut conn = service.database();
        let mut led = |last: &str, black: &[&str]| {
            let locked: BTreeMap<Month, Listed> = black.iter().map(|text| (month(text), Listed::Black)).collect();
            let (random, now) = (&*service.app.random, service.app.now());
            let steps = propose_black_list(&mut conn, random, unit, month(last), &locked, now).unwrap();
            steps.iter().for_each(|step| cards::apply(&mut conn, step).unwrap());
            steps.iter().map(|step| step.after().measure().as_str()).collect::<Vec<_>>()
        };
        assert_eq!(led("2026-05", &["2026-05"]), Vec::<&str>::new());
        assert_eq!(led("2026-06", &["2026-05", "2026-06"]), ["talk"]);
        assert_eq!(led("2026-06", &["2026-05", "2026-06"]), Vec::<&str>::new(), "locked twice");
        assert_eq!(led("2026-07", &["2026-05", "2026-06", "2026-07"]), ["talk", "referral"]);
        assert_eq!(led("2026-07", &["2026-05", "2026-07"]), Vec::<&str>::new());
        assert_eq!(seen(&service), BTreeSet::from([is("talk", "black-list", "proposed"), is("referral", "black-list", "proposed")]));
        let talk = card(&service, "talk");
        step(&service.sign_in("office01"), &talk, "issue", &json!({"reason": "连续黑榜"})).expect(200).in_state("issued");
    }

    fn a_case_is_entered_by_one_and_approved_by_another(db: TestDb) {
        let service = Service::start(db);
        let (first, second) = (service.sign_in("office01"), service.sign_in("office02"));
        let path = format!("/accountability-cases/{}", new_id());
        let body = json!({
            "unit_id": service.unit("U02"), "issue_id": null, "person": "某股室负责人", "kind": "reminder",
            "reason": "超期未整改", "document_no": "督查〔2026〕10号", "on": "2026-08-03"
        });
        first.put_json(&path, &body).expect(201);
        first.put_json(&path, &body).expect(200);
        second.put_json(&path, &body).refused(409, "id-reused");
        let mut wrong = body.clone();
        (wrong["person"], wrong["on"], wrong["unit_id"]) = (json!(""), json!("2026-08-04"), json!(new_id()));
        let refused = first.put_json(&format!("/accountability-cases/{}", new_id()), &wrong).refused(422, "invalid-fields");
        let pointers: Vec<&str> =
            refused.json["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
        assert_eq!(pointers, ["/person", "/on", "/unit_id"]);
        assert_eq!(items(&service.sign_in("discipline01"), "/accountability-cases"), Vec::<Value>::new());
        let approve = |client: &Client<'_>| client.put_json(&format!("{path}/approval"), &json!({}));
        approve(&first).refused(422, "invalid-fields");
        assert_eq!(approve(&second).expect(200).json["approved_by"], json!(service.user_id("office02")));
        approve(&second).expect(200);
        approve(&service.sign_in("office03")).refused(409, "already-answered");
        assert_eq!(items(&service.sign_in("discipline01"), "/accountability-cases").len(), 1);
        for person in cast::everybody().filter(|person| ![Role::Office, Role::Discipline].contains(&person.role)) {
            service.sign_in(person.username).get("/accountability-cases").refused(403, "forbidden");
        }
    }

    fn an_issue_that_cannot_be_read_keeps_no_other_waiting(db: TestDb) {
        let service = Service::start(db);
        for _ in 0..3 {
            closed_by(&service, "office01");
        }
        let (bad, good) = (service.drive_to(State::Rectifying), service.drive_to(State::Rectifying));
        service.pass(DAY * 7);
        let office = || service.sign_in("office01");
        let sample = office().post_json("/look-back-samples", &json!({"month": "2026-08"})).expect(201).json;
        let path = format!("/look-back-samples/{}", sample["id"].as_str().unwrap());
        let mut conn = service.database();
        // All at once, and the one that is given first cannot be read; nor can the one that is looked at first.
        conn.batch_execute("UPDATE look_back_rows SET give_at = number").unwrap();
        let first: Uuid = office().get(&path).expect(200).json["rows"][0]["issue_id"].as_str().unwrap().parse().unwrap();
        let spoil = |conn: &mut anfang::store::Conn, id: Uuid, plan: &str| {
            let quoted = match service.db.backend() {
                Backend::Sqlite => format!("X'{}'", id.simple()),
                Backend::Postgres => format!("'\\x{}'", id.simple()),
            };
            conn.batch_execute(&format!("UPDATE issues SET plan = {plan} WHERE id = {quoted}")).unwrap();
        };
        for id in [first, bad] {
            spoil(&mut conn, id, "'x'");
        }
        service.drain_jobs();
        let (now, due) = (service.app.now(), |conn: &mut anfang::store::Conn, at| {
            [bad, good].map(|id| follow_up::is_due(conn, IssueId(id), at).unwrap())
        });
        assert_eq!(due(&mut conn, now), [false, false]);
        assert!(follow_up::is_due(&mut conn, IssueId(bad), now.plus(HOUR)).unwrap());
        for id in [first, bad] {
            spoil(&mut conn, id, "NULL");
        }
        let states = || -> Vec<Value> {
            let rows = office().get(&path).expect(200).json["rows"].as_array().unwrap().clone();
            rows.iter().map(|row| row["state"].clone()).collect()
        };
        assert_eq!(states(), ["waiting", "given", "given"]);
        // Mended, they get their turn.
        service.pass(HOUR);
        service.drain_jobs();
        assert_eq!(states(), ["given", "given", "given"]);
        let carded: BTreeSet<String> =
            items(&office(), "/cards?limit=200").iter().map(|card| card["issue_id"].as_str().unwrap().to_owned()).collect();
        assert!(carded.is_superset(&BTreeSet::from([bad.to_string(), good.to_string()])), "{carded:?}");
    }

    fn what_is_looked_at_is_made_again_after_a_loss(db: TestDb) {
        let service = Service::start(db);
        let issue = service.drive_to(State::Rectifying);
        until_overdue(&service, issue);
        service.drain_jobs();
        // As after a restore: cards are there, what can be made again is not.
        let mut conn = service.database();
        conn.batch_execute("DELETE FROM choke_points; UPDATE follow_up_watches SET at = 0").unwrap();
        service.pass(MINUTE * 5);
        service.drain_jobs();
        assert_eq!(service.sign_in("office01").get("/dispatch-list").expect(200).json["total"], 1);
        assert_eq!(items(&service.sign_in("office01"), "/cards").len(), 1);
    }
}
