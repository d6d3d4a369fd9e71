use crate::support::{Phone, World};
use qiaomen_client::outbox::OutboxState;
use qiaomen_client::query::{Diary, DiaryPage, DoorPage};
use qiaomen_client::{EditError, Intent};
use qiaomen_proto::entity::record::{EntryKind, Outcome};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{CommandId, HouseholdId};
use qiaomen_proto::wire::pull::Outcome as Verdict;

fn not_home(phone: &mut Phone, household: HouseholdId) -> CommandId {
    phone.device.edit(Intent::Visit { household, outcome: Outcome::NotHome, note: None }).unwrap()
}

fn take_back(phone: &mut Phone, entry: CommandId) -> CommandId {
    let intent = phone.device.to_take_back(entry).unwrap().expect("it is mine and of today").intent;
    phone.device.edit(intent).unwrap()
}

fn diary(phone: &Phone) -> DiaryPage {
    match phone.device.diary(None, 1).unwrap() {
        Diary::Day(day) => *day,
        other => panic!("{other:?}"),
    }
}

fn page(phone: &Phone, door: HouseholdId) -> DoorPage {
    phone.device.door(door).unwrap()
}

#[test]
fn a_visit_at_the_wrong_door_is_as_if_it_had_not_been_and_both_are_told_for_ever() {
    let world = World::new();
    let mut wang = world.ready("王");
    let (right, wrong) = (wang.door("502"), wang.door("503"));
    not_home(&mut wang, wrong);
    world.pass_minutes(1, &[&wang]);
    let before = page(&wang, wrong);
    let entry = wang.visit(wrong, "不是这一户");
    assert_eq!(diary(&wang).figures.visits, 2);
    world.pass_minutes(1, &[&wang]);
    let taking_back = take_back(&mut wang, entry);

    // The door is what it was: not met, and to be knocked at again.
    assert_eq!(page(&wang, wrong), before);
    assert_eq!(wang.device.waits().unwrap().retries.len(), 1);
    let day = diary(&wang);
    assert_eq!((day.figures.visits, day.figures.met, day.figures.edits, day.entries.len()), (1, 0, 2, 1));
    let told: Vec<_> = day.commands.iter().map(|line| line.said.sentence.as_str()).collect();
    assert_eq!(told[..2], ["1号楼1单元503：撤回走访", "1号楼1单元503：走访，见到"]);

    // It was no visit a moment ago, so that the right door is not asked about, nor the wrong one.
    assert_eq!(wang.device.written_a_moment_ago(wrong, "visit", Outcome::Met).unwrap(), None);
    wang.visit(right, "");
    wang.sync();
    world.assert_same(&wang);
    assert_eq!(diary(&wang).figures.visits, 2);
    assert!(wang.device.done_line(taking_back).unwrap().is_some_and(|line| line.at_office));

    // After the app was closed, and on another's phone.
    let wang = wang.reopen();
    assert_eq!((page(&wang, wrong).visits.len(), page(&wang, right).visits.len()), (1, 1));
    let li = world.ready("李");
    assert_eq!((page(&li, wrong).visits.len(), page(&li, right).visits.len()), (1, 1));
}

#[test]
fn a_phone_that_had_the_visit_from_the_office_drops_it_when_it_hears_that_it_was_taken_back() {
    let world = World::new();
    let (mut wang, mut li) = (world.ready("王"), world.ready("李"));
    let door = wang.door("502");
    let entry = wang.visit(door, "");
    wang.sync();
    li.sync();
    assert_eq!(page(&li, door).visits.len(), 1);
    take_back(&mut wang, entry);
    wang.sync();
    li.sync();
    assert_eq!(page(&li, door).visits, []);
    assert_eq!(page(&li, door).door.last_outcome, None);
}

#[test]
fn only_what_i_wrote_today_can_be_taken_back_and_only_once() {
    let world = World::new();
    let (mut wang, mut li) = (world.ready("王"), world.ready("李"));
    let door = li.door("502");
    let of_li = li.visit(door, "");
    li.sync();
    wang.sync();
    assert!(!page(&wang, door).visits[0].can_be_taken_back);
    assert_eq!(wang.device.to_take_back(of_li).unwrap(), None);
    let intent = li.device.to_take_back(of_li).unwrap().unwrap().intent;
    let refused = |phone: &mut Phone, intent: &Intent, says: &str| {
        let before = phone.unsent();
        let error = phone.device.edit(intent.clone()).unwrap_err();
        assert!(error.sentence().to_string().contains(says), "{error:?}");
        assert_eq!(phone.unsent(), before);
    };
    refused(&mut wang, &intent, "只能由本人撤回");

    li.device.edit(intent.clone()).unwrap();
    assert_eq!(li.device.to_take_back(of_li).unwrap(), None);
    refused(&mut li, &intent, "已经撤回过了");
    let Intent::TakeBack { diary, .. } = intent else { panic!("{intent:?}") };
    let (entry, kind) = (CommandId::at(1, [1; 10]), EntryKind::Visit);
    let unknown = Intent::TakeBack { diary, entry, kind, household: Some(door) };
    assert!(matches!(li.device.edit(unknown), Err(EditError::Unknown(_))));

    let late = li.visit(door, "");
    let intent = li.device.to_take_back(late).unwrap().unwrap().intent;
    world.pass_minutes(24 * 60, &[&li]);
    assert!(!page(&li, door).visits[0].can_be_taken_back);
    assert_eq!(li.device.to_take_back(late).unwrap(), None);
    refused(&mut li, &intent, "只能撤回今天记的");
}

#[test]
fn a_round_and_a_call_are_taken_back_as_well() {
    let world = World::new();
    let mut wang = world.ready("王");
    let household = wang.door("502");
    let call = wang.device.edit(Intent::Call { household, outcome: Outcome::Met, note: None }).unwrap();
    let round =
        wang.device.edit(Intent::Patrol { building: None, outcome: Outcome::Clear, note: Some("x".into()) }).unwrap();
    for entry in [call, round] {
        world.pass_minutes(1, &[&wang]);
        take_back(&mut wang, entry);
    }
    assert_eq!(wang.device.mine().unwrap().doors, 0, "nobody was reached");
    let day = diary(&wang);
    assert_eq!((day.figures.calls, day.figures.patrols, day.figures.edits), (0, 0, 1));
    assert_eq!(day.commands[0].said.sentence, "撤回巡查");
    assert_eq!(day.commands[1].said.sentence, "1号楼1单元502：撤回电话");
    assert_eq!(wang.sync().applied, 5);
}

#[test]
fn a_visit_that_the_office_holds_is_taken_back_when_it_is_let_in() {
    let world = World::new();
    let mut wang = world.ready("王");
    let door = wang.door("502");
    not_home(&mut wang, door);
    wang.sync();
    let entry = wang.visit(door, "");
    let taking_back = take_back(&mut wang, entry);
    world.office.borrow_mut().say = Some(Box::new(move |command| {
        (command.stamp.command == entry).then_some((Verdict::Quarantined, Code::OutOfScope))
    }));
    wang.sync();
    let rows = wang.device.unacknowledged().unwrap();
    let refused = rows.iter().any(|row| row.command == taking_back && row.state == OutboxState::Rejected);
    assert!(!refused, "{rows:?}");
    assert_eq!(page(&wang, door).visits.len(), 1);
}
