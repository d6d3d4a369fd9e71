//! A disagreement for the office's tests: two phones, one resident, two telephone numbers.
#![allow(dead_code, clippy::unwrap_used, reason = "used by several tests, in part")]

use super::phone::{Phone, Town};
use super::staff::hire;
use qiaomen_proto::change::keys::record_key;
use qiaomen_proto::change::{Command, Edit, Path, Scalar};
use qiaomen_proto::entity::diary;
use qiaomen_proto::entity::record::{self, EntryKind, EntryPayload, Outcome};
use qiaomen_proto::ids::{CommandId, DiaryId, HouseholdId, ResidentId, Role, WorkerId};
use qiaomen_proto::merge::{Register, taken_back};
use qiaomen_server::people::clerks::add_clerk;
use qiaomen_server::review::{ConflictView, list_conflicts};

/// A town in which Wang and Li, grid workers of one grid, know one door and one resident.
pub(crate) struct Dispute {
    pub(crate) town: Town,
    pub(crate) wang: Phone,
    pub(crate) li: Phone,
    pub(crate) door: HouseholdId,
    pub(crate) zhang: ResidentId,
    pub(crate) clerk: WorkerId,
}

impl Dispute {
    /// Everyone is home and agrees.
    pub(crate) fn none_yet() -> Self {
        let town = Town::new();
        let workers = [(1, "王建国", Role::GridWorker), (2, "李秀英", Role::GridLeader)];
        let [mut wang, mut li] = workers.map(|(number, name, role)| {
            let id = hire(&town, number, name, role, &[0]);
            town.phone_of(number, id, role)
        });
        let door = wang.register_door(&town, 0, "101");
        let zhang = wang.register_resident(50, door, "张三", "13900000001");
        wang.sync(&town.office);
        li.sync(&town.office);
        let clerk = add_clerk(&town.office, "zhaomin", "腊八蒜 2026 春").unwrap();
        Self { town, wang, li, door, zhang, clerk }
    }
    /// Two numbers for one resident, brought home.
    pub(crate) fn about_a_phone() -> Self {
        let mut all = Self::none_yet();
        all.wang.set_phone(all.zhang, "13900000002");
        all.li.set_phone(all.zhang, "13900000003");
        all.everyone_syncs();
        all
    }
    /// Two lists of categories for one resident, brought home.
    pub(crate) fn about_categories() -> Self {
        let mut all = Self::none_yet();
        for (phone, text) in [(&mut all.wang, "低保,独居老人"), (&mut all.li, "残疾,低保")] {
            let edit = phone.sealed(all.zhang, "categories", text);
            phone.write(vec![(all.zhang.into(), vec![edit])]);
        }
        all.everyone_syncs();
        all
    }
    pub(crate) fn everyone_syncs(&mut self) {
        self.wang.sync(&self.town.office);
        self.li.sync(&self.town.office);
        self.wang.sync(&self.town.office);
    }
    /// Open conflicts, in words.
    pub(crate) fn open(&self) -> Vec<ConflictView> {
        list_conflicts(&self.town.office, Some("open")).unwrap()
    }
    /// What a phone shows as the number.
    pub(crate) fn number_on(&self, phone: &Phone) -> String {
        let register = &phone.base[&self.zhang.into()];
        qiaomen_proto::entity::view::View::new(register, &phone.ring).text("phone").unwrap()
    }
}

/// Notes a visit at a door at which somebody was met, in the worker's diary of the day.
pub(crate) fn visit(phone: &mut Phone, town: &Town, door: HouseholdId) {
    visit_that(phone, town, door, Outcome::Met);
}

/// Takes back what a command wrote into the worker's diary of the day.
pub(crate) fn take_back(phone: &mut Phone, town: &Town, entry: CommandId) {
    let stamp = phone.stamp();
    let doc = DiaryId::of(phone.by.worker, town.grids[0], "2026-09-21".parse().unwrap()).into();
    let key = record_key(stamp.command, 0);
    let value = Scalar::Bytes(record::to_bytes(&taken_back::payload(entry)));
    let register = phone.over.entry(doc).or_insert_with(|| Register::genesis(doc));
    let change = register.make_change(phone.actor, stamp, vec![Edit { path: Path::new(diary::LINKS, key), value }]);
    register.apply(&change, change.hash().unwrap());
    phone.outbox.push(Command { stamp, changes: vec![change] });
}

/// Notes a visit at a door in the worker's diary of the day.
pub(crate) fn visit_that(phone: &mut Phone, town: &Town, door: HouseholdId, outcome: Outcome) {
    let stamp = phone.stamp();
    let on = "2026-09-21";
    let doc = DiaryId::of(phone.by.worker, town.grids[0], on.parse().unwrap()).into();
    let entry = EntryPayload {
        kind: EntryKind::Visit,
        outcome,
        household: Some(door.as_bytes().to_vec()),
        note: None,
        building: None,
    };
    let put = |key: &str, value: String| Edit { path: Path::new(diary::FIELDS, key), value: Scalar::Str(value) };
    let edits = vec![
        put("worker", phone.by.worker.to_string()),
        put("grid", town.grids[0].to_string()),
        put("on", on.to_owned()),
        Edit {
            path: Path::new(diary::ENTRIES, record_key(stamp.command, 0)),
            value: Scalar::Bytes(record::to_bytes(&entry)),
        },
    ];
    let register = phone.over.entry(doc).or_insert_with(|| Register::genesis(doc));
    let change = register.make_change(phone.actor, stamp, edits);
    register.apply(&change, change.hash().unwrap());
    phone.outbox.push(Command { stamp, changes: vec![change] });
}
