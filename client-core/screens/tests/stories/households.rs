//! Who holds a door, who moves where, and doors that nobody had listed.

use crate::hand::Hand;
use crate::support::{building, door_at};
use qiaomen_client::Intent;

#[test]
fn a_household_moves_in_moves_out_and_the_door_says_who_holds_it() {
    let (mut hand, door) = Hand::at_a_door();
    let head = hand.phone.resident(door, "张三", "13800000000");
    let page = format!("/door/{door}/occupancy");
    assert!(hand.opens(&format!("/door/{door}")).says("没有登记"));
    let form = hand.opens(&page);
    let fields = [("kind", "出租"), ("head", &*head.to_string()), ("since", "2024-09-01")];
    let at_door = hand.does(&form, &page, &fields);
    assert!(at_door.says("已登记这一户。") && at_door.says("出租 · 户主 张三") && at_door.says("2024-09-01 起"));

    let form = hand.opens(&page);
    let close = form.html.split(&format!("action=\"{page}/")).nth(1).unwrap().split('"').next().unwrap();
    let close = format!("{page}/{close}");
    // A day is needed, and one that is no day is said where it was typed.
    let back = hand.sends(&form, &close, &[("until", "改天")]);
    assert_eq!(back.response.status, 422);
    assert!(back.says("value=\"改天\""));
    let left = hand.does(&form, &close, &[("until", "2025-03-01")]);
    assert!(left.says("现在没有登记住户。") && left.says("2024-09-01 到 2025-03-01"));
    // Nobody lives here now: one touch, and it is not offered again.
    let empty = format!("/door/{door}/field/use");
    hand.does(&left, &empty, &[("use", "空置"), ("answer", "value")]);
    assert!(hand.opens(&format!("/door/{door}")).says("空置"));
    assert!(!hand.opens(&page).says("房子空着"));
    // And lived in again.
    let form = hand.opens(&page);
    assert!(hand.does(&form, &page, &[("kind", "自住"), ("since", "2025-03-09")]).says("自住"));
}

#[test]
fn with_a_household_leave_those_who_are_ticked_on_the_same_day_and_nobody_else() {
    let (mut hand, door) = Hand::at_a_door();
    let [head, wife, lodger] = ["张三", "李四", "王五"].map(|name| hand.phone.resident(door, name, "13800000000"));
    let page = format!("/door/{door}/occupancy");
    let form = hand.opens(&page);
    hand.does(&form, &page, &[("kind", "自住"), ("head", &*head.to_string()), ("since", "2024-09-01")]);
    let form = hand.opens(&page);
    let ticked = format!("name=\"left\" value=\"{wife}\" checked");
    assert!(form.says("一起搬走的人") && form.says(&ticked), "of one household all are chosen beforehand");
    let row = form.html.split(&format!("action=\"{page}/")).nth(1).unwrap().split('"').next().unwrap().to_owned();
    let close = format!("{page}/{row}");
    // A day that is none: it comes back as it was ticked, and nobody left.
    let (head, wife, lodger) = (head.to_string(), wife.to_string(), lodger.to_string());
    let back = hand.sends(&form, &close, &[("left", &*head), ("until", "改天")]);
    assert_eq!(back.response.status, 422);
    assert!(back.says(&format!("value=\"{head}\" checked")) && !back.says(&format!("value=\"{wife}\" checked")));
    assert!(!hand.opens(&format!("/resident/{head}")).says("搬走</"), "nobody left");
    // Whose day does not fit is said by name, and nobody left.
    hand.phone.correct(wife.parse().unwrap(), "since", "2025-03-05");
    let form = hand.opens(&page);
    let back = hand.sends(&form, &close, &[("left", &*head), ("left", &*wife), ("until", "2025-03-01")]);
    assert!(back.response.status == 422 && back.says("李四入住的日子（2025-03-05）晚于搬走的日子"), "{}", back.html);
    hand.phone.correct(wife.parse().unwrap(), "since", "2024-03-05");
    // The household with two of its three.
    let both = [("left", &*head), ("left", &*wife), ("until", "2025-03-01")];
    assert!(!back.says("name=\"sure\""), "what was wrong was no question that anybody has answered");
    let asked = hand.sends(&back, &close, &both);
    let named = ["张三", "李四", "一共 2 人，都在 2025-03-01 搬走了，对吗"];
    assert!(asked.response.status == 422 && named.iter().all(|words| asked.says(words)), "{}", asked.html);
    let nobody_left = !hand.opens(&format!("/resident/{head}")).says("2025-03-01 搬走");
    assert!(nobody_left, "before it was answered");
    let sure = asked.html.split("name=\"sure\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    // The answer is about those who were named.
    let other = hand.sends(&asked, &close, &[both[0], both[1], ("left", &*lodger), both[2], ("sure", &*sure)]);
    assert_eq!(other.response.status, 422);
    let other = hand.sends(&asked, &close, &[both[0], both[1], ("until", "2025-03-02"), ("sure", &*sure)]);
    assert_eq!(other.response.status, 422, "and about that day");
    let left = hand.does(&asked, &close, &[both[0], both[1], both[2], ("sure", &*sure)]);
    assert!(left.says("2 人一起搬走") && left.says("2024-09-01 到 2025-03-01"));
    for gone in [&head, &wife] {
        assert!(hand.opens(&format!("/resident/{gone}")).says("2025-03-01 搬走"));
    }
    assert!(!hand.opens(&format!("/resident/{lodger}")).says("2025-03-01 搬走"));
    // A second household, and a third beside it: nobody knows who belongs to which.
    for since in ["2025-03-02", "2025-03-03"] {
        let form = hand.opens(&page);
        hand.does(&form, &page, &[("kind", "出租"), ("since", since)]);
    }
    let form = hand.opens(&page);
    assert!(
        form.says(&format!("name=\"left\" value=\"{lodger}\"")) && !form.says(&format!("value=\"{lodger}\" checked"))
    );
}

#[test]
fn what_somebody_needs_is_ticked_in_the_words_that_the_care_plan_goes_by() {
    let (mut hand, door) = Hand::at_a_door();
    let person = hand.phone.resident(door, "张三", "13800000000");
    let field = format!("/resident/{person}/field/categories");
    let form = hand.opens(&field);
    let ticked = [("categories", "失能"), ("categories", "独居老人"), ("categories", "侨眷"), ("answer", "value")];
    hand.does(&form, &field, &ticked);
    let said = |hand: &Hand| {
        let page = hand.phone.device.resident(person).unwrap();
        page.fields.iter().find(|f| f.field == "categories").unwrap().said.value.clone().unwrap()
    };
    let mut words: Vec<String> = said(&hand).split(',').map(str::to_owned).collect();
    words.sort();
    assert_eq!(words, ["侨眷", "失能", "独居老人"]);
    let form = hand.opens(&field);
    assert!(form.says("value=\"失能\" checked") && form.says("value=\"侨眷\"") && !form.says("value=\"低保\" checked"));
    hand.does(&form, &field, &[("categories", "失能"), ("answer", "value")]);
    assert_eq!(said(&hand), "失能");
    // Nothing ticked any more: taken back, and no answer that would be false.
    let form = hand.opens(&field);
    hand.does(&form, &field, &[("answer", "value")]);
    assert!(!hand.opens(&field).says("value=\"失能\" checked"));
    // A refusal is not taken back by saving nothing.
    let form = hand.opens(&field);
    hand.does(&form, &field, &[("answer", "refused")]);
    let form = hand.opens(&field);
    assert_eq!(hand.sends(&form, &field, &[("answer", "value")]).response.status, 422);
    assert!(hand.opens(&format!("/resident/{person}?show=all")).says("不愿说"));
    // The form of somebody new that is not done comes back with everything that was ticked and written.
    let new = format!("/door/{door}/new-resident");
    let form = hand.opens(&new);
    let ticked = [("categories", "低保"), ("categories", "残疾"), ("categories", "侨眷")];
    let back = hand.sends(&form, &new, &[("name", "李四"), ("phone", "12"), ticked[0], ticked[1], ticked[2]]);
    assert_eq!(back.response.status, 422);
    for said in ["value=\"低保\" checked", "value=\"残疾\" checked", "value=\"侨眷\""] {
        assert!(back.says(said), "{said}: {}", back.html);
    }
}

#[test]
fn a_door_that_was_empty_is_so_no_longer_when_a_household_moves_in() {
    let (mut hand, door) = Hand::at_a_door();
    let empty = format!("/door/{door}/field/use");
    let form = hand.opens(&empty);
    hand.does(&form, &empty, &[("use", "空置"), ("answer", "value")]);
    hand.phone.resident(door, "张三", "13800000000");
    assert!(hand.opens(&format!("/door/{door}")).says("这一户记着“空置”"), "the page sees what does not go together");
    let page = format!("/door/{door}/occupancy");
    let form = hand.opens(&page);
    let at_door = hand.does(&form, &page, &[("kind", "出租"), ("since", "2025-03-09")]);
    assert!(!at_door.says("空置") && at_door.says("出租"), "{}", at_door.html);
}

#[test]
fn somebody_moves_to_another_door_of_the_grid_found_by_its_address() {
    let (mut hand, door) = Hand::at_a_door();
    let other = hand.phone.door("301");
    let person = hand.phone.resident(door, "张三", "13800000000");
    let path = format!("/resident/{person}/move");
    assert!(hand.opens(&format!("/resident/{person}")).says(&path));
    let none = hand.opens(&format!("{path}?q=9-9-999"));
    assert!(none.says("没有找到") && none.says("href=\"/new-door\""));
    let found = hand.opens(&format!("{path}?q=1-1-301"));
    assert!(found.says(&format!("{path}?to={other}")));
    assert!(!hand.opens(&format!("{path}?q=1-1-502")).says("?to="), "not where they live already");
    let sure = hand.opens(&format!("{path}?to={other}"));
    assert!(sure.says("张三 搬到 1号楼1单元301"));
    let back = hand.sends(&sure, &path, &[("to", &other.to_string()), ("on", "昨天")]);
    assert!(back.response.status == 422 && back.says("value=\"昨天\"") && back.says("1号楼1单元301"));
    let there = hand.does(&sure, &path, &[("to", &other.to_string()), ("on", "2025-03-08")]);
    assert!(there.says("搬到这里了") && there.says("张三"));
    assert!(!hand.opens(&format!("/door/{door}")).says("张三"));
}

#[test]
fn whoever_moved_out_can_come_back_to_the_same_door() {
    let (mut hand, door) = Hand::at_a_door();
    let person = hand.phone.resident(door, "张三", "13800000000");
    let out = format!("/resident/{person}/out");
    let form = hand.opens(&out);
    hand.does(&form, &out, &[("on", "2025-03-01")]);
    let path = format!("/resident/{person}/move");
    assert!(hand.opens(&format!("/resident/{person}")).says("又住回来了"));
    assert!(hand.opens(&format!("{path}?q=1-1-502")).says(&format!("{path}?to={door}")));
    let sure = hand.opens(&format!("{path}?to={door}"));
    let there = hand.does(&sure, &path, &[("to", &door.to_string()), ("on", "2025-03-09")]);
    assert!(there.says("张三") && !there.says("2025-03-01 搬走"));
}

#[test]
fn a_door_that_is_not_in_the_list_is_written_down_once_however_it_is_spelled() {
    let (mut hand, door) = Hand::at_a_door();
    assert!(hand.opens("/grid").says("href=\"/new-door\""));
    let form = hand.opens("/new-door?building=1%E5%8F%B7%E6%A5%BC");
    let building = building().to_string();
    assert!(form.says(&format!("<option value=\"{building}\" selected")));
    let fields = [("building", &*building), ("unit", "一单元"), ("room", "")];
    let back = hand.sends(&form, "/new-door", &fields);
    assert!(back.response.status == 422 && back.says("value=\"一单元\"") && back.says("请写房号"));
    let fields = [("building", &*building), ("unit", "一单元"), ("room", "503室")];
    let page = hand.does(&back, "/new-door", &fields);
    assert!(page.says("已登记这一户") && page.says("1号楼1单元503"));
    assert_eq!(hand.phone.unsent(), 1);
    assert!(hand.opens("/grid?building=1%E5%8F%B7%E6%A5%BC").says(&door_at("503").to_string()));
    // One that is there already opens, and nothing is written.
    let form = hand.opens("/new-door");
    let fields = [("building", &*building), ("unit", "1"), ("room", "502")];
    let answer = hand.sends(&form, "/new-door", &fields);
    assert!(answer.leads_to().starts_with(&format!("/door/{door}")));
    assert!(hand.opens(&answer.leads_to()).says("早就有了"));
    assert_eq!(hand.phone.unsent(), 1);
}

#[test]
fn a_door_whose_people_have_all_left_asks_for_the_number_who_live_there() {
    let (mut hand, door) = Hand::at_a_door();
    let person = hand.phone.resident(door, "张三", "13800000000");
    let (page, field) = (format!("/door/{door}"), format!("/door/{door}/field/people_count"));
    let form = hand.opens(&field);
    hand.does(&form, &field, &[("people_count", "4"), ("answer", "value")]);
    assert!(!hand.opens(&page).says("常住人数还记着"));
    hand.phone.device.edit(Intent::MoveOut { resident: person, on: "2025-03-01".to_owned() }).unwrap();
    assert!(hand.opens(&page).says("登记的人都搬走了，常住人数还记着 4 人。"));
    let form = hand.opens(&field);
    hand.does(&form, &field, &[("people_count", "0"), ("answer", "value")]);
    assert!(!hand.opens(&page).says("常住人数还记着"));
}
