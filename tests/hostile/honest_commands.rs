//! What an honest worker would write: where a lie begins.

use crate::liar::{Liar, put, text};
use qiaomen_proto::change::{Command, Edit, Scalar, keys};
use qiaomen_proto::entity::record::{self, EntryKind, EntryPayload, NotePayload, Outcome, RefusalPayload};
use qiaomen_proto::entity::view::NOTE_FIELD;
use qiaomen_proto::entity::{diary, household, resident, ticket};
use qiaomen_proto::ids::{DiaryId, DocId, TicketId};
use qiaomen_proto::merge::fold::{EventKind, EventPayload};

/// Days of one month, so that there are not too many diaries.
const DAYS: usize = 28;
/// Doors that one liar writes down at most.
const DOORS: usize = 40;

impl Liar<'_> {
    /// One command of any sort that this worker may send.
    pub(crate) fn any_honest_command(&mut self) -> Command {
        match self.dice.below(7) {
            0 => self.note(),
            1 => {
                let doc = self.resident.into();
                let phone = format!("139{:08}", self.dice.below(100_000_000));
                let sealed = self.sealed(self.resident.0, "phone", &phone);
                self.command(vec![(doc, vec![put(resident::FIELDS, "phone", Scalar::Bytes(sealed))])])
            }
            2 => {
                let n = u64::try_from(self.dice.below(100)).unwrap();
                let doc = self.door.into();
                self.command(vec![(doc, vec![put(household::FIELDS, "people_count", Scalar::Uint(n))])])
            }
            3 => self.new_door(),
            4 => self.visit(),
            5 => self.matter(),
            _ => self.refusal(),
        }
    }

    /// A record: one that may be added once.
    pub(crate) fn note(&mut self) -> Command {
        let sealed = self.sealed(self.door.0, NOTE_FIELD, "门锁坏了");
        let note = record::to_bytes(&NotePayload { text: sealed });
        self.with_record(self.door.into(), household::NOTES, note)
    }

    fn refusal(&mut self) -> Command {
        let people_count = Some(u32::try_from(self.dice.below(9)).unwrap());
        let payload = record::to_bytes(&RefusalPayload { people_count, withdrawn: self.dice.once_in(2) });
        self.with_record(self.door.into(), household::REFUSALS, payload)
    }

    /// A command that adds one record of its own.
    pub(crate) fn with_record(&mut self, doc: DocId, container: u8, payload: Vec<u8>) -> Command {
        let command = self.command(vec![(doc, vec![put(container, "x", Scalar::Bytes(payload))])]);
        self.with_own_keys(command)
    }

    /// The same command with its records under keys of its own.
    pub(crate) fn with_own_keys(&mut self, mut command: Command) -> Command {
        for change in &mut command.changes {
            for (n, op) in (0u8..).zip(&mut change.ops) {
                op.path.key = keys::record_key(command.stamp.command, n);
                op.preds.clear();
                op.preds_implied = true;
            }
        }
        command
    }

    pub(crate) fn new_door(&mut self) -> Command {
        let room = format!("{}", 2000 + self.dice.below(DOORS));
        let door = self.scene.town.door(0, &room);
        self.command(vec![(door.into(), self.address(0, &room))])
    }

    /// The parts of an address.
    pub(crate) fn address(&self, building: usize, room: &str) -> Vec<Edit> {
        let building = self.scene.town.buildings[building].to_string();
        vec![
            put(household::FIELDS, "building", text(building)),
            put(household::FIELDS, "unit", text("1")),
            put(household::FIELDS, "room", text(room)),
        ]
    }

    fn visit(&mut self) -> Command {
        let on = format!("2026-09-{:02}", 1 + self.dice.below(DAYS));
        let (worker, grid) = (self.phone.by.worker, self.scene.town.grids[0]);
        let diary: DocId = DiaryId::of(worker, grid, on.parse().unwrap()).into();
        let note = self.sealed(diary.uuid, NOTE_FIELD, "家里没人");
        let entry = record::to_bytes(&EntryPayload {
            kind: EntryKind::Visit,
            outcome: Outcome::NotHome,
            household: Some(self.door.as_bytes().to_vec()),
            note: Some(note),
            building: None,
        });
        let heads = vec![
            put(diary::FIELDS, "worker", text(worker.to_string())),
            put(diary::FIELDS, "grid", text(grid.to_string())),
            put(diary::FIELDS, "on", text(on)),
        ];
        let mut command = self.command(vec![(diary, heads)]);
        let key = keys::record_key(command.stamp.command, 0);
        let register = self.phone.base.get(&diary).cloned();
        let register = register.unwrap_or_else(|| qiaomen_proto::merge::Register::genesis(diary));
        let mut edits: Vec<Edit> =
            command.changes[0].ops.iter().map(|op| Edit { path: op.path.clone(), value: op.value.clone() }).collect();
        edits.push(put(diary::ENTRIES, key, Scalar::Bytes(entry)));
        command.changes = vec![register.make_change(self.phone.actor, command.stamp, edits)];
        command
    }

    /// A matter about its own door.
    pub(crate) fn matter(&mut self) -> Command {
        let id = TicketId::from_bytes(self.dice.array());
        let doc: DocId = id.into();
        let said = self.sealed(doc.uuid, "text", "楼道灯不亮");
        let event = record::to_bytes(&EventPayload::new(EventKind::Report));
        let mut command = self.command(vec![(
            doc,
            vec![
                put(ticket::FIELDS, "category", text("路灯损坏")),
                put(ticket::FIELDS, "size", text("小事")),
                put(ticket::FIELDS, "text", Scalar::Bytes(said)),
                put(ticket::FIELDS, "household", text(self.door.to_string())),
                put(ticket::EVENTS, "x", Scalar::Bytes(event)),
            ],
        )]);
        let own = keys::record_key(command.stamp.command, 0);
        for op in command.changes[0].ops.iter_mut().filter(|op| op.path.container == ticket::EVENTS) {
            op.path.key.clone_from(&own);
        }
        command
    }
}
