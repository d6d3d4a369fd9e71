use super::edit::edit;
use super::named;
use crate::answer::Answer;
use crate::args::{Contact, ContactOutcome, Patrol, Seen};
use crate::failure::Failure;
use qiaomen_client::{Device, Intent};
use qiaomen_proto::entity::record::Outcome;

impl ContactOutcome {
    fn outcome(self) -> Outcome {
        match self {
            ContactOutcome::Met => Outcome::Met,
            ContactOutcome::NotHome => Outcome::NotHome,
            ContactOutcome::Refused => Outcome::Refused,
        }
    }
}

pub(super) fn visit(device: &mut Device, contact: &Contact) -> Result<Answer, Failure> {
    let (household, about) = named::door(device, &contact.door)?;
    edit(device, &about, Intent::Visit { household, outcome: contact.outcome.outcome(), note: contact.note.clone() })
}

pub(super) fn call(device: &mut Device, contact: &Contact) -> Result<Answer, Failure> {
    let (household, about) = named::door(device, &contact.door)?;
    edit(device, &about, Intent::Call { household, outcome: contact.outcome.outcome(), note: contact.note.clone() })
}

pub(super) fn take_back(device: &mut Device, entry: &str) -> Result<Answer, Failure> {
    let gone = || Failure::problem("not_here", "今天的日志里没有这一条：已经撤回了，或者不是今天记的、不是您记的。");
    let found = device.to_take_back(entry.parse().map_err(|_| gone())?)?.ok_or_else(gone)?;
    let about = found.entry.place.unwrap_or_else(|| found.entry.kind_title.to_owned());
    edit(device, &about, found.intent)
}

pub(super) fn patrol(device: &mut Device, patrol: &Patrol) -> Result<Answer, Failure> {
    let building = patrol.building.as_deref().map(|b| named::building(device, b)).transpose()?;
    let outcome = match patrol.outcome {
        Seen::Clear => Outcome::Clear,
        Seen::Found => Outcome::Found,
    };
    let about = patrol.building.as_deref().unwrap_or("巡查");
    edit(device, about, Intent::Patrol { building, outcome, note: patrol.note.clone() })
}
