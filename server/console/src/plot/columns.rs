use super::scale::{marks, stride, text_width};
use super::{Series, WIDTH, float, floors, n};
use maud::{Markup, html};

/// Units down, with what stands above and below the bars.
pub(crate) const HEIGHT: f64 = 238.0;
const TOP: f64 = 28.0;
const BOTTOM: f64 = 26.0;
const RIGHT: f64 = 6.0;
/// The widest bar.
const BAR_MAX: f64 = 46.0;

/// Standing bars, the series of each stacked from the ground, and lines of other days behind them.
pub(crate) fn columns(labels: &[String], stacked: &[Series], behind: &[Series], unit: &str) -> Markup {
    let total = |at: usize| stacked.iter().map(|s| s.at(at)).sum::<u64>();
    let highest = (0..labels.len()).map(total).chain(behind.iter().flat_map(|s| s.values.iter().copied())).max();
    let marks = marks(highest.unwrap_or(0));
    let top = marks.last().copied().unwrap_or(1);
    let left = marks.iter().map(|m| text_width(&m.to_string())).fold(0.0, f64::max) + 8.0;
    let slot = (WIDTH - left - RIGHT) / float(labels.len().max(1) as u64);
    let bar = (slot * 0.72).min(BAR_MAX);
    let tall = |value: u64| (HEIGHT - TOP - BOTTOM) * float(value) / float(top);
    let ground = HEIGHT - BOTTOM;
    let centre = |at: usize| left + slot * (float(at as u64) + 0.5);
    let every = stride(labels, slot);
    html! {
        @for mark in &marks {
            @let y = ground - tall(*mark);
            path.grid d={ "M" (n(left)) " " (n(y)) "H" (n(WIDTH - RIGHT)) } {}
            text.mark x=(n(left - 5.0)) y=(n(y + 4.0)) text-anchor="end" { (mark) }
        }
        text.mark x="2" y="10" { (unit) }
        @for series in behind {
            polyline.(series.look.class()) fill="none" points=(points(series, labels.len(), centre, |v| ground - tall(v))) {
                title { (series.name) }
            }
        }
        @for (at, label) in labels.iter().enumerate() {
            @for (low, series) in floors(stacked, at) {
                @let value = series.at(at);
                @if value > 0 {
                    rect.(series.look.class()) x=(n(centre(at) - bar / 2.0)) y=(n(ground - tall(low + value)))
                        width=(n(bar)) height=(n(tall(value))) fill=(series.look.fill()) {
                        title { (label) "：" (series.name) " " (value) " " (unit) }
                    }
                }
            }
            @let all = total(at);
            @if all > 0 && text_width(&all.to_string()) <= slot {
                text.value x=(n(centre(at))) y=(n(ground - tall(all) - 4.0)) text-anchor="middle" { (all) }
            }
            @if at.is_multiple_of(every) {
                text.mark x=(n(centre(at))) y=(n(HEIGHT - 8.0)) text-anchor="middle" { (label) }
            }
        }
        path.axis d={ "M" (n(left)) " " (n(ground)) "H" (n(WIDTH - RIGHT)) } {}
    }
}

fn points(series: &Series, count: usize, x: impl Fn(usize) -> f64, y: impl Fn(u64) -> f64) -> String {
    let points: Vec<String> = (0..count).map(|at| format!("{},{}", n(x(at)), n(y(series.at(at))))).collect();
    points.join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::Look;
    use super::*;

    #[test]
    fn bars_stand_on_each_other_and_what_is_nothing_is_not_drawn() {
        let labels = ["甲".to_owned(), "乙".to_owned()];
        let (low, high) = (Series::new("下", Look::Full, [2, 0]), Series::new("上", Look::Open, [2, 0]));
        let drawn = columns(&labels, &[low, high], &[], "件").into_string();
        assert_eq!(drawn.matches("<rect").count(), 2, "{drawn}");
        // Four of four reach the top: 184 units; each half of it.
        assert!(
            drawn.contains("y=\"120\"") && drawn.contains("y=\"28\"") && drawn.contains("height=\"92\""),
            "{drawn}"
        );
        assert!(drawn.contains(">4</text>") && drawn.contains("甲：上 2 件"));
    }

    #[test]
    fn a_name_from_outside_is_no_markup() {
        let drawn = columns(&["<script>".to_owned()], &[Series::new("<b>", Look::Full, [1])], &[], "件").into_string();
        assert!(!drawn.contains("<script>") && !drawn.contains("<b>"), "{drawn}");
    }
}
