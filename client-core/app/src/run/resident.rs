use super::edit::edit;
use super::household::day;
use super::named;
use crate::answer::Answer;
use crate::args::{Registration, ResidentCommand};
use crate::failure::Failure;
use crate::words;
use qiaomen_client::{Device, Intent};
use qiaomen_proto::change::Answer as Said;
use qiaomen_proto::ids::{DocId, Kind};

pub(super) fn run(device: &mut Device, what: &ResidentCommand) -> Result<Answer, Failure> {
    match what {
        ResidentCommand::Add(registration) => register(device, registration),
        ResidentCommand::Show { resident } => {
            let (id, _) = named::resident(device, resident)?;
            let page = device.resident(id)?;
            Ok(Answer::new(&page, words::person::page(&page)))
        }
        ResidentCommand::Correct { resident, field, value } => answered(device, resident, field, value.answer()),
        ResidentCommand::Refuse { resident, field } => answered(device, resident, field, Said::Refused),
        ResidentCommand::Unknown { resident, field } => answered(device, resident, field, Said::Unknown),
        ResidentCommand::Move { resident, to, on } => {
            let (resident, about) = named::resident(device, resident)?;
            let (to, _) = named::door(device, to)?;
            let on = day(device, on.as_deref())?;
            edit(device, &about, Intent::MoveResident { resident, to, on })
        }
        ResidentCommand::Out { resident, on } => {
            let (resident, about) = named::resident(device, resident)?;
            let on = day(device, on.as_deref())?;
            edit(device, &about, Intent::MoveOut { resident, on })
        }
        ResidentCommand::Note { resident, text } => {
            let (resident, about) = named::resident(device, resident)?;
            edit(device, &about, Intent::Note { doc: DocId::from(resident), text: text.clone() })
        }
    }
}

fn answered(device: &mut Device, resident: &str, field: &str, answer: Said<String>) -> Result<Answer, Failure> {
    let (resident, about) = named::resident(device, resident)?;
    let field = named::field_of(Kind::Resident, field)?;
    let about = format!("{about} {}", field.label);
    edit(device, &about, Intent::CorrectResident { resident, field: field.name.to_owned(), answer })
}

fn register(device: &mut Device, registration: &Registration) -> Result<Answer, Failure> {
    let (household, about) = named::door(device, &registration.door)?;
    let typed = registration.typed().into_iter().map(|(name, typed)| (name.to_owned(), named::answer(typed)));
    let mut fields: Vec<(String, Said<String>)> = typed.collect();
    for (names, answer) in [(&registration.refused, Said::Refused), (&registration.unknown, Said::Unknown)] {
        for name in names {
            let field = named::field_of(Kind::Resident, name)?;
            if fields.iter().any(|(known, _)| known == field.name) {
                return Err(Failure::usage(format!("“{}”写了两次，不知道按哪个记。", field.label)));
            }
            fields.push((field.name.to_owned(), answer.clone()));
        }
    }
    edit(device, &about, Intent::RegisterResident { household, fields })
}
