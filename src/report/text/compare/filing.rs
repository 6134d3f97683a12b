//! A filing in two places, or in every province, as text and as Markdown.

use anstyle::Style;

use super::markdown::{escaped, head};
use crate::condition::Language;
use crate::maintain::compare::{Changed, Finding, Material, Move, Moves, Standing};
use crate::policy::Severity;
use crate::report::text::paint::{BOLD, CYAN, DIM, GREEN, PLAIN, RED, YELLOW, say, severity};
use crate::report::text::wrap::{pad, width};
use crate::report::text::{Page, TextOptions};
use crate::report::{ItemStatus, Verdict};

/// What stands for the subject itself in [`Material::for_whom`].
const SUBJECT: &str = "subject";

/// What changes when a filing goes elsewhere; `name` is the filing's.
pub fn move_text(change: &Move, name: &str, options: &TextOptions<'_>) -> String {
    let mut page = Page::new(options);
    let title = page.paint.style(BOLD, page.say("换个地方备案", "Filed elsewhere"));
    page.line(&format!("{title}  {name}"));
    let language = options.language;
    let (before, after) = (place(&change.before, language), place(&change.after, language));
    page.hang("", PLAIN, &format!("{before} → {after}"), BOLD);
    page.blank();
    for standing in [&change.before, &change.after] {
        let (mark, word, style) = verdict(standing.verdict, language);
        let lead = format!("{mark} {word}  ");
        page.hang(&lead, style, &format!("{}: {}", place(standing, language), counts(standing, language)), PLAIN);
        page.without(standing);
    }
    page.findings(page.say("新出现的问题", "Violations that appear"), "+ ", &change.violations.appear);
    page.findings(page.say("不再有的问题", "Violations that vanish"), "- ", &change.violations.vanish);
    page.changed_findings(&change.violations.change);
    page.materials(page.say("新要的材料", "Materials that appear"), "+ ", &change.checklist.appear);
    page.materials(page.say("不再要的材料", "Materials that vanish"), "- ", &change.checklist.vanish);
    page.changed_materials(&change.checklist.change);
    if change.violations.is_empty() && change.checklist.is_empty() {
        let nothing = page.say("问题和材料都不变", "violations and materials stay the same");
        page.blank();
        page.line(nothing);
    }
    page.text
}

/// The same as Markdown.
pub fn move_markdown(change: &Move, name: &str, language: Language) -> String {
    let (before, after) = (place(&change.before, language), place(&change.after, language));
    let mut text = format!("# {}\n\n{} → {}\n\n", escaped(name), escaped(&before), escaped(&after));
    for standing in [&change.before, &change.after] {
        let (_, word, _) = verdict(standing.verdict, language);
        let counts = counts(standing, language);
        text.push_str(&format!("- {}: **{word}**, {counts}\n", escaped(&place(standing, language))));
    }
    let mut section = |zh: &str, en: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            text.push_str(&format!("\n## {}\n\n", say(language, zh, en)));
            lines.iter().for_each(|line| text.push_str(&format!("- {line}\n")));
        }
    };
    let finding = |finding: &Finding| {
        let (word, _) = severity(&finding.severity, language);
        format!("{word} {} `{}`", escaped(&finding.title), finding.rule)
    };
    let changed = |changed: &Changed<Finding>| {
        let (before, _) = severity(&changed.before.severity, language);
        format!("{before} → {}", finding(&changed.after))
    };
    let material = |material: &Material| {
        let words = [vec![status(material, language).0.to_owned()], material.form.clone()].concat();
        format!("{} ({})", escaped(&material_name(material, language)), escaped(&words.join(" · ")))
    };
    let both = |changed: &Changed<Material>| format!("{} → {}", material(&changed.before), material(&changed.after));
    let (violations, checklist) = (&change.violations, &change.checklist);
    section("新出现的问题", "Violations that appear", violations.appear.iter().map(finding).collect());
    section("不再有的问题", "Violations that vanish", violations.vanish.iter().map(finding).collect());
    section("轻重变了的问题", "Violations of another severity", violations.change.iter().map(changed).collect());
    section("新要的材料", "Materials that appear", checklist.appear.iter().map(material).collect());
    section("不再要的材料", "Materials that vanish", checklist.vanish.iter().map(material).collect());
    section("要求变了的材料", "Materials that change", checklist.change.iter().map(both).collect());
    text
}

/// A filing in every province; `name` is the filing's.
pub fn moves_text(moves: &Moves, name: &str, options: &TextOptions<'_>) -> String {
    let mut page = Page::new(options);
    let language = options.language;
    let title = page.paint.style(BOLD, page.say("在各省备案", "Filed in every province"));
    page.line(&format!("{title}  {name}"));
    if let Some(provider) = moves.provinces.first().and_then(|row| row.standing.provider_name.as_ref()) {
        page.hang("", PLAIN, provider, BOLD);
    }
    page.blank();
    let names: Vec<String> = moves.provinces.iter().map(|row| province(&row.standing)).collect();
    let heads = titles(language);
    let widest =
        |cells: &[String], head: &str| cells.iter().map(|cell| width(cell)).max().unwrap_or(0).max(width(head));
    let verdicts: Vec<String> = moves
        .provinces
        .iter()
        .map(|row| {
            let (mark, word, _) = verdict(row.standing.verdict, language);
            format!("{mark} {word}")
        })
        .collect();
    let (first, second) = (widest(&names, heads[0]), widest(&verdicts, heads[1]));
    let lead = format!("  {}  {}  {}", pad(heads[0], first), pad(heads[1], second), heads[2..].join("  "));
    let lead = page.paint.style(DIM, &lead);
    page.line(&lead);
    for ((row, name), word) in moves.provinces.iter().zip(&names).zip(&verdicts) {
        let (_, _, style) = verdict(row.standing.verdict, language);
        let numbers: Vec<String> = numbers(&row.standing)
            .iter()
            .zip(&heads[2..])
            .map(|(number, head)| format!("{}{number}", " ".repeat(width(head).saturating_sub(width(number)))))
            .collect();
        let own = if row.own { "▸ " } else { "  " };
        let name = page.paint.style(if row.own { BOLD } else { PLAIN }, &pad(name, first));
        let word = page.paint.style(style, &pad(word, second));
        page.line(&format!("{own}{name}  {word}  {}", numbers.join("  ")));
        page.failed(&row.standing);
    }
    if moves.provinces.iter().any(|row| row.own) {
        let own = page.say("▸ 这份备案自己写的省", "▸ the province that the filing says");
        page.blank();
        page.hang("", PLAIN, own, DIM);
    }
    // every row has its own province, so what is missing is the same in all of them
    moves.provinces.iter().take(1).for_each(|row| page.without(&row.standing));
    page.text
}

/// The same as Markdown.
pub fn moves_markdown(moves: &Moves, name: &str, language: Language) -> String {
    let heads = titles(language);
    let names: Vec<String> = heads[1..].iter().map(|head| (*head).to_owned()).collect();
    let mut text = format!("# {}\n\n{}", escaped(name), head(heads[0], &names));
    for row in &moves.provinces {
        let (_, word, _) = verdict(row.standing.verdict, language);
        let place = escaped(&province(&row.standing));
        let place = if row.own { format!("**{place}**") } else { place };
        text.push_str(&format!("| {place} | {word} | {} |\n", numbers(&row.standing).join(" | ")));
    }
    text
}

fn titles(language: Language) -> [&'static str; 6] {
    say(
        language,
        ["省份", "结论", "错误", "警告", "必备材料缺", "待补信息"],
        ["province", "verdict", "errors", "warnings", "missing materials", "open questions"],
    )
}

fn numbers(standing: &Standing) -> [String; 4] {
    [standing.blocking, standing.warnings, standing.missing, standing.questions].map(|count| count.to_string())
}

fn province(standing: &Standing) -> String {
    standing.province_name.clone().or_else(|| standing.province.clone()).unwrap_or_default()
}

/// Province and provider, as far as they are known.
fn place(standing: &Standing, language: Language) -> String {
    let names = [(&standing.province_name, &standing.province), (&standing.provider_name, &standing.provider)];
    let names: Vec<&str> =
        names.into_iter().filter_map(|(name, id)| name.as_ref().or(id.as_ref())).map(String::as_str).collect();
    match names.is_empty() {
        true => say(language, "没有写省份和接入商", "no province, no provider").to_owned(),
        false => names.join(" · "),
    }
}

fn verdict(verdict: Verdict, language: Language) -> (&'static str, &'static str, Style) {
    match verdict {
        Verdict::Rejected => ("✗", say(language, "会被驳回", "rejected"), RED),
        Verdict::NeedsInformation => ("?", say(language, "待补充信息", "needs information"), YELLOW),
        Verdict::NeedsReview => ("!", say(language, "待人工核对", "needs review"), CYAN),
        Verdict::Ready => ("✓", say(language, "可以提交", "ready"), GREEN),
    }
}

fn counts(standing: &Standing, language: Language) -> String {
    let heads = titles(language);
    let mut parts: Vec<String> =
        heads[2..].iter().zip(numbers(standing)).map(|(head, number)| format!("{head} {number}")).collect();
    if standing.failed > 0 {
        parts.push(format!("{} {}", say(language, "未能核对的规则", "failed rules"), standing.failed));
    }
    parts.join(" · ")
}

fn status(material: &Material, language: Language) -> (&'static str, Style) {
    let style = if material.severity == Severity::Block.id() { RED } else { YELLOW };
    match material.status {
        ItemStatus::Missing => (say(language, "缺", "missing"), style),
        ItemStatus::Deficient => (say(language, "不合要求", "deficient"), style),
        ItemStatus::Conditional => (say(language, "视情况", "conditional"), YELLOW),
        ItemStatus::Provided => (say(language, "已备", "provided"), GREEN),
    }
}

fn material_name(material: &Material, language: Language) -> String {
    match (material.for_whom.as_str(), language) {
        (SUBJECT, _) => material.name.clone(),
        (whom, Language::Zh) => format!("{}（{whom}）", material.name),
        (whom, Language::En) => format!("{} ({whom})", material.name),
    }
}

impl Page<'_> {
    fn without(&mut self, standing: &Standing) {
        for id in &standing.without {
            let text = self.say(
                format!("还没有收录 {id} 的规定，它们没有核对"),
                format!("there are no policies for {id} yet: its rules were not checked"),
            );
            self.hang(self.say("  注意: ", "  note: "), YELLOW, &text, PLAIN);
        }
    }

    fn failed(&mut self, standing: &Standing) {
        let count = standing.failed;
        if count > 0 {
            let text = self.say(format!("有 {count} 条规则没能核对"), format!("{count} rules failed"));
            self.hang("    ", PLAIN, &text, RED);
        }
    }

    fn count(&self, count: usize) -> String {
        self.say(format!("{count} 项"), count.to_string())
    }

    fn findings(&mut self, title: &str, mark: &str, findings: &[Finding]) {
        if findings.is_empty() {
            return;
        }
        self.heading(title, &self.count(findings.len()));
        for finding in findings {
            let (word, style) = severity(&finding.severity, self.options.language);
            self.tagged(&format!("  {mark}{word} "), style, &finding.title, &finding.rule);
            self.hang("      ", PLAIN, &finding.message, DIM);
        }
    }

    fn changed_findings(&mut self, changed: &[Changed<Finding>]) {
        if changed.is_empty() {
            return;
        }
        self.heading(self.say("轻重变了的问题", "Violations of another severity"), &self.count(changed.len()));
        for Changed { before, after } in changed {
            let (old, _) = severity(&before.severity, self.options.language);
            let (new, style) = severity(&after.severity, self.options.language);
            self.tagged(&format!("  ~ {old} → {new} "), style, &after.title, &after.rule);
        }
    }

    fn materials(&mut self, title: &str, mark: &str, materials: &[Material]) {
        if materials.is_empty() {
            return;
        }
        self.heading(title, &self.count(materials.len()));
        for material in materials {
            let (word, style) = status(material, self.options.language);
            let name = material_name(material, self.options.language);
            self.tagged(&format!("  {mark}{word} "), style, &name, &material.rules.join(" "));
            self.asked_form("", &material.form);
        }
    }

    fn asked_form(&mut self, label: &str, form: &[String]) {
        if !form.is_empty() {
            let form = form.join(self.say("；", "; "));
            self.hang("      ", PLAIN, &format!("{label}{form}"), DIM);
        }
    }

    fn changed_materials(&mut self, changed: &[Changed<Material>]) {
        if changed.is_empty() {
            return;
        }
        self.heading(self.say("要求变了的材料", "Materials that change"), &self.count(changed.len()));
        for Changed { before, after } in changed {
            let language = self.options.language;
            let ((old, _), (new, style)) = (status(before, language), status(after, language));
            let word = if old == new { new.to_owned() } else { format!("{old} → {new}") };
            self.tagged(&format!("  ~ {word} "), style, &material_name(after, language), &after.rules.join(" "));
            if before.severity != after.severity {
                let (old, new) = (severity(&before.severity, language).0, severity(&after.severity, language).0);
                self.hang("      ", PLAIN, &format!("{old} → {new}"), DIM);
            }
            if before.form != after.form {
                let none = vec![self.say("没有要求", "no form").to_owned()];
                let shown = |form: &Vec<String>| if form.is_empty() { none.clone() } else { form.clone() };
                self.asked_form(self.say("原来：", "before: "), &shown(&before.form));
                self.asked_form(self.say("现在：", "after: "), &shown(&after.form));
            }
        }
    }
}
