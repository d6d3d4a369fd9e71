//! Whatever the office holds back, and for whatever reason: the clerk reads which door or matter, who,
//! when, why and what to do; it can be let in where it fits, put away with a reason, written to a file;
//! and it is never deleted.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use crate::dispute::Dispute;
use crate::phone::Phone;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use qiaomen_proto::change::{Command, Edit, Path, Scalar};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{DocId, ResidentId, Role};
use qiaomen_proto::wire::batch::{BatchWriter, Form};
use qiaomen_proto::wire::pull::Outcome;
use qiaomen_proto::wire::unbatch::{DocRef, DraftBatch};
use qiaomen_server::review::{
    HeldAsked, HeldView, Reason, ReviewError, discard, export_quarantine, find_quarantine, list_quarantine, release,
};
use qiaomen_server::store::StoreError;
use qiaomen_server::store::sqlite::QuarantineRow;
use std::collections::HashSet;
use std::sync::atomic::Ordering;

fn held(d: &Dispute) -> Vec<HeldView> {
    list_quarantine(&d.town.office, Some("held")).unwrap()
}

/// Holds a command back for a reason, as if the office had doubted it on arrival.
fn hold(d: &Dispute, phone: &Phone, command: &Command, code: Code) {
    let nobody = HashSet::new();
    let mut writer = BatchWriter::new(&nobody);
    writer.push(command, Form::InFull).unwrap();
    let mut keys_wrapped = Vec::new();
    for change in &command.changes {
        for (_, key) in phone.ring.keys_of(&change.doc.uuid) {
            keys_wrapped.extend_from_slice(change.doc.uuid.as_bytes());
            keys_wrapped.extend_from_slice(&d.town.office.secrets().wrap.wrap(&change.doc.uuid, key));
        }
    }
    let row = QuarantineRow {
        id: 0,
        command: command.stamp.command,
        device: phone.by.device,
        worker: phone.by.worker,
        code: code.number(),
        docs: command.changes.iter().flat_map(|c| c.doc.key()).collect(),
        command_stored: writer.finish(),
        keys_wrapped,
        received_ms: d.town.office.now_ms(),
        state: "held".to_owned(),
        settled: None,
    };
    d.town.office.store().write(move |tx| -> Result<(), StoreError> { tx.hold(&row) }).unwrap();
}

/// Takes the newest command of a phone out of its outbox.
fn pop(phone: &mut Phone) -> Command {
    phone.outbox.pop().unwrap()
}
fn text(key: &str, text: &str) -> Edit {
    Edit { path: Path::new(0, key), value: Scalar::Str(text.to_owned()) }
}

#[test]
fn for_every_reason_the_clerk_reads_which_door_who_when_why_and_what_to_do() {
    let mut d = Dispute::none_yet();
    for code in [
        Code::OutOfScope,
        Code::UnknownBuilding,
        Code::UnknownDoor,
        Code::NotTheAuthor,
        Code::NotTheActor,
        Code::Fork,
        Code::Revoked,
        Code::KeyMissing,
        Code::Predecessor,
        Code::Structure,
        Code::ValueForm,
        Code::ValueBounds,
    ] {
        d.wang.set_phone(d.zhang, "13900000002");
        let command = pop(&mut d.wang);
        d.wang.over = d.wang.base.clone();
        hold(&d, &d.wang, &command, code);
        let line = held(&d).pop().unwrap();
        assert_eq!(
            (line.code, line.worker_name.as_str(), line.places.as_slice(), line.grids.as_slice()),
            (code.name(), "王建国", &["1号楼1单元101 张三".to_owned()][..], &["第1网格".to_owned()][..])
        );
        assert_eq!(
            (line.what.as_slice(), line.received_at.as_str()),
            (&["联系电话：13900000002".to_owned()][..], "2026-09-21 22:13")
        );
        assert!(line.at.starts_with("2026-09-21 21:13") && !line.why.is_empty() && !line.todo.is_empty(), "{line:?}");
        assert_ne!(line.why, code.sentence(), "what the worker is told is not for the clerk");
        assert!(line.fits, "on the documents of now nothing speaks against it: {:?}", line.why_not);
        discard(&d.town.office, line.id, Reason::Trial, d.clerk).unwrap();
    }
}

#[test]
fn of_a_door_that_was_written_down_the_clerk_reads_that_it_was() {
    let mut d = Dispute::none_yet();
    d.wang.register_door(&d.town, 0, "109");
    let command = pop(&mut d.wang);
    hold(&d, &d.wang, &command, Code::UnknownBuilding);
    assert_eq!(held(&d)[0].what, ["登记户"]);
}

#[test]
fn what_does_not_fit_says_so_in_the_list_already_and_stays_held() {
    let mut d = Dispute::none_yet();
    let long = "长".repeat(1_000);
    d.wang.write(vec![(d.zhang.into(), vec![text("relation", &long)])]);
    let bounds = pop(&mut d.wang);
    hold(&d, &d.wang, &bounds, Code::ValueBounds);
    let line = held(&d).remove(0);
    assert_eq!((line.fits, line.why_not.as_deref()), (false, Some("填的内容太长或超出范围。")));
    let refused = release(&d.town.office, line.id, d.clerk).unwrap_err();
    assert_eq!(
        (refused.code(), refused.to_string()),
        (Code::ValueBounds, format!("{} 号还不能放行：填的内容太长或超出范围。", line.id))
    );
    assert_eq!(held(&d).len(), 1);
}

#[test]
fn a_command_from_a_newer_program_whose_bytes_cannot_be_read_is_shown_kept_and_exported() {
    let d = Dispute::none_yet();
    let doc: DocId = d.zhang.into();
    let row = QuarantineRow {
        id: 0,
        command: qiaomen_proto::ids::CommandId::from_bytes([9; 16]),
        device: d.wang.by.device,
        worker: d.wang.by.worker,
        code: Code::Structure.number(),
        docs: doc.key().to_vec(),
        command_stored: b"from the future".to_vec(),
        keys_wrapped: Vec::new(),
        received_ms: d.town.office.now_ms(),
        state: "held".to_owned(),
        settled: None,
    };
    d.town.office.store().write(move |tx| -> Result<(), StoreError> { tx.hold(&row) }).unwrap();
    let line = held(&d).remove(0);
    assert_eq!((line.places.as_slice(), line.fits), (&["1号楼1单元101 张三".to_owned()][..], false));
    assert!(line.todo.contains("导出留底"), "{}", line.todo);
    let refused = release(&d.town.office, line.id, d.clerk).unwrap_err();
    assert_eq!(refused.code(), Code::Structure);
    let file = export_quarantine(&d.town.office, &HeldAsked::default(), d.clerk).unwrap();
    assert_eq!(STANDARD.decode(&file.commands[0].command_bytes).unwrap(), b"from the future");
}

#[test]
fn where_the_document_moved_on_release_says_by_whom_and_which_conflict_came_of_it() {
    let mut d = Dispute::none_yet();
    d.wang.set_phone(d.zhang, "13900000002");
    let command = pop(&mut d.wang);
    hold(&d, &d.wang, &command, Code::OutOfScope);
    d.wang.over = d.wang.base.clone();
    d.li.set_phone(d.zhang, "13900000003");
    d.li.write(vec![(d.zhang.into(), vec![text("sex", "女")])]);
    d.li.sync(&d.town.office);
    let done = release(&d.town.office, held(&d)[0].id, d.clerk).unwrap();
    assert_eq!(done.places, ["1号楼1单元101 张三"]);
    assert_eq!(done.moved_on, ["1号楼1单元101 张三：另有 2 次修改（李秀英）"]);
    let open = d.open();
    assert_eq!((open.len(), done.conflicts.as_slice()), (1, &[open[0].id][..]));
    d.everyone_syncs();
}

#[test]
fn a_release_that_nothing_stands_against_says_nothing_more() {
    let mut d = Dispute::none_yet();
    d.wang.set_phone(d.zhang, "13900000002");
    let command = pop(&mut d.wang);
    hold(&d, &d.wang, &command, Code::OutOfScope);
    let done = release(&d.town.office, held(&d)[0].id, d.clerk).unwrap();
    assert_eq!((done.moved_on.len(), done.conflicts.len()), (0, 0));
}

#[test]
fn what_builds_on_a_held_step_names_that_step_and_is_let_in_after_it() {
    let mut d = Dispute::none_yet();
    d.wang.set_phone(d.zhang, "13900000002");
    d.wang.set_phone(d.zhang, "13900000004");
    let (second, first) = (pop(&mut d.wang), pop(&mut d.wang));
    hold(&d, &d.wang, &first, Code::OutOfScope);
    hold(&d, &d.wang, &second, Code::Predecessor);
    let [one, two] = [0, 1].map(|n| held(&d)[n].id);
    let refused = release(&d.town.office, two, d.clerk).unwrap_err();
    assert_eq!(refused.to_string(), format!("{two} 号还不能放行：它接着的上一步也在待核里，请先放行 {one} 号。"));
    release(&d.town.office, one, d.clerk).unwrap();
    release(&d.town.office, two, d.clerk).unwrap();
    d.li.sync(&d.town.office);
    assert_eq!(d.number_on(&d.li), "13900000004");
}

#[test]
fn what_builds_on_a_step_that_was_put_away_is_said_to_come_to_nothing() {
    let mut d = Dispute::none_yet();
    d.wang.set_phone(d.zhang, "13900000002");
    d.wang.set_phone(d.zhang, "13900000004");
    let (second, first) = (pop(&mut d.wang), pop(&mut d.wang));
    hold(&d, &d.wang, &first, Code::OutOfScope);
    hold(&d, &d.wang, &second, Code::Predecessor);
    let [one, two] = [0, 1].map(|n| held(&d)[n].id);
    discard(&d.town.office, one, Reason::Mistake, d.clerk).unwrap();
    let line = held(&d).remove(0);
    assert_eq!((line.id, line.fits), (two, false));
    assert!(line.why_not.unwrap().contains(&format!("（{one} 号）已经作废")));
}

#[test]
fn a_person_is_not_let_in_before_her_door_and_the_door_is_named() {
    let mut d = Dispute::none_yet();
    let door = d.wang.register_door(&d.town, 1, "301");
    let house = pop(&mut d.wang);
    d.wang.register_resident(70, door, "王五", "13900000005");
    let person = pop(&mut d.wang);
    hold(&d, &d.wang, &house, Code::OutOfScope);
    hold(&d, &d.wang, &person, Code::UnknownDoor);
    let [house, person] = [0, 1].map(|n| held(&d)[n].id);
    let refused = release(&d.town.office, person, d.clerk).unwrap_err();
    assert_eq!(
        refused.to_string(),
        format!("{person} 号还不能放行：这位居民所在的户也在待核里，请先放行 {house} 号。")
    );
    assert_eq!(refused.code(), Code::UnknownDoor);
    discard(&d.town.office, house, Reason::Mistake, d.clerk).unwrap();
    let refused = release(&d.town.office, person, d.clerk).unwrap_err();
    assert!(refused.to_string().contains("还没有进台账"), "{refused}");
}

#[test]
fn work_in_a_grid_that_was_taken_away_meanwhile_is_held_and_let_in_with_its_provenance() {
    let mut d = Dispute::none_yet();
    d.li.register_door(&d.town, 1, "401");
    let reply = d.li.ask(&d.town.office).unwrap();
    assert_eq!((reply.verdicts[0].outcome, reply.verdicts[0].code), (Outcome::Quarantined, Code::OutOfScope.number()));
    let command = d.li.outbox[0].stamp.command;
    let came = d.town.office.now_ms();
    d.town.around.now_ms.fetch_add(24 * 3_600_000, Ordering::SeqCst);
    release(&d.town.office, held(&d)[0].id, d.clerk).unwrap();
    let arrival = d.town.office.store().read(|tx| tx.command_arrival(command, d.li.by.device)).unwrap();
    assert_eq!(arrival.map(|(at, _)| at), Some(came), "it came when it came, not when it was let in");
}

#[test]
fn a_list_of_what_is_held_is_narrowed_by_reason_worker_device_place_and_age() {
    let mut d = Dispute::none_yet();
    d.wang.set_phone(d.zhang, "13900000002");
    let one = pop(&mut d.wang);
    hold(&d, &d.wang, &one, Code::OutOfScope);
    d.li.register_door(&d.town, 1, "401");
    let two = pop(&mut d.li);
    hold(&d, &d.li, &two, Code::Revoked);
    let said = |text: &str| Some(text.to_owned());
    let count = |asked: HeldAsked| find_quarantine(&d.town.office, &asked).unwrap().len();
    assert_eq!(count(HeldAsked { state: said("held"), ..HeldAsked::default() }), 2);
    assert_eq!(count(HeldAsked { code: said("revoked"), ..HeldAsked::default() }), 1);
    assert_eq!(count(HeldAsked { worker: said("王建国"), ..HeldAsked::default() }), 1);
    assert_eq!(count(HeldAsked { device: Some(d.li.by.device.to_string()), ..HeldAsked::default() }), 1);
    assert_eq!(count(HeldAsked { grid: said("第2网格"), ..HeldAsked::default() }), 1);
    assert_eq!(count(HeldAsked { door: said("1-1-101"), ..HeldAsked::default() }), 1);
    assert_eq!(count(HeldAsked { door: said("2号楼"), ..HeldAsked::default() }), 1);
    assert_eq!(count(HeldAsked { older_than: said("1天"), ..HeldAsked::default() }), 0);
    assert_eq!(count(HeldAsked { state: said("discarded"), ..HeldAsked::default() }), 0);
    // A list goes on from a number, page by page.
    let page = |after| HeldAsked { after, limit: Some(1), ..HeldAsked::default() };
    let first = find_quarantine(&d.town.office, &page(None)).unwrap();
    let second = find_quarantine(&d.town.office, &page(Some(first[0].id))).unwrap();
    assert_eq!((first.len(), first[0].code, second[0].code), (1, "out_of_scope", "revoked"));
    assert_eq!(count(page(Some(second[0].id))), 0);
    for wrong in [
        HeldAsked { code: said("because"), ..HeldAsked::default() },
        HeldAsked { state: said("lost"), ..HeldAsked::default() },
        HeldAsked { device: said("x"), ..HeldAsked::default() },
    ] {
        let refused = find_quarantine(&d.town.office, &wrong).unwrap_err();
        assert!(matches!(refused, ReviewError::FilterUnknown { .. }), "{refused}");
    }
}

#[test]
fn the_file_holds_the_words_and_the_bytes_from_which_each_command_is_made_again() {
    let mut d = Dispute::none_yet();
    let person: ResidentId = d.wang.register_resident(71, d.door, "赵六", "13900000006");
    let command = pop(&mut d.wang);
    hold(&d, &d.wang, &command, Code::OutOfScope);
    discard(&d.town.office, held(&d)[0].id, Reason::Other, d.clerk).unwrap();
    let file = export_quarantine(&d.town.office, &HeldAsked::default(), d.clerk).unwrap();
    let json = serde_json::to_value(&file).unwrap();
    let line = &json["commands"][0];
    assert_eq!(
        (&json["form"], &line["state"], &line["reason"]),
        (&"qiaomen quarantine 1".into(), &"discarded".into(), &"其他".into())
    );
    assert_eq!(line["documents"][0], format!("resident {person}"));
    assert!(line["what"].as_array().unwrap().contains(&"联系电话：13900000006".into()));
    let bytes = STANDARD.decode(line["command_bytes"].as_str().unwrap()).unwrap();
    assert!(!bytes.windows(11).any(|w| w == b"13900000006"), "values stay sealed in the bytes");
    let draft = DraftBatch::read(&bytes, 1).unwrap();
    assert_eq!((draft.docs[0], draft.commands[0].stamp), (DocRef::Whole(person.into()), command.stamp));
    assert_eq!(STANDARD.decode(line["keys_wrapped"].as_str().unwrap()).unwrap().len(), 64);
}

#[test]
fn nothing_held_is_ever_deleted_whatever_becomes_of_it() {
    let mut d = Dispute::none_yet();
    let mut third = d.town.phone(3, Role::GridWorker, 0);
    third.sync(&d.town.office);
    for (number, phone) in [("13900000002", &mut d.wang), ("13900000003", &mut d.li), ("13900000004", &mut third)] {
        phone.set_phone(d.zhang, number);
    }
    let commands = [(pop(&mut d.wang), &d.wang), (pop(&mut d.li), &d.li), (pop(&mut third), &third)];
    for (command, phone) in &commands {
        hold(&d, phone, command, Code::Revoked);
    }
    let bytes = |d: &Dispute| {
        let rows = d.town.office.store().read(|tx| tx.quarantine(None)).unwrap();
        rows.into_iter().map(|r| (r.command, r.command_stored, r.keys_wrapped)).collect::<Vec<_>>()
    };
    let before = bytes(&d);
    let ids: Vec<i64> = held(&d).iter().map(|h| h.id).collect();
    release(&d.town.office, ids[0], d.clerk).unwrap();
    discard(&d.town.office, ids[1], Reason::DoneAgain, d.clerk).unwrap();
    assert_eq!(bytes(&d), before);
    let states: Vec<_> = list_quarantine(&d.town.office, None).unwrap().into_iter().map(|h| h.state).collect();
    assert_eq!(states, ["released", "discarded", "held"]);
}
