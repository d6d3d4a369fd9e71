//! From what a camera gives to what is kept. Pure: bytes in, bytes out. What comes out was drawn anew from the pixels,
//! so that nothing else of the file is in it: no place, no time, no name of a phone.

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder as _, ImageReader, Limits, Rgb, RgbImage};
use qiaomen_proto::entity::record::PhotoStage;
use qiaomen_proto::limits::PHOTO_BYTES_MAX;
use qiaomen_proto::seal::SEAL_OVERHEAD_BYTES;
use qiaomen_proto::sentence;
use qiaomen_proto::sentence::Sentence;
use std::io::Cursor;

/// A picture as a phone gives it: its best camera writes about 20 MB.
pub const SOURCE_BYTES_MAX: usize = 24 * 1024 * 1024;
/// Its pixels: 50 million is what today's phones have.
const SOURCE_PIXELS_MAX: u64 = 64_000_000;
/// One edge of it.
const SOURCE_EDGE_MAX: u32 = 16_384;
/// What taking it apart may use of a phone's memory: four bytes a pixel.
const DECODE_BYTES_MAX: u64 = 4 * SOURCE_PIXELS_MAX;
/// What is aimed at: eight seconds on 40 kB a second, and the writing on a meter is readable.
const WANTED_BYTES: usize = 300 * 1024;
/// The longer edge, and the quality, as they are tried one after the other.
const EDGES: [u32; 4] = [1600, 1280, 1024, 720];
const QUALITIES: [u8; 4] = [82, 74, 64, 54];

/// A photo as it is kept: a JPEG of its pixels and nothing else.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPhoto {
    /// The JPEG.
    pub jpeg: Vec<u8>,
    /// Pixels across.
    pub width: u16,
    /// Pixels down.
    pub height: u16,
    /// Before or after the work.
    pub stage: PhotoStage,
    /// When it was taken, where that is known and is not now.
    pub taken_ms: Option<u64>,
}

impl std::fmt::Debug for NewPhoto {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewPhoto({}×{}, {} bytes)", self.width, self.height, self.jpeg.len())
    }
}

/// Why a picture was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    /// Not JPEG, PNG or WebP, or damaged.
    #[error("not a picture that can be read")]
    NotAPicture,
    /// Too many bytes or pixels.
    #[error("a picture that is too large")]
    TooLarge,
}

impl PhotoError {
    /// What a person reads.
    pub fn sentence(self) -> Sentence {
        match self {
            PhotoError::NotAPicture => sentence!(
                "photo-not-a-picture",
                "这张图片认不出来，没有存。请用手机相机拍一张，或选 JPEG、PNG、WebP 格式的图片。"
            ),
            PhotoError::TooLarge => {
                sentence!("photo-too-large", "这张图片太大，没有存。请用手机相机的普通模式拍一张再选。")
            }
        }
    }
}

/// Makes a picture small, upright and plain.
pub fn shrink(source: &[u8], stage: PhotoStage) -> Result<NewPhoto, PhotoError> {
    if source.len() > SOURCE_BYTES_MAX {
        return Err(PhotoError::TooLarge);
    }
    let picture = plain(upright(source)?);
    let mut smallest: Option<(Vec<u8>, u32, u32)> = None;
    for edge in EDGES {
        let small = fitted(&picture, edge);
        for quality in QUALITIES {
            let mut jpeg = Vec::new();
            JpegEncoder::new_with_quality(&mut jpeg, quality)
                .encode_image(&small)
                .map_err(|_| PhotoError::NotAPicture)?;
            let is_smaller = smallest.as_ref().is_none_or(|(best, ..)| jpeg.len() < best.len());
            if is_smaller {
                smallest = Some((jpeg, small.width(), small.height()));
            }
            if smallest.as_ref().is_some_and(|(best, ..)| best.len() <= WANTED_BYTES) {
                return photo(smallest, stage);
            }
        }
    }
    photo(smallest, stage)
}

fn photo(made: Option<(Vec<u8>, u32, u32)>, stage: PhotoStage) -> Result<NewPhoto, PhotoError> {
    let (jpeg, width, height) = made.ok_or(PhotoError::NotAPicture)?;
    if jpeg.len() + SEAL_OVERHEAD_BYTES > PHOTO_BYTES_MAX {
        return Err(PhotoError::TooLarge);
    }
    let edge = |n: u32| u16::try_from(n).map_err(|_| PhotoError::TooLarge);
    Ok(NewPhoto { jpeg, width: edge(width)?, height: edge(height)?, stage, taken_ms: None })
}

/// The pixels, as somebody held the camera.
pub(super) fn upright(source: &[u8]) -> Result<DynamicImage, PhotoError> {
    let mut reader =
        ImageReader::new(Cursor::new(source)).with_guessed_format().map_err(|_| PhotoError::NotAPicture)?;
    let mut limits = Limits::no_limits();
    (limits.max_image_width, limits.max_image_height) = (Some(SOURCE_EDGE_MAX), Some(SOURCE_EDGE_MAX));
    limits.max_alloc = Some(DECODE_BYTES_MAX);
    reader.limits(limits);
    let wrong = |e: image::ImageError| match e {
        image::ImageError::Limits(_) => PhotoError::TooLarge,
        _ => PhotoError::NotAPicture,
    };
    let mut decoder = reader.into_decoder().map_err(wrong)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > SOURCE_PIXELS_MAX || decoder.total_bytes() > DECODE_BYTES_MAX {
        return Err(PhotoError::TooLarge);
    }
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(wrong)?;
    // Small first: turning takes as long as there are pixels.
    let [first, ..] = EDGES;
    let mut picture = if picture.width().max(picture.height()) > first {
        picture.resize(first, first, FilterType::Triangle)
    } else {
        picture
    };
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// On white, where something shone through.
pub(super) fn plain(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let over = picture.into_rgba8();
    let on_white = |colour: u8, alpha: u8| {
        let mixed = (u32::from(colour) * u32::from(alpha) + 255 * (255 - u32::from(alpha))) / 255;
        u8::try_from(mixed).unwrap_or(u8::MAX)
    };
    RgbImage::from_fn(over.width(), over.height(), |x, y| {
        let [r, g, b, a] = over.get_pixel(x, y).0;
        Rgb([on_white(r, a), on_white(g, a), on_white(b, a)])
    })
}

pub(super) fn fitted(picture: &RgbImage, edge: u32) -> RgbImage {
    let (width, height) = picture.dimensions();
    let longer = width.max(height);
    if longer <= edge {
        return picture.clone();
    }
    let scaled = |n: u32| (n * edge / longer).max(1);
    image::imageops::resize(picture, scaled(width), scaled(height), FilterType::Triangle)
}
