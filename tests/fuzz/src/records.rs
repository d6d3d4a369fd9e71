//! Records in documents: facts as CBOR, written by devices and read by everybody.

use minicbor::{Decode, Encode};
use qiaomen_proto::change::{Author, Hlc, Stamp};
use qiaomen_proto::entity::record::{
    EntryPayload, LinkPayload, NotePayload, RefusalPayload, TagPayload, from_bytes, to_bytes,
};
use qiaomen_proto::ids::{CommandId, DeviceId, Role, WorkerId};
use qiaomen_proto::merge::decision::DecisionRow;
use qiaomen_proto::merge::fold::{EventPayload, TicketEvent, fold, next_steps};
use std::fmt::Debug;

/// The first byte says which kind of record the rest is. Of the last kind it is the events of a matter, each
/// with its length before it.
pub(crate) fn records(bytes: &[u8]) {
    let Some((kind, payload)) = bytes.split_first() else { return };
    match kind {
        0 => comes_back::<EntryPayload>(payload),
        1 => comes_back::<NotePayload>(payload),
        2 => comes_back::<TagPayload>(payload),
        3 => comes_back::<RefusalPayload>(payload),
        4 => comes_back::<LinkPayload>(payload),
        5 => comes_back::<EventPayload>(payload),
        6 => decision(payload),
        _ => matter(payload),
    }
}

fn comes_back<T: PartialEq + Debug + Encode<()> + for<'b> Decode<'b, ()>>(bytes: &[u8]) {
    let Ok(payload) = from_bytes::<T>(bytes) else { return };
    assert_eq!(from_bytes::<T>(&to_bytes(&payload)).ok().as_ref(), Some(&payload));
    assert!(from_bytes::<T>(&[bytes, &[0]].concat()).is_err(), "the whole of the bytes is the record");
}

fn decision(bytes: &[u8]) {
    let Ok(row) = from_bytes::<DecisionRow>(bytes) else { return };
    let again = to_bytes(&row);
    let row = from_bytes::<DecisionRow>(&again).expect("what was written can be read");
    assert_eq!(to_bytes(&row), again);
}

/// Any events in any order are one state, and each of them is a step or is flagged.
fn matter(mut bytes: &[u8]) {
    let mut events = Vec::new();
    // So many events that each could be beside each other; more are no other case.
    while let [length, role, id, rest @ ..] = bytes
        && events.len() < 24
    {
        let (payload, rest) = rest.split_at(usize::from(*length).min(rest.len()));
        bytes = rest;
        let Ok(payload) = from_bytes::<EventPayload>(payload) else { continue };
        let by = Author {
            worker: WorkerId::from_bytes([role % 3; 16]),
            role: Role::ALL[usize::from(*role) % Role::ALL.len()],
            device: DeviceId::from_bytes([role % 3; 16]),
        };
        let at = Hlc { wall_ms: u64::from(*id / 8) << (id % 48), counter: u32::from(*role) };
        let stamp = Stamp { at, by, command: CommandId::from_bytes([*id; 16]) };
        let event = TicketEvent::new(format!("{}", id % 16), &stamp, payload);
        // Every other event is by somebody who had seen all that came before.
        events.push(if id % 2 == 0 { event.after(&events) } else { event });
    }
    let state = fold(&events);
    let mut turned = events.clone();
    turned.reverse();
    assert_eq!(fold(&turned), state, "the order of arrival does not matter");
    turned.extend(events);
    assert_eq!(fold(&turned), state, "and neither does how often each arrives");
    for role in Role::ALL {
        next_steps(&state, role);
    }
}
