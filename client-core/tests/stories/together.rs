use crate::support::{Phone, World};
use qiaomen_client::Intent;
use qiaomen_proto::ids::{DocId, ResidentId};
use qiaomen_proto::merge::conflict::conflicts;

fn settle(phones: &mut [&mut Phone]) {
    for _ in 0..2 {
        for phone in phones.iter_mut() {
            assert!(phone.sync().complete);
        }
    }
}

/// A person as this phone shows it, but for who looks.
fn shown(phone: &Phone, resident: ResidentId) -> String {
    let text = serde_json::to_string(&phone.device.resident(resident).unwrap()).unwrap();
    ["me", "this_device"].iter().fold(text, |text, flag| text.replace(&format!("\"{flag}\":true"), &format!("\"{flag}\":false")))
}

#[test]
fn two_workers_change_one_phone_number_offline_and_both_see_both_values() {
    let world = World::new();
    let (mut wang, mut li) = (world.ready("王"), world.ready("李"));
    let door = wang.door("101");
    let aunt = wang.resident(door, "张桂芳", "13800138000");
    settle(&mut [&mut wang, &mut li]);
    world.pass_minutes(5, &[&wang, &li]);
    wang.correct(aunt, "phone", "13900139001");
    world.pass_minutes(5, &[&wang, &li]);
    li.correct(aunt, "phone", "13900139002");
    settle(&mut [&mut wang, &mut li]);
    world.assert_same(&wang);
    world.assert_same(&li);
    assert_eq!(shown(&wang, aunt), shown(&li, aunt), "the same provisional value, for the same reason");
    assert!(shown(&li, aunt).contains("13900139002"), "the latest holds for now");
    assert!(shown(&li, aunt).contains("13900139001"), "the other is not lost");
    let register = li.device.register(aunt.into()).unwrap();
    assert_eq!(conflicts(&register).len(), 1);
    // A third value by somebody who saw both decides nothing.
    li.correct(aunt, "phone", "13900139003");
    settle(&mut [&mut wang, &mut li]);
    assert_eq!(conflicts(&wang.device.register(aunt.into()).unwrap())[0].reading.candidates.len(), 3);
    assert_eq!(shown(&wang, aunt), shown(&li, aunt));
}

#[test]
fn two_workers_write_the_same_number_and_there_is_no_conflict() {
    let world = World::new();
    let (mut wang, mut li) = (world.ready("王"), world.ready("李"));
    let door = wang.door("101");
    let aunt = wang.resident(door, "张桂芳", "13800138000");
    settle(&mut [&mut wang, &mut li]);
    wang.correct(aunt, "phone", "139 0013 9001");
    li.correct(aunt, "phone", "+8613900139001");
    settle(&mut [&mut wang, &mut li]);
    assert!(conflicts(&li.device.register(aunt.into()).unwrap()).is_empty());
    world.assert_same(&wang);
}

#[test]
fn one_door_begun_on_two_devices_is_one_door_and_both_notes_can_be_read() {
    let world = World::new();
    let (mut wang, mut li) = (world.ready("王"), world.ready("李"));
    let door = wang.door("101");
    assert_eq!(li.door("101"), door);
    let doc = DocId::from(door);
    wang.device.edit(Intent::Note { doc, text: "王写的".into() }).unwrap();
    li.device.edit(Intent::Note { doc, text: "李写的".into() }).unwrap();
    settle(&mut [&mut wang, &mut li]);
    for phone in [&wang, &li] {
        let page = serde_json::to_string(&phone.device.door(door).unwrap()).unwrap();
        assert!(page.contains("王写的") && page.contains("李写的"), "{page}");
        world.assert_same(phone);
    }
    // From now on both seal with the same one of the two keys.
    wang.device.edit(Intent::Note { doc, text: "再来一条".into() }).unwrap();
    settle(&mut [&mut wang, &mut li]);
    assert!(serde_json::to_string(&li.device.door(door).unwrap()).unwrap().contains("再来一条"));
}

#[test]
fn unsent_work_lies_over_what_comes_meanwhile_and_is_sent_as_it_was_made() {
    let world = World::new();
    let (mut wang, mut li) = (world.ready("王"), world.ready("李"));
    let door = wang.door("101");
    let aunt = wang.resident(door, "张桂芳", "13800138000");
    settle(&mut [&mut wang, &mut li]);
    let mine = li.correct(aunt, "relation", "户主");
    wang.correct(aunt, "employer", "纺织厂");
    wang.sync();
    // The office keeps Li's command waiting, and gives her Wang's.
    world.office.borrow_mut().say = Some(Box::new(move |c| {
        (c.stamp.command == mine).then_some((qiaomen_proto::wire::pull::Outcome::Waiting, qiaomen_proto::error::Code::Busy))
    }));
    li.sync();
    assert!(shown(&li, aunt).contains("户主") && shown(&li, aunt).contains("纺织厂"));
    li.correct(aunt, "sex", "女");
    world.office.borrow_mut().say = None;
    settle(&mut [&mut wang, &mut li]);
    world.assert_same(&li);
    world.assert_same(&wang);
    assert_eq!(world.office.borrow().arrived.iter().filter(|(c, _)| *c == mine).count(), 2);
}

#[test]
fn any_order_of_syncs_ends_with_the_same_documents() {
    for seed in 0..12u32 {
        let world = World::new();
        let mut phones = vec![world.ready("王"), world.ready("李"), world.ready("赵")];
        let door = phones[0].door("101");
        let aunt = phones[0].resident(door, "张桂芳", "13800138000");
        settle(&mut phones.iter_mut().collect::<Vec<_>>());
        let mut dice = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
        let mut roll = |n: u32| {
            dice ^= dice << 13;
            dice ^= dice >> 17;
            dice ^= dice << 5;
            dice % n
        };
        for step in 0..30u32 {
            let who = usize::try_from(roll(3)).unwrap();
            let phone = &mut phones[who];
            phone.host.advance(u64::from(roll(600_000)) + 1);
            match roll(5) {
                0 => {
                    if roll(2) == 0 {
                        phone.line.fault(crate::support::line::Fault::LoseReply);
                    }
                    let _ = phone.try_sync();
                }
                1 => {
                    phone.visit(door, &format!("第{step}次"));
                }
                2 => {
                    phone.correct(aunt, "phone", &format!("139{:08}", roll(100_000_000)));
                }
                3 => {
                    let _ = phone.device.edit(Intent::Note { doc: aunt.into(), text: format!("{step}") });
                }
                _ => {
                    let value = ["自住", "出租", "空置"][usize::try_from(roll(3)).unwrap()];
                    let answer = qiaomen_proto::change::Answer::Value(value.to_owned());
                    let _ = phone.device.edit(Intent::CorrectHousehold { household: door, field: "use".into(), answer });
                }
            }
        }
        settle(&mut phones.iter_mut().collect::<Vec<_>>());
        for phone in &phones {
            world.assert_same(phone);
            assert_eq!(shown(phone, aunt), shown(&phones[0], aunt), "seed {seed}");
        }
    }
}
