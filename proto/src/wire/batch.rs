//! Commands as columns: what is alike stands together, and what the receiver can rebuild is left out.
//!
//! Left out where they are implied: dependencies (the genesis, or the change before of the same
//! document in this batch), predecessors (all that are visible at the dependencies), the first
//! operation's counter, the sequence, keys of a command's own records, the time in a command's id.
//! A dependency is named by the first four bytes of its hash, a document that the receiver knows by the
//! last five of its id. Eight bytes a command prove that what was rebuilt is what was meant; where they
//! do not, the sender sends it again *in full*, with nothing left out.

use super::columns::Writer;
use crate::change::command::{check_of, digest_of};
use crate::change::typed::RebuildError;
use crate::change::{Author, ChangeHash, Command, Scalar, TypedChange, keys};
use crate::entity::genesis::genesis_hash;
use crate::entity::{Shape, kind_spec};
use crate::ids::{Actor, DocId};
use std::collections::HashMap;

pub(super) mod flag {
    //! Bits of a change.
    pub(crate) const DEPS_GENESIS: u8 = 0;
    pub(crate) const DEPS_PREVIOUS: u8 = 1;
    pub(crate) const DEPS_PREFIXES: u8 = 2;
    pub(crate) const DEPS_FULL: u8 = 3;
    pub(crate) const DEPS: u8 = 3;
    pub(crate) const PREDS_EXPLICIT: u8 = 4;
    pub(crate) const IN_FULL: u8 = 8;
    pub(crate) const ALL: u8 = 15;
}
pub(super) mod key {
    //! Forms of a key.
    pub(crate) const TEXT: u8 = 0;
    pub(crate) const OWN: u8 = 1;
    pub(crate) const FIELD: u8 = 2;
    pub(crate) const OWN_ROW: u8 = 3;
}
pub(super) mod value {
    //! Forms of a value.
    pub(crate) const NULL: u8 = 0;
    pub(crate) const FALSE: u8 = 1;
    pub(crate) const TRUE: u8 = 2;
    pub(crate) const UINT: u8 = 3;
    pub(crate) const INT: u8 = 4;
    pub(crate) const STR: u8 = 5;
    pub(crate) const BYTES: u8 = 6;
    pub(crate) const UUID: u8 = 7;
}

/// How much the sender leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Everything that the receiver can rebuild.
    Short,
    /// Nothing.
    InFull,
}

/// Builds one batch.
#[derive(Debug)]
pub struct BatchWriter<'k> {
    known: &'k dyn KnownToReceiver,
    actors: Table<Actor>,
    authors: Table<Author>,
    docs: Table<DocId>,
    previous: HashMap<DocId, ChangeHash>,
    /// Documents of a command that goes in full: named whole.
    in_full: std::collections::HashSet<DocId>,
    last_wall_ms: u64,
    commands: usize,
    digests: Vec<[u8; 32]>,
    meta: Writer,
    ids: Writer,
    deps: Writer,
    paths: Writer,
    values: Writer,
}

/// Which documents the receiver certainly has.
pub trait KnownToReceiver: std::fmt::Debug {
    /// True if the last five bytes of its id are enough.
    fn knows(&self, doc: &DocId) -> bool;
}

impl KnownToReceiver for std::collections::HashSet<DocId> {
    fn knows(&self, doc: &DocId) -> bool {
        self.contains(doc)
    }
}

#[derive(Debug)]
struct Table<T> {
    list: Vec<T>,
    index: HashMap<T, usize>,
}
impl<T: Copy + Eq + std::hash::Hash> Table<T> {
    fn new() -> Self {
        Self { list: Vec::new(), index: HashMap::new() }
    }
    fn number(&mut self, item: T) -> usize {
        *self.index.entry(item).or_insert_with(|| {
            self.list.push(item);
            self.list.len() - 1
        })
    }
}

impl<'k> BatchWriter<'k> {
    /// An empty batch for a receiver.
    pub fn new(known: &'k dyn KnownToReceiver) -> Self {
        Self {
            known,
            actors: Table::new(),
            authors: Table::new(),
            docs: Table::new(),
            previous: HashMap::new(),
            in_full: std::collections::HashSet::new(),
            last_wall_ms: 0,
            commands: 0,
            digests: Vec::new(),
            meta: Writer::default(),
            ids: Writer::default(),
            deps: Writer::default(),
            paths: Writer::default(),
            values: Writer::default(),
        }
    }

    /// Number of a document in this batch's table, for lists beside the batch.
    pub fn doc_number(&mut self, doc: DocId) -> usize {
        self.docs.number(doc)
    }
    /// Commands so far.
    pub fn len(&self) -> usize {
        self.commands
    }
    /// True if nothing was added.
    pub fn is_empty(&self) -> bool {
        self.commands == 0 && self.docs.list.is_empty()
    }
    /// Digests of the commands so far, in their order.
    pub fn digests(&self) -> &[[u8; 32]] {
        &self.digests
    }
    /// Bytes so far, before compression, without tables.
    pub fn bytes(&self) -> usize {
        self.meta.0.len() + self.ids.0.len() + self.deps.0.len() + self.paths.0.len() + self.values.0.len()
    }

    /// Adds a command (or, downwards, the part of it that the receiver may see).
    pub fn push(&mut self, command: &Command, form: Form) -> Result<(), RebuildError> {
        let pairs = command.changes.iter().map(|c| Ok((c.doc, c.hash()?))).collect::<Result<Vec<_>, RebuildError>>()?;
        self.head(command, check_of(&pairs));
        self.digests.push(digest_of(&pairs));
        for (change, (doc, hash)) in command.changes.iter().zip(pairs) {
            if form == Form::InFull {
                self.in_full.insert(doc);
            }
            self.change(change, form);
            self.previous.insert(doc, hash);
        }
        Ok(())
    }
    /// Adds a command in full under the check that it came with: one that this program cannot reckon, because it
    /// stands in a container that only a later one knows. Its digest is not among [`Self::digests`].
    pub fn push_as_it_came(&mut self, command: &Command, check: [u8; 8]) {
        self.head(command, check);
        for change in &command.changes {
            self.in_full.insert(change.doc);
            self.change(change, Form::InFull);
        }
    }

    /// What stands before the changes of a command.
    fn head(&mut self, command: &Command, check: [u8; 8]) {
        let stamp = &command.stamp;
        let author = self.authors.number(stamp.by);
        self.meta.int(stamp.at.wall_ms.wrapping_sub(self.last_wall_ms).cast_signed());
        self.last_wall_ms = stamp.at.wall_ms;
        self.meta.uint(u64::from(stamp.at.counter));
        self.meta.count(author);
        self.meta.count(command.changes.len());
        let id = stamp.command.as_bytes();
        let timed = id[..6] == stamp.at.wall_ms.to_be_bytes()[2..];
        self.meta.byte(u8::from(timed));
        self.ids.bytes(if timed { &id[6..] } else { id });
        self.ids.bytes(&check);
        self.commands += 1;
    }

    fn change(&mut self, change: &TypedChange, form: Form) {
        let doc = self.docs.number(change.doc);
        let actor = self.actors.number(change.actor);
        let deps_form = match form {
            Form::InFull => flag::DEPS_FULL,
            Form::Short if change.deps == [genesis_hash(change.doc.kind)] => flag::DEPS_GENESIS,
            Form::Short if self.previous.get(&change.doc).is_some_and(|p| change.deps == [*p]) => flag::DEPS_PREVIOUS,
            Form::Short => flag::DEPS_PREFIXES,
        };
        let explicit = form == Form::InFull || change.ops.iter().any(|op| !op.preds_implied);
        let mut flags = deps_form;
        if explicit {
            flags |= flag::PREDS_EXPLICIT;
        }
        if form == Form::InFull {
            flags |= flag::IN_FULL;
        }
        self.meta.byte(flags);
        self.meta.count(doc);
        self.meta.count(actor);
        self.meta.count(change.ops.len());
        if form == Form::InFull {
            self.meta.uint(change.seq);
            self.meta.uint(change.start_op);
        }
        if deps_form == flag::DEPS_PREFIXES || deps_form == flag::DEPS_FULL {
            self.meta.count(change.deps.len());
            for dep in &change.deps {
                self.deps.bytes(if deps_form == flag::DEPS_FULL { &dep.0 } else { &dep.0[..4] });
            }
        }
        for op in &change.ops {
            self.path(change, &op.path);
            self.value(&op.value);
            if explicit {
                self.meta.count(op.preds.len());
                for pred in &op.preds {
                    self.meta.uint(pred.counter);
                    let actor = self.actors.number(pred.actor);
                    self.meta.count(actor);
                }
            }
        }
    }

    fn path(&mut self, change: &TypedChange, path: &crate::change::Path) {
        self.paths.byte(path.container);
        let spec = kind_spec(change.doc.kind);
        let numbered = || spec.field(path).filter(|field| field.number != 0);
        let own = |text: &str| {
            keys::parse_record_key(text).filter(|(c, _)| *c == change.stamp.command).map(|(_, ordinal)| ordinal)
        };
        match spec.container(path.container).map(|c| c.shape) {
            Some(Shape::Fields) => {
                if let Some(field) = numbered() {
                    self.paths.byte(key::FIELD);
                    return self.paths.byte(field.number);
                }
            }
            Some(Shape::Records) => {
                if let Some(ordinal) = own(&path.key) {
                    self.paths.byte(key::OWN);
                    return self.paths.byte(ordinal);
                }
            }
            Some(Shape::Rows) => {
                let ordinal = keys::split_row_key(&path.key).and_then(|(row, _)| own(row));
                if let (Some(ordinal), Some(field)) = (ordinal, numbered()) {
                    self.paths.byte(key::OWN_ROW);
                    self.paths.byte(ordinal);
                    return self.paths.byte(field.number);
                }
            }
            None => {}
        }
        self.paths.byte(key::TEXT);
        self.paths.chunk(path.key.as_bytes());
    }

    fn value(&mut self, scalar: &Scalar) {
        match scalar {
            Scalar::Null => self.paths.byte(value::NULL),
            Scalar::Bool(b) => self.paths.byte(if *b { value::TRUE } else { value::FALSE }),
            Scalar::Uint(n) => {
                self.paths.byte(value::UINT);
                self.values.uint(*n);
            }
            Scalar::Int(n) => {
                self.paths.byte(value::INT);
                self.values.int(*n);
            }
            Scalar::Str(s) => match uuid::Uuid::try_parse(s).ok().filter(|id| id.to_string() == *s) {
                Some(id) => {
                    self.paths.byte(value::UUID);
                    self.values.bytes(id.as_bytes());
                }
                None => {
                    self.paths.byte(value::STR);
                    self.values.chunk(s.as_bytes());
                }
            },
            Scalar::Bytes(b) => {
                self.paths.byte(value::BYTES);
                self.values.chunk(b);
            }
        }
    }

    /// The bytes.
    pub fn finish(self) -> Vec<u8> {
        let mut out = Writer::default();
        out.count(self.actors.list.len());
        for actor in &self.actors.list {
            out.bytes(&actor.0);
        }
        out.count(self.authors.list.len());
        for author in &self.authors.list {
            out.bytes(author.worker.as_bytes());
            out.byte(author.role.number());
            out.bytes(author.device.as_bytes());
        }
        out.count(self.docs.list.len());
        for doc in &self.docs.list {
            // The kind of a document takes the low bits, so that one byte tells kind and form.
            if self.known.knows(doc) && !self.in_full.contains(doc) {
                out.byte(doc.kind.number() | 0x80);
                out.bytes(&doc.suffix());
            } else {
                out.byte(doc.kind.number());
                out.bytes(doc.uuid.as_bytes());
            }
        }
        out.count(self.commands);
        for column in [&self.meta, &self.ids, &self.deps, &self.paths, &self.values] {
            out.chunk(&column.0);
        }
        out.0
    }
}
