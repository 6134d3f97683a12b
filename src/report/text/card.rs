//! A rule or a fact as text.

use super::paint::{BLUE, BOLD, CYAN, DIM, PLAIN, severity};
use super::wrap::pad;
use super::{Page, TextOptions};
use crate::report::card::{FactCard, LayerName, Requirement, RuleCard, Written};

/// Columns of the labels on the left.
const LABEL_ZH: usize = 10;
const LABEL_EN: usize = 14;
/// Cases and other rules that are listed.
const MAX_LISTED: usize = 12;

/// One rule.
pub fn rule_text(card: &RuleCard, options: &TextOptions<'_>) -> String {
    let mut page = Page::new(options);
    page.header(&card.id, BLUE, &card.title);
    page.layer(&card.layer);
    page.blank();
    page.severity(card.severity);
    page.rule_what(card);
    page.rule_does(card);
    page.rule_texts(card);
    page.written(&card.written);
    for fact in &card.facts {
        page.heading(page.say("事实", "Fact"), &fact.id);
        page.fact_body(fact, &card.title);
    }
    page.rule_others(card);
    page.rule_cases(card);
    page.text
}

/// One fact.
pub fn fact_text(card: &FactCard, options: &TextOptions<'_>) -> String {
    let mut page = Page::new(options);
    page.header(&card.id, BLUE, &card.statement);
    page.layer(&card.layer);
    page.blank();
    page.severity(card.severity);
    page.field(page.say("种类", "kind"), page.fact_kind(card));
    page.field(page.say("主题", "topic"), &card.topic);
    page.fact_body(card, &card.statement);
    let rules = card.rules.join(page.say("、", ", "));
    let rules = if rules.is_empty() { page.say("没有", "none").to_owned() } else { rules };
    page.field(page.say("规则", "rules"), &rules);
    if let Some(reason) = &card.not_encoded {
        page.field(page.say("不写规则", "not encoded"), reason);
    }
    page.written(&card.written);
    page.text
}

impl Page<'_> {
    /// `label  text`, its further lines under the first.
    fn field(&mut self, label: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        let columns = self.say(LABEL_ZH, LABEL_EN);
        self.hang(&format!("  {}", pad(label, columns)), DIM, text, PLAIN);
    }

    fn layer(&mut self, layer: &LayerName) {
        let name = match layer.authority.contains(&layer.name) {
            true => layer.authority.clone(),
            false => format!("{} · {}", layer.name, layer.authority),
        };
        self.hang("", PLAIN, &name, DIM);
    }

    fn written(&mut self, written: &Written) {
        self.field(self.say("写在", "written at"), &format!("{}:{}", written.file, written.line));
    }

    fn severity(&mut self, id: &str) {
        let (word, _) = severity(id, self.options.language);
        let words = match id {
            "block" => self.say("违反的会被驳回", "a violation gets the filing rejected"),
            "warn" => self.say("违反的可能被追问", "a violation may be questioned"),
            _ => self.say("只供参考", "for information"),
        };
        self.field(self.say("级别", "severity"), &self.say(format!("{word}：{words}"), format!("{word}: {words}")));
    }

    /// Of whom, on what, since when.
    fn rule_what(&mut self, card: &RuleCard) {
        if card.applies.is_empty() {
            self.field(self.say("适用", "applies to"), self.say("全部备案", "every filing"));
        }
        for (index, dimension) in card.applies.iter().enumerate() {
            let values: Vec<String> = dimension.values.iter().map(|value| value.label.clone()).collect();
            let values = self.joined(&values);
            let colon = self.say("：", ": ");
            let label = if index == 0 { self.say("适用", "applies to") } else { "" };
            self.field(label, &format!("{}{colon}{values}", dimension.label));
        }
        self.field(self.say("逐个看", "for each"), &card.each);
        let period = match (&card.from, &card.until) {
            (Some(from), Some(until)) => self.say(format!("{from} 至 {until}"), format!("{from} to {until}")),
            (Some(from), None) => self.say(format!("{from} 起"), format!("from {from}")),
            (None, Some(until)) => self.say(format!("到 {until} 止"), format!("until {until}")),
            (None, None) => String::new(),
        };
        self.field(self.say("生效", "in force"), &period);
        self.field(self.say("取代", "replaces"), &card.replaces.join(self.say("、", ", ")));
        self.field(self.say("被取代", "replaced by"), &card.replaced_by.join(self.say("、", ", ")));
    }

    /// The check, the condition, the materials or the question.
    fn rule_does(&mut self, card: &RuleCard) {
        if let Some(check) = &card.check {
            let with: Vec<String> =
                check.with.iter().map(|parameter| format!("{} = {}", parameter.name, parameter.value)).collect();
            let with = if with.is_empty() { String::new() } else { format!(" ({})", with.join(", ")) };
            self.field(self.say("共用检查", "check"), &format!("{}{with}", check.id));
        }
        for when in &card.when {
            self.field(self.say("前提", "when"), when);
        }
        if let Some(condition) = &card.condition {
            self.field(self.say("条件", "condition"), condition);
        }
        if let Some(requires) = &card.requires {
            self.requirement(requires);
        }
        if let Some(text) = &card.text {
            let label = match card.kind {
                "manual" => self.say("请人看", "asks"),
                "notice" => self.say("告知", "says"),
                _ => self.say("出错", "fails"),
            };
            self.field(label, text);
        }
    }

    fn requirement(&mut self, requires: &Requirement) {
        for line in &requires.materials {
            let names: Vec<String> = line.iter().map(|choice| choice.name.clone()).collect();
            let joined = self.joined(&names);
            let words = match names.len() {
                0 | 1 => joined,
                _ => self.say(format!("{joined}（任一）"), format!("one of: {joined}")),
            };
            self.field(self.say("材料", "material"), &words);
        }
        self.field(self.say("形式", "form"), &requires.form.join(self.say("；", "; ")));
        self.field(self.say("用于", "for"), requires.for_whom.as_deref().unwrap_or_default());
        self.field(self.say("只算", "where"), requires.filter.as_deref().unwrap_or_default());
        self.field("", requires.note.as_deref().unwrap_or_default());
    }

    fn rule_texts(&mut self, card: &RuleCard) {
        self.field(self.say("怎么办", "fix"), card.fix.as_deref().unwrap_or_default());
        self.field(self.say("说明", "note"), card.note.as_deref().unwrap_or_default());
    }

    fn fact_kind(&self, card: &FactCard) -> &'static str {
        match card.kind {
            "restriction" => self.say("限制", "restriction"),
            "material" => self.say("材料", "material"),
            "process" => self.say("流程", "process"),
            _ => self.say("建议", "advice"),
        }
    }

    /// What a fact says unless the reader knows it, how sure it is, and who says so.
    fn fact_body(&mut self, fact: &FactCard, known: &str) {
        if fact.statement != known {
            self.field(self.say("原话", "statement"), &fact.statement);
        }
        if let Some(from) = &fact.from {
            self.field(self.say("生效", "in force"), &self.say(format!("{from} 起"), format!("from {from}")));
        }
        self.field(self.say("可信度", "confidence"), self.confidence(fact.confidence));
        self.field(self.say("说明", "note"), &fact.note);
        for (index, source) in fact.sources.iter().enumerate() {
            let label = if index == 0 { self.say("来源", "sources") } else { "" };
            let dated = if source.dated.is_empty() { String::new() } else { format!("（{}）", source.dated) };
            self.field(label, &format!("{}《{}》{dated}", source.publisher, source.title));
            let columns = self.say(LABEL_ZH, LABEL_EN) + 2;
            self.hang(&" ".repeat(columns), PLAIN, &source.locator, CYAN);
        }
    }

    fn rule_others(&mut self, card: &RuleCard) {
        if card.same_check.is_empty() {
            return;
        }
        let count = card.same_check.len();
        let rest = self.say(format!("{count} 条"), count.to_string());
        self.heading(self.say("作同样检查的规则", "Rules that make the same check"), &rest);
        for other in card.same_check.iter().take(MAX_LISTED) {
            let id = self.paint.style(BOLD, &other.id);
            self.line(&format!("  {id}  {}", other.layer));
            self.hang("    ", PLAIN, &other.title, PLAIN);
        }
        self.more(count);
    }

    fn rule_cases(&mut self, card: &RuleCard) {
        let count = card.cases.len();
        if count == 0 {
            return;
        }
        let rest = self.say(format!("{count} 个"), count.to_string());
        self.heading(self.say("用例", "Cases"), &rest);
        for case in card.cases.iter().take(MAX_LISTED) {
            self.hang(&format!("  {}", pad(case.expects, 13)), DIM, &case.name, PLAIN);
        }
        self.more(count);
    }

    fn more(&mut self, count: usize) {
        if count > MAX_LISTED {
            let rest = count - MAX_LISTED;
            let text = self.say(format!("还有 {rest} 个"), format!("{rest} more"));
            self.hang("  ", PLAIN, &text, DIM);
        }
    }
}
