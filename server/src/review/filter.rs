//! Which of the conflicts, or of what is held back: as somebody says it, and as it is meant.

use super::conflicts::{CONFLICT, ConflictView, LATE_UPDATE};
use super::door;
use super::error::ReviewError;
use super::words::Words;
use crate::office::Office;
use crate::people::staff;
use crate::store::sqlite::ConflictRow;
use crate::store::{StoreError, Tx};
use qiaomen_proto::entity::kind_spec;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{BuildingId, GridId, HouseholdId, Kind, WorkerId};
use qiaomen_proto::normalise::building_name;
use serde::{Deserialize, Serialize};

const KINDS: [Kind; 4] = [Kind::Household, Kind::Resident, Kind::Ticket, Kind::Diary];
/// The states that a conflict can have.
const STATES: [&str; 4] = ["open", "decided", "undone", "gone"];

/// What somebody asks for, in words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Asked {
    /// `open`, `decided`, `undone`, `gone`; none or `all` for every state.
    pub state: Option<String>,
    /// A grid by name, code or id.
    pub grid: Option<String>,
    /// A building, or a door (`3-2-502` or id).
    pub door: Option<String>,
    /// A field by name or label.
    pub field: Option<String>,
    /// A kind of document by name or label.
    pub kind: Option<String>,
    /// Somebody who wrote one of the candidates, by name or id.
    pub worker: Option<String>,
    /// Open for longer than this: `3d`, `3天`, `48h`, `48小时`, `30m`, `30分钟`.
    pub older_than: Option<String>,
    /// `conflict` 冲突 or `late_update` 离线更新.
    pub label: Option<String>,
}

/// What is meant by it. Ids and permanent names only.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// State.
    pub state: Option<String>,
    /// Grid.
    pub grid: Option<GridId>,
    /// Building.
    pub building: Option<BuildingId>,
    /// Door.
    pub door: Option<HouseholdId>,
    /// Permanent name of the field.
    pub field: Option<String>,
    /// Permanent name of the kind.
    pub kind: Option<String>,
    /// Author of a candidate.
    pub worker: Option<WorkerId>,
    /// Open for longer than this.
    pub older_than_ms: Option<u64>,
    /// Permanent name of the label.
    pub label: Option<String>,
}

/// Where something is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Whereabouts {
    /// Door.
    pub door: Option<HouseholdId>,
    /// Building.
    pub building: Option<BuildingId>,
    /// Grid.
    pub grid: Option<GridId>,
}

impl Whereabouts {
    /// Where a document is, as its door, building or grid stand now.
    pub(super) fn of(tx: &Tx<'_>, words: &Words<'_, '_>, view: &View<'_>) -> Result<Self, StoreError> {
        let door = words.door_of(view);
        let of_door = door.map(|d| tx.door(d)).transpose()?.flatten().map(|d| d.building);
        let building = of_door.or_else(|| view.building());
        let named = || view.text("grid").and_then(|g| g.parse().ok());
        let grid = match building.map(|b| tx.grid_of_building(b)).transpose()?.flatten() {
            // A matter may have been handed to another grid than its door's.
            Some(grid) if view.register().doc().kind != Kind::Ticket => Some(grid),
            of_building => named().or(of_building),
        };
        Ok(Self { door, building, grid })
    }
    /// Is it there?
    pub(super) fn is(&self, filter: &Filter) -> bool {
        filter.grid.is_none_or(|g| self.grid == Some(g))
            && filter.building.is_none_or(|b| self.building == Some(b))
            && filter.door.is_none_or(|d| self.door == Some(d))
    }
}

impl Filter {
    /// What is meant by what was asked.
    pub(super) fn of(office: &Office, tx: &Tx<'_>, asked: &Asked) -> Result<Self, ReviewError> {
        let mut filter = Self {
            state: known(asked.state.as_deref().filter(|s| *s != "all"), "状态", |s| {
                STATES.contains(&s).then(|| s.to_owned())
            })?,
            grid: asked.grid.as_deref().map(|said| grid(tx, said)).transpose()?,
            field: known(asked.field.as_deref(), "项目", field)?,
            kind: known(asked.kind.as_deref(), "类别", kind)?,
            worker: asked.worker.as_deref().map(|said| worker(office, tx, said)).transpose()?,
            older_than_ms: known(asked.older_than.as_deref(), "时长", age)?,
            label: known(asked.label.as_deref(), "标签", label)?,
            ..Self::default()
        };
        if let Some(said) = &asked.door {
            (filter.building, filter.door) = place(office, tx, said)?;
        }
        Ok(filter)
    }

    /// Cheap to ask, before a record is put into words.
    pub(super) fn may_pass(&self, row: &ConflictRow, now_ms: u64) -> bool {
        let spec = kind_spec(row.doc.kind);
        self.kind.as_ref().is_none_or(|k| k == row.doc.kind.name())
            && self.field.as_ref().is_none_or(|f| spec.field(&row.path).is_some_and(|s| s.name == f))
            && self.older_than_ms.is_none_or(|age| now_ms.saturating_sub(row.opened_ms) >= age)
    }
    /// The rest.
    pub(super) fn passes(&self, view: &ConflictView) -> bool {
        view.whereabouts.is(self)
            && self.label.as_ref().is_none_or(|l| l == view.kind)
            && self.worker.is_none_or(|w| view.candidates.iter().any(|c| c.worker == Some(w)))
    }
}

fn known<T>(
    said: Option<&str>,
    what: &'static str,
    means: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, ReviewError> {
    let Some(said) = said.map(str::trim) else { return Ok(None) };
    means(said).map(Some).ok_or_else(|| ReviewError::FilterUnknown { what, said: said.to_owned() })
}

fn field(said: &str) -> Option<String> {
    let fields = || KINDS.iter().flat_map(|k| kind_spec(*k).containers).flat_map(|c| c.fields);
    fields().find(|f| f.name == said || f.label == said).map(|f| f.name.to_owned())
}

fn kind(said: &str) -> Option<String> {
    KINDS.iter().find(|k| k.name() == said || kind_spec(**k).label == said).map(|k| k.name().to_owned())
}

fn label(said: &str) -> Option<String> {
    [CONFLICT, LATE_UPDATE].into_iter().find(|(name, label)| *name == said || *label == said).map(|(n, _)| n.to_owned())
}

/// A length of time as people write it.
pub(super) fn age(said: &str) -> Option<u64> {
    let digits = said.find(|c: char| !c.is_ascii_digit())?;
    let (count, unit) = said.split_at(digits);
    let minutes: u64 = match unit.trim() {
        "m" | "分" | "分钟" => 1,
        "h" | "小时" => 60,
        "d" | "天" => 24 * 60,
        _ => return None,
    };
    count.parse::<u64>().ok()?.checked_mul(minutes * 60_000)
}

/// Somebody of the staff by name or id.
pub(super) fn worker(office: &Office, tx: &Tx<'_>, said: &str) -> Result<WorkerId, ReviewError> {
    match staff::meant(office, tx, said)?.as_slice() {
        [one] => Ok(one.id),
        [] => Err(ReviewError::FilterUnknown { what: "工作人员", said: said.to_owned() }),
        _ => Err(ReviewError::FilterAmbiguous { said: said.to_owned() }),
    }
}

/// A grid by name, code or id.
pub(super) fn grid(tx: &Tx<'_>, said: &str) -> Result<GridId, ReviewError> {
    let grid = staff::meant_grid(&tx.grids()?, said);
    grid.ok_or_else(|| ReviewError::FilterUnknown { what: "网格", said: said.to_owned() })
}

/// A building, or a door.
pub(super) fn place(
    office: &Office,
    tx: &Tx<'_>,
    said: &str,
) -> Result<(Option<BuildingId>, Option<HouseholdId>), ReviewError> {
    if let Some(door) = door::meant(office, tx, said)? {
        return Ok((None, Some(door)));
    }
    let name = building_name(said);
    let building = tx.buildings()?.into_iter().find(|b| b.name == name);
    let building = building.map(|b| BuildingId::from_bytes(*b.id));
    building
        .map(|b| (Some(b), None))
        .ok_or_else(|| ReviewError::FilterUnknown { what: "楼栋或户", said: said.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_of_time_is_read_as_people_write_it() {
        assert_eq!(["3d", "3天", "72h", "72 小时"].map(age), [Some(3 * 24 * 3_600_000); 4]);
        assert_eq!(age("30分钟"), Some(30 * 60_000));
        for nonsense in ["", "3", "d", "-3d", "三天", "99999999999999999999d", "18446744073709551615d"] {
            assert_eq!(age(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_field_is_found_by_its_name_and_by_what_people_call_it() {
        assert_eq!(field("phone").as_deref(), Some("phone"));
        assert_eq!(field("联系电话").as_deref(), Some("phone"));
        assert_eq!((kind("居民"), kind("resident"), field("x")), (kind("resident"), Some("resident".to_owned()), None));
        assert_eq!(label("离线更新").as_deref(), Some("late_update"));
    }
}
