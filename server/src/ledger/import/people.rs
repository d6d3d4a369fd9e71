//! What a row says about a person, field by field.

use super::super::book::{Column, DoorRow, PersonRow};
use super::answer::Wish;
use qiaomen_proto::entity::value::several;
use qiaomen_proto::ids::HouseholdId;
use qiaomen_proto::person::IdentityNumber;

/// How books say that somebody is registered at a door and lives elsewhere.
const APART: &str = "人户分离";

/// Everything that the row says, with the door that it stands under.
pub(super) fn wishes(person: &PersonRow, door: &DoorRow, household: HouseholdId) -> Vec<Wish> {
    let sex = person.identity.value().and_then(sex_of).map(str::to_owned);
    let categories = several(person.categories.iter().map(String::as_str));
    let apart = door.occupancy.as_deref() == Some(APART);
    [
        Wish::told("name", &person.name, Column::Name, Clone::clone),
        Wish::told("identity", &person.identity, Column::Identity, |i| i.as_str().to_owned()),
        Wish::told("birth", &person.born_on, Column::BornOn, ToString::to_string),
        Wish::text("sex", sex, None),
        Wish::told("phone", &person.phone, Column::Phone, |p| p.as_str().to_owned()),
        // Where a person lives is asked about apart: see `doors`.
        Wish::text("household", Some(household.to_string()), None),
        Wish::text("relation", person.relation.clone(), Column::Relation),
        Wish::text("residency", apart.then(|| APART.to_owned()), Column::Occupancy),
        Wish::text("categories", (!categories.is_empty()).then_some(categories), Column::Category),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The sex that an identity number tells: its last digit but the check digit is odd for men. A number
/// with a wrong check digit tells nothing.
fn sex_of(identity: &IdentityNumber) -> Option<&'static str> {
    let number = identity.as_str();
    let digit = if number.len() == 18 { number.as_bytes().get(16)? } else { number.as_bytes().last()? };
    identity.check_digit_ok().then_some(if digit % 2 == 1 { "男" } else { "女" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_number_tells_the_sex_unless_its_check_digit_is_wrong() {
        let sex = |text: &str| sex_of(&IdentityNumber::parse(text).unwrap());
        assert_eq!(sex("11010519491231002X"), Some("女"));
        assert_eq!(sex("110105194912310038"), Some("男"));
        assert_eq!(sex("110105194912310039"), None);
        assert_eq!(sex("110105491231003"), Some("男"));
    }
}
