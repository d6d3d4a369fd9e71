//! What people told about themselves, and what they refused.

use super::super::book::{Origin, PersonRow, Told};
use super::dice::Dice;
use super::families::Member;
use super::papers::Papers;

const NOTES: [&str; 6] = [
    "行动不便，敲门后请稍等",
    "听力不好，请大声敲门",
    "平时在女儿家，周末回来",
    "夜班，下午在家",
    "家里有狗",
    "希望先打电话再上门",
];

/// What the neighbours say of a door that nobody opens.
pub(super) fn of_an_empty_door(dice: &mut Dice) -> Option<String> {
    let said = [(60, None), (20, Some("房主在外地")), (20, Some("待售，钥匙在物业"))];
    dice.weighted(said).map(str::to_owned)
}

/// A member of a family after the worker has been at the door.
pub(super) fn told(member: Member, papers: &mut Papers, dice: &mut Dice) -> PersonRow {
    let age = member.age();
    let identity = match dice.below(100) {
        0..3 => Told::Refused,
        3 => Told::Nothing,
        _ => papers.identity(member.born_on, member.sex).map_or(Told::Nothing, Told::Value),
    };
    let born_on = match &identity {
        // Who keeps the number back often keeps the birthday back as well.
        Told::Refused if dice.percent(50) => Told::Refused,
        _ => Told::Value(member.born_on),
    };
    let phone = match dice.below(100) {
        _ if age < 12 => Told::Nothing,
        0..7 => Told::Refused,
        7..10 => Told::Nothing,
        _ => papers.phone().map_or(Told::Nothing, Told::Value),
    };
    PersonRow {
        origin: Origin::default(),
        name: Told::Value(member.name),
        relation: Some(member.relation.to_owned()),
        identity,
        born_on,
        phone,
        categories: member.categories.into_iter().map(str::to_owned).collect(),
        note: (age >= 18 && dice.percent(3)).then(|| dice.pick(NOTES).to_owned()),
    }
}
