//! An office with a small ledger in which everything stands that `verify` looks at: doors, people, matters,
//! a diary, a conflict, and the audit of an import.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::panic)]

use super::books::{born_on, door, identity, import, new_office, person, phone, small_book};
use qiaomen_proto::change::command::check_of;
use qiaomen_proto::change::{Command, Edit, Path, Scalar, keys};
use qiaomen_proto::entity::diary;
use qiaomen_proto::entity::record::{self, EntryKind, EntryPayload, Outcome};
use qiaomen_proto::ids::{Actor, DiaryId, DocId, GridId, Kind};
use qiaomen_server::ingest::commit::commit;
use qiaomen_server::ingest::plan::Planned;
use qiaomen_server::ledger::book::{Book, Origin, TicketRow};
use qiaomen_server::office::{DATABASE_NAME, Office, OfficeError};
use qiaomen_server::verify::{ProblemCode, VerifyReport, verify};
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};
use tempfile::TempDir;

fn book() -> Book {
    let mut head = person(5, "王建国");
    head.relation = Some("户主".into());
    head.identity = identity("11010519491231002X");
    head.phone = phone("13669074391");
    let mut wife = person(6, "李秀兰");
    wife.born_on = born_on("1952-03-04");
    let ticket = TicketRow {
        origin: Origin::default(),
        reported_on: "2023-01-15".parse().unwrap(),
        source: None,
        place: Some("1号楼1单元".into()),
        building: Some("1号楼".into()),
        unit: None,
        text: "楼道灯不亮".into(),
        category: Some("路灯损坏".into()),
        big: false,
        state: Some("已办结".into()),
        closed_on: Some("2023-01-20".parse().unwrap()),
        fed_back: true,
        satisfaction: None,
    };
    Book { tickets: vec![ticket], ..small_book(vec![door(5, "101", vec![head, wife]), door(7, "102", Vec::new())]) }
}

/// The office, its folder, and nothing wrong in it.
pub fn office_with_a_ledger() -> (TempDir, Office) {
    let (dir, office) = new_office();
    import(&office, &book());
    write_diary(&office);
    disagree(&office);
    (dir, office)
}

fn write_diary(office: &Office) {
    let of = office.clone();
    let write = move |tx: &qiaomen_server::store::Tx<'_>| -> Result<(), OfficeError> {
        let worker = of.own_worker();
        let grid = GridId::of(of.identity().id, "第一网格");
        let doc = DocId::from(DiaryId::of(worker, grid, "2023-01-15".parse().unwrap()));
        let stamp = of.next_stamp(tx, worker)?;
        let entry =
            EntryPayload { kind: EntryKind::Visit, outcome: Outcome::Met, household: None, note: None, building: None };
        let put = |field: &str, text: String| Edit { path: Path::new(0, field), value: Scalar::Str(text) };
        let edits = vec![
            put("worker", worker.to_string()),
            put("grid", grid.to_string()),
            put("on", "2023-01-15".into()),
            Edit {
                path: Path::new(diary::ENTRIES, keys::record_key(stamp.command, 0)),
                value: Scalar::Bytes(record::to_bytes(&entry)),
            },
        ];
        of.write_own(tx, stamp, vec![(doc, edits)], &[])
    };
    office.store().write(write).unwrap();
}

/// Two stores write how the first door is lived in, neither knowing of the other.
fn disagree(office: &Office) {
    for (number, said) in [(1, "出租"), (2, "空置")] {
        let of = office.clone();
        let write = move |tx: &qiaomen_server::store::Tx<'_>| -> Result<(), OfficeError> {
            let doc = first_of(&of, tx, Kind::Household);
            let mut register = tx.register(doc)?.unwrap();
            let stamp = of.next_stamp(tx, of.own_worker())?;
            let edit = Edit { path: Path::new(0, "use"), value: Scalar::Str(said.into()) };
            let mut change = register.make_change(Actor([number; 16]), stamp, vec![edit]);
            if number == 2 {
                // As if it had not seen the first: it builds on what that one built on.
                let before = register.changes()[1].clone();
                change.deps = vec![before.hash];
                change.start_op = before.start_op + before.op_count;
                change.ops[0].preds = vec![register.history(&Path::new(0, "use"))[0].id];
            }
            let hash = change.hash().unwrap();
            register.fit(&change, &hash).unwrap();
            register.apply(&change, hash);
            tx.put_command(stamp.command, check_of(&[(doc, hash)]), None, of.own_worker(), 1, 0, 0, 0, None)?;
            let command = Command { stamp, changes: vec![change] };
            let planned = Planned { command, hashes: vec![hash], after: BTreeMap::from([(doc, register)]) };
            commit(&of, tx, planned, &[], of.now_ms())
        };
        office.store().write(write).unwrap();
    }
}

fn first_of(_: &Office, tx: &qiaomen_server::store::Tx<'_>, kind: Kind) -> DocId {
    let residents: Vec<DocId> = tx.documents().unwrap().into_iter().filter(|doc| doc.kind == kind).collect();
    residents[0]
}

/// Runs these statements on the database, past the office.
pub fn damage(office: &Office, statements: &str) {
    let conn = Connection::open(office.dir().join(DATABASE_NAME)).unwrap();
    conn.execute_batch(statements).unwrap_or_else(|error| panic!("{statements}: {error}"));
}

/// A value out of the database.
pub fn value(office: &Office, query: &str) -> Vec<u8> {
    let conn = Connection::open(office.dir().join(DATABASE_NAME)).unwrap();
    conn.query_row(query, [], |r| r.get(0)).unwrap_or_else(|error| panic!("{query}: {error}"))
}

pub fn look(office: &Office) -> VerifyReport {
    verify(office, &mut |_, _| {})
}

/// What is wrong, each code once.
pub fn found(office: &Office) -> BTreeSet<ProblemCode> {
    look(office).problems.iter().map(|problem| problem.code).collect()
}
