//! Personal values as they are shown until somebody asks to see them: enough to tell two apart, too little to
//! use. What stands in the open in the book is shown as it is.

use qiaomen_proto::entity::FieldSpec;
use qiaomen_proto::entity::value::Shown;

/// What is hidden of any other sealed text, whatever its length.
const HIDDEN: &str = "******";
/// What is hidden of a name, whatever its length.
const NAME_HIDDEN: &str = "**";
/// What a phone number keeps at its front and at its end.
const PHONE_SHOWN: (usize, usize) = (3, 4);
/// What an identity number keeps.
const IDENTITY_SHOWN: (usize, usize) = (4, 4);

/// The value of a field, masked where it is sealed. An answer that is no value is shown as it is.
pub(super) fn masked(field: &FieldSpec, shown: &Shown) -> String {
    let Shown::Value(text) = shown else { return shown.label().to_owned() };
    if !field.sealed {
        return text.clone();
    }
    match field.name {
        "name" => text.chars().next().map(|first| format!("{first}{NAME_HIDDEN}")).unwrap_or_default(),
        "phone" => ends(text, PHONE_SHOWN),
        "identity" => ends(text, IDENTITY_SHOWN),
        "birth" => text.split('-').next().map_or_else(|| HIDDEN.to_owned(), |year| format!("{year}-**-**")),
        _ => HIDDEN.to_owned(),
    }
}

/// Front and end of a number; of one that is too short for both, nothing.
fn ends(text: &str, (front, end): (usize, usize)) -> String {
    let letters: Vec<char> = text.chars().collect();
    let hidden = letters.len().saturating_sub(front + end);
    if hidden < 2 {
        return HIDDEN.to_owned();
    }
    let part = |from: usize, n: usize| letters.iter().skip(from).take(n).collect::<String>();
    format!("{}{}{}", part(0, front), "*".repeat(hidden), part(front + hidden, end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use qiaomen_proto::change::Path;
    use qiaomen_proto::entity::kind_spec;
    use qiaomen_proto::ids::Kind;

    fn of(name: &str, text: &str) -> String {
        let field = kind_spec(Kind::Resident).field(&Path::new(0, name)).unwrap();
        masked(field, &Shown::Value(text.to_owned()))
    }

    #[test]
    fn names_numbers_and_dates_are_masked_as_people_know_them() {
        assert_eq!(of("name", "张三丰"), "张**");
        assert_eq!(of("name", "张三"), "张**");
        assert_eq!(of("phone", "13900000002"), "139****0002");
        assert_eq!(of("phone", "8581234"), HIDDEN);
        assert_eq!(of("identity", "150782195203041234"), "1507**********1234");
        assert_eq!(of("birth", "1952-03-04"), "1952-**-**");
        assert_eq!(of("employer", "铁路局"), HIDDEN);
        assert_eq!(of("sex", "女"), "女");
    }

    #[test]
    fn an_answer_that_is_no_value_is_shown() {
        let field = kind_spec(Kind::Resident).field(&Path::new(0, "phone")).unwrap();
        assert_eq!(masked(field, &Shown::Refused), "拒绝提供");
    }
}
