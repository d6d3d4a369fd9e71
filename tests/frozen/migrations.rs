use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Path and BLAKE3 of each step, in the order in which they came.
const LIST: &str = include_str!("../data/migrations.txt");
/// Where the steps of both databases lie.
const FOLDERS: [&str; 2] = ["client-core/migrations", "server/migrations/sqlite"];

#[test]
fn a_migration_that_was_released_is_never_edited_and_a_new_one_is_listed() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut there = BTreeMap::new();
    for folder in FOLDERS {
        for entry in fs::read_dir(top.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{folder}/{}", path.file_name().unwrap().to_string_lossy());
            there.insert(name, blake3::hash(&fs::read(path).unwrap()).to_hex().to_string());
        }
    }
    let listed: BTreeMap<String, String> = LIST
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split_once(' ').expect("a path and a hash"))
        .map(|(path, hash)| (path.to_owned(), hash.to_owned()))
        .collect();
    for (path, hash) in &listed {
        assert_eq!(there.get(path), Some(hash), "{path} was released: add a step instead of editing it");
    }
    for (path, hash) in &there {
        assert!(listed.contains_key(path), "a new step; add to tests/data/migrations.txt:\n{path} {hash}");
    }
}
