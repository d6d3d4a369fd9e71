//! The ledger as a workbook: what is handed out and comes back brings nothing new.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

use crate::books::{data, example, import, new_office, try_import};
use qiaomen_proto::change::{Edit, Path, Scalar, keys};
use qiaomen_proto::entity::record::{NotePayload, RefusalPayload, TagPayload, to_bytes};
use qiaomen_proto::entity::{household, ticket};
use qiaomen_proto::ids::{BuildingId, DocId, GridId, HouseholdId, TicketId};
use qiaomen_proto::merge::fold::{EventKind, EventPayload};
use qiaomen_proto::normalise::{RoomKey, UnitKey};
use qiaomen_proto::seal::SubjectKey;
use qiaomen_server::desk::ledger::{Asked, doors};
use qiaomen_server::duplicates::act;
use qiaomen_server::ledger::book::Book;
use qiaomen_server::ledger::import::Added;
use qiaomen_server::ledger::workbook::read_workbook;
use qiaomen_server::ledger::written::{Written, write_ledger};
use qiaomen_server::office::{Office, OfficeError};
use qiaomen_server::people::Sight;
use qiaomen_server::store::Tx;
use std::collections::BTreeSet;
use std::process::Command;

fn written(office: &Office) -> Written {
    write_ledger(office, &Sight::default(), None, office.own_worker()).unwrap()
}

fn read(bytes: &[u8]) -> Book {
    read_workbook(bytes, &mut |_, _| {}).unwrap()
}

fn write(office: &Office, job: impl FnOnce(&Office, &Tx<'_>) -> Result<(), OfficeError> + Send + 'static) {
    let inner = office.clone();
    office.store().write(move |tx| job(&inner, tx)).unwrap();
}

/// What everybody of a book said, without the places where it stood.
fn said(book: &Book) -> BTreeSet<String> {
    let mut said = BTreeSet::new();
    for door in &book.doors {
        let at = format!("{} {} {:?} {:?}", door.grid, door.building, door.unit, door.room);
        said.insert(format!("{at}: {:?} {:?}", door.occupancy, door.note));
        for p in &door.people {
            let categories: BTreeSet<&String> = p.categories.iter().collect();
            let identity = p.identity.value().map(|i| i.as_str());
            let phone = p.phone.value().map(|i| i.as_str());
            said.insert(format!(
                "{at}: {:?} {:?} {:?}{identity:?} {:?} {:?}{phone:?} {categories:?} {:?}",
                p.name, p.relation, p.identity, p.born_on, p.phone, p.note
            ));
        }
    }
    for t in &book.tickets {
        said.insert(format!("{} {:?} {:?} {} {:?} {}", t.reported_on, t.source, t.place, t.text, t.category, t.big));
    }
    for s in &book.staff {
        let phone = s.phone.as_ref().map(|p| p.as_str());
        said.insert(format!("{} {:?} {} {:?} {:?} {phone:?}", s.name, s.sex, s.role, s.grid, s.born_on));
    }
    for g in &book.grids {
        said.insert(format!("{} {:?} {:?} {:?}", g.name, g.grid_type, g.buildings, g.quota));
    }
    said
}

#[test]
fn a_book_that_was_imported_is_written_and_read_again_and_brings_nothing_new() {
    for name in ["small", "community"] {
        let (_dir, office) = new_office();
        let book = example(name);
        import(&office, &book);
        let file = written(&office);
        let again = read(&file.bytes);
        assert_eq!(again.rejected, [], "{name}");
        assert_eq!(again.community, book.community, "{name}");
        let (before, after) = (said(&book), said(&again));
        let lost: Vec<_> = before.difference(&after).collect();
        let new: Vec<_> = after.difference(&before).collect();
        assert!(lost.is_empty() && new.is_empty(), "{name}: lost {lost:#?}\nnew {new:#?}");
        let report = try_import(&office, &again);
        assert_eq!(report.added, Added::default(), "{name}");
        let differs = report.remarks().filter(|r| ["differs", "perhaps_there", "identity_taken"].contains(&&*r.code));
        assert_eq!(differs.count(), 0, "{name}");
        let counted = (file.held.doors as usize, file.held.staff as usize, file.held.tickets as usize);
        assert_eq!(counted, (book.doors.len(), book.staff.len(), book.tickets.len()), "{name}");
        assert_eq!(file.held.homeless, 0);
        let people: usize = book.doors.iter().map(|d| d.people.len()).sum();
        assert_eq!(file.held.residents as usize, people, "{name}");
    }
}

#[test]
fn it_has_the_sheets_and_the_columns_of_the_office_s_own_book() {
    let (_dir, office) = new_office();
    let own = example("community");
    import(&office, &own);
    let again = read(&written(&office).bytes);
    assert_eq!(again.sheets, own.sheets);
    assert_eq!(again.warnings.iter().filter(|w| w.code == "column_not_read").count(), 0);
}

fn door_id(office: &Office, room: &str) -> HouseholdId {
    let building = BuildingId::of(office.identity().id, "1号楼");
    HouseholdId::of(building, &UnitKey::parse("1").unwrap(), &RoomKey::parse(room).unwrap())
}

#[test]
fn what_phones_have_brought_meanwhile_comes_back_as_known_too() {
    let (_dir, office) = new_office();
    import(&office, &example("small"));
    write(&office, |office, tx| {
        let door = DocId::from(door_id(office, "202"));
        let key = office.ring(tx, [door.uuid])?.sealing_key(&door.uuid).cloned();
        let (key, fresh) = match key {
            Some(key) => (key, Vec::new()),
            None => {
                let key = SubjectKey::from_bytes(office.random()?);
                (key.clone(), vec![(door.uuid, key)])
            }
        };
        let stamp = office.next_stamp(tx, office.own_worker())?;
        let record = |container: u8, n: u8, bytes: Vec<u8>| Edit {
            path: Path::new(container, keys::record_key(stamp.command, n)),
            value: Scalar::Bytes(bytes),
        };
        let note = |text: &str| to_bytes(&NotePayload { text: key.seal(&door.uuid, "note", text.as_bytes()) });
        let refusal = RefusalPayload { people_count: None, withdrawn: false };
        let tag = TagPayload { code: "独居".into(), basis: None, expires_on: None, withdrawn: false };
        let edits = vec![
            record(household::NOTES, 0, note("门铃坏了")),
            record(household::NOTES, 1, note("晚上七点以后在家；敲门轻一点")),
            record(household::REFUSALS, 2, to_bytes(&refusal)),
            record(household::TAGS, 3, to_bytes(&tag)),
        ];
        office.write_own(tx, stamp, vec![(door, edits)], &fresh)
    });
    // Twice the same matter, as two neighbours report it.
    for _ in 0..2 {
        write(&office, |office, tx| {
            let stamp = office.next_stamp(tx, office.own_worker())?;
            let id = TicketId::from_bytes(*stamp.command.as_bytes());
            let key = SubjectKey::from_bytes(office.random()?);
            let put = |field: &str, value: Scalar| Edit { path: Path::new(0, field), value };
            let edits = vec![
                put("household", Scalar::Str(door_id(office, "202").to_string())),
                put("category", Scalar::Str("路灯损坏".into())),
                put("text", Scalar::Bytes(key.seal(&id.0, "text", "楼道的灯不亮".as_bytes()))),
                Edit {
                    path: Path::new(ticket::EVENTS, keys::record_key(stamp.command, 0)),
                    value: Scalar::Bytes(to_bytes(&EventPayload::new(EventKind::Report))),
                },
            ];
            office.write_own(tx, stamp, vec![(id.into(), edits)], &[(id.0, key)])
        });
    }
    let file = written(&office);
    let book = read(&file.bytes);
    let door = book.doors.iter().find(|d| d.building == "1号楼" && d.room.as_str() == "202").unwrap();
    assert_eq!(door.note.as_deref(), Some("整户拒访；标签:独居；门铃坏了；晚上七点以后在家；敲门轻一点"));
    let alike = book.tickets.iter().filter(|t| t.text == "楼道的灯不亮").count();
    assert_eq!((alike, book.rejected.len()), (2, 0));
    assert_eq!(book.tickets.last().unwrap().place.as_deref(), Some("1号楼1单元202"));
    let report = try_import(&office, &book);
    assert_eq!(report.added, Added::default());
}

#[test]
fn what_was_found_to_be_one_thing_twice_stands_once() {
    let (_dir, office) = new_office();
    import(&office, &example("small"));
    let clerk = office.own_worker();
    let people = |room: &str| office.store().read(|tx| tx.residents_of(door_id(&office, room))).unwrap();
    let (first, second) = (people("301")[0], people("301")[1]);
    let before = written(&office).held;
    act::link(&office, second.into(), first.into(), None, clerk).unwrap();
    act::link(&office, door_id(&office, "202").into(), door_id(&office, "301").into(), None, clerk).unwrap();
    let file = written(&office);
    assert_eq!((file.held.residents, file.held.doors), (before.residents - 1, before.doors - 1));
    let book = read(&file.bytes);
    let of = |room: &str| {
        let here = book.doors.iter().filter(|d| d.building == "1号楼" && d.unit.as_str() == "1");
        here.filter(|d| d.room.as_str() == room).collect::<Vec<_>>()
    };
    assert_eq!((of("202").len(), of("301").len()), (0, 1));
    // Whoever stood under the door that was set aside lives at the one that is kept.
    assert!(of("301")[0].people.iter().any(|p| p.name.value().is_some_and(|n| n == "何志刚")));
    let page = office.store().read(|tx| doors(&office, tx, &Asked::of(&[]), &Sight::default())).unwrap();
    let totals = (page.totals.doors, page.totals.people);
    assert_eq!(totals, (file.held.doors as usize, u64::from(file.held.residents)));
    assert_eq!(try_import(&office, &book).added, Added::default());
}

#[test]
fn a_grid_leader_s_workbook_holds_her_own_grid_and_nothing_of_another() {
    let (_dir, office) = new_office();
    import(&office, &example("small"));
    let mine = GridId::of(office.identity().id, "第一网格");
    let sight = Sight { grids: Some([mine].into()), department: None };
    let file = write_ledger(&office, &sight, None, office.own_worker()).unwrap();
    let book = read(&file.bytes);
    assert!(!book.doors.is_empty() && book.doors.iter().all(|d| d.grid == "第一网格"));
    assert!(book.staff.iter().all(|s| s.grid.as_deref() == Some("第一网格")), "{:?}", book.staff);
    assert!(!book.tickets.is_empty() && book.tickets.iter().all(|t| t.building.as_deref() == Some("1号楼")));
    assert_eq!(book.grids.iter().map(|g| g.name.as_str()).collect::<Vec<_>>(), ["第一网格"]);
    // Another grid that she asks for all the same.
    let other = GridId::of(office.identity().id, "第二网格");
    let none = write_ledger(&office, &sight, Some(other), office.own_worker()).unwrap();
    assert_eq!((none.held.doors, none.held.residents, none.held.tickets), (0, 0, 0));
}

#[test]
fn an_empty_office_hands_out_headings_and_nothing_else() {
    let (_dir, office) = new_office();
    let file = written(&office);
    let book = read(&file.bytes);
    assert_eq!((book.doors.len(), book.sheets.len(), book.rejected.len()), (0, 4, 0));
}

#[test]
fn every_workbook_that_leaves_is_in_the_audit() {
    let (_dir, office) = new_office();
    import(&office, &example("small"));
    let count = |office: &Office| office.store().read(|tx| tx.check_audit()).unwrap();
    let before = count(&office);
    written(&office);
    let after = count(&office);
    assert_eq!((after.0, after.1), (before.0 + 1, None));
}

#[test]
fn a_formula_in_a_name_is_a_text_and_no_formula() {
    let (_dir, office) = new_office();
    let mut book = example("small");
    let door = book.doors.iter_mut().find(|d| !d.people.is_empty()).unwrap();
    door.people[0].note = Some("=HYPERLINK(\"http://evil.example\")".into());
    import(&office, &book);
    let file = written(&office);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&file.bytes)).unwrap();
    let mut sheet = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("xl/worksheets/sheet3.xml").unwrap(), &mut sheet).unwrap();
    assert!(!sheet.contains("<f>"), "a formula");
    assert_eq!(try_import(&office, &read(&file.bytes)).added, Added::default());
}

#[test]
fn libreoffice_opens_it() {
    let Ok(version) = Command::new("soffice").arg("--version").output() else {
        eprintln!("LibreOffice (soffice) is not on this machine: whether it opens the workbook was not looked at.");
        return;
    };
    assert!(version.status.success());
    let (dir, office) = new_office();
    import(&office, &example("small"));
    let path = dir.path().join("ledger.xlsx");
    std::fs::write(&path, &written(&office).bytes).unwrap();
    let profile = format!("-env:UserInstallation=file://{}", dir.path().join("profile").display());
    // The fourth argument of the filter names the text encoding (UTF-8), the twelfth the sheet: -1 is each of them.
    let filter = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1";
    let done = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", filter, "--outdir"])
        .arg(dir.path())
        .arg(&path)
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
    let sheet = |name: &str| std::fs::read_to_string(dir.path().join(format!("ledger-{name}.csv"))).unwrap();
    let residents = sheet("居民台账");
    let own = String::from_utf8(data("ledger-small.truth.json")).unwrap();
    assert!(own.contains("\"doors\""));
    assert!(residents.contains("第一网格,1号楼,1单元,202,何志刚,户主,999487198801078265,1988-01-07,15962172321,自住"));
    assert!(sheet("诉求台账").contains("2023-02-18,微信群,1号楼2单元,居民反映环境卫生问题,环境卫生,小事"));
    assert!(sheet("网格划分").contains("1,第一网格,志愿型,1号楼,300"));
    assert!(sheet("花名册").contains("网格长"));
}
