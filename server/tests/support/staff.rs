//! A roster for the office's tests.
#![allow(dead_code, clippy::unwrap_used, reason = "used by several tests, in part")]

use super::phone::Town;
use qiaomen_proto::ids::{Role, WorkerId};
use qiaomen_proto::reference::WORKER_NAME_FIELD;
use qiaomen_proto::seal::{BlindKind, SubjectKey};
use qiaomen_proto::wire::WIRE_VERSION;
use qiaomen_proto::wire::enrol::EnrolRequest;
use qiaomen_server::office::OfficeError;
use qiaomen_server::store::sqlite::WorkerRow;

/// Puts somebody on the roster, in these grids.
pub(crate) fn hire(town: &Town, number: u8, name: &str, role: Role, grids: &[usize]) -> WorkerId {
    let id = WorkerId::from_bytes([number; 16]);
    let (office, name) = (town.office.clone(), name.to_owned());
    let grids: Vec<_> = grids.iter().map(|g| town.grids[*g]).collect();
    town.office
        .store()
        .write(move |tx| -> Result<(), OfficeError> {
            let key = SubjectKey::from_bytes([number; 32]);
            office.keep_key(tx, &id.0, &key)?;
            tx.add_worker(&WorkerRow {
                id,
                role,
                name: key.seal(&id.0, WORKER_NAME_FIELD, name.as_bytes()),
                name_blind: office.secrets().blind.blind(BlindKind::StaffName, &name),
                phone: None,
                born_on: None,
                sex: None,
                department: None,
                appointed_on: None,
                import_key: None,
            })?;
            for grid in grids {
                tx.give_grid(id, grid, 0)?;
            }
            Ok(())
        })
        .unwrap();
    id
}

/// What a new device with keys of this number says.
pub(crate) fn request(code: &str, number: u8) -> EnrolRequest {
    EnrolRequest {
        wire_version: WIRE_VERSION,
        code: code.to_owned(),
        verify_key: [number; 32],
        box_key: [number; 32],
        actor: [number; 16],
        app_version: "0.1.0".to_owned(),
    }
}
