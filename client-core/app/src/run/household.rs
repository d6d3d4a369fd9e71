use super::edit::edit;
use super::named;
use crate::answer::Answer;
use crate::args::{HouseholdCommand, Value};
use crate::failure::Failure;
use qiaomen_client::{Device, Intent};
use qiaomen_proto::ids::{DocId, HouseholdId, Kind};

pub(super) fn run(device: &mut Device, what: &HouseholdCommand) -> Result<Answer, Failure> {
    match what {
        HouseholdCommand::Add { building, unit, room } => {
            let about = format!("{building}{unit}{room}");
            let building = named::building(device, building)?;
            edit(device, &about, Intent::RegisterHousehold { building, unit: unit.clone(), room: room.clone() })
        }
        HouseholdCommand::Correct { door, field, value } => {
            let (household, about) = named::door(device, door)?;
            let field = named::field_of(Kind::Household, field)?;
            let about = format!("{about} {}", field.label);
            edit(
                device,
                &about,
                Intent::CorrectHousehold { household, field: field.name.to_owned(), answer: value.answer() },
            )
        }
        HouseholdCommand::Refuse { door, people, withdraw } => {
            let (household, about) = named::door(device, door)?;
            edit(device, &about, Intent::RefuseDoor { household, people_count: *people, withdrawn: *withdraw })
        }
        HouseholdCommand::Occupy { door, kind, head, since } => {
            let (household, about) = named::door(device, door)?;
            let head = head.as_deref().map(|h| named::resident(device, h)).transpose()?.map(|(id, _)| id);
            edit(device, &about, Intent::OpenOccupancy { household, kind: kind.clone(), head, since: since.clone() })
        }
        HouseholdCommand::Vacate { door, row, until } => {
            let (household, about) = named::door(device, door)?;
            let row = match row {
                Some(row) => row.clone(),
                None => only_occupancy(device, household).map_err(|f| f.about(&about))?,
            };
            let until = day(device, until.as_deref())?;
            edit(device, &about, Intent::CloseOccupancy { household, row, until })
        }
        HouseholdCommand::Note { door, text } => {
            let (household, about) = named::door(device, door)?;
            edit(device, &about, Intent::Note { doc: DocId::from(household), text: text.clone() })
        }
    }
}

/// The one occupancy that has not ended.
fn only_occupancy(device: &Device, household: HouseholdId) -> Result<String, Failure> {
    let page = device.door(household)?;
    let current: Vec<_> = page.occupancies.iter().filter(|o| o.current).collect();
    match current.as_slice() {
        [only] => Ok(only.row.clone()),
        [] => Err(Failure::problem("no_occupancy", "没有登记着的住户，不用记搬走。")),
        several => {
            let rows: Vec<&str> = several.iter().map(|o| o.row.as_str()).collect();
            Err(Failure::problem(
                "ambiguous",
                format!("有 {} 个住户，请用 --row 写明哪一个：{}。", rows.len(), rows.join("、")),
            ))
        }
    }
}

/// The day that was typed, or today.
pub(super) fn day(device: &Device, typed: Option<&str>) -> Result<String, Failure> {
    match typed {
        Some(day) => Ok(day.to_owned()),
        None => Ok(device.date()?),
    }
}

impl Value {
    /// The answer that was typed.
    pub(super) fn answer(&self) -> qiaomen_proto::change::Answer<String> {
        use qiaomen_proto::change::Answer;
        match &self.value {
            Some(typed) => named::answer(typed),
            None if self.refused => Answer::Refused,
            None if self.unknown => Answer::Unknown,
            None => Answer::Cleared,
        }
    }
}
