//! What the office hands out.

use super::{Enrolled, Entry, Office, grid};
use qiaomen_proto::ids::{DeviceId, DocId};
use qiaomen_proto::merge::digest::Digest;
use qiaomen_proto::seal::{BoxPublic, KeyBundle, seal_to};
use qiaomen_proto::wire::batch::{BatchWriter, Form};
use qiaomen_proto::wire::pull::{Membership, Progress, StreamState, SyncReply};
use qiaomen_proto::wire::push::{KEYS_DOWN_INFO, SyncRequest};
use std::collections::{BTreeSet, HashSet};

impl Office {
    /// A document leaves the stream.
    pub fn depart(&mut self, doc: DocId) {
        self.members.remove(&doc);
        self.log.push(Entry::Departed(doc));
    }

    /// What is new; the digests of its commands.
    pub(super) fn feed(
        &mut self,
        device: &Enrolled,
        id: DeviceId,
        request: &SyncRequest,
        reply: &mut SyncReply,
    ) -> Vec<[u8; 32]> {
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
            reply.trainings = Some(self.trainings.get(&device.worker).cloned().unwrap_or_default());
        }
        digests
    }
}
