//! TLS to PostgreSQL: the default build verifies the server's certificate, or says in one line why it does not.

use std::path::Path;
use std::process::{Command, Stdio};

use anfang::store::{DatabaseUrl, Purpose};

use crate::startup::{Serving, anfang, folder, refuses, text};
use crate::support::{db_schema, postgres};

/// Runs openssl(1), which the packages of PostgreSQL bring along.
fn openssl(folder: &Path, words: &[&str]) {
    let output = Command::new("openssl").args(words).current_dir(folder).stdin(Stdio::null()).output();
    let output = output.expect("openssl is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// An authority of one's own: `NAME.pem` and `NAME.key`.
fn authority(folder: &Path, name: &str) {
    let (certificate, key, subject) = (format!("{name}.pem"), format!("{name}.key"), format!("/CN={name}"));
    let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"];
    openssl(
        folder,
        &[&["req", "-x509", "-out", &certificate, "-keyout", &key, "-subj", &subject][..], &curve].concat(),
    );
}

/// What `authority` says belongs to `localhost`: `server.crt` and `server.key`.
fn certificate(folder: &Path, authority: &str) {
    let (certificate, key) = (format!("{authority}.pem"), format!("{authority}.key"));
    let request = ["req", "-new", "-out", "server.csr", "-keyout", "server.key", "-subj", "/CN=localhost"];
    let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    openssl(folder, &[&request[..], &curve].concat());
    std::fs::write(folder.join("extensions"), "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n").unwrap();
    let sign = ["x509", "-req", "-in", "server.csr", "-out", "server.crt", "-days", "30", "-extfile", "extensions"];
    openssl(folder, &[&sign[..], &["-CA", &certificate, "-CAkey", &key, "-CAcreateserial"]].concat());
}

#[test]
fn a_server_is_known_by_its_certificate_and_name() {
    let Some(server) = postgres::private() else { return };
    let (certificates, data) = (folder(), folder());
    for name in ["ours", "strangers"] {
        authority(certificates.path(), name);
    }
    certificate(certificates.path(), "ours");
    let port = server.serve_tls(&certificates.path().join("server.crt"), &certificates.path().join("server.key"));
    let authority = |name: &str| certificates.path().join(name).display().to_string();
    let url = |host: &str, query: &str| format!("postgres://anfang@{host}:{port}/postgres?{query}");
    let verified = |host: &str, name: &str| url(host, &format!("sslmode=verify-full&sslrootcert={}", authority(name)));
    let command = |verb: &str, url: &str| {
        let mut command = anfang(&[verb, "--data", text(data.path())]);
        command.env("ANFANG_DATABASE_URL", url);
        command
    };
    for verb in ["check", "serve"] {
        refuses(command(verb, &verified("localhost", "strangers.pem")), "certificate verify failed");
        refuses(command(verb, &verified("127.0.0.1", "ours.pem")), "does not match host name");
        refuses(command(verb, &verified("localhost", "nobodys.pem")), "nobodys.pem");
        // The server, for its part, takes nothing in the open.
        refuses(command(verb, &url("localhost", "sslmode=disable")), "no encryption");
    }
    let ours = verified("localhost", "ours.pem");
    assert!(command("check", &ours).status().unwrap().success());
    let mut serve = command("serve", &ours);
    serve.args(["--listen", "127.0.0.1:0"]);
    assert_eq!(Serving::start(serve).get("/readyz"), 204);
    let mut conn = DatabaseUrl::Postgres(ours).connect(Purpose::Read).unwrap();
    let sql = "SELECT json_build_array(ssl, version)::text AS json FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    let seen = db_schema::query(&mut conn, sql);
    assert_eq!((seen[0].as_bool(), seen[1].as_str().map(|name| name.starts_with("TLSv1."))), (Some(true), Some(true)));
}
