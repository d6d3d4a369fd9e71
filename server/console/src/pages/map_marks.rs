//! What the drawings of the map have in common: fillings, the mark of open matters, what a place says, the legend.

use crate::plot::{n, text_width};
use maud::{Markup, html};
use qiaomen_server::desk::map::{Figures, MapView, Shade, Step};

/// Height of a mark, and the least width.
const MARK: f64 = 18.0;
/// The largest number that a mark shows.
const SHOWN_MAX: u32 = 999;

/// The class of a step.
pub(super) fn class(step: Step) -> &'static str {
    match step {
        Step::Week => "week",
        Step::Month => "month",
        Step::Quarter => "quarter",
        Step::Older => "older",
        Step::Never => "never",
        Step::NoDoors => "no-doors",
    }
}
/// What fills a step: lines that stand closer the longer ago it was.
pub(super) fn fill(step: Step) -> &'static str {
    match step {
        Step::Week => "url(#map-week)",
        Step::Month => "url(#map-month)",
        Step::Quarter => "url(#map-quarter)",
        Step::Older => "url(#map-older)",
        Step::Never => "url(#map-never)",
        Step::NoDoors => "none",
    }
}

/// The fillings, once on a page, before the drawings. They differ in pattern, so that they are told apart in grey.
pub(super) fn fillings() -> Markup {
    html! {
        svg.fillings width="0" height="0" aria-hidden="true" focusable="false" {
            defs {
                (pattern("week", 12, html! {}))
                (pattern("month", 9, html! { circle.stroke.dot cx="4.5" cy="4.5" r="1.1" {} }))
                (pattern("quarter", 8, html! { path.stroke d="M-2 10L10 -2M-2 2L2 -2M6 10L10 6" {} }))
                (pattern("older", 6, html! { path.stroke d="M0 0L6 6M6 0L0 6" {} }))
                (pattern("never", 7, html! { path.stroke d="M3.5 0V7" {} }))
            }
        }
    }
}

fn pattern(step: &str, size: u8, drawing: Markup) -> Markup {
    html! {
        pattern.(step) id={ "map-" (step) } width=(size) height=(size) patternUnits="userSpaceOnUse" {
            rect.ground width=(size) height=(size) {}
            (drawing)
        }
    }
}

/// Units that a mark takes.
pub(super) fn mark_width(figures: &Figures) -> f64 {
    (text_width(&mark_text(figures)) + 8.0).max(MARK)
}

fn mark_text(figures: &Figures) -> String {
    let number = if figures.open > SHOWN_MAX { format!("{SHOWN_MAX}+") } else { figures.open.to_string() };
    if figures.overdue > 0 { format!("!{number}") } else { number }
}

/// Open matters, centred at a place: how many; with an exclamation mark and corners where some are overdue.
pub(super) fn mark(figures: &Figures, x: f64, y: f64) -> Markup {
    let width = mark_width(figures);
    let overdue = figures.overdue > 0;
    html! {
        @if figures.open > 0 {
            rect.pin.overdue[overdue] x=(n(x - width / 2.0)) y=(n(y - MARK / 2.0)) width=(n(width)) height=(n(MARK))
                rx=(if overdue { "2" } else { "9" }) {}
            text.pin.overdue[overdue] x=(n(x)) y=(n(y + 4.3)) text-anchor="middle" { (mark_text(figures)) }
        }
    }
}

/// What a place says to whoever does not see it, or points at it.
pub(super) fn says(view: &MapView, name: &str, figures: &Figures) -> String {
    let [_, month, quarter] = figures.within;
    let visits = match figures.doors {
        0 => "台账里没有户".to_owned(),
        doors => format!(
            "{doors} 户，30 天内走访到 {month} 户，90 天内 {quarter} 户，最近一次走访：{}",
            view.ago(figures.last_ms)
        ),
    };
    let open = match (figures.open, figures.overdue) {
        (0, _) => "没有没办结的诉求".to_owned(),
        (open, 0) => format!("没办结的诉求 {open} 件"),
        (open, overdue) => format!("没办结的诉求 {open} 件，其中逾期 {overdue} 件"),
    };
    format!("{name}：{visits}；{open}")
}

/// What shade and marks mean.
pub(super) fn legend(by: Shade) -> Markup {
    let what = match by {
        Shade::Last => "最近一次走访：",
        Shade::Half => "过半的户走访过：",
    };
    let (some, late) =
        (Figures { open: 3, ..Figures::default() }, Figures { open: 3, overdue: 1, ..Figures::default() });
    html! {
        div.legend.map-legend {
            span.soft { (what) }
            @for step in Step::ALL {
                span { svg.swatch viewBox="0 0 26 16" width="26" height="16" aria-hidden="true" {
                    rect.place.(class(step)) x="1" y="1" width="24" height="14" fill=(fill(step)) {}
                } (step.label(by)) }
            }
            span { svg.swatch viewBox="0 0 26 20" width="26" height="20" aria-hidden="true" { (mark(&some, 13.0, 10.0)) } "没办结的诉求，件" }
            span { svg.swatch viewBox="0 0 26 20" width="26" height="20" aria-hidden="true" { (mark(&late, 13.0, 10.0)) } "其中有逾期的" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_says_how_many_and_whether_some_are_late_without_colour() {
        let mark = |open, overdue| mark(&Figures { open, overdue, ..Figures::default() }, 0.0, 0.0).into_string();
        assert_eq!(mark(0, 0), "");
        assert!(mark(7, 0).contains(">7<") && !mark(7, 0).contains('!'));
        assert!(mark(7, 2).contains(">!7<"));
        assert!(mark(1_000, 0).contains(">999+<"));
    }
}
