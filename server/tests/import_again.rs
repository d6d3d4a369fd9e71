//! A book that is imported again after it, or the ledger, has changed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::books::{at, born_on, door, identity, import, new_office, person, phone, said, small_book, worker};
use qiaomen_proto::change::{Edit, Path, Scalar};
use qiaomen_proto::entity::view::View;
use qiaomen_proto::entity::{household, resident};
use qiaomen_proto::ids::{BuildingId, DocId, GridId, HouseholdId, ResidentId};
use qiaomen_proto::normalise::{RoomKey, UnitKey};
use qiaomen_server::ledger::book::{Book, GridRow, MicroGridRow, Told};
use qiaomen_server::ledger::import::Added;
use qiaomen_server::office::{Office, OfficeError};
use qiaomen_server::store::Tx;
use qiaomen_server::verify::verify;

/// Looks at a document.
fn look<T>(office: &Office, tx: &Tx<'_>, doc: DocId, at: impl FnOnce(&View<'_>) -> T) -> T {
    let (register, ring) = (tx.register(doc).unwrap().unwrap(), office.ring(tx, [doc.uuid]).unwrap());
    at(&View::new(&register, &ring))
}

fn door_id(office: &Office, room: &str) -> HouseholdId {
    let building = BuildingId::of(office.identity().id, "1号楼");
    HouseholdId::of(building, &UnitKey::parse("1").unwrap(), &RoomKey::parse(room).unwrap())
}

/// What a field of everybody behind a door shows, in the order of their names.
fn shown(office: &Office, room: &str, field: &str) -> Vec<String> {
    office
        .store()
        .read(|tx| -> Result<_, OfficeError> {
            let mut list: Vec<(String, String)> = Vec::new();
            for id in tx.residents_of(door_id(office, room))? {
                list.push(look(office, tx, id.into(), |view| {
                    let label = |f: &str| view.field(f).map(|f| f.shown.label().to_owned()).unwrap_or_default();
                    (label("name"), label(field))
                }));
            }
            list.sort();
            Ok(list.into_iter().map(|(_, value)| value).collect())
        })
        .unwrap()
}

fn clean(office: &Office) {
    assert_eq!(verify(office, &mut |_, _| {}).problems, [])
}

fn the_family() -> Book {
    let mut head = person(5, "王建国");
    head.relation = Some("户主".into());
    head.identity = identity("11010519491231002X");
    head.phone = phone("13669074391");
    let mut wife = person(6, "李秀兰");
    wife.relation = Some("配偶".into());
    wife.phone = Told::Refused;
    wife.born_on = born_on("1952-03-04");
    small_book(vec![door(5, "101", vec![head, wife])])
}

#[test]
fn what_was_never_answered_is_filled_in_and_the_rest_is_left_alone() {
    let (_dir, office) = new_office();
    let mut book = the_family();
    book.doors[0].occupancy = None;
    import(&office, &book);
    book.doors[0].occupancy = Some("出租".into());
    book.doors[0].people[0].born_on = born_on("1949-12-31");
    book.doors[0].people[0].categories = vec!["退役军人".into(), "党员".into()];
    book.doors[0].people[1].note = Some("听力不好".into());
    book.grids[0].quota = Some(300);
    let report = import(&office, &book);
    assert_eq!(report.added, Added { answers: 4, ..Added::default() });
    assert_eq!(said(&report), []);
    assert_eq!(shown(&office, "101", "birth"), ["1952-03-04", "1949-12-31"]);
    assert_eq!(shown(&office, "101", "categories"), ["", "党员,退役军人"]);
    assert_eq!(shown(&office, "101", "sex"), ["", "女"]);
    let again = import(&office, &book);
    assert_eq!((again.added, said(&again)), (Added::default(), vec![]));
    clean(&office);
}

#[test]
fn what_stands_is_never_overwritten_and_each_difference_is_listed_with_its_cell() {
    let (_dir, office) = new_office();
    let mut book = the_family();
    import(&office, &book);
    book.doors[0].occupancy = Some("出租".into());
    book.doors[0].people[0].phone = phone("15849000000");
    book.doors[0].people[1].phone = phone("15849000001");
    book.grids[0].grid_type = Some("平安型".into());
    let report = import(&office, &book);
    assert_eq!(report.added, Added::default());
    let differs = "differs_from_ledger";
    assert_eq!(said(&report), [(2, "", differs), (5, "I", differs), (6, "I", differs), (5, "J", differs)]);
    assert_eq!(shown(&office, "101", "phone"), ["拒绝提供", "13669074391"]);
    for remark in report.remarks() {
        assert_eq!(remark.sheet, "居民台账");
        assert!(remark.sentence.contains("台账里已有不同的内容，没有覆盖"), "{}", remark.sentence);
        assert!(!remark.sentence.contains("158"), "{}", remark.sentence);
    }
    clean(&office);
}

#[test]
fn one_number_under_two_names_is_two_people_however_often_it_is_imported() {
    let (_dir, office) = new_office();
    let mut book = the_family();
    let mut other = person(7, "王建军");
    other.identity = identity("11010519491231002X");
    book.doors[0].people.push(other);
    assert_eq!(import(&office, &book).added.residents, 3);
    assert_eq!(import(&office, &book).added, Added::default());
    let mut third = person(9, "赵四");
    third.identity = identity("11010519491231002X");
    book.doors.push(door(9, "102", vec![third]));
    let report = import(&office, &book);
    assert_eq!(report.added.residents, 1);
    // What a book says twice the reader has listed; the import does not say it again.
    assert_eq!(said(&report), []);
    clean(&office);
}

#[test]
fn somebody_new_with_a_number_that_stands_under_another_name_is_listed() {
    let (_dir, office) = new_office();
    import(&office, &the_family());
    let mut stranger = person(9, "赵四");
    stranger.identity = identity("11010519491231002X");
    let report = import(&office, &small_book(vec![door(9, "102", vec![stranger])]));
    assert_eq!(said(&report), [(9, "G", "identity_shared")]);
    assert_eq!(report.added.residents, 1);
}

#[test]
fn a_person_is_known_again_by_name_and_birth_behind_the_same_door() {
    let (_dir, office) = new_office();
    let mut book = the_family();
    import(&office, &book);
    // The number was asked for meanwhile; the name of the one who has a number was not written again.
    book.doors[0].people[1].identity = identity("110105195203040025");
    book.doors[0].people[0].name = Told::Nothing;
    let report = import(&office, &book);
    assert_eq!(report.added, Added { answers: 2, ..Added::default() }, "the number, and the sex that it tells");
    assert_eq!(shown(&office, "101", "name"), ["李秀兰", "王建国"]);
    assert_eq!(said(&report), []);
}

#[test]
fn people_who_told_nothing_are_as_many_as_before() {
    let (_dir, office) = new_office();
    let nobody = |row| {
        let mut person = person(row, "");
        person.name = Told::Refused;
        person
    };
    let book = small_book(vec![door(5, "101", vec![nobody(5), nobody(6)])]);
    assert_eq!(import(&office, &book).added.residents, 2);
    assert_eq!(import(&office, &book).added, Added::default());
    assert_eq!(shown(&office, "101", "name"), ["拒绝提供", "拒绝提供"]);
}

#[test]
fn a_person_who_moved_in_the_book_stays_where_the_ledger_has_her() {
    let (_dir, office) = new_office();
    let mut book = the_family();
    import(&office, &book);
    let head = book.doors[0].people.remove(0);
    book.doors.push(door(9, "102", vec![head]));
    let report = import(&office, &book);
    assert_eq!((report.added.residents, report.added.doors), (0, 1));
    assert!(said(&report).contains(&(5, "D", "person_lives_elsewhere")), "{:?}", said(&report));
    assert_eq!(shown(&office, "101", "name").len(), 2);
    clean(&office);
}

#[test]
fn what_a_device_wrote_meanwhile_is_kept_and_a_door_it_made_is_the_same_door() {
    let (_dir, office) = new_office();
    let mut book = the_family();
    let family = std::mem::take(&mut book.doors);
    import(&office, &book);
    let (door, of) = (door_id(&office, "101"), office.clone());
    let building = BuildingId::of(office.identity().id, "1号楼").to_string();
    office
        .store()
        .write(move |tx| -> Result<(), OfficeError> {
            let put = |field: &str, text: &str| Edit { path: Path::new(0, field), value: Scalar::Str(text.into()) };
            let edits = vec![put("building", &building), put("unit", "1"), put("room", "101"), put("use", "空置")];
            of.write_own(tx, of.next_stamp(tx, of.own_worker())?, vec![(door.into(), edits)], &[])
        })
        .unwrap();
    book.doors = family;
    let report = import(&office, &book);
    assert_eq!((report.added.doors, report.added.residents), (0, 2));
    assert_eq!(said(&report), [(5, "J", "differs_from_ledger")]);
    clean(&office);
}

#[test]
fn who_holds_a_door_is_written_once_with_the_head() {
    let (_dir, office) = new_office();
    let book = the_family();
    import(&office, &book);
    import(&office, &book);
    office
        .store()
        .read(|tx| -> Result<(), OfficeError> {
            let people = tx.residents_of(door_id(&office, "101"))?;
            let head = people
                .iter()
                .find(|id| look(&office, tx, DocId::from(**id), |v| v.text("relation")).as_deref() == Some("户主"));
            look(&office, tx, door_id(&office, "101").into(), |view| {
                let rows = view.rows(household::OCCUPANCIES);
                assert_eq!(rows.len(), 1);
                let row = rows.values().next().unwrap();
                assert_eq!(row["kind"].shown.text(), Some("自住"));
                assert_eq!(row["head"].shown.text(), head.map(ResidentId::to_string).as_deref());
            });
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_dormitory_takes_more_than_one_command() {
    let (_dir, office) = new_office();
    let people = (0..40)
        .map(|n| person(5 + n, &format!("住户{}", "甲乙丙丁戊己庚辛".chars().nth(n as usize % 8).unwrap())))
        .collect();
    let mut book = small_book(vec![door(5, "101", people)]);
    for (n, person) in book.doors[0].people.iter_mut().enumerate() {
        person.phone = phone(&format!("1380000{:04}", n));
    }
    assert_eq!(import(&office, &book).added.residents, 40);
    assert_eq!(import(&office, &book).added, Added::default());
    clean(&office);
}

#[test]
fn people_registered_here_who_live_elsewhere_are_marked_so() {
    let (_dir, office) = new_office();
    let mut book = the_family();
    book.doors[0].occupancy = Some("人户分离".into());
    import(&office, &book);
    assert_eq!(shown(&office, "101", "residency"), ["人户分离", "人户分离"]);
}

#[test]
fn a_text_that_its_field_cannot_hold_goes_into_the_notes() {
    let (_dir, office) = new_office();
    let mut book = the_family();
    book.doors[0].people[0].relation = Some("远房".repeat(40));
    book.doors[0].people[0].note = Some("很长的备注".repeat(1_000));
    let report = import(&office, &book);
    assert_eq!(said(&report), [(5, "F", "value_too_long")]);
    let notes = |office: &Office| -> Vec<usize> {
        office
            .store()
            .read(|tx| -> Result<_, OfficeError> {
                let ids = tx.residents_of(door_id(office, "101"))?;
                Ok(ids
                    .into_iter()
                    .map(|id| look(office, tx, id.into(), |view| view.notes(resident::NOTES).len()))
                    .collect())
            })
            .unwrap()
    };
    assert_eq!(notes(&office).iter().sum::<usize>(), 3, "the long note in two pieces, and the relation");
    assert_eq!(import(&office, &book).added, Added::default());
    assert_eq!(notes(&office).iter().sum::<usize>(), 3);
    clean(&office);
}

#[test]
fn a_building_stays_in_its_grid_and_a_door_without_a_building_is_refused() {
    let (_dir, office) = new_office();
    let mut book = the_family();
    import(&office, &book);
    book.grids.push(GridRow { origin: at(3), name: "第二网格".into(), ..book.grids[0].clone() });
    book.doors.push(door(9, "102", vec![person(9, "赵四")]));
    book.doors[1].building = "9号楼".into();
    let report = import(&office, &book);
    assert_eq!((report.added.grids, report.added.buildings, report.added.doors), (1, 0, 0));
    assert_eq!(said(&report), [(9, "", "unknown_building"), (3, "", "building_in_two_grids")]);
    let codes = office.store().read(|tx| tx.grids()).unwrap();
    assert_eq!(codes.iter().map(|g| &g.code[12..]).collect::<Vec<_>>(), ["001", "002"]);
}

#[test]
fn micro_grids_are_written_once_and_a_building_stays_in_its_own() {
    let (_dir, office) = new_office();
    let mut book = the_family();
    let part = |row, name: &str, buildings: &[&str]| MicroGridRow {
        origin: at(row),
        name: name.to_owned(),
        buildings: buildings.iter().map(|b| (*b).to_owned()).collect(),
    };
    book.grids[0].buildings = vec!["1号楼".into(), "2号楼".into()];
    import(&office, &book);
    let version = || office.store().read(|tx| office.versions(tx)).unwrap().0;
    let before = version();
    book.grids[0].micro_grids = vec![part(2, "第一微网格", &["1号楼"]), part(3, "第二微网格", &[])];
    assert_eq!(import(&office, &book).added, Added { micro_grids: 2, ..Added::default() });
    let after = version();
    assert!(after > before, "devices fetch the new micro-grids");
    let again = import(&office, &book);
    assert_eq!((again.added, said(&again), version()), (Added::default(), vec![], after));

    book.grids[0].micro_grids = vec![part(2, "第二微网格", &["1号楼", "2号楼"])];
    let moved = import(&office, &book);
    assert_eq!(moved.added, Added { answers: 1, ..Added::default() });
    assert_eq!(said(&moved), [(2, "", "building_in_two_micro_grids")]);
    let reference = office.store().read(|tx| office.reference(tx)).unwrap();
    let home = |name: &str| {
        let building = BuildingId::of(office.identity().id, name);
        reference.micro_grid_of(building).map(|m| m.name.clone()).unwrap_or_default()
    };
    assert_eq!([home("1号楼"), home("2号楼")], ["第一微网格", "第二微网格"]);
    assert_eq!(reference.micro_grids.len(), 2);
    clean(&office);
}

#[test]
fn staff_get_their_grid_from_the_day_of_appointment_and_what_was_missing_later() {
    let (_dir, office) = new_office();
    let mut book = small_book(Vec::new());
    book.staff = vec![
        worker(3, "赵丽", "网格员", Some("第一网格")),
        worker(4, "孙强", "督导员", None),
        worker(5, "周杰", "看门人", None),
    ];
    book.staff[0].appointed_on = Some("2022-03-01".parse().unwrap());
    let report = import(&office, &book);
    assert_eq!(report.added.staff, 2);
    assert_eq!(said(&report), [(5, "R", "unknown_role")]);
    let grid = GridId::of(office.identity().id, "第一网格");
    let workers = office.store().read(|tx| tx.workers()).unwrap();
    let zhao = workers.iter().find(|w| w.appointed_on.is_some()).unwrap();
    let grids_at = |ms| office.store().read(|tx| tx.grids_at(zhao.id, ms)).unwrap();
    // Midnight of 2022-03-01 in Beijing.
    let midnight = 1_646_064_000_000;
    assert_eq!((grids_at(midnight - 1), grids_at(midnight)), (vec![], vec![grid]));

    book.staff[0].phone = Some(qiaomen_proto::person::Phone::parse("13669074391").unwrap());
    book.staff[0].appointed_on = Some("2023-03-01".parse().unwrap());
    let report = import(&office, &book);
    assert_eq!(report.added, Added { answers: 1, ..Added::default() });
    assert_eq!(said(&report), [(5, "R", "unknown_role"), (3, "", "differs_from_ledger")]);
    assert_eq!(import(&office, &book).added, Added::default());
    assert_eq!(office.store().read(|tx| tx.workers()).unwrap().len(), 2);
}

#[test]
fn the_book_of_another_community_is_pointed_out() {
    let (_dir, office) = new_office();
    let mut book = the_family();
    book.community = Some("别的社区".into());
    assert_eq!(said(&import(&office, &book)), [(0, "", "another_community")]);
}
