//! What the console's pages show: lists, figures, histories, in words, within what somebody may see. Nothing is
//! decided here, and nothing is written but who looked at whom.

/// Devices as a day sees them.
pub mod day_devices;
/// Personal values until somebody asks to see them.
pub mod mask;
/// The order in which people expect places.
pub mod order;
/// The ledger's list of doors.
pub mod ledger;
/// The ledger's residents, and the search for one.
pub mod ledger_people;
/// One door with everything behind it.
pub mod ledger_door;
/// How a door came to be what it is.
pub mod ledger_history;
/// Says what stands in the documents of a door, masked or not.
pub mod ledger_teller;
