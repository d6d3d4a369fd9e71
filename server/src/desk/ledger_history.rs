//! How a door came to be what it is: every change of it and of whoever lives there, in words. Who, when, on which
//! device, from what to what.

use super::ledger_teller::{Opened, Teller};
use crate::office::OfficeError;
use crate::review::words::{self, Words};
use crate::store::sqlite::RUN_GAP_MS;
use qiaomen_proto::change::{Path, Stamp};
use qiaomen_proto::entity::record::{LinkPayload, NotePayload, RefusalPayload, TagPayload, from_bytes};
use qiaomen_proto::entity::{Shape, kind_spec};
use qiaomen_proto::ids::{CommandId, DocId};
use qiaomen_proto::merge::Register;
use qiaomen_proto::merge::register::OpRecord;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Events that are shown at once.
pub const EVENTS_SHOWN: usize = 25;
/// Ends the key of the record that takes a decision back.
const UNDO: &str = "/undo";

/// Some of what happened, the latest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct History {
    /// What happened.
    pub events: Vec<Event>,
    /// How much happened in all.
    pub count: usize,
    /// How much of it came after what is shown.
    pub from: usize,
}

/// What somebody did at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    /// When.
    pub at: String,
    /// Who.
    pub who: String,
    /// In which role; nothing for the office itself.
    pub title: &'static str,
    /// On which device.
    pub device: String,
    /// When it came to the office, and how long its device had been without signal, where that was later.
    pub came: Option<String>,
    /// A decision, or one that was taken back.
    pub mark: Option<&'static str>,
    /// What changed.
    pub lines: Vec<EventLine>,
}

/// One thing that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventLine {
    /// The door itself, or a person, masked.
    pub about: String,
    /// What.
    pub what: String,
    /// What stood there before; nothing where nobody had said anything.
    pub from: Option<String>,
    /// What stands there after it.
    pub to: String,
}

/// Something that was put, and in which document.
type Put<'d> = (&'d Opened, &'d Path, &'d OpRecord);

/// What happened to these documents.
pub(super) fn history<'d>(
    teller: &mut Teller<'_, '_, '_>,
    docs: impl Iterator<Item = &'d Opened>,
    from: usize,
) -> Result<History, OfficeError> {
    // What one command did to the door and to those behind it is one event.
    let mut events: BTreeMap<(Reverse<u64>, CommandId), (Stamp, Vec<Put<'d>>)> = BTreeMap::new();
    for doc in docs {
        for path in doc.register.paths() {
            for op in doc.register.history(path) {
                if let Some(stamp) = doc.register.stamp(op) {
                    let key = (Reverse(stamp.at.wall_ms), stamp.command);
                    events.entry(key).or_insert_with(|| (*stamp, Vec::new())).1.push((doc, path, op));
                }
            }
        }
    }
    let count = events.len();
    let mut shown = Vec::new();
    for (stamp, mut puts) in events.into_values().skip(from).take(EVENTS_SHOWN) {
        // As they stand on a form; what a program of the future wrote comes last. The documents keep their order.
        let mut order: Vec<DocId> = Vec::new();
        for (doc, ..) in &puts {
            if !order.contains(&doc.register.doc()) {
                order.push(doc.register.doc());
            }
        }
        puts.sort_by_key(|(doc, path, _)| {
            let doc = doc.register.doc();
            let field = kind_spec(doc.kind).field(path).map_or(u8::MAX, |f| f.number);
            (order.iter().position(|d| *d == doc), path.container, field)
        });
        shown.push(event(teller, &stamp, &puts)?);
    }
    Ok(History { events: shown, count, from: from.min(count) })
}

fn event(teller: &mut Teller<'_, '_, '_>, stamp: &Stamp, puts: &[Put<'_>]) -> Result<Event, OfficeError> {
    let (mut lines, mut mark) = (Vec::new(), None);
    for (doc, path, op) in puts {
        let decisions = kind_spec(doc.register.doc().kind).decisions();
        if path.container == decisions {
            mark = Some(if path.key.ends_with(UNDO) { "收回裁定" } else { "裁定" });
            continue;
        }
        let about = teller.about(doc);
        let (what, from, to) = line(teller, doc, path, op)?;
        lines.push(EventLine { about, what, from, to });
    }
    let is_office = stamp.by.device == teller.office.identity().device;
    let nobody = stamp.by.worker == teller.office.own_worker();
    Ok(Event {
        at: words::time(stamp.at.wall_ms),
        who: teller.words.worker(stamp.by.worker)?,
        title: if nobody { "" } else { stamp.by.role.title() },
        device: device(teller, stamp)?,
        came: if is_office { None } else { came(teller, stamp)? },
        mark,
        lines,
    })
}

/// What was put, what stood there before, what stands there now.
fn line(
    teller: &mut Teller<'_, '_, '_>,
    doc: &Opened,
    path: &Path,
    op: &OpRecord,
) -> Result<(String, Option<String>, String), OfficeError> {
    let (register, of) = (&doc.register, doc.register.doc().uuid);
    let spec = kind_spec(register.doc().kind);
    let label = Words::field_label(register, path);
    let Some(field) = spec.field(path) else {
        let records = spec.container(path.container).filter(|c| c.shape == Shape::Records);
        let to = records.and_then(|c| record(teller, doc, c.name, op));
        return Ok((label, None, to.unwrap_or_else(|| "（这个版本的程序还读不懂）".to_owned())));
    };
    let mut before = Vec::new();
    for earlier in replaced(register, path, op) {
        let said = teller.said(of, field, &field.show(&earlier.value, &of, &doc.ring))?;
        if !before.contains(&said) {
            before.push(said);
        }
    }
    let to = teller.said(of, field, &field.show(&op.value, &of, &doc.ring))?;
    Ok((label, (!before.is_empty()).then(|| before.join(" / ")), to))
}

/// What an operation replaced.
fn replaced<'r>(register: &'r Register, path: &Path, op: &OpRecord) -> Vec<&'r OpRecord> {
    register.history(path).iter().filter(|earlier| op.preds.contains(&earlier.id)).collect()
}

/// A fact in words; none where it cannot be read.
fn record(teller: &Teller<'_, '_, '_>, doc: &Opened, container: &str, op: &OpRecord) -> Option<String> {
    let (bytes, of) = (op.value.as_bytes()?, doc.register.doc().uuid);
    Some(match container {
        "notes" => {
            let note: NotePayload = from_bytes(bytes).ok()?;
            teller.text(of, &doc.view().sealed_text(&note.text))
        }
        "tags" => {
            let tag: TagPayload = from_bytes(bytes).ok()?;
            if tag.withdrawn { format!("摘掉“{}”", tag.code) } else { format!("贴上“{}”", tag.code) }
        }
        "refusals" => {
            let refusal: RefusalPayload = from_bytes(bytes).ok()?;
            match (refusal.withdrawn, refusal.people_count) {
                (true, _) => "不再拒访".to_owned(),
                (false, Some(n)) => format!("拒访，只说有 {n} 口人"),
                (false, None) => "拒访".to_owned(),
            }
        }
        "links" => {
            let link: LinkPayload = from_bytes(bytes).ok()?;
            let what = match link.kind {
                1 => "与另一份登记是同一个",
                2 => "登记错了，作废",
                _ => return None,
            };
            if link.withdrawn { format!("收回：{what}") } else { what.to_owned() }
        }
        _ => return None,
    })
}

fn device(teller: &mut Teller<'_, '_, '_>, stamp: &Stamp) -> Result<String, OfficeError> {
    if stamp.by.device == teller.office.identity().device {
        return Ok("社区的电脑".to_owned());
    }
    let id = stamp.by.device.0.simple().to_string();
    let short = id.get(id.len().saturating_sub(4)..).unwrap_or_default().to_owned();
    Ok(match teller.tx.device(stamp.by.device)? {
        None => format!("没有登记过的终端（尾号 {short}）"),
        Some(d) if d.worker == stamp.by.worker => format!("终端（尾号 {short}）"),
        Some(d) => format!("{}的终端（尾号 {short}）", teller.words.worker(d.worker)?),
    })
}

/// When it came, where that was a good while after it was written.
fn came(teller: &Teller<'_, '_, '_>, stamp: &Stamp) -> Result<Option<String>, OfficeError> {
    let Some((received, since)) = teller.tx.command_arrival(stamp.command, stamp.by.device)? else { return Ok(None) };
    let late = received.saturating_sub(stamp.at.wall_ms) >= RUN_GAP_MS;
    let offline = words::offline(stamp.at.wall_ms, received, since).filter(|_| late);
    Ok(offline.map(|offline| format!("{} 送到，{offline}", words::time(received))))
}
