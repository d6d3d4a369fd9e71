//! Going back to a form that was refused, and loading it again: it stands at an address, and sends nothing twice.

use crate::hand::{Hand, Page};
use qiaomen_screens::{Method, Request, handle};

/// What is answered to a form, without going on.
fn answered(hand: &mut Hand, page: &Page, action: &str, fields: &[(&str, &str)]) -> String {
    let request = Request::new(Method::Post, action, &page.form(action, fields), hand.settings).unwrap();
    let answer = handle(&mut hand.phone.device, &mut hand.state, &request);
    assert_eq!(answer.status, 303);
    answer.location.unwrap()
}

#[test]
fn a_refused_form_stands_at_an_address_and_when_it_was_done_that_address_leads_to_what_came_of_it() {
    let (mut hand, door) = Hand::at_a_door();
    let new = format!("/door/{door}/new-resident");
    let form = hand.opens(&new);
    let refused = answered(&mut hand, &form, &new, &[("name", "张三"), ("birth", "去年的某一天")]);
    // As often as it is loaded, with what was typed.
    for _ in 0..2 {
        let page = hand.asks(Method::Get, &refused, "");
        assert_eq!(page.response.status, 422);
        assert!(page.says("没有办成") && page.says("value=\"去年的某一天\""), "{}", page.html);
    }
    let page = hand.asks(Method::Get, &refused, "");
    let done = answered(&mut hand, &page, &new, &[("name", "张三")]);
    assert_eq!(hand.phone.unsent(), 1);
    let back = hand.asks(Method::Get, &refused, "");
    assert_eq!((back.response.status, back.response.location.as_deref()), (303, Some(&*done)));
    // A page that a browser kept would send it once more: it is known.
    assert_eq!(answered(&mut hand, &page, &new, &[("name", "张三")]), done);
    assert_eq!(hand.phone.unsent(), 1);
}

#[test]
fn a_refused_form_that_is_not_known_any_more_leads_to_its_page_and_never_to_anothers_words() {
    let (mut hand, door) = Hand::at_a_door();
    let note = format!("/door/{door}/note");
    let form = hand.opens(&format!("/door/{door}/more"));
    let refused = answered(&mut hand, &form, &note, &[("text", " ")]);
    let number = refused.split("again=").nth(1).unwrap().to_owned();
    let elsewhere = hand.opens(&format!("/door/{door}/new-resident?again={number}"));
    assert!(!elsewhere.says("没有办成"));
    for unknown in ["x", "first-99", ""] {
        let page = hand.opens(&format!("{note}?again={unknown}x"));
        assert!(page.says(&format!("action=\"{note}\"")) && !page.says("没有办成"));
    }
}
