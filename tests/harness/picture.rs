//! Pictures as a phone's camera writes them: with the place where they were taken, and held upright.

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};

/// What stands in the picture's file beside its pixels, and must not leave the phone.
pub(crate) const SECRET_IN_FILE: &str = "GPS 49.2815N 120.7293E phone of Wang";

/// A picture of this many pixels, with a place and the word that it lies on its side.
pub(crate) fn camera(seed: u64, width: u32, height: u32) -> Vec<u8> {
    let mut dice = fastrand::Rng::with_seed(seed);
    let picture = RgbImage::from_fn(width, height, |x, y| {
        let shade = |n: u32| u8::try_from((n / 8) % 200).expect("a shade");
        let noise = dice.u8(0..24);
        // Left half dark, so that it can be seen how it was turned.
        let base = if x < width / 2 { 10 } else { 120 };
        Rgb([base + noise, shade(x) / 2 + noise, shade(y) / 2 + noise])
    });
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 90).encode_image(&picture).expect("a picture");
    with_exif(&jpeg)
}

/// The same with an EXIF part: orientation 6 (turn right), and a GPS directory with text in it.
fn with_exif(jpeg: &[u8]) -> Vec<u8> {
    let text = SECRET_IN_FILE.as_bytes();
    let mut tiff: Vec<u8> = b"MM\x00\x2a\x00\x00\x00\x08".to_vec();
    // Two entries: orientation, and where the directory of the place stands.
    tiff.extend([0, 2]);
    tiff.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]);
    tiff.extend([0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 38]);
    tiff.extend([0, 0, 0, 0]);
    // The directory of the place: one entry, GPSProcessingMethod, which is this text.
    tiff.extend([0, 1]);
    tiff.extend([0, 0x1b, 0, 7]);
    tiff.extend(u32::try_from(text.len()).expect("a short text").to_be_bytes());
    tiff.extend([0, 0, 0, 56]);
    tiff.extend([0, 0, 0, 0]);
    tiff.extend(text);
    let mut part = b"Exif\x00\x00".to_vec();
    part.extend(tiff);
    let mut whole = vec![0xff, 0xd8, 0xff, 0xe1];
    whole.extend(u16::try_from(part.len() + 2).expect("a short part").to_be_bytes());
    whole.extend(part);
    whole.extend(&jpeg[2..]);
    whole
}
