//! The device and the office never see each other; both see the shared language; it sees nobody.

use super::manifest;
use super::source::{self, ROOMS, Room};
use super::tree::{Fault, Tree};

/// Our crates as Rust spells them.
const OURS: [&str; 7] = [
    "qiaomen_proto",
    "qiaomen_client",
    "qiaomen_screens",
    "qiaomen_host",
    "qiaomen_server",
    "qiaomen_console",
    "qiaomen_tests",
];

/// Which of our crates a room may name; its own as well, as its tests and examples do.
fn allowed(room: Room) -> &'static [&'static str] {
    match room {
        Room::Proto => &["qiaomen_proto"],
        Room::Device => &["qiaomen_proto", "qiaomen_client"],
        Room::Office => &["qiaomen_proto", "qiaomen_server"],
        Room::Screens => &["qiaomen_proto", "qiaomen_client", "qiaomen_screens"],
        Room::Host => &["qiaomen_proto", "qiaomen_client", "qiaomen_screens", "qiaomen_host"],
        Room::FieldApp => &["qiaomen_proto", "qiaomen_client", "qiaomen_host"],
        Room::Console => &["qiaomen_proto", "qiaomen_server", "qiaomen_console"],
        Room::OfficeCli => &["qiaomen_proto", "qiaomen_client", "qiaomen_host", "qiaomen_server", "qiaomen_console"],
        Room::Tests => &OURS,
    }
}

pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.ending(".rs") {
        let Some(room) = source::room(path) else {
            continue;
        };
        let code = source::code(text);
        for stranger in OURS.iter().filter(|ours| !allowed(room).contains(ours)) {
            faults.extend(
                source::words(&code, stranger)
                    .map(|at| Fault::in_text(path, text, at, format!("must not import {stranger}"))),
            );
        }
    }
    for (folder, room) in ROOMS {
        let path = format!("{folder}Cargo.toml");
        let Some(text) = tree.text(&path) else {
            continue;
        };
        for entry in manifest::entries(text) {
            let Some(name) = entry.dependency().map(|name| name.replace('-', "_")) else {
                continue;
            };
            if OURS.contains(&name.as_str()) && !allowed(room).contains(&name.as_str()) {
                faults.push(Fault::at(&path, entry.line, format!("must not depend on {name}")));
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
    fn an_office_that_imports_the_device_is_found() {
        let tree = Tree::made_up([
            ("server/src/lib.rs", "use qiaomen_proto::ids;\nuse qiaomen_client::Device;\n"),
            ("server/Cargo.toml", "[dev-dependencies]\nqiaomen-client.workspace = true\n"),
        ]);
        assert_eq!(
            found(&check(&tree)),
            [
                "server/src/lib.rs:2: must not import qiaomen_client",
                "server/Cargo.toml:2: must not depend on qiaomen_client"
            ]
        );
    }

    #[test]
    fn a_shared_language_that_imports_anyone_is_found() {
        let tree = Tree::made_up([("proto/src/wire/mod.rs", "fn a() { qiaomen_server::b() }")]);
        assert_eq!(found(&check(&tree)), ["proto/src/wire/mod.rs:1: must not import qiaomen_server"]);
    }

    #[test]
    fn the_demonstration_and_the_tests_may_see_both() {
        let both = "use qiaomen_client::Device; use qiaomen_server::ledger;";
        let tree = Tree::made_up([("server/cli/src/demo.rs", both), ("tests/flow/s1_edit.rs", both)]);
        assert_eq!(check(&tree), []);
    }
}
