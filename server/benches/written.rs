//! How long writing the ledger takes, and the lists beside it. Not run with the others: a busy machine would make it
//! a lie. `cargo bench -p qiaomen-server --bench written`
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]
#![allow(clippy::disallowed_methods, reason = "this measures")]

#[path = "../tests/support/books.rs"]
mod books;

use books::{example, import, new_office};
use qiaomen_server::desk::ledger::{Asked, doors};
use qiaomen_server::desk::ledger_people::{PeopleAsked, residents};
use qiaomen_server::ledger::written::write_ledger;
use qiaomen_server::people::Sight;
use std::time::{Duration, Instant};

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    let took = start.elapsed();
    println!("{what}: {took:.2?}");
    (result, took)
}

fn main() {
    let (_dir, office) = new_office();
    import(&office, &example("community"));
    let everything = Sight::default();
    let mut longest = Duration::ZERO;
    for _ in 0..3 {
        let (file, took) = timed("write", || write_ledger(&office, &everything, None, office.own_worker()).unwrap());
        println!("{:?}, {} KB", file.held, file.bytes.len() / 1024);
        longest = longest.max(took);
        timed("a page of doors", || {
            office.store().read(|tx| doors(&office, tx, &Asked::of(&[]), &everything)).unwrap()
        });
        let asked = PeopleAsked::default();
        timed("a page of people", || office.store().read(|tx| residents(&office, tx, &asked, &everything)).unwrap());
    }
    println!("longest: {longest:.2?}");
}
