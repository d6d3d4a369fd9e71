//! Push and pull: which batch goes now, what does the receipt mean, what is new, how is it applied?
//!
//! `Session` is the sync without a network: it is told what happened (`Event`) and says what to do
//! next (`Effect`). `driver` runs it over a transport. Whoever must not hold the device while a
//! request is under way drives the session themselves, see [`crate::Device::sync_step`].

/// The sync without a network.
pub(crate) mod session;
/// Which batch goes now?
pub(crate) mod push;
/// Is this the office's reply, and what does its batch hold?
pub(crate) mod pull;
/// Acknowledged bases while a reply is applied.
pub(crate) mod bases;
/// Photos, after the text.
pub(crate) mod photo;
/// Looks, with the text.
pub(crate) mod look;
/// The worker's trainings, with the reference data.
pub(crate) mod training;
/// One reply, one transaction.
pub(crate) mod apply;
/// What the office said of each command.
pub(crate) mod verdict;
/// Which documents are this device's.
pub(crate) mod scope;
/// What a clerk has let in, put away until a backup has it.
mod let_in;
/// Giving back what a restored office has lost.
pub(crate) mod give_back;
/// Doing again what lay on something that the office did not take.
pub(crate) mod reexecute;
/// How long to wait after a failure.
pub mod backoff;
/// The session over a transport.
pub mod driver;
/// What a sync came to.
mod report;

pub use report::{SyncProgress, SyncReport};
pub use session::{Effect, Event, Session};

use crate::error::Refusal;
use crate::transport::Reply;
use qiaomen_proto::error::Code;
use qiaomen_proto::sentence;
use qiaomen_proto::sentence::Sentence;

/// An error of the office as it travels.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Said {
    number: u16,
    sentence: String,
    counter: Option<u64>,
}

fn said(reply: &Reply) -> Said {
    serde_json::from_slice(&reply.body).unwrap_or_default()
}

/// What the office said instead of an answer. Nothing of it is signed: it is shown, and never believed
/// where that could cost something.
pub(crate) fn reply_refusal(reply: &Reply) -> Refusal {
    let said = said(reply);
    let code = Code::from_number(said.number).or(match reply.status {
        429 => Some(Code::TooMany),
        503 => Some(Code::Busy),
        _ => None,
    });
    let sentence = match code {
        Some(code) => code.into(),
        None if !said.sentence.is_empty() && said.sentence.chars().count() <= 200 => Sentence::plain(said.sentence),
        None => sentence!("sync-no-answer", "社区的服务没有正常回答。没送出的都还在，请过一会儿再试。"),
    };
    Refusal { code, status: reply.status, sentence, retry_after_s: reply.retry_after_s }
}
