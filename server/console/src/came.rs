//! How something came to the office. That a device was in touch a while before does not say that it had a signal when
//! this was written: it is called offline where that follows, and else only the time is told.

use qiaomen_server::review::words::time;

/// What takes longer to come was written without signal: with one it is sent as soon as it is written.
const AT_ONCE_MS: u64 = 60_000;
/// How the core's words for a device begin that was not in touch.
const WITHOUT_SIGNAL: &str = "离线";

/// When it came, and that it was written without signal, if it was.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Came {
    /// The time; with the day where that is another than the day of writing.
    pub(crate) at: String,
    /// How long the device had been without signal, or that it was.
    pub(crate) offline: Option<String>,
}

/// Of something that was written and came at these times; `gap` is how long its device had not been in touch, in words.
pub(crate) fn came(gap: &str, at_ms: u64, received_ms: u64) -> Came {
    let (written, at) = (time(at_ms), time(received_ms));
    let at = match (at.split_once(' '), written.split_once(' ')) {
        (Some((day, clock)), Some((before, _))) if day == before => clock.to_owned(),
        _ => at,
    };
    let late = received_ms.saturating_sub(at_ms) >= AT_ONCE_MS;
    let offline = match (gap.starts_with(WITHOUT_SIGNAL), late) {
        (true, _) => Some(gap.to_owned()),
        (false, true) => Some(format!("{WITHOUT_SIGNAL}写的")),
        (false, false) => None,
    };
    Came { at, offline }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT_MS: u64 = 1_778_000_000_000;

    #[test]
    fn what_came_at_once_has_a_time_and_what_came_late_or_after_a_gap_is_called_offline() {
        let at_once = Came { at: "00:53".to_owned(), offline: None };
        assert_eq!(came("在线", AT_MS, AT_MS + 3_000), at_once);
        let late = came("在线", AT_MS, AT_MS + AT_ONCE_MS);
        assert_eq!((late.at.as_str(), late.offline.as_deref()), ("00:54", Some("离线写的")));
        let gap = "离线 9 小时（自 2026-05-05 15:53 起）";
        assert_eq!(came(gap, AT_MS, AT_MS).offline.as_deref(), Some(gap));
        assert_eq!(came("之前没有联系过", AT_MS, AT_MS + 86_400_000).at, "2026-05-07 00:53");
    }
}
