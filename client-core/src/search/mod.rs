//! Finding a person, a door or a matter by what somebody remembers of it: a piece of a name, its
//! letters, an address, the last digits of a phone.

/// Doors as people name them.
pub mod address;
/// How a name sounds, in letters.
pub mod pinyin;
/// What is asked.
pub mod question;
