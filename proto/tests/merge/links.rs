//! Two documents that are one, and the taking back of that: every copy sees the same.

use crate::people::{LI, WANG, ZHAO};
use crate::world::{Dice, OFFICE, World, ring};
use proptest::prelude::*;
use qiaomen_proto::entity::record::{self, LinkPayload};
use qiaomen_proto::entity::view::View;
use qiaomen_proto::entity::{resident, ticket};
use qiaomen_proto::ids::Kind;
use qiaomen_proto::merge::fold::{EventKind, EventPayload, Stage};
use qiaomen_proto::merge::link::{SAME, chain, edit, keeps_a_ring, kept};
use std::collections::BTreeMap;
use std::convert::Infallible;
use uuid::Uuid;

const A: Uuid = Uuid::from_u128(1);
const B: Uuid = Uuid::from_u128(2);
const C: Uuid = Uuid::from_u128(3);

fn say(world: &mut World, who: usize, other: Uuid, withdrawn: bool) {
    let stamp = world.stamp(who);
    let edit = edit(&world.stores[who].register, &stamp, 0, other, withdrawn);
    world.write_stamped(who, stamp, vec![edit]);
}

/// What everybody sees; the same for all.
fn all_see(world: &mut World) -> Option<Uuid> {
    world.settle();
    let ring = ring(world.doc, 2);
    let seen: Vec<_> = world.stores.iter().map(|s| View::new(&s.register, &ring).same_as()).collect();
    assert!(seen.windows(2).all(|two| two[0] == two[1]), "{seen:?}");
    seen[0]
}

#[test]
fn a_link_stands_until_somebody_who_knew_of_it_takes_it_back_and_can_be_made_again() {
    let mut world = World::new(Kind::Resident, 4);
    say(&mut world, OFFICE, A, false);
    assert_eq!(all_see(&mut world), Some(A));
    say(&mut world, WANG, A, true);
    assert_eq!(all_see(&mut world), None);
    say(&mut world, OFFICE, A, false);
    assert_eq!(all_see(&mut world), Some(A));
}

#[test]
fn of_a_link_and_a_taking_back_apart_the_link_stands() {
    let mut world = World::new(Kind::Household, 4);
    say(&mut world, OFFICE, A, false);
    world.settle();
    // Wang takes back what she saw; the office, apart, says it once more.
    say(&mut world, WANG, A, true);
    say(&mut world, OFFICE, A, false);
    assert_eq!(all_see(&mut world), Some(A));
    // A taking back by somebody who had heard of no link takes back nothing.
    let mut world = World::new(Kind::Household, 4);
    say(&mut world, WANG, A, true);
    say(&mut world, OFFICE, A, false);
    assert_eq!(all_see(&mut world), Some(A));
}

#[test]
fn taking_one_link_back_leaves_those_to_others_and_the_last_that_stands_counts() {
    let mut world = World::new(Kind::Resident, 4);
    say(&mut world, OFFICE, A, false);
    world.settle();
    say(&mut world, OFFICE, B, false);
    assert_eq!(all_see(&mut world), Some(B));
    say(&mut world, LI, B, true);
    assert_eq!(all_see(&mut world), Some(A));
}

#[test]
fn a_document_does_not_repeat_itself_and_other_kinds_of_links_say_nothing() {
    let mut world = World::new(Kind::Resident, 4);
    let me = world.doc.uuid;
    say(&mut world, OFFICE, me, false);
    let void = LinkPayload { kind: SAME + 1, other: Some(A.as_bytes().to_vec()), withdrawn: false };
    world.add_record(ZHAO, resident::LINKS, record::to_bytes(&void));
    let nobody = LinkPayload { kind: SAME, other: None, withdrawn: false };
    world.add_record(ZHAO, resident::LINKS, record::to_bytes(&nobody));
    assert_eq!(all_see(&mut world), None);
}

#[test]
fn a_mark_among_the_steps_of_a_matter_is_a_link_until_the_matter_is_opened_again() {
    let mut world = World::new(Kind::Ticket, 4);
    let mut step = |kind: EventKind, other: Option<Uuid>| {
        let mut payload = EventPayload::new(kind);
        payload.other = other;
        world.add_record(OFFICE, ticket::EVENTS, record::to_bytes(&payload));
        let store = &world.stores[OFFICE].register;
        let ring = ring(world.doc, 2);
        let view = View::new(store, &ring);
        (view.same_as(), view.ticket_state().stage, view.ticket_state_unmarked().stage)
    };
    assert_eq!(step(EventKind::Report, None), (None, Stage::Reported, Stage::Reported));
    assert_eq!(step(EventKind::Duplicate, Some(A)), (Some(A), Stage::Duplicate, Stage::Reported));
    assert_eq!(step(EventKind::Reopen, None), (None, Stage::Accepted, Stage::Accepted));
}

fn of(links: &[(Uuid, Uuid)]) -> impl Fn(Uuid) -> Result<Option<Uuid>, Infallible> + Copy + '_ {
    move |id| Ok(links.iter().find(|(from, _)| *from == id).map(|(_, to)| *to))
}

#[test]
fn links_are_followed_to_the_one_that_is_kept_and_of_a_ring_everybody_keeps_the_same() {
    let line = [(C, B), (B, A)];
    assert_eq!([C, B, A].map(|id| kept(id, of(&line)).unwrap()), [A, A, A]);
    assert_eq!(chain(C, of(&line)).unwrap(), [C, B, A]);
    let pair = [(A, B), (B, A)];
    assert_eq!([A, B].map(|id| kept(id, of(&pair)).unwrap()), [A, A]);
    assert_eq!([A, B].map(|id| keeps_a_ring(id, of(&pair)).unwrap()), [true, false]);
    // C leads into the ring and is not of it.
    let d = Uuid::from_u128(0);
    let into = [(d, C), (C, B), (B, C)];
    assert_eq!([d, C, B].map(|id| kept(id, of(&into)).unwrap()), [B, B, B]);
    assert_eq!([d, C, B].map(|id| keeps_a_ring(id, of(&into)).unwrap()), [false, false, true]);
    assert!(!keeps_a_ring(A, of(&[])).unwrap());
}

proptest! {
    #[test]
    fn however_links_lead_the_way_ends_and_all_that_lead_to_each_other_keep_the_same(
        links in prop::collection::btree_map(0u128..12, 0u128..12, 0..12),
    ) {
        let links: BTreeMap<Uuid, Uuid> = links.into_iter().filter(|(from, to)| from != to)
            .map(|(from, to)| (Uuid::from_u128(from), Uuid::from_u128(to))).collect();
        let next = |id: Uuid| Ok::<_, Infallible>(links.get(&id).copied());
        for (from, to) in &links {
            prop_assert_eq!(kept(*from, next).unwrap(), kept(*to, next).unwrap());
        }
        for id in (0u128..12).map(Uuid::from_u128) {
            let end = kept(id, next).unwrap();
            // What is kept either repeats nothing, or is the one that is kept of a ring.
            prop_assert_eq!(links.contains_key(&end), keeps_a_ring(end, next).unwrap());
        }
    }

    #[test]
    fn links_and_takings_back_end_alike_on_every_copy_in_any_order(
        acts in prop::collection::vec((0usize..4, 0usize..3, any::<bool>(), any::<u64>()), 1..14),
    ) {
        let mut world = World::new(Kind::Resident, 3);
        for (who, other, withdrawn, seed) in acts {
            say(&mut world, who, [A, B, C][other], withdrawn);
            let mut dice = Dice(seed);
            let (from, to) = (dice.below(4), dice.below(4));
            let mut changes = world.stores[from].changes.clone();
            dice.shuffle(&mut changes);
            let _ = world.stores[to].take(changes);
        }
        all_see(&mut world);
    }
}
