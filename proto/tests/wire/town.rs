//! Two stores with several documents, and the wire between them.

use crate::world::Dice;
use crate::world::acts::{places, value};
use qiaomen_proto::change::command::check_of;
use qiaomen_proto::change::{Author, ChangeHash, Clock, Command, Edit, Path, Scalar, Stamp, keys};
use qiaomen_proto::entity::{Shape, kind_spec};
use qiaomen_proto::ids::{Actor, CommandId, DeviceId, DocId, Kind, Role, WorkerId};
use qiaomen_proto::limits::COMMANDS_PER_PUSH_MAX;
use qiaomen_proto::merge::{Misfit, Register};
use qiaomen_proto::wire::batch::{BatchWriter, Form};
use qiaomen_proto::wire::rebuild::{Unbuildable, rebuild};
use qiaomen_proto::wire::unbatch::{DocRef, DraftBatch, DraftCommand};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// One store.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    pub(crate) registers: BTreeMap<DocId, Register>,
    pub(crate) commands: Vec<Command>,
    pub(crate) actor: Actor,
    by: Author,
    clock: Clock,
    dice: Dice,
}

/// What became of a command that travelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Arrived {
    /// Rebuilt as it was meant; in the registers now.
    Taken(Box<Command>),
    /// It was there already.
    Known,
    /// It builds on what is not here.
    Missing,
    /// A name was too short.
    Ambiguous,
}

pub(crate) fn random(dice: &mut Dice) -> Uuid {
    Uuid::from_u64_pair(dice.roll(), dice.roll())
}

impl Store {
    pub(crate) fn new(seed: u64) -> Self {
        let mut dice = Dice(seed);
        let by =
            Author { worker: WorkerId(random(&mut dice)), role: Role::GridWorker, device: DeviceId(random(&mut dice)) };
        let actor = Actor(*random(&mut dice).as_bytes());
        Self { registers: BTreeMap::new(), commands: Vec::new(), actor, by, clock: Clock::default(), dice }
    }

    pub(crate) fn stamp(&mut self) -> Stamp {
        let at = self.clock.tick(crate::world::NINE + self.dice.roll() % 1000);
        let command = CommandId::at(at.wall_ms, random(&mut self.dice).as_bytes()[..10].try_into().unwrap());
        Stamp { at, by: self.by, command }
    }

    pub(crate) fn register(&mut self, doc: DocId) -> &mut Register {
        self.registers.entry(doc).or_insert_with(|| Register::genesis(doc))
    }

    /// Writes one command: edits of some documents, each in one change.
    pub(crate) fn write(&mut self, stamp: Stamp, edits: Vec<(DocId, Vec<Edit>)>) -> Command {
        let actor = self.actor;
        let mut changes = Vec::new();
        for (doc, edits) in edits {
            let register = self.register(doc);
            let change = register.make_change(actor, stamp, edits);
            let hash = change.hash().unwrap();
            assert_eq!(register.fit(&change, &hash), Ok(()));
            register.apply(&change, hash);
            changes.push(change);
        }
        let command = Command { stamp, changes };
        self.commands.push(command.clone());
        command
    }

    /// Writes a random command to some of these documents.
    pub(crate) fn write_anything(&mut self, docs: &[DocId], seed: u64) -> Command {
        let mut dice = Dice(seed);
        let mut stamp = self.stamp();
        if dice.below(8) == 0 {
            // Done again later under its first id: the id's time is another than the stamp's.
            stamp.command = CommandId(random(&mut dice));
        }
        let edits = (0..=dice.below(3)).map(|n| {
            let doc = docs[dice.below(docs.len())];
            (doc, (0..=dice.below(5)).map(|_| anything(doc, stamp, n, &mut dice)).collect())
        });
        let edits: Vec<(DocId, Vec<Edit>)> = edits.collect();
        self.write(stamp, edits)
    }

    /// The commands of another store that came here: what became of each.
    pub(crate) fn receive(&mut self, batch: &[u8]) -> Vec<Arrived> {
        let batch = DraftBatch::read(batch, COMMANDS_PER_PUSH_MAX).unwrap();
        let mut previous = HashMap::new();
        let mut arrived = Vec::new();
        for draft in batch.commands {
            let docs: Vec<DocId> = draft.changes.iter().map(|change| self.resolve(batch.docs[change.doc])).collect();
            let what = self.receive_one(&docs, draft, &mut previous);
            if matches!(what, Arrived::Missing | Arrived::Ambiguous) {
                // "The change before" means this one: what stood before it is not meant.
                previous.retain(|doc, _| !docs.contains(doc));
            }
            arrived.push(what);
        }
        arrived
    }

    fn resolve(&self, doc: DocRef) -> DocId {
        match doc {
            DocRef::Whole(doc) => doc,
            DocRef::Suffix(kind, suffix) => {
                let mut named = self.registers.keys().filter(|d| d.kind == kind && d.suffix() == suffix);
                let doc = *named.next().expect("the sender knows what the receiver has");
                assert!(named.next().is_none());
                doc
            }
        }
    }

    fn receive_one(
        &mut self,
        docs: &[DocId],
        draft: DraftCommand,
        previous: &mut HashMap<DocId, ChangeHash>,
    ) -> Arrived {
        let (mut changes, mut pairs, mut known) = (Vec::new(), Vec::new(), 0);
        let mut after = self.registers.clone();
        for (change, doc) in draft.changes.into_iter().zip(docs.iter().copied()) {
            let register = after.entry(doc).or_insert_with(|| Register::genesis(doc));
            let built = match rebuild(change, draft.stamp, register, previous.get(&doc).copied()) {
                Ok(built) => built,
                Err(Unbuildable::Missing) => return Arrived::Missing,
                Err(Unbuildable::Ambiguous) => return Arrived::Ambiguous,
                Err(other) => panic!("{other}"),
            };
            let hash = built.hash().unwrap();
            match register.fit(&built, &hash) {
                Ok(()) => register.apply(&built, hash),
                Err(Misfit::Duplicate) => known += 1,
                Err(Misfit::Missing(_)) => return Arrived::Missing,
                Err(other) => panic!("{other}"),
            }
            previous.insert(doc, hash);
            pairs.push((doc, hash));
            changes.push(built);
        }
        assert_eq!(check_of(&pairs), draft.check, "what was rebuilt is what was meant");
        if known == changes.len() {
            return Arrived::Known;
        }
        self.registers = after;
        let command = Command { stamp: draft.stamp, changes };
        self.commands.push(command.clone());
        Arrived::Taken(Box::new(command))
    }
}

/// Commands as bytes for a receiver.
pub(crate) fn sent(commands: &[Command], form: Form, to: &Store) -> Vec<u8> {
    let known: HashSet<DocId> = to.registers.keys().copied().collect();
    let mut writer = BatchWriter::new(&known);
    for command in commands {
        writer.push(command, form).unwrap();
    }
    assert_eq!(writer.len(), commands.len());
    writer.finish()
}

/// Two documents of each kind.
pub(crate) fn docs() -> Vec<DocId> {
    let mut dice = Dice(99);
    Kind::ALL.into_iter().flat_map(|kind| [kind; 2]).map(|kind| DocId::new(kind, random(&mut dice))).collect()
}

/// An edit of any form: a field, one of the future, a row of this command or another's, a record.
/// `n` is the change's number in its command: each has keys of its own.
fn anything(doc: DocId, stamp: Stamp, n: usize, dice: &mut Dice) -> Edit {
    let spec = kind_spec(doc.kind);
    let ordinal = u8::try_from(n * 10 + dice.below(10)).unwrap();
    let own = keys::record_key(stamp.command, ordinal);
    if dice.below(2) == 0 {
        let places = places(doc.kind);
        return Edit { path: places[dice.below(places.len())].clone(), value: value(dice.below(12)) };
    }
    let container = u8::try_from(dice.below(spec.containers.len())).unwrap();
    let fields = spec.containers[usize::from(container)].fields;
    match spec.containers[usize::from(container)].shape {
        Shape::Fields => {
            Edit { path: Path::new(container, fields[dice.below(fields.len())].name), value: value(dice.below(12)) }
        }
        Shape::Rows => {
            let name = if dice.below(4) == 0 { "of_the_future" } else { fields[dice.below(fields.len())].name };
            Edit { path: Path::new(container, keys::row_key(&own, name)), value: value(dice.below(12)) }
        }
        Shape::Records => {
            let key = if dice.below(4) == 0 { format!("future {}", random(dice)) } else { own };
            Edit { path: Path::new(container, key), value: Scalar::Bytes(vec![0xa0; dice.below(40)]) }
        }
    }
}
