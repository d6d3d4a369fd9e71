//! One resident from one row.

use super::remark::Problem;
use super::table::Row;
use super::value::{self, Faults};
use super::words::Field;
use crate::ledger::book::{PersonRow, Told};
use chrono::{Datelike, NaiveDate};
use qiaomen_proto::person::{IdentityNumber, is_refusal};

/// The head of a household, as books write it.
pub(super) const HEAD: &str = "户主";

/// Whether the row is about a person, and not only about a door.
pub(super) fn is_about_a_person(row: &Row<'_>) -> bool {
    [Field::Name, Field::Identity, Field::BornOn, Field::Phone, Field::Relation]
        .iter()
        .any(|field| value::text(row.cell(*field)).is_some())
}

/// The person of a row; what cannot be read is a fault and the person is not to be used.
pub(super) fn person(row: &Row<'_>, faults: &mut Faults) -> PersonRow {
    let name = value::told(row.cell(Field::Name), person_name).map_err(|()| Problem::NameUnreadable);
    let identity = row.cell(Field::Identity);
    let identity = if identity.is_rounded() {
        Err(Problem::IdentityRounded)
    } else {
        value::told(identity, |text| IdentityNumber::parse(text).ok()).map_err(|()| Problem::IdentityUnreadable)
    };
    let categories = row.text(Field::Category).filter(|text| !is_refusal(text));
    let name = faults.sift(Field::Name, name).unwrap_or(Told::Nothing);
    let identity = faults.sift(Field::Identity, identity).unwrap_or(Told::Nothing);
    PersonRow {
        origin: row.origin(),
        name,
        relation: row.text(Field::Relation).map(relation),
        born_on: faults.sift(Field::BornOn, born_on(row, &identity)).unwrap_or(Told::Nothing),
        identity,
        phone: faults.sift(Field::Phone, value::told_phone(row.cell(Field::Phone))).unwrap_or(Told::Nothing),
        categories: categories.map(|text| value::list(&text)).unwrap_or_default(),
        note: row.text(Field::Note),
    }
}

/// The birth date. Where the book only tells the month (出生年月), the identity number tells the day,
/// if it agrees with the month.
fn born_on(row: &Row<'_>, identity: &Told<IdentityNumber>) -> Result<Told<NaiveDate>, Problem> {
    let cell = row.cell(Field::BornOn);
    value::told_day(cell).or_else(|problem| {
        let day = identity.value().and_then(IdentityNumber::birth_date);
        let agrees =
            day.and_then(|day| day.with_day(1)).is_some_and(|first| Some(first) == value::first_of_month(cell));
        day.filter(|_| agrees).map(Told::Value).ok_or(problem)
    })
}

/// Open question: in this column books write 女 beside 子, which can only mean the daughter. A book
/// that puts the sex here would write 男 too; none has been seen.
fn relation(text: String) -> String {
    if text == "女" { "女儿".to_owned() } else { text }
}

/// A name as one writes it: 张　三 is 张三, and the dot of 其木格·乌云 is always the same dot. Nothing
/// if it cannot be a name.
pub(super) fn person_name(text: &str) -> Option<String> {
    const CHARS_MAX: usize = 60;
    let is_latin = text.chars().any(|c| c.is_ascii_alphabetic());
    let mut name = String::new();
    for c in text.chars() {
        match c {
            '·' | '•' | '・' | '‧' | '∙' | '⋅' | '･' | '．' => name.push('·'),
            c if c.is_whitespace() && is_latin => name.push(' '),
            c if c.is_whitespace() || c.is_control() => {}
            c => name.push(c),
        }
    }
    let is_name = name.chars().any(char::is_alphabetic)
        && !name.chars().any(|c| matches!(c, '0'..='9' | '０'..='９'))
        && name.chars().count() <= CHARS_MAX;
    is_name.then_some(name)
}

/// What is odd about a person that is taken all the same.
pub(super) fn oddities(person: &PersonRow) -> Option<(Field, Problem)> {
    let Told::Value(identity) = &person.identity else {
        return (person.name == Told::Nothing).then_some((Field::Name, Problem::NameMissing));
    };
    let born_on = person.born_on.value().copied();
    if !identity.check_digit_ok() {
        Some((Field::Identity, Problem::CheckDigit))
    } else if born_on.is_some() && born_on != identity.birth_date() {
        Some((Field::BornOn, Problem::BirthDisagrees))
    } else if person.name == Told::Nothing {
        Some((Field::Name, Problem::NameMissing))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::person_name;

    #[test]
    fn a_name_is_spelled_one_way() {
        let spellings = [
            ("张　三", "张三"),
            ("李 四", "李四"),
            ("其木格•乌云", "其木格·乌云"),
            ("其木格・乌云", "其木格·乌云"),
            ("丁一", "丁一"),
            ("John Smith", "John Smith"),
        ];
        for (written, name) in spellings {
            assert_eq!(person_name(written).as_deref(), Some(name));
        }
    }

    #[test]
    fn a_figure_is_no_name() {
        for written in ["170", "3人", "——", "１２"] {
            assert_eq!(person_name(written), None);
        }
    }
}
