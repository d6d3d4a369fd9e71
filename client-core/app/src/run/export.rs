use crate::answer::Answer;
use crate::failure::Failure;
use qiaomen_client::Device;
use serde_json::json;
use std::fs;
use std::path::Path;

/// Writes every document to `OUT/<kind>/<id>.automerge`.
pub(super) fn export(device: &Device, out: &Path) -> Result<Answer, Failure> {
    let failed = |path: &Path| {
        let sentence = format!("写不了 {}。请看看路径、权限和存储空间。", path.display());
        move |_| Failure::problem("cannot_write", sentence)
    };
    let docs = device.documents()?;
    for doc in &docs {
        let folder = out.join(doc.kind.name());
        fs::create_dir_all(&folder).map_err(failed(&folder))?;
        let path = folder.join(format!("{}.automerge", doc.uuid));
        fs::write(&path, device.document(*doc)?).map_err(failed(&path))?;
    }
    let text = format!("已导出 {} 份文档到 {}。个人内容在文档里仍是密文。", docs.len(), out.display());
    Ok(Answer::new(&json!({ "documents": docs.len(), "folder": out }), text))
}
