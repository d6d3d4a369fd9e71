//! What somebody named on the command line. Of two that fit none is guessed.

use crate::failure::Failure;
use qiaomen_client::Device;
use qiaomen_client::error::What;
use qiaomen_client::query::find::{field, field_labels};
use qiaomen_client::query::{Choice, Found};
use qiaomen_proto::change::Answer;
use qiaomen_proto::entity::FieldSpec;
use qiaomen_proto::ids::{BuildingId, HouseholdId, Kind, ResidentId, TicketId};
use qiaomen_proto::normalise::building_name;
use qiaomen_proto::person::is_refusal;

fn one(found: Found, what: What, words: &str) -> Result<Choice, Failure> {
    match found {
        Found::One(choice) => Ok(choice),
        Found::Several(choices) => Err(Failure::ambiguous(what, words, choices)),
        Found::Nothing => Err(Failure::problem(
            "not_found",
            format!("这台终端上没有“{words}”这{}。可以先用 search 查一查，或同步后再试。", named(what)),
        )),
    }
}

fn named(what: What) -> String {
    match what {
        What::Household => "一户".to_owned(),
        What::Resident => "位居民".to_owned(),
        What::Ticket => "件诉求".to_owned(),
        other => format!("个{other}"),
    }
}

/// A door, with its address.
pub(crate) fn door(device: &Device, words: &str) -> Result<(HouseholdId, String), Failure> {
    let choice = one(device.find_door(words)?, What::Household, words)?;
    Ok((HouseholdId(choice.id), choice.words))
}

/// A person, with address and name.
pub(crate) fn resident(device: &Device, words: &str) -> Result<(ResidentId, String), Failure> {
    let choice = one(device.find_resident(words)?, What::Resident, words)?;
    Ok((ResidentId(choice.id), choice.words))
}

/// A matter, with what it is.
pub(crate) fn ticket(device: &Device, words: &str) -> Result<(TicketId, String), Failure> {
    let choice = one(device.find_ticket(words)?, What::Ticket, words)?;
    Ok((TicketId(choice.id), choice.words))
}

/// A building, by its name or id.
pub(crate) fn building(device: &Device, words: &str) -> Result<BuildingId, Failure> {
    let name = building_name(words);
    let known = &device.reference().buildings;
    let fits = |b: &&qiaomen_proto::reference::BuildingInfo| {
        b.name == name || words.trim().parse::<BuildingId>().is_ok_and(|id| *id.as_bytes() == *b.id)
    };
    let choices: Vec<Choice> = known
        .iter()
        .filter(fits)
        .map(|b| Choice { id: BuildingId::from_bytes(*b.id).0, words: b.name.clone() })
        .collect();
    let found = match choices.as_slice() {
        [] => Found::Nothing,
        [only] => Found::One(only.clone()),
        _ => Found::Several(choices),
    };
    one(found, What::Building, words).map(|choice| BuildingId(choice.id))
}

/// A field of a kind.
pub(crate) fn field_of(kind: Kind, words: &str) -> Result<&'static FieldSpec, Failure> {
    field(kind, words).ok_or_else(|| {
        let labels = field_labels(kind).join("、");
        Failure::problem("no_such_field", format!("没有“{words}”这一项。可以写：{labels}。"))
    })
}

/// What was typed as an answer: a refusal in any of its spellings is one, as is "不清楚".
pub(crate) fn answer(typed: &str) -> Answer<String> {
    match typed.trim() {
        refusal if is_refusal(refusal) => Answer::Refused,
        "不清楚" | "不知道" | "不详" => Answer::Unknown,
        value => Answer::Value(value.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_and_a_shrug_are_answers_and_no_values() {
        assert_eq!(answer("拒绝"), Answer::Refused);
        assert_eq!(answer(" 不愿提供 "), Answer::Refused);
        assert_eq!(answer("不清楚"), Answer::Unknown);
        assert_eq!(answer("13837783533"), Answer::Value("13837783533".to_owned()));
    }
}
