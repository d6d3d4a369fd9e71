//! Every concurrent disagreement on a field that a person decides is or was in the inbox.

use crate::simulation::world::{Stuck, World};
use qiaomen_proto::entity::view::View;
use qiaomen_proto::entity::{Policy, kind_spec};
use qiaomen_proto::merge::register::OpRecord;
use qiaomen_server::office::OfficeError;

pub(super) fn check(world: &mut World, findings: &mut Vec<String>) -> Result<(), Stuck> {
    let office = world.bureau.office()?;
    let wrong = office.store().read(|tx| -> Result<Vec<String>, OfficeError> {
        let mut wrong = Vec::new();
        let records = tx.conflicts(None)?;
        for doc in tx.documents()? {
            let Some(register) = tx.register(doc)? else { continue };
            let ring = office.ring(tx, [doc.uuid])?;
            let view = View::new(&register, &ring);
            for path in register.paths() {
                let Some(field) = kind_spec(doc.kind).field(path).filter(|f| f.policy == Policy::Review) else {
                    continue;
                };
                // What people read, not the bytes: equal values are no disagreement.
                let ops = register.history(path);
                let shown: Vec<_> = ops.iter().map(|op| field.show(&op.value, &doc.uuid, &ring)).collect();
                let apart = |a: usize, b: usize| {
                    !register.builds_on(ops[a].change, ops[b].change)
                        && !register.builds_on(ops[b].change, ops[a].change)
                };
                // Who had gone on alone before the other came stands by the later value.
                let saw_one = |c: usize| {
                    let mut seen = (0..ops.len()).filter(|p| ops[c].preds.contains(&ops[*p].id)).map(|p| &shown[p]);
                    let first = seen.next();
                    seen.all(|value| Some(value) == first)
                };
                let moved_on = |a: usize, b: usize| {
                    (0..ops.len()).any(|c| ops[c].preds.contains(&ops[a].id) && saw_one(c) && apart(c, b))
                };
                let stand_apart =
                    |a: usize, b: usize| shown[a] != shown[b] && apart(a, b) && !moved_on(a, b) && !moved_on(b, a);
                let differ = (0..ops.len()).any(|a| (0..a).any(|b| stand_apart(a, b)));
                let recorded = records.iter().any(|r| r.doc == doc && r.path == *path);
                if differ && !recorded {
                    let who = |op: &OpRecord| {
                        let stamp = register.stamp(op).map(|s| s.command.to_string()).unwrap_or_default();
                        let value = ops.iter().position(|o| o.value == op.value).unwrap_or(0);
                        let over: Vec<_> =
                            op.preds.iter().filter_map(|p| ops.iter().position(|o| o.id == *p)).collect();
                        format!("{stamp} says {value} over {over:?}")
                    };
                    let all: Vec<String> = ops.iter().map(who).collect();
                    wrong.push(format!(
                        "a disagreement at {path:?} of {doc} was never in the inbox: {}",
                        all.join(", ")
                    ));
                }
                let open = records.iter().filter(|r| r.doc == doc && r.path == *path && r.state == "open").count();
                let now = view.at(path).is_some_and(|f| f.conflict);
                if open != usize::from(now) {
                    wrong.push(format!("{open} open records at {path:?} of {doc}, and conflict is {now}"));
                }
            }
        }
        Ok(wrong)
    })?;
    findings.extend(wrong);
    Ok(())
}
