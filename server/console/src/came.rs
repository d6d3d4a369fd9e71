//! When something came to the office that was written before.

use qiaomen_server::review::words::time;

/// When it came: the time, with the day where that is another than the day of writing.
pub(crate) fn came(at_ms: u64, received_ms: u64) -> String {
    let (written, at) = (time(at_ms), time(received_ms));
    match (at.split_once(' '), written.split_once(' ')) {
        (Some((day, clock)), Some((before, _))) if day == before => clock.to_owned(),
        _ => at,
    }
}

#[cfg(test)]
mod tests {
    use super::came;

    #[test]
    fn the_day_is_told_where_it_is_another() {
        let at_ms = 1_778_000_000_000;
        assert_eq!(came(at_ms, at_ms + 60_000), "00:54");
        assert_eq!(came(at_ms, at_ms + 86_400_000), "2026-05-07 00:53");
    }
}
