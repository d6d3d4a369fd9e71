//! The devices in words: whose, how they stand, what they see, what taking one back would mean.

use crate::ingest::admit::Grant;
use crate::office::{Office, OfficeError};
use crate::people::SignedIn;
use crate::people::devices::{DeviceView, devices};
use crate::review::words;
use qiaomen_proto::ids::{DeviceId, StreamId, WorkerId};
use serde::Serialize;
use std::collections::HashMap;

/// A clock that is off by more than this is said: the office's corrections reach that far and no further.
const SKEW_MS_SHOWN: u64 = qiaomen_proto::limits::CLOCK_AHEAD_MS_MAX;
/// A device that was not in touch for this long is one to ask after.
const SILENT_MS: u64 = 24 * 3_600_000;

/// How a device stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It was not in touch for a day.
    Silent,
    /// It was in touch, and something was left on it.
    Pending,
    /// It was in touch, and nothing was left on it.
    Home,
    /// Its access was taken back.
    Revoked,
}

impl Standing {
    /// Every one, in the order of a list.
    pub const ALL: [Standing; 4] = [Standing::Silent, Standing::Pending, Standing::Home, Standing::Revoked];
    /// What people say.
    pub fn label(self) -> &'static str {
        match self {
            Standing::Silent => "一天没联系",
            Standing::Pending => "还有没送的",
            Standing::Home => "都送到了",
            Standing::Revoked => "已收回",
        }
    }
    fn of(device: &DeviceView, now_ms: u64) -> Self {
        match device.last_contact_ms {
            _ if device.revoked_ms.is_some() => Standing::Revoked,
            Some(at) if now_ms.saturating_sub(at) < SILENT_MS && device.pending_count == 0 => Standing::Home,
            Some(at) if now_ms.saturating_sub(at) < SILENT_MS => Standing::Pending,
            _ => Standing::Silent,
        }
    }
}

/// One device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeviceLine {
    /// Id.
    pub id: DeviceId,
    /// Its last letters, by which people tell two devices of one worker apart.
    pub short: String,
    /// Whose.
    pub worker: WorkerId,
    /// What the worker is called.
    pub worker_name: String,
    /// What people call the role.
    pub title: &'static str,
    /// How it stands.
    pub standing: Standing,
    /// When it became ours.
    pub enrolled_at: String,
    /// When it was last in touch.
    pub last_contact_at: Option<String>,
    /// How long ago that is.
    pub last_contact_ago: Option<String>,
    /// How many commands it last said are waiting.
    pub pending_count: u32,
    /// Its clock, where it is off.
    pub skew: Option<String>,
    /// Its app's version.
    pub version: String,
    /// What is to be known where its table of policies is another than the office's.
    pub policies: Option<String>,
    /// What it holds, in words.
    pub scope: Vec<String>,
    /// How often it fetched everything again.
    pub refetch_count: u32,
    /// Why, the last time.
    pub refetch_reason: Option<&'static str>,
    /// When its access was taken back.
    pub revoked_at: Option<String>,
    /// It was in touch after its access was taken back: it gave up what it had and was told to wipe.
    pub told_to_wipe: bool,
}

/// Every device that somebody sees: all for who sees everything, else those of who has one of the own grids, and
/// the own. Those to look at first.
pub fn device_lines(office: &Office, who: &SignedIn) -> Result<Vec<DeviceLine>, OfficeError> {
    let now_ms = office.now_ms();
    let all = devices(office)?;
    office.store().read(|tx| {
        let grids: HashMap<_, _> = tx
            .grids()?
            .into_iter()
            .map(|g| (StreamId::Grid(qiaomen_proto::ids::GridId::from_bytes(*g.id)), g.name))
            .collect();
        let mut lines = Vec::new();
        for device in all {
            let grant = Grant::at(tx, device.worker, device.role, now_ms)?;
            let own = device.worker == who.clerk;
            if who.sight.grids.is_some() && !own && !grant.grids.iter().any(|g| who.sight.sees(Some(*g))) {
                continue;
            }
            let streams: Vec<&StreamId> = grant.streams.iter().collect();
            lines.push(line(device, scope(&streams, &grids), now_ms));
        }
        lines.sort_by(|a, b| {
            (a.standing, &a.worker_name, &a.enrolled_at, a.id).cmp(&(b.standing, &b.worker_name, &b.enrolled_at, b.id))
        });
        Ok(lines)
    })
}

/// What a device holds, in words. A device of somebody who sees every grid is said to see all of them.
fn scope(streams: &[&StreamId], grids: &HashMap<StreamId, String>) -> Vec<String> {
    let seen: Vec<&String> = streams.iter().filter_map(|s| grids.get(s)).collect();
    let mut words = Vec::new();
    if seen.len() == grids.len() && seen.len() > 1 {
        words.push("全社区的台账和诉求".to_owned());
    } else {
        let mut names: Vec<String> = seen.into_iter().map(|name| format!("{name}的台账和诉求")).collect();
        names.sort();
        words.extend(names);
    }
    for stream in streams {
        if let StreamId::Department(name) = stream {
            words.push(format!("派给{name}的诉求"));
        }
    }
    words.push("派给本人的诉求".to_owned());
    words
}

fn line(device: DeviceView, scope: Vec<String>, now_ms: u64) -> DeviceLine {
    let id = device.id.to_string();
    let skew = device.skew_ms.unsigned_abs();
    let direction = if device.skew_ms > 0 { "快" } else { "慢" };
    DeviceLine {
        standing: Standing::of(&device, now_ms),
        short: id.get(id.len().saturating_sub(4)..).unwrap_or_default().to_owned(),
        id: device.id,
        worker: device.worker,
        worker_name: device.worker_name,
        title: device.title,
        enrolled_at: words::time(device.enrolled_ms),
        last_contact_at: device.last_contact_ms.map(words::time),
        last_contact_ago: device.last_contact_ms.map(|at| words::duration(now_ms.saturating_sub(at))),
        pending_count: device.pending_count,
        skew: (skew > SKEW_MS_SHOWN).then(|| format!("{direction} {}", words::duration(skew))),
        version: device.app_version,
        policies: device.policies,
        scope,
        refetch_count: device.refetch_count,
        refetch_reason: device.refetch_reason,
        revoked_at: device.revoked_ms.map(words::time),
        told_to_wipe: device.revoked_ms.is_some_and(|at| device.last_contact_ms.is_some_and(|last| last > at)),
    }
}
