//! What an import will do, row by row, for somebody who has the book open. Personal values are masked.

use super::super::book::{DoorRow, GridRow, Origin, PersonRow, Remark, StaffRow, TicketRow, Told};
use super::plan::{DoorPlan, ImportPlan, StaffPlan};
use crate::people::masked;
use qiaomen_proto::ids::{BuildingId, CommunityId, GridId};
use qiaomen_proto::normalise::unit_label;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It cannot be taken.
    Rejected,
    /// It is left out: it repeats another, or belongs to nothing that is read.
    Skipped,
    /// It was not there before.
    New,
    /// What stands gets answers that it lacked.
    Completed,
    /// It stands already as it is.
    Same,
}

impl Outcome {
    /// Every one, the graver first.
    pub const ALL: [Outcome; 5] =
        [Outcome::Rejected, Outcome::Skipped, Outcome::New, Outcome::Completed, Outcome::Same];
    /// Its permanent word.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Rejected => "rejected",
            Outcome::Skipped => "skipped",
            Outcome::New => "new",
            Outcome::Completed => "completed",
            Outcome::Same => "same",
        }
    }
    /// What people say.
    pub fn label(self) -> &'static str {
        match self {
            Outcome::Rejected => "不能导入",
            Outcome::Skipped => "没有读",
            Outcome::New => "新增",
            Outcome::Completed => "补填",
            Outcome::Same => "已有，不变",
        }
    }
}

/// One row of the book, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PreviewRow {
    /// Name of the sheet.
    pub sheet: String,
    /// Number of the row as the spreadsheet shows it; 0 for a whole sheet.
    pub row: u32,
    /// What it is about: 网格, 人员, 户, 居民, 诉求; empty where it is about nothing that was read.
    pub about: &'static str,
    /// Which one, personal values masked.
    pub which: String,
    /// What becomes of it.
    pub outcome: Outcome,
    /// What has to be said about it.
    pub remarks: Vec<String>,
}

/// What an import will do, row by row, in the order of the book.
pub fn preview(plan: &ImportPlan, community: CommunityId) -> Vec<PreviewRow> {
    let book = plan.book();
    let order: HashMap<&str, usize> = book.sheets.iter().enumerate().map(|(n, s)| (s.name.as_str(), n)).collect();
    let mut rows = Rows { plan, said: remarks_by_place(plan), used: HashSet::new(), rows: Vec::new() };
    let grids = NewPlaces::of(plan);
    for row in &book.grids {
        let outcome = grids.outcome(row, community);
        rows.add(row.origin, "网格", grid_words(row), outcome);
    }
    let staff: HashMap<Origin, &StaffPlan> = plan.staff.iter().map(|p| (p.origin, p)).collect();
    for row in &book.staff {
        let outcome = match staff.get(&row.origin) {
            None => Outcome::Same,
            Some(plan) if plan.known.is_some() => Outcome::Completed,
            Some(_) => Outcome::New,
        };
        rows.add(row.origin, "人员", staff_words(row), outcome);
    }
    let doors: HashMap<Origin, &DoorPlan> = plan.doors.iter().map(|p| (p.origin, p)).collect();
    for row in &book.doors {
        rows.door(row, doors.get(&row.origin).copied());
    }
    let tickets: HashSet<Origin> = plan.tickets.iter().map(|p| p.origin).collect();
    for row in &book.tickets {
        let outcome = if tickets.contains(&row.origin) { Outcome::New } else { Outcome::Same };
        rows.add(row.origin, "诉求", ticket_words(row), outcome);
    }
    let mut rows = rows.with_the_rest();
    rows.sort_by_key(|row| (order.get(row.sheet.as_str()).copied().unwrap_or(usize::MAX), row.row));
    rows
}

/// A place in the book: sheet and row.
type At = (String, u32);

/// What is said about each place, and whether it cannot be taken.
fn remarks_by_place(plan: &ImportPlan) -> BTreeMap<At, (bool, Vec<String>)> {
    let mut said: BTreeMap<At, (bool, Vec<String>)> = BTreeMap::new();
    let mut put = |remark: &Remark, rejected: bool| {
        let (is_rejected, sentences) = said.entry((remark.sheet.clone(), remark.row)).or_default();
        *is_rejected |= rejected;
        // Where it stands is said beside it.
        let sentence = remark.sentence.split_once("行：").map_or(remark.sentence.as_str(), |(_, rest)| rest);
        let sentence =
            if remark.column.is_empty() { sentence.to_owned() } else { format!("{} 列：{sentence}", remark.column) };
        if !sentences.contains(&sentence) {
            sentences.push(sentence);
        }
    };
    plan.summary.rejected.iter().for_each(|remark| put(remark, true));
    plan.summary.warnings.iter().for_each(|remark| put(remark, false));
    said
}

struct Rows<'p> {
    plan: &'p ImportPlan,
    said: BTreeMap<At, (bool, Vec<String>)>,
    used: HashSet<At>,
    rows: Vec<PreviewRow>,
}

impl Rows<'_> {
    fn at(&self, origin: Origin) -> At {
        let sheet = self.plan.book().sheets.get(origin.sheet);
        (sheet.map(|s| s.name.clone()).unwrap_or_default(), origin.row)
    }
    fn is_rejected(&self, origin: Origin) -> bool {
        self.said.get(&self.at(origin)).is_some_and(|(rejected, _)| *rejected)
    }

    fn add(&mut self, origin: Origin, about: &'static str, which: String, outcome: Outcome) {
        let at = self.at(origin);
        // A row can be about a door and a person: what is said about it is said once.
        let said = if self.used.insert(at.clone()) { self.said.get(&at).cloned() } else { None };
        let (rejected, remarks) = said.unwrap_or_default();
        let outcome = if rejected { Outcome::Rejected } else { outcome };
        self.rows.push(PreviewRow { sheet: at.0, row: at.1, about, which, outcome, remarks });
    }

    /// A door by itself only where something becomes of it, or nobody is behind it.
    fn door(&mut self, row: &DoorRow, plan: Option<&DoorPlan>) {
        let place = format!("{}{}{}", row.building, unit_label(&row.unit), row.room.as_str());
        let rejected = self.is_rejected(row.origin);
        let outcome = match plan {
            _ if rejected => Outcome::Rejected,
            None => Outcome::Same,
            Some(plan) if !plan.known => Outcome::New,
            Some(plan) if plan.puts.is_empty() && plan.notes.is_empty() && plan.occupancy.is_none() => Outcome::Same,
            Some(_) => Outcome::Completed,
        };
        if outcome != Outcome::Same || row.people.is_empty() {
            self.add(row.origin, "户", place.clone(), outcome);
        }
        for person in &row.people {
            let planned = plan.and_then(|plan| plan.people.iter().find(|p| p.origin == person.origin));
            let outcome = match planned {
                _ if rejected => Outcome::Rejected,
                None => Outcome::Same,
                Some(plan) if plan.known.is_none() => Outcome::New,
                Some(plan) if plan.puts.is_empty() && plan.notes.is_empty() => Outcome::Same,
                Some(_) => Outcome::Completed,
            };
            self.add(person.origin, "居民", person_words(&place, person), outcome);
        }
    }

    /// With the places of which something is said and that are about nothing that was read.
    fn with_the_rest(mut self) -> Vec<PreviewRow> {
        let used = std::mem::take(&mut self.used);
        for (at, (rejected, remarks)) in self.said {
            if !used.contains(&at) {
                let outcome = if rejected { Outcome::Rejected } else { Outcome::Skipped };
                let which = if at.1 == 0 && !at.0.is_empty() { "整张工作表".to_owned() } else { String::new() };
                self.rows.push(PreviewRow { sheet: at.0, row: at.1, about: "", which, outcome, remarks });
            }
        }
        self.rows
    }
}

/// Grids, buildings and micro-grids that are new or get something.
struct NewPlaces<'p> {
    plan: &'p ImportPlan,
    buildings: HashSet<[u8; 16]>,
    micro_grids: HashSet<[u8; 16]>,
}

impl<'p> NewPlaces<'p> {
    fn of(plan: &'p ImportPlan) -> Self {
        let buildings = plan.buildings.iter().map(|b| *b.id).collect();
        Self { plan, buildings, micro_grids: plan.micro_grids.iter().map(|(m, _)| *m.grid).collect() }
    }
    fn outcome(&self, row: &GridRow, community: CommunityId) -> Outcome {
        let id = GridId::of(community, &row.name);
        let planned = self.plan.grids.iter().find(|(grid, _)| *grid.id == *id.as_bytes());
        let is_new = planned.is_some_and(|(grid, _)| !self.plan.standing_grids.contains(&*grid.id));
        let gets = |name: &String| self.buildings.contains(BuildingId::of(community, name).as_bytes());
        if is_new {
            Outcome::New
        } else if planned.is_some() || row.buildings.iter().any(gets) || self.micro_grids.contains(id.as_bytes()) {
            Outcome::Completed
        } else {
            Outcome::Same
        }
    }
}

fn grid_words(row: &GridRow) -> String {
    format!("{}（{} 栋）", row.name, row.buildings.len())
}

fn staff_words(row: &StaffRow) -> String {
    let grid = row.grid.as_ref().map(|grid| format!(" · {grid}")).unwrap_or_default();
    format!("{} · {}{grid}", masked::name(&row.name), row.role)
}

fn person_words(place: &str, person: &PersonRow) -> String {
    let name = match &person.name {
        Told::Value(name) => masked::name(name),
        Told::Refused => "（拒绝提供姓名）".to_owned(),
        Told::Nothing => "（没有姓名）".to_owned(),
    };
    let relation = person.relation.as_ref().map(|relation| format!("（{relation}）")).unwrap_or_default();
    format!("{place} {name}{relation}")
}

/// What a matter is about is told in somebody's own words, which may name anybody: those are not shown.
fn ticket_words(row: &TicketRow) -> String {
    let mut said = vec![row.reported_on.to_string()];
    said.extend(row.category.clone());
    said.extend(row.building.clone());
    said.extend(row.state.clone());
    said.join(" · ")
}
