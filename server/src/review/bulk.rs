//! Many conflicts decided at once by a rule: shown first, decided exactly as shown, taken back as one.
//!
//! What was shown is kept under a token over the candidate sets. Whatever changed since it was shown is
//! left open and said; nothing that was not shown is decided.

use super::conflicts::{ConflictView, select};
use super::decide::{Choice, Decided, decide_in};
use super::error::ReviewError;
use super::filter::{Asked, Filter};
use super::rule::Rule;
use super::undo::undo_in;
use super::words::Words;
use crate::office::Office;
use crate::people::audit::{self, Deed};
use crate::store::sqlite::{BulkItemRow, BulkRow, ConflictRow};
use crate::store::{StoreError, Tx};
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::WorkerId;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Decided in one go at most: everybody else's writing waits meanwhile.
const BULK_ITEMS_MAX: usize = 500;
/// A preview that nobody went through with is forgotten after this.
const PREVIEW_MS_MAX: u64 = 7 * 24 * 3600 * 1000;

/// What a rule would decide. Values are in the clear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// Stands for the rule and for every candidate set as shown; none where there is nothing to decide.
    pub token: Option<String>,
    /// The rule.
    pub rule: Rule,
    /// What people call it.
    pub rule_label: &'static str,
    /// What would be decided, and how.
    pub decides: Vec<BulkLine>,
    /// What the rule leaves open, and why.
    pub leaves: Vec<LeftLine>,
    /// How many more there are than can be decided in one go.
    pub more: usize,
}

/// One decision that a rule would make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BulkLine {
    /// Number of the conflict.
    pub id: i64,
    /// What the document is about.
    pub place: String,
    /// What people call the field.
    pub field_label: String,
    /// Letter of the candidate that is taken.
    pub takes: String,
    /// Its value, as people read it.
    pub text: String,
    /// Who wrote it.
    pub worker_name: String,
    /// What else stands there.
    pub instead_of: Vec<String>,
    /// Stands for the candidates as shown.
    pub seen: String,
}

/// One conflict that is left as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftLine {
    /// Number of the conflict.
    pub id: i64,
    /// What the document is about.
    pub place: String,
    /// What people call the field.
    pub field_label: String,
    /// Why, in words.
    pub reason: String,
}

/// What a rule decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BulkDone {
    /// Number of the run: to take it back.
    pub bulk: i64,
    /// The rule.
    pub rule: Rule,
    /// What people call it.
    pub rule_label: &'static str,
    /// What was decided.
    pub decided: Vec<Decided>,
    /// What was shown and is not decided, and why.
    pub skipped: Vec<LeftLine>,
    /// What came since it was shown and would be decided by the same rule: numbers.
    pub newer: Vec<i64>,
}

/// What was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BulkUndone {
    /// Number of the run.
    pub bulk: i64,
    /// What was taken back.
    pub undone: Vec<Decided>,
    /// What was left, and why.
    pub left: Vec<LeftLine>,
}

/// Shows what a rule would decide, and keeps it under a token.
pub fn preview(office: &Office, rule: Rule, asked: &Asked, who: WorkerId) -> Result<Preview, ReviewError> {
    let (inner, asked) = (office.clone(), asked.clone());
    office.store().write(move |tx| {
        let filter = open_only(Filter::of(&inner, tx, &asked)?);
        let (decides, leaves) = judge(&select(&inner, tx, &filter)?, rule);
        let more = decides.len().saturating_sub(BULK_ITEMS_MAX);
        let decides: Vec<BulkLine> = decides.into_iter().take(BULK_ITEMS_MAX).collect();
        let mut preview = Preview { token: None, rule, rule_label: rule.label(), decides, leaves, more };
        audit::note(&inner, tx, who, Deed::ReadConflicts, None)?;
        if preview.decides.is_empty() {
            return Ok(preview);
        }
        let now = inner.now_ms();
        tx.drop_previews(now.saturating_sub(PREVIEW_MS_MAX))?;
        let (filters, token) = (as_text(&filter), token(rule, &filter, &preview.decides));
        let items: Vec<BulkItemRow> = preview.decides.iter().map(item).collect();
        tx.add_bulk(&token, rule.word(), &filters, &who.to_string(), now, &items)?;
        preview.token = Some(token);
        Ok(preview)
    })
}

/// Decides what was shown under a token. Whatever changed since is left open and said.
pub fn decide_by_rule(
    office: &Office,
    token: &str,
    expected: Option<(Rule, Asked)>,
    who: WorkerId,
) -> Result<BulkDone, ReviewError> {
    let (inner, token) = (office.clone(), token.trim().to_ascii_lowercase());
    office.store().write(move |tx| {
        let bulk = tx.bulk_by_token(&token)?.ok_or(ReviewError::NoPreview)?;
        if bulk.decided_ms.is_some() {
            return Err(ReviewError::PreviewUsed { bulk: bulk.id });
        }
        let rule = Rule::parse(&bulk.rule).ok_or(StoreError::Damaged("bulk"))?;
        let filter: Filter = serde_json::from_str(&bulk.filters).map_err(|_| StoreError::Damaged("bulk"))?;
        if let Some((asked_rule, asked)) = expected
            && (asked_rule != rule || open_only(Filter::of(&inner, tx, &asked)?) != filter)
        {
            return Err(ReviewError::PreviewDiffers);
        }
        run(&inner, tx, &bulk, rule, &filter, who)
    })
}

fn run(
    office: &Office,
    tx: &Tx<'_>,
    bulk: &BulkRow,
    rule: Rule,
    filter: &Filter,
    who: WorkerId,
) -> Result<BulkDone, ReviewError> {
    let now: BTreeMap<i64, ConflictView> = select(office, tx, filter)?.into_iter().map(|c| (c.id, c)).collect();
    let items = tx.bulk_items(bulk.id)?;
    let mut done = BulkDone {
        bulk: bulk.id,
        rule,
        rule_label: rule.label(),
        decided: Vec::new(),
        skipped: Vec::new(),
        newer: newer(&now, &items, rule),
    };
    for shown in items {
        let id = shown.conflict;
        let reason = match now.get(&id) {
            // Decided, gone, or no longer what was asked for.
            None => Some("已经不在等着裁定的里面了".to_owned()),
            Some(c) if c.seen != shown.seen => Some("预览之后说法有变，请重新看".to_owned()),
            Some(c) => match rule.choose(c) {
                Ok(takes) if takes.label == shown.label => None,
                // A visit that came since may turn the answer, though nobody said anything new.
                Ok(_) => Some("预览之后依据有变，请重新预览".to_owned()),
                Err(unclear) => Some(unclear.label().to_owned()),
            },
        };
        let reason = match reason {
            Some(reason) => reason,
            None => {
                let choice = Choice::Take(shown.label);
                match tx.savepoint(|tx| decide_in(office, tx, id, &choice, Some(&shown.seen), who)) {
                    Ok(decided) => {
                        done.decided.push(decided);
                        continue;
                    }
                    Err(ReviewError::Office(error)) => return Err(error.into()),
                    Err(refused) => refused.to_string(),
                }
            }
        };
        done.skipped.push(left(office, tx, id, now.get(&id), reason)?);
    }
    let made: Vec<(i64, String)> = done.decided.iter().map(|d| (d.id, d.decision_key.clone())).collect();
    tx.decide_bulk(bulk.id, &who.to_string(), office.now_ms(), &made)?;
    audit::note(office, tx, who, Deed::DecidedByRule(rule.word()), Some(&bulk.id.to_be_bytes()))?;
    Ok(done)
}

/// Takes back everything that a run decided. What was corrected or decided again since is left, and said.
pub fn undo_bulk(office: &Office, bulk: i64, who: WorkerId) -> Result<BulkUndone, ReviewError> {
    let inner = office.clone();
    office.store().write(move |tx| {
        tx.bulk(bulk)?.filter(|b| b.decided_ms.is_some()).ok_or(ReviewError::NoSuchBulk { bulk })?;
        let mut done = BulkUndone { bulk, undone: Vec::new(), left: Vec::new() };
        for item in tx.bulk_items(bulk)? {
            let Some(key) = item.decision_key else { continue };
            let row = tx.conflict(item.conflict)?.ok_or(StoreError::Damaged("bulk"))?;
            let reason = match stands(&inner, tx, &row, &key)? {
                Some(reason) => reason,
                None => match tx.savepoint(|tx| undo_in(&inner, tx, row.id, who)) {
                    Ok(undone) => {
                        done.undone.push(undone);
                        continue;
                    }
                    Err(ReviewError::Office(error)) => return Err(error.into()),
                    Err(refused) => refused.to_string(),
                },
            };
            done.left.push(left(&inner, tx, row.id, None, reason)?);
        }
        audit::note(&inner, tx, who, Deed::BulkUndone, Some(&bulk.to_be_bytes()))?;
        Ok(done)
    })
}

/// Why a decision of a run is not simply what holds any more, if so.
fn stands(office: &Office, tx: &Tx<'_>, row: &ConflictRow, key: &str) -> Result<Option<String>, ReviewError> {
    if row.decision_key.as_deref() != Some(key) {
        return Ok(Some(if row.state == "decided" { "后来单独改定过" } else { "已经撤销过" }.to_owned()));
    }
    let register = tx.register(row.doc)?.ok_or(StoreError::Damaged("bulk"))?;
    let ring = office.ring(tx, [row.doc.uuid])?;
    let view = View::new(&register, &ring);
    let put = view.decisions().at(&row.path).into_iter().find(|d| d.key == key).map(|d| d.put);
    let now = view.at(&row.path);
    let holds = now.is_some_and(|now| now.reading.candidates.iter().any(|c| Some(c.op) == put));
    let again =
        view.decisions().at(&row.path).into_iter().any(|d| d.in_force && put.is_some_and(|p| d.seen.contains(&p)));
    Ok(match (again, holds) {
        (true, _) => Some("同一项后来又裁定过".to_owned()),
        (false, false) => Some("裁定之后有人看到并更正过".to_owned()),
        (false, true) => None,
    })
}

fn judge(list: &[ConflictView], rule: Rule) -> (Vec<BulkLine>, Vec<LeftLine>) {
    let (mut decides, mut leaves) = (Vec::new(), Vec::new());
    for c in list {
        match rule.choose(c) {
            Ok(takes) => {
                let others: BTreeSet<&String> =
                    c.candidates.iter().map(|o| &o.text).filter(|t| **t != takes.text).collect();
                decides.push(BulkLine {
                    id: c.id,
                    place: c.place.clone(),
                    field_label: c.field_label.clone(),
                    takes: takes.label.clone(),
                    text: takes.text.clone(),
                    worker_name: takes.worker_name.clone(),
                    instead_of: others.into_iter().cloned().collect(),
                    seen: c.seen.clone(),
                });
            }
            Err(unclear) => leaves.push(LeftLine {
                id: c.id,
                place: c.place.clone(),
                field_label: c.field_label.clone(),
                reason: unclear.label().to_owned(),
            }),
        }
    }
    (decides, leaves)
}

fn newer(now: &BTreeMap<i64, ConflictView>, items: &[BulkItemRow], rule: Rule) -> Vec<i64> {
    let shown: BTreeSet<i64> = items.iter().map(|i| i.conflict).collect();
    now.values().filter(|c| !shown.contains(&c.id) && rule.choose(c).is_ok()).map(|c| c.id).collect()
}

fn left(
    office: &Office,
    tx: &Tx<'_>,
    id: i64,
    view: Option<&ConflictView>,
    reason: String,
) -> Result<LeftLine, ReviewError> {
    if let Some(c) = view {
        return Ok(LeftLine { id, place: c.place.clone(), field_label: c.field_label.clone(), reason });
    }
    let row = tx.conflict(id)?.ok_or(StoreError::Damaged("bulk"))?;
    let register = tx.register(row.doc)?.ok_or(StoreError::Damaged("bulk"))?;
    let ring = office.ring(tx, [row.doc.uuid])?;
    let place = Words::new(office, tx)?.place(&View::new(&register, &ring))?;
    Ok(LeftLine { id, place, field_label: Words::field_label(&register, &row.path), reason })
}

fn open_only(filter: Filter) -> Filter {
    Filter { state: Some("open".to_owned()), ..filter }
}

fn item(line: &BulkLine) -> BulkItemRow {
    BulkItemRow { conflict: line.id, seen: line.seen.clone(), label: line.takes.clone(), decision_key: None }
}

fn as_text(filter: &Filter) -> String {
    // Ids and permanent names: it always has a form as JSON.
    serde_json::to_string(filter).unwrap_or_default()
}

fn token(rule: Rule, filter: &Filter, lines: &[BulkLine]) -> String {
    let mut hasher = blake3::Hasher::new_derive_key("qiaomen 2026 bulk preview");
    hasher.update(rule.word().as_bytes());
    hasher.update(as_text(filter).as_bytes());
    for line in lines {
        hasher.update(format!("\n{} {} {}", line.id, line.seen, line.takes).as_bytes());
    }
    hasher.finalize().as_bytes()[..5].iter().map(|b| format!("{b:02x}")).collect()
}
