//! The measured program, and what the machine reports about it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

const PASSWORD: &str = "Anfang-demo-1";

pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

pub fn median(values: Vec<f64>) -> f64 {
    quantile(values, 0.5)
}

/// The value below which this share of them lies.
pub fn quantile(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * share).round() as usize]
}

pub struct Program {
    pub child: Child,
    pub base: String,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder().http_status_as_error(false).max_idle_connections_per_host(64);
    config.max_idle_connections(64).build().into()
}

impl Program {
    pub fn start(data: &Path, more: &[&str]) -> Self {
        Self::of(Path::new(env!("CARGO_BIN_EXE_anfang")), data, more)
    }

    /// The demo county of the program at this path.
    pub fn of(program: &Path, data: &Path, more: &[&str]) -> Self {
        let mut command = Command::new(program);
        command.args(["demo", "--listen", "127.0.0.1:0", "--password", PASSWORD]).args(more).arg("--data").arg(data);
        Self::started(command, Stdio::inherit())
    }

    /// The same, with its log in a file.
    pub fn logged(data: &Path, more: &[&str], log: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_anfang"));
        command.args(["demo", "--listen", "127.0.0.1:0", "--password", PASSWORD]).args(more).arg("--data").arg(data);
        Self::started(command, Stdio::from(std::fs::File::create(log).unwrap()))
    }

    fn started(mut command: Command, log: Stdio) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.find_map(|line| line.unwrap().strip_prefix("listening on http://").map(str::to_owned));
        Program { child, base: format!("http://{}/api/v1", address.expect("the program serves")) }
    }

    pub fn sign_in(&self, agent: &ureq::Agent, username: &str) -> String {
        self.sign_in_with(agent, username, PASSWORD)
    }

    /// Logs in; waits where too many have just logged in from here.
    #[allow(clippy::disallowed_methods, reason = "the service counts them by the real clock")]
    pub fn sign_in_with(&self, agent: &ureq::Agent, username: &str, password: &str) -> String {
        let body = json!({ "username": username, "password": password }).to_string();
        loop {
            let url = format!("{}/sessions", self.base);
            let mut answer = agent.post(url).content_type("application/json").send(body.as_bytes()).unwrap();
            let body: Value = serde_json::from_slice(&answer.body_mut().read_to_vec().unwrap()).unwrap();
            if answer.status() == 429 {
                std::thread::sleep(std::time::Duration::from_millis(200));
                continue;
            }
            return format!("Bearer {}", body["token"].as_str().unwrap_or_else(|| panic!("{username}: {body}")));
        }
    }

    pub fn point(&self, agent: &ureq::Agent, token: &str) -> String {
        let mut answer =
            agent.get(format!("{}/points?type=MKT", self.base)).header("authorization", token).call().unwrap();
        let body: Value = serde_json::from_slice(&answer.body_mut().read_to_vec().unwrap()).unwrap();
        body["items"][0]["id"].as_str().unwrap().to_owned()
    }

    pub fn put(&self, agent: &ureq::Agent, token: &str, path: &str, kind: &str, body: &[u8]) {
        let request = agent.put(format!("{}/{path}", self.base)).header("authorization", token).content_type(kind);
        let mut answer = request.send(body).unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        assert_eq!(answer.status().as_u16(), 201, "{text}");
    }
}

/// CPU time of a process so far, user and system. Source: proc(5), fields 14 and 15, in ticks of 10 ms.
pub fn cpu_ms(pid: u32) -> f64 {
    stat_ms(&format!("/proc/{pid}/stat"), 11)
}

pub fn stat_ms(path: &str, first: usize) -> f64 {
    let stat = std::fs::read_to_string(path).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    fields[first..first + 2].iter().map(|ticks| ticks.parse::<f64>().unwrap() * 10.0).sum()
}

pub fn resident_mb(pid: u32) -> f64 {
    status_mb(pid, "VmRSS:")
}

/// Resident memory that the process has for itself: without the program and other files that are mapped.
pub fn own_mb(pid: u32) -> f64 {
    status_mb(pid, "RssAnon:")
}

/// Peak resident memory.
pub fn peak_mb(pid: u32) -> f64 {
    status_mb(pid, "VmHWM:")
}

fn status_mb(pid: u32, field: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}

impl Program {
    /// The answer and how long it took, in milliseconds.
    pub fn get(&self, agent: &ureq::Agent, token: &str, path: &str) -> (Value, f64) {
        let start = std::time::Instant::now();
        let mut answer = agent.get(format!("{}/{path}", self.base)).header("authorization", token).call().unwrap();
        let bytes = answer.body_mut().with_config().limit(64 << 20).read_to_vec().unwrap();
        let taken = start.elapsed().as_secs_f64() * 1e3;
        assert_eq!(answer.status().as_u16(), 200, "{path}: {}", String::from_utf8_lossy(&bytes));
        (serde_json::from_slice(&bytes).unwrap(), taken)
    }

    /// The answer, or why there is none.
    pub fn try_get(&self, agent: &ureq::Agent, token: &str, path: &str) -> Result<Value, String> {
        let request = agent.get(format!("{}/{path}", self.base)).header("authorization", token);
        let mut answer = request.call().map_err(|error| format!("{path}: {error}"))?;
        let text = answer.body_mut().read_to_string().map_err(|error| error.to_string())?;
        if answer.status() != 200 {
            return Err(format!("{path}: {} {text}", answer.status()));
        }
        serde_json::from_str(&text).map_err(|error| error.to_string())
    }
}
