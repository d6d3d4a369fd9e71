//! A valid command with one thing broken, under a true signature. What must never be taken says so.

use crate::liar::{Liar, put, text};
use qiaomen_proto::change::{ChangeHash, Command, OpId, Scalar, TypedOp};
use qiaomen_proto::entity::{diary, genesis, household, kind_spec, resident, ticket};
use qiaomen_proto::ids::{Actor, CommandId, DeviceId, DiaryId, DocId, HouseholdId, Kind, ResidentId, Role, WorkerId};
use qiaomen_proto::limits::{COMMANDS_PER_PUSH_MAX, KEYS_PER_SUBJECT_MAX, OPS_PER_CHANGE_MAX, VALUE_BYTES_MAX};
use qiaomen_proto::merge::Register;
use qiaomen_proto::seal::SubjectKey;
use qiaomen_proto::wire::batch::Form;

/// May a command with this lie in it ever be taken?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Truth {
    /// Never: it says something that is false, or that this device may not say.
    Never,
    /// It is odd, and may be true.
    Perhaps,
}
use Truth::{Never, Perhaps};

/// Its name, and how it is told.
pub(crate) type Lie = (&'static str, fn(&mut Liar<'_>, &mut Command) -> Truth);

pub(crate) const LIES: &[Lie] = &[
    ("a door of another grid", |l, c| {
        let room = (300 + l.dice.below(20)).to_string();
        let door: DocId = l.scene.town.door(1, &room).into();
        let edits = l.address(1, &room);
        *c = l.command(vec![(door, edits)]);
        Never
    }),
    ("a document that others know", |l, c| {
        let doc = *l.dice.pick(&l.scene.foreign);
        *c = l.command(vec![(doc, vec![put(0, "use", text("出租"))])]);
        Never
    }),
    ("a record on a document that others know", |l, c| {
        let doc = *l.dice.pick(&l.scene.foreign);
        *c = l.with_record(doc, kind_spec(doc.kind).containers.len().to_le_bytes()[0] - 1, vec![0xa0]);
        Never
    }),
    ("an honest device's actor", |l, c| {
        let actor = *l.dice.pick(&l.scene.actors);
        of_actor(c, actor);
        Never
    }),
    ("the office's actor", |l, c| {
        let actor = Actor(l.scene.town.office.identity().incarnation);
        of_actor(c, actor);
        Never
    }),
    ("the genesis's actor", |_, c| {
        let kind = c.changes[0].doc.kind;
        of_actor(c, genesis::genesis_actor(kind));
        Never
    }),
    ("a higher role", |l, c| {
        let role = *l.dice.pick(&[Role::Office, Role::Supervisor, Role::GridLeader, Role::Coordinator, Role::Liaison]);
        l.restamp(c, |stamp| stamp.by.role = role);
        if role == l.phone.by.role { Perhaps } else { Never }
    }),
    ("another worker", |l, c| {
        let worker = WorkerId::from_bytes([1 + l.dice.array::<1>()[0] % 9; 16]);
        l.restamp(c, |stamp| stamp.by.worker = worker);
        if worker == l.phone.by.worker { Perhaps } else { Never }
    }),
    ("another device", |l, c| {
        let device = DeviceId::from_bytes([101 + l.dice.array::<1>()[0] % 9; 16]);
        l.restamp(c, |stamp| stamp.by.device = device);
        if device == l.phone.by.device { Perhaps } else { Never }
    }),
    ("the office itself", |l, c| {
        let (device, worker) = (l.scene.town.office.identity().device, l.scene.town.office.own_worker());
        l.restamp(c, |stamp| (stamp.by.device, stamp.by.worker, stamp.by.role) = (device, worker, Role::Office));
        Never
    }),
    ("other content at a number that is taken", |l, c| {
        let Some((doc, register)) = l.own_document() else { return Perhaps };
        *c = l.command(vec![(doc, vec![put(0, "odd", text("又一个"))])]);
        c.changes[0].seq = 1 + l.dice.roll() % register.last_seq(&l.phone.actor);
        Never
    }),
    ("a number that skips one", |l, c| {
        c.changes[0].seq += 1 + l.dice.roll() % 3;
        Never
    }),
    ("a huge number", |l, c| {
        c.changes[0].seq = l.dice.odd_number();
        Perhaps
    }),
    ("a first operation out of order", |l, c| {
        c.changes[0].start_op = c.changes[0].start_op.wrapping_add(l.dice.odd_number().max(1));
        Never
    }),
    ("a predecessor that is not visible", |l, c| {
        let id = OpId { counter: 1 + l.dice.roll() % 99, actor: Actor(l.dice.array()) };
        let op = &mut c.changes[0].ops[0];
        op.preds.push(id);
        op.preds.sort_unstable();
        op.preds_implied = false;
        Never
    }),
    ("a visible value that is not among the predecessors", |l, c| {
        let doc = l.door.into();
        *c = l.command(vec![(doc, vec![put(household::FIELDS, "room", text("999"))])]);
        let op = &mut c.changes[0].ops[0];
        if op.preds.is_empty() {
            return Perhaps;
        }
        op.preds.clear();
        op.preds_implied = false;
        Never
    }),
    ("predecessors of its own number", |_, c| {
        let (counter, actor) = (c.changes[0].start_op, c.changes[0].actor);
        let op = &mut c.changes[0].ops[0];
        op.preds = vec![OpId { counter, actor }];
        op.preds_implied = false;
        Never
    }),
    ("a dependency that nobody has", |l, c| {
        c.changes[0].deps = vec![ChangeHash(l.dice.array())];
        Never
    }),
    ("a dependency that another implies", |l, c| {
        let Some((doc, register)) = l.own_document() else { return Perhaps };
        *c = l.command(vec![(doc, vec![put(0, "odd", text("x"))])]);
        let deps = &mut c.changes[0].deps;
        deps.push(register.changes()[0].hash);
        deps.sort_unstable();
        deps.dedup();
        if deps.len() > 1 { Never } else { Perhaps }
    }),
    ("dependencies said twice or in disorder", |l, c| {
        let deps = &mut c.changes[0].deps;
        deps.push(deps[0]);
        deps.push(ChangeHash(l.dice.array()));
        deps.sort_unstable_by(|a, b| b.cmp(a));
        Never
    }),
    ("no dependency", |_, c| {
        c.changes[0].deps.clear();
        Never
    }),
    ("too many dependencies", |l, c| {
        c.changes[0].deps = (0..65 + l.dice.below(300)).map(|_| ChangeHash(l.dice.array())).collect();
        Never
    }),
    ("a record that is there already", |l, c| {
        let doc: DocId = l.door.into();
        let register = l.phone.base.get(&doc).cloned().unwrap_or_else(|| Register::genesis(doc));
        let Some(path) = register.paths_in(household::NOTES).next().cloned() else { return Perhaps };
        *c = l.note();
        c.changes[0].ops[0].path = path;
        Never
    }),
    ("one place twice", |_, c| {
        let again: Vec<TypedOp> = c.changes[0].ops.clone();
        c.changes[0].ops.extend(again);
        Never
    }),
    ("a record of another command", |l, c| {
        *c = l.note();
        let other = CommandId::from_bytes(l.dice.array());
        c.changes[0].ops[0].path.key = qiaomen_proto::change::keys::record_key(other, 0);
        Perhaps
    }),
    ("a decision", |l, c| {
        let doc: DocId = l.door.into();
        *c = l.with_record(doc, household::DECISIONS, vec![0xa0]);
        if l.dice.once_in(2) {
            c.changes[0].ops[0].path.key = format!("0.{}", l.dice.below(9));
        }
        Never
    }),
    ("a container that does not exist", |l, c| {
        c.changes[0].ops[0].path.container = 7 + l.dice.array::<1>()[0] % 200;
        Never
    }),
    ("an odd key", |l, c| {
        let odd = ["", "\u{0}", "a\nb", "'; DROP TABLE device; --", "use\u{202e}", "building ", "../../etc", "%s%n"];
        let long = "钥".repeat(1 + l.dice.below(40));
        let key = (*l.dice.pick(&odd)).to_owned();
        c.changes[0].ops[0].path.key = if l.dice.once_in(4) { long } else { key };
        Perhaps
    }),
    ("an odd value", |l, c| {
        let long = "值".repeat(VALUE_BYTES_MAX / 3 - l.dice.below(4));
        let number = l.dice.odd_number();
        let bytes = l.dice.bytes(40);
        let values = [
            Scalar::Null,
            Scalar::Bool(true),
            Scalar::Uint(number),
            Scalar::Int(number.cast_signed()),
            text(""),
            text("' OR 1=1; --"),
            text("\u{0}\u{1}\u{7f}"),
            text(long),
            Scalar::Bytes(bytes),
            Scalar::Bytes(Vec::new()),
            Scalar::Bytes(vec![0x9f; 4096]),
            Scalar::Bytes(vec![0x81; VALUE_BYTES_MAX]),
        ];
        let value = l.dice.pick(&values).clone();
        let at = l.dice.below(c.changes[0].ops.len());
        c.changes[0].ops[at].value = value;
        Perhaps
    }),
    ("a payload that nests for ever", |l, c| {
        let payload = match l.dice.below(4) {
            0 => [vec![0xa1, 0x18, 0x63], vec![0x9f; 4096]].concat(),
            1 => [vec![0xa1, 0x18, 0x63], vec![0x81; 8000], vec![0x00]].concat(),
            2 => [vec![0xa1, 0x18, 0x63], vec![0xbf; 4096]].concat(),
            _ => [vec![0xbb], vec![0xff; 8]].concat(),
        };
        let doc: DocId = l.door.into();
        *c = l.with_record(doc, household::REFUSALS, payload);
        Perhaps
    }),
    ("sealed without a key", |l, c| {
        let doc: DocId = l.resident.into();
        let stranger = SubjectKey::from_bytes(l.dice.array());
        let sealed = stranger.seal(&doc.uuid, "name", "李四".as_bytes());
        *c = l.command(vec![(doc, vec![put(resident::FIELDS, "name", Scalar::Bytes(sealed))])]);
        Never
    }),
    ("a door whose id does not follow from its parts", |l, c| {
        let doc: DocId = HouseholdId::from_bytes(l.dice.array()).into();
        let edits = l.address(0, "101");
        *c = l.command(vec![(doc, edits)]);
        Never
    }),
    ("a door that becomes another door", |l, c| {
        let doc = l.door.into();
        *c = l.command(vec![(doc, vec![put(household::FIELDS, "room", text("8888"))])]);
        Never
    }),
    ("a diary of somebody else", |l, c| {
        let other = WorkerId::from_bytes([1; 16]);
        let grid = l.scene.town.grids[0];
        let doc: DocId = DiaryId::of(other, grid, "2026-09-01".parse().unwrap()).into();
        let said = [("worker", other.to_string()), ("grid", grid.to_string()), ("on", "2026-09-01".to_owned())];
        let edits = said.into_iter().map(|(key, value)| put(diary::FIELDS, key, text(value))).collect();
        *c = l.command(vec![(doc, edits)]);
        Never
    }),
    ("a person behind a door of another grid", |l, c| {
        let door = l.scene.foreign.iter().find(|d| d.kind == Kind::Household).copied().unwrap();
        let doc: DocId = ResidentId::from_bytes(l.dice.array()).into();
        let home = HouseholdId(door.uuid).to_string();
        let sealed = l.sealed(doc.uuid, "name", "王五");
        let edits =
            vec![put(resident::FIELDS, "household", text(home)), put(resident::FIELDS, "name", Scalar::Bytes(sealed))];
        *c = l.command(vec![(doc, edits)]);
        Never
    }),
    ("a document that ends like another", |l, c| {
        let mut id: [u8; 16] = l.dice.array();
        id[11..].copy_from_slice(&l.resident.as_bytes()[11..]);
        let home = l.door.to_string();
        let doc: DocId = ResidentId::from_bytes(id).into();
        *c = l.command(vec![(doc, vec![put(resident::FIELDS, "household", text(home))])]);
        Never
    }),
    ("a step of a matter for nobody's role", |l, c| {
        let doc: DocId = qiaomen_proto::ids::TicketId::from_bytes(l.dice.array()).into();
        let payload = l.dice.bytes(3);
        *c = l.with_record(doc, ticket::EVENTS, [vec![0xa1, 0x00, 0x18], payload].concat());
        Perhaps
    }),
    ("a time that cannot be", |l, c| {
        let wall_ms = l.dice.odd_number();
        let counter = u32::try_from(l.dice.odd_number() & 0xffff_ffff).unwrap();
        l.restamp(c, |stamp| (stamp.at.wall_ms, stamp.at.counter) = (wall_ms, counter));
        Perhaps
    }),
    ("an id that was used", |l, c| {
        let earlier = l.phone.base.values().flat_map(Register::changes).filter_map(|c| c.stamp).next_back();
        let Some(earlier) = earlier else { return Perhaps };
        l.restamp(c, |stamp| stamp.command = earlier.command);
        Perhaps
    }),
    ("too many puts", |l, c| {
        let doc = l.door.into();
        let n = OPS_PER_CHANGE_MAX - 1 + l.dice.below(3);
        let edits = (0..n).map(|n| put(household::FIELDS, format!("future{n}"), Scalar::Bool(true))).collect();
        *c = l.command(vec![(doc, edits)]);
        if n > OPS_PER_CHANGE_MAX { Never } else { Perhaps }
    }),
    ("a change said twice in one command", |_, c| {
        let again = c.changes[0].clone();
        c.changes.push(again);
        Never
    }),
    ("a document of the wrong kind", |l, c| {
        let uuid = c.changes[0].doc.uuid;
        c.changes[0].doc = DocId::new(*l.dice.pick(&Kind::ALL), uuid);
        Perhaps
    }),
    ("predecessors in disorder", |l, c| {
        let ids: Vec<OpId> = (0..5).map(|n| OpId { counter: 9 - n, actor: Actor(l.dice.array()) }).collect();
        c.changes[0].ops[0].preds = ids;
        c.changes[0].ops[0].preds_implied = false;
        Never
    }),
];

fn of_actor(command: &mut Command, actor: Actor) {
    for change in &mut command.changes {
        change.actor = actor;
    }
}

impl Liar<'_> {
    fn restamp(&mut self, command: &mut Command, change: impl FnOnce(&mut qiaomen_proto::change::Stamp)) {
        change(&mut command.stamp);
        let mut whole = command.clone();
        for change in &mut whole.changes {
            change.stamp = command.stamp;
        }
        *command = whole;
    }

    /// A document in which this device's actor has written.
    fn own_document(&mut self) -> Option<(DocId, Register)> {
        let actor = self.phone.actor;
        let own: Vec<_> = self.phone.base.iter().filter(|(_, r)| r.last_seq(&actor) > 0).collect();
        if own.is_empty() { None } else { Some(self.dice.pick(&own)).map(|(doc, r)| (**doc, (*r).clone())) }
    }

    /// One lie among honest commands: it takes none of them with it.
    pub(crate) fn tells(&mut self, (name, lie): &Lie) -> Result<(), String> {
        let mut command = self.any_honest_command();
        let truth = lie(self, &mut command);
        let honest = self.dice.once_in(4).then(|| self.new_person());
        let commands: Vec<Command> = [Some(command), honest].into_iter().flatten().collect();
        let ids: Vec<CommandId> = commands.iter().map(|c| c.stamp.command).collect();
        let form = self.form();
        let Some((batch, mut keys)) = self.written(&commands, form) else {
            // No writer of ours writes this: it is told in bytes.
            return self.tells_in_bytes();
        };
        if self.dice.once_in(8) {
            let subject = commands[0].changes[0].doc.uuid;
            let strange = (0..=KEYS_PER_SUBJECT_MAX).map(|_| (subject, SubjectKey::from_bytes(self.dice.array())));
            keys.keys.extend(strange);
        }
        let request = self.asking(batch, &keys);
        let Some(reply) = self.send_commands(&request, &ids)? else { return Ok(()) };
        if truth == Never && reply.verdicts[0].outcome.is_acknowledged() {
            return Err(format!("“{name}” was taken: {:?} {:#?}", reply.verdicts[0], commands[0]));
        }
        match reply.verdicts.get(1) {
            Some(verdict) if !verdict.outcome.is_acknowledged() && reply.verdicts[0].waits_for.is_none() => {
                Err(format!("an honest command behind “{name}” was not taken: {verdict:?}"))
            }
            _ => Ok(()),
        }
    }

    /// Somebody new behind the liar's own door: nothing else builds on it.
    fn new_person(&mut self) -> Command {
        let doc: DocId = ResidentId::from_bytes(self.dice.array()).into();
        let home = self.door.to_string();
        self.command(vec![(doc, vec![put(resident::FIELDS, "household", text(home))])])
    }

    /// Many commands at once: as many as one request may carry, and one more.
    pub(crate) fn tells_too_many(&mut self) -> Result<(), String> {
        let n = COMMANDS_PER_PUSH_MAX + self.dice.below(2);
        let one = self.any_honest_command();
        let commands = vec![one; n];
        let ids: Vec<CommandId> = commands.iter().map(|c| c.stamp.command).collect();
        let Some((batch, _)) = self.written(&commands, Form::Short) else { return Ok(()) };
        let keys = self.written(&commands[..1], Form::Short).map(|(_, keys)| keys).unwrap_or_default();
        let request = self.asking(batch, &keys);
        match self.send_commands(&request, &ids)? {
            Some(_) if n > COMMANDS_PER_PUSH_MAX => {
                Err("more commands were read than one request may carry".to_owned())
            }
            None if n <= COMMANDS_PER_PUSH_MAX => {
                Err("as many commands as one request may carry were refused".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// Eight bytes that prove something else.
    pub(crate) fn tells_a_wrong_check(&mut self) -> Result<(), String> {
        let command = self.any_honest_command();
        let id = command.stamp.command;
        let pairs: Vec<_> = command.changes.iter().filter_map(|c| Some((c.doc, c.hash().ok()?))).collect();
        let check = qiaomen_proto::change::command::check_of(&pairs);
        let form = self.form();
        let Some((mut batch, keys)) = self.written(&[command], form) else { return Ok(()) };
        let Some(at) = batch.windows(8).position(|w| w == check) else { return Ok(()) };
        batch[at + self.dice.below(8)] ^= 1 << self.dice.below(8);
        let request = self.asking(batch, &keys);
        match self.send_commands(&request, &[id])? {
            Some(reply) if reply.verdicts[0].outcome.is_acknowledged() => Err("a wrong check was believed".to_owned()),
            _ => Ok(()),
        }
    }
}
