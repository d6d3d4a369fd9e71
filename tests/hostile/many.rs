//! All of them at once, for fifty thousand requests.

use crate::aftermath;
use crate::honest::{Honest, Progress};
use crate::liar::{Liar, Scene};
use crate::line::{ANSWER_TIME_MAX, Line};
use crate::memory;
use crate::phone::Town;
use qiaomen_proto::ids::{CommandId, DocId, Role};
use qiaomen_server::http::{Bounds, serve_on_within};
use qiaomen_server::people::clerks;
use std::collections::{BTreeMap, BTreeSet};

/// Requests of one run, all liars together.
const REQUESTS_MIN: u64 = 50_000;
/// Seed of the run that everybody makes.
const SEED: u64 = 20_260_921;
/// Roles of the liars, all of them in the first grid. Each has a device of its own.
const LIARS: [Role; 4] = [Role::GridWorker, Role::GridWorker, Role::Assistant, Role::GridLeader];
/// Numbers of the first liar's and the first honest worker's.
const FIRST_LIAR: u8 = 20;
const FIRST_HONEST: u8 = 40;
/// Rounds of work of an honest device during a run.
const ROUNDS: u64 = 24;
/// What this process may have in memory at its peak, office, liars and honest devices together.
pub(crate) const PEAK_BYTES_MAX: u64 = 1024 * 1024 * 1024;
/// A liar syncs honestly once in so many lies, so that it knows what it lies about.
const HONEST_ONCE_IN: usize = 40;
/// The same once something of its own was taken: mostly at once, now and then it lies on from the old state.
const STALE_ONCE_IN: usize = 2;

/// How often a sort of lie is told, of a thousand.
type Sort = (usize, &'static str, fn(&mut Liar<'_>) -> Result<(), String>);
const SORTS: &[Sort] = &[
    (240, "a command with a lie in it", |l| {
        let lie = *l.dice.pick(crate::commands::LIES);
        l.tells(&lie).map_err(|e| format!("“{}”: {e}", lie.0))
    }),
    (170, "broken bytes", |l| l.tells_in_bytes()),
    (40, "half a request", |l| l.tells_half()),
    (20, "a wrong check", |l| l.tells_a_wrong_check()),
    (30, "odd numbers", |l| l.tells_odd_numbers()),
    (50, "wrong CBOR", |l| l.tells_wrong_cbor()),
    (2, "a bomb", |l| l.tells_a_bomb()),
    (1, "too much", |l| l.tells_too_much()),
    (1, "too many", |l| l.tells_too_many()),
    (1, "as much as it may", |l| l.tells_as_much_as_it_may()),
    (20, "another format", |l| l.tells_another_format()),
    (50, "a false piece of a photo", |l| l.brings_a_false_piece()),
    (10, "a photo that cannot be", |l| l.names_an_odd_photo()),
    (90, "a false signature", |l| l.signs_falsely()),
    (40, "a header that is none", |l| l.signs_with_garbage()),
    (20, "a false count", |l| l.counts_falsely()),
    (40, "the same again", |l| l.says_it_again()),
    (80, "the desk", |l| l.comes_to_the_desk()),
    (1, "a name to sign in", |l| l.signs_in_as_nobody()),
    (30, "an uninvited device", |l| l.enrols_uninvited()),
    (50, "no such route", |l| l.asks_what_nobody_may()),
    (14, "no HTTP", |l| l.speaks_no_http()),
];

fn told_of(dice: &mut crate::dice::Dice) -> &'static Sort {
    let mut left = dice.below(SORTS.iter().map(|(often, ..)| often).sum());
    for sort in SORTS {
        match left.checked_sub(sort.0) {
            None => return sort,
            Some(rest) => left = rest,
        }
    }
    &SORTS[0]
}

/// What one liar came to.
struct Came {
    requests: u64,
    held: Vec<CommandId>,
    answers: BTreeMap<String, u64>,
}

fn lies(scene: &Scene<'_>, number: u8, role: Role, seed: u64, requests: u64, progress: &Progress) -> Came {
    let mut liar = Liar::new(scene, number, role, seed);
    while liar.requests < requests {
        let before = liar.requests;
        if liar.dice.once_in(if liar.stale { STALE_ONCE_IN } else { HONEST_ONCE_IN }) {
            liar.is_honest().unwrap_or_else(|e| fails(&liar, seed, number, "an honest sync", &e));
        }
        let (_, name, tell) = told_of(&mut liar.dice);
        tell(&mut liar).unwrap_or_else(|e| fails(&liar, seed, number, name, &e));
        progress.add(liar.requests - before);
    }
    liar.is_honest().unwrap_or_else(|e| fails(&liar, seed, number, "an honest sync", &e));
    Came { requests: liar.requests, held: liar.held, answers: liar.answers }
}

fn fails(liar: &Liar<'_>, seed: u64, number: u8, name: &str, error: &str) {
    panic!(
        "{name}: {error}\n  liar {number} of seed {seed}, request {}; the same lies again:\n  \
         HOSTILE_SEED={seed} HOSTILE_REQUESTS={} cargo test -p qiaomen-tests --test hostile fifty_thousand -- --nocapture",
        liar.requests,
        (liar.requests + 1) * u64::try_from(LIARS.len()).unwrap(),
    );
}

/// A number that somebody typed before the command, to see a run again or a longer one.
#[allow(clippy::disallowed_methods, reason = "which run is said beside the command, as with every seed")]
fn said(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |n| n.parse().unwrap_or_else(|_| panic!("{name}={n} is no number")))
}

#[test]
fn fifty_thousand_lies_harm_nobody_and_the_honest_lose_nothing() {
    let (seed, requests) = (said("HOSTILE_SEED", SEED), said("HOSTILE_REQUESTS", REQUESTS_MIN));
    let town = Town::new();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (at, serving) =
        runtime.block_on(serve_on_within(town.office.clone(), "127.0.0.1:0", Bounds::default())).unwrap();
    clerks::add_clerk(&town.office, "zhaomin", "腊八蒜 2026 春").unwrap();
    let token = clerks::login(&town.office, "zhaomin", "腊八蒜 2026 春").unwrap().token;
    let mut honest = [
        Honest::enrolled(&town, at, FIRST_HONEST, "王建国", 0),
        Honest::enrolled(&town, at, FIRST_HONEST + 1, "李秀英", 1),
    ];
    honest.iter_mut().for_each(|h| {
        h.works();
        h.syncs();
    });
    let scene = scene(&town, at, token);
    let before = memory::peak_and_now();
    let progress = Progress::default();
    let each = requests.div_ceil(u64::try_from(LIARS.len()).unwrap());

    let came: Vec<Came> = std::thread::scope(|all| {
        let liars: Vec<_> = (FIRST_LIAR..)
            .zip(LIARS)
            .map(|(number, role)| {
                let (scene, progress) = (&scene, &progress);
                all.spawn(move || lies(scene, number, role, seed, each, progress))
            })
            .collect();
        let workers: Vec<_> = honest
            .iter_mut()
            .map(|h| {
                let progress = &progress;
                all.spawn(move || works_among_them(h, progress, requests))
            })
            .collect();
        let came: Vec<_> = liars.into_iter().map(|l| l.join()).collect();
        // A liar that broke off does not keep the honest waiting.
        progress.end();
        for worker in workers {
            worker.join().expect("an honest device at work");
        }
        came.into_iter().map(|c| c.unwrap_or_else(|e| std::panic::resume_unwind(e))).collect()
    });

    let sum: u64 = came.iter().map(|c| c.requests).sum();
    assert!(sum >= requests, "{sum} requests");
    honest.iter_mut().for_each(Honest::comes_home);
    let devices: BTreeSet<_> = (FIRST_LIAR..).zip(LIARS).map(|(n, _)| crate::stories::device_of(n)).collect();
    aftermath::the_office_is_whole(&town);
    aftermath::nobody_wrote_what_is_not_theirs(&town, &devices);
    honest.iter().for_each(|h| aftermath::nothing_honest_is_lost(&town, h));
    let held: BTreeSet<CommandId> = came.iter().flat_map(|c| c.held.iter().copied()).collect();
    let mut line = Line::new(at);
    aftermath::what_is_held_is_shown(&mut line, &scene.token, &held);
    tell(seed, sum, &came, held.len(), &honest, before);
    for h in &honest {
        assert!(h.longest < ANSWER_TIME_MAX, "an honest sync took {:?}", h.longest);
    }
    if let Some((peak, _)) = memory::peak_and_now() {
        assert!(peak <= PEAK_BYTES_MAX, "{} MB at the peak", peak >> 20);
    }
    runtime.block_on(serving.stop()).unwrap();
}

fn scene<'t>(town: &'t Town, at: std::net::SocketAddr, token: String) -> Scene<'t> {
    let foreign = |doc: &DocId| {
        let streams = town.office.store().read(|tx| tx.streams_of(*doc)).unwrap();
        streams.contains(&qiaomen_proto::ids::StreamId::Grid(town.grids[1]))
    };
    let rows = town.office.store().read(|tx| tx.change_list()).unwrap();
    let actors: BTreeSet<_> =
        rows.iter().map(|row| town.office.store().read(|tx| tx.change(row.id)).unwrap().actor).collect();
    let docs: BTreeSet<DocId> = rows.iter().map(|row| row.doc).collect();
    Scene { town, at, foreign: docs.into_iter().filter(foreign).collect(), actors: actors.into_iter().collect(), token }
}

/// One round of work and one sync for each step that the liars have made.
fn works_among_them(honest: &mut Honest, progress: &Progress, requests: u64) {
    for round in 1..=ROUNDS {
        honest.works();
        honest.syncs();
        progress.wait_for(requests * round / ROUNDS);
    }
}

fn tell(seed: u64, sum: u64, came: &[Came], held: usize, honest: &[Honest], before: Option<(u64, u64)>) {
    let mut answers: BTreeMap<&str, u64> = BTreeMap::new();
    for (what, n) in came.iter().flat_map(|c| &c.answers) {
        *answers.entry(what).or_default() += n;
    }
    let longest: Vec<_> = honest.iter().map(|h| h.longest).collect();
    println!("seed {seed}: {sum} requests, {held} commands held, longest honest syncs {longest:?}");
    for (what, n) in answers {
        println!("  {n:>7} {what}");
    }
    if let (Some((_, before)), Some((peak, after))) = (before, memory::peak_and_now()) {
        println!("  memory: {} MB before, {} MB at the peak, {} MB after", before >> 20, peak >> 20, after >> 20);
    }
}
