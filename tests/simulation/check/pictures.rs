//! Every picture whose record is in the book is at the office, whole, and shows what was photographed.

use crate::simulation::phone::Condition;
use crate::simulation::world::{Stuck, World};
use qiaomen_proto::change::keys;
use qiaomen_server::office::OfficeError;
use qiaomen_server::store::sqlite::PhotoRow;
use std::collections::BTreeMap;

pub(super) fn check(world: &mut World, findings: &mut Vec<String>) -> Result<(), Stuck> {
    let office = world.bureau.office()?;
    let rows = office.store().read(|tx| tx.photo_list()).map_err(OfficeError::from)?;
    let rows: BTreeMap<String, PhotoRow> = rows.into_iter().map(|row| (row.key.clone(), row)).collect();
    for (command, jpeg) in &world.truth.pictures {
        let Some(made) = world.truth.made.get(command) else { continue };
        let Some(row) = rows.get(&keys::record_key(*command, 0)) else { continue };
        let about = format!("the picture of {command} of phone {}", made.phone);
        let (come, ring) = office
            .store()
            .read(|tx| Ok::<_, OfficeError>((tx.photo_come(&row.hash)?, office.ring(tx, [row.ticket.0])?)))?;
        let noted = come.is_some_and(|come| come.whole_ms.is_some());
        let Some(sealed) = office.photos().read(&row.hash)? else {
            if noted {
                findings.push(format!("{about} is noted as whole, and is not there"));
            }
            // Bytes that no phone has any more nobody can bring. A phone that was wiped had brought them to an office
            // that has lost its disk since.
            let destroyed = world.truth.pictures_destroyed.contains(command);
            let lost = match world.phones[made.phone].condition {
                Condition::Alive => destroyed,
                Condition::Wiped => destroyed || world.restored,
                Condition::Gone => true,
            };
            if !lost {
                findings.push(format!("{about} is in the book, and its bytes never came"));
            }
            continue;
        };
        if !noted {
            findings.push(format!("{about} is there, and is not noted as whole"));
        }
        match ring.open_photo(&row.ticket.0, &row.photo, &sealed) {
            Ok(opened) if opened == *jpeg => {}
            Ok(_) => findings.push(format!("{about} shows something else")),
            Err(e) => findings.push(format!("{about} does not open: {e}")),
        }
    }
    Ok(())
}
