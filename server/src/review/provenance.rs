//! Where a candidate comes from: who, in which role, on which device, when, since when without signal,
//! from which visit, and what its author could not have known.

use super::words::{self, Words};
use crate::conflict::unaware;
use crate::office::{Office, OfficeError, UTC_OFFSET_S};
use crate::store::sqlite::{EntryProjection, RUN_GAP_MS};
use crate::store::{StoreError, Tx};
use qiaomen_proto::change::keys::parse_record_key;
use qiaomen_proto::change::{OpId, Path, Stamp};
use qiaomen_proto::entity::record::{EntryKind, Outcome};
use qiaomen_proto::entity::view::{FieldView, View};
use qiaomen_proto::ids::{DeviceId, HouseholdId, Kind, Role, WorkerId};
use qiaomen_proto::merge::candidates::Candidate;
use qiaomen_proto::seal::KeyRing;
use serde::Serialize;

/// A visit that was noted this long after an edit may still be where the edit came from.
const NOTED_LATER_MS: u64 = 2 * 3600 * 1000;
/// Doors of a person who moved that are looked at for visits, the latest.
const DOORS_MAX: usize = 8;
const DAY_MS: u64 = 24 * 3600 * 1000;
const DAY_MS_SIGNED: i64 = 24 * 3600 * 1000;

/// Something that stands at a place where a person has to decide. Values are in the clear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CandidateView {
    /// A, B, C …
    pub label: String,
    /// `value`, `refused`, `unknown`, `cleared`, `locked`.
    pub state: &'static str,
    /// The value, if it is one.
    pub value: Option<String>,
    /// As people read it.
    pub text: String,
    /// True if it holds for now; of a conflict that is decided, if it was taken.
    pub holds: bool,
    /// True if it is what a clerk decided before.
    pub decided: bool,
    /// Who wrote it.
    pub worker: Option<WorkerId>,
    /// What that person is called.
    pub worker_name: String,
    /// In which role.
    pub role: Option<Role>,
    /// What people call the role.
    pub worker_title: String,
    /// On which device.
    pub device: Option<DeviceId>,
    /// When it was written.
    pub at_ms: u64,
    /// The same in words.
    pub at: String,
    /// When it first came to the office.
    pub received_ms: Option<u64>,
    /// When its device had last been in touch before it was written.
    pub offline_since_ms: Option<u64>,
    /// That it was written without signal, in words; nothing where that does not follow, and for what the office wrote.
    pub offline: Option<String>,
    /// Letters of the candidates that its author had seen.
    pub knew: Vec<String>,
    /// True if its author had not seen a decision that is in force.
    pub late: bool,
    /// True if it was written without signal while another candidate stood at the office already.
    pub unseen: bool,
    /// The visit or call from which it came, if one is known.
    pub visit: Option<String>,
    /// When that was, if somebody was reached there.
    pub visit_ms: Option<u64>,
}

/// One document's candidates, with where they come from.
pub(super) struct Provenance<'v, 't, 'c> {
    pub(super) office: &'t Office,
    pub(super) tx: &'t Tx<'c>,
    pub(super) view: &'v View<'v>,
    pub(super) ring: &'v KeyRing,
}

impl Provenance<'_, '_, '_> {
    /// The candidates of one field in words. `taken` are those that a decision took.
    pub(super) fn of(
        &self,
        words: &mut Words<'_, '_>,
        now: &FieldView,
        stood: &[Candidate],
        taken: &[OpId],
    ) -> Result<Vec<CandidateView>, OfficeError> {
        let doors = doors(self.view);
        let mut lines = Vec::with_capacity(stood.len());
        for (number, candidate) in stood.iter().enumerate() {
            let mut line = self.value(words, now, number, candidate)?;
            line.holds |= taken.contains(&candidate.op);
            if let Some(stamp) = &candidate.stamp {
                self.author(words, &mut line, stamp)?;
                if let Some(visit) = visit(self.tx, &doors, stamp)? {
                    line.visit =
                        Some(format!("{} {}", words::time(visit.at_ms), words::contact(visit.kind, visit.outcome)));
                    line.visit_ms = Some(visit.at_ms).filter(|_| reached(&visit));
                }
            }
            line.late = unaware(self.view.register(), self.view.decisions(), &now.path, &candidate.op);
            lines.push(line);
        }
        let register = self.view.register();
        let changes: Vec<Option<u32>> =
            stood.iter().map(|c| register.history(&now.path).iter().find(|o| o.id == c.op).map(|o| o.change)).collect();
        for x in 0..lines.len() {
            let knew = |y: usize| match (changes.get(x), changes.get(y)) {
                (Some(Some(own)), Some(Some(theirs))) => register.builds_on(*own, *theirs),
                _ => false,
            };
            let (known, unknown): (Vec<usize>, Vec<usize>) =
                (0..lines.len()).filter(|y| *y != x).partition(|y| knew(*y));
            let unseen = self.unseen(&lines, x, &unknown);
            if let Some(line) = lines.get_mut(x) {
                line.knew = known.into_iter().map(label).collect();
                line.unseen = unseen;
            }
        }
        Ok(lines)
    }

    fn value(
        &self,
        words: &mut Words<'_, '_>,
        now: &FieldView,
        number: usize,
        candidate: &Candidate,
    ) -> Result<CandidateView, OfficeError> {
        let shown = now.field.show(&candidate.value, &self.view.register().doc().uuid, self.ring);
        Ok(CandidateView {
            label: label(number),
            state: words::state(&shown),
            value: shown.text().map(str::to_owned),
            text: words.value(now.field, &shown)?,
            holds: now.reading.holds.contains(&candidate.op),
            decided: candidate.decided,
            worker: None,
            worker_name: String::new(),
            role: None,
            worker_title: String::new(),
            device: None,
            at_ms: 0,
            at: String::new(),
            received_ms: None,
            offline_since_ms: None,
            offline: None,
            knew: Vec::new(),
            late: false,
            unseen: false,
            visit: None,
            visit_ms: None,
        })
    }

    fn author(&self, words: &mut Words<'_, '_>, line: &mut CandidateView, stamp: &Stamp) -> Result<(), OfficeError> {
        line.worker = Some(stamp.by.worker);
        line.worker_name = words.worker(stamp.by.worker)?;
        line.role = Some(stamp.by.role);
        line.worker_title = stamp.by.role.title().to_owned();
        line.device = Some(stamp.by.device);
        line.at_ms = stamp.at.wall_ms;
        line.at = words::time(stamp.at.wall_ms);
        if let Some((received, since)) = self.tx.command_arrival(stamp.command, stamp.by.device)? {
            line.received_ms = Some(received);
            line.offline_since_ms = since;
            line.offline = words::offline(line.at_ms, received, since)
                .filter(|_| stamp.by.device != self.office.identity().device);
        }
        Ok(())
    }

    /// Was the candidate at `x` written by somebody without signal while one of these, which she had not
    /// seen, stood at the office already? Who had signal would have seen it.
    fn unseen(&self, lines: &[CandidateView], x: usize, unknown: &[usize]) -> bool {
        let Some(mine) = lines.get(x) else { return false };
        if mine.device.is_none_or(|d| d == self.office.identity().device) {
            return false;
        }
        let since = mine.offline_since_ms.unwrap_or(0);
        let written = mine.at_ms.min(mine.received_ms.unwrap_or(mine.at_ms));
        let came = |y: &usize| lines.get(*y).and_then(|l| l.received_ms);
        written.saturating_sub(since) >= RUN_GAP_MS
            && unknown.iter().filter_map(came).any(|there| since < there && there < written)
    }
}

/// A, B … Z, AA, AB …
pub(super) fn label(number: usize) -> String {
    let letter = char::from(b'A' + u8::try_from(number % 26).unwrap_or(0));
    match number / 26 {
        0 => letter.to_string(),
        more => format!("{}{letter}", label(more - 1)),
    }
}

/// Every door that a document was ever about, the latest: who moved was visited at the old door.
pub(super) fn doors(view: &View<'_>) -> Vec<HouseholdId> {
    let doc = view.register().doc();
    if doc.kind == Kind::Household {
        return vec![HouseholdId(doc.uuid)];
    }
    let mut doors: Vec<HouseholdId> = Vec::new();
    for op in view.register().history(&Path::new(0, "household")).iter().rev() {
        if let Some(door) = op.value.as_str().and_then(|text| text.parse().ok())
            && !doors.contains(&door)
        {
            doors.push(door);
        }
    }
    doors.truncate(DOORS_MAX);
    doors
}

/// The visit or call from which an edit came: the one of the same command; else the author's last at
/// this door on that day before it; else one that was noted soon after it.
fn visit(tx: &Tx<'_>, doors: &[HouseholdId], stamp: &Stamp) -> Result<Option<EntryProjection>, StoreError> {
    let at = stamp.at.wall_ms;
    let from = day_start(at);
    let mut day = Vec::new();
    for door in doors {
        day.extend(tx.entries_at(*door, from, from + DAY_MS - 1)?);
    }
    day.retain(|e| e.worker == *stamp.by.worker.as_bytes() && e.kind != EntryKind::Patrol as u8);
    day.sort_by(|a, b| (a.at_ms, &a.key).cmp(&(b.at_ms, &b.key)));
    let of_command = |e: &&EntryProjection| parse_record_key(&e.key).is_some_and(|(c, _)| c == stamp.command);
    let found = (day.iter().find(of_command))
        .or_else(|| day.iter().rfind(|e| e.at_ms <= at))
        .or_else(|| day.iter().find(|e| e.at_ms - at <= NOTED_LATER_MS));
    Ok(found.cloned())
}

/// When the day began in which this moment lies, in the office's time zone.
fn day_start(at_ms: u64) -> u64 {
    let offset = i64::from(UTC_OFFSET_S) * 1000;
    let local = i64::try_from(at_ms).unwrap_or(i64::MAX).saturating_add(offset);
    u64::try_from(local.div_euclid(DAY_MS_SIGNED) * DAY_MS_SIGNED - offset).unwrap_or(0)
}

/// Somebody was spoken to: only then does a value come from there.
fn reached(entry: &EntryProjection) -> bool {
    [Outcome::Met, Outcome::Refused, Outcome::Clear, Outcome::Found].iter().any(|o| *o as u8 == entry.outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_are_lettered_as_columns_of_a_sheet_are() {
        assert_eq!([0, 1, 25, 26, 27, 51, 52].map(label), ["A", "B", "Z", "AA", "AB", "AZ", "BA"]);
    }
}
