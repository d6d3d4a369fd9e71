//! Which batch goes now? The oldest commands first, as many as fit; with them the keys that the office
//! may not have. They stay in the outbox, whatever becomes of the request.

use super::give_back::{self, Given};
use super::{look, training};
use crate::enrol::{APP_VERSION, Identity};
use crate::error::{EditError, StoreError, SyncError};
use crate::outbox::OutboxRow;
use crate::store::Tx;
use crate::store::document::Hashed;
use crate::store::meta::name;
use minicbor::bytes::ByteArray;
use qiaomen_proto::change::Command;
use qiaomen_proto::change::command::check_of;
use qiaomen_proto::entity::spec::POLICY_VERSION;
use qiaomen_proto::ids::{CommandId, DocId, Subject};
use qiaomen_proto::limits::{COMMANDS_PER_PUSH_MAX, KEYS_PER_MESSAGE_MAX};
use qiaomen_proto::seal::{KeyBundle, KeyId, seal_to};
use qiaomen_proto::wire::WIRE_VERSION;
use qiaomen_proto::wire::auth::{REQUEST_CONTEXT, SignedBy, request_message};
use qiaomen_proto::wire::batch::{BatchWriter, Form};
use qiaomen_proto::wire::envelope::pack;
use qiaomen_proto::wire::push::{KEYS_UP_INFO, Manifest, SYNC_PATH, SyncRequest};
use std::collections::{BTreeMap, HashSet};

/// Bytes of a batch before compression: on a weak signal a smaller request gets through where a large
/// one breaks off again and again.
const BATCH_BYTES_MAX: usize = 256 * 1024;

/// One command of a request.
#[derive(Debug, Clone)]
pub(crate) struct SentCommand {
    pub(crate) row: OutboxRow,
    pub(crate) changes: Vec<Hashed>,
    pub(crate) check: [u8; 8],
}

/// A request that is under way.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) counter: u64,
    pub(crate) commands: Vec<SentCommand>,
    pub(crate) keys: Vec<(Subject, KeyId)>,
    pub(crate) wants_feed: bool,
    pub(crate) asked_ms: u64,
    /// What goes back with it.
    pub(crate) given: Option<Given>,
    /// The looks that go with it: their ids.
    pub(crate) looks: HashSet<[u8; 16]>,
    /// Photos that the office will not have: no reason to put the emptying of the device off.
    pub(crate) photos_unwanted: HashSet<[u8; 32]>,
}

/// A request, ready to be posted.
pub(crate) struct Request {
    pub(crate) sent: Sent,
    pub(crate) auth: String,
    pub(crate) body: Vec<u8>,
}

/// A command's form: which, in full or not, how often done again. What waited in one form is not sent
/// again in the same within one sync.
pub(crate) type FormOf = (CommandId, bool, u32);

pub(crate) fn form_of(row: &OutboxRow) -> FormOf {
    (row.command, row.in_full, row.redone)
}

/// Makes the next request. Its number is in the database when the transaction commits, before it is sent.
pub(crate) fn request(
    tx: &Tx<'_>,
    identity: &Identity,
    reference_version: u64,
    waited: &HashSet<FormOf>,
    tried: &HashSet<DocId>,
    now_ms: u64,
    seeds: [[u8; 32]; 2],
) -> Result<Request, SyncError> {
    let rows: Vec<OutboxRow> =
        tx.unconfirmed(usize::MAX)?.into_iter().filter(|row| !waited.contains(&form_of(row))).collect();
    let (commands, batch) = batch(tx, &rows)?;
    let (keys, boxed_keys) = keys(tx, identity, &commands, seeds[0])?;
    let (give_back, given) = give_back::give_back(tx, identity, tried, seeds[1])?.unzip();
    let heads = give_back::heads(tx)?;
    let looks = look::next(tx)?;
    let look_ids = looks.iter().map(|look| *look.id).collect();
    let again = heads.is_some().then(|| tx.number(name::AGAIN)).transpose()?;
    let counter = tx.number(name::COUNTER)? + 1;
    tx.put_number(name::COUNTER, counter)?;
    let wants_feed = commands.len() == rows.len();
    let request = SyncRequest {
        wire_version: WIRE_VERSION,
        policy_version: POLICY_VERSION,
        capabilities: 0,
        manifest: Manifest {
            pending_count: u32::try_from(tx.unconfirmed_count()?).unwrap_or(u32::MAX),
            app_version: APP_VERSION.to_owned(),
            wall_ms: now_ms,
            last_contact_ms: tx.number(name::LAST_CONTACT_MS)?,
            refetch_count: u32::try_from(tx.number(name::REFETCH_COUNT)?).unwrap_or(u32::MAX),
        },
        cursor: tx.meta(name::CURSOR)?.unwrap_or_default(),
        batch,
        keys: boxed_keys,
        reference_version: training::reference_version(tx, identity.worker(), reference_version)?,
        wants_feed,
        held: held(tx)?,
        heads,
        again: again.and_then(|n| u8::try_from(n).ok()),
        give_back,
        looks: Some(looks).filter(|looks| !looks.is_empty()),
    };
    let body = pack(&request);
    let signature = identity.signing().sign(REQUEST_CONTEXT, &request_message(SYNC_PATH, counter, &body));
    let auth = SignedBy { device: identity.device(), counter, signature }.to_text();
    Ok(Request {
        sent: Sent {
            counter,
            commands,
            keys,
            wants_feed,
            asked_ms: now_ms,
            given,
            looks: look_ids,
            photos_unwanted: HashSet::new(),
        },
        auth,
        body,
    })
}

/// What the office keeps for a person to look at, and what is refused: we ask what became of it. Another
/// phone may have brought it, or somebody may have let it in.
fn held(tx: &Tx<'_>) -> Result<Option<Vec<ByteArray<16>>>, StoreError> {
    let rows = tx.outbox()?.into_iter().filter(|row| !row.state.is_unconfirmed());
    let held: Vec<ByteArray<16>> =
        rows.take(COMMANDS_PER_PUSH_MAX).map(|row| (*row.command.as_bytes()).into()).collect();
    Ok(Some(held).filter(|h| !h.is_empty()))
}

fn batch(tx: &Tx<'_>, rows: &[OutboxRow]) -> Result<(Vec<SentCommand>, Vec<u8>), SyncError> {
    let mut commands = Vec::new();
    let mut known: HashSet<DocId> = HashSet::new();
    for row in rows.iter().take(COMMANDS_PER_PUSH_MAX) {
        let changes = tx.changes_of(row.command)?;
        for (_, change) in &changes {
            if tx.is_at_office(change.doc)? {
                known.insert(change.doc);
            }
        }
        let pairs: Vec<_> = changes.iter().map(|(hash, c)| (c.doc, *hash)).collect();
        commands.push(SentCommand { row: row.clone(), check: check_of(&pairs), changes });
    }
    if commands.is_empty() {
        return Ok((commands, Vec::new()));
    }
    let mut writer = BatchWriter::new(&known);
    let mut fitting = 0;
    for sent in &commands {
        let command = Command { stamp: sent.row.stamp, changes: sent.changes.iter().map(|(_, c)| c.clone()).collect() };
        let form = if sent.row.in_full { Form::InFull } else { Form::Short };
        writer.push(&command, form).map_err(|e| SyncError::MakeRequest(Box::new(EditError::MakeChange(e))))?;
        fitting += 1;
        if writer.bytes() >= BATCH_BYTES_MAX {
            break;
        }
    }
    commands.truncate(fitting);
    Ok((commands, writer.finish()))
}

/// Keys that the office may not have, of every document in the batch: also those that an earlier
/// command made which the office did not take.
#[allow(clippy::type_complexity, reason = "what was sent, and its bytes")]
fn keys(
    tx: &Tx<'_>,
    identity: &Identity,
    commands: &[SentCommand],
    seed: [u8; 32],
) -> Result<(Vec<(Subject, KeyId)>, Vec<u8>), SyncError> {
    let mut keys = BTreeMap::new();
    for subject in commands.iter().flat_map(|c| &c.changes).map(|(_, change)| change.doc.uuid) {
        for key in tx.unacknowledged_keys(subject)? {
            keys.insert((subject, key.id()), key);
        }
    }
    if keys.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let too_large = || SyncError::MakeRequest(Box::new(EditError::TooLarge));
    if keys.len() > KEYS_PER_MESSAGE_MAX {
        return Err(too_large());
    }
    let sent = keys.keys().copied().collect();
    let bundle: KeyBundle = keys.into_iter().map(|((subject, _), key)| (subject, key)).collect();
    let plain = bundle.encode().map_err(|_| too_large())?;
    let boxed = seal_to(&identity.office_box(), KEYS_UP_INFO, identity.device().as_bytes(), &plain, seed)
        .map_err(|e| SyncError::MakeRequest(Box::new(EditError::SealRescue(e))))?;
    Ok((sent, boxed))
}
