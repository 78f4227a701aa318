//! The pages of the app, if they are built: `web/dist`, which a debug build reads from the folder.

use std::io::Read as _;
use std::path::Path;

use crate::support::service::Service;

fn is_built() -> bool {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("web/dist/index.html").exists()
}

on_both! {
    fn the_app_is_served_beside_the_api(db: TestDb) {
        let service = Service::start(db);
        let ask = |path: &str, headers: &[(&str, &str)]| service.anybody().send("GET", &format!("/{path}"), headers, None);
        ask("/api/v1/nothing", &[("accept", "text/html")]).refused(404, "not-found");
        ask("/assets/nothing.js", &[("accept", "text/html")]).refused(404, "not-found");
        if !is_built() {
            ask("/", &[("accept", "text/html")]).refused(404, "not-found");
            return;
        }
        let page = ask("/", &[]).expect(200);
        assert!(page.header("content-type").starts_with("text/html"));
        assert_eq!(page.header("cache-control"), "no-cache");
        assert!(page.header("content-security-policy").contains("manifest-src 'self'"));
        let html = String::from_utf8(page.bytes.clone()).unwrap();
        assert!(html.contains("<html lang=\"zh"), "{html}");
        // A typed address leads to the page, for people and not for programs.
        assert_eq!(ask("/issues/1", &[("accept", "text/html,*/*")]).expect(200).bytes, page.bytes);
        ask("/issues/1", &[("accept", "application/json")]).refused(404, "not-found");
        ask("/", &[("if-none-match", page.header("etag"))]).expect(304);
        ask("/index.html.br", &[]).refused(404, "not-found");
        let script = html.split('"').find(|part| part.starts_with("/assets/") && part.ends_with(".js")).unwrap();
        let plain = ask(script, &[("accept-encoding", "identity")]).expect(200);
        assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
        assert!(plain.header("content-type").starts_with("text/javascript"));
        let small = ask(script, &[("accept-encoding", "br")]).expect(200);
        assert_eq!((small.header("content-encoding"), small.header("vary")), ("br", "Accept-Encoding"));
        assert!(small.bytes.len() < plain.bytes.len());
        // Every twin is its file: the bundler still changes names late.
        for path in html.split('"').filter(|part| part.starts_with("/assets/")).chain(["/", "/sw.js"]) {
            let plain = ask(path, &[("accept-encoding", "identity")]).expect(200);
            let zipped = ask(path, &[("accept-encoding", "gzip")]).expect(200);
            assert_eq!(zipped.header("content-encoding"), "gzip", "{path}");
            let mut unzipped = Vec::new();
            flate2::read::GzDecoder::new(&*zipped.bytes).read_to_end(&mut unzipped).unwrap();
            assert!(unzipped == plain.bytes, "{path}");
        }
        assert_eq!(ask("/sw.js", &[]).expect(200).header("cache-control"), "no-cache");
        let manifest = ask("/manifest.webmanifest", &[]).expect(200);
        assert_eq!(manifest.header("content-type"), "application/manifest+json");
    }
}
