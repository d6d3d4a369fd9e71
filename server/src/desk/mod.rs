//! What the console's pages show: lists, figures, histories, in words, within what somebody may see. Nothing is
//! decided here, and nothing is written but who looked at whom.

/// Lists of matters: a page, a board, the joint meeting's.
pub mod tickets;
/// What the filters and forms about matters offer.
pub mod ticket_choices;
/// One matter, whole.
pub mod ticket;
