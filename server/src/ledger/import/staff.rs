//! The roster of a book beside the staff that stands.

use super::super::book::{Column, StaffRow};
use super::course::day_start_ms;
use super::fingerprint::Fingerprints;
use super::plan::{Desk, StaffPlan};
use super::remark::Notice;
use crate::office::OfficeError;
use crate::store::StoreError;
use crate::store::sqlite::WorkerRow;
use qiaomen_proto::entity::value::open_text;
use qiaomen_proto::ids::{GridId, Role, WorkerId};

/// Names under which a worker's phone and birth date are sealed.
pub const WORKER_PHONE_FIELD: &str = "staff_phone";
/// See [`WORKER_PHONE_FIELD`].
pub const WORKER_BORN_ON_FIELD: &str = "staff_born_on";

/// Decides about every row of the roster.
pub(super) fn plan(desk: &mut Desk<'_>) -> Result<Vec<StaffPlan>, OfficeError> {
    let community = desk.office.identity().id;
    let mut fingerprints = Fingerprints::new(desk.office);
    let mut plans = Vec::new();
    for row in &desk.book.staff {
        let Some(role) = Role::from_title(&row.role) else {
            desk.reject(Notice::RoleUnknown, row.origin, Column::Role);
            continue;
        };
        let import_key = fingerprints.of_staff(&row.name, role, row.grid.as_deref());
        let mut plan = StaffPlan {
            origin: row.origin,
            known: desk.tx.worker_by_import_key(&import_key)?,
            import_key,
            name: row.name.clone(),
            role,
            grid: row.grid.as_deref().map(|name| GridId::of(community, name)),
            // Without a day of appointment it has always been so.
            since_ms: row.appointed_on.map_or(0, day_start_ms),
            sex: row.sex.clone(),
            born_on: row.born_on.map(|day| day.to_string()),
            phone: row.phone.as_ref().map(|phone| phone.as_str().to_owned()),
            department: row.department.clone(),
            appointed_on: row.appointed_on.map(|day| day.to_string()),
        };
        match plan.known {
            None => desk.added.staff += 1,
            Some(worker) => {
                if !complete(desk, row, worker, &mut plan)? {
                    continue;
                }
            }
        }
        plans.push(plan);
    }
    Ok(plans)
}

/// Leaves in the plan what the worker lacks; true if that is anything.
fn complete(desk: &mut Desk<'_>, row: &StaffRow, worker: WorkerId, plan: &mut StaffPlan) -> Result<bool, OfficeError> {
    let standing = desk.tx.worker(worker)?.ok_or(StoreError::Damaged("worker"))?;
    let WorkerRow { phone, born_on, sex, department, appointed_on, .. } = standing;
    let ring = desk.office.ring(desk.tx, [worker.0])?;
    // What does not open is something else than what the book says.
    let open = |field: &str, sealed: Option<Vec<u8>>| {
        sealed.map(|bytes| open_text(&ring, &worker.0, field, &bytes).text().unwrap_or_default().to_owned())
    };
    let pairs = [
        (&mut plan.sex, sex, Column::Sex),
        (&mut plan.born_on, open(WORKER_BORN_ON_FIELD, born_on), Column::BornOn),
        (&mut plan.phone, open(WORKER_PHONE_FIELD, phone), Column::Phone),
        (&mut plan.department, department, Column::Department),
        (&mut plan.appointed_on, appointed_on, Column::AppointedOn),
    ];
    let mut missing = 0;
    for (said, stands, column) in pairs {
        if let (Some(text), Some(standing)) = (&*said, &stands)
            && text != standing
        {
            desk.warn(Notice::Differs, row.origin, column);
        }
        if stands.is_some() {
            *said = None;
        }
        missing += u32::from(said.is_some());
    }
    desk.added.answers += missing;
    Ok(missing > 0)
}
