//! Rows as they stand, for holding them against each other: whole tables, nothing left out.

use super::log::doc_of;
use super::numbers::{signed, unsigned};
use super::tickets::{TICKET, ticket};
use super::{DoorRow, EntryProjection, ResidentRow, StoreError, TicketRow, Tx, sql};
use qiaomen_proto::change::ChangeHash;
use qiaomen_proto::ids::{BuildingId, CommandId, DocId, GridId, HouseholdId, ResidentId, StreamId, Subject};
use rusqlite::types::FromSql;
use rusqlite::{Params, Row};

/// A stored change beside what it says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeRow {
    /// Its row.
    pub id: i64,
    /// The document.
    pub doc: DocId,
    /// Its hash.
    pub hash: ChangeHash,
    /// Its command.
    pub command: CommandId,
}

type Bytes16 = [u8; 16];
/// Kind and value of a blind index.
type Blind = (u8, Bytes16);

fn door(r: &Row<'_>) -> rusqlite::Result<DoorRow> {
    Ok(DoorRow {
        household: HouseholdId::from_bytes(r.get(0)?),
        building: BuildingId::from_bytes(r.get(1)?),
        unit: r.get(2)?,
        room: r.get(3)?,
        use_: r.get(4)?,
        refused: r.get(5)?,
        conflict_count: r.get(6)?,
    })
}

fn resident(r: &Row<'_>) -> rusqlite::Result<ResidentRow> {
    Ok(ResidentRow {
        resident: ResidentId::from_bytes(r.get(0)?),
        household: r.get::<_, Option<Bytes16>>(1)?.map(HouseholdId::from_bytes),
        moved_out: r.get(2)?,
        conflict_count: r.get(3)?,
        refused_fields: r.get(4)?,
    })
}

fn diary_entry(r: &Row<'_>) -> rusqlite::Result<(Subject, EntryProjection)> {
    let entry = EntryProjection {
        key: r.get(1)?,
        worker: r.get(2)?,
        grid: r.get::<_, Option<Bytes16>>(3)?.map(GridId::from_bytes),
        kind: r.get(4)?,
        outcome: r.get(5)?,
        household: r.get(6)?,
        at_ms: unsigned(r.get(7)?),
    };
    Ok((Subject::from_bytes(r.get(0)?), entry))
}

impl Tx<'_> {
    fn all<T>(
        &self,
        what: &'static str,
        text: &str,
        given: impl Params,
        row: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let mut s = self.conn.prepare_cached(text).map_err(sql(what))?;
        let rows = s.query_map(given, row).map_err(sql(what))?;
        rows.collect::<Result<_, _>>().map_err(sql(what))
    }

    fn one<T: FromSql>(&self, what: &'static str, text: &str) -> Result<T, StoreError> {
        self.conn.query_row(text, [], |r| r.get(0)).map_err(sql(what))
    }

    /// The row of the change that was taken last; 0 before the first.
    pub fn last_change(&self) -> Result<i64, StoreError> {
        self.one("last change", "SELECT coalesce(max(id), 0) FROM change")
    }
    /// Every change, in the order in which they were taken.
    pub fn change_list(&self) -> Result<Vec<ChangeRow>, StoreError> {
        let rows = self.all("change list", "SELECT id, doc, hash, command FROM change ORDER BY id", [], |r| {
            Ok((r.get(0)?, r.get::<_, Vec<u8>>(1)?, ChangeHash(r.get(2)?), CommandId::from_bytes(r.get(3)?)))
        })?;
        rows.into_iter()
            .map(|(id, doc, hash, command)| Ok(ChangeRow { id, doc: doc_of(doc)?, hash, command }))
            .collect()
    }
    /// Hash and command of each change of a document, in the order in which they were taken.
    pub fn change_stamps(&self, doc: DocId) -> Result<Vec<(ChangeHash, CommandId)>, StoreError> {
        let text = "SELECT hash, command FROM change WHERE doc = ?1 ORDER BY id";
        self.all("change stamps", text, [doc.key()], |r| Ok((ChangeHash(r.get(0)?), CommandId::from_bytes(r.get(1)?))))
    }
    /// Every document's key with the kind and the suffix beside it.
    pub fn document_list(&self) -> Result<Vec<(DocId, u8, Vec<u8>)>, StoreError> {
        let rows = self.all("document list", "SELECT doc, kind, suffix FROM document ORDER BY doc", [], |r| {
            Ok((r.get::<_, Vec<u8>>(0)?, r.get(1)?, r.get(2)?))
        })?;
        rows.into_iter().map(|(doc, kind, suffix)| Ok((doc_of(doc)?, kind, suffix))).collect()
    }
    /// Every command with this outcome, and its check.
    pub fn command_list(&self, outcome: u8) -> Result<Vec<(CommandId, [u8; 8])>, StoreError> {
        let text = "SELECT id, check_bytes FROM command WHERE outcome = ?1 ORDER BY id";
        self.all("command list", text, [outcome], |r| Ok((CommandId::from_bytes(r.get(0)?), r.get(1)?)))
    }
    /// Names under which entries or members stand and no stream does.
    pub fn nameless_streams(&self) -> Result<Vec<String>, StoreError> {
        let text = "SELECT stream FROM entry WHERE stream NOT IN (SELECT id FROM stream)
                    UNION SELECT stream FROM member WHERE stream NOT IN (SELECT id FROM stream)";
        self.all("nameless streams", text, [], |r| r.get(0))
    }
    /// Documents of a stream, each with the number since which it is there.
    pub fn member_list(&self, stream: &StreamId) -> Result<Vec<(DocId, u64)>, StoreError> {
        let text = "SELECT doc, since_seq FROM member WHERE stream = ?1 ORDER BY ord";
        let rows = self.all("member list", text, [stream.to_text()], |r| Ok((r.get::<_, Vec<u8>>(0)?, r.get(1)?)))?;
        rows.into_iter().map(|(doc, since)| Ok((doc_of(doc)?, unsigned(since)))).collect()
    }
    /// Number of entries that stand with a number outside of 1 to `next_seq`, without it.
    pub fn entries_outside(&self, stream: &StreamId, next_seq: u64) -> Result<u64, StoreError> {
        let text = "SELECT count(*) FROM entry WHERE stream = ?1 AND (seq < 1 OR seq >= ?2)";
        let counts = self.all("entries outside", text, (stream.to_text(), signed(next_seq)), |r| r.get::<_, i64>(0))?;
        Ok(counts.into_iter().map(unsigned).sum())
    }

    /// Every door.
    pub fn door_list(&self) -> Result<Vec<DoorRow>, StoreError> {
        let text = "SELECT household, building, unit, room, use, refused, conflict_count FROM door";
        self.all("door list", text, [], door)
    }
    /// Every resident.
    pub fn resident_list(&self) -> Result<Vec<ResidentRow>, StoreError> {
        let text = "SELECT resident, household, moved_out, conflict_count, refused_fields FROM resident";
        self.all("resident list", text, [], resident)
    }
    /// Every matter.
    pub fn ticket_list(&self) -> Result<Vec<TicketRow>, StoreError> {
        self.all("ticket list", &format!("SELECT {TICKET} FROM ticket"), [], ticket)
    }
    /// Every entry of every diary, with the diary's id.
    pub fn diary_entry_list(&self) -> Result<Vec<(Subject, EntryProjection)>, StoreError> {
        let text = "SELECT diary, key, worker, grid, kind, outcome, household, at_ms FROM diary_entry ORDER BY diary, at_ms, key";
        self.all("diary entry list", text, [], diary_entry)
    }
    /// Every blind index, sorted within each subject.
    pub fn blind_list(&self) -> Result<Vec<(Subject, Blind)>, StoreError> {
        let text = "SELECT subject, kind, value FROM blind ORDER BY subject, kind, value";
        self.all("blind list", text, [], |r| Ok((Subject::from_bytes(r.get(0)?), (r.get(1)?, r.get(2)?))))
    }
}
