//! What the page of the sync says while the office lets wait.

use crate::hand::Hand;
use qiaomen_screens::SyncNow;

#[test]
fn while_the_office_does_not_answer_that_is_said_with_the_seconds_and_nothing_to_send_is_no_figure() {
    let (mut hand, door) = Hand::at_a_door();
    hand.state.sync = SyncNow::Running(Default::default());
    hand.state.waited_s = 2;
    let page = hand.opens("/sync");
    assert!(page.says("正在同步") && page.says("没有要送的") && !page.says("要送 0 件"), "{}", page.html);
    hand.state.waited_s = 12;
    let page = hand.opens("/sync");
    assert!(
        page.says("正在等社区办公室回答，已等 12 秒。") && page.says("正在等社区回答，已等 12 秒"),
        "{}",
        page.html
    );
    assert!(page.says("可以接着干活"));
    hand.phone.visit(door, "");
    assert!(hand.opens("/sync").says("要送 1 件"));
    // The script asks for the line alone, and on this page for what stands under it as well.
    let line = hand.opens("/sync/strip");
    assert!(line.says("已等 12 秒") && line.says("id=\"unsent\"") && !line.says("sync-now"));
    let live = hand.opens("/sync/strip?now=1");
    assert!(live.says("id=\"sync-now\"") && live.says("id=\"sync-state\"") && live.says("手机里的户"), "{}", live.html);
    hand.state.sync = SyncNow::Idle;
    assert!(!hand.opens("/sync").says("已等"));
}
