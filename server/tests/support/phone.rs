//! A phone for the office's tests: an honest device made of nothing but the shared language.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "used by several tests, in part")]

use qiaomen_proto::change::command::check_of;
use qiaomen_proto::change::{Author, Command, Edit, Hlc, Scalar, Stamp};
use qiaomen_proto::entity::household;
use qiaomen_proto::ids::{
    Actor, BuildingId, CommandId, DeviceId, DocId, GridId, HouseholdId, ResidentId, Role, WorkerId,
};
use qiaomen_proto::merge::Register;
use qiaomen_proto::merge::digest::Digest;
use qiaomen_proto::normalise::{RoomKey, UnitKey};
use qiaomen_proto::reference::{BuildingInfo, GridInfo};
use qiaomen_proto::seal::{BoxSecret, KeyBundle, KeyRing, SigningSecret, SubjectKey, VerifyKey, open_with, seal_to};
use qiaomen_proto::wire::WIRE_VERSION;
use qiaomen_proto::wire::auth::{REPLY_CONTEXT, REQUEST_CONTEXT, SignedBy, reply_message, request_message};
use qiaomen_proto::wire::batch::{BatchWriter, Form};
use qiaomen_proto::wire::envelope::{pack, unpack};
use qiaomen_proto::wire::heal::{HeadsOf, short_heads};
use qiaomen_proto::wire::pull::{Directive, SyncReply};
use qiaomen_proto::wire::push::{KEYS_DOWN_INFO, KEYS_UP_INFO, Manifest, SYNC_PATH, SyncRequest};
use qiaomen_proto::wire::rebuild::rebuild;
use qiaomen_proto::wire::unbatch::{DocRef, DraftBatch};
use qiaomen_server::clock::{NoRandomness, Surroundings};
use qiaomen_server::office::Office;
use qiaomen_server::store::StoreError;
use qiaomen_server::store::sqlite::{DeviceRow, WorkerRow};
use qiaomen_server::sync::SyncRefusal;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;

/// The evening of a working day, in milliseconds.
pub(crate) const EVENING_MS: u64 = 1_790_000_000_000;

/// Time that stands, randomness that repeats.
#[derive(Debug, Default)]
pub(crate) struct Still {
    pub(crate) now_ms: AtomicU64,
    drawn: AtomicU64,
}
impl Surroundings for Still {
    fn now_ms(&self) -> u64 {
        self.now_ms.load(Ordering::SeqCst)
    }
    fn random(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        let n = self.drawn.fetch_add(1, Ordering::SeqCst);
        let mut hasher = blake3::Hasher::new();
        hasher.update(&n.to_be_bytes());
        hasher.finalize_xof().fill(bytes);
        Ok(())
    }
}

/// An office with two grids of one building each, and a worker for each.
pub(crate) struct Town {
    pub(crate) dir: TempDir,
    pub(crate) office: Office,
    pub(crate) around: Arc<Still>,
    pub(crate) grids: [GridId; 2],
    pub(crate) buildings: [BuildingId; 2],
}

impl Town {
    pub(crate) fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let around = Arc::new(Still::default());
        around.now_ms.store(EVENING_MS, Ordering::SeqCst);
        let office = Office::init(dir.path(), "和顺社区", "150782001001", around.clone()).unwrap();
        let id = office.identity().id;
        let grids = [GridId::of(id, "第一网格"), GridId::of(id, "第二网格")];
        let buildings = [BuildingId::of(id, "1号楼"), BuildingId::of(id, "2号楼")];
        office
            .store()
            .write(move |tx| -> Result<(), StoreError> {
                for (n, (grid, building)) in (1u32..).zip(grids.into_iter().zip(buildings)) {
                    let name = format!("第{n}网格");
                    let code = format!("150782001001{n:03}");
                    tx.put_grid(
                        &GridInfo { id: (*grid.as_bytes()).into(), name, grid_type: None, code, quota: None },
                        n,
                    )?;
                    let name = format!("{n}号楼");
                    tx.put_building(&BuildingInfo {
                        id: (*building.as_bytes()).into(),
                        name,
                        grid: (*grid.as_bytes()).into(),
                    })?;
                }
                Office::reference_changed(tx)
            })
            .unwrap();
        Self { dir, office, around, grids, buildings }
    }

    /// A door of a building: 0 or 1.
    pub(crate) fn door(&self, building: usize, room: &str) -> HouseholdId {
        HouseholdId::of(self.buildings[building], &UnitKey::parse("1").unwrap(), &RoomKey::parse(room).unwrap())
    }

    /// A phone of a new worker of this role in this grid.
    pub(crate) fn phone(&self, number: u8, role: Role, grid: usize) -> Phone {
        let worker = WorkerId::from_bytes([number; 16]);
        self.give(worker, role, grid);
        self.phone_of(number, worker, role)
    }
    fn give(&self, worker: WorkerId, role: Role, grid: usize) {
        let grid = self.grids[grid];
        self.office
            .store()
            .write(move |tx| -> Result<(), StoreError> {
                if tx.worker(worker)?.is_none() {
                    tx.add_worker(&WorkerRow {
                        id: worker,
                        role,
                        name: vec![0; 16],
                        name_blind: [0; 16],
                        phone: None,
                        born_on: None,
                        sex: None,
                        department: None,
                        appointed_on: None,
                        import_key: None,
                    })?;
                }
                tx.give_grid(worker, grid, 0)
            })
            .unwrap();
    }
    /// One more phone of a worker.
    pub(crate) fn phone_of(&self, number: u8, worker: WorkerId, role: Role) -> Phone {
        let id = DeviceId::from_bytes([100 + number; 16]);
        let (signing, boxes) = (SigningSecret::from_bytes([number; 32]), BoxSecret::from_bytes([number; 32]));
        let row = DeviceRow {
            id,
            worker,
            role,
            verify_key: signing.verify_key().0,
            box_key: boxes.public().0,
            enrolled_ms: EVENING_MS,
            revoked_ms: None,
            counter: 0,
            last_contact_ms: None,
            pending_count: 0,
            app_version: String::new(),
            skew_ms: 0,
            policy_version: None,
        };
        self.office.store().write(move |tx| -> Result<(), StoreError> { tx.add_device(&row) }).unwrap();
        Phone {
            by: Author { worker, role, device: id },
            actor: Actor([200 - number; 16]),
            signing,
            boxes,
            office_box: self.office.secrets().boxes.public(),
            office_verify: self.office.secrets().signing.verify_key(),
            counter: 0,
            drawn: 0,
            at_ms: EVENING_MS - 3_600_000,
            ring: KeyRing::new(),
            base: BTreeMap::new(),
            over: BTreeMap::new(),
            outbox: Vec::new(),
            members: BTreeMap::new(),
            cursor: Vec::new(),
            form: Form::Short,
            held: Vec::new(),
            compares: false,
        }
    }
}

fn heads_of((doc, register): (&DocId, &Register)) -> HeadsOf {
    HeadsOf { doc: doc.key().into(), heads: short_heads(&register.heads()) }
}

/// A phone. Its overlay is what it shows; its base what the office has confirmed.
pub(crate) struct Phone {
    pub(crate) by: Author,
    pub(crate) actor: Actor,
    pub(crate) signing: SigningSecret,
    pub(crate) boxes: BoxSecret,
    pub(crate) office_box: qiaomen_proto::seal::BoxPublic,
    pub(crate) office_verify: VerifyKey,
    pub(crate) counter: u64,
    drawn: u32,
    pub(crate) at_ms: u64,
    pub(crate) ring: KeyRing,
    pub(crate) base: BTreeMap<DocId, Register>,
    pub(crate) over: BTreeMap<DocId, Register>,
    pub(crate) outbox: Vec<Command>,
    pub(crate) members: BTreeMap<String, BTreeSet<DocId>>,
    pub(crate) cursor: Vec<u8>,
    pub(crate) form: Form,
    pub(crate) held: Vec<CommandId>,
    /// True while it says the heads of what it has.
    pub(crate) compares: bool,
}

impl Phone {
    pub(crate) fn stamp(&mut self) -> Stamp {
        self.at_ms += 1000;
        self.drawn += 1;
        let mut random = [self.by.device.as_bytes()[0]; 10];
        random[6..].copy_from_slice(&self.drawn.to_be_bytes());
        Stamp { at: Hlc { wall_ms: self.at_ms, counter: 0 }, by: self.by, command: CommandId::at(self.at_ms, random) }
    }
    /// The id that the next command will have.
    pub(crate) fn next_command(&mut self) -> CommandId {
        let command = self.stamp().command;
        self.at_ms -= 1000;
        self.drawn -= 1;
        command
    }
    /// One command: puts on some documents.
    pub(crate) fn write(&mut self, edits: Vec<(DocId, Vec<Edit>)>) -> CommandId {
        let stamp = self.stamp();
        self.write_stamped(stamp, edits)
    }
    /// The same in a command that has a stamp already: the key of a record is made of it.
    pub(crate) fn write_stamped(&mut self, stamp: Stamp, edits: Vec<(DocId, Vec<Edit>)>) -> CommandId {
        let mut changes = Vec::new();
        for (doc, edits) in edits {
            let register = self.over.entry(doc).or_insert_with(|| Register::genesis(doc));
            let change = register.make_change(self.actor, stamp, edits);
            register.apply(&change, change.hash().unwrap());
            changes.push(change);
        }
        self.outbox.push(Command { stamp, changes });
        stamp.command
    }
    pub(crate) fn register_door(&mut self, town: &Town, building: usize, room: &str) -> HouseholdId {
        let door = town.door(building, room);
        let put = |key: &str, value: &str| Edit {
            path: qiaomen_proto::change::Path::new(household::FIELDS, key),
            value: Scalar::Str(value.into()),
        };
        let edits = vec![put("building", &town.buildings[building].to_string()), put("unit", "1"), put("room", room)];
        self.write(vec![(door.into(), edits)]);
        door
    }
    /// A sealed put on a resident; makes the key if there is none.
    pub(crate) fn sealed(&mut self, resident: ResidentId, field: &str, text: &str) -> Edit {
        if self.ring.sealing_key(&resident.0).is_none() {
            self.ring.insert(resident.0, SubjectKey::from_bytes([self.drawn.to_le_bytes()[0].wrapping_add(7); 32]));
        }
        let value = Scalar::Bytes(self.ring.seal(&resident.0, field, text.as_bytes()).unwrap());
        Edit { path: qiaomen_proto::change::Path::new(0, field), value }
    }
    pub(crate) fn register_resident(&mut self, number: u8, door: HouseholdId, name: &str, phone: &str) -> ResidentId {
        let resident = ResidentId::from_bytes([number; 16]);
        let home =
            Edit { path: qiaomen_proto::change::Path::new(0, "household"), value: Scalar::Str(door.to_string()) };
        let edits = vec![self.sealed(resident, "name", name), self.sealed(resident, "phone", phone), home];
        self.write(vec![(resident.into(), edits)]);
        resident
    }
    pub(crate) fn set_phone(&mut self, resident: ResidentId, phone: &str) -> CommandId {
        let edit = self.sealed(resident, "phone", phone);
        self.write(vec![(resident.into(), vec![edit])])
    }

    /// The bytes of one request with everything in the outbox.
    pub(crate) fn request(&mut self) -> (SignedBy, Vec<u8>) {
        let known: HashSet<DocId> = self.base.keys().copied().collect();
        let mut writer = BatchWriter::new(&known);
        let mut keys = KeyBundle::default();
        for command in &self.outbox {
            writer.push(command, self.form).unwrap();
            for change in &command.changes {
                keys.keys.extend(self.ring.keys_of(&change.doc.uuid).map(|(_, k)| (change.doc.uuid, k.clone())));
            }
        }
        let batch = if self.outbox.is_empty() { Vec::new() } else { writer.finish() };
        self.ask_for(batch, &keys)
    }
    /// The bytes of one request with this batch.
    pub(crate) fn request_with(&mut self, batch: Vec<u8>) -> (SignedBy, Vec<u8>) {
        self.ask_for(batch, &KeyBundle::default())
    }
    pub(crate) fn ask_for(&mut self, batch: Vec<u8>, keys: &KeyBundle) -> (SignedBy, Vec<u8>) {
        let boxed =
            seal_to(&self.office_box, KEYS_UP_INFO, self.by.device.as_bytes(), &keys.encode().unwrap(), [9; 32])
                .unwrap();
        let request = SyncRequest {
            wire_version: WIRE_VERSION,
            policy_version: 1,
            capabilities: 0,
            manifest: Manifest {
                pending_count: u32::try_from(self.outbox.len()).unwrap(),
                wall_ms: EVENING_MS,
                ..Manifest::default()
            },
            cursor: self.cursor.clone(),
            batch,
            keys: if keys.keys.is_empty() { Vec::new() } else { boxed },
            reference_version: 0,
            wants_feed: true,
            held: Some(self.held.iter().map(|id| (*id.as_bytes()).into()).collect()),
            heads: self.compares.then(|| self.base.iter().map(heads_of).collect()),
            ..SyncRequest::default()
        };
        self.sign(pack(&request))
    }
    pub(crate) fn sign(&mut self, body: Vec<u8>) -> (SignedBy, Vec<u8>) {
        self.sign_for(SYNC_PATH, body)
    }
    /// The same for another path.
    pub(crate) fn sign_for(&mut self, path: &str, body: Vec<u8>) -> (SignedBy, Vec<u8>) {
        self.counter += 1;
        let signature = self.signing.sign(REQUEST_CONTEXT, &request_message(path, self.counter, &body));
        (SignedBy { device: self.by.device, counter: self.counter, signature }, body)
    }
    /// One round trip; what the office answered. The outbox is left as it is.
    pub(crate) fn ask(&mut self, office: &Office) -> Result<SyncReply, SyncRefusal> {
        let (signed, body) = self.request();
        let answer = office.sync(&signed, SYNC_PATH, &body)?;
        let message = reply_message(self.by.device, self.counter, &answer.body);
        self.office_verify.verify(REPLY_CONTEXT, &message, &answer.signature).unwrap();
        Ok(unpack(&answer.body, usize::MAX - 1).unwrap())
    }
    /// Syncs until nothing more comes; the verdicts of the first round trip.
    pub(crate) fn sync(&mut self, office: &Office) -> SyncReply {
        let first = self.ask(office).unwrap();
        self.apply(&first);
        let mut more = first.more;
        while more {
            let reply = self.ask(office).unwrap();
            self.apply(&reply);
            more = reply.more;
        }
        first
    }
    /// Takes a reply: confirmed commands into the base, the feed after them.
    pub(crate) fn apply(&mut self, reply: &SyncReply) {
        let mut left = Vec::new();
        for (command, verdict) in std::mem::take(&mut self.outbox).into_iter().zip(&reply.verdicts) {
            if verdict.outcome.is_acknowledged() {
                for change in &command.changes {
                    let register = self.base.entry(change.doc).or_insert_with(|| Register::genesis(change.doc));
                    let hash = change.hash().unwrap();
                    if !register.contains(&hash) {
                        register.apply(change, hash);
                    }
                }
            } else if matches!(
                verdict.outcome,
                qiaomen_proto::wire::pull::Outcome::Waiting | qiaomen_proto::wire::pull::Outcome::SendInFull
            ) {
                left.push(command);
            }
        }
        self.outbox = left;
        if reply.directives.contains(&Directive::FetchAgain) {
            self.members.clear();
            self.cursor.clear();
            return;
        }
        if !reply.keys.is_empty() {
            let plain = open_with(&self.boxes, KEYS_DOWN_INFO, self.by.device.as_bytes(), &reply.keys).unwrap();
            self.ring.extend(KeyBundle::decode(&plain).unwrap().keys);
        }
        let draft = DraftBatch::read(&reply.batch, usize::MAX).unwrap();
        let docs: Vec<DocId> = draft
            .docs
            .iter()
            .map(|d| match d {
                DocRef::Whole(doc) => *doc,
                DocRef::Suffix(kind, suffix) => {
                    *self.base.keys().find(|d| d.kind == *kind && d.suffix() == *suffix).unwrap()
                }
            })
            .collect();
        let mut previous = HashMap::new();
        for command in draft.commands {
            let mut pairs = Vec::new();
            for change in command.changes {
                let doc = docs[change.doc];
                let register = self.base.entry(doc).or_insert_with(|| Register::genesis(doc));
                let built = rebuild(change, command.stamp, register, previous.get(&doc).copied()).unwrap();
                let hash = built.hash().unwrap();
                pairs.push((doc, hash));
                previous.insert(doc, hash);
                if !register.contains(&hash) {
                    register.fit(&built, &hash).unwrap();
                    register.apply(&built, hash);
                }
            }
            assert_eq!(check_of(&pairs), command.check, "what was rebuilt is what was meant");
        }
        for m in &reply.arrived {
            let stream = &reply.streams[usize::try_from(m.stream).unwrap()].stream;
            let members = self.members.entry(stream.clone()).or_default();
            members.extend(m.docs.iter().map(|d| docs[usize::try_from(*d).unwrap()]));
        }
        for m in &reply.departed {
            let stream = &reply.streams[usize::try_from(m.stream).unwrap()].stream;
            for d in &m.docs {
                self.members.entry(stream.clone()).or_default().remove(&docs[usize::try_from(*d).unwrap()]);
            }
        }
        let follows: HashSet<&String> = reply.streams.iter().map(|s| &s.stream).collect();
        if !reply.streams.is_empty() {
            self.members.retain(|stream, _| follows.contains(stream));
        }
        let held: BTreeSet<DocId> = self.members.values().flatten().copied().collect();
        self.base.retain(|doc, _| held.contains(doc));
        self.cursor.clone_from(&reply.cursor);
        self.over = self.base.clone();
        for command in &self.outbox {
            for change in &command.changes {
                let register = self.over.entry(change.doc).or_insert_with(|| Register::genesis(change.doc));
                register.apply(change, change.hash().unwrap());
            }
        }
        if !reply.more {
            for s in &reply.streams {
                let members = self.members.get(&s.stream).cloned().unwrap_or_default();
                let sum = members
                    .iter()
                    .fold(Digest::default(), |sum, doc| sum.with(Digest::of(*doc, &self.base[doc].heads())));
                assert_eq!(sum.to_bytes(), s.digest, "the digest of {} agrees", s.stream);
            }
        }
    }
}
