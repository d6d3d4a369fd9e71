//! Is this an answer that the office may give? A documented code with its number, its status and a
//! sentence; or a signed reply with documented verdicts. Never `internal`, never a status without words.

use crate::line::Answer;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::DeviceId;
use qiaomen_proto::limits::BODY_BYTES_MAX;
use qiaomen_proto::seal::VerifyKey;
use qiaomen_proto::wire::auth::{REPLY_CONTEXT, REPLY_HEADER, reply_message, signature_from_text};
use qiaomen_proto::wire::envelope::unpack;
use qiaomen_proto::wire::pull::{Outcome, SyncReply};

/// The code of a refusal, after looking that it is one.
pub(crate) fn refusal(answer: &Answer) -> Result<Code, String> {
    let told = || format!("{} {}", answer.status, String::from_utf8_lossy(&answer.body));
    let json = answer.json();
    let name = json["code"].as_str().ok_or_else(|| format!("no code: {}", told()))?;
    let code = Code::ALL.iter().find(|c| c.name() == name).copied().ok_or_else(|| format!("unknown: {}", told()))?;
    if code == Code::Internal || answer.status == 500 {
        return Err(format!("something failed inside the office: {}", told()));
    }
    let in_words = json["sentence"].as_str().is_some_and(|s| s.ends_with('。'));
    if json["number"] != code.number() || !json["retry"].is_boolean() || !in_words {
        return Err(format!("not as documented: {}", told()));
    }
    if !((400..500).contains(&answer.status) || answer.status == 503 && code == Code::Busy) {
        return Err(format!("a refusal with this status: {}", told()));
    }
    kept_by_nobody(answer)?;
    Ok(code)
}

/// A refusal, or an answer in JSON.
pub(crate) fn in_json(answer: &Answer) -> Result<(), String> {
    if answer.status != 200 {
        return refusal(answer).map(drop);
    }
    if answer.json().is_null() {
        return Err(format!("200 without JSON: {}", String::from_utf8_lossy(&answer.body)));
    }
    kept_by_nobody(answer)
}

fn kept_by_nobody(answer: &Answer) -> Result<(), String> {
    if answer.header("cache-control") == Some("no-store") { Ok(()) } else { Err("somebody may keep it".to_owned()) }
}

/// The reply to a sync, after looking that the office signed it and that every verdict is documented.
pub(crate) fn reply(answer: &Answer, office: &VerifyKey, device: DeviceId, counter: u64) -> Result<SyncReply, String> {
    kept_by_nobody(answer)?;
    let signature = answer.header(REPLY_HEADER).and_then(signature_from_text).ok_or("a reply without signature")?;
    office
        .verify(REPLY_CONTEXT, &reply_message(device, counter, &answer.body), &signature)
        .map_err(|_| "the office did not sign this".to_owned())?;
    let reply: SyncReply = unpack(&answer.body, BODY_BYTES_MAX).map_err(|e| format!("the office's own reply: {e}"))?;
    for verdict in &reply.verdicts {
        let needs_reason = matches!(verdict.outcome, Outcome::Rejected | Outcome::Quarantined);
        match Code::from_number(verdict.code) {
            Some(Code::Internal) => return Err(format!("something failed inside the office: {verdict:?}")),
            None if verdict.code != 0 || needs_reason => return Err(format!("no such code: {verdict:?}")),
            _ => {}
        }
    }
    Ok(reply)
}
