//! How it all travels. CBOR envelopes around a columnar batch of commands, zstd around the whole.
//! Upwards and downwards a change is our own typed, bounded encoding; automerge bytes never travel.

/// Compression with a bound; the version.
pub mod envelope;
/// Bytes in, bytes out, never past the end.
pub mod columns;
/// Commands as columns.
pub mod batch;
/// From columns back to commands.
pub mod unbatch;
/// From what travelled back to the exact change.
pub mod rebuild;
/// Who sends: the signed header.
pub mod auth;
/// How a device becomes one of ours.
pub mod enrol;
/// The same as a text for a camera.
pub mod enrol_link;
/// What a device sends.
pub mod push;
/// What the office answers.
pub mod pull;
/// How a photo travels, in pieces.
pub mod photo;
/// What a device is told of its worker's trainings.
pub mod training;
/// That a masked value was looked at.
pub mod look;
/// How both find out in what they differ, and what was lost comes back.
pub mod heal;
/// What a device keeps for the office, in case it cannot send.
pub mod rescue;

/// Version of the wire. A newer office speaks to older devices; see docs/protocol/wire.md.
pub const WIRE_VERSION: u16 = 1;
