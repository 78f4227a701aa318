//! Names are found by the pinyin initials that people type on phones.

use serde_json::{Value, json};

use crate::support::service::{Client, Service, new_id};

/// The codes of what a search finds.
fn codes(client: &Client<'_>, path: &str) -> Vec<String> {
    let found = client.get(path).expect(200).json;
    found["items"].as_array().unwrap().iter().map(|item| item["code"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    fn points_units_and_items_are_found_by_initials(db: TestDb) {
        let service = Service::start(db);
        let client = service.sign_in("inspector01");
        for (path, finds) in [
            // 禾丰农贸市场
            ("/points?q=hfnm", vec!["990001-MKT-0001"]),
            ("/points?q=NMSC", vec!["990001-MKT-0001"]),
            ("/points?q=%EF%BD%8E%EF%BD%8D%20sc%20", vec!["990001-MKT-0001"]),
            // 打铜巷 is read xiang or hang.
            ("/points?q=dtx", vec!["990001-LANE-0001"]),
            ("/points?q=dth", vec!["990001-LANE-0001"]),
            ("/points?q=dtq", vec![]),
            // 青禾县第二小学周边: no run of letters skips a character.
            ("/points?q=dexx", vec!["990001-SCHV-0001"]),
            ("/points?q=qxdex", vec![]),
            // 县住房和城乡建设局
            ("/units?q=zfhcx", vec!["U03"]),
            ("/units?q=U03", vec!["U03"]),
            ("/units?q=%E4%BD%8F%E6%88%BF", vec!["U03"]),
            ("/units?q=zfhcxq", vec![]),
            // 无乱张贴乱涂写乱刻画
            ("/items?q=wlzt", vec!["WM-04"]),
            ("/items?q=wm-04", vec!["WM-04"]),
            // 无飞线充电, of which the fault is 存在飞线充电
            ("/items?q=%E5%AD%98%E5%9C%A8%E9%A3%9E%E7%BA%BF", vec!["WM-05"]),
            ("/items?q=%E5%BC%A0%E8%B4%B4", vec!["WM-04"]),
            ("/items?q=wlzt&campaign=WS", vec![]),
        ] {
            assert_eq!(codes(&client, path), finds, "{path}");
        }
        // One letter is no initials: it would find nearly all of them.
        assert!(codes(&client, "/units?q=x").is_empty());
        client.get(&format!("/units?q={}", "x".repeat(101))).refused(422, "invalid-fields");
        client.get(&format!("/items?q={}", "x".repeat(101))).refused(422, "invalid-fields");
    }

    /// The app looks through what it keeps: it is given the letters.
    fn phones_are_given_the_initials_of_what_they_keep(db: TestDb) {
        let service = Service::start(db);
        let known = service.sign_in("inspector01").get("/reference").expect(200).json;
        let of = |list: &str, code: &str| -> Value {
            let items = known[list].as_array().unwrap();
            items.iter().find(|item| item["code"] == code).unwrap()["initials"].clone()
        };
        assert_eq!(of("points", "990001-LANE-0001"), json!("d t hx"));
        assert_eq!(of("points", "990001-MKT-0001"), json!("h f n m fs c"));
        assert!(of("units", "U08").as_str().unwrap().starts_with("x w "));
        assert_eq!(of("items", "WM-04"), json!("mw l z t l cty x l k h"));
    }

    fn issues_are_found_by_the_initials_of_their_point(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let (found, other) = (new_id(), new_id());
        inspector.put_json(&format!("/issues/{found}"), &service.report_body(&[new_id()])).expect(201);
        let body = service.report_at("990001-LANE-0001", "WM-02", "low", &[new_id()]);
        inspector.put_json(&format!("/issues/{other}"), &body).expect(201);
        for (words, finds) in [("hfnm", vec![found]), ("NM%20sc", vec![found]), ("dtx", vec![other]), ("zzzz", vec![])] {
            let listed = inspector.get(&format!("/issues?q={words}")).expect(200).json;
            let ids: Vec<Value> = listed["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect();
            assert_eq!(ids, finds.iter().map(|id| json!(id)).collect::<Vec<_>>(), "{words}");
            let counted = inspector.get(&format!("/issues/counts?q={words}")).expect(200).json;
            assert_eq!(counted["total"], finds.len(), "{words}");
        }
    }
}
