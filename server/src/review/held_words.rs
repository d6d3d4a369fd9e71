//! Why something is held back, and what a clerk does about it. The permanent sentences of the codes speak
//! to the worker; these speak to the office.

use qiaomen_proto::error::Code;

/// Why it is held back.
pub(super) fn why(code: Code) -> &'static str {
    match code {
        Code::OutOfScope => "这一户（或这件事）当时不在经手人负责的网格里，多半是网格刚调整过。",
        Code::UnknownBuilding => "台账里没有这栋楼。",
        Code::UnknownDoor => "这位居民所在的户还没有进台账。",
        Code::NotTheAuthor => "署名不是这台终端登记的使用人，多半是借手机用，或换了人没有换登记。",
        Code::NotTheActor => "记录的来源属于另一台终端。",
        Code::Fork => "同一份数据在两处用过（手机克隆，或从旧备份恢复），这一条和已经入册的撞了号。",
        Code::Revoked => "这台终端的使用资格已收回，这是它还没送出的内容。",
        Code::KeyMissing => "打不开其中加密的内容，缺钥匙。",
        Code::Predecessor => "它接着的上一步一直没到社区。",
        Code::Structure => "内容的结构这里认不出来，可能是更新版本的应用写的，也可能损坏了。",
        Code::ValueForm => "填的内容格式不对，也可能是更新版本的应用写的新格式。",
        Code::ValueBounds => "填的内容太长或超出范围。",
        Code::RoleMayNot => "经手人的岗位不能写这一项。",
        Code::IdParts => "门牌和编号对不上。",
        Code::CheckFailed => "内容核对不上，可能在路上损坏了。",
        Code::GivenBack => {
            "社区从备份恢复后，终端把备份里没有的这一条交了回来；它的位置上已经有了别的内容，或者缺它的上一步。"
        }
        other => other.sentence(),
    }
}

/// What to do about it.
pub(super) fn todo(code: Code) -> &'static str {
    match code {
        Code::OutOfScope => "核对一下：确实是本人去办的，就放行；去错了、记错了，就作废并写明原因。",
        Code::UnknownBuilding => "先补上楼栋再放行；楼栋写错了就作废，请本人重新登记。",
        Code::UnknownDoor => "先放行或登记那一户，再放行这一条。",
        Code::NotTheAuthor => "问清是谁办的。署名的人在花名册上、岗位也对，放行后记在署名人名下；不然作废。",
        Code::NotTheActor => "不能放行。核实后作废，请本人在自己的终端上重新登记。",
        Code::Fork => "终端会自己换号重做。重做的到了，就把这一条作废（原因：已经重做）；一直没到，请联系本人。",
        Code::Revoked => "内容可靠就放行，照样入册；不可靠就作废。",
        Code::KeyMissing => "请那台终端再同步一次，把钥匙带来，再放行。",
        Code::Predecessor => "请那台终端再同步一次，或读它的救援文件；上一步到了就可以放行。",
        Code::Structure => "先导出留底。社区的程序更新后再试放行；仍不行，请本人重新登记，再作废。",
        Code::ValueForm | Code::ValueBounds => "看清写的是什么，请本人改好重新登记，再把这一条作废（原因：已经重做）。",
        Code::RoleMayNot => "请能写这一项的人登记，再把这一条作废（原因：已经重做）。",
        Code::IdParts | Code::CheckFailed => "先导出留底，请本人把终端带到社区，重新登记，再作废。",
        Code::GivenBack => {
            "对照台账里现在的内容。上一步补齐了就可以放行；已经重做过就作废；都不是，请本人重新登记再作废。"
        }
        _ => "核对后放行，或作废并写明原因。",
    }
}

/// Why it cannot be let in now.
pub(super) fn why_not(code: Code) -> &'static str {
    match code {
        Code::Predecessor => "它接着的上一步不在台账里，请先放行那一步。",
        Code::Fork => "同一个来源的另一条记录已经入册。终端会自动重做，这一条可以作废。",
        Code::NotTheAuthor => "署名的人不在花名册上，或岗位对不上。请核实后作废，让本人重新登记。",
        Code::NotTheActor => "记录的来源属于另一台终端。请核实后作废，让本人重新登记。",
        Code::UnknownBuilding => "台账里还没有这栋楼。请先补上楼栋。",
        Code::UnknownDoor => "这位居民所在的户还没有进台账。请先放行或登记那一户。",
        Code::KeyMissing => "缺钥匙，打不开其中加密的内容。请那台终端再同步一次。",
        Code::RoleMayNot => "这个岗位不能写这一项。",
        Code::IdParts => "门牌和编号对不上。",
        Code::ValueForm => "填的内容格式不对。",
        Code::ValueBounds => "填的内容太长或超出范围。",
        Code::CheckFailed => "内容核对不上，可能损坏了。",
        _ => "内容的结构不对。",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the office may hold a command back for.
    const HELD_FOR: [Code; 16] = [
        Code::OutOfScope,
        Code::UnknownBuilding,
        Code::UnknownDoor,
        Code::NotTheAuthor,
        Code::NotTheActor,
        Code::Fork,
        Code::Revoked,
        Code::KeyMissing,
        Code::Predecessor,
        Code::Structure,
        Code::ValueForm,
        Code::ValueBounds,
        Code::RoleMayNot,
        Code::IdParts,
        Code::CheckFailed,
        Code::GivenBack,
    ];

    #[test]
    fn the_clerk_is_told_why_and_what_to_do_and_not_what_the_worker_is_told() {
        for code in HELD_FOR {
            assert_ne!(why(code), code.sentence(), "{code}");
            assert!(!todo(code).starts_with("核对后放行"), "{code} has no advice of its own");
            for text in [why(code), todo(code), why_not(code)] {
                assert!(text.ends_with('。') && !text.contains("您"), "{code}: {text}");
            }
        }
    }
}
