//! The office's code out of a picture of it: what a camera saw, or a picture that was sent on.

use super::shrink::{PhotoError, SOURCE_BYTES_MAX, fitted, plain, upright};
use image::RgbImage;
use image::imageops::grayscale;
use std::panic::catch_unwind;

/// Edges at which the code is looked for, one after the other: large pictures hold too much noise, small ones too
/// little of the code.
const EDGES: [u32; 3] = [1000, 1600, 500];

/// The text of the first code that can be read in a picture; none where there is none.
pub fn read_code(source: &[u8]) -> Result<Option<String>, PhotoError> {
    if source.len() > SOURCE_BYTES_MAX {
        return Err(PhotoError::TooLarge);
    }
    let picture = plain(upright(source)?);
    // The reader of codes was written for pictures and not for enemies: what it cannot cope with is no code.
    Ok(EDGES.into_iter().find_map(|edge| catch_unwind(|| read_at(&picture, edge)).ok().flatten()))
}

fn read_at(picture: &RgbImage, edge: u32) -> Option<String> {
    let grey = grayscale(&fitted(picture, edge));
    let (width, height) = (usize::try_from(grey.width()).ok()?, usize::try_from(grey.height()).ok()?);
    let dark = grey.as_raw();
    let mut seen = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| dark[y * width + x]);
    seen.detect_grids().into_iter().find_map(|grid| grid.decode().ok()).map(|(_, text)| text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::codecs::jpeg::JpegEncoder;
    use image::{Rgb, RgbImage};
    use qrcode::{Color, QrCode};

    const TEXT: &str = "qiaomen://enrol?server=http%3A%2F%2F192.168.1.10%3A8420&code=7F3K-9QXM-2B4C";

    /// A code as a hand-held camera sees it on a grey screen: this many pixels a module, leaning, unevenly lit.
    fn seen(text: &str, module: u32, lean: u32, turned: bool) -> Vec<u8> {
        let code = QrCode::new(text).unwrap();
        let modules = code.to_colors();
        let wide = u32::try_from(code.width()).unwrap();
        let side = (wide + 20) * module;
        let at = |x: u32, y: u32| -> u8 {
            let (x, y) = (x + y * lean / 100, y);
            let (x, y) = ((x / module).checked_sub(10), (y / module).checked_sub(10));
            match (x, y) {
                (Some(x), Some(y)) if x < wide && y < wide => {
                    let dark = modules[usize::try_from(y * wide + x).unwrap()] == Color::Dark;
                    if dark { 40 } else { 210 }
                }
                _ => 200,
            }
        };
        let picture = RgbImage::from_fn(side, side, |x, y| {
            let (u, v) = if turned { (y, side - 1 - x) } else { (x, y) };
            let light = u8::try_from(30 * u64::from(x) / u64::from(side)).unwrap();
            Rgb([at(u, v) + light; 3])
        });
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, 80).encode_image(&picture).unwrap();
        jpeg
    }

    #[test]
    fn a_code_is_read_near_and_far_leaning_and_on_its_side() {
        for (module, lean, turned) in [(4, 0, false), (6, 5, true), (40, 8, false)] {
            let read = read_code(&seen(TEXT, module, lean, turned)).unwrap();
            assert_eq!(read.as_deref(), Some(TEXT), "{module} pixels a module, leaning {lean}, turned: {turned}");
        }
    }

    #[test]
    fn a_picture_without_a_code_says_none_and_what_is_no_picture_is_told_apart() {
        let mut grey = Vec::new();
        let plain = RgbImage::from_pixel(300, 200, Rgb([120; 3]));
        JpegEncoder::new_with_quality(&mut grey, 80).encode_image(&plain).unwrap();
        assert_eq!(read_code(&grey), Ok(None));
        assert_eq!(read_code(b"qiaomen://enrol"), Err(PhotoError::NotAPicture));
        assert_eq!(read_code(&vec![0; SOURCE_BYTES_MAX + 1]), Err(PhotoError::TooLarge));
    }
}
