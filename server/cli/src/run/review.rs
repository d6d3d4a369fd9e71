use super::{open, whose};
use crate::answer::Answer;
use crate::args::{By, ChoiceArgs, ConflictState, Data, Decide};
use crate::failure::Failure;
use crate::words;
use qiaomen_proto::ids::DocId;
use qiaomen_server::people::audit::{Deed, note_read};
use qiaomen_server::review::{self, Choice, ReviewError};

pub(super) fn conflicts(data: &Data, id: Option<i64>, state: ConflictState, by: &By) -> Result<Answer, Failure> {
    let office = open(data)?;
    let who = whose(&office, by)?;
    if let Some(id) = id {
        let conflict = review::conflict(&office, id)?.ok_or(ReviewError::NotFound { id })?;
        note_read(&office, who, Deed::Read, Some(&conflict.doc.key()))?;
        return Ok(Answer::new(&conflict, words::review::conflict(&conflict, true)));
    }
    let state = match state {
        ConflictState::Open => Some("open"),
        ConflictState::Decided => Some("decided"),
        ConflictState::All => None,
    };
    let list = review::list_conflicts(&office, state)?;
    note_read(&office, who, Deed::ReadConflicts, None)?;
    Ok(Answer::new(&list, words::review::conflicts(&list)))
}

pub(super) fn decide(args: Decide) -> Result<Answer, Failure> {
    let office = open(&args.data)?;
    let who = whose(&office, &args.by)?;
    let choice = choice(args.choice)?;
    let decided = review::decide(&office, args.id, choice, args.seen.as_deref(), who)?;
    Ok(Answer::new(&decided, words::review::decided(&decided)))
}

fn choice(args: ChoiceArgs) -> Result<Choice, Failure> {
    match args {
        ChoiceArgs { take: Some(label), .. } => Ok(Choice::Take(label)),
        ChoiceArgs { value: Some(value), .. } => Ok(Choice::Value(value)),
        ChoiceArgs { both: true, .. } => Ok(Choice::Both),
        ChoiceArgs { refused: true, .. } => Ok(Choice::Refused),
        ChoiceArgs { cleared: true, .. } => Ok(Choice::Cleared),
        _ => Err(Failure::usage("还没有说怎么定:--take、--value、--both、--refused 或 --cleared。")),
    }
}

pub(super) fn undo(data: &Data, id: i64, by: &By) -> Result<Answer, Failure> {
    let office = open(data)?;
    let undone = review::undo(&office, id, whose(&office, by)?)?;
    Ok(Answer::new(&undone, words::review::undone(&undone)))
}

pub(super) fn door(data: &Data, said: &str, by: &By) -> Result<Answer, Failure> {
    let office = open(data)?;
    let door = review::door(&office, said)?;
    let door = door
        .ok_or_else(|| Failure::problem("not_found", format!("台账里没有“{said}”这一户。请写成 楼栋-单元-房号。")))?;
    note_read(&office, whose(&office, by)?, Deed::Read, Some(&DocId::from(door.id).key()))?;
    Ok(Answer::new(&door, words::review::door(&door)))
}
