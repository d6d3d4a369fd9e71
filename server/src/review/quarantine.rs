//! What is held back, in words: whose, about which door or matter, when, why, and what to do.

use super::discard::{note_of, reason_in_words};
use super::error::ReviewError;
use super::filter::{self, Filter, Whereabouts};
use super::held::read_row;
use super::held_words::{todo, why};
use super::release::{forgotten, plan};
use super::words::{self, Words};
use crate::ingest::hold::held_keys;
use crate::office::{Office, OfficeError};
use crate::store::Tx;
use crate::store::sqlite::QuarantineRow;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{CommandId, DeviceId, WorkerId};
use serde::{Deserialize, Serialize};

/// A command that is held back. Values are in the clear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldView {
    /// Number that people use.
    pub id: i64,
    /// `held`, `released` or `discarded`.
    pub state: String,
    /// The state in words.
    pub state_label: &'static str,
    /// The command.
    pub command: CommandId,
    /// From which device.
    pub device: DeviceId,
    /// Whose device.
    pub worker: WorkerId,
    /// What that person is called.
    pub worker_name: String,
    /// Who signed the command, if somebody else.
    pub signed_by: Option<String>,
    /// When it was written.
    pub at: String,
    /// When it came.
    pub received_ms: u64,
    /// The same in words.
    pub received_at: String,
    /// Grids, by name.
    pub grids: Vec<String>,
    /// What it is about: an address, a person at an address, a matter.
    pub places: Vec<String>,
    /// What it writes, in words.
    pub what: Vec<String>,
    /// Permanent name of the reason.
    pub code: &'static str,
    /// Why, in words.
    pub why: String,
    /// What to do about it, in words.
    pub todo: String,
    /// True if it could be let in as things stand now.
    pub fits: bool,
    /// Why not, in words.
    pub why_not: Option<String>,
    /// Who let it in or put it away.
    pub settled_by: Option<String>,
    /// When.
    pub settled_at: Option<String>,
    /// Why it was put away, in words.
    pub reason: Option<String>,
    /// Where it is.
    #[serde(skip)]
    pub(super) whereabouts: Vec<Whereabouts>,
}

/// Which of what is held back somebody asks for, in words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HeldAsked {
    /// `held`, `released`, `discarded`; none or `all` for every state.
    pub state: Option<String>,
    /// The reason's permanent name.
    pub code: Option<String>,
    /// Whose device, by name or id.
    pub worker: Option<String>,
    /// A device by id.
    pub device: Option<String>,
    /// A grid by name, code or id.
    pub grid: Option<String>,
    /// A building, or a door.
    pub door: Option<String>,
    /// Came longer ago than this.
    pub older_than: Option<String>,
    /// Only what has a larger number than this: where a list goes on.
    pub after: Option<i64>,
    /// Only so many.
    pub limit: Option<usize>,
}

/// Why it is held, where the device that signed it is none of the office's.
const SIGNED_ELSEWHERE: &str =
    "署名的那台终端社区没有登记（多半是从备份恢复前登记的，恢复后还没重新登记），由另一台终端代为送来。";
/// Rows that are read at once.
const CHUNK: u32 = 200;

/// What is held back, of one state if given, oldest first.
pub fn list_quarantine(office: &Office, state: Option<&str>) -> Result<Vec<HeldView>, OfficeError> {
    office.store().read(|tx| {
        let mut words = Words::new(office, tx)?;
        tx.quarantine(state)?.iter().map(|row| view(office, tx, &mut words, row)).collect()
    })
}

/// What is held back and asked for, oldest first.
pub fn find_quarantine(office: &Office, asked: &HeldAsked) -> Result<Vec<HeldView>, ReviewError> {
    office.store().read(|tx| Ok(select(office, tx, asked)?.into_iter().map(|(_, view)| view).collect()))
}

/// Rows that are asked for, with their words.
pub(super) fn select(
    office: &Office,
    tx: &Tx<'_>,
    asked: &HeldAsked,
) -> Result<Vec<(QuarantineRow, HeldView)>, ReviewError> {
    let unknown = |what: &'static str, said: &str| ReviewError::FilterUnknown { what, said: said.to_owned() };
    let state = match asked.state.as_deref() {
        None | Some("all") => None,
        Some(said) if ["held", "released", "discarded"].contains(&said) => Some(said),
        Some(said) => return Err(unknown("状态", said)),
    };
    let code = |said: &String| {
        Code::ALL.iter().find(|c| c.name() == said.trim()).copied().ok_or_else(|| unknown("原因", said))
    };
    let device = |said: &String| said.trim().parse::<DeviceId>().map_err(|_| unknown("终端", said));
    let code = asked.code.as_ref().map(code).transpose()?;
    let device = asked.device.as_ref().map(device).transpose()?;
    let worker = asked.worker.as_deref().map(|said| filter::worker(office, tx, said)).transpose()?;
    let age = |said: &String| filter::age(said.trim()).ok_or_else(|| unknown("时长", said));
    let age = asked.older_than.as_ref().map(age).transpose()?;
    let mut place =
        Filter { grid: asked.grid.as_deref().map(|said| filter::grid(tx, said)).transpose()?, ..Filter::default() };
    if let Some(said) = &asked.door {
        (place.building, place.door) = filter::place(office, tx, said)?;
    }
    let mut words = Words::new(office, tx)?;
    let mut list = Vec::new();
    let mut after = asked.after.unwrap_or(i64::MIN);
    let mut rows = tx.quarantine_after(state, after, CHUNK)?.into_iter();
    while asked.limit.is_none_or(|limit| list.len() < limit) {
        let row = match rows.next() {
            Some(row) => row,
            None => {
                rows = tx.quarantine_after(state, after, CHUNK)?.into_iter();
                match rows.next() {
                    Some(row) => row,
                    None => break,
                }
            }
        };
        after = row.id;
        let wanted = code.is_none_or(|c| c.number() == row.code)
            && device.is_none_or(|d| d == row.device)
            && worker.is_none_or(|w| w == row.worker)
            && age.is_none_or(|age| office.now_ms().saturating_sub(row.received_ms) >= age);
        if wanted {
            let view = view(office, tx, &mut words, &row)?;
            if place == Filter::default() || view.whereabouts.iter().any(|w| w.is(&place)) {
                list.push((row, view));
            }
        }
    }
    Ok(list)
}

fn view(office: &Office, tx: &Tx<'_>, words: &mut Words<'_, '_>, row: &QuarantineRow) -> Result<HeldView, OfficeError> {
    let code = Code::from_number(row.code).unwrap_or(Code::Structure);
    let why_not = if row.state == "held" { cannot(office, tx, row)? } else { None };
    let settled = row.settled.as_ref();
    let mut line = HeldView {
        id: row.id,
        state: row.state.clone(),
        state_label: state_label(&row.state),
        command: row.command,
        device: row.device,
        worker: row.worker,
        worker_name: words.worker(row.worker)?,
        signed_by: None,
        at: String::new(),
        received_ms: row.received_ms,
        received_at: words::time(row.received_ms),
        grids: Vec::new(),
        places: Vec::new(),
        what: Vec::new(),
        code: code.name(),
        why: why(code).to_owned(),
        todo: todo(code).to_owned(),
        fits: row.state == "held" && why_not.is_none(),
        why_not,
        settled_by: settled.map(|s| words.who(&s.who)).transpose()?,
        settled_at: settled.map(|s| words::time(s.at_ms)),
        reason: settled.and_then(|s| reason_in_words(s.reason.as_deref()?, note_of(office, row))),
        whereabouts: Vec::new(),
    };
    let held = read_row(tx, row)?;
    if let Some(command) = &held.command {
        let by = command.stamp.by.worker;
        line.signed_by = if by == row.worker { None } else { Some(words.worker(by)?) };
        line.at = words::time(command.stamp.at.wall_ms);
        if code == Code::NotTheAuthor && forgotten(office, tx, command.stamp.by.device)? {
            line.why = SIGNED_ELSEWHERE.to_owned();
        }
    }
    let keys = held_keys(office, row)?;
    let mut ring = office.ring(tx, held.after.keys().map(|d| d.uuid))?;
    ring.extend(keys.clone());
    for register in held.after.values() {
        let whereabouts = Whereabouts::of(tx, words, &View::new(register, &ring))?;
        let grid = whereabouts.grid.and_then(|g| words.grid(g)).map(str::to_owned);
        line.grids.extend(grid.filter(|g| !line.grids.contains(g)));
        line.whereabouts.push(whereabouts);
    }
    (line.places, line.what) = held.in_words(office, tx, words, keys)?;
    Ok(line)
}

/// Why it cannot be let in as things stand; none if it can.
fn cannot(office: &Office, tx: &Tx<'_>, row: &QuarantineRow) -> Result<Option<String>, OfficeError> {
    match plan(office, tx, row) {
        Ok(_) => Ok(None),
        Err(ReviewError::DoesNotFit { why, .. }) => Ok(Some(why)),
        Err(ReviewError::Office(error)) => Err(error),
        Err(other) => Ok(Some(other.to_string())),
    }
}

pub(super) fn state_label(state: &str) -> &'static str {
    match state {
        "held" => "待核",
        "released" => "已放行",
        _ => "已作废",
    }
}
