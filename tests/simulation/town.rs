//! The community of a world: few grids, few buildings, few workers, so that everybody meets everybody.

use qiaomen_proto::ids::{BuildingId, GridId, Role, WorkerId};
use qiaomen_proto::reference::{BuildingInfo, GridInfo};
use qiaomen_server::ledger::book::{Book, DoorRow, GridRow, Origin, PersonRow, Told};
use qiaomen_server::office::{Office, OfficeError};
use qiaomen_server::store::StoreError;
use qiaomen_server::store::sqlite::WorkerRow;

/// A place at the office, as the world remembers it.
#[derive(Debug, Clone)]
pub struct Town {
    /// The grids, those that were split off last.
    pub grids: Vec<(GridId, String)>,
    /// The buildings.
    pub buildings: Vec<(BuildingId, String)>,
    /// The workers, in the order of the phones.
    pub workers: Vec<(WorkerId, Role)>,
}

/// The department that matters are handed to.
pub const DEPARTMENT: &str = "住建";

impl Town {
    /// Writes the community into the office's books.
    pub fn found(office: &Office) -> Result<Self, OfficeError> {
        let id = office.identity().id;
        let grids: Vec<_> = ["第一网格", "第二网格"].map(|n| (GridId::of(id, n), n.to_owned())).into();
        let buildings: Vec<_> =
            ["1号楼", "2号楼", "3号楼", "4号楼"].map(|n| (BuildingId::of(id, n), n.to_owned())).into();
        let roles = [Role::GridWorker, Role::GridWorker, Role::GridWorker, Role::GridLeader, Role::Coordinator];
        let workers: Vec<_> = (1u8..).zip(roles).map(|(n, role)| (WorkerId::from_bytes([n; 16]), role)).collect();
        let town = Self { grids, buildings, workers };
        let (all, region) = (town.clone(), office.identity().region_code.clone());
        office.store().write(move |tx| -> Result<(), StoreError> {
            for (n, (grid, name)) in (1u32..).zip(&all.grids) {
                let (name, code) = (name.clone(), format!("{region}{n:03}"));
                let info = GridInfo { id: (*grid.as_bytes()).into(), name, grid_type: None, code, quota: None };
                tx.put_grid(&info, n)?;
            }
            for (n, (building, name)) in all.buildings.iter().enumerate() {
                let grid = all.grids[n / 2].0;
                let (id, name) = ((*building.as_bytes()).into(), name.clone());
                tx.put_building(&BuildingInfo { id, name, grid: (*grid.as_bytes()).into() })?;
            }
            for (n, (worker, role)) in all.workers.iter().enumerate() {
                let department = (*role == Role::Coordinator).then(|| DEPARTMENT.to_owned());
                tx.add_worker(&WorkerRow {
                    id: *worker,
                    role: *role,
                    name: vec![0; 16],
                    name_blind: [0; 16],
                    phone: None,
                    born_on: None,
                    sex: None,
                    department,
                    appointed_on: None,
                    import_key: None,
                })?;
                let own: &[usize] = match n {
                    0 | 1 => &[0],
                    2 => &[1],
                    3 => &[0, 1],
                    _ => &[],
                };
                for grid in own {
                    tx.give_grid(*worker, all.grids[*grid].0, 0)?;
                }
            }
            Office::reference_changed(tx)
        })?;
        Ok(town)
    }

    /// A small book of the office's: some of the doors that the workers walk to, and who lives there.
    pub fn book(&self, rooms: &[&str], building: usize, phone: &str) -> Book {
        let name = self.buildings.get(building).map(|(_, name)| name.clone()).unwrap_or_default();
        let (unit, origin) = (qiaomen_proto::normalise::UnitKey::parse("1"), Origin::default);
        let grid = "第一网格".to_owned();
        let doors = rooms.iter().filter_map(|room| {
            Some(DoorRow {
                origin: origin(),
                grid: grid.clone(),
                building: name.clone(),
                unit: unit.clone().ok()?,
                room: qiaomen_proto::normalise::RoomKey::parse(room).ok()?,
                occupancy: Some("自住".to_owned()),
                note: None,
                people: vec![PersonRow {
                    origin: origin(),
                    name: Told::Value("赵敏".to_owned()),
                    relation: Some("户主".to_owned()),
                    identity: Told::Nothing,
                    born_on: Told::Nothing,
                    phone: qiaomen_proto::person::Phone::parse(phone).map_or(Told::Nothing, Told::Value),
                    categories: Vec::new(),
                    note: None,
                }],
            })
        });
        let doors = doors.collect();
        let row = GridRow {
            origin: origin(),
            name: grid.clone(),
            grid_type: None,
            buildings: vec![name.clone()],
            micro_grids: Vec::new(),
            quota: None,
            note: None,
        };
        Book { grids: vec![row], doors, ..Book::default() }
    }
}
