//! Trainings 培训: when, about what, who of the roster was there. The rate of the trained is one of the figures of the
//! yearly report; each worker sees the own trainings on the device, and nobody is held against another.

use super::audit::{self, Deed};
use super::staff::Names;
use crate::desk::roster::day_at;
use crate::office::{Office, OfficeError};
use crate::store::sqlite::TrainingRow;
use crate::store::{StoreError, Tx};
use chrono::{Datelike as _, NaiveDate};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::WorkerId;
use qiaomen_proto::limits::{TRAINING_TOPIC_CHARACTERS_MAX, TRAININGS_PER_WORKER_MAX};
use qiaomen_proto::person::parse_date;
use qiaomen_proto::wire::training::Training;
use serde::Serialize;
use std::collections::BTreeSet;

/// Trainings that are kept at most: one each day for some twenty years.
pub const TRAININGS_MAX: usize = 8_000;
/// The first year that somebody may have been trained in.
const FIRST_YEAR: i32 = 1990;

/// A training in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrainingLine {
    /// Its id, in hexadecimal digits.
    pub id: String,
    /// The day.
    pub on: String,
    /// What it was about.
    pub topic: String,
    /// How many were there.
    pub there: u32,
}

/// The trainings of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrainingsPage {
    /// Which year.
    pub year: i32,
    /// This year.
    pub this_year: i32,
    /// The latest first.
    pub lines: Vec<TrainingLine>,
    /// Who is on the roster.
    pub roster: usize,
    /// Of them: who was at a training in that year.
    pub trained: usize,
}

impl TrainingsPage {
    /// The trained share of the roster 培训率, in whole percent, cut off: 99 is not everybody.
    pub fn rate_percent(&self) -> Option<usize> {
        (self.trained * 100).checked_div(self.roster)
    }
}

/// Somebody of the roster beside a training.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attendee {
    /// Who.
    pub id: WorkerId,
    /// Name.
    pub name: String,
    /// What people call the role.
    pub title: &'static str,
    /// True if she was there.
    pub there: bool,
}

/// Why a training is not written down.
#[derive(Debug, thiserror::Error)]
pub enum TrainingError {
    /// No such training.
    #[error("没有这次培训，可能已经删了。")]
    NotFound,
    /// No day, or none that there is.
    #[error("日期要写成 2026-05-01 这样。")]
    NotADay,
    /// A day that is still to come: who was there nobody can know.
    #[error("这一天还没到。办完再记，才知道谁到了。")]
    NotYet,
    /// No topic.
    #[error("请填写培训内容。")]
    NoTopic,
    /// Too long a topic.
    #[error("培训内容太长了，最多 {TRAINING_TOPIC_CHARACTERS_MAX} 个字。")]
    TopicTooLong,
    /// Nobody was there.
    #[error("请勾选到场的人，至少一位。")]
    NobodyThere,
    /// Somebody who is not on the roster.
    #[error("有一位不在花名册上，没有保存。请刷新后再勾选。")]
    NotOnRoster,
    /// Too many of them.
    #[error("培训已经记了 {TRAININGS_MAX} 次，不能再加。请删掉记重了的。")]
    TooMany,
    /// The office's core.
    #[error(transparent)]
    Office(#[from] OfficeError),
}

impl From<StoreError> for TrainingError {
    fn from(e: StoreError) -> Self {
        Self::Office(e.into())
    }
}

impl TrainingError {
    /// The code that goes with it.
    pub fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Office(error) => error.code(),
            _ => Code::ValueForm,
        }
    }
}

/// What somebody writes down about a training.
#[derive(Debug, Clone, Default)]
pub struct TrainingTold {
    /// The day, as it was typed.
    pub on: String,
    /// What it was about.
    pub topic: String,
    /// Who was there.
    pub there: Vec<WorkerId>,
}

fn year_bounds(year: i32) -> (String, String) {
    (format!("{year:04}-01-01"), format!("{year:04}-12-31"))
}

fn hex(id: &[u8; 16]) -> String {
    uuid::Uuid::from_bytes(*id).simple().to_string()
}

/// The id that a page names.
pub fn parse_id(text: &str) -> Option<[u8; 16]> {
    uuid::Uuid::try_parse(text).ok().map(uuid::Uuid::into_bytes)
}

/// The trainings of a year; of this one if none is asked for.
pub fn trainings(office: &Office, year: Option<i32>) -> Result<TrainingsPage, OfficeError> {
    let this_year = day_at(office.now_ms()).year();
    let year = year.filter(|year| (FIRST_YEAR..=this_year).contains(year)).unwrap_or(this_year);
    let (from, to) = year_bounds(year);
    office.store().read(|tx| {
        let roster: BTreeSet<WorkerId> = tx.workers()?.into_iter().map(|w| w.id).collect();
        let trained = tx.trained_within(&from, &to)?.into_iter().filter(|id| roster.contains(id)).count();
        let lines = tx.trainings(&from, &to)?.into_iter();
        let lines = lines.map(|(t, there)| TrainingLine { id: hex(&t.id), on: t.on, topic: t.topic, there }).collect();
        Ok(TrainingsPage { year, this_year, lines, roster: roster.len(), trained })
    })
}

/// A training, and everybody of the roster beside it; with none, as a new one would be.
pub fn training(office: &Office, id: Option<[u8; 16]>) -> Result<(TrainingLine, Vec<Attendee>), TrainingError> {
    office.store().read(|tx| {
        let (line, there) = match id {
            Some(id) => {
                let row = tx.training(&id)?.ok_or(TrainingError::NotFound)?;
                let there: BTreeSet<WorkerId> = tx.trained_by(&id)?.into_iter().collect();
                let count = u32::try_from(there.len()).unwrap_or(u32::MAX);
                (TrainingLine { id: hex(&id), on: row.on, topic: row.topic, there: count }, there)
            }
            None => {
                let on = day_at(office.now_ms()).to_string();
                (TrainingLine { id: String::new(), on, topic: String::new(), there: 0 }, BTreeSet::new())
            }
        };
        let mut names = Names::default();
        let mut staff = Vec::new();
        for row in tx.workers()? {
            let name = names.of(office, tx, row.id)?;
            staff.push((
                row.role.number(),
                Attendee { id: row.id, name, title: row.role.title(), there: there.contains(&row.id) },
            ));
        }
        staff.sort_by(|(role, a), (other, b)| (role, &a.name, a.id).cmp(&(other, &b.name, b.id)));
        Ok((line, staff.into_iter().map(|(_, attendee)| attendee).collect()))
    })
}

/// Writes a training down: a new one with none, else that one anew. Its id.
pub fn put(office: &Office, id: Option<[u8; 16]>, told: TrainingTold, by: WorkerId) -> Result<String, TrainingError> {
    let today = day_at(office.now_ms());
    let on = day_of(&told.on, today)?;
    let topic = told.topic.trim().to_owned();
    if topic.is_empty() || topic.chars().any(char::is_control) {
        return Err(TrainingError::NoTopic);
    }
    if topic.chars().count() > TRAINING_TOPIC_CHARACTERS_MAX {
        return Err(TrainingError::TopicTooLong);
    }
    let there: BTreeSet<WorkerId> = told.there.into_iter().collect();
    if there.is_empty() {
        return Err(TrainingError::NobodyThere);
    }
    let fresh: [u8; 16] = office.random().map_err(OfficeError::from)?;
    let (inner, new) = (office.clone(), id.is_none());
    let id = id.unwrap_or(fresh);
    office.store().write(move |tx| {
        if new && let Some(same) = written_before(tx, &on, &topic, &there)? {
            // The button was touched twice, or the answer was lost: once is enough.
            return Ok(hex(&same));
        }
        if new && tx.training_count()? >= TRAININGS_MAX {
            return Err(TrainingError::TooMany);
        }
        let before: BTreeSet<WorkerId> = if new {
            BTreeSet::new()
        } else {
            tx.training(&id)?.ok_or(TrainingError::NotFound)?;
            tx.trained_by(&id)?.into_iter().collect()
        };
        for worker in there.difference(&before) {
            // Who was there and has left the roster since stays where she was.
            tx.worker(*worker)?.ok_or(TrainingError::NotOnRoster)?;
        }
        let there: Vec<WorkerId> = there.into_iter().collect();
        tx.put_training(&TrainingRow { id, on, topic }, &there, inner.now_ms())?;
        told_to_devices(&inner, tx, by, Deed::TrainingPut, &id)?;
        Ok(hex(&id))
    })
}

/// The same training, if it is written down: of one day, about one thing, with the same people.
fn written_before(
    tx: &Tx<'_>,
    on: &str,
    topic: &str,
    there: &BTreeSet<WorkerId>,
) -> Result<Option<[u8; 16]>, StoreError> {
    for (training, _) in tx.trainings(on, on)?.into_iter().filter(|(training, _)| training.topic == topic) {
        if tx.trained_by(&training.id)?.into_iter().collect::<BTreeSet<_>>() == *there {
            return Ok(Some(training.id));
        }
    }
    Ok(None)
}

/// Takes a training away that was written down by mistake.
pub fn remove(office: &Office, id: [u8; 16], by: WorkerId) -> Result<(), TrainingError> {
    let inner = office.clone();
    office.store().write(move |tx| {
        if !tx.remove_training(&id)? {
            return Err(TrainingError::NotFound);
        }
        Ok(told_to_devices(&inner, tx, by, Deed::TrainingRemoved, &id)?)
    })
}

/// Devices get their worker's trainings with the reference data: it is new for them.
fn told_to_devices(office: &Office, tx: &Tx<'_>, by: WorkerId, deed: Deed, id: &[u8; 16]) -> Result<(), StoreError> {
    Office::reference_changed(tx)?;
    audit::note(office, tx, by, deed, Some(id))
}

fn day_of(text: &str, today: NaiveDate) -> Result<String, TrainingError> {
    let day = parse_date(text.trim()).filter(|day| day.year() >= FIRST_YEAR).ok_or(TrainingError::NotADay)?;
    if day > today { Err(TrainingError::NotYet) } else { Ok(day.to_string()) }
}

/// What a device is told of its worker's trainings, the latest first.
pub(crate) fn of_worker(tx: &Tx<'_>, worker: WorkerId) -> Result<Vec<Training>, StoreError> {
    let limit = u32::try_from(TRAININGS_PER_WORKER_MAX).unwrap_or(u32::MAX);
    Ok(tx.trainings_of(worker, limit)?.into_iter().map(|t| Training { on: t.on, topic: t.topic }).collect())
}
