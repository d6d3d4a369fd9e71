//! Reference data: what the office owns and every device reads. Grids, buildings, who works where,
//! what categories there are. One signed snapshot with a version; a device takes it whole or not at all.
//! Names of people in it are sealed; their keys travel in the box of keys.

use crate::ids::{BuildingId, GridId, Role, Subject, WorkerId};
use crate::seal::{SigningSecret, VerifyKey};
use minicbor::{Decode, Encode};
use std::collections::BTreeSet;

/// Context of its signature.
pub const REFERENCE_CONTEXT: &[u8] = b"qiaomen reference 1";
/// Name under which a worker's name is sealed.
pub const WORKER_NAME_FIELD: &str = "staff_name";

/// Sixteen bytes of an id.
pub type IdBytes = minicbor::bytes::ByteArray<16>;

/// The snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, Default)]
#[cbor(map)]
pub struct Reference {
    /// Grows with every change.
    #[n(0)]
    pub version: u64,
    /// Name of the community.
    #[n(1)]
    pub community: String,
    /// 12-digit region code.
    #[n(2)]
    pub region_code: String,
    /// The grids.
    #[n(3)]
    pub grids: Vec<GridInfo>,
    /// The buildings.
    #[n(4)]
    pub buildings: Vec<BuildingInfo>,
    /// The staff.
    #[n(5)]
    pub workers: Vec<WorkerInfo>,
    /// Categories of matters.
    #[n(6)]
    pub categories: Vec<String>,
    /// The office's distance from UTC in seconds.
    #[n(7)]
    pub utc_offset_s: i32,
    /// The micro-grids; none where the office does not divide its grids.
    #[cbor(n(8), default)]
    pub micro_grids: Vec<MicroGridInfo>,
}

/// A grid 网格.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct GridInfo {
    /// Id.
    #[n(0)]
    pub id: IdBytes,
    /// Name.
    #[n(1)]
    pub name: String,
    /// One of the nine types, as the office spells it.
    #[n(2)]
    pub grid_type: Option<String>,
    /// Code: region code and three digits.
    #[n(3)]
    pub code: String,
    /// Household quota.
    #[n(4)]
    pub quota: Option<u32>,
}

/// A building 楼栋.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct BuildingInfo {
    /// Id.
    #[n(0)]
    pub id: IdBytes,
    /// Name, normalised.
    #[n(1)]
    pub name: String,
    /// Its grid.
    #[n(2)]
    pub grid: IdBytes,
}

/// A micro-grid 微网格: a building or a few, within a grid.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct MicroGridInfo {
    /// Id.
    #[n(0)]
    pub id: IdBytes,
    /// Its grid.
    #[n(1)]
    pub grid: IdBytes,
    /// Name.
    #[n(2)]
    pub name: String,
    /// Its buildings; a building has one micro-grid at most.
    #[n(3)]
    pub buildings: Vec<IdBytes>,
}

/// A member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct WorkerInfo {
    /// Id.
    #[n(0)]
    pub id: IdBytes,
    /// Number of the role.
    #[n(1)]
    pub role: u8,
    /// Name, sealed under the worker's key.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub name: Vec<u8>,
    /// Grids; none = the whole community.
    #[n(3)]
    pub grids: Vec<IdBytes>,
    /// Department.
    #[n(4)]
    pub department: Option<String>,
}

/// A snapshot that the office did not sign, or that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("reference data that the office did not sign")]
pub struct NotTheOffices;

impl Reference {
    /// Signed bytes.
    pub fn sign(&self, secret: &SigningSecret) -> Vec<u8> {
        let body = minicbor::to_vec(self).unwrap_or_default();
        let mut out = secret.sign(REFERENCE_CONTEXT, &body).to_vec();
        out.extend_from_slice(&body);
        out
    }
    /// Back from signed bytes, after the signature has been checked.
    pub fn open(bytes: &[u8], office: &VerifyKey) -> Result<Self, NotTheOffices> {
        let (signature, body) = bytes.split_first_chunk::<64>().ok_or(NotTheOffices)?;
        office.verify(REFERENCE_CONTEXT, body, signature).map_err(|_| NotTheOffices)?;
        minicbor::decode(body).map_err(|_| NotTheOffices)
    }
    /// Everybody of the staff as a subject of keys: they have names, which stay wherever they work.
    pub fn staff(&self) -> BTreeSet<Subject> {
        self.workers.iter().map(|w| Subject::from_bytes(*w.id)).collect()
    }
    /// The building with this id.
    pub fn building(&self, id: BuildingId) -> Option<&BuildingInfo> {
        self.buildings.iter().find(|b| *b.id == *id.as_bytes())
    }
    /// The grid of a building.
    pub fn grid_of(&self, id: BuildingId) -> Option<GridId> {
        self.building(id).map(|b| GridId::from_bytes(*b.grid))
    }
    /// The micro-grid of a building, if it has one.
    pub fn micro_grid_of(&self, id: BuildingId) -> Option<&MicroGridInfo> {
        self.micro_grids.iter().find(|m| m.buildings.iter().any(|b| **b == *id.as_bytes()))
    }
    /// The grid with this id.
    pub fn grid(&self, id: GridId) -> Option<&GridInfo> {
        self.grids.iter().find(|g| *g.id == *id.as_bytes())
    }
    /// The member of staff with this id.
    pub fn worker(&self, id: WorkerId) -> Option<&WorkerInfo> {
        self.workers.iter().find(|w| *w.id == *id.as_bytes())
    }
}

impl WorkerInfo {
    /// The role, if this version knows it.
    pub fn role(&self) -> Option<Role> {
        Role::from_number(self.role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::MicroGridId;

    fn building(n: u8) -> BuildingId {
        BuildingId::from_bytes([n; 16])
    }

    #[test]
    fn a_building_is_found_in_its_micro_grid_after_signing() {
        let grid = GridId::from_bytes([9; 16]);
        let micro_grid = |name: &str, of: &[u8]| MicroGridInfo {
            id: (*MicroGridId::of(grid, name).as_bytes()).into(),
            grid: (*grid.as_bytes()).into(),
            name: name.to_owned(),
            buildings: of.iter().map(|n| (*building(*n).as_bytes()).into()).collect(),
        };
        let micro_grids = vec![micro_grid("第一微网格", &[1, 2]), micro_grid("第二微网格", &[3])];
        let secret = SigningSecret::from_bytes([1; 32]);
        let signed = Reference { micro_grids, ..Reference::default() }.sign(&secret);
        let read = Reference::open(&signed, &secret.verify_key()).unwrap();
        let name = |n| read.micro_grid_of(building(n)).map(|m| m.name.as_str());
        assert_eq!([name(2), name(3), name(4)], [Some("第一微网格"), Some("第二微网格"), None]);
    }

    #[test]
    fn a_snapshot_that_knows_no_micro_grids_is_read() {
        let mut whole = minicbor::to_vec(Reference::default()).unwrap();
        // The last entry is index 8 and an empty list; without it the map has one entry less.
        assert_eq!(whole.split_off(whole.len() - 2), [0x08, 0x80]);
        whole[0] -= 1;
        assert_eq!(minicbor::decode::<Reference>(&whole).unwrap(), Reference::default());
    }
}
