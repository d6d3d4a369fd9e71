//! What is held back is seen in words, let in where it fits, or put away.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use crate::dispute::Dispute;
use crate::phone::Town;
use qiaomen_proto::change::{Edit, Path, Scalar};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{BuildingId, HouseholdId, Role};
use qiaomen_proto::normalise::{RoomKey, UnitKey};
use qiaomen_proto::reference::BuildingInfo;
use qiaomen_proto::wire::pull::Outcome;
use qiaomen_server::office::Office;
use qiaomen_server::review::{PutAway, Reason, ReviewError, discard, door, list_quarantine, release};
use qiaomen_server::store::StoreError;

fn held(office: &Office) -> Vec<qiaomen_server::review::HeldView> {
    list_quarantine(office, Some("held")).unwrap()
}

#[test]
fn a_door_of_another_grid_is_seen_in_words_and_let_in() {
    let town = Town::new();
    let wang = crate::staff::hire(&town, 1, "王建国", Role::GridWorker, &[0]);
    let mut phone = town.phone_of(1, wang, Role::GridWorker);
    let foreign = town.door(1, "101");
    let put = |key: &str, value: String| Edit { path: Path::new(0, key), value: Scalar::Str(value) };
    let (building, unit, room) = (town.buildings[1].to_string(), "1".to_owned(), "101".to_owned());
    let edits = vec![put("building", building), put("unit", unit), put("room", room), put("use", "出租".to_owned())];
    phone.write(vec![(foreign.into(), edits)]);
    phone.ask(&town.office).unwrap();
    let list = held(&town.office);
    assert_eq!(list.len(), 1);
    assert_eq!(
        (list[0].worker_name.as_str(), list[0].code, list[0].signed_by.as_ref()),
        ("王建国", "out_of_scope", None)
    );
    assert_eq!(
        (list[0].places.as_slice(), list[0].what.as_slice()),
        (&["2号楼1单元101".to_owned()][..], &["居住情况：出租".to_owned()][..])
    );
    assert!(list[0].why.contains("不在经手人负责的网格里"));

    let by = town.office.own_worker();
    release(&town.office, list[0].id, by).unwrap();
    assert!(held(&town.office).is_empty());
    let seen = door(&town.office, &foreign.to_string()).unwrap().unwrap();
    assert_eq!((seen.address.as_str(), seen.grid.as_deref(), seen.fields.len()), ("2号楼1单元101", Some("第2网格"), 4));
    assert_eq!(door(&town.office, "2-1-101").unwrap().unwrap().id, foreign);
    // To the phone it is there already.
    let reply = phone.ask(&town.office).unwrap();
    assert_eq!(reply.verdicts.iter().map(|v| v.outcome).collect::<Vec<_>>(), [Outcome::Duplicate]);
    let again = release(&town.office, list[0].id, by).unwrap_err();
    assert_eq!(again.to_string(), format!("{} 号已经处理过：已放行。", list[0].id));
}

#[test]
fn a_door_of_a_building_that_does_not_exist_is_let_in_once_it_does() {
    let town = Town::new();
    let wang = crate::staff::hire(&town, 1, "王建国", Role::GridWorker, &[0]);
    let mut phone = town.phone_of(1, wang, Role::GridWorker);
    let building = BuildingId::of(town.office.identity().id, "9号楼");
    let id = HouseholdId::of(building, &UnitKey::none(), &RoomKey::parse("101").unwrap());
    let put = |key: &str, value: String| Edit { path: Path::new(0, key), value: Scalar::Str(value) };
    phone.write(vec![(id.into(), vec![put("building", building.to_string()), put("room", "101".to_owned())])]);
    let reply = phone.ask(&town.office).unwrap();
    assert_eq!(reply.verdicts[0].code, Code::UnknownBuilding.number());
    let list = held(&town.office);
    let by = town.office.own_worker();
    let refused = release(&town.office, list[0].id, by).unwrap_err();
    assert_eq!(refused.code(), Code::UnknownBuilding);
    assert!(refused.to_string().contains("先补上楼栋"), "{refused}");
    assert_eq!(held(&town.office).len(), 1, "what is not let in stays held");
    let info = BuildingInfo {
        id: (*building.as_bytes()).into(),
        name: "9号楼".to_owned(),
        grid: (*town.grids[0].as_bytes()).into(),
    };
    town.office.store().write(move |tx| -> Result<(), StoreError> { tx.put_building(&info) }).unwrap();
    release(&town.office, list[0].id, by).unwrap();
    assert_eq!(door(&town.office, &id.to_string()).unwrap().unwrap().address, "9号楼101");
}

#[test]
fn who_claims_the_office_s_role_is_held_and_never_let_in_under_it() {
    let mut d = Dispute::none_yet();
    d.wang.by.role = Role::Office;
    d.wang.set_phone(d.zhang, "13900000002");
    let reply = d.wang.ask(&d.town.office).unwrap();
    assert_eq!(
        (reply.verdicts[0].outcome, reply.verdicts[0].code),
        (Outcome::Quarantined, Code::NotTheAuthor.number())
    );
    let id = held(&d.town.office)[0].id;
    let refused = release(&d.town.office, id, d.clerk).unwrap_err();
    assert!(matches!(refused, ReviewError::DoesNotFit { code: Code::NotTheAuthor, .. }), "{refused}");
    discard(&d.town.office, id, Reason::NotTheirs, d.clerk).unwrap();
    assert!(held(&d.town.office).is_empty());
}

#[test]
fn a_colleague_s_work_on_this_phone_is_let_in_as_the_colleague_s() {
    let mut d = Dispute::none_yet();
    d.wang.by.worker = d.li.by.worker;
    d.wang.by.role = d.li.by.role;
    d.wang.set_phone(d.zhang, "13900000002");
    d.wang.ask(&d.town.office).unwrap();
    let line = held(&d.town.office).remove(0);
    assert_eq!((line.worker_name.as_str(), line.signed_by.as_deref()), ("王建国", Some("李秀英")));
    release(&d.town.office, line.id, d.clerk).unwrap();
    d.li.sync(&d.town.office);
    assert_eq!(d.number_on(&d.li), "13900000002");
}

#[test]
fn a_clone_s_command_cannot_be_let_in_and_what_builds_on_it_neither() {
    let mut d = Dispute::none_yet();
    d.wang.set_phone(d.zhang, "13900000002");
    let clone_base = d.wang.base.clone();
    d.wang.sync(&d.town.office);
    d.wang.over = clone_base;
    d.wang.set_phone(d.zhang, "13900000003");
    d.wang.form = qiaomen_proto::wire::batch::Form::InFull;
    let reply = d.wang.ask(&d.town.office).unwrap();
    assert_eq!(reply.verdicts[0].code, Code::Fork.number());
    let line = held(&d.town.office).remove(0);
    assert!(line.what.contains(&"联系电话：13900000003".to_owned()), "{:?}", line.what);
    let refused = release(&d.town.office, line.id, d.clerk).unwrap_err();
    assert_eq!(refused.code(), Code::Fork);
}

#[test]
fn what_is_put_away_stays_readable_with_its_state() {
    let town = Town::new();
    let mut phone = town.phone(1, Role::GridWorker, 0);
    phone.register_door(&town, 1, "101");
    phone.ask(&town.office).unwrap();
    let id = held(&town.office)[0].id;
    let by = town.office.own_worker();
    discard(&town.office, id, Reason::Trial, by).unwrap();
    let away = list_quarantine(&town.office, Some("discarded")).unwrap();
    assert_eq!((away.len(), away[0].state_label, away[0].reason.as_deref()), (1, "已作废", Some("试用时的内容")));
    assert_eq!(
        (away[0].settled_by.as_deref(), away[0].settled_at.as_deref()),
        (Some("社区"), Some("2026-09-21 22:13"))
    );
    assert!(!away[0].what.is_empty() || !away[0].places.is_empty(), "what it said is still there");
    assert!(matches!(discard(&town.office, id, Reason::Trial, by), Err(ReviewError::NotHeld { .. })));
    assert!(matches!(release(&town.office, 99, by), Err(ReviewError::NotFound { id: 99 })));
    let (rows, broken) = town.office.store().read(|tx| tx.check_audit()).unwrap();
    assert_eq!((rows, broken), (1, None));
}

#[test]
fn what_a_revoked_phone_still_held_is_kept_and_can_be_let_in() {
    let mut d = Dispute::none_yet();
    d.wang.set_phone(d.zhang, "13900000002");
    assert!(qiaomen_server::people::devices::revoke(&d.town.office, d.wang.by.device, d.clerk).unwrap());
    let reply = d.wang.ask(&d.town.office).unwrap();
    assert_eq!(reply.verdicts[0].code, Code::Revoked.number());
    release(&d.town.office, held(&d.town.office)[0].id, d.clerk).unwrap();
    d.li.sync(&d.town.office);
    assert_eq!(d.number_on(&d.li), "13900000002");
}

#[test]
fn a_reason_in_one_s_own_words_is_kept_and_stands_nowhere_in_the_clear() {
    let mut d = Dispute::none_yet();
    d.wang.register_door(&d.town, 1, "101");
    d.wang.ask(&d.town.office).unwrap();
    let id = held(&d.town.office)[0].id;
    let why = "张三说是他家亲戚";
    discard(&d.town.office, id, PutAway::parse(why).unwrap(), d.clerk).unwrap();
    let away = list_quarantine(&d.town.office, Some("discarded")).unwrap().remove(0);
    assert_eq!((away.reason.as_deref(), away.settled_by.as_deref()), (Some(why), Some("zhaomin")));
    let mut bytes = std::fs::read(d.town.dir.path().join("office.db")).unwrap();
    bytes.extend(std::fs::read(d.town.dir.path().join("office.db-wal")).unwrap());
    assert!(!bytes.windows(why.len()).any(|w| w == why.as_bytes()));
}
