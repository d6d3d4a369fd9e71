//! A text as a picture for a camera: one path in an SVG, drawn here, so that nothing is put into a page unescaped.

use crate::refusal::Refusal;
use maud::{Markup, html};
use qiaomen_proto::error::Code;
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write as _;

/// Light modules around the code: readers ask for four.
const QUIET: usize = 4;

/// The code; `label` says to those who do not see it what it is.
pub(crate) fn svg(text: &str, label: &str) -> Result<Markup, Refusal> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| Code::TooLarge)?;
    let side = code.width() + 2 * QUIET;
    Ok(html! {
        svg.qr viewBox={ "0 0 " (side) " " (side) } role="img" aria-label=(label) shape-rendering="crispEdges" {
            rect width=(side) height=(side) fill="#fff" {}
            path d=(path(&code.to_colors(), code.width())) fill="#000" {}
        }
    })
}

/// Dark modules as strokes of one row each.
fn path(modules: &[Color], width: usize) -> String {
    let mut path = String::new();
    for (y, row) in modules.chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&Color::Dark) {
                // Writing to a string does not fail.
                let _ = write!(path, "M{} {}h{}v1h-{}z", x + QUIET, y + QUIET, run.len(), run.len());
            }
            x += run.len();
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dark_module_is_drawn_once_and_no_light_one() {
        let modules = [Color::Dark, Color::Dark, Color::Light, Color::Light, Color::Dark, Color::Light];
        assert_eq!(path(&modules, 3), "M4 4h2v1h-2zM5 5h1v1h-1z");
    }

    #[test]
    fn a_text_that_no_code_holds_is_refused() {
        assert!(svg(&"x".repeat(5_000), "").is_err());
        assert!(svg("qiaomen://enrol", "码").is_ok());
    }
}
