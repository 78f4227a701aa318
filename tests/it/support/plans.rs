//! Batches of visits as the office plans them.

use anfang::domain::draw::Seed;
use anfang::domain::ids::{BatchId, RepeatDrawId, VisitId};
use anfang::domain::time::Timestamp;
use anfang::domain::visit::repeat::{Choices, RepeatProof, RepeatState};
use anfang::store::batches::KeptTask;
use anfang::store::repeats::{self, Repeat};
use anfang::store::{Conn, visits};
use diesel::connection::SimpleConnection;
use serde_json::{Value, json};
use uuid::Uuid;

use super::backend::Backend;
use super::service::{Answer, Client, HOUR, Service, new_id};
use super::walk;

/// The day of all slots: a Tuesday, the second day of the tests.
pub const DAY_OF_SLOTS: &str = "2026-08-04";

/// A plan with two slots in the morning and one in the evening, and a place for everybody.
pub fn plan(places: u32) -> Value {
    let slot = |from: u32, to: u32, kind: &str| json!({"date": DAY_OF_SLOTS, "from_minute": from, "to_minute": to, "kind": kind});
    json!({
        "title": "八月第一批", "window_from": "2026-08-03", "window_to": "2026-08-14",
        "campaigns": [], "areas": [],
        "rules": {
            "algorithm": "anfang-draw/1",
            "slots": [slot(540, 630, "day"), slot(630, 720, "day"), slot(1_140, 1_260, "evening")],
            "evening_min": 1, "weekend_min": 0, "open_places": places, "proportional_places": 0, "quotas": [],
            "point_visits_max": 2, "unit_visits_max": 6, "pair_types": [], "pair_severe": false,
            "tasks_per_inspector_max": 3, "demo_percent": 100,
        },
    })
}

/// A draft by office01: its id.
pub fn drafted(service: &Service) -> Uuid {
    let id = new_id();
    service.sign_in("office01").put_json(&format!("/batches/{id}"), &plan(4)).expect(201);
    id
}

pub fn read(service: &Service, id: Uuid) -> Answer {
    service.sign_in("office01").get(&format!("/batches/{id}")).expect(200)
}

/// Takes a step on the batch as it is now.
pub fn take(client: &Client<'_>, id: Uuid, action: &str, body: &Value) -> Answer {
    let version = read(client.service, id).version();
    let headers = [("content-type", "application/json"), ("if-match", &*format!("\"{version}\""))];
    client.send("POST", &format!("/batches/{id}/actions/{action}"), &headers, Some(body.to_string().as_bytes()))
}

/// A batch that office01 proposed and office02 approved.
pub fn approved(service: &Service) -> Uuid {
    let id = drafted(service);
    take(&service.sign_in("office01"), id, "propose", &json!({})).expect(200);
    take(&service.sign_in("office02"), id, "approve", &json!({"approval_no": "督查〔2026〕8号"})).expect(200);
    id
}

/// What the approver's browser draws.
pub const NONCE: &str = "5f0c3b7a9d1e2f40516273849506a7b8c9dadbecfd0e1f203142536475869708";

/// A batch that is drawn.
pub fn drawn(service: &Service) -> Uuid {
    draw(service, approved(service))
}

/// Draws an approved batch.
fn draw(service: &Service, id: Uuid) -> Uuid {
    let commitment = read(service, id).json["commitment_sha256"].clone();
    let body = json!({"commitment_sha256": commitment, "nonce": NONCE});
    take(&service.sign_in("office02"), id, "draw", &body).expect(200).in_state("drawn");
    id
}

/// What the visits of a batch under way say of each item.
pub const SEEN_ON_TASKS: &str = "沿途所见如常";

/// A batch for the hour that begins now, with every task carried out; one visit found something. Its id and the visits.
pub fn under_way(service: &Service) -> (Uuid, Vec<Uuid>) {
    let (first, second, id) = (service.sign_in("office01"), service.sign_in("office02"), new_id());
    let local = service.app.now().plus(HOUR * 8).to_string();
    let from = local[11..13].parse::<u32>().unwrap() * 60 + local[14..16].parse::<u32>().unwrap();
    let mut body = plan(3);
    body["rules"]["slots"] =
        json!([{"date": &local[..10], "from_minute": from, "to_minute": from + 60, "kind": "day"}]);
    body["rules"]["evening_min"] = json!(0);
    first.put_json(&format!("/batches/{id}"), &body).expect(201);
    take(&first, id, "propose", &json!({})).expect(200);
    take(&second, id, "approve", &json!({"approval_no": "督查〔2026〕9号"})).expect(200);
    draw(service, id);
    let mut visits = Vec::new();
    for username in ["inspector01", "inspector02", "inspector03"] {
        let client = service.sign_in(username);
        let tasks = client.get("/tasks").expect(200).json;
        for task in tasks["items"].as_array().unwrap().iter().filter(|task| task["batch_id"] == json!(id)) {
            let mut visit = of_task(service, task);
            visit["results"].as_array_mut().unwrap().iter_mut().for_each(|seen| seen["note"] = json!(SEEN_ON_TASKS));
            if visits.is_empty() {
                walk::fail(&client, &mut visit, "WM-02");
            }
            visits.push(walk::record(&client, &visit));
        }
    }
    read(service, id).in_state("under-way");
    (id, visits)
}

/// A visit that carries out a task, at which everything conforms.
pub fn of_task(service: &Service, task: &Value) -> Value {
    let points = service.sign_in("inspector01").get("/points?limit=200").expect(200).json;
    let all = points["items"].as_array().unwrap();
    let point = all.iter().find(|point| point["id"] == task["point_id"]).unwrap();
    let mut body = walk::clean_at(service, point["code"].as_str().unwrap());
    body["task"] = json!({"batch_id": task["batch_id"], "number": task["number"]});
    body
}

/// As if so many hundredths of a visit had been left over by the last draw of visits to be made again: with 99 the next
/// completed ones lead to a draw.
pub fn soon_drawn(service: &Service, carried: u32) {
    let none = |_| Err::<Choices, ()>(());
    let (id, seed) = (RepeatDrawId(new_id()), Seed::from_bytes([7; 32]));
    let proof = RepeatProof::make(id, seed, carried, Vec::new(), none).unwrap();
    let now = service.app.now();
    repeats::keep(&mut service.database(), &proof, (now, now), &[]).unwrap();
}

/// Puts a pair of visits there, as if the second had been given as the first one's repeat under this number.
pub fn paired(
    (conn, backend): (&mut Conn, Backend),
    (batch, number): (Uuid, u32),
    (first, second): (Uuid, Uuid),
    now: Timestamp,
) {
    let (id, seed) = (RepeatDrawId(new_id()), Seed::from_bytes([7; 32]));
    let proof = RepeatProof::make(id, seed, 0, Vec::new(), |_| Err::<Choices, ()>(())).unwrap();
    let task = KeptTask {
        batch_id: BatchId(batch),
        number,
        point_id: visits::find(conn, VisitId(first)).unwrap().unwrap().point_id,
        from_at: now,
        to_at: now.plus(HOUR),
        dropped: false,
        people: Vec::new(),
    };
    let repeat =
        Repeat { visit_id: VisitId(first), batch_id: BatchId(batch), task: Some(task), state: RepeatState::Given };
    repeats::keep(conn, &proof, (now, now), &[repeat]).unwrap();
    let blob = |id: Uuid| match backend {
        Backend::Sqlite => format!("x'{}'", id.simple()),
        Backend::Postgres => format!("'\\x{}'", id.simple()),
    };
    let (batch, second) = (blob(batch), blob(second));
    let sql = format!("UPDATE visits SET batch_id = {batch}, task_number = {number} WHERE id = {second}");
    conn.batch_execute(&sql).unwrap();
}
