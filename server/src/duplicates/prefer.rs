//! Which of two is proposed to be kept: what somebody works on, then what says more, then the older.

use super::likeness::likeness;
use crate::office::Office;
use qiaomen_proto::entity::value::Shown;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::Kind;
use std::cmp::Ordering;

/// Which one, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preferred {
    /// True for the first of the two.
    pub first: bool,
    /// Why, in words.
    pub why: &'static str,
}

/// Of two documents of one kind.
pub fn prefer(office: &Office, a: &View<'_>, b: &View<'_>) -> Preferred {
    let by = |order: Ordering, why: &'static str| {
        (order != Ordering::Equal).then_some(Preferred { first: order == Ordering::Greater, why })
    };
    let matter = || {
        if a.register().doc().kind != Kind::Ticket {
            return None;
        }
        let (one, other) = (a.ticket_state(), b.ticket_state());
        by(one.escalation_stands.cmp(&other.escalation_stands), "正在联席会议上")
            .or_else(|| by(one.stage.is_open().cmp(&other.stage.is_open()), "还在办"))
            .or_else(|| by(one.steps.len().cmp(&other.steps.len()), "办得更靠前"))
    };
    let fuller = || by(filled(office, a).cmp(&filled(office, b)), "填得更全");
    let older = by(first_ms(b).cmp(&first_ms(a)), "登记得更早");
    let any = Preferred { first: true, why: "两份一样全" };
    matter().or_else(fuller).or(older).unwrap_or(any)
}

/// How much a document says: answers of its head, and by how much it can be found.
fn filled(office: &Office, view: &View<'_>) -> usize {
    let told = view.head().iter().filter(|f| matches!(f.shown, Shown::Value(_) | Shown::Refused)).count();
    told + likeness(office, view).len()
}

/// When it was first written.
pub(crate) fn first_ms(view: &View<'_>) -> u64 {
    view.register().changes().iter().filter_map(|c| Some(c.stamp?.at.wall_ms)).min().unwrap_or(u64::MAX)
}
