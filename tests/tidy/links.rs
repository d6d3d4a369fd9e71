//! A link between two pages of this project leads somewhere.

use super::tree::{Fault, Tree};

pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.ending(".md") {
        for (line, content) in (1..).zip(text.lines()) {
            // A full-width mark before it makes a word of a picture.
            if content.contains("\u{ff01}[") {
                faults.push(Fault::at(path, line, "a picture that is none: write a narrow ! before [".to_owned()));
            }
        }
        for (line, target) in targets(text) {
            let file = target.split('#').next().unwrap_or_default();
            if !file.is_empty() && !resolve(path, file).is_some_and(|there| tree.has(&there)) {
                faults.push(Fault::at(path, line, format!("{target} leads nowhere")));
            }
        }
    }
    faults
}

/// Link targets within the project, with their lines; code is left out.
fn targets(text: &str) -> Vec<(usize, &str)> {
    let mut targets = Vec::new();
    let mut in_code = false;
    for (line, content) in (1..).zip(text.lines()) {
        if content.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        // Every second piece between backticks is code.
        for prose in content.split('`').step_by(2) {
            for (at, _) in prose.match_indices("](") {
                let rest = &prose[at + 2..];
                let target = rest.split([')', ' ']).next().unwrap_or_default();
                if !target.contains("://") && !target.starts_with("mailto:") && !target.starts_with('#') {
                    targets.push((line, target));
                }
            }
        }
    }
    targets
}

/// The path that a link in this page means; none where it leaves the project.
fn resolve(page: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::super::tree::found;
    use super::*;

    #[test]
    fn a_link_that_leads_nowhere_is_found() {
        let tree = Tree::made_up([
            (
                "docs/flow/1-edit.md",
                "See [the outbox](2-outbox.md), [home](../../README.md#top).\n[gone](../gone.md) ![x](y.png)",
            ),
            ("docs/flow/2-outbox.md", "[out](../../../etc)"),
            ("README.md", "[docs](docs/)"),
        ]);
        assert_eq!(
            found(&check(&tree)),
            [
                "docs/flow/1-edit.md:2: ../gone.md leads nowhere",
                "docs/flow/1-edit.md:2: y.png leads nowhere",
                "docs/flow/2-outbox.md:1: ../../../etc leads nowhere"
            ]
        );
    }

    #[test]
    fn a_picture_that_is_only_a_word_is_found() {
        let tree =
            Tree::made_up([("README.md", "\u{ff01}[今天](docs/a.png)\n![今天](docs/a.png)"), ("docs/a.png", "")]);
        assert_eq!(found(&check(&tree)), ["README.md:1: a picture that is none: write a narrow ! before ["]);
    }

    #[test]
    fn the_web_the_page_itself_and_code_are_left_alone() {
        let text = "[a](https://example.org/b) [c](#d) `[e](f.md)`\n```\n[g](h.md)\n```\n";
        assert_eq!(check(&Tree::made_up([("README.md", text)])), []);
    }
}
