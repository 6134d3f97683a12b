//! Han characters in pinyin.

use pinyin::ToPinyin;

use super::is_han;

/// Readings of words: the dictionary behind this has one reading for each character, and these words need another.
const WORDS: [(&str, &str); 61] = [
    ("重庆", "chongqing"),
    ("银行", "yinhang"),
    ("商行", "shanghang"),
    ("分行", "fenhang"),
    ("支行", "zhihang"),
    ("总行", "zonghang"),
    ("车行", "chehang"),
    ("洋行", "yanghang"),
    ("行业", "hangye"),
    ("行情", "hangqing"),
    ("厦门", "xiamen"),
    ("音乐", "yinyue"),
    ("声乐", "shengyue"),
    ("乐器", "yueqi"),
    ("乐团", "yuetuan"),
    ("乐队", "yuedui"),
    ("乐清", "yueqing"),
    ("乐亭", "laoting"),
    ("会计", "kuaiji"),
    ("会稽", "kuaiji"),
    ("空调", "kongtiao"),
    ("调味", "tiaowei"),
    ("调料", "tiaoliao"),
    ("调解", "tiaojie"),
    ("调试", "tiaoshi"),
    ("调节", "tiaojie"),
    ("协调", "xietiao"),
    ("收藏", "shoucang"),
    ("珍藏", "zhencang"),
    ("储藏", "chucang"),
    ("冷藏", "lengcang"),
    ("成长", "chengzhang"),
    ("家长", "jiazhang"),
    ("校长", "xiaozhang"),
    ("院长", "yuanzhang"),
    ("生长", "shengzhang"),
    ("增长", "zengzhang"),
    ("供给", "gongji"),
    ("给水", "jishui"),
    ("给排水", "jipaishui"),
    ("人参", "renshen"),
    ("海参", "haishen"),
    ("西洋参", "xiyangshen"),
    ("番禺", "panyu"),
    ("蚌埠", "bengbu"),
    ("六安", "luan"),
    ("铅山", "yanshan"),
    ("莘庄", "xinzhuang"),
    ("单县", "shanxian"),
    ("洪洞", "hongtong"),
    ("涡阳", "guoyang"),
    ("蔚县", "yuxian"),
    ("大埔", "dabu"),
    ("东阿", "donge"),
    ("什邡", "shifang"),
    ("尉犁", "yuli"),
    ("弹性", "tanxing"),
    ("率先", "shuaixian"),
    ("尉迟", "yuchi"),
    ("长孙", "zhangsun"),
    ("万俟", "moqi"),
];

/// Readings that a character has in most names, where the dictionary has another.
const CHARACTERS: [(char, &str); 10] = [
    ('长', "chang"),
    ('都', "du"),
    ('藏', "zang"),
    ('调', "tiao"),
    ('曾', "zeng"),
    ('翟', "zhai"),
    ('覃', "qin"),
    ('薄', "bo"),
    ('晟', "sheng"),
    ('拓', "tuo"),
];

/// Readings of surnames, at the beginning of a text as short as a person's name.
const SURNAMES: [(char, &str); 17] = [
    ('单', "shan"),
    ('解', "xie"),
    ('仇', "qiu"),
    ('区', "ou"),
    ('查', "zha"),
    ('朴', "piao"),
    ('盖', "ge"),
    ('缪', "miao"),
    ('种', "chong"),
    ('折', "she"),
    ('员', "yun"),
    ('祭', "zhai"),
    ('隗', "wei"),
    ('秘', "bi"),
    ('召', "shao"),
    ('乐', "yue"),
    ('尉', "wei"),
];

/// The longest text, in characters, whose first character is taken for a surname.
const LONGEST_PERSON_NAME: usize = 4;

/// A text in pinyin: full spelling, small letters, no tones, no spaces; what is neither Han nor an ASCII letter or digit is
/// left out.
///
/// A character with several readings gets the one that it has in most names: as a surname (单 shan) at the beginning of a text
/// of two to four characters, in the words listed here (重庆 chongqing, 银行 yinhang), else the dictionary's first. `ü` is
/// written `v` (吕 lv), and `u` before an `e` (略 lue), as people type it.
pub fn pinyin(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut rest = text.trim();
    if let Some((reading, after)) = surname(rest) {
        out.push_str(reading);
        rest = after;
    }
    while let Some(c) = rest.chars().next() {
        if let Some((word, reading)) = WORDS.iter().find(|(word, _)| rest.starts_with(word)) {
            out.push_str(reading);
            rest = rest.get(word.len()..).unwrap_or_default();
            continue;
        }
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if let Some((_, reading)) = CHARACTERS.iter().find(|(own, _)| *own == c) {
            out.push_str(reading);
        } else if let Some(reading) = c.to_pinyin() {
            out.push_str(&reading.plain().replace("üe", "ue").replace('ü', "v"));
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    out
}

fn surname(text: &str) -> Option<(&'static str, &str)> {
    let count = text.chars().count();
    let is_name = (2..=LONGEST_PERSON_NAME).contains(&count) && text.chars().all(is_han);
    if !is_name || WORDS.iter().any(|(word, _)| text.starts_with(word)) {
        return None;
    }
    let first = text.chars().next()?;
    let (_, reading) = SURNAMES.iter().find(|(surname, _)| *surname == first)?;
    Some((reading, text.get(first.len_utf8()..)?))
}

#[cfg(test)]
mod tests {
    use super::pinyin;

    #[test]
    fn full_spelling_without_tones_and_spaces() {
        assert_eq!(pinyin("张三"), "zhangsan");
        assert_eq!(pinyin("深圳市某某科技有限公司"), "shenzhenshimoumoukejiyouxiangongsi");
        assert_eq!(pinyin("北京ABC（集团） 2026"), "beijingabcjituan2026");
        assert_eq!(pinyin(""), "");
    }

    #[test]
    fn characters_with_several_readings_get_the_one_of_names() {
        for (text, reading) in [
            ("单小明", "shanxiaoming"),
            ("曾国藩", "zengguofan"),
            ("尉迟恭", "yuchigong"),
            ("解放军总医院", "jiefangjunzongyiyuan"),
            ("重庆长江银行", "chongqingchangjiangyinhang"),
            ("成都大厦", "chengdudasha"),
            ("厦门音乐", "xiamenyinyue"),
            ("西藏", "xizang"),
            ("吕绿", "lvlv"),
            ("策略", "celue"),
        ] {
            assert_eq!(pinyin(text), reading, "{text}");
        }
    }
}
