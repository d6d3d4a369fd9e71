use crate::support::World;
use qiaomen_client::outbox::OutboxState;
use qiaomen_client::{EditError, Intent};
use qiaomen_proto::entity::record::Outcome;
use qiaomen_proto::error::Code;
use qiaomen_proto::merge::Register;
use qiaomen_proto::seal::{KeyBundle, KeyRing};
use qiaomen_proto::wire::pull::Outcome as Verdict;
use qiaomen_proto::wire::rebuild::rebuild;
use qiaomen_proto::wire::rescue::{open_record, read_records};
use qiaomen_proto::wire::unbatch::{DocRef, DraftBatch};
use std::collections::BTreeMap;
use std::fs;

#[test]
fn the_office_reads_unsent_work_out_of_the_rescue_file_without_pin_and_database() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    let wang = li.resident(door, "王秀英", "13800138000");
    li.correct(wang, "phone", "13900139000");
    let content = fs::read(li.device.rescue_file().path()).unwrap();
    let office = world.office.borrow();
    let (records, damaged) = read_records(&content);
    assert_eq!((records.len(), damaged), (3, 0));
    let mut registers = BTreeMap::new();
    let mut ring = KeyRing::new();
    for record in &records {
        let rescued = open_record(&office.boxes, record).unwrap();
        ring.extend(KeyBundle::decode(&rescued.keys).unwrap().keys);
        let draft = DraftBatch::read(&rescued.batch, 1).unwrap();
        for command in draft.commands {
            assert_eq!(command.stamp.command, record.command);
            for change in command.changes {
                let DocRef::Whole(doc) = draft.docs[change.doc] else { panic!("in full") };
                let register = registers.entry(doc).or_insert_with(|| Register::genesis(doc));
                let change = rebuild(change, command.stamp, register, None).unwrap();
                let hash = change.hash().unwrap();
                register.fit(&change, &hash).unwrap();
                register.apply(&change, hash);
            }
        }
    }
    for (doc, register) in &registers {
        assert_eq!(register.canonical(), li.device.register(*doc).unwrap().canonical());
    }
    let view = qiaomen_proto::entity::view::View::new(&registers[&wang.into()], &ring);
    assert_eq!(view.text("phone").as_deref(), Some("13900139000"));
}

#[test]
fn a_record_leaves_the_rescue_file_when_its_receipt_is_here_and_not_before() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    li.visit(door, "");
    li.line.fault(crate::support::line::Fault::LoseReply);
    li.try_sync().unwrap_err();
    assert_eq!(li.device.rescue_file().commands().unwrap().len(), 2);
    li.sync();
    assert_eq!(li.device.rescue_file().commands().unwrap().len(), 0);
    let visit = li.visit(door, "");
    assert_eq!(li.device.rescue_file().commands().unwrap().into_iter().collect::<Vec<_>>(), [visit]);
}

#[test]
fn of_several_things_done_in_one_go_none_is_left_where_one_cannot_be_done() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    let wang = li.resident(door, "王秀英", "13800138000");
    li.sync();
    let out = |resident| Intent::MoveOut { resident, on: "2025-03-01".to_owned() };
    let visit = Intent::Visit { household: door, outcome: Outcome::Met, note: None };
    let refused = li.device.edit_all(vec![visit.clone(), out(wang), out(wang)]).unwrap_err();
    assert!(matches!(refused, EditError::NothingToChange(_)), "{refused:?}");
    assert_eq!(li.unsent(), 0);
    assert!(li.device.rescue_file().commands().unwrap().is_empty(), "what was not saved does not come by another way");
    let done = li.device.edit_all(vec![visit, out(wang)]).unwrap();
    assert_eq!(li.device.rescue_file().commands().unwrap(), done.iter().copied().collect());
    let mut li = li.reopen();
    assert_eq!(li.unsent(), 2);
    li.sync();
    world.assert_same(&li);
}

#[test]
fn an_edit_that_cannot_be_rescued_is_not_made() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    li.sync();
    let path = li.device.rescue_file().path().to_owned();
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    let edit = Intent::Visit { household: door, outcome: Outcome::Met, note: None };
    assert!(matches!(li.device.edit(edit.clone()), Err(EditError::WriteRescue(_))));
    assert_eq!(li.unsent(), 0);
    assert!(li.device.today().is_ok());
    fs::remove_dir(&path).unwrap();
    li.device.edit(edit).unwrap();
    assert_eq!(li.unsent(), 1);
}

#[test]
fn a_record_whose_edit_was_cut_off_by_a_crash_stays_for_the_office() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    li.sync();
    // The rescue file of a device that came one step further than its database did.
    let before = copy_of(li.folder.path());
    let lost = li.visit(door, "还没有存进去");
    let rescue = fs::read(li.device.rescue_file().path()).unwrap();
    let (folder, host, line) = (li.folder, li.host.clone(), li.line);
    drop(li.device);
    restore(&before, folder.path());
    fs::write(folder.path().join("rescue.qmr"), rescue).unwrap();
    let device = qiaomen_client::Device::open(folder.path(), crate::support::PIN, Box::new(host.clone())).unwrap();
    let mut li = crate::support::Phone { device, host, line, folder };
    assert_eq!(li.unsent(), 0);
    let kept = li.visit(door, "这条存上了");
    assert!(li.sync().complete);
    let left = li.device.rescue_file().commands().unwrap();
    assert!(left.contains(&lost) && !left.contains(&kept));
}

#[test]
fn only_what_was_sent_back_can_be_discarded() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    li.sync();
    let visit = li.visit(door, "");
    assert!(matches!(li.device.discard(visit), Err(EditError::NotPossible(_))));
    world.office.borrow_mut().say = Some(Box::new(|_| Some((Verdict::Rejected, Code::ValueBounds))));
    let report = li.sync();
    assert_eq!(report.rejected, 1);
    let row = &li.device.unacknowledged().unwrap()[0];
    assert_eq!(row.state, OutboxState::Rejected);
    assert_eq!(row.sentence(), Some(Code::ValueBounds.into()));
    li.device.discard(visit).unwrap();
    assert!(li.device.unacknowledged().unwrap().is_empty());
    assert!(li.device.rescue_file().commands().unwrap().is_empty());
}

fn copy_of(folder: &std::path::Path) -> Vec<(String, Vec<u8>)> {
    fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap())
        .map(|e| (e.file_name().into_string().unwrap(), fs::read(e.path()).unwrap()))
        .collect()
}

fn restore(copy: &[(String, Vec<u8>)], folder: &std::path::Path) {
    for entry in fs::read_dir(folder).unwrap() {
        fs::remove_file(entry.unwrap().path()).unwrap();
    }
    for (name, content) in copy {
        fs::write(folder.join(name), content).unwrap();
    }
}
