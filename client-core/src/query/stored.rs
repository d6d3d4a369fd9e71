//! The rows as the database holds them. What people read is made of them in the files beside.

/// A door.
#[derive(Debug, Clone)]
pub(crate) struct StoredDoor {
    pub(crate) household: String,
    pub(crate) grid: Option<String>,
    pub(crate) building: Option<String>,
    pub(crate) building_name: String,
    pub(crate) unit: String,
    pub(crate) room: String,
    pub(crate) floor: Option<i32>,
    pub(crate) occupied_as: Option<String>,
    pub(crate) people_count: Option<u32>,
    pub(crate) resident_count: u32,
    pub(crate) open_tickets: u32,
    pub(crate) refusal: bool,
    pub(crate) conflicts: u32,
    pub(crate) last_visit_ms: Option<u64>,
    pub(crate) last_outcome: Option<String>,
    pub(crate) pending: bool,
}

/// A person.
#[derive(Debug, Clone)]
pub(crate) struct StoredResident {
    pub(crate) resident: String,
    pub(crate) household: Option<String>,
    pub(crate) name: String,
    pub(crate) initials: String,
    pub(crate) pinyin: String,
    pub(crate) phone: Option<String>,
    pub(crate) identity: Option<String>,
    pub(crate) birth: Option<String>,
    pub(crate) relation: Option<String>,
    pub(crate) categories: Option<String>,
    pub(crate) until: Option<String>,
    pub(crate) conflicts: u32,
    pub(crate) pending: bool,
}

/// A matter.
#[derive(Debug, Clone)]
pub(crate) struct StoredTicket {
    pub(crate) ticket: String,
    pub(crate) household: Option<String>,
    pub(crate) building: Option<String>,
    pub(crate) unit: Option<String>,
    pub(crate) grid: Option<String>,
    pub(crate) category: Option<String>,
    pub(crate) size: Option<String>,
    pub(crate) source: Option<String>,
    pub(crate) text: Option<String>,
    pub(crate) reporter: Option<String>,
    pub(crate) reported_on: Option<String>,
    pub(crate) stage: u8,
    pub(crate) is_open: bool,
    pub(crate) due_on: Option<String>,
    pub(crate) party: Option<String>,
    pub(crate) opened_ms: Option<u64>,
    pub(crate) updated_ms: u64,
    pub(crate) conflicts: u32,
    pub(crate) pending: bool,
}

/// A visit, call or patrol.
#[derive(Debug, Clone)]
pub(crate) struct StoredEntry {
    pub(crate) worker: Option<String>,
    pub(crate) grid: Option<String>,
    pub(crate) kind: String,
    pub(crate) outcome: String,
    pub(crate) household: Option<String>,
    pub(crate) building: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) at_ms: u64,
    pub(crate) command: String,
    pub(crate) pending: bool,
}

impl StoredResident {
    /// The name, or what stands in its place.
    pub(crate) fn called(&self) -> &str {
        if self.name.is_empty() { super::in_place::UNNAMED } else { &self.name }
    }
}
