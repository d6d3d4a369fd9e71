//! The map as it lies: degrees to units around its middle, areas, points, names that do not touch, and a scale.

use super::map::ledger_of;
use super::map_marks::{class, fill, mark, mark_width, says};
use crate::plot::{n, text_width};
use maud::{Markup, html};
use qiaomen_server::desk::map::{Figures, MapView, Shade, Step};
use qiaomen_server::shapes::{Geometry, Position};

/// Units across, down at most, and around the edge.
const WIDTH: f64 = 840.0;
const HEIGHT_MAX: f64 = 620.0;
const HEIGHT_MIN: f64 = 240.0;
const EDGE: f64 = 26.0;
/// Metres of a degree of latitude.
const DEGREE_M: f64 = 111_320.0;
/// A place alone, or a few points of one spot, are shown with this much around them.
const ACROSS_M_MIN: f64 = 120.0;
/// Half of the square that stands for a building of which only a point is known.
const SPOT: f64 = 8.0;
/// Height of a name.
const LINE: f64 = 15.0;
/// Heights that are tried for a name.
const ROWS_MAX: usize = 60;
/// Units that a scale takes at most.
const SCALE_MAX: f64 = 160.0;

/// From degrees to units. Equirectangular around the middle: at a community's size straight lines stay straight and
/// angles right to a thousandth.
struct Projection {
    middle: Position,
    units_per_metre: f64,
    narrowing: f64,
    height: f64,
}

impl Projection {
    /// So that all of these fit.
    fn around<'p>(positions: impl Iterator<Item = &'p Position>) -> Option<Self> {
        let (mut low, mut high) = ([f64::MAX; 2], [f64::MIN; 2]);
        for at in positions {
            for ((low, high), x) in low.iter_mut().zip(&mut high).zip(at) {
                *low = low.min(*x);
                *high = high.max(*x);
            }
        }
        if low[0] > high[0] {
            return None;
        }
        let middle = [f64::midpoint(low[0], high[0]), f64::midpoint(low[1], high[1])];
        let narrowing = middle[1].to_radians().cos().max(0.01);
        let across = ((high[0] - low[0]) * narrowing * DEGREE_M).max(ACROSS_M_MIN);
        let down = ((high[1] - low[1]) * DEGREE_M).max(ACROSS_M_MIN / 2.0);
        let units_per_metre = ((WIDTH - 2.0 * EDGE) / across).min((HEIGHT_MAX - 2.0 * EDGE) / down);
        let height = (down * units_per_metre + 2.0 * EDGE).clamp(HEIGHT_MIN, HEIGHT_MAX);
        Some(Self { middle, units_per_metre, narrowing, height })
    }
    fn at(&self, [lon, lat]: Position) -> [f64; 2] {
        let x = (lon - self.middle[0]) * self.narrowing * DEGREE_M * self.units_per_metre;
        let y = (lat - self.middle[1]) * DEGREE_M * self.units_per_metre;
        [WIDTH / 2.0 + x, self.height / 2.0 - y]
    }
    /// An area as a path: each corner to a tenth of a unit, and none twice.
    fn path(&self, polygons: &[Vec<Vec<Position>>]) -> String {
        let mut path = String::new();
        for ring in polygons.iter().flatten() {
            let mut corners: Vec<String> = Vec::with_capacity(ring.len());
            for at in ring {
                let [x, y] = self.at(*at);
                let corner = format!("{} {}", n(x), n(y));
                if corners.last() != Some(&corner) {
                    corners.push(corner);
                }
            }
            corners.pop();
            path.push('M');
            path.push_str(&corners.join("L"));
            path.push('Z');
        }
        path
    }
    /// The box around a shape: left, top, right, bottom.
    fn cover(&self, shape: &Geometry) -> [f64; 4] {
        if let Geometry::Point(at) = shape {
            let [x, y] = self.at(*at);
            return [x - SPOT, y - SPOT, x + SPOT, y + SPOT];
        }
        let nowhere = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
        shape.positions().map(|at| self.at(*at)).fold(nowhere, |cover, [x, y]| joined(cover, [x, y, x, y]))
    }
}

/// Boxes that are taken by names and marks, so that none covers another.
#[derive(Default)]
struct Taken(Vec<[f64; 4]>);

impl Taken {
    fn is_free(&self, new: [f64; 4]) -> bool {
        !self.0.iter().any(|old| new[0] < old[2] && old[0] < new[2] && new[1] < old[3] && old[1] < new[3])
    }
    /// Takes a box, if it is free.
    fn take(&mut self, new: [f64; 4]) -> bool {
        let free = self.is_free(new);
        if free {
            self.0.push(new);
        }
        free
    }
}

fn around([x, y]: [f64; 2], width: f64, height: f64) -> [f64; 4] {
    [x - width / 2.0, y - height / 2.0, x + width / 2.0, y + height / 2.0]
}

/// The box around two boxes.
fn joined(a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

/// Where something of this size stands in a grid: beside the buildings if there is room, from the top down; else on
/// them; nowhere if even there something is written.
fn place_in(taken: &Taken, houses: &Taken, cover: [f64; 4], middle: [f64; 2], width: f64) -> Option<[f64; 2]> {
    let height = LINE + 3.0;
    let rows = (1..).map(|row| cover[1] + f64::from(row) * height * 0.75).take_while(|y| *y < cover[3] - height / 2.0);
    let rows: Vec<f64> = rows.take(ROWS_MAX).collect();
    let beside = rows.iter().map(|y| [middle[0], *y]).find(|at| {
        let new = around(*at, width, height);
        taken.is_free(new) && houses.is_free(new)
    });
    let on = || {
        let shifts = [0.0, -height, height, -2.0 * height, 2.0 * height];
        shifts.map(|dy| [middle[0], middle[1] + dy]).into_iter().find(|at| taken.is_free(around(*at, width, height)))
    };
    beside.or_else(on)
}

/// Draws what has a shape; none if nothing has.
pub(super) fn draw(view: &MapView, by: Shade) -> Option<Markup> {
    let grids: Vec<_> = view.grids.iter().filter_map(|g| Some((g, g.shape.as_ref()?))).collect();
    let buildings: Vec<_> =
        view.grids.iter().flat_map(|g| &g.buildings).filter_map(|b| Some((b, b.shape.as_ref()?))).collect();
    let all = grids.iter().map(|(_, s)| *s).chain(buildings.iter().map(|(_, s)| *s));
    let projection = Projection::around(all.flat_map(Geometry::positions))?;
    // Where a grid's buildings are drawn they carry shade and marks, and the grid is a frame around them.
    let bare = |id| view.grids.iter().any(|g| g.id == id && g.buildings.iter().all(|b| b.shape.is_none()));
    let (mut taken, mut houses) = (Taken::default(), Taken::default());
    houses.0.extend(buildings.iter().map(|(building, shape)| {
        let (cover, middle) = (projection.cover(shape), projection.at(shape.middle()));
        joined(cover, around(middle, text_width(&building.name), LINE))
    }));
    // Marks of buildings first, which are never left out; then names and marks of grids, then names of buildings
    // where there is room: each is said by its place all the same.
    let mut marks: Vec<([f64; 2], Figures)> = Vec::new();
    for (building, shape) in buildings.iter().filter(|(b, _)| b.figures.open > 0) {
        let (width, mut at) = (mark_width(&building.figures), projection.at(shape.middle()));
        if matches!(shape, Geometry::Point(_)) {
            // Beside the square, so that its shade is seen.
            at[0] += SPOT + width / 2.0 + 2.0;
        }
        taken.take(around(at, width, LINE + 3.0));
        marks.push((at, building.figures));
    }
    let mut names: Vec<(&'static str, [f64; 2], &str)> = Vec::new();
    for (grid, shape) in &grids {
        let (cover, middle) = (projection.cover(shape), projection.at(shape.middle()));
        let width = text_width(&grid.name) * 1.3;
        if let Some(at) = place_in(&taken, &houses, cover, middle, width) {
            taken.take(around(at, width, LINE + 3.0));
            names.push(("grid-name halo", [at[0], at[1] + 5.0], grid.name.as_str()));
        }
        let [open, overdue] = if bare(grid.id) { [grid.figures.open, grid.figures.overdue] } else { grid.beside };
        if open > 0 {
            let figures = Figures { open, overdue, ..Figures::default() };
            let width = mark_width(&figures);
            let at = place_in(&taken, &houses, cover, middle, width).unwrap_or(middle);
            taken.take(around(at, width, LINE + 3.0));
            marks.push((at, figures));
        }
    }
    for (building, shape) in &buildings {
        let ([x, y], cover) = (projection.at(shape.middle()), projection.cover(shape));
        let width = text_width(&building.name);
        let inside = cover[2] - cover[0] >= width - 6.0 && building.figures.open == 0;
        let below = [x, y + if inside { 0.0 } else { LINE + 4.0 }];
        if taken.take(around(below, width, LINE)) {
            names.push(("halo", [x, below[1] + 4.0], building.name.as_str()));
        }
    }
    Some(html! {
        svg.map viewBox={ "0 0 " (WIDTH) " " (n(projection.height)) } role="group" aria-label="网格和楼栋地图" {
            @for (grid, shape) in &grids {
                @let step = if bare(grid.id) { grid.figures.step(by, view.now_ms) } else { Step::NoDoors };
                @let said = says(view, &grid.name, &grid.figures);
                a.grid href=(ledger_of("grid", grid.id)) aria-label=(said) {
                    title { (said) }
                    (outline(&projection, shape, if bare(grid.id) { class(step) } else { "around" }, fill(step)))
                }
            }
            @for (building, shape) in &buildings {
                @let step = building.figures.step(by, view.now_ms);
                @let said = says(view, &building.name, &building.figures);
                a.building href=(ledger_of("building", building.id)) aria-label=(said) {
                    title { (said) }
                    (outline(&projection, shape, class(step), fill(step)))
                }
            }
            g.names aria-hidden="true" {
                @for (class, [x, y], name) in &names { text class=(class) x=(n(*x)) y=(n(*y)) text-anchor="middle" { (name) } }
                @for ([x, y], figures) in &marks { (mark(figures, *x, *y)) }
                (scale(&projection))
            }
        }
    })
}

fn outline(projection: &Projection, shape: &Geometry, class: &str, fill: &str) -> Markup {
    match shape {
        Geometry::Area(polygons) => html! {
            path.place.(class) d=(projection.path(polygons)) fill=(fill) fill-rule="evenodd" {}
        },
        Geometry::Point(at) => {
            let [x, y] = projection.at(*at);
            html! { rect.place.(class) x=(n(x - SPOT)) y=(n(y - SPOT)) width=(n(2.0 * SPOT)) height=(n(2.0 * SPOT)) rx="2" fill=(fill) {} }
        }
    }
}

/// How long so many metres are, and where north is.
fn scale(projection: &Projection) -> Markup {
    let rounds = (0..7).flat_map(|ten| [1, 2, 5].map(|digit| f64::from(digit) * 10_f64.powi(ten)));
    let metres = rounds.filter(|m| m * projection.units_per_metre <= SCALE_MAX).fold(1.0, f64::max);
    let (long, y) = (metres * projection.units_per_metre, projection.height - 8.0);
    let label = if metres >= 1000.0 { format!("{} 公里", n(metres / 1000.0)) } else { format!("{} 米", n(metres)) };
    html! {
        path.scale d={ "M8 " (n(y - 5.0)) "V" (n(y)) "H" (n(8.0 + long)) "V" (n(y - 5.0)) } fill="none" {}
        text.halo.small x=(n(14.0 + long)) y=(n(y + 1.0)) { (label) }
        path.north d={ "M" (n(WIDTH - 16.0)) " 34V8L" (n(WIDTH - 21.0)) " 18M" (n(WIDTH - 16.0)) " 8L" (n(WIDTH - 11.0)) " 18" } fill="none" {}
        text.halo.small x=(n(WIDTH - 16.0)) y="48" text-anchor="middle" { "北" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_of_metres_is_a_square_of_units_and_north_is_up() {
        // 200 m each way at 42 degrees north.
        let (dx, dy) = (200.0 / DEGREE_M / 42_f64.to_radians().cos(), 200.0 / DEGREE_M);
        let corners = [[121.0, 42.0], [121.0 + dx, 42.0], [121.0 + dx, 42.0 + dy], [121.0, 42.0 + dy]];
        let projection = Projection::around(corners.iter()).unwrap();
        let [west_south, east_south, _, west_north] = corners.map(|at| projection.at(at));
        let (across, up) = (east_south[0] - west_south[0], west_south[1] - west_north[1]);
        assert!((across - up).abs() < 0.1, "{across} {up}");
        assert!((up - (HEIGHT_MAX - 2.0 * EDGE)).abs() < 0.1, "{up}");
        assert!((projection.height - HEIGHT_MAX).abs() < 0.1);
    }

    #[test]
    fn one_point_alone_is_drawn_in_the_middle_and_nothing_is_no_map() {
        assert!(Projection::around(std::iter::empty()).is_none());
        let projection = Projection::around([[121.0, 42.0]].iter()).unwrap();
        assert_eq!(projection.at([121.0, 42.0]), [WIDTH / 2.0, projection.height / 2.0]);
        assert!(projection.units_per_metre.is_finite());
    }

    #[test]
    fn corners_that_fall_together_are_drawn_once() {
        let projection = Projection::around([[0.0, 0.0], [1.0, 1.0]].iter()).unwrap();
        let tiny = 1e-7;
        let ring = vec![[0.0, 0.0], [tiny, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]];
        assert_eq!(projection.path(&[vec![ring]]).matches('L').count(), 2);
    }

    #[test]
    fn names_do_not_cover_each_other() {
        let mut taken = Taken::default();
        assert!(taken.take(around([0.0, 0.0], 40.0, 15.0)));
        assert!(!taken.take(around([39.0, 14.0], 40.0, 15.0)));
        assert!(taken.take(around([41.0, 0.0], 40.0, 15.0)));
    }

    #[test]
    fn the_name_of_a_grid_stands_beside_its_buildings_if_there_is_room() {
        let (mut houses, cover) = (Taken::default(), [0.0, 0.0, 200.0, 100.0]);
        houses.take([20.0, 40.0, 180.0, 60.0]);
        let [x, y] = place_in(&Taken::default(), &houses, cover, [100.0, 50.0], 60.0).unwrap();
        assert!((x - 100.0).abs() < 0.1 && y < 31.0, "{y}");
        let mut full = Taken::default();
        full.take(cover);
        assert_eq!(place_in(&Taken::default(), &full, cover, [100.0, 50.0], 60.0), Some([100.0, 50.0]));
        assert_eq!(place_in(&full, &full, cover, [100.0, 50.0], 60.0), None);
    }
}
