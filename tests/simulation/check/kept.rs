//! Every command that was ever made is in a document, held at the office, rejected with a reason that its
//! phone shows, or in an outbox. What was acknowledged is in a document. Nothing is there twice.

use crate::simulation::liar::Liar;
use crate::simulation::phone::Condition;
use crate::simulation::world::{Stuck, World};
use qiaomen_client::outbox::OutboxState;
use qiaomen_proto::change::keys;
use qiaomen_proto::entity::diary;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{CommandId, Kind};
use qiaomen_proto::wire::rescue::read_records;
use qiaomen_server::store::StoreError;
use qiaomen_server::store::sqlite::QuarantineRow;
use std::collections::{BTreeMap, BTreeSet};

/// How a command stands on the phones.
#[derive(Debug, Default)]
struct Standing {
    waits: bool,
    refused: bool,
    held: bool,
    silent: bool,
    redone: u32,
}

pub(super) fn check(world: &mut World, findings: &mut Vec<String>) -> Result<(), Stuck> {
    let alive: Vec<usize> = world.phones.iter().filter(|p| p.condition == Condition::Alive).map(|p| p.number).collect();
    for phone in alive {
        world.remember_receipts(phone);
    }
    let office = world.bureau.office()?;
    let mut standing: BTreeMap<CommandId, Standing> = BTreeMap::new();
    for phone in world.phones.iter().filter(|p| p.condition == Condition::Alive) {
        for row in phone.device().and_then(|d| d.unacknowledged().ok()).unwrap_or_default() {
            let one = standing.entry(row.command).or_default();
            one.redone += row.redone;
            match row.state {
                OutboxState::Pending | OutboxState::Waiting => one.waits = true,
                OutboxState::Rejected => {
                    one.refused = true;
                    one.silent |= row.sentence().is_none_or(|said| said.text().is_empty());
                }
                OutboxState::Quarantined => {
                    one.held = true;
                    one.silent |= row.sentence().is_none_or(|said| said.text().is_empty());
                }
            }
        }
    }
    let quarantine = office.store().read(|tx| tx.quarantine(None))?;
    let held: BTreeSet<CommandId> = quarantine.iter().map(|q| q.command).collect();
    let on_the_desk: BTreeSet<CommandId> = quarantine.iter().filter(|q| q.state == "held").map(|q| q.command).collect();
    let liar = world.liar.as_ref().map(Liar::device);
    if !world.copied && !world.restored {
        let forks = quarantine.iter().filter(|q| q.code == Code::Fork.number() && Some(q.device) != liar);
        findings.extend(forks.map(|q| format!("{} is held as the work of a copied phone, and none was", q.command)));
    }
    let told_by_the_liar = |q: &&QuarantineRow| liar.is_some_and(|liar| q.device == liar);
    let honest: BTreeSet<CommandId> = quarantine.iter().filter(|q| !told_by_the_liar(q)).map(|q| q.command).collect();
    let lied_about: BTreeSet<CommandId> =
        quarantine.iter().filter(told_by_the_liar).map(|q| q.command).filter(|c| !honest.contains(c)).collect();
    let none = Standing::default();
    for (command, made) in &world.truth.made {
        // What somebody else did under the same id is another act.
        let applied = office.store().read(|tx| tx.applied_by(*command))? == Some(made.worker);
        let at_office = applied || held.contains(command);
        let one = standing.get(command).unwrap_or(&none);
        let about = format!("{} {command} of phone {}", made.title, made.phone);
        world.figures.rejected += u64::from(one.refused);
        world.figures.redone += u64::from(one.redone);
        if one.silent {
            findings.push(format!("{about} stands in its outbox without a word why"));
        }
        if world.truth.lost_with_office.contains(command) {
            continue;
        }
        // After a restore, what cannot stand as it was any more is held for a person.
        let kept_for_a_person = world.restored && held.contains(command);
        if world.truth.acknowledged.contains(command) && !applied && !kept_for_a_person {
            findings.push(format!("{about} was acknowledged and is lost (held: {})", held.contains(command)));
        } else if !at_office && !one.waits && !one.refused && !one.held && !world.truth.destroyed.contains(command) {
            // A phone that was wiped had its work rescued first: it has to be held.
            let gone = world.phones[made.phone].condition != Condition::Alive;
            // The office may have held it, and lost it with its disk while it had the phone wiped: the file is what is left.
            let handed_over = world.truth.refused_before_wipe.contains(command) || world.restored;
            if !(gone && handed_over && rescued(world, made.phone, *command)) {
                findings.push(format!("{about} is nowhere (phone gone: {gone})"));
            }
        }
        // Of work that a phone keeps for a worker who has handed it on, a restored office cannot know who brings it
        // rightly: it is held in nobody's way, whoever told of it first.
        let handed_on = world.phones[made.phone].identity().is_none_or(|(_, worker)| worker != made.worker);
        if one.held && !applied && !handed_on && lied_about.contains(command) {
            findings.push(format!("{about} is held for what a liar told of it"));
        }
        if one.held && !at_office {
            findings.push(format!("{about} is held, says its phone, and the office does not hold it"));
        } else if one.held && !applied && !on_the_desk.contains(command) {
            findings.push(format!("{about} is held, says its phone, and the clerk has put it away"));
        }
        if applied && (one.waits || one.refused || one.held) {
            findings.push(format!("{about} is in the book, and its phone says otherwise: {one:?}"));
        }
    }
    doubled(world, findings)
}

/// Whether the rescue file of a phone has this command.
fn rescued(world: &World, phone: usize, command: CommandId) -> bool {
    let file = world.phones[phone].disk.rescue();
    read_records(&file).0.iter().any(|r| r.command == command)
}

/// A visit stands once, however often it was sent, redone or released.
fn doubled(world: &mut World, findings: &mut Vec<String>) -> Result<(), Stuck> {
    let office = world.bureau.office()?;
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let wrong = office.store().read(|tx| -> Result<Vec<String>, StoreError> {
        let mut wrong = Vec::new();
        for doc in tx.documents()?.into_iter().filter(|d| d.kind == Kind::Diary) {
            let Some(register) = tx.register(doc)? else { continue };
            for path in register.paths_in(diary::ENTRIES) {
                *seen.entry(path.key.clone()).or_default() += 1;
                if register.history(path).len() != 1 {
                    wrong.push(format!(
                        "the entry {} of {doc} was written {} times",
                        path.key,
                        register.history(path).len()
                    ));
                }
            }
        }
        Ok(wrong)
    })?;
    findings.extend(wrong);
    for (command, made) in world.truth.made.iter().filter(|(_, made)| made.is_contact) {
        let n = seen.get(&keys::record_key(*command, 0)).copied().unwrap_or(0);
        if n > 1 {
            findings.push(format!("{} {command} stands in {n} diaries", made.title));
        }
    }
    Ok(())
}
