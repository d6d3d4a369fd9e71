//! What stands in a record, and what a record lacks.

use crate::{K, at, whys};
use chrono::NaiveDate;
use qiaomen_proto::entity::record;
use qiaomen_proto::merge::fold::{
    EventKind, EventPayload, Stage, TicketEvent, WhyNot, fold, satisfaction_from_title, satisfaction_title,
};
use uuid::Uuid;

#[test]
fn an_event_that_lacks_what_it_needs_is_kept_and_shown() {
    let bare = |hours, kind| TicketEvent { payload: EventPayload::new(kind), ..at(hours, kind) };
    let state = fold(&[
        bare(0, K::Report),
        bare(1, K::Assign),
        bare(2, K::Extend),
        bare(3, K::Duplicate),
        bare(4, K::CloseOnSpot),
        bare(5, K::Rate),
    ]);
    assert_eq!(
        whys(&state),
        [
            (K::Assign, WhyNot::NoParty),
            (K::Extend, WhyNot::NoDate),
            (K::Duplicate, WhyNot::NoOther),
            (K::Rate, WhyNot::NoSatisfaction),
        ]
    );
}

#[test]
fn an_opinion_that_does_not_exist_is_no_opinion() {
    let mut rate = at(2, K::Rate);
    rate.payload.satisfaction = Some(200);
    let state = fold(&[at(0, K::Report), at(1, K::CloseOnSpot), rate]);
    assert_eq!((state.satisfaction, whys(&state)), (None, vec![(K::Rate, WhyNot::NoSatisfaction)]));
    assert_eq!(satisfaction_from_title(" 基本满意 "), Some(2));
    assert_eq!((satisfaction_title(3), satisfaction_title(4)), (Some("满意"), None));
}

#[test]
fn a_kind_of_the_future_is_kept_and_shown() {
    let state = fold(&[at(0, K::Report), at(1, K::Unknown(200))]);
    assert_eq!(whys(&state), [(K::Unknown(200), WhyNot::UnknownKind)]);
}

#[test]
fn numbers_of_kinds_stages_and_reasons_never_change() {
    let kinds: Vec<u8> = EventKind::ALL.iter().map(|kind| kind.number()).collect();
    assert_eq!(kinds, (1..=16).collect::<Vec<u8>>());
    assert_eq!(K::from_number(13), K::CloseOnSpot);
    assert_eq!(K::from_number(0), K::Unknown(0));
    assert_eq!((Stage::Closed.number(), Stage::Duplicate.number(), Stage::from_number(14)), (7, 13, None));
    assert_eq!((WhyNot::CloseWithoutCheck.number(), WhyNot::UnknownKind.number()), (8, 17));
}

/// What the first release read of an event: as it stood, as far as this test needs it.
#[derive(minicbor::Decode)]
#[cbor(map)]
struct BeforeDepartments {
    #[n(0)]
    kind: EventKind,
    #[n(1)]
    party: Option<String>,
    #[n(6)]
    large: Option<bool>,
}

#[test]
fn a_payload_is_small_and_its_bytes_never_change() {
    let mut payload = EventPayload::new(K::Assign);
    assert_eq!(record::to_bytes(&payload), [0xa1, 0, 3]);
    payload.party = Some("wuye".to_owned());
    payload.due_on = NaiveDate::from_ymd_opt(2023, 3, 5);
    payload.satisfaction = Some(2);
    payload.other = Some(Uuid::from_u128(7));
    payload.text = Some(vec![9, 9]);
    payload.large = Some(true);
    let bytes = record::to_bytes(&payload);
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, "a7000301647775796502194bdd03020450000000000000000000000000000000070542090906f5");
    assert_eq!(record::from_bytes::<EventPayload>(&bytes).unwrap(), payload);
    // A department stands behind the rest, and a program from before it passes over it.
    payload.department = Some("zj".to_owned());
    let longer = record::to_bytes(&payload);
    assert_eq!(longer[0], 0xa8);
    assert_eq!(longer[1..bytes.len()], bytes[1..]);
    assert_eq!(longer[bytes.len()..], [7, 0x62, b'z', b'j']);
    let before = record::from_bytes::<BeforeDepartments>(&longer).unwrap();
    assert_eq!((before.kind, before.party.as_deref(), before.large), (K::Assign, Some("wuye"), Some(true)));
    // A field of the future is passed over; a kind of the future keeps its number.
    let future = [0xa2, 0, 0x18, 200, 0x18, 40, 1];
    assert_eq!(record::from_bytes::<EventPayload>(&future).unwrap(), EventPayload::new(K::Unknown(200)));
    assert!(record::from_bytes::<EventPayload>(&[0xa0]).is_err());
}
