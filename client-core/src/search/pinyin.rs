//! How a name sounds, in letters, so that `wjg` and `wangjian` find 王建国.
//!
//! Family names have readings of their own: 单 is Shan and never Dan, 仇 Qiu, 解 Xie. A name of one
//! word, as Mongolian people have, has no family name: 查干 begins with Cha and not with Zha. Where a
//! family name is truly read in two ways, both are kept, separated by a blank.

use pinyin::ToPinyin;

/// A name in letters: small, without tones, without blanks within one reading.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Pinyin {
    /// First letters: `wjg`. Several readings stand separated by a blank.
    pub initials: String,
    /// The whole: `wangjianguo`. Several readings stand separated by a blank.
    pub full: String,
}

/// Family names of two characters.
const FAMILY_OF_TWO: [(&str, [&str; 2]); 16] = [
    ("单于", ["chan", "yu"]),
    ("尉迟", ["yu", "chi"]),
    ("万俟", ["mo", "qi"]),
    ("长孙", ["zhang", "sun"]),
    ("令狐", ["ling", "hu"]),
    ("澹台", ["tan", "tai"]),
    ("宇文", ["yu", "wen"]),
    ("鲜于", ["xian", "yu"]),
    ("赫连", ["he", "lian"]),
    ("夏侯", ["xia", "hou"]),
    ("欧阳", ["ou", "yang"]),
    ("呼延", ["hu", "yan"]),
    ("上官", ["shang", "guan"]),
    ("司马", ["si", "ma"]),
    ("诸葛", ["zhu", "ge"]),
    ("皇甫", ["huang", "fu"]),
];

/// Family names that are not read as the word is; with two readings where both are in use.
const FAMILY: [(char, &[&str]); 54] = [
    ('单', &["shan"]),
    ('仇', &["qiu"]),
    ('解', &["xie"]),
    ('曾', &["zeng"]),
    ('区', &["ou"]),
    ('查', &["zha"]),
    ('朴', &["piao"]),
    ('任', &["ren"]),
    ('华', &["hua"]),
    ('乐', &["yue", "le"]),
    ('覃', &["qin", "tan"]),
    ('盖', &["ge", "gai"]),
    ('缪', &["miao"]),
    ('翟', &["zhai", "di"]),
    ('牟', &["mu", "mou"]),
    ('员', &["yun"]),
    ('秘', &["bi", "mi"]),
    ('冼', &["xian"]),
    ('洗', &["xian"]),
    ('逄', &["pang"]),
    ('种', &["chong"]),
    ('折', &["she"]),
    ('繁', &["po"]),
    ('黑', &["he", "hei"]),
    ('晁', &["chao"]),
    ('谌', &["chen", "shen"]),
    ('莘', &["shen", "xin"]),
    ('隗', &["wei", "kui"]),
    ('郗', &["xi", "chi"]),
    ('郇', &["xun", "huan"]),
    ('佘', &["she"]),
    ('祭', &["zhai"]),
    ('阚', &["kan"]),
    ('都', &["du"]),
    ('车', &["che"]),
    ('能', &["nai"]),
    ('重', &["chong"]),
    ('薄', &["bo"]),
    ('柏', &["bai", "bo"]),
    ('葛', &["ge"]),
    ('尹', &["yin"]),
    ('燕', &["yan"]),
    ('应', &["ying"]),
    ('宁', &["ning"]),
    ('纪', &["ji"]),
    ('哈', &["ha"]),
    ('石', &["shi"]),
    ('宓', &["mi", "fu"]),
    ('宿', &["su"]),
    ('尉', &["wei", "yu"]),
    ('那', &["na"]),
    ('句', &["gou"]),
    ('撒', &["sa"]),
    ('沈', &["shen"]),
];

/// Beginnings of Mongolian names whose first character would else be taken for a family name.
const NO_FAMILY: [&str; 10] = ["查干", "查娜", "查苏", "查汗", "乌云", "那日", "那顺", "那仁", "哈斯", "哈日"];

/// Characters that are read in another way in names (Mongolian ones most of all) than as a word.
const IN_NAMES: [(char, &str); 14] = [
    ('娜', "na"),
    ('莎', "sha"),
    ('茜', "qian"),
    ('晟', "sheng"),
    ('朝', "chao"),
    ('勒', "le"),
    ('嘎', "ga"),
    ('都', "du"),
    ('长', "chang"),
    ('行', "xing"),
    ('乐', "le"),
    ('阿', "a"),
    ('曾', "zeng"),
    ('可', "ke"),
];

/// The letters of a name. Characters without a reading are kept: letters and digits small, Mongolian
/// script as it stands; blanks, dots and marks fall away.
pub fn pinyin_of(name: &str) -> Pinyin {
    let readings = syllables_of(name);
    let join = |part: &dyn Fn(&str) -> String| {
        let mut words: Vec<String> = readings.iter().map(|reading| reading.iter().map(|s| part(s)).collect()).collect();
        words.dedup();
        words.join(" ")
    };
    Pinyin { initials: join(&|s| s.chars().next().into_iter().collect()), full: join(&str::to_owned) }
}

/// Each reading of a name, as syllables; at least one, which may be empty.
pub(crate) fn syllables_of(name: &str) -> Vec<Vec<String>> {
    let chars: Vec<char> = name.chars().filter(|c| c.is_alphanumeric()).collect();
    let (families, family_chars) = family_of(&chars);
    let given: Vec<String> = syllables(&chars[family_chars..]);
    families.into_iter().map(|family| family.into_iter().chain(given.iter().cloned()).collect()).collect()
}

/// The readings of the family name, and how many characters it takes: none where nothing is special.
fn family_of(chars: &[char]) -> (Vec<Vec<String>>, usize) {
    let nothing = (vec![Vec::new()], 0);
    let start: String = chars.iter().take(2).collect();
    // A family name alone is a word or a mark, and 单 alone may be a building.
    if chars.len() < 2 || NO_FAMILY.contains(&start.as_str()) {
        return nothing;
    }
    if chars.len() > 2
        && let Some((_, reading)) = FAMILY_OF_TWO.iter().find(|(family, _)| *family == start)
    {
        return (vec![reading.iter().map(|s| (*s).to_owned()).collect()], 2);
    }
    match FAMILY.iter().find(|(family, _)| *family == chars[0]) {
        Some((_, readings)) => (readings.iter().map(|s| vec![(*s).to_owned()]).collect(), 1),
        None => nothing,
    }
}

fn syllables(chars: &[char]) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(chars.len());
    // What is no Chinese character and stands together is one "syllable": 李Anna is li + anna.
    let mut word = String::new();
    for c in chars {
        match reading(*c) {
            Some(syllable) => {
                if !word.is_empty() {
                    out.push(std::mem::take(&mut word));
                }
                out.push(syllable.to_owned());
            }
            None => word.extend(c.to_lowercase()),
        }
    }
    if !word.is_empty() {
        out.push(word);
    }
    out
}

fn reading(c: char) -> Option<&'static str> {
    if let Some((_, syllable)) = IN_NAMES.iter().find(|(special, _)| *special == c) {
        return Some(syllable);
    }
    // The library writes 吕 as lü; people type v or u: lv is what keyboards teach.
    match c.to_pinyin()?.plain() {
        "lü" => Some("lv"),
        "nü" => Some("nv"),
        plain => Some(plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str) -> (String, String) {
        let Pinyin { initials, full } = pinyin_of(name);
        (initials, full)
    }
    fn pair(initials: &str, full: &str) -> (String, String) {
        (initials.to_owned(), full.to_owned())
    }

    #[test]
    fn a_name_becomes_its_initials_and_its_letters() {
        assert_eq!(of("王建国"), pair("wjg", "wangjianguo"));
        assert_eq!(of("欧阳娜"), pair("oyn", "ouyangna"));
        assert_eq!(of("吕布"), pair("lb", "lvbu"));
    }

    #[test]
    fn family_names_are_read_as_family_names() {
        for (name, initials, full) in [
            ("单志刚", "szg", "shanzhigang"),
            ("仇玉珍", "qyz", "qiuyuzhen"),
            ("解春生", "xcs", "xiechunsheng"),
            ("曾国庆", "zgq", "zengguoqing"),
            ("区少华", "osh", "oushaohua"),
            ("查良", "zl", "zhaliang"),
            ("尉迟恭", "ycg", "yuchigong"),
            ("长孙明", "zsm", "zhangsunming"),
        ] {
            assert_eq!(of(name), pair(initials, full), "{name}");
        }
    }

    #[test]
    fn a_family_name_with_two_readings_is_found_under_both() {
        assert_eq!(of("覃海燕"), pair("qhy thy", "qinhaiyan tanhaiyan"));
        // Where both begin alike, the initials stand once.
        assert_eq!(of("盖文斌"), pair("gwb", "gewenbin gaiwenbin"));
    }

    #[test]
    fn a_character_is_a_family_name_only_at_the_beginning() {
        assert_eq!(of("王单"), pair("wd", "wangdan"));
        assert_eq!(of("李解放"), pair("ljf", "lijiefang"));
    }

    #[test]
    fn mongolian_names_have_no_family_name() {
        for (name, initials, full) in [
            ("巴特尔", "bte", "bateer"),
            ("查干巴拉", "cgbl", "chaganbala"),
            ("乌日娜", "wrn", "wurina"),
            ("朝鲁", "cl", "chaolu"),
            ("格日勒", "grl", "gerile"),
            ("通拉嘎", "tlg", "tonglaga"),
            ("其其格", "qqg", "qiqige"),
            ("阿拉坦·高娃", "altgw", "alatangaowa"),
            ("那日松", "nrs", "narisong"),
        ] {
            assert_eq!(of(name), pair(initials, full), "{name}");
        }
    }

    #[test]
    fn what_is_no_chinese_character_is_kept() {
        assert_eq!(of("李Anna"), pair("la", "lianna"));
        assert_eq!(of("ᠪᠠᠲᠤ"), pair("ᠪ", "ᠪᠠᠲᠤ"));
        assert_eq!(of("  "), pair("", ""));
    }
}
