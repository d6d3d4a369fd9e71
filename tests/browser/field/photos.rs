use super::app::App;
use super::screens::opens_a_door;
use crate::chromium::{DESKTOP, PHONE};
use crate::desk;
use crate::harness::Office;
use crate::harness::picture::camera;

#[test]
fn a_picture_is_attached_without_signal_and_seen_at_the_office_s_desk() {
    let mut office = Office::with_ledger();
    let app = App::new();
    let mut hand = app.browser(PHONE);
    app.begins(&mut hand, &office, "马桂");
    let picture = |name: &str, seed: u64| {
        let path = office.beside(name);
        std::fs::write(&path, camera(seed, 2_000, 1_500)).expect("a picture");
        path.to_string_lossy().into_owned()
    };
    let (before, after) = (picture("before.jpg", 1), picture("after.jpg", 2));
    let text = office.beside("text.jpg");
    std::fs::write(&text, "no picture").expect("a file");

    office.kill();
    opens_a_door(&mut hand);
    hand.clicks("a.deed[href^='/ticket/new']");
    hand.clicks("a.picture-button");
    hand.fills("[name=text]", "三楼楼道的灯不亮");
    hand.chooses_file("[name=photos]", &before);
    hand.fits_a_thumb("a new matter with a photo");
    hand.glimpse("field-ticket-new-photo");
    hand.clicks("main button[type=submit]");
    hand.waits_for("[role=status]", "已上报");
    let matter = hand.url();
    assert_eq!(hand.count("#photos img"), 1);
    hand.waits_for("#photos", "还没送到");

    // Done: a second one, and a file that is none.
    hand.clicks("#photos summary");
    hand.chooses_file("[name=photos]", &text.to_string_lossy());
    hand.clicks("#photos button[type=submit]");
    hand.waits_for("[role=alert]", "这张图片认不出来");
    hand.opens(&matter);
    hand.clicks("#photos summary");
    hand.clicks("#photos label:has([value=after])");
    hand.chooses_file("[name=photos]", &after);
    hand.fits_a_thumb("photos of a matter");
    hand.clicks("#photos button[type=submit]");
    hand.waits_for("[role=status]", "照片已存好");
    assert_eq!(hand.count("#photos img"), 2);
    hand.fits_a_thumb("two photos");
    hand.glimpse("field-ticket-photos");
    hand.opens("/outbox");
    hand.waits_for("#photos-to-go", "2");
    hand.fits_a_thumb("photos to go");
    hand.glimpse("field-outbox-photos");

    office.serve();
    hand.opens("/sync");
    hand.clicks("main button[type=submit]");
    hand.waits_for("#strip", "全部送到");
    hand.opens(&matter);
    hand.waits_for("#photos", "已送到");
    office.verifies();

    let id = matter.rsplit('/').next().and_then(|end| end.split(['?', '#']).next()).expect("an id");
    let mut desk = desk(&office, DESKTOP);
    assert_eq!(desk.opens(&format!("/tickets/{id}")), 200);
    desk.waits_for("#photos", "办理前");
    desk.waits_for("#photos", "办理后");
    assert_eq!(desk.count("#photos img"), 2);
    desk.waits_for_picture("#photos img");
    desk.is_sound("the matter's page with photos");
    desk.picture("console-ticket-photos");
}
