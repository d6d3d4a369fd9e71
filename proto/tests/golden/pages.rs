//! The pages that are made from tables: between the marks stands what the code says.

use crate::is_as_in;
use qiaomen_proto::entity::spec::{FIELD_ROLES, MATTER_ROLES, OFFICE_ONLY, POLICY_VERSION};
use qiaomen_proto::entity::{ContainerSpec, FieldSpec, Policy, Readers, Retention, Shape, ValueShape, kind_spec};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{Kind, Role};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

/// Puts these tables between their marks and compares; what stands around them is left alone.
fn page_has(file: &str, tables: &[(String, String)]) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    let page = fs::read_to_string(path).unwrap();
    let mut now = page.clone();
    for (name, table) in tables {
        let begin = format!("<!-- made from the code: {name} -->\n");
        let end = "<!-- end -->";
        let from = now.find(&begin).map(|at| at + begin.len());
        let from = from.unwrap_or_else(|| panic!("{file} has no mark {begin}"));
        let to = from + now[from..].find(end).unwrap_or_else(|| panic!("{file}: {name} does not end"));
        now.replace_range(from..to, table);
    }
    is_as_in(file, &now);
    assert_eq!(page.matches("<!-- made from the code: ").count(), tables.len(), "each mark has its table");
}

fn writers(roles: &[Role]) -> &'static str {
    [(FIELD_ROLES, "field"), (MATTER_ROLES, "matter"), (OFFICE_ONLY, "office")]
        .into_iter()
        .find_map(|(known, name)| (known == roles).then_some(name))
        .expect("a set of roles that has a name on the page")
}

fn form(field: &FieldSpec) -> String {
    let mut form = match field.shape {
        ValueShape::Text(characters) => format!("text, {characters}"),
        ValueShape::Uuid => "id".to_owned(),
        ValueShape::Date => "date".to_owned(),
        ValueShape::Count(max) => format!("count, 0 to {max}"),
        ValueShape::Flag => "yes or no".to_owned(),
    };
    if field.several {
        form.push_str(", several");
    }
    if field.sealed {
        form.push_str(", sealed");
    }
    form
}

fn container(index: usize, spec: &ContainerSpec, text: &mut String) {
    let shape = match spec.shape {
        Shape::Fields => "fields",
        Shape::Rows => "rows, `<row>.<field>`",
        Shape::Records => "records",
    };
    writeln!(text, "\n**{index} `{}` {}**: {shape}; writes: {}.", spec.name, spec.label, writers(spec.writers))
        .unwrap();
    if spec.fields.is_empty() {
        return;
    }
    text.push_str("\n| no. | field | 名称 | rule | form | writes | sees | kept | 为什么要登记 |\n|---|---|---|---|---|---|---|---|---|\n");
    for f in spec.fields {
        let (rule, form, who) = (f.policy.name(), form(f), writers(f.writers));
        let (sees, kept) = (f.readers.name(), f.retention.name());
        writeln!(
            text,
            "| {} | `{}` | {} | {rule} | {form} | {who} | {sees} | {kept} | {} |",
            f.number, f.name, f.label, f.purpose
        )
        .unwrap();
    }
}

fn kind(kind: Kind) -> (String, String) {
    let mut text = String::new();
    for (index, spec) in kind_spec(kind).containers.iter().enumerate() {
        container(index, spec, &mut text);
    }
    text.push('\n');
    (kind.name().to_owned(), text)
}

fn roles() -> (String, String) {
    let mut text = String::from("\n| who | roles |\n|---|---|\n");
    for (name, roles) in [("field", FIELD_ROLES), ("matter", MATTER_ROLES), ("office", OFFICE_ONLY)] {
        let titles: Vec<&str> = roles.iter().map(|r| r.title()).collect();
        writeln!(text, "| {name} | {} |", titles.join("、")).unwrap();
    }
    text.push_str("\n| rank | roles |\n|---|---|\n");
    for rank in [3, 2, 1] {
        let titles: Vec<&str> = Role::ALL.into_iter().filter(|r| r.rank() == rank).map(Role::title).collect();
        writeln!(text, "| {rank} | {} |", titles.join("、")).unwrap();
    }
    text.push('\n');
    ("roles".to_owned(), text)
}

fn card() -> (String, String) {
    let mut text = String::from("\n| sees | 谁能看 |\n|---|---|\n");
    for readers in Readers::ALL {
        writeln!(text, "| {} | {} |", readers.name(), readers.sentence()).unwrap();
    }
    text.push_str("\n| kept | 保存多久 |\n|---|---|\n");
    for retention in Retention::ALL {
        writeln!(text, "| {} | {} |", retention.name(), retention.sentence()).unwrap();
    }
    text.push('\n');
    ("card".to_owned(), text)
}

#[test]
fn the_page_of_the_rules_shows_every_field_as_the_table_has_it() {
    let version = ("version".to_owned(), format!("\nVersion of this table: {POLICY_VERSION}.\n\n"));
    let tables: Vec<_> = [version, roles(), card()].into_iter().chain(Kind::ALL.map(kind)).collect();
    page_has("docs/protocol/merge-rules.md", &tables);
}

#[test]
fn the_page_of_the_codes_shows_every_code_with_its_sentence() {
    let mut text = String::from("\n| number | name | again? | sentence |\n|---|---|---|---|\n");
    for code in Code::ALL {
        let again = if code.retry_helps() { "yes" } else { "no" };
        writeln!(text, "| {} | `{code}` | {again} | {} |", code.number(), code.sentence()).unwrap();
    }
    text.push('\n');
    page_has("docs/protocol/errors.md", &[("codes".to_owned(), text)]);
}

#[test]
fn numbers_and_names_are_used_once_and_fit_on_the_wire() {
    for kind in Kind::ALL {
        let spec = kind_spec(kind);
        assert_eq!(spec.containers[0].name, "fields", "the head stands first");
        let names: BTreeSet<_> = spec.containers.iter().map(|c| c.name).collect();
        assert_eq!(names.len(), spec.containers.len());
        assert_eq!(spec.containers.iter().filter(|c| c.name == "decisions").count(), 1);
        for container in spec.containers {
            // A field of a later release has no number.
            let numbers: Vec<_> = container.fields.iter().map(|f| f.number).filter(|n| *n != 0).collect();
            let names: BTreeSet<_> = container.fields.iter().map(|f| f.name).collect();
            assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len());
            assert_eq!(names.len(), container.fields.len());
            for f in container.fields {
                assert!(!f.label.is_empty() && !f.purpose.is_empty() && !f.writers.is_empty());
                // A row's field stands behind a point; a decision about it has a key that fits.
                assert!(!f.name.contains('.') && f.name.len() <= 24, "{}", f.name);
                assert!(f.policy != Policy::Append, "only records are appended");
                assert!(container.shape != Shape::Records);
            }
        }
    }
    for code in Code::ALL {
        assert_eq!(Code::from_number(code.number()), Some(*code));
        assert!(code.sentence().ends_with('。'), "{code}");
    }
    assert_eq!(Code::from_number(0), None, "0 stands for none");
}
