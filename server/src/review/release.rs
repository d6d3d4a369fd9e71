//! Letting in what was held back, or putting it away. What is let in goes through admission again: a
//! clerk can say that a doubt is none, but not that a role may write what it may not.

use super::error::ReviewError;
use super::quarantine::{held_keys, read_row, state_label};
use crate::ingest::admit::{Admission, Grant, admit};
use crate::ingest::plan::Planned;
use crate::ingest::{Sender, commit, number_of};
use crate::office::Office;
use crate::people::audit::{self, Deed};
use crate::store::sqlite::QuarantineRow;
use crate::store::{StoreError, Tx};
use qiaomen_proto::change::Command;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{Role, WorkerId};
use qiaomen_proto::wire::pull::Outcome;

/// Why something that was held back is put away. A list and no free text: the audit names nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// It was done again, or brought again by other means.
    DoneAgain,
    /// It is not the work of whoever signed it.
    NotTheirs,
    /// It was a mistake, the worker says.
    Mistake,
    /// It was a trial.
    Trial,
    /// Something else.
    Other,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Reason; 5] = [Reason::DoneAgain, Reason::NotTheirs, Reason::Mistake, Reason::Trial, Reason::Other];
    /// Its permanent word.
    pub fn word(self) -> &'static str {
        match self {
            Reason::DoneAgain => "done_again",
            Reason::NotTheirs => "not_theirs",
            Reason::Mistake => "mistake",
            Reason::Trial => "trial",
            Reason::Other => "other",
        }
    }
    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Reason::DoneAgain => "已经重做",
            Reason::NotTheirs => "不是本人办的",
            Reason::Mistake => "记错了",
            Reason::Trial => "试用时的内容",
            Reason::Other => "其他",
        }
    }
    /// From its word or its label.
    pub fn parse(said: &str) -> Option<Self> {
        let said = said.trim().replace('-', "_");
        Self::ALL.into_iter().find(|r| r.word() == said || r.label() == said)
    }
}

/// Lets in what was held back, if it fits the documents of now.
pub fn release(office: &Office, id: i64, clerk: WorkerId) -> Result<(), ReviewError> {
    let inner = office.clone();
    office.store().write(move |tx| release_in(&inner, tx, id, clerk))
}

/// Puts away what was held back. It stays readable.
pub fn discard(office: &Office, id: i64, reason: Reason, clerk: WorkerId) -> Result<(), ReviewError> {
    let inner = office.clone();
    office.store().write(move |tx| {
        let row = held(tx, id)?;
        tx.set_quarantine_state(id, "discarded")?;
        audit::note(&inner, tx, clerk, Deed::Discarded(reason.word()), Some(row.command.as_bytes()))?;
        Ok(())
    })
}

fn held(tx: &Tx<'_>, id: i64) -> Result<QuarantineRow, ReviewError> {
    let row = tx.quarantine(None)?.into_iter().find(|q| q.id == id).ok_or(ReviewError::NotFound { id })?;
    if row.state == "held" { Ok(row) } else { Err(ReviewError::NotHeld { id, state: state_label(&row.state) }) }
}

fn release_in(office: &Office, tx: &Tx<'_>, id: i64, clerk: WorkerId) -> Result<(), ReviewError> {
    let row = held(tx, id)?;
    let doubt = Code::from_number(row.code).unwrap_or(Code::Structure);
    let not = |code: Code| ReviewError::DoesNotFit { id, why: why_not(code).to_owned(), code };
    let taken = number_of(Outcome::Applied);
    if tx.command_fates(row.command)?.iter().any(|(_, outcome, _)| *outcome == taken) {
        // The other version of it is in the book: letting this one in would do one thing twice.
        return Err(not(Code::Fork));
    }
    let held = read_row(tx, &row)?;
    if let Some(code) = held.misfit {
        return Err(not(code));
    }
    let command = held.command.ok_or_else(|| not(Code::Structure))?;
    let keys = held_keys(office, &row)?;
    let sender = sender(office, tx, &row, &command, doubt)?.ok_or_else(|| not(Code::NotTheAuthor))?;
    let mut grant = Grant::of(tx, &sender, command.stamp.at.wall_ms)?;
    // Whose door it is (or was) is what the clerk has looked at.
    grant.everywhere = true;
    match admit(office, tx, &grant, &sender, &command, &held.after, &keys)? {
        Admission::Yes => {}
        Admission::Never(code) | Admission::Doubtful(code) => return Err(not(code)),
    }
    let (stamp, device) = (command.stamp, sender.device.id);
    tx.set_quarantine_state(id, "released")?;
    commit::commit(office, tx, Planned { command, hashes: held.hashes, after: held.after }, &keys, office.now_ms())?;
    let applied = number_of(Outcome::Applied);
    let (at, came) = (stamp.at.wall_ms, row.received_ms);
    let since = tx.command_arrival(stamp.command)?.and_then(|(_, since)| since);
    tx.put_command(stamp.command, held.check, Some(device), stamp.by.worker, applied, 0, at, came, since)?;
    audit::note(office, tx, clerk, Deed::Released, Some(row.command.as_bytes()))?;
    Ok(())
}

/// As whose work it is let in. A command that somebody else has signed can be let in as that person's,
/// if the roster has that person in the role that it claims, which is never the office's.
fn sender(
    office: &Office,
    tx: &Tx<'_>,
    row: &QuarantineRow,
    command: &Command,
    doubt: Code,
) -> Result<Option<Sender>, StoreError> {
    let Some(mut device) = tx.device(row.device)? else { return Ok(None) };
    let by = command.stamp.by;
    if doubt == Code::NotTheAuthor {
        let known = tx.worker(by.worker)?.is_some_and(|w| w.role == by.role && w.role != Role::Office);
        if !known || by.device != device.id {
            return Ok(None);
        }
        device.worker = by.worker;
        device.role = by.role;
    }
    Ok(Some(Sender { offline_since_ms: device.last_contact_ms, device, now_ms: office.now_ms() }))
}

/// Why not, to the clerk.
fn why_not(code: Code) -> &'static str {
    match code {
        Code::Predecessor => "它接着的上一步不在台账里,请先放行那一步。",
        Code::Fork => "同一个来源的另一条记录已经入册。终端会自动重做,这一条可以作废。",
        Code::NotTheAuthor => "署名的人不在花名册上,或岗位对不上。请核实后作废,让本人重新登记。",
        Code::NotTheActor => "记录的来源属于另一台终端。请核实后作废,让本人重新登记。",
        Code::UnknownBuilding => "台账里还没有这栋楼。请先补上楼栋。",
        Code::KeyMissing => "缺钥匙,打不开其中加密的内容。请那台终端再同步一次。",
        Code::RoleMayNot => "这个岗位不能写这一项。",
        Code::IdParts => "门牌和编号对不上。",
        Code::ValueForm | Code::ValueBounds => "填的内容格式不对或超出范围。",
        _ => "内容的结构不对。",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_read_from_its_word_or_its_label() {
        for reason in Reason::ALL {
            assert_eq!(Reason::parse(reason.word()), Some(reason));
            assert_eq!(Reason::parse(reason.label()), Some(reason));
            assert_eq!(Reason::parse(&reason.word().replace('_', "-")), Some(reason));
        }
        assert_eq!(Reason::parse("王建国说的"), None);
    }
}
