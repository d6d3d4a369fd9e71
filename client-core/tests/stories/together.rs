use crate::support::line::Fault;
use crate::support::{Phone, World};
use qiaomen_client::Intent;
use qiaomen_client::edit::resident_of;
use qiaomen_proto::change::Answer;
use qiaomen_proto::entity::record;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{DocId, ResidentId};
use qiaomen_proto::merge::conflict::conflicts;
use qiaomen_proto::seal::KeyRing;
use qiaomen_proto::wire::pull::Outcome;

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
    ["me", "this_device"]
        .iter()
        .fold(text, |text, flag| text.replace(&format!("\"{flag}\":true"), &format!("\"{flag}\":false")))
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
    assert_eq!(conflicts(&register, &KeyRing::new()).len(), 1);
    // A third value by somebody who saw both decides nothing.
    li.correct(aunt, "phone", "13900139003");
    settle(&mut [&mut wang, &mut li]);
    assert_eq!(conflicts(&wang.device.register(aunt.into()).unwrap(), &KeyRing::new())[0].reading.candidates.len(), 3);
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
    assert!(conflicts(&li.device.register(aunt.into()).unwrap(), &KeyRing::new()).is_empty());
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
    world.office.borrow_mut().say =
        Some(Box::new(move |c| (c.stamp.command == mine).then_some((Outcome::Waiting, Code::Busy))));
    li.sync();
    assert!(shown(&li, aunt).contains("户主") && shown(&li, aunt).contains("纺织厂"));
    li.correct(aunt, "sex", "女");
    world.office.borrow_mut().say = None;
    settle(&mut [&mut wang, &mut li]);
    world.assert_same(&li);
    world.assert_same(&wang);
    assert_eq!(world.office.borrow().arrived.iter().filter(|(c, _)| *c == mine).count(), 2);
}

/// Numbers that look random and are the same for the same seed.
struct Dice(u32);

impl Dice {
    fn of(seed: u32) -> Self {
        Self(seed.wrapping_mul(2_654_435_761).wrapping_add(1))
    }
    fn roll(&mut self, n: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0 % n
    }
}

#[test]
fn whatever_an_office_says_of_commands_none_is_lost_and_none_is_done_twice() {
    for seed in 0..10u32 {
        let world = World::new();
        let mut phones = [world.ready("王"), world.ready("李")];
        let door = phones[0].door("101");
        let aunt = phones[0].resident(door, "张桂芳", "13800138000");
        settle(&mut phones.iter_mut().collect::<Vec<_>>());
        let mut mood = Dice::of(seed + 1000);
        world.office.borrow_mut().say = Some(Box::new(move |_| match mood.roll(10) {
            0 => Some((Outcome::Rejected, Code::RoleMayNot)),
            1 => Some((Outcome::Quarantined, Code::OutOfScope)),
            2 => Some((Outcome::Waiting, Code::Predecessor)),
            3 => Some((Outcome::SendInFull, Code::CheckFailed)),
            _ => None,
        }));
        let mut dice = Dice::of(seed);
        let mut made = vec![Vec::new(), Vec::new()];
        for step in 0..40u32 {
            let who = usize::try_from(dice.roll(2)).unwrap();
            let phone = &mut phones[who];
            phone.host.advance(u64::from(dice.roll(60_000)) + 1);
            let note = format!("{step}");
            let number = Answer::Value(format!("139{:08}", dice.roll(100_000_000)));
            let intent = match dice.roll(6) {
                0 | 1 => {
                    if dice.roll(3) == 0 {
                        phone.line.fault(Fault::LoseReply);
                    }
                    let _ = phone.try_sync();
                    continue;
                }
                2 => Intent::Visit { household: door, outcome: record::Outcome::Met, note: Some(note) },
                3 => Intent::CorrectResident { resident: aunt, field: "phone".into(), answer: number },
                4 => Intent::Note { doc: aunt.into(), text: note },
                _ => {
                    let fields = vec![("name".to_owned(), Answer::Value(format!("某{step}")))];
                    Intent::RegisterResident { household: door, fields }
                }
            };
            let command = phone.device.edit(intent).unwrap();
            made[who].push(command);
            if dice.roll(4) == 0 {
                let doc = resident_of(command).into();
                if let Ok(command) = phone.device.edit(Intent::Note { doc, text: "说明".into() }) {
                    made[who].push(command);
                }
            }
        }
        world.office.borrow_mut().say = None;
        settle(&mut phones.iter_mut().collect::<Vec<_>>());
        for (phone, made) in phones.iter().zip(&made) {
            world.assert_same(phone);
            let rows = phone.device.unacknowledged().unwrap();
            let rescued = phone.device.rescue_file().commands().unwrap();
            for command in made {
                let thanked = phone.device.proof_of(*command).unwrap().is_some();
                let kept = rows.iter().any(|r| r.command == *command && !r.state.is_unconfirmed());
                assert!(thanked != kept, "seed {seed}: {command} is {thanked} thanked for and {kept} kept");
                assert_eq!(rescued.contains(command), kept, "seed {seed}: {command}");
            }
        }
    }
}

#[test]
fn any_order_of_syncs_ends_with_the_same_documents() {
    for seed in 0..6u32 {
        let world = World::new();
        let mut phones = vec![world.ready("王"), world.ready("李"), world.ready("赵")];
        let door = phones[0].door("101");
        let aunt = phones[0].resident(door, "张桂芳", "13800138000");
        settle(&mut phones.iter_mut().collect::<Vec<_>>());
        let mut dice = Dice::of(seed);
        let mut roll = |n| dice.roll(n);
        for step in 0..30u32 {
            let who = usize::try_from(roll(3)).unwrap();
            let phone = &mut phones[who];
            phone.host.advance(u64::from(roll(600_000)) + 1);
            match roll(5) {
                0 => {
                    if roll(2) == 0 {
                        phone.line.fault(Fault::LoseReply);
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
                    let answer = Answer::Value(value.to_owned());
                    let _ =
                        phone.device.edit(Intent::CorrectHousehold { household: door, field: "use".into(), answer });
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

#[test]
fn whoever_moves_to_another_door_while_somebody_notes_that_they_left_lives_there_if_that_was_later() {
    for move_is_later in [true, false] {
        let world = World::new();
        let (mut wang, mut li) = (world.ready("王"), world.ready("李"));
        let (door, other) = (wang.door("101"), wang.door("202"));
        let aunt = wang.resident(door, "张桂芳", "13800138000");
        settle(&mut [&mut wang, &mut li]);
        let out = Intent::MoveOut { resident: aunt, on: "2025-03-09".to_owned() };
        let to = Intent::MoveResident { resident: aunt, to: other, on: "2025-03-08".to_owned() };
        let (first, second) = if move_is_later { (out, to) } else { (to, out) };
        world.pass_minutes(5, &[&wang, &li]);
        wang.device.edit(first).unwrap();
        world.pass_minutes(5, &[&wang, &li]);
        li.device.edit(second).unwrap();
        settle(&mut [&mut wang, &mut li]);
        world.assert_same(&wang);
        let page = li.device.resident(aunt).unwrap();
        assert_eq!(page.household, Some(other.to_string()));
        assert_eq!(page.moved_out_on.is_none(), move_is_later, "what was said last holds");
        let until = page.fields.iter().find(|field| field.field == "until").unwrap();
        assert_eq!(until.candidates.len(), 2, "and the other is kept beside it");
    }
}
