//! People.

use super::draft::Draft;
use super::intent::resident_of;
use super::sensible;
use crate::error::EditError;
use qiaomen_proto::change::Answer;
use qiaomen_proto::ids::{DocId, HouseholdId, ResidentId};
use qiaomen_proto::sentence;

pub(super) fn register(
    draft: &mut Draft<'_, '_>,
    household: HouseholdId,
    fields: &[(String, Answer<String>)],
) -> Result<(), EditError> {
    draft.known(household.into())?;
    let doc = DocId::from(resident_of(draft.under.stamp.command));
    if fields.is_empty() {
        return Err(EditError::NotPossible(sentence!(
            "not-a-nobody",
            "至少填一项，比如姓名；不愿说也可以选“拒绝提供”"
        )));
    }
    draft.value(doc, "household", household.to_string())?;
    for (name, answer) in fields.iter().filter(|(name, _)| name != "household") {
        draft.field(doc, name, answer)?;
    }
    Ok(())
}

pub(super) fn correct(
    draft: &mut Draft<'_, '_>,
    resident: ResidentId,
    field: &str,
    answer: &Answer<String>,
) -> Result<(), EditError> {
    let doc = resident.into();
    draft.known(doc)?;
    if let ("household", Answer::Value(id)) = (field, answer) {
        let household: HouseholdId =
            id.trim().parse().map_err(|_| EditError::NotPossible(sentence!("not-a-door", "所在户的编号不对")))?;
        draft.known(household.into())?;
    }
    draft.field(doc, field, answer)
}

pub(super) fn move_to(
    draft: &mut Draft<'_, '_>,
    resident: ResidentId,
    to: HouseholdId,
    on: &str,
) -> Result<(), EditError> {
    let doc = resident.into();
    let gone = draft.view(doc, |view| view.text("until").is_some())?;
    draft.known(to.into())?;
    draft.value(doc, "household", to.to_string())?;
    draft.value(doc, "since", on)?;
    // Whoever moves in somewhere is here. It is said in any case: somebody else may note at the same time that they have
    // left, and of these two the later holds, and both are kept.
    if gone || draft.says_something() { draft.take_back(doc, "until") } else { Ok(()) }
}

pub(super) fn move_out(draft: &mut Draft<'_, '_>, resident: ResidentId, on: &str) -> Result<(), EditError> {
    let doc = resident.into();
    let since = draft.view(doc, |view| view.text("since"))?;
    if draft.is_by_hand() {
        sensible::not_before(since.as_deref(), on)?;
    }
    draft.value(doc, "until", on)
}
