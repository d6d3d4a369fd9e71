//! What is done: a command line in, an answer out.

/// Enrolment and sync: what needs the office.
mod office;
/// Doors.
mod household;
/// People.
mod resident;
/// Visits, calls, patrols.
mod contact;
/// Matters.
mod ticket;
/// Photos of matters.
mod photo;
/// What is only read.
mod read;
/// Documents as files.
mod export;
/// The screens in a browser.
mod app;
/// What somebody named on the command line.
mod named;
/// One edit, and what is answered to it.
mod edit;

use crate::answer::Answer;
use crate::args::{Cli, Command};
use crate::failure::Failure;
use crate::pin;
use qiaomen_client::{Device, SystemHost};
use std::path::Path;

/// Runs one command.
pub(crate) fn run(cli: &Cli) -> Result<Answer, Failure> {
    let home = cli
        .home
        .as_deref()
        .ok_or_else(|| Failure::usage("还缺：--home DIR，放数据的文件夹。加 --help 可以看说明和例子。"))?;
    if let Command::Enrol { server, code } = &cli.command {
        return office::enrol(home, cli.pin_file.as_deref(), server, code);
    }
    if let Command::App { open } = &cli.command {
        app::run(home, *open, cli.json)?;
        return Ok(Answer::new(&serde_json::json!({ "closed": true }), "已关掉。"));
    }
    let mut device = open(home, cli.pin_file.as_deref())?;
    on(&mut device, &cli.command, cli.json)
}

fn open(home: &Path, pin_file: Option<&Path>) -> Result<Device, Failure> {
    if !home.exists() {
        return Err(Failure::problem(
            "not_here",
            format!("{} 还没有数据。请先用 enrol 登记这台终端。", home.display()),
        ));
    }
    let pin = pin::known(pin_file)?;
    Ok(Device::open(home, &pin, Box::new(SystemHost))?)
}

/// One command on an open device.
pub(crate) fn on(device: &mut Device, command: &Command, quiet: bool) -> Result<Answer, Failure> {
    match command {
        Command::App { .. } => Err(Failure::usage("应用要在打开数据之前启动。")),
        Command::Enrol { .. } => Err(Failure::usage("登记要在打开数据之前做。")),
        Command::Today => read::today(device),
        Command::Doors(which) => read::doors(device, which),
        Command::Door { door } => read::door(device, door),
        Command::Search { text } => read::search(device, text),
        Command::Household(what) => household::run(device, what),
        Command::Resident(what) => resident::run(device, what),
        Command::Visit(contact) => contact::visit(device, contact),
        Command::Call(contact) => contact::call(device, contact),
        Command::Patrol(patrol) => contact::patrol(device, patrol),
        Command::TakeBack { entry } => contact::take_back(device, entry),
        Command::Ticket(what) => ticket::run(device, what),
        Command::Outbox { rescue, discard } => read::outbox(device, *rescue, discard.as_deref()),
        Command::Sync => office::sync(device, quiet),
        Command::Status => read::status(device),
        Command::History(what) => read::history(device, what),
        Command::Conflicts { all } => read::conflicts(device, *all),
        Command::Export { documents } => export::export(device, documents),
    }
}
