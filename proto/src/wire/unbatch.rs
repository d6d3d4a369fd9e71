//! From columns back to commands, without any document at hand: every bound is checked here, what
//! depends on documents in [`crate::wire::rebuild`].

use super::batch::{flag, key, value};
use super::columns::{Malformed, Reader};
use crate::change::{Author, ChangeHash, Hlc, OpId, Path, Scalar, Stamp, keys};
use crate::entity::{Shape, kind_spec};
use crate::ids::{Actor, CommandId, DeviceId, DocId, Kind, Role, WorkerId};
use crate::limits::{
    BODY_BYTES_MAX, CHANGES_PER_COMMAND_MAX, DEPS_PER_CHANGE_MAX, KEY_BYTES_MAX, OPS_PER_CHANGE_MAX, PREDS_PER_OP_MAX,
    VALUE_BYTES_MAX,
};

/// How a batch names a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DocRef {
    /// Whole.
    Whole(DocId),
    /// By kind and the last five bytes of its id.
    Suffix(Kind, [u8; 5]),
}

/// How a change names what it builds on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftDeps {
    /// The genesis.
    Genesis,
    /// The change before of the same document in this batch.
    Previous,
    /// By the first four bytes of each hash.
    Prefixes(Vec<[u8; 4]>),
    /// Whole.
    Full(Vec<ChangeHash>),
}

/// A put as it travelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftOp {
    /// Where.
    pub path: Path,
    /// What.
    pub value: Scalar,
    /// What it replaces; none where implied.
    pub preds: Option<Vec<OpId>>,
}

/// A change as it travelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftChange {
    /// Number of the document in the table.
    pub doc: usize,
    /// Whose.
    pub actor: Actor,
    /// Sequence and first counter, where it travelled in full.
    pub explicit: Option<(u64, u64)>,
    /// What it builds on.
    pub deps: DraftDeps,
    /// The puts.
    pub ops: Vec<DraftOp>,
}

/// A command as it travelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftCommand {
    /// Who, when, which.
    pub stamp: Stamp,
    /// Eight bytes over what was meant.
    pub check: [u8; 8],
    /// The changes.
    pub changes: Vec<DraftChange>,
}

/// A batch as it travelled.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DraftBatch {
    /// The documents by number.
    pub docs: Vec<DocRef>,
    /// The commands.
    pub commands: Vec<DraftCommand>,
}

struct Columns<'a> {
    meta: Reader<'a>,
    ids: Reader<'a>,
    deps: Reader<'a>,
    paths: Reader<'a>,
    values: Reader<'a>,
    ops_left: usize,
}

impl DraftBatch {
    /// Reads a batch of at most `commands_max` commands, with as many operations as so many full changes
    /// have (or one full command): an operation takes thirty times the memory here that the shortest
    /// takes on the way.
    pub fn read(bytes: &[u8], commands_max: usize) -> Result<Self, Malformed> {
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        let mut r = Reader::new(bytes);
        let actors = r.count(r.left() / 16)?;
        let actors = (0..actors).map(|_| Ok(Actor(r.array()?))).collect::<Result<Vec<_>, Malformed>>()?;
        let authors = r.count(r.left() / 33)?;
        let authors = (0..authors).map(|_| read_author(&mut r)).collect::<Result<Vec<_>, Malformed>>()?;
        let docs = r.count(r.left() / 6)?;
        let docs = (0..docs).map(|_| read_doc(&mut r)).collect::<Result<Vec<_>, Malformed>>()?;
        let count = r.count(commands_max)?;
        let mut column = || r.chunk(BODY_BYTES_MAX).map(Reader::new);
        let mut c = Columns {
            meta: column()?,
            ids: column()?,
            deps: column()?,
            paths: column()?,
            values: column()?,
            ops_left: commands_max.max(CHANGES_PER_COMMAND_MAX).saturating_mul(OPS_PER_CHANGE_MAX),
        };
        r.end()?;
        let mut commands = Vec::with_capacity(count.min(c.ids.left() / 18));
        let mut wall_ms = 0u64;
        for _ in 0..count {
            commands.push(read_command(&mut c, &mut wall_ms, &actors, &authors, &docs)?);
        }
        for rest in [c.meta, c.ids, c.deps, c.paths, c.values] {
            rest.end()?;
        }
        Ok(Self { docs, commands })
    }
}

fn read_author(r: &mut Reader<'_>) -> Result<Author, Malformed> {
    let worker = WorkerId::from_bytes(r.array()?);
    let role = Role::from_number(r.byte()?).ok_or(Malformed("unknown role"))?;
    Ok(Author { worker, role, device: DeviceId::from_bytes(r.array()?) })
}

fn read_doc(r: &mut Reader<'_>) -> Result<DocRef, Malformed> {
    let byte = r.byte()?;
    let kind = Kind::from_number(byte & 0x7f).ok_or(Malformed("unknown kind of document"))?;
    Ok(if byte & 0x80 != 0 {
        DocRef::Suffix(kind, r.array()?)
    } else {
        DocRef::Whole(DocId::new(kind, uuid::Uuid::from_bytes(r.array()?)))
    })
}

fn read_command(
    c: &mut Columns<'_>,
    wall_ms: &mut u64,
    actors: &[Actor],
    authors: &[Author],
    docs: &[DocRef],
) -> Result<DraftCommand, Malformed> {
    *wall_ms = wall_ms.wrapping_add(c.meta.int()?.cast_unsigned());
    let counter = u32::try_from(c.meta.uint()?).map_err(|_| Malformed("clock counter"))?;
    let author = c.meta.count(authors.len())?;
    let by = *authors.get(author).ok_or(Malformed("author out of table"))?;
    let changes = c.meta.count(CHANGES_PER_COMMAND_MAX)?;
    if changes == 0 {
        return Err(Malformed("a command without changes"));
    }
    let mut id = [0; 16];
    match c.meta.byte()? {
        0 => id = c.ids.array()?,
        1 => {
            id[..6].copy_from_slice(&wall_ms.to_be_bytes()[2..]);
            id[6..].copy_from_slice(c.ids.bytes(10)?);
        }
        _ => return Err(Malformed("form of a command's id")),
    }
    let stamp = Stamp { at: Hlc { wall_ms: *wall_ms, counter }, by, command: CommandId::from_bytes(id) };
    let check = c.ids.array()?;
    let changes = (0..changes).map(|_| read_change(c, &stamp, actors, docs)).collect::<Result<Vec<_>, _>>()?;
    Ok(DraftCommand { stamp, check, changes })
}

fn read_change(
    c: &mut Columns<'_>,
    stamp: &Stamp,
    actors: &[Actor],
    docs: &[DocRef],
) -> Result<DraftChange, Malformed> {
    let flags = c.meta.byte()?;
    if flags & !flag::ALL != 0 {
        return Err(Malformed("flags of a change"));
    }
    let doc = c.meta.count(docs.len())?;
    let kind = match docs.get(doc).ok_or(Malformed("document out of table"))? {
        DocRef::Whole(id) => id.kind,
        DocRef::Suffix(kind, _) => *kind,
    };
    let actor = c.meta.count(actors.len())?;
    let actor = *actors.get(actor).ok_or(Malformed("actor out of table"))?;
    let ops = c.meta.count(OPS_PER_CHANGE_MAX)?;
    if ops == 0 {
        return Err(Malformed("a change without operations"));
    }
    c.ops_left = c.ops_left.checked_sub(ops).ok_or(Malformed("too many operations"))?;
    let explicit = if flags & flag::IN_FULL != 0 { Some((c.meta.uint()?, c.meta.uint()?)) } else { None };
    let deps = match flags & flag::DEPS {
        flag::DEPS_GENESIS => DraftDeps::Genesis,
        flag::DEPS_PREVIOUS => DraftDeps::Previous,
        form => {
            let n = c.meta.count(DEPS_PER_CHANGE_MAX)?;
            if form == flag::DEPS_PREFIXES {
                DraftDeps::Prefixes((0..n).map(|_| c.deps.array()).collect::<Result<_, _>>()?)
            } else {
                DraftDeps::Full((0..n).map(|_| Ok(ChangeHash(c.deps.array()?))).collect::<Result<_, Malformed>>()?)
            }
        }
    };
    let mut list = Vec::with_capacity(ops);
    for _ in 0..ops {
        let path = read_path(c, stamp, kind)?;
        let value = read_value(c)?;
        let preds = if flags & flag::PREDS_EXPLICIT != 0 {
            let n = c.meta.count(PREDS_PER_OP_MAX)?;
            let mut preds = Vec::with_capacity(n);
            for _ in 0..n {
                let counter = c.meta.uint()?;
                let actor = c.meta.count(actors.len())?;
                preds.push(OpId { counter, actor: *actors.get(actor).ok_or(Malformed("actor out of table"))? });
            }
            Some(preds)
        } else {
            None
        };
        list.push(DraftOp { path, value, preds });
    }
    Ok(DraftChange { doc, actor, explicit, deps, ops: list })
}

fn read_path(c: &mut Columns<'_>, stamp: &Stamp, kind: Kind) -> Result<Path, Malformed> {
    let container = c.paths.byte()?;
    let Some(spec) = kind_spec(kind).container(container) else {
        // Of a later program. Its keys are written out, so that whoever does not know the place can keep them.
        return match c.paths.byte()? {
            key::TEXT => Ok(Path { container, key: c.paths.text(KEY_BYTES_MAX)?.to_owned() }),
            _ => Err(Malformed("form of a key")),
        };
    };
    let field = |number| spec.field_numbered(number).ok_or(Malformed("no such field"));
    let text = match (c.paths.byte()?, spec.shape) {
        (key::FIELD, Shape::Fields) => field(c.paths.byte()?)?.name.to_owned(),
        (key::OWN, Shape::Records) => keys::record_key(stamp.command, c.paths.byte()?),
        (key::OWN_ROW, Shape::Rows) => {
            let row = keys::record_key(stamp.command, c.paths.byte()?);
            keys::row_key(&row, field(c.paths.byte()?)?.name)
        }
        (key::TEXT, _) => c.paths.text(KEY_BYTES_MAX)?.to_owned(),
        _ => return Err(Malformed("form of a key")),
    };
    Ok(Path { container, key: text })
}

fn read_value(c: &mut Columns<'_>) -> Result<Scalar, Malformed> {
    Ok(match c.paths.byte()? {
        value::NULL => Scalar::Null,
        value::FALSE => Scalar::Bool(false),
        value::TRUE => Scalar::Bool(true),
        value::UINT => Scalar::Uint(c.values.uint()?),
        value::INT => Scalar::Int(c.values.int()?),
        value::STR => Scalar::Str(c.values.text(VALUE_BYTES_MAX)?.to_owned()),
        value::BYTES => Scalar::Bytes(c.values.chunk(VALUE_BYTES_MAX)?.to_vec()),
        value::UUID => Scalar::Str(uuid::Uuid::from_bytes(c.values.array()?).to_string()),
        _ => return Err(Malformed("form of a value")),
    })
}
