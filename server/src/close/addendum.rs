use super::{Day, records};
use crate::office::{Office, OfficeError};
use crate::people::Sight;
use crate::review::words::{self, Words};
use crate::store::Tx;
use qiaomen_proto::change::{Path, keys};
use qiaomen_proto::entity::diary;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{Kind, StreamId};
use qiaomen_proto::seal::KeyRing;
use serde::Serialize;

/// Lines of one addendum that are shown; the number is always whole.
pub const LATE_MAX: u32 = 500;

/// Something that was done on a day and came after it was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Late {
    /// Whose work it is.
    pub worker: String,
    /// What it is about, in words: addresses and matters, no person's name.
    pub places: Vec<String>,
    /// When it was done.
    pub at: String,
    /// When it came.
    pub received_at: String,
}

/// What was done on a day and came after it was closed; nothing while it is open.
pub fn addendum(office: &Office, tx: &Tx<'_>, day: Day, sight: &Sight) -> Result<Vec<Late>, OfficeError> {
    let Some(closed) = records(tx, Some(day))?.pop().filter(|r| r.record.closes) else { return Ok(Vec::new()) };
    let mut words = Words::new(office, tx)?;
    let (mut list, no_keys) = (Vec::new(), KeyRing::new());
    for row in tx.late(day.from_ms(), day.until_ms(), closed.signed_ms, LATE_MAX)? {
        let mut seen = sight.grids.is_none();
        let mut places = Vec::new();
        for doc in row.docs {
            for stream in tx.streams_of(doc)? {
                seen |= matches!(stream, StreamId::Grid(grid) if sight.sees(Some(grid)));
            }
            let Some(register) = tx.register(doc)? else { continue };
            // Without its keys a document says where it is and not whose it is.
            let view = View::new(&register, &no_keys);
            let place = match words.door_of(&view) {
                Some(door) => words.door(door)?,
                None => words.place(&view)?,
            };
            // It is no work more: something that the signed figures may have counted is not counted any more.
            let takes_back = doc.kind == Kind::Diary
                && !register.visible(&Path::new(diary::LINKS, keys::record_key(row.command, 0))).is_empty();
            let place = if takes_back { format!("{place}：撤回一条走访、电话或巡查") } else { place };
            if !places.contains(&place) {
                places.push(place);
            }
        }
        if seen {
            list.push(Late {
                worker: words.worker(row.worker)?,
                places,
                at: words::time(row.at_ms),
                received_at: words::time(row.received_ms),
            });
        }
    }
    Ok(list)
}
