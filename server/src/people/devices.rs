//! The devices: whose, how they stand, and taking one's access back.

use super::audit::{self, Deed};
use super::staff::Names;
use crate::office::{Office, OfficeError};
use qiaomen_proto::entity::spec::POLICY_VERSION;
use qiaomen_proto::ids::{DeviceId, Role, WorkerId};
use qiaomen_proto::wire::heal::AgainReason;
use serde::Serialize;
use std::cmp::Ordering;

/// A device as the office sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeviceView {
    /// Id.
    pub id: DeviceId,
    /// Whose.
    pub worker: WorkerId,
    /// What the worker is called.
    pub worker_name: String,
    /// In which role.
    pub role: Role,
    /// What people call the role.
    pub title: &'static str,
    /// When it became ours.
    pub enrolled_ms: u64,
    /// When its access was taken back.
    pub revoked_ms: Option<u64>,
    /// When it was last in touch; none if never since it was enrolled.
    pub last_contact_ms: Option<u64>,
    /// How many commands it last said are waiting.
    pub pending_count: u32,
    /// Its app's version.
    pub app_version: String,
    /// Its clock minus the office's.
    pub skew_ms: i64,
    /// What is to be known where its table of policies is of another version than the office's, in words.
    pub policies: Option<String>,
    /// How often it has fetched everything again.
    pub refetch_count: u32,
    /// Why, the last time, in words.
    pub refetch_reason: Option<&'static str>,
}

/// What a table of policies of this version on a device means; none if it is the office's.
fn other_policies(version: u32) -> Option<String> {
    let what_to_do = match version.cmp(&POLICY_VERSION) {
        Ordering::Equal => return None,
        Ordering::Less => "请更新这台终端的应用",
        Ordering::Greater => "请更新社区的程序",
    };
    Some(format!(
        "合并规则是第 {version} 版，社区是第 {POLICY_VERSION} 版：有分歧的栏目，它暂时显示的可能和社区不同，{what_to_do}"
    ))
}

/// Every device, in the order in which they came.
pub fn devices(office: &Office) -> Result<Vec<DeviceView>, OfficeError> {
    office.store().read(|tx| {
        let mut names = Names::default();
        let mut list = Vec::new();
        for d in tx.devices()? {
            let (refetch_count, reason) = tx.refetches(d.id)?;
            list.push(DeviceView {
                id: d.id,
                worker: d.worker,
                worker_name: names.of(office, tx, d.worker)?,
                role: d.role,
                title: d.role.title(),
                enrolled_ms: d.enrolled_ms,
                revoked_ms: d.revoked_ms,
                last_contact_ms: d.last_contact_ms,
                pending_count: d.pending_count,
                app_version: d.app_version,
                skew_ms: d.skew_ms,
                policies: d.policy_version.and_then(other_policies),
                refetch_count,
                refetch_reason: AgainReason::from_number(reason).map(AgainReason::sentence),
            });
        }
        Ok(list)
    })
}

/// Takes a device's access back. What it still holds is kept for the office at its next contact, then
/// it is told to wipe. False if there is no such device, or it was revoked before.
pub fn revoke(office: &Office, device: DeviceId, by: WorkerId) -> Result<bool, OfficeError> {
    let inner = office.clone();
    office.store().write(move |tx| {
        if tx.device(device)?.is_none_or(|d| d.revoked_ms.is_some()) {
            return Ok(false);
        }
        tx.revoke_device(device, inner.now_ms())?;
        audit::note(&inner, tx, by, Deed::DeviceRevoked, Some(device.as_bytes()))?;
        Ok(true)
    })
}
