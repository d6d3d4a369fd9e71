//! What a clerk let in, as its device needs it to give it back, and the proof of what a reply acknowledges alone. They came
//! with the third release; these lines never change either.

use crate::{hex, is_as_in};
use qiaomen_proto::wire::heal::{LetIn, LetInCommand};
use qiaomen_proto::wire::pull::SyncReply;
use std::fmt::Write as _;

#[test]
fn what_was_let_in_comes_down_as_when_it_first_did() {
    let one = LetInCommand {
        command: [5; 16].into(),
        digest: [6; 32].into(),
        keys: vec![vec![9; 80].into(), Vec::new().into()],
    };
    let let_in = LetIn { commands: vec![one], signature: vec![8; 64] };
    let own_proof = Some(vec![8; 64].into());
    let reply = SyncReply { let_in: Some(let_in.clone()), own_proof, ..SyncReply::default() };
    let mut now = String::new();
    writeln!(now, "let_in {}", hex(&minicbor::to_vec(&let_in).unwrap())).unwrap();
    writeln!(now, "reply_with_let_in {}", hex(&minicbor::to_vec(&reply).unwrap())).unwrap();
    is_as_in("proto/tests/golden/let_in.txt", &now);
    assert_eq!(minicbor::decode::<SyncReply>(&minicbor::to_vec(&reply).unwrap()).unwrap(), reply);
}
