use super::lines;
use qiaomen_server::people::devices::DeviceView;
use qiaomen_server::people::enrol::MadeCode;
use qiaomen_server::people::staff::StaffMember;
use qiaomen_server::review::words::{duration, time};

/// A clock that is off by more than this is said.
const SKEW_MS_SHOWN: u64 = 2 * 60 * 1000;

fn grids(member: &StaffMember) -> String {
    if member.grids.is_empty() { "全社区".to_owned() } else { member.grids.join("、") }
}

pub(crate) fn code(made: &MadeCode) -> String {
    lines([
        format!("登记码：{}", made.code),
        format!("给：{}（{}，{}）", made.worker.name, made.worker.title, grids(&made.worker)),
        if made.grid_given { "这个网格是刚刚给的。".to_owned() } else { String::new() },
        format!("用到 {} 为止，只能用一次，只显示这一次。", time(made.expires_ms)),
        format!("在终端上：qiaomen-field --home DIR enrol --server URL --code {}", made.code),
    ])
}

pub(crate) fn staff(staff: &[StaffMember]) -> String {
    if staff.is_empty() {
        return "花名册是空的。qiaomen import 可以导入。".to_owned();
    }
    let line = |m: &StaffMember| {
        let department = m.department.as_ref().map(|d| format!("，{d}")).unwrap_or_default();
        format!("{}  {}  {}（{}{department}）", m.id, m.name, m.title, grids(m))
    };
    lines(staff.iter().map(line))
}

pub(crate) fn devices(devices: &[DeviceView], now_ms: u64) -> String {
    if devices.is_empty() {
        return "还没有终端。qiaomen enrol 发一个登记码。".to_owned();
    }
    lines(devices.iter().map(|d| device(d, now_ms)))
}

fn device(d: &DeviceView, now_ms: u64) -> String {
    let mut said = vec![format!("{}  {}（{}）", d.id, d.worker_name, d.title)];
    match (d.revoked_ms, d.last_contact_ms) {
        (Some(at), _) => said.push(format!("{} 收回", time(at))),
        (None, Some(at)) => said.push(format!("上次联系 {}（{}前）", time(at), duration(now_ms.saturating_sub(at)))),
        (None, None) => said.push("没有联系过".to_owned()),
    }
    if d.pending_count > 0 {
        said.push(format!("当时还有 {} 件没送", d.pending_count));
    }
    let skew = d.skew_ms.unsigned_abs();
    if skew > SKEW_MS_SHOWN {
        said.push(format!("时间{} {}", if d.skew_ms > 0 { "快" } else { "慢" }, duration(skew)));
    }
    said.extend(d.policies.clone());
    if let (count @ 1.., Some(why)) = (d.refetch_count, d.refetch_reason) {
        said.push(format!("重新取过 {count} 次（{}）", why.trim_end_matches('。')));
    }
    said.join("，")
}

#[cfg(test)]
mod tests {
    use super::*;
    use qiaomen_proto::ids::{DeviceId, Role, WorkerId};

    #[test]
    fn a_device_that_is_not_home_and_whose_clock_is_off_is_said_so() {
        let now_ms = 1_778_000_000_000;
        let device = DeviceView {
            id: DeviceId::from_bytes([1; 16]),
            worker: WorkerId::from_bytes([2; 16]),
            worker_name: "王建国".to_owned(),
            role: Role::GridWorker,
            title: "网格员",
            enrolled_ms: 0,
            revoked_ms: None,
            last_contact_ms: Some(now_ms - 9 * 3_600_000),
            pending_count: 12,
            app_version: String::new(),
            skew_ms: 3 * 24 * 3_600_000,
            policies: None,
            refetch_count: 2,
            refetch_reason: Some("收到的内容核对不上，重新取一遍。"),
        };
        let said = devices(&[device], now_ms);
        assert!(
            said.ends_with("王建国（网格员），上次联系 2026-05-05 15:53（9 小时前），当时还有 12 件没送，时间快 3 天，重新取过 2 次（收到的内容核对不上，重新取一遍）"),
            "{said}"
        );
    }
}
