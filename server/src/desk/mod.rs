//! What the console's pages show: lists, figures, histories, in words, within what somebody may see. Nothing is
//! decided here, and nothing is written but who looked at whom.

/// Devices as a day sees them.
pub mod day_devices;
/// Of which grids somebody asks, and the office's days.
pub mod scope;
/// The map: grids and buildings with what is counted at them.
pub mod map;
/// The overview: what is counted by time.
pub mod overview;
/// What is likely one thing twice, as a list.
pub mod duplicates;
/// One pair, side by side.
pub mod duplicate_pair;
/// What was done about pairs.
pub mod duplicate_history;
/// What is one thing twice, counted once.
pub(crate) mod aside;
/// The roster as of a day.
pub mod roster;
/// One member of staff.
pub mod staff_page;
/// The devices, in words.
pub mod devices;
/// Who did what.
pub mod audit;
/// The rules of every field, in words.
pub mod policies;
/// Lists of matters: a page, a board, the joint meeting's.
pub mod tickets;
/// What the filters and forms about matters offer.
pub mod ticket_choices;
/// One matter, whole.
pub mod ticket;
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
