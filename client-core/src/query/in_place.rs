//! What stands where a name is not known here. It is Chinese, as everything that the device says; a surface in another
//! language knows it again by [`InPlace::of`] and says it in its own words.

use super::field::state;
use super::sight::tail;
use qiaomen_proto::entity::value::Shown;
use qiaomen_proto::ids::Role;

/// A person whose name nobody wrote down.
pub(crate) const UNNAMED: &str = "（未登记姓名）";
/// A matter without words.
pub(crate) const NO_WORDS: &str = "（没有写内容）";
/// A building that this device does not know.
pub(crate) const NO_BUILDING: &str = "（不认识的楼栋）";
/// The office as a whole.
pub(crate) const OFFICE: &str = "社区";
/// Somebody of the staff whose post is not known either.
const STAFF: &str = "工作人员";
const NOT_HERE: (&str, &str) = ("（不在本机：", "）");
/// Answers to the question for a name that are no name.
const ANSWERS: [Shown; 4] = [Shown::Refused, Shown::Unknown, Shown::Cleared, Shown::Locked];
/// Characters of an id that are said.
const TAIL_CHARS: usize = 8;

/// Something whose name is not on this device, by the end of its id.
pub(crate) fn not_here(id: &str) -> String {
    format!("{}{}{}", NOT_HERE.0, tail(id), NOT_HERE.1)
}

/// Somebody of the staff whose name this device may not know: the post and the end of the id.
pub(crate) fn staff(role: Option<Role>, id: &str) -> String {
    format!("{}{}", role.map_or(STAFF, Role::title), tail(id))
}

/// What stands in place of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InPlace<'a> {
    /// Nobody wrote the name down.
    Unnamed,
    /// An answer that is none: `refused`, `unknown`, `cleared`, `locked`.
    Answer(&'static str),
    /// Nobody wrote what the matter is.
    NoWords,
    /// Not on this device; the end of its id.
    NotHere(&'a str),
    /// The office.
    Office,
    /// Somebody in this post; the end of the id.
    Staff(Option<Role>, &'a str),
    /// A building that is not known; the rest of the address.
    NoBuilding(&'a str),
}

impl<'a> InPlace<'a> {
    /// Which one a text is, if it is one.
    pub fn of(text: &'a str) -> Option<Self> {
        match text {
            UNNAMED => return Some(Self::Unnamed),
            NO_WORDS => return Some(Self::NoWords),
            OFFICE => return Some(Self::Office),
            _ => {}
        }
        if let Some(shown) = ANSWERS.iter().find(|shown| shown.label() == text) {
            return Some(Self::Answer(state(shown)));
        }
        if let Some(rest) = text.strip_prefix(NO_BUILDING) {
            return Some(Self::NoBuilding(rest));
        }
        if let Some(end) = text.strip_prefix(NOT_HERE.0) {
            return end.strip_suffix(NOT_HERE.1).map(Self::NotHere);
        }
        let at = text.len().checked_sub(TAIL_CHARS).filter(|at| text.is_char_boundary(*at))?;
        let (post, end) = text.split_at(at);
        let is_end = end.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        let role = Role::ALL.into_iter().find(|role| role.title() == post);
        (is_end && (role.is_some() || post == STAFF)).then_some(Self::Staff(role, end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_place_of_a_name_is_known_again_and_a_name_is_none_of_it() {
        let id = "01890000-0000-7000-8000-0000deadbeef";
        assert_eq!(InPlace::of(&not_here(id)), Some(InPlace::NotHere("deadbeef")));
        for role in Role::ALL {
            assert_eq!(InPlace::of(&staff(Some(role), id)), Some(InPlace::Staff(Some(role), "deadbeef")));
        }
        assert_eq!(InPlace::of(&staff(None, id)), Some(InPlace::Staff(None, "deadbeef")));
        assert_eq!(InPlace::of(UNNAMED), Some(InPlace::Unnamed));
        let answers = ANSWERS.map(|shown| InPlace::of(shown.label()).map(|place| format!("{place:?}")));
        let names = ["refused", "unknown", "cleared", "locked"].map(|state| Some(format!("Answer({state:?})")));
        assert_eq!(answers, names);
        assert_eq!(InPlace::of(&super::super::sight::address("", "A", "101")), Some(InPlace::NoBuilding("A座101")));
        for name in ["张三", "", "王", "网格员", "网格员小李", "deadbeef", "1号楼1单元502"] {
            assert_eq!(InPlace::of(name), None, "{name}");
        }
    }
}
