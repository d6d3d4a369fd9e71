use super::{open, whose};
use crate::answer::Answer;
use crate::args::{By, ChoiceArgs, Conflicts, Data, Decide, Undo};
use crate::failure::Failure;
use crate::words;
use qiaomen_proto::ids::DocId;
use qiaomen_server::people::audit::{Deed, note_read};
use qiaomen_server::review::{self, Choice, ReviewError, Rule};

pub(super) fn conflicts(args: Conflicts) -> Result<Answer, Failure> {
    let office = open(&args.data)?;
    let who = whose(&office, &args.by)?;
    if let Some(id) = args.id {
        let conflict = review::conflict(&office, id)?.ok_or(ReviewError::NotFound { id })?;
        note_read(&office, who, Deed::Read, Some(&conflict.doc.key()))?;
        return Ok(Answer::new(&conflict, words::review::conflict(&conflict, true)));
    }
    if args.parallel {
        let list = review::list_parallel(&office, args.days, &args.which.asked(None))?;
        note_read(&office, who, Deed::ReadParallel, None)?;
        return Ok(Answer::new(&list, words::bulk::parallel(&list, args.days)));
    }
    let asked = args.which.asked(Some(args.state.name()));
    let (list, counts) = review::find_conflicts(&office, &asked)?;
    note_read(&office, who, Deed::ReadConflicts, None)?;
    if args.counts {
        return Ok(Answer::new(&counts, words::bulk::counts(&counts)));
    }
    Ok(Answer::new(&list, words::review::conflicts(&list, &counts)))
}

pub(super) fn decide(args: Decide) -> Result<Answer, Failure> {
    let Some(id) = args.id else { return decide_many(args) };
    if !args.which.is_everything() {
        return Err(Failure::usage("写了编号就不用再写条件；条件是给 --rule 用的。"));
    }
    let choice = choice(args.choice)?;
    let office = open(&args.data)?;
    let who = whose(&office, &args.by)?;
    let decided = review::decide(&office, id, choice, args.seen.as_deref(), who)?;
    Ok(Answer::new(&decided, words::review::decided(&decided)))
}

/// By a rule: shown first, then decided as shown.
fn decide_many(args: Decide) -> Result<Answer, Failure> {
    let known = || Rule::ALL.iter().map(|r| r.word().replace('_', "-")).collect::<Vec<_>>().join("、");
    let unknown = || Failure::usage(format!("没有这条规则。可以写：{}。", known()));
    let rule = args.rule.as_deref().map(|said| Rule::parse(said).ok_or_else(unknown)).transpose()?;
    if args.token.is_none() && !args.preview {
        return Err(Failure::usage("请先加 --preview 看看会怎么定，再用预览给的版本：--token 版本。"));
    }
    if rule.is_none() && !args.which.is_everything() {
        return Err(Failure::usage("条件要和 --rule 一起写；只写 --token 就是照预览的去定。"));
    }
    let office = open(&args.data)?;
    let who = whose(&office, &args.by)?;
    let asked = args.which.asked(None);
    match (args.token, rule) {
        (Some(token), rule) => {
            let done = review::decide_by_rule(&office, &token, rule.map(|rule| (rule, asked)), who)?;
            Ok(Answer::new(&done, words::bulk::done(&done)))
        }
        (None, Some(rule)) => {
            let shown = review::preview(&office, rule, &asked, who)?;
            Ok(Answer::new(&shown, words::bulk::preview(&shown)))
        }
        (None, None) => Err(unknown()),
    }
}

fn choice(args: ChoiceArgs) -> Result<Choice, Failure> {
    match args {
        ChoiceArgs { take: Some(label), .. } => Ok(Choice::Take(label)),
        ChoiceArgs { value: Some(value), .. } => Ok(Choice::Value(value)),
        ChoiceArgs { both: true, .. } => Ok(Choice::Both),
        ChoiceArgs { refused: true, .. } => Ok(Choice::Refused),
        ChoiceArgs { cleared: true, .. } => Ok(Choice::Cleared),
        _ => Err(Failure::usage("还没有说怎么定：--take、--value、--both、--refused 或 --cleared。")),
    }
}

pub(super) fn undo(args: &Undo) -> Result<Answer, Failure> {
    let office = open(&args.data)?;
    let who = whose(&office, &args.by)?;
    match (args.bulk, args.id) {
        (Some(bulk), _) => {
            let undone = review::undo_bulk(&office, bulk, who)?;
            Ok(Answer::new(&undone, words::bulk::undone(&undone)))
        }
        (None, Some(id)) => {
            let undone = review::undo(&office, id, who)?;
            Ok(Answer::new(&undone, words::review::undone(&undone)))
        }
        (None, None) => Err(Failure::usage("还没有说撤销哪一处：编号，或 --bulk 批号。")),
    }
}

pub(super) fn door(data: &Data, said: &str, by: &By) -> Result<Answer, Failure> {
    let office = open(data)?;
    let door = review::door(&office, said)?;
    let door = door
        .ok_or_else(|| Failure::problem("not_found", format!("台账里没有“{said}”这一户。请写成 楼栋-单元-房号。")))?;
    note_read(&office, whose(&office, by)?, Deed::Read, Some(&DocId::from(door.id).key()))?;
    Ok(Answer::new(&door, words::review::door(&door)))
}
