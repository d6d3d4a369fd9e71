//! What a person has to touch before it is shown: whoever looks over a shoulder at a door sees no number.

use qiaomen_client::query::FieldLine;
use qiaomen_proto::entity::kind_spec;
use qiaomen_proto::ids::Kind;

/// Characters that stay readable at the end, so that two people can agree on which number is meant.
const TAIL_CHARS: usize = 4;
/// A shorter number shows nothing of itself.
const SHORT_CHARS: usize = 8;

/// Whether a field of a person is hidden until it is touched: what is sealed, but for the name, by which people are
/// greeted.
pub(crate) fn hides(field: &FieldLine) -> bool {
    field.said.state == "value" && masks(field.field)
}

/// Whether the values of a person's field of this name are hidden.
pub(crate) fn masks(name: &str) -> bool {
    let fields = kind_spec(Kind::Resident).containers.first().map_or(&[][..], |c| c.fields);
    name != "name" && fields.iter().any(|f| f.name == name && f.sealed)
}

/// The names of those fields that are hidden.
pub(crate) fn hidden<'f>(fields: impl IntoIterator<Item = &'f FieldLine>) -> Vec<&'static str> {
    fields.into_iter().filter(|field| hides(field)).map(|field| field.field).collect()
}

/// The same for what shows everything that stands at a field: also where a refusal holds, and an answer stands beside.
pub(crate) fn hidden_at(field: &FieldLine) -> Vec<&'static str> {
    let said = std::iter::once(&field.said).chain(field.candidates.iter().map(|candidate| &candidate.said));
    let shows = said.into_iter().any(|said| masks(field.field) && said.state == "value");
    if shows { vec![field.field] } else { Vec::new() }
}

/// What is shown in its place. A date or words show nothing: the end of a date is half of it.
pub(crate) fn masked(value: &str) -> String {
    let chars: Vec<char> = value.chars().collect();
    let is_number = chars.iter().all(|c| c.is_ascii_alphanumeric());
    if chars.len() < SHORT_CHARS || !is_number {
        return "••••".to_owned();
    }
    let tail: String = chars[chars.len() - TAIL_CHARS..].iter().collect();
    format!("••••{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_number_shows_its_last_four_and_anything_else_nothing() {
        assert_eq!(masked("13837783533"), "••••3533");
        assert_eq!(masked("低保"), "••••");
        assert_eq!(masked("1950-05-06"), "••••");
        assert_eq!(masked("本地户籍的退役军人"), "••••");
        assert_eq!(masked(""), "••••");
    }
}
