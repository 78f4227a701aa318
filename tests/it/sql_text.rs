//! The text of queries is the same for both databases; differences are only in the few files that may contain them.

use crate::source::{self, File};

/// Files that may ask which database a connection is to.
const DIALECT_FILES: &[&str] = &["src/store/connection.rs", "src/store/dialect.rs", "src/store/migrate.rs"];
/// Also asks, once: SQLite gets a writer thread and PostgreSQL a pool that writes.
const OPENS_THE_STORE: &str = "src/store/pool.rs";

/// The SQL of each `sql_query` of a file, with the byte it starts at. Text that is put
/// together at run time counts with what stands in the source.
fn queries(file: &File) -> Vec<(usize, String)> {
    file.code
        .match_indices("sql_query(")
        .map(|(at, call)| {
            let from = at + call.len();
            let (mut depth, mut end) = (1, from);
            for (index, byte) in file.code.bytes().enumerate().skip(from) {
                match byte {
                    b'(' => depth += 1,
                    b')' => depth -= 1,
                    _ => {}
                }
                end = index;
                if depth == 0 {
                    break;
                }
            }
            (at, file.text[from..end].to_owned())
        })
        .collect()
}

/// The numbers of `$1`, `$2`, … in a text.
fn placeholders(sql: &str) -> Vec<u32> {
    sql.split('$')
        .skip(1)
        .filter_map(|rest| {
            let digits = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
            rest[..digits].parse().ok()
        })
        .collect()
}

/// SQLite binds `$2, $1` in the order of appearance, silently wrong.
fn misnumbered(file: &File) -> Vec<String> {
    queries(file)
        .into_iter()
        .filter(|(_, sql)| !placeholders(sql).into_iter().eq(1..=u32::try_from(placeholders(sql).len()).unwrap()))
        .map(|(at, sql)| {
            format!("{}:{}: placeholders are $1, $2, … each once and in order: {sql}", file.path, file.line(at))
        })
        .collect()
}

#[test]
fn placeholders_stand_in_order() {
    let files = source::files("src");
    assert!(files.iter().any(|file| !queries(file).is_empty()), "nothing was looked at");
    let wrong: Vec<String> = files.iter().flat_map(misnumbered).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn placeholders_out_of_order_are_found() {
    let found =
        |sql: &str| misnumbered(&File::new("x.rs", &format!("fn f() {{ diesel::sql_query({sql}).execute(c) }}"))).len();
    assert_eq!(found("\"SELECT $1, $2\""), 0);
    assert_eq!(found("\"SELECT 1\""), 0);
    assert_eq!(found("format!(\"SELECT ({}) $1\", x())"), 0);
    assert_eq!(found("\"SELECT $2, $1\""), 1);
    assert_eq!(found("\"SELECT $1, $1\""), 1);
    assert_eq!(found("\"SELECT $2\""), 1);
    assert_eq!(found("\"SELECT $1, \\\n $3, $2\""), 1);
}

/// Where a file takes a lock of the database's.
fn takes_lock(file: &File) -> Vec<usize> {
    file.code.match_indices("serialize_on(").map(|(at, _)| at).collect()
}

/// There is one order of locks, in one file. The store may take locks of its own: `app/locks.rs` says why they form no
/// cycle with those.
#[test]
fn locks_are_taken_in_one_place() {
    const LOCKS: &str = "src/app/locks.rs";
    let files = source::files("src");
    assert!(files.iter().any(|file| file.path == LOCKS && !takes_lock(file).is_empty()));
    let elsewhere = files.iter().filter(|file| file.path != LOCKS && !file.path.starts_with("src/store/"));
    let wrong: Vec<String> = elsewhere
        .flat_map(|file| {
            takes_lock(file).into_iter().map(|at| format!("{}:{}: take it through {LOCKS}", file.path, file.line(at)))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(takes_lock(&File::new("x.rs", "fn f() { dialect::serialize_on(c, id) }")).len(), 1);
}

/// Where a file asks which database it talks to.
fn asks_backend(file: &File) -> Vec<usize> {
    let names = ["Conn::Sqlite", "Conn::Postgres", "DatabaseUrl::Sqlite(", "DatabaseUrl::Postgres(", "each!("];
    let mut found: Vec<usize> = names.iter().flat_map(|name| file.code.match_indices(name).map(|(at, _)| at)).collect();
    found.sort_unstable();
    found
}

#[test]
fn only_the_dialect_knows_which_database_it_is() {
    let mut wrong = Vec::new();
    for file in source::files("src") {
        let found = asks_backend(&file);
        if DIALECT_FILES.contains(&file.path.as_str()) {
            assert!(!found.is_empty(), "{} does not ask: take it off the list", file.path);
        } else if file.path.starts_with("src/cli/") {
            // Names the file, or its folder, before there is a store.
        } else if file.path == OPENS_THE_STORE {
            // One `match`, two arms.
            assert!(found.len() <= 2, "{}:{}: ask in src/store/dialect.rs", file.path, file.line(found[2]));
        } else {
            wrong.extend(
                found.iter().map(|at| format!("{}:{}: ask in src/store/dialect.rs", file.path, file.line(*at))),
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
