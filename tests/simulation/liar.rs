//! A device of a real worker in the hands of somebody who lies: it signs with a true key, hears what others say
//! to the office, and says what is false. Nothing that it says may ever be taken, and nobody may suffer for it.

use super::bureau::Bureau;
use super::dice::Dice;
use super::world::Stuck;
use qiaomen_client::Reply;
use qiaomen_proto::change::command::digest_of;
use qiaomen_proto::change::{Author, Command, Edit, Hlc, Path, Scalar, Stamp};
use qiaomen_proto::entity::{diary, household};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{Actor, CommandId, DeviceId, DocId, Kind, Role, WorkerId};
use qiaomen_proto::limits::{BODY_BYTES_MAX, PHOTO_CHUNK_BYTES_MAX};
use qiaomen_proto::merge::Register;
use qiaomen_proto::seal::{BoxSecret, SigningSecret};
use qiaomen_proto::wire::WIRE_VERSION;
use qiaomen_proto::wire::auth::{REQUEST_CONTEXT, SignedBy, request_message};
use qiaomen_proto::wire::batch::{BatchWriter, Form};
use qiaomen_proto::wire::enrol::{ENROL_PATH, EnrolReply, EnrolRequest};
use qiaomen_proto::wire::envelope::{pack, unpack};
use qiaomen_proto::wire::heal::{GiveBack, GivenProof, HeadsOf, PROOF_CONTEXT, Part, proof_message};
use qiaomen_proto::wire::photo::{PHOTO_PATH, PhotoRequest};
use qiaomen_proto::wire::push::{Manifest, SYNC_PATH, SyncRequest};
use std::collections::HashSet;

/// Requests of others that it remembers.
const HEARD_MAX: usize = 16;

/// A lie: what it asks of the office, if it has something to say.
type Lie = fn(&mut Liar, &Known<'_>) -> Option<SyncRequest>;

/// What it tells.
const LIES: [(&str, Lie); 8] = [
    ("a liar tells another's work as its own", |liar, _| liar.another_s_work(false)),
    ("a liar breaks another's work", |liar, _| liar.another_s_work(true)),
    ("a liar writes under another's actor", |liar, known| {
        let stamp = liar.stamp();
        known.forged(liar, stamp, known.actor).map(|command| liar.pushes(command))
    }),
    ("a liar writes in another's name", |liar, known| {
        let stamp = Stamp { by: known.author, ..liar.stamp() };
        known.forged(liar, stamp, liar.actor).map(|command| liar.pushes(command))
    }),
    ("a liar writes in the office's role", |liar, known| {
        let mut stamp = liar.stamp();
        stamp.by.role = Role::Office;
        known.forged(liar, stamp, liar.actor).map(|command| liar.pushes(command))
    }),
    ("a liar says other things under another's command", |liar, known| {
        let stamp = Stamp { command: known.command, ..liar.stamp() };
        known.forged(liar, stamp, known.actor).map(|command| liar.pushes(command))
    }),
    ("a liar gives back what nobody signed", |liar, known| {
        let stamp = Stamp { by: known.author, ..liar.stamp() };
        let command = known.forged(liar, stamp, known.actor)?;
        let give_back = liar.gives_back(&command)?;
        Some(SyncRequest { give_back: Some(give_back), ..liar.asking() })
    }),
    ("a liar asks for what is not its own", |liar, known| {
        let heads = HeadsOf { doc: known.register.doc().key().into(), heads: vec![7; 8] };
        let mut cursor = vec![0; liar.dice.below(64)];
        liar.dice.fill(&mut cursor);
        let held = Some(vec![(*known.command.as_bytes()).into()]);
        Some(SyncRequest { heads: Some(vec![heads]), cursor, held, wants_feed: true, ..liar.asking() })
    }),
];

/// What it knows of somebody honest.
#[derive(Debug)]
pub struct Known<'w> {
    /// A document.
    pub register: &'w Register,
    /// Somebody's actor in it.
    pub actor: Actor,
    /// Who that is.
    pub author: Author,
    /// A command of theirs.
    pub command: CommandId,
}

impl Known<'_> {
    fn forged(&self, liar: &mut Liar, stamp: Stamp, actor: Actor) -> Option<Command> {
        let doc = self.register.doc();
        let value = Scalar::Str(format!("谎{}", liar.dice.below(100)));
        let edit = match doc.kind {
            Kind::Household => Edit { path: Path::new(household::FIELDS, "use"), value },
            Kind::Diary => Edit { path: Path::new(diary::ENTRIES, stamp.command.to_string()), value },
            Kind::Resident | Kind::Ticket => Edit { path: Path::new(0, "note"), value },
        };
        Some(Command { stamp, changes: vec![self.register.make_change(actor, stamp, vec![edit])] })
    }
}

/// The liar.
#[derive(Debug)]
pub struct Liar {
    dice: Dice,
    signing: SigningSecret,
    actor: Actor,
    by: Author,
    counter: u64,
    now_ms: u64,
    heard: Vec<Vec<u8>>,
}

impl Liar {
    /// A device like any other, for this worker.
    pub fn enrolled(bureau: &mut Bureau, mut dice: Dice, worker: WorkerId, code: String) -> Result<Self, Stuck> {
        let (mut signing, mut boxing, mut actor) = ([0; 32], [0; 32], [0; 16]);
        dice.fill(&mut signing);
        dice.fill(&mut boxing);
        dice.fill(&mut actor);
        let signing = SigningSecret::from_bytes(signing);
        let request = EnrolRequest {
            wire_version: WIRE_VERSION,
            code,
            verify_key: signing.verify_key().0,
            box_key: BoxSecret::from_bytes(boxing).public().0,
            actor,
            app_version: "9.9.9".to_owned(),
        };
        let reply = bureau.post(ENROL_PATH, None, &pack(&request))?;
        let reply: EnrolReply =
            unpack(&reply.body, BODY_BYTES_MAX).map_err(|_| Stuck::Enrol("the liar is not enrolled".to_owned()))?;
        let role = Role::from_number(reply.role).unwrap_or(Role::GridWorker);
        let by = Author { device: DeviceId::from_bytes(reply.device), worker, role };
        Ok(Self { dice, signing, actor: Actor(actor), by, counter: 0, now_ms: reply.now_ms, heard: Vec::new() })
    }

    /// Which device it is.
    pub fn device(&self) -> DeviceId {
        self.by.device
    }

    /// Hears a request of somebody else's.
    pub fn hears(&mut self, body: &[u8]) {
        if self.heard.len() >= HEARD_MAX {
            self.heard.remove(0);
        }
        self.heard.push(body.to_vec());
    }

    /// Tells one lie. Its name, and what the office said to it; None where it has nothing to say.
    pub fn lies(
        &mut self,
        bureau: &mut Bureau,
        known: &Known<'_>,
        now_ms: u64,
    ) -> Result<Option<(&'static str, Reply)>, Stuck> {
        self.now_ms = now_ms;
        let (name, lie) = LIES[self.dice.below(LIES.len())];
        let Some(request) = lie(self, known) else { return Ok(None) };
        self.counter += 1;
        let body = pack(&request);
        let message = request_message(SYNC_PATH, self.counter, &body);
        let signature = self.signing.sign(REQUEST_CONTEXT, &message);
        let auth = SignedBy { device: self.by.device, counter: self.counter, signature }.to_text();
        Ok(Some((name, bureau.post(SYNC_PATH, Some(&auth), &body)?)))
    }

    /// Brings all of a picture, or only its first bytes, and none of them is true.
    pub fn spoils(&mut self, bureau: &mut Bureau, hash: [u8; 32], size: u32) -> Result<Reply, Stuck> {
        let all = usize::try_from(size).unwrap_or(usize::MAX).min(PHOTO_CHUNK_BYTES_MAX);
        let bytes = vec![0x5a; if self.dice.percent(50) { all } else { all / 3 }];
        self.counter += 1;
        let body = pack(&PhotoRequest { wire_version: WIRE_VERSION, hash, size, offset: 0, bytes });
        let message = request_message(PHOTO_PATH, self.counter, &body);
        let signature = self.signing.sign(REQUEST_CONTEXT, &message);
        let auth = SignedBy { device: self.by.device, counter: self.counter, signature }.to_text();
        Ok(bureau.post(PHOTO_PATH, Some(&auth), &body)?)
    }

    fn stamp(&mut self) -> Stamp {
        let mut random = [0; 10];
        self.dice.fill(&mut random);
        let at = Hlc { wall_ms: self.now_ms, counter: 0 };
        Stamp { at, by: self.by, command: CommandId::at(self.now_ms, random) }
    }

    fn asking(&self) -> SyncRequest {
        SyncRequest {
            wire_version: WIRE_VERSION,
            policy_version: 1,
            manifest: Manifest { app_version: "9.9.9".to_owned(), ..Manifest::default() },
            reference_version: u64::MAX,
            ..SyncRequest::default()
        }
    }

    fn pushes(&mut self, command: Command) -> SyncRequest {
        let nobody = HashSet::new();
        let mut writer = BatchWriter::new(&nobody);
        let batch = if writer.push(&command, Form::InFull).is_ok() { writer.finish() } else { Vec::new() };
        SyncRequest { batch, ..self.asking() }
    }

    fn another_s_work(&mut self, broken: bool) -> Option<SyncRequest> {
        let body = self.heard.get(self.dice.below(self.heard.len()))?;
        let heard: SyncRequest = unpack(body, BODY_BYTES_MAX).ok()?;
        let mut batch = heard.batch;
        if broken && !batch.is_empty() {
            let at = self.dice.below(batch.len());
            batch[at] ^= 1 << self.dice.below(8);
        }
        Some(SyncRequest { batch, ..self.asking() })
    }

    /// As if an office had signed it, with a key that is none of the office's.
    fn gives_back(&mut self, command: &Command) -> Option<GiveBack> {
        let pairs: Vec<_> = command.changes.iter().map(|c| Some((c.doc, c.hash().ok()?))).collect::<Option<_>>()?;
        let digest = digest_of(&pairs);
        let incarnation = [9; 16];
        let signature = self.signing.sign(PROOF_CONTEXT, &proof_message(&incarnation, [digest])).to_vec();
        let flat = |(doc, hash): &(DocId, qiaomen_proto::change::ChangeHash)| [&doc.key()[..], &hash.0].concat();
        Some(GiveBack {
            batch: self.pushes(command.clone()).batch,
            parts: vec![Part { proof: 0, pairs: pairs.iter().flat_map(flat).collect() }],
            proofs: vec![GivenProof { incarnation: incarnation.into(), digests: vec![digest.into()], signature }],
            last: Some(pairs.iter().map(|(doc, _)| doc.key().into()).collect()),
            finished: pairs.iter().map(|(doc, _)| doc.key().into()).collect(),
            ..GiveBack::default()
        })
    }
}

/// Whether the office answered as it may: never that it failed inside.
pub fn is_proper(reply: &Reply) -> bool {
    let inside = [Code::Internal, Code::OfficeDamaged].map(|code| format!("\"number\":{},", code.number()));
    let said = String::from_utf8_lossy(&reply.body);
    reply.status == 200 || !inside.iter().any(|code| said.contains(code))
}
