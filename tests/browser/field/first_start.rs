use super::app::App;
use super::screens::opens_a_door;
use crate::Chromium;
use crate::chromium::PHONE;
use crate::harness::Office;
use crate::harness::office::ledger;
use crate::harness::phone::PIN;
use crate::harness::picture::camera;
use crate::harness::wire::Moment;
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use qiaomen_proto::wire::enrol_link::EnrolLink;
use serde_json::Value;

#[test]
fn a_door_opens_and_a_visit_is_written_while_the_first_sync_is_still_fetching() {
    let office = Office::with(&ledger("community"));
    let staff = office.does(["staff"]);
    let worker = a_grid_worker(&staff);
    let app = App::new();
    let mut hand = app.browser(PHONE);
    // The code and the first page go through; the request for the second waits.
    office.wire.lets_through(2);
    app.enrols(&mut hand, &office, &worker);
    office.wire.stalled(Moment::AtTheGate);

    opens_a_door(&mut hand);
    hand.waits_for("#strip", "第一次同步");
    hand.clicks("button.deed.first");
    hand.waits_for("[role=status]", "已记下：见到了");
    hand.glimpse("field-first-sync-running");

    office.wire.opens();
    hand.waits_for("#strip", "全部送到");
    hand.opens("/diary");
    assert_eq!(hand.count(".paper .past li"), 1, "the visit is there");
    office.verifies();
}

#[test]
fn the_office_s_code_is_read_from_a_picture_of_it_and_one_that_shows_none_says_what_to_do() {
    let office = Office::with(&ledger("small"));
    let worker = a_grid_worker(&office.does(["staff"]));
    let app = App::new();
    let mut hand = app.browser(PHONE);
    hand.fits_a_thumb("the first start");
    hand.glimpse("field-first-start");

    let shoots = |hand: &mut Chromium, name: &str, picture: Vec<u8>| {
        let file = office.beside(name);
        std::fs::write(&file, picture).expect("a file");
        hand.chooses_file("[name=picture]", &file.to_string_lossy());
    };
    shoots(&mut hand, "stairs.jpg", camera(7, 900, 700));
    hand.waits_for("[role=alert]", "没认出二维码");
    hand.glimpse("field-first-start-no-code");
    shoots(&mut hand, "poster.jpg", of_code("https://example.org/"));
    hand.waits_for("[role=alert]", "不是社区的登记码");

    let link = EnrolLink { server: office.wire.url(), code: office.code(&worker) };
    shoots(&mut hand, "code.jpg", of_code(&link.to_string()));
    hand.waits_for("[role=status]", "登记码已填好");
    hand.fits_a_thumb("the code was read");
    hand.glimpse("field-first-start-code-read");
    hand.fills("[name=pin]", PIN);
    hand.fills("[name=again]", PIN);
    hand.clicks("button[type=submit]");
    hand.waits_for("#strip", "全部送到");
}

/// Somebody with a grid.
fn a_grid_worker(staff: &Value) -> String {
    let all = staff.as_array().or_else(|| staff["staff"].as_array()).expect("a list of staff");
    let one = all.iter().find(|m| m["role"] == "grid_worker" && m["grids"].as_array().is_some_and(|g| !g.is_empty()));
    one.and_then(|m| m["id"].as_str()).expect("a grid worker").to_owned()
}

/// A picture of this text as a code, as it stands on the office's screen.
fn of_code(text: &str) -> Vec<u8> {
    const PIXELS: usize = 7;
    const QUIET: usize = 4;
    let code = qrcode::QrCode::new(text).expect("a short text");
    let (wide, modules) = (code.width(), code.to_colors());
    let side = u32::try_from((wide + 2 * QUIET) * PIXELS).expect("a small picture");
    let picture = RgbImage::from_fn(side, side, |x, y| {
        let module = |n: u32| (usize::try_from(n).expect("a pixel") / PIXELS).wrapping_sub(QUIET);
        let (x, y) = (module(x), module(y));
        let dark = x < wide && y < wide && modules[y * wide + x] == qrcode::Color::Dark;
        Rgb([if dark { 30 } else { 235 }; 3])
    });
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 90).encode_image(&picture).expect("a picture");
    jpeg
}
