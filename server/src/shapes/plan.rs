//! Which piece of a file is which grid or building: by its id, its code or its name, and by nothing else. Pure: the
//! places as they stand and the pieces in, a plan out.

use super::geometry::Geometry;
use super::read::{POSITIONS_MAX, Piece, short};
use qiaomen_proto::ids::{BuildingId, GridId};
use qiaomen_proto::normalise::building_name;
use qiaomen_proto::reference::{BuildingInfo, GridInfo};
use std::collections::BTreeMap;

/// Names under which files carry an id, a piece's own code, a building's name, a grid's name and code, a name of
/// either, and which it is.
const ID: [&str; 2] = ["编号", "id"];
const CODE: [&str; 2] = ["编码", "code"];
const BUILDING: [&str; 6] = ["楼栋", "楼栋名称", "楼号", "楼名", "楼栋号", "building"];
const GRID: [&str; 3] = ["网格", "网格名称", "grid"];
const GRID_CODE: [&str; 2] = ["网格编码", "网格编号"];
const NAME: [&str; 3] = ["名称", "name", "标题"];
const KIND: [&str; 2] = ["类别", "kind"];
/// Everything by which a piece that matches nothing may be called.
const SAID: [&str; 14] = [
    "名称",
    "name",
    "标题",
    "楼栋",
    "楼栋名称",
    "楼号",
    "楼名",
    "楼栋号",
    "building",
    "网格",
    "网格名称",
    "grid",
    "编码",
    "code",
];
/// Metres from the middle of everything beyond which a place would make all others a dot: a community is a walk across.
const FAR_M: f64 = 20_000.0;
/// Metres of a degree of latitude.
const DEGREE_M: f64 = 111_320.0;

/// A place that can stand on the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A grid.
    Grid(GridId),
    /// A building.
    Building(BuildingId),
}

impl Place {
    /// What people call this kind of place.
    pub fn label(self) -> &'static str {
        match self {
            Place::Grid(_) => "网格",
            Place::Building(_) => "楼栋",
        }
    }
    /// Its id's bytes.
    pub fn bytes(self) -> [u8; 16] {
        match self {
            Place::Grid(id) => *id.as_bytes(),
            Place::Building(id) => *id.as_bytes(),
        }
    }
    /// Its number in rows.
    pub fn number(self) -> u8 {
        match self {
            Place::Grid(_) => 1,
            Place::Building(_) => 2,
        }
    }
    /// Back from a row.
    pub fn from_row(kind: u8, bytes: [u8; 16]) -> Option<Self> {
        match kind {
            1 => Some(Place::Grid(GridId::from_bytes(bytes))),
            2 => Some(Place::Building(BuildingId::from_bytes(bytes))),
            _ => None,
        }
    }
}

/// A piece that is a grid or building.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Number in the file.
    pub number: usize,
    /// Which place.
    pub place: Place,
    /// What the ledger calls it.
    pub name: String,
    /// Its shape.
    pub shape: Geometry,
    /// There is a shape of it already.
    pub replaces: bool,
    /// What is odd about it; it is taken all the same.
    pub remarks: Vec<String>,
}

/// A piece that is neither.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Miss {
    /// Number in the file.
    pub number: usize,
    /// What it calls itself.
    pub said: String,
}

/// A piece that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bad {
    /// Number in the file.
    pub number: usize,
    /// What it is, or calls itself.
    pub said: String,
    /// What is wrong.
    pub what: String,
}

/// What a file comes to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plan {
    /// What will be drawn.
    pub hits: Vec<Hit>,
    /// What is no grid or building here.
    pub misses: Vec<Miss>,
    /// What cannot be taken.
    pub bad: Vec<Bad>,
    /// Pieces without a shape.
    pub empty: usize,
    /// Places that will have no shape after this, the file being added to what is there.
    pub still_bare: Vec<String>,
    /// The same, the file standing for the whole map.
    pub bare_if_whole: Vec<String>,
    /// Positions of the whole map after this, the file being added to what is there.
    pub positions: usize,
}

impl Plan {
    /// Whether the map would become too large if the file was added to what is there.
    pub fn overflows(&self) -> bool {
        self.positions > POSITIONS_MAX
    }
}

/// The community as it stands.
#[derive(Debug)]
pub struct Places<'p> {
    /// Its name, which files may put in front of a grid's.
    pub community: &'p str,
    /// Its grids.
    pub grids: &'p [GridInfo],
    /// Its buildings.
    pub buildings: &'p [BuildingInfo],
    /// What is drawn already, with the number of positions.
    pub drawn: &'p BTreeMap<Place, usize>,
}

impl Places<'_> {
    fn grid(&self, said: &str) -> Option<&GridInfo> {
        let own = said.strip_prefix(self.community).unwrap_or(said).trim();
        let exact = self.grids.iter().find(|g| g.name == own || g.name == said);
        exact.or_else(|| {
            let wanted = numbered(own)?;
            // Two grids of one number in two spellings: nobody knows which is meant.
            let mut same = self.grids.iter().filter(|g| numbered(&g.name).as_ref() == Some(&wanted));
            let found = same.next()?;
            same.next().is_none().then_some(found)
        })
    }
    fn building(&self, said: &str) -> Option<&BuildingInfo> {
        let own = said.strip_prefix(self.community).unwrap_or(said);
        let (own, whole) = (building_name(own), building_name(said));
        self.buildings.iter().find(|b| b.name == whole).or_else(|| self.buildings.iter().find(|b| b.name == own))
    }
    fn by_id(&self, said: &str) -> Option<Place> {
        let bytes = *said.parse::<GridId>().ok()?.as_bytes();
        let grid = self.grids.iter().any(|g| *g.id == bytes).then_some(Place::Grid(GridId::from_bytes(bytes)));
        let building =
            || self.buildings.iter().any(|b| *b.id == bytes).then_some(Place::Building(BuildingId::from_bytes(bytes)));
        grid.or_else(building)
    }

    /// Which place a piece is.
    fn of(&self, piece: &Piece) -> Option<Place> {
        if let Some(place) = piece.told(&ID).and_then(|said| self.by_id(said)) {
            return Some(place);
        }
        let grid = |g: &GridInfo| Place::Grid(GridId::from_bytes(*g.id));
        let building = |b: &BuildingInfo| Place::Building(BuildingId::from_bytes(*b.id));
        let kind = piece.told(&KIND);
        let is_building = matches!(kind, Some("楼栋" | "building"));
        // A piece that names a building is that building or nothing, though it names its grid beside it.
        if let Some(said) = piece.told(&BUILDING) {
            return self.building(said).map(building);
        }
        if let Some(said) = piece.told(&NAME) {
            let as_grid = (!is_building).then(|| self.grid(said).map(grid)).flatten();
            let is_grid = matches!(kind, Some("网格" | "grid"));
            let found = as_grid.or_else(|| (!is_grid).then(|| self.building(said).map(building)).flatten());
            if found.is_some() || is_building {
                return found;
            }
        }
        let coded = |names: &[&str]| piece.told(names).and_then(|said| self.grids.iter().find(|g| g.code == said));
        if let Some(found) = coded(&CODE) {
            return Some(grid(found));
        }
        // Something with a name of its own, a boiler house, says with this in which grid it stands.
        if piece.told(&NAME).is_some() || is_building {
            return None;
        }
        piece.told(&GRID).and_then(|said| self.grid(said)).or_else(|| coded(&GRID_CODE)).map(grid)
    }
    fn name(&self, place: Place) -> String {
        let bytes = place.bytes();
        let grid = self.grids.iter().find(|g| *g.id == bytes).map(|g| g.name.clone());
        grid.or_else(|| self.buildings.iter().find(|b| *b.id == bytes).map(|b| b.name.clone())).unwrap_or_default()
    }
    fn all(&self) -> impl Iterator<Item = Place> + '_ {
        let grids = self.grids.iter().map(|g| Place::Grid(GridId::from_bytes(*g.id)));
        grids.chain(self.buildings.iter().map(|b| Place::Building(BuildingId::from_bytes(*b.id))))
    }
    fn grid_of(&self, building: Place) -> Option<&GridInfo> {
        let info = self.buildings.iter().find(|b| *b.id == building.bytes())?;
        self.grids.iter().find(|g| *g.id == *info.grid)
    }
}

/// The number of a grid that is called by one: 第一网格, 一网格, 1网格, 第1网格.
fn numbered(name: &str) -> Option<String> {
    let stem = name.trim().strip_suffix("网格")?.trim();
    let stem = stem.strip_prefix('第').unwrap_or(stem);
    // The rule for numbers of buildings is the rule for numbers: 一, 十二, 03.
    let as_building = building_name(&format!("{stem}号楼"));
    let digits = as_building.strip_suffix("号楼")?;
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.to_owned())
}

/// What a file comes to.
pub fn plan(places: &Places<'_>, pieces: Vec<Piece>) -> Plan {
    let mut plan = Plan::default();
    let mut first: BTreeMap<Place, usize> = BTreeMap::new();
    for piece in pieces {
        let number = piece.number;
        let place = places.of(&piece);
        let said = place.map_or_else(|| piece.said(&SAID), |p| places.name(p));
        let shape = match piece.shape.clone() {
            None => {
                plan.empty += 1;
                continue;
            }
            Some(Err(fault)) => {
                plan.bad.push(Bad { number, said, what: fault.to_string() });
                continue;
            }
            Some(Ok(shape)) => shape,
        };
        let Some(place) = place else {
            plan.misses.push(Miss { number, said });
            continue;
        };
        if let Some(earlier) = first.get(&place) {
            let what = format!("第 {earlier} 处已经画了{said}，这一处没有再收。要画几块，请合成一个多面。");
            plan.bad.push(Bad { number, said, what });
            continue;
        }
        first.insert(place, number);
        let mut remarks = Vec::new();
        if let (Place::Building(_), Some(told), Some(grid)) = (place, piece.told(&GRID), places.grid_of(place))
            && places.grid(told).is_none_or(|g| g.id != grid.id)
        {
            remarks.push(format!("文件里写在“{}”，台账里在“{}”。以台账为准。", short(told), grid.name));
        }
        let replaces = places.drawn.contains_key(&place);
        plan.hits.push(Hit { number, place, name: said, shape, replaces, remarks });
    }
    look_around(places, &mut plan.hits);
    let bare: Vec<Place> = places.all().filter(|p| !first.contains_key(p)).collect();
    plan.still_bare = bare.iter().filter(|p| !places.drawn.contains_key(p)).map(|p| places.name(*p)).collect();
    plan.bare_if_whole = bare.iter().map(|p| places.name(*p)).collect();
    let kept: usize = places.drawn.iter().filter(|(p, _)| !first.contains_key(p)).map(|(_, n)| n).sum();
    plan.positions = kept + plan.hits.iter().map(|h| h.shape.position_count()).sum::<usize>();
    plan
}

/// Remarks on what lies where it can hardly be.
fn look_around(places: &Places<'_>, hits: &mut [Hit]) {
    let middles: Vec<_> = hits.iter().map(|h| h.shape.middle()).collect();
    let median = |axis: usize| {
        let mut all: Vec<f64> = middles.iter().filter_map(|m| m.get(axis).copied()).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied().unwrap_or(0.0)
    };
    let (x0, y0) = (median(0), median(1));
    let areas: Vec<(GridId, Geometry)> = hits
        .iter()
        .filter_map(|h| if let Place::Grid(id) = h.place { Some((id, h.shape.clone())) } else { None })
        .filter(|(_, shape)| matches!(shape, Geometry::Area(_)))
        .collect();
    for (hit, at) in hits.iter_mut().zip(middles) {
        let (x, y) = ((at[0] - x0) * y0.to_radians().cos() * DEGREE_M, (at[1] - y0) * DEGREE_M);
        let metres = x.hypot(y);
        if metres > FAR_M {
            hit.remarks.push(format!("离其他地方约 {:.0} 公里，坐标多半写错了。", metres / 1000.0));
            continue;
        }
        let Some(grid) = places.grid_of(hit.place).filter(|_| matches!(hit.place, Place::Building(_))) else {
            continue;
        };
        let area = areas.iter().find(|(id, _)| *id.as_bytes() == *grid.id);
        if area.is_some_and(|(_, area)| !area.holds(at)) {
            hit.remarks.push(format!("画在“{}”的范围外面，台账里它属于这个网格。", grid.name));
        }
    }
}
