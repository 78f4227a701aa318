//! The pool of a draw: what the service knows of points and inspectors. The domain's tests say what a draw makes of a
//! pool; these say that the pool tells the truth.

use std::collections::BTreeSet;

use anfang::domain::draw::{PoolInspector, PoolPoint};
use anfang::domain::ids::{BatchId, PointId, UnitId, UserId, VisitId};
use anfang::store::{batches, visits};
use serde_json::json;

use crate::batches::INSPECTORS;
use crate::support::plans;
use crate::support::service::Service;

on_both! {
    fn a_pool_says_who_may_not_go_where_and_where_two_go(db: TestDb) {
        let service = Service::start(db);
        let point = |code: &str| PointId(service.point(code)["id"].as_str().unwrap().parse().unwrap());
        let unit = |code: &str| UnitId(service.unit(code).parse().unwrap());
        let user = |name: &str| UserId(service.user_id(name).parse().unwrap());
        // Each inspector has another reason not to go somewhere, and all were somewhere on the last batch.
        let (_, walks) = plans::under_way(&service);
        let (lane, park) = (point("990001-LANE-0001"), point("990001-PARK-0001"));
        let reasons: [(BTreeSet<PointId>, BTreeSet<UnitId>); 3] =
            [([lane].into(), BTreeSet::new()), (BTreeSet::new(), [unit("U02")].into()), ([park].into(), [unit("U06")].into())];
        for (name, (points, units)) in INSPECTORS.iter().zip(&reasons) {
            let path = format!("/inspectors/{}/recusals", service.user_id(name));
            service.sign_in("office01").put_json(&path, &json!({"points": points, "units": units})).expect(200);
        }
        service.report_with("990001-LANE-0001", "WM-02", "high");
        let id = BatchId(plans::approved(&service));
        let mut conn = service.database();
        let draw = batches::draws(&mut conn, id).unwrap().pop().unwrap();
        let keys = batches::people(&mut conn, id, draw.commitment.attempt).unwrap();
        let mut been: Vec<(UserId, PointId)> = Vec::new();
        for walk in walks {
            let visit = visits::find(&mut conn, VisitId(walk)).unwrap().unwrap();
            been.push((visit.inspector_id, visit.point_id));
        }
        assert_eq!(draw.pool.inspectors.len(), INSPECTORS.len());
        for (name, (points, units)) in INSPECTORS.iter().zip(&reasons) {
            let who = user(name);
            let (key, _) = keys.iter().find(|(_, user)| *user == who).unwrap();
            let told: &PoolInspector = draw.pool.inspectors.iter().find(|one| one.id == *key).unwrap();
            let recent: BTreeSet<PointId> = been.iter().filter(|(by, _)| *by == who).map(|(_, point)| *point).collect();
            assert_eq!((&told.recused_points, &told.recused_units, &told.recent_points), (points, units, &recent), "{name}");
        }
        // A point's other unit counts as its own does, and what is severe and open there sends two.
        let listed = service.sign_in("office01").get("/points?limit=200").expect(200).json["items"].clone();
        let mut with_another = 0;
        for told in listed.as_array().unwrap() {
            let pooled: &PoolPoint = draw.pool.points.iter().find(|point| json!(point.id) == told["id"]).unwrap();
            assert_eq!(json!(pooled.lead_unit), told["lead_unit_id"]);
            let others: Vec<_> = Some(&told["territorial_unit_id"]).filter(|unit| unit.is_string() && **unit != told["lead_unit_id"]).into_iter().collect();
            assert_eq!(json!(pooled.other_units), json!(others), "{told}");
            with_another += others.len();
            assert_eq!((pooled.severe, pooled.demo), (pooled.id == lane, told["is_demo"] == true), "{told}");
        }
        assert!(with_another > 0);
    }
}
