use serde_json::Value;

/// The line of a list in which a name has this value.
#[track_caller]
pub(crate) fn line<'a>(list: &'a Value, name: &str, value: &str) -> &'a Value {
    let lines = list.as_array().unwrap_or_else(|| panic!("not a list: {list:#}"));
    lines.iter().find(|l| l[name] == value).unwrap_or_else(|| panic!("no {name} = {value} in {list:#}"))
}
/// A field of a door, a person or a matter.
#[track_caller]
pub(crate) fn field<'a>(page: &'a Value, name: &str) -> &'a Value {
    line(&page["fields"], "field", name)
}
/// Somebody behind a door.
#[track_caller]
pub(crate) fn person<'a>(door: &'a Value, name: &str) -> &'a Value {
    line(&door["people"], "name", name)
}

/// What stands under a name in every line, sorted.
pub(crate) fn all<'a>(list: &'a Value, name: &str) -> Vec<&'a str> {
    let mut found: Vec<&str> = list.as_array().into_iter().flatten().filter_map(|l| l[name].as_str()).collect();
    found.sort_unstable();
    found
}
