//! How a worker's device becomes one of ours: the office makes a one-time code for one worker; the
//! device shows it with its public keys; the office binds the keys to the worker and the worker's
//! role. What a device says of its owner is never believed: the code says it.

use super::attempts::{self, WRONG_CODES_MAX, WrongCodes};
use super::audit::{self, Deed};
use super::code::OneTimeCode;
use super::source::Source;
use super::staff::{self, StaffMember};
use crate::office::{Office, OfficeError, UTC_OFFSET_S};
use crate::store::sqlite::{DeviceRow, SaidOfItself, WorkerRow};
use crate::store::{StoreError, Tx};
use qiaomen_proto::entity::genesis::genesis_actor;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{Actor, DeviceId, GridId, Kind, Role, WorkerId};
use qiaomen_proto::wire::WIRE_VERSION;
use qiaomen_proto::wire::enrol::{EnrolReply, EnrolRequest};

/// How long a code is good for.
pub const CODE_LIFE_MS: u64 = 24 * 3600 * 1000;
/// Characters of an app's version that are kept.
const VERSION_CHARACTERS_MAX: usize = 32;
const WRONG_CODES: &str = "wrong_enrol_codes";

/// A code, and whom it is for.
#[derive(Debug, Clone)]
pub struct MadeCode {
    /// The code. Shown once.
    pub code: OneTimeCode,
    /// For whom.
    pub worker: StaffMember,
    /// Until when it is good.
    pub expires_ms: u64,
    /// True if the worker was given the grid just now.
    pub grid_given: bool,
}

/// Why there is no code.
#[derive(Debug, thiserror::Error)]
pub enum EnrolCodeError {
    /// Nobody of that name or id.
    #[error("花名册上没有“{said}”。请核对姓名，或用编号；`qiaomen staff` 列出花名册。")]
    Nobody {
        /// What was said.
        said: String,
    },
    /// Several of that name.
    #[error("有 {} 位同名：{}。请加 --grid，或用编号。", found.len(), describe(found))]
    Several {
        /// Who they are.
        found: Vec<StaffMember>,
    },
    /// No such grid.
    #[error("没有“{said}”这个网格。有的是：{}。", known.join("、"))]
    NoGrid {
        /// What was said.
        said: String,
        /// The grids that there are.
        known: Vec<String>,
    },
    /// The office's own role is not for devices.
    #[error("社区工作人员不用终端登记：社区自己的操作只在社区的服务器上做。")]
    OfficeRole,
    /// The office's core.
    #[error(transparent)]
    Office(#[from] OfficeError),
}

impl From<StoreError> for EnrolCodeError {
    fn from(e: StoreError) -> Self {
        Self::Office(e.into())
    }
}

fn describe(found: &[StaffMember]) -> String {
    let one = |m: &StaffMember| {
        let grids = if m.grids.is_empty() { "全社区".to_owned() } else { m.grids.join("、") };
        format!("{}（{}，编号 {}）", m.title, grids, m.id)
    };
    found.iter().map(one).collect::<Vec<_>>().join("；")
}

/// Makes a one-time code for a worker (by id or name), giving the grid if the worker does not have it.
pub fn enrol_code(office: &Office, worker: &str, grid: Option<&str>, by: WorkerId) -> Result<MadeCode, EnrolCodeError> {
    let code = OneTimeCode::from_random(office.random().map_err(OfficeError::from)?);
    let (office, said, grid) = (office.clone(), worker.to_owned(), grid.map(str::to_owned));
    office.clone().store().write(move |tx| {
        let now_ms = office.now_ms();
        let grids = tx.grids()?;
        let wanted = match grid.as_deref() {
            None => None,
            Some(said) => Some(staff::meant_grid(&grids, said).ok_or_else(|| EnrolCodeError::NoGrid {
                said: said.to_owned(),
                known: grids.iter().map(|g| g.name.clone()).collect(),
            })?),
        };
        let row = one_worker(&office, tx, &said, wanted)?;
        if row.role == Role::Office {
            return Err(EnrolCodeError::OfficeRole);
        }
        let mut grid_given = false;
        if let Some(grid) = wanted
            && !tx.grids_at(row.id, now_ms)?.contains(&grid)
        {
            tx.give_grid(row.id, grid, now_ms)?;
            Office::grants_changed(tx)?;
            Office::reference_changed(tx)?;
            audit::note(&office, tx, by, Deed::GridGiven, Some(row.id.as_bytes()))?;
            grid_given = true;
        }
        let expires_ms = now_ms.saturating_add(CODE_LIFE_MS);
        tx.add_enrol_code(code.hash(), row.id, now_ms, expires_ms)?;
        audit::note(&office, tx, by, Deed::EnrolCode, Some(row.id.as_bytes()))?;
        let ring = office.ring(tx, [row.id.0])?;
        Ok(MadeCode { code, worker: staff::member(&office, tx, &grids, &ring, &row)?, expires_ms, grid_given })
    })
}

fn one_worker(office: &Office, tx: &Tx<'_>, said: &str, grid: Option<GridId>) -> Result<WorkerRow, EnrolCodeError> {
    let mut found = staff::meant(office, tx, said)?;
    if found.len() > 1
        && let Some(grid) = grid
    {
        let mut there = Vec::new();
        for row in &found {
            if tx.grids_at(row.id, office.now_ms())?.contains(&grid) {
                there.push(row.clone());
            }
        }
        if !there.is_empty() {
            found = there;
        }
    }
    match found.as_slice() {
        [] => Err(EnrolCodeError::Nobody { said: said.trim().to_owned() }),
        [one] => Ok(one.clone()),
        several => {
            let grids = tx.grids()?;
            let ring = office.ring(tx, several.iter().map(|w| w.id.0))?;
            let found =
                several.iter().map(|w| staff::member(office, tx, &grids, &ring, w)).collect::<Result<_, _>>()?;
            Err(EnrolCodeError::Several { found })
        }
    }
}

/// Why a device does not become one of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnrolRefusal {
    /// What happened.
    pub code: Code,
    /// When to try again.
    pub retry_after_s: Option<u64>,
}

impl From<Code> for EnrolRefusal {
    fn from(code: Code) -> Self {
        Self { code, retry_after_s: None }
    }
}

/// Uses a code up and makes the device one of ours, where nobody knows from which place it asks.
pub fn enrol_device(office: &Office, request: EnrolRequest) -> Result<EnrolReply, EnrolRefusal> {
    enrol_device_from(office, request, None)
}

/// Uses a code up and makes the device one of ours. The same device may ask again for an answer that
/// was lost: it gets the same one.
pub fn enrol_device_from(
    office: &Office,
    request: EnrolRequest,
    source: Option<Source>,
) -> Result<EnrolReply, EnrolRefusal> {
    if request.wire_version != WIRE_VERSION {
        return Err(Code::WireVersion.into());
    }
    let random = office.random();
    let inner = office.clone();
    let done =
        office.store().write(move |tx| -> Result<_, OfficeError> { take(&inner, tx, &request, source, random?) });
    match done {
        Ok(Ok(device)) => Ok(reply(office, &device)),
        Ok(Err(refusal)) => Err(refusal),
        Err(error) => {
            tracing::error!(error = %error, "an enrolment failed inside");
            Err(EnrolRefusal { code: error.code(), retry_after_s: Some(5) })
        }
    }
}

/// The refusal stands inside, so that what is noted about a wrong code stays.
fn take(
    office: &Office,
    tx: &Tx<'_>,
    request: &EnrolRequest,
    source: Option<Source>,
    random: [u8; 10],
) -> Result<Result<DeviceRow, EnrolRefusal>, OfficeError> {
    let now_ms = office.now_ms();
    let wrong = WrongCodes::from_bytes(&tx.meta(WRONG_CODES)?.unwrap_or_default());
    // The true code has to wait as well, or the wait would say that a guess was wrong.
    let of_source = source.and_then(|source| office.wrong_sources().wait_ms(source, now_ms));
    if let Some(wait_ms) = of_source.or_else(|| wrong.wait_ms(WRONG_CODES_MAX, now_ms)) {
        return Ok(Err(EnrolRefusal { code: Code::TooMany, retry_after_s: Some(attempts::seconds(wait_ms)) }));
    }
    let actor = Actor(request.actor);
    let foreign = actor.0 == office.identity().incarnation || Kind::ALL.iter().any(|k| genesis_actor(*k) == actor);
    if foreign {
        return Ok(Err(Code::Structure.into()));
    }
    let hash = OneTimeCode::parse(&request.code).map(|c| c.hash());
    if let Some(hash) = hash
        && let Some((worker, used_ms)) = tx.used_enrol_code(hash)?
        && let Some(device) = earlier(tx, request, worker, used_ms)?
    {
        return Ok(Ok(device));
    }
    let bound =
        tx.device_of_actor(&actor)?.is_some() || tx.devices()?.iter().any(|d| d.verify_key == request.verify_key);
    if bound {
        // Keys are made new for every enrolment: this store is a copy of another device's.
        return Ok(Err(Code::Structure.into()));
    }
    let worker = match hash {
        Some(hash) => tx.use_enrol_code(hash, now_ms)?,
        None => None,
    };
    let row = match worker {
        Some(worker) => tx.worker(worker)?,
        None => None,
    };
    let Some(row) = row.filter(|w| w.role != Role::Office) else {
        tx.set_meta(WRONG_CODES, &wrong.and_one(now_ms).to_bytes())?;
        if let Some(source) = source {
            office.wrong_sources().and_one(source, now_ms);
        }
        return Ok(Err(Code::EnrolCode.into()));
    };
    let app_version: String =
        request.app_version.chars().filter(|c| !c.is_control()).take(VERSION_CHARACTERS_MAX).collect();
    let device = DeviceRow {
        id: DeviceId::at(now_ms, random),
        worker: row.id,
        role: row.role,
        verify_key: request.verify_key,
        box_key: request.box_key,
        enrolled_ms: now_ms,
        revoked_ms: None,
        counter: 0,
        last_contact_ms: None,
        pending_count: 0,
        app_version,
        skew_ms: 0,
        policy_version: None,
    };
    tx.add_device(&device)?;
    tx.bind_actor(&actor, device.id)?;
    // It is in touch now: what it brings first was done since.
    let said = SaidOfItself { app_version: device.app_version.clone(), ..SaidOfItself::default() };
    tx.note_contact(device.id, now_ms, &said)?;
    audit::note(office, tx, row.id, Deed::DeviceEnrolled, Some(device.id.as_bytes()))?;
    Ok(Ok(device))
}

/// The device that this very request made before, if its answer was lost on the way.
fn earlier(
    tx: &Tx<'_>,
    request: &EnrolRequest,
    worker: WorkerId,
    used_ms: u64,
) -> Result<Option<DeviceRow>, StoreError> {
    let Some(id) = tx.device_of_actor(&Actor(request.actor))? else { return Ok(None) };
    Ok(tx.device(id)?.filter(|d| {
        d.worker == worker
            && d.enrolled_ms == used_ms
            && d.verify_key == request.verify_key
            && d.box_key == request.box_key
            && d.revoked_ms.is_none()
    }))
}

fn reply(office: &Office, device: &DeviceRow) -> EnrolReply {
    EnrolReply {
        device: *device.id.as_bytes(),
        worker: *device.worker.as_bytes(),
        role: device.role.number(),
        office_verify_key: office.secrets().signing.verify_key().0,
        office_box_key: office.secrets().boxes.public().0,
        incarnation: office.identity().incarnation,
        now_ms: office.now_ms(),
        utc_offset_s: UTC_OFFSET_S,
    }
}
