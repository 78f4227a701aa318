//! What every JSON body refuses, whatever it is for. The bodies are read from the OpenAPI document, so that none is
//! forgotten.

use std::collections::BTreeSet;

use anfang::app::{figures, live, planning as plans};
use anfang::domain::limits::{self, MARKS_PER_PHOTO_MAX, PAGE_MAX, PHOTOS_PER_STEP_MAX};
use anfang::domain::month::backward::{TASK_DAYS_MAX, TASKS_MAX};
use anfang::domain::month::needs::Need;
use anfang::domain::permitted_zone::{CORNERS_MAX, CORNERS_MIN, Weekdays};
use anfang::domain::{batch, planning, recusal, visit};
use serde_json::{Value, json};

use crate::refusals;
use crate::support::contract::{Contract, objects, texts, with_field};
use crate::support::service::{Answer, Client, PASSWORD, Service};

/// Sends a body of this kind; an action names a version, as it must.
fn send(client: &Client<'_>, method: &str, path: &str, body: &[u8]) -> Answer {
    let headers = [("content-type", "application/json"), ("if-match", "\"1\"")];
    client.send(method, &format!("/{path}"), &headers, Some(body))
}

on_both! {
    fn a_field_that_nobody_knows_is_refused_in_every_object_of_every_body(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let bodies = Contract::read().json_bodies();
        assert!(bodies.len() > 25, "{}", bodies.len());
        for (method, path, body) in bodies {
            for object in objects(&body) {
                let sent = with_field(&body, &object, "no_such_field").to_string();
                let answer = send(&office, &method, &path, sent.as_bytes());
                // Settings are a list of names; those are judged as fields.
                if path == "/api/v1/settings" {
                    assert!([403, 422].contains(&answer.status), "{method} {path}");
                    continue;
                }
                let answer = answer.refused(400, "malformed-request");
                assert!(answer.json["detail"].as_str().unwrap().contains("no_such_field"), "{method} {path} {object} {}", answer.json);
            }
        }
        let refused = send(&service.sign_in("admin"), "PATCH", "/api/v1/settings", br#"{"no_such_field": 1}"#);
        refused.refused(422, "invalid-fields");
    }

    fn a_field_that_nobody_knows_is_refused_in_every_object_of_a_form(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let contract = Contract::read();
        let mut forms = contract.operations();
        forms.retain(|operation| !operation.facts["requestBody"]["content"]["multipart/form-data"].is_null());
        let paths: Vec<_> = forms.iter().map(|form| (form.method.as_str(), form.path.as_str())).collect();
        assert_eq!(paths, [("POST", "/api/v1/issues")], "another form: send it here too");
        let picture = service.picture();
        let report = contract.example(&json!({"$ref": "#/components/schemas/FormReport"}));
        let objects = objects(&report);
        assert!(["", "/location", "/photos/0"].iter().all(|object| objects.iter().any(|there| there == object)), "{objects:?}");
        for object in objects {
            let sent = with_field(&report, &object, "no_such_field").to_string();
            let parts = refusals::form(&[("photo", &picture), ("report", sent.as_bytes())]);
            let answer = inspector.send("POST", "/issues", &[refusals::FORM], Some(&parts)).refused(400, "malformed-request");
            assert!(answer.json["detail"].as_str().unwrap().contains("no_such_field"), "{object} {}", answer.json);
        }
    }

    fn an_array_is_refused_in_place_of_every_object_of_every_body(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        for (method, path, body) in Contract::read().json_bodies() {
            for object in objects(&body) {
                let mut sent = body.clone();
                let there = sent.pointer_mut(&object).unwrap();
                *there = there.as_object().unwrap().values().cloned().collect();
                let answer = send(&office, &method, &path, sent.to_string().as_bytes()).refused(400, "malformed-request");
                let detail = answer.json["detail"].as_str().unwrap();
                assert!(detail.contains("expected an object") || detail.contains("expected a map"), "{method} {path} {object} {detail}");
            }
        }
        let by_place = json!(["office01", PASSWORD]);
        service.anybody().post_json("/sessions", &by_place).refused(400, "malformed-request");
    }

    fn a_nul_is_refused_in_every_text_of_every_body(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        for (method, path, body) in Contract::read().json_bodies() {
            for text in texts(&body) {
                let mut sent = body.clone();
                *sent.pointer_mut(&text).unwrap() = json!("a\0b");
                let answer = send(&office, &method, &path, sent.to_string().as_bytes()).refused(422, "invalid-fields");
                assert_eq!(answer.json["errors"][0]["pointer"], text, "{method} {path}");
            }
        }
        let setting = br#"{"day_end": "mid\u0000night", "\u0000": 1}"#;
        send(&service.sign_in("admin"), "PATCH", "/api/v1/settings", setting).refused(422, "invalid-fields");
    }

    fn a_nul_is_refused_in_every_address(db: TestDb) {
        let service = Service::start(db);
        let contract = Contract::read();
        let admin = service.sign_in("admin");
        let mut seen = 0;
        for operation in contract.operations() {
            for parameter in operation.parameters("query") {
                let name = parameter["name"].as_str().unwrap();
                let path = format!("/{}?{name}=a%00b", contract.concrete(&operation));
                let answer = admin.send(&operation.method, &path, &[], None).refused(422, "invalid-fields");
                assert_eq!(answer.json["errors"][0]["pointer"], format!("/{name}"), "{path}");
                seen += 1;
            }
            for parameter in operation.parameters("path") {
                let name = format!("{{{}}}", parameter["name"].as_str().unwrap());
                let path = format!("/{}", operation.path.replacen(&name, "a%00b", 1).replace(['{', '}'], ""));
                let answer = admin.send(&operation.method, &path, &[], None).expect(404);
                assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
                seen += 1;
            }
        }
        assert!(seen > 50, "{seen}");
        admin.get("/points?q=%2500&%00=1").refused(422, "invalid-fields");
        admin.get("/points?q=%2500").expect(200);
    }

    fn a_byte_order_mark_before_json_means_nothing(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let issue = crate::support::service::new_id();
        let body = [b"\xef\xbb\xbf".to_vec(), service.report_body(&[issue]).to_string().into_bytes()].concat();
        send(&inspector, "PUT", &format!("/api/v1/issues/{issue}"), &body).expect(201);
    }

    fn coded_bodies_are_refused_with_what_is_taken(db: TestDb) {
        let service = Service::start(db);
        let (inspector, id) = (service.sign_in("inspector01"), crate::support::service::new_id());
        for coding in ["gzip", "GZIP", "br", "identity, gzip", "x-unknown"] {
            for (method, path, kind) in [
                ("PUT", format!("/issues/{id}"), "application/json"),
                ("PUT", format!("/photos/{id}"), "image/jpeg"),
                ("POST", "/issues".to_owned(), "multipart/form-data; boundary=edge"),
                ("PATCH", format!("/uploads/{id}"), "application/offset+octet-stream"),
                ("POST", "/imports/points".to_owned(), "text/csv"),
            ] {
                let headers = [("content-type", kind), ("content-encoding", coding), ("tus-resumable", "1.0.0")];
                let answer = inspector.send(method, &path, &headers, Some(b"\x1f\x8b")).refused(415, "unsupported-coding");
                assert_eq!(answer.header("accept-encoding"), "identity", "{path}");
            }
        }
        let plain = [("content-type", "application/json"), ("content-encoding", "Identity")];
        let body = service.report_body(&[id]).to_string();
        inspector.send("PUT", &format!("/issues/{id}"), &plain, Some(body.as_bytes())).expect(201);
    }

    fn a_handler_is_called_by_what_is_seen(db: TestDb) {
        let service = Service::start(db);
        let issue = service.drive_to(anfang::domain::issue::State::Assigned);
        let body = json!({"handler": "\u{200b}张\u{202e}三\u{3000}"});
        service.step(issue, "unit02", anfang::domain::issue::Action::SignIn, &body);
        assert_eq!(service.sign_in("office01").read(issue).json["handler"], "张三");
    }

    fn media_types_are_taken_in_any_case_and_by_their_other_names(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let new = crate::support::service::new_id;
        for kind in ["image/jpg", "IMAGE/JPEG", "image/pjpeg", "Image/Jpeg; q=1", " image/jpeg"] {
            inspector.put_bytes(&format!("/photos/{}", new()), kind, &service.picture()).expect(201);
        }
        for (kind, bytes) in [
            ("image/heif", crate::support::pictures::heic()),
            ("image/HEIC", crate::support::pictures::heic()),
            ("image/x-png", crate::support::pictures::png(1, 16, 16)),
        ] {
            assert_ne!(inspector.put_bytes(&format!("/photos/{}", new()), kind, &bytes).json["code"], "unsupported-media-type", "{kind}");
        }
        for kind in ["application/JSON", "Application/Json; Charset=UTF-8", "application/json;charset=utf-8"] {
            let body = service.report_body(&[new()]).to_string();
            inspector.send("PUT", &format!("/issues/{}", new()), &[("content-type", kind)], Some(body.as_bytes())).expect(201);
        }
        for kind in ["text/json", "application/jsonx", "", "application/xml"] {
            inspector.send("PUT", &format!("/issues/{}", new()), &[("content-type", kind)], Some(b"{}")).refused(415, "unsupported-media-type");
        }
        for kind in ["Text/CSV", "text/csv; charset=gb18030; header=present", "application/vnd.ms-excel"] {
            let answer = service.sign_in("admin").send("POST", "/imports/points?check=true", &[("content-type", kind)], Some(b"code\n"));
            assert_ne!(answer.status, 415, "{kind}");
        }
    }
}

/// The document itself: what it says of bodies and answers holds.
#[test]
fn no_choice_forbids_what_fits_two_of_its_branches() {
    let contract = Contract::read();
    for name in ["ActionBody", "IssueView", "HistoryView"] {
        let schema = &contract.0["components"]["schemas"][name];
        assert!(schema["anyOf"].as_array().is_some_and(|choices| choices.len() > 1), "{name}: {schema}");
    }
    // What may be absent from a row is said to be.
    let exif = &contract.0["components"]["schemas"]["OfficePhoto"]["properties"]["exif"];
    let says_null = |schema: &Value| schema["type"].as_array().is_some_and(|kinds| kinds.contains(&json!("null")));
    let null = exif["oneOf"].as_array().is_some_and(|choices| choices.contains(&json!({"type": "null"})));
    assert!(null || says_null(exif), "{exif}");
}

/// What OpenAPI and HTTP require of every answer and parameter.
#[test]
fn the_document_describes_every_answer_and_no_parameter_is_null() {
    let mut seen = 0;
    for operation in Contract::read().operations() {
        let at = format!("{} {}", operation.method, operation.path);
        for (status, answer) in operation.facts["responses"].as_object().unwrap() {
            assert_ne!(answer["description"].as_str().unwrap_or_default(), "", "{at} {status}");
            assert!(status.as_str() < "400" || answer["content"].is_object(), "{at} {status}");
            let content = answer["content"].as_object();
            let arrays = content.into_iter().flatten().filter(|(_, of)| of["schema"]["items"]["format"] == "int32");
            assert_eq!(arrays.count(), 0, "{at} {status}: bytes are no list of numbers");
            seen += 1;
        }
        for parameter in operation.facts["parameters"].as_array().into_iter().flatten() {
            let kinds = parameter["schema"]["type"].as_array().into_iter().flatten();
            assert!(kinds.into_iter().all(|kind| kind != "null"), "{at} {}", parameter["name"]);
        }
    }
    assert!(seen > 100, "{seen}");
}

/// What a schema names as a limit of a length or a number. The least of a number is mostly zero, by its type.
const LIMITING: [&str; 6] = ["maxItems", "minItems", "maxLength", "minLength", "maximum", "minimum"];

/// Every limit in this schema and in what it contains, but not behind its references: field, what is limited, value.
fn written_limits(schema: &Value, field: &str, found: &mut BTreeSet<(String, &'static str, i64)>) {
    for limiting in LIMITING {
        let value = schema[limiting].as_f64().filter(|value| (limiting, *value) != ("minimum", 0.0));
        // Those of degrees and of parts are whole numbers, too.
        found.extend(value.map(|value| (field.to_owned(), limiting, value as i64)));
    }
    for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
        written_limits(inner, name, found);
    }
    for of in ["items", "additionalProperties"] {
        if schema[of].is_object() {
            written_limits(&schema[of], &format!("{field}[]"), found);
        }
    }
    for choice in ["allOf", "anyOf", "oneOf"].iter().flat_map(|of| schema[of].as_array().into_iter().flatten()) {
        written_limits(choice, field, found);
    }
}

/// The names of the schemas that are part of a body that is sent.
fn schemas_of_bodies(contract: &Contract) -> BTreeSet<String> {
    fn named(schema: &Value, found: &mut Vec<String>) {
        match schema {
            Value::Object(fields) => {
                let reference = fields.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
                found.extend(reference.map(str::to_owned));
                fields.values().for_each(|field| named(field, found));
            }
            Value::Array(items) => items.iter().for_each(|item| named(item, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let (mut open, mut seen) = (Vec::new(), BTreeSet::new());
    contract.operations().iter().for_each(|operation| named(&operation.facts["requestBody"], &mut open));
    while let Some(name) = open.pop() {
        if seen.insert(name.clone()) {
            named(&contract.0["components"]["schemas"][&name], &mut open);
        }
    }
    seen
}

/// The attributes of the document take only literals: here each is compared with the constant by which the service
/// judges. Another one is missing here, and fails.
#[test]
fn the_document_limits_bodies_as_the_service_does() {
    let whole = |value: usize| i64::try_from(value).unwrap();
    let photos = whole(PHOTOS_PER_STEP_MAX);
    let marks = whole(MARKS_PER_PHOTO_MAX);
    let mut expected: Vec<(&str, &str, &'static str, i64)> = vec![
        ("ActionPhoto", "marks", "maxItems", marks),
        ("BatchPlan", "areas", "maxItems", whole(batch::NAMED_MAX)),
        ("BatchPlan", "campaigns", "maxItems", whole(batch::NAMED_MAX)),
        ("EffortBody", "effort", "maximum", planning::EFFORT_MAX.into()),
        ("EffortBody", "effort", "minimum", 1),
        ("FormPhoto", "marks", "maxItems", marks),
        ("Interview", "answered", "maximum", visit::ANSWERS_MAX.into()),
        ("Interview", "answered", "minimum", 1),
        ("Interview", "right", "maximum", visit::ANSWERS_MAX.into()),
        ("ListingBody", "campaigns", "minItems", 1),
        ("Needs", "needs", "maxItems", whole(Need::COUNT)),
        ("NewSelfReport", "photo_ids", "maxItems", photos),
        ("NewSelfReport", "photo_ids", "minItems", 1),
        ("Observation", "photo_ids", "maxItems", photos),
        ("PermittedZone", "corners", "maxItems", whole(CORNERS_MAX)),
        ("PermittedZone", "corners", "minItems", whole(CORNERS_MIN)),
        ("PermittedZone", "weekdays", "maximum", Weekdays::ALL.0.into()),
        ("PermittedZone", "weekdays", "minimum", 1),
        ("Recusals", "points", "maxItems", whole(recusal::RECUSED_MAX)),
        ("Recusals", "units", "maxItems", whole(recusal::RECUSED_MAX)),
        ("ReportBody", "photos", "maxItems", photos),
        ("ReportBody", "photos", "minItems", 1),
        ("ReportForm", "photo", "maxItems", photos),
        ("ReportForm", "photo", "minItems", 1),
        ("ReportPhotoBody", "marks", "maxItems", marks),
        ("Schedule", "tasks", "maxItems", whole(TASKS_MAX)),
        ("ScheduleTask", "before", "maxItems", whole(TASKS_MAX)),
        ("ScheduleTask", "days", "maximum", TASK_DAYS_MAX.into()),
        ("ScheduleTask", "days", "minimum", 1),
        ("ScheduleTask", "progress", "maximum", planning::PROGRESS_MAX.into()),
        ("SelfFixBody", "photo_ids", "maxItems", photos),
        ("SelfFixBody", "photo_ids", "minItems", 1),
        ("VisitBody", "interviews", "maxItems", whole(visit::INTERVIEWS_MAX)),
        ("VisitBody", "results", "maxItems", whole(visit::RESULTS_MAX)),
        ("VisitBody", "results", "minItems", 1),
    ];
    // Degrees, parts of a picture and its four corners are no choice of anybody's.
    expected.extend(["x1", "x2", "y1", "y2"].map(|field| ("Mark", field, "maximum", 1)));
    for (field, degrees) in [("lat", 90), ("lon", 180)] {
        expected.extend([("Location", field, "maximum", degrees), ("Location", field, "minimum", -degrees)]);
    }
    for (field, count) in [("corners", 4), ("corners[]", 2)] {
        expected.extend(["maxItems", "minItems"].map(|limiting| ("PlacementBody", field, limiting, count)));
    }
    let contract = Contract::read();
    let mut written = BTreeSet::new();
    for name in schemas_of_bodies(&contract) {
        let mut found = BTreeSet::new();
        written_limits(&contract.0["components"]["schemas"][&name], "", &mut found);
        written.extend(found.into_iter().map(|(field, limiting, value)| (name.clone(), field, limiting, value)));
    }
    let owned =
        |(schema, field, limiting, value): (&str, &str, _, _)| (schema.to_owned(), field.to_owned(), limiting, value);
    let expected: BTreeSet<_> = expected.into_iter().map(owned).collect();
    let only = |one: &BTreeSet<_>, other: &BTreeSet<_>| one.difference(other).cloned().collect::<Vec<_>>();
    let (unknown, missing) = (only(&written, &expected), only(&expected, &written));
    assert!(unknown.is_empty() && missing.is_empty(), "the document says {unknown:?}, the service {missing:?}");
}

#[test]
fn the_document_limits_queries_as_the_service_does() {
    let expected = [
        ("/changes", "wait", 0, i64::try_from(live::WAIT_MAX.as_secs()).unwrap()),
        ("/figures", "weeks", 1, figures::WEEKS_MAX.into()),
        ("/figures/areas", "weeks", 1, figures::WEEKS_MAX.into()),
        ("/gap-matrix", "months", 1, plans::MATRIX_MONTHS_MAX.into()),
        ("/gap-matrix/losses", "months", 1, plans::MATRIX_MONTHS_MAX.into()),
        ("/issues", "reminded_min", 1, limits::REMINDERS_MAX.into()),
        ("/issues/counts", "reminded_min", 1, limits::REMINDERS_MAX.into()),
        ("/repeat-visits", "months", 1, visit::repeat::REPEAT_MONTHS_MAX.into()),
    ];
    let (mut written, mut pages) = (Vec::new(), 0);
    for operation in Contract::read().operations() {
        let path = operation.path.trim_start_matches("/api/v1").to_owned();
        for parameter in operation.parameters("query") {
            let (name, schema) = (parameter["name"].as_str().unwrap().to_owned(), &parameter["schema"]);
            let (least, most) = (schema["minimum"].as_i64(), schema["maximum"].as_i64());
            if name == "limit" {
                assert_eq!((least, most), (Some(1), i64::try_from(PAGE_MAX).ok()), "{path}");
                pages += 1;
            } else if let Some(most) = most {
                written.push((path.clone(), name, least.unwrap(), most));
            }
        }
    }
    written.sort();
    assert_eq!(written, expected.map(|(path, name, least, most)| (path.to_owned(), name.to_owned(), least, most)));
    assert!(pages > 15, "{pages}");
}

/// None is named twice: the second would take the place of the first.
#[test]
fn the_document_has_every_limit_that_clients_need() {
    let contract = Contract::read();
    let printed = contract.0["x-limits"].as_object().unwrap();
    assert_eq!(printed.len(), anfang::http::FOR_CLIENTS.len());
    for (name, value) in anfang::http::FOR_CLIENTS {
        assert_eq!(printed[*name], *value, "{name}");
    }
}
