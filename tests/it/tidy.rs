//! Checks the structure of the source: layers, forbidden names and lengths. Each message names the file, the line and
//! the rule.

use crate::source::{self, File};

/// A folder of `src/` and the folders it may use, besides itself. A new folder needs a line here.
const FOLDERS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("admission", &[]),
    ("store", &["domain", "admission"]),
    ("blobs", &["domain"]),
    ("media", &["domain"]),
    ("proof", &["domain"]),
    ("config", &["domain"]),
    ("telemetry", &[]),
    ("app", &["domain", "admission", "store", "blobs", "media", "proof", "config", "telemetry"]),
    ("backup", &["domain", "store", "blobs"]),
    ("seed", &["domain", "admission", "store", "blobs", "media", "app"]),
    ("jobs", &["domain", "admission", "store", "blobs", "media", "proof", "config", "app"]),
    ("http", &["domain", "admission", "store", "blobs", "media", "proof", "config", "telemetry", "app"]),
];
/// These put the program together and may use all folders.
const ASSEMBLY: &[&str] = &["cli", "main", "lib"];

/// Crates that only one folder may use, and that folder.
const CRATES: &[(&[&str], &[&str])] = &[
    (&["diesel", "diesel_migrations", "libsqlite3_sys", "pq_sys"], &["store"]),
    (&["actix_web", "actix_multipart", "actix_rt", "actix_http", "utoipa_actix_web", "utoipa_swagger_ui"], &["http"]),
    (&["object_store", "reqwest", "rustls"], &["blobs"]),
    (&["prometheus_client"], &["app"]),
    (&["image", "jpeg_decoder", "jpeg_encoder", "fast_image_resize", "exif", "heifer", "heifer_hevc_dec"], &["media"]),
];
/// Starting and stopping the runtime is not HTTP.
const RUNTIME: (&str, &[&str]) = ("actix_web::rt", &["cli", "main"]);

/// The clock, randomness and the environment are read only here, and passed on.
const AMBIENT: &[&str] =
    &["SystemTime::now", "Timestamp::now", "Zoned::now", "Uuid::new_v4", "env::var", "env::var_os", "env::vars"];
/// The photo folder compares the ages of its own files, whose dates come from the machine's clock.
const AMBIENT_FILES: &[&str] = &["src/app/ambient.rs", "src/cli/", "src/cli.rs", "src/blobs/scratch.rs"];

/// The one file that changes issues: it only writes decided steps.
const ISSUE_WRITER: &str = "src/store/issues/write.rs";

/// Standard output and error panic or block when nobody reads them: they are used in these files only.
const PRINTS: &[&str] = &["print!", "println!", "eprint!", "eprintln!", "io::stdout()", "io::stderr()"];
const PRINT_FILES: &[&str] = &["src/cli/mod.rs", "src/telemetry/mod.rs"];

const LINES_MAX: usize = 600;
/// Tables, which are long and easy to read.
const LONG_FILES: &[&str] = &["src/store/schema.rs"];

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Where `name` occurs in the code as a whole path, not as a part of a longer one.
fn mentions<'a>(file: &'a File, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    let code = file.code.as_bytes();
    file.code.match_indices(name).map(|(at, _)| at).filter(move |at| {
        let before = at.checked_sub(1).map(|index| code[index]);
        let after = code.get(at + name.len());
        !before.is_some_and(is_word) && !after.is_some_and(|byte| is_word(*byte))
    })
}

/// The folder of a file: `src/store/pool.rs` is in `store`, `src/lib.rs` in `lib`.
fn folder(file: &File) -> &str {
    let below = file.path.strip_prefix("src/").unwrap_or(&file.path);
    below.split('/').next().unwrap_or_default().trim_end_matches(".rs")
}

/// How many `super::` lead from the code of a file to the root.
fn depth(file: &File) -> usize {
    let below = file.path.trim_start_matches("src/").trim_end_matches(".rs");
    let below = below.strip_suffix("/mod").unwrap_or(below);
    if matches!(below, "lib" | "main") { 0 } else { below.split('/').count() }
}

/// The first names after the start of a path: one, or those of a `{…}` group.
fn first_names(code: &str) -> Vec<(usize, &str)> {
    let word_at = |at: usize| {
        let rest = &code[at..];
        let end = rest.bytes().position(|byte| !is_word(byte)).unwrap_or(rest.len());
        (at, &rest[..end])
    };
    if !code.starts_with('{') {
        return vec![word_at(0)];
    }
    let (mut depth, mut fresh, mut names) = (0, false, Vec::new());
    for (at, byte) in code.bytes().enumerate() {
        match byte {
            b'{' => {
                depth += 1;
                fresh = depth == 1;
            }
            b'}' => depth -= 1,
            b',' => fresh = depth == 1,
            _ if fresh && is_word(byte) => {
                names.push(word_at(at));
                fresh = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names
}

/// Every name that a file takes from the root of the crate, and where.
fn folders_used(file: &File) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for start in ["crate::", "anfang::"] {
        for at in mentions_start(file, start) {
            let from = at + start.len();
            found.extend(first_names(&file.code[from..]).into_iter().map(|(name_at, name)| (from + name_at, name)));
        }
    }
    let root: String = "super::".repeat(depth(file));
    if !root.is_empty() {
        for at in mentions_start(file, &root) {
            let from = at + root.len();
            // Code inside an inline module has one more level; then this is its own folder.
            found.extend(
                first_names(&file.code[from..])
                    .into_iter()
                    .filter(|(_, name)| FOLDERS.iter().any(|(folder, _)| folder == name) || ASSEMBLY.contains(name))
                    .map(|(name_at, name)| (from + name_at, name)),
            );
        }
    }
    found
}

fn mentions_start<'a>(file: &'a File, start: &'a str) -> impl Iterator<Item = usize> + 'a {
    let code = file.code.as_bytes();
    file.code.match_indices(start).map(|(at, _)| at).filter(move |at| {
        let before = at.checked_sub(1).map(|index| code[index]);
        // Not `x::super::`, of which there is a longer match, and not `my_crate::`.
        !before.is_some_and(|byte| is_word(byte) || byte == b':')
    })
}

fn layers(file: &File) -> Vec<(usize, String)> {
    let here = folder(file);
    if ASSEMBLY.contains(&here) {
        return Vec::new();
    }
    let Some((_, may_know)) = FOLDERS.iter().find(|(folder, _)| *folder == here) else {
        return vec![(0, format!("`{here}` is no folder that tests/it/tidy.rs knows: give it a line in FOLDERS"))];
    };
    folders_used(file)
        .into_iter()
        .filter(|(_, used)| *used != here && !may_know.contains(used))
        .map(|(at, used)| (at, format!("`{here}` may not know `{used}`, only {may_know:?}")))
        .collect()
}

fn crates(file: &File) -> Vec<(usize, String)> {
    let here = folder(file);
    let code = &file.code;
    let mut found = Vec::new();
    for (names, folders) in CRATES {
        if folders.contains(&here) {
            continue;
        }
        for name in *names {
            for at in mentions(file, name) {
                let after = &code[at + name.len()..];
                let before = code[..at].trim_end();
                let is_part = before.ends_with("::") || before.ends_with('.');
                let is_path = after.starts_with("::") || before.ends_with("use");
                let is_runtime = code[at..].starts_with(RUNTIME.0) && RUNTIME.1.contains(&here);
                if is_path && !is_part && !is_runtime {
                    found.push((at, format!("`{name}` belongs in {folders:?} alone")));
                }
            }
        }
    }
    found
}

fn unwraps(file: &File) -> Vec<(usize, String)> {
    [".unwrap()", ".expect("]
        .iter()
        .flat_map(|call| file.code.match_indices(call))
        .map(|(at, call)| (at, format!("`{call}` outside a test: answer an error")))
        .collect()
}

fn ambient(file: &File) -> Vec<(usize, String)> {
    if AMBIENT_FILES
        .iter()
        .any(|allowed| file.path == *allowed || (allowed.ends_with('/') && file.path.starts_with(allowed)))
    {
        return Vec::new();
    }
    AMBIENT
        .iter()
        .flat_map(|name| {
            mentions(file, name).map(move |at| (at, format!("`{name}`: clock, ids and environment are passed in")))
        })
        .collect()
}

fn prints(file: &File) -> Vec<(usize, String)> {
    if PRINT_FILES.contains(&file.path.as_str()) {
        return Vec::new();
    }
    PRINTS
        .iter()
        .flat_map(|name| mentions(file, name).map(move |at| (at, name)))
        .map(|(at, name)| (at, format!("`{name}`: say it by `tracing`, or by `say` of cli/mod.rs")))
        .collect()
}

fn issue_writes(file: &File) -> Vec<(usize, String)> {
    if file.path == ISSUE_WRITER {
        return Vec::new();
    }
    let code = file.code.as_bytes();
    let mut found: Vec<usize> = mentions(file, "issues")
        .filter(|at| {
            let before: Vec<u8> =
                code[..*at].iter().rev().filter(|byte| !byte.is_ascii_whitespace()).take(40).copied().collect();
            let before: String = before.into_iter().rev().map(char::from).collect();
            // `schema::issues::table` counts as well as `issues::table`.
            let before = ["schema::", "store::", "crate::", "super::"]
                .iter()
                .fold(before.as_str(), |before, part| before.trim_end_matches(part));
            ["update(", "delete(", "insert_into("].iter().any(|call| before.ends_with(call))
        })
        .collect();
    // SQL text may write as well.
    let lower = file.text.to_ascii_lowercase();
    for statement in ["update issues set", "delete from issues", "insert into issues ("] {
        found.extend(lower.match_indices(statement).map(|(at, _)| at));
    }
    found.into_iter().map(|at| (at, format!("only {ISSUE_WRITER} writes the table `issues`"))).collect()
}

fn length(file: &File) -> Vec<(usize, String)> {
    let lines = file.text.lines().count();
    if lines <= LINES_MAX || LONG_FILES.contains(&file.path.as_str()) {
        return Vec::new();
    }
    vec![(file.text.len(), format!("{lines} lines, {LINES_MAX} at most: split it by what it is about"))]
}

fn leftovers(file: &File) -> Vec<(usize, String)> {
    // Concatenated, so that this file does not break its own rule.
    [concat!("TO", "DO"), concat!("FIX", "ME")]
        .iter()
        .flat_map(|word| file.text.match_indices(word))
        .map(|(at, word)| (at, format!("{word}: do it or write an issue")))
        .collect()
}

fn sleeps(file: &File) -> Vec<(usize, String)> {
    file.code
        .match_indices("sleep")
        .filter(|(at, _)| file.code[at + 5..].trim_start().starts_with(['(', '_', ';', ',', '}']))
        .map(|(at, _)| (at, "a test that sleeps is slow on a good day and wrong on a bad one".to_owned()))
        .collect()
}

type Rule = fn(&File) -> Vec<(usize, String)>;

/// Violations, each as `file:line: rule`.
fn broken(files: &[File], rules: &[Rule]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        let mut here: Vec<_> = rules.iter().flat_map(|rule| rule(file)).collect();
        here.sort();
        found.extend(here.into_iter().map(|(at, what)| format!("{}:{}: {what}", file.path, file.line(at))));
    }
    found
}

const SOURCE_RULES: &[Rule] = &[layers, crates, unwraps, ambient, prints, issue_writes, length, leftovers];
const TEST_RULES: &[Rule] = &[sleeps, leftovers];

#[test]
fn the_source_keeps_its_rules() {
    let found = broken(&source::files("src"), SOURCE_RULES);
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn the_tests_keep_theirs() {
    let found = broken(&source::files("tests"), TEST_RULES);
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

/// Every excused file exists and needs the excuse: the lists only shrink.
#[test]
fn no_file_is_excused_in_vain() {
    let files = source::files("src");
    for path in LONG_FILES {
        assert!(files.iter().any(|file| file.path == *path), "{path} is not there: take it off the list");
    }
    assert!(files.iter().any(|file| file.path == ISSUE_WRITER), "{ISSUE_WRITER} is not there");
}

/// Each rule works: it finds a wrong line where it is, and accepts a right one.
#[test]
fn every_rule_bites() {
    #[track_caller]
    fn bites(path: &str, text: &str, what: &str) {
        let found = broken(&[File::new(path, text)], SOURCE_RULES);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert!(found[0].starts_with(&format!("{path}:2: ")) && found[0].contains(what), "{text}: {found:?}");
    }
    #[track_caller]
    fn passes(path: &str, text: &str) {
        assert_eq!(broken(&[File::new(path, text)], SOURCE_RULES), [""; 0], "{text}");
    }
    bites("src/domain/x.rs", "\nuse crate::store::Conn;", "may not know `store`");
    bites("src/domain/issue/x.rs", "\nuse crate::{domain::{ids, issue::State}, app::A};", "may not know `app`");
    bites("src/domain/issue/x.rs", "\nuse super::super::super::media;", "may not know `media`");
    bites("src/domain/issue/mod.rs", "\nuse super::super::media;", "may not know `media`");
    bites("src/store/x.rs", "\nfn f() -> crate::blobs::Key {}", "may not know `blobs`");
    bites("src/blobs/x.rs", "\nuse crate::media::render;", "may not know `media`");
    bites("src/jobs/x.rs", "\nuse crate::http::router;", "may not know `http`");
    bites("src/http/x.rs", "\nuse crate::jobs::Runner;", "may not know `jobs`");
    bites("src/app/x.rs", "\npub(crate) use crate::http::Problem;", "may not know `http`");
    let found = broken(&[File::new("src/utils/x.rs", "")], SOURCE_RULES);
    assert!(found.len() == 1 && found[0].contains("is no folder"), "{found:?}");
    passes(
        "src/domain/x.rs",
        "pub(crate) fn f() { crate::domain::ids::f() }\n#[cfg(test)]\nmod tests { use crate::store::X; }",
    );
    passes("src/domain/issue/x.rs", "use super::super::policy; use super::state; // crate::store");
    passes("src/cli/x.rs", "use crate::{http, jobs};");

    bites("src/app/x.rs", "\nuse diesel::prelude::*;", "`diesel`");
    bites("src/jobs/x.rs", "\nasync fn f() { actix_web::rt::time() }", "`actix_web`");
    bites("src/cli/x.rs", "\nuse actix_web::HttpServer;", "`actix_web`");
    bites("src/http/x.rs", "\nlet x = image::load(b);", "`image`");
    bites("src/store/x.rs", "\nuse exif::Tag;", "`exif`");
    passes("src/cli/x.rs", "fn f() { actix_web::rt::System::new() }");
    passes("src/app/x.rs", "let image = photo.image; let e = crate::media::exif::read(image); blob.exif.len();");

    bites("src/app/x.rs", "\nlet x = y.unwrap();", "unwrap");
    bites("src/app/x.rs", "\nlet x = y.expect(\"z\");", "expect");
    passes("src/app/x.rs", "let x = y.unwrap_or(1); // .unwrap()\n#[cfg(test)] mod tests { fn f() { y.unwrap() } }");

    bites("src/app/x.rs", "\nlet t = SystemTime::now();", "passed in");
    bites("src/domain/x.rs", "\nlet t = jiff::Timestamp::now();", "passed in");
    bites("src/http/x.rs", "\nlet id = Uuid::new_v4();", "passed in");
    bites("src/media/x.rs", "\nlet v = std::env::var(\"X\");", "passed in");
    passes("src/app/ambient.rs", "Timestamp::now(); Uuid::new_v4();");
    passes("src/cli/serve.rs", "std::env::var(\"X\");");

    bites("src/jobs/x.rs", "\neprintln!(\"x\");", "by `tracing`");
    bites("src/http/x.rs", "\nlet out = std::io::stdout();", "by `say`");
    passes(
        "src/app/x.rs",
        "fn print(line: &str) { footprint(line) }\n#[cfg(test)] mod tests { fn f() { println!() } }",
    );

    bites("src/store/x.rs", "\ndiesel::update(issues::table.find(1))", "only src/store/issues/write.rs");
    bites("src/store/x.rs", "\ndiesel::delete(crate::store::schema::issues::table)", "only src/store/issues/write.rs");
    bites("src/store/issues/list.rs", "diesel::delete(\n  schema::issues::table)", "only src/store/issues/write.rs");
    bites("src/store/x.rs", "\nsql_query(\"UPDATE issues SET state = 'void'\")", "only src/store/issues/write.rs");
    passes("src/store/x.rs", "diesel::update(issue_photos::table); issues::table.load(conn);");
    passes(ISSUE_WRITER, "diesel::update(issues::table)");

    bites("src/app/x.rs", concat!("\n// TO", "DO: later"), "do it");
    let long = "\n".repeat(LINES_MAX + 1);
    assert!(broken(&[File::new("src/app/x.rs", &long)], SOURCE_RULES)[0].contains("601 lines"));
    passes(LONG_FILES[0], &long);
    passes("src/app/x.rs", &"\n".repeat(LINES_MAX));

    for line in ["\nstd::thread::sleep(d);", "\nuse tokio::time::sleep;", "\ntokio::time::sleep_until(t).await;"] {
        let found = broken(&[File::new("tests/it/x.rs", line)], TEST_RULES);
        assert!(found.len() == 1 && found[0].starts_with("tests/it/x.rs:2: "), "{found:?}");
    }
}
