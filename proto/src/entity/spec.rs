//! What a field and a container are. The tables themselves stand in the files of the kinds.

use crate::change::{Path, keys};
use crate::ids::{Kind, Role};

pub use super::card::{Readers, Retention};
pub use super::policy::{POLICY_VERSION, Policy};

/// What may stand in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueShape {
    /// Text of at most this many characters of three bytes, in the clear.
    Text(usize),
    /// The text of a UUID.
    Uuid,
    /// A date, `YYYY-MM-DD`.
    Date,
    /// A count up to this.
    Count(u64),
    /// True or false.
    Flag,
}

/// One field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldSpec {
    /// Number on the wire; permanent, never reused within the container. 0 for a field that was added
    /// after the first release: it travels by its key, so that whoever does not know it yet keeps it.
    pub number: u8,
    /// Key in the document; permanent.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// How values written apart become one, by today's table.
    pub policy: Policy,
    /// What may stand there (before sealing).
    pub shape: ValueShape,
    /// Stands in the document only as ciphertext.
    pub sealed: bool,
    /// Holds several values, separated by `,`: a person who decides may take both.
    pub several: bool,
    /// Why it is asked, as the purpose card says it.
    pub purpose: &'static str,
    /// Who can see it, as the purpose card says it.
    pub readers: Readers,
    /// How long it is kept, as the purpose card says it.
    pub retention: Retention,
    /// Who may write it.
    pub writers: &'static [Role],
}

/// A field of a door or a person: whoever has the grid sees and writes it, and it is kept with the book.
pub(super) const fn grid_field(
    number: u8,
    name: &'static str,
    label: &'static str,
    policy: Policy,
    shape: ValueShape,
    purpose: &'static str,
) -> FieldSpec {
    FieldSpec {
        number,
        name,
        label,
        policy,
        shape,
        sealed: false,
        several: false,
        purpose,
        readers: Readers::Grid,
        retention: Retention::Book,
        writers: FIELD_ROLES,
    }
}

/// How keys of a container are formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Each key is a field's name.
    Fields,
    /// Each key is `<row>.<field>`.
    Rows,
    /// Each key is a record's; the value is an immutable fact.
    Records,
}

/// One container of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContainerSpec {
    /// Its key in the root; permanent.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// How its keys are formed.
    pub shape: Shape,
    /// Its fields (empty for records).
    pub fields: &'static [FieldSpec],
    /// Who may add records.
    pub writers: &'static [Role],
}

/// One kind of document. Containers stand in the order of the genesis.
#[derive(Debug, Clone, Copy)]
pub struct KindSpec {
    /// The kind.
    pub kind: Kind,
    /// What people call it.
    pub label: &'static str,
    /// The containers, in the order of the genesis.
    pub containers: &'static [ContainerSpec],
}

/// Everyone who goes from door to door.
pub const FIELD_ROLES: &[Role] =
    &[Role::Office, Role::GridLeader, Role::Assistant, Role::GridWorker, Role::BuildingHead];
/// Everyone who may work a matter.
pub const MATTER_ROLES: &[Role] = &[
    Role::Office,
    Role::GridLeader,
    Role::Assistant,
    Role::GridWorker,
    Role::BuildingHead,
    Role::Coordinator,
    Role::Liaison,
    Role::Supervisor,
];
/// The office alone.
pub const OFFICE_ONLY: &[Role] = &[Role::Office];

/// A container of records.
pub const fn records(name: &'static str, label: &'static str, writers: &'static [Role]) -> ContainerSpec {
    ContainerSpec { name, label, shape: Shape::Records, fields: &[], writers }
}

/// The table of this kind.
pub fn kind_spec(kind: Kind) -> &'static KindSpec {
    match kind {
        Kind::Household => &super::household::SPEC,
        Kind::Resident => &super::resident::SPEC,
        Kind::Ticket => &super::ticket::SPEC,
        Kind::Diary => &super::diary::SPEC,
    }
}

impl KindSpec {
    /// The container at this index.
    pub fn container(&self, index: u8) -> Option<&'static ContainerSpec> {
        self.containers.get(usize::from(index))
    }
    /// Index of the container with this name.
    pub fn container_index(&self, name: &str) -> Option<u8> {
        self.containers.iter().position(|c| c.name == name).and_then(|i| u8::try_from(i).ok())
    }
    /// The container of decisions.
    pub fn decisions(&self) -> u8 {
        self.container_index("decisions").unwrap_or(u8::MAX)
    }
    /// The container of links.
    pub fn links(&self) -> u8 {
        self.container_index("links").unwrap_or(u8::MAX)
    }
    /// The field that a path leads to. `None` for records and for keys of the future.
    pub fn field(&self, path: &Path) -> Option<&'static FieldSpec> {
        let container = self.container(path.container)?;
        let name = match container.shape {
            Shape::Fields => path.key.as_str(),
            Shape::Rows => keys::split_row_key(&path.key)?.1,
            Shape::Records => return None,
        };
        container.fields.iter().find(|f| f.name == name)
    }
    /// A field of the container `fields` by name.
    pub fn head_field(&self, name: &str) -> Option<&'static FieldSpec> {
        self.containers.first()?.fields.iter().find(|f| f.name == name)
    }
}

impl ContainerSpec {
    /// The field with this number.
    pub fn field_numbered(&self, number: u8) -> Option<&'static FieldSpec> {
        self.fields.iter().find(|f| f.number == number && number != 0)
    }
}
