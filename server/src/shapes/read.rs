//! A map file, read within bounds: its pieces, each with what it calls itself and its shape, or what is wrong with it.

use super::geometry::{Geometry, ShapeFault};
use serde_json::{Map, Value};

/// A map file at most. A community of a hundred buildings takes 50 KB.
pub const FILE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Pieces of a file at most.
pub(super) const PIECES_MAX: usize = 5_000;
/// Positions of a file at most, and of the whole map: each is some 12 bytes of every page that shows it.
pub(super) const POSITIONS_MAX: usize = 20_000;
/// Characters of what a piece calls itself that are shown.
const SAID_CHARS_MAX: usize = 40;
/// The coordinates that are longitude and latitude as we draw them: WGS84 by two names, and China's CGCS2000, which
/// differs from it by centimetres.
const SYSTEMS: [&str; 3] = ["CRS84", "4326", "4490"];

/// Why a file as a whole is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileFault {
    /// Nothing in it.
    #[error("没有内容。请选一个 GeoJSON 文件，或把内容贴进框里。")]
    Empty,
    /// Too many bytes.
    #[error("文件太大（最多 4 MB）。请先在制图软件里简化边界。")]
    TooLarge,
    /// Another encoding.
    #[error("文件不是 UTF-8 编码的文字。请在制图软件里选 UTF-8 编码，重新导出 GeoJSON。")]
    NotText,
    /// Not JSON.
    #[error("第 {line} 行第 {column} 个字符读不下去：这不是完整的 GeoJSON。可能文件没有下载完，或中间缺了括号、逗号。")]
    NotJson {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// JSON, and something else.
    #[error("这个文件不是 GeoJSON 地图文件，或者里面没有要素。请用制图软件的“导出为 GeoJSON”。")]
    NotGeoJson,
    /// Coordinates of another system.
    #[error("文件写明的坐标系是“{said}”。这里只收 WGS84 经纬度（EPSG:4326）或 CGCS2000 经纬度（EPSG:4490）。")]
    OtherSystem {
        /// What it says.
        said: String,
    },
    /// Too many pieces.
    #[error("文件里有 {count} 处图形，最多收 5000 处。请只导出网格和楼栋。")]
    TooManyPieces {
        /// How many.
        count: usize,
    },
    /// Too many positions.
    #[error("边界的点太多（{count} 个，整张图最多 20000 个）。请先在制图软件里简化边界。")]
    TooManyPositions {
        /// How many.
        count: usize,
    },
}

/// One piece of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// Its number in the file, from 1.
    pub number: usize,
    /// Its properties, by name in small letters.
    pub told: Vec<(String, String)>,
    /// Its shape; none where it has none, as in a list of names that somebody has yet to draw.
    pub shape: Option<Result<Geometry, ShapeFault>>,
}

impl Piece {
    /// The first of these properties that is filled in.
    pub(super) fn told(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.told.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str()))
    }
    /// What to call it where it matches nothing.
    pub(super) fn said(&self, names: &[&str]) -> String {
        self.told(names).map_or_else(|| "（没有名称）".to_owned(), short)
    }
}

/// A text, cut where it is too long to be shown.
pub(super) fn short(text: &str) -> String {
    let mut cut: String = text.chars().take(SAID_CHARS_MAX).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}

/// Reads a file.
pub fn read(bytes: &[u8]) -> Result<Vec<Piece>, FileFault> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(FileFault::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| FileFault::NotText)?;
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(FileFault::Empty);
    }
    let top: Value =
        serde_json::from_str(text).map_err(|e| FileFault::NotJson { line: e.line(), column: e.column() })?;
    system(&top)?;
    let features: Vec<&Value> = match top.get("type").and_then(Value::as_str) {
        Some("FeatureCollection") => {
            top.get("features").and_then(Value::as_array).ok_or(FileFault::NotGeoJson)?.iter().collect()
        }
        Some("Feature") => vec![&top],
        _ => return Err(FileFault::NotGeoJson),
    };
    if features.len() > PIECES_MAX {
        return Err(FileFault::TooManyPieces { count: features.len() });
    }
    let pieces: Vec<Piece> = (1..).zip(features).map(|(number, feature)| piece(number, feature)).collect();
    let shapes = pieces.iter().filter_map(|p| p.shape.as_ref()?.as_ref().ok());
    let count = shapes.map(Geometry::position_count).sum();
    if count > POSITIONS_MAX {
        return Err(FileFault::TooManyPositions { count });
    }
    if pieces.is_empty() {
        return Err(FileFault::Empty);
    }
    Ok(pieces)
}

/// The coordinate system, where a file of the older standard names one.
fn system(top: &Value) -> Result<(), FileFault> {
    let Some(said) = top.pointer("/crs/properties/name").and_then(Value::as_str) else { return Ok(()) };
    let code = said.rsplit(':').next().unwrap_or(said);
    if SYSTEMS.contains(&code) { Ok(()) } else { Err(FileFault::OtherSystem { said: short(said) }) }
}

fn piece(number: usize, feature: &Value) -> Piece {
    let none = Map::new();
    let properties = feature.get("properties").and_then(Value::as_object).unwrap_or(&none);
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let told = properties.iter().filter_map(|(name, value)| Some((name.trim().to_lowercase(), text(value)?)));
    let shape = match feature.get("geometry") {
        None | Some(Value::Null) => None,
        Some(value) => Some(Geometry::from_json(value)),
    };
    Piece { number, told: told.filter(|(_, value)| !value.is_empty()).collect(), shape }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_none_is_refused_in_words() {
        let said = |text: &str| read(text.as_bytes()).unwrap_err().to_string();
        assert!(said(" \n").contains("没有内容"));
        assert!(said("{\"type\":\n  \"Feature").contains("第 2 行"));
        assert!(said("[1,2]").contains("不是 GeoJSON"));
        assert!(said("{\"type\":\"Topology\"}").contains("不是 GeoJSON"));
        assert!(said("{\"type\":\"FeatureCollection\"}").contains("不是 GeoJSON"));
        assert!(said("{\"type\":\"FeatureCollection\",\"features\":[]}").contains("没有内容"));
        let crs = "{\"type\":\"FeatureCollection\",\"features\":[],\"crs\":{\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::3857\"}}}";
        assert!(said(crs).contains("EPSG::3857"));
        assert_eq!(read(&[0xb5, 0xda]), Err(FileFault::NotText));
        assert_eq!(read(&vec![b' '; FILE_BYTES_MAX + 1]), Err(FileFault::TooLarge));
        assert_eq!(read(&vec![b' '; FILE_BYTES_MAX]), Err(FileFault::Empty));
    }

    #[test]
    fn pieces_and_positions_are_bounded_at_the_maximum_and_one_past_it() {
        let pieces = |n: usize| {
            let one = "{\"type\":\"Feature\",\"geometry\":null}";
            format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", vec![one; n].join(","))
        };
        assert_eq!(read(pieces(PIECES_MAX).as_bytes()).map(|p| p.len()), Ok(PIECES_MAX));
        let count = PIECES_MAX + 1;
        assert_eq!(read(pieces(count).as_bytes()), Err(FileFault::TooManyPieces { count }));
        // A saw of so many corners; the ring is closed by its first.
        let saw = |n: usize| {
            let corner =
                |i: usize| format!("[{}.{:04},{}]", i / 10_000, i % 10_000, if i == 0 { 0 } else { i % 2 + 1 });
            let corners: Vec<String> = (0..n - 1).map(corner).collect();
            format!(
                "{{\"type\":\"Feature\",\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[[{}]]}}}}",
                corners.join(",")
            )
        };
        assert!(read(saw(POSITIONS_MAX).as_bytes()).is_ok());
        let count = POSITIONS_MAX + 1;
        assert_eq!(read(saw(count).as_bytes()), Err(FileFault::TooManyPositions { count }));
    }

    #[test]
    fn a_deep_nest_of_brackets_is_refused_and_nothing_breaks() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(matches!(read(deep.as_bytes()), Err(FileFault::NotJson { .. })));
    }
}
