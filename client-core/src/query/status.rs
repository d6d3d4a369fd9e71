//! How this device stands: whose it is, what is not at the office, whether both sides have the same.

use super::sight::Sight;
use crate::enrol::{APP_VERSION, Identity};
use crate::outbox::OutboxState;
use crate::store::StoreError;
use crate::store::meta::name;
use qiaomen_proto::change::Clock;
use qiaomen_proto::entity::policy::Tables;
use qiaomen_proto::entity::spec::POLICY_VERSION;
use qiaomen_proto::ids::{GridId, Role};
use qiaomen_proto::merge::digest::Digest;
use qiaomen_proto::sentence;
use qiaomen_proto::sentence::Sentence;
use qiaomen_proto::wire::WIRE_VERSION;
use serde::Serialize;

/// A device's clock may be this far off before anybody is told.
const SKEW_MS_MAX: u64 = 2 * 60 * 1000;

/// How a device stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatusPage {
    /// True once it is somebody's.
    pub enrolled: bool,
    /// Whose.
    pub worker: Option<String>,
    /// The name.
    pub worker_name: Option<String>,
    /// The role.
    pub role: Option<Role>,
    /// The role in Chinese.
    pub role_title: Option<&'static str>,
    /// The device's id.
    pub device: Option<String>,
    /// The community.
    pub community: Option<String>,
    /// Where the office is.
    pub server: Option<String>,
    /// The worker's grids; none means the whole community.
    pub grids: Vec<GridLine>,
    /// Commands to be sent.
    pub pending: u64,
    /// Commands that the office cannot take yet.
    pub waiting: u64,
    /// Commands that the office refused.
    pub rejected: u64,
    /// Commands that the office keeps and looks at.
    pub quarantined: u64,
    /// Photos that the office does not have whole.
    pub photos_unsent: u64,
    /// Looks at masked values that the office has not said to have.
    pub looks_unsent: u64,
    /// True if at the last sync both sides had the same, and nothing was done since.
    pub complete: bool,
    /// One number over everything that the office confirmed.
    pub digest: String,
    /// The office's number, as it last told it.
    pub office_digest: String,
    /// Each stream with both numbers.
    pub streams: Vec<StreamLine>,
    /// When the office last answered, in milliseconds since 1970 by the office's clock.
    pub last_contact_ms: Option<u64>,
    /// The same as people read it.
    pub last_contact: Option<String>,
    /// The office's clock minus this device's, in milliseconds.
    pub clock_offset_ms: i64,
    /// What is wrong with this device's clock, in words; none if it is right.
    pub clock_skew: Option<Sentence>,
    /// Doors here.
    pub doors: u64,
    /// People here who have not moved out.
    pub residents: u64,
    /// Matters here that are open.
    pub open_tickets: u64,
    /// Documents here.
    pub documents: u64,
    /// How often everything had to be fetched again.
    pub refetch_count: u64,
    /// Version of the app.
    pub app_version: &'static str,
    /// Version of the wire.
    pub wire_version: u16,
    /// Version of the table of policies.
    pub policy_version: u32,
    /// What is to be known where the office's table is of another version, in words; none if it is the same.
    pub policy_differs: Option<Sentence>,
    /// Version of the reference data; 0 if none came yet.
    pub reference_version: u64,
}

/// A grid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GridLine {
    /// Id.
    pub grid: String,
    /// Name.
    pub name: String,
}

/// A stream with both digests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StreamLine {
    /// Its name.
    pub stream: String,
    /// Own digest.
    pub digest: String,
    /// The office's.
    pub office_digest: String,
    /// Whether they agree.
    pub equal: bool,
}

/// How this device stands.
pub(crate) fn status(sight: &Sight<'_>, identity: Option<&Identity>, wall_ms: u64) -> Result<StatusPage, StoreError> {
    let tx = sight.tx;
    let clock: Clock = tx.cbor(name::CLOCK)?.unwrap_or_default();
    let (pending, waiting) = (tx.count_in(OutboxState::Pending)?, tx.count_in(OutboxState::Waiting)?);
    let mut own = Digest::default();
    let mut office = Digest::default();
    let mut streams = Vec::new();
    for (stream, here, there) in tx.digests()? {
        own = own.with(here);
        office = office.with(there);
        streams.push(StreamLine {
            stream,
            digest: here.to_string(),
            office_digest: there.to_string(),
            equal: here == there,
        });
    }
    let last_contact_ms = Some(tx.number(name::LAST_CONTACT_MS)?).filter(|at| *at > 0).map(|at| clock.corrected_ms(at));
    let (doors, residents, open_tickets) = tx.book_counts()?;
    let looks_unsent = tx.looks_unsent()?;
    let photos_unsent = u64::try_from(tx.photos_unsent()?.len()).unwrap_or(u64::MAX);
    let reference = sight.reference;
    Ok(StatusPage {
        enrolled: identity.is_some(),
        worker: identity.map(|i| i.worker().to_string()),
        worker_name: identity.map(|i| sight.worker(i.worker())).transpose()?,
        role: identity.map(Identity::role),
        role_title: identity.map(|i| i.role().title()),
        device: identity.map(|i| i.device().to_string()),
        community: Some(reference.community.clone()).filter(|c| !c.is_empty()),
        server: identity.map(|i| i.server().to_owned()),
        grids: grids(sight, identity),
        pending,
        waiting,
        rejected: tx.count_in(OutboxState::Rejected)?,
        quarantined: tx.count_in(OutboxState::Quarantined)?,
        photos_unsent,
        looks_unsent,
        complete: tx.number(name::COMPLETE)? == 1
            && [pending, waiting, looks_unsent] == [0; 3]
            // Those of a command that was refused go nowhere, and that is told where it is shown.
            && tx.photos_to_send()?.is_empty()
            && own == office,
        digest: own.to_string(),
        office_digest: office.to_string(),
        streams,
        last_contact: last_contact_ms.map(|at| sight.time(at)),
        last_contact_ms,
        clock_offset_ms: clock.offset_ms,
        clock_skew: skew(clock.offset_ms).filter(|_| wall_ms > 0),
        doors,
        residents,
        open_tickets,
        documents: tx.document_count()?,
        refetch_count: tx.number(name::REFETCH_COUNT)?,
        app_version: APP_VERSION,
        wire_version: WIRE_VERSION,
        policy_version: POLICY_VERSION,
        policy_differs: policy_differs(tx.number(name::OFFICE_POLICY)?),
        reference_version: reference.version,
    })
}

fn grids(sight: &Sight<'_>, identity: Option<&Identity>) -> Vec<GridLine> {
    let Some(info) = identity.and_then(|i| sight.reference.worker(i.worker())) else { return Vec::new() };
    info.grids
        .iter()
        .map(|id| GridId::from_bytes(**id).to_string())
        .map(|grid| GridLine { name: sight.grid(&grid).unwrap_or_default(), grid })
        .collect()
}

/// How far this device's clock is off, in words.
fn skew(offset_ms: i64) -> Option<Sentence> {
    let off = offset_ms.unsigned_abs();
    if off <= SKEW_MS_MAX {
        return None;
    }
    // Measured to some milliseconds: three days less a moment are three days.
    let minutes = (off + 30_000) / 60_000;
    let (hours, days) = (minutes / 60, minutes / (24 * 60));
    let span = match (days, hours) {
        (1.., _) => sentence!("time-days", "{n} 天", n = days),
        (0, 1..) => sentence!("time-hours", "{n} 小时", n = hours),
        (0, 0) => sentence!("time-minutes", "{n} 分钟", n = minutes),
    };
    Some(if offset_ms < 0 {
        sentence!(
            "clock-fast",
            "这台终端的时间快了 {span}。记录已按社区的时间写，不影响；请在系统设置里校正。",
            span = span
        )
    } else {
        sentence!(
            "clock-slow",
            "这台终端的时间慢了 {span}。记录已按社区的时间写，不影响；请在系统设置里校正。",
            span = span
        )
    })
}

/// What it means that the office's table of policies is of this version; 0 if it has not said.
fn policy_differs(office: u64) -> Option<Sentence> {
    let office = u32::try_from(office).unwrap_or(u32::MAX);
    if office == 0 { None } else { Tables::of(POLICY_VERSION, office).sentence() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_off_is_told_in_the_largest_unit() {
        assert_eq!(skew(60_000), None);
        assert!(skew(-3 * 86_400_000).unwrap().text().contains("快了 3 天"));
        assert!(skew(-3 * 86_400_000 + 250).unwrap().text().contains("快了 3 天"));
        assert!(skew(2 * 3_600_000).unwrap().text().contains("慢了 2 小时"));
        assert!(skew(-5 * 60_000).unwrap().text().contains("快了 5 分钟"));
    }
}
