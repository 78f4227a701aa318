//! How a use case can fail, in words that `http` turns into problems. Nothing here
//! carries a cause that an outsider may see; causes go to the log.

use std::time::Duration;

use crate::admission::Full;
use crate::blobs::BlobError;
use crate::domain::invalid::Invalid;
use crate::domain::issue::Refusal;
use crate::media::Rejection;
use crate::store::StoreError;

/// What a caller is told to wait when too many wait already. Source: our choice; a queue is shorter.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// A use case that did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Nobody is signed in, or the sign-in has ended.
    #[error("not signed in")]
    NotSignedIn,
    /// Name and password do not fit; which of the two is not said.
    #[error("credentials rejected")]
    CredentialsRejected,
    /// Too many failed sign-ins; try again after this long.
    #[error("sign-in throttled")]
    SignInThrottled(Duration),
    /// A password of one's own must be set first.
    #[error("password change required")]
    PasswordChangeRequired,
    /// Not permitted, and that the thing exists is no secret.
    #[error("forbidden")]
    Forbidden,
    /// No such thing, or none the caller may know of.
    #[error("not found")]
    NotFound,
    /// There is such a thing, but the caller may not know of it: answered like [`AppError::NotFound`],
    /// noted like a denial.
    #[error("hidden")]
    Hidden,
    /// The id names something made by another request.
    #[error("id reused")]
    IdReused,
    /// The key of a step names another one.
    #[error("key reused")]
    KeyReused,
    /// A name or code that must be unique is taken.
    #[error("already exists")]
    AlreadyExists,
    /// There is an answer already, and it is another one.
    #[error("already answered")]
    AlreadyAnswered,
    /// More than one person may ask for in a day; nothing was done. Try again after this long.
    #[error("too often")]
    TooOften(Duration),
    /// The action needs the version it was decided on.
    #[error("version required")]
    VersionRequired,
    /// Somebody changed the thing since.
    #[error("stale version")]
    Stale,
    /// Fields are wrong.
    #[error("invalid fields")]
    Invalid(Invalid),
    /// The lifecycle refuses.
    #[error("refused")]
    Refused(Refusal),
    /// The bytes are no picture that is taken.
    #[error("photo rejected: {0}")]
    PhotoRejected(#[from] Rejection),
    /// The bytes are not of the type they were sent as.
    #[error("media type mismatch")]
    MediaTypeMismatch,
    /// More bytes than a photo may have.
    #[error("photo too large")]
    PhotoTooLarge,
    /// The bytes are not the ones whose digest was named.
    #[error("digest mismatch")]
    DigestMismatch,
    /// The body ended before its announced length.
    #[error("body incomplete")]
    BodyIncomplete,
    /// The body came too slowly, or nothing came of it for too long.
    #[error("body too slow")]
    BodyTooSlow,
    /// The piece does not begin where the upload stands.
    #[error("the upload stands at {0}")]
    UploadOffset(u64),
    /// The piece is longer than what the upload lacks.
    #[error("more bytes than were announced")]
    UploadOverrun,
    /// The piece is not the one whose checksum was named.
    #[error("checksum mismatch")]
    ChecksumMismatch,
    /// The person has begun too many uploads, or too large ones, and not finished them.
    #[error("too many unfinished uploads")]
    TooManyUploads,
    /// There is no picture to show for this photo.
    #[error("no preview")]
    NoPreview,
    /// A packet names an account that is not here, or whose records nobody else hands in.
    #[error("no account of such a packet")]
    PacketAccount,
    /// Too much at once; nothing was done. Try again after this long.
    #[error("busy")]
    Busy(Duration),
    /// A part the service needs does not answer; nothing was acknowledged.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// No space left for photos or rows.
    #[error("storage full")]
    StorageFull,
    /// A mistake of ours, or damage; the log has the cause.
    #[error("internal: {0}")]
    Internal(String),
}

impl From<Full> for AppError {
    fn from(Full: Full) -> Self {
        AppError::Busy(RETRY_AFTER)
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => AppError::NotFound,
            StoreError::Stale => AppError::Stale,
            StoreError::Full => AppError::StorageFull,
            StoreError::Unavailable(cause) => AppError::Unavailable(cause),
            // A unique constraint caught what two requests at the same moment both found free: the
            // client's retry sees the winner.
            StoreError::Conflict(cause) => AppError::Unavailable(format!("conflicting writes: {cause}")),
            StoreError::Corrupt(_) | StoreError::Refused(_) | StoreError::Other(_) => {
                AppError::Internal(error.to_string())
            }
        }
    }
}

impl From<BlobError> for AppError {
    fn from(error: BlobError) -> Self {
        match error {
            // Where that something is missing can be an answer, its asker says so: what a row names is to be there.
            BlobError::NotFound => AppError::Internal("kept bytes are missing".into()),
            BlobError::TooLarge { .. } => AppError::PhotoTooLarge,
            BlobError::Full => AppError::StorageFull,
            BlobError::Unsynced(cause) | BlobError::Io(cause) => AppError::Unavailable(cause.to_string()),
        }
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotVisible => AppError::Hidden,
            Refusal::Forbidden => AppError::Forbidden,
            Refusal::Invalid(invalid) => AppError::Invalid(invalid),
            other => AppError::Refused(other),
        }
    }
}

impl From<Invalid> for AppError {
    fn from(invalid: Invalid) -> Self {
        AppError::Invalid(invalid)
    }
}
