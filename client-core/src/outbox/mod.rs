//! What have I not yet been thanked for? Each command stays here, with what was meant by it, until
//! the office has said that it is durable there; and beside the database, sealed to the office, in
//! the rescue file.

/// The rescue file.
pub mod rescue;
/// What was meant, kept as text.
mod intended;

pub use intended::Intended;

use qiaomen_proto::change::Stamp;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{CommandId, DeviceId};
use qiaomen_proto::seal::VerifyKey;
use qiaomen_proto::sentence::Sentence;
use qiaomen_proto::wire::auth::RECEIPT_CONTEXT;
use qiaomen_proto::wire::pull::receipt_message;

/// How a command of the outbox stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutboxState {
    /// To be sent.
    Pending,
    /// The office waits for something that it builds on; it is sent again.
    Waiting,
    /// The office will not take it; a person has to do something.
    Rejected,
    /// The office keeps it, and somebody there will look.
    Quarantined,
}

impl OutboxState {
    /// Every state.
    pub const ALL: [OutboxState; 4] =
        [OutboxState::Pending, OutboxState::Waiting, OutboxState::Rejected, OutboxState::Quarantined];
    /// Its name in the database.
    pub fn name(self) -> &'static str {
        match self {
            OutboxState::Pending => "pending",
            OutboxState::Waiting => "waiting",
            OutboxState::Rejected => "rejected",
            OutboxState::Quarantined => "quarantined",
        }
    }
    /// Back from its name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.name() == name)
    }
    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            OutboxState::Pending => "待送",
            OutboxState::Waiting => "等待前一条",
            OutboxState::Rejected => "退回",
            OutboxState::Quarantined => "待核",
        }
    }
    /// True where its changes lie over the base.
    pub fn is_unconfirmed(self) -> bool {
        matches!(self, OutboxState::Pending | OutboxState::Waiting)
    }
}

/// One command of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// Which.
    pub command: CommandId,
    /// Who, when.
    pub stamp: Stamp,
    /// What was meant.
    pub intent: Intended,
    /// How it stands.
    pub state: OutboxState,
    /// Number of the office's code; 0 if none.
    pub code: u16,
    /// A sentence of the device's own, where it could not be done again; else none.
    pub reason: Option<Sentence>,
    /// To be sent with nothing left out.
    pub in_full: bool,
    /// How often it was done again under a new actor.
    pub redone: u32,
    /// When, by the device's own clock.
    pub at_ms: u64,
}

impl OutboxRow {
    /// What a person reads about why it is not at the office: their own words first, then the office's.
    pub fn sentence(&self) -> Option<Sentence> {
        self.reason.clone().or_else(|| Code::from_number(self.code).map(Sentence::from))
    }
}

/// The office has this command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Which.
    pub command: CommandId,
    /// The request that it was confirmed in; 0 if it came down before it was confirmed.
    pub counter: u64,
    /// When, by the device's own clock.
    pub at_ms: u64,
    /// What was meant.
    pub intent: Intended,
    /// Eight bytes over its (document, hash) pairs.
    pub check: [u8; 8],
}

/// The office's signature that it has a command, durably: whoever has the office's public key can check
/// it, without this device and without the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The request that it was confirmed in.
    pub counter: u64,
    /// Eight bytes over the command's (document, hash) pairs; one of `checks`.
    pub check: [u8; 8],
    /// Which life of the office signed.
    pub incarnation: [u8; 16],
    /// Those of all commands of the request.
    pub checks: Vec<[u8; 8]>,
    /// Over [`qiaomen_proto::wire::pull::receipt_message`].
    pub signature: [u8; 64],
}

impl Proof {
    /// Whether this office signed it for this device.
    pub fn holds(&self, device: DeviceId, office: &VerifyKey) -> bool {
        let message = receipt_message(&self.incarnation, device, self.counter, &self.checks);
        self.checks.contains(&self.check) && office.verify(RECEIPT_CONTEXT, &message, &self.signature).is_ok()
    }
}
