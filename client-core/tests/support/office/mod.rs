//! A small honest office: it rebuilds, checks and applies what devices send, signs what it says, and
//! gives everyone one stream. What it should say against its nature is set by the story.

pub mod feed;
pub mod let_in;
pub mod photos;
pub mod restored;
pub mod take;

use qiaomen_client::Reply;
use qiaomen_proto::change::Command;
use qiaomen_proto::entity::spec::POLICY_VERSION;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{BuildingId, CommandId, CommunityId, DeviceId, DocId, GridId, MicroGridId, Role, WorkerId};
use qiaomen_proto::limits::BODY_BYTES_MAX;
use qiaomen_proto::merge::Register;
use qiaomen_proto::reference::{BuildingInfo, GridInfo, MicroGridInfo, Reference, WorkerInfo};
use qiaomen_proto::seal::{BoxSecret, KeyBundle, KeyRing, SigningSecret, VerifyKey, open_with};
use qiaomen_proto::wire::WIRE_VERSION;
use qiaomen_proto::wire::auth::{
    RECEIPT_CONTEXT, REPLY_CONTEXT, REQUEST_CONTEXT, SignedBy, reply_message, request_message, signature_to_text,
};
use qiaomen_proto::wire::enrol::{EnrolReply, EnrolRequest};
use qiaomen_proto::wire::envelope::{pack, unpack};
use qiaomen_proto::wire::heal::{GiveBack, GivenFate, PROOF_CONTEXT, proof_message};
use qiaomen_proto::wire::look::Look;
use qiaomen_proto::wire::pull::{Directive, Outcome, SyncReply, receipt_message};
use qiaomen_proto::wire::push::{KEYS_UP_INFO, SYNC_PATH, SyncRequest};
use qiaomen_proto::wire::training::Training;
use std::collections::{BTreeMap, BTreeSet, HashMap};

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

pub struct Office {
    pub now_ms: u64,
    pub signing: SigningSecret,
    pub boxes: BoxSecret,
    pub incarnation: [u8; 16],
    pub policy_version: u32,
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
    pub backed_up: u64,
    /// What to say of a command that is given back, instead of the truth.
    #[allow(clippy::type_complexity)]
    pub say_of_given: Option<Box<dyn FnMut(CommandId) -> Option<GivenFate>>>,
    /// What devices gave back, in order of arrival.
    pub given: Vec<GiveBack>,
    /// Photos, as far as they came.
    pub photos: HashMap<[u8; 32], Vec<u8>>,
    /// False while it says of every photo that it knows none.
    pub knows_photos: bool,
    /// True while every photo comes out damaged.
    pub damages_photos: bool,
    /// Looks that devices told of, in order of arrival, each once.
    pub looks: Vec<Look>,
    /// False while it is an older office, which does not know of looks.
    pub knows_looks: bool,
    /// Trainings by worker, told with the reference data.
    pub trainings: HashMap<WorkerId, Vec<Training>>,
    made: u64,
}

impl Office {
    pub fn new(now_ms: u64) -> Self {
        Self {
            now_ms,
            signing: SigningSecret::from_bytes([1; 32]),
            boxes: BoxSecret::from_bytes([2; 32]),
            incarnation: [3; 16],
            policy_version: POLICY_VERSION,
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
            photos: HashMap::new(),
            knows_photos: true,
            damages_photos: false,
            looks: Vec::new(),
            knows_looks: true,
            trainings: HashMap::new(),
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
            policy_version: self.policy_version,
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
        let own = proven.len();
        reply.given = request.give_back.clone().map(|given| self.take_back(signed.device, given));
        for look in request.looks.iter().flatten().filter(|_| self.knows_looks) {
            if !self.looks.iter().any(|known| known.id == look.id) {
                self.looks.push(look.clone());
            }
            reply.looks.get_or_insert_default().push(look.id);
        }
        let lacking = request.heads.as_ref().map(|heads| self.lacks(heads));
        reply.wanted = lacking.map(|docs| docs.iter().map(|doc| doc.key().into()).collect());
        if reply.directives.contains(&Directive::Wipe) {
            reply.more = false;
        } else if request.wants_feed && !reply.directives.contains(&Directive::FetchAgain) {
            proven.extend(self.feed(&device, signed.device, &request, &mut reply));
        }
        self.tell_fates(&request, &mut reply);
        if !checks.is_empty() {
            let message = receipt_message(&self.incarnation, signed.device, signed.counter, &checks);
            let signer = if self.forge_receipt { SigningSecret::from_bytes([99; 32]) } else { self.signing.clone() };
            reply.receipt = signer.sign(RECEIPT_CONTEXT, &message).to_vec();
        }
        if own > 0 && !reply.batch.is_empty() {
            let message = proof_message(&self.incarnation, proven.iter().copied().take(own));
            reply.own_proof = Some(self.signing.sign(PROOF_CONTEXT, &message).to_vec().into());
        }
        if !proven.is_empty() {
            reply.proof = self.signing.sign(PROOF_CONTEXT, &proof_message(&self.incarnation, proven)).to_vec();
        }
        (reply.position, reply.backed_up) = (u64::try_from(self.log.len()).unwrap(), self.backed_up);
        let body = pack(&reply);
        let signature = self.signing.sign(REPLY_CONTEXT, &reply_message(signed.device, signed.counter, &body));
        Reply { status: 200, signature: Some(signature_to_text(&signature)), body, ..Reply::default() }
    }
}

fn problem(status: u16, code: Code, counter: Option<u64>) -> Reply {
    let body = serde_json::json!({
        "code": code.name(), "number": code.number(), "sentence": code.sentence(),
        "retry": code.retry_helps(), "counter": counter,
    });
    Reply { status, body: body.to_string().into_bytes(), ..Reply::default() }
}
