//! Who says that a day was good has to see when it was not. Mistakes that somebody could have made are made on
//! purpose, one at a time; the simulation finds each within the number of days that stands here.
//!
//! `cargo test --release -p qiaomen-tests --features planted --test planted`

use qiaomen_proto::planted::{Planted, plant};
use qiaomen_tests::simulation::run;
use qiaomen_tests::simulation::world::Size;

/// Each mistake, with the days within which it is found.
const FOUND_WITHIN: [(Planted, u64); 23] = [
    (Planted::ThankedBeforeCommit, 100),
    (Planted::LeavesWithUnsentWork, 100),
    (Planted::StrayKeysStay, 100),
    (Planted::ReleaseUnheard, 100),
    (Planted::ProofsOfAnyLife, 100),
    (Planted::WipedWithUnsentWork, 100),
    (Planted::StraysStay, 100),
    (Planted::CursorOfAnyLife, 100),
    (Planted::OfferTakenForGiven, 100),
    (Planted::HeldByTheOfficeOfBefore, 100),
    (Planted::DoneTwice, 100),
    (Planted::RefusedWithoutAWord, 100),
    (Planted::SavedWithoutCommit, 100),
    (Planted::KeyUnannounced, 100),
    (Planted::BackedUpByItself, 100),
    (Planted::UnsentIsNotCompared, 100),
    (Planted::ThereIsWhole, 100),
    (Planted::AnyFormIsEqual, 100),
    (Planted::GivenWithoutKeys, 100),
    (Planted::PutAwayUnheard, 100),
    (Planted::PeopleStayBehind, 100),
    (Planted::PictureUnchecked, 100),
    (Planted::PictureOfAnyLife, 100),
];

/// The first bad day from this seed on, and what was said of it.
fn first_bad_day(days: u64) -> Option<(u64, String)> {
    (1..=days).find_map(|seed| {
        let outcome = run(seed, Size::default(), false, "planted");
        outcome.findings.first().map(|finding| (seed, finding.clone()))
    })
}

#[test]
fn each_mistake_that_is_made_on_purpose_is_found_and_a_day_without_one_is_good() {
    assert_eq!(FOUND_WITHIN.map(|(mistake, _)| mistake), Planted::ALL, "each has its days");
    let mut missed = Vec::new();
    for (mistake, days) in FOUND_WITHIN {
        plant(Some(mistake));
        match first_bad_day(days) {
            Some((day, finding)) => println!("{mistake:?}: day {day} of at most {days}: {finding}"),
            None => missed.push(mistake),
        }
    }
    plant(None);
    assert!(missed.is_empty(), "not found: {missed:?}");
    assert_eq!(first_bad_day(10), None, "nothing was planted here");
}
