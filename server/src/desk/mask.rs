//! Personal values as they are shown until somebody asks to see them: enough to tell two apart, too little to
//! use. What stands in the open in the book is shown as it is.

use crate::people::masked;
use qiaomen_proto::entity::FieldSpec;
use qiaomen_proto::entity::value::Shown;

/// The value of a field, masked where it is sealed. An answer that is no value is shown as it is.
pub fn masked_field(field: &FieldSpec, shown: &Shown) -> String {
    let Shown::Value(text) = shown else { return shown.label().to_owned() };
    if !field.sealed {
        return text.clone();
    }
    match field.name {
        "name" => masked::name(text),
        "phone" => masked::number(text),
        "identity" => masked::identity(text),
        "birth" => masked::birth(text),
        _ => masked::HIDDEN.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use qiaomen_proto::change::Path;
    use qiaomen_proto::entity::kind_spec;
    use qiaomen_proto::ids::Kind;

    fn of(name: &str, text: &str) -> String {
        let field = kind_spec(Kind::Resident).field(&Path::new(0, name)).unwrap();
        masked_field(field, &Shown::Value(text.to_owned()))
    }

    #[test]
    fn each_sealed_field_is_masked_in_its_own_way_and_an_open_one_is_shown() {
        assert_eq!(of("name", "张三丰"), "张**");
        assert_eq!(of("phone", "13900000002"), "139****0002");
        assert_eq!(of("identity", "150782195203041234"), "1507**********1234");
        assert_eq!(of("birth", "1952-03-04"), "1952 年");
        assert_eq!(of("employer", "铁路局"), masked::HIDDEN);
        assert_eq!(of("sex", "女"), "女");
    }

    #[test]
    fn an_answer_that_is_no_value_is_shown() {
        let field = kind_spec(Kind::Resident).field(&Path::new(0, "phone")).unwrap();
        assert_eq!(masked_field(field, &Shown::Refused), "拒绝提供");
    }
}
