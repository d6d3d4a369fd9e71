//! What is written down about who did what. Ids only, never a name, a login or a value.

use crate::office::{Office, OfficeError};
use crate::store::{StoreError, Tx};
use qiaomen_proto::ids::{DeviceId, WorkerId};

/// What happened. The words are permanent: old rows stay readable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deed {
    /// A one-time code was made for a worker.
    EnrolCode,
    /// A worker was given a grid.
    GridGiven,
    /// A grid was taken from a worker.
    GridTaken,
    /// A grid was added.
    GridAdded,
    /// A building went to another grid.
    BuildingMoved,
    /// A device became one of ours.
    DeviceEnrolled,
    /// A device's access was taken back.
    DeviceRevoked,
    /// A clerk was added, or got a new password.
    ClerkPut,
    /// A clerk signed in.
    SignedIn,
    /// A wrong password.
    SignInFailed,
    /// A clerk signed out.
    SignedOut,
    /// Personal values of a document were looked at.
    Read,
    /// The list of conflicts was looked at.
    ReadConflicts,
    /// What is held back was looked at.
    ReadQuarantine,
    /// A conflict was decided.
    Decided,
    /// A decision was taken back.
    Undone,
    /// Many conflicts were decided by a rule; the word says which.
    DecidedByRule(&'static str),
    /// What a rule decided was taken back.
    BulkUndone,
    /// What was merged by itself was looked at.
    ReadParallel,
    /// What is held back was written to a file.
    QuarantineExported,
    /// A command that was held back was let in.
    Released,
    /// A command that was held back was put away; the word says why.
    Discarded(&'static str),
    /// A rescue file was read.
    RescueRead,
    /// The list of what is likely one thing twice was looked at.
    ReadDuplicates,
    /// A document was said to be the same as another.
    Linked,
    /// That was taken back.
    LinkTakenBack,
    /// Two documents were said not to be the same.
    NotTheSame,
    /// That was taken back.
    NotTheSameTakenBack,
    /// A day was closed.
    DayClosed,
    /// A closed day was opened again.
    DayReopened,
    /// Shapes of grids and buildings were taken from a map file.
    MapPut,
    /// The shapes were taken off the map.
    MapCleared,
    /// Somebody changed the password of the own account.
    PasswordChanged,
    /// An account got a new password from an administrator.
    PasswordReset,
    /// An account was given another post; the word says which.
    PostChanged(&'static str),
    /// An account was removed.
    AccountRemoved,
    /// One-time codes that nobody had used were withdrawn.
    CodesWithdrawn,
    /// The roster was written to a file.
    RosterExported,
    /// The audit was written to a file.
    AuditExported,
    /// The chain of the audit was gone through; the word says whether it holds.
    AuditChecked(&'static str),
    /// Who told of a matter was looked at.
    ReadReporter,
    /// The photos of a matter were looked at.
    ReadPhotos,
    /// The list of matters was looked at.
    ReadTickets,
    /// Somebody took a matter a step further at the console; the word says which step.
    Matter(&'static str),
    /// The categories of matters were changed.
    CategoriesChanged,
    /// The terms within which matters are to be done were changed.
    TermsChanged,
    /// Somebody was looked for among the residents.
    ResidentsSearched,
    /// The ledger was written to a workbook, all of it or of one grid.
    LedgerExported,
    /// A list of doors was kept under a name.
    LedgerViewKept,
    /// A kept list of doors was let go.
    LedgerViewDropped,
    /// A training was written down, or anew.
    TrainingPut,
    /// A training was taken away.
    TrainingRemoved,
    /// A device told more looks on one day than are written down: from here on they are only counted.
    LooksBeyond,
}

impl Deed {
    fn word(self) -> String {
        match self {
            Deed::EnrolCode => "enrol_code".to_owned(),
            Deed::GridGiven => "grid_given".to_owned(),
            Deed::GridTaken => "grid_taken".to_owned(),
            Deed::GridAdded => "grid_added".to_owned(),
            Deed::BuildingMoved => "building_moved".to_owned(),
            Deed::DeviceEnrolled => "device_enrolled".to_owned(),
            Deed::DeviceRevoked => "device_revoked".to_owned(),
            Deed::ClerkPut => "clerk_put".to_owned(),
            Deed::SignedIn => "signed_in".to_owned(),
            Deed::SignInFailed => "sign_in_failed".to_owned(),
            Deed::SignedOut => "signed_out".to_owned(),
            Deed::Read => "read".to_owned(),
            Deed::ReadConflicts => "read_conflicts".to_owned(),
            Deed::ReadQuarantine => "read_quarantine".to_owned(),
            Deed::Decided => "decided".to_owned(),
            Deed::Undone => "undone".to_owned(),
            Deed::DecidedByRule(rule) => format!("decided_by_rule:{rule}"),
            Deed::BulkUndone => "bulk_undone".to_owned(),
            Deed::ReadParallel => "read_parallel".to_owned(),
            Deed::QuarantineExported => "quarantine_exported".to_owned(),
            Deed::Released => "released".to_owned(),
            Deed::Discarded(why) => format!("discarded:{why}"),
            Deed::RescueRead => "rescue_read".to_owned(),
            Deed::ReadDuplicates => "read_duplicates".to_owned(),
            Deed::Linked => "linked".to_owned(),
            Deed::LinkTakenBack => "link_taken_back".to_owned(),
            Deed::NotTheSame => "not_the_same".to_owned(),
            Deed::NotTheSameTakenBack => "not_the_same_taken_back".to_owned(),
            Deed::DayClosed => "day_closed".to_owned(),
            Deed::DayReopened => "day_reopened".to_owned(),
            Deed::MapPut => "map_put".to_owned(),
            Deed::MapCleared => "map_cleared".to_owned(),
            Deed::PasswordChanged => "password_changed".to_owned(),
            Deed::PasswordReset => "password_reset".to_owned(),
            Deed::PostChanged(post) => format!("post_changed:{post}"),
            Deed::AccountRemoved => "account_removed".to_owned(),
            Deed::CodesWithdrawn => "codes_withdrawn".to_owned(),
            Deed::RosterExported => "roster_exported".to_owned(),
            Deed::AuditExported => "audit_exported".to_owned(),
            Deed::AuditChecked(how) => format!("audit_checked:{how}"),
            Deed::ReadReporter => "read_reporter".to_owned(),
            Deed::ReadPhotos => "read_photos".to_owned(),
            Deed::ReadTickets => "read_tickets".to_owned(),
            Deed::Matter(step) => format!("matter:{step}"),
            Deed::CategoriesChanged => "categories_changed".to_owned(),
            Deed::TermsChanged => "terms_changed".to_owned(),
            Deed::ResidentsSearched => "residents_searched".to_owned(),
            Deed::LedgerExported => "ledger_exported".to_owned(),
            Deed::LedgerViewKept => "ledger_view_kept".to_owned(),
            Deed::LedgerViewDropped => "ledger_view_dropped".to_owned(),
            Deed::TrainingPut => "training_put".to_owned(),
            Deed::TrainingRemoved => "training_removed".to_owned(),
            Deed::LooksBeyond => "looks_beyond".to_owned(),
        }
    }
}

/// Writes a row, within the transaction of what it is about.
pub fn note(office: &Office, tx: &Tx<'_>, who: WorkerId, deed: Deed, subject: Option<&[u8]>) -> Result<(), StoreError> {
    tx.audit(office.now_ms(), &who.to_string(), &deed.word(), subject)
}

/// Writes a row about a look at something, in a transaction of its own.
pub fn note_read(office: &Office, who: WorkerId, deed: Deed, subject: Option<&[u8]>) -> Result<(), OfficeError> {
    let (office, subject) = (office.clone(), subject.map(<[u8]>::to_vec));
    office.clone().store().write(move |tx| Ok(note(&office, tx, who, deed, subject.as_deref())?))
}

/// The permanent word of a look that a device tells of.
pub const LOOKED: &str = "looked";

/// What a device tells of a look.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// Which device.
    pub device: DeviceId,
    /// When it was, as the device says. The row itself has the time at which the office heard of it.
    pub at_ms: u64,
    /// Kind of the document, and names of fields with commas between.
    pub fields: &'a str,
}

/// Writes down that a worker had masked values shown on a device.
pub fn note_told(
    office: &Office,
    tx: &Tx<'_>,
    who: WorkerId,
    told: &Told<'_>,
    subject: &[u8],
) -> Result<(), StoreError> {
    let what = format!("{LOOKED}:{} {} {}", told.device, told.at_ms, told.fields);
    tx.audit(office.now_ms(), &who.to_string(), &what, Some(subject))
}
