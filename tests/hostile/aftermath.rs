//! What the office is like afterwards, looked at from outside of everything that was attacked.

use crate::honest::Honest;
use crate::line::{Line, request};
use crate::phone::Town;
use qiaomen_proto::ids::{CommandId, DeviceId, Kind, StreamId};
use qiaomen_server::store::StoreError;
use qiaomen_server::verify::verify;
use std::collections::BTreeSet;

/// Log, documents, registers, rows and digests agree.
pub(crate) fn the_office_is_whole(town: &Town) {
    let report = verify(&town.office, &mut |_, _| {});
    assert!(report.is_clean(), "{:#?}", report.problems);
    assert!(report.documents > 0 && report.changes > 0, "{report:?}");
}

/// Every change was signed by the device that its actor belongs to, in its worker's name and role, and no
/// liar's stands in a document of a grid that is not its own.
pub(crate) fn nobody_wrote_what_is_not_theirs(town: &Town, liars: &BTreeSet<DeviceId>) {
    let foreign = StreamId::Grid(town.grids[1]);
    let faults = town.office.store().read(|tx| -> Result<Vec<String>, StoreError> {
        let mut faults = Vec::new();
        for row in tx.change_list()? {
            let change = tx.change(row.id)?;
            let by = change.stamp.by;
            let device = tx.device(by.device)?;
            let true_author = device.is_some_and(|d| d.worker == by.worker && d.role == by.role);
            if !true_author || tx.device_of_actor(&change.actor)? != Some(by.device) {
                faults.push(format!("{:?} in {} is forged", change.stamp, change.doc));
            }
            let streams = tx.streams_of(change.doc)?;
            // A matter may be for another grid: whoever reports it sees it.
            if change.doc.kind != Kind::Ticket && liars.contains(&by.device) && streams.contains(&foreign) {
                faults.push(format!("{:?} stands in {} of another grid", change.stamp, change.doc));
            }
        }
        Ok(faults)
    });
    assert_eq!(faults.unwrap(), Vec::<String>::new());
}

/// Everything that an honest person did is in a document.
pub(crate) fn nothing_honest_is_lost(town: &Town, honest: &Honest) {
    let taken: BTreeSet<CommandId> =
        town.office.store().read(|tx| tx.change_list()).unwrap().into_iter().map(|row| row.command).collect();
    let lost: Vec<_> = honest.done.iter().filter(|id| !taken.contains(id)).collect();
    assert!(lost.is_empty(), "{} lost {lost:?}", honest.worker());
}

/// Everything that was held back is shown to the clerk, in words, over HTTP.
pub(crate) fn what_is_held_is_shown(line: &mut Line, token: &str, held: &BTreeSet<CommandId>) {
    let bearer = format!("Bearer {token}");
    let (mut list, mut after) = (Vec::new(), 0);
    loop {
        let path = format!("/v1/office/quarantine?state=held&after={after}");
        let answer = line.ask(&request("GET", &path, &[("Authorization", &bearer)], b"")).unwrap();
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        let page = answer.json().as_array().unwrap().clone();
        let Some(last) = page.last() else { break };
        after = last["id"].as_i64().unwrap();
        list.extend(page);
    }
    let shown: BTreeSet<CommandId> = list.iter().map(|row| row["command"].as_str().unwrap().parse().unwrap()).collect();
    let hidden: Vec<_> = held.difference(&shown).collect();
    assert!(hidden.is_empty(), "held and not shown: {} of {}: {hidden:?}", hidden.len(), held.len());
    assert!(list.iter().all(|row| row["why"].as_str().is_some_and(|why| !why.is_empty())), "each with its reason");
}
