use super::{open, whose};
use crate::answer::Answer;
use crate::args::{Data, HeldState, Quarantine, QuarantineCommand, Rescue};
use crate::failure::Failure;
use crate::words;
use qiaomen_server::people::audit::{Deed, note_read};
use qiaomen_server::review::{self, Reason, RescueView};
use serde_json::json;

/// A day's rescue file is some kilobytes; a year's some megabytes.
const RESCUE_BYTES_MAX: u64 = 256 * 1024 * 1024;

pub(super) fn quarantine(args: &Quarantine) -> Result<Answer, Failure> {
    let dir = args.dir.clone().ok_or_else(|| Failure::usage("缺少 --data DIR(放数据的文件夹)。"))?;
    let office = open(&Data { dir })?;
    let who = whose(&office, &args.by)?;
    match &args.command {
        None => {
            let state = match args.state {
                HeldState::Held => Some("held"),
                HeldState::Released => Some("released"),
                HeldState::Discarded => Some("discarded"),
                HeldState::All => None,
            };
            let list = review::list_quarantine(&office, state)?;
            note_read(&office, who, Deed::ReadQuarantine, None)?;
            Ok(Answer::new(&list, words::held::quarantine(&list)))
        }
        Some(QuarantineCommand::Release { id }) => {
            review::release(&office, *id, who)?;
            Ok(Answer::new(&json!({ "id": id, "state": "released" }), format!("{id} 号已放行,入册了。")))
        }
        Some(QuarantineCommand::Discard { id, reason }) => {
            let known = || Reason::ALL.iter().map(|r| r.label()).collect::<Vec<_>>().join("、");
            let reason = Reason::parse(reason).ok_or_else(|| Failure::usage(format!("原因请写:{}。", known())))?;
            review::discard(&office, *id, reason, who)?;
            let text = format!("{id} 号已作废({}),仍然看得到:qiaomen quarantine --state discarded。", reason.label());
            Ok(Answer::new(&json!({ "id": id, "state": "discarded", "reason": reason.word() }), text))
        }
    }
}

pub(super) fn rescue(args: &Rescue) -> Result<Answer, Failure> {
    let office = open(&args.data)?;
    let who = whose(&office, &args.by)?;
    let size = std::fs::metadata(&args.file).map_err(|e| Failure::read(&args.file, &e))?.len();
    if size > RESCUE_BYTES_MAX {
        return Err(Failure::problem("too_large", "这个文件太大,不像是救援文件。"));
    }
    let file = std::fs::read(&args.file).map_err(|e| Failure::read(&args.file, &e))?;
    if file.is_empty() {
        return Ok(Answer::new(&RescueView::default(), "救援文件是空的:那台终端办的都到社区了。"));
    }
    let view =
        if args.apply { review::apply_rescue(&office, &file, who)? } else { review::read_rescue(&office, &file, who)? };
    if view.commands.is_empty() && view.unreadable.is_empty() {
        return Err(Failure::problem("not_a_rescue_file", "这里面没有可以读的内容。请看看是不是救援文件。"));
    }
    Ok(Answer::new(&view, words::held::rescue(&view, args.apply)))
}
