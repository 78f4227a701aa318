//! What every JSON body refuses, whatever it is for. The bodies are read from the OpenAPI document, so that none is
//! forgotten.

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
