use super::{open, whose};
use crate::answer::Answer;
use crate::args::{Data, Quarantine, QuarantineCommand, Rescue};
use crate::failure::Failure;
use crate::words;
use qiaomen_server::people::audit::{Deed, note_read};
use qiaomen_server::review::{self, HeldAsked, PutAway, Reason, RescueView};
use serde_json::json;
use std::io::Write as _;
use std::path::Path;

/// Held commands that are listed for a person at once.
const HELD_SHOWN_MAX: usize = 50;
/// A day's rescue file is some kilobytes; a year's some megabytes.
const RESCUE_BYTES_MAX: u64 = 256 * 1024 * 1024;

pub(super) fn quarantine(args: &Quarantine, json: bool) -> Result<Answer, Failure> {
    let dir = args.dir.clone().ok_or_else(|| Failure::usage("缺少 --data DIR（放数据的文件夹）。"))?;
    let office = open(&Data { dir })?;
    let who = whose(&office, &args.by)?;
    let asked = HeldAsked {
        state: Some(args.state.name().to_owned()),
        code: args.code.clone(),
        worker: args.worker.clone(),
        device: args.device.clone(),
        grid: args.grid.clone(),
        door: args.door.clone(),
        older_than: args.older_than.clone(),
        ..HeldAsked::default()
    };
    match &args.command {
        None => {
            let limit = args.limit.map(|n| usize::try_from(n).unwrap_or(usize::MAX));
            let limit = limit.or((!json).then_some(HELD_SHOWN_MAX));
            // One more than is shown tells whether there is more.
            let asked = HeldAsked { after: args.after, limit: limit.map(|n| n.saturating_add(1)), ..asked };
            let mut list = review::find_quarantine(&office, &asked)?;
            let more = limit.is_some_and(|n| list.len() > n);
            list.truncate(limit.unwrap_or(usize::MAX));
            note_read(&office, who, Deed::ReadQuarantine, None)?;
            Ok(Answer::new(&list, words::held::quarantine(&list, more)))
        }
        Some(QuarantineCommand::Release { id }) => {
            let released = review::release(&office, *id, who)?;
            Ok(Answer::new(&released, words::held::released(&released)))
        }
        Some(QuarantineCommand::Discard { id, reason }) => {
            let known = || Reason::ALL.iter().map(|r| r.label()).collect::<Vec<_>>().join("、");
            let why = PutAway::parse(reason)
                .ok_or_else(|| Failure::usage(format!("原因请写：{}，或写一句话（200 字以内）。", known())))?;
            review::discard(&office, *id, why.clone(), who)?;
            let text = format!("{id} 号已作废（{}），仍然看得到：qiaomen quarantine --state discarded。", why.label());
            let json = json!({ "id": id, "state": "discarded", "reason": why.reason.word(), "note": why.note });
            Ok(Answer::new(&json, text))
        }
        Some(QuarantineCommand::Export { out }) => {
            let failed = |source: std::io::Error| Failure::write(out, &source);
            if out.exists() {
                return Err(failed(std::io::ErrorKind::AlreadyExists.into()));
            }
            let export = review::export_quarantine(&office, &asked, who)?;
            if export.commands.is_empty() {
                return Ok(Answer::new(&json!({ "commands": 0, "file": null }), "没有符合条件的，没有写文件。"));
            }
            let bytes = serde_json::to_vec_pretty(&export).map_err(std::io::Error::other).map_err(failed)?;
            let mut file = new_file(out).map_err(failed)?;
            file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(failed)?;
            let count = export.commands.len();
            let text = format!("导出了 {count} 件，在 {}。里面有个人信息，请收好。", out.display());
            Ok(Answer::new(&json!({ "commands": count, "file": out }), text))
        }
    }
}

/// A file that only the owner can read, which was not there before.
fn new_file(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

pub(super) fn rescue(args: &Rescue) -> Result<Answer, Failure> {
    let office = open(&args.data)?;
    let who = whose(&office, &args.by)?;
    let size = std::fs::metadata(&args.file).map_err(|e| Failure::read(&args.file, &e))?.len();
    if size > RESCUE_BYTES_MAX {
        return Err(Failure::problem("too_large", "这个文件太大，不像是救援文件。"));
    }
    let file = std::fs::read(&args.file).map_err(|e| Failure::read(&args.file, &e))?;
    if file.is_empty() {
        return Ok(Answer::new(&RescueView::default(), "救援文件是空的：那台终端办的都到社区了。"));
    }
    let view =
        if args.apply { review::apply_rescue(&office, &file, who)? } else { review::read_rescue(&office, &file, who)? };
    if view.commands.is_empty() && view.unreadable.is_empty() {
        return Err(Failure::problem("not_a_rescue_file", "这里面没有可以读的内容。请看看是不是救援文件。"));
    }
    Ok(Answer::new(&view, words::held::rescue(&view, args.apply)))
}
