//! What each rule gives for two, three and up to six who did not know of each other, held against the
//! words of docs/protocol/merge-rules.md written down once more, as plainly as possible.

use crate::people::said;
use crate::world::{OFFICE, World};
use proptest::prelude::*;
use qiaomen_proto::change::{Path, Scalar};
use qiaomen_proto::entity::{Policy, kind_spec};
use qiaomen_proto::ids::{Kind, Role};
use qiaomen_proto::merge::Why;
use qiaomen_proto::merge::reading::{Reader, Reading};
use qiaomen_proto::seal::KeyRing;
use std::collections::BTreeSet;

/// A field for each rule; for `review` one that holds one value and one that holds several.
const FIELDS: [(Policy, bool, Kind, u8, &str); 7] = [
    (Policy::Union, true, Kind::Resident, 0, "languages"),
    (Policy::Latest, false, Kind::Resident, 0, "relation"),
    (Policy::Rank, false, Kind::Ticket, 0, "category"),
    (Policy::Restrictive, false, Kind::Resident, 0, "consent"),
    (Policy::Review, false, Kind::Resident, 0, "residency"),
    (Policy::Review, true, Kind::Resident, 0, "categories"),
    (Policy::Review, false, Kind::Household, 0, "people_count"),
];

/// What can be said, of most fields and of consent.
fn answers(policy: Policy) -> Vec<Scalar> {
    let values = match policy {
        Policy::Restrictive => [Scalar::Bool(true), Scalar::Bool(false)],
        _ => [Scalar::Str("甲".to_owned()), Scalar::Str("乙".to_owned())],
    };
    [values.to_vec(), vec![Scalar::Int(-1), Scalar::Int(-2), Scalar::Null]].concat()
}

/// What one of them wrote: what, in which role, how many minutes after nine.
type Word = (Scalar, Role, u64);

/// The page, in code: what holds, why, and whether somebody has to decide.
fn by_the_page(policy: Policy, several: bool, words: &[Word]) -> (BTreeSet<String>, Why, bool) {
    let one = |word: &Word| BTreeSet::from([said(&word.0)]);
    let all = || words.iter().map(|w| said(&w.0)).collect::<BTreeSet<_>>();
    let latest = |of: &dyn Fn(&Word) -> bool| words.iter().filter(|w| of(w)).max_by_key(|w| w.2);
    let different = all().len() > 1;
    let decide = policy == Policy::Review && different;
    if !different {
        return (all(), Why::Only, false);
    }
    let refused = |w: &Word| w.0 == Scalar::Int(-1);
    if policy != Policy::Rank
        && let Some(refusal) = latest(&refused)
    {
        return (one(refusal), Why::Refusal, decide);
    }
    if policy == Policy::Restrictive {
        for less in [Scalar::Bool(false), Scalar::Null] {
            if let Some(word) = latest(&|w: &Word| w.0 == less) {
                return (one(word), Why::Refusal, false);
            }
        }
    }
    if policy == Policy::Union || (policy == Policy::Review && several) {
        return (all(), Why::All, decide);
    }
    if policy == Policy::Rank {
        let level = |role: Role| match role {
            Role::Office => 3,
            Role::GridLeader | Role::Assistant => 2,
            _ => 1,
        };
        let top = words.iter().map(|w| level(w.1)).max().unwrap();
        let why = if words.iter().all(|w| level(w.1) == top) { Why::Latest } else { Why::Rank };
        return (one(latest(&|w: &Word| level(w.1) == top).unwrap()), why, false);
    }
    (one(latest(&|_: &Word| true).unwrap()), Why::Latest, decide)
}

/// All write without knowing of each other, then meet; what the office and the last of them see.
fn meet(kind: Kind, path: &Path, words: &[Word]) -> Reading {
    let mut world = World::new(kind, words.len());
    for (who, (value, role, minutes)) in (1..).zip(words) {
        world.stores[who].by.role = *role;
        world.stores[who].clock.offset_ms = i64::try_from(minutes * 60_000).unwrap();
        world.put(who, path, value.clone());
    }
    world.settle();
    let ring = KeyRing::new();
    let read = |who: usize| Reader::new(&world.stores[who].register, &ring).at(path).unwrap().1;
    assert_eq!(read(OFFICE), read(words.len()));
    read(OFFICE)
}

fn check(field: (Policy, bool, Kind, u8, &str), words: &[Word]) {
    let (policy, several, kind, container, name) = field;
    let path = Path::new(container, name);
    let spec = kind_spec(kind).field(&path).unwrap();
    assert_eq!((spec.policy, spec.several), (policy, several), "{name}");
    let reading = meet(kind, &path, words);
    let (holds, why, conflict) = by_the_page(policy, several, words);
    let seen: BTreeSet<String> = reading.values().into_iter().map(said).collect();
    assert_eq!((seen, reading.why, reading.conflict), (holds, why, conflict), "{name}: {words:?}");
    assert_eq!(reading.candidates.len(), words.len(), "every one of them is kept");
    assert_eq!(reading.policy, policy);
}

const ROLES: [Role; 3] = [Role::GridWorker, Role::GridLeader, Role::Office];

#[test]
fn two_who_did_not_know_of_each_other_are_read_as_the_page_says_in_every_pair_of_answers() {
    for field in FIELDS {
        for a in answers(field.0) {
            for b in answers(field.0) {
                for (first, second) in [(1, 2), (2, 1)] {
                    for roles in [[ROLES[0], ROLES[0]], [ROLES[0], ROLES[1]], [ROLES[2], ROLES[1]]] {
                        check(field, &[(a.clone(), roles[0], first), (b.clone(), roles[1], second)]);
                    }
                }
            }
        }
    }
}

#[test]
fn three_who_did_not_know_of_each_other_are_read_as_the_page_says_in_every_triple_of_answers() {
    for field in FIELDS {
        for a in answers(field.0) {
            for b in answers(field.0) {
                for c in answers(field.0) {
                    let words = [(a.clone(), ROLES[1], 2), (b.clone(), ROLES[0], 3), (c, ROLES[1], 1)];
                    check(field, &words);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn up_to_six_who_did_not_know_of_each_other_are_read_as_the_page_says(
        field in prop::sample::select(FIELDS.to_vec()),
        said in prop::collection::vec((0usize..5, prop::sample::select(ROLES.to_vec())), 1..=6),
        minutes in Just((0u64..6).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let answers = answers(field.0);
        let words: Vec<Word> =
            said.into_iter().zip(minutes).map(|((n, role), at)| (answers[n].clone(), role, at)).collect();
        check(field, &words);
    }
}
