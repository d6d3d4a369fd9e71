//! An invented community, for the demonstration and for measurements.
//!
//! Made in the manner of a real office's book: nine grids of nine types, families, refusals, empty
//! doors, staff of every role, a year of matters. It promises that the same seed and size give the
//! same book on every machine, and that nobody in it can be taken for a living person: identity
//! numbers lie in the region 999, which does not exist, and phones in a range that is not given out.

/// The only randomness: a seed in, numbers out.
mod dice;
/// What people are called.
mod names;
/// Identity numbers and phones that belong to nobody.
mod papers;
/// Grids, buildings, doors.
mod places;
/// Who lives behind a door.
mod families;
/// What people told about themselves, and what they refused.
mod answers;
/// Staff of every role.
mod roster;
/// A year of matters.
mod matters;

use super::book::{Book, DoorRow, GridRow, MicroGridRow, Origin};
use chrono::NaiveDate;
use dice::Dice;
use papers::Papers;

/// How large a community to invent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InventedSize {
    /// Nine grids, 21 buildings, 300 doors, 750 residents: a story that a person can follow.
    Demo,
    /// One grid, 270 doors, 660 residents: what one device carries.
    Grid,
    /// Nine grids, 80 buildings, 2,400 doors, 6,000 residents: what one office keeps.
    Community,
}

impl InventedSize {
    fn residents(self) -> usize {
        match self {
            InventedSize::Demo => 750,
            InventedSize::Grid => 660,
            InventedSize::Community => 6_000,
        }
    }

    fn tickets(self) -> usize {
        match self {
            InventedSize::Demo => 60,
            InventedSize::Grid => 24,
            InventedSize::Community => 108,
        }
    }
}

/// The year that every invented book describes.
const BOOK_YEAR: i32 = 2025;
/// What the invented community is called.
const COMMUNITY: &str = "和睦里社区";
/// Households that the office wants in one grid.
const QUOTA: u32 = 300;

/// Invents a book. The same seed and size give the same book.
pub fn invent(seed: u64, size: InventedSize) -> Book {
    // A branch for each part, so that one more ticket does not give every family another name.
    let dice = Dice::new(seed);
    let mut papers = Papers::new(&mut dice.branch(1));
    let grids = places::plan(size);
    let mut doors = places::doors(&grids);
    settle(&mut doors, &grids, size, &mut papers, &dice);
    Book {
        community: Some(COMMUNITY.to_owned()),
        staff: roster::staff(&grids, &mut papers, &mut dice.branch(4)),
        tickets: matters::tickets(&grids, size.tickets(), &mut dice.branch(5)),
        grids: grids.iter().map(grid_row).collect(),
        doors,
        ..Book::default()
    }
}

/// Gives every door its people, or leaves it empty.
fn settle(doors: &mut [DoorRow], grids: &[places::Grid], size: InventedSize, papers: &mut Papers, dice: &Dice) {
    let mut family_dice = dice.branch(2);
    let mut answer_dice = dice.branch(3);
    let head_counts = families::sizes(doors.len(), size.residents(), &mut family_dice);
    for (door, count) in doors.iter_mut().zip(head_counts) {
        let elderly = grids.iter().any(|g| g.name == door.grid && g.is_for_the_old());
        let home = families::home(count, elderly, &mut family_dice);
        door.occupancy = Some(home.occupancy.to_owned());
        door.note = home.members.is_empty().then(|| answers::of_an_empty_door(&mut answer_dice)).flatten();
        door.people = home.members.into_iter().map(|m| answers::told(m, papers, &mut answer_dice)).collect();
    }
}

fn grid_row(grid: &places::Grid) -> GridRow {
    let buildings: Vec<String> = grid.buildings.iter().map(|b| b.name.clone()).collect();
    GridRow {
        origin: Origin::default(),
        name: grid.name.clone(),
        grid_type: Some(grid.grid_type.to_owned()),
        micro_grids: micro_grids(&buildings),
        buildings,
        quota: Some(QUOTA),
        note: None,
    }
}

/// Two micro-grids over the buildings of a grid.
fn micro_grids(buildings: &[String]) -> Vec<MicroGridRow> {
    let (first, second) = buildings.split_at(buildings.len().div_ceil(2));
    [("第一微网格", first), ("第二微网格", second)]
        .into_iter()
        .map(|(name, buildings)| MicroGridRow {
            origin: Origin::default(),
            name: name.to_owned(),
            buildings: buildings.to_vec(),
        })
        .collect()
}

/// Some day of this year.
fn day_of(year: i32, dice: &mut Dice) -> NaiveDate {
    NaiveDate::from_yo_opt(year, 1 + dice.below(365)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::book::Told;
    use super::*;
    use std::collections::BTreeSet;

    fn people(book: &Book) -> impl Iterator<Item = &super::super::book::PersonRow> {
        book.doors.iter().flat_map(|door| &door.people)
    }

    #[test]
    fn the_same_seed_invents_the_same_book() {
        for size in [InventedSize::Demo, InventedSize::Grid, InventedSize::Community] {
            let (one, again) = (invent(7, size), invent(7, size));
            assert_eq!(one.grids, again.grids);
            assert_eq!(one.staff, again.staff);
            assert_eq!(one.doors, again.doors);
            assert_eq!(one.tickets, again.tickets);
        }
    }

    #[test]
    fn another_seed_invents_other_people() {
        let (one, other) = (invent(7, InventedSize::Demo), invent(8, InventedSize::Demo));
        assert_ne!(one.doors, other.doors);
    }

    #[test]
    fn each_size_has_the_doors_and_residents_that_it_promises() {
        for (size, grids, buildings, doors, residents) in [
            (InventedSize::Demo, 9, 21, 300, 750),
            (InventedSize::Grid, 1, 9, 270, 660),
            (InventedSize::Community, 9, 80, 2_400, 6_000),
        ] {
            let book = invent(1, size);
            assert_eq!(book.grids.len(), grids);
            assert_eq!(book.grids.iter().map(|g| g.buildings.len()).sum::<usize>(), buildings);
            assert_eq!(book.doors.len(), doors);
            assert_eq!(people(&book).count(), residents);
        }
    }

    #[test]
    fn every_building_belongs_to_one_of_the_two_micro_grids_of_its_grid() {
        for grid in invent(1, InventedSize::Demo).grids {
            let names: Vec<_> = grid.micro_grids.iter().map(|m| m.name.as_str()).collect();
            assert_eq!(names, ["第一微网格", "第二微网格"]);
            assert!(grid.micro_grids.iter().all(|m| !m.buildings.is_empty()));
            let buildings: Vec<_> = grid.micro_grids.into_iter().flat_map(|m| m.buildings).collect();
            assert_eq!(buildings, grid.buildings);
        }
    }

    #[test]
    fn every_grid_type_has_its_grid() {
        for size in [InventedSize::Demo, InventedSize::Community] {
            let book = invent(1, size);
            let types: BTreeSet<_> = book.grids.iter().filter_map(|g| g.grid_type.as_deref()).collect();
            assert_eq!(types.len(), 9);
            assert_eq!(types, places::GRID_TYPES.into_iter().collect());
        }
    }

    #[test]
    fn every_identity_number_has_a_right_check_digit_and_belongs_to_one_person() {
        let book = invent(1, InventedSize::Community);
        let mut seen = BTreeSet::new();
        for person in people(&book) {
            let Told::Value(identity) = &person.identity else {
                continue;
            };
            let text = identity.as_str();
            assert!(text.starts_with("999"), "{text} lies in a region that exists");
            assert!(identity.check_digit_ok(), "{text}");
            assert!(seen.insert(text.to_owned()), "{text} stands twice");
        }
        assert!(seen.len() > 5_000);
    }

    #[test]
    fn the_birth_date_is_the_one_in_the_identity_number() {
        for person in people(&invent(3, InventedSize::Demo)) {
            if let (Told::Value(identity), Told::Value(born_on)) = (&person.identity, &person.born_on) {
                assert_eq!(&identity.as_str()[6..14], born_on.format("%Y%m%d").to_string());
            }
        }
    }

    #[test]
    fn every_phone_lies_in_the_invented_range_and_rings_at_one_person() {
        let book = invent(1, InventedSize::Community);
        let residents = people(&book).filter_map(|p| match &p.phone {
            Told::Value(phone) => Some(phone.as_str().to_owned()),
            Told::Nothing | Told::Refused => None,
        });
        let staff = book.staff.iter().filter_map(|s| s.phone.as_ref().map(|p| p.as_str().to_owned()));
        let mut seen = BTreeSet::new();
        for phone in residents.chain(staff) {
            assert!(phone.starts_with("1990000"), "{phone} may belong to somebody");
            assert!(seen.insert(phone.clone()), "{phone} stands twice");
        }
    }

    #[test]
    fn some_people_refuse_and_some_doors_are_empty() {
        let book = invent(1, InventedSize::Demo);
        assert!(people(&book).filter(|p| p.phone == Told::Refused).count() > 20);
        assert!(people(&book).any(|p| p.identity == Told::Refused));
        assert!(people(&book).any(|p| p.born_on == Told::Refused));
        for door in &book.doors {
            assert_eq!(door.people.is_empty(), door.occupancy.as_deref() == Some("空置"));
        }
        assert!(book.doors.iter().filter(|d| d.people.is_empty()).count() >= 5);
    }

    #[test]
    fn every_door_stands_once() {
        for size in [InventedSize::Demo, InventedSize::Grid, InventedSize::Community] {
            let book = invent(1, size);
            let doors: BTreeSet<_> = book.doors.iter().map(|d| (&d.building, &d.unit, &d.room)).collect();
            assert_eq!(doors.len(), book.doors.len());
        }
    }

    #[test]
    fn each_grid_has_staff_of_every_role() {
        let book = invent(1, InventedSize::Demo);
        for grid in &book.grids {
            for role in ["网格长", "网格长助理", "网格员", "网格协管员", "网格联络员"] {
                let found = book.staff.iter().any(|s| s.role == role && s.grid.as_ref() == Some(&grid.name));
                assert!(found, "{} has no {role}", grid.name);
            }
        }
        assert!(book.staff.iter().any(|s| s.role == "督导员" && s.grid.is_none()));
    }

    #[test]
    fn every_closed_matter_was_closed_after_it_was_reported_and_was_fed_back() {
        let book = invent(1, InventedSize::Demo);
        assert_eq!(book.tickets.len(), 60);
        for ticket in &book.tickets {
            assert_eq!(ticket.closed_on.is_some(), ticket.state.as_deref() == Some("已办结"));
            assert_eq!(ticket.closed_on.is_some(), ticket.fed_back);
            assert!(ticket.closed_on.is_none_or(|on| on >= ticket.reported_on));
            let building = ticket.building.as_ref().unwrap();
            assert!(book.grids.iter().any(|g| g.buildings.contains(building)));
        }
    }

    #[test]
    fn mongolian_and_han_families_live_side_by_side() {
        let book = invent(1, InventedSize::Demo);
        let called = |name: &str| people(&book).any(|p| p.name == Told::Value(name.to_owned()));
        assert!(names::MONGOLIAN_MEN.iter().any(|n| called(n)));
        assert!(names::MONGOLIAN_WOMEN.iter().any(|n| called(n)));
    }
}
