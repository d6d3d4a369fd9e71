//! The ledger's list of doors: which of them, which columns, and what they come to.

use super::aside::Aside;
use super::ledger_people::head;
use super::order::{DoorPlace, door_place, natural};
use crate::office::{Office, OfficeError};
use crate::people::Sight;
use crate::review::words;
use crate::store::Tx;
use crate::store::sqlite::DoorLine;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{BuildingId, DocId, GridId, HouseholdId};
use qiaomen_proto::normalise::{UnitKey, unit_label};
use serde::Serialize;
use std::collections::HashMap;

/// Doors on one page.
pub const PAGE: usize = 50;
/// Days since a visit that can be asked for at most.
pub const DAYS_MAX: u64 = 3_650;
const DAY_MS: u64 = 24 * 3_600_000;

/// A column of the list. The address is always there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is what its label says")]
pub enum Column {
    Grid,
    Use,
    Head,
    People,
    Counted,
    Open,
    Visited,
    Marks,
}

impl Column {
    /// Every one, in their order.
    pub const ALL: [Column; 8] = [
        Column::Grid,
        Column::Use,
        Column::Head,
        Column::People,
        Column::Counted,
        Column::Open,
        Column::Visited,
        Column::Marks,
    ];
    /// Its permanent word.
    pub fn word(self) -> &'static str {
        match self {
            Column::Grid => "grid",
            Column::Use => "use",
            Column::Head => "head",
            Column::People => "people",
            Column::Counted => "counted",
            Column::Open => "open",
            Column::Visited => "visited",
            Column::Marks => "marks",
        }
    }
    /// What stands above it.
    pub fn label(self) -> &'static str {
        match self {
            Column::Grid => "网格",
            Column::Use => "居住情况",
            Column::Head => "户主",
            Column::People => "登记人数",
            Column::Counted => "常住人数",
            Column::Open => "未办结诉求",
            Column::Visited => "最近见到人",
            Column::Marks => "要留意的",
        }
    }
    /// Those that are shown where nothing else is asked for.
    fn usual() -> Vec<Column> {
        Self::ALL.into_iter().filter(|c| *c != Column::Counted).collect()
    }
}

/// Which doors, and how they are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Of this grid.
    pub grid: Option<GridId>,
    /// Of this building.
    pub building: Option<BuildingId>,
    /// Lived in like this.
    pub use_: Option<String>,
    /// The whole door refused.
    pub refused: bool,
    /// With a matter that is open.
    pub open: bool,
    /// With something that a person has to decide.
    pub conflict: bool,
    /// Not visited for so many days, or never.
    pub days: Option<u64>,
    /// Columns, in their order.
    pub columns: Vec<Column>,
    /// Which page, from 1.
    pub page: usize,
}

impl Asked {
    /// From the fields of a form. What cannot be meant is left out.
    pub fn of(fields: &[(String, String)]) -> Self {
        let get = |name: &str| fields.iter().find(|(n, v)| n == name && !v.trim().is_empty()).map(|(_, v)| v.trim());
        let mut columns: Vec<Column> =
            Column::ALL.into_iter().filter(|c| fields.iter().any(|(n, v)| n == "col" && v == c.word())).collect();
        if columns.is_empty() {
            columns = Column::usual();
        }
        Self {
            grid: get("grid").and_then(|id| id.parse().ok()),
            building: get("building").and_then(|id| id.parse().ok()),
            use_: get("use").map(str::to_owned),
            refused: get("refused").is_some(),
            open: get("open").is_some(),
            conflict: get("conflict").is_some(),
            days: get("days").and_then(|d| d.parse().ok()).filter(|d| (1..=DAYS_MAX).contains(d)),
            columns,
            page: get("page").and_then(|p| p.parse().ok()).filter(|p| *p > 0).unwrap_or(1),
        }
    }
    /// Back into fields, without the page: what a link or a kept view carries.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = Vec::new();
        fields.extend(self.grid.map(|g| ("grid", g.to_string())));
        fields.extend(self.building.map(|b| ("building", b.to_string())));
        fields.extend(self.use_.clone().map(|u| ("use", u)));
        for (name, on) in [("refused", self.refused), ("open", self.open), ("conflict", self.conflict)] {
            fields.extend(on.then(|| (name, "1".to_owned())));
        }
        fields.extend(self.days.map(|d| ("days", d.to_string())));
        if self.columns != Column::usual() {
            fields.extend(self.columns.iter().map(|c| ("col", c.word().to_owned())));
        }
        fields
    }
    /// Whether every door is meant.
    pub fn is_everything(&self) -> bool {
        let Self { grid, building, use_, refused, open, conflict, days, columns: _, page: _ } = self;
        grid.is_none() && building.is_none() && use_.is_none() && days.is_none() && !(*refused || *open || *conflict)
    }

    fn wants(&self, line: &DoorLine, now_ms: u64) -> bool {
        let long_ago = |days: u64| line.visited_ms.is_none_or(|at| at + days * DAY_MS <= now_ms);
        self.use_.as_ref().is_none_or(|u| line.use_.as_ref() == Some(u))
            && (!self.refused || line.refused)
            && (!self.open || line.open > 0)
            && (!self.conflict || line.conflicts > 0)
            && self.days.is_none_or(long_ago)
    }
}

/// One door of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DoorListed {
    /// Id.
    pub id: HouseholdId,
    /// Address.
    pub address: String,
    /// Grid, by name.
    pub grid: String,
    /// How it is lived in.
    pub use_: String,
    /// Head of the household, masked; where the column is asked for.
    pub head: String,
    /// People who are registered there.
    pub people: u32,
    /// How many live there, as somebody told; where the column is asked for.
    pub counted: String,
    /// Matters that are open.
    pub open: u32,
    /// The last visit at which somebody was there: when, and on which day.
    pub visited: Option<(u64, String)>,
    /// The whole door refused.
    pub refused: bool,
    /// Places that wait for a person.
    pub conflicts: u32,
}

/// What the doors that are meant come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Doors.
    pub doors: usize,
    /// People who are registered there.
    pub people: u64,
    /// Doors that refused.
    pub refused: usize,
    /// Matters that are open.
    pub open: u64,
    /// Doors with something to decide.
    pub conflicts: usize,
    /// Doors at which nobody was ever met.
    pub never: usize,
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DoorsPage {
    /// The doors.
    pub lines: Vec<DoorListed>,
    /// What all of them come to, not only those on the page.
    pub totals: Totals,
    /// Which page this is, from 1.
    pub page: usize,
    /// Number of pages.
    pub pages: usize,
}

/// Places by name, as far as somebody sees: what lists are filtered by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Grids, in the office's order.
    pub grids: Vec<(GridId, String)>,
    /// Buildings with their grid, in the order of people.
    pub buildings: Vec<(BuildingId, String, GridId)>,
}

impl Places {
    /// Within sight.
    pub fn within(tx: &Tx<'_>, sight: &Sight) -> Result<Self, OfficeError> {
        let grids = tx.grids()?.into_iter().map(|g| (GridId::from_bytes(*g.id), g.name));
        let grids: Vec<_> = grids.filter(|(id, _)| sight.sees(Some(*id))).collect();
        let buildings = tx.buildings()?.into_iter();
        let mut buildings: Vec<_> = buildings
            .map(|b| (BuildingId::from_bytes(*b.id), b.name, GridId::from_bytes(*b.grid)))
            .filter(|(_, _, grid)| sight.sees(Some(*grid)))
            .collect();
        buildings.sort_by_key(|(id, name, _)| (natural(name), *id));
        Ok(Self { grids, buildings })
    }
    /// Name of a grid.
    pub fn grid(&self, grid: Option<GridId>) -> &str {
        self.grids.iter().find(|(id, _)| Some(*id) == grid).map_or("", |(_, name)| name)
    }
    pub(super) fn place(&self, grid: Option<GridId>) -> usize {
        self.grids.iter().position(|(id, _)| Some(*id) == grid).unwrap_or(usize::MAX)
    }
    /// Names of the buildings.
    pub(super) fn building_names(&self) -> HashMap<BuildingId, &str> {
        self.buildings.iter().map(|(id, name, _)| (*id, name.as_str())).collect()
    }
}

/// An address, as people say it.
pub(super) fn address(building: Option<&str>, unit: &str, room: &str) -> String {
    let unit = UnitKey::parse(unit).map(|u| unit_label(&u)).unwrap_or_default();
    format!("{}{unit}{room}", building.unwrap_or("（不认识的楼栋）"))
}

/// The doors that are meant and within sight, a page of them.
pub fn doors(office: &Office, tx: &Tx<'_>, asked: &Asked, sight: &Sight) -> Result<DoorsPage, OfficeError> {
    let places = Places::within(tx, sight)?;
    let names = places.building_names();
    let now_ms = office.now_ms();
    let lines = Aside::of(tx)?.fold(tx, tx.door_lines(asked.grid, asked.building)?)?;
    let mut lines: Vec<(DoorPlace, DoorLine)> = lines
        .into_iter()
        .filter(|line| sight.sees(line.grid) && asked.wants(line, now_ms))
        .map(|line| {
            let building = names.get(&line.building).copied().unwrap_or_default();
            (door_place(places.place(line.grid), building, &line.unit, &line.room, line.household), line)
        })
        .collect();
    lines.sort_by(|a, b| a.0.cmp(&b.0));
    let count = |of: fn(&DoorLine) -> bool| lines.iter().filter(|(_, line)| of(line)).count();
    let totals = Totals {
        doors: lines.len(),
        people: lines.iter().map(|(_, l)| u64::from(l.people)).sum(),
        refused: count(|l| l.refused),
        open: lines.iter().map(|(_, l)| u64::from(l.open)).sum(),
        conflicts: count(|l| l.conflicts > 0),
        never: count(|l| l.visited_ms.is_none()),
    };
    let pages = lines.len().div_ceil(PAGE).max(1);
    let page = asked.page.min(pages);
    let shows = |column: Column| asked.columns.contains(&column);
    let mut listed = Vec::new();
    for (_, line) in lines.into_iter().skip((page - 1) * PAGE).take(PAGE) {
        listed.push(DoorListed {
            id: line.household,
            address: address(names.get(&line.building).copied(), &line.unit, &line.room),
            grid: places.grid(line.grid).to_owned(),
            head: shows(Column::Head).then(|| head(office, tx, line.household)).transpose()?.unwrap_or_default(),
            counted: shows(Column::Counted)
                .then(|| counted(office, tx, line.household))
                .transpose()?
                .unwrap_or_default(),
            use_: line.use_.unwrap_or_default(),
            people: line.people,
            open: line.open,
            visited: line.visited_ms.map(|at| (at, crate::close::Day::of(at).to_string())),
            refused: line.refused,
            conflicts: line.conflicts,
        });
    }
    Ok(DoorsPage { lines: listed, totals, page, pages })
}

fn counted(office: &Office, tx: &Tx<'_>, door: HouseholdId) -> Result<String, OfficeError> {
    let Some(register) = tx.register(DocId::from(door))? else { return Ok(String::new()) };
    let ring = office.ring(tx, [door.0])?;
    Ok(View::new(&register, &ring).field("people_count").map_or_else(String::new, |f| f.shown.label().to_owned()))
}

/// How long ago a visit was, in words.
pub fn ago(now_ms: u64, at_ms: u64) -> String {
    words::duration(now_ms.saturating_sub(at_ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(said: &[(&str, &str)]) -> Vec<(String, String)> {
        said.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn what_is_asked_for_goes_into_a_link_and_comes_back_the_same() {
        let grid = GridId::from_bytes([7; 16]).to_string();
        let said = [
            ("grid", grid.as_str()),
            ("use", "出租"),
            ("refused", "1"),
            ("days", "90"),
            ("col", "open"),
            ("col", "use"),
        ];
        let asked = Asked::of(&fields(&said));
        assert_eq!((asked.days, asked.refused, asked.open), (Some(90), true, false));
        assert_eq!(asked.columns, [Column::Use, Column::Open]);
        let again: Vec<(String, String)> = asked.fields().into_iter().map(|(n, v)| (n.to_owned(), v)).collect();
        assert_eq!(Asked::of(&again), asked);
        assert!(!asked.is_everything() && Asked::of(&[]).is_everything());
    }

    #[test]
    fn what_cannot_be_meant_is_left_out() {
        let asked = Asked::of(&fields(&[("grid", "x"), ("days", "0"), ("page", "-3"), ("col", "salary")]));
        assert_eq!(asked, Asked::of(&[]));
        assert_eq!(Asked::of(&fields(&[("days", "99999999999999999999")])).days, None);
    }
}
