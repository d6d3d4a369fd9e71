//! The team of the demonstration: who they are, and their devices.

use super::DemoError;
use super::network::{Link, WrongDate};
use qiaomen_client::transport::HttpTransport;
use qiaomen_client::{Device, Host, Intent, SyncReport, SystemHost};
use qiaomen_proto::ids::{CommandId, Role};
use qiaomen_server::desk::roster::day_at;
use qiaomen_server::office::Office;
use qiaomen_server::people::enrol::enrol_code;
use qiaomen_server::people::staff::{StaffMember, staff};
use qiaomen_server::people::trainings::{self, TrainingTold};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// One of the team.
pub(crate) struct Member {
    /// Who.
    pub(crate) name: String,
    /// Role, as people call it.
    pub(crate) title: &'static str,
    /// Id.
    pub(crate) worker: [u8; 16],
    /// The device.
    pub(crate) device: Device,
    /// Where its files are.
    pub(crate) home: PathBuf,
    /// Whether its date is today's.
    pub(crate) dated_right: bool,
    /// What it confirmed today.
    pub(crate) done: Vec<CommandId>,
    url: String,
}

/// Milliseconds of three days.
const THREE_DAYS_MS: u64 = 3 * 24 * 3600 * 1000;
/// Everybody's PIN in the demonstration.
pub(crate) const PIN: &str = "246810";

/// Chooses two workers and the leader of one grid, and a worker and the leader of another.
pub(crate) fn choose(office: &Office) -> Result<Vec<StaffMember>, DemoError> {
    let all = staff(office).map_err(DemoError::office)?;
    let of = |role: Role, grid: &str| -> Vec<StaffMember> {
        all.iter().filter(|m| m.role == role && m.grids.iter().any(|g| g == grid)).cloned().collect()
    };
    let mut grids: Vec<String> = Vec::new();
    for member in &all {
        for grid in &member.grids {
            if !grids.contains(grid) {
                grids.push(grid.clone());
            }
        }
    }
    let first = grids
        .iter()
        .find(|g| of(Role::GridWorker, g).len() >= 2 && !of(Role::GridLeader, g).is_empty())
        .ok_or(DemoError::TooSmall)?;
    let second = grids
        .iter()
        .find(|g| *g != first && !of(Role::GridWorker, g).is_empty() && !of(Role::GridLeader, g).is_empty())
        .ok_or(DemoError::TooSmall)?;
    let mut team: Vec<StaffMember> = of(Role::GridWorker, first).into_iter().take(2).collect();
    team.extend(of(Role::GridLeader, first).into_iter().take(1));
    team.extend(of(Role::GridWorker, second).into_iter().take(1));
    team.extend(of(Role::GridLeader, second).into_iter().take(1));
    Ok(team)
}

/// Before they go out they were shown how: that stands among their trainings.
pub(crate) fn train(office: &Office, team: &[StaffMember]) -> Result<(), DemoError> {
    let there = team.iter().map(|member| member.id).collect();
    let told = TrainingTold { on: day_at(office.now_ms()).to_string(), topic: "手机怎么用".to_owned(), there };
    trainings::put(office, None, told, office.own_worker()).map(drop).map_err(DemoError::other)
}

/// Enrols a device. The fourth member's date is three days ahead.
pub(crate) fn enrol(
    office: &Office,
    url: &str,
    dir: &Path,
    number: usize,
    who: &StaffMember,
) -> Result<Member, DemoError> {
    let code = enrol_code(office, &who.id.to_string(), None, office.own_worker()).map_err(DemoError::other)?;
    let home = dir.join(format!("device-{}", number + 1));
    let dated_right = number != 3;
    let host: Box<dyn Host> =
        if dated_right { Box::new(SystemHost) } else { Box::new(WrongDate { ahead_ms: THREE_DAYS_MS }) };
    let mut device = Device::create(&home, PIN, host).map_err(DemoError::other)?;
    let mut http = HttpTransport::new(url);
    device.enrol(&mut http, url, &code.code.to_string()).map_err(DemoError::other)?;
    let (name, title, worker) = (who.name.clone(), who.title, *who.id.as_bytes());
    Ok(Member { name, title, worker, device, home, dated_right, done: Vec::new(), url: url.to_owned() })
}

impl Member {
    /// One sync over a link that loses its first replies.
    pub(crate) fn sync(&mut self, lose: u32) -> Result<SyncReport, DemoError> {
        let mut link = Link::new(HttpTransport::new(&self.url), lose);
        self.device.sync(&mut link, &mut |_| {}, &AtomicBool::new(false)).map_err(DemoError::other)
    }

    /// A day's work. What is no change is skipped; what is refused stops the demonstration.
    pub(crate) fn work(&mut self, day: Vec<Intent>) -> Result<usize, DemoError> {
        let before = self.done.len();
        for intent in day {
            match self.device.edit(intent) {
                Ok(command) => self.done.push(command),
                Err(qiaomen_client::EditError::NothingToChange { .. }) => {}
                Err(error) => return Err(DemoError::other(error)),
            }
        }
        Ok(self.done.len() - before)
    }
}
