//! Photos: the record, the pieces, the seal. They came with the second release; these lines never change either.

use crate::{hex, is_as_in};
use qiaomen_proto::entity::record::{self, PhotoPayload, PhotoStage};
use qiaomen_proto::seal::SubjectKey;
use qiaomen_proto::wire::photo::{PhotoReply, PhotoRequest};
use std::fmt::Write as _;
use uuid::Uuid;

#[test]
fn a_photo_is_named_carried_and_sealed_as_when_it_was_first() {
    let (ticket, key) = (Uuid::from_u128(7), SubjectKey::from_bytes([2; 32]));
    let sealed = key.seal_photo(&ticket, &[1; 16], b"\xff\xd8\xff a picture");
    let photo = PhotoPayload {
        id: [1; 16],
        hash: *blake3::hash(&sealed).as_bytes(),
        size: u32::try_from(sealed.len()).unwrap(),
        stage: PhotoStage::After.number(),
        width: 1_600,
        height: 1_200,
        taken_ms: Some(1_676_682_000_000),
    };
    let request = PhotoRequest { wire_version: 1, hash: photo.hash, size: photo.size, offset: 4, bytes: vec![9; 3] };
    let reply = PhotoReply { wire_version: 1, incarnation: [7; 16], have: 7, whole: false, position: 900 };
    let mut now = String::new();
    let mut line = |name: &str, bytes: &[u8]| writeln!(now, "{name} {}", hex(bytes)).unwrap();
    line("photo", &record::to_bytes(&photo));
    line("photo_without_time", &record::to_bytes(&PhotoPayload { taken_ms: None, ..photo.clone() }));
    line("photo_request", &minicbor::to_vec(&request).unwrap());
    line("photo_reply", &minicbor::to_vec(&reply).unwrap());
    line("photo_sealed", &sealed);
    for stage in PhotoStage::ALL {
        assert_eq!(PhotoStage::from_word(stage.word()), Some(stage));
        line(&format!("photo_stage_{}", stage.word()), &[stage.number()]);
    }
    is_as_in("proto/tests/golden/photos.txt", &now);
    assert_eq!(record::from_bytes::<PhotoPayload>(&record::to_bytes(&photo)).unwrap(), photo);
    assert_eq!(minicbor::decode::<PhotoRequest>(&minicbor::to_vec(&request).unwrap()).unwrap(), request);
    assert_eq!(minicbor::decode::<PhotoReply>(&minicbor::to_vec(&reply).unwrap()).unwrap(), reply);
}

#[test]
fn a_photo_opens_as_itself_and_as_nothing_else() {
    let (ticket, key) = (Uuid::from_u128(7), SubjectKey::from_bytes([2; 32]));
    let sealed = key.seal_photo(&ticket, &[1; 16], b"a picture");
    assert_eq!(key.open_photo(&ticket, &[1; 16], &sealed).unwrap(), b"a picture");
    assert!(key.open_photo(&ticket, &[2; 16], &sealed).is_err(), "another photo");
    assert!(key.open_photo(&Uuid::from_u128(8), &[1; 16], &sealed).is_err(), "another matter");
    assert!(key.open(&ticket, "note", &sealed).is_err(), "no text");
    assert_eq!(PhotoStage::from_number(200), PhotoStage::Other, "a stage of a later release");
}
