//! A few stores of one document, and what people do in them. Store 0 is the office's.
#![allow(dead_code, reason = "each suite uses its part of the world")]

/// What can happen, drawn at random.
pub(crate) mod acts;
/// Everything that a store shows of a document, as text.
pub(crate) mod picture;

use qiaomen_proto::change::{Author, ChangeHash, Clock, Edit, Path, Scalar, Stamp, TypedChange, keys};
use qiaomen_proto::entity::policy::{Differs, POLICY_VERSION, Policy, PolicyTable};
use qiaomen_proto::ids::{Actor, CommandId, DeviceId, DocId, Kind, Role, WorkerId};
use qiaomen_proto::merge::{Misfit, Register};
use qiaomen_proto::seal::{KeyRing, SubjectKey};
use uuid::Uuid;

/// 2023-02-18 09:00 in China.
pub(crate) const NINE: u64 = 1_676_682_000_000;
/// The office's store.
pub(crate) const OFFICE: usize = 0;

/// A table of another version: what a device shows that was updated before its office, or after.
pub(crate) const TABLE_OF_TOMORROW: PolicyTable = PolicyTable {
    version: POLICY_VERSION + 1,
    differs: &[
        Differs { kind: Kind::Resident, container: 0, field: "phone", policy: Policy::Latest },
        Differs { kind: Kind::Resident, container: 0, field: "relation", policy: Policy::Review },
        Differs { kind: Kind::Resident, container: 0, field: "residency", policy: Policy::Union },
        Differs { kind: Kind::Household, container: 1, field: "head", policy: Policy::Rank },
        Differs { kind: Kind::Ticket, container: 0, field: "category", policy: Policy::Review },
    ],
};

/// The keys of the world's subject.
pub(crate) fn keys() -> [SubjectKey; 2] {
    [SubjectKey::from_bytes([1; 32]), SubjectKey::from_bytes([2; 32])]
}

/// A ring with so many of them.
pub(crate) fn ring(doc: DocId, count: usize) -> KeyRing {
    let mut ring = KeyRing::new();
    ring.extend(keys().into_iter().take(count).map(|key| (doc.uuid, key)));
    ring
}

/// One store of the document.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    pub(crate) register: Register,
    pub(crate) changes: Vec<TypedChange>,
    pub(crate) actor: Actor,
    pub(crate) by: Author,
    pub(crate) clock: Clock,
}

impl Store {
    /// Takes changes in any order and number. Returns those that wait for others.
    pub(crate) fn take(&mut self, changes: impl IntoIterator<Item = TypedChange>) -> Vec<TypedChange> {
        let mut waiting: Vec<TypedChange> = changes.into_iter().collect();
        loop {
            let before = waiting.len();
            waiting.retain(|change| !self.take_one(change));
            if waiting.len() == before {
                return waiting;
            }
        }
    }

    /// False if it has to wait.
    fn take_one(&mut self, change: &TypedChange) -> bool {
        let hash = change.hash().unwrap();
        match self.register.fit(change, &hash) {
            Ok(()) => self.add(change.clone(), hash),
            Err(Misfit::Duplicate) => {}
            Err(Misfit::Missing(_)) => return false,
            Err(other) => panic!("an honest change does not fit: {other}\n{change:#?}"),
        }
        true
    }

    pub(crate) fn add(&mut self, change: TypedChange, hash: ChangeHash) {
        self.clock.observe(change.stamp.at, self.clock.latest.wall_ms.max(NINE));
        self.register.apply(&change, hash);
        self.changes.push(change);
    }
}

/// The stores.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) doc: DocId,
    pub(crate) stores: Vec<Store>,
    drawn: u128,
}

impl World {
    /// The document with nothing in it, in the office's store and in some phones'.
    pub(crate) fn new(kind: Kind, phones: usize) -> Self {
        let doc = DocId::new(kind, Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_00d0));
        let mut world = Self { doc, stores: Vec::new(), drawn: 0 };
        let roles = [Role::Office, Role::GridWorker, Role::GridLeader, Role::BuildingHead];
        for role in roles.into_iter().cycle().take(phones + 1) {
            let number = world.draw();
            let by = Author { worker: WorkerId(number), role, device: DeviceId(world.draw()) };
            let actor = Actor(*world.draw().as_bytes());
            let clock = Clock::default();
            world.stores.push(Store { register: Register::genesis(doc), changes: Vec::new(), actor, by, clock });
        }
        world
    }

    /// The next of this world's ids: as different as random ones, the same in every run.
    pub(crate) fn draw(&mut self) -> Uuid {
        self.drawn += 1;
        let hash = blake3::hash(&self.drawn.to_be_bytes());
        Uuid::from_slice(&hash.as_bytes()[..16]).unwrap()
    }

    /// The stamp of the next command of a store, at nine o'clock or when its clock says.
    pub(crate) fn stamp(&mut self, who: usize) -> Stamp {
        let random = self.draw().as_bytes()[..10].try_into().unwrap();
        let store = &mut self.stores[who];
        let at = store.clock.tick(NINE);
        Stamp { at, by: store.by, command: CommandId::at(at.wall_ms, random) }
    }

    /// Somebody writes.
    pub(crate) fn write(&mut self, who: usize, edits: Vec<Edit>) -> TypedChange {
        let stamp = self.stamp(who);
        self.write_stamped(who, stamp, edits)
    }

    /// Somebody writes in a command that has a stamp already.
    pub(crate) fn write_stamped(&mut self, who: usize, stamp: Stamp, edits: Vec<Edit>) -> TypedChange {
        let store = &mut self.stores[who];
        let change = store.register.make_change(store.actor, stamp, edits);
        let hash = change.hash().unwrap();
        assert_eq!(store.register.fit(&change, &hash), Ok(()), "what a store makes fits there");
        store.add(change.clone(), hash);
        change
    }

    /// Somebody writes one value.
    pub(crate) fn put(&mut self, who: usize, path: &Path, value: impl Into<Said>) -> TypedChange {
        self.write(who, vec![Edit { path: path.clone(), value: value.into().0 }])
    }

    /// Somebody adds a record.
    pub(crate) fn add_record(&mut self, who: usize, container: u8, payload: Vec<u8>) -> TypedChange {
        let stamp = self.stamp(who);
        let path = Path::new(container, keys::record_key(stamp.command, 0));
        self.write_stamped(who, stamp, vec![Edit { path, value: Scalar::Bytes(payload) }])
    }

    /// One store gives another all that it has.
    pub(crate) fn give(&mut self, from: usize, to: usize) {
        let changes = self.stores[from].changes.clone();
        assert!(self.stores[to].take(changes).is_empty());
    }

    /// Everybody ends with everything.
    pub(crate) fn settle(&mut self) {
        for who in 1..self.stores.len() {
            self.give(who, OFFICE);
        }
        for who in 1..self.stores.len() {
            self.give(OFFICE, who);
        }
    }
}

/// What somebody says of a field.
pub(crate) struct Said(pub(crate) Scalar);
impl From<&str> for Said {
    fn from(text: &str) -> Self {
        Self(Scalar::Str(text.to_owned()))
    }
}
impl From<Scalar> for Said {
    fn from(scalar: Scalar) -> Self {
        Self(scalar)
    }
}

/// A small stream of numbers from a seed.
#[derive(Debug, Clone)]
pub(crate) struct Dice(pub(crate) u64);
impl Dice {
    pub(crate) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    pub(crate) fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.roll() % u64::try_from(n.max(1)).unwrap()).unwrap()
    }
    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.below(i + 1));
        }
    }
}
