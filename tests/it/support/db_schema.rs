//! The schema of a database, read from its system tables, in the same form for both databases.

use std::collections::{BTreeMap, BTreeSet};

use anfang::store::Conn;
use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl};
use serde_json::Value;

use super::backend::Backend;

/// Tables by name, without diesel's own.
pub type DbSchema = BTreeMap<String, Table>;

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub columns: BTreeMap<String, Column>,
    pub primary_key: Vec<String>,
    /// Columns of each unique constraint.
    pub uniques: BTreeSet<Vec<String>>,
    pub foreign_keys: BTreeSet<ForeignKey>,
    /// Number of checks, without those that make a SQLite integer a boolean.
    pub checks: usize,
    /// Named indexes.
    pub indexes: BTreeMap<String, Index>,
    pub triggers: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub kind: Kind,
    pub nullable: bool,
    /// The column's default, except for sequences.
    pub default: Option<String>,
}

/// A type as far as both databases distinguish it: SQLite has one size of integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Bytes,
    Integer,
    Real,
    Bool,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ForeignKey {
    pub column: String,
    pub table: String,
    pub target: String,
    pub on_delete: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    pub columns: Vec<String>,
    pub unique: bool,
    pub partial: bool,
}

#[derive(QueryableByName)]
struct Json {
    #[diesel(sql_type = Text)]
    json: String,
}

/// The rows of a query whose only column, `json`, is a JSON array.
pub fn query(conn: &mut Conn, sql: &str) -> Vec<Value> {
    let found: Json = diesel::sql_query(sql).get_result(conn).unwrap_or_else(|error| panic!("{sql}: {error}"));
    serde_json::from_str(&found.json).expect("the database writes JSON")
}

fn text(row: &Value, field: &str) -> String {
    row[field].as_str().unwrap_or_else(|| panic!("no text `{field}` in {row}")).to_owned()
}

fn flag(row: &Value, field: &str) -> bool {
    row[field]
        .as_bool()
        .or_else(|| row[field].as_i64().map(|number| number != 0))
        .unwrap_or_else(|| panic!("no flag `{field}` in {row}"))
}

fn list(row: &Value, field: &str) -> Vec<String> {
    let items = row[field].as_array().unwrap_or_else(|| panic!("no list `{field}` in {row}"));
    items.iter().map(|item| item.as_str().expect("names are text").to_owned()).collect()
}

pub fn read(conn: &mut Conn, backend: Backend) -> DbSchema {
    match backend {
        Backend::Sqlite => sqlite(conn),
        Backend::Postgres => postgres(conn),
    }
}

/// The checks as written: SQLite stores a table's text.
fn checks(table_sql: &str) -> Vec<&str> {
    table_sql.lines().map(str::trim).filter(|line| line.starts_with("CHECK (")).collect()
}

fn sqlite(conn: &mut Conn) -> DbSchema {
    let tables = query(
        conn,
        "SELECT json_group_array(json_object('name', s.name, 'sql', s.sql, 'strict', l.strict)) AS json
         FROM sqlite_schema s JOIN pragma_table_list l ON l.name = s.name
         WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND s.name <> '__diesel_schema_migrations'",
    );
    let mut schema = DbSchema::new();
    for row in tables {
        let (name, sql) = (text(&row, "name"), text(&row, "sql"));
        assert!(flag(&row, "strict"), "{name} is not STRICT: SQLite would store a text in an integer column");
        let mut table = Table::default();
        let booleans: BTreeSet<&str> = checks(&sql)
            .into_iter()
            .filter_map(|check| check.strip_prefix("CHECK (")?.trim_end_matches(',').strip_suffix(" IN (0, 1))"))
            .collect();
        table.checks = sql.matches("CHECK (").count() - booleans.len();
        let columns = query(
            conn,
            &format!(
                "SELECT json_group_array(json_object('name', name, 'type', type, 'not_null', \"notnull\", 'pk', pk, 'default', dflt_value)) AS json
                 FROM pragma_table_info('{name}')"
            ),
        );
        let mut key = BTreeMap::new();
        for row in columns {
            let column = text(&row, "name");
            let position = row["pk"].as_i64().expect("a position");
            if position > 0 {
                key.insert(position, column.clone());
            }
            let kind = match text(&row, "type").as_str() {
                "TEXT" => Kind::Text,
                "BLOB" => Kind::Bytes,
                "REAL" => Kind::Real,
                "INTEGER" if booleans.contains(column.as_str()) => Kind::Bool,
                "INTEGER" => Kind::Integer,
                other => panic!("{name}.{column} is {other}"),
            };
            // In a STRICT table the columns of the primary key take no NULL.
            let nullable = !flag(&row, "not_null") && position == 0;
            let default = row["default"].as_str().map(str::to_owned);
            table.columns.insert(column, Column { kind, nullable, default });
        }
        table.primary_key = key.into_values().collect();
        for row in query(
            conn,
            &format!(
                "SELECT json_group_array(json_object('id', id, 'seq', seq, 'column', \"from\", 'table', \"table\", 'target', \"to\", 'on_delete', on_delete)) AS json
                 FROM pragma_foreign_key_list('{name}')"
            ),
        ) {
            assert_eq!(row["seq"], 0, "{name} has a foreign key of several columns");
            table.foreign_keys.insert(ForeignKey {
                column: text(&row, "column"),
                table: text(&row, "table"),
                target: text(&row, "target"),
                on_delete: text(&row, "on_delete"),
            });
        }
        for row in query(
            conn,
            &format!(
                "SELECT json_group_array(json_object('name', l.name, 'unique', l.\"unique\", 'origin', l.origin, 'partial', l.partial,
                    'columns', (SELECT json_group_array(i.name ORDER BY i.seqno) FROM pragma_index_info(l.name) i))) AS json
                 FROM pragma_index_list('{name}') l"
            ),
        ) {
            // A subquery's JSON arrives as text.
            let columns: Vec<String> = match &row["columns"] {
                Value::String(text) => serde_json::from_str(text).expect("SQLite writes JSON"),
                _ => list(&row, "columns"),
            };
            match text(&row, "origin").as_str() {
                "u" => drop(table.uniques.insert(columns)),
                "c" => {
                    let index = Index { columns, unique: flag(&row, "unique"), partial: flag(&row, "partial") };
                    table.indexes.insert(text(&row, "name"), index);
                }
                _ => {}
            }
        }
        for row in query(
            conn,
            &format!(
                "SELECT json_group_array(json_object('name', name)) AS json FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = '{name}'"
            ),
        ) {
            table.triggers.insert(text(&row, "name"));
        }
        schema.insert(name, table);
    }
    schema
}

fn postgres(conn: &mut Conn) -> DbSchema {
    let mut schema = DbSchema::new();
    for row in query(
        conn,
        "SELECT coalesce(json_agg(json_build_object('table', c.relname, 'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
            'not_null', a.attnotnull, 'default', pg_get_expr(d.adbin, d.adrelid))), '[]')::text AS json
         FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
         LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
         AND c.relname <> '__diesel_schema_migrations'",
    ) {
        let (name, column) = (text(&row, "table"), text(&row, "name"));
        let kind = match text(&row, "type").as_str() {
            "text" => Kind::Text,
            "bytea" => Kind::Bytes,
            "double precision" => Kind::Real,
            "boolean" => Kind::Bool,
            "integer" | "bigint" => Kind::Integer,
            other => panic!("{name}.{column} is {other}"),
        };
        let counter = format!("nextval('{name}_{column}_seq'::regclass)");
        let default = row["default"].as_str().filter(|text| *text != counter).map(str::to_owned);
        let nullable = !flag(&row, "not_null");
        schema.entry(name).or_default().columns.insert(column, Column { kind, nullable, default });
    }
    const COLUMNS: &str =
        "(SELECT json_agg(a.attname ORDER BY k.position) FROM unnest($KEYS$) WITH ORDINALITY k(number, position)
        JOIN pg_attribute a ON a.attrelid = $TABLE$ AND a.attnum = k.number)";
    let columns = |keys: &str, table: &str| COLUMNS.replace("$KEYS$", keys).replace("$TABLE$", table);
    for row in query(
        conn,
        &format!(
            "SELECT coalesce(json_agg(json_build_object('table', c.relname, 'type', n.contype, 'columns', {},
                'target_table', f.relname, 'target', {}, 'on_delete', CASE n.confdeltype WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE'
                WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' ELSE 'NO ACTION' END)), '[]')::text AS json
             FROM pg_constraint n JOIN pg_class c ON c.oid = n.conrelid LEFT JOIN pg_class f ON f.oid = n.confrelid
             WHERE c.relnamespace = 'public'::regnamespace AND c.relname <> '__diesel_schema_migrations'",
            columns("n.conkey", "n.conrelid"),
            columns("n.confkey", "n.confrelid"),
        ),
    ) {
        let table = schema.get_mut(&text(&row, "table")).expect("a constraint has a table");
        match text(&row, "type").as_str() {
            "c" => table.checks += 1,
            "p" => table.primary_key = list(&row, "columns"),
            "u" => drop(table.uniques.insert(list(&row, "columns"))),
            "f" => {
                let (from, to) = (list(&row, "columns"), list(&row, "target"));
                assert_eq!((from.len(), to.len()), (1, 1), "a foreign key of several columns: {row}");
                table.foreign_keys.insert(ForeignKey {
                    column: from.concat(),
                    table: text(&row, "target_table"),
                    target: to.concat(),
                    on_delete: text(&row, "on_delete"),
                });
            }
            other => panic!("a constraint of type {other}"),
        }
    }
    for row in query(
        conn,
        &format!(
            "SELECT coalesce(json_agg(json_build_object('table', c.relname, 'name', i.relname, 'columns', {}, 'unique', x.indisunique,
                'partial', x.indpred IS NOT NULL)), '[]')::text AS json
             FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
             WHERE c.relnamespace = 'public'::regnamespace AND c.relname <> '__diesel_schema_migrations'
             AND NOT EXISTS (SELECT FROM pg_constraint n WHERE n.conindid = x.indexrelid AND n.contype IN ('p', 'u'))",
            columns("x.indkey::int2[]", "x.indrelid"),
        ),
    ) {
        let table = schema.get_mut(&text(&row, "table")).expect("an index has a table");
        let index = Index { columns: list(&row, "columns"), unique: flag(&row, "unique"), partial: flag(&row, "partial") };
        table.indexes.insert(text(&row, "name"), index);
    }
    for row in query(
        conn,
        "SELECT coalesce(json_agg(json_build_object('table', c.relname, 'name', t.tgname)), '[]')::text AS json
         FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace",
    ) {
        let table = schema.get_mut(&text(&row, "table")).expect("a trigger has a table");
        let name = text(&row, "name");
        // SQLite has no TRUNCATE to refuse.
        if !name.ends_with("_no_truncate") {
            table.triggers.insert(name);
        }
    }
    schema
}

/// Everything needed to create the schema again, one line for each object.
pub fn dump(conn: &mut Conn, backend: Backend) -> Vec<String> {
    let sql = match backend {
        Backend::Sqlite => {
            "SELECT json_group_array(type || ' ' || name || ' on ' || tbl_name || ': ' || coalesce(sql, '') ORDER BY type, name) AS json
             FROM sqlite_schema WHERE tbl_name <> '__diesel_schema_migrations'"
        }
        Backend::Postgres => {
            "SELECT coalesce(json_agg(line ORDER BY line), '[]')::text AS json FROM (
                 SELECT 'column ' || c.relname || '.' || a.attname || ' ' || a.attnum || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' ||
                     a.attnotnull || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '') AS line
                 FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                 LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                 WHERE c.relkind IN ('r', 'v', 'm', 'p') AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
                 AND c.relname <> '__diesel_schema_migrations'
               UNION ALL SELECT 'constraint ' || c.relname || '.' || n.conname || ' ' || pg_get_constraintdef(n.oid)
                 FROM pg_constraint n JOIN pg_class c ON c.oid = n.conrelid
                 WHERE c.relnamespace = 'public'::regnamespace AND c.relname <> '__diesel_schema_migrations'
               UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> '__diesel_schema_migrations'
               UNION ALL SELECT 'trigger ' || pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
                 WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace
               UNION ALL SELECT 'sequence ' || sequencename || ' ' || data_type FROM pg_sequences WHERE schemaname = 'public'
               UNION ALL SELECT 'type ' || typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
               UNION ALL SELECT 'function ' || pg_get_functiondef(p.oid) FROM pg_proc p
                 WHERE p.pronamespace = 'public'::regnamespace AND p.proname NOT LIKE 'diesel\\_%'
             ) lines"
        }
    };
    query(conn, sql).iter().map(|line| line.as_str().expect("lines are text").to_owned()).collect()
}
