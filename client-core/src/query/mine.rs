//! What came of my work: what became of the matters that I reported, what the office decided where my answer stood
//! against another's. Told to the worker alone; nobody is ranked by it.
//!
//! What I did is read from what this device sent and has still to send, which is kept for a while and not for ever;
//! what came of it, from the book.

use super::conflicts::called;
use super::field::{FieldLine, Said};
use super::sight::Sight;
use super::tickets::TicketLine;
use crate::edit::{Intent, ticket_of};
use crate::store::StoreError;
use crate::sync::training;
use qiaomen_proto::change::Stamp;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::entity::{household, resident};
use qiaomen_proto::ids::{CommandId, DocId, HouseholdId, Kind, TicketId, WorkerId};
use qiaomen_proto::merge::OpRecord;
use qiaomen_proto::merge::decision::Decisions;
use qiaomen_proto::merge::fold::{Stage, satisfaction_title};
use serde::Serialize;
use std::collections::BTreeSet;

/// Commands that are looked through, the newest first.
const COMMANDS_MAX: u32 = 1_000;
/// Documents that are looked through for decisions: a page has to come at once.
const DECIDED_IN_MAX: usize = 60;
/// What is older than this is no news.
const NEWS_MS: u64 = 2 * 24 * 3600 * 1000;

/// What came of my work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct MinePage {
    /// Matters that I reported with this device, the newest first.
    pub tickets: Vec<TicketLine>,
    /// Of them: over.
    pub over: usize,
    /// Of them: satisfied residents.
    pub satisfied: usize,
    /// What others did with them in the last two days, the newest first.
    pub returned: Vec<ReturnedLine>,
    /// Fields where the office decided and an answer of mine was among the candidates, the newest first.
    pub decisions: Vec<DecisionLine>,
    /// Doors that I knocked at or called, each once.
    pub doors: usize,
    /// Trainings at which I was, the latest first.
    pub trainings: Vec<TrainingLine>,
}

/// A training at which I was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrainingLine {
    /// The day, as `2026-05-01`.
    pub on: String,
    /// What it was about.
    pub topic: String,
}

/// Something that somebody else did with a matter of mine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReturnedLine {
    /// The matter.
    #[serde(flatten)]
    pub ticket: TicketLine,
    /// What was done.
    pub step: &'static str,
    /// In Chinese.
    pub step_title: &'static str,
    /// By whom.
    pub by: String,
    /// What they said.
    pub said: Option<String>,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// When, as people read it.
    pub at: String,
}

/// A field where the office decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DecisionLine {
    /// The document, as `kind/id`.
    pub document: String,
    /// Whose, or where.
    pub title: String,
    /// The address beside a name.
    pub place: Option<String>,
    /// The field, with every candidate.
    pub field: FieldLine,
    /// What I had said.
    pub mine: String,
    /// `value`, `refused`, `unknown`, … as [`super::Said::state`].
    #[serde(skip)]
    pub mine_state: &'static str,
    /// True if what I had said holds.
    pub as_i_said: bool,
    /// When it was decided, in milliseconds since 1970.
    pub at_ms: u64,
    /// When, as people read it.
    pub at: String,
    /// True if that was in the last two days.
    pub is_news: bool,
}

/// What came of my work.
pub(crate) fn mine(sight: &Sight<'_>) -> Result<MinePage, StoreError> {
    let Some(me) = sight.me else { return Ok(MinePage::default()) };
    let (outbox, receipts) = (sight.tx.outbox()?, sight.tx.receipts(COMMANDS_MAX)?);
    let unsent = outbox.iter().rev().filter_map(|row| Some((row.command, row.intent.known()?)));
    let sent = receipts.iter().filter_map(|receipt| Some((receipt.command, receipt.intent.known()?)));
    let commands: Vec<(CommandId, &Intent)> = unsent.chain(sent).collect();
    let trainings = training::of(sight.tx, me.worker)?.unwrap_or_default();
    let trainings = trainings.into_iter().map(|t| TrainingLine { on: t.on, topic: t.topic }).collect();
    let mut page = MinePage { trainings, ..MinePage::default() };
    let news_from = sight.now_ms.saturating_sub(NEWS_MS);
    for (command, _) in commands.iter().filter(|(_, intent)| matches!(intent, Intent::ReportTicket { .. })) {
        let id = ticket_of(*command);
        let Some(row) = sight.tx.ticket(&id.to_string())? else { continue };
        let line = TicketLine::of(sight, row)?;
        if line.updated_ms >= news_from {
            page.returned.extend(returned(sight, id, &line, news_from)?);
        }
        page.over += usize::from(line.stage.is_over());
        page.satisfied += usize::from(line.stage == Stage::Rated && is_satisfied(sight, id)?);
        page.tickets.push(line);
    }
    page.returned.sort_by_key(|line| std::cmp::Reverse(line.at_ms));
    let edited: BTreeSet<DocId> =
        commands.iter().filter_map(|(_, intent)| answered(intent)).take(DECIDED_IN_MAX).collect();
    for doc in edited {
        page.decisions.extend(decisions(sight, doc, me.worker, news_from)?);
    }
    page.decisions.sort_by_key(|line| std::cmp::Reverse(line.at_ms));
    let mistakes: BTreeSet<CommandId> = commands.iter().filter_map(|(_, intent)| taken_back(intent)).collect();
    let made = commands.iter().filter(|(command, _)| !mistakes.contains(command));
    let doors: BTreeSet<HouseholdId> = made.filter_map(|(_, intent)| contacted(intent)).collect();
    page.doors = doors.len();
    Ok(page)
}

fn is_satisfied(sight: &Sight<'_>, id: TicketId) -> Result<bool, StoreError> {
    let document = sight.document(id.into())?;
    let state = View::new(&document.register, &document.ring).ticket_state();
    Ok(state.satisfaction.and_then(satisfaction_title).is_some_and(|title| !title.starts_with('不')))
}

fn returned(
    sight: &Sight<'_>,
    id: TicketId,
    line: &TicketLine,
    news_from: u64,
) -> Result<Vec<ReturnedLine>, StoreError> {
    // What others did came from the office. Most matters that are new here are only this worker's own.
    let others = |by: &Stamp| by.at.wall_ms >= news_from && sight.me.is_none_or(|me| me.worker != by.by.worker);
    if !sight.tx.base(id.into())?.changes().iter().any(|c| c.stamp.as_ref().is_some_and(others)) {
        return Ok(Vec::new());
    }
    let document = sight.document(id.into())?;
    let view = View::new(&document.register, &document.ring);
    let mut lines = Vec::new();
    for (event, stamp) in view.stamped_events() {
        if event.at_ms() < news_from || sight.me.is_some_and(|me| me.worker == stamp.by.worker) {
            continue;
        }
        lines.push(ReturnedLine {
            ticket: line.clone(),
            step: event.payload.kind.name(),
            step_title: event.payload.kind.title(),
            by: sight.who(&stamp)?.name,
            said: event.payload.text.as_deref().map(|text| view.sealed_text(text).label().to_owned()),
            at_ms: event.at_ms(),
            at: sight.time(event.at_ms()),
        });
    }
    Ok(lines)
}

fn decisions(sight: &Sight<'_>, doc: DocId, me: WorkerId, news_from: u64) -> Result<Vec<DecisionLine>, StoreError> {
    let mut lines = Vec::new();
    let container = if doc.kind == Kind::Household { household::DECISIONS } else { resident::DECISIONS };
    // A decision is the office's, so it is in the base. Most documents have none, and Today asks this of many: what is
    // laid over them is not looked at then.
    if sight.tx.base(doc)?.paths_in(container).next().is_none() {
        return Ok(lines);
    }
    let document = sight.document(doc)?;
    let (register, subject) = (&document.register, document.register.doc().uuid);
    let view = View::new(register, &document.ring);
    for decision in Decisions::read(register).all().iter().filter(|decision| decision.in_force) {
        let history = register.history(&decision.path);
        // What was decided about is replaced by the decision: it stands in the history and no longer beside it.
        let is_mine = |op: &&OpRecord| {
            decision.seen.contains(&op.id) && register.stamp(op).is_some_and(|stamp| stamp.by.worker == me)
        };
        let Some(mine) = history.iter().rev().find(is_mine) else { continue };
        let put = history.iter().find(|op| op.id == decision.put);
        let (Some(put), Some(shown)) = (put.and_then(|op| register.stamp(op)), view.at(&decision.path)) else {
            continue;
        };
        if !shown.reading.holds.contains(&decision.put) {
            // Somebody wrote on since, or it was decided again: what holds now is not what this decision said.
            continue;
        }
        let mine = Said::of(sight, shown.field, &shown.field.show(&mine.value, &subject, &document.ring))?;
        let field = FieldLine::of(sight, &document, &shown)?;
        let (title, place) = called(sight, doc)?;
        lines.push(DecisionLine {
            document: doc.to_string(),
            title,
            place,
            as_i_said: mine == field.said,
            mine_state: mine.state,
            mine: mine.text,
            at_ms: put.at.wall_ms,
            at: sight.time(put.at.wall_ms),
            is_news: put.at.wall_ms >= news_from,
            field,
        });
    }
    Ok(lines)
}

/// The document of which a field was answered.
fn answered(intent: &Intent) -> Option<DocId> {
    match intent {
        Intent::CorrectHousehold { household, .. } => Some((*household).into()),
        Intent::CorrectResident { resident, .. } => Some((*resident).into()),
        _ => None,
    }
}

/// The command whose entry was a mistake.
fn taken_back(intent: &Intent) -> Option<CommandId> {
    match intent {
        Intent::TakeBack { entry, .. } => Some(*entry),
        _ => None,
    }
}

/// The door at which somebody knocked or called.
fn contacted(intent: &Intent) -> Option<HouseholdId> {
    match intent {
        Intent::Visit { household, .. } | Intent::Call { household, .. } => Some(*household),
        _ => None,
    }
}
