//! What stands where a name is not known is said in the language of the app.

use crate::hand::Hand;
use qiaomen_proto::error::Code;
use qiaomen_proto::wire::pull::Outcome;
use qiaomen_screens::settings::{Language, Settings};

#[test]
fn somebody_whose_name_nobody_wrote_down_is_called_so_in_each_language() {
    let (mut hand, door) = Hand::at_a_door();
    let new = format!("/door/{door}/new-resident");
    let form = hand.opens(&new);
    let page = hand.does(&form, &new, &[("name.how", "refused"), ("phone", "13800000001")]);
    assert!(page.says("（不愿说姓名）"), "{}", page.html);
    let person = page.html.split("href=\"/resident/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    hand.world.office.borrow_mut().say = Some(Box::new(move |_| Some((Outcome::Rejected, Code::ValueForm))));
    hand.settings = Settings { language: Language::English, ..Settings::default() };
    assert!(hand.opens("/outbox").says("(no name written down)"));
    for path in [&format!("/door/{door}"), &format!("/resident/{person}"), &format!("/resident/{person}/out")] {
        let page = hand.opens(path);
        assert!(page.says("(would not say a name)") && !page.says("拒绝提供"), "{path}: {}", page.html);
    }
}
