//! What flags of the program set reaches the server that it starts.

use rustix::process::Signal;
use serde_json::json;

use crate::startup::{Serving, anfang, folder, text};

const PASSWORD: &str = "Anfang-demo-1";

#[test]
fn flags_of_limits_proxies_and_cookies_reach_the_server() {
    let folder = folder();
    let demo = |more: &[&str]| {
        let mut command = anfang(&["demo", "--listen", "127.0.0.1:0", "--issues", "0", "--password", PASSWORD]);
        command.args(["--data", text(folder.path())]).args(more);
        Serving::start(command)
    };
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let statuses = |serving: &Serving, each: &dyn Fn(u32) -> String| -> Vec<u16> {
        let url = format!("http://{}/api/v1/me", serving.address);
        let ask = |number| agent.get(&url).header("x-forwarded-for", each(number)).call().unwrap();
        (0..40).map(|number| ask(number).status().as_u16()).collect()
    };
    let log_in = |serving: &Serving| {
        let body = json!({"username": "office01", "password": PASSWORD}).to_string();
        let url = format!("http://{}/api/v1/sessions", serving.address);
        let answer = agent.post(&url).content_type("application/json").send(body.as_bytes()).unwrap();
        assert_eq!(answer.status().as_u16(), 201);
        answer.headers()["set-cookie"].to_str().unwrap().to_owned()
    };
    let somebody_else = |number: u32| format!("203.0.113.{number}");

    let plain = demo(&[]);
    assert!(!log_in(&plain).contains("Secure"));
    assert!(!statuses(&plain, &somebody_else).contains(&429), "the usual limit is higher");
    assert_eq!(plain.end(Signal::TERM), Some(0));

    let strict = demo(&["--rate", "1", "--secure-cookies"]);
    assert!(log_in(&strict).contains("Secure"));
    // Nobody is trusted to name callers, so all are one.
    assert!(statuses(&strict, &somebody_else).contains(&429));
    assert_eq!(strict.end(Signal::TERM), Some(0));

    let behind = demo(&["--rate", "1", "--trusted-proxies", "127.0.0.1"]);
    assert!(!statuses(&behind, &somebody_else).contains(&429), "each is a caller of their own");
    assert!(statuses(&behind, &|_| "203.0.113.200".to_owned()).contains(&429));
    assert_eq!(behind.end(Signal::TERM), Some(0));
}
