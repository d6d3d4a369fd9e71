//! What the simulation has found is told as a story that is there: each row of the table names one.

use super::tree::{Fault, Tree};

const PAGE: &str = "docs/contribute/simulation.md";
const HEADING: &str = "## What it has found";

pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let text = tree.text(PAGE).unwrap_or_default();
    let lines = (1..).zip(text.lines()).skip_while(|(_, line)| *line != HEADING).skip(1);
    let table = lines.take_while(|(_, line)| !line.starts_with("## ")).filter(|(_, line)| line.starts_with('|'));
    // The first two are its head.
    let rows: Vec<_> = table.skip(2).collect();
    if rows.is_empty() {
        return vec![Fault::of(PAGE, format!("has no table under “{HEADING}”"))];
    }
    let mut faults = Vec::new();
    for (line, row) in rows {
        let told = row.trim_end_matches('|').rsplit('|').next().unwrap_or_default();
        // Every second piece between backticks is a name.
        let stories: Vec<&str> = told.split('`').skip(1).step_by(2).collect();
        if stories.is_empty() {
            faults.push(Fault::at(PAGE, line, "names no story"));
        }
        let gone = stories.iter().filter(|story| !is_told(tree, story));
        faults.extend(gone.map(|story| Fault::at(PAGE, line, format!("no test is called {story}"))));
    }
    faults
}

fn is_told(tree: &Tree, story: &str) -> bool {
    let head = format!("fn {story}()");
    tree.ending(".rs").any(|(path, text)| path.contains("tests/") && text.contains(&head))
}

#[cfg(test)]
mod tests {
    use super::super::tree::found;
    use super::*;

    const TEST: (&str, &str) = ("server/tests/sync_core.rs", "#[test]\nfn a_thing_is_kept() {\n}\n");

    fn page(row: &str) -> String {
        format!(
            "# Days\n\n{HEADING}\n\n| found | mended | told |\n|---|---|---|\n{row}\n\n## More\n| a |\n| b |\n| c |\n"
        )
    }

    #[test]
    fn a_find_without_a_story_and_a_story_that_is_gone_are_found() {
        let found_in = |row: &str| found(&check(&Tree::made_up([TEST, (PAGE, &page(row))])));
        assert_eq!(found_in("| lost | kept | `a_thing_is_kept` |"), Vec::<String>::new());
        assert_eq!(found_in("| lost | `kept` | |"), [format!("{PAGE}:7: names no story")]);
        assert_eq!(
            found_in("| lost | kept | `a_thing_is_kept`, `another` |"),
            [format!("{PAGE}:7: no test is called another")]
        );
    }

    #[test]
    fn a_page_without_the_table_is_found() {
        assert_eq!(check(&Tree::made_up([TEST, (PAGE, "# Days\n")])).len(), 1);
    }
}
