use super::edit::{Makes, edited};
use super::named;
use crate::answer::Answer;
use crate::args::{Photo, Stage};
use crate::failure::Failure;
use crate::words;
use qiaomen_client::Device;
use qiaomen_client::photo::{NewPhoto, PhotoError, SOURCE_BYTES_MAX, shrink};
use qiaomen_proto::entity::record::PhotoStage;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

pub(super) fn attach(device: &mut Device, what: &Photo) -> Result<Answer, Failure> {
    let (ticket, about) = named::ticket(device, &what.ticket)?;
    let stage = match what.stage {
        Stage::Before => PhotoStage::Before,
        Stage::After => PhotoStage::After,
        Stage::Other => PhotoStage::Other,
    };
    let photos = read(&what.files, stage)?;
    edited(device, &about, Makes::Nothing, |device| device.attach_photos(ticket, &photos))
}

/// Pictures out of files, made small and plain.
pub(super) fn read(files: &[PathBuf], stage: PhotoStage) -> Result<Vec<NewPhoto>, Failure> {
    files.iter().map(|file| one(file, stage)).collect()
}

fn one(file: &Path, stage: PhotoStage) -> Result<NewPhoto, Failure> {
    let failed = |_| Failure::problem("cannot_read", format!("读不了 {}。请看看路径和权限。", file.display()));
    let mut bytes = Vec::new();
    let limit = u64::try_from(SOURCE_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
    File::open(file).and_then(|f| f.take(limit).read_to_end(&mut bytes)).map_err(failed)?;
    shrink(&bytes, stage).map_err(|e| {
        let code = match e {
            PhotoError::NotAPicture => "not_a_picture",
            PhotoError::TooLarge => "too_large",
        };
        Failure::problem(code, e.sentence().to_string()).about(&file.display().to_string())
    })
}

pub(super) fn list(device: &Device, ticket: &str, out: Option<&Path>) -> Result<Answer, Failure> {
    let (ticket, _) = named::ticket(device, ticket)?;
    let photos = device.photos(ticket)?;
    if let Some(out) = out {
        let failed = |path: &Path| {
            let sentence = format!("写不了 {}。请看看路径、权限和存储空间。", path.display());
            move |_| Failure::problem("cannot_write", sentence)
        };
        fs::create_dir_all(out).map_err(failed(out))?;
        for photo in photos.iter().filter(|photo| photo.here) {
            let Some(jpeg) = device.photo(&photo.hash)? else { continue };
            let path = out.join(format!("{}.jpg", photo.hash));
            fs::write(&path, jpeg).map_err(failed(&path))?;
        }
    }
    Ok(Answer::new(&photos, words::photo::list(&photos)))
}
