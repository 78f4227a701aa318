//! Visits: each is recorded completely and once, with the issues that it opens, and read by the office and by its
//! inspector.

use std::future::poll_fn;
use std::task::Poll;

use anfang::app::{Caller, visits};
use anfang::domain::ids::{SessionId, UserId, VisitId};
use anfang::domain::role::{Actor, Role};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::cast;
use crate::support::service::{Answer, Client, DAY, HOUR, Service, at_once, count, new_id};
use crate::support::walk::{clean, clean_at, fail, items, record, result};

fn put(client: &Client<'_>, id: Uuid, body: &Value) -> Answer {
    client.put_json(&format!("/visits/{id}"), body)
}

fn read(service: &Service, id: Uuid) -> Answer {
    service.sign_in("office01").get(&format!("/visits/{id}")).expect(200)
}

fn issues_in_all(service: &Service) -> i64 {
    service.sign_in("office01").get("/issues/counts").expect(200).json["total"].as_i64().unwrap()
}

fn pointers(answer: &Answer) -> Vec<&str> {
    answer.json["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect()
}

on_both! {
    fn a_visit_opens_an_issue_for_each_item_that_fails(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let mut body = clean(&service);
        let issue = fail(&inspector, &mut body, "WM-07");
        let photo = inspector.send_photo();
        *result(&mut body, "WM-02") = json!({"item_code": "WM-02", "result": "mostly", "photo_ids": [photo]});
        *result(&mut body, "WS-07") = json!({"item_code": "WS-07", "result": "not-applicable", "note": "不卖活禽"});
        body["interviews"] = json!([{"age_band": "35-59", "answered": 5, "right": 4}]);
        let id = new_id();
        let told = put(&inspector, id, &body).expect(201);
        // The inspector is not shown how the point is judged.
        let mut fields: Vec<&String> = told.json.as_object().unwrap().keys().collect();
        fields.sort();
        assert_eq!(fields, [
            "began_at", "ended_at", "id", "interviews", "location", "missing_photos", "point_id", "results", "task",
        ]);
        assert_eq!(inspector.get(&format!("/visits/{id}")).expect(200).json, told.json);
        // The issue is the same as if it had been reported separately.
        let opened = service.sign_in("office01").read(issue).in_state("submitted").json;
        assert_eq!((&opened["visit_id"], &opened["item_code"]), (&json!(id), &json!("WM-07")));
        let seen = read(&service, id).json;
        let failed = seen["results"].as_array().unwrap().iter().find(|seen| seen["item_code"] == "WM-07").unwrap();
        assert_eq!((&failed["result"], &failed["issue_id"]), (&json!("fails"), &json!(issue)));
        assert_eq!((&seen["inspector"]["display_name"], &seen["awareness"]), (&json!("暗访01"), &json!("80.00")));
        // P = 100·Σw·r ÷ Σw over what applies; a failed veto item caps it.
        assert_eq!(seen["score"]["vetoed_by"], json!(["WM-07"]));
        assert_eq!(seen["score"]["value"], "59.99");
        // The office sees the photo of the result that opened nothing.
        service.sign_in("office01").get(&format!("/photos/{photo}/view")).expect(200);
        service.sign_in("inspector02").get(&format!("/photos/{photo}/view")).expect(404);
    }

    fn the_score_is_the_part_of_the_weights_that_conforms(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let weight_of = |code: &str| {
            let all = service.sign_in("office01").get("/items?point_type=MKT").expect(200);
            let all = all.json["items"].as_array().unwrap().clone();
            all.iter().find(|item| item["code"] == code).unwrap()["weight"].as_i64().unwrap()
        };
        let total: i64 = items(&service, "MKT").iter().map(|code| weight_of(code)).sum();
        let full = read(&service, record(&inspector, &clean(&service))).json["score"].clone();
        assert_eq!(full, json!({"value": "100.00", "vetoed_by": [], "observed_weight": total, "total_weight": total}));
        let mut body = clean(&service);
        *result(&mut body, "WM-02") = json!({"item_code": "WM-02", "result": "mostly", "note": "褪色"});
        let half = read(&service, record(&inspector, &body)).json["score"]["value"].clone();
        // In hundredths, rounded half up.
        let expected = (2 * 10_000 * (2 * total - weight_of("WM-02")) + 2 * total) / (4 * total);
        assert_eq!(half, format!("{}.{:02}", expected / 100, expected % 100));
        // Too little was looked at: the visit is kept and judges nothing.
        body["results"].as_array_mut().unwrap().truncate(1);
        let little = read(&service, record(&inspector, &body)).json["score"].clone();
        assert_eq!((&little["value"], &little["total_weight"]), (&Value::Null, &json!(total)));
        // What the county asks of such points later changes no score of the past.
        let id = record(&inspector, &clean(&service));
        let before = read(&service, id).json;
        let sheet = "code,campaign,title_zh,fault_zh,title_en,point_types,weight,veto,limit,limit_note,chips,source\n\
                     WS-77,WS,市场门口整洁,市场门口脏乱,Clean entrance,MKT,5,1,3wd,,,示例\n";
        let sent = service.sign_in("admin").send("POST", "/imports/items", &[("content-type", "text/csv")], Some(sheet.as_bytes()));
        sent.expect(200);
        assert_eq!(items(&service, "MKT").len(), before["results"].as_array().unwrap().len() + 1);
        assert_eq!(read(&service, id).json, before);
    }

    fn a_visit_that_comes_again_is_recorded_once(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let mut body = clean(&service);
        let issue = fail(&inspector, &mut body, "WM-07");
        let id = new_id();
        crate::plans_ahead::count_sudden(&service);
        let told = put(&inspector, id, &body).expect(201).json;
        let lost = || service.sign_in("office01").get("/gap-matrix").expect(200).json["items"].clone();
        let once = lost();
        assert!(!once.as_array().unwrap().is_empty());
        service.pass(HOUR);
        let inspector = service.sign_in("inspector01");
        assert_eq!(put(&inspector, id, &body).expect(200).json, told);
        assert_eq!(lost(), once);
        // A missing value and null are the same; a different record, or one of somebody else, is not.
        let mut spelled = body.clone();
        spelled["task"] = Value::Null;
        result(&mut spelled, "WM-02")["note"] = json!("");
        assert_eq!(put(&inspector, id, &spelled).expect(200).json, told);
        let mut other = body.clone();
        result(&mut other, "WM-02")["note"] = json!("另一份");
        put(&inspector, id, &other).refused(409, "id-reused");
        put(&service.sign_in("inspector02"), id, &body).refused(409, "id-reused");
        assert_eq!((issues_in_all(&service), service.sign_in("office01").events(issue).len()), (1, 1));
        assert_eq!(read(&service, id).json["results"].as_array().unwrap().len(), body["results"].as_array().unwrap().len());
    }

    fn of_a_visit_that_is_sent_twice_at_once_one_is_recorded(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let mut body = clean(&service);
        for item in ["WS-06", "WM-07", "WM-02"] {
            fail(&inspector, &mut body, item);
        }
        let id = new_id();
        let answers = at_once(4, |_| put(&service.sign_in("inspector01"), id, &body));
        assert_eq!((count(&answers, 201), count(&answers, 200)), (1, 3), "{answers:?}");
        assert_eq!(issues_in_all(&service), 3);
        // Two visits that open the same issue: one of them is refused completely.
        let mut first = clean(&service);
        fail(&inspector, &mut first, "WM-07");
        let ids = [new_id(), new_id()];
        let answers = at_once(2, |at| put(&service.sign_in("inspector01"), ids[at], &first));
        assert_eq!((count(&answers, 201), count(&answers, 409)), (1, 1), "{answers:?}");
        assert_eq!(issues_in_all(&service), 4);
        assert_eq!(service.sign_in("office01").get("/visits").expect(200).json["items"].as_array().unwrap().len(), 2);
    }

    fn a_request_that_is_given_up_half_way_is_recorded_whole_or_not_at_all(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let mut body = clean(&service);
        fail(&inspector, &mut body, "WM-07");
        let (id, who) = (new_id(), service.user_id("inspector01").parse().unwrap());
        let caller = Caller {
            actor: Actor::new(UserId(who), Role::Inspector),
            session_id: SessionId(new_id()),
            must_change_password: false,
            request_id: "given-up".to_owned(),
            handed_in: None,
        };
        let sent = serde_json::from_value(body.clone()).unwrap();
        service.block_on(async |app| {
            let mut recording = Box::pin(visits::record(app, &caller, VisitId(id), sent));
            poll_fn(|context| {
                let _ = recording.as_mut().poll(context);
                Poll::Ready(())
            })
            .await;
        });
        let again = put(&inspector, id, &body);
        assert!([200, 201].contains(&again.status), "{}", again.json);
        assert_eq!((issues_in_all(&service), put(&inspector, id, &body).status), (1, 200));
    }

    fn a_visit_with_a_fault_in_it_opens_nothing_and_loses_nothing(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let mut body = clean(&service);
        fail(&inspector, &mut body, "WM-07");
        let second = fail(&inspector, &mut body, "WS-06");
        let place = body["results"].as_array().unwrap().iter().position(|seen| seen["item_code"] == "WS-06").unwrap();
        // A photo of somebody else.
        let anothers = service.sign_in("inspector02").send_photo();
        let mut wrong = body.clone();
        result(&mut wrong, "WS-06")["issue"]["report"]["photos"][0]["id"] = json!(anothers);
        let id = new_id();
        let refused = put(&inspector, id, &wrong).refused(422, "invalid-fields");
        assert_eq!(pointers(&refused), [format!("/results/{place}/issue/report/photos/0/id")]);
        // An item that is not looked for there, a point that does not exist, a task that nobody drew.
        let mut wrong = body.clone();
        wrong["results"][0]["item_code"] = json!("WM-99");
        assert_eq!(pointers(&put(&inspector, id, &wrong).refused(422, "invalid-fields")), ["/results/0/item_code"]);
        let mut wrong = clean(&service);
        wrong["point_id"] = json!(new_id());
        assert_eq!(pointers(&put(&inspector, id, &wrong).refused(422, "invalid-fields")), ["/point_id"]);
        let mut wrong = body.clone();
        wrong["task"] = json!({"batch_id": new_id(), "number": 1});
        assert_eq!(pointers(&put(&inspector, id, &wrong).refused(422, "invalid-fields")), ["/task"]);
        // One picture with other marks in two reports.
        let mut wrong = body.clone();
        let shared = result(&mut wrong, "WM-07")["issue"]["report"]["photos"][0]["id"].clone();
        let mark = json!({"kind": "blur", "x1": 0.1, "y1": 0.2, "x2": 0.3, "y2": 0.4});
        result(&mut wrong, "WS-06")["issue"]["report"]["photos"][0] = json!({"id": shared, "view": "far", "marks": [mark]});
        put(&inspector, id, &wrong).refused(422, "invalid-fields");
        // An issue's id that another report has.
        let mut wrong = body.clone();
        let taken = service.report_with_photos();
        result(&mut wrong, "WS-06")["issue"]["id"] = json!(taken);
        put(&inspector, id, &wrong).refused(409, "id-reused");
        assert_eq!(issues_in_all(&service), 1);
        service.sign_in("office01").get(&format!("/visits/{id}")).refused(404, "not-found");
        // Nothing of it was kept: the right one is taken as it is.
        put(&inspector, id, &body).expect(201);
        service.sign_in("office01").read(second).in_state("submitted");
        assert_eq!(issues_in_all(&service), 3);
    }

    fn reports_may_go_ahead_one_by_one(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let mut body = clean(&service);
        let (issue, id) = (fail(&inspector, &mut body, "WM-07"), new_id());
        let mut report = result(&mut body, "WM-07")["issue"]["report"].clone();
        report["visit_id"] = json!(id);
        inspector.put_json(&format!("/issues/{issue}"), &report).expect(201);
        put(&inspector, id, &body).expect(201);
        // And may come again after it.
        inspector.put_json(&format!("/issues/{issue}"), &report).expect(200);
        assert_eq!((issues_in_all(&service), service.sign_in("office01").events(issue).len()), (1, 1));
        // One that went ahead for no visit, or for another, is another report.
        for ahead in [Value::Null, json!(new_id())] {
            let mut body = clean(&service);
            let issue = fail(&inspector, &mut body, "WM-07");
            let mut report = result(&mut body, "WM-07")["issue"]["report"].clone();
            report["visit_id"] = ahead;
            inspector.put_json(&format!("/issues/{issue}"), &report).expect(201);
            put(&inspector, new_id(), &body).refused(409, "id-reused");
        }
    }

    fn photos_may_come_after_the_visit_and_stay(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let (mut body, photo) = (clean(&service), new_id());
        for item in ["WM-02", "WS-06"] {
            *result(&mut body, item) = json!({"item_code": item, "result": "mostly", "photo_ids": [photo]});
        }
        let id = record(&inspector, &body);
        let missing = || read(&service, id).json["missing_photos"].clone();
        assert_eq!(missing(), json!([photo]));
        // Nobody else may send a photo with its id.
        let other = service.sign_in("inspector02");
        other.put_photo(photo, &service.picture()).refused(409, "id-reused");
        let mut theirs = clean(&service);
        *result(&mut theirs, "WM-02") = json!({"item_code": "WM-02", "result": "mostly", "photo_ids": [photo]});
        put(&other, new_id(), &theirs).refused(422, "invalid-fields");
        inspector.put_photo(photo, &service.picture()).expect(201);
        assert_eq!(missing(), json!([]));
        // It is no orphan, whether it came before or after.
        let early = inspector.send_photo();
        *result(&mut body, "WM-02") = json!({"item_code": "WM-02", "result": "mostly", "photo_ids": [early]});
        record(&inspector, &body);
        service.pass(DAY * 30);
        service.drain_jobs();
        for photo in [photo, early] {
            service.sign_in("office01").get(&format!("/photos/{photo}/view")).expect(200);
            service.sign_in("office01").get(&format!("/photos/{photo}/original")).expect(200);
        }
    }

    fn an_item_of_which_the_county_wants_a_photo_is_shown_on_one(db: TestDb) {
        let service = Service::start(db);
        let import = |columns: &str, cells: &str| {
            let sheet = format!("code,campaign,title_zh,point_types,weight,limit{columns}\nWM-02,WM,公益广告无破损褪色错误,*,2,3wd{cells}\n");
            let client = service.sign_in("admin");
            client.send("POST", "/imports/items", &[("content-type", "text/csv")], Some(sheet.as_bytes())).expect(200);
        };
        let wanted = || {
            let items = service.sign_in("inspector01").get("/items?point_type=MKT").expect(200).json;
            let all = items["items"].as_array().unwrap().clone();
            let wanted = all.iter().filter(|item| item["photo_required"] == true);
            assert!(all.iter().all(|item| item["photo_required"].is_boolean()));
            wanted.map(|item| item["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(wanted(), Vec::<String>::new());
        import(",photo_required", ",是");
        assert_eq!(wanted(), ["WM-02"]);
        // This visit began before that; its inspector may have had no network.
        record(&service.sign_in("inspector01"), &clean(&service));
        service.pass(HOUR);
        // A sheet that says nothing of it changes nothing.
        import("", "");
        assert_eq!(wanted(), ["WM-02"]);
        let inspector = service.sign_in("inspector01");
        let at = items(&service, "MKT").iter().position(|code| code == "WM-02").unwrap();
        let visit = |seen: Value| {
            let mut body = clean(&service);
            for (name, value) in seen.as_object().unwrap() {
                result(&mut body, "WM-02")[name] = value.clone();
            }
            body
        };
        let photo = inspector.send_photo();
        for seen in [json!({}), json!({"photo_ids": []}), json!({"result": "mostly", "note": "一块褪色"})] {
            let refused = put(&inspector, new_id(), &visit(seen)).refused(422, "invalid-fields");
            assert_eq!(pointers(&refused), [format!("/results/{at}/photo_ids")]);
            let told = &refused.json["errors"][0];
            assert_eq!((&told["code"], &told["detail"]), (&json!("required"), &json!("item WM-02 has to be shown on a photo")));
        }
        for seen in [
            json!({"photo_ids": [photo]}),
            json!({"photo_ids": [new_id()]}),
            json!({"result": "mostly", "photo_ids": [photo]}),
            json!({"result": "not-applicable", "note": "没有公益广告"}),
        ] {
            put(&inspector, new_id(), &visit(seen)).expect(201);
        }
        let mut failing = clean(&service);
        fail(&inspector, &mut failing, "WM-02");
        put(&inspector, new_id(), &failing).expect(201);
        import(",photo_required", ",否");
        assert_eq!(wanted(), Vec::<String>::new());
        record(&inspector, &clean(&service));
    }

    fn the_office_lists_visits_by_point_and_day(db: TestDb) {
        let service = Service::start(db);
        let mut made = Vec::new();
        for (username, point) in [
            ("inspector01", "990001-MKT-0001"), ("inspector02", "990001-LANE-0001"), ("inspector01", "990001-MKT-0001"),
        ] {
            made.push(record(&service.sign_in(username), &clean_at(&service, point)));
            service.pass(DAY);
        }
        let office = service.sign_in("office01");
        let listed = |query: &str| {
            let answer = office.get(&format!("/visits{query}")).expect(200);
            let ids: Vec<Uuid> =
                answer.json["items"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().parse().unwrap()).collect();
            (ids, answer.json["next_cursor"].as_str().map(str::to_owned))
        };
        let latest_first: Vec<Uuid> = made.iter().rev().copied().collect();
        assert_eq!(listed(""), (latest_first.clone(), None));
        let market = service.point("990001-MKT-0001")["id"].as_str().unwrap().to_owned();
        assert_eq!(listed(&format!("?point_id={market}")).0, [made[2], made[0]]);
        assert_eq!(listed("?from=2026-08-04&to=2026-08-05").0, [made[1]]);
        assert_eq!(listed("?from=2026-08-04").0, [made[2], made[1]]);
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let (ids, next) = listed(&format!("?limit=1{cursor}"));
            seen.extend(ids);
            match next {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, latest_first);
        office.get(&format!("/visits?cursor={}", new_id())).refused(400, "malformed-request");
        let row = office.get("/visits?limit=1").expect(200).json["items"][0].clone();
        assert_eq!((&row["conforms"], &row["fails"]), (&json!(items(&service, "MKT").len()), &json!(0)));
        assert_eq!(row["score"]["value"], "100.00");
    }

    fn nobody_else_learns_of_a_visit(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let mut body = clean(&service);
        let photo = inspector.send_photo();
        *result(&mut body, "WM-02") = json!({"item_code": "WM-02", "result": "mostly", "photo_ids": [photo]});
        let id = record(&inspector, &body);
        for person in cast::everybody().filter(|person| person.role != Role::Office) {
            let client = service.sign_in(person.username);
            client.get("/visits").refused(403, "forbidden");
            let own = person.username == "inspector01";
            assert_eq!(client.get(&format!("/visits/{id}")).status, if own { 200 } else { 404 }, "{person:?}");
            assert_eq!(client.get(&format!("/photos/{photo}/thumb")).status, if own { 200 } else { 404 }, "{person:?}");
            if person.role != Role::Inspector {
                put(&client, new_id(), &body).refused(403, "forbidden");
            }
        }
        put(&service.sign_in("office01"), new_id(), &body).refused(403, "forbidden");
        put(&inspector, "0198a4b2-7c1e-7d3f-8a5b-1c2d3e4f5a6b".parse().unwrap(), &body).refused(422, "invalid-fields");
    }

    fn a_long_visit_has_room_and_a_longer_one_is_refused(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let mut body = clean(&service);
        for item in items(&service, "MKT") {
            fail(&inspector, &mut body, &item);
            let marks: Vec<Value> =
                (0..12).map(|_| json!({"kind": "blur", "x1": 0.123_456_789, "y1": 0.2, "x2": 0.3, "y2": 0.4})).collect();
            let failed = result(&mut body, &item);
            failed["note"] = json!("注".repeat(500));
            failed["issue"]["report"]["description"] = json!("述".repeat(500));
            failed["issue"]["report"]["photos"][0]["marks"] = json!(marks);
        }
        let size = body.to_string().len();
        assert!(size > anfang::domain::limits::JSON_BYTES_MAX / 2, "{size}");
        // As many as there may be: blanks count like everything else.
        let padded = |bytes: usize| format!("{}{}", body, " ".repeat(bytes - size));
        let send = |text: String| {
            let headers = [("content-type", "application/json")];
            inspector.send("PUT", &format!("/visits/{}", new_id()), &headers, Some(text.as_bytes()))
        };
        send(padded(anfang::domain::limits::VISIT_BYTES_MAX + 1)).refused(413, "body-too-large");
        send(padded(anfang::domain::limits::VISIT_BYTES_MAX)).expect(201);
    }

    /// It began by a clock that was a day ahead, which somebody corrected before it ended.
    fn a_visit_during_which_the_clock_was_set_back_is_taken_with_a_doubt(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let mut body = clean(&service);
        body["began_at"] = json!(service.app.now().plus(DAY).to_string());
        let issue = fail(&inspector, &mut body, "WM-07");
        let id = record(&inspector, &body);
        put(&inspector, id, &body).expect(200);
        let told = read(&service, id).json;
        assert_eq!((&told["began_at"], &told["ended_at"]), (&body["ended_at"], &body["ended_at"]));
        assert_eq!(told["clock_set_back_seconds"], json!(DAY.as_secs()));
        service.sign_in("office01").read(issue).in_state("submitted");
        let own = inspector.get(&format!("/visits/{id}")).expect(200).json;
        assert_eq!(own.get("clock_set_back_seconds"), None);
        let sound = record(&inspector, &clean(&service));
        assert_eq!(read(&service, sound).json["clock_set_back_seconds"], Value::Null);
    }
}
