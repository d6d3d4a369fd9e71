//! The checker of the demonstration. It believes nobody: it reads the office's database with plain SQL
//! and the exported documents with automerge alone, and shares no code with the merge that it judges.

use automerge::{Automerge, ReadDoc, Value};
use rusqlite::Connection;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What the checker looks at.
#[derive(Debug)]
pub(crate) struct Evidence {
    /// The office's database.
    pub(crate) office_db: PathBuf,
    /// The office's exported documents.
    pub(crate) office_documents: PathBuf,
    /// The devices.
    pub(crate) devices: Vec<DeviceEvidence>,
    /// The ids of every edit that a device confirmed.
    pub(crate) edits: Vec<[u8; 16]>,
}

/// What the checker looks at on one device.
#[derive(Debug)]
pub(crate) struct DeviceEvidence {
    /// Whose it is.
    pub(crate) worker: [u8; 16],
    /// Its exported documents.
    pub(crate) documents: PathBuf,
    /// The ids in its outbox, whatever their state.
    pub(crate) outbox: Vec<[u8; 16]>,
}

/// What the checker found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Findings {
    /// Devices.
    pub(crate) devices: usize,
    /// Edits made without signal.
    pub(crate) offline_edits: usize,
    /// Places where a person had to decide.
    pub(crate) conflicts_found: u64,
    /// Places where different values met and a rule settled it.
    pub(crate) conflicts_by_policy: u64,
    /// Decided by the clerk.
    pub(crate) conflicts_by_clerk: u64,
    /// Held back for a person to look at.
    pub(crate) quarantined: u64,
    /// Every device has exactly its documents, each at the office's heads.
    pub(crate) converged: bool,
    /// The sums over heads, computed here, equal those that the office keeps.
    pub(crate) digests_equal: bool,
    /// Edits that are nowhere.
    pub(crate) lost: usize,
}

/// Why the checker could not look.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CheckError {
    #[error("could not read the office's database")]
    Database(#[from] rusqlite::Error),
    #[error("could not read {path}")]
    Read {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{path} does not open as an automerge document")]
    Document {
        path: PathBuf,
        #[source]
        source: Box<automerge::AutomergeError>,
    },
    #[error("{0} is not named as an export names its files")]
    Name(PathBuf),
}

/// Kind number and id.
type Key = [u8; 17];

struct Document {
    heads: Vec<[u8; 32]>,
    commands: BTreeSet<[u8; 16]>,
    contested: BTreeSet<(String, String)>,
}

/// Containers of immutable facts: nothing there can be in contest.
const FIELDS: &[&str] = &["fields", "occupancies"];
const KINDS: &[(&str, u8)] = &[("household", 1), ("resident", 2), ("ticket", 3), ("diary", 4)];

/// Looks.
pub(crate) fn check(evidence: &Evidence) -> Result<Findings, CheckError> {
    let office = documents(&evidence.office_documents)?;
    let db = Connection::open(&evidence.office_db)?;
    let one = |sql: &str| db.query_row(sql, [], |r| r.get::<_, i64>(0)).map(|n| u64::try_from(n).unwrap_or(0));
    let mut asked: BTreeSet<(Key, String)> = BTreeSet::new();
    let mut statement = db.prepare("SELECT doc, key FROM conflict")?;
    let rows = statement.query_map([], |r| Ok((r.get::<_, [u8; 17]>(0)?, r.get::<_, String>(1)?)))?;
    for row in rows {
        asked.insert(row?);
    }
    let settled = office
        .iter()
        .flat_map(|(key, doc)| doc.contested.iter().map(move |(_, field)| (*key, field.clone())))
        .filter(|place| !asked.contains(place))
        .count();
    let mut converged = true;
    let mut outboxes: BTreeSet<[u8; 16]> = BTreeSet::new();
    for device in &evidence.devices {
        let have = documents(&device.documents)?;
        let should = documents_of(&db, &device.worker)?;
        converged &= have.keys().copied().collect::<BTreeSet<_>>() == should;
        converged &= have.iter().all(|(key, doc)| office.get(key).is_some_and(|o| o.heads == doc.heads));
        outboxes.extend(&device.outbox);
    }
    let mut safe: BTreeSet<[u8; 16]> = office.values().flat_map(|d| d.commands.iter().copied()).collect();
    let mut statement = db.prepare("SELECT command FROM quarantine")?;
    for row in statement.query_map([], |r| r.get::<_, [u8; 16]>(0))? {
        safe.insert(row?);
    }
    safe.extend(outboxes);
    Ok(Findings {
        devices: evidence.devices.len(),
        offline_edits: evidence.edits.len(),
        conflicts_found: one("SELECT count(*) FROM conflict")?,
        conflicts_by_policy: u64::try_from(settled).unwrap_or(u64::MAX),
        conflicts_by_clerk: one("SELECT count(*) FROM conflict WHERE state = 'decided'")?,
        quarantined: one("SELECT count(*) FROM quarantine")?,
        converged,
        digests_equal: digests_equal(&db, &office)?,
        lost: evidence.edits.iter().filter(|id| !safe.contains(*id)).count(),
    })
}

/// The documents that this worker's device should have: those of the worker's grids, and the worker's own.
fn documents_of(db: &Connection, worker: &[u8; 16]) -> Result<BTreeSet<Key>, CheckError> {
    let mut statement = db.prepare(
        "SELECT doc FROM member WHERE stream IN
           (SELECT 'g:' || lower(hex(grid)) FROM worker_grid WHERE worker = ?1 AND until_ms IS NULL
            UNION SELECT 'w:' || lower(hex(?1)))",
    )?;
    let rows = statement.query_map([worker], |r| r.get::<_, [u8; 17]>(0))?;
    rows.map(|r| r.map_err(CheckError::from)).collect()
}

/// Sums the documents' numbers for each stream and compares with what the office keeps.
fn digests_equal(db: &Connection, office: &BTreeMap<Key, Document>) -> Result<bool, CheckError> {
    let mut sums: BTreeMap<String, u128> = BTreeMap::new();
    let mut statement = db.prepare("SELECT stream, doc FROM member")?;
    for row in statement.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, [u8; 17]>(1)?)))? {
        let (stream, key) = row?;
        let Some(doc) = office.get(&key) else { return Ok(false) };
        let sum = sums.entry(stream).or_default();
        *sum = sum.wrapping_add(number(&key, &doc.heads));
    }
    let mut statement = db.prepare("SELECT id, digest FROM stream")?;
    for row in statement.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, [u8; 16]>(1)?)))? {
        let (stream, digest) = row?;
        if sums.get(&stream).copied().unwrap_or_default() != u128::from_be_bytes(digest) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// One document's number, as docs/protocol says it is made.
fn number(key: &Key, heads: &[[u8; 32]]) -> u128 {
    let mut hasher = blake3::Hasher::new_derive_key("qiaomen 2026 digest of heads");
    hasher.update(key);
    for head in heads {
        hasher.update(head);
    }
    let mut bytes = [0; 16];
    hasher.finalize_xof().fill(&mut bytes);
    u128::from_be_bytes(bytes)
}

fn documents(dir: &Path) -> Result<BTreeMap<Key, Document>, CheckError> {
    let mut found = BTreeMap::new();
    for (name, kind) in KINDS {
        let folder = dir.join(name);
        let failed = |source| CheckError::Read { path: folder.clone(), source };
        if !folder.exists() {
            continue;
        }
        for file in std::fs::read_dir(&folder).map_err(failed)? {
            let path = file.map_err(failed)?.path();
            let id = path.file_stem().and_then(|s| s.to_str()).and_then(|s| uuid::Uuid::try_parse(s).ok());
            let id = id.ok_or_else(|| CheckError::Name(path.clone()))?;
            let mut key = [0; 17];
            key[0] = *kind;
            key[1..].copy_from_slice(id.as_bytes());
            found.insert(key, document(&path)?);
        }
    }
    Ok(found)
}

fn document(path: &Path) -> Result<Document, CheckError> {
    let failed = |source| CheckError::Document { path: path.to_owned(), source: Box::new(source) };
    let bytes = std::fs::read(path).map_err(|source| CheckError::Read { path: path.to_owned(), source })?;
    #[allow(clippy::disallowed_methods, reason = "the checker is a foreign reader of our own export")]
    let doc = Automerge::load(&bytes).map_err(failed)?;
    let mut heads: Vec<[u8; 32]> = doc.get_heads().iter().map(|h| h.0).collect();
    heads.sort_unstable();
    // The last word of a change's message is the id of its command.
    let commands = doc
        .get_changes(&[])
        .iter()
        .filter_map(|c| uuid::Uuid::try_parse(c.message()?.rsplit(' ').next()?).ok())
        .map(|id| *id.as_bytes())
        .collect();
    let mut contested = BTreeSet::new();
    for container in FIELDS {
        let Some((Value::Object(_), object)) = doc.get(automerge::ROOT, *container).map_err(failed)? else { continue };
        for key in doc.keys(&object) {
            let values: BTreeSet<String> =
                doc.get_all(&object, key.as_str()).map_err(failed)?.iter().map(|(v, _)| format!("{v:?}")).collect();
            if values.len() > 1 {
                contested.insert(((*container).to_owned(), key));
            }
        }
    }
    Ok(Document { heads, commands, contested })
}
