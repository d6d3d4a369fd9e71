//! The map as a file. What has no shape yet stands in it by name, so that it can be drawn in and brought back.

use super::plan::Place;
use crate::office::{Office, OfficeError};
use crate::people::Sight;
use qiaomen_proto::ids::{BuildingId, GridId};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The grids and buildings within sight, as GeoJSON.
pub fn export(office: &Office, sight: &Sight) -> Result<String, OfficeError> {
    office.store().read(|tx| {
        let mut shapes: BTreeMap<Place, Value> = BTreeMap::new();
        for row in tx.shapes()? {
            let geometry = serde_json::from_str(&row.geometry).ok();
            if let (Some(place), Some(geometry)) = (Place::from_row(row.kind, row.place), geometry) {
                shapes.insert(place, geometry);
            }
        }
        let mut feature = |place: Place, told: Value| {
            let geometry = shapes.remove(&place).unwrap_or(Value::Null);
            json!({ "type": "Feature", "properties": told, "geometry": geometry })
        };
        let (grids, mut buildings) = (tx.grids()?, tx.buildings()?);
        crate::desk::scope::in_order(&mut buildings, |b| &b.name);
        let mut features = Vec::new();
        for grid in &grids {
            let id = GridId::from_bytes(*grid.id);
            if !sight.sees(Some(id)) {
                continue;
            }
            let told = json!({ "类别": "网格", "名称": grid.name, "编码": grid.code, "编号": id.to_string() });
            features.push(feature(Place::Grid(id), told));
            for building in buildings.iter().filter(|b| b.grid == grid.id) {
                let id = BuildingId::from_bytes(*building.id);
                let told = json!({ "类别": "楼栋", "名称": building.name, "网格": grid.name, "编号": id.to_string() });
                features.push(feature(Place::Building(id), told));
            }
        }
        Ok(json!({ "type": "FeatureCollection", "features": features }).to_string())
    })
}
