//! Serves photos: renditions to everybody who may see the issue, originals to the office only.

use std::io::Read;

use crate::admission::Who;
use crate::app::issues::Audience;
use crate::app::metrics::OriginalFault;
use crate::app::photos::renderer::{Marked, RenditionSize, draw, draw_marked};
use crate::app::{App, AppError, Caller, Result, blocking};
use crate::blobs::{BlobError, Original, PhotoStore, Variant};
use crate::domain::audit::{AuditAction, AuditEntry};
use crate::domain::digest::Digest;
use crate::domain::ids::PhotoId;
use crate::domain::mark::Mark;
use crate::domain::photo::Photo;
use crate::domain::policy::{self, Permission, Reach, reach};
use crate::domain::role::Actor;
use crate::store::{Conn, audit, issues, photos, self_reports, visits};

/// A rendition of a photo that the caller may see, as JPEG with its marks, and its own digest as the ETag, which says
/// nothing about the original.
///
/// # Errors
/// [`AppError::NotFound`] also for a photo that the caller may not see, and for one that cannot be shown where knowing
/// that would distinguish phones; otherwise that is [`AppError::NoPreview`].
pub async fn rendition(app: &App, caller: &Caller, id: PhotoId, size: RenditionSize) -> Result<(Vec<u8>, Digest)> {
    let actor = caller.actor;
    let (sight, marks) = app
        .store
        .read(move |conn| Ok::<_, AppError>((visible(conn, &actor, id)?, issues::marks_on(conn, id)?)))
        .await?;
    match made(app, caller.who(), &sight.photo, marks, size).await {
        Err(AppError::NoPreview) if !sight.knows_of_unviewable => Err(AppError::NotFound),
        other => other,
    }
}

async fn made(app: &App, who: Who, photo: &Photo, marks: Vec<Mark>, size: RenditionSize) -> Result<(Vec<u8>, Digest)> {
    let digest = photo.blob.sha256;
    if photo.blob.render_error.is_some() {
        return Err(AppError::NoPreview);
    }
    let bytes = if marks.is_empty() {
        match read_rendition(app, digest, size.plain()).await? {
            Some(bytes) => bytes,
            None => draw(app, who, digest, size).await?,
        }
    } else {
        let marked = Marked::new(digest, marks)?;
        match read_rendition(app, marked.name, size.marked()).await? {
            Some(bytes) => bytes,
            None => draw_marked(app, who, marked, size).await?,
        }
    };
    let tag = Digest::of(&bytes);
    Ok((bytes, tag))
}

/// A photo's thumbnail for a sheet, as JPEG with its marks: what was hidden by them is hidden there too. `None` for a
/// photo that cannot be shown.
///
/// # Errors
/// The store's: then it may succeed later.
pub(crate) async fn thumbnail(app: &App, id: PhotoId) -> Result<Option<Vec<u8>>> {
    let found = app
        .store
        .read(move |conn| {
            let photo = photos::find(conn, id)?;
            photo.map(|photo| Ok::<_, AppError>((photo, issues::marks_on(conn, id)?))).transpose()
        })
        .await?;
    let Some((photo, marks)) = found else { return Ok(None) };
    match made(app, Who::Service, &photo, marks, RenditionSize::Thumb).await {
        Ok((bytes, _)) => Ok(Some(bytes)),
        Err(error @ (AppError::Unavailable(_) | AppError::StorageFull | AppError::Busy(_))) => Err(error),
        Err(AppError::NoPreview | AppError::NotFound) => Ok(None),
        Err(error) => {
            tracing::warn!(photo = %id, %error, "a photo is left out of a sheet");
            Ok(None)
        }
    }
}

/// A stored rendition; `None` when there is none that is intact.
async fn read_rendition(app: &App, digest: Digest, variant: Variant) -> Result<Option<Vec<u8>>> {
    let store = app.photo_store.clone();
    blocking(move || match store.read_rendition(&digest, variant) {
        Err(BlobError::NotFound) => Ok(None),
        found => Ok(Some(found?)),
    })
    .await
}

/// The sealed original, checked against its digest before a byte of it is sent (guarantee G4). Every access is
/// recorded.
///
/// # Errors
/// [`AppError::Hidden`] for all but the office, and counted as a denial; [`AppError::NotFound`] when there is none;
/// [`AppError::Internal`] when the bytes are damaged.
pub async fn original(app: &App, caller: &Caller, id: PhotoId) -> Result<(Original, Photo)> {
    if reach(caller.actor.role, Permission::ReadOriginal) != Reach::All {
        return Err(AppError::Hidden);
    }
    let (now, caller) = (app.now(), caller.clone());
    let photo = app
        .store
        .write(move |conn| {
            let photo = visible(conn, &caller.actor, id)?.photo;
            let target = format!("photo:{id}");
            let entry =
                AuditEntry::done(now, Some(&caller.actor), AuditAction::OriginalRead, target, &caller.request_id);
            audit::append(conn, &entry)?;
            Ok::<_, AppError>(photo)
        })
        .await?;
    let (store, digest) = (app.photo_store.clone(), photo.blob.sha256);
    let original = blocking(move || Ok(store.open_verified(&digest))).await?;
    Ok((sound(app, digest, original).await?, photo))
}

/// Handles what the store answered for an original that a row refers to: if it is lost or damaged, that is our fault,
/// so it is logged and counted as such, and never answered as "not found" (guarantee G4).
pub(super) async fn sound<T>(app: &App, digest: Digest, found: std::result::Result<Option<T>, BlobError>) -> Result<T> {
    let fault = match found {
        Ok(Some(original)) => return Ok(original),
        Ok(None) => OriginalFault::Damaged,
        Err(BlobError::NotFound) => OriginalFault::Lost,
        Err(error) => {
            if matches!((&error, &app.photo_store), (BlobError::Io(_), PhotoStore::Local(_))) {
                app.metrics.original_is_faulty(OriginalFault::Unreadable);
            }
            return Err(error.into());
        }
    };
    let row = app.store.read(move |conn| Ok::<_, AppError>(photos::find_blob(conn, &digest)?)).await?;
    if row.is_none() {
        // It was swept after its row was read.
        return Err(AppError::NotFound);
    }
    app.metrics.original_is_faulty(fault);
    tracing::error!(photo.sha256 = %digest, fault = fault.as_str(), "an original is not what it was");
    Err(AppError::Internal(format!("original {digest} is {}", fault.as_str())))
}

/// The whole original; `None` when it is damaged.
pub(super) fn read_verified(store: &PhotoStore, digest: &Digest) -> std::result::Result<Option<Vec<u8>>, BlobError> {
    let mut original = store.open_original(digest)?;
    let mut bytes = Vec::with_capacity(usize::try_from(original.size_bytes).unwrap_or(0));
    original.file.read_to_end(&mut bytes)?;
    Ok((Digest::of(&bytes) == *digest).then_some(bytes))
}

/// A photo that the caller may see.
struct VisiblePhoto {
    photo: Photo,
    /// Whether the caller may learn of it though it cannot be shown.
    knows_of_unviewable: bool,
}

/// The photo, if the caller uploaded it or may see it on some issue or visit.
fn visible(conn: &mut Conn, actor: &Actor, id: PhotoId) -> Result<VisiblePhoto> {
    let photo = photos::find(conn, id)?.ok_or(AppError::NotFound)?;
    if photo.uploader_id == actor.user_id {
        return Ok(VisiblePhoto { photo, knows_of_unviewable: true });
    }
    if !policy::permits(actor, Permission::ReadIssue) {
        return Err(AppError::NotFound);
    }
    let used_by = photos::issues_with(conn, id)?;
    let mut seen = None;
    for issue in issues::find_many(conn, &used_by)? {
        let Some(audience) = Audience::of(actor, &issue) else { continue };
        for stored in issues::photos(conn, &[issue.id])? {
            let stage = stored.photo.stage;
            if stored.photo.photo_id == id && audience.sees(stage) {
                seen = Some(seen.unwrap_or(false) || audience.knows_of_unviewable(stage));
            }
        }
    }
    if seen.is_none()
        && reach(actor.role, Permission::ReadVisits) == Reach::All
        && !visits::naming_photo(conn, id)?.is_empty()
    {
        seen = Some(true);
    }
    if seen.is_none() {
        let units = self_reports::naming_photo(conn, id)?;
        let reads = match reach(actor.role, Permission::ReadSelfReports) {
            Reach::All => !units.is_empty(),
            Reach::Unit => actor.unit_id.is_some_and(|own| units.contains(&own)),
            Reach::Never
            | Reach::Own
            | Reach::Check
            | Reach::LookBack
            | Reach::Involved
            | Reach::Addressed
            | Reach::UnitHead
            | Reach::Campaign
            | Reach::Released => false,
        };
        seen = reads.then_some(true);
    }
    let knows_of_unviewable = seen.ok_or(AppError::Hidden)?;
    Ok(VisiblePhoto { photo, knows_of_unviewable })
}
