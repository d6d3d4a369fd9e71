use super::scale::{marks, stride, text_width};
use super::{Look, Series, WIDTH, float, n};
use maud::{Markup, html};

/// Units down, with what stands above and below the lines.
pub(crate) const HEIGHT: f64 = 238.0;
const TOP: f64 = 28.0;
const BOTTOM: f64 = 26.0;
const RIGHT: f64 = 14.0;
/// With more values than this a line has no marks: they would cover it.
const MARKED_MAX: usize = 26;
/// Half of a mark.
const MARK: f64 = 3.4;

/// Lines through the values of each series, with a mark at each: round for the first look, square for others.
pub(crate) fn lines(labels: &[String], series: &[Series], unit: &str) -> Markup {
    let highest = series.iter().flat_map(|s| s.values.iter().copied()).max().unwrap_or(0);
    let marks = marks(highest);
    let top = marks.last().copied().unwrap_or(1);
    let left = marks.iter().map(|m| text_width(&m.to_string())).fold(0.0, f64::max) + 8.0;
    let slot = (WIDTH - left - RIGHT) / float(labels.len().max(1) as u64);
    let ground = HEIGHT - BOTTOM;
    let y = |value: u64| ground - (ground - TOP) * float(value) / float(top);
    let x = |at: usize| left + slot * (float(at as u64) + 0.5);
    let every = stride(labels, slot);
    html! {
        @for mark in &marks {
            path.grid d={ "M" (n(left)) " " (n(y(*mark))) "H" (n(WIDTH - RIGHT)) } {}
            text.mark x=(n(left - 5.0)) y=(n(y(*mark) + 4.0)) text-anchor="end" { (mark) }
        }
        text.mark x="2" y="10" { (unit) }
        @for one in series {
            polyline.(one.look.class()) fill="none" points=(path(one, labels.len(), x, y)) {}
        }
        @for (at, label) in labels.iter().enumerate() {
            @for one in series {
                @let value = one.at(at);
                @if labels.len() <= MARKED_MAX {
                    (mark(one.look, x(at), y(value), Some(&format!("{label}：{} {value} {unit}", one.name))))
                }
            }
            // The last name stands in any case: it is now.
            @if (labels.len() - 1 - at).is_multiple_of(every) {
                text.mark x=(n(x(at))) y=(n(HEIGHT - 8.0)) text-anchor="middle" { (label) }
            }
        }
        path.axis d={ "M" (n(left)) " " (n(ground)) "H" (n(WIDTH - RIGHT)) } {}
    }
}

/// A mark of a series, with what it says.
pub(super) fn mark(look: Look, x: f64, y: f64, says: Option<&str>) -> Markup {
    html! {
        @if look == Look::Full {
            circle.full cx=(n(x)) cy=(n(y)) r=(n(MARK)) { @if let Some(says) = says { title { (says) } } }
        } @else {
            rect.(look.class()) x=(n(x - MARK)) y=(n(y - MARK)) width=(n(2.0 * MARK)) height=(n(2.0 * MARK)) {
                @if let Some(says) = says { title { (says) } }
            }
        }
    }
}

fn path(series: &Series, count: usize, x: impl Fn(usize) -> f64, y: impl Fn(u64) -> f64) -> String {
    let points: Vec<String> = (0..count).map(|at| format!("{},{}", n(x(at)), n(y(series.at(at))))).collect();
    points.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_a_mark_for_each_value_while_there_is_room_and_the_last_name_stands() {
        let drawn = |weeks: u64| {
            let labels: Vec<String> = (1..=weeks).map(|w| format!("{w}/5")).collect();
            let found = Series::new("发现", Look::Full, (0..weeks).map(|w| w % 5));
            let decided = Series::new("裁定", Look::Open, (0..weeks).map(|w| w % 3));
            lines(&labels, &[found, decided], "处").into_string()
        };
        let (few, many) = (drawn(12), drawn(52));
        assert_eq!((few.matches("<circle").count(), few.matches("<rect").count()), (12, 12));
        assert_eq!((many.matches("<circle").count(), many.matches("<polyline").count()), (0, 2));
        assert!(many.contains(">52/5</text>") && !many.contains(">51/5</text>"));
    }
}
