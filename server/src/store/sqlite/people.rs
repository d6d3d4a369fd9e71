//! Rows of places, staff, devices and keys.

use super::numbers::{signed, unsigned};
use super::{StoreError, Tx, sql};
use qiaomen_proto::ids::{Actor, DeviceId, GridId, Role, Subject, WorkerId};
use rusqlite::{OptionalExtension as _, Row, params};

/// A member of staff. Personal values are sealed.
#[derive(Debug, Clone)]
pub struct WorkerRow {
    /// Id.
    pub id: WorkerId,
    /// Role.
    pub role: Role,
    /// Name, sealed.
    pub name: Vec<u8>,
    /// Blind index of the name.
    pub name_blind: [u8; 16],
    /// Phone, sealed.
    pub phone: Option<Vec<u8>>,
    /// Birth date, sealed.
    pub born_on: Option<Vec<u8>>,
    /// 男 or 女.
    pub sex: Option<String>,
    /// Department or unit.
    pub department: Option<String>,
    /// Date of appointment.
    pub appointed_on: Option<String>,
    /// Which row of a book made it.
    pub import_key: Option<Vec<u8>>,
}

/// An enrolled device.
#[derive(Debug, Clone)]
pub struct DeviceRow {
    /// Id.
    pub id: DeviceId,
    /// Whose.
    pub worker: WorkerId,
    /// In which role.
    pub role: Role,
    /// Checks its requests.
    pub verify_key: [u8; 32],
    /// Keys are boxed to it.
    pub box_key: [u8; 32],
    /// When it became ours.
    pub enrolled_ms: u64,
    /// When it was revoked.
    pub revoked_ms: Option<u64>,
    /// Count of its last request.
    pub counter: u64,
    /// When it was last in touch.
    pub last_contact_ms: Option<u64>,
    /// How many commands it last said are waiting.
    pub pending_count: u32,
    /// Its app's version.
    pub app_version: String,
    /// Its clock minus the office's.
    pub skew_ms: i64,
    /// Version of its table of policies; none if it has not synced since it could say.
    pub policy_version: Option<u32>,
}

pub(super) fn id16(bytes: Vec<u8>) -> Result<[u8; 16], StoreError> {
    bytes.try_into().map_err(|_| StoreError::Damaged("id"))
}
fn key32(bytes: Vec<u8>) -> Result<[u8; 32], StoreError> {
    bytes.try_into().map_err(|_| StoreError::Damaged("key"))
}
const WORKER: &str = "id, role, name, name_blind, phone, born_on, sex, department, appointed_on, import_key";

type WorkerTuple = (
    Vec<u8>,
    u8,
    Vec<u8>,
    Vec<u8>,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<Vec<u8>>,
);

fn worker_tuple(r: &Row<'_>) -> rusqlite::Result<WorkerTuple> {
    Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?, r.get(6)?, r.get(7)?, r.get(8)?, r.get(9)?))
}
fn worker_row(t: WorkerTuple) -> Result<WorkerRow, StoreError> {
    Ok(WorkerRow {
        id: WorkerId::from_bytes(id16(t.0)?),
        role: Role::from_number(t.1).ok_or(StoreError::Damaged("role"))?,
        name: t.2,
        name_blind: id16(t.3)?,
        phone: t.4,
        born_on: t.5,
        sex: t.6,
        department: t.7,
        appointed_on: t.8,
        import_key: t.9,
    })
}

fn device_row(r: &Row<'_>) -> rusqlite::Result<Result<DeviceRow, StoreError>> {
    let (id, worker, verify_key, box_key): (Vec<u8>, Vec<u8>, Vec<u8>, Vec<u8>) =
        (r.get(0)?, r.get(1)?, r.get(3)?, r.get(4)?);
    let role = Role::from_number(r.get(2)?);
    let (enrolled_ms, revoked_ms): (i64, Option<i64>) = (r.get(5)?, r.get(6)?);
    let (counter, last_contact_ms): (i64, Option<i64>) = (r.get(7)?, r.get(8)?);
    let (pending_count, app_version, skew_ms, policy_version) = (r.get(9)?, r.get(10)?, r.get(11)?, r.get(12)?);
    Ok((|| {
        Ok(DeviceRow {
            id: DeviceId::from_bytes(id16(id)?),
            worker: WorkerId::from_bytes(id16(worker)?),
            role: role.ok_or(StoreError::Damaged("role"))?,
            verify_key: key32(verify_key)?,
            box_key: key32(box_key)?,
            enrolled_ms: unsigned(enrolled_ms),
            revoked_ms: revoked_ms.map(unsigned),
            counter: unsigned(counter),
            last_contact_ms: last_contact_ms.map(unsigned),
            pending_count,
            app_version,
            skew_ms,
            policy_version,
        })
    })())
}

impl Tx<'_> {
    /// Adds a member of staff.
    pub fn add_worker(&self, w: &WorkerRow) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("INSERT INTO worker VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)")
            .map_err(sql("add worker"))?;
        s.execute(params![
            w.id.as_bytes(),
            w.role.number(),
            w.name,
            w.name_blind,
            w.phone,
            w.born_on,
            w.sex,
            w.department,
            w.appointed_on,
            w.import_key
        ])
        .map(drop)
        .map_err(sql("add worker"))
    }
    /// Gives a member of staff what the row lacks; what stands is kept.
    pub fn complete_worker(&self, w: &WorkerRow) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "UPDATE worker SET phone = coalesce(phone, ?2), born_on = coalesce(born_on, ?3), sex = coalesce(sex, ?4),
                        department = coalesce(department, ?5), appointed_on = coalesce(appointed_on, ?6) WHERE id = ?1",
            )
            .map_err(sql("complete worker"))?;
        s.execute(params![w.id.as_bytes(), w.phone, w.born_on, w.sex, w.department, w.appointed_on])
            .map(drop)
            .map_err(sql("complete worker"))
    }
    /// The whole staff.
    pub fn workers(&self) -> Result<Vec<WorkerRow>, StoreError> {
        let mut s =
            self.conn.prepare_cached(&format!("SELECT {WORKER} FROM worker ORDER BY id")).map_err(sql("workers"))?;
        let rows = s.query_map([], worker_tuple).map_err(sql("workers"))?;
        rows.map(|r| worker_row(r.map_err(sql("workers"))?)).collect()
    }
    /// A member of staff.
    pub fn worker(&self, id: WorkerId) -> Result<Option<WorkerRow>, StoreError> {
        let mut s =
            self.conn.prepare_cached(&format!("SELECT {WORKER} FROM worker WHERE id = ?1")).map_err(sql("worker"))?;
        s.query_row([id.as_bytes()], worker_tuple).optional().map_err(sql("worker"))?.map(worker_row).transpose()
    }
    /// The member of staff whom this row of a book made.
    pub fn worker_by_import_key(&self, key: &[u8]) -> Result<Option<WorkerId>, StoreError> {
        let mut s =
            self.conn.prepare_cached("SELECT id FROM worker WHERE import_key = ?1").map_err(sql("worker by key"))?;
        let id: Option<Vec<u8>> = s.query_row([key], |r| r.get(0)).optional().map_err(sql("worker by key"))?;
        id.map(|i| id16(i).map(WorkerId::from_bytes)).transpose()
    }
    /// Says to which department or unit a worker belongs.
    pub fn set_department(&self, worker: WorkerId, department: Option<&str>) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("UPDATE worker SET department = ?2 WHERE id = ?1")
            .map_err(sql("set department"))?;
        s.execute(params![worker.as_bytes(), department]).map(drop).map_err(sql("set department"))
    }
    /// Gives a worker a grid from this instant on.
    pub fn give_grid(&self, worker: WorkerId, grid: GridId, since_ms: u64) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "INSERT INTO worker_grid SELECT ?1, ?2, ?3, NULL
                 WHERE NOT EXISTS (SELECT 1 FROM worker_grid WHERE worker = ?1 AND grid = ?2 AND until_ms IS NULL)",
            )
            .map_err(sql("give grid"))?;
        s.execute(params![worker.as_bytes(), grid.as_bytes(), signed(since_ms)]).map(drop).map_err(sql("give grid"))
    }
    /// Takes a grid from a worker at this instant.
    pub fn take_grid(&self, worker: WorkerId, grid: GridId, at_ms: u64) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("UPDATE worker_grid SET until_ms = ?3 WHERE worker = ?1 AND grid = ?2 AND until_ms IS NULL")
            .map_err(sql("take grid"))?;
        s.execute(params![worker.as_bytes(), grid.as_bytes(), signed(at_ms)]).map(drop).map_err(sql("take grid"))
    }
    /// The grids that a worker had at this instant.
    pub fn grids_at(&self, worker: WorkerId, at_ms: u64) -> Result<Vec<GridId>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT DISTINCT grid FROM worker_grid
                 WHERE worker = ?1 AND since_ms <= ?2 AND (until_ms IS NULL OR until_ms > ?2) ORDER BY grid",
            )
            .map_err(sql("grids at"))?;
        let rows = s
            .query_map(params![worker.as_bytes(), signed(at_ms)], |r| r.get::<_, Vec<u8>>(0))
            .map_err(sql("grids at"))?;
        rows.map(|r| id16(r.map_err(sql("grids at"))?).map(GridId::from_bytes)).collect()
    }

    /// Keeps the hash of a one-time code.
    pub fn add_enrol_code(
        &self,
        hash: [u8; 32],
        worker: WorkerId,
        now_ms: u64,
        expires_ms: u64,
    ) -> Result<(), StoreError> {
        let mut s =
            self.conn.prepare_cached("INSERT INTO enrol_code VALUES (?1,?2,?3,?4,NULL)").map_err(sql("add code"))?;
        s.execute(params![hash, worker.as_bytes(), signed(now_ms), signed(expires_ms)])
            .map(drop)
            .map_err(sql("add code"))
    }
    /// Uses a one-time code up. Whose it is; none if it is unknown, used or expired.
    pub fn use_enrol_code(&self, hash: [u8; 32], now_ms: u64) -> Result<Option<WorkerId>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "UPDATE enrol_code SET used_ms = ?2 WHERE code_hash = ?1 AND used_ms IS NULL AND expires_ms > ?2 RETURNING worker",
            )
            .map_err(sql("use code"))?;
        let id: Option<Vec<u8>> =
            s.query_row(params![hash, signed(now_ms)], |r| r.get(0)).optional().map_err(sql("use code"))?;
        id.map(|i| id16(i).map(WorkerId::from_bytes)).transpose()
    }

    /// For whom a code that was used up was made, and when it was used.
    pub fn used_enrol_code(&self, hash: [u8; 32]) -> Result<Option<(WorkerId, u64)>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT worker, used_ms FROM enrol_code WHERE code_hash = ?1 AND used_ms IS NOT NULL")
            .map_err(sql("used code"))?;
        let row: Option<(Vec<u8>, i64)> =
            s.query_row([hash], |r| Ok((r.get(0)?, r.get(1)?))).optional().map_err(sql("used code"))?;
        row.map(|(worker, used)| Ok((WorkerId::from_bytes(id16(worker)?), unsigned(used)))).transpose()
    }

    /// Adds a device.
    pub fn add_device(&self, d: &DeviceRow) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("INSERT INTO device (id, worker, role, verify_key, box_key, enrolled_ms, app_version) VALUES (?1,?2,?3,?4,?5,?6,?7)")
            .map_err(sql("add device"))?;
        s.execute(params![
            d.id.as_bytes(),
            d.worker.as_bytes(),
            d.role.number(),
            d.verify_key,
            d.box_key,
            signed(d.enrolled_ms),
            d.app_version
        ])
        .map(drop)
        .map_err(sql("add device"))
    }
    /// A device.
    pub fn device(&self, id: DeviceId) -> Result<Option<DeviceRow>, StoreError> {
        Ok(self.device_list(Some(id))?.into_iter().next())
    }
    /// Every device.
    pub fn devices(&self) -> Result<Vec<DeviceRow>, StoreError> {
        self.device_list(None)
    }

    fn device_list(&self, only: Option<DeviceId>) -> Result<Vec<DeviceRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT id, worker, role, verify_key, box_key, enrolled_ms, revoked_ms, counter, last_contact_ms,
                        pending_count, app_version, skew_ms, policy_version
                 FROM device WHERE ?1 IS NULL OR id = ?1 ORDER BY enrolled_ms, id",
            )
            .map_err(sql("devices"))?;
        let rows = s.query_map([only.map(|d| *d.as_bytes())], device_row).map_err(sql("devices"))?;
        rows.collect::<Result<Vec<_>, _>>().map_err(sql("devices"))?.into_iter().collect()
    }
    /// Uses a request's count up. False if it was used before.
    pub fn use_counter(&self, device: DeviceId, counter: u64) -> Result<bool, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("UPDATE device SET counter = ?2 WHERE id = ?1 AND counter < ?2")
            .map_err(sql("counter"))?;
        Ok(s.execute(params![device.as_bytes(), signed(counter)]).map_err(sql("counter"))? == 1)
    }
    /// How often a device has fetched everything again, and for which reason the last time; 0 for none.
    pub fn refetches(&self, device: DeviceId) -> Result<(u32, u8), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT refetch_count, refetch_reason FROM device WHERE id = ?1")
            .map_err(sql("refetches"))?;
        let row = s.query_row([device.as_bytes()], |r| Ok((r.get(0)?, r.get(1)?))).optional();
        Ok(row.map_err(sql("refetches"))?.unwrap_or_default())
    }
    /// Takes a device's access back.
    pub fn revoke_device(&self, device: DeviceId, now_ms: u64) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("UPDATE device SET revoked_ms = ?2 WHERE id = ?1 AND revoked_ms IS NULL")
            .map_err(sql("revoke"))?;
        s.execute(params![device.as_bytes(), signed(now_ms)]).map(drop).map_err(sql("revoke"))
    }
    /// Whose an actor is.
    pub fn device_of_actor(&self, actor: &Actor) -> Result<Option<DeviceId>, StoreError> {
        let mut s = self.conn.prepare_cached("SELECT device FROM actor WHERE actor = ?1").map_err(sql("actor"))?;
        let id: Option<Vec<u8>> = s.query_row([actor.0], |r| r.get(0)).optional().map_err(sql("actor"))?;
        id.map(|i| id16(i).map(DeviceId::from_bytes)).transpose()
    }
    /// Binds an actor to a device.
    pub fn bind_actor(&self, actor: &Actor, device: DeviceId) -> Result<(), StoreError> {
        let mut s =
            self.conn.prepare_cached("INSERT OR IGNORE INTO actor VALUES (?1, ?2)").map_err(sql("bind actor"))?;
        s.execute(params![actor.0, device.as_bytes()]).map(drop).map_err(sql("bind actor"))
    }

    /// Binds an actor to a device, whoever had it before.
    pub fn claim_actor(&self, actor: &Actor, device: DeviceId) -> Result<(), StoreError> {
        let mut s =
            self.conn.prepare_cached("INSERT OR REPLACE INTO actor VALUES (?1, ?2)").map_err(sql("claim actor"))?;
        s.execute(params![actor.0, device.as_bytes()]).map(drop).map_err(sql("claim actor"))
    }

    /// Keeps a key, wrapped. True if it is new.
    pub fn add_key(&self, subject: &Subject, key_id: [u8; 8], wrapped: &[u8]) -> Result<bool, StoreError> {
        let mut s =
            self.conn.prepare_cached("INSERT OR IGNORE INTO subject_key VALUES (?1,?2,?3)").map_err(sql("add key"))?;
        Ok(s.execute(params![subject.as_bytes(), key_id, wrapped]).map_err(sql("add key"))? == 1)
    }
    /// The keys of a subject, wrapped.
    pub fn keys(&self, subject: &Subject) -> Result<Vec<Vec<u8>>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT wrapped FROM subject_key WHERE subject = ?1 ORDER BY key_id")
            .map_err(sql("keys"))?;
        let rows = s.query_map([subject.as_bytes()], |r| r.get(0)).map_err(sql("keys"))?;
        rows.collect::<Result<_, _>>().map_err(sql("keys"))
    }
}
