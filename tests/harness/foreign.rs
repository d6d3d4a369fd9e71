use super::folder::files;
use automerge::{Automerge, ROOT, ReadDoc as _, ScalarValue, Value};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// `<kind>/<id>` → what stands in that document: its heads, and each place with its value and everything
/// that stands against it.
pub(crate) type Documents = BTreeMap<String, serde_json::Value>;

/// What the official JavaScript automerge reads in a folder of documents.
pub(crate) fn in_javascript(folder: &Path) -> Documents {
    let js = Path::new(env!("CARGO_MANIFEST_DIR")).join("js");
    assert!(
        js.join("node_modules/@automerge").exists(),
        "the foreign reader is missing; type: npm ci --prefix tests/js"
    );
    let script = js.join("read_documents.mjs");
    let output = Command::new("node").arg(script).arg(folder).output().expect("Node.js 18 or newer is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// What the Rust automerge reads in it, in the same words.
pub(crate) fn in_rust(folder: &Path) -> Documents {
    let name = |file: &Path| {
        let (kind, id) = (file.parent().and_then(Path::file_name), file.file_stem());
        format!("{}/{}", kind.expect("a kind").to_string_lossy(), id.expect("an id").to_string_lossy())
    };
    files(folder).iter().map(|file| (name(file), read(file))).collect()
}

fn read(file: &Path) -> serde_json::Value {
    let bytes = std::fs::read(file).expect("a document");
    #[allow(clippy::disallowed_methods, reason = "a foreign reader of what was exported")]
    let doc = Automerge::load(&bytes).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let mut places = serde_json::Map::new();
    for container in doc.keys(ROOT) {
        let Ok(Some((Value::Object(_), map))) = doc.get(ROOT, &container) else {
            panic!("{container} is no container")
        };
        for key in doc.keys(&map) {
            let all = doc.get_all(&map, &key).expect("a place");
            let (value, _) = doc.get(&map, &key).expect("a place").expect("a value");
            let mut place = json!({ "value": said(&value) });
            if all.len() > 1 {
                place["conflicts"] = all.iter().map(|(value, op)| (op.to_string(), said(value))).collect();
            }
            places.insert(format!("{container}.{key}"), place);
        }
    }
    let mut heads: Vec<String> = doc.get_heads().iter().map(ToString::to_string).collect();
    heads.sort_unstable();
    json!({ "heads": heads, "places": places })
}

fn said(value: &Value<'_>) -> serde_json::Value {
    match value.as_scalar().expect("only scalars stand in a container") {
        ScalarValue::Null => json!({ "null": true }),
        ScalarValue::Boolean(flag) => json!({ "bool": flag }),
        ScalarValue::Int(number) => json!({ "number": number }),
        ScalarValue::Uint(number) => json!({ "number": number }),
        ScalarValue::Bytes(bytes) => json!({ "bytes": hex(bytes) }),
        ScalarValue::Str(text) => json!({ "str": text.as_str() }),
        other => panic!("nothing of ours is a {other:?}"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
