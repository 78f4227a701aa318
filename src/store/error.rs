//! What can go wrong in the database, as far as `app` needs to distinguish it.

use diesel::result::{DatabaseErrorKind as Kind, Error};

/// A failed store operation.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No such row.
    #[error("not found")]
    NotFound,
    /// The row has a different version from the one the change was decided on.
    #[error("changed by somebody else")]
    Stale,
    /// A unique constraint refused the row. It is a second safeguard behind the rules in the code.
    #[error("conflict: {0}")]
    Conflict(String),
    /// The database cannot be reached, is busy, or its queue is full: try again later.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// No space left where the database is.
    #[error("no space left")]
    Full,
    /// A stored value that the code cannot have written.
    #[error("corrupt: {0}")]
    Corrupt(String),
    /// The database is not fit for use.
    #[error("refused: {0}")]
    Refused(String),
    /// Anything else.
    #[error("database: {0}")]
    Other(#[source] Error),
}

/// Messages of a full disk. Diesel passes on messages without codes, so the text decides; a PostgreSQL that was set up
/// in Chinese may answer in Chinese.
const FULL: &[&str] = &["is full", "No space left", "没有空间", "空间不足"];

/// Messages of a database that will work again later: it is stopping or starting, is gone, or cancelled a statement
/// that ran or waited too long. Nothing of the transaction was kept.
const UNAVAILABLE: &[&str] = &[
    "locked",
    "busy",
    "closed the connection",
    "has been closed",
    "could not receive data",
    "could not send data",
    "no connection",
    "shutting down",
    "停止中",
    "starting up",
    "启动中",
    // An administrator ended it, or the transaction was idle for too long.
    "terminating",
    "终止连接",
    "中断联接",
    // A statement that ran too long, waited too long for a lock, or was cancelled by an administrator.
    "canceling statement due to",
    "执行超时",
    "锁超时",
    "锁定超时",
    "用户请求",
    "deadlock detected",
    "检测到死锁",
];

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
                if says(FULL) {
                    StoreError::Full
                } else if says(UNAVAILABLE) {
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
    /// Whether the disk failed under the database: what was written since may be lost, so no further write is accepted
    /// until a restart (PostgreSQL panics for the same reason).
    #[must_use]
    pub fn is_disk_failure(&self) -> bool {
        matches!(self, StoreError::Other(Error::DatabaseError(_, info)) if info.message().contains("disk I/O error"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(message: &str) -> StoreError {
        StoreError::from(Error::DatabaseError(Kind::Unknown, Box::new(message.to_owned())))
    }

    /// Messages of PostgreSQL 15, in English and in Chinese.
    #[test]
    fn what_will_pass_is_told_from_mistakes_in_english_and_chinese() {
        for message in [
            "canceling statement due to statement timeout",
            "canceling statement due to lock timeout",
            "canceling statement due to user request",
            "terminating connection due to idle-in-transaction timeout",
            "terminating connection due to administrator command",
            "deadlock detected",
            "the database system is shutting down",
            "the database system is starting up",
            "由于语句执行超时，正在取消查询命令",
            "由于锁超时，取消语句操作",
            "由于用户请求而正在取消查询",
            "由于空载事务超时而终止连接",
            "由于管理员命令中断联接",
            "检测到死锁",
            "数据库系统停止中",
            "数据库系统启动中",
        ] {
            assert!(matches!(said(message), StoreError::Unavailable(_)), "{message}");
        }
        for message in
            ["could not extend file \"base/1\": No space left on device", "无法扩展文件 \"base/1\": 设备上没有空间"]
        {
            assert!(matches!(said(message), StoreError::Full), "{message}");
        }
        for message in ["syntax error at or near \"x\"", "current transaction is aborted", "语法错误"] {
            assert!(matches!(said(message), StoreError::Other(_)), "{message}");
        }
    }
}
