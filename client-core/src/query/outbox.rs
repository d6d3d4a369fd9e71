//! What is not at the office yet, in words: which door, what, since when, how it stands, what to do.

use super::conflicts::called;
use super::sight::{Sight, address};
use crate::device::Device;
use crate::edit::{Intent, resident_of, ticket_of};
use crate::outbox::{Intended, OutboxRow, OutboxState};
use crate::store::StoreError;
use crate::store::outbox::PlaceAndAbout;
use qiaomen_proto::change::Answer;
use qiaomen_proto::entity::kind_spec;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{BuildingId, CommandId, DocId, HouseholdId, Kind};
use qiaomen_proto::merge::fold::EventKind;
use qiaomen_proto::normalise::{RoomKey, UnitKey};
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
    pub why: Option<String>,
    /// What the worker can do.
    pub what_to_do: &'static str,
    /// How often it was done again under a new store name.
    pub redone: u32,
}

/// A command in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct CommandWords {
    /// 3号楼2单元502 王某某:改联系电话.
    pub sentence: String,
    /// What was done, in a few words.
    pub title: &'static str,
    /// Where.
    pub place: Option<String>,
    /// To whom, or with which matter.
    pub about: Option<String>,
    /// The document that it is about, as `kind/id`.
    pub document: Option<String>,
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
                why: row.sentence().map(str::to_owned),
                what_to_do: what_to_do(row.state, Code::from_number(row.code)),
                redone: row.redone,
            })
        })
        .collect()
}

fn what_to_do(state: OutboxState, code: Option<Code>) -> &'static str {
    match state {
        OutboxState::Rejected if matches!(code, Some(Code::PutAwayDoneAgain | Code::PutAwayTrial)) => {
            "看过以后可以把这一条丢掉。"
        }
        // Nobody but its author can say it as it should be said.
        OutboxState::Quarantined if matches!(code, Some(Code::ValueForm | Code::ValueBounds)) => {
            "社区已留存。请照原因改好,重新办一次;原来这一条由社区处理。"
        }
        OutboxState::Pending => "下次同步时送出。",
        OutboxState::Waiting if code == Some(Code::HeldFull) => "等社区处理掉一些留存的,会自动再送。",
        OutboxState::Waiting => "社区在等它前面的一条,会自动再送。",
        OutboxState::Rejected => "请照原因改好,重新办一次;看过以后可以把这一条丢掉。",
        OutboxState::Quarantined => "不用重办,等社区处理。",
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
            return Ok(CommandWords { sentence: title.to_owned(), title, ..CommandWords::default() });
        };
        let (doc, what) = subject(command, known);
        let (place, about) = match self.sight.tx.kept_words(command)? {
            Some(kept) => kept,
            None => self.place_and_about(known, doc)?,
        };
        let before: Vec<&str> = [place.as_deref(), about.as_deref()].into_iter().flatten().collect();
        let sentence = if before.is_empty() { what } else { format!("{}:{what}", before.join(" ")) };
        let document = doc.or(match known {
            Intent::RegisterHousehold { building, unit, room } => self.door(*building, unit, room).map(|d| d.0.into()),
            _ => None,
        });
        Ok(CommandWords { sentence, title: known.title(), place, about, document: document.map(|d| d.to_string()) })
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
        || "(未登记姓名)".to_owned(),
        |(_, answer)| match answer {
            Answer::Value(name) => name.trim().to_owned(),
            _ => "(未登记姓名)".to_owned(),
        },
    )
}

/// What a command is about, and what it does, in words.
fn subject(command: CommandId, intent: &Intent) -> (Option<DocId>, String) {
    match intent {
        Intent::RegisterHousehold { .. } => (None, "登记这一户".to_owned()),
        Intent::CorrectHousehold { household, field, answer } => {
            (Some((*household).into()), answered(Kind::Household, field, answer))
        }
        Intent::OpenOccupancy { household, kind, .. } => (Some((*household).into()), format!("登记住户({kind})")),
        Intent::CloseOccupancy { household, until, .. } => (Some((*household).into()), format!("住户 {until} 迁出")),
        Intent::RegisterResident { .. } => (Some(resident_of(command).into()), "登记居民".to_owned()),
        Intent::CorrectResident { resident, field, answer } => {
            (Some((*resident).into()), answered(Kind::Resident, field, answer))
        }
        Intent::MoveResident { resident, on, .. } => (Some((*resident).into()), format!("{on} 搬家")),
        Intent::MoveOut { resident, on } => (Some((*resident).into()), format!("{on} 迁出")),
        Intent::RefuseDoor { household, withdrawn, .. } => {
            (Some((*household).into()), if *withdrawn { "取消整户拒访" } else { "整户拒访" }.to_owned())
        }
        Intent::Note { doc, .. } => (Some(*doc), "备注".to_owned()),
        Intent::Visit { household, outcome, .. } => (Some((*household).into()), format!("走访,{}", outcome.label())),
        Intent::Call { household, outcome, .. } => (Some((*household).into()), format!("电话,{}", outcome.label())),
        Intent::Patrol { outcome, .. } => (None, format!("巡查,{}", outcome.label())),
        Intent::ReportTicket { category, .. } => (Some(ticket_of(command).into()), format!("上报诉求({category})")),
        Intent::AttachPhotos { ticket, photos } => (Some((*ticket).into()), format!("照片 {} 张", photos.len())),
        Intent::AdvanceTicket { ticket, event, .. } => {
            (Some((*ticket).into()), EventKind::from_number(*event).title().to_owned())
        }
    }
}

fn answered(kind: Kind, field: &str, answer: &Answer<String>) -> String {
    let label = kind_spec(kind).head_field(field).map_or(field, |f| f.label);
    match answer {
        Answer::Value(_) => format!("改{label}"),
        Answer::Refused => format!("{label}拒绝提供"),
        Answer::Unknown => format!("{label}不清楚"),
        Answer::Cleared => format!("清除{label}"),
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
