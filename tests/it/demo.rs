//! The demo county: every issue in it has a history that could have happened.

use std::collections::BTreeSet;

use anfang::app::verify::verify;
use anfang::domain::issue::{Issue, State};
use anfang::seed::demo;
use anfang::store::issues;
use serde_json::Value;

use crate::support::service::Service;

/// Pixels of its pictures here: what they show does not matter.
const SMALL_PX: u32 = 48;

on_both! {
    fn a_demo_county_shows_every_state_and_each_is_the_sum_of_its_history(db: TestDb) {
        let service = Service::start_demo(db);
        let told = service.block_on(async |app| {
            let mut told = Vec::new();
            demo::fill(app, 120, SMALL_PX, |count| told.push(count)).await.unwrap();
            demo::fill_batches(app, SMALL_PX).await.unwrap();
            // There are some already.
            demo::fill_batches(app, SMALL_PX).await.unwrap();
            told
        });
        assert_eq!(told, [120]);
        let office = service.sign_in("office01");
        let counts = office.get("/issues/counts").expect(200).json;
        let states: BTreeSet<&str> = counts["by_state"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(states, State::ALL.iter().map(|state| state.as_str()).collect());
        assert!(counts["total"].as_i64().unwrap() >= 120);
        assert!(counts["overdue"].as_i64().unwrap() > 0);
        let points = office.get("/reference").expect(200).json["points"].as_array().unwrap().len();
        assert_eq!(points, 300);
        // Of batches and their visits, and of who answers for what, each page has something.
        let batches = office.get("/batches").expect(200).json["items"].as_array().unwrap().clone();
        let in_state = |state: &str| {
            let found: Vec<&Value> = batches.iter().filter(|batch| batch["state"] == state).collect();
            assert_eq!(found.len(), 1, "{state}: {batches:#?}");
            found[0].clone()
        };
        let (released, under_way) = (in_state("released"), in_state("under-way"));
        in_state("proposed");
        assert_eq!(batches.len(), 3);
        assert!(released["visited"] == released["tasks"] && released["tasks"].as_i64().unwrap() > 5, "{released}");
        assert!(under_way["visited"].as_i64().unwrap() > 0 && under_way["open_tasks"].as_i64().unwrap() > 0, "{under_way}");
        let of = |batch: &Value, what: &str| {
            let path = format!("/batches/{}/{what}", batch["id"].as_str().unwrap());
            office.get(&path).expect(200).json
        };
        let found = of(&released, "issues")["items"].as_array().unwrap().clone();
        assert!(!found.is_empty() && found.iter().all(|issue| issue["number"].is_string()), "{found:#?}");
        assert!(of(&released, "draw")["proof"].is_object() && of(&under_way, "draw")["proof"].is_null());
        let visits = office.get(&format!("/visits?batch_id={}", released["id"].as_str().unwrap())).expect(200).json;
        assert!(visits["items"].as_array().unwrap().iter().all(|visit| visit["code_name"].is_string()), "{visits:#}");
        let unit = service.unit("U02");
        assert_eq!(office.get(&format!("/units/{unit}/people")).expect(200).json["items"].as_array().unwrap().len(), 3);
        assert!(!service.sign_in("leader01").get("/pairings").expect(200).json["items"].as_array().unwrap().is_empty());
        let mut cursor = String::new();
        let mut seen = 0;
        loop {
            let page = office.get(&format!("/issues?limit=200{cursor}")).expect(200).json;
            for row in page["items"].as_array().unwrap() {
                seen += 1;
                let id = row["id"].as_str().unwrap().parse().unwrap();
                let id = anfang::domain::ids::IssueId(id);
                let mut conn = service.database();
                let stored = issues::find(&mut conn, id).unwrap().unwrap();
                let events = issues::events(&mut conn, id).unwrap();
                let versions: Vec<i64> = events.iter().map(|event| event.version).collect();
                assert_eq!(versions, (1..=stored.version).collect::<Vec<_>>());
                assert!(events.windows(2).all(|pair| pair[0].at <= pair[1].at), "{events:#?}");
                assert!(events.last().unwrap().at.to_string() <= service.now());
                let replayed = Issue::replay(events.iter().map(|event| &event.changes)).unwrap();
                assert_eq!(replayed, stored);
                // Every photo is there, but for what a report in reception still waits for.
                let photos = issues::photos(&mut conn, &[id]).unwrap();
                let missing = photos.iter().filter(|photo| photo.arrived.is_none()).count();
                assert_eq!(missing, usize::from(stored.state == State::Receiving), "{id}");
            }
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, counts["total"].as_i64().unwrap());
        // Nothing is wrong with it, and no upload counts as an issue's that is none's.
        let mut wrong = Vec::new();
        let mut conn = service.database();
        verify(&mut conn, &service.app.photo_store, service.app.now(), &mut |finding| wrong.push(finding.clone())).unwrap();
        assert!(wrong.is_empty(), "{wrong:#?}");
        // A picture is seen by the unit, and its original by the office only.
        let listed = service.sign_in("unit01").get("/issues?state=closed").expect(200).json;
        let issue = listed["items"][0]["id"].as_str().unwrap().to_owned();
        let photo = service.sign_in("unit01").get(&format!("/issues/{issue}")).expect(200).json["photos"][0]["id"].clone();
        let photo = photo.as_str().unwrap();
        service.sign_in("unit01").get(&format!("/photos/{photo}/view")).expect(200);
        service.sign_in("unit01").get(&format!("/photos/{photo}/original")).expect(404);
        office.get(&format!("/photos/{photo}/original")).expect(200);
    }
}
