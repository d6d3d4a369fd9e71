//! What the purpose card says of who can see a field is what devices get.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::matter::{Told, clerk, report};
use crate::phone::{Phone, Town};
use qiaomen_proto::change::{Edit, Path, Scalar};
use qiaomen_proto::entity::{Readers, kind_spec};
use qiaomen_proto::ids::{DiaryId, DocId, Kind, Role, WorkerId};
use qiaomen_proto::merge::fold::EventKind;
use qiaomen_server::matters::{Step, act};

const DEPARTMENT: &str = "房管";

/// The card of a kind of document.
fn readers(kind: Kind) -> Readers {
    kind_spec(kind).containers[0].fields[0].readers
}

/// One document of each kind, written in the first grid and known to the office.
fn one_of_each(town: &Town, wang: &mut Phone) -> Vec<DocId> {
    let door = wang.register_door(town, 0, "502");
    let person = wang.register_resident(9, door, "张三", "13837783533");
    let matter = report(wang, town, &Told { door: Some(door), ..Told::default() });
    let on = qiaomen_server::close::Day::of(wang.at_ms).to_string();
    let diary = DiaryId::of(wang.by.worker, town.grids[0], on.parse().unwrap());
    let put = |key: &str, value: &str| Edit { path: Path::new(0, key), value: Scalar::Str(value.into()) };
    let head =
        vec![put("worker", &wang.by.worker.to_string()), put("grid", &town.grids[0].to_string()), put("on", &on)];
    wang.write(vec![(diary.into(), head)]);
    wang.sync(&town.office);
    let assign = Step {
        department: Some(DEPARTMENT.to_owned()),
        party: Some("和顺物业".to_owned()),
        term: Some(3),
        text: Some("请查楼门口的灯".to_owned()),
        ..Step::new(EventKind::Assign)
    };
    act(&town.office, matter, assign, &clerk()).unwrap();
    wang.sync(&town.office);
    let all: Vec<DocId> = vec![door.into(), person.into(), matter.into(), diary.into()];
    assert!(all.iter().all(|doc| wang.base.contains_key(doc)), "the office has taken all four");
    all
}

/// What a new device of this role gets; a coordinator is of the department to which the matter was handed.
fn gets(town: &Town, number: u8, role: Role, grid: usize) -> Phone {
    let mut phone = town.phone(number, role, grid);
    if role == Role::Coordinator {
        let worker = WorkerId::from_bytes([number; 16]);
        town.office.store().write(move |tx| tx.set_department(worker, Some(DEPARTMENT))).unwrap();
    }
    phone.sync(&town.office);
    phone
}

#[test]
fn whoever_the_purpose_card_names_gets_the_field_and_nobody_else_does() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let docs = one_of_each(&town, &mut wang);
    for (number, role) in (20..).zip(Role::ALL) {
        let phone = gets(&town, number, role, 0);
        for doc in &docs {
            let named = readers(doc.kind).roles().contains(&role);
            assert_eq!(phone.base.contains_key(doc), named, "{role:?} and {doc}");
        }
    }
}

#[test]
fn another_grid_gets_nothing_but_what_a_department_or_a_supervisor_gets_everywhere() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let docs = one_of_each(&town, &mut wang);
    for (number, role) in (20..).zip(Role::ALL) {
        let phone = gets(&town, number, role, 1);
        for doc in &docs {
            let everywhere = role == Role::Supervisor || (role == Role::Coordinator && doc.kind == Kind::Ticket);
            assert_eq!(phone.base.contains_key(doc), everywhere, "{role:?} and {doc}");
        }
    }
}

#[test]
fn whoever_reported_a_matter_or_wrote_a_diary_keeps_it_after_the_grid_was_given_to_others() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let docs = one_of_each(&town, &mut wang);
    let (worker, grid, now_ms) = (wang.by.worker, town.grids[0], crate::phone::EVENING_MS);
    town.office.store().write(move |tx| tx.take_grid(worker, grid, now_ms)).unwrap();
    wang.sync(&town.office);
    for doc in &docs {
        let keeps = matches!(readers(doc.kind), Readers::Matter | Readers::Diary);
        assert_eq!(wang.base.contains_key(doc), keeps, "{doc}");
    }
}
