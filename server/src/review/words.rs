//! Ids, times and values as people say them.

use crate::office::{Office, OfficeError, UTC_OFFSET_S};
use crate::people::staff::Names;
use crate::store::Tx;
use crate::store::sqlite::RUN_GAP_MS;
use chrono::{DateTime, FixedOffset, Offset as _, Utc};
use qiaomen_proto::change::Path;
use qiaomen_proto::entity::record::{EntryKind, Outcome};
use qiaomen_proto::entity::value::Shown;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::entity::{FieldSpec, ValueShape, kind_spec};
use qiaomen_proto::ids::{BuildingId, GridId, HouseholdId, Kind, ResidentId, WorkerId};
use qiaomen_proto::merge::{Register, Why};
use qiaomen_proto::normalise::{UnitKey, unit_label};
use std::collections::HashMap;

/// An instant as people at the office read it: the office's clock is Beijing's.
pub fn time(at_ms: u64) -> String {
    let zone = FixedOffset::east_opt(UTC_OFFSET_S).unwrap_or_else(|| Utc.fix());
    let at = DateTime::from_timestamp_millis(i64::try_from(at_ms).unwrap_or(i64::MAX)).unwrap_or_default();
    at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string()
}

/// How long, in the largest unit that says it.
pub fn duration(ms: u64) -> String {
    match ms / 60_000 {
        0 => "不到 1 分钟".to_owned(),
        minutes @ 1..60 => format!("{minutes} 分钟"),
        minutes @ 60..2_880 => format!("{} 小时", minutes / 60),
        minutes => format!("{} 天", minutes / 1_440),
    }
}

/// What takes longer to come was written without signal: with one it is sent as soon as it is written.
const AT_ONCE_MS: u64 = 60_000;

/// That something was written without signal, and for how long the device had had none; none where that does not follow.
/// A device that was in touch a while before may have had a signal when this was written, or not: what came at once did.
pub fn offline(at_ms: u64, received_ms: u64, since_ms: Option<u64>) -> Option<String> {
    let late = received_ms.saturating_sub(at_ms) >= AT_ONCE_MS;
    match since_ms {
        Some(since) if received_ms.saturating_sub(since) >= RUN_GAP_MS => {
            Some(format!("离线 {}（自 {} 起）", duration(received_ms.saturating_sub(since)), time(since)))
        }
        _ => late.then(|| "离线写的".to_owned()),
    }
}

/// Name and words of the reason why a value holds for now.
pub fn why(why: Why) -> (&'static str, &'static str) {
    match why {
        Why::Only => ("only", "没有别的说法"),
        Why::Latest => ("latest", "暂按最新的"),
        Why::Rank => ("rank", "按职务高的"),
        Why::Refusal => ("refusal", "有人拒绝过，先尊重"),
        Why::All => ("all", "几个都算"),
        Why::Decided => ("decided", "社区已裁定"),
    }
}

/// Permanent name of an answer's state.
pub fn state(shown: &Shown) -> &'static str {
    match shown {
        Shown::Value(_) => "value",
        Shown::Refused => "refused",
        Shown::Unknown => "unknown",
        Shown::Cleared => "cleared",
        Shown::Locked => "locked",
    }
}

/// What a contact at a door was and how it ended.
pub fn contact(kind: u8, outcome: u8) -> String {
    let kinds = [EntryKind::Visit, EntryKind::Call, EntryKind::Patrol];
    let outcomes = [Outcome::Met, Outcome::NotHome, Outcome::Refused, Outcome::Clear, Outcome::Found];
    let kind = kinds.into_iter().find(|k| *k as u8 == kind).map_or("到访", EntryKind::label);
    let outcome = outcomes.into_iter().find(|o| *o as u8 == outcome).map_or("", Outcome::label);
    format!("{kind} {outcome}").trim_end().to_owned()
}

/// Says ids in words, within one state of the database.
#[derive(Debug)]
pub struct Words<'t, 'c> {
    office: &'t Office,
    tx: &'t Tx<'c>,
    names: Names,
    buildings: HashMap<BuildingId, String>,
    grids: HashMap<GridId, String>,
}

impl<'t, 'c> Words<'t, 'c> {
    /// For this state of the database.
    pub fn new(office: &'t Office, tx: &'t Tx<'c>) -> Result<Self, OfficeError> {
        let buildings = tx.buildings()?.into_iter().map(|b| (BuildingId::from_bytes(*b.id), b.name)).collect();
        let grids = tx.grids()?.into_iter().map(|g| (GridId::from_bytes(*g.id), g.name)).collect();
        Ok(Self { office, tx, names: Names::default(), buildings, grids })
    }

    /// What a worker or clerk is called.
    pub fn worker(&mut self, worker: WorkerId) -> Result<String, OfficeError> {
        self.names.of(self.office, self.tx, worker)
    }

    /// What whoever stands in a row of the database (an id as text) is called.
    pub fn who(&mut self, id: &str) -> Result<String, OfficeError> {
        match id.parse() {
            Ok(worker) => self.worker(worker),
            Err(_) => Ok(id.to_owned()),
        }
    }

    fn address(&self, building: Option<BuildingId>, unit: &str, room: &str) -> String {
        let building = building.and_then(|b| self.buildings.get(&b)).map_or("（不认识的楼栋）", String::as_str);
        let unit = UnitKey::parse(unit).map(|u| unit_label(&u)).unwrap_or_default();
        format!("{building}{unit}{room}")
    }

    /// The address of a door, as people say it: 3号楼2单元502.
    pub fn door(&self, door: HouseholdId) -> Result<String, OfficeError> {
        let row = self.tx.door(door)?;
        Ok(row.map_or_else(|| "（还没有地址的户）".to_owned(), |d| self.address(Some(d.building), &d.unit, &d.room)))
    }

    /// The name of a resident as it stands.
    pub fn resident(&self, resident: ResidentId) -> Result<String, OfficeError> {
        let Some(register) = self.tx.register(resident.into())? else {
            return Ok("（没有登记的人）".to_owned());
        };
        let ring = self.office.ring(self.tx, [resident.0])?;
        Ok(name(&View::new(&register, &ring)))
    }

    /// The door that a document is about, if one is.
    pub fn door_of(&self, view: &View<'_>) -> Option<HouseholdId> {
        match view.register().doc().kind {
            Kind::Household => Some(HouseholdId(view.register().doc().uuid)),
            Kind::Resident => view.household().or_else(|| view.households().first().copied()),
            Kind::Ticket => view.household(),
            Kind::Diary => None,
        }
    }

    /// What a document is about: an address, a person at an address, a matter, somebody's day.
    pub fn place(&mut self, view: &View<'_>) -> Result<String, OfficeError> {
        let text = |field: &str| view.text(field).unwrap_or_default();
        Ok(match view.register().doc().kind {
            Kind::Household => self.address(view.building(), &text("unit"), &text("room")),
            Kind::Resident => match self.door_of(view) {
                Some(door) => format!("{} {}", self.door(door)?, name(view)),
                None => name(view),
            },
            Kind::Ticket => {
                let at = self.spot(view)?;
                format!("{at} 诉求（{}）", view.text("category").unwrap_or_else(|| "未分类".to_owned()))
                    .trim_start()
                    .to_owned()
            }
            Kind::Diary => {
                let worker = match text("worker").parse() {
                    Ok(worker) => self.worker(worker)?,
                    Err(_) => String::new(),
                };
                format!("{worker} {} 的日志", text("on")).trim_start().to_owned()
            }
        })
    }

    /// Where a matter is: a door, a building and perhaps a unit, a grid.
    pub fn spot(&self, view: &View<'_>) -> Result<String, OfficeError> {
        let text = |field: &str| view.text(field).unwrap_or_default();
        Ok(match (view.household(), view.building()) {
            (Some(door), _) => self.door(door)?,
            (None, building @ Some(_)) => self.address(building, &text("unit"), ""),
            (None, None) => text("grid").parse().ok().and_then(|g| self.grids.get(&g).cloned()).unwrap_or_default(),
        })
    }

    /// A value of a field as people read it: an id by the name of what it stands for.
    pub fn value(&mut self, field: &FieldSpec, shown: &Shown) -> Result<String, OfficeError> {
        let Shown::Value(value) = shown else { return Ok(shown.label().to_owned()) };
        if field.shape != ValueShape::Uuid {
            return Ok(if field.several { value.replace(',', "、") } else { value.clone() });
        }
        let Ok(id) = value.parse::<uuid::Uuid>() else { return Ok(value.clone()) };
        match field.name {
            "building" => Ok(self.buildings.get(&BuildingId(id)).cloned().unwrap_or_else(|| value.clone())),
            "grid" => Ok(self.grids.get(&GridId(id)).cloned().unwrap_or_else(|| value.clone())),
            "household" => self.door(HouseholdId(id)),
            "head" | "resident" => self.resident(ResidentId(id)),
            "worker" => self.worker(WorkerId(id)),
            _ => Ok(value.clone()),
        }
    }

    /// What a grid is called.
    pub fn grid(&self, grid: GridId) -> Option<&str> {
        self.grids.get(&grid).map(String::as_str)
    }

    /// Label of a place in a document: the field's, with its container's where that says more.
    pub fn field_label(register: &Register, path: &Path) -> String {
        let spec = kind_spec(register.doc().kind);
        match (spec.container(path.container), spec.field(path)) {
            (Some(container), Some(field)) if path.container > 0 => format!("{}·{}", container.label, field.label),
            (_, Some(field)) => field.label.to_owned(),
            (Some(container), None) => container.label.to_owned(),
            (None, None) => path.key.clone(),
        }
    }
}

fn name(view: &View<'_>) -> String {
    view.field("name").map_or_else(
        || "（没有登记姓名）".to_owned(),
        |f| match f.shown {
            Shown::Value(name) => name,
            Shown::Refused => "（拒绝提供姓名）".to_owned(),
            other => other.label().to_owned(),
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_office_reads_beijing_time() {
        assert_eq!(time(1_778_000_000_000), "2026-05-06 00:53");
    }

    #[test]
    fn how_long_is_said_in_the_largest_unit_that_says_it() {
        assert_eq!(duration(59 * 60_000), "59 分钟");
        assert_eq!(duration(9 * 3_600_000), "9 小时");
        assert_eq!(duration(47 * 3_600_000), "47 小时");
        assert_eq!(duration(72 * 3_600_000), "3 天");
    }

    #[test]
    fn what_came_late_or_after_a_gap_was_written_without_signal_and_of_what_came_at_once_nothing_is_said() {
        let came = 1_778_000_000_000;
        for in_touch in [Some(came - 60_000), None] {
            assert_eq!(offline(came - 3_000, came, in_touch), None);
            assert_eq!(offline(came - AT_ONCE_MS, came, in_touch).as_deref(), Some("离线写的"));
        }
        let gap = offline(came, came, Some(came - 9 * 3_600_000));
        assert_eq!(gap.as_deref(), Some("离线 9 小时（自 2026-05-05 15:53 起）"));
    }
}
