//! A device's rescue file, read without its PIN and without its database: what had not reached the
//! office, in words; and letting it in, as if the device had brought it.

use super::held::read;
use super::words::{self, Words};
use crate::ingest::{Sender, number_of, take};
use crate::office::{Office, OfficeError};
use crate::people::audit::{self, Deed};
use crate::store::Tx;
use qiaomen_proto::change::Stamp;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{CommandId, DeviceId, DocId, WorkerId};
use qiaomen_proto::merge::Register;
use qiaomen_proto::seal::KeyBundle;
use qiaomen_proto::wire::pull::Outcome;
use qiaomen_proto::wire::rescue::{Rescued, open_record, read_records};
use qiaomen_proto::wire::unbatch::{DocRef, DraftBatch};
use serde::Serialize;
use std::collections::BTreeMap;

/// What a rescue file holds. Values are in the clear.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RescueView {
    /// The commands, in the order of their time.
    pub commands: Vec<RescuedView>,
    /// Commands that this office's key does not open, or whose content cannot be read.
    pub unreadable: Vec<CommandId>,
    /// Bytes that belong to no whole record.
    pub damaged_bytes: usize,
}

/// One command of a rescue file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RescuedView {
    /// The command.
    pub command: CommandId,
    /// On which device.
    pub device: DeviceId,
    /// Who did it.
    pub worker: WorkerId,
    /// What that person is called.
    pub worker_name: String,
    /// When.
    pub at_ms: u64,
    /// The same in words.
    pub at: String,
    /// What it is about.
    pub places: Vec<String>,
    /// What it writes.
    pub what: Vec<String>,
    /// `applied`, `quarantined`, `rejected`, `waiting`, `unknown_device`, or `missing` (not at the office).
    pub state: &'static str,
    /// The state in words.
    pub state_label: String,
}

/// One command that opened.
struct Opened {
    stamp: Stamp,
    docs: Vec<DocId>,
    rescued: Rescued,
    keys: KeyBundle,
}

/// Says what a rescue file holds, and changes nothing.
pub fn read_rescue(office: &Office, file: &[u8], by: WorkerId) -> Result<RescueView, OfficeError> {
    audit::note_read(office, by, Deed::RescueRead, None)?;
    let (opened, mut view) = open(office, file);
    office.store().read(|tx| {
        let mut words = Words::new(office, tx)?;
        // What builds on an earlier command of the file is shown on top of it.
        let mut known = BTreeMap::new();
        for one in &opened {
            let state = standing(tx, one.stamp.command)?;
            view.commands.push(line(office, tx, &mut words, &mut known, one, state)?);
        }
        Ok(view)
    })
}

/// Lets in what is not at the office yet, each command by itself and each with its own verdict, as if
/// its device had brought it.
pub fn apply_rescue(office: &Office, file: &[u8], by: WorkerId) -> Result<RescueView, OfficeError> {
    audit::note_read(office, by, Deed::RescueRead, None)?;
    let (opened, mut view) = open(office, file);
    let inner = office.clone();
    office.store().write(move |tx| {
        let mut words = Words::new(&inner, tx)?;
        for one in &opened {
            let mut state = standing(tx, one.stamp.command)?;
            // In words before it is taken: what stands already would not fit a second time.
            let mut said = line(&inner, tx, &mut words, &mut BTreeMap::new(), one, state)?;
            if !matches!(state, State::At(Outcome::Applied | Outcome::Quarantined, _)) {
                state = bring(&inner, tx, one)?;
                (said.state, said.state_label) = state.words();
            }
            view.commands.push(said);
        }
        Ok(view)
    })
}

fn open(office: &Office, file: &[u8]) -> (Vec<Opened>, RescueView) {
    let (records, damaged_bytes) = read_records(file);
    let mut view = RescueView { damaged_bytes, ..RescueView::default() };
    // A command that was done again has several records: the last one holds.
    let last: BTreeMap<CommandId, _> = records.into_iter().map(|r| (r.command, r)).collect();
    let mut opened = Vec::new();
    for (command, record) in last {
        let read = || {
            let rescued = open_record(&office.secrets().boxes, &record).ok()?;
            let batch = DraftBatch::read(&rescued.batch, 1).ok()?;
            let stamp = batch.commands.first()?.stamp;
            let whole = |doc: &DocRef| if let DocRef::Whole(doc) = doc { Some(*doc) } else { None };
            let docs = batch.docs.iter().filter_map(whole).collect();
            let keys = KeyBundle::decode(&rescued.keys).ok()?;
            (stamp.command == command).then_some(Opened { stamp, docs, rescued, keys })
        };
        match read() {
            Some(one) => opened.push(one),
            None => view.unreadable.push(command),
        }
    }
    opened.sort_by_key(|one| (one.stamp.at, one.stamp.command));
    (opened, view)
}

/// How a command stands at the office.
#[derive(Clone, Copy)]
enum State {
    Missing,
    UnknownDevice,
    At(Outcome, u16),
}

impl State {
    fn words(self) -> (&'static str, String) {
        let why = |code: u16| Code::from_number(code).map(|c| format!("：{}", c.sentence())).unwrap_or_default();
        match self {
            State::Missing => ("missing", "还没到社区".to_owned()),
            State::UnknownDevice => ("unknown_device", "终端不是这个社区的".to_owned()),
            State::At(Outcome::Applied | Outcome::Duplicate, _) => ("applied", "已入册".to_owned()),
            State::At(Outcome::Quarantined, code) => ("quarantined", format!("待核{}", why(code))),
            State::At(Outcome::Rejected, code) => ("rejected", format!("退回{}", why(code))),
            State::At(Outcome::Waiting | Outcome::SendInFull, _) => ("waiting", "它接着的上一步不在社区".to_owned()),
        }
    }
}

fn standing(tx: &Tx<'_>, command: CommandId) -> Result<State, OfficeError> {
    let fates = tx.command_fates(command)?;
    let of =
        |outcome: Outcome| fates.iter().find(|f| f.outcome == number_of(outcome)).map(|f| State::At(outcome, f.code));
    let state = of(Outcome::Applied).or_else(|| of(Outcome::Quarantined)).or_else(|| of(Outcome::Rejected));
    Ok(state.unwrap_or(State::Missing))
}

fn bring(office: &Office, tx: &Tx<'_>, one: &Opened) -> Result<State, OfficeError> {
    let Some(device) = tx.device(one.stamp.by.device)? else { return Ok(State::UnknownDevice) };
    let Ok(batch) = DraftBatch::read(&one.rescued.batch, 1) else { return Ok(State::Missing) };
    let sender = Sender { offline_since_ms: device.last_contact_ms, device, now_ms: office.now_ms(), by_hand: true };
    let taken = take(office, tx, &sender, batch, &one.keys)?;
    Ok(taken.verdicts.first().map_or(State::Missing, |v| State::At(v.outcome, v.code)))
}

fn line(
    office: &Office,
    tx: &Tx<'_>,
    words: &mut Words<'_, '_>,
    known: &mut BTreeMap<DocId, Register>,
    one: &Opened,
    state: State,
) -> Result<RescuedView, OfficeError> {
    let held = read(tx, known, one.docs.clone(), &one.rescued.batch)?;
    let (places, what) = held.in_words(office, tx, words, one.keys.keys.clone())?;
    known.extend(held.after);
    let (state, state_label) = state.words();
    Ok(RescuedView {
        command: one.stamp.command,
        device: one.stamp.by.device,
        worker: one.stamp.by.worker,
        worker_name: words.worker(one.stamp.by.worker)?,
        at_ms: one.stamp.at.wall_ms,
        at: words::time(one.stamp.at.wall_ms),
        places,
        what,
        state,
        state_label,
    })
}
