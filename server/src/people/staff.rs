//! Staff with their names, and who is meant by a name or an id.

use crate::office::{Office, OfficeError};
use crate::store::Tx;
use crate::store::sqlite::WorkerRow;
use qiaomen_proto::entity::value::{Shown, open_text};
use qiaomen_proto::ids::{GridId, Role, WorkerId};
use qiaomen_proto::reference::{GridInfo, WORKER_NAME_FIELD};
use qiaomen_proto::seal::{BlindKind, KeyRing};
use serde::Serialize;
use std::collections::HashMap;

/// A member of staff, name in the clear. Lives in memory only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StaffMember {
    /// Id.
    pub id: WorkerId,
    /// Name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// What people call the role.
    pub title: &'static str,
    /// Grids now, by name.
    pub grids: Vec<String>,
    /// Department or unit.
    pub department: Option<String>,
}

/// The whole staff, in the order of the grids and roles.
pub fn staff(office: &Office) -> Result<Vec<StaffMember>, OfficeError> {
    office.store().read(|tx| {
        let grids = tx.grids()?;
        let rows = tx.workers()?;
        let ring = office.ring(tx, rows.iter().map(|w| w.id.0))?;
        let mut list = rows.iter().map(|row| member(office, tx, &grids, &ring, row)).collect::<Result<Vec<_>, _>>()?;
        list.sort_by(|a, b| {
            (a.role.number(), &a.grids, &a.name, a.id).cmp(&(b.role.number(), &b.grids, &b.name, b.id))
        });
        Ok(list)
    })
}

/// One member of staff.
pub(crate) fn member(
    office: &Office,
    tx: &Tx<'_>,
    grids: &[GridInfo],
    ring: &KeyRing,
    row: &WorkerRow,
) -> Result<StaffMember, OfficeError> {
    let mine = tx.grids_at(row.id, office.now_ms())?;
    Ok(StaffMember {
        id: row.id,
        name: name_of(ring, row),
        role: row.role,
        title: row.role.title(),
        grids: grids.iter().filter(|g| mine.contains(&GridId::from_bytes(*g.id))).map(|g| g.name.clone()).collect(),
        department: row.department.clone(),
    })
}

fn name_of(ring: &KeyRing, row: &WorkerRow) -> String {
    match open_text(ring, &row.id.0, WORKER_NAME_FIELD, &row.name) {
        Shown::Value(name) => name,
        other => other.label().to_owned(),
    }
}

/// Names of authors, opened as they are asked for.
#[derive(Debug, Default)]
pub struct Names {
    known: HashMap<WorkerId, String>,
}

impl Names {
    /// What a worker or clerk is called. The office itself where nobody in particular did it.
    pub fn of(&mut self, office: &Office, tx: &Tx<'_>, worker: WorkerId) -> Result<String, OfficeError> {
        if let Some(name) = self.known.get(&worker) {
            return Ok(name.clone());
        }
        let name = if worker == office.own_worker() {
            "社区".to_owned()
        } else if let Some(row) = tx.worker(worker)? {
            name_of(&office.ring(tx, [worker.0])?, &row)
        } else {
            match (tx.clerk_login(worker)?, tx.gone_login(worker)?) {
                (Some(login), _) => login,
                (None, Some(login)) => format!("{login}（账号已删除）"),
                (None, None) => "（花名册上没有的人）".to_owned(),
            }
        };
        self.known.insert(worker, name.clone());
        Ok(name)
    }
}

/// Who is meant by an id or a name: one, several or nobody.
pub(crate) fn meant(office: &Office, tx: &Tx<'_>, said: &str) -> Result<Vec<WorkerRow>, OfficeError> {
    let said = said.trim();
    if let Ok(id) = said.parse::<WorkerId>() {
        return Ok(tx.worker(id)?.into_iter().collect());
    }
    let rows = tx.workers()?;
    let blind = office.secrets().blind.blind(BlindKind::StaffName, said);
    let by_index: Vec<WorkerRow> = rows.iter().filter(|w| w.name_blind == blind).cloned().collect();
    if !by_index.is_empty() || said.is_empty() {
        return Ok(by_index);
    }
    // Spelled otherwise than in the roster: blanks within a name, another dot in a Mongolian one.
    let ring = office.ring(tx, rows.iter().map(|w| w.id.0))?;
    Ok(rows.into_iter().filter(|w| bare(&name_of(&ring, w)) == bare(said)).collect())
}

/// The one of the roster whom somebody means by an id or a name; none if that is nobody, or several.
pub fn one(office: &Office, said: &str) -> Result<Option<WorkerId>, OfficeError> {
    let mut found = office.store().read(|tx| meant(office, tx, said))?;
    Ok(if found.len() == 1 { found.pop().map(|w| w.id) } else { None })
}

fn bare(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The grid that somebody means: by id, name or code.
pub(crate) fn meant_grid(grids: &[GridInfo], said: &str) -> Option<GridId> {
    let said = said.trim();
    let id = said.parse::<GridId>().ok();
    let found =
        grids.iter().find(|g| id.is_some_and(|id| *id.as_bytes() == *g.id) || g.name == said || g.code == said)?;
    Some(GridId::from_bytes(*found.id))
}
