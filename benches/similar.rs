//! Looking for similar pictures among 1,000,000 and 10,000,000 fingerprints, on SQLite and, where
//! `ANFANG_BENCH_POSTGRES_URL` names a server (`postgres://user@/postgres?host=…`) with the empty databases
//! `anfang_bench_prints_1000000` and `anfang_bench_prints_10000000`, on PostgreSQL.
//!
//! The databases are filled once, which takes minutes for a million fingerprints, and kept (SQLite's in
//! `target/tmp/prints`). Half of the fingerprints are evenly spread. The other half are skewed as those of photos are:
//! skies have the same gradient, rows resemble the row above, and a hundred thousand scenes are repeated. Time is spent
//! in the database, whose code is optimised in every profile: `cargo bench --profile dev --bench similar` tells much
//! the same. `-- SQLite` or `-- PostgreSQL` measures only that one.
#![allow(missing_docs, reason = "a program of its own")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench may fail")]

#[path = "support/program.rs"]
#[allow(dead_code)]
mod program;

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use anfang::domain::digest::Digest;
use anfang::domain::fingerprint::{BANDS_ANYWHERE, BANDS_SAME_UNIT, Bands, Fingerprint};
use anfang::domain::ids::UnitId;
use anfang::domain::time::Timestamp;
use anfang::store::fingerprints::{self, CROWD_MAX};
use anfang::store::{Conn, DatabaseUrl, Purpose, dialect, migrate};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use program::{cores, quantile};
use uuid::Uuid;

/// Look-ups of each kind in each database: the 99th percentile is the eleventh largest.
const TURNS: u64 = 1_000;
const SIZES: [u64; 2] = [1_000_000, 10_000_000];
/// Photos of one unit: with ten times the photos, a county has become a province, with ten times the units.
const PHOTOS_OF_UNIT: u64 = 10_000;
/// Rows of one statement while filling.
const ROWS: u64 = 5_000;
const SCENES: u64 = 100_000;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    if words.iter().any(|word| word == "--test") {
        return;
    }
    let wanted = |name: &str| words.is_empty() || words.iter().any(|word| word == name);
    println!("{} cores, {TURNS} look-ups of each kind in each database in turn, one connection", cores());
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("prints");
    std::fs::create_dir_all(&kept).unwrap();
    if wanted("SQLite") {
        measure("SQLite", |size| DatabaseUrl::Sqlite(kept.join(format!("{size}.db"))));
    }
    if let Some(url) = std::env::var("ANFANG_BENCH_POSTGRES_URL").ok().filter(|_| wanted("PostgreSQL")) {
        measure("PostgreSQL", |size| {
            let name = format!("/anfang_bench_prints_{size}?");
            DatabaseUrl::parse(&url.replacen("/postgres?", &name, 1)).unwrap()
        });
    }
}

fn mixed(number: u64) -> u64 {
    let state = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

/// The fingerprint with this number: even numbers are spread evenly, odd ones skewed.
fn print(number: u64) -> Fingerprint {
    if number.is_multiple_of(2) {
        return Fingerprint::from_bits(mixed(number));
    }
    // One of the scenes, with the bits that a new photo of it changes.
    let scene = mixed(number) % SCENES;
    let noise = (0..mixed(number ^ 7) % 9).fold(0, |bits, at| bits | 1_u64 << (mixed(number ^ (at << 40)) % 64));
    Fingerprint::from_bits(skewed(scene) ^ noise)
}

/// Rows from the top: three of sky, brighter to one side or the other; each further one like that above it in three
/// bits of four.
fn skewed(scene: u64) -> u64 {
    let mut row = if mixed(scene).is_multiple_of(2) { 0x0f_u8 } else { 0xf0 };
    let rows: Vec<u8> = (0..8_u64)
        .map(|at| {
            if at >= 3 {
                let changed = mixed(scene ^ (at << 32)) & mixed(scene ^ (at << 48));
                row ^= changed as u8;
            }
            row
        })
        .collect();
    rows.iter().fold(0, |bits, row| bits << 8 | u64::from(*row))
}

fn digest(number: u64) -> Digest {
    let mut bytes = [0; 32];
    bytes[24..].copy_from_slice(&number.to_be_bytes());
    Digest::from_bytes(bytes)
}

fn units(size: u64) -> u64 {
    size / PHOTOS_OF_UNIT
}

/// The unit of the photo with this number, in a database of so many.
fn unit(number: u64, size: u64) -> UnitId {
    UnitId(Uuid::from_u128(u128::from(number % units(size))))
}

fn measure(name: &str, url: impl Fn(u64) -> DatabaseUrl) {
    let mut bases: Vec<Conn> = SIZES.iter().map(|size| filled(name, &url(*size), *size)).collect();
    println!("\n{name}\n");
    println!("| what | p50 ms at 1,000,000 | at 10,000,000 | ratio | p99 ms at 1,000,000 | at 10,000,000 | ratio |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    // Numbers that no database has; even ones are spread, odd ones skewed.
    let new = |turn: u64, is_skewed: bool| print(1 << 40 | turn << 1 | u64::from(is_skewed));
    let kinds: [(&str, bool, bool); 4] = [
        ("look-up, spread", false, false),
        ("look-up, skewed", true, false),
        ("write and look-up, spread", false, true),
        ("write and look-up, skewed", true, true),
    ];
    for (title, is_skewed, writes) in kinds {
        let mut taken = [Vec::new(), Vec::new()];
        for turn in 0..TURNS {
            for (at, conn) in bases.iter_mut().enumerate() {
                let begun = Instant::now();
                look(conn, new(turn, is_skewed), digest(turn), unit(turn, SIZES[at]), writes);
                taken[at].push(begun.elapsed().as_secs_f64() * 1e3);
            }
        }
        let [small, large] = taken;
        let of = |values: &Vec<f64>, share| quantile(values.clone(), share);
        let [p50, p99] = [0.5, 0.99].map(|share| (of(&small, share), of(&large, share)));
        println!(
            "| {title} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} |",
            p50.0,
            p50.1,
            p50.1 / p50.0,
            p99.0,
            p99.1,
            p99.1 / p99.0
        );
    }
}

/// What recording a rendered picture does, without raising doubts.
fn look(conn: &mut Conn, print: Fingerprint, sha256: Digest, of: UnitId, writes: bool) {
    if writes {
        dialect::begin_immediate(conn).unwrap();
        fingerprints::note(conn, &sha256, Some(print), Timestamp::from_micros(1 << 50)).unwrap();
        fingerprints::note_for_unit(conn, of, print, Timestamp::from_micros(1 << 50)).unwrap();
    }
    let near = fingerprints::near(conn, print, Some(of)).unwrap();
    for (_, near) in near.into_iter().take(16) {
        fingerprints::uses(conn, near, &sha256, 200).unwrap();
    }
    if writes {
        dialect::commit(conn).unwrap();
    }
}

fn filled(name: &str, url: &DatabaseUrl, size: u64) -> Conn {
    let mut conn = url.connect(Purpose::Write).unwrap();
    migrate(&mut conn).unwrap();
    if count(&mut conn, "blobs") == size.cast_signed() && count(&mut conn, "unit_fingerprint_bands") > 0 {
        return conn;
    }
    let begun = Instant::now();
    let is_sqlite = matches!(conn, Conn::Sqlite(_));
    conn.batch_execute(if is_sqlite {
        "PRAGMA foreign_keys=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-2000000"
    } else {
        "SET session_replication_role = replica; SET synchronous_commit = off; SET work_mem = '1GB'"
    })
    .unwrap();
    let bytes = |hex: &str| if is_sqlite { format!("x'{hex}'") } else { format!("'\\x{hex}'::bytea") };
    let mut sql = "BEGIN;".to_owned();
    for number in 0..units(size) {
        let id = bytes(&unit(number, size).0.simple().to_string());
        writeln!(sql, "INSERT INTO units (id, code, name, kind, area_code, active) VALUES ({id}, 'U{number}', '{number}', 'bureau', '990001', TRUE);").unwrap();
    }
    conn.batch_execute(&sql).unwrap();
    for first in (0..size).step_by(ROWS as usize) {
        let mut sql = "INSERT INTO blobs (sha256, size_bytes, media_type, orientation, exif, fingerprint, rendered_at, scrubbed_at, created_at, indexed_at) VALUES ".to_owned();
        for number in first..(first + ROWS).min(size) {
            let comma = if number == first { "" } else { "," };
            let (sha256, bits) = (bytes(&digest(number).to_string()), print(number).bits().cast_signed());
            write!(sql, "{comma}({sha256},3000000,'image/jpeg',1,'{{}}',{bits},0,0,{number},0)").unwrap();
        }
        conn.batch_execute(&sql).unwrap();
    }
    println!("{name}, {size}: rows after {:.0} s", begun.elapsed().as_secs_f64());
    let unit = if is_sqlite {
        format!("unhex(printf('%032x', created_at % {}))", units(size))
    } else {
        format!("decode(lpad(to_hex(created_at % {}), 32, '0'), 'hex')", units(size))
    };
    fill_bands(&mut conn, "fingerprint_bands", BANDS_ANYWHERE, None);
    fill_bands(&mut conn, "unit_fingerprint_bands", BANDS_SAME_UNIT, Some(&unit));
    conn.batch_execute("COMMIT").unwrap();
    println!("{name}, {size}: bands after {:.0} s", begun.elapsed().as_secs_f64());
    conn.batch_execute(if is_sqlite { "PRAGMA wal_checkpoint(TRUNCATE); ANALYZE" } else { "VACUUM ANALYZE" }).unwrap();
    println!("{name}, {size}: ready after {:.0} s", begun.elapsed().as_secs_f64());
    drop(conn);
    url.connect(Purpose::Write).unwrap()
}

/// As if each had been recorded on its own: a crowded key has its newest.
fn fill_bands(conn: &mut Conn, table: &str, bands: Bands, unit: Option<&str>) {
    let (name, value, part) =
        unit.map_or(("", String::new(), ""), |unit| ("unit_id, ", format!("{unit} AS unit_id, "), "unit_id, "));
    for (kept, set) in bands.recipes() {
        let key = format!("(fingerprint & {}) | {}", kept.cast_signed(), set.cast_signed());
        conn.batch_execute(&format!(
            "INSERT INTO {table} ({name}band_key, fingerprint, noted_at)
             SELECT {name}band_key, fingerprint, noted_at FROM (
                 SELECT {name}band_key, fingerprint, noted_at,
                     row_number() OVER (PARTITION BY {part}band_key ORDER BY noted_at DESC, fingerprint) AS place
                 FROM (SELECT {value}{key} AS band_key, fingerprint, max(created_at) AS noted_at FROM blobs GROUP BY 1, 2 {}) d
             ) r WHERE place <= {CROWD_MAX}",
            if unit.is_some() { ", 3" } else { "" }
        ))
        .unwrap();
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    count: i64,
}

fn count(conn: &mut Conn, table: &str) -> i64 {
    let sql = format!("SELECT count(*) AS count FROM {table}");
    let found: Count = match conn {
        Conn::Sqlite(conn) => diesel::sql_query(sql).get_result(conn).unwrap(),
        Conn::Postgres(conn) => diesel::sql_query(sql).get_result(conn).unwrap(),
    };
    found.count
}
