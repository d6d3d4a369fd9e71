//! One thing twice, found after the merge: linked by a fact that phones see too, taken back by another.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::phone::{EVENING_MS, Phone, Town};
use qiaomen_proto::change::{Edit, Path, Scalar, keys};
use qiaomen_proto::entity::record::to_bytes;
use qiaomen_proto::entity::ticket;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{DocId, HouseholdId, Kind, ResidentId, Role, TicketId, WorkerId};
use qiaomen_proto::merge::fold::{EventKind, EventPayload, Stage};
use qiaomen_server::close::{self, Day};
use qiaomen_server::duplicates::{
    self, DuplicateError, How, Pair, Sure, act, aliases, counts, open_pairs, resolve, rings,
};
use qiaomen_server::office::{Office, OfficeError};
use qiaomen_server::people::Sight;
use qiaomen_server::review;
use qiaomen_server::store::StoreError;
use qiaomen_server::verify::verify;
use std::collections::BTreeSet;

const DAY_MS: u64 = 86_400_000;

fn clerk() -> WorkerId {
    WorkerId::from_bytes([77; 16])
}

fn pairs(office: &Office, kind: Kind) -> Vec<Pair> {
    office.store().read(|tx| open_pairs(tx, kind)).unwrap()
}
fn hows(pair: &Pair) -> Vec<How> {
    pair.hows().collect()
}
fn leads(office: &Office, doc: impl Into<DocId>) -> DocId {
    let doc = doc.into();
    office.store().read(|tx| resolve(tx, doc)).unwrap()
}
fn stage(office: &Office, matter: TicketId) -> Stage {
    let rows = office.store().read(|tx| tx.ticket_list()).unwrap();
    Stage::from_number(rows.iter().find(|r| r.ticket == matter).unwrap().stage).unwrap()
}
fn sound(office: &Office) {
    assert_eq!(verify(office, &mut |_, _| {}).problems, []);
}

fn field(key: &str, value: &str) -> Edit {
    Edit { path: Path::new(0, key), value: Scalar::Str(value.to_owned()) }
}
/// A person with these personal values.
fn person(phone: &mut Phone, number: u8, door: HouseholdId, values: &[(&str, &str)]) -> ResidentId {
    let resident = ResidentId::from_bytes([number; 16]);
    let mut edits = vec![field("household", &door.to_string())];
    edits.extend(values.iter().map(|(name, text)| phone.sealed(resident, name, text)));
    phone.write(vec![(resident.into(), edits)]);
    resident
}
fn event(phone: &mut Phone, matter: TicketId, payload: EventPayload, mut edits: Vec<Edit>) {
    let stamp = phone.stamp();
    let key = keys::record_key(stamp.command, 0);
    edits.push(Edit { path: Path::new(ticket::EVENTS, key), value: Scalar::Bytes(to_bytes(&payload)) });
    phone.write_stamped(stamp, vec![(matter.into(), edits)]);
}
/// A matter at a door or a building, told so many milliseconds before the evening.
fn matter(
    phone: &mut Phone,
    number: u8,
    before_ms: u64,
    category: &str,
    place: &[(&str, String)],
    text: &str,
) -> TicketId {
    let id = TicketId::from_bytes([number; 16]);
    phone.at_ms = EVENING_MS - before_ms;
    let mut fields = vec![field("category", category), phone.sealed(ResidentId(id.0), "text", text)];
    fields.extend(place.iter().map(|(name, value)| field(name, value)));
    event(phone, id, EventPayload::new(EventKind::Report), fields);
    id
}
fn step(phone: &mut Phone, matter: TicketId, kind: EventKind, other: Option<TicketId>) {
    event(phone, matter, EventPayload { other: other.map(|o| o.0), ..EventPayload::new(kind) }, Vec::new());
}

/// 王 and 李 both wrote down 张三 in the evening, each at another door of one building.
fn one_person_twice() -> (Town, Phone, ResidentId, ResidentId) {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let mut li = town.phone(2, Role::GridWorker, 0);
    let door = wang.register_door(&town, 0, "101");
    let other = li.register_door(&town, 0, "201");
    let first = wang.register_resident(11, door, "张三", "13900000001");
    let second = li.register_resident(12, other, "张 三", "13900000001");
    wang.sync(&town.office);
    li.sync(&town.office);
    (town, wang, first, second)
}

#[test]
fn a_person_whom_two_wrote_down_is_found_linked_seen_by_phones_and_two_again_when_that_is_taken_back() {
    let (town, mut wang, first, second) = one_person_twice();
    let office = &town.office;
    let found = pairs(office, Kind::Resident);
    assert_eq!((found.len(), hows(&found[0])), (1, vec![How::NamePhone]));
    assert_eq!(Sure::by(&found[0].evidence), Sure::Likely);
    assert_eq!(found[0].docs(), (first.into(), second.into()));
    duplicates::link(office, second.into(), first.into(), None, clerk()).unwrap();
    assert_eq!(pairs(office, Kind::Resident), []);
    assert_eq!([leads(office, first), leads(office, second)], [first.into(), first.into()]);
    assert_eq!(office.store().read(|tx| aliases(tx, first.into())).unwrap(), [second.into()]);
    wang.sync(office);
    let on_phone = |wang: &Phone| View::new(&wang.base[&second.into()], &wang.ring).same_as();
    assert_eq!(on_phone(&wang), Some(first.0));
    // Nothing is moved and nothing is gone: both are where they were.
    let both = office.store().read(|tx| Ok::<_, StoreError>((tx.resident(first)?, tx.resident(second)?))).unwrap();
    assert!(both.0.is_some() && both.1.is_some());
    sound(office);
    duplicates::unlink(office, second.into(), clerk()).unwrap();
    assert_eq!(leads(office, second), second.into());
    assert_eq!(pairs(office, Kind::Resident).len(), 1, "they wait again");
    wang.sync(office);
    assert_eq!(on_phone(&wang), None);
    duplicates::link(office, first.into(), second.into(), None, clerk()).unwrap();
    assert_eq!(leads(office, first), second.into(), "and can be linked the other way round");
    sound(office);
}

#[test]
fn people_are_alike_by_identity_number_anywhere_and_by_name_and_birth_within_a_building() {
    let town = Town::new();
    let mut boss = town.phone(1, Role::GridLeader, 0);
    let mut li = town.phone(2, Role::GridWorker, 1);
    let here = boss.register_door(&town, 0, "101");
    let upstairs = boss.register_door(&town, 0, "301");
    let far = li.register_door(&town, 1, "101");
    let born = [("name", "李四"), ("birth", "1950-01-31")];
    let a = person(&mut boss, 11, here, &born);
    let b = person(&mut boss, 12, upstairs, &born);
    person(&mut li, 13, far, &born);
    let card = "150782195203041234";
    let c = person(&mut boss, 14, here, &[("name", "王五"), ("identity", card)]);
    let d = person(&mut li, 15, far, &[("name", "王武"), ("identity", card)]);
    boss.sync(&town.office);
    li.sync(&town.office);
    let found = pairs(&town.office, Kind::Resident);
    let docs: Vec<_> = found.iter().map(|p| (p.docs(), hows(p))).collect();
    assert_eq!(docs, [((a.into(), b.into()), vec![How::NameBirth]), ((c.into(), d.into()), vec![How::Identity]),]);
    let counted = town.office.store().read(|tx| counts(tx, None)).unwrap();
    assert_eq!((counted.total(), counted.kinds[&Kind::Resident]), (2, 2));
    assert_eq!(town.grids.map(|g| counted.grids[&g]), [2, 1], "a pair in two grids counts in both");
    let only =
        |n: usize| town.office.store().read(|tx| counts(tx, Some(&BTreeSet::from([town.grids[n]])))).unwrap().total();
    assert_eq!([only(0), only(1)], [2, 1]);
    let day = Day::of(EVENING_MS);
    let figures = |sight: &Sight| town.office.store().read(|tx| close::figures(&town.office, tx, day, sight)).unwrap();
    let seen = figures(&Sight::default());
    assert_eq!((seen.all.duplicates, seen.grids[0].duplicates, seen.grids[1].duplicates), (2, 2, 1));
    let leader = figures(&Sight { grids: Some(BTreeSet::from([town.grids[1]])), department: None });
    assert_eq!((leader.all.duplicates, leader.grids[0].duplicates), (1, 1));
}

#[test]
fn who_has_the_birth_date_and_who_only_the_number_that_tells_it_are_alike() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let door = wang.register_door(&town, 0, "101");
    person(&mut wang, 11, door, &[("name", "李四"), ("birth", "1952-03-04")]);
    person(&mut wang, 12, door, &[("name", "李四"), ("identity", "150782195203041234")]);
    person(&mut wang, 13, door, &[("name", "李四"), ("birth", "1952-03-05")]);
    wang.sync(&town.office);
    assert_eq!(pairs(&town.office, Kind::Resident).len(), 1);
}

#[test]
fn other_spellings_of_a_door_are_found_and_other_doors_are_not() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let a = wang.register_door(&town, 0, "502");
    let b = wang.register_door(&town, 0, "0502");
    wang.register_door(&town, 0, "503");
    wang.register_door(&town, 0, "502-1");
    wang.sync(&town.office);
    let found = pairs(&town.office, Kind::Household);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (BTreeSet::from([found[0].a, found[0].b]), hows(&found[0])),
        (BTreeSet::from([a.into(), b.into()]), vec![How::Door])
    );
    duplicates::link(&town.office, b.into(), a.into(), None, clerk()).unwrap();
    assert_eq!(pairs(&town.office, Kind::Household), []);
    sound(&town.office);
}

#[test]
fn matters_of_one_category_at_one_place_close_to_each_other_are_found_unless_one_was_done_before() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridLeader, 0);
    let door = wang.register_door(&town, 0, "101");
    let at_door = [("household", door.to_string())];
    let building = [("building", town.buildings[0].to_string())];
    let hours = |n: u64| n * 3_600_000;
    let a = matter(&mut wang, 21, 10 * DAY_MS, "屋顶漏水", &at_door, "客厅顶上漏水");
    let b = matter(&mut wang, 22, hours(5), "屋顶漏水", &at_door, "下雨客厅顶漏水");
    matter(&mut wang, 23, 40 * DAY_MS, "屋顶漏水", &at_door, "漏水");
    matter(&mut wang, 24, hours(4), "噪音扰民", &at_door, "楼上吵");
    let c = matter(&mut wang, 25, 2 * DAY_MS, "路灯损坏", &building, "门口路灯不亮");
    let d = matter(&mut wang, 26, hours(3), "路灯损坏", &building, "门口的路灯不亮了");
    // Told, done at once, and told again later: that is a new matter.
    let e = matter(&mut wang, 27, DAY_MS, "管网", &building, "下水堵了");
    step(&mut wang, e, EventKind::CloseOnSpot, None);
    matter(&mut wang, 28, hours(2), "管网", &building, "下水又堵了");
    wang.sync(&town.office);
    let found: Vec<_> = pairs(&town.office, Kind::Ticket).iter().map(|p| (p.docs(), hows(p))).collect();
    assert_eq!(
        found,
        [((a.into(), b.into()), vec![How::MatterAtDoor]), ((c.into(), d.into()), vec![How::MatterAtPlace]),]
    );
    duplicates::link(&town.office, d.into(), c.into(), None, clerk()).unwrap();
    assert_eq!([stage(&town.office, c), stage(&town.office, d)], [Stage::Reported, Stage::Duplicate]);
    sound(&town.office);
    duplicates::unlink(&town.office, d.into(), clerk()).unwrap();
    assert_eq!(stage(&town.office, d), Stage::Accepted, "somebody has to work it again");
    sound(&town.office);
}

#[test]
fn what_is_not_the_same_comes_back_only_if_something_new_speaks_for_it() {
    let town = Town::new();
    let office = &town.office;
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let door = wang.register_door(&town, 0, "101");
    let a = person(&mut wang, 11, door, &[("name", "李四"), ("birth", "1950-01-31")]);
    let b = person(&mut wang, 12, door, &[("name", "李四"), ("birth", "1950-01-31")]);
    wang.sync(office);
    duplicates::dismiss(office, b.into(), a.into(), clerk()).unwrap();
    assert_eq!(pairs(office, Kind::Resident), []);
    // Something is written that says nothing new.
    wang.set_phone(a, "13900000001");
    wang.sync(office);
    assert_eq!(pairs(office, Kind::Resident), []);
    wang.set_phone(b, "13900000001");
    wang.sync(office);
    assert_eq!(pairs(office, Kind::Resident).len(), 1, "now they have one phone");
    duplicates::dismiss(office, a.into(), b.into(), clerk()).unwrap();
    assert_eq!(pairs(office, Kind::Resident), []);
    duplicates::reconsider(office, a.into(), b.into(), clerk()).unwrap();
    assert_eq!(pairs(office, Kind::Resident).len(), 1);
    let twice = duplicates::reconsider(office, a.into(), b.into(), clerk());
    assert!(matches!(twice, Err(DuplicateError::NotDismissed)));
}

#[test]
fn what_is_set_aside_speaks_for_the_one_that_is_kept() {
    let (town, mut wang, first, second) = one_person_twice();
    let office = &town.office;
    let door = town.door(0, "101");
    duplicates::link(office, second.into(), first.into(), None, clerk()).unwrap();
    // Somebody has the identity number that only the one has that was set aside.
    let mut li = town.phone(3, Role::GridWorker, 0);
    li.sync(office);
    let card = li.sealed(second, "identity", "150782195203041234");
    li.write(vec![(second.into(), vec![card])]);
    let third = person(&mut li, 13, door, &[("identity", "150782195203041234")]);
    li.sync(office);
    assert_eq!(
        pairs(office, Kind::Resident).iter().map(Pair::docs).collect::<Vec<_>>(),
        [(first.into(), third.into())]
    );
    // A link to what leads on is one to where it leads.
    duplicates::link(office, third.into(), second.into(), None, clerk()).unwrap();
    wang.sync(office);
    assert_eq!(View::new(&wang.base[&third.into()], &wang.ring).same_as(), Some(first.0));
}

#[test]
fn the_office_does_not_link_twice_nor_around_nor_what_it_has_not_seen() {
    let (town, mut wang, first, second) = one_person_twice();
    let office = &town.office;
    let (a, b): (DocId, DocId) = (first.into(), second.into());
    let seen = |a: DocId, b: DocId| {
        let read = office.store().read(|tx| Ok::<_, StoreError>((tx.register(a)?.unwrap(), tx.register(b)?.unwrap())));
        let (a, b) = read.unwrap();
        act::seen(&a, &b)
    };
    let shown = seen(a, b);
    wang.set_phone(first, "13900000009");
    wang.sync(office);
    let link = |aside: DocId, keep: DocId, told: Option<&str>| duplicates::link(office, aside, keep, told, clerk());
    assert!(matches!(link(b, a, Some(&shown)), Err(DuplicateError::Changed)));
    assert!(matches!(link(b, b, None), Err(DuplicateError::NoPair)));
    assert!(matches!(link(b, town.door(0, "101").into(), None), Err(DuplicateError::NoPair)));
    assert!(matches!(link(b, ResidentId::from_bytes([99; 16]).into(), None), Err(DuplicateError::NoPair)));
    assert!(matches!(duplicates::unlink(office, b, clerk()), Err(DuplicateError::NotLinked)));
    link(b, a, Some(&seen(a, b))).unwrap();
    assert!(matches!(link(b, a, None), Err(DuplicateError::LinkedAlready)));
    assert!(matches!(link(a, b, None), Err(DuplicateError::OtherWayRound)));
    sound(office);
}

#[test]
fn a_matter_is_not_set_aside_for_one_that_is_over_nor_while_the_meeting_has_it() {
    let town = Town::new();
    let office = &town.office;
    let mut wang = town.phone(1, Role::GridLeader, 0);
    let door = wang.register_door(&town, 0, "101");
    let at_door = [("household", door.to_string())];
    let over = matter(&mut wang, 21, 7_200_000, "管网", &at_door, "堵");
    let open = matter(&mut wang, 22, 3_600_000, "管网", &at_door, "堵");
    let large = matter(&mut wang, 23, 1_800_000, "管网", &at_door, "堵");
    step(&mut wang, over, EventKind::CloseOnSpot, None);
    step(&mut wang, large, EventKind::Escalate, None);
    wang.sync(office);
    let link = |aside: TicketId, keep: TicketId| duplicates::link(office, aside.into(), keep.into(), None, clerk());
    assert!(matches!(link(open, over), Err(DuplicateError::KeptIsOver)));
    assert!(matches!(link(large, open), Err(DuplicateError::Escalated)));
    link(over, open).unwrap();
    assert_eq!(stage(office, over), Stage::ClosedOnSpot, "what was done stays done");
    link(open, large).unwrap();
    assert_eq!([stage(office, open), stage(office, large)], [Stage::Duplicate, Stage::JointMeeting]);
    assert_eq!(leads(office, over), large.into());
    sound(office);
}

/// A leader and her assistant, apart, each mark one of two matters as repeating the other.
fn marked_in_a_ring() -> (Town, Phone, TicketId, TicketId) {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridLeader, 0);
    let mut li = town.phone(2, Role::Assistant, 0);
    let door = wang.register_door(&town, 0, "101");
    let at_door = [("household", door.to_string())];
    let a = matter(&mut wang, 21, 7_200_000, "管网", &at_door, "堵");
    let b = matter(&mut wang, 22, 3_600_000, "管网", &at_door, "又堵");
    wang.sync(&town.office);
    li.sync(&town.office);
    step(&mut wang, a, EventKind::Duplicate, Some(b));
    step(&mut li, b, EventKind::Duplicate, Some(a));
    wang.sync(&town.office);
    li.sync(&town.office);
    (town, li, a, b)
}

#[test]
fn of_two_matters_that_are_marked_as_repeating_each_other_one_stays_open_and_is_shown_until_it_is_opened() {
    let (town, mut li, a, b) = marked_in_a_ring();
    let office = &town.office;
    let on_phone = |li: &Phone| [a, b].map(|id| View::new(&li.base[&id.into()], &li.ring).ticket_state().stage);
    assert_eq!(on_phone(&li), [Stage::Duplicate, Stage::Duplicate], "no document alone can tell");
    assert_eq!([stage(office, a), stage(office, b)], [Stage::Reported, Stage::Duplicate]);
    assert_eq!([leads(office, a), leads(office, b)], [a.into(), a.into()]);
    assert_eq!(office.store().read(rings).unwrap(), [a.into()]);
    assert_eq!(office.store().read(|tx| counts(tx, None)).unwrap().total(), 1, "somebody has to look");
    sound(office);
    assert!(matches!(duplicates::reopen(office, b.into(), clerk()), Err(DuplicateError::NoRing)));
    duplicates::reopen(office, a.into(), clerk()).unwrap();
    assert_eq!([stage(office, a), stage(office, b)], [Stage::Accepted, Stage::Duplicate]);
    li.sync(office);
    assert_eq!(on_phone(&li), [Stage::Accepted, Stage::Duplicate], "phones work it too");
    assert_eq!(office.store().read(|tx| counts(tx, None)).unwrap().total(), 0);
    assert_eq!(leads(office, b), a.into());
    sound(office);
}

#[test]
fn a_ring_ends_where_one_of_it_is_taken_back_and_its_row_is_made_again() {
    let (town, _, a, b) = marked_in_a_ring();
    let office = &town.office;
    duplicates::unlink(office, b.into(), clerk()).unwrap();
    assert_eq!([stage(office, a), stage(office, b)], [Stage::Duplicate, Stage::Accepted]);
    assert_eq!(leads(office, a), b.into());
    sound(office);
}

#[test]
fn a_database_from_before_has_its_rows_made_when_it_is_opened() {
    let (town, ..) = marked_in_a_ring();
    let before = town.office.store().read(|tx| Ok::<_, StoreError>((tx.likeness_list()?, tx.same_as_list()?))).unwrap();
    assert!(!before.0.is_empty() && before.1.len() == 2);
    let (dir, around) = (town.dir, town.around);
    drop(town.office);
    let conn = rusqlite::Connection::open(dir.path().join("office.db")).unwrap();
    conn.execute_batch(
        "DELETE FROM likeness; DELETE FROM same_as; DELETE FROM meta WHERE key = 'likeness_rules';
         UPDATE ticket SET stage = 13;",
    )
    .unwrap();
    drop(conn);
    let office = Office::open_with(dir.path(), around).unwrap();
    let after = office.store().read(|tx| Ok::<_, OfficeError>((tx.likeness_list()?, tx.same_as_list()?))).unwrap();
    assert_eq!(after, before);
    sound(&office);
}

#[test]
fn verify_sees_a_row_that_no_document_gives() {
    let (town, _, first, second) = one_person_twice();
    let (a, b): (DocId, DocId) = (first.into(), second.into());
    town.office
        .store()
        .write(move |tx| -> Result<(), StoreError> {
            tx.set_same_as(a, Some(b))?;
            tx.set_likeness(b, &[])
        })
        .unwrap();
    let problems = verify(&town.office, &mut |_, _| {}).problems;
    let codes: Vec<String> = problems.iter().map(|p| format!("{:?} {}", p.code, p.subject)).collect();
    assert_eq!(codes, [format!("LinkDiffers {a}"), format!("LikenessDiffers {b}")]);
}

#[test]
fn a_door_that_is_registered_twice_is_shown_as_one_whichever_is_asked_for() {
    let town = Town::new();
    let office = &town.office;
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let a = wang.register_door(&town, 0, "502");
    let b = wang.register_door(&town, 0, "0502");
    let first = wang.register_resident(11, a, "张三", "13900000001");
    let second = wang.register_resident(12, b, "张三", "13900000001");
    wang.register_resident(13, b, "李四", "13900000002");
    wang.sync(office);
    let seen = |said: &str| review::door(office, said).unwrap().unwrap();
    assert_eq!((seen("1-1-0502").id, seen("1-1-0502").residents.len()), (b, 2));
    duplicates::link(office, b.into(), a.into(), None, clerk()).unwrap();
    duplicates::link(office, second.into(), first.into(), None, clerk()).unwrap();
    for said in ["1-1-502".to_owned(), "1-1-0502".to_owned(), a.to_string(), b.to_string()] {
        let door = seen(&said);
        assert_eq!(
            (door.id, door.address.as_str(), door.also.as_slice()),
            (a, "1号楼1单元502", &["1号楼1单元0502".to_owned()][..])
        );
        let people: Vec<_> = door.residents.iter().map(|p| p.same_as.clone()).collect();
        assert_eq!(people, [None, Some(first.to_string()), None], "nobody is gone, and who is there twice is marked");
    }
    duplicates::unlink(office, b.into(), clerk()).unwrap();
    assert_eq!((seen("1-1-0502").id, seen("1-1-0502").also.len()), (b, 0));
}
