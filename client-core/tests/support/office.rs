//! A small honest office: it rebuilds, checks and applies what devices send, signs what it says, and
//! gives everyone one stream. What it should say against its nature is set by the story.

use qiaomen_client::Reply;
use qiaomen_proto::change::command::{check_of, digest_of};
use qiaomen_proto::change::{Author, ChangeHash, Command, Edit, Hlc, Stamp};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{
    Actor, BuildingId, CommandId, CommunityId, DeviceId, DocId, GridId, MicroGridId, Role, WorkerId,
};
use qiaomen_proto::limits::BODY_BYTES_MAX;
use qiaomen_proto::merge::digest::Digest;
use qiaomen_proto::merge::{Misfit, Register};
use qiaomen_proto::reference::{BuildingInfo, GridInfo, MicroGridInfo, Reference, WorkerInfo};
use qiaomen_proto::seal::{BoxPublic, BoxSecret, KeyBundle, KeyRing, SigningSecret, VerifyKey, open_with, seal_to};
use qiaomen_proto::wire::WIRE_VERSION;
use qiaomen_proto::wire::auth::{
    RECEIPT_CONTEXT, REPLY_CONTEXT, REQUEST_CONTEXT, SignedBy, reply_message, request_message, signature_to_text,
};
use qiaomen_proto::wire::batch::{BatchWriter, Form};
use qiaomen_proto::wire::enrol::{EnrolReply, EnrolRequest};
use qiaomen_proto::wire::envelope::{pack, unpack};
use qiaomen_proto::wire::heal::{GivenFate, PROOF_CONTEXT, proof_message};
use qiaomen_proto::wire::pull::{
    Directive, Membership, Outcome, Progress, StreamState, SyncReply, Verdict, receipt_message,
};
use qiaomen_proto::wire::push::{KEYS_DOWN_INFO, KEYS_UP_INFO, SYNC_PATH, SyncRequest};
use qiaomen_proto::wire::rebuild::rebuild;
use qiaomen_proto::wire::unbatch::{DocRef, DraftBatch, DraftCommand};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

pub fn community() -> CommunityId {
    CommunityId::of("110101001001")
}
pub fn grid() -> GridId {
    GridId::of(community(), "第一网格")
}
pub fn worker(name: &str) -> WorkerId {
    WorkerId(CommunityId::of(&format!("worker {name}")).0)
}

#[derive(Clone)]
pub struct Enrolled {
    pub worker: WorkerId,
    pub verify: [u8; 32],
    pub boxing: [u8; 32],
    pub counter: u64,
}

/// One step of the stream.
#[derive(Debug, Clone)]
pub enum Entry {
    Command(Command),
    Departed(DocId),
}

/// A command put together again.
pub(super) struct Rebuilt {
    pub command: Command,
    pub pairs: Vec<(DocId, ChangeHash)>,
    /// The registers of its documents with it.
    pub after: BTreeMap<DocId, Register>,
    /// True if it is there already.
    pub known: bool,
}

pub struct Office {
    pub now_ms: u64,
    pub signing: SigningSecret,
    pub boxes: BoxSecret,
    pub incarnation: [u8; 16],
    pub codes: HashMap<String, WorkerId>,
    pub devices: HashMap<DeviceId, Enrolled>,
    pub registers: BTreeMap<DocId, Register>,
    pub members: BTreeSet<DocId>,
    pub log: Vec<Entry>,
    pub ring: KeyRing,
    pub reference: Reference,
    pub taken: HashMap<CommandId, [u8; 8]>,
    /// What to say of a command, instead of the truth: asked in order of arrival.
    #[allow(clippy::type_complexity)]
    pub say: Option<Box<dyn FnMut(&Command) -> Option<(Outcome, Code)>>>,
    /// Entries in one reply.
    pub page: usize,
    pub directives: Vec<Directive>,
    /// Commands that arrived, with how they came: in full or not.
    pub arrived: Vec<(CommandId, bool)>,
    /// A signature of the receipt by somebody else.
    pub forge_receipt: bool,
    /// Bytes of the next batches are changed, though the reply is signed: the two sides differ.
    pub spoil_batches: u32,
    /// Documents of a grid that is somebody else's by now: what is written is taken, and nobody here gets it.
    pub elsewhere: BTreeSet<DocId>,
    /// Up to where it says that a backup has its log.
    pub backed_up: usize,
    /// What to say of a command that is given back, instead of the truth.
    #[allow(clippy::type_complexity)]
    pub say_of_given: Option<Box<dyn FnMut(CommandId) -> Option<GivenFate>>>,
    /// Commands that were given back, in order of arrival.
    pub given: Vec<CommandId>,
    made: u64,
}

impl Office {
    pub fn new(now_ms: u64) -> Self {
        Self {
            now_ms,
            signing: SigningSecret::from_bytes([1; 32]),
            boxes: BoxSecret::from_bytes([2; 32]),
            incarnation: [3; 16],
            codes: HashMap::new(),
            devices: HashMap::new(),
            registers: BTreeMap::new(),
            members: BTreeSet::new(),
            log: Vec::new(),
            ring: KeyRing::new(),
            reference: Reference {
                version: 1,
                community: "样例社区".into(),
                region_code: "110101001001".into(),
                grids: vec![GridInfo {
                    id: (*grid().as_bytes()).into(),
                    name: "第一网格".into(),
                    grid_type: None,
                    code: "110101001001001".into(),
                    quota: None,
                }],
                buildings: vec![BuildingInfo {
                    id: (*BuildingId::of(community(), "1号楼").as_bytes()).into(),
                    name: "1号楼".into(),
                    grid: (*grid().as_bytes()).into(),
                }],
                workers: Vec::new(),
                categories: vec!["环境卫生".into()],
                utc_offset_s: 8 * 3600,
                micro_grids: vec![MicroGridInfo {
                    id: (*MicroGridId::of(grid(), "第一微网格").as_bytes()).into(),
                    grid: (*grid().as_bytes()).into(),
                    name: "第一微网格".into(),
                    buildings: vec![(*BuildingId::of(community(), "1号楼").as_bytes()).into()],
                }],
            },
            taken: HashMap::new(),
            say: None,
            page: 1000,
            directives: Vec::new(),
            arrived: Vec::new(),
            forge_receipt: false,
            spoil_batches: 0,
            elsewhere: BTreeSet::new(),
            backed_up: 0,
            say_of_given: None,
            given: Vec::new(),
            made: 0,
        }
    }

    pub fn code_for(&mut self, name: &str) -> String {
        let worker = worker(name);
        if !self.reference.workers.iter().any(|w| *w.id == *worker.as_bytes()) {
            self.reference.version += 1;
            self.reference.workers.push(WorkerInfo {
                id: (*worker.as_bytes()).into(),
                role: Role::GridWorker.number(),
                name: Vec::new(),
                grids: vec![(*grid().as_bytes()).into()],
                department: None,
            });
        }
        let code = format!("{name}-{}", self.codes.len());
        self.codes.insert(code.clone(), worker);
        code
    }

    pub fn enrol(&mut self, body: &[u8]) -> Reply {
        let request: EnrolRequest = unpack(body, BODY_BYTES_MAX).unwrap();
        let Some(worker) = self.codes.get(&request.code).copied() else {
            return problem(403, Code::EnrolCode, None);
        };
        // An answer that was lost is asked for again with the same keys.
        let known = self.devices.iter().find(|(_, d)| d.verify == request.verify_key).map(|(id, _)| *id);
        let device = known.unwrap_or_else(|| DeviceId(CommunityId::of(&format!("device {}", self.devices.len())).0));
        self.devices
            .insert(device, Enrolled { worker, verify: request.verify_key, boxing: request.box_key, counter: 0 });
        let answer = EnrolReply {
            device: *device.as_bytes(),
            worker: *worker.as_bytes(),
            role: Role::GridWorker.number(),
            office_verify_key: self.signing.verify_key().0,
            office_box_key: self.boxes.public().0,
            incarnation: self.incarnation,
            now_ms: self.now_ms,
            utc_offset_s: 8 * 3600,
        };
        Reply { status: 200, body: pack(&answer), ..Reply::default() }
    }

    pub fn forged(&self, auth: Option<&str>, body: &[u8]) -> String {
        let signed = SignedBy::parse(auth.unwrap()).unwrap();
        let somebody = SigningSecret::from_bytes([99; 32]);
        signature_to_text(&somebody.sign(REPLY_CONTEXT, &reply_message(signed.device, signed.counter, body)))
    }

    pub fn sync(&mut self, auth: Option<&str>, body: &[u8]) -> Reply {
        let signed = SignedBy::parse(auth.unwrap()).unwrap();
        let device = self.devices.get(&signed.device).cloned().unwrap();
        let message = request_message(SYNC_PATH, signed.counter, body);
        VerifyKey(device.verify).verify(REQUEST_CONTEXT, &message, &signed.signature).unwrap();
        if signed.counter <= device.counter {
            return problem(409, Code::Replayed, Some(device.counter));
        }
        self.devices.get_mut(&signed.device).unwrap().counter = signed.counter;
        let request: SyncRequest = unpack(body, BODY_BYTES_MAX).unwrap();
        if !request.keys.is_empty() {
            let plain = open_with(&self.boxes, KEYS_UP_INFO, signed.device.as_bytes(), &request.keys).unwrap();
            self.ring.extend(KeyBundle::decode(&plain).unwrap().keys);
        }
        let mut reply = SyncReply {
            wire_version: WIRE_VERSION,
            policy_version: 1,
            incarnation: self.incarnation,
            now_ms: self.now_ms,
            more: true,
            directives: std::mem::take(&mut self.directives),
            ..SyncReply::default()
        };
        if request.cursor.first().is_some_and(|life| *life != self.incarnation[0]) {
            reply.directives.push(Directive::FetchAgain);
        }
        let (mut checks, mut proven) = (Vec::new(), Vec::new());
        self.take(&request.batch, &mut reply, &mut checks, &mut proven);
        reply.given = request.give_back.as_ref().map(|given| self.take_back(given));
        let lacking = request.heads.as_ref().map(|heads| self.lacks(heads));
        reply.wanted = lacking.map(|docs| docs.iter().map(|doc| doc.key().into()).collect());
        if reply.directives.contains(&Directive::Wipe) {
            reply.more = false;
        } else if request.wants_feed && !reply.directives.contains(&Directive::FetchAgain) {
            proven.extend(self.feed(&device, signed.device, &request, &mut reply));
        }
        if !checks.is_empty() {
            let message = receipt_message(&self.incarnation, signed.device, signed.counter, &checks);
            let signer = if self.forge_receipt { SigningSecret::from_bytes([99; 32]) } else { self.signing.clone() };
            reply.receipt = signer.sign(RECEIPT_CONTEXT, &message).to_vec();
        }
        if !proven.is_empty() {
            reply.proof = self.signing.sign(PROOF_CONTEXT, &proof_message(&self.incarnation, proven)).to_vec();
        }
        let place = |n: usize| u64::try_from(n).unwrap();
        (reply.position, reply.backed_up) = (place(self.log.len()), place(self.backed_up));
        let body = pack(&reply);
        let signature = self.signing.sign(REPLY_CONTEXT, &reply_message(signed.device, signed.counter, &body));
        Reply { status: 200, signature: Some(signature_to_text(&signature)), body, ..Reply::default() }
    }

    fn take(&mut self, batch: &[u8], reply: &mut SyncReply, checks: &mut Vec<[u8; 8]>, proven: &mut Vec<[u8; 32]>) {
        let draft = DraftBatch::read(batch, 512).unwrap();
        let mut previous = HashMap::new();
        for command in draft.commands {
            let check = command.check;
            let in_full = command.changes.iter().all(|c| c.explicit.is_some());
            self.arrived.push((command.stamp.command, in_full));
            let (outcome, code, digest) = match self.rebuilt(&draft.docs, command, &mut previous) {
                Ok(rebuilt) => {
                    let digest = digest_of(&rebuilt.pairs);
                    let (outcome, code) = self.verdict(rebuilt, check, &mut previous);
                    (outcome, code, Some(digest))
                }
                Err(Some(code)) => (Outcome::Quarantined, Some(code), None),
                Err(None) => (if in_full { Outcome::Waiting } else { Outcome::SendInFull }, None, None),
            };
            if outcome.is_acknowledged() {
                checks.push(check);
                proven.extend(digest);
            }
            reply.verdicts.push(Verdict { outcome, code: code.map_or(0, Code::number), waits_for: None });
        }
    }

    /// A command as it will stand; else why it is held, or that it cannot be put together yet.
    pub(super) fn rebuilt(
        &self,
        docs: &[DocRef],
        draft: DraftCommand,
        previous: &mut HashMap<DocId, ChangeHash>,
    ) -> Result<Rebuilt, Option<Code>> {
        let mut command = Command { stamp: draft.stamp, changes: Vec::new() };
        let mut pairs = Vec::new();
        let mut after: BTreeMap<DocId, Register> = BTreeMap::new();
        let mut known = false;
        for change in draft.changes {
            let doc = match docs[change.doc] {
                DocRef::Whole(doc) => doc,
                DocRef::Suffix(kind, suffix) => {
                    *self.registers.keys().find(|d| d.kind == kind && d.suffix() == suffix).ok_or(None)?
                }
            };
            let before = self.registers.get(&doc).cloned().unwrap_or_else(|| Register::genesis(doc));
            let register = after.entry(doc).or_insert(before);
            let change = rebuild(change, draft.stamp, register, previous.get(&doc).copied()).map_err(|_| None)?;
            let hash = change.hash().unwrap();
            match register.fit(&change, &hash) {
                Ok(()) => register.apply(&change, hash),
                Err(Misfit::Duplicate) => known = true,
                Err(Misfit::Missing(_)) => return Err(None),
                Err(Misfit::Fork) => return Err(Some(Code::Fork)),
                Err(Misfit::Malformed(why)) => panic!("an honest device sent a malformed change: {why}"),
            }
            previous.insert(doc, hash);
            pairs.push((doc, hash));
            command.changes.push(change);
        }
        assert_eq!(check_of(&pairs), draft.check, "what was rebuilt is not what was meant");
        Ok(Rebuilt { command, pairs, after, known })
    }

    fn verdict(
        &mut self,
        rebuilt: Rebuilt,
        check: [u8; 8],
        previous: &mut HashMap<DocId, ChangeHash>,
    ) -> (Outcome, Option<Code>) {
        let Rebuilt { command, pairs, after, known } = rebuilt;
        if known {
            return (Outcome::Duplicate, None);
        }
        let id = command.stamp.command;
        if let Some((outcome, code)) = self.say.as_mut().and_then(|say| say(&command)) {
            for (doc, _) in &pairs {
                previous.remove(doc);
            }
            return (outcome, Some(code));
        }
        if let Some(earlier) = self.taken.insert(id, check) {
            panic!("{id} was applied twice with different content: {earlier:?} and {check:?}");
        }
        self.keep(command, after);
        (Outcome::Applied, None)
    }

    pub(super) fn keep(&mut self, command: Command, after: BTreeMap<DocId, Register>) {
        self.members.extend(after.keys().filter(|doc| !self.elsewhere.contains(doc)));
        self.registers.extend(after);
        self.log.push(Entry::Command(command));
    }

    /// The office itself does something.
    pub fn act(&mut self, edits: Vec<(DocId, Vec<Edit>)>) -> CommandId {
        self.made += 1;
        let command = CommandId::at(self.now_ms, [u8::try_from(self.made).unwrap(); 10]);
        let by = Author { worker: worker("office"), role: Role::Office, device: DeviceId(community().0) };
        let stamp = Stamp { at: Hlc { wall_ms: self.now_ms, counter: 0 }, by, command };
        let mut after = BTreeMap::new();
        let mut changes = Vec::new();
        for (doc, edits) in edits {
            let mut register = self.registers.get(&doc).cloned().unwrap_or_else(|| Register::genesis(doc));
            let change = register.make_change(Actor([7; 16]), stamp, edits);
            register.apply(&change, change.hash().unwrap());
            changes.push(change);
            after.insert(doc, register);
        }
        self.keep(Command { stamp, changes }, after);
        command
    }

    /// A person at the office lets a command in that was kept for a look.
    pub fn release(&mut self, command: Command) {
        let mut after = BTreeMap::new();
        for change in &command.changes {
            let doc = change.doc;
            let mut register = self.registers.get(&doc).cloned().unwrap_or_else(|| Register::genesis(doc));
            let hash = change.hash().unwrap();
            register.fit(change, &hash).unwrap();
            register.apply(change, hash);
            after.insert(doc, register);
        }
        self.keep(command, after);
    }

    /// A document leaves the stream.
    pub fn depart(&mut self, doc: DocId) {
        self.members.remove(&doc);
        self.log.push(Entry::Departed(doc));
    }

    /// What is new; the digests of its commands.
    fn feed(&mut self, device: &Enrolled, id: DeviceId, request: &SyncRequest, reply: &mut SyncReply) -> Vec<[u8; 32]> {
        let from = request.cursor.get(1..).and_then(|at| at.try_into().ok()).map_or(0, u64::from_be_bytes);
        let from = usize::try_from(from).unwrap();
        let to = (from + self.page).min(self.log.len());
        let nothing: HashSet<DocId> = HashSet::new();
        let mut writer = BatchWriter::new(&nothing);
        let (mut arrived, mut departed) = (BTreeSet::new(), BTreeSet::new());
        for entry in &self.log[from..to] {
            match entry {
                Entry::Command(command) if command.changes.iter().all(|c| self.elsewhere.contains(&c.doc)) => {}
                Entry::Command(command) => {
                    writer.push(command, Form::Short).unwrap();
                    for change in &command.changes {
                        if self.members.contains(&change.doc) {
                            arrived.insert(change.doc);
                        }
                    }
                }
                Entry::Departed(doc) => {
                    arrived.remove(doc);
                    departed.insert(*doc);
                }
            }
        }
        let staff = self.reference.workers.iter().map(|w| uuid::Uuid::from_bytes(*w.id));
        let keys: Vec<_> = arrived.iter().map(|d| d.uuid).chain(staff).collect();
        let mut number = |docs: BTreeSet<DocId>| -> Vec<Membership> {
            let docs: Vec<u32> = docs.into_iter().map(|d| u32::try_from(writer.doc_number(d)).unwrap()).collect();
            if docs.is_empty() { Vec::new() } else { vec![Membership { stream: 0, docs }] }
        };
        reply.arrived = number(arrived);
        reply.departed = number(departed);
        let digests = writer.digests().to_vec();
        reply.batch = if writer.is_empty() { Vec::new() } else { writer.finish() };
        if self.spoil_batches > 0 && !reply.batch.is_empty() {
            self.spoil_batches -= 1;
            let last = reply.batch.len() - 1;
            reply.batch[last] ^= 1;
        }
        reply.cursor = [&self.incarnation[..1], &u64::try_from(to).unwrap().to_be_bytes()].concat();
        reply.more = to < self.log.len();
        reply.progress =
            Some(Progress { done: u32::try_from(to).unwrap(), total: u32::try_from(self.log.len()).unwrap() });
        let digest = self
            .members
            .iter()
            .fold(Digest::default(), |sum, doc| sum.with(Digest::of(*doc, &self.registers[doc].heads())));
        reply.streams = vec![StreamState { stream: format!("g:{}", grid().0.simple()), digest: digest.to_bytes() }];
        let bundle: KeyBundle =
            self.ring.iter().filter(|(s, _)| keys.contains(s)).map(|(s, k)| (s, k.clone())).collect();
        if !bundle.keys.is_empty() {
            let plain = bundle.encode().unwrap();
            reply.keys = seal_to(&BoxPublic(device.boxing), KEYS_DOWN_INFO, id.as_bytes(), &plain, [5; 32]).unwrap();
        }
        if request.reference_version < self.reference.version {
            reply.reference = self.reference.sign(&self.signing);
        }
        digests
    }
}

fn problem(status: u16, code: Code, counter: Option<u64>) -> Reply {
    let body = serde_json::json!({
        "code": code.name(), "number": code.number(), "sentence": code.sentence(),
        "retry": code.retry_helps(), "counter": counter,
    });
    Reply { status, body: body.to_string().into_bytes(), ..Reply::default() }
}
