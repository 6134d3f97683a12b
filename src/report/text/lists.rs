//! What is open, what a person checks, what to know, and what failed.

use super::Page;
use super::paint::{BLUE, BOLD, CYAN, DIM, PLAIN, RED, counted};
use super::wrap::width;
use crate::report::model::{ErrorEntry, Item, ManualCheck, Notice, Question};

/// Questions that are listed.
const MAX_QUESTIONS: usize = 15;

impl Page<'_> {
    /// Fields that would settle what is open.
    pub(super) fn questions(&mut self, questions: &[Question]) {
        if questions.is_empty() {
            return;
        }
        let count = questions.len();
        let rest = self.say(format!("{count} 项，填上才能判断"), format!("{count}: answers would settle what is open"));
        self.heading(self.say("还要补的信息", "Open questions"), &rest);
        for (index, question) in questions.iter().take(MAX_QUESTIONS).enumerate() {
            let asked = question.asked_by.len();
            let words = match asked {
                0 => String::new(),
                _ => self.say(format!("{asked} 条规则要用"), format!("asked by {}", counted(asked, "rule"))),
            };
            self.question(index, question, &words);
        }
        if count > MAX_QUESTIONS {
            let rest = count - MAX_QUESTIONS;
            let text = self.say(
                format!("还有 {rest} 项（--format json 列出全部）"),
                format!("{rest} more (`--format json` lists all)"),
            );
            self.hang("     ", PLAIN, &text, DIM);
        }
    }

    /// The fields that decide whether conditional materials are needed.
    pub(super) fn deciding(&mut self, items: &[Item]) {
        let mut fields: Vec<(&Question, usize)> = Vec::new();
        for question in items.iter().flat_map(|item| &item.depends_on) {
            match fields.iter_mut().find(|(known, _)| known.path == question.path) {
                Some((_, count)) => *count += 1,
                None => fields.push((question, 1)),
            }
        }
        if fields.is_empty() {
            return;
        }
        fields.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let count = fields.len();
        let rest = self.say(format!("{count} 项，知道了就能定"), format!("{count} fields"));
        self.heading(self.say("视情况的材料要看", "What decides the conditional ones"), &rest);
        for (index, (question, count)) in fields.into_iter().enumerate() {
            let words = self.say(format!("定 {count} 份材料"), format!("decides {}", counted(count, "material")));
            self.question(index, question, &words);
        }
    }

    fn question(&mut self, index: usize, question: &Question, words: &str) {
        let lead = format!("{:>3}. ", index + 1);
        let indent = " ".repeat(width(&lead));
        let one_line = width(&lead) + width(&question.label) + width(&question.path) + width(words) + 4;
        if one_line <= self.options.width {
            let number = self.paint.style(BLUE, &lead);
            let label = self.paint.style(BOLD, &question.label);
            let path = self.paint.style(CYAN, &question.path);
            let words = self.paint.style(DIM, words);
            self.line(&format!("{number}{label}  {path}  {words}"));
        } else {
            self.hang(&lead, BLUE, &question.label, BOLD);
            self.hang(&indent, PLAIN, &format!("{}  {words}", question.path), CYAN);
        }
        if !question.help.is_empty() {
            self.hang(&indent, PLAIN, &question.help, DIM);
        }
        for reason in &question.reasons {
            self.hang(&indent, PLAIN, reason, PLAIN);
        }
    }

    /// What only a person can check.
    pub(super) fn manual(&mut self, manual: &[ManualCheck]) {
        if manual.is_empty() {
            return;
        }
        let count = manual.len();
        let rest = self.say(format!("{count} 项"), count.to_string());
        self.heading(self.say("要人工核对的", "To be checked by a person"), &rest);
        for check in manual {
            self.tagged("  □ ", CYAN, &check.what, &check.rule);
        }
    }

    /// How it is handled.
    pub(super) fn notices(&mut self, notices: &[Notice]) {
        if notices.is_empty() {
            return;
        }
        let count = notices.len();
        let rest = self.say(format!("{count} 条"), count.to_string());
        self.heading(self.say("须知", "To know"), &rest);
        for notice in notices {
            self.tagged("  · ", DIM, &notice.text, &notice.rule);
        }
    }

    /// Rules that could not be evaluated.
    pub(super) fn errors(&mut self, errors: &[ErrorEntry]) {
        if errors.is_empty() {
            return;
        }
        let count = errors.len();
        let rest = self.say(format!("{count} 条，结论里没有算它们"), format!("{count}, which the verdict leaves out"));
        self.heading(self.say("没能核对的规则", "Rules that failed"), &rest);
        for error in errors {
            self.hang("  ✗ ", RED, &format!("{}: {}", error.rule, error.message), PLAIN);
        }
    }
}
