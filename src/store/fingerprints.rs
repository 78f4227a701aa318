//! Fingerprints, indexed so that similar ones are found among millions (ADR 0015).
//!
//! Two indexes of one kind: one for all fingerprints, and one for those of each unit, in which more bits may differ.
//! Each holds a fingerprint once, however many pictures have it, under one key for each of its bands. A look-up reads a
//! bounded number of rows: it uses a fixed number of keys, and a key keeps only its newest [`CROWD_MAX`] fingerprints.

use diesel::dsl::count_star;
use diesel::prelude::*;

use crate::domain::digest::Digest;
use crate::domain::fingerprint::{BANDS_ANYWHERE, BANDS_SAME_UNIT, Fingerprint, Likeness};
use crate::domain::ids::{IssueId, PhotoId, PointId, UnitId, UserId};
use crate::domain::issue::{Issue, PhotoStage, PhotoView};
use crate::domain::time::Timestamp;
use crate::store::dialect::insert_all;
use crate::store::schema::{blobs, fingerprint_bands, issue_photos, issues, photos, unit_fingerprint_bands};
use crate::store::{Conn, StoreError};

/// Fingerprints under one key; the oldest is removed when another comes. Source: our choice. If evenly spread,
/// 10,000,000 fingerprints give 5 for each key; crowded keys belong to pictures with little detail, which resemble
/// many. Exactly equal fingerprints are always found.
pub const CROWD_MAX: i64 = 24;

/// Generates, for a table, how a fingerprint is added to its index and how similar ones are found.
macro_rules! index {
    ($note:ident, $near:ident, $table:ident, $bands:ident $(, $unit:ident)?) => {
        fn $note(conn: &mut Conn, $($unit: UnitId,)? print: Fingerprint, at: Timestamp) -> Result<(), StoreError> {
            let keys = $bands.keys(print);
            let of_its_keys = $table::table $(.filter($table::unit_id.eq($unit)))?
                .filter($table::band_key.eq_any(&keys));
            diesel::delete(of_its_keys.clone().filter($table::fingerprint.eq(print))).execute(conn)?;
            let rows: Vec<_> = keys
                .iter()
                .map(|key| (
                    $($table::unit_id.eq($unit),)?
                    $table::band_key.eq(*key),
                    $table::fingerprint.eq(print),
                    $table::noted_at.eq(at),
                ))
                .collect();
            insert_all!(conn, $table::table, rows);
            let crowded: Vec<i64> = of_its_keys
                .group_by($table::band_key)
                .having(count_star().gt(CROWD_MAX))
                .select($table::band_key)
                .load(conn)?;
            for key in crowded {
                let crowd = $table::table $(.filter($table::unit_id.eq($unit)))? .filter($table::band_key.eq(key));
                let oldest: Vec<Fingerprint> = crowd.clone()
                    .order(($table::noted_at.desc(), $table::fingerprint))
                    .offset(CROWD_MAX)
                    .limit(CROWD_MAX)
                    .select($table::fingerprint)
                    .load(conn)?;
                for print in oldest {
                    diesel::delete(crowd.clone().filter($table::fingerprint.eq(print))).execute(conn)?;
                }
            }
            Ok(())
        }

        fn $near(conn: &mut Conn, $($unit: UnitId,)? print: Fingerprint) -> Result<Vec<Fingerprint>, StoreError> {
            let mut keys = $bands.probes(print);
            keys.extend($bands.probes(print.mirrored()));
            Ok($table::table $(.filter($table::unit_id.eq($unit)))?
                .filter($table::band_key.eq_any(&keys))
                .select($table::fingerprint)
                .load(conn)?)
        }
    };
}

index!(note_anywhere, near_anywhere, fingerprint_bands, BANDS_ANYWHERE);
index!(note_of_unit, near_in_unit, unit_fingerprint_bands, BANDS_SAME_UNIT, unit);

/// Stores the fingerprint of some bytes and adds it to the index; `None` for a picture too flat to compare. Call it
/// with the fingerprint locked.
pub fn note(conn: &mut Conn, sha256: &Digest, print: Option<Fingerprint>, at: Timestamp) -> Result<(), StoreError> {
    diesel::update(blobs::table.filter(blobs::sha256.eq(sha256)))
        .set((blobs::fingerprint.eq(print), blobs::indexed_at.eq(at)))
        .execute(conn)?;
    let Some(print) = print else { return Ok(()) };
    note_anywhere(conn, print, at)
}

/// Adds bytes whose fingerprint is older than this index to the indexes, of all fingerprints and of the units whose
/// issues use them; `came` is when they arrived. Call it with the units' photos and the fingerprint locked.
pub fn index(
    conn: &mut Conn,
    sha256: &Digest,
    print: Fingerprint,
    came: Timestamp,
    at: Timestamp,
) -> Result<(), StoreError> {
    note_anywhere(conn, print, came)?;
    for unit in units_with(conn, sha256)? {
        note_for_unit(conn, unit, print, came)?;
    }
    diesel::update(blobs::table.filter(blobs::sha256.eq(sha256))).set(blobs::indexed_at.eq(at)).execute(conn)?;
    Ok(())
}

/// Adds a fingerprint to the index of a unit. Call it with the unit's photos locked.
pub fn note_for_unit(conn: &mut Conn, unit: UnitId, print: Fingerprint, at: Timestamp) -> Result<(), StoreError> {
    note_of_unit(conn, unit, print, at)
}

/// Removes a fingerprint from the index of all, unless other stored bytes have it. Only bytes that no issue ever used
/// are removed, and those are in no unit's index.
pub fn forget(conn: &mut Conn, print: Fingerprint) -> Result<(), StoreError> {
    let kept = blobs::table.filter(blobs::fingerprint.eq(print));
    if diesel::select(diesel::dsl::exists(kept)).get_result(conn)? {
        return Ok(());
    }
    diesel::delete(
        fingerprint_bands::table
            .filter(fingerprint_bands::band_key.eq_any(BANDS_ANYWHERE.keys(print)))
            .filter(fingerprint_bands::fingerprint.eq(print)),
    )
    .execute(conn)?;
    Ok(())
}

/// Fingerprints similar to `print`, as they are or mirrored, the most similar first; those of `unit` may differ more.
/// `print` itself and its mirror image are always among them, stored or not.
pub fn near(
    conn: &mut Conn,
    print: Fingerprint,
    unit: Option<UnitId>,
) -> Result<Vec<(Likeness, Fingerprint)>, StoreError> {
    let measured = |others: Vec<Fingerprint>, same_unit| {
        let all = others.into_iter().map(move |other| (print.likeness(other), other));
        all.filter(move |(likeness, _)| likeness.is_near(same_unit))
    };
    let mut found: Vec<_> = measured(vec![print, print.mirrored()], false).collect();
    found.extend(measured(near_anywhere(conn, print)?, false));
    if let Some(unit) = unit {
        found.extend(measured(near_in_unit(conn, unit, print)?, true));
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// A photo on an issue, with what decides whether it may resemble another.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct PhotoUse {
    /// The issue.
    pub issue_id: IssueId,
    /// The upload.
    pub photo_id: PhotoId,
    /// The responsible unit, once there is one.
    pub unit_id: Option<UnitId>,
    /// The finder.
    pub finder_id: UserId,
    /// The point.
    pub point_id: PointId,
    /// The item.
    pub item_code: String,
    /// Device time of the finding.
    pub captured_at: Timestamp,
}

impl PhotoUse {
    /// The use of a photo on this issue.
    #[must_use]
    pub fn on(issue: &Issue, photo_id: PhotoId) -> Self {
        PhotoUse {
            issue_id: issue.id,
            photo_id,
            unit_id: issue.assignment.unit_id,
            finder_id: issue.finding.finder_id,
            point_id: issue.finding.point_id,
            item_code: issue.finding.item_code.clone(),
            captured_at: issue.finding.captured_at,
        }
    }
}

macro_rules! uses {
    () => {
        issue_photos::table
            .inner_join(photos::table.on(photos::id.eq(issue_photos::photo_id)))
            .inner_join(blobs::table.on(blobs::sha256.eq(photos::sha256)))
            .inner_join(issues::table.on(issues::id.eq(issue_photos::issue_id)))
            .select((
                issue_photos::issue_id,
                issue_photos::photo_id,
                issues::unit_id,
                issues::finder_id,
                issues::point_id,
                issues::item_code,
                issues::captured_at,
            ))
    };
}

/// Uses of pictures with this fingerprint, other than the bytes `but`: the oldest uploads, at most `limit`.
pub fn uses(conn: &mut Conn, print: Fingerprint, but: &Digest, limit: i64) -> Result<Vec<PhotoUse>, StoreError> {
    Ok(uses!()
        .filter(blobs::fingerprint.eq(print))
        .filter(blobs::sha256.ne(but))
        .order(blobs::seq)
        .limit(limit)
        .load(conn)?)
}

/// Uses of these bytes, the first upload first, at most `limit`.
pub fn uses_of_bytes(conn: &mut Conn, sha256: &Digest, limit: i64) -> Result<Vec<PhotoUse>, StoreError> {
    Ok(uses!().filter(photos::sha256.eq(sha256)).order((photos::received_at, photos::id)).limit(limit).load(conn)?)
}

/// Bytes whose fingerprint is older than this index: digest, fingerprint, when they arrived.
pub fn not_indexed(conn: &mut Conn, limit: i64) -> Result<Vec<(Digest, Fingerprint, Timestamp)>, StoreError> {
    Ok(blobs::table
        .filter(blobs::fingerprint.is_not_null())
        .filter(blobs::indexed_at.is_null())
        .order(blobs::seq)
        .limit(limit)
        .select((blobs::sha256, blobs::fingerprint.assume_not_null(), blobs::created_at))
        .load(conn)?)
}

/// The units whose issues use these bytes.
pub fn units_with(conn: &mut Conn, sha256: &Digest) -> Result<Vec<UnitId>, StoreError> {
    Ok(issue_photos::table
        .inner_join(photos::table.on(photos::id.eq(issue_photos::photo_id)))
        .inner_join(issues::table.on(issues::id.eq(issue_photos::issue_id)))
        .filter(photos::sha256.eq(sha256))
        .filter(issues::unit_id.is_not_null())
        .select(issues::unit_id.assume_not_null())
        .distinct()
        .load(conn)?)
}

/// The photos of an issue whose fingerprints are known.
pub fn of_issue(
    conn: &mut Conn,
    issue: IssueId,
) -> Result<Vec<(PhotoId, PhotoStage, PhotoView, Fingerprint)>, StoreError> {
    Ok(issue_photos::table
        .inner_join(photos::table.on(photos::id.eq(issue_photos::photo_id)))
        .inner_join(blobs::table.on(blobs::sha256.eq(photos::sha256)))
        .filter(issue_photos::issue_id.eq(issue))
        .filter(blobs::fingerprint.is_not_null())
        .select((issue_photos::photo_id, issue_photos::stage, issue_photos::view, blobs::fingerprint.assume_not_null()))
        .load(conn)?)
}
