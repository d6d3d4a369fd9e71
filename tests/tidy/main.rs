//! Reads the source tree and holds it to what the project has agreed on and no compiler checks.
//!
//! A rule is a pure function from a tree of files to the faults in it. Each rule has a made-up tree
//! that breaks it, so that a rule that finds nothing has been seen to find something.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot read its tree stops")]

/// Files, their texts, and what is wrong with them.
mod tree;
/// Rust text without comments, strings and tests.
mod source;
/// What the manifests declare.
mod manifest;
/// Who may import whom.
mod imports;
/// What may stand only in one place: databases, HTTP, printing, the clock.
mod places;
/// Where automerge bytes come in: one place each.
mod foreign_bytes;
/// Marks of unfinished work.
mod unfinished;
/// Long files.
mod length;
/// The first page of a crate.
mod first_page;
/// Commands that a reader types.
mod commands;
/// Links between pages.
mod links;
/// The page of the wire follows the wire.
mod wire_page;
/// One line for each dependency.
mod dependencies;
/// Words that belong to one machine.
mod machine;
/// Each find of the simulation has its story.
mod finds;
/// Each file of tests is run.
mod stories;

use tree::{Fault, Tree};

fn none_of(rule: fn(&Tree) -> Vec<Fault>) {
    let faults = rule(&Tree::here());
    let lines: String = faults.iter().map(|fault| format!("\n  {fault}")).collect();
    assert!(faults.is_empty(), "{} to mend:{lines}\n", faults.len());
}

#[test]
fn the_device_and_the_office_meet_only_in_the_shared_language() {
    none_of(imports::check);
}

#[test]
fn databases_http_printing_and_the_clock_stay_in_their_rooms() {
    none_of(places::check);
}

#[test]
fn automerge_bytes_come_in_at_one_place() {
    none_of(foreign_bytes::check);
}

#[test]
fn nothing_is_left_unfinished() {
    none_of(unfinished::check);
}

#[test]
fn no_file_is_too_long_to_read_at_once() {
    none_of(length::check);
}

#[test]
fn the_first_page_of_each_crate_explains_its_modules() {
    none_of(first_page::check);
}

#[test]
fn the_commands_of_the_readme_exist() {
    none_of(commands::check);
}

#[test]
fn the_links_between_pages_lead_somewhere() {
    none_of(links::check);
}

#[test]
fn the_page_of_the_wire_was_read_when_the_wire_changed() {
    none_of(wire_page::check);
}

#[test]
fn each_dependency_has_its_reason() {
    none_of(dependencies::check);
}

#[test]
fn no_file_speaks_of_one_machine() {
    none_of(machine::check);
}

#[test]
fn each_find_of_the_simulation_is_told_as_a_story() {
    none_of(finds::check);
}

#[test]
fn no_file_of_tests_is_forgotten() {
    none_of(stories::check);
}
