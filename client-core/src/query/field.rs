//! One field as a screen shows it: what holds for now and why, everything that stands against it, and
//! what the question was for.

use super::sight::{Document, Sight, Who};
use crate::store::StoreError;
use qiaomen_proto::change::Path;
use qiaomen_proto::entity::value::Shown;
use qiaomen_proto::entity::view::{FieldView, View};
use qiaomen_proto::entity::{FieldSpec, kind_spec};
use qiaomen_proto::merge::{Candidate, Why};
use serde::Serialize;

/// An answer: a value, or what stands in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// `value`, `refused`, `unknown`, `cleared`, `locked` (no key here) or `not_asked`.
    pub state: &'static str,
    /// The value, where there is one.
    pub value: Option<String>,
    /// As people read it: an id by the name of what it stands for.
    pub text: String,
}

impl Said {
    /// What nobody has asked yet.
    pub(crate) fn not_asked() -> Self {
        Self { state: "not_asked", value: None, text: "没有问过".to_owned() }
    }

    /// What a place shows.
    pub(crate) fn of(sight: &Sight<'_>, field: &FieldSpec, shown: &Shown) -> Result<Self, StoreError> {
        let text = match shown {
            Shown::Value(value) => sight.in_words(field, value)?,
            other => other.label().to_owned(),
        };
        Ok(Self { state: state(shown), value: shown.text().map(str::to_owned), text })
    }
}

pub(super) fn state(shown: &Shown) -> &'static str {
    match shown {
        Shown::Value(_) => "value",
        Shown::Refused => "refused",
        Shown::Unknown => "unknown",
        Shown::Cleared => "cleared",
        Shown::Locked => "locked",
    }
}

/// One of several answers that stand against each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CandidateLine {
    /// The answer.
    #[serde(flatten)]
    pub said: Said,
    /// True if it holds for now.
    pub holds: bool,
    /// True if a clerk decided it.
    pub decided: bool,
    /// Who wrote it.
    pub by: Option<Who>,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// When, as people read it.
    pub at: String,
    /// True while the office has not confirmed it.
    pub pending: bool,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldLine {
    /// Its permanent name.
    pub field: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// What holds for now.
    #[serde(flatten)]
    pub said: Said,
    /// Why it holds: `only`, `latest`, `rank`, `refusal`, `all`, `decided`; nothing if never asked.
    pub why: Option<&'static str>,
    /// Why, in words; empty where nobody said anything else.
    pub why_text: &'static str,
    /// True where a person at the office has to decide.
    pub conflict: bool,
    /// True while something here is not confirmed by the office.
    pub pending: bool,
    /// Everything that stands there, where it is more than one answer.
    pub candidates: Vec<CandidateLine>,
    /// What it is asked for, as the purpose card says it.
    pub purpose: &'static str,
}

/// Name and words of a reason.
pub(crate) fn why_words(why: Why) -> (&'static str, &'static str) {
    match why {
        Why::Only => ("only", ""),
        Why::Latest => ("latest", "暂按最新的"),
        Why::Rank => ("rank", "按职务高的"),
        Why::Refusal => ("refusal", "有人拒绝过，先尊重"),
        Why::All => ("all", "几个都算"),
        Why::Decided => ("decided", "社区已裁定"),
    }
}

impl FieldLine {
    /// What a place shows.
    pub(crate) fn of(sight: &Sight<'_>, document: &Document, view: &FieldView) -> Result<Self, StoreError> {
        let candidates = view
            .reading
            .candidates
            .iter()
            .map(|c| candidate(sight, document, view, c))
            .collect::<Result<Vec<_>, _>>()?;
        let (why, why_text) = why_words(view.why);
        Ok(Self {
            field: view.field.name,
            label: view.field.label,
            said: Said::of(sight, view.field, &view.shown)?,
            why: Some(why),
            why_text,
            conflict: view.conflict,
            pending: candidates.iter().any(|c| c.pending),
            candidates: if candidates.len() > 1 { candidates } else { Vec::new() },
            purpose: view.field.purpose,
        })
    }

    /// A field that was never written.
    fn blank(field: &'static FieldSpec) -> Self {
        Self {
            field: field.name,
            label: field.label,
            said: Said::not_asked(),
            why: None,
            why_text: "",
            conflict: false,
            pending: false,
            candidates: Vec::new(),
            purpose: field.purpose,
        }
    }

    /// The whole head of a document, in the order of the table; what was never written as not asked.
    pub(crate) fn head(sight: &Sight<'_>, document: &Document) -> Result<Vec<Self>, StoreError> {
        let view = View::new(&document.register, &document.ring);
        let fields = kind_spec(document.register.doc().kind).containers.first().map_or(&[][..], |c| c.fields);
        fields
            .iter()
            .map(|field| match view.at(&Path::new(0, field.name)) {
                Some(shown) => Self::of(sight, document, &shown),
                None => Ok(Self::blank(field)),
            })
            .collect()
    }
}

fn candidate(
    sight: &Sight<'_>,
    document: &Document,
    view: &FieldView,
    candidate: &Candidate,
) -> Result<CandidateLine, StoreError> {
    let subject = document.register.doc().uuid;
    let shown = view.field.show(&candidate.value, &subject, &document.ring);
    let at_ms = candidate.stamp.map_or(0, |s| s.at.wall_ms);
    Ok(CandidateLine {
        said: Said::of(sight, view.field, &shown)?,
        holds: view.reading.holds.contains(&candidate.op),
        decided: candidate.decided,
        by: candidate.stamp.as_ref().map(|s| sight.who(s)).transpose()?,
        at_ms,
        at: sight.time(at_ms),
        pending: candidate.stamp.is_some_and(|s| document.pending.contains(&s.command)),
    })
}
