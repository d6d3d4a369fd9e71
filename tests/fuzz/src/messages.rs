//! The compressed envelope and the four messages that travel in it.

use minicbor::{Decode, Encode};
use qiaomen_proto::ids::{DocId, StreamId};
use qiaomen_proto::limits::{BODY_BYTES_MAX, COMMANDS_PER_PUSH_MAX, GIVEN_PER_REQUEST_MAX};
use qiaomen_proto::wire::enrol::{EnrolReply, EnrolRequest};
use qiaomen_proto::wire::envelope::unpack;
use qiaomen_proto::wire::heal::AgainReason;
use qiaomen_proto::wire::pull::SyncReply;
use qiaomen_proto::wire::push::SyncRequest;
use std::fmt::Debug;

/// A bound that small inputs reach, so that it is seen to hold.
const SMALL_BYTES_MAX: usize = 4096;

/// Bytes as they arrive, compressed or not.
pub(crate) fn envelope(bytes: &[u8]) {
    arrives::<SyncRequest>(bytes, BODY_BYTES_MAX);
    arrives::<SyncReply>(bytes, SMALL_BYTES_MAX);
    arrives::<EnrolRequest>(bytes, SMALL_BYTES_MAX);
    arrives::<EnrolReply>(bytes, SMALL_BYTES_MAX);
}

fn arrives<M: Message>(bytes: &[u8], bytes_max: usize) {
    let Ok(message) = unpack::<M>(bytes, bytes_max) else { return };
    let plain = zstd::stream::decode_all(bytes).expect("what was unpacked is compressed as agreed");
    assert!(plain.len() <= bytes_max, "{} bytes where {bytes_max} may be", plain.len());
    goes_on(&message);
}

/// A message that can be read, written and compared.
trait Message: PartialEq + Debug + Encode<()> + for<'b> Decode<'b, ()> {}
impl<M: PartialEq + Debug + Encode<()> + for<'b> Decode<'b, ()>> Message for M {}

/// Level 1 stands for the level of the product, which takes a hundred times as long and is read the same.
fn compressed(plain: &[u8]) -> Vec<u8> {
    zstd::bulk::compress(plain, 1).expect("memory to compress in")
}

/// What was read is written so that it reads the same.
fn goes_on<M: Message>(message: &M) {
    let plain = minicbor::to_vec(message).expect("a message can be written");
    assert_eq!(unpack::<M>(&compressed(&plain), BODY_BYTES_MAX).as_ref(), Ok(message));
    assert!(unpack::<M>(&compressed(&plain[..plain.len() - 1]), BODY_BYTES_MAX).is_err(), "cut by one byte");
    assert!(unpack::<M>(&compressed(&[&plain[..], &[0]].concat()), BODY_BYTES_MAX).is_err(), "one byte over");
}

/// Bytes as they stand within the envelope.
fn within<M: Message>(plain: &[u8]) -> Option<M> {
    let message = unpack::<M>(&compressed(plain), BODY_BYTES_MAX).ok()?;
    goes_on(&message);
    Some(message)
}

/// What a device says: the message, and everything in it that is bytes of its own.
pub(crate) fn request(bytes: &[u8]) {
    let Some(request) = within::<SyncRequest>(bytes) else { return };
    super::columns::read(&request.batch, COMMANDS_PER_PUSH_MAX);
    for heads in request.heads.iter().flatten() {
        is_a_key(&*heads.doc);
    }
    if let Some(reason) = request.again.and_then(AgainReason::from_number) {
        assert_eq!(Some(reason.number()), request.again);
    }
    if let Some(given) = &request.give_back {
        super::columns::read(&given.batch, GIVEN_PER_REQUEST_MAX);
        given.finished.iter().for_each(|key| is_a_key(&**key));
    }
}

/// What the office says.
pub(crate) fn reply(bytes: &[u8]) {
    let Some(reply) = within::<SyncReply>(bytes) else { return };
    super::columns::read(&reply.batch, COMMANDS_PER_PUSH_MAX);
    for state in &reply.streams {
        if let Some(stream) = StreamId::from_text(&state.stream) {
            assert_eq!(StreamId::from_text(&stream.to_text()), Some(stream));
        }
    }
    reply.wanted.iter().flatten().for_each(|key| is_a_key(&**key));
}

/// What is said when a device becomes one of ours, by either side.
pub(crate) fn enrolment(bytes: &[u8]) {
    within::<EnrolRequest>(bytes);
    within::<EnrolReply>(bytes);
}

fn is_a_key(key: &[u8]) {
    if let Some(doc) = DocId::from_key(key) {
        assert_eq!(doc.key()[..], *key);
    }
}
