//! The buildings that somebody may choose from.

use crate::screen::Screen;
use qiaomen_proto::ids::BuildingId;

/// My buildings, by id and name, as people count them: 2号楼 before 10号楼. Those of the whole community for whoever has
/// no grid of her own.
pub(crate) fn my_buildings(screen: &Screen<'_>) -> Vec<(String, String)> {
    let reference = screen.device.reference();
    let me = screen.device.identity().and_then(|identity| reference.worker(identity.worker()));
    let grids = me.map_or(&[][..], |worker| worker.grids.as_slice());
    let mine = reference.buildings.iter().filter(|b| grids.is_empty() || grids.contains(&b.grid));
    let mut mine: Vec<(String, String)> =
        mine.map(|b| (BuildingId::from_bytes(*b.id).to_string(), b.name.clone())).collect();
    mine.sort_by_cached_key(|(_, name)| (number(name), name.clone()));
    mine
}

/// The number that a building's name begins with; those without one come last.
fn number(name: &str) -> u64 {
    let digits: String = name.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buildings_are_counted_and_those_without_a_number_come_last() {
        let mut names = ["10号楼", "门卫室", "2号楼"];
        names.sort_by_cached_key(|name| (number(name), (*name).to_owned()));
        assert_eq!(names, ["2号楼", "10号楼", "门卫室"]);
    }
}
