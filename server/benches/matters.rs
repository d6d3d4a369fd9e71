//! How long the lists of matters take in a whole community with 20,000 of them. Not run with the others: a busy
//! machine would make it a lie.
//! `cargo bench -p qiaomen-server --bench matters`
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]
#![allow(clippy::disallowed_methods, reason = "this measures")]

#[path = "../tests/support/books.rs"]
mod books;

use books::{import, new_office};
use qiaomen_proto::ids::WorkerId;
use qiaomen_server::desk::ticket::ticket;
use qiaomen_server::desk::ticket_choices::choices;
use qiaomen_server::desk::tickets::{Filter, board, counts, joint, list};
use qiaomen_server::ledger::invented::{InventedSize, invent};
use qiaomen_server::matters::{Hand, Step, act};
use qiaomen_server::people::posts::Sight;
use qiaomen_server::people::{Post, SignedIn};
use qiaomen_server::store::sqlite::TicketList;
use std::time::Instant;

/// Matters in the book.
const MATTERS: usize = 20_000;

fn main() {
    let (_dir, office) = new_office();
    let mut book = invent(7, InventedSize::Community);
    let some = book.tickets.clone();
    book.tickets = (0..MATTERS)
        .map(|n| {
            let mut row = some[n % some.len()].clone();
            row.text = format!("{} {n}", row.text);
            row
        })
        .collect();
    import(&office, &book);
    let grids: Vec<_> = office.store().read(|tx| tx.grids()).unwrap();
    let leader = Sight { grids: Some([qiaomen_proto::ids::GridId::from_bytes(*grids[0].id)].into()), department: None };
    let all = Sight::default();
    let who =
        SignedIn { clerk: WorkerId::from_bytes([7; 16]), login: String::new(), post: Post::Clerk, sight: all.clone() };
    let hand = Hand::of(&who).unwrap();
    let over = Filter { list: TicketList::Over, ..Filter::default() };
    let first = list(&office, &all, &Filter::default(), 0).unwrap();
    println!("{} open, {} over", first.total, list(&office, &all, &over, 0).unwrap().total);
    let one = first.lines[0].ticket;
    let timed = |what: &str, work: &dyn Fn()| {
        work();
        let start = Instant::now();
        work();
        let took = start.elapsed();
        println!("{what}: {took:.2?}");
    };
    for (whose, sight) in [("everything", &all), ("one grid", &leader)] {
        timed(&format!("{whose}: figures and filters"), &|| {
            counts(&office, sight).unwrap();
            choices(&office, sight).unwrap();
        });
        timed(&format!("{whose}: the first page"), &|| drop(list(&office, sight, &Filter::default(), 0).unwrap()));
        timed(&format!("{whose}: what is over, the last page"), &|| drop(list(&office, sight, &over, 300).unwrap()));
        timed(&format!("{whose}: the board"), &|| drop(board(&office, sight, &Filter::default()).unwrap()));
        timed(&format!("{whose}: the joint meeting"), &|| drop(joint(&office, sight).unwrap()));
    }
    timed("one matter", &|| drop(ticket(&office, one, &all, Some(&hand), false).unwrap().unwrap()));
    let start = Instant::now();
    act(
        &office,
        one,
        Step { text: Some("补".to_owned()), ..Step::new(qiaomen_proto::merge::fold::EventKind::Supplement) },
        &hand,
    )
    .unwrap();
    println!("a step: {:.2?}", start.elapsed());
}
