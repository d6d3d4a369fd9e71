//! Whatever several phones write, whatever is decided and taken back, and in whatever order it comes: the
//! office's records say exactly what the documents say, and the lives of the records are true.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use crate::phone::{Phone, Town};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use qiaomen_proto::change::{Answer, Edit, OpId, Path, Scalar};
use qiaomen_proto::entity::household;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{DocId, Role};
use qiaomen_proto::merge::conflict::conflicts;
use qiaomen_server::conflict::{Life, from_bytes};
use qiaomen_server::review::{Choice, ReviewError, decide, undo};
use qiaomen_server::store::sqlite::ConflictRow;
use std::collections::{BTreeMap, BTreeSet};

const PHONES: usize = 3;

/// One thing that happens.
#[derive(Debug, Clone)]
enum Step {
    /// A phone writes: which, which place, what.
    Write(usize, usize, usize),
    /// A phone brings its oldest command.
    Send(usize),
    /// A phone brings everything and fetches.
    Sync(usize),
    /// The clerk decides one of the open ones: which, how.
    Decide(usize, usize),
    /// The clerk takes one back: which.
    Undo(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => (0..PHONES, 0..2usize, 0..4usize).prop_map(|(p, f, v)| Step::Write(p, f, v)),
        3 => (0..PHONES).prop_map(Step::Send),
        2 => (0..PHONES).prop_map(Step::Sync),
        3 => (0..8usize, 0..5usize).prop_map(|(n, how)| Step::Decide(n, how)),
        2 => (0..8usize).prop_map(Step::Undo),
    ]
}

struct Model {
    town: Town,
    phones: Vec<Phone>,
    door: DocId,
    before: Vec<ConflictRow>,
    lives: BTreeMap<i64, Vec<String>>,
}

impl Model {
    fn new() -> Self {
        let town = Town::new();
        let mut phones: Vec<Phone> = (1..=3).map(|n| town.phone(n, Role::GridWorker, 0)).collect();
        let door = phones[0].register_door(&town, 0, "101").into();
        for phone in &mut phones {
            phone.sync(&town.office);
        }
        Self { town, phones, door, before: Vec::new(), lives: BTreeMap::new() }
    }

    fn rows(&self) -> Vec<ConflictRow> {
        self.town.office.store().read(|tx| tx.conflicts(None)).unwrap()
    }
    fn of_state(&self, state: &str, n: usize) -> Option<ConflictRow> {
        let rows: Vec<_> = self.rows().into_iter().filter(|r| r.state == state).collect();
        rows.get(n % rows.len().max(1)).cloned()
    }

    fn take(&mut self, step: &Step) {
        let by = self.town.office.own_worker();
        match *step {
            Step::Write(phone, place, value) => {
                let (key, value) = match (place, value) {
                    (_, 3) => (["use", "people_count"][place], Answer::Refused.into_scalar()),
                    (0, n) => ("use", Scalar::Str(["自住", "出租", "空置"][n].to_owned())),
                    (_, n) => ("people_count", Scalar::Uint([1, 2, 3][n])),
                };
                let edit = Edit { path: Path::new(household::FIELDS, key), value };
                self.phones[phone].write(vec![(self.door, vec![edit])]);
            }
            Step::Send(phone) => {
                let phone = &mut self.phones[phone];
                if !phone.outbox.is_empty() {
                    let rest = phone.outbox.split_off(1);
                    phone.ask(&self.town.office).unwrap();
                    // It has not heard the answer: to the phone it is unsent still.
                    phone.outbox.extend(rest);
                }
            }
            Step::Sync(phone) => drop(self.phones[phone].sync(&self.town.office)),
            Step::Decide(n, how) => {
                let Some(row) = self.of_state("open", n) else { return };
                let choice = match how {
                    0 => Choice::Take("A".to_owned()),
                    1 => Choice::Take("B".to_owned()),
                    2 => Choice::Refused,
                    3 => Choice::Cleared,
                    _ => Choice::Value("3".to_owned()),
                };
                decide(&self.town.office, row.id, choice, None, by).unwrap();
            }
            Step::Undo(n) => {
                let Some(row) = self.of_state("decided", n) else { return };
                match undo(&self.town.office, row.id, by) {
                    Ok(_) => {}
                    Err(ReviewError::DecidedAgain { later }) => assert_ne!(later, row.id, "a later one is named"),
                    Err(other) => panic!("{other}"),
                }
            }
        }
    }

    /// The records say what the document says.
    fn agree(&self) {
        let register = self.town.office.store().read(|tx| tx.register(self.door)).unwrap().unwrap();
        let open: Vec<_> = self.rows().into_iter().filter(|r| r.state == "open").collect();
        let mut stand: Vec<(Path, Vec<OpId>)> =
            open.iter().map(|r| (r.path.clone(), from_bytes(&r.candidates))).collect();
        stand.sort();
        let found: Vec<(Path, Vec<OpId>)> = conflicts(&register, &self.phones[0].ring)
            .into_iter()
            .map(|c| (c.path, c.reading.candidates.into_iter().map(|c| c.op).collect()))
            .collect();
        assert_eq!(stand, found, "one open record for each place, with what stands there");
    }

    /// What happened since the step before is told, each thing by its word, and nothing else is.
    fn told(&mut self, step: &Step) {
        let rows = self.rows();
        for row in &rows {
            let life: Vec<String> = self
                .town
                .office
                .store()
                .read(|tx| tx.conflict_events(row.id))
                .unwrap()
                .into_iter()
                .map(|e| e.what)
                .collect();
            let known = self.lives.entry(row.id).or_default();
            assert_eq!(life[..known.len()], known[..], "what was told stays told");
            let new: Vec<&str> = life[known.len()..].iter().map(String::as_str).collect();
            let before = self.before.iter().find(|b| b.id == row.id);
            check(step, before, row, &new, &rows);
            known.clone_from(&life);
        }
        self.before = rows;
    }
}

fn check(step: &Step, before: Option<&ConflictRow>, now: &ConflictRow, new: &[&str], rows: &[ConflictRow]) {
    let changed = before.is_none_or(|b| (&b.state, &b.candidates) != (&now.state, &now.candidates));
    assert!(
        changed || new.is_empty() || matches!(step, Step::Sync(_)),
        "{step:?}: nothing changed and {new:?} was told"
    );
    assert!(!changed || !new.is_empty(), "{step:?}: {before:?} → {now:?} was not told");
    // The state follows from the last turn that has to do with it.
    let turn = new.iter().rfind(|w| !matches!(**w, "joined" | "corrected" | "merged"));
    match turn {
        Some(&("opened" | "reopened")) => assert_eq!(now.state, "open"),
        Some(&state) => assert_eq!(now.state, state),
        None => assert_eq!(Some(&now.state), before.map(|b| &b.state)),
    }
    assert_eq!(now.state == "decided", now.decision_key.is_some(), "{now:?}");
    assert_eq!(before.is_none(), matches!(new.first(), Some(&("opened" | "reopened"))), "{new:?}");
    let allowed: &[&str] = match step {
        Step::Write(..) => &[],
        Step::Send(_) | Step::Sync(_) => &["opened", "reopened", "joined", "corrected", "gone"],
        Step::Decide(..) => &["decided"],
        Step::Undo(_) => &["open", "undone", "merged", "joined", "corrected", "gone"],
    };
    assert!(new.iter().all(|w| allowed.contains(w)), "{step:?} cannot tell {new:?}");
    if let Step::Send(_) = step {
        assert!(new.len() <= 1, "one command is one turn: {new:?}");
        let (had, has) = (before.map(|b| from_bytes(&b.candidates)).unwrap_or_default(), from_bytes(&now.candidates));
        match new {
            ["joined"] => assert!(had.iter().all(|op| has.contains(op)) && has.len() > had.len()),
            ["corrected"] => assert!(had.iter().any(|op| !has.contains(op))),
            _ => {}
        }
    }
    if new.contains(&"undone") {
        assert!(rows.iter().any(|r| r.id > now.id && r.path == now.path), "it goes on somewhere");
    }
}

/// Goes through it all; the words that were told.
fn story(steps: &[Step]) -> BTreeSet<String> {
    let mut model = Model::new();
    for step in steps {
        model.take(step);
        model.agree();
        model.told(step);
    }
    // Everyone comes home: the phones find the same conflicts and show the same for now.
    for _ in 0..2 {
        for phone in &mut model.phones {
            phone.sync(&model.town.office);
        }
    }
    model.agree();
    let register = model.town.office.store().read(|tx| tx.register(model.door)).unwrap().unwrap();
    let shown = View::new(&register, &model.phones[0].ring).head();
    for phone in &model.phones {
        assert!(phone.outbox.is_empty());
        let here = &phone.base[&model.door];
        assert_eq!(View::new(here, &phone.ring).head(), shown);
        assert_eq!(conflicts(here, &phone.ring), conflicts(&register, &model.phones[0].ring));
    }
    let report = qiaomen_server::verify::verify(&model.town.office, &mut |_, _| {});
    assert!(report.is_clean(), "{:?}", report.problems);
    model.lives.into_values().flatten().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn records_and_documents_agree_and_every_turn_is_told(steps in prop::collection::vec(step(), 1..48)) {
        story(&steps);
    }
}

#[test]
fn such_histories_come_to_every_turn_that_a_conflict_can_take() {
    let mut runner = TestRunner::deterministic();
    let strategy = prop::collection::vec(step(), 48);
    let mut told = BTreeSet::new();
    for _ in 0..40 {
        told.extend(story(&strategy.new_tree(&mut runner).unwrap().current()));
    }
    assert_eq!(told, Life::ALL.iter().map(|l| l.word().to_owned()).collect());
}
