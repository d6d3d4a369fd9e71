//! Trainings of a device's worker, sent with the reference data: the own ones and nobody else's.

use minicbor::{Decode, Encode};
use serde::Serialize;

/// A training 培训 at which the worker was.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, Default, Serialize)]
#[cbor(map)]
pub struct Training {
    /// The day, as `2026-05-01`.
    #[n(0)]
    pub on: String,
    /// What it was about.
    #[n(1)]
    pub topic: String,
}
