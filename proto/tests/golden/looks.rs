//! Looks at masked values: how they go up, and how the office says that it has them. They came with the second release;
//! these lines never change either.

use crate::{hex, is_as_in};
use qiaomen_proto::ids::{DocId, Kind};
use qiaomen_proto::wire::look::Look;
use qiaomen_proto::wire::pull::SyncReply;
use qiaomen_proto::wire::push::SyncRequest;
use std::fmt::Write as _;
use uuid::Uuid;

#[test]
fn a_look_goes_up_and_is_thanked_for_as_when_it_was_first() {
    let look = |fields: &[&str]| Look {
        id: [5; 16].into(),
        doc: DocId::new(Kind::Resident, Uuid::from_u128(7)).key().into(),
        fields: fields.iter().map(|&field| field.to_owned()).collect(),
        at_ms: 1_676_682_000_000,
    };
    let request = SyncRequest { looks: Some(vec![look(&["phone", "birth"])]), ..SyncRequest::default() };
    let reply = SyncReply { looks: Some(vec![[5; 16].into()]), ..SyncReply::default() };
    let mut now = String::new();
    let mut line = |name: &str, bytes: &[u8]| writeln!(now, "{name} {}", hex(bytes)).unwrap();
    line("look", &minicbor::to_vec(look(&["phone"])).unwrap());
    line("request_with_looks", &minicbor::to_vec(&request).unwrap());
    line("reply_with_looks", &minicbor::to_vec(&reply).unwrap());
    is_as_in("proto/tests/golden/looks.txt", &now);
    assert_eq!(minicbor::decode::<Look>(&minicbor::to_vec(look(&["phone"])).unwrap()).unwrap(), look(&["phone"]));
    assert_eq!(minicbor::decode::<SyncRequest>(&minicbor::to_vec(&request).unwrap()).unwrap(), request);
    assert_eq!(minicbor::decode::<SyncReply>(&minicbor::to_vec(&reply).unwrap()).unwrap(), reply);
}
