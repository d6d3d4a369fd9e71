//! What a person decided, as a fact in the document, read before the field.
//!
//! A decision is one ordinary change by the office: a record in the container `decisions`, under the
//! key `<container>.<key>#<n>`, and a put on the field itself. The put is what makes a later edit a
//! correction of the decision and a stale one visible as such; the record says what had been seen.
//! Undo is a second record, `<…>#<n>/undo`: the candidates that the decision had settled stand again.

use super::register::Register;
use crate::change::stored::OpIdRow;
use crate::change::{Edit, OpId, Path, Scalar};
use crate::entity::kind_spec;
use crate::entity::record;
use minicbor::{Decode, Encode};
use std::collections::BTreeMap;

/// The record, as CBOR.
#[derive(Encode, Decode)]
#[cbor(map)]
pub struct DecisionRow {
    #[n(0)]
    container: u8,
    #[n(1)]
    key: String,
    #[n(2)]
    seen: Vec<OpIdRow>,
    #[n(3)]
    chosen: Vec<OpIdRow>,
    #[n(4)]
    undo: bool,
    #[n(5)]
    policy_version: u32,
}

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Key of its record.
    pub key: String,
    /// Count of decisions at this place, from 1.
    pub number: u32,
    /// Where.
    pub path: Path,
    /// The candidates that were shown.
    pub seen: Vec<OpId>,
    /// Those whose value was taken; empty for another value.
    pub chosen: Vec<OpId>,
    /// False once it was undone.
    pub in_force: bool,
    /// Index of the change that holds it.
    pub change: u32,
    /// The put that it made on the field.
    pub put: OpId,
}

/// Every decision of a document.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    all: Vec<Decision>,
    by_put: BTreeMap<OpId, usize>,
    by_path: BTreeMap<Path, Vec<usize>>,
}

impl Decisions {
    /// Reads them from the register. Records that cannot be read or do not hold together decide nothing.
    pub fn read(register: &Register) -> Self {
        let container = kind_spec(register.doc().kind).decisions();
        let mut all = Vec::new();
        let mut undone: Vec<(&str, u32)> = Vec::new();
        for path in register.paths_in(container) {
            for op in register.visible(path) {
                let Some(row) = op.value.as_bytes().and_then(|b| record::from_bytes::<DecisionRow>(b).ok()) else {
                    continue;
                };
                let at = Path { container: row.container, key: row.key };
                if row.undo {
                    if let Some(of) = path.key.strip_suffix(UNDO) {
                        undone.push((of, op.change));
                    }
                    continue;
                }
                let Some(number) = number_of(&path.key, &at) else { continue };
                // Without its put it would settle everything and leave nothing in its place.
                let Some(put) = register.history(&at).iter().find(|o| o.change == op.change).map(|o| o.id) else {
                    continue;
                };
                all.push(Decision {
                    key: path.key.clone(),
                    number,
                    path: at,
                    seen: row.seen.into_iter().map(OpId::from).collect(),
                    chosen: row.chosen.into_iter().map(OpId::from).collect(),
                    in_force: true,
                    change: op.change,
                    put,
                });
            }
        }
        // Two lives of one office may have decided under one key: what is taken back is what was seen.
        for (key, undo) in undone {
            for decision in all.iter_mut().filter(|d| d.key == key && register.builds_on(undo, d.change)) {
                decision.in_force = false;
            }
        }
        let by_put = all.iter().enumerate().map(|(i, d)| (d.put, i)).collect();
        let mut by_path: BTreeMap<Path, Vec<usize>> = BTreeMap::new();
        for (i, decision) in all.iter().enumerate() {
            by_path.entry(decision.path.clone()).or_default().push(i);
        }
        Self { all, by_put, by_path }
    }

    /// All of them.
    pub fn all(&self) -> &[Decision] {
        &self.all
    }
    /// The decision that made this put.
    pub fn of_op(&self, op: &OpId) -> Option<&Decision> {
        self.by_put.get(op).map(|i| &self.all[*i])
    }
    /// Those at one place, oldest first.
    pub fn at(&self, path: &Path) -> Vec<&Decision> {
        let mut here: Vec<_> = self.here(path).collect();
        here.sort_by_key(|d| d.number);
        here
    }
    /// Operations that decisions in force have settled at this place.
    pub(super) fn settled(&self, path: &Path) -> Vec<OpId> {
        self.here(path).filter(|d| d.in_force).flat_map(|d| d.seen.iter().copied()).collect()
    }
    fn here(&self, path: &Path) -> impl Iterator<Item = &Decision> {
        self.by_path.get(path).into_iter().flatten().map(|i| &self.all[*i])
    }
}

const UNDO: &str = "/undo";

fn decision_key(path: &Path, number: u32) -> String {
    format!("{}.{}#{number}", path.container, path.key)
}

fn number_of(key: &str, path: &Path) -> Option<u32> {
    let number = key.rsplit_once('#')?.1.parse().ok()?;
    (decision_key(path, number) == key).then_some(number)
}

/// The edits that a decision is: the fact, and the put. `seen` are the candidates that were shown,
/// `chosen` those taken.
pub fn decide(register: &Register, path: &Path, seen: &[OpId], chosen: &[OpId], value: Scalar) -> Vec<Edit> {
    let container = kind_spec(register.doc().kind).decisions();
    // Of every record under such a key, even one that decides nothing: a record is written once.
    let number = register.paths_in(container).filter_map(|p| number_of(&p.key, path)).max().unwrap_or(0) + 1;
    let row = row(path, seen, chosen, false);
    vec![
        Edit { path: Path::new(container, decision_key(path, number)), value: Scalar::Bytes(record::to_bytes(&row)) },
        Edit { path: path.clone(), value },
    ]
}

/// The edits that take a decision back.
pub fn undo(register: &Register, decision: &Decision) -> Vec<Edit> {
    let container = kind_spec(register.doc().kind).decisions();
    let row = row(&decision.path, &decision.seen, &decision.chosen, true);
    vec![Edit {
        path: Path::new(container, format!("{}{UNDO}", decision.key)),
        value: Scalar::Bytes(record::to_bytes(&row)),
    }]
}

fn row(path: &Path, seen: &[OpId], chosen: &[OpId], undo: bool) -> DecisionRow {
    DecisionRow {
        container: path.container,
        key: path.key.clone(),
        seen: seen.iter().map(|o| (*o).into()).collect(),
        chosen: chosen.iter().map(|o| (*o).into()).collect(),
        undo,
        policy_version: crate::entity::spec::POLICY_VERSION,
    }
}
