//! The kinds of document: their shape, their genesis, and every field with its policy, purpose,
//! readers, sealing and writers, side by side, one file a kind.

/// What a field and a container are.
pub mod spec;
/// How values that were written apart become one, by version.
pub mod policy;
/// What the purpose card says beside the purpose.
pub mod card;
/// The book of one door.
pub mod household;
/// A person.
pub mod resident;
/// A matter.
pub mod ticket;
/// A worker's day.
pub mod diary;
/// The first change of every document of a kind.
pub mod genesis;
/// Between what a person reads and what a document holds.
pub mod value;
/// What a document shows to somebody with these keys.
pub mod view;
/// May this value stand there, written by this role?
pub mod schema;
/// The payload of records: notes, tags, refusals, visits, links.
pub mod record;

pub use spec::{ContainerSpec, FieldSpec, KindSpec, Policy, Readers, Retention, Shape, ValueShape, kind_spec};
