//! Who did what, when, on what, in words. Nobody's personal values stand here: a person behind a door is "one of the
//! people" of that door.

use super::roster::day_bounds;
use crate::office::{Office, OfficeError};
use crate::people::audit::{self, Deed};
use crate::people::deeds;
use crate::review::words::{self, Words};
use crate::store::Tx;
use crate::store::sqlite::{AuditAsked, AuditRow};
use chrono::NaiveDate;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{BuildingId, CommandId, DeviceId, DocId, GridId, Kind, WorkerId};
use serde::Serialize;
use std::collections::HashMap;

/// Rows of one file at most: more is asked for day by day.
pub const EXPORT_ROWS_MAX: usize = 20_000;

/// What is said of a document that is not in the book: a device can tell of a look at one that never came.
const NOT_HERE: &str = "台账里没有的一份资料";

/// What is asked of the audit.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// By this person.
    pub who: Option<WorkerId>,
    /// This deed: its permanent word.
    pub deed: Option<String>,
    /// From this day.
    pub from: Option<NaiveDate>,
    /// Up to and with this day.
    pub until: Option<NaiveDate>,
    /// Only rows before this number.
    pub before: Option<i64>,
}

/// One row in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditLine {
    /// Its number.
    pub id: i64,
    /// When.
    pub at: String,
    /// Who, as people call them.
    pub who: String,
    /// What was done.
    pub what: String,
    /// On what; empty where it was on nothing in particular.
    pub on: String,
    /// The member of staff that it was on, if it was one of the roster.
    pub worker: Option<WorkerId>,
}

/// A page of the audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditPage {
    /// The rows, the newest first.
    pub lines: Vec<AuditLine>,
    /// Go on before this number.
    pub more: Option<i64>,
    /// Whether each of these rows follows the one before it.
    pub follows: bool,
    /// Everybody who stands in the audit: id and name.
    pub people: Vec<(WorkerId, String)>,
    /// When the whole chain was last gone through, by whom, and whether it held.
    pub checked: Option<LastCheck>,
}

/// The last time that somebody went through the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LastCheck {
    /// When.
    pub at: String,
    /// Who.
    pub by: String,
    /// Whether it held.
    pub holds: bool,
}

/// How the whole chain stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Chain {
    /// Rows that follow each other, from the first.
    pub rows: u64,
    /// The first that does not follow.
    pub broken_at: Option<i64>,
}

/// A page of the audit: `limit` rows.
pub fn page(office: &Office, asked: &Asked, limit: usize) -> Result<AuditPage, OfficeError> {
    office.store().read(|tx| {
        let mut rows = tx.audit_rows(&stored(asked), limit.saturating_add(1))?;
        let beyond = rows.len() > limit;
        rows.truncate(limit);
        let follows = tx.audit_follows(&rows.iter().map(|row| row.id).collect::<Vec<_>>())?;
        let mut told = Told::new(office, tx)?;
        let mut people = Vec::new();
        for id in tx.audit_people()? {
            if let Ok(worker) = id.parse::<WorkerId>() {
                people.push((worker, told.words.worker(worker)?));
            }
        }
        people.sort_by(|a, b| a.1.cmp(&b.1));
        let checked = match tx.last_audit("audit_checked")? {
            None => None,
            Some(row) => Some(LastCheck {
                at: words::time(row.at_ms),
                by: told.words.who(&row.who)?,
                holds: row.what.ends_with(deeds::HOLDS),
            }),
        };
        let more = beyond.then(|| rows.last().map(|row| row.id)).flatten();
        let lines = rows.into_iter().map(|row| told.line(row)).collect::<Result<_, _>>()?;
        Ok(AuditPage { lines, more, follows, people, checked })
    })
}

/// What is asked for, to be written to a file; at most [`EXPORT_ROWS_MAX`] rows, and whether that was all.
pub fn export(office: &Office, asked: &Asked, by: WorkerId) -> Result<(Vec<AuditLine>, bool), OfficeError> {
    let found = office.store().read(|tx| -> Result<_, OfficeError> {
        let mut rows = tx.audit_rows(&stored(asked), EXPORT_ROWS_MAX + 1)?;
        let all = rows.len() <= EXPORT_ROWS_MAX;
        rows.truncate(EXPORT_ROWS_MAX);
        let mut told = Told::new(office, tx)?;
        Ok((rows.into_iter().map(|row| told.line(row)).collect::<Result<_, OfficeError>>()?, all))
    })?;
    audit::note_read(office, by, Deed::AuditExported, None)?;
    Ok(found)
}

/// Goes through the whole chain, and writes down what came of it.
pub fn check(office: &Office, by: WorkerId) -> Result<Chain, OfficeError> {
    let (rows, broken_at) = office.store().read(|tx| tx.check_audit())?;
    let how = if broken_at.is_none() { deeds::HOLDS } else { deeds::BROKEN };
    audit::note_read(office, by, Deed::AuditChecked(how), None)?;
    Ok(Chain { rows, broken_at })
}

fn stored(asked: &Asked) -> AuditAsked {
    let from = asked.from.map(|day| day_bounds(day).0);
    let until = asked.until.map(|day| day_bounds(day).1);
    AuditAsked {
        who: asked.who.map(|who| who.to_string()),
        what: asked.deed.clone(),
        between_ms: (from.is_some() || until.is_some()).then(|| (from.unwrap_or(0), until.unwrap_or(u64::MAX))),
        before: asked.before,
    }
}

/// Says rows in words; what one thing is called is looked up once.
struct Told<'t, 'c> {
    tx: &'t Tx<'c>,
    office: &'t Office,
    words: Words<'t, 'c>,
    buildings: HashMap<BuildingId, String>,
    known: HashMap<(bool, Vec<u8>), String>,
}

impl<'t, 'c> Told<'t, 'c> {
    fn new(office: &'t Office, tx: &'t Tx<'c>) -> Result<Self, OfficeError> {
        let buildings = tx.buildings()?.into_iter().map(|b| (BuildingId::from_bytes(*b.id), b.name)).collect();
        Ok(Self { tx, office, words: Words::new(office, tx)?, buildings, known: HashMap::new() })
    }

    fn line(&mut self, row: AuditRow) -> Result<AuditLine, OfficeError> {
        let id16 = row.subject.as_deref().and_then(|s| <[u8; 16]>::try_from(s).ok());
        let on_oneself = id16.is_some_and(|id| WorkerId::from_bytes(id).to_string() == row.who);
        let worker = match id16.map(WorkerId::from_bytes) {
            Some(worker) if self.tx.worker(worker)?.is_some() => Some(worker),
            _ => None,
        };
        Ok(AuditLine {
            id: row.id,
            at: words::time(row.at_ms),
            who: self.words.who(&row.who)?,
            what: deeds::label(&row.what),
            // Who signs in does so on herself: that is not said twice.
            on: if on_oneself { String::new() } else { self.subject(&row)? },
            worker,
        })
    }

    fn subject(&mut self, row: &AuditRow) -> Result<String, OfficeError> {
        let Some(subject) = &row.subject else { return Ok(String::new()) };
        // A number of eight bytes counts bulk decisions; an id says itself what it is.
        let key = (subject.len() == size_of::<i64>(), subject.clone());
        if let Some(known) = self.known.get(&key) {
            return Ok(known.clone());
        }
        let said = if let Ok(number) = <[u8; 8]>::try_from(subject.as_slice()) {
            format!("第 {} 次批量", i64::from_be_bytes(number))
        } else if let Ok(id) = <[u8; 16]>::try_from(subject.as_slice()) {
            self.id(id, &row.what)?
        } else if let Some(doc) = DocId::from_key(subject) {
            self.document(doc)?
        } else {
            String::new()
        };
        self.known.insert(key, said.clone());
        Ok(said)
    }

    /// Somebody, a device, a place, or what was held back.
    fn id(&mut self, id: [u8; 16], what: &str) -> Result<String, OfficeError> {
        if let Some(device) = self.tx.device(DeviceId::from_bytes(id))? {
            return Ok(format!("{}的终端", self.words.worker(device.worker)?));
        }
        if let Some(building) = self.buildings.get(&BuildingId::from_bytes(id)) {
            return Ok(building.clone());
        }
        if let Some(grid) = self.words.grid(GridId::from_bytes(id)) {
            return Ok(grid.to_owned());
        }
        if let Some(held) = self.tx.held_number(CommandId::from_bytes(id))? {
            return Ok(format!("待处理 {held} 号"));
        }
        if let Some(training) = self.tx.training(&id)? {
            return Ok(format!("{} 的培训“{}”", training.on, training.topic));
        }
        if what.starts_with("training_") {
            return Ok("一次培训（已删）".to_owned());
        }
        self.words.worker(WorkerId::from_bytes(id))
    }

    fn document(&mut self, doc: DocId) -> Result<String, OfficeError> {
        let Some(register) = self.tx.register(doc)? else { return Ok(NOT_HERE.to_owned()) };
        let ring = self.office.ring(self.tx, [doc.uuid])?;
        let view = View::new(&register, &ring);
        if doc.kind != Kind::Resident {
            return self.words.place(&view);
        }
        Ok(match self.words.door_of(&view) {
            Some(door) => format!("{} 的一位居民", self.words.door(door)?),
            None => "一位居民".to_owned(),
        })
    }
}
