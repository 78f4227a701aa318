//! The office's saved views: each has one name, is shared by the whole office, and is seen by nobody else.

use serde_json::json;

use crate::support::service::{Service, at_once, new_id};

on_both! {
    fn a_list_is_named_for_all_of_the_office(db: TestDb) {
        let service = Service::start(db);
        let (one, other) = (service.sign_in("office01"), service.sign_in("office02"));
        let path = format!("/saved-views/{}", new_id());
        let body = json!({"name": " 本周超期 ", "query": "overdue=true&from=7d&sort=due_at"});
        let kept = one.put_json(&path, &body).expect(201).json;
        assert_eq!((&kept["name"], &kept["query"]), (&json!("本周超期"), &body["query"]));
        assert_eq!(one.put_json(&path, &body).expect(200).json, kept);
        assert_eq!(other.get("/saved-views").expect(200).json["items"], json!([kept]));
        // A colleague gives it another name and another query.
        other.put_json(&path, &json!({"name": "超期", "query": "overdue=true"})).expect(200);
        assert_eq!(one.get("/saved-views").expect(200).json["items"][0]["name"], "超期");
        let second = format!("/saved-views/{}", new_id());
        let taken = one.put_json(&second, &json!({"name": "超期", "query": ""})).refused(422, "invalid-fields").json;
        assert_eq!((&taken["errors"][0]["pointer"], &taken["errors"][0]["code"]), (&json!("/name"), &json!("duplicate")));
        for (body, pointer) in [
            (json!({"name": " ", "query": ""}), "/name"),
            (json!({"name": "一二三四五六七八九十一二三四五六七八九十一", "query": ""}), "/name"),
            (json!({"name": "a\nb", "query": ""}), "/name"),
            (json!({"name": "错", "query": "nonsense=1"}), "/query"),
            (json!({"name": "错", "query": "state=nonsense"}), "/query"),
            (json!({"name": "长", "query": format!("q={}", "字".repeat(2_000))}), "/query"),
        ] {
            assert_eq!(one.put_json(&second, &body).refused(422, "invalid-fields").json["errors"][0]["pointer"], pointer);
        }
        for name in ["unit01", "inspector01", "leader01", "discipline01", "admin"] {
            let client = service.sign_in(name);
            client.get("/saved-views").refused(403, "forbidden");
            client.put_json(&second, &json!({"name": "甲", "query": ""})).refused(403, "forbidden");
            client.delete(&path).refused(403, "forbidden");
        }
        one.delete(&path).expect(204);
        one.delete(&path).expect(204);
        assert_eq!(other.get("/saved-views").expect(200).json["items"], json!([]));
    }

    /// A page is not part of a list: a view of 999 rows, or of a page that no longer exists, would be refused when it
    /// is opened.
    fn a_list_is_named_without_its_page(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        for (query, kept) in [
            ("limit=999&state=closed", "state=closed"),
            ("state=closed&cursor=nonsense", "state=closed"),
            ("from=7d&limit=50&cursor=&sort=oldest", "from=7d&sort=oldest"),
            ("limit=x", ""),
        ] {
            let path = format!("/saved-views/{}", new_id());
            let body = json!({"name": "一页", "query": query});
            assert_eq!(office.put_json(&path, &body).expect(201).json["query"], kept, "{query}");
            assert_eq!(office.put_json(&path, &body).expect(200).json["query"], kept, "{query}");
            office.delete(&path).expect(204);
        }
        let body = json!({"name": "一页", "query": "%6Cimit=50"});
        let refused = office.put_json(&format!("/saved-views/{}", new_id()), &body).refused(422, "invalid-fields").json;
        assert_eq!(refused["errors"][0]["pointer"], "/query");
    }

    fn there_are_fifty_at_most_also_at_once(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        for number in 0..48 {
            let body = json!({"name": format!("视图{number}"), "query": ""});
            office.put_json(&format!("/saved-views/{}", new_id()), &body).expect(201);
        }
        let answers = at_once(4, |number| {
            let body = json!({"name": format!("同时{number}"), "query": ""});
            office.put_json(&format!("/saved-views/{}", new_id()), &body)
        });
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 2);
        assert_eq!(office.get("/saved-views").expect(200).json["items"].as_array().unwrap().len(), 50);
    }
}
