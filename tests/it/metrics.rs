//! Metrics: they count what happens and name nobody.

use std::collections::{BTreeMap, BTreeSet};

use anfang::app::metrics;

use crate::support::service::{Service, new_id};

fn scrape(service: &Service) -> String {
    actix_web::rt::System::new().block_on(metrics::render(&service.app)).unwrap()
}

/// The values on a page of metrics, by name with labels.
fn samples(text: &str) -> BTreeMap<&str, f64> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let (name, value) = line.rsplit_once(' ').unwrap();
            (name, value.parse().unwrap_or_else(|_| panic!("{line}")))
        })
        .collect()
}

fn labels<'a>(text: &'a str, label: &str) -> BTreeSet<&'a str> {
    let start = format!("{label}=\"");
    text.split(start.as_str()).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

on_both! {
    fn figures_count_what_happens_and_name_nobody(db: TestDb) {
        let service = Service::start(db);
        let issue = service.report_with_photos();
        let pictures: u64 = service.originals().iter().map(|path| std::fs::metadata(path).unwrap().len()).sum();
        service.drain_jobs();
        service.try_sign_in("inspector01", "wrong").expect(401);
        let anybody = service.anybody();
        anybody.get("//secret-path/zhangsan").expect(404);
        anybody.get("/issues/secret-path/zhangsan").expect(404);
        anybody.send("TRACE", "/issues", &[], None).expect(405);
        anybody.get(&format!("/issues/{issue}")).expect(401);
        let text = scrape(&service);
        assert!(text.ends_with("# EOF\n"));
        let found = samples(&text);
        let count = |name: &str| found.get(name).copied().unwrap_or_else(|| panic!("{name} in {text}"));
        assert_eq!(count("anfang_build_info{version=\"0.1.0\"}"), 1.0);
        assert_eq!(count("anfang_reports_accepted_total"), 1.0);
        assert_eq!(count("anfang_photos_accepted_total"), 2.0);
        assert_eq!(count("anfang_photo_bytes_accepted_total"), pictures as f64);
        assert_eq!(count("anfang_sign_in_failures_total"), 1.0);
        assert_eq!(count("anfang_rendition_seconds_count"), 2.0);
        assert_eq!(count("anfang_jobs_total{kind=\"render\",outcome=\"done\"}"), 2.0);
        assert_eq!(count("anfang_http_in_flight"), 0.0);
        assert_eq!((count("anfang_jobs_stuck"), count("anfang_jobs_oldest_due_seconds")), (0.0, 0.0));
        assert_eq!((count("anfang_store_waiting"), count("anfang_store_writes_waiting")), (0.0, 0.0));
        assert!(count("anfang_photo_store_free_bytes") > 0.0);
        let sqlite = service.db.backend() == crate::support::backend::Backend::Sqlite;
        assert_eq!(count("anfang_store_write_groups_total") > 0.0, sqlite);
        assert_eq!(count("anfang_store_grouped_writes_total") > 5.0, sqlite);
        assert_eq!(count("anfang_http_requests_total{method=\"PUT\",route=\"/api/v1/photos/{id}\",status=\"2xx\"}"), 2.0);
        assert_eq!(count("anfang_http_request_seconds_count{method=\"PUT\",route=\"/api/v1/photos/{id}\"}"), 2.0);
        assert_eq!(count("anfang_http_requests_total{method=\"GET\",route=\"/api/v1/issues/{id}\",status=\"4xx\"}"), 1.0);

        // Nothing that came from outside is a label.
        let document = anybody.get("//openapi.json").expect(200).json;
        let known: BTreeSet<&str> = document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
        for route in labels(&text, "route") {
            assert!(known.contains(route) || ["unmatched", "/openapi.json"].contains(&route), "{route}");
        }
        assert_eq!(labels(&text, "status").into_iter().collect::<Vec<_>>(), ["2xx", "4xx"]);
        assert!(labels(&text, "method").iter().all(|method| ["GET", "PUT", "POST", "other"].contains(method)), "{text}");
        for secret in [issue.to_string().as_str(), "inspector", "zhangsan", "secret", "TRACE", "127.0.0.1"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }

    fn late_and_stuck_work_shows(db: TestDb) {
        use anfang::domain::ids::JobId;
        use anfang::store::jobs;
        let service = Service::start(db);
        let now = anfang::domain::time::Clock::now(&service.clock);
        let mut conn = service.database();
        let queue = |conn: &mut _, kind| jobs::enqueue(conn, JobId(new_id()), kind, None, "", now, now).unwrap();
        queue(&mut conn, "render");
        let wanted = [jobs::ClaimableKind { kind: "render", put_off_max: std::time::Duration::ZERO }];
        let job = jobs::claim(&mut conn, JobId(new_id()), &wanted, std::time::Duration::ZERO, now).unwrap().unwrap();
        jobs::set_aside(&mut conn, job.id, now, "damaged").unwrap();
        queue(&mut conn, "render");
        service.pass(std::time::Duration::from_secs(90));
        let text = scrape(&service);
        let found = samples(&text);
        assert_eq!(found["anfang_jobs_stuck"], 1.0);
        assert_eq!(found["anfang_jobs_oldest_due_seconds"], 90.0);
        service.drain_jobs();
        let text = scrape(&service);
        assert_eq!(samples(&text)["anfang_jobs_total{kind=\"render\",outcome=\"failed\"}"], 1.0);
    }
}
