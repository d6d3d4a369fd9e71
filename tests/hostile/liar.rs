//! A device of a real worker in the hands of somebody who lies. It signs with a true key, sees what its
//! worker sees, and says whatever harms.

use crate::dice::Dice;
use crate::judge;
use crate::line::{Answer, Line, request};
use crate::phone::{Phone, Town};
use crate::photos::Named;
use qiaomen_proto::change::{Command, Edit, Path, Scalar};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{Actor, CommandId, DocId, HouseholdId, ResidentId, Role, Subject};
use qiaomen_proto::merge::Register;
use qiaomen_proto::seal::{KeyBundle, SubjectKey, seal_to};
use qiaomen_proto::wire::WIRE_VERSION;
use qiaomen_proto::wire::auth::{HEADER, SignedBy};
use qiaomen_proto::wire::batch::{BatchWriter, Form};
use qiaomen_proto::wire::pull::{Outcome, SyncReply};
use qiaomen_proto::wire::push::{KEYS_UP_INFO, Manifest, SYNC_PATH, SyncRequest};
use std::collections::{BTreeMap, HashSet};
use std::net::SocketAddr;
use std::sync::atomic::Ordering;

/// The office's time goes on by so much with each request: nobody asks more often than a device may, and is heard.
pub(crate) const REQUEST_MS: u64 = 50;
/// Requests of its own that a liar keeps to say them again.
const COPIES_MAX: usize = 32;

/// Where it all happens, and what there is to do harm to.
#[derive(Debug)]
pub(crate) struct Scene<'t> {
    pub(crate) town: &'t Town,
    pub(crate) at: SocketAddr,
    /// Documents of a grid that no liar has.
    pub(crate) foreign: Vec<DocId>,
    /// Actors of honest devices.
    pub(crate) actors: Vec<Actor>,
    /// A clerk's session, for lies told from within.
    pub(crate) token: String,
}

impl std::fmt::Debug for Town {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Town").finish_non_exhaustive()
    }
}

/// What the office made of a signed request.
#[allow(clippy::large_enum_variant, reason = "one at a time, in a test")]
#[derive(Debug)]
pub(crate) enum Told {
    Refused(Code),
    Taken(SyncReply),
}

/// A liar.
pub(crate) struct Liar<'t> {
    pub(crate) scene: &'t Scene<'t>,
    pub(crate) dice: Dice,
    pub(crate) phone: Phone,
    pub(crate) line: Line,
    pub(crate) door: HouseholdId,
    pub(crate) resident: ResidentId,
    /// Its own requests, to be said again.
    pub(crate) copies: Vec<(String, Vec<u8>)>,
    /// What the office says that it keeps for a person.
    pub(crate) held: Vec<CommandId>,
    /// What became of what: for the story at the end.
    pub(crate) answers: BTreeMap<String, u64>,
    pub(crate) requests: u64,
    /// The largest count that the office has taken, so far as it was told.
    pub(crate) counted: u64,
    /// Something of its own was taken that it has not seen come back: what it writes now would be a fork.
    pub(crate) stale: bool,
    /// A photo whose record the office has.
    pub(crate) photo: Option<Named>,
}

impl<'t> Liar<'t> {
    /// A liar with a door and a person of its own, which it wrote down like anybody.
    pub(crate) fn new(scene: &'t Scene<'t>, number: u8, role: Role, seed: u64) -> Self {
        let town = scene.town;
        let mut phone = town.phone(number, role, 0);
        let door = phone.register_door(town, 0, &format!("{}01", number));
        let resident = phone.register_resident(number + 100, door, "张三", "13900000001");
        let mut liar = Self {
            scene,
            dice: Dice::of(seed, u64::from(number)),
            phone,
            line: Line::new(scene.at),
            door,
            resident,
            copies: Vec::new(),
            held: Vec::new(),
            answers: BTreeMap::new(),
            requests: 0,
            counted: 0,
            stale: false,
            photo: None,
        };
        liar.is_honest().unwrap();
        liar
    }

    /// Syncs as an honest phone does, so that it knows what it lies about.
    pub(crate) fn is_honest(&mut self) -> Result<(), String> {
        loop {
            let (signed, body) = self.phone.request();
            let answer = self.post(SYNC_PATH, &[(HEADER, &signed.to_text())], &body)?;
            if answer.status != 200 {
                return match judge::refusal(&answer)? {
                    // A lie has used a higher count: an honest phone would catch up in the same way.
                    Code::Replayed => {
                        self.phone.counter = answer.json()["counter"].as_u64().ok_or("no count")?;
                        continue;
                    }
                    code => Err(format!("honest once, and refused: {code:?}")),
                };
            }
            let reply = self.judged(&answer, &signed)?;
            self.phone.apply(&reply);
            self.stale = false;
            if !reply.more {
                return Ok(());
            }
        }
    }

    pub(crate) fn post(&mut self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Answer, String> {
        self.say(&request("POST", path, headers, body))
    }

    /// One request, whatever it says.
    pub(crate) fn say(&mut self, request: &[u8]) -> Result<Answer, String> {
        self.requests += 1;
        self.scene.town.around.now_ms.fetch_add(REQUEST_MS, Ordering::SeqCst);
        self.line.ask(request)
    }

    fn judged(&mut self, answer: &Answer, signed: &SignedBy) -> Result<SyncReply, String> {
        let reply = judge::reply(answer, &self.phone.office_verify, signed.device, signed.counter)?;
        self.counted = self.counted.max(signed.counter);
        Ok(reply)
    }

    /// Signs a body and sends it to where devices sync.
    pub(crate) fn send(&mut self, body: Vec<u8>) -> Result<Told, String> {
        let (signed, body) = self.phone.sign(body);
        self.send_signed(&signed, &body)
    }

    /// Sends a body under a signature made before.
    pub(crate) fn send_signed(&mut self, signed: &SignedBy, body: &[u8]) -> Result<Told, String> {
        let header = signed.to_text();
        let answer = self.post(SYNC_PATH, &[(HEADER, &header)], body)?;
        if body.len() < 4096 {
            if self.copies.len() >= COPIES_MAX {
                self.copies.swap_remove(0);
            }
            self.copies.push((header, body.to_vec()));
        }
        if answer.status == 200 {
            return Ok(Told::Taken(self.judged(&answer, signed)?));
        }
        let code = judge::refusal(&answer)?;
        *self.answers.entry(code.name().to_owned()).or_default() += 1;
        Ok(Told::Refused(code))
    }

    /// Sends commands as this says, and takes note of what became of them. They are not in the phone's
    /// outbox: what is taken comes back with the next honest sync.
    pub(crate) fn send_commands(
        &mut self,
        request: &SyncRequest,
        ids: &[CommandId],
    ) -> Result<Option<SyncReply>, String> {
        match self.send(crate::bytes::packed(request))? {
            Told::Refused(_) => Ok(None),
            Told::Taken(reply) => {
                if ids.len() != reply.verdicts.len() {
                    return Err(format!("{} commands and {} verdicts", ids.len(), reply.verdicts.len()));
                }
                self.takes_note(&reply, ids);
                Ok(Some(reply))
            }
        }
    }

    fn takes_note(&mut self, reply: &SyncReply, ids: &[CommandId]) {
        for (verdict, id) in reply.verdicts.iter().zip(ids) {
            let code = Code::from_number(verdict.code).map_or("", Code::name);
            *self.answers.entry(format!("{:?} {code}", verdict.outcome)).or_default() += 1;
            self.stale |= verdict.outcome == Outcome::Applied;
            if verdict.outcome == Outcome::Quarantined {
                self.held.push(*id);
            }
        }
    }

    /// A request with this batch and these keys, which asks for nothing.
    pub(crate) fn asking(&mut self, batch: Vec<u8>, keys: &KeyBundle) -> SyncRequest {
        let seed = self.dice.array();
        let device = self.phone.by.device;
        let boxed =
            seal_to(&self.phone.office_box, KEYS_UP_INFO, device.as_bytes(), &keys.encode().unwrap(), seed).unwrap();
        SyncRequest {
            wire_version: WIRE_VERSION,
            policy_version: 1,
            capabilities: 0,
            manifest: Manifest { app_version: "9.9.9".to_owned(), ..Manifest::default() },
            cursor: Vec::new(),
            batch,
            keys: if keys.keys.is_empty() { Vec::new() } else { boxed },
            reference_version: u64::MAX,
            wants_feed: false,
            held: None,
            ..SyncRequest::default()
        }
    }

    /// The batch of some commands, and the keys of their documents. None where the writer refuses to
    /// write such a command: then bytes have to be broken instead.
    pub(crate) fn written(&mut self, commands: &[Command], form: Form) -> Option<(Vec<u8>, KeyBundle)> {
        let known: HashSet<DocId> = self.phone.base.keys().copied().filter(|_| form == Form::Short).collect();
        let mut writer = BatchWriter::new(&known);
        let mut keys = KeyBundle::default();
        for command in commands {
            writer.push(command, form).ok()?;
            for change in &command.changes {
                keys.keys.extend(self.phone.ring.keys_of(&change.doc.uuid).map(|(_, k)| (change.doc.uuid, k.clone())));
            }
        }
        Some((writer.finish(), keys))
    }

    pub(crate) fn form(&mut self) -> Form {
        if self.dice.once_in(2) { Form::Short } else { Form::InFull }
    }

    /// An honest command of its own on documents that it may write, not in its outbox.
    pub(crate) fn command(&mut self, edits: Vec<(DocId, Vec<Edit>)>) -> Command {
        let stamp = self.phone.stamp();
        let changes = edits
            .into_iter()
            .map(|(doc, edits)| {
                let register = self.phone.base.get(&doc).cloned().unwrap_or_else(|| Register::genesis(doc));
                register.make_change(self.phone.actor, stamp, edits)
            })
            .collect();
        Command { stamp, changes }
    }

    /// Text sealed under a subject's key, made if there is none.
    pub(crate) fn sealed(&mut self, subject: Subject, field: &str, text: &str) -> Vec<u8> {
        if self.phone.ring.sealing_key(&subject).is_none() {
            let key = SubjectKey::from_bytes(self.dice.array());
            self.phone.ring.insert(subject, key);
        }
        self.phone.ring.seal(&subject, field, text.as_bytes()).unwrap()
    }
}

pub(crate) fn put(container: u8, key: impl Into<String>, value: Scalar) -> Edit {
    Edit { path: Path::new(container, key), value }
}
pub(crate) fn text(text: impl Into<String>) -> Scalar {
    Scalar::Str(text.into())
}
