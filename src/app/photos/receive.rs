//! Receives a photo: streamed to disk while it is hashed, identified by its bytes, sealed, and only then recorded. A
//! photo that is refused before it is sealed leaves nothing behind; if its row cannot be written, the sealed file stays
//! until the sweep.

use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::Stream;
use tokio::sync::mpsc;

use super::pieces::{self, Piece};

use crate::admission::Place;
use crate::app::change::{self, Change, Decision};
use crate::app::issues::{raise_photo_doubts, submitted_with};
use crate::app::locks::{Lock, Locks};
use crate::app::upkeep::remove_bytes;
use crate::app::{App, AppError, Caller, Result, blocking};
use crate::blobs::{BlobError, PhotoStore, Received, Sealed};
use crate::domain::digest::Digest;
use crate::domain::ids::{IssueId, JobId, PhotoId, UserId};
use crate::domain::invalid::Invalid;
use crate::domain::issue::Transition;
use crate::domain::job::JobKind;
use crate::domain::photo::{Blob, Photo};
use crate::domain::policy::Permission;
use crate::domain::time::Timestamp;
use crate::media::{Inspection, MediaKind, inspect, picture_limits};
use crate::store::{Conn, dialect, issues, jobs, photos, visits};

/// An upload as it is announced.
#[derive(Debug, Clone, Copy)]
pub struct Incoming {
    /// The id the client chose.
    pub id: PhotoId,
    /// The media type that the client announced.
    pub declared: MediaKind,
    /// The digest that the client announced.
    pub expected: Option<Digest>,
}

/// Lets the body of the photo `id` in; it takes a place until it is dropped.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] for an id that contains a time, [`AppError::Unavailable`] once the
/// disk has failed, [`AppError::Busy`] when there is no place, or none for this person.
pub(super) async fn admit(app: &App, caller: &Caller, id: PhotoId) -> Result<Place> {
    caller.require(Permission::UploadPhoto)?;
    check_id(id)?;
    place(app, caller).await
}

fn check_id(id: PhotoId) -> Result<()> {
    let mut invalid = Invalid::default();
    invalid.random_id("/id", id.0);
    Ok(invalid.into_result()?)
}

async fn place(app: &App, caller: &Caller) -> Result<Place> {
    check_disk(&app.photos_failed)?;
    app.check_room()?;
    Ok(app.photo_body_places.enter(caller.who()).await?)
}

/// Refuses every upload once a photo could not be synced.
pub(super) fn check_disk(failed: &AtomicBool) -> Result<()> {
    if failed.load(Ordering::Acquire) {
        return Err(AppError::Unavailable("the disk failed under the photos; uploads wait for a restart".into()));
    }
    Ok(())
}

/// Receives a photo and submits the reports that waited for it. The same bytes under the same id again answer the
/// stored photo; `true` when they are new.
///
/// # Errors
/// [`AppError::PhotoRejected`], [`AppError::MediaTypeMismatch`], [`AppError::DigestMismatch`],
/// [`AppError::PhotoTooLarge`], [`AppError::IdReused`], [`AppError::BodyIncomplete`], [`AppError::BodyTooSlow`].
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
    // The place moves to the writing thread: a client that disconnects does not free it while the disk is still at
    // work.
    let writing = blocking(move || {
        let sealed = write(&store, receiver)
            .and_then(|received| seal(&store, incoming.expected, Some(incoming.declared), received, &failed));
        Ok((place, sealed))
    });
    let (_place, sealed) = tokio::join!(writing, pieces::feed(body, sender, std::future::pending())).0?;
    note_sealed(app, caller, incoming.id, sealed?).await
}

/// Photos whose ids are not known yet, as in a form that names them last. Photos that are not kept in the end are
/// removed.
#[derive(Debug)]
pub struct UnnamedPhotos {
    /// Lent to the writing thread, so that a client that disconnects does not free it while the disk is still at work.
    place: Option<Place>,
    held: Vec<Received>,
}

impl UnnamedPhotos {
    /// Takes one place, as for one upload: the photos of a form arrive one after the other.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], or [`AppError::Busy`].
    pub async fn new(app: &App, caller: &Caller) -> Result<Self> {
        caller.require(Permission::UploadPhoto)?;
        Ok(UnnamedPhotos { place: Some(place(app, caller).await?), held: Vec::new() })
    }

    /// Photos received so far.
    #[must_use]
    pub fn count(&self) -> usize {
        self.held.len()
    }

    /// Receives the next photo.
    ///
    /// # Errors
    /// [`AppError::PhotoTooLarge`], or how the body ended.
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

    /// Keeps the photos in the order they arrived, under these ids and with the announced digests. Their media type is
    /// detected from the bytes.
    ///
    /// # Errors
    /// Those of [`receive`]; photos before the refused one are kept.
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
    let mut part = store.begin(picture_limits::FILE_BYTES_MAX)?;
    loop {
        // A body without its end is dropped.
        let Piece { bytes, end } = pieces.blocking_recv().ok_or(AppError::BodyIncomplete)?;
        bytes.iter().try_for_each(|bytes| part.write(bytes.as_ref()))?;
        match end {
            None => {}
            Some(Ok(())) => return Ok(part.finish()?),
            Some(Err(error)) => return Err(error),
        }
    }
}

/// Inspects a complete file and makes it durable when it has the announced digest and kind, where those were announced.
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

/// After a failed sync the next one may wrongly succeed: nothing is acknowledged until a restart (guarantee G3).
pub(super) fn stop_after(error: &BlobError, failed: &AtomicBool) {
    if error.is_disk_failure() {
        failed.store(true, Ordering::Release);
    }
}

/// Records a sealed photo, and submits the reports that waited for it; what is refused now is removed.
pub(super) async fn note_sealed(
    app: &App,
    caller: &Caller,
    id: PhotoId,
    (sealed, inspection): (Sealed, Inspection),
) -> Result<(Photo, bool)> {
    let digest = sealed.digest();
    let add = AddPhoto { app: app.clone(), caller: caller.clone(), id, sealed, inspection };
    let noted = change::make(app, add).await;
    if matches!(noted, Err(AppError::IdReused | AppError::DigestMismatch)) {
        // Refused because of what is already stored, which only the rows could tell: the bytes are removed.
        if let Err(error) = remove_bytes(app, digest).await {
            tracing::warn!(photo.sha256 = %digest, %error, "the bytes of a refused upload were left behind");
        }
    }
    if let Ok((photo, true)) = &noted {
        app.metrics.photo_accepted(photo.blob.size_bytes);
    }
    noted
}

/// A photo whose bytes are on stable storage is recorded, with all that follows from it.
struct AddPhoto {
    app: App,
    caller: Caller,
    id: PhotoId,
    sealed: Sealed,
    inspection: Inspection,
}

/// What is known of an upload before it is recorded.
struct Before {
    stored: Option<Photo>,
    /// The row of its bytes, if they were uploaded before.
    blob: Option<Blob>,
    /// Reports of the same person that wait for it, with the digest that each names.
    waiting: Vec<(IssueId, Option<Digest>)>,
    /// Whether a report or a visit of somebody else waits for it, or has it.
    is_anothers: bool,
    /// Whether a visit of the same person names it.
    is_of_visit: bool,
}

struct Made {
    photo: Photo,
    /// Whether its bytes are new.
    is_new: bool,
    waiting: Vec<IssueId>,
    /// Whether a report or a visit names it, so that it is kept.
    is_claimed: bool,
    /// The reports that are complete now.
    submitted: Vec<Transition>,
    now: Timestamp,
}

impl Change for AddPhoto {
    type Before = Before;
    type Made = Made;
    type Answer = (Photo, bool);

    fn admit(&self) -> Result<()> {
        self.caller.require(Permission::UploadPhoto)
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Photo(self.id), Lock::Bytes(self.sealed.digest())]
    }

    fn load(&self, conn: &mut Conn, locks: &mut Locks) -> Result<Before> {
        let (mine, anothers): (Vec<_>, Vec<_>) = issues::waiting_for_photo(conn, self.id)?
            .into_iter()
            .partition(|(_, finder, _)| *finder == self.caller.actor.user_id);
        let waiting: Vec<_> = mine.into_iter().map(|(id, _, expected)| (id, expected)).collect();
        locks.take(conn, waiting.iter().map(|(id, _)| Lock::Issue(*id)))?;
        let (own_visits, others): (Vec<UserId>, Vec<UserId>) =
            visits::naming_photo(conn, self.id)?.into_iter().partition(|who| *who == self.caller.actor.user_id);
        Ok(Before {
            stored: photos::find(conn, self.id)?,
            blob: photos::find_blob(conn, &self.sealed.digest())?,
            waiting,
            is_anothers: !anothers.is_empty() || !others.is_empty(),
            is_of_visit: !own_visits.is_empty(),
        })
    }

    fn authorise(&self, _: &mut Conn, before: &Before) -> Result<()> {
        let (digest, uploader) = (self.sealed.digest(), self.caller.actor.user_id);
        match &before.stored {
            Some(stored) if stored.uploader_id == uploader && stored.blob.sha256 == digest => Ok(()),
            Some(_) => Err(AppError::IdReused),
            // Readers of a report that waits for its photos learn their ids, and must not be able to send other photos
            // under these ids.
            None if before.is_anothers => Err(AppError::IdReused),
            None if before.waiting.iter().any(|(_, expected)| expected.is_some_and(|expected| expected != digest)) => {
                Err(AppError::DigestMismatch)
            }
            None => Ok(()),
        }
    }

    fn decide(&self, conn: &mut Conn, before: Before) -> Result<Decision<Made, Self::Answer>> {
        if let Some(stored) = before.stored {
            return Ok(Decision::Unchanged((stored, false)));
        }
        let now = self.app.now();
        let is_new = before.blob.is_none();
        let blob = before.blob.map_or_else(|| self.blob(now), Ok)?;
        let photo = Photo { id: self.id, blob, uploader_id: self.caller.actor.user_id, received_at: now };
        let mut waiting: Vec<IssueId> = before.waiting.into_iter().map(|(id, _)| id).collect();
        waiting.sort_unstable();
        let is_claimed = before.is_of_visit || !waiting.is_empty();
        let mut submitted = Vec::new();
        for id in &waiting {
            submitted.extend(submitted_with(conn, *id, self.id, now)?);
        }
        let messages = submitted.iter().flat_map(Transition::messages).collect();
        Ok(Decision::Made {
            made: Made { photo, is_new, waiting, is_claimed, submitted, now },
            records: Vec::new(),
            messages,
        })
    }

    fn write(&self, conn: &mut Conn, locks: &mut Locks, made: &Made) -> Result<()> {
        let Made { photo, is_new, waiting, is_claimed, submitted, now } = made;
        if *is_new {
            self.note_blob(conn, &photo.blob, *now)?;
        }
        photos::insert(conn, photo, *is_claimed)?;
        submitted.iter().try_for_each(|step| issues::apply(conn, step, None))?;
        if waiting.is_empty() {
            return Ok(());
        }
        let county = self.app.county.load(conn)?;
        for id in waiting {
            if let Some(issue) = issues::find(conn, *id)? {
                raise_photo_doubts(conn, locks, &county, &issue, &[photo.id], *now)?;
            }
        }
        Ok(())
    }

    fn answer(&self, _: &mut Conn, made: Made) -> Result<Self::Answer> {
        Ok((made.photo, true))
    }
}

impl AddPhoto {
    /// The row for new bytes.
    fn blob(&self, now: Timestamp) -> Result<Blob> {
        let Inspection { kind, width, height, orientation, exif, .. } = &self.inspection;
        let pixels = |count: Option<u32>| count.and_then(|count| i32::try_from(count).ok());
        Ok(Blob {
            sha256: self.sealed.digest(),
            size_bytes: i64::try_from(self.sealed.size_bytes()).unwrap_or(i64::MAX),
            media_type: kind.media_type().to_owned(),
            width: pixels(*width),
            height: pixels(*height),
            orientation: i32::from(*orientation),
            exif: serde_json::to_value(exif).map_err(|error| AppError::Internal(error.to_string()))?,
            fingerprint: None,
            rendered_at: None,
            render_error: None,
            created_at: now,
        })
    }

    fn note_blob(&self, conn: &mut Conn, blob: &Blob, now: Timestamp) -> Result<()> {
        if dialect::may_be_shared(conn) {
            // Another node does not know our lease: it may have swept these bytes after they were sealed and before we
            // got the lock, under which it sweeps. From here on the row protects them.
            self.app.photo_store.confirm(&self.sealed)?;
        }
        photos::insert_blob(conn, blob)?;
        let id = JobId(self.app.random.uuid());
        jobs::enqueue(conn, id, JobKind::Render.as_str(), None, &blob.sha256.to_string(), now, now)?;
        Ok(())
    }
}
