//! The order in which people expect places: by the grids of the office, then 2号楼 before 10号楼, 201 before 1001.

use qiaomen_proto::ids::HouseholdId;

/// Where a text stands among others: first by the number with which it begins.
pub type Natural = (u64, String);

/// By what doors are put in order.
pub type DoorPlace = (usize, Natural, Natural, Natural, HouseholdId);

/// The number with which a text begins, and the text. What begins with no number comes last.
pub fn natural(text: &str) -> Natural {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    (digits.parse().unwrap_or(u64::MAX), text.to_owned())
}

/// Where a door stands among others.
pub fn door_place(grid: usize, building: &str, unit: &str, room: &str, id: HouseholdId) -> DoorPlace {
    (grid, natural(building), natural(unit), natural(room), id)
}

#[cfg(test)]
mod tests {
    use super::natural;

    #[test]
    fn the_second_building_comes_before_the_tenth_and_a_named_one_last() {
        let mut names = ["锦绣公寓", "10号楼", "2号楼", "1号楼"];
        names.sort_by_key(|n| natural(n));
        assert_eq!(names, ["1号楼", "2号楼", "10号楼", "锦绣公寓"]);
    }
}
