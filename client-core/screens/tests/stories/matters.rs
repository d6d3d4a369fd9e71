use crate::hand::{Hand, Page};
use qiaomen_proto::ids::HouseholdId;

fn report(hand: &mut Hand, door: HouseholdId, text: &str) -> (Page, String) {
    let form = hand.opens(&format!("/ticket/new?door={door}&category=%E7%8E%AF%E5%A2%83%E5%8D%AB%E7%94%9F"));
    let fields = [("category", "环境卫生"), ("door", &door.to_string()), ("size", "小事"), ("text", text)];
    let answer = hand.sends(&form, "/ticket/new", &fields);
    let to = answer.leads_to();
    let id = to.split(['/', '?']).nth(2).unwrap().to_owned();
    (hand.opens(&to), id)
}

#[test]
fn a_matter_is_chosen_by_picture_and_likely_duplicates_are_shown_before_it_is_saved() {
    let (mut hand, door) = Hand::at_a_door();
    let choose = hand.opens(&format!("/ticket/new?door={door}"));
    assert!(choose.says("#s-broom") && choose.says("环境卫生") && choose.says("1号楼1单元502"));
    let (page, id) = report(&mut hand, door, "楼道里堆着纸箱");
    assert!(page.says("已上报。") && page.says("楼道里堆着纸箱"));
    let again = hand.opens(&format!("/ticket/new?door={door}&category=%E7%8E%AF%E5%A2%83%E5%8D%AB%E7%94%9F"));
    assert!(again.says("是不是这一件？") && again.says(&format!("/ticket/{id}")));
    assert!(hand.opens(&format!("/door/{door}")).says("楼道里堆着纸箱"));
    assert!(hand.opens("/me").says("楼道里堆着纸箱"));
}

#[test]
fn a_matter_offers_what_i_may_do_now_and_nothing_else() {
    let (mut hand, door) = Hand::at_a_door();
    let (page, id) = report(&mut hand, door, "灯不亮");
    assert!(page.says(&format!("/ticket/{id}/close_on_spot")) && !page.says(&format!("/ticket/{id}/close\"")));
    let form = hand.opens(&format!("/ticket/{id}/feedback"));
    // Nobody is told nothing.
    let refused = hand.sends(&form, &format!("/ticket/{id}/feedback"), &[("text", " ")]);
    assert_eq!(refused.response.status, 422);
    let page = hand.does(&form, &format!("/ticket/{id}/feedback"), &[("text", "换好了灯泡,当面告诉了")]);
    assert!(page.says("换好了灯泡") && !page.says(&format!("/ticket/{id}/feedback")));
    let not_now = hand.asks(qiaomen_screens::Method::Get, &format!("/ticket/{id}/feedback"), "");
    assert_eq!(not_now.response.status, 422);
    assert!(not_now.says("现在办不了"));
}

#[test]
fn what_a_resident_thinks_is_asked_and_never_assumed() {
    let (mut hand, door) = Hand::at_a_door();
    let (_, id) = report(&mut hand, door, "灯不亮");
    let close = format!("/ticket/{id}/close_on_spot");
    let form = hand.opens(&close);
    hand.does(&form, &close, &[]);
    let rate = format!("/ticket/{id}/rate");
    let form = hand.opens(&rate);
    assert!(form.says("value=\"满意\"") && !form.says("checked"), "{}", form.html);
    let refused = hand.sends(&form, &rate, &[]);
    assert!(refused.response.status == 422 && refused.says("请先问居民满意不满意"), "{}", refused.html);
    assert!(hand.does(&form, &rate, &[("satisfaction", "基本满意")]).says("基本满意"));
}
