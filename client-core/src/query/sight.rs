//! What every query sees: one state of the database, and the names of what ids stand for.

use super::in_place;
use crate::store::{StoreError, Tx};
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, Offset as _, Utc};
use qiaomen_proto::change::{Author, Stamp};
use qiaomen_proto::entity::{FieldSpec, ValueShape};
use qiaomen_proto::ids::{BuildingId, CommandId, DocId, GridId, Role, WorkerId};
use qiaomen_proto::merge::Register;
use qiaomen_proto::normalise::{UnitKey, unit_label};
use qiaomen_proto::reference::{Reference, WORKER_NAME_FIELD};
use qiaomen_proto::seal::KeyRing;
use serde::Serialize;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

/// One state of the database, and who looks.
pub(crate) struct Sight<'a> {
    pub(crate) tx: &'a Tx<'a>,
    pub(crate) reference: &'a Reference,
    pub(crate) me: Option<Author>,
    pub(crate) utc_offset_s: i32,
    /// Now, by the office's clock as far as this device knows it.
    pub(crate) now_ms: u64,
    names: RefCell<HashMap<WorkerId, String>>,
}

/// Somebody who wrote something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Who {
    /// Id of the member of staff.
    pub worker: String,
    /// The name, where this device may know it; else the role and the end of the id.
    pub name: String,
    /// The role: `grid_worker`, `office`, …
    pub role: Role,
    /// The role in Chinese.
    pub role_title: &'static str,
    /// The device that it was written on.
    pub device: String,
    /// True if it was the worker who looks.
    pub me: bool,
    /// True if it was this very device.
    pub this_device: bool,
}

impl<'a> Sight<'a> {
    /// A look at this state.
    pub(crate) fn new(
        tx: &'a Tx<'a>,
        reference: &'a Reference,
        me: Option<Author>,
        utc_offset_s: i32,
        now_ms: u64,
    ) -> Self {
        Self { tx, reference, me, utc_offset_s, now_ms, names: RefCell::default() }
    }

    /// What a member of staff is called.
    pub(crate) fn worker(&self, id: WorkerId) -> Result<String, StoreError> {
        if let Some(name) = self.names.borrow().get(&id) {
            return Ok(name.clone());
        }
        let ring = self.tx.ring_of(id.0)?;
        let info = self.reference.worker(id);
        let name = info
            .and_then(|w| ring.open(&id.0, WORKER_NAME_FIELD, &w.name).ok())
            .and_then(|plain| String::from_utf8(plain).ok())
            .unwrap_or_else(|| {
                let role = info.and_then(|w| w.role());
                in_place::staff(role, &id.to_string())
            });
        self.names.borrow_mut().insert(id, name.clone());
        Ok(name)
    }

    /// Who wrote under this stamp.
    pub(crate) fn who(&self, stamp: &Stamp) -> Result<Who, StoreError> {
        let Author { worker, role, device } = stamp.by;
        Ok(Who {
            worker: worker.to_string(),
            name: match self.reference.worker(worker) {
                // What the office wrote as a whole, as an imported book, has no clerk's name.
                None if role == Role::Office => in_place::OFFICE.to_owned(),
                _ => self.worker(worker)?,
            },
            role,
            role_title: role.title(),
            device: device.to_string(),
            me: self.me.is_some_and(|me| me.worker == worker),
            this_device: self.me.is_some_and(|me| me.device == device),
        })
    }

    /// What a building is called.
    pub(crate) fn building(&self, id: &str) -> Option<String> {
        let id: BuildingId = id.parse().ok()?;
        Some(self.reference.building(id)?.name.clone())
    }

    /// What the micro-grid of a building is called.
    pub(crate) fn micro_grid(&self, building: &str) -> Option<String> {
        let id: BuildingId = building.parse().ok()?;
        Some(self.reference.micro_grid_of(id)?.name.clone())
    }

    /// What a grid is called.
    pub(crate) fn grid(&self, id: &str) -> Option<String> {
        let id: GridId = id.parse().ok()?;
        Some(self.reference.grid(id)?.name.clone())
    }

    /// The address of a door.
    pub(crate) fn address(&self, household: &str) -> Result<Option<String>, StoreError> {
        Ok(self.tx.door(household)?.map(|d| address(&d.building_name, &d.unit, &d.room)))
    }

    /// What a resident is called.
    pub(crate) fn resident(&self, id: &str) -> Result<Option<String>, StoreError> {
        Ok(self.tx.resident(id)?.map(|r| r.called().to_owned()))
    }

    /// A value in words: an id by the name of what it stands for, where it is known here.
    pub(crate) fn in_words(&self, field: &FieldSpec, value: &str) -> Result<String, StoreError> {
        let name = match (field.shape, field.name) {
            (ValueShape::Uuid, "household") => self.address(value)?,
            (ValueShape::Uuid, "head" | "resident") => self.resident(value)?,
            (ValueShape::Uuid, "building") => self.building(value),
            (ValueShape::Uuid, "grid") => self.grid(value),
            (ValueShape::Uuid, "worker") => match value.parse() {
                Ok(id) => Some(self.worker(id)?),
                Err(_) => None,
            },
            (ValueShape::Uuid, _) => None,
            _ if field.several => return Ok(value.replace(',', "、")),
            _ => return Ok(value.to_owned()),
        };
        Ok(name.unwrap_or_else(|| in_place::not_here(value)))
    }

    /// A document as it stands here, with its keys and the commands on it that are not confirmed.
    pub(crate) fn document(&self, doc: DocId) -> Result<Document, StoreError> {
        let pending = self.tx.pending_commands_of(doc)?.into_iter().map(CommandId::from_bytes).collect();
        Ok(Document { register: self.tx.overlay(doc)?, ring: self.tx.ring_of(doc.uuid)?, pending })
    }

    /// The office's day of an instant.
    pub(crate) fn day(&self, at_ms: u64) -> NaiveDate {
        day(at_ms, self.utc_offset_s)
    }
    /// The first instant of a day of the office's calendar.
    pub(crate) fn begins_ms(&self, day: NaiveDate) -> u64 {
        begins_ms(day, self.utc_offset_s)
    }
    /// The office's today.
    pub(crate) fn today(&self) -> NaiveDate {
        self.day(self.now_ms)
    }
    /// An instant as people read it, in the office's zone.
    pub(crate) fn time(&self, at_ms: u64) -> String {
        time(at_ms, self.utc_offset_s)
    }
}

/// One document as it stands here.
#[derive(Debug)]
pub(crate) struct Document {
    /// What was confirmed and what not yet.
    pub(crate) register: Register,
    /// The keys to it.
    pub(crate) ring: KeyRing,
    /// Commands on it that the office has not confirmed.
    pub(crate) pending: BTreeSet<CommandId>,
}

/// The last eight characters of an id: enough to tell one from another aloud, and accepted as a name.
pub fn tail(id: &str) -> &str {
    id.get(id.len().saturating_sub(8)..).unwrap_or(id)
}

/// An address as people say it: 3号楼2单元502.
pub fn address(building_name: &str, unit: &str, room: &str) -> String {
    let building = if building_name.is_empty() { in_place::NO_BUILDING } else { building_name };
    let unit = UnitKey::parse(unit).map(|u| unit_label(&u)).unwrap_or_default();
    format!("{building}{unit}{room}")
}

fn local(at_ms: u64, utc_offset_s: i32) -> DateTime<FixedOffset> {
    // A distance of more than a day is none: then UTC.
    let zone = FixedOffset::east_opt(utc_offset_s).unwrap_or_else(|| Utc.fix());
    DateTime::from_timestamp_millis(i64::try_from(at_ms).unwrap_or(i64::MAX)).unwrap_or_default().with_timezone(&zone)
}

/// The day of an instant at this distance from UTC.
pub(crate) fn day(at_ms: u64, utc_offset_s: i32) -> NaiveDate {
    local(at_ms, utc_offset_s).date_naive()
}

/// The first instant of a day at this distance from UTC; a day before 1970 begins with it.
pub(crate) fn begins_ms(day: NaiveDate, utc_offset_s: i32) -> u64 {
    let midnight_ms = day.and_time(NaiveTime::MIN).and_utc().timestamp_millis();
    u64::try_from(midnight_ms - i64::from(utc_offset_s) * 1000).unwrap_or(0)
}

/// An instant as people read it.
pub(crate) fn time(at_ms: u64, utc_offset_s: i32) -> String {
    local(at_ms, utc_offset_s).format("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_said_as_people_say_it() {
        assert_eq!(address("3号楼", "2", "502"), "3号楼2单元502");
        assert_eq!(address("1号楼", "", "底商3"), "1号楼底商3");
        assert_eq!(address("", "A", "101"), "（不认识的楼栋）A座101");
    }

    #[test]
    fn the_office_s_day_begins_at_the_office_s_midnight() {
        let evening_utc = 1_778_000_000_000; // 2026-05-05T16:53:20Z
        assert_eq!(day(evening_utc, 0).to_string(), "2026-05-05");
        assert_eq!(day(evening_utc, 8 * 3600).to_string(), "2026-05-06");
        assert_eq!(time(evening_utc, 8 * 3600), "2026-05-06 00:53");
        let begins = begins_ms(day(evening_utc, 8 * 3600), 8 * 3600);
        assert_eq!(time(begins, 8 * 3600), "2026-05-06 00:00");
        assert_eq!(day(begins - 1, 8 * 3600).to_string(), "2026-05-05");
    }

    #[test]
    fn the_end_of_an_id_is_its_short_name() {
        assert_eq!(tail("0192f1c4-0000-7000-8000-0000deadbeef"), "deadbeef");
        assert_eq!(tail("abc"), "abc");
    }
}
