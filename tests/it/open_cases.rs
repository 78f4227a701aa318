//! Faults that colleagues have reported at a place and that are still open: shown to inspectors without who, when,
//! words and photos.

use anfang::domain::issue::Action;
use serde_json::{Value, json};

use crate::support::service::{Service, new_id};

on_both! {
    fn colleagues_are_told_what_is_open_at_a_place_and_nothing_more(db: TestDb) {
        let service = Service::start(db);
        let point = service.point("990001-MKT-0001")["id"].as_str().unwrap().to_owned();
        let here = |name: &str| {
            service.drain_messages();
            service.sign_in(name).get(&format!("/points/{point}/open-cases")).expect(200).json["items"].clone()
        };
        assert_eq!(here("inspector02"), json!([]));
        service.report_with("990001-MKT-0001", "WM-02", "low");
        let [one, other] = [(); 2].map(|()| service.report_with("990001-MKT-0001", "WM-07", "high"));
        service.report_with("990001-LANE-0001", "WM-02", "low");
        let case = |item: &str, severity: &str, is_released: bool, count: usize| -> Value {
            json!({"item_code": item, "severity": severity, "is_released": is_released, "count": count})
        };
        assert_eq!(here("inspector02"), json!([case("WM-02", "low", false, 1), case("WM-07", "high", false, 2)]));
        // Their finder sees them in the list of issues.
        assert_eq!(here("inspector01"), json!([]));
        service.steps(one, &[Action::Approve, Action::Release, Action::SignIn, Action::ReportFix]);
        // What is severe is rejected by two.
        service.steps(other, &[Action::Reject]);
        service.step(other, "office02", Action::Reject, &json!({"reason": "重复"}));
        let after = json!([case("WM-02", "low", false, 1), case("WM-07", "high", true, 1)]);
        assert_eq!(here("inspector02"), after);
        // With the check, the issue itself can be read.
        let given = json!({"inspector_id": service.user_id("inspector02")});
        service.step(one, "office01", Action::AssignCheck, &given);
        assert_eq!(here("inspector02"), json!([case("WM-02", "low", false, 1)]));
        assert_eq!(here("inspector03"), after);
        service.steps(one, &[Action::Pass]);
        assert_eq!(here("inspector03"), json!([case("WM-02", "low", false, 1)]));
        for name in ["unit01", "office01", "leader01", "discipline01", "admin"] {
            service.sign_in(name).get(&format!("/points/{point}/open-cases")).refused(403, "forbidden");
        }
        service.sign_in("inspector02").get(&format!("/points/{}/open-cases", new_id())).refused(404, "not-found");
    }
}
