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

    /// Draws the path of a page as a camera sees it, and has it read by another program.
    #[test]
    fn what_the_page_draws_is_what_a_camera_reads() {
        const PIXELS: usize = 4;
        let text = "qiaomen://enrol?server=http%3A%2F%2F192.168.1.10%3A8420&code=7F3K-9QXM-2B4C";
        let page = svg(text, "码").unwrap().into_string();
        let after = |mark: &str| page.split_once(mark).unwrap().1.split('"').next().unwrap().to_owned();
        let side: usize = after("viewBox=\"").rsplit(' ').next().unwrap().parse().unwrap();
        let mut dark = vec![false; side * side];
        for stroke in after("<path d=\"").split('z').filter(|s| !s.is_empty()) {
            let numbers: Vec<usize> =
                stroke.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect();
            let [x, y, run, ..] = numbers[..] else { panic!("{stroke}") };
            dark[y * side + x..y * side + x + run].fill(true);
        }
        let mut seen = rqrr::PreparedImage::prepare_from_greyscale(side * PIXELS, side * PIXELS, |x, y| {
            if dark[y / PIXELS * side + x / PIXELS] { 0 } else { 255 }
        });
        let codes = seen.detect_grids();
        assert_eq!(codes.len(), 1);
        assert_eq!(codes[0].decode().unwrap().1, text);
    }

    #[test]
    fn a_text_that_no_code_holds_is_refused() {
        assert!(svg(&"x".repeat(5_000), "").is_err());
        assert!(svg("qiaomen://enrol", "码").is_ok());
    }
}
