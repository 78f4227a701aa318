//! Renditions: made off the request on a bounded pool, or on demand if somebody asks first.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use crate::app::issues::{not_shown, raise_similar};
use crate::app::locks::{self, Lock};
use crate::app::{App, AppError, Result, blocking};
use crate::blobs::Variant;
use crate::domain::digest::Digest;
use crate::domain::fingerprint::Fingerprint;
use crate::domain::time::Timestamp;
use crate::media::{self, MediaKind, RenderError, Renditions};
use crate::store::fingerprints::{self, Use};
use crate::store::{Conn, evidence, photos};

/// Requests that may wait for a rendition; the next is refused at once. Source: our
/// choice, about five seconds' work for two cores.
const WAITING_MAX: usize = 64;
/// Issues that are told of a photo's doubts once it is rendered; those that use it later are told then.
/// Source: our choice.
const USES_MAX: i64 = 100;

/// As many pictures at once as there are cores.
#[derive(Clone)]
pub struct Renderer {
    permits: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
}

impl Renderer {
    /// A pool that works on `cores` pictures at once.
    #[must_use]
    pub fn new(cores: usize) -> Self {
        Renderer { permits: Arc::new(Semaphore::new(cores.max(1))), waiting: Arc::new(AtomicUsize::new(0)) }
    }
}

/// Makes the renditions of an original, unless they are there, and notes its fingerprint.
///
/// # Errors
/// [`AppError::NoPreview`] when there can be none, [`AppError::Busy`] when too many wait,
/// [`AppError::Internal`] when the original is not what it was.
pub async fn render(app: &App, digest: Digest) -> Result<()> {
    let blob = app.store.read(move |conn| photos::find_blob(conn, &digest)?.ok_or(AppError::NotFound)).await?;
    if blob.render_error.is_some() {
        return Err(AppError::NoPreview);
    }
    let kind = MediaKind::from_media_type(&blob.media_type)
        .ok_or_else(|| AppError::Internal(format!("stored media type {}", blob.media_type)))?;
    let made = make(app, digest, kind, u8::try_from(blob.orientation).unwrap_or(1)).await?;
    let (now, first) = (app.now(), blob.rendered_at.is_none());
    match made {
        Ok(fingerprint) if first => {
            // Two that are alike may be noted by two nodes at once: each is there for all to find before it looks
            // for the other.
            app.store
                .write(move |conn| {
                    locks::take(conn, fingerprint.map(|print| Lock::Fingerprint(print.bits())))?;
                    Ok::<_, AppError>(fingerprints::note(conn, &digest, fingerprint, now)?)
                })
                .await?;
            app.store.write(move |conn| note(conn, digest, now)).await
        }
        Ok(_) => Ok(()),
        Err(reason) => {
            app.store.write(move |conn| note_none(conn, digest, &reason, now)).await?;
            Err(AppError::NoPreview)
        }
    }
}

/// Draws and keeps both renditions; `Err` inside is why there can be none.
async fn make(
    app: &App,
    digest: Digest,
    kind: MediaKind,
    orientation: u8,
) -> Result<std::result::Result<Option<Fingerprint>, RenderError>> {
    let renderer = app.renderer.clone();
    if renderer.waiting.fetch_add(1, Ordering::AcqRel) >= WAITING_MAX {
        renderer.waiting.fetch_sub(1, Ordering::AcqRel);
        return Err(AppError::Busy(Duration::from_secs(2)));
    }
    let permit = renderer.permits.clone().acquire_owned().await;
    renderer.waiting.fetch_sub(1, Ordering::AcqRel);
    let permit = permit.map_err(|_| AppError::Busy(Duration::from_secs(2)))?;
    let (store, metrics) = (app.photo_store.clone(), app.metrics.clone());
    blocking(move || {
        let _permit = permit;
        let bytes = super::serve::read_verified(&store, &digest)?;
        let begun = Instant::now();
        let drawn = media::render(&bytes, kind, orientation);
        metrics.rendered(begun.elapsed());
        match drawn {
            Ok(Renditions { view, thumb, fingerprint, .. }) => {
                store.put_rendition(&digest, Variant::View, &view)?;
                store.put_rendition(&digest, Variant::Thumb, &thumb)?;
                Ok(Ok(fingerprint))
            }
            Err(reason) => Ok(Err(reason)),
        }
    })
    .await
}

/// Notes that it can be seen, and doubts what it resembles.
fn note(conn: &mut Conn, digest: Digest, now: Timestamp) -> Result<()> {
    let uses = locked_uses(conn, &digest)?;
    photos::note_rendered(conn, &digest, now)?;
    let Some(blob) = photos::find_blob(conn, &digest)? else { return Ok(()) };
    for this in uses {
        raise_similar(conn, &this, &blob, now)?;
    }
    Ok(())
}

/// The photos that show these bytes, once nobody else can add one or say anything of their issues: a report that
/// is being written finds the fingerprint, or is found here.
fn locked_uses(conn: &mut Conn, digest: &Digest) -> Result<Vec<Use>> {
    locks::take(conn, [Lock::Bytes(*digest)])?;
    let uses = fingerprints::uses_of_bytes(conn, digest, USES_MAX)?;
    locks::take(conn, uses.iter().map(|this| Lock::Issue(this.issue_id)))?;
    // Once more: an issue may have come to another unit before it was locked.
    let uses = fingerprints::uses_of_bytes(conn, digest, USES_MAX)?;
    locks::take(conn, uses.iter().filter_map(|this| Some(Lock::UnitPhotos(this.unit_id?))))?;
    Ok(uses)
}

/// Notes that it cannot be seen, and doubts every issue that uses it.
fn note_none(conn: &mut Conn, digest: Digest, reason: &RenderError, now: Timestamp) -> Result<()> {
    let uses = locked_uses(conn, &digest)?;
    photos::note_unrenderable(conn, &digest, &reason.to_string())?;
    let Some(blob) = photos::find_blob(conn, &digest)? else { return Ok(()) };
    for this in uses {
        evidence::raise(conn, this.issue_id, &[not_shown(&blob, this.photo_id, reason)], now)?;
    }
    Ok(())
}
