//! One member of staff: in which role, with which grids since when, with which devices.

use super::devices::{DeviceLine, device_lines};
use super::roster::{Beside, StaffLine, times_by_worker};
use crate::ledger::import::{WORKER_BORN_ON_FIELD, WORKER_PHONE_FIELD};
use crate::office::{Office, OfficeError};
use crate::people::staff::Names;
use crate::people::{SignedIn, masked, trainings};
use crate::review::words;
use qiaomen_proto::entity::value::{Shown, open_text};
use qiaomen_proto::ids::{GridId, Role, WorkerId};
use qiaomen_proto::wire::training::Training;
use serde::Serialize;

/// A grid, from when until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GridTime {
    /// Id.
    pub grid: GridId,
    /// Name.
    pub name: String,
    /// Since when; none: always.
    pub since: Option<String>,
    /// Until when; none: still.
    pub until: Option<String>,
    /// Whether it holds now.
    pub holds: bool,
}

/// A code that waits to be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaitingCode {
    /// When it was made.
    pub made_at: String,
    /// Until when it is good.
    pub expires_at: String,
}

/// One member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StaffPage {
    /// As the roster of today has it.
    pub line: StaffLine,
    /// 男 or 女.
    pub sex: Option<String>,
    /// Birth date, masked unless it was asked for.
    pub born_on: Option<String>,
    /// Phone, masked unless it was asked for.
    pub phone: Option<String>,
    /// Which grids when, the latest first.
    pub times: Vec<GridTime>,
    /// Grids that could be given: id and name.
    pub others: Vec<(GridId, String)>,
    /// Trainings at which she was, the latest first.
    pub trainings: Vec<Training>,
    /// Devices, those that may sync first.
    pub devices: Vec<DeviceLine>,
    /// Codes that nobody has used.
    pub codes: Vec<WaitingCode>,
    /// Whether a device can be enrolled for this role.
    pub may_enrol: bool,
}

/// One member of staff, if there is one whom somebody sees: everybody for who sees everything, else who has or had
/// one of the own grids, and oneself. `open` shows what is masked.
pub fn staff_page(
    office: &Office,
    who: &SignedIn,
    worker: WorkerId,
    open: bool,
) -> Result<Option<StaffPage>, OfficeError> {
    let (now_ms, sight) = (office.now_ms(), &who.sight);
    let page = office.store().read(|tx| -> Result<_, OfficeError> {
        let Some(row) = tx.worker(worker)? else { return Ok(None) };
        let times = times_by_worker(tx)?.remove(&worker).unwrap_or_default();
        if sight.grids.is_some() && worker != who.clerk && !times.iter().any(|t| sight.sees(Some(t.grid))) {
            return Ok(None);
        }
        let grids: Vec<(GridId, String)> =
            tx.grids()?.into_iter().map(|g| (GridId::from_bytes(*g.id), g.name)).collect();
        let has = |grid: GridId| times.iter().any(|t| t.grid == grid && t.holds_at(now_ms));
        let mine = grids.iter().filter(|(id, _)| has(*id)).map(|(_, name)| name.clone()).collect();
        let others = grids.iter().filter(|(id, _)| !has(*id)).cloned().collect();
        let mut periods: Vec<GridTime> = times
            .iter()
            .rev()
            .filter(|t| worker == who.clerk || sight.sees(Some(t.grid)))
            .map(|t| GridTime {
                grid: t.grid,
                name: grids.iter().find(|(id, _)| *id == t.grid).map(|(_, n)| n.clone()).unwrap_or_default(),
                since: (t.since_ms > 0).then(|| words::time(t.since_ms)),
                until: t.until_ms.map(words::time),
                holds: t.holds_at(now_ms),
            })
            .collect();
        periods.sort_by_key(|t| !t.holds);
        let ring = office.ring(tx, [worker.0])?;
        let told = |field: &str, sealed: &Option<Vec<u8>>, mask: fn(&str) -> String| {
            sealed.as_ref().map(|bytes| match open_text(&ring, &worker.0, field, bytes) {
                Shown::Value(text) if open => text,
                Shown::Value(text) => mask(&text),
                other => other.label().to_owned(),
            })
        };
        let codes = tx
            .waiting_codes(now_ms)?
            .into_iter()
            .filter(|c| c.worker == worker)
            .map(|c| WaitingCode { made_at: words::time(c.created_ms), expires_at: words::time(c.expires_ms) });
        Ok(Some(StaffPage {
            sex: row.sex.clone(),
            born_on: told(WORKER_BORN_ON_FIELD, &row.born_on, masked::birth),
            phone: told(WORKER_PHONE_FIELD, &row.phone, masked::number),
            times: periods,
            others,
            devices: Vec::new(),
            trainings: trainings::of_worker(tx, worker)?,
            codes: codes.collect(),
            may_enrol: row.role != Role::Office,
            line: Beside::read(tx)?.line(Names::default().of(office, tx, worker)?, row, mine),
        }))
    })?;
    let Some(mut page) = page else { return Ok(None) };
    page.devices = device_lines(office, who)?.into_iter().filter(|d| d.worker == worker).collect();
    Ok(Some(page))
}
