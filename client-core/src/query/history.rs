//! Where a value came from: who wrote what over what, on which device, and what was decided.

use super::field::Said;
use super::sight::{Document, Sight, Who};
use crate::store::StoreError;
use qiaomen_proto::change::{Path, Scalar, Stamp};
use qiaomen_proto::entity::view::View;
use qiaomen_proto::entity::{FieldSpec, Shape, kind_spec};
use qiaomen_proto::ids::{DocId, Kind};
use qiaomen_proto::merge::decision::{Decision, Decisions};
use qiaomen_proto::merge::same::Same;
use serde::Serialize;
use std::collections::BTreeSet;

/// One thing that happened to a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HistoryLine {
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// When, as people read it.
    pub at: String,
    /// Who.
    pub by: Option<Who>,
    /// `first`, `corrected`, `beside` (others stood there and stand still), `decided`, `undone`.
    pub act: &'static str,
    /// In Chinese.
    pub act_title: &'static str,
    /// What stood there as far as the writer had seen; empty if nothing.
    pub from: Vec<Said>,
    /// What was written.
    pub to: Said,
    /// True if it holds for now.
    pub holds: bool,
    /// True of a decision that was taken back later.
    pub undone: bool,
    /// True while the office has not confirmed it.
    pub pending: bool,
    /// The command that wrote it.
    pub command: Option<String>,
}

/// A field's history; nothing if the kind has no such field.
pub(crate) fn history(sight: &Sight<'_>, doc: DocId, field: &str) -> Result<Vec<HistoryLine>, StoreError> {
    let path = path_of(doc.kind, field);
    let Some(spec) = kind_spec(doc.kind).field(&path) else { return Ok(Vec::new()) };
    let document = sight.document(doc)?;
    let teller = Teller { sight, document: &document, spec, decisions: Decisions::read(&document.register) };
    let mut lines = teller.writings(&path)?;
    for decision in teller.decisions.at(&path).into_iter().filter(|d| !d.in_force) {
        lines.extend(teller.undoing(decision)?);
    }
    lines.sort_by_key(|l| l.at_ms);
    Ok(lines)
}

/// A name with a dot is a field of a row; rows stand in one container only.
fn path_of(kind: Kind, field: &str) -> Path {
    let rows = kind_spec(kind).containers.iter().position(|c| c.shape == Shape::Rows);
    match rows.and_then(|n| u8::try_from(n).ok()) {
        Some(rows) if field.contains('.') => Path::new(rows, field),
        _ => Path::new(0, field),
    }
}

struct Teller<'a> {
    sight: &'a Sight<'a>,
    document: &'a Document,
    spec: &'static FieldSpec,
    decisions: Decisions,
}

impl Teller<'_> {
    fn said(&self, value: &Scalar) -> Result<Said, StoreError> {
        let shown = self.spec.show(value, &self.document.register.doc().uuid, &self.document.ring);
        Said::of(self.sight, self.spec, &shown)
    }

    fn writings(&self, path: &Path) -> Result<Vec<HistoryLine>, StoreError> {
        let register = &self.document.register;
        let ops = register.history(path);
        let holds = View::new(register, &self.document.ring).at(path).map(|v| v.reading.holds).unwrap_or_default();
        let same = Same::new(&self.document.ring, register.doc().uuid);
        let mut lines = Vec::with_capacity(ops.len());
        for op in ops {
            let mut before: Vec<&Scalar> =
                op.preds.iter().filter_map(|p| ops.iter().find(|o| o.id == *p)).map(|o| &o.value).collect();
            let mut told = BTreeSet::new();
            before.retain(|value| told.insert(same.told(self.spec, value)));
            let (act, act_title) = match (self.decisions.of_op(&op.id), before.len()) {
                (Some(_), _) => ("decided", "社区裁定"),
                (None, 0) if ops.first().is_some_and(|first| first.id == op.id) => ("first", "初次登记"),
                (None, 0) => ("beside", "另一个说法"),
                (None, 1) => ("corrected", "更正"),
                (None, _) => ("beside", "另一个说法"),
            };
            let from = before.into_iter().map(|v| self.said(v)).collect::<Result<_, _>>()?;
            let line = self.line(register.stamp(op), (act, act_title), from, self.said(&op.value)?)?;
            let undone = self.decisions.of_op(&op.id).is_some_and(|d| !d.in_force);
            lines.push(HistoryLine { holds: holds.contains(&op.id), undone, ..line });
        }
        Ok(lines)
    }

    /// The fact that a decision was taken back: its own record has the stamp.
    fn undoing(&self, decision: &Decision) -> Result<Option<HistoryLine>, StoreError> {
        let register = &self.document.register;
        let container = kind_spec(register.doc().kind).decisions();
        let record = register.visible(&Path::new(container, format!("{}/undo", decision.key)));
        let Some(undo) = record.first() else { return Ok(None) };
        let decided = register.history(&decision.path).iter().find(|o| o.id == decision.put);
        let from = decided.map(|op| self.said(&op.value)).transpose()?.into_iter().collect();
        let now = match View::new(register, &self.document.ring).at(&decision.path) {
            Some(view) => Said::of(self.sight, self.spec, &view.shown)?,
            None => Said::not_asked(),
        };
        self.line(register.stamp(undo), ("undone", "撤销裁定"), from, now).map(Some)
    }

    fn line(
        &self,
        stamp: Option<&Stamp>,
        (act, act_title): (&'static str, &'static str),
        from: Vec<Said>,
        to: Said,
    ) -> Result<HistoryLine, StoreError> {
        let at_ms = stamp.map_or(0, |s| s.at.wall_ms);
        Ok(HistoryLine {
            at_ms,
            at: self.sight.time(at_ms),
            by: stamp.map(|s| self.sight.who(s)).transpose()?,
            act,
            act_title,
            from,
            to,
            holds: false,
            undone: false,
            pending: stamp.is_some_and(|s| self.document.pending.contains(&s.command)),
            command: stamp.map(|s| s.command.to_string()),
        })
    }
}
