//! What can go wrong in the database, in the words `app` needs.

use diesel::result::{DatabaseErrorKind as Kind, Error};

/// A failed store operation.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No such row.
    #[error("not found")]
    NotFound,
    /// The row has another version than the one the change was decided on.
    #[error("changed by somebody else")]
    Stale,
    /// A unique constraint, the second lock behind the code's rules, refused the row.
    #[error("conflict: {0}")]
    Conflict(String),
    /// The database cannot be reached, is busy, or its queue is full: try again later.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// No space left where the database is.
    #[error("no space left")]
    Full,
    /// A stored value is not one the code can have written.
    #[error("corrupt: {0}")]
    Corrupt(String),
    /// The database is unfit to be used.
    #[error("refused: {0}")]
    Refused(String),
    /// Anything else.
    #[error("database: {0}")]
    Other(#[source] Error),
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        match &error {
            Error::NotFound => StoreError::NotFound,
            Error::DatabaseError(Kind::UniqueViolation, info) => {
                StoreError::Conflict(info.constraint_name().unwrap_or(info.message()).to_owned())
            }
            Error::DatabaseError(
                Kind::ClosedConnection | Kind::UnableToSendCommand | Kind::SerializationFailure,
                _,
            )
            | Error::BrokenTransactionManager => StoreError::Unavailable(error.to_string()),
            Error::DatabaseError(_, info) => {
                let message = info.message();
                let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
                if says(&["is full", "No space left"]) {
                    StoreError::Full
                } else if says(&[
                    "locked",
                    "busy",
                    "closed the connection",
                    "has been closed",
                    "could not receive data",
                    "could not send data",
                    "shutting down",
                    "starting up",
                    "terminating",
                    "no connection",
                ]) {
                    StoreError::Unavailable(message.to_owned())
                } else {
                    StoreError::Other(error)
                }
            }
            Error::DeserializationError(cause) => StoreError::Corrupt(cause.to_string()),
            _ => StoreError::Other(error),
        }
    }
}

impl StoreError {
    /// Whether the disk failed under the database: what was written since may be lost,
    /// so no further write is taken until a restart (PostgreSQL panics for the same reason).
    #[must_use]
    pub fn is_disk_failure(&self) -> bool {
        matches!(self, StoreError::Other(Error::DatabaseError(_, info)) if info.message().contains("disk I/O error"))
    }
}
