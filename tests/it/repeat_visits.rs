//! Visits that are made again without anybody knowing which 双盲复查: drawn from what was completed, given as ordinary
//! tasks, compared for the office alone.

use anfang::domain::ids::{BatchId, VisitId};
use anfang::domain::visit::repeat::{RepeatProof, RepeatState};
use anfang::store::batches::{self, KeptTask};
use anfang::store::repeats;
use diesel::connection::SimpleConnection;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::draw_replay::replay_repeats;
use crate::support::plans::{self, of_task, soon_drawn, take};
use crate::support::service::{HOUR, Service};
use crate::support::walk;

const INSPECTORS: [&str; 3] = ["inspector01", "inspector02", "inspector03"];

fn until(service: &Service, instant: &str) {
    let then = anfang::domain::time::Timestamp::parse(instant).unwrap();
    service.pass(then.since(service.app.now()));
}

fn tasks_of(service: &Service, username: &str) -> Vec<Value> {
    service.sign_in(username).get("/tasks").expect(200).json["items"].as_array().unwrap().clone()
}

/// A drawn batch with tasks in the first slot of Tuesday, each at a point of its own and with somebody else who is free
/// in the evening, when it can be made again: the draw is by chance, so others are given up.
fn drawn(service: &Service) -> Uuid {
    let at = |hour: &str| anfang::domain::time::Timestamp::parse(&format!("2026-08-04T{hour}:00:00+08:00")).unwrap();
    let (first, evening) = (at("09"), at("19"));
    loop {
        let id = plans::drawn(service);
        let mut conn = service.database();
        let tasks: Vec<KeptTask> =
            (1..=4).filter_map(|number| batches::find_task(&mut conn, BatchId(id), number).unwrap()).collect();
        let goes =
            |task: &KeptTask, name: &str| task.people.iter().any(|(who, _)| who.to_string() == service.user_id(name));
        let can_be_repeated = |task: &KeptTask| {
            let is_free = |name: &&str| {
                !goes(task, name) && !tasks.iter().any(|other| other.from_at == evening && goes(other, name))
            };
            tasks.iter().filter(|other| other.point_id == task.point_id).count() == 1 && INSPECTORS.iter().any(is_free)
        };
        let mut morning = tasks.iter().filter(|task| task.from_at == first).peekable();
        if morning.peek().is_some() && morning.all(can_be_repeated) {
            return id;
        }
        // Two have to agree, or its tasks stay planned.
        for office in ["office01", "office02"] {
            take(&service.sign_in(office), id, "abandon", &json!({"reason": "重抽"})).expect(200);
        }
    }
}

/// Carries out every task that is shown now, and says who did which: the visits.
fn carry_out(service: &Service, fault: bool) -> Vec<(String, Value, Uuid)> {
    let mut found = Vec::new();
    for username in INSPECTORS {
        for task in tasks_of(service, username) {
            let client = service.sign_in(username);
            let mut visit = of_task(service, &task);
            if fault {
                walk::fail(&client, &mut visit, "WM-02");
            }
            let id = walk::record(&client, &visit);
            found.push((username.to_owned(), task, id));
        }
    }
    found
}

/// The draws that are stored, but for those that the test put there.
fn stored(service: &Service) -> Vec<(RepeatProof, Vec<(VisitId, RepeatState)>)> {
    let page = repeats::page(&mut service.database(), None, 100).unwrap();
    let all = page.into_iter().map(|(digest, proof, rows)| {
        assert_eq!((proof.digest(), proof.replays()), (digest, true));
        // The same comes of it in a program that is written from the document.
        let other = replay_repeats(&proof, Some(&digest.to_string()));
        assert!(other.as_ref().is_none_or(|(is_same, _)| *is_same), "{other:?}");
        (proof, rows)
    });
    all.filter(|(proof, _)| !proof.visits.is_empty()).collect()
}

fn office(service: &Service) -> Value {
    service.sign_in("office01").get("/repeat-visits").expect(200).json
}

on_both! {
    fn a_completed_visit_is_made_again_by_somebody_who_does_not_know(db: TestDb) {
        let service = Service::start(db);
        let batch = drawn(&service);
        soon_drawn(&service, 99);
        until(&service, "2026-08-04T09:10:00+08:00");
        let before = service.sign_in("office01").get(&format!("/batches/{batch}")).expect(200).json;
        let first = carry_out(&service, true);
        assert!(!first.is_empty(), "no task of the first slot");
        service.pass(HOUR / 2);
        service.drain_jobs();
        let draws = stored(&service);
        assert_eq!(draws.len(), 1);
        let (proof, rows) = &draws[0];
        assert_eq!((proof.visits.len(), rows.len()), (first.len(), 1));
        let (visit, state) = rows[0];
        let given = proof.given[0];
        assert_eq!((given.visit, given.state), (visit, state));
        let (of, task, _) = first.iter().find(|(.., id)| *id == visit.0).unwrap();
        assert_eq!(state, RepeatState::Given, "{proof:?}");
        // The same again comes of the stored proof, and the audit record has its digest.
        let noted = service.sign_in("discipline01").get("/audit?limit=200").expect(200).json;
        let noted = noted["items"].as_array().unwrap().iter().find(|entry| entry["action"] == "repeats-drawn").unwrap();
        assert_eq!(noted["detail"], proof.digest().to_string());
        // It is a task of the same batch, at the same point, of somebody else, at another time.
        let number = u32::try_from(before["tasks"].as_u64().unwrap() + 1).unwrap();
        let kept = batches::find_task(&mut service.database(), BatchId(batch), number).unwrap().unwrap();
        let (who, code) = kept.people[0].clone();
        let name = *INSPECTORS.iter().find(|name| service.user_id(name) == who.to_string()).unwrap();
        assert_ne!(name, of);
        assert!(code.starts_with("暗访"));
        assert_eq!(json!(kept.point_id), task["point_id"]);
        assert!(kept.from_at > service.app.now());
        // Nobody sees anything of it before its time; then it looks like any other task.
        assert!(tasks_of(&service, name).iter().all(|shown| shown["number"] != number));
        service.pass(kept.from_at.since(service.app.now()));
        let shown = tasks_of(&service, name);
        let shown = shown.iter().find(|shown| shown["number"] == number).unwrap();
        let fields = |task: &Value| task.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(fields(shown), fields(task));
        // What the first one found there is not told to the second, until the second has been there.
        let cases = || {
            service.drain_messages();
            let path = format!("/points/{}/open-cases", shown["point_id"].as_str().unwrap());
            service.sign_in(name).get(&path).expect(200).json["items"].as_array().unwrap().len()
        };
        assert_eq!(cases(), 0);
        let progress = office(&service);
        assert_eq!((&progress["drawn"], &progress["given"], &progress["open"], &progress["pairs"]), (&json!(1), &json!(1), &json!(1), &json!(0)));
        let again = walk::record(&service.sign_in(name), &of_task(&service, shown));
        assert_eq!(cases(), 1);
        // A repeat is not drawn in its turn, and nothing is drawn twice.
        soon_drawn(&service, 99);
        service.pass(HOUR / 2);
        service.drain_jobs();
        assert!(stored(&service).iter().all(|(proof, _)| proof.visits.iter().all(|visit| visit.0 != again)));
        let all: Vec<Uuid> = stored(&service).iter().flat_map(|(proof, _)| proof.visits.iter().map(|visit| visit.0)).collect();
        let mut once = all.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), all.len());
        // One pair is about somebody: no figures.
        let progress = office(&service);
        assert_eq!((&progress["pairs"], &progress["figures"]), (&json!(1), &Value::Null));
        // No leak: only the office reads any of it.
        for username in ["inspector01", "unit02", "leader01", "taskforce01", "discipline01", "admin"] {
            service.sign_in(username).get("/repeat-visits").refused(403, "forbidden");
        }
        service.sign_in("office01").get("/repeat-visits?months=0").refused(422, "invalid-fields");
    }

    fn nobody_is_sent_who_was_there_or_is_recused_and_nothing_is_drawn_of_a_batch_that_is_over(db: TestDb) {
        let service = Service::start(db);
        let batch = drawn(&service);
        soon_drawn(&service, 99);
        until(&service, "2026-08-04T09:10:00+08:00");
        let first = carry_out(&service, false);
        // All others are recused from every point.
        let points: Vec<Value> = first.iter().map(|(_, task, _)| task["point_id"].clone()).collect();
        for name in INSPECTORS {
            let path = format!("/inspectors/{}/recusals", service.user_id(name));
            service.sign_in("office01").put_json(&path, &json!({"points": points, "units": []})).expect(200);
        }
        service.pass(HOUR / 2);
        service.drain_jobs();
        let told = office(&service);
        assert_eq!((&told["drawn"], &told["nobody"], &told["given"]), (&json!(1), &json!(1), &json!(0)));
        // In the evening the last slot has begun: nobody can be sent in time.
        for name in INSPECTORS {
            let path = format!("/inspectors/{}/recusals", service.user_id(name));
            service.sign_in("office01").put_json(&path, &json!({"points": [], "units": []})).expect(200);
        }
        until(&service, "2026-08-04T19:10:00+08:00");
        soon_drawn(&service, 99);
        assert!(!carry_out(&service, false).is_empty(), "no task in the evening");
        service.pass(HOUR / 2);
        service.drain_jobs();
        let told = office(&service);
        assert_eq!((&told["drawn"], &told["no_slot"]), (&json!(2), &json!(1)), "{told}");
        // Once the batch is reviewed, its visits are drawn from no more.
        soon_drawn(&service, 99);
        until(&service, "2026-08-05T09:00:00+08:00");
        take(&service.sign_in("office01"), batch, "review", &json!({})).expect(200);
        let before = stored(&service).len();
        service.pass(HOUR / 2);
        service.drain_jobs();
        assert_eq!(stored(&service).len(), before);
    }

    fn a_changed_draw_is_found_by_verify(db: TestDb) {
        let service = Service::start(db);
        drawn(&service);
        soon_drawn(&service, 99);
        until(&service, "2026-08-04T09:10:00+08:00");
        carry_out(&service, false);
        service.pass(HOUR / 2);
        service.drain_jobs();
        let mut conn = service.database();
        let (now, photos) = (service.app.now(), &service.app.photo_store);
        let mut kinds = || {
            let mut kinds = Vec::new();
            anfang::app::verify::verify(&mut conn, photos, now, &mut |found| {
                if !found.is_note { kinds.push(found.kind); }
            }).unwrap();
            kinds
        };
        assert_eq!(kinds(), Vec::<&str>::new());
        for (change, back) in [
            ("UPDATE repeat_draws SET proof = replace(proof, '\"percent\":5', '\"percent\":6')", "UPDATE repeat_draws SET proof = replace(proof, '\"percent\":6', '\"percent\":5')"),
            // Another state for each: who was left for the draw is chance.
            ("UPDATE repeats SET number = NULL, state = CASE state WHEN 'nobody' THEN 'no-slot' ELSE 'nobody' END", "SELECT 1"),
        ] {
            service.database().batch_execute(change).unwrap();
            assert!(kinds().contains(&"repeat-draw"), "{change}");
            service.database().batch_execute(back).unwrap();
        }
    }

    fn figures_are_told_when_they_are_about_nobody(db: TestDb) {
        let backend = db.backend();
        let service = Service::start(db);
        let point = service.point("990001-MKT-0001");
        let items = walk::items(&service, point["type"].as_str().unwrap());
        // Pairs that the test puts there itself: visits of three people, and the same again of somebody else.
        let batch = plans::drafted(&service);
        let mut conn = service.database();
        let mut pair = |number: u32, by: &str, again: &str, first: &str, second: &str| {
            let visit = |username: &str, result: &str| {
                let client = service.sign_in(username);
                let mut body = walk::clean(&service);
                if result == "fails" {
                    walk::fail(&client, &mut body, "WM-02");
                } else {
                    let photo = client.send_photo();
                    *walk::result(&mut body, "WM-02") = match result {
                        "mostly" => json!({"item_code": "WM-02", "result": result, "photo_ids": [photo], "note": "x"}),
                        "not-applicable" => json!({"item_code": "WM-02", "result": result, "note": "x"}),
                        other => json!({"item_code": "WM-02", "result": other}),
                    };
                }
                walk::record(&client, &body)
            };
            plans::paired((&mut conn, backend), (batch, number), (visit(by, first), visit(again, second)), service.app.now());
        };
        for number in 1..=9 {
            pair(number, INSPECTORS[usize::try_from(number % 2).unwrap()], "inspector03", "conforms", "conforms");
        }
        pair(10, "inspector01", "inspector03", "conforms", "fails");
        let told = office(&service);
        assert_eq!((&told["pairs"], &told["figures"]), (&json!(10), &Value::Null), "of two people only");
        pair(11, "inspector03", "inspector01", "fails", "fails");
        pair(12, "inspector02", "inspector01", "fails", "mostly");
        pair(13, "inspector02", "inspector01", "not-applicable", "conforms");
        let told = office(&service)["figures"].clone();
        let share = |field: &str| (told[field]["count"].as_u64().unwrap(), told[field]["of"].as_u64().unwrap());
        let (asked, judged) = (13 * items.len() as u64, 13 * items.len() as u64 - 1);
        assert_eq!(told["judged"], judged);
        assert_eq!((share("missed"), share("only_first")), ((1, 3), (1, 3)));
        assert_eq!((share("milder"), share("stricter"), share("left_out")), ((1, judged), (1, judged), (1, asked)));
        // Wilson for 1 of 3, outwards to a hundredth of a percent.
        assert_eq!((&told["missed"]["low"], &told["missed"]["high"]), (&json!(614), &json!(7_924)));
        let text = office(&service).to_string();
        for name in INSPECTORS {
            assert!(!text.contains(&service.user_id(name)) && !text.contains(name));
        }
        assert!(!text.contains(point["id"].as_str().unwrap()));
    }
}
