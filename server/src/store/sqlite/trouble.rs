//! What failed in the database, and what is the matter with it as far as somebody can do something about it.

use rusqlite::ErrorCode;
use std::path::PathBuf;

/// What failed in the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Opening the file.
    #[error("could not open the database {path}")]
    Open {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: rusqlite::Error,
    },
    /// The file is of a later version.
    #[error("the database is of a later version ({found}) than this program ({known})")]
    Later {
        /// In the file.
        found: i64,
        /// Here.
        known: i64,
    },
    /// There is nothing in the file, where there should be something.
    #[error("the database {path} is empty")]
    Empty {
        /// Which file.
        path: PathBuf,
    },
    /// A database, and another program's.
    #[error("the database {path} is another program's")]
    Foreign {
        /// Which file.
        path: PathBuf,
    },
    /// A statement.
    #[error("the database refused: {what}")]
    Sql {
        /// Which verb.
        what: &'static str,
        /// Why.
        #[source]
        source: rusqlite::Error,
    },
    /// A row that cannot be what was written.
    #[error("damaged row: {0}")]
    Damaged(&'static str),
    /// A job ended in the middle, by a fault in the program; nothing of it stays.
    #[error("a job broke off")]
    BrokeOff,
    /// The transaction could not be begun, or not be made durable; nothing of it stays.
    #[error("could not commit ({why:?})")]
    Commit {
        /// Why, as SQLite names it.
        why: Option<ErrorCode>,
    },
    /// The writer has stopped.
    #[error("the writer has stopped")]
    Stopped,
}

/// What is the matter with the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// What is in the file is not what was written there.
    Damaged,
    /// The file is no database of an office.
    NotOurs,
    /// The disk has no room.
    Full,
    /// The machine does not let us read or write there.
    NotAllowed,
    /// The disk does not do what it is told.
    Disk,
    /// Another process is writing, and does not end.
    Busy,
    /// Of another kind.
    Other,
}

impl StoreError {
    /// What is the matter, as far as somebody can do something about it.
    pub fn trouble(&self) -> Trouble {
        let code = match self {
            Self::Open { source, .. } | Self::Sql { source, .. } => source.sqlite_error_code(),
            Self::Commit { why } => *why,
            Self::Damaged(_) => return Trouble::Damaged,
            Self::Empty { .. } | Self::Foreign { .. } => return Trouble::NotOurs,
            Self::Later { .. } | Self::BrokeOff | Self::Stopped => None,
        };
        match code {
            Some(ErrorCode::DatabaseCorrupt) => Trouble::Damaged,
            Some(ErrorCode::NotADatabase) => Trouble::NotOurs,
            Some(ErrorCode::DiskFull) => Trouble::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => Trouble::NotAllowed,
            Some(ErrorCode::SystemIoFailure) => Trouble::Disk,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Trouble::Busy,
            _ => Trouble::Other,
        }
    }
}
