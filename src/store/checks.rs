//! Consistency queries over whole tables: every row they answer is an inconsistency.

use super::connection::Conn;
use super::dump::{self, Cell, Row};
use super::{StoreError, dialect};

/// A query: the name of its finding, and the SQL, whose only column is the key of the faulty row. The first letter of
/// the column's name gives its kind, as in [`dump`].
const QUESTIONS: &[(&str, &str)] = &[
    (
        "photo-missing",
        "SELECT ip.photo_id AS b FROM issue_photos ip JOIN issues i ON i.id = ip.issue_id \
         LEFT JOIN photos p ON p.id = ip.photo_id WHERE p.id IS NULL AND i.state <> 'receiving'",
    ),
    (
        "photo-unclaimed",
        "SELECT p.id AS b FROM photos p WHERE p.claimed_at IS NULL \
         AND (EXISTS (SELECT 1 FROM issue_photos ip WHERE ip.photo_id = p.id) \
         OR EXISTS (SELECT 1 FROM visit_photos vp WHERE vp.photo_id = p.id) \
         OR EXISTS (SELECT 1 FROM self_report_photos sp WHERE sp.photo_id = p.id))",
    ),
    (
        "photo-unused",
        "SELECT p.id AS b FROM photos p WHERE p.claimed_at IS NOT NULL \
         AND NOT EXISTS (SELECT 1 FROM issue_photos ip WHERE ip.photo_id = p.id) \
         AND NOT EXISTS (SELECT 1 FROM visit_photos vp WHERE vp.photo_id = p.id) \
         AND NOT EXISTS (SELECT 1 FROM self_report_photos sp WHERE sp.photo_id = p.id)",
    ),
    (
        "photo-digest",
        "SELECT ip.photo_id AS b FROM issue_photos ip JOIN photos p ON p.id = ip.photo_id \
         WHERE ip.expected_sha256 <> p.sha256",
    ),
    (
        "original-unused",
        "SELECT b.sha256 AS b FROM blobs b WHERE NOT EXISTS (SELECT 1 FROM photos p WHERE p.sha256 = b.sha256)",
    ),
    (
        "fingerprint",
        "SELECT DISTINCT s.fingerprint AS l FROM fingerprint_bands s \
         WHERE NOT EXISTS (SELECT 1 FROM blobs b WHERE b.fingerprint = s.fingerprint)",
    ),
    (
        "deadline-missing",
        "SELECT id AS b FROM issues WHERE due_at IS NULL \
         AND state IN ('assigned', 'rectifying', 'redispatch', 'reported', 'rework', 'hung')",
    ),
    ("deadline-order", "SELECT id AS b FROM issues WHERE due_order <> COALESCE(due_at, 9223372036854775807)"),
    ("number-repeated", "SELECT number AS t FROM issues WHERE number IS NOT NULL GROUP BY number HAVING count(*) > 1"),
    ("chain", "SELECT c.id AS b FROM issues c JOIN issues p ON p.id = c.parent_id WHERE c.chain_no <> p.chain_no + 1"),
    ("complaint-time", "SELECT id AS b FROM complaints WHERE answered_at < filed_at"),
    (
        "visit-issue",
        "SELECT r.visit_id AS b FROM visit_results r LEFT JOIN issues i ON i.id = r.issue_id \
         WHERE (r.result = 'fails') <> (i.id IS NOT NULL) OR (i.id IS NOT NULL AND COALESCE(i.visit_id <> r.visit_id, TRUE))",
    ),
    ("body-digest", "SELECT id AS b FROM issues WHERE body_digest IS NOT NULL AND length(body_digest) <> 32"),
];

/// The names of all findings of [`ask`].
pub fn names() -> impl Iterator<Item = &'static str> {
    QUESTIONS.iter().map(|(name, _)| *name).chain(["reference", "database"])
}

/// The number of queries without those for foreign keys.
pub const QUESTIONS_AT_LEAST: usize = QUESTIONS.len() + 1;

/// The number of queries for [`ask`].
pub fn questions(conn: &mut Conn) -> Result<usize, StoreError> {
    Ok(QUESTIONS_AT_LEAST + dialect::foreign_keys(conn)?.len())
}

/// Runs one query, and hands over each inconsistency: its name, the row, and details. A query that fails does not stop
/// the others.
///
/// # Errors
/// Those of `take`.
pub fn ask<E: From<StoreError>>(
    conn: &mut Conn,
    number: usize,
    mut take: impl FnMut(&'static str, String, String) -> Result<(), E>,
) -> Result<(), E> {
    if number == 0 {
        for message in dialect::damage(conn)? {
            take("database", String::new(), message)?;
        }
        return Ok(());
    }
    if let Some((name, sql)) = QUESTIONS.get(number - 1) {
        return dialect::each_row(conn, sql, |row: Row| take(name, printed(row), String::new()));
    }
    let keys = dialect::foreign_keys(conn)?;
    let Some(key) = keys.get(number - QUESTIONS_AT_LEAST) else { return Ok(()) };
    let Some((name, kind)) = dump::key_of(&key.child) else { return Ok(()) };
    let sql = format!(
        "SELECT c.{name} AS {} FROM {} c LEFT JOIN {} p ON p.{} = c.{} WHERE c.{} IS NOT NULL AND p.{} IS NULL",
        kind.letter(),
        key.child,
        key.parent,
        key.parent_column,
        key.child_column,
        key.child_column,
        key.parent_column
    );
    let about = format!("{}.{} names no row of {}", key.child, key.child_column, key.parent);
    dialect::each_row(conn, &sql, |row: Row| take("reference", printed(row), about.clone()))
}

/// A key as people write it: ids as UUIDs, other bytes in hexadecimal.
fn printed(row: Row) -> String {
    match row.0.into_iter().next() {
        None | Some(Cell::Null) => String::new(),
        Some(Cell::Bool(value)) => value.to_string(),
        Some(Cell::Integer(value)) => value.to_string(),
        Some(Cell::BigInt(value)) => value.to_string(),
        Some(Cell::Double(value)) => value.to_string(),
        Some(Cell::Text(value)) => value,
        Some(Cell::Bytes(bytes)) => match uuid::Uuid::from_slice(&bytes) {
            Ok(id) => id.to_string(),
            Err(_) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        },
    }
}
