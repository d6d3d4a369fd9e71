//! Lists of doors that the office comes back to: filters and columns under a name. They are the whole office's. The
//! name is whatever a clerk writes, so it rests sealed in the office's own box.

use crate::office::{Office, OfficeError};
use crate::people::audit::{self, Deed};
use crate::store::StoreError;
use qiaomen_proto::ids::WorkerId;
use qiaomen_proto::seal::{open_with, seal_to};
use serde::Serialize;

/// Lists that are kept at most: more are no help to anybody.
pub const VIEWS_MAX: usize = 60;
/// Letters of a name at most.
pub const NAME_LETTERS_MAX: usize = 40;
/// Bytes of filters and columns at most.
pub const QUERY_BYTES_MAX: usize = 600;
/// Names the purpose of the box in which a name rests.
const NAME_INFO: &[u8] = b"qiaomen 2026 ledger view name";

/// A list that was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeptView {
    /// Number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Filters and columns.
    pub query: String,
}

/// Why a list is not kept.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// The office's core.
    #[error(transparent)]
    Office(#[from] OfficeError),
    /// No name, or one that is none.
    #[error("a view needs a name of 1 to {NAME_LETTERS_MAX} letters")]
    Name,
    /// There are enough.
    #[error("there are {VIEWS_MAX} views already")]
    TooMany,
    /// Another has this name.
    #[error("there is a view of this name already")]
    NameTaken,
}

impl From<StoreError> for ViewError {
    fn from(e: StoreError) -> Self {
        Self::Office(e.into())
    }
}

/// The kept lists, in the order in which they were kept.
pub fn kept(office: &Office) -> Result<Vec<KeptView>, OfficeError> {
    let rows = office.store().read(|tx| tx.ledger_views())?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let plain = open_with(&office.secrets().boxes, NAME_INFO, row.made_by.as_bytes(), &row.name_sealed).ok();
            let name =
                plain.and_then(|p| String::from_utf8(p.to_vec()).ok()).unwrap_or_else(|| format!("第 {} 个", row.id));
            KeptView { id: row.id, name, query: row.query }
        })
        .collect())
}

/// Keeps a list under a name; its number.
pub fn keep(office: &Office, name: &str, query: &str, by: WorkerId) -> Result<i64, ViewError> {
    let name = name.trim();
    let letters = name.chars().count();
    if !(1..=NAME_LETTERS_MAX).contains(&letters) || name.chars().any(char::is_control) || query.len() > QUERY_BYTES_MAX
    {
        return Err(ViewError::Name);
    }
    let there = kept(office)?;
    if there.len() >= VIEWS_MAX {
        return Err(ViewError::TooMany);
    }
    if there.iter().any(|v| v.name == name) {
        return Err(ViewError::NameTaken);
    }
    let seed = office.random().map_err(OfficeError::from)?;
    let sealed = seal_to(&office.secrets().boxes.public(), NAME_INFO, by.as_bytes(), name.as_bytes(), seed)
        .map_err(|_| StoreError::Damaged("the office's own box"))?;
    let (inner, query) = (office.clone(), query.to_owned());
    office.store().write(move |tx| {
        let id = tx.add_ledger_view(by, inner.now_ms(), &sealed, &query)?;
        audit::note(&inner, tx, by, Deed::LedgerViewKept, Some(&id.to_be_bytes()))?;
        Ok(id)
    })
}

/// Lets go of a kept list. False if there is none of this number.
pub fn let_go(office: &Office, id: i64, by: WorkerId) -> Result<bool, OfficeError> {
    let inner = office.clone();
    office.store().write(move |tx| {
        let there = tx.drop_ledger_view(id)?;
        if there {
            audit::note(&inner, tx, by, Deed::LedgerViewDropped, Some(&id.to_be_bytes()))?;
        }
        Ok(there)
    })
}
