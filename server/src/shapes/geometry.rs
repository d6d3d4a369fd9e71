//! A point or an area in degrees of longitude and latitude, checked when it is read. Areas have holes at most; a
//! ring is closed, has three different corners and an area.

use serde_json::{Value, json};

/// Longitude, then latitude, in degrees.
pub type Position = [f64; 2];
/// A line that closes: the last position is the first again.
pub(super) type Ring = Vec<Position>;

/// Digits behind the point that are kept: a seventh of a degree's millionth is a centimetre.
const DECIMALS: f64 = 1e7;
/// Positions of the shortest closed ring: three corners, and the first again.
const RING_POSITIONS_MIN: usize = 4;

/// What lies where.
#[derive(Debug, Clone, PartialEq)]
pub enum Geometry {
    /// A place without an outline.
    Point(Position),
    /// One area or several. Of each the outer ring first, then its holes.
    Area(Vec<Vec<Ring>>),
}

/// What is wrong with a shape.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ShapeFault {
    /// Neither a point nor an area.
    #[error("图形是{0}。这里只收面和点，请改画成面或点。")]
    Kind(&'static str),
    /// Not an object with a type.
    #[error("图形写得不完整：缺类型或坐标。")]
    Incomplete,
    /// Something else where a position should be.
    #[error("坐标写得不对：每个位置应是 [经度, 纬度] 两个数。")]
    NotAPosition,
    /// Metres of some projection.
    #[error("坐标（{0}, {1}）不是经纬度，多半是以米为单位的投影坐标。请导出成 WGS84 经纬度再来。")]
    Projected(f64, f64),
    /// Latitude first.
    #[error("坐标（{0}, {1}）的经度和纬度写反了：经度在前，纬度在后。")]
    Swapped(f64, f64),
    /// A ring with fewer than three corners.
    #[error("有一圈不到三个不同的点，围不成面。")]
    TooFew,
    /// A ring without an area.
    #[error("有一圈的点都在一条线上，面积是零。")]
    Flat,
    /// An area without a ring.
    #[error("面里没有点。")]
    Empty,
}

impl Geometry {
    /// From GeoJSON.
    pub fn from_json(value: &Value) -> Result<Self, ShapeFault> {
        let kind = value.get("type").and_then(Value::as_str).ok_or(ShapeFault::Incomplete)?;
        let list = value.get("coordinates");
        let list = || list.ok_or(ShapeFault::Incomplete);
        match kind {
            "Point" => Ok(Geometry::Point(position(list()?)?)),
            "Polygon" => Ok(Geometry::Area(vec![polygon(list()?)?])),
            "MultiPolygon" => {
                let polygons = items(list()?)?.iter().map(polygon).collect::<Result<Vec<_>, _>>()?;
                if polygons.is_empty() { Err(ShapeFault::Empty) } else { Ok(Geometry::Area(polygons)) }
            }
            "LineString" => Err(ShapeFault::Kind("一条线")),
            "MultiLineString" => Err(ShapeFault::Kind("几条线")),
            "MultiPoint" => Err(ShapeFault::Kind("几个点")),
            "GeometryCollection" => Err(ShapeFault::Kind("几种图形的组合")),
            _ => Err(ShapeFault::Kind("认不出的一种")),
        }
    }
    /// Back from a row; none if it is not what was written.
    pub fn from_row(text: &str) -> Option<Self> {
        Self::from_json(&serde_json::from_str(text).ok()?).ok()
    }
    /// As GeoJSON.
    pub fn to_json(&self) -> Value {
        match self {
            Geometry::Point(at) => json!({ "type": "Point", "coordinates": at }),
            Geometry::Area(polygons) => match polygons.as_slice() {
                [one] => json!({ "type": "Polygon", "coordinates": one }),
                several => json!({ "type": "MultiPolygon", "coordinates": several }),
            },
        }
    }

    /// Every position in it.
    pub fn positions(&self) -> Box<dyn Iterator<Item = &Position> + '_> {
        match self {
            Geometry::Point(at) => Box::new(std::iter::once(at)),
            Geometry::Area(polygons) => Box::new(polygons.iter().flatten().flatten()),
        }
    }
    /// How many positions there are.
    pub fn position_count(&self) -> usize {
        self.positions().count()
    }
    /// The place where its name stands: within it, near the middle of its largest part.
    pub fn middle(&self) -> Position {
        match self {
            Geometry::Point(at) => *at,
            Geometry::Area(polygons) => {
                let outer = polygons.iter().filter_map(|p| p.first());
                let largest = outer.max_by(|a, b| doubled_area(a).abs().total_cmp(&doubled_area(b).abs()));
                largest.map_or([0.0, 0.0], |ring| inner_middle(ring))
            }
        }
    }
    /// Whether a position lies in it. Nothing lies in a point.
    pub fn holds(&self, at: Position) -> bool {
        match self {
            Geometry::Point(_) => false,
            // Within an odd number of rings: within the outer one and no hole.
            Geometry::Area(polygons) => {
                polygons.iter().any(|rings| rings.iter().filter(|ring| in_ring(ring, at)).count() % 2 == 1)
            }
        }
    }
}

fn items(value: &Value) -> Result<&Vec<Value>, ShapeFault> {
    value.as_array().ok_or(ShapeFault::NotAPosition)
}

fn position(value: &Value) -> Result<Position, ShapeFault> {
    // A third number is a height, which the standard allows and nobody needs here.
    let list = items(value)?;
    let (Some(x), Some(y)) = (list.first().and_then(Value::as_f64), list.get(1).and_then(Value::as_f64)) else {
        return Err(ShapeFault::NotAPosition);
    };
    if y.abs() > 90.0 && y.abs() <= 180.0 && x.abs() <= 90.0 {
        return Err(ShapeFault::Swapped(x, y));
    }
    if x.abs() > 180.0 || y.abs() > 90.0 {
        return Err(ShapeFault::Projected(x, y));
    }
    Ok([(x * DECIMALS).round() / DECIMALS, (y * DECIMALS).round() / DECIMALS])
}

fn polygon(value: &Value) -> Result<Vec<Ring>, ShapeFault> {
    let rings = items(value)?.iter().map(ring).collect::<Result<Vec<_>, _>>()?;
    if rings.is_empty() { Err(ShapeFault::Empty) } else { Ok(rings) }
}

fn ring(value: &Value) -> Result<Ring, ShapeFault> {
    let mut ring = items(value)?.iter().map(position).collect::<Result<Vec<_>, _>>()?;
    ring.dedup();
    // Many programs leave the ring open; which ring is meant is clear all the same.
    if let (Some(first), Some(last)) = (ring.first().copied(), ring.last().copied())
        && first != last
    {
        ring.push(first);
    }
    if ring.len() < RING_POSITIONS_MIN {
        return Err(ShapeFault::TooFew);
    }
    // A square of a few centimetres has more than this.
    if doubled_area(&ring).abs() < 1e-13 {
        return Err(ShapeFault::Flat);
    }
    Ok(ring)
}

fn edges(ring: &[Position]) -> impl Iterator<Item = (Position, Position)> + '_ {
    ring.iter().copied().zip(ring.iter().copied().skip(1))
}

/// Twice the area, in square degrees, taken from the first corner so that small areas far from zero keep digits.
fn doubled_area(ring: &[Position]) -> f64 {
    let Some([x0, y0]) = ring.first().copied() else { return 0.0 };
    edges(ring).map(|(a, b)| (a[0] - x0) * (b[1] - y0) - (b[0] - x0) * (a[1] - y0)).sum()
}

fn in_ring(ring: &[Position], [x, y]: Position) -> bool {
    let crosses = |(a, b): (Position, Position)| {
        (a[1] > y) != (b[1] > y) && x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0]
    };
    edges(ring).filter(|edge| crosses(*edge)).count() % 2 == 1
}

/// The centre of mass; where that lies outside (a yard with an open side), the middle of the widest stretch beside it.
fn inner_middle(ring: &[Position]) -> Position {
    let Some([x0, y0]) = ring.first().copied() else { return [0.0, 0.0] };
    let area = doubled_area(ring);
    let (mut x, mut y) = (0.0, 0.0);
    for (a, b) in edges(ring) {
        let cross = (a[0] - x0) * (b[1] - y0) - (b[0] - x0) * (a[1] - y0);
        x += (a[0] + b[0] - 2.0 * x0) * cross;
        y += (a[1] + b[1] - 2.0 * y0) * cross;
    }
    let middle = [x0 + x / (3.0 * area), y0 + y / (3.0 * area)];
    if in_ring(ring, middle) {
        return middle;
    }
    let y = middle[1];
    let mut cuts: Vec<f64> = edges(ring)
        .filter(|(a, b)| (a[1] > y) != (b[1] > y))
        .map(|(a, b)| (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0])
        .collect();
    cuts.sort_by(f64::total_cmp);
    let stretches = cuts.as_chunks::<2>().0;
    let widest = stretches.iter().max_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0])));
    widest.map_or(middle, |[left, right]| [f64::midpoint(*left, *right), y])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(list: Value) -> Result<Geometry, ShapeFault> {
        Geometry::from_json(&json!({ "type": "Polygon", "coordinates": [list] }))
    }

    #[test]
    fn a_ring_that_was_left_open_is_closed_and_comes_back_as_it_was_kept() {
        let square = area(json!([[121.0, 42.0], [121.2, 42.0], [121.2, 42.2], [121.0, 42.2]])).unwrap();
        assert_eq!(square.position_count(), 5);
        let [x, y] = square.middle();
        assert!((x - 121.1).abs() < 1e-9 && (y - 42.1).abs() < 1e-9, "{x} {y}");
        assert_eq!(Geometry::from_row(&square.to_json().to_string()), Some(square));
    }

    #[test]
    fn each_mistake_is_said_in_words() {
        let said = |list: Value| area(list).unwrap_err().to_string();
        assert!(said(json!([[121.0, 42.0], [121.2, 42.0], [121.0, 42.0]])).contains("不到三个"));
        assert!(said(json!([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0], [1.0, 1.0]])).contains("面积是零"));
        assert!(said(json!([[42.0, 121.0], [42.0, 121.2], [42.2, 121.2]])).contains("写反"));
        assert!(said(json!([[500_123.5, 4_650_321.0], [1, 2], [3, 4]])).contains("投影坐标"));
        assert!(said(json!([["a", 1], [2, 3], [4, 5]])).contains("两个数"));
        assert!(said(json!(7)).contains("两个数"));
        let line = json!({ "type": "LineString", "coordinates": [[1, 2], [3, 4]] });
        assert!(Geometry::from_json(&line).unwrap_err().to_string().contains("一条线"));
        assert_eq!(Geometry::from_json(&json!({ "type": "Point" })), Err(ShapeFault::Incomplete));
        assert_eq!(Geometry::from_json(&json!({ "type": "Polygon", "coordinates": [] })), Err(ShapeFault::Empty));
    }

    #[test]
    fn a_hole_is_outside_and_a_name_stands_inside_an_open_yard() {
        let holed = json!({ "type": "Polygon", "coordinates": [
            [[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]], [[3, 3], [6, 3], [6, 6], [3, 6], [3, 3]]] });
        let holed = Geometry::from_json(&holed).unwrap();
        assert!(holed.holds([1.0, 1.0]) && !holed.holds([4.0, 4.0]) && !holed.holds([10.0, 1.0]));
        // A letter U: its centre of mass lies in the yard.
        let yard = area(json!([[0, 0], [9, 0], [9, 9], [7, 9], [7, 1], [2, 1], [2, 9], [0, 9]])).unwrap();
        assert!(yard.holds(yard.middle()), "{:?}", yard.middle());
    }

    #[test]
    fn several_areas_are_one_shape_named_in_its_largest() {
        let two = json!({ "type": "MultiPolygon", "coordinates": [
            [[[0, 0], [1, 0], [1, 1], [0, 0]]], [[[10, 10], [20, 10], [20, 20], [10, 20], [10, 10]]]] });
        let two = Geometry::from_json(&two).unwrap();
        assert_eq!(two.middle(), [15.0, 15.0]);
        assert_eq!(Geometry::from_row(&two.to_json().to_string()), Some(two));
    }
}
