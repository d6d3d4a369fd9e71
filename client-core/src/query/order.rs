//! The order in which people count doors: 2号楼 before 10号楼, 302 before 1201, the basement first.

/// A text in pieces that compare as people compare them: numbers as numbers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Piece {
    /// Digits.
    Number(u64),
    /// What is between.
    Text(String),
}

/// The pieces of a text.
pub(crate) fn natural(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let digits = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        pieces.push(match piece.parse() {
            Ok(number) if digits => Piece::Number(number),
            _ => Piece::Text(piece.to_owned()),
        });
        rest = after;
    }
    pieces
}

/// Where a door stands among doors: building, unit, floor, room.
pub(crate) type DoorOrder = (Vec<Piece>, Vec<Piece>, i32, Vec<Piece>);

/// Where a door with these parts stands. A room that tells no floor stands after those that do.
pub(crate) fn door_order(building: &str, unit: &str, floor: Option<i32>, room: &str) -> DoorOrder {
    (natural(building), natural(unit), floor.unwrap_or(i32::MAX), natural(room))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doors_stand_as_people_count_them() {
        let mut doors = [
            ("10号楼", "1", Some(1), "101"),
            ("2号楼", "2", Some(12), "1201"),
            ("2号楼", "2", Some(3), "302"),
            ("2号楼", "10", Some(1), "101"),
            ("2号楼", "2", Some(-1), "B1"),
            ("2号楼", "2", None, "门卫"),
            ("2号楼", "2", Some(3), "302-1"),
        ];
        doors.sort_by_key(|(b, u, f, r)| door_order(b, u, *f, r));
        let rooms: Vec<String> = doors.iter().map(|(b, u, _, r)| format!("{b}{u}-{r}")).collect();
        assert_eq!(
            rooms,
            ["2号楼2-B1", "2号楼2-302", "2号楼2-302-1", "2号楼2-1201", "2号楼2-门卫", "2号楼10-101", "10号楼1-101"]
        );
    }
}
