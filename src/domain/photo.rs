//! Photos: an upload, and the sealed bytes it refers to.

use super::digest::Digest;
use super::fingerprint::Fingerprint;
use super::ids::{PhotoId, UserId};
use super::time::Timestamp;

/// The sealed bytes of an original, shared by all uploads of the same bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Blob {
    /// Its name in the photo store.
    pub sha256: Digest,
    /// Length in bytes.
    pub size_bytes: i64,
    /// `image/jpeg`, `image/png`, `image/webp` or `image/heic`.
    pub media_type: String,
    /// Width in pixels when upright; `None` when unknown.
    pub width: Option<i32>,
    /// Height in pixels when upright.
    pub height: Option<i32>,
    /// EXIF orientation, 1–8.
    pub orientation: i32,
    /// The metadata, for the office only.
    pub exif: serde_json::Value,
    /// Its fingerprint, once computed; `None` also for a picture too flat to compare.
    pub fingerprint: Option<Fingerprint>,
    /// When its renditions were made.
    pub rendered_at: Option<Timestamp>,
    /// Why no rendition could be made.
    pub render_error: Option<String>,
    /// When its bytes first arrived.
    pub created_at: Timestamp,
}

/// One upload.
#[derive(Debug, Clone, PartialEq)]
pub struct Photo {
    /// Chosen by the client.
    pub id: PhotoId,
    /// The bytes.
    pub blob: Blob,
    /// Who sent it.
    pub uploader_id: UserId,
    /// Server time at which it was on stable storage.
    pub received_at: Timestamp,
}
