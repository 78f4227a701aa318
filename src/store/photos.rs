//! Uploads and the sealed bytes they refer to.

use diesel::prelude::*;

use crate::domain::digest::Digest;
use crate::domain::fingerprint::Fingerprint;
use crate::domain::ids::{IssueId, PhotoId, UserId};
use crate::domain::photo::{Blob, Photo};
use crate::domain::time::Timestamp;
use crate::store::dialect::{ASKED_AT_ONCE, each_some};
use crate::store::schema::{blobs, issue_photos, photos};
use crate::store::{Conn, StoreError, fingerprints};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = blobs)]
struct BlobRow {
    sha256: Digest,
    size_bytes: i64,
    media_type: String,
    width: Option<i32>,
    height: Option<i32>,
    orientation: i32,
    exif: String,
    fingerprint: Option<Fingerprint>,
    rendered_at: Option<Timestamp>,
    render_error: Option<String>,
    scrubbed_at: Timestamp,
    created_at: Timestamp,
    indexed_at: Option<Timestamp>,
}

impl TryFrom<BlobRow> for Blob {
    type Error = StoreError;

    fn try_from(row: BlobRow) -> Result<Self, StoreError> {
        Ok(Blob {
            sha256: row.sha256,
            size_bytes: row.size_bytes,
            media_type: row.media_type,
            width: row.width,
            height: row.height,
            orientation: row.orientation,
            exif: serde_json::from_str(&row.exif).map_err(|error| StoreError::Corrupt(error.to_string()))?,
            fingerprint: row.fingerprint,
            rendered_at: row.rendered_at,
            render_error: row.render_error,
            created_at: row.created_at,
        })
    }
}

/// The upload with this id, if it has arrived.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn find(conn: &mut Conn, id: PhotoId) -> Result<Option<Photo>, StoreError> {
    let row: Option<(BlobRow, UserId, Timestamp)> = photos::table
        .inner_join(blobs::table.on(blobs::sha256.eq(photos::sha256)))
        .filter(photos::id.eq(id))
        .select((BlobRow::as_select(), photos::uploader_id, photos::received_at))
        .first(conn)
        .optional()?;
    row.map(|(blob, uploader_id, received_at)| Ok(Photo { id, blob: blob.try_into()?, uploader_id, received_at }))
        .transpose()
}

/// The uploads among `ids` that have arrived, in this order.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn find_many(conn: &mut Conn, ids: &[PhotoId]) -> Result<Vec<Photo>, StoreError> {
    let rows: Vec<(PhotoId, BlobRow, UserId, Timestamp)> = each_some(ids, |some| {
        Ok(photos::table
            .inner_join(blobs::table.on(blobs::sha256.eq(photos::sha256)))
            .filter(photos::id.eq_any(some))
            .select((photos::id, BlobRow::as_select(), photos::uploader_id, photos::received_at))
            .load(conn)?)
    })?;
    let mut found = rows
        .into_iter()
        .map(|(id, blob, uploader_id, received_at)| Ok(Photo { id, blob: blob.try_into()?, uploader_id, received_at }))
        .collect::<Result<Vec<_>, StoreError>>()?;
    found.sort_by_key(|photo| ids.iter().position(|id| *id == photo.id));
    Ok(found)
}

/// The stored bytes with this digest, if any.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn find_blob(conn: &mut Conn, sha256: &Digest) -> Result<Option<Blob>, StoreError> {
    let row: Option<BlobRow> =
        blobs::table.filter(blobs::sha256.eq(sha256)).select(BlobRow::as_select()).first(conn).optional()?;
    row.map(Blob::try_from).transpose()
}

/// Records bytes that are on stable storage.
///
/// # Errors
/// [`StoreError::Conflict`] when the same bytes were recorded at the same moment.
pub fn insert_blob(conn: &mut Conn, blob: &Blob) -> Result<(), StoreError> {
    let row = BlobRow {
        sha256: blob.sha256,
        size_bytes: blob.size_bytes,
        media_type: blob.media_type.clone(),
        width: blob.width,
        height: blob.height,
        orientation: blob.orientation,
        exif: blob.exif.to_string(),
        fingerprint: None,
        rendered_at: None,
        render_error: blob.render_error.clone(),
        scrubbed_at: blob.created_at,
        created_at: blob.created_at,
        indexed_at: None,
    };
    diesel::insert_into(blobs::table).values(row).execute(conn)?;
    Ok(())
}

/// Records an upload.
///
/// # Errors
/// [`StoreError::Conflict`] when the id was taken at the same moment.
pub fn insert(conn: &mut Conn, photo: &Photo, claimed: bool) -> Result<(), StoreError> {
    diesel::insert_into(photos::table)
        .values((
            photos::id.eq(photo.id),
            photos::sha256.eq(photo.blob.sha256),
            photos::uploader_id.eq(photo.uploader_id),
            photos::received_at.eq(photo.received_at),
            photos::claimed_at.eq(claimed.then_some(photo.received_at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Records that these uploads belong to issues or visits.
pub fn claim(conn: &mut Conn, ids: &[PhotoId], at: Timestamp) -> Result<(), StoreError> {
    for some in ids.chunks(ASKED_AT_ONCE) {
        diesel::update(photos::table.filter(photos::id.eq_any(some)).filter(photos::claimed_at.is_null()))
            .set(photos::claimed_at.eq(at))
            .execute(conn)?;
    }
    Ok(())
}

/// An upload that has arrived: id, uploader, digest.
pub type Arrived = (PhotoId, UserId, Digest);

/// The uploads among `ids` that have arrived.
pub fn arrived(conn: &mut Conn, ids: &[PhotoId]) -> Result<Vec<Arrived>, StoreError> {
    each_some(ids, |some| {
        Ok(photos::table
            .filter(photos::id.eq_any(some))
            .select((photos::id, photos::uploader_id, photos::sha256))
            .load(conn)?)
    })
}

/// The issues that a photo is attached to.
pub fn issues_with(conn: &mut Conn, id: PhotoId) -> Result<Vec<IssueId>, StoreError> {
    Ok(issue_photos::table.filter(issue_photos::photo_id.eq(id)).select(issue_photos::issue_id).load(conn)?)
}

/// Records that renditions were made.
pub fn note_rendered(conn: &mut Conn, sha256: &Digest, at: Timestamp) -> Result<(), StoreError> {
    diesel::update(blobs::table.filter(blobs::sha256.eq(sha256))).set(blobs::rendered_at.eq(at)).execute(conn)?;
    Ok(())
}

/// Records why no rendition can be made.
pub fn note_unrenderable(conn: &mut Conn, sha256: &Digest, reason: &str) -> Result<(), StoreError> {
    diesel::update(blobs::table.filter(blobs::sha256.eq(sha256))).set(blobs::render_error.eq(reason)).execute(conn)?;
    Ok(())
}

/// Uploads that neither an issue nor a visit names, older than `before`.
pub fn orphans(conn: &mut Conn, before: Timestamp, limit: i64) -> Result<Vec<(PhotoId, Digest)>, StoreError> {
    Ok(photos::table
        .filter(photos::claimed_at.is_null())
        .filter(photos::received_at.lt(before))
        .filter(diesel::dsl::not(diesel::dsl::exists(
            issue_photos::table.filter(issue_photos::photo_id.eq(photos::id)),
        )))
        .order(photos::received_at)
        .limit(limit)
        .select((photos::id, photos::sha256))
        .load(conn)?)
}

/// Deletes an orphan; answers whether no other upload has its bytes, so that the file may be removed.
pub fn remove_orphan(conn: &mut Conn, id: PhotoId, sha256: &Digest) -> Result<bool, StoreError> {
    diesel::delete(photos::table.filter(photos::id.eq(id)).filter(photos::claimed_at.is_null())).execute(conn)?;
    let used: i64 = photos::table.filter(photos::sha256.eq(sha256)).count().get_result(conn)?;
    if used == 0 {
        let print: Option<Option<Fingerprint>> = diesel::delete(blobs::table.filter(blobs::sha256.eq(sha256)))
            .returning(blobs::fingerprint)
            .get_result(conn)
            .optional()?;
        if let Some(print) = print.flatten() {
            fingerprints::forget(conn, print)?;
        }
    }
    Ok(used == 0)
}

/// The bytes that were re-hashed longest ago: before `before` or, after a clock was set back, after `after`; with their
/// lengths.
pub fn to_scrub(
    conn: &mut Conn,
    before: Timestamp,
    after: Timestamp,
    limit: i64,
) -> Result<Vec<(Digest, i64)>, StoreError> {
    Ok(blobs::table
        .filter(blobs::scrubbed_at.lt(before).or(blobs::scrubbed_at.gt(after)))
        .order(blobs::scrubbed_at)
        .limit(limit)
        .select((blobs::sha256, blobs::size_bytes))
        .load(conn)?)
}

/// Records that bytes were re-hashed.
pub fn note_scrubbed(conn: &mut Conn, digests: &[Digest], at: Timestamp) -> Result<(), StoreError> {
    for some in digests.chunks(ASKED_AT_ONCE) {
        diesel::update(blobs::table.filter(blobs::sha256.eq_any(some))).set(blobs::scrubbed_at.eq(at)).execute(conn)?;
    }
    Ok(())
}

/// Stored bytes in the order they arrived, after sequence number `after`: number, digest, length.
pub fn page(conn: &mut Conn, after: i64, limit: i64) -> Result<Vec<(i64, Digest, i64)>, StoreError> {
    Ok(blobs::table
        .filter(blobs::seq.gt(after))
        .order(blobs::seq)
        .limit(limit)
        .select((blobs::seq, blobs::sha256, blobs::size_bytes))
        .load(conn)?)
}

/// What a row says about an original, to be compared with its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct BlobFacts {
    /// Sequence number of the row.
    pub seq: i64,
    /// The digest.
    pub sha256: Digest,
    /// Length in bytes.
    pub size_bytes: i64,
    /// Media type.
    pub media_type: String,
    /// Width in pixels, upright.
    pub width: Option<i32>,
    /// Height in pixels, upright.
    pub height: Option<i32>,
    /// EXIF orientation.
    pub orientation: i32,
    /// The metadata; should be JSON.
    pub exif: String,
}

/// What the rows say about stored bytes, in the order they arrived, after sequence number `after`.
pub fn facts_page(conn: &mut Conn, after: i64, limit: i64) -> Result<Vec<BlobFacts>, StoreError> {
    Ok(blobs::table
        .filter(blobs::seq.gt(after))
        .order(blobs::seq)
        .limit(limit)
        .select((
            blobs::seq,
            blobs::sha256,
            blobs::size_bytes,
            blobs::media_type,
            blobs::width,
            blobs::height,
            blobs::orientation,
            blobs::exif,
        ))
        .load(conn)?)
}

/// Which of these digests have a row.
pub fn named(conn: &mut Conn, digests: &[Digest]) -> Result<Vec<Digest>, StoreError> {
    each_some(digests, |some| Ok(blobs::table.filter(blobs::sha256.eq_any(some)).select(blobs::sha256).load(conn)?))
}
