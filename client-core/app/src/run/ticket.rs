use super::edit::{Makes, edit, edited};
use super::{named, photo};
use crate::answer::Answer;
use crate::args::{Advance, Report, Size, TicketCommand, Tickets, WhichTickets};
use crate::failure::Failure;
use crate::words;
use qiaomen_client::query::steps::step_called;
use qiaomen_client::query::{TicketFilter, TicketHeap};
use qiaomen_client::{Device, Intent};
use qiaomen_proto::entity::record::PhotoStage;
use qiaomen_proto::ids::DocId;
use qiaomen_proto::merge::fold::{EventKind, satisfaction_from_title};

pub(super) fn run(device: &mut Device, what: &TicketCommand) -> Result<Answer, Failure> {
    match what {
        TicketCommand::Report(report) => self::report(device, report),
        TicketCommand::Advance(advance) => self::advance(device, advance),
        TicketCommand::List(which) => list(device, which),
        TicketCommand::Show { ticket } => {
            let (id, _) = named::ticket(device, ticket)?;
            let page = device.ticket(id)?;
            Ok(Answer::new(&page, words::ticket::page(&page)))
        }
        TicketCommand::Photo(what) => photo::attach(device, what),
        TicketCommand::Photos { ticket, out } => photo::list(device, ticket, out.as_deref()),
        TicketCommand::Note { ticket, text } => {
            let (ticket, about) = named::ticket(device, ticket)?;
            edit(device, &about, Intent::Note { doc: DocId::from(ticket), text: text.clone() })
        }
    }
}

fn report(device: &mut Device, report: &Report) -> Result<Answer, Failure> {
    let household = report.door.as_deref().map(|d| named::door(device, d)).transpose()?.map(|(id, _)| id);
    let building = report.building.as_deref().map(|b| named::building(device, b)).transpose()?;
    let intent = Intent::ReportTicket {
        category: report.category.clone(),
        size: match report.size {
            Size::Small => "小事",
            Size::Big => "大事",
        }
        .to_owned(),
        source: report.source.clone(),
        household,
        building,
        unit: report.unit.clone(),
        text: report.text.clone(),
        reporter: report.reporter.clone(),
    };
    let photos = photo::read(&report.photos, PhotoStage::Before)?;
    edited(device, &report.text, Makes::of(&intent), |device| device.report_with_photos(intent, &photos))
}

fn advance(device: &mut Device, advance: &Advance) -> Result<Answer, Failure> {
    let (ticket, about) = named::ticket(device, &advance.ticket)?;
    let step = step_called(&advance.step).ok_or_else(|| {
        let steps: Vec<String> =
            EventKind::ALL.iter().skip(1).map(|k| format!("{}（{}）", k.title(), k.name())).collect();
        Failure::usage(format!("没有“{}”这一步。可以写：{}。", advance.step, steps.join("、")))
    })?;
    let satisfaction = advance
        .satisfaction
        .as_deref()
        .map(|typed| satisfaction_from_title(typed).ok_or_else(|| Failure::usage("评价请写：满意、基本满意或不满意。")))
        .transpose()?;
    let other = advance.other.as_deref().map(|o| named::ticket(device, o)).transpose()?.map(|(id, _)| id);
    let intent = Intent::AdvanceTicket {
        ticket,
        event: step.number(),
        party: advance.party.clone(),
        due_on: advance.due.clone(),
        satisfaction,
        other,
        text: advance.note.clone(),
    };
    edit(device, &about, intent)
}

fn list(device: &Device, which: &Tickets) -> Result<Answer, Failure> {
    let household = which.door.as_deref().map(|d| named::door(device, d)).transpose()?.map(|(id, _)| id.to_string());
    let heap = match which.which {
        WhichTickets::Open => TicketHeap::Open,
        WhichTickets::Overdue => TicketHeap::Overdue,
        WhichTickets::Mine => TicketHeap::Mine,
        WhichTickets::Over => TicketHeap::Over,
        WhichTickets::All => TicketHeap::All,
    };
    let tickets = device.tickets(&TicketFilter { heap, category: which.category.clone(), household })?;
    Ok(Answer::new(&tickets, words::ticket::list(&tickets)))
}
