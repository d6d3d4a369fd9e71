use crate::dice::Dice;
use crate::harness::{Office, settle};
use crate::judge;
use crate::restless::{Doing, Restless};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Kills in one run, of phones and server together.
const KILLS: u32 = 320;
/// The office is checked from the outside whenever so many more have happened.
const KILLS_BETWEEN_CHECKS: u32 = 40;
/// Unlocking, opening and checking a phone's database takes about so long here.
const OPENING: Duration = Duration::from_millis(120);
/// One edit, or one request under way, takes about so long here.
const MOMENT: Duration = Duration::from_millis(12);

/// Who is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Victim {
    Phone,
    Server,
    Both,
}

#[test]
fn three_hundred_kills_of_phones_and_server_lose_nothing_and_double_nothing() {
    let mut dice = Dice::of("three_hundred_kills");
    let mut office = Office::with_ledger();
    let mut phones: Vec<Restless> =
        ["马桂", "谢建"].into_iter().map(|name| Restless::new(office.phone(name))).collect();
    let before = judge::texts_at_the_office(&office, "程玉娟");
    for phone in &mut phones {
        // The doors have to be there before anybody writes about them.
        phone.phone.syncs();
        phone.starts(&mut dice);
    }
    let mut killed: BTreeMap<(Victim, Doing), u32> = BTreeMap::new();
    let (mut kills, mut next_check) = (0, KILLS_BETWEEN_CHECKS);
    while kills < KILLS {
        let which = dice.place(phones.len());
        let (victim, doing) = strikes(&mut office, &mut phones[which], &mut dice);
        *killed.entry((victim, doing)).or_default() += 1;
        kills += if victim == Victim::Both { 2 } else { 1 };
        if kills >= next_check {
            next_check += KILLS_BETWEEN_CHECKS;
            // The phones go on meanwhile: what they promised until now is looked for.
            phones.iter_mut().for_each(Restless::until_synced);
            phones.iter().for_each(|phone| judge::promises_are_kept(&office, phone));
            office.verifies();
        }
    }
    for phone in &mut phones {
        phone.dies();
    }
    kills += 2;

    for phone in &phones {
        judge::folder_is_tidy(phone);
        judge::rescue_file_is_readable(&office, phone);
    }
    settle(&office, &phones.iter().map(|p| &p.phone).collect::<Vec<_>>());
    ends_well(&office, &phones, before);
    let edits: usize = phones.iter().map(|p| p.done.len()).sum();
    println!("{kills} kills after {edits} edits: {killed:?}");
    for doing in [Doing::Opening, Doing::Editing, Doing::Syncing] {
        assert!(killed.get(&(Victim::Phone, doing)).is_some_and(|n| *n >= 10), "{doing:?}: {killed:?}");
    }
    assert!(killed.get(&(Victim::Server, Doing::Syncing)).is_some_and(|n| *n >= 10), "{killed:?}");
    assert!(killed.iter().any(|((victim, _), n)| *victim == Victim::Both && *n >= 5), "{killed:?}");
}

/// One blow: at a phone in a moment that the dice choose, at the server while that phone speaks with it, or at
/// both at once. What was killed starts again at once.
#[track_caller]
fn strikes(office: &mut Office, phone: &mut Restless, dice: &mut Dice) -> (Victim, Doing) {
    let victim = [Victim::Phone, Victim::Phone, Victim::Server, Victim::Both][dice.place(4)];
    let wanted = match victim {
        Victim::Phone => [Doing::Opening, Doing::Editing, Doing::Syncing][dice.place(3)],
        Victim::Server | Victim::Both => Doing::Syncing,
    };
    if wanted == Doing::Opening {
        // A life that is cut short while it opens has to have begun: the one before ends without a word.
        phone.until(Doing::Between);
        phone.dies();
        phone.starts(dice);
        phone.goes_on(dice.moment(OPENING));
    } else {
        phone.until(Doing::Between);
        phone.until(wanted);
        phone.goes_on(dice.moment(MOMENT));
    }
    match victim {
        Victim::Phone => {
            let doing = phone.dies();
            phone.starts(dice);
            (victim, doing)
        }
        Victim::Server => {
            office.kill();
            office.serve();
            (victim, wanted)
        }
        Victim::Both => {
            let doing = if dice.below(2) == 0 {
                office.kill();
                phone.dies()
            } else {
                let doing = phone.dies();
                office.kill();
                doing
            };
            phone.starts(dice);
            office.serve();
            (victim, doing)
        }
    }
}

/// Every promise is kept, once; what was begun and not promised is there once or not at all; nothing else is.
#[track_caller]
fn ends_well(office: &Office, phones: &[Restless], before: BTreeMap<String, usize>) {
    for phone in phones {
        assert!(phone.phone.outbox().is_empty());
        judge::are_at_the_office(office, phone.done.keys());
    }
    let mut texts = judge::texts_at_the_office(office, "阿茹娜");
    for (text, count) in before {
        assert_eq!(texts.remove(&text), Some(count), "{text}");
    }
    let promised: BTreeSet<&String> = phones.iter().flat_map(|p| p.done.values()).filter(|t| is_text(t)).collect();
    let begun: BTreeSet<&String> = phones.iter().flat_map(|p| &p.begun).filter(|t| is_text(t)).collect();
    let lost: Vec<_> = promised.iter().filter(|t| !texts.contains_key(**t)).collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
    for (text, count) in &texts {
        assert!(begun.contains(text), "nobody wrote {text}");
        assert_eq!(*count, 1, "{text}");
    }
}

/// Whether it leaves its text in the book.
fn is_text(text: &str) -> bool {
    !text.starts_with('+')
}
