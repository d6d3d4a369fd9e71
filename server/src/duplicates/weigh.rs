//! Why we think that two documents are one, and how sure that is: in words that a clerk can check. No personal
//! value stands in a reason.

use super::find::Evidence;
use super::likeness::How;
use qiaomen_proto::entity::view::View;
use serde::Serialize;
use std::collections::BTreeSet;

/// Texts of which so much is the same (in hundredths) tell of one thing.
const TEXT_ALIKE: usize = 45;
/// Texts of which so little is the same tell of two.
const TEXT_APART: usize = 12;
const DAY_MS: u64 = 86_400_000;

/// How sure it is that two are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sure {
    /// It may be.
    Maybe,
    /// It mostly is.
    Likely,
    /// There is hardly another way.
    Certain,
}

impl Sure {
    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Sure::Maybe => "说不准",
            Sure::Likely => "多半是",
            Sure::Certain => "几乎肯定",
        }
    }
    fn less(self) -> Self {
        if self == Sure::Certain { Sure::Likely } else { Sure::Maybe }
    }
    fn more(self) -> Self {
        if self == Sure::Maybe { Sure::Likely } else { Sure::Certain }
    }
    /// By the ways alone in which two are alike: before the documents were opened.
    pub fn by(evidence: &Evidence) -> Self {
        let hows: Vec<How> = evidence.iter().filter_map(|(how, _)| How::from_number(*how)).collect();
        let one = hows.iter().map(|how| of(*how)).max().unwrap_or(Sure::Maybe);
        // Two ways that do not follow from each other: phone and date of birth.
        if hows.contains(&How::NamePhone) && hows.contains(&How::NameBirth) { Sure::Certain } else { one }
    }
}

fn of(how: How) -> Sure {
    match how {
        How::Identity => Sure::Certain,
        How::NamePhone | How::NameBirth | How::Door => Sure::Likely,
        How::MatterAtDoor | How::MatterAtDoorOver => Sure::Likely,
        How::DoorWithoutUnit | How::DoorWithUnit | How::MatterAtPlace | How::MatterAtPlaceOver => Sure::Maybe,
    }
}

/// What speaks for a pair and against it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Weighed {
    /// What speaks for it.
    pub reasons: Vec<String>,
    /// What speaks against it.
    pub against: Vec<String>,
    /// How sure it is.
    pub sure: Sure,
}

/// Weighs a pair.
pub fn weigh(evidence: &Evidence, a: &View<'_>, b: &View<'_>) -> Weighed {
    let mut weighed = Weighed { reasons: Vec::new(), against: Vec::new(), sure: Sure::by(evidence) };
    let said: BTreeSet<How> = evidence.iter().filter_map(|(how, _)| How::from_number(*how).map(How::family)).collect();
    for how in &said {
        // Who is at one door is in one unit.
        if *how != How::MatterAtPlace || !said.contains(&How::MatterAtDoor) {
            weighed.reasons.push(reason(*how, a, b));
        }
    }
    for (field, sentence) in [("identity", "身份证号不一样"), ("sex", "性别不一样"), ("birth", "出生日期不一样")]
    {
        let (here, there) = (values(a, field), values(b, field));
        if !here.is_empty() && !there.is_empty() && here.is_disjoint(&there) {
            weighed.against.push(sentence.to_owned());
        }
    }
    if said.iter().any(|how| matches!(how, How::MatterAtDoor | How::MatterAtPlace)) {
        match alike(a.text("text").as_deref(), b.text("text").as_deref()) {
            Some(n) if n >= TEXT_ALIKE => {
                weighed.reasons.push("写的内容差不多".to_owned());
                weighed.sure = weighed.sure.more();
            }
            Some(n) if n <= TEXT_APART => weighed.against.push("写的内容不一样".to_owned()),
            _ => {}
        }
    }
    if !weighed.against.is_empty() {
        weighed.sure = weighed.sure.less();
    }
    weighed
}

fn values(view: &View<'_>, field: &str) -> BTreeSet<String> {
    view.candidate_texts(field).into_iter().collect()
}

fn reason(how: How, a: &View<'_>, b: &View<'_>) -> String {
    match how {
        How::Identity => "身份证号相同".to_owned(),
        How::NamePhone => "姓名和电话都相同".to_owned(),
        How::NameBirth => "同一栋楼里，姓名和出生日期都相同".to_owned(),
        How::Door => "同一栋楼，单元和房号只是写法不同".to_owned(),
        How::DoorWithoutUnit | How::DoorWithUnit => "同一栋楼、同一个房号，有一份没写单元".to_owned(),
        How::MatterAtDoor | How::MatterAtDoorOver => format!("同一户、同一类诉求，{}", apart(a, b)),
        How::MatterAtPlace | How::MatterAtPlaceOver => {
            let unit = if a.text("unit").is_some() { "同一单元" } else { "同一栋楼" };
            format!("{unit}、同一类诉求，{}", apart(a, b))
        }
    }
}

fn apart(a: &View<'_>, b: &View<'_>) -> String {
    let at = |view: &View<'_>| view.ticket_state().opened_at.unwrap_or_default();
    match at(a).abs_diff(at(b)) / DAY_MS {
        0 => "上报相隔不到一天".to_owned(),
        days => format!("上报相隔 {days} 天"),
    }
}

/// How much of two texts is the same, in hundredths: pairs of neighbouring characters in both, of all. None where
/// one says nothing.
fn alike(a: Option<&str>, b: Option<&str>) -> Option<usize> {
    let (a, b) = (neighbours(a?), neighbours(b?));
    let all = a.union(&b).count();
    (!a.is_empty() && !b.is_empty()).then(|| a.intersection(&b).count() * 100 / all.max(1))
}

fn neighbours(text: &str) -> BTreeSet<(char, char)> {
    let letters: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    letters.iter().copied().zip(letters.iter().copied().skip(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_hows(hows: &[How]) -> Sure {
        Sure::by(&hows.iter().map(|how| (how.number(), [0; 16])).collect())
    }

    #[test]
    fn an_identity_number_is_nearly_sure_and_two_ways_together_are_as_well() {
        assert_eq!(of_hows(&[How::Identity]), Sure::Certain);
        assert_eq!(of_hows(&[How::NamePhone]), Sure::Likely);
        assert_eq!(of_hows(&[How::NamePhone, How::NameBirth]), Sure::Certain);
        assert_eq!(of_hows(&[How::DoorWithoutUnit]), Sure::Maybe);
        assert_eq!(of_hows(&[]), Sure::Maybe);
    }

    #[test]
    fn texts_are_alike_by_what_they_have_in_common() {
        let alike = |a, b| alike(Some(a), Some(b));
        assert!(alike("三楼楼道灯不亮了", "三楼楼道灯不亮").unwrap() >= TEXT_ALIKE);
        assert!(alike("三楼楼道灯不亮", "门口垃圾没有清走").unwrap() <= TEXT_APART);
        assert_eq!(alike("", "楼道灯"), None);
        assert_eq!(super::alike(None, Some("楼道灯")), None);
    }
}
