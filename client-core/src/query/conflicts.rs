//! What the office has to decide, as far as this device sees it. The worker sees what stands against
//! what she wrote, and which of it holds meanwhile.

use super::field::FieldLine;
use super::sight::{Document, Sight};
use crate::store::StoreError;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{DocId, Kind};
use serde::Serialize;

/// A place where a person at the office has to decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConflictLine {
    /// Kind of the document.
    pub kind: Kind,
    /// Its id.
    pub id: String,
    /// Whose, or where: a name, an address, what the matter is.
    pub title: String,
    /// The address beside a name.
    pub place: Option<String>,
    /// Container and key of the place.
    pub path: String,
    /// What stands there.
    pub field: FieldLine,
    /// True if one of the candidates is mine.
    pub mine: bool,
    /// When the last of them was written, in milliseconds since 1970.
    pub since_ms: u64,
    /// The same as people read it.
    pub since: String,
}

/// Every conflict here: mine first, then the newest.
pub(crate) fn conflicts(sight: &Sight<'_>) -> Result<Vec<ConflictLine>, StoreError> {
    let mut lines = Vec::new();
    for doc in sight.tx.in_conflict()? {
        let document = sight.document(doc)?;
        let (title, place) = called(sight, doc)?;
        lines.extend(of_document(sight, &document, &title, place.as_deref())?);
    }
    lines.sort_by_key(|l| (!l.mine, std::cmp::Reverse(l.since_ms)));
    Ok(lines)
}

fn of_document(
    sight: &Sight<'_>,
    document: &Document,
    title: &str,
    place: Option<&str>,
) -> Result<Vec<ConflictLine>, StoreError> {
    let doc = document.register.doc();
    let view = View::new(&document.register, &document.ring);
    let mut lines = Vec::new();
    for conflict in view.conflicts() {
        let Some(shown) = view.at(&conflict.path) else { continue };
        let field = FieldLine::of(sight, document, &shown)?;
        let since_ms = field.candidates.iter().map(|c| c.at_ms).max().unwrap_or(0);
        lines.push(ConflictLine {
            kind: doc.kind,
            id: doc.uuid.to_string(),
            title: title.to_owned(),
            place: place.map(str::to_owned),
            path: format!("{}.{}", conflict.path.container, conflict.path.key),
            mine: field.candidates.iter().any(|c| c.by.as_ref().is_some_and(|by| by.me)),
            field,
            since_ms,
            since: sight.time(since_ms),
        });
    }
    Ok(lines)
}

/// What a document is called, and where it is.
pub(crate) fn called(sight: &Sight<'_>, doc: DocId) -> Result<(String, Option<String>), StoreError> {
    let id = doc.uuid.to_string();
    let unknown = || super::in_place::not_here(&id);
    Ok(match doc.kind {
        Kind::Household => (sight.address(&id)?.unwrap_or_else(unknown), None),
        Kind::Resident => match sight.tx.resident(&id)? {
            Some(row) => {
                let place = row.household.as_deref().map(|h| sight.address(h)).transpose()?.flatten();
                (row.called().to_owned(), place)
            }
            None => (unknown(), None),
        },
        Kind::Ticket => match sight.tx.ticket(&id)? {
            Some(row) => {
                let place = row.household.as_deref().map(|h| sight.address(h)).transpose()?.flatten();
                (row.text.unwrap_or_else(unknown), place)
            }
            None => (unknown(), None),
        },
        Kind::Diary => ("民情日志".to_owned(), None),
    })
}
