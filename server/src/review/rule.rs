//! Rules by which a clerk may decide many conflicts at once. A rule looks at one conflict and says which
//! candidate it takes, or why it gives no clear answer: then a person has to look. Pure.

use super::conflicts::ConflictView;
use super::provenance::CandidateView;
use qiaomen_proto::limits::CLOCK_AHEAD_MS_MAX;
use serde::Serialize;

/// A rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// What was written later: by who had seen whom, then by the corrected clock.
    Later,
    /// What its author brought from the later visit or call at that door.
    LaterVisit,
    /// What the highest role wrote.
    HighestRole,
    /// A refusal, where somebody refused.
    Refusal,
}

/// Why a rule gives no clear answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unclear {
    /// Something that stands there cannot be opened.
    Locked,
    /// Two were written at the same time.
    SameTime,
    /// A device's clock was ahead when it wrote.
    Clock,
    /// A candidate came from no visit that is known.
    NoVisit,
    /// Two came from visits at the same time.
    SameVisit,
    /// The highest role says two things.
    SameRole,
    /// Nobody refused.
    NoRefusal,
}

impl Unclear {
    /// To the clerk.
    pub fn label(self) -> &'static str {
        match self {
            Unclear::Locked => "有的说法打不开，缺钥匙",
            Unclear::SameTime => "几个说法写的时间一样，也互相没看到",
            Unclear::Clock => "有的终端当时时间偏快，先后说不准",
            Unclear::NoVisit => "有的说法没有对应的走访或电话",
            Unclear::SameVisit => "几个说法来自同一时间的走访",
            Unclear::SameRole => "职务最高的人说法也不一样",
            Unclear::NoRefusal => "没有人拒绝提供",
        }
    }
}

impl Rule {
    /// Every rule.
    pub const ALL: [Rule; 4] = [Rule::Later, Rule::LaterVisit, Rule::HighestRole, Rule::Refusal];
    /// Its permanent word.
    pub fn word(self) -> &'static str {
        match self {
            Rule::Later => "later",
            Rule::LaterVisit => "later_visit",
            Rule::HighestRole => "highest_role",
            Rule::Refusal => "refusal",
        }
    }
    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Rule::Later => "以后写的为准",
            Rule::LaterVisit => "以后一次走访的为准",
            Rule::HighestRole => "以职务高的为准",
            Rule::Refusal => "有人拒绝的按拒绝",
        }
    }
    /// From its word.
    pub fn parse(said: &str) -> Option<Self> {
        let said = said.trim().replace('-', "_");
        Self::ALL.into_iter().find(|r| r.word() == said || r.label() == said)
    }

    /// Which candidate it takes.
    pub fn choose(self, conflict: &ConflictView) -> Result<&CandidateView, Unclear> {
        let stands = &conflict.candidates;
        if stands.iter().any(|c| c.state == "locked") {
            return Err(Unclear::Locked);
        }
        match self {
            Rule::Later => later(stands),
            Rule::LaterVisit => {
                let values: Vec<&CandidateView> = stands.iter().filter(|c| c.visit_ms.is_some()).collect();
                if stands.iter().any(|c| !values.iter().any(|v| same(v, c))) {
                    return Err(Unclear::NoVisit);
                }
                top(values, |c| c.visit_ms, Unclear::SameVisit)
            }
            Rule::HighestRole => top(stands.iter().collect(), |c| c.role.map(|r| r.rank()), Unclear::SameRole),
            Rule::Refusal => stands.iter().find(|c| c.state == "refused").ok_or(Unclear::NoRefusal),
        }
    }
}

fn later(stands: &[CandidateView]) -> Result<&CandidateView, Unclear> {
    let known = |c: &CandidateView| stands.iter().any(|other| other.knew.contains(&c.label));
    let last: Vec<&CandidateView> = stands.iter().filter(|c| !known(c)).collect();
    let ahead =
        |c: &&CandidateView| c.received_ms.is_some_and(|came| c.at_ms > came.saturating_add(CLOCK_AHEAD_MS_MAX));
    if last.len() > 1 && last.iter().any(ahead) {
        return Err(Unclear::Clock);
    }
    top(last, |c| Some(c.at_ms), Unclear::SameTime)
}

/// Do they say the same?
fn same(a: &CandidateView, b: &CandidateView) -> bool {
    (a.state, &a.value) == (b.state, &b.value)
}

/// The one with the most, if all that have as much say the same.
fn top<K: Ord + Copy>(
    some: Vec<&CandidateView>,
    by: impl Fn(&CandidateView) -> Option<K>,
    tie: Unclear,
) -> Result<&CandidateView, Unclear> {
    let most = some.iter().filter_map(|c| by(c)).max();
    let mut first = some.into_iter().filter(|c| most.is_some() && by(c) == most);
    let Some(one) = first.next() else { return Err(tie) };
    if first.all(|other| same(one, other)) { Ok(one) } else { Err(tie) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_read_from_its_word_however_it_is_joined() {
        for rule in Rule::ALL {
            assert_eq!(Rule::parse(rule.word()), Some(rule));
            assert_eq!(Rule::parse(&rule.word().replace('_', "-")), Some(rule));
        }
        assert_eq!(Rule::parse("newest"), None);
    }
}
