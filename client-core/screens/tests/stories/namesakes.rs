//! Somebody has the name of somebody who lives at the door already.

use crate::hand::Hand;

#[test]
fn whoever_has_the_name_of_somebody_at_the_same_door_is_asked_about_before_anything_is_saved() {
    let (mut hand, door) = Hand::at_a_door();
    let known = hand.phone.resident(door, "张三", "13837783533");
    let before = hand.phone.unsent();
    let new = format!("/door/{door}/new-resident");
    let form = hand.opens(&new);
    let fields = [("name", " 张 三"), ("phone", "13900000001"), ("relation", "子女")];
    let asked = hand.sends(&form, &new, &fields);
    assert_eq!(asked.response.status, 422);
    assert!(asked.says("这一户已经住着一位“张 三”") && asked.says("就是这个人"), "{}", asked.html);
    assert!(asked.says(&format!("href=\"/resident/{known}\"")), "to the one who is known");
    assert!(asked.says("••••3533") && !asked.says("13837783533"), "who it is, and no more than that");
    for typed in ["value=\"张 三\"", "value=\"13900000001\"", "value=\"子女\" selected"] {
        assert!(asked.says(typed), "{typed}: {}", asked.html);
    }
    assert_eq!(hand.phone.unsent(), before, "nothing was saved");

    // Another name is another question; and saving without an answer asks again.
    let again = hand.sends(&asked, &new, &fields);
    assert_eq!(again.response.status, 422);
    let other = [("another", "张三"), ("name", "张 三")];
    assert_eq!(hand.sends(&asked, &new, &other).response.status, 422, "the answer was about what was typed then");

    let fields = [("another", "张 三"), fields[0], fields[1], fields[2]];
    let at_door = hand.does(&again, &new, &fields);
    assert!(at_door.says("已登记。"));
    assert_eq!(hand.phone.unsent(), before + 1);
}

#[test]
fn nobody_is_asked_about_who_moved_out_or_lives_elsewhere_or_would_not_say_a_name() {
    let (mut hand, door) = Hand::at_a_door();
    let gone = hand.phone.resident(door, "张三", "13837783533");
    let out = format!("/resident/{gone}/out");
    let form = hand.opens(&out);
    hand.does(&form, &out, &[("on", "2025-03-01")]);
    let other = hand.phone.door("301");
    hand.phone.resident(other, "李四", "13837783534");
    let new = format!("/door/{door}/new-resident");
    for fields in [&[("name", "张三")][..], &[("name", "李四")], &[("name.how", "refused")], &[("name.how", "refused")]]
    {
        let form = hand.opens(&new);
        assert!(hand.does(&form, &new, fields).says("已登记。"), "{fields:?}");
    }
}
