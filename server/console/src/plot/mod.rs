//! Plots as SVG, drawn on the server: columns, rows, lines. Each has a title and a sentence that says what it shows,
//! carries its figures as a table, and is read without colour: series differ in filling, lines in dash and marks.

/// Standing bars, stacked, with faint lines behind them.
mod columns;
/// Lines with marks.
mod lines;
/// Lying bars with their names before them.
mod rows;
/// Numbers and names along the edges.
mod scale;

pub(crate) use columns::{HEIGHT as COLUMNS_HEIGHT, columns};
pub(crate) use lines::{HEIGHT as LINES_HEIGHT, lines};
pub(crate) use rows::{Rows, rows};
pub(crate) use scale::{cut, text_width};

use maud::{Markup, html};

/// Units across a plot. Text is 12 of them high.
pub(super) const WIDTH: f64 = 480.0;

/// How a series is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// Filled.
    Full,
    /// Hatched.
    Hatched,
    /// Outlined.
    Open,
    /// Filled, and a warning.
    Warning,
    /// A thin line behind the others.
    Faint,
}

impl Look {
    pub(super) fn class(self) -> &'static str {
        match self {
            Look::Full => "full",
            Look::Hatched => "hatched",
            Look::Open => "open",
            Look::Warning => "warning",
            Look::Faint => "faint",
        }
    }
    /// What fills it; the rest of its looks stands in the style.
    pub(super) fn fill(self) -> &'static str {
        match self {
            Look::Hatched => "url(#plot-hatch)",
            Look::Warning => "url(#plot-warning)",
            Look::Full | Look::Open | Look::Faint => "none",
        }
    }
}

/// A row of values with its name.
#[derive(Debug, Clone)]
pub(crate) struct Series {
    pub(crate) name: String,
    pub(crate) look: Look,
    pub(crate) values: Vec<u64>,
}

impl Series {
    pub(crate) fn new(name: impl Into<String>, look: Look, values: impl IntoIterator<Item = u64>) -> Self {
        Self { name: name.into(), look, values: values.into_iter().collect() }
    }
    pub(super) fn at(&self, n: usize) -> u64 {
        self.values.get(n).copied().unwrap_or(0)
    }
}

/// The series at one place, each with the sum of those below it.
pub(super) fn floors(stacked: &[Series], at: usize) -> Vec<(u64, &Series)> {
    let stack = |low: &mut u64, series: &'_ Series| {
        let floor = *low;
        *low += series.at(at);
        Some(floor)
    };
    stacked.iter().scan(0, stack).zip(stacked).collect()
}

/// A plot with everything that belongs to it.
#[derive(Debug)]
pub(crate) struct Panel<'p> {
    /// Unique on the page.
    pub(crate) id: &'p str,
    pub(crate) title: &'p str,
    /// Of which time, and what is counted.
    pub(crate) line: String,
    /// What can be seen in it, for whoever cannot.
    pub(crate) says: String,
    pub(crate) legend: Vec<(String, Look)>,
    /// The series are lines.
    pub(crate) as_lines: bool,
    /// Units down.
    pub(crate) height: f64,
    pub(crate) drawing: Markup,
    /// The same figures.
    pub(crate) table: Markup,
}

impl Panel<'_> {
    pub(crate) fn show(self) -> Markup {
        let (title_id, says_id) = (format!("{}-title", self.id), format!("{}-says", self.id));
        html! {
            section.panel.plot id=(self.id) {
                h2 { (self.title) }
                p.soft { (self.line) }
                @if self.legend.len() > 1 {
                    ul.legend { @for (name, look) in &self.legend { li { (swatch(*look, self.as_lines)) (name) } } }
                }
                svg viewBox={ "0 0 " (WIDTH) " " (n(self.height)) } role="img" aria-labelledby={ (title_id) " " (says_id) } {
                    title id=(title_id) { (self.title) }
                    desc id=(says_id) { (self.says) }
                    (self.drawing)
                }
                details.data {
                    summary { "看数字" }
                    div.scroll tabindex="0" role="region" aria-label={ (self.title) "的数字" } { (self.table) }
                }
            }
        }
    }
}

/// The fillings, once on a page, before the plots.
pub(crate) fn fillings() -> Markup {
    html! {
        svg.fillings width="0" height="0" aria-hidden="true" focusable="false" {
            defs {
                pattern id="plot-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                    rect.ground width="6" height="6" {}
                    rect.stroke width="2.4" height="6" {}
                }
                pattern id="plot-warning" width="5" height="5" patternUnits="userSpaceOnUse" {
                    rect.ground width="5" height="5" {}
                    path.stroke d="M0 0L5 5M5 0L0 5" {}
                }
            }
        }
    }
}

fn swatch(look: Look, as_line: bool) -> Markup {
    html! {
        svg.swatch viewBox="0 0 18 12" width="18" height="12" aria-hidden="true" {
            @if as_line {
                polyline.(look.class()) points="0,6 18,6" fill="none" {}
                (lines::mark(look, 9.0, 6.0, None))
            } @else if look == Look::Faint { path.faint d="M0 8L6 4L12 7L18 3" fill="none" {} }
            @else { rect.(look.class()) x="1" y="1" width="16" height="10" fill=(look.fill()) {} }
        }
    }
}

/// A number of a drawing, to a tenth of a unit.
pub(crate) fn n(x: f64) -> String {
    let text = format!("{x:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

/// A count as a length. Counts are far below what a float holds exactly.
#[allow(clippy::cast_precision_loss, reason = "counts of a community; drawn to a tenth of a unit")]
pub(crate) fn float(count: u64) -> f64 {
    count as f64
}
