use super::app::App;
use crate::Chromium;
use crate::chromium::PHONE;

#[test]
fn a_browser_that_was_not_given_the_address_sees_nothing_and_the_address_is_good_once() {
    let app = App::new();
    let mut stranger = Chromium::at(&app.base(), PHONE);
    assert_eq!(stranger.opens("/"), 403);
    stranger.waits_for("main", "请从应用里打开");
    stranger.fits_a_thumb("a stranger");
    stranger.picture("field-stranger");
    assert_eq!(stranger.opens("/start/0123456789abcdef0123456789abcdef"), 403);
    let mut owner = app.browser(PHONE);
    owner.waits_for("main", "网格员的随身台账");
    assert_eq!(stranger.opens(&app.entrance), 403);
    // Under another name the same address is nobody.
    let elsewhere = app.base().replace("127.0.0.1", "localhost");
    assert_eq!(stranger.opens(&format!("{elsewhere}/")), 403);
}
