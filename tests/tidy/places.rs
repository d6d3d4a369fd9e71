//! What may stand only in one place, so that a reader knows where to look for it and where not.

use super::source::{self, Room};
use super::tree::{Fault, Tree};

/// Words, where they may stand, and what to say where they must not.
struct Place {
    words: &'static [&'static str],
    may_stand_in: fn(&str) -> bool,
    otherwise: &'static str,
}

const PLACES: [Place; 5] = [
    Place {
        words: &["rusqlite"],
        // An error may carry the database's own as its source.
        // The demonstration's checker is a foreign reader on purpose: it shares no code with what it judges.
        may_stand_in: |path| path.contains("/store/") || path.ends_with("/error.rs") || path == source::CHECKER,
        otherwise: "a database is spoken to in store/ only",
    },
    Place {
        words: &["axum"],
        may_stand_in: |path| {
            let rooms = ["server/src/http/", "server/console/", "server/cli/", "client-core/host/"];
            rooms.iter().any(|room| path.starts_with(room))
        },
        otherwise: "HTTP is served in server/src/http/, server/console/, server/cli/ and client-core/host/ only",
    },
    Place {
        words: &["println!", "print!", "eprintln!", "eprint!"],
        may_stand_in: |path| matches!(source::room(path), Some(Room::FieldApp | Room::OfficeCli)),
        otherwise: "only a binary prints; a library returns what there is to say",
    },
    Place {
        // Another host than a loopback server, as a browser's worker, has none of these.
        words: &[
            "std::net",
            "std::fs",
            "std::thread",
            "std::time",
            "std::env",
            "std::process",
            "Instant",
            "SystemTime",
            "tokio",
            "getrandom",
        ],
        may_stand_in: |path| source::room(path) != Some(Room::Screens),
        otherwise: "the screens ask the device or their host; they touch nothing of the machine themselves",
    },
    Place {
        words: &["SystemTime::now", "Instant::now", "Utc::now", "Local::now"],
        may_stand_in: |path| path.ends_with("/clock.rs") && source::room(path) != Some(Room::Proto),
        otherwise: "the system clock is read in a file clock.rs only, and never in proto",
    },
];

pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.files().filter(|(path, _)| source::is_product(path)) {
        let product = source::product(text);
        for place in PLACES.iter().filter(|place| !(place.may_stand_in)(path)) {
            for word in place.words {
                faults.extend(
                    source::words(&product, word)
                        .map(|at| Fault::in_text(path, text, at, format!("{word}: {}", place.otherwise))),
                );
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::tree::found;
    use super::*;

    #[test]
    fn each_thing_out_of_its_place_is_found() {
        let tree = Tree::made_up([
            ("client-core/src/edit/mod.rs", "use rusqlite::Connection;"),
            ("server/src/ingest/plan.rs", "use axum::Json;\nfn a() { println!(); }"),
            ("proto/src/change/clock.rs", "let now = SystemTime::now();"),
            ("server/src/feed/mod.rs", "let now = chrono::Utc::now();"),
            ("client-core/screens/src/pages/today.rs", "use std::fs::File;"),
        ]);
        let found = found(&check(&tree));
        assert_eq!(found.len(), 6, "{found:#?}");
        assert!(found.iter().any(|f| f.starts_with("client-core/src/edit/mod.rs:1: rusqlite: ")));
        assert!(found.iter().any(|f| f.starts_with("client-core/screens/src/pages/today.rs:1: std::fs: ")));
        assert!(found.iter().any(|f| f.starts_with("server/src/ingest/plan.rs:2: println!: ")));
    }

    #[test]
    fn each_thing_in_its_place_is_left_alone() {
        let tree = Tree::made_up([
            ("client-core/src/store/open.rs", "use rusqlite::Connection;"),
            ("server/src/error.rs", "Store(#[from] rusqlite::Error)"),
            ("server/src/http/push.rs", "use axum::Json;"),
            ("server/cli/src/main.rs", "fn main() { println!(); }"),
            ("client-core/src/clock.rs", "let now = SystemTime::now();"),
            ("server/src/ledger/book.rs", "#[cfg(test)]\nmod tests { fn a() { println!(); } }"),
        ]);
        assert_eq!(check(&tree), []);
    }
}
