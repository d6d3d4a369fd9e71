//! The worker's own trainings: they come with the reference data and are shown to her alone.

use crate::support::{World, worker};
use qiaomen_proto::wire::training::Training;

fn training(on: &str, topic: &str) -> Training {
    Training { on: on.to_owned(), topic: topic.to_owned() }
}

fn shown(phone: &crate::support::Phone) -> Vec<String> {
    phone.device.mine().unwrap().trainings.into_iter().map(|t| format!("{} {}", t.on, t.topic)).collect()
}

#[test]
fn a_training_that_the_office_writes_down_is_shown_after_the_next_sync_and_stays_without_signal() {
    let world = World::new();
    let mut li = world.ready("李");
    assert_eq!(shown(&li), Vec::<String>::new());
    {
        let mut office = world.office.borrow_mut();
        office.reference.version += 1;
        office.trainings.insert(worker("李"), vec![training("2026-05-08", "消防"), training("2026-03-10", "燃气安全")]);
        office.trainings.insert(worker("王"), vec![training("2026-01-01", "王的")]);
    }
    assert!(li.sync().complete);
    assert_eq!(shown(&li), ["2026-05-08 消防", "2026-03-10 燃气安全"]);
    assert!(li.sync().complete);
    assert_eq!(shown(&li).len(), 2, "what is not told again stays");
}

#[test]
fn a_phone_that_is_handed_on_shows_the_new_worker_s_trainings_and_asks_for_them_once() {
    let world = World::new();
    let mut phone = world.ready("李");
    {
        let mut office = world.office.borrow_mut();
        office.reference.version += 1;
        office.trainings.insert(worker("李"), vec![training("2026-03-10", "燃气安全")]);
        office.trainings.insert(worker("王"), vec![training("2026-05-08", "消防"), training("2026-01-01", "急救")]);
    }
    assert!(phone.sync().complete);
    // The reference data has her before the phone is hers: it is not new for it then.
    world.office.borrow_mut().code_for("王");
    assert!(phone.sync().complete);
    phone.enrol("王");
    assert_eq!(shown(&phone), Vec::<String>::new(), "nobody else's");
    assert!(phone.sync().complete);
    assert_eq!(shown(&phone), ["2026-05-08 消防", "2026-01-01 急救"]);
    let (first, second) = (phone.sync().bytes_down, phone.sync().bytes_down);
    assert_eq!(first, second, "not with every sync");
}
