use super::scale::{cut, marks, text_width};
use super::{Series, WIDTH, float, floors, n};
use maud::{Markup, html};

/// Units down of one bar with its room, and of the marks below all.
const ROW: f64 = 26.0;
const BAR: f64 = 16.0;
const BELOW: f64 = 22.0;
const TOP: f64 = 4.0;
/// The most room for names.
const NAMES_MAX: f64 = 150.0;

/// Lying bars: what each is called, its stacked series, what stands behind it.
#[derive(Debug)]
pub(crate) struct Rows<'r> {
    pub(crate) labels: &'r [String],
    pub(crate) stacked: &'r [Series],
    /// A text at the end of each bar.
    pub(crate) ends: &'r [String],
    /// Where the axis ends; none: at a round number above the largest.
    pub(crate) top: Option<u64>,
    pub(crate) unit: &'r str,
}

/// Draws them; how high that is.
pub(crate) fn rows(rows: &Rows<'_>) -> (f64, Markup) {
    let total = |at: usize| rows.stacked.iter().map(|s| s.at(at)).sum::<u64>();
    let largest = (0..rows.labels.len()).map(total).max().unwrap_or(0);
    let marks = marks(rows.top.unwrap_or(largest));
    let top = marks.last().copied().unwrap_or(1);
    let left = rows.labels.iter().map(|l| text_width(l)).fold(0.0, f64::max).min(NAMES_MAX) + 8.0;
    let right = rows.ends.iter().map(|e| text_width(e)).fold(0.0, f64::max) + 10.0;
    let long = |value: u64| (WIDTH - left - right) * float(value) / float(top);
    let height = TOP + ROW * float(rows.labels.len() as u64) + BELOW;
    let ground = height - BELOW;
    let drawing = html! {
        @for mark in &marks {
            @let x = left + long(*mark);
            path.grid d={ "M" (n(x)) " " (n(TOP)) "V" (n(ground)) } {}
            text.mark x=(n(x)) y=(n(height - 6.0)) text-anchor="middle" { (mark) (rows.unit) }
        }
        @for (at, label) in rows.labels.iter().enumerate() {
            @let y = TOP + ROW * float(at as u64) + (ROW - BAR) / 2.0;
            text x=(n(left - 6.0)) y=(n(y + 12.5)) text-anchor="end" { title { (label) } (cut(label, NAMES_MAX)) }
            @for (low, series) in floors(rows.stacked, at) {
                @let value = series.at(at);
                @if value > 0 {
                    rect.(series.look.class()) x=(n(left + long(low))) y=(n(y)) width=(n(long(value))) height=(n(BAR))
                        fill=(series.look.fill()) {
                        title { (label) "：" (series.name) " " (value) (rows.unit) }
                    }
                }
            }
            @if let Some(end) = rows.ends.get(at) {
                text.value x=(n(left + long(total(at)) + 5.0)) y=(n(y + 12.5)) { (end) }
            }
        }
        path.axis d={ "M" (n(left)) " " (n(TOP)) "V" (n(ground)) } {}
    };
    (height, drawing)
}

#[cfg(test)]
mod tests {
    use super::super::Look;
    use super::*;

    #[test]
    fn bars_end_within_the_plot_and_say_their_value() {
        let (labels, ends) = (["管网".to_owned()], ["50%".to_owned()]);
        let shares = [Series::new("30 天内", Look::Full, [20]), Series::new("90 天内", Look::Hatched, [80])];
        let given = Rows { labels: &labels, stacked: &shares, ends: &ends, top: Some(100), unit: "%" };
        let (height, drawn) = rows(&given);
        let drawn = drawn.into_string();
        assert!((height - 52.0).abs() < 0.01);
        // Names take 32, ends 31: a hundredth is 4.17 units.
        assert!(
            drawn.contains("x=\"32\"") && drawn.contains("width=\"83.4\"") && drawn.contains("width=\"333.6\""),
            "{drawn}"
        );
        assert!(drawn.contains(">100%</text>") && drawn.contains("管网：90 天内 80%"), "{drawn}");
    }
}
