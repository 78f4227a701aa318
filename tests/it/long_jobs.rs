//! Long jobs: started once, with progress, cancelled, their result fetched by their owner only, and deleted later.

use anfang::domain::issue::Action;
use anfang::domain::long_job::{LONG_JOB_DAYS, LONG_JOBS_KEPT_MAX, SheetFormat};
use anfang::store::{DatabaseUrl, Purpose};
use diesel::connection::SimpleConnection as _;
use serde_json::{Value, json};

use crate::support::program::{self, Program};
use crate::support::service::{Answer, Client, DAY, Service, await_until, new_id};
use crate::support::transcript;

fn ask(client: &Client<'_>, id: &str, query: &str) -> Answer {
    client.put_json(&format!("/long-jobs/{id}"), &json!({"kind": "issue-list", "query": query}))
}

fn look(client: &Client<'_>, id: &str) -> Value {
    client.get(&format!("/long-jobs/{id}")).expect(200).json
}

/// The cells of the sheet, and the lines before them.
fn sheet(client: &Client<'_>, id: &str) -> (Vec<u8>, Vec<Vec<String>>) {
    let file = client.get(&format!("/long-jobs/{id}/file")).expect(200);
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert!(file.header("content-disposition").starts_with("attachment"));
    assert_eq!(file.header("cache-control"), "no-store");
    let (mark, text) = file.bytes.split_at(3);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    (mark.to_owned(), rows)
}

/// Number, point and round of a row of the list, as the sheet has them.
fn shown_of(row: &Value) -> [String; 3] {
    [&row["number"], &row["point"]["code"], &row["round"]].map(|cell| match cell {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    })
}

on_both! {
    fn a_list_becomes_a_sheet(db: TestDb) {
        let service = Service::start(db);
        let one = service.report_with_photos();
        service.pass(std::time::Duration::from_secs(1));
        let other = service.report_with_photos();
        service.steps(one, &[Action::Approve, Action::Release, Action::SignIn]);
        let (office, id) = (service.sign_in("office01"), new_id().to_string());
        let asked = ask(&office, &id, "").expect(201).json;
        assert_eq!((&asked["state"], &asked["done"], &asked["total"]), (&json!("queued"), &json!(0), &json!(null)));
        office.get(&format!("/long-jobs/{id}/file")).refused(404, "not-found");
        service.drain_jobs();
        let done = look(&office, &id);
        assert_eq!((&done["state"], &done["done"], &done["total"]), (&json!("done"), &json!(2), &json!(2)));
        let (mark, rows) = sheet(&office, &id);
        assert_eq!((mark, rows.len()), ("\u{feff}".as_bytes().to_vec(), 3));
        assert_eq!((&*rows[0][0], &*rows[0][9]), ("编号", "责任单位"));
        let read = office.read(one).json;
        assert_eq!(rows[1][0], read["number"].as_str().unwrap(), "the earliest first");
        assert_eq!((&*rows[1][1], &*rows[1][9]), ("整改中", "县市场监督管理局"));
        assert_eq!((&*rows[2][0], &*rows[2][9]), ("", ""), "{other} is not released");
        // The same again answers what became of it; another question under the same id is refused.
        assert_eq!(ask(&office, &id, "").expect(200).json["state"], "done");
        ask(&office, &id, "state=closed").refused(409, "id-reused");
        // Each is on record.
        let audit = service.sign_in("discipline01").get("/audit?limit=200").expect(200).json;
        let of = |action: &str| {
            audit["items"].as_array().unwrap().iter().filter(|it| it["action"] == action).count()
        };
        assert_eq!((of("export-requested"), of("export-read")), (1, 1));
    }

    fn a_picture_in_a_workbook_hides_what_the_photo_hides(db: TestDb) {
        let service = Service::start(db);
        let (inspector, office) = (service.sign_in("inspector01"), service.sign_in("office01"));
        let photo = inspector.send_photo();
        let mut body = service.report_body(&[photo]);
        body["photos"][0]["marks"] = json!([{"kind": "blur", "x1": 0.1, "y1": 0.1, "x2": 0.6, "y2": 0.9}]);
        inspector.put_json(&format!("/issues/{}", new_id()), &body).expect(201);
        // The rendition without marks is there.
        service.drain_jobs();
        let id = new_id().to_string();
        let asked = json!({"kind": "issue-list", "query": "", "format": "xlsx", "pictures": true});
        office.put_json(&format!("/long-jobs/{id}"), &asked).expect(201);
        service.drain_jobs();
        let file = office.get(&format!("/long-jobs/{id}/file")).expect(200);
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&file.bytes)).unwrap();
        let mut picture = Vec::new();
        let count = archive.len();
        let mut is_image = |at: &usize| archive.by_index(*at).unwrap().name().unwrap().starts_with("xl/media/");
        let image = (0..count).find(|at| is_image(at)).unwrap();
        std::io::copy(&mut archive.by_index(image).unwrap(), &mut picture).unwrap();
        assert!(picture == office.get(&format!("/photos/{photo}/thumb")).expect(200).bytes, "as everywhere else");
    }

    /// A job whose every try was cut off ends for its owner too.
    fn a_job_that_is_set_aside_has_ended(db: TestDb) {
        let service = Service::start(db);
        let (office, id) = (service.sign_in("office01"), new_id().to_string());
        ask(&office, &id, "").expect(201);
        service.database().batch_execute("UPDATE jobs SET attempts = 8 WHERE kind = 'work-long'").unwrap();
        service.drain_jobs();
        assert_eq!(look(&office, &id)["state"], "failed");
        assert_eq!(ask(&office, &new_id().to_string(), "").expect(201).json["state"], "queued");
    }

    fn of_those_that_have_ended_the_oldest_make_room(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let ids: Vec<String> = (0..LONG_JOBS_KEPT_MAX + 3).map(|_| new_id().to_string()).collect();
        for id in &ids {
            service.pass(std::time::Duration::from_secs(1));
            ask(&office, id, "").expect(201);
            service.drain_jobs();
        }
        let listed = office.get("/long-jobs").expect(200).json;
        let kept: Vec<&str> = listed["items"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
        let latest: Vec<&str> = ids.iter().rev().take(kept.len()).map(String::as_str).collect();
        assert_eq!((kept.len(), &kept), (usize::try_from(LONG_JOBS_KEPT_MAX).unwrap(), &latest));
        office.get(&format!("/long-jobs/{}/file", ids[0])).refused(404, "not-found");
    }

    fn a_sheet_is_a_workbook_or_in_gb18030_where_wanted(db: TestDb) {
        let service = Service::start(db);
        let one = service.report_with_photos();
        service.steps(one, &[Action::Approve, Action::Release]);
        service.pass(std::time::Duration::from_secs(1));
        let (office, photos) = (service.sign_in("office01"), [service.sign_in("inspector01").send_photo()]);
        let mut body = service.report_body(&photos);
        body["description"] = json!("=1+1\n𠮷野家门前“占道”, 二行");
        service.sign_in("inspector01").put_json(&format!("/issues/{}", new_id()), &body).expect(201);
        service.drain_jobs();
        let made = |format: &str, pictures: bool| {
            let id = new_id().to_string();
            let asked = json!({"kind": "issue-list", "query": "", "format": format, "pictures": pictures});
            assert_eq!(office.put_json(&format!("/long-jobs/{id}"), &asked).expect(201).json["format"], format);
            assert_eq!(office.put_json(&format!("/long-jobs/{id}"), &asked).expect(200).json["format"], format);
            service.drain_jobs();
            let done = look(&office, &id);
            assert_eq!((&done["state"], &done["done"]), (&json!("done"), &json!(2)), "{format}");
            let file = office.get(&format!("/long-jobs/{id}/file")).expect(200);
            assert_eq!(json!(file.bytes.len()), done["size_bytes"]);
            file
        };
        let (_, expected) = {
            let id = new_id().to_string();
            ask(&office, &id, "").expect(201);
            service.drain_jobs();
            sheet(&office, &id)
        };
        assert_eq!(expected[2][18], "'=1+1\n𠮷野家门前“占道”, 二行");
        let national = made("csv-gb18030", false);
        assert_eq!(national.header("content-type"), "text/csv; charset=gb18030");
        let text = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(&national.bytes).unwrap();
        let rows = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes()).into_records();
        let rows: Vec<Vec<String>> = rows.map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
        assert_eq!(rows, expected);
        for pictures in [false, true] {
            let file = made("xlsx", pictures);
            assert!(file.header("content-disposition").contains("issues.xlsx"));
            assert_eq!(file.header("content-type"), SheetFormat::Xlsx.media_type());
            let mut book: calamine::Xlsx<_> = calamine::Reader::new(std::io::Cursor::new(&file.bytes)).unwrap();
            let range = calamine::Reader::worksheet_range(&mut book, "问题清单").unwrap();
            assert_eq!((range.height(), range.width()), (3, if pictures { 20 } else { 19 }));
            let headings = &expected[0];
            for (row, expected) in range.rows().zip(&expected) {
                for ((cell, expected), heading) in row.iter().zip(expected).zip(headings) {
                    let said = match cell {
                        calamine::Data::DateTime(day) => {
                            let (year, month, day, ..) = day.to_ymd_hms_milli();
                            assert!(heading.ends_with("日期") || heading.ends_with("期限"), "{heading}");
                            format!("{year:04}-{month:02}-{day:02}")
                        }
                        other => other.to_string(),
                    };
                    // No cell of a workbook can be taken for a formula, so none is prefixed.
                    assert_eq!(said, expected.strip_prefix('\'').unwrap_or(expected), "{heading}");
                }
            }
            let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&file.bytes)).unwrap();
            let images = (0..archive.len())
                .filter(|at| archive.by_index(*at).unwrap().name().unwrap().starts_with("xl/media/"))
                .count();
            assert_eq!(images > 0, pictures, "{images} pictures");
        }
        let asked = json!({"kind": "issue-list", "query": "", "pictures": true});
        let refused = office.put_json(&format!("/long-jobs/{}", new_id()), &asked).refused(422, "invalid-fields").json;
        assert_eq!(refused["errors"][0]["pointer"], "/pictures");
    }

    fn the_same_question_is_the_same_also_later(db: TestDb) {
        let service = Service::start(db);
        service.report_with_photos();
        let office = service.sign_in("office01");
        for query in transcript::listed(&service, "/issues") {
            let query = query.split_once('?').unwrap().1;
            let id = new_id().to_string();
            ask(&office, &id, query).expect(201);
            service.pass(std::time::Duration::from_secs(1));
            ask(&office, &id, query).expect(200);
            service.drain_jobs();
        }
    }

    /// The only role that has sheets is the office; others are refused, as the next test but one shows.
    fn a_sheet_has_exactly_the_issues_of_its_list(db: TestDb) {
        let service = Service::start(db);
        let steps: [&[Action]; 4] = [
            &[],
            &[Action::Approve],
            &[Action::Approve, Action::Release, Action::SignIn],
            &[Action::Approve, Action::Release, Action::SignIn, Action::ReportFix, Action::Pass],
        ];
        for taken in steps {
            let issue = service.report_with_photos();
            service.steps(issue, taken);
            service.pass(std::time::Duration::from_secs(60));
        }
        let (office, mut seen) = (service.sign_in("office01"), 0);
        for path in transcript::listed(&service, "/issues") {
            let query = path.split_once('?').unwrap().1;
            let (mut shown, mut cursor) = (Vec::<[String; 3]>::new(), String::new());
            loop {
                let page = office.get(&format!("/issues?{query}{cursor}")).expect(200).json;
                shown.extend(page["items"].as_array().unwrap().iter().map(shown_of));
                let Some(next) = page["next_cursor"].as_str() else { break };
                cursor = format!("&cursor={next}");
            }
            let id = new_id().to_string();
            ask(&office, &id, query).expect(201);
            service.drain_jobs();
            let (_, rows) = sheet(&office, &id);
            let mut exported: Vec<[String; 3]> =
                rows[1..].iter().map(|row| [row[0].clone(), row[6].clone(), row[15].clone()]).collect();
            shown.sort();
            exported.sort();
            assert_eq!(exported, shown, "{query}");
            seen += exported.len();
        }
        assert!(seen > 20, "{seen}");
    }

    fn a_sheet_has_what_its_filter_shows(db: TestDb) {
        let service = Service::start(db);
        let one = service.report_with_photos();
        service.report_with_photos();
        service.steps(one, &[Action::Approve]);
        let (office, id) = (service.sign_in("office01"), new_id().to_string());
        ask(&office, &id, "state=sealed&sort=due_at&limit=1").expect(201);
        service.drain_jobs();
        assert_eq!(sheet(&office, &id).1.len(), 2);
        ask(&office, &new_id().to_string(), "state=nonsense").refused(422, "invalid-fields");
        ask(&office, &new_id().to_string(), "nonsense=1").refused(400, "malformed-request");
    }

    fn nobody_else_learns_of_a_long_job(db: TestDb) {
        let service = Service::start(db);
        service.report_with_photos();
        let (office, id) = (service.sign_in("office01"), new_id().to_string());
        ask(&office, &id, "").expect(201);
        service.drain_jobs();
        for name in ["office02", "unit02", "inspector01", "leader01", "discipline01", "admin"] {
            let other = service.sign_in(name);
            other.get(&format!("/long-jobs/{id}")).refused(404, "not-found");
            other.get(&format!("/long-jobs/{id}/file")).refused(404, "not-found");
            other.delete(&format!("/long-jobs/{id}")).refused(404, "not-found");
            assert_eq!(other.get("/long-jobs").expect(200).json["items"], json!([]), "{name}");
            if name != "office02" {
                ask(&other, &new_id().to_string(), "").refused(403, "forbidden");
            }
        }
        ask(&service.sign_in("office02"), &id, "").refused(409, "id-reused");
        assert_eq!(office.get("/long-jobs").expect(200).json["items"][0]["id"], id.as_str());
    }

    fn what_is_cancelled_goes_on_no_more(db: TestDb) {
        let service = Service::start(db);
        service.report_with_photos();
        let office = service.sign_in("office01");
        let ids: Vec<String> = (0..3).map(|_| new_id().to_string()).collect();
        for id in &ids {
            ask(&office, id, "").expect(201);
        }
        ask(&office, &new_id().to_string(), "").refused(429, "too-many-requests");
        office.delete(&format!("/long-jobs/{}", ids[0])).expect(204);
        assert_eq!(look(&office, &ids[0])["state"], "cancelled");
        ask(&office, &new_id().to_string(), "").expect(201);
        service.drain_jobs();
        assert_eq!(look(&office, &ids[0])["state"], "cancelled");
        office.get(&format!("/long-jobs/{}/file", ids[0])).refused(404, "not-found");
        assert_eq!(look(&office, &ids[1])["state"], "done");
        // A job that has ended is deleted when its owner removes it.
        office.delete(&format!("/long-jobs/{}", ids[1])).expect(204);
        office.get(&format!("/long-jobs/{}", ids[1])).refused(404, "not-found");
    }

    fn whoever_may_not_read_any_more_gets_no_sheet(db: TestDb) {
        let service = Service::start(db);
        service.report_with_photos();
        let (office, id) = (service.sign_in("office01"), new_id().to_string());
        ask(&office, &id, "").expect(201);
        service.database().batch_execute("UPDATE users SET disabled_at = 1 WHERE username = 'office01'").unwrap();
        service.drain_jobs();
        service.database().batch_execute("UPDATE users SET disabled_at = NULL WHERE username = 'office01'").unwrap();
        assert_eq!(look(&office, &id)["state"], "failed");
        assert_eq!(look(&office, &id)["size_bytes"], 0);
    }

    fn a_long_job_is_forgotten_after_a_week(db: TestDb) {
        let service = Service::start(db);
        service.report_with_photos();
        let id = new_id().to_string();
        ask(&service.sign_in("office01"), &id, "").expect(201);
        service.drain_jobs();
        service.pass(DAY * LONG_JOB_DAYS - std::time::Duration::from_secs(7200));
        service.drain_jobs();
        assert_eq!(look(&service.sign_in("office01"), &id)["state"], "done");
        service.pass(std::time::Duration::from_secs(7200));
        service.drain_jobs();
        service.sign_in("office01").get(&format!("/long-jobs/{id}")).refused(404, "not-found");
    }

    fn a_part_that_comes_twice_is_kept_once(db: TestDb) {
        let service = Service::start(db);
        for _ in 0..3 {
            service.report_with_photos();
        }
        let (office, id) = (service.sign_in("office01"), new_id().to_string());
        ask(&office, &id, "").expect(201);
        let job = anfang::domain::ids::LongJobId(id.parse().unwrap());
        // Two nodes have the same turn, as after a claim that ran out.
        let work = || service.block_on(async |app| anfang::app::long_jobs::work(app, job).await.unwrap());
        std::thread::scope(|scope| {
            let both = [scope.spawn(work), scope.spawn(work)];
            for one in both {
                one.join().unwrap();
            }
        });
        service.drain_jobs();
        assert_eq!((look(&office, &id)["done"].clone(), sheet(&office, &id).1.len()), (json!(3), 4));
    }
}

/// Rows of the sheet: ten parts of it.
const ROWS: usize = 10_000;

/// Issues that differ in their description, at a point of the demo county.
fn many_issues(url: &DatabaseUrl) {
    url.connect(Purpose::Write)
        .unwrap()
        .batch_execute(&format!(
            "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {ROWS})
             INSERT INTO issues (id, version, public_version, state, round, source, severity, campaign, item_code,
                 point_id, area_code, finder_id, description, captured_at, received_at, urgent, final_assignment,
                 due_order, unclaimed, chain_no)
             SELECT randomblob(16), 1, 0, 'submitted', 1, 'inspection', 'high', 'WM', 'WM-07', place.id, place.area_code,
                 finder.id, 'row ' || n, n, n, FALSE, FALSE, 0, FALSE, 0
             FROM numbers, (SELECT id, area_code FROM points ORDER BY code LIMIT 1) AS place,
                 (SELECT id FROM users WHERE username = 'inspector01') AS finder"
        ))
        .unwrap();
}

/// A program that is killed while it makes a sheet makes the rest of it when it starts again, without its user waiting
/// for the claim of the one that was killed.
#[test]
fn a_sheet_is_whole_however_often_its_making_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let start = || Program::start_with(folder.path(), None, &[], None, 1);
    let token = program::sign_in(&start().base, "office01");
    many_issues(&DatabaseUrl::Sqlite(folder.path().join("anfang.db")));
    let (agent, id) = (program::agent(), new_id().to_string());
    let body = json!({"kind": "issue-list", "query": ""}).to_string();
    let (mut killed, mut told) = (0, 0);
    loop {
        let mut program = start();
        let url = format!("{}/long-jobs/{id}", program.base);
        let (status, _) = program::put(&agent, &url, &token, "application/json", body.as_bytes()).unwrap();
        assert!([200, 201].contains(&status), "{status}");
        let look = || -> Value { serde_json::from_slice(&program::get(&agent, &url, &token).unwrap().1).unwrap() };
        let stop_at = told + 1_500;
        await_until("the next parts", || {
            let now = look();
            now["state"] == "done" || now["done"].as_u64().unwrap() >= stop_at
        });
        let now = look();
        assert!(now["done"].as_u64().unwrap() >= told, "nothing that was made is lost: {now}");
        told = now["done"].as_u64().unwrap();
        if now["state"] != "done" {
            killed += 1;
            program.child.kill().unwrap();
            continue;
        }
        assert_eq!((&now["done"], &now["total"]), (&json!(ROWS), &json!(ROWS)));
        let (status, file) = program::get(&agent, &format!("{url}/file"), &token).unwrap();
        assert_eq!((status, file.len()), (200, usize::try_from(now["size_bytes"].as_u64().unwrap()).unwrap()));
        let mut reader = csv::ReaderBuilder::new().from_reader(&file[3..]);
        let rows: Vec<String> = reader.records().map(|row| row.unwrap()[18].to_owned()).collect();
        let expected: Vec<String> = (1..=ROWS).map(|number| format!("row {number}")).collect();
        assert_eq!(rows, expected, "each once, in order");
        break;
    }
    assert!(killed >= 3, "killed {killed} times");
}
