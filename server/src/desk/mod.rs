//! What the console's pages show: lists, figures, histories, in words, within what somebody may see. Nothing is
//! decided here, and nothing is written but who looked at whom.

/// Devices as a day sees them.
pub mod day_devices;
/// Personal values until somebody asks to see them.
pub mod mask;
/// The order in which people expect places.
pub mod order;
