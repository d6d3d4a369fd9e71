//! What the README tells a reader to type exists: scripts, packages, binaries and their subcommands.

use super::source;
use super::tree::{Fault, Tree};
use super::{manifest, source::words};
use std::collections::BTreeSet;

/// Where each binary's commands are declared.
const BINARIES: [(&str, &str); 2] = [("qiaomen", "server/cli/src/"), ("qiaomen-field", "client-core/app/src/")];
/// Options that take no value; after any other, the next word is its value.
const SWITCHES: [&str; 6] = ["--json", "--once", "--dry-run", "--help", "--version", "--verbose"];
const CARGO_COMMANDS: [&str; 9] = ["run", "test", "build", "bench", "install", "clippy", "fmt", "doc", "check"];

pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut pages = Vec::new();
    for (path, text) in tree.files().filter(|(path, _)| is_readme(path)) {
        let commands = commands(text);
        for (line, command) in &commands {
            faults.extend(wrong(tree, command).map(|what| Fault::at(path, *line, format!("`{command}`: {what}"))));
        }
        pages.push((path, commands.into_iter().map(|(_, command)| command).collect::<BTreeSet<_>>()));
    }
    for pair in pages.windows(2) {
        if let [(one, ours), (other, theirs)] = pair {
            faults.extend(ours.difference(theirs).map(|c| Fault::of(other, format!("`{c}` stands in {one} only"))));
            faults.extend(theirs.difference(ours).map(|c| Fault::of(one, format!("`{c}` stands in {other} only"))));
        }
    }
    faults
}

fn is_readme(path: &str) -> bool {
    path.starts_with("README") && path.ends_with(".md")
}

/// Commands in the fenced blocks marked `sh`, without prompt and comment, with their lines.
fn commands(text: &str) -> Vec<(usize, String)> {
    let mut commands = Vec::new();
    let mut in_shell = false;
    for (line, content) in (1..).zip(text.lines().map(str::trim)) {
        if let Some(language) = content.strip_prefix("```") {
            in_shell = !in_shell && language == "sh";
        } else if in_shell {
            let command = content.split(" #").next().unwrap_or_default().trim().trim_start_matches("$ ");
            let first = command.split_whitespace().next().unwrap_or_default();
            if first == "cargo" || first.starts_with("./") || BINARIES.iter().any(|(name, _)| *name == first) {
                commands.push((line, command.split_whitespace().collect::<Vec<_>>().join(" ")));
            }
        }
    }
    commands
}

/// What is wrong with a command, if something is.
fn wrong(tree: &Tree, command: &str) -> Option<String> {
    let tokens: Vec<&str> = command.split_whitespace().collect();
    let (first, rest) = tokens.split_first()?;
    if let Some(script) = first.strip_prefix("./") {
        return (!tree.has(script)).then(|| format!("there is no {script}"));
    }
    if *first == "cargo" {
        return wrong_cargo(tree, rest);
    }
    wrong_subcommand(tree, first, rest)
}

fn wrong_cargo(tree: &Tree, arguments: &[&str]) -> Option<String> {
    let dashes = arguments.iter().position(|a| *a == "--").unwrap_or(arguments.len());
    let (own, passed_on) = (&arguments[..dashes], arguments.get(dashes + 1..).unwrap_or_default());
    let command = own.first().copied().unwrap_or_default();
    if !CARGO_COMMANDS.contains(&command) {
        return Some(format!("cargo has no command {command}"));
    }
    let value = |options: &[&str]| own.iter().position(|a| options.contains(a)).and_then(|at| own.get(at + 1)).copied();
    let declared = [
        ("package", value(&["-p", "--package"])),
        ("bin", value(&["--bin"])),
        ("test", value(&["--test"])),
        ("bench", value(&["--bench"])),
    ];
    for (section, name) in declared {
        if let Some(name) = name.filter(|name| !manifest::names(tree, section).contains(name)) {
            return Some(format!("there is no {section} {name}"));
        }
    }
    if let Some(path) = value(&["--path"]).filter(|path| !tree.has(&format!("{path}/Cargo.toml"))) {
        return Some(format!("there is no package in {path}"));
    }
    let binary = value(&["--bin"]).filter(|_| command == "run")?;
    wrong_subcommand(tree, binary, passed_on)
}

fn wrong_subcommand(tree: &Tree, binary: &str, arguments: &[&str]) -> Option<String> {
    let folder = BINARIES.iter().find(|(name, _)| *name == binary).map(|(_, folder)| *folder)?;
    let subcommand = first_word(arguments)?;
    let known: BTreeSet<String> = tree.below(folder).flat_map(|(_, text)| subcommands(text)).collect();
    (!known.contains(subcommand)).then(|| format!("{binary} has no command {subcommand}"))
}

/// The first argument that is neither an option nor an option's value.
fn first_word<'a>(arguments: &[&'a str]) -> Option<&'a str> {
    let mut value_follows = false;
    for argument in arguments {
        if argument.starts_with('-') {
            value_follows = !SWITCHES.contains(argument) && !argument.contains('=');
        } else if value_follows {
            value_follows = false;
        } else {
            return Some(argument);
        }
    }
    None
}

/// Names of the variants of every enum that derives clap's `Subcommand`, as a shell spells them.
fn subcommands(text: &str) -> Vec<String> {
    let code = source::code(text);
    let mut found = Vec::new();
    for at in words(&code, "Subcommand") {
        // A derive ends its attribute before an enum begins; an import or a field does not.
        let after = &code[at..];
        let Some(open) = after.find('{') else {
            continue;
        };
        let head = &after[..open];
        if head.contains(';') || words(head, "enum").next().is_none() {
            continue;
        }
        found.extend(variants(&code[at + open + 1..], &text[at + open + 1..]));
    }
    found
}

/// Variants of an enum's body; both texts start behind its `{`.
fn variants(code: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut depth = 0_u32;
    let mut variant_start = 0;
    let mut name = String::new();
    for (at, character) in code.char_indices() {
        match character {
            '{' | '(' | '[' => depth += 1,
            '}' if depth == 0 => break,
            '}' | ')' | ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                found.extend(spelled(&name, &text[variant_start..at]));
                name.clear();
                variant_start = at + 1;
            }
            letter if depth == 0 && letter.is_alphanumeric() => name.push(letter),
            _ => {}
        }
    }
    found.extend(spelled(&name, text.get(variant_start..).unwrap_or_default()));
    found
}

/// The shell's spelling of a variant: its own `name = "…"`, or kebab-case.
fn spelled(variant: &str, text: &str) -> Option<String> {
    if variant.is_empty() {
        return None;
    }
    let head = &text[..text.find(variant).unwrap_or(0)];
    if let Some((_, named)) = head.split_once("command(name = \"") {
        return named.split('"').next().map(str::to_owned);
    }
    let mut kebab = String::new();
    for letter in variant.chars() {
        if letter.is_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.extend(letter.to_lowercase());
    }
    Some(kebab)
}

#[cfg(test)]
mod tests {
    use super::super::tree::found;
    use super::*;

    const CLI: &str = "use clap::Subcommand;\n#[derive(Subcommand)]\nenum Command {\n    /// Starts, {or not}.\n    Serve(Serve),\n    \
         #[command(name = \"close-day\")]\n    Close { at: Vec<(u8, u8)> },\n    DayOne,\n}\nstruct Other { A: u8 }";

    fn tree(readme: &str) -> Tree {
        Tree::made_up([
            ("README.md", readme),
            ("test", ""),
            ("server/cli/Cargo.toml", "[package]\nname = \"qiaomen\"\n[[bin]]\nname = \"qiaomen\"\n"),
            ("server/cli/src/main.rs", CLI),
        ])
    }

    #[test]
    fn subcommands_are_read_from_the_source() {
        assert_eq!(subcommands(CLI), ["serve", "close-day", "day-one"]);
    }

    #[test]
    fn commands_that_exist_are_left_alone() {
        let readme = "```sh\n$ ./test\ncargo run --release --bin qiaomen -- serve --once   # comment\n\
             qiaomen --data DIR close-day --json\ncargo install --path server/cli\nls\n```\n";
        assert_eq!(check(&tree(readme)), []);
    }

    #[test]
    fn commands_that_do_not_exist_are_found() {
        let readme = "```sh\n./tests-all\ncargo run --bin qiaomen -- dance\ncargo run --bin qiaoman\ncargo frobnicate\n\
             qiaomen --data DIR dance\ncargo test -p nobody\n```\n```text\nqiaomen dance\n```\n";
        let found = found(&check(&tree(readme)));
        assert_eq!(found.len(), 6, "{found:#?}");
        assert_eq!(found[1], "README.md:3: `cargo run --bin qiaomen -- dance`: qiaomen has no command dance");
    }

    #[test]
    fn two_languages_show_the_same_commands() {
        let tree =
            Tree::made_up([("README.md", "```sh\n./test\n```\n"), ("README.zh-CN.md", "```sh\n```\n"), ("test", "")]);
        assert_eq!(found(&check(&tree)), ["README.zh-CN.md: `./test` stands in README.md only"]);
    }
}
