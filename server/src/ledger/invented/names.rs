//! What people are called: Han names of family and given name, Mongolian names of one word.

use super::dice::Dice;

/// Family names. 单, 曾 and 解 are read otherwise as names than as words; a search by pinyin meets them here.
const FAMILY_NAMES: [&str; 48] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马",
    "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "程", "曹", "袁", "邓", "许", "傅", "沈", "曾",
    "彭", "吕", "单", "解", "白", "邢", "欧阳", "包", "佟", "关",
];
const MENS_NAMES: [&str; 48] = [
    "建国", "志刚", "永强", "文斌", "海涛", "春生", "立新", "国庆", "玉山", "长林", "德福", "守义", "明远", "晓东",
    "宏伟", "卫东", "少华", "振宇", "子轩", "浩然", "俊杰", "家豪", "天佑", "一鸣", "思远", "景行", "铁柱", "满仓",
    "运来", "金宝", "喜顺", "连生", "广才", "树森", "雪松", "雷", "鹏", "磊", "勇", "刚", "峰", "洋", "超", "冬", "林",
    "岩", "旭", "川",
];
const WOMENS_NAMES: [&str; 48] = [
    "秀兰", "桂英", "玉珍", "淑华", "春梅", "凤琴", "丽娟", "红霞", "海燕", "晓敏", "雪梅", "艳玲", "文静", "佳怡",
    "雨桐", "诗涵", "欣妍", "梓萱", "若曦", "思琪", "月娥", "素芬", "桂芝", "金花", "彩云", "玉荣", "美玲", "慧敏",
    "立君", "亚男", "雅琴", "冬梅", "秋菊", "春华", "明霞", "娜", "静", "敏", "芳", "霞", "丹", "颖", "雪", "悦", "洁",
    "琳", "莹", "倩",
];
/// Names of Mongolian men.
pub(super) const MONGOLIAN_MEN: [&str; 16] = [
    "巴特尔",
    "那日松",
    "宝力德",
    "朝鲁",
    "布和",
    "额尔敦",
    "呼格吉勒",
    "孟和",
    "苏和",
    "吉日嘎拉",
    "阿木尔",
    "特木尔",
    "巴雅尔",
    "敖其尔",
    "哈斯巴根",
    "德力格尔",
];
/// Names of Mongolian women.
pub(super) const MONGOLIAN_WOMEN: [&str; 16] = [
    "其其格",
    "苏日娜",
    "阿茹娜",
    "乌云",
    "哈斯",
    "娜仁花",
    "萨仁",
    "托娅",
    "斯琴",
    "敖登",
    "通拉嘎",
    "乌兰",
    "格日勒",
    "娜布其",
    "萨茹拉",
    "乌日娜",
];

/// As the books have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sex {
    Man,
    Woman,
}

impl Sex {
    pub(super) fn other(self) -> Self {
        match self {
            Sex::Man => Sex::Woman,
            Sex::Woman => Sex::Man,
        }
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Sex::Man => "男",
            Sex::Woman => "女",
        }
    }
}

/// What a family hands on: a name before the given name, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    Han(&'static str),
    Mongolian,
}

impl Line {
    /// The line that somebody was born into.
    pub(super) fn any(dice: &mut Dice) -> Self {
        if dice.percent(12) { Line::Mongolian } else { Line::Han(dice.pick(FAMILY_NAMES)) }
    }

    /// A name for one of this line.
    pub(super) fn name(self, sex: Sex, dice: &mut Dice) -> String {
        match (self, sex) {
            (Line::Mongolian, Sex::Man) => dice.pick(MONGOLIAN_MEN).to_owned(),
            (Line::Mongolian, Sex::Woman) => dice.pick(MONGOLIAN_WOMEN).to_owned(),
            (Line::Han(family), Sex::Man) => format!("{family}{}", dice.pick(MENS_NAMES)),
            (Line::Han(family), Sex::Woman) => format!("{family}{}", dice.pick(WOMENS_NAMES)),
        }
    }
}
