//! What is not at the office yet, in words: which door, what, since when, how it stands, what to do.

use super::conflicts::called;
use super::sight::{Sight, address};
use crate::device::Device;
use crate::edit::{Intent, resident_of, ticket_of};
use crate::outbox::{Intended, OutboxRow, OutboxState};
use crate::project::entry::kind_name;
use crate::store::StoreError;
use crate::store::outbox::PlaceAndAbout;
use qiaomen_proto::change::Answer;
use qiaomen_proto::entity::kind_spec;
use qiaomen_proto::entity::record::Outcome;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{BuildingId, CommandId, DocId, HouseholdId, Kind};
use qiaomen_proto::merge::fold::EventKind;
use qiaomen_proto::normalise::{RoomKey, UnitKey};
use qiaomen_proto::sentence;
use qiaomen_proto::sentence::Sentence;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// One command that the office has not confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutboxLine {
    /// Its id.
    pub command: String,
    /// In words.
    #[serde(flatten)]
    pub said: CommandWords,
    /// When it was done, in milliseconds since 1970.
    pub at_ms: u64,
    /// When, as people read it.
    pub at: String,
    /// How it stands: `pending`, `waiting`, `rejected`, `quarantined`.
    pub state: OutboxState,
    /// In Chinese.
    pub state_title: &'static str,
    /// The office's permanent code, if it gave one.
    pub code: Option<&'static str>,
    /// Why it is not there, if somebody said so.
    pub why: Option<Sentence>,
    /// What the worker can do.
    pub what_to_do: Sentence,
    /// How often it was done again under a new store name.
    pub redone: u32,
}

/// A command in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct CommandWords {
    /// 3号楼2单元502 王某某:改联系电话.
    pub sentence: String,
    /// 改联系电话.
    #[serde(skip)]
    pub what: Sentence,
    /// What was done, in a few words.
    pub title: &'static str,
    /// Where.
    pub place: Option<String>,
    /// To whom, or with which matter.
    pub about: Option<String>,
    /// The document that it is about, as `kind/id`.
    pub document: Option<String>,
}

impl CommandWords {
    /// Where it was done, and to whom or what; empty where neither is known.
    pub fn whereabouts(&self) -> String {
        [self.place.as_deref(), self.about.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// Everything that is not confirmed, oldest first.
pub(crate) fn outbox(sight: &Sight<'_>) -> Result<Vec<OutboxLine>, StoreError> {
    let rows = sight.tx.outbox()?;
    let words = Words::new(sight, &rows);
    rows.iter()
        .map(|row| {
            let at_ms = row.stamp.at.wall_ms;
            Ok(OutboxLine {
                command: row.command.to_string(),
                said: words.of(row.command, &row.intent)?,
                at_ms,
                at: sight.time(at_ms),
                state: row.state,
                state_title: row.state.title(),
                code: Code::from_number(row.code).map(Code::name),
                why: row.sentence(),
                what_to_do: what_to_do(row.state, Code::from_number(row.code)),
                redone: row.redone,
            })
        })
        .collect()
}

fn what_to_do(state: OutboxState, code: Option<Code>) -> Sentence {
    match state {
        OutboxState::Rejected if matches!(code, Some(Code::PutAwayDoneAgain | Code::PutAwayTrial)) => {
            sentence!("todo-put-away", "看过以后可以把这一条丢掉。")
        }
        // Nobody but its author can say it as it should be said.
        OutboxState::Quarantined if matches!(code, Some(Code::ValueForm | Code::ValueBounds)) => {
            sentence!("todo-kept-do-again", "社区已留存。请照原因改好，重新办一次；原来这一条由社区处理。")
        }
        OutboxState::Pending => sentence!("todo-pending", "下次同步时送出。"),
        OutboxState::Waiting if code == Some(Code::HeldFull) => {
            sentence!("todo-waiting-room", "等社区处理掉一些留存的，会自动再送。")
        }
        OutboxState::Waiting => sentence!("todo-waiting", "社区在等它前面的一条，会自动再送。"),
        OutboxState::Rejected => {
            sentence!("todo-do-again", "请照原因改好，重新办一次；看过以后可以把这一条丢掉。")
        }
        OutboxState::Quarantined => sentence!("todo-nothing", "不用重办，等社区处理。"),
    }
}

/// Tells commands in words. Knows what the outbox itself made and the book does not show, as a door
/// that the office refused.
pub(crate) struct Words<'a> {
    sight: &'a Sight<'a>,
    made: BTreeMap<DocId, (String, Option<String>)>,
}

impl<'a> Words<'a> {
    pub(crate) fn new(sight: &'a Sight<'a>, rows: &[OutboxRow]) -> Self {
        let mut words = Self { sight, made: BTreeMap::new() };
        for row in rows {
            if let Some(intent) = row.intent.known() {
                words.remember(row.command, intent);
            }
        }
        words
    }

    fn remember(&mut self, command: CommandId, intent: &Intent) {
        match intent {
            Intent::RegisterHousehold { building, unit, room } => {
                if let Some((id, said)) = self.door(*building, unit, room) {
                    self.made.insert(id.into(), (said, None));
                }
            }
            Intent::RegisterResident { household, fields } => {
                let place = self.made.get(&(*household).into()).map(|(place, _)| place.clone());
                self.made.insert(resident_of(command).into(), (name_in(fields), place));
            }
            Intent::ReportTicket { text, .. } => {
                self.made.insert(ticket_of(command).into(), (text.clone(), None));
            }
            _ => {}
        }
    }

    fn door(&self, building: BuildingId, unit: &str, room: &str) -> Option<(HouseholdId, String)> {
        let unit = UnitKey::parse(unit).ok()?;
        let room = RoomKey::parse(room).ok()?;
        let name = self.sight.building(&building.to_string()).unwrap_or_default();
        Some((HouseholdId::of(building, &unit, &room), address(&name, unit.as_str(), room.as_str())))
    }

    /// What a document is called and where it is: as the book has it, else as the outbox made it.
    fn called(&self, doc: DocId) -> Result<(String, Option<String>), StoreError> {
        let id = doc.uuid.to_string();
        let here = match doc.kind {
            Kind::Household => self.sight.tx.door(&id)?.is_some(),
            Kind::Resident => self.sight.tx.resident(&id)?.is_some(),
            Kind::Ticket => self.sight.tx.ticket(&id)?.is_some(),
            Kind::Diary => false,
        };
        match self.made.get(&doc).filter(|_| !here) {
            Some(made) => Ok(made.clone()),
            None => called(self.sight, doc),
        }
    }

    /// A command in words.
    pub(crate) fn of(&self, command: CommandId, intent: &Intended) -> Result<CommandWords, StoreError> {
        let Some(known) = intent.known() else {
            let title = intent.title();
            let what = sentence!("act-unknown", "未知的办理");
            return Ok(CommandWords { sentence: title.to_owned(), what, title, ..CommandWords::default() });
        };
        let (doc, what) = subject(command, known);
        let (place, about) = match self.sight.tx.kept_words(command)? {
            Some(kept) => kept,
            None => self.place_and_about(known, doc)?,
        };
        let document = doc.or(match known {
            Intent::RegisterHousehold { building, unit, room } => self.door(*building, unit, room).map(|d| d.0.into()),
            _ => None,
        });
        let (title, document) = (known.title(), document.map(|d| d.to_string()));
        let mut words = CommandWords { sentence: what.to_string(), what, title, place, about, document };
        let before = words.whereabouts();
        if !before.is_empty() {
            words.sentence = format!("{before}：{}", words.sentence);
        }
        Ok(words)
    }

    fn place_and_about(&self, known: &Intent, doc: Option<DocId>) -> Result<PlaceAndAbout, StoreError> {
        Ok(match (known, doc) {
            (Intent::RegisterHousehold { building, unit, room }, _) => {
                (self.door(*building, unit, room).map(|d| d.1), None)
            }
            (Intent::RegisterResident { household, fields }, _) => {
                (Some(self.called((*household).into())?.0), Some(name_in(fields)))
            }
            (Intent::ReportTicket { household: Some(door), text, .. }, _) => {
                (Some(self.called((*door).into())?.0), Some(text.clone()))
            }
            (Intent::ReportTicket { building, text, .. }, _) => {
                (building.and_then(|b| self.sight.building(&b.to_string())), Some(text.clone()))
            }
            (Intent::Patrol { building, .. }, _) => (building.and_then(|b| self.sight.building(&b.to_string())), None),
            (_, Some(doc)) => match (doc.kind, self.called(doc)?) {
                (Kind::Household, (door, _)) => (Some(door), None),
                (_, (about, place)) => (place, Some(about)),
            },
            (_, None) => (None, None),
        })
    }
}

/// Keeps in words what refused and held commands were about, before these documents leave.
pub(crate) fn keep_words(sight: &Sight<'_>, gone: &[DocId]) -> Result<(), StoreError> {
    let rows = sight.tx.outbox()?;
    let words = Words::new(sight, &rows);
    for row in rows.iter().filter(|row| !row.state.is_unconfirmed()) {
        let docs = sight.tx.docs_of(row.command)?;
        if docs.iter().any(|d| gone.contains(d)) {
            let said = words.of(row.command, &row.intent)?;
            sight.tx.keep_words(row.command, said.place.as_deref(), said.about.as_deref())?;
        }
    }
    Ok(())
}

fn name_in(fields: &[(String, Answer<String>)]) -> String {
    fields.iter().find(|(field, _)| field == "name").map_or_else(
        || super::in_place::UNNAMED.to_owned(),
        |(_, answer)| match answer {
            Answer::Value(name) => name.trim().to_owned(),
            _ => super::in_place::UNNAMED.to_owned(),
        },
    )
}

/// What a command is about, and what it does, in words.
fn subject(command: CommandId, intent: &Intent) -> (Option<DocId>, Sentence) {
    match intent {
        Intent::RegisterHousehold { .. } => (None, sentence!("act-register-door", "登记这一户")),
        Intent::CorrectHousehold { household, field, answer } => {
            (Some((*household).into()), answered(Kind::Household, field, answer))
        }
        Intent::OpenOccupancy { household, kind, .. } => {
            (Some((*household).into()), sentence!("act-open-occupancy", "登记住户（{kind}）", kind = kind.as_str()))
        }
        Intent::CloseOccupancy { household, until, .. } => {
            (Some((*household).into()), sentence!("act-close-occupancy", "住户 {until} 搬走", until = until.as_str()))
        }
        Intent::RegisterResident { .. } => {
            (Some(resident_of(command).into()), sentence!("act-register-resident", "登记居民"))
        }
        Intent::CorrectResident { resident, field, answer } => {
            (Some((*resident).into()), answered(Kind::Resident, field, answer))
        }
        Intent::MoveResident { resident, on, .. } => {
            (Some((*resident).into()), sentence!("act-move", "{on} 搬家", on = on.as_str()))
        }
        Intent::MoveOut { resident, on } => {
            (Some((*resident).into()), sentence!("act-move-out", "{on} 搬走", on = on.as_str()))
        }
        Intent::RefuseDoor { household, withdrawn: true, .. } => {
            (Some((*household).into()), sentence!("act-agree-again", "取消整户拒访"))
        }
        Intent::RefuseDoor { household, .. } => (Some((*household).into()), sentence!("act-refuse", "整户拒访")),
        Intent::Note { doc, .. } => (Some(*doc), sentence!("act-note", "备注")),
        Intent::Visit { household, outcome, .. } => {
            (Some((*household).into()), sentence!("act-visit", "走访，{outcome}", outcome = ended(*outcome)))
        }
        Intent::Call { household, outcome, .. } => {
            (Some((*household).into()), sentence!("act-call", "电话，{outcome}", outcome = answered_call(*outcome)))
        }
        Intent::Patrol { outcome, .. } => (None, sentence!("act-patrol", "巡查，{outcome}", outcome = ended(*outcome))),
        Intent::TakeBack { household, kind, .. } => (
            household.map(DocId::from),
            sentence!("act-take-back", "撤回{what}", what = Sentence::of("kind", kind_name(*kind), kind.label())),
        ),
        Intent::ReportTicket { category, .. } => (
            Some(ticket_of(command).into()),
            sentence!("act-report", "上报诉求（{category}）", category = category.as_str()),
        ),
        Intent::AttachPhotos { ticket, photos } => {
            (Some((*ticket).into()), sentence!("act-photos", "照片 {n} 张", n = photos.len()))
        }
        Intent::AdvanceTicket { ticket, event, .. } => {
            let kind = EventKind::from_number(*event);
            (Some((*ticket).into()), Sentence::of("step", kind.name(), kind.title()))
        }
    }
}

/// A call reaches somebody or does not; nobody is met.
fn answered_call(outcome: Outcome) -> Sentence {
    match outcome {
        Outcome::Met => sentence!("call-reached", "通了"),
        Outcome::NotHome => sentence!("call-not-reached", "没人接"),
        other => ended(other),
    }
}

fn ended(outcome: Outcome) -> Sentence {
    Sentence::of("outcome", outcome.name(), outcome.label())
}

fn answered(kind: Kind, field: &str, answer: &Answer<String>) -> Sentence {
    let field = match kind_spec(kind).head_field(field) {
        Some(spec) => Sentence::of("field", spec.name, spec.label),
        None => Sentence::plain(field),
    };
    match answer {
        Answer::Value(_) => sentence!("act-change", "改{field}", field = field),
        Answer::Refused => sentence!("act-refused", "{field}拒绝提供", field = field),
        Answer::Unknown => sentence!("act-unknown-to-them", "{field}不清楚", field = field),
        Answer::Cleared => sentence!("act-clear", "清除{field}", field = field),
    }
}

/// The permanent name of what a command is, for lists of what was done.
pub(crate) fn intent_name(intent: &Intended) -> String {
    match intent.known() {
        Some(Intent::AdvanceTicket { event, .. }) => EventKind::from_number(*event).name().to_owned(),
        _ => serde_json::from_str::<serde_json::Value>(&intent.to_text())
            .ok()
            .and_then(|json| Some(json.get("intent")?.as_str()?.to_owned()))
            .unwrap_or_default(),
    }
}

/// The rescue file: what the office can read without the PIN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RescuePage {
    /// Where it is.
    pub path: PathBuf,
    /// Commands in it.
    pub commands: usize,
    /// Its size.
    pub bytes: u64,
}

impl Device {
    /// What the rescue file holds; nothing where there is none.
    pub fn rescue_page(&self) -> RescuePage {
        let path = self.rescue.path().to_owned();
        RescuePage {
            commands: self.rescue.commands().map_or(0, |c| c.len()),
            bytes: std::fs::metadata(&path).map_or(0, |m| m.len()),
            path,
        }
    }
}
