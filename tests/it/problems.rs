//! All failures have one form.

use std::collections::BTreeSet;
use std::fmt::Write;

use anfang::http::problem::ProblemCode;
use serde_json::{Value, json};

use crate::generated;
use crate::support::service::{Service, new_id};

const JSON: (&str, &str) = ("content-type", "application/json");

on_both! {
    fn every_failure_has_the_form_of_a_problem(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let path = format!("/issues/{}", new_id());
        inspector.send("PUT", &path, &[JSON], Some(b"{")).refused(400, "malformed-request");
        inspector.send("PUT", &path, &[("content-type", "text/plain")], Some(b"{}")).refused(415, "unsupported-media-type");
        let mut body = service.report_body(&[new_id()]);
        body["colour"] = json!("red");
        inspector.put_json(&path, &body).refused(400, "malformed-request");
        inspector.send("PUT", &path, &[JSON], Some(&vec![b' '; 65 * 1024])).refused(413, "body-too-large");
        inspector.get("/nothing").refused(404, "not-found");
        inspector.get("//nothing").refused(404, "not-found");
        inspector.get("/issues/no-uuid").refused(404, "not-found");
        inspector.get("/issues?cursor=!").refused(400, "malformed-request");
        inspector.get("/issues?colour=red").refused(400, "malformed-request");
        inspector.get("/issues?limit=0").refused(422, "invalid-fields");
        inspector.get("/issues?limit=201").refused(422, "invalid-fields");
        service.anybody().get("/issues").refused(401, "not-signed-in");
    }

    fn a_wrong_method_is_told_from_an_unknown_path(db: TestDb) {
        let service = Service::start(db);
        service.sign_in("inspector01").delete("/issues").refused(405, "method-not-allowed");
    }

    fn every_wrong_field_is_named_at_once(db: TestDb) {
        let service = Service::start(db);
        let mut body = service.report_body(&[new_id()]);
        body["point_id"] = json!(new_id());
        body["item_code"] = json!("XX-99");
        let answer = service.sign_in("inspector01").put_json(&format!("/issues/{}", new_id()), &body);
        let answer = answer.refused(422, "invalid-fields");
        let mut pointers: Vec<&str> =
            answer.json["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
        pointers.sort_unstable();
        assert_eq!(pointers, ["/item_code", "/point_id"]);
    }

    fn titles_follow_the_reader_and_codes_do_not(db: TestDb) {
        let service = Service::start(db);
        let ask = |headers: &[(&str, &str)]| service.anybody().send("GET", "/me", headers, None).refused(401, "not-signed-in");
        assert_eq!(ask(&[]).json["title"], "请先登录");
        assert_eq!(ask(&[("accept-language", "zh-CN,en;q=0.5")]).json["title"], "请先登录");
        for (languages, title) in [
            ("zh;q=0.5, en", "Not logged in"),
            ("EN-GB", "Not logged in"),
            ("ZH-hans, en;q=0.9", "请先登录"),
            ("fr-FR, fr;q=0.9, en;q=0.8, zh;q=0.7", "Not logged in"),
            ("fr, *;q=0.5", "请先登录"),
            ("EN-us;q=nonsense", "请先登录"),
        ] {
            assert_eq!(ask(&[("accept-language", languages)]).json["title"], title, "{languages}");
        }
        let english = ask(&[("accept-language", "en-GB,zh;q=0.5")]);
        assert_eq!((english.json["title"].as_str().unwrap(), english.header("content-language")), ("Not logged in", "en"));
    }
}

#[test]
fn problems_document() {
    let mut text = format!("{}# Problems 错误\n\n", generated::HEAD);
    text += "Every failure is `application/problem+json` (RFC 9457). Clients switch on `code`.\n\n";
    text += "| code | status | 中文 | English | what a client does |\n| --- | --- | --- | --- | --- |\n";
    for code in ProblemCode::ALL {
        let (name, status) = (code.as_str(), code.status());
        writeln!(text, "| `{name}` | {status} | {} | {} | {} |", code.zh(), code.en(), code.advice()).unwrap();
    }
    generated::hold("problems.md", &text);
}

#[test]
fn openapi_document() {
    let mut text = anfang::http::document().to_pretty_json().unwrap();
    text.push('\n');
    generated::hold("openapi.json", &text);
}

/// A type that only a path or a query names is not found by itself.
#[test]
fn every_reference_of_the_document_leads_somewhere() {
    fn references(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
                fields.values().for_each(|field| references(field, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let document = serde_json::to_value(anfang::http::document()).unwrap();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    assert!(found.len() > 100, "{found:?}");
    found.retain(|reference| document.pointer(reference.trim_start_matches('#')).is_none());
    assert_eq!(found, BTreeSet::new());
}
