//! Resumable uploads (tus): announced, sent in pieces from the current offset, and recorded as a photo once complete.
//!
//! Only one request at a time works on an upload. When a second one comes, most likely the same phone on a new
//! connection, the first one's body is cut off; what it has delivered stays.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use futures_util::Stream;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use super::checksum::{Checksum, Hashing};
use super::pieces::{self, Piece};
use super::receive::{Incoming, admit, check_disk, note_sealed, seal, stop_after};
use crate::admission::{Place, Turn};
use crate::app::{App, AppError, Caller, Result, blocking};
use crate::blobs::{Announcement, BlobError, Partial, PhotoStore, Received};
use crate::domain::digest::Digest;
use crate::domain::ids::PhotoId;
use crate::domain::limits::{UPLOAD_BYTES_PER_PERSON_MAX, UPLOAD_DAYS, UPLOADS_PER_PERSON_MAX};
use crate::domain::photo::Photo;
use crate::domain::policy::Permission;
use crate::domain::time::Timestamp;
use crate::media::{MediaKind, Rejection, picture_limits};
use crate::store::photos;

/// In a long piece, received bytes are made durable each time this many have come, so that a crash loses no more.
/// Source: our choice.
const KEEP_BYTES: u64 = 4 * 1024 * 1024;

/// The progress of an upload.
#[derive(Debug, Clone, Copy)]
pub struct UploadStatus {
    /// As it was announced.
    pub incoming: Incoming,
    /// Length of the whole in bytes.
    pub size_bytes: u64,
    /// Bytes that are on stable storage.
    pub offset: u64,
    /// When it expires; `None` when it is a photo already.
    pub ends_at: Option<Timestamp>,
}

/// What is stored of an announcement.
#[derive(Serialize, Deserialize)]
struct About {
    media_type: String,
    sha256: Option<Digest>,
}

/// Announces an upload, and receives its first piece if there is one. Repeating it answers the current offset; the
/// piece is then read only if that is 0.
///
/// # Errors
/// [`AppError::PhotoTooLarge`], [`AppError::IdReused`] when the id was announced differently,
/// [`AppError::TooManyUploads`], or those of [`append`].
pub async fn begin<B>(
    app: &App,
    caller: &Caller,
    incoming: Incoming,
    size_bytes: u64,
    piece: Option<(Option<Checksum>, impl Stream<Item = Result<B>>)>,
) -> Result<UploadStatus>
where
    B: AsRef<[u8]> + Send + 'static,
{
    let place = admit(app, caller, incoming.id).await?;
    if size_bytes > picture_limits::FILE_BYTES_MAX {
        return Err(AppError::PhotoTooLarge);
    }
    let mut upload = ExclusiveUpload::new(app, caller, incoming.id, Some(place)).await?;
    match upload.arrived().await? {
        Arrived::Not => {}
        Arrived::Another => return Err(AppError::IdReused),
        Arrived::Here(status) => {
            let known = status.incoming;
            let same = status.size_bytes == size_bytes
                && known.declared == incoming.declared
                && incoming.expected.is_none_or(|expected| Some(expected) == known.expected);
            return if same { Ok(status) } else { Err(AppError::IdReused) };
        }
    }
    let now = app.now();
    let (announced, failed) = (announcement(incoming, size_bytes, now)?, app.photos_failed.clone());
    let (photo_store, owner, id) = (app.photo_store.clone(), caller.actor.user_id, incoming.id);
    let partial = blocking(move || {
        match photo_store.open_partial(owner, id) {
            Ok(partial) if partial.announcement().ends_at > now => {
                let same = (partial.announcement().size_bytes, &partial.announcement().about)
                    == (announced.size_bytes, &announced.about);
                return if same { Ok(partial) } else { Err(AppError::IdReused) };
            }
            Ok(_) | Err(BlobError::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
        let mut others = photo_store.partials_of(owner)?;
        others.retain(|(other, announcement)| *other != id && announcement.ends_at > now);
        let bytes: u64 = others.iter().map(|(_, announcement)| announcement.size_bytes).sum();
        if others.len() >= UPLOADS_PER_PERSON_MAX || bytes + announced.size_bytes > UPLOAD_BYTES_PER_PERSON_MAX {
            return Err(AppError::TooManyUploads);
        }
        photo_store.begin_partial(owner, id, &announced).inspect_err(|error| stop_after(error, &failed))?;
        Ok(photo_store.open_partial(owner, id)?)
    })
    .await?;
    match piece {
        Some((checksum, body)) if partial.offset() == 0 && !partial.is_whole() => {
            upload.take(partial, checksum, body).await
        }
        _ => upload.conclude(partial).await,
    }
}

/// The progress of an upload. One that is complete but was not recorded as a photo, because of a crash or a fault, is
/// recorded now: the last byte is never acknowledged without a photo.
///
/// # Errors
/// [`AppError::NotFound`], or the reason why the photo is refused.
pub async fn status(app: &App, caller: &Caller, id: PhotoId) -> Result<UploadStatus> {
    caller.require(Permission::UploadPhoto)?;
    let mut upload = ExclusiveUpload::new(app, caller, id, None).await?;
    match upload.arrived().await? {
        Arrived::Here(status) => Ok(status),
        Arrived::Another => Err(AppError::NotFound),
        Arrived::Not => {
            let partial = upload.open().await?;
            upload.conclude(partial).await
        }
    }
}

/// Receives the next piece of an upload. When the body breaks off, what arrived counts, unless the piece has a
/// checksum.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::UploadOffset`], [`AppError::UploadOverrun`], [`AppError::ChecksumMismatch`],
/// [`AppError::BodyIncomplete`]; with the last piece the reasons why a photo is refused.
pub async fn append<B>(
    app: &App,
    caller: &Caller,
    id: PhotoId,
    offset: u64,
    checksum: Option<Checksum>,
    body: impl Stream<Item = Result<B>>,
) -> Result<UploadStatus>
where
    B: AsRef<[u8]> + Send + 'static,
{
    let place = admit(app, caller, id).await?;
    let mut upload = ExclusiveUpload::new(app, caller, id, Some(place)).await?;
    let at = match upload.arrived().await? {
        Arrived::Here(status) if status.offset == offset => return Ok(status),
        Arrived::Here(status) => status.offset,
        Arrived::Another => return Err(AppError::NotFound),
        Arrived::Not => {
            let partial = upload.open().await?;
            if partial.offset() == offset {
                return upload.take(partial, checksum, body).await;
            }
            partial.offset()
        }
    };
    Err(AppError::UploadOffset(at))
}

/// Cancels an upload that is not complete and removes what arrived.
///
/// # Errors
/// [`AppError::NotFound`], also for a finished photo.
pub async fn end(app: &App, caller: &Caller, id: PhotoId) -> Result<()> {
    caller.require(Permission::UploadPhoto)?;
    let upload = ExclusiveUpload::new(app, caller, id, None).await?;
    if !matches!(upload.arrived().await?, Arrived::Not) {
        return Err(AppError::NotFound);
    }
    upload.open().await?;
    upload.remove().await
}

fn announcement(incoming: Incoming, size_bytes: u64, now: Timestamp) -> Result<Announcement> {
    let about = About { media_type: incoming.declared.media_type().to_owned(), sha256: incoming.expected };
    let about = serde_json::to_string(&about).map_err(|error| AppError::Internal(error.to_string()))?;
    Ok(Announcement { size_bytes, ends_at: now.plus(Duration::from_secs(u64::from(UPLOAD_DAYS) * 86_400)), about })
}

/// Reads an announcement; `None` when another program wrote it.
fn announced(id: PhotoId, announcement: &Announcement) -> Option<Incoming> {
    let about: About = serde_json::from_str(&announcement.about).ok()?;
    Some(Incoming { id, declared: MediaKind::from_media_type(&about.media_type)?, expected: about.sha256 })
}

/// Whether there is a photo under an upload's id.
enum Arrived {
    Not,
    Here(UploadStatus),
    /// It belongs to somebody else.
    Another,
}

/// An upload that one request at a time works on.
struct ExclusiveUpload<'a> {
    app: &'a App,
    caller: &'a Caller,
    id: PhotoId,
    /// Moves to the working thread, so that it is held as long as the work runs, even if the request ends.
    permit: Option<WorkPermit>,
}

/// What work on an upload needs: the turn for this upload, and a place among all uploads.
struct WorkPermit {
    turn: Turn,
    place: Option<Place>,
}

impl<'a> ExclusiveUpload<'a> {
    async fn new(app: &'a App, caller: &'a Caller, id: PhotoId, place: Option<Place>) -> Result<Self> {
        let turn = app.upload_turns.take(&format!("{}/{id}", caller.actor.user_id), caller.who()).await?;
        Ok(ExclusiveUpload { app, caller, id, permit: Some(WorkPermit { turn, place }) })
    }

    fn take_permit(&mut self) -> Result<WorkPermit> {
        self.permit.take().ok_or_else(|| AppError::Internal("no turn".into()))
    }

    /// The photo, when the upload has become one; leftover pieces are removed.
    async fn arrived(&self) -> Result<Arrived> {
        let id = self.id;
        let Some(photo) = self.app.store.read(move |conn| Ok::<_, AppError>(photos::find(conn, id)?)).await? else {
            return Ok(Arrived::Not);
        };
        self.remove().await?;
        if photo.uploader_id == self.caller.actor.user_id {
            status_of(&photo).map(Arrived::Here)
        } else {
            Ok(Arrived::Another)
        }
    }

    async fn open(&self) -> Result<Partial> {
        let (photo_store, owner, id, now) =
            (self.app.photo_store.clone(), self.caller.actor.user_id, self.id, self.app.now());
        let opened = blocking(move || match photo_store.open_partial(owner, id) {
            Err(BlobError::NotFound) => Err(AppError::NotFound),
            opened => Ok(opened?),
        });
        let partial = opened.await?;
        if partial.announcement().ends_at > now {
            return Ok(partial);
        }
        self.remove().await?;
        Err(AppError::NotFound)
    }

    async fn remove(&self) -> Result<()> {
        let (photo_store, owner, id) = (self.app.photo_store.clone(), self.caller.actor.user_id, self.id);
        blocking(move || Ok(photo_store.remove_partial(owner, id)?)).await
    }

    /// Receives a piece at the current offset.
    async fn take<B>(
        &mut self,
        mut partial: Partial,
        checksum: Option<Checksum>,
        body: impl Stream<Item = Result<B>>,
    ) -> Result<UploadStatus>
    where
        B: AsRef<[u8]> + Send + 'static,
    {
        let permit = self.take_permit()?;
        let wanted = permit.turn.wanted();
        let (sender, receiver) = pieces::channel();
        let failed = self.app.photos_failed.clone();
        let writing = blocking(move || {
            let outcome = write(&mut partial, checksum.map(Checksum::hashing), receiver, &failed);
            Ok((permit, partial, outcome))
        });
        let (permit, partial, outcome) = tokio::join!(writing, pieces::feed(body, sender, wanted)).0?;
        self.permit = Some(permit);
        outcome?;
        self.conclude(partial).await
    }

    /// The progress after a piece; a complete upload becomes a photo first.
    async fn conclude(&mut self, partial: Partial) -> Result<UploadStatus> {
        let incoming = announced(self.id, partial.announcement()).ok_or(AppError::NotFound)?;
        let (size_bytes, offset, ends_at) =
            (partial.announcement().size_bytes, partial.offset(), partial.announcement().ends_at);
        if !partial.is_whole() {
            return Ok(UploadStatus { incoming, size_bytes, offset, ends_at: Some(ends_at) });
        }
        let (photo_store, failed) = (self.app.photo_store.clone(), self.app.photos_failed.clone());
        check_disk(&failed)?;
        let mut permit = self.take_permit()?;
        if permit.place.is_none() {
            permit.place = Some(self.app.photo_body_places.enter(self.caller.who()).await?);
        }
        let (permit, sealed) = blocking(move || {
            let sealed = whole(&photo_store, &partial)
                .and_then(|whole| seal(&photo_store, incoming.expected, Some(incoming.declared), whole, &failed));
            Ok((permit, sealed))
        })
        .await?;
        self.permit = Some(permit);
        let noted = match sealed {
            Ok(sealed) => note_sealed(self.app, self.caller, incoming.id, sealed).await,
            Err(error) => Err(error),
        };
        match noted {
            Ok((photo, _)) => {
                self.remove().await?;
                status_of(&photo)
            }
            Err(error) => {
                if is_refusal(&error) {
                    self.remove().await?;
                }
                Err(error)
            }
        }
    }
}

/// A complete file; an upload whose bytes are gone does not exist any more.
fn whole(photo_store: &PhotoStore, partial: &Partial) -> Result<Received> {
    match photo_store.whole_partial(partial) {
        Err(BlobError::NotFound) => Err(AppError::NotFound),
        received => Ok(received?),
    }
}

/// Whether the bytes are the reason: sending them again would not help.
fn is_refusal(error: &AppError) -> bool {
    match error {
        AppError::PhotoRejected(rejection) => !matches!(rejection, Rejection::Io(_)),
        AppError::MediaTypeMismatch | AppError::DigestMismatch | AppError::IdReused => true,
        _ => false,
    }
}

fn status_of(photo: &Photo) -> Result<UploadStatus> {
    let blob = &photo.blob;
    let declared = MediaKind::from_media_type(&blob.media_type)
        .ok_or_else(|| AppError::Internal(format!("{}: no kind of ours", blob.media_type)))?;
    let size_bytes = u64::try_from(blob.size_bytes).unwrap_or(0);
    let incoming = Incoming { id: photo.id, declared, expected: Some(blob.sha256) };
    Ok(UploadStatus { incoming, size_bytes, offset: size_bytes, ends_at: None })
}

fn write<B: AsRef<[u8]>>(
    partial: &mut Partial,
    mut hashing: Option<Hashing>,
    mut pieces: mpsc::Receiver<Piece<B>>,
    failed: &AtomicBool,
) -> Result<()> {
    let mut take = |partial: &mut Partial, hashing: &mut Option<Hashing>| {
        loop {
            let Piece { bytes, end } = pieces.blocking_recv().ok_or(AppError::BodyIncomplete)?;
            for bytes in &bytes {
                partial.write(bytes.as_ref()).map_err(overrun)?;
                if let Some(hashing) = hashing {
                    hashing.update(bytes.as_ref());
                }
            }
            if hashing.is_none() && partial.pending() >= KEEP_BYTES {
                partial.keep().inspect_err(|error| stop_after(error, failed))?;
            }
            if let Some(end) = end {
                return end;
            }
        }
    };
    let (taken, is_checked) = (take(partial, &mut hashing), hashing.is_some());
    let outcome = match (taken, hashing) {
        (Ok(()), Some(hashing)) => hashing.fits().then_some(()).ok_or(AppError::ChecksumMismatch),
        // The checksum of an incomplete piece cannot be checked.
        (Err(AppError::BodyIncomplete), Some(_)) => Err(AppError::ChecksumMismatch),
        (outcome, _) => outcome,
    };
    let is_kept = match &outcome {
        Ok(()) => true,
        Err(AppError::BodyIncomplete | AppError::BodyTooSlow) => !is_checked,
        Err(_) => false,
    };
    if is_kept {
        partial.keep().inspect_err(|error| stop_after(error, failed))?;
    } else {
        partial.discard()?;
    }
    outcome
}

fn overrun(error: BlobError) -> AppError {
    match error {
        BlobError::TooLarge { .. } => AppError::UploadOverrun,
        error => error.into(),
    }
}
