//! Taking a photo: streamed to disk while it is hashed, told by its bytes, sealed, and
//! only then noted. What is refused leaves nothing behind.

use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::Stream;
use tokio::sync::mpsc;

use super::pieces::{self, Piece};

use crate::admission::Place;
use crate::app::issues::{raise_photo_doubts, submit_if_complete};
use crate::app::locks::{self, Lock};
use crate::app::upkeep::remove_bytes;
use crate::app::{App, AppError, Caller, Result, blocking};
use crate::blobs::{BlobError, PhotoStore, Received, Sealed};
use crate::domain::digest::Digest;
use crate::domain::ids::{JobId, PhotoId, tells_time};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::job::JobKind;
use crate::domain::photo::{Blob, Photo};
use crate::domain::policy::Permission;
use crate::domain::time::Timestamp;
use crate::media::{Inspection, MediaKind, inspect, limits};
use crate::store::{Conn, dialect, issues, jobs, photos};

/// An upload as it is announced.
#[derive(Debug, Clone, Copy)]
pub struct Incoming {
    /// The id the client chose.
    pub id: PhotoId,
    /// What the client says it is.
    pub declared: MediaKind,
    /// What the bytes must hash to.
    pub expected: Option<Digest>,
}

/// Lets a body in that will be the photo `id`; the place is taken until it is dropped.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] for an id that tells a time, [`AppError::Unavailable`] once the disk
/// has failed, [`AppError::Busy`] when there is no place, or none for this person.
pub(super) async fn admit(app: &App, caller: &Caller, id: PhotoId) -> Result<Place> {
    caller.require(Permission::UploadPhoto)?;
    check_id(id)?;
    place(app, caller).await
}

fn check_id(id: PhotoId) -> Result<()> {
    if tells_time(id.0) {
        let detail = "a random UUID (version 4): this one tells a time";
        return Err(Invalid::one("/id", FieldCode::NotAllowed, detail).into());
    }
    Ok(())
}

async fn place(app: &App, caller: &Caller) -> Result<Place> {
    check_disk(&app.photos_failed)?;
    app.check_room()?;
    Ok(app.upload_places.enter(caller.who()).await?)
}

/// Refuses once a photo could not be synced.
pub(super) fn check_disk(failed: &AtomicBool) -> Result<()> {
    if failed.load(Ordering::Acquire) {
        return Err(AppError::Unavailable("the disk failed under the photos; uploads wait for a restart".into()));
    }
    Ok(())
}

/// Takes a photo and completes the reports that waited for it. The same bytes under the
/// same id again answer what is stored; `true` when they came for the first time.
///
/// # Errors
/// [`AppError::PhotoRejected`], [`AppError::MediaTypeMismatch`], [`AppError::DigestMismatch`],
/// [`AppError::PhotoTooLarge`], [`AppError::IdReused`], [`AppError::BodyIncomplete`], [`AppError::BodyTooSlow`], or
/// the stores'.
pub async fn receive<B>(
    app: &App,
    caller: &Caller,
    incoming: Incoming,
    body: impl Stream<Item = Result<B>>,
) -> Result<(Photo, bool)>
where
    B: AsRef<[u8]> + Send + 'static,
{
    let place = admit(app, caller, incoming.id).await?;
    let (sender, receiver) = pieces::channel();
    let (store, failed) = (app.photo_store.clone(), app.photos_failed.clone());
    // The place goes along: whoever breaks off does not make room for more while the disk is still at work.
    let writing = blocking(move || {
        let sealed = write(&store, receiver)
            .and_then(|received| seal(&store, incoming.expected, Some(incoming.declared), received, &failed));
        Ok((place, sealed))
    });
    let (_place, sealed) = tokio::join!(writing, pieces::feed(body, sender, std::future::pending())).0?;
    note_sealed(app, caller, incoming.id, sealed?).await
}

/// Room for photos whose ids are not known yet, as in a form that tells them last. What is not kept leaves nothing
/// behind.
#[derive(Debug)]
pub struct Shelf {
    /// Lent to the thread that writes: whoever breaks off makes no room while the disk is still at work.
    place: Option<Place>,
    held: Vec<Received>,
}

impl Shelf {
    /// Makes room, as for one upload: the photos of a form come one after the other.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], or [`AppError::Busy`].
    pub async fn new(app: &App, caller: &Caller) -> Result<Self> {
        caller.require(Permission::UploadPhoto)?;
        Ok(Shelf { place: Some(place(app, caller).await?), held: Vec::new() })
    }

    /// Photos that lie here.
    #[must_use]
    pub fn count(&self) -> usize {
        self.held.len()
    }

    /// Takes the next photo.
    ///
    /// # Errors
    /// [`AppError::PhotoTooLarge`], what the body ends with, or the disk's.
    pub async fn take<B>(&mut self, app: &App, body: impl Stream<Item = Result<B>>) -> Result<()>
    where
        B: AsRef<[u8]> + Send + 'static,
    {
        let (sender, receiver) = pieces::channel();
        let (store, place) = (app.photo_store.clone(), self.place.take());
        let writing = blocking(move || {
            let received = write(&store, receiver);
            Ok((place, received))
        });
        let (place, received) = tokio::join!(writing, pieces::feed(body, sender, std::future::pending())).0?;
        self.place = place;
        self.held.push(received?);
        Ok(())
    }

    /// Keeps the photos in the order they came in, under these ids and with the digests they must have. What they
    /// are is told by their bytes.
    ///
    /// # Errors
    /// The same as [`receive`]; photos before the one that is refused are kept.
    pub async fn keep(self, app: &App, caller: &Caller, named: &[(PhotoId, Option<Digest>)]) -> Result<()> {
        named.iter().try_for_each(|(id, _)| check_id(*id))?;
        for (received, (id, expected)) in self.held.into_iter().zip(named.iter().copied()) {
            let (store, failed) = (app.photo_store.clone(), app.photos_failed.clone());
            let sealed = blocking(move || seal(&store, expected, None, received, &failed)).await?;
            note_sealed(app, caller, id, sealed).await?;
        }
        Ok(())
    }
}

fn write<B: AsRef<[u8]>>(store: &PhotoStore, mut pieces: mpsc::Receiver<Piece<B>>) -> Result<Received> {
    let mut part = store.begin(limits::FILE_BYTES_MAX)?;
    loop {
        // Without its end nothing is kept.
        let Piece { bytes, end } = pieces.blocking_recv().ok_or(AppError::BodyIncomplete)?;
        bytes.iter().try_for_each(|bytes| part.write(bytes.as_ref()))?;
        match end {
            None => {}
            Some(Ok(())) => return Ok(part.finish()?),
            Some(Err(error)) => return Err(error),
        }
    }
}

/// Looks at bytes that have come whole, and makes them durable when they are what they should be: of the digest and
/// of the kind that were named, where they were.
pub(super) fn seal(
    store: &PhotoStore,
    expected: Option<Digest>,
    declared: Option<MediaKind>,
    mut received: Received,
    failed: &AtomicBool,
) -> Result<(Sealed, Inspection)> {
    if expected.is_some_and(|expected| expected != received.digest()) {
        return Err(AppError::DigestMismatch);
    }
    let size_bytes = received.size_bytes();
    let inspection = inspect(received.file(), size_bytes)?;
    if declared.is_some_and(|declared| declared != inspection.kind) {
        return Err(AppError::MediaTypeMismatch);
    }
    let sealed = store.seal(received).inspect_err(|error| stop_after(error, failed))?;
    Ok((sealed, inspection))
}

/// After a failed sync the next one may lie: nothing is acknowledged until a restart (guarantee G3).
pub(super) fn stop_after(error: &BlobError, failed: &AtomicBool) {
    if error.is_disk_failure() {
        failed.store(true, Ordering::Release);
    }
}

/// Notes what was sealed, and completes the reports that waited for it; what is refused now is not kept.
pub(super) async fn note_sealed(
    app: &App,
    caller: &Caller,
    id: PhotoId,
    (sealed, inspection): (Sealed, Inspection),
) -> Result<(Photo, bool)> {
    let digest = sealed.digest();
    let noting = (app.clone(), caller.clone());
    let noted = app.store.write(move |conn| note(conn, &noting.0, &noting.1, id, &sealed, inspection)).await;
    if matches!(noted, Err(AppError::IdReused | AppError::DigestMismatch)) {
        // Refused for what is already stored, which only the rows could tell: nothing of it is kept.
        if let Err(error) = remove_bytes(app, digest).await {
            tracing::warn!(photo.sha256 = %digest, %error, "the bytes of a refused upload were left behind");
        }
    }
    if let Ok((photo, true)) = &noted {
        app.metrics.photo_accepted(photo.blob.size_bytes);
    }
    noted
}

/// Notes bytes that are on stable storage, and what follows from their being here.
fn note(
    conn: &mut Conn,
    app: &App,
    caller: &Caller,
    id: PhotoId,
    sealed: &Sealed,
    inspection: Inspection,
) -> Result<(Photo, bool)> {
    let digest = sealed.digest();
    locks::take(conn, [Lock::Photo(id)])?;
    if let Some(stored) = photos::find(conn, id)? {
        let same = stored.uploader_id == caller.actor.user_id && stored.blob.sha256 == digest;
        return if same { Ok((stored, false)) } else { Err(AppError::IdReused) };
    }
    let now = app.now();
    let waiting: Vec<_> = issues::waiting_for_photo(conn, id)?
        .into_iter()
        .filter(|(_, finder, _)| *finder == caller.actor.user_id)
        .collect();
    if waiting.iter().any(|(.., expected)| expected.is_some_and(|expected| expected != digest)) {
        return Err(AppError::DigestMismatch);
    }
    let blob = find_or_note_blob(conn, app, sealed, inspection, now)?;
    let photo = Photo { id, blob, uploader_id: caller.actor.user_id, received_at: now };
    photos::insert(conn, &photo, !waiting.is_empty())?;
    let mut ids: Vec<_> = waiting.into_iter().map(|(id, ..)| id).collect();
    ids.sort_unstable();
    locks::take(conn, ids.iter().copied().map(Lock::Issue))?;
    let county = app.county.load(conn)?;
    for waiting in ids {
        submit_if_complete(conn, waiting, now)?;
        if let Some(issue) = issues::find(conn, waiting)? {
            raise_photo_doubts(conn, &county, &issue, id, now)?;
        }
    }
    Ok((photo, true))
}

fn find_or_note_blob(
    conn: &mut Conn,
    app: &App,
    sealed: &Sealed,
    inspection: Inspection,
    now: Timestamp,
) -> Result<Blob> {
    let digest = sealed.digest();
    locks::take(conn, [Lock::Bytes(digest)])?;
    if let Some(blob) = photos::find_blob(conn, &digest)? {
        return Ok(blob);
    }
    if dialect::may_be_shared(conn) {
        // Another node knows nothing of our lease and may have swept these bytes between their sealing and
        // this lock, under which it sweeps. From here on the row keeps them.
        app.photo_store.confirm(sealed)?;
    }
    let pixels = |count: Option<u32>| count.and_then(|count| i32::try_from(count).ok());
    let blob = Blob {
        sha256: digest,
        size_bytes: i64::try_from(sealed.size_bytes()).unwrap_or(i64::MAX),
        media_type: inspection.kind.media_type().to_owned(),
        width: pixels(inspection.width),
        height: pixels(inspection.height),
        orientation: i32::from(inspection.orientation),
        exif: serde_json::to_value(&inspection.exif).map_err(|error| AppError::Internal(error.to_string()))?,
        fingerprint: None,
        rendered_at: None,
        render_error: None,
        created_at: now,
    };
    photos::insert_blob(conn, &blob)?;
    let id = JobId(app.random.uuid());
    jobs::enqueue(conn, id, JobKind::Render.as_str(), None, &digest.to_string(), now, now)?;
    Ok(blob)
}
