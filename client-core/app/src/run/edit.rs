//! One edit, and what is answered to it.

use crate::answer::Answer;
use crate::failure::Failure;
use qiaomen_client::edit::{resident_of, ticket_of};
use qiaomen_client::{Device, EditError, Intent};
use qiaomen_proto::ids::CommandId;
use serde::Serialize;

/// What is answered to an edit.
#[derive(Debug, Serialize)]
struct Edited {
    /// The command's id.
    command: String,
    /// What was done, in words.
    sentence: String,
    /// The document that it is about, as `kind/id`.
    document: Option<String>,
    /// The resident that it made.
    #[serde(skip_serializing_if = "Option::is_none")]
    resident: Option<String>,
    /// The matter that it made.
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket: Option<String>,
    /// The door that it made.
    #[serde(skip_serializing_if = "Option::is_none")]
    household: Option<String>,
    /// Commands that the office has not confirmed, with this one.
    unsent: usize,
}

/// Does it. `about` says in words what it was about, where it fails.
pub(crate) fn edit(device: &mut Device, about: &str, intent: Intent) -> Result<Answer, Failure> {
    edited(device, about, Makes::of(&intent), |device| device.edit(intent))
}

/// What an edit makes that was not there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Makes {
    Resident,
    Ticket,
    Door,
    Nothing,
}

impl Makes {
    pub(crate) fn of(intent: &Intent) -> Self {
        match intent {
            Intent::RegisterResident { .. } => Makes::Resident,
            Intent::ReportTicket { .. } => Makes::Ticket,
            Intent::RegisterHousehold { .. } => Makes::Door,
            _ => Makes::Nothing,
        }
    }
}

/// The same for whatever comes to one command.
pub(crate) fn edited(
    device: &mut Device,
    about: &str,
    makes: Makes,
    act: impl FnOnce(&mut Device) -> Result<CommandId, EditError>,
) -> Result<Answer, Failure> {
    let command = act(device).map_err(|e| Failure::from(e).about(about))?;
    let outbox = device.outbox()?;
    let id = command.to_string();
    let said = outbox.iter().find(|line| line.command == id).map(|line| line.said.clone()).unwrap_or_default();
    let edited = Edited {
        resident: (makes == Makes::Resident).then(|| resident_of(command).to_string()),
        ticket: (makes == Makes::Ticket).then(|| ticket_of(command).to_string()),
        household: said
            .document
            .as_deref()
            .filter(|_| makes == Makes::Door)
            .and_then(|d| d.split_once('/'))
            .map(|(_, id)| id.to_owned()),
        command: id,
        document: said.document,
        sentence: said.sentence,
        unsent: outbox.iter().filter(|line| line.state.is_unconfirmed()).count(),
    };
    let made = [&edited.resident, &edited.ticket, &edited.household].into_iter().flatten().next();
    let made = made.map(|id| format!("\n编号 {id}")).unwrap_or_default();
    let text = format!("已记下：{}{made}\n还有 {} 件没送到社区。", edited.sentence, edited.unsent);
    Ok(Answer::new(&edited, text))
}
