//! What is one thing twice, as the ledger counts it: once. What was set aside leads to what is kept.

use crate::duplicates::resolve;
use crate::store::sqlite::{DoorLine, ResidentLine};
use crate::store::{StoreError, Tx};
use qiaomen_proto::ids::{DocId, HouseholdId, Kind, ResidentId};
use std::collections::HashMap;

/// Documents that were set aside, each with the one that is kept.
#[derive(Debug, Default)]
pub(crate) struct Aside(HashMap<DocId, DocId>);

impl Aside {
    /// As things stand.
    pub(crate) fn of(tx: &Tx<'_>) -> Result<Self, StoreError> {
        let mut aside = HashMap::new();
        for (doc, _) in tx.same_as_list()? {
            let kept = resolve(tx, doc)?;
            if kept != doc {
                aside.insert(doc, kept);
            }
        }
        Ok(Self(aside))
    }
    /// Whether a resident was set aside.
    pub(crate) fn holds(&self, resident: ResidentId) -> bool {
        self.0.contains_key(&DocId::from(resident))
    }
    /// Doors that lead to this one.
    pub(crate) fn doors_of(&self, door: HouseholdId) -> Vec<HouseholdId> {
        let kept = DocId::from(door);
        let mut doors: Vec<HouseholdId> =
            self.0.iter().filter(|(_, to)| **to == kept).map(|(doc, _)| HouseholdId(doc.uuid)).collect();
        doors.sort_unstable();
        doors
    }
    fn door(&self, door: HouseholdId) -> Option<HouseholdId> {
        self.0.get(&DocId::from(door)).map(|kept| HouseholdId(kept.uuid))
    }

    /// Doors with each counted once: what is counted at one that was set aside is counted at the one that is kept, if
    /// that is among them.
    pub(crate) fn fold(&self, tx: &Tx<'_>, mut lines: Vec<DoorLine>) -> Result<Vec<DoorLine>, StoreError> {
        if self.0.is_empty() {
            return Ok(lines);
        }
        let at: HashMap<HouseholdId, usize> = lines.iter().enumerate().map(|(n, l)| (l.household, n)).collect();
        for doc in self.0.keys().filter(|doc| doc.kind == Kind::Resident) {
            let line = tx.resident_line(ResidentId(doc.uuid))?.filter(|line| !line.moved_out);
            if let Some(line) = line.and_then(|line| line.door).and_then(|door| lines.get_mut(*at.get(&door)?)) {
                line.people = line.people.saturating_sub(1);
            }
        }
        let mut folded = Vec::new();
        for n in 0..lines.len() {
            let Some(line) = lines.get(n).cloned() else { continue };
            let kept = self.door(line.household).and_then(|kept| at.get(&kept).copied());
            match kept.and_then(|kept| lines.get_mut(kept)) {
                None => {}
                Some(kept) => {
                    kept.people += line.people;
                    kept.open += line.open;
                    kept.conflicts += line.conflicts;
                    kept.refused |= line.refused;
                    kept.visited_ms = kept.visited_ms.max(line.visited_ms);
                    folded.push(line.household);
                }
            }
        }
        lines.retain(|line| !folded.contains(&line.household));
        Ok(lines)
    }

    /// Residents with each once.
    pub(crate) fn once(&self, mut lines: Vec<ResidentLine>) -> Vec<ResidentLine> {
        lines.retain(|line| !self.holds(line.resident));
        lines
    }
}
