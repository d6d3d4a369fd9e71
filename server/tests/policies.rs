//! One version of the table of policies against another: who is behind is shown, with what to do about it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::phone::{Phone, Town};
use qiaomen_proto::entity::spec::POLICY_VERSION;
use qiaomen_proto::ids::Role;
use qiaomen_proto::limits::BODY_BYTES_MAX;
use qiaomen_proto::wire::envelope::{pack, unpack};
use qiaomen_proto::wire::pull::{Outcome, SyncReply};
use qiaomen_proto::wire::push::{SYNC_PATH, SyncRequest};
use qiaomen_server::people::devices::devices;

/// The phone syncs with a table of this version.
fn syncs_by(town: &Town, phone: &mut Phone, version: u32) -> SyncReply {
    let (_, body) = phone.request();
    let request: SyncRequest = unpack(&body, BODY_BYTES_MAX).unwrap();
    let (signed, body) = phone.sign(pack(&SyncRequest { policy_version: version, ..request }));
    let answer = town.office.sync(&signed, SYNC_PATH, &body).unwrap();
    unpack(&answer.body, BODY_BYTES_MAX).unwrap()
}

#[test]
fn a_device_with_another_version_of_the_policies_works_on_and_the_office_sees_which_it_is() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let said = || devices(&town.office).unwrap().remove(0).policies;
    assert_eq!(said(), None, "it has said nothing yet");
    wang.register_door(&town, 0, "101");
    let reply = syncs_by(&town, &mut wang, POLICY_VERSION + 1);
    assert_eq!((reply.policy_version, reply.verdicts[0].outcome), (POLICY_VERSION, Outcome::Applied), "and is taken");
    assert!(said().is_some_and(|words| words.ends_with("请更新社区的程序")), "{:?}", said());
    syncs_by(&town, &mut wang, POLICY_VERSION - 1);
    assert!(said().is_some_and(|words| words.ends_with("请更新这台终端的应用")), "{:?}", said());
    syncs_by(&town, &mut wang, POLICY_VERSION);
    assert_eq!(said(), None);
}
