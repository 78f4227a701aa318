//! How a use case can fail; `http` turns these into problems. No variant carries a cause that the client may not see:
//! causes go to the log.

use std::time::Duration;

use crate::admission::Full;
use crate::blobs::BlobError;
use crate::domain::batch::BatchRefusal;
use crate::domain::card::CardRefusal;
use crate::domain::invalid::Invalid;
use crate::domain::issue::Refusal;
use crate::domain::month::cycle::MonthWhy;
use crate::domain::month::ledger::EntryWhy;
use crate::domain::name_request::NameRefusal;
use crate::media::Rejection;
use crate::store::StoreError;

/// How long a caller should wait when the queue is full. Source: our choice; a full queue is worked off sooner.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// A use case that did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// No valid login.
    #[error("not signed in")]
    NotSignedIn,
    /// User name or password is wrong; the answer does not say which.
    #[error("credentials rejected")]
    CredentialsRejected,
    /// Too many failed logins; try again after this long.
    #[error("sign-in throttled")]
    SignInThrottled(Duration),
    /// The code is not the one that the service printed.
    #[error("setup code rejected")]
    SetupCodeRejected,
    /// There is an account already: the county is set up.
    #[error("already set up")]
    AlreadySetUp,
    /// Not permitted, where the caller may know that the object exists.
    #[error("forbidden")]
    Forbidden,
    /// No such object, or none that the caller may know of.
    #[error("not found")]
    NotFound,
    /// The object exists, but the caller may not know of it: answered like [`AppError::NotFound`], counted as a denial.
    #[error("hidden")]
    Hidden,
    /// The id belongs to an object that another request made.
    #[error("id reused")]
    IdReused,
    /// The idempotency key was used for another step.
    #[error("key reused")]
    KeyReused,
    /// A name or code that must be unique is taken.
    #[error("already exists")]
    AlreadyExists,
    /// There is a different answer already.
    #[error("already answered")]
    AlreadyAnswered,
    /// More than one person may file in a day; nothing was done. Try again after this long.
    #[error("too often")]
    TooOften(Duration),
    /// The object is there, and the caller does not say which version of it is to be changed.
    #[error("version required")]
    VersionRequired,
    /// The unlisted place was settled in another way.
    #[error("already settled")]
    PlaceSettled,
    /// Somebody changed the object since the caller read it.
    #[error("stale version")]
    Stale,
    /// Fields are wrong.
    #[error("invalid fields")]
    Invalid(Invalid),
    /// The lifecycle does not allow it.
    #[error("refused")]
    Refused(Refusal),
    /// The lifecycle of batches does not allow it.
    #[error("refused")]
    BatchRefused(BatchRefusal),
    /// The course of a month does not allow it.
    #[error("refused")]
    MonthRefused(MonthWhy),
    /// The course of a ledger entry does not allow it.
    #[error("refused")]
    EntryRefused(EntryWhy),
    /// The lifecycle of cards does not allow it.
    #[error("refused")]
    CardRefused(CardRefusal),
    /// The course of a request for a name does not allow it.
    #[error("refused")]
    NameRefused(NameRefusal),
    /// The issue was found on a visit of a batch, and is released with it.
    #[error("held by its batch")]
    HeldByBatch,
    /// The bytes are not a picture that is accepted.
    #[error("photo rejected: {0}")]
    PhotoRejected(#[from] Rejection),
    /// The bytes are not of the announced type.
    #[error("media type mismatch")]
    MediaTypeMismatch,
    /// More bytes than a photo may have.
    #[error("photo too large")]
    PhotoTooLarge,
    /// The bytes do not have the announced digest.
    #[error("digest mismatch")]
    DigestMismatch,
    /// The body ended before its announced length.
    #[error("body incomplete")]
    BodyIncomplete,
    /// The body came too slowly, or nothing came for too long.
    #[error("body too slow")]
    BodyTooSlow,
    /// The piece does not begin at the upload's current offset, which is this.
    #[error("the upload stands at {0}")]
    UploadOffset(u64),
    /// The piece is longer than the rest of the upload.
    #[error("more bytes than were announced")]
    UploadOverrun,
    /// The piece does not have the announced checksum.
    #[error("checksum mismatch")]
    ChecksumMismatch,
    /// The person has too many unfinished uploads, or too many bytes in them.
    #[error("too many unfinished uploads")]
    TooManyUploads,
    /// There is no picture to show for this photo.
    #[error("no preview")]
    NoPreview,
    /// The packet names an unknown account, or one whose records cannot be handed in by others.
    #[error("no account of such a packet")]
    PacketAccount,
    /// Too much work at once; nothing was done. Try again after this long.
    #[error("busy")]
    Busy(Duration),
    /// A part that the service needs does not answer; nothing was acknowledged.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// No space left for photos or rows.
    #[error("storage full")]
    StorageFull,
    /// A bug of ours, or damaged data; the log has the cause.
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
            // Two requests found the name free at the same moment and the unique constraint caught the second: its
            // retry will see the first.
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
            // A missing row that a request may ask for is handled by the caller; here, a row that another row names is
            // missing.
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

impl From<BatchRefusal> for AppError {
    fn from(refusal: BatchRefusal) -> Self {
        match refusal {
            BatchRefusal::Forbidden => AppError::Forbidden,
            BatchRefusal::Invalid(invalid) => AppError::Invalid(invalid),
            other @ (BatchRefusal::Illegal { .. } | BatchRefusal::Separation(_) | BatchRefusal::Guard(_)) => {
                AppError::BatchRefused(other)
            }
        }
    }
}

impl From<MonthWhy> for AppError {
    fn from(why: MonthWhy) -> Self {
        match why {
            MonthWhy::Forbidden => AppError::Forbidden,
            MonthWhy::Invalid(invalid) => AppError::Invalid(invalid),
            other @ (MonthWhy::Illegal { .. }
            | MonthWhy::TooEarly(_)
            | MonthWhy::WindowPassed(_)
            | MonthWhy::ObjectionPending(_)
            | MonthWhy::NoSuchObjection
            | MonthWhy::EarlierOpen(_)
            | MonthWhy::AlreadyObjected
            | MonthWhy::TooManyObjections
            | MonthWhy::ResultsDiffer
            | MonthWhy::SecondPerson) => AppError::MonthRefused(other),
        }
    }
}

impl From<EntryWhy> for AppError {
    fn from(why: EntryWhy) -> Self {
        match why {
            EntryWhy::Forbidden => AppError::Forbidden,
            EntryWhy::Invalid(invalid) => AppError::Invalid(invalid),
            other @ (EntryWhy::Illegal { .. } | EntryWhy::SecondPerson) => AppError::EntryRefused(other),
        }
    }
}

impl From<NameRefusal> for AppError {
    fn from(refusal: NameRefusal) -> Self {
        AppError::NameRefused(refusal)
    }
}

impl From<Invalid> for AppError {
    fn from(invalid: Invalid) -> Self {
        AppError::Invalid(invalid)
    }
}
