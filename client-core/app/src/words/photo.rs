use super::dotted;
use qiaomen_client::photo::{PhotoLine, PhotoState};

/// The photos of a matter.
pub(crate) fn list(photos: &[PhotoLine]) -> String {
    if photos.is_empty() {
        return "这件诉求没有照片。".to_owned();
    }
    let mut lines: Vec<String> = photos.iter().map(line).collect();
    lines.push(format!("共 {} 张", photos.len()));
    lines.join("\n")
}

fn line(photo: &PhotoLine) -> String {
    let size = format!("{}×{}", photo.width, photo.height);
    let name: String = photo.hash.chars().take(8).collect();
    format!("{name}  {}", dotted([Some(photo.stage_title), Some(&size), Some(&state(photo))]))
}

fn state(photo: &PhotoLine) -> String {
    match photo.state {
        PhotoState::Unsent => "还没送到".to_owned(),
        PhotoState::Sending => format!("送到 {}%", photo.percent),
        PhotoState::Sent => "已送到".to_owned(),
        PhotoState::Elsewhere => "不在这台终端上".to_owned(),
    }
}
