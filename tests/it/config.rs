//! Settings from a file: their precedence, and mistakes that are refused.

use std::process::Stdio;

use rustix::process::Signal;

use crate::startup::{Serving, anfang, folder, refuses, text};

/// Values come from the file unless a flag or a variable sets them.
#[test]
fn a_flag_comes_before_a_variable_before_the_file() {
    let folder = folder();
    let [one, two, three] = ["one", "two", "three"].map(|name| folder.path().join(name));
    let config = folder.path().join("anfang.toml");
    let listen = "listen = \"127.0.0.1:0\"\nsecure_cookies = true\njobs = 0\n";
    std::fs::write(&config, format!("{listen}data = {:?}\n", text(&one))).unwrap();
    let check = || anfang(&["check", "--config", text(&config)]);
    let made = |path: &std::path::Path| path.join("anfang.db").exists();
    assert!(check().stdout(Stdio::null()).status().unwrap().success());
    assert!(made(&one));
    assert!(check().env("ANFANG_DATA", &two).stdout(Stdio::null()).status().unwrap().success());
    assert!(made(&two));
    std::fs::remove_dir_all(&one).unwrap();
    let mut command = check();
    command.env("ANFANG_DATA", &one).args(["--data", text(&three)]);
    assert!(command.stdout(Stdio::null()).status().unwrap().success());
    assert!(made(&three) && !one.exists(), "the flag comes first");
    // The default would be a port that may be taken; the file's is free.
    let mut command = anfang(&["serve"]);
    command.env("ANFANG_CONFIG", &config);
    let serving = Serving::start(command);
    assert!(!serving.address.ends_with(":8080"));
    assert!(made(&one));
    assert_eq!(serving.get("/readyz"), 204);
    assert_eq!(serving.end(Signal::TERM), Some(0));
}

#[test]
fn a_file_with_a_mistake_is_refused_by_key_and_line() {
    let folder = folder();
    let config = folder.path().join("anfang.toml");
    for (content, line, words) in [
        ("jobs = 1\n\nlisten_on = \"127.0.0.1:0\"\n", 3, "`listen_on`"),
        ("jobs = 1\nrate = \"fast\"\n", 2, "string \"fast\""),
        ("jobs = 1\nrate = 0\n", 2, "nonzero"),
        ("trusted_proxies = \"127.0.0.1, nginx\"\n", 1, "`nginx` is no address"),
        ("trusted_proxies = \"0.0.0.0/0\"\n", 1, "`0.0.0.0/0`"),
        ("listen = \"nowhere\"\n", 1, "socket address"),
        ("jobs = \n", 1, ""),
        ("[server]\njobs = 1\n", 1, "`server`"),
        ("log_format = \"xml\"\n", 1, "`xml`"),
    ] {
        std::fs::write(&config, content).unwrap();
        // Not `serve`, which would go on if it were let.
        let check = || anfang(&["check", "--config", text(&config)]);
        refuses(check(), &format!("anfang.toml: line {line}: "));
        refuses(check(), words);
    }
    refuses(anfang(&["check", "--config", text(&folder.path().join("none"))]), "none: ");
}

/// A service that refuses every request, or trusts every proxy, is useless.
#[test]
fn a_flag_that_cannot_be_is_refused() {
    for (flag, value, words) in [
        ("--rate", "0", "'--rate <RATE>'"),
        ("--rate", "-1", "-1"),
        ("--trusted-proxies", "nginx", "`nginx` is no address"),
        ("--trusted-proxies", "::/0", "`::/0`"),
    ] {
        let output = anfang(&["serve", &format!("{flag}={value}")]).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains(words), "{flag} {value}: {said}");
    }
}
