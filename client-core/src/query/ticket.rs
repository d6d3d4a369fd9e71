//! One matter, whole: what happened in which order, where it stands, what can be done now.

use super::door::{NoteLine, notes};
use super::field::FieldLine;
use super::sight::{Sight, Who};
use super::steps::{StepLine, steps};
use super::tickets::TicketLine;
use crate::store::StoreError;
use qiaomen_proto::change::Stamp;
use qiaomen_proto::entity::ticket;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::TicketId;
use qiaomen_proto::merge::fold::{Stage, TicketEvent, TicketState, fold, satisfaction_title};
use qiaomen_proto::sentence::Sentence;
use serde::Serialize;

/// A matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TicketPage {
    /// As in the list.
    pub ticket: TicketLine,
    /// Its fields.
    pub fields: Vec<FieldLine>,
    /// What happened, in order; with what was kept but not taken as a step.
    pub timeline: Vec<EventLine>,
    /// Whether the resident has been told in this round.
    pub has_feedback: bool,
    /// Whether somebody has looked in this round.
    pub has_check: bool,
    /// How often it was opened again.
    pub reopened_count: u32,
    /// The resident's opinion.
    pub satisfaction: Option<&'static str>,
    /// The matter that this one repeats.
    pub duplicate_of: Option<String>,
    /// What my role could do now.
    pub next_steps: Vec<StepLine>,
    /// Notes, the newest first.
    pub notes: Vec<NoteLine>,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventLine {
    /// Key of its record.
    pub event: String,
    /// The permanent name of what happened.
    pub step: &'static str,
    /// In Chinese.
    pub title: &'static str,
    /// Who.
    pub by: Who,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// When, as people read it.
    pub at: String,
    /// What was said or done.
    pub text: Option<String>,
    /// To whom it was given.
    pub party: Option<String>,
    /// By which day.
    pub due_on: Option<String>,
    /// The resident's opinion.
    pub satisfaction: Option<&'static str>,
    /// Where the matter stood after it; none if it was not taken as a step.
    pub stage: Option<Stage>,
    /// The same in Chinese.
    pub stage_title: Option<&'static str>,
    /// Why it was kept but not taken.
    pub flags: Vec<Sentence>,
    /// True while the office has not confirmed it.
    pub pending: bool,
}

/// One matter; none if it is not here.
pub(crate) fn ticket(sight: &Sight<'_>, id: TicketId) -> Result<Option<TicketPage>, StoreError> {
    let Some(row) = sight.tx.ticket(&id.to_string())? else { return Ok(None) };
    let document = sight.document(id.into())?;
    let view = View::new(&document.register, &document.ring);
    let mut events = view.stamped_events();
    let state = fold(&events.iter().map(|(event, _)| event.clone()).collect::<Vec<_>>());
    // As the fold took them: the report may bear a later stamp than the answers to it.
    events.sort_by_key(|(event, _)| {
        let step = state.steps.iter().position(|s| s.event == event.id);
        (step.is_none_or(|n| n > 0), event.place, event.id.clone())
    });
    let timeline = events
        .iter()
        .map(|(event, stamp)| {
            let mut line = line(sight, &view, &state, event, stamp)?;
            line.pending = document.pending.contains(&stamp.command);
            Ok(line)
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    Ok(Some(TicketPage {
        ticket: TicketLine::of(sight, row)?,
        fields: FieldLine::head(sight, &document)?,
        timeline,
        has_feedback: state.has_feedback,
        has_check: state.has_check,
        reopened_count: state.reopened_count,
        satisfaction: state.satisfaction.and_then(satisfaction_title),
        duplicate_of: state.duplicate_of.map(|id| id.to_string()),
        next_steps: sight.me.map_or_else(Vec::new, |me| steps(&state, me.role)),
        notes: notes(sight, view.notes(ticket::NOTES))?,
    }))
}

fn line(
    sight: &Sight<'_>,
    view: &View<'_>,
    state: &TicketState,
    event: &TicketEvent,
    stamp: &Stamp,
) -> Result<EventLine, StoreError> {
    let stage = state.steps.iter().find(|s| s.event == event.id).map(|s| s.stage);
    Ok(EventLine {
        event: event.id.clone(),
        step: event.payload.kind.name(),
        title: event.payload.kind.title(),
        by: sight.who(stamp)?,
        at_ms: event.at_ms(),
        at: sight.time(event.at_ms()),
        text: event.payload.text.as_deref().map(|t| view.sealed_text(t).label().to_owned()),
        party: event.payload.party.clone(),
        due_on: event.payload.due_on.map(|d| d.to_string()),
        satisfaction: event.satisfaction().and_then(satisfaction_title),
        stage,
        stage_title: stage.map(Stage::title),
        flags: state.flags.iter().filter(|f| f.event == event.id).map(|f| f.why.into()).collect(),
        pending: false,
    })
}
