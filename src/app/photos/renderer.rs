//! Renditions: made in the background on a limited pool, or on demand when somebody asks first.

use std::time::Instant;

use crate::admission::{self, Gate, Who};
use crate::app::change;
use crate::app::county::CountyCache;
use crate::app::issues::{not_shown, raise_compared, raise_similar};
use crate::app::locks::{Lock, Locks};
use crate::app::{App, AppError, Result, blocking};
use crate::blobs::{BlobError, PhotoStore, Variant};
use crate::domain::digest::Digest;
use crate::domain::fingerprint::Fingerprint;
use crate::domain::mark::Mark;
use crate::domain::photo::Blob;
use crate::domain::time::Timestamp;
use crate::media::{self, MediaKind, RenderError, Renditions};
use crate::store::fingerprints::{self, PhotoUse};
use crate::store::{Conn, evidence, photos};

/// Issues whose doubts are recorded when a photo is rendered; later uses record theirs when they happen. Source: our
/// choice.
const USES_MAX: i64 = 100;

/// Renders as many pictures at once as there are cores.
#[derive(Clone)]
pub struct Renderer {
    /// Limits the pictures at once.
    pub gate: Gate,
}

impl Renderer {
    /// A pool for `cores` pictures at once.
    #[must_use]
    pub fn new(cores: usize) -> Self {
        Renderer { gate: Gate::new(admission::renditions(cores)) }
    }
}

/// Which of the two pictures of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenditionSize {
    /// The picture shown on an issue's page.
    View,
    /// The picture shown in a list.
    Thumb,
}

impl RenditionSize {
    pub(super) const fn plain(self) -> Variant {
        match self {
            RenditionSize::View => Variant::View,
            RenditionSize::Thumb => Variant::Thumb,
        }
    }

    pub(super) const fn marked(self) -> Variant {
        match self {
            RenditionSize::View => Variant::MarkedView,
            RenditionSize::Thumb => Variant::MarkedThumb,
        }
    }

    fn of(self, renditions: Renditions) -> Vec<u8> {
        match self {
            RenditionSize::View => renditions.view,
            RenditionSize::Thumb => renditions.thumb,
        }
    }
}

/// An original with marks drawn on it.
#[derive(Debug, Clone)]
pub(super) struct Marked {
    original: Digest,
    marks: Vec<Mark>,
    /// The name that its renditions are stored under.
    pub(super) name: Digest,
}

impl Marked {
    /// # Errors
    /// None for marks that were read.
    pub(super) fn new(original: Digest, marks: Vec<Mark>) -> Result<Self> {
        let told = serde_json::to_vec(&(original, &marks)).map_err(|error| AppError::Internal(error.to_string()))?;
        Ok(Marked { original, marks, name: Digest::of(&told) })
    }
}

/// What was rendered, and whether it could be stored.
struct Drawn {
    renditions: Renditions,
    kept: std::result::Result<(), BlobError>,
}

/// Makes the renditions of an original, stores them and records its fingerprint, on behalf of `who`.
///
/// # Errors
/// [`AppError::NoPreview`] when there can be none, [`AppError::Busy`] when too many wait, or too many of `who`,
/// [`AppError::Internal`] when the original is damaged.
pub async fn render(app: &App, who: Who, digest: Digest) -> Result<()> {
    let (drawn, noted) = make_and_note(app, who, digest).await?;
    drawn.kept?;
    noted
}

/// One rendition of an original that has none stored, for somebody who waits for it. If it cannot be stored, for
/// example on a full disk, it is shown all the same.
///
/// # Errors
/// As [`render`], except for a failure to store.
pub(super) async fn draw(app: &App, who: Who, digest: Digest, size: RenditionSize) -> Result<Vec<u8>> {
    let (Drawn { renditions, kept }, noted) = make_and_note(app, who, digest).await?;
    if let Err(error) = kept {
        tracing::warn!(%error, "a rendition was not kept");
    }
    if let Err(error) = noted {
        tracing::warn!(%error, "a rendition was not noted");
    }
    Ok(size.of(renditions))
}

/// One rendition of an original with marks, of which none is stored. This one is only stored; the fingerprint is
/// recorded by the background job that renders the picture without marks.
///
/// # Errors
/// As [`draw`].
pub(super) async fn draw_marked(app: &App, who: Who, marked: Marked, size: RenditionSize) -> Result<Vec<u8>> {
    let original = marked.original;
    let blob = app.store.read(move |conn| photos::find_blob(conn, &original)?.ok_or(AppError::NotFound)).await?;
    // A caller who may not see the original's renditions sees no others of it.
    let Drawn { renditions, kept } = make(app, who, &blob, Some(marked)).await?.map_err(|_| AppError::NoPreview)?;
    if let Err(error) = kept {
        tracing::warn!(%error, "a rendition was not kept");
    }
    Ok(size.of(renditions))
}

async fn make_and_note(app: &App, who: Who, digest: Digest) -> Result<(Drawn, Result<()>)> {
    let blob = app.store.read(move |conn| photos::find_blob(conn, &digest)?.ok_or(AppError::NotFound)).await?;
    if blob.render_error.is_some() {
        return Err(AppError::NoPreview);
    }
    let made = make(app, who, &blob, None).await?;
    let (now, first) = (app.now(), blob.rendered_at.is_none());
    match made {
        Ok(drawn) => {
            let fingerprint = drawn.renditions.fingerprint;
            // What could not be stored is rendered and recorded again later.
            let noted =
                if first && drawn.kept.is_ok() { note_drawn(app, digest, fingerprint, now).await } else { Ok(()) };
            Ok((drawn, noted))
        }
        Err(reason) => {
            change::locked(app, [Lock::Bytes(digest)], move |conn, locks| note_none(conn, locks, digest, &reason, now))
                .await?;
            Err(AppError::NoPreview)
        }
    }
}

/// Records what was rendered. Two nodes may record similar pictures at once: each adds its own to the index before it
/// searches, so the other is found.
async fn note_drawn(app: &App, digest: Digest, fingerprint: Option<Fingerprint>, now: Timestamp) -> Result<()> {
    let lock = fingerprint.map(|print| Lock::Fingerprint(print.bits()));
    change::locked(app, lock, move |conn, _| Ok(fingerprints::note(conn, &digest, fingerprint, now)?)).await?;
    let county = app.county.clone();
    change::locked(app, [Lock::Bytes(digest)], move |conn, locks| note(conn, locks, &county, digest, now)).await
}

/// Renders both sizes, with the marks if any, and stores them if there is room; an inner `Err` says why there can be
/// none.
async fn make(
    app: &App,
    who: Who,
    blob: &Blob,
    marked: Option<Marked>,
) -> Result<std::result::Result<Drawn, RenderError>> {
    let digest = blob.sha256;
    let kind = MediaKind::from_media_type(&blob.media_type)
        .ok_or_else(|| AppError::Internal(format!("stored media type {}", blob.media_type)))?;
    let orientation = u8::try_from(blob.orientation).unwrap_or(1);
    let place = app.renderer.gate.enter(who).await?;
    let (store, metrics) = (app.photo_store.clone(), app.metrics.clone());
    let is_short = app.store.is_short_of_room();
    let made = blocking(move || {
        // The place belongs to the work, not to the request: a client that disconnects does not free it early.
        let _place = place;
        let bytes = match super::serve::read_verified(&store, &digest) {
            Ok(Some(bytes)) => bytes,
            other => return Ok(other.map(|_| None)),
        };
        let begun = Instant::now();
        let marks = marked.as_ref().map_or(&[][..], |marked| &marked.marks);
        let drawn = media::render_marked(&bytes, kind, orientation, marks);
        metrics.rendered(begun.elapsed());
        Ok(Ok(Some(match drawn {
            Ok(renditions) => {
                let kept = match &marked {
                    _ if is_short => Err(BlobError::Full),
                    Some(marked) => keep(&store, &marked.name, RenditionSize::marked, &renditions),
                    None => keep(&store, &digest, RenditionSize::plain, &renditions),
                };
                Ok(Drawn { renditions, kept })
            }
            Err(reason) => Err(reason),
        })))
    })
    .await?;
    super::serve::sound(app, digest, made).await
}

fn keep(
    store: &PhotoStore,
    name: &Digest,
    variant: impl Fn(RenditionSize) -> Variant,
    renditions: &Renditions,
) -> std::result::Result<(), BlobError> {
    store.put_rendition(name, variant(RenditionSize::View), &renditions.view)?;
    store.put_rendition(name, variant(RenditionSize::Thumb), &renditions.thumb)
}

/// Records that it can be shown, and raises doubts about similar photos.
fn note(conn: &mut Conn, locks: &mut Locks, county: &CountyCache, digest: Digest, now: Timestamp) -> Result<()> {
    let uses = locked_uses(conn, locks, &digest)?;
    photos::note_rendered(conn, &digest, now)?;
    let Some(blob) = photos::find_blob(conn, &digest)? else { return Ok(()) };
    let county = county.load(conn)?;
    for this in uses {
        raise_compared(conn, &county, &this, &blob, now)?;
        raise_similar(conn, locks, &this, &blob, now)?;
    }
    Ok(())
}

/// The photos that use these bytes, locked so that nobody can add one or change their issues: a report that is being
/// written either finds the fingerprint or is found here. Call it with the bytes locked.
fn locked_uses(conn: &mut Conn, locks: &mut Locks, digest: &Digest) -> Result<Vec<PhotoUse>> {
    let uses = fingerprints::uses_of_bytes(conn, digest, USES_MAX)?;
    locks.take(conn, uses.iter().map(|this| Lock::Issue(this.issue_id)))?;
    // Read again: an issue may have moved to another unit before it was locked.
    let uses = fingerprints::uses_of_bytes(conn, digest, USES_MAX)?;
    locks.take(conn, uses.iter().filter_map(|this| Some(Lock::UnitPhotos(this.unit_id?))))?;
    Ok(uses)
}

/// Records that it cannot be shown, and raises a doubt on every issue that uses it.
fn note_none(conn: &mut Conn, locks: &mut Locks, digest: Digest, reason: &RenderError, now: Timestamp) -> Result<()> {
    let uses = locked_uses(conn, locks, &digest)?;
    photos::note_unrenderable(conn, &digest, &reason.to_string())?;
    let Some(blob) = photos::find_blob(conn, &digest)? else { return Ok(()) };
    for this in uses {
        evidence::raise(conn, this.issue_id, &[not_shown(&blob, this.photo_id, reason)], now)?;
    }
    Ok(())
}
