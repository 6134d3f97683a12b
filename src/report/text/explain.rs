//! An explanation as a tree.

use super::paint::{BOLD, DIM, GREEN, PLAIN, RED, YELLOW};
use super::{Page, TextOptions};
use crate::report::explain::{Explanation, Node};

/// The explanation of a rule on a filing.
pub fn explain_text(explanation: &Explanation, options: &TextOptions<'_>) -> String {
    let mut page = Page::new(options);
    let title = page.paint.style(BOLD, &explanation.rule);
    page.line(&title);
    page.hang("", DIM, &explanation.title, PLAIN);
    for obstacle in &explanation.obstacles {
        let lead = page.say("不适用：", "does not apply: ");
        page.hang(lead, YELLOW, obstacle, PLAIN);
    }
    if explanation.targets.is_empty() {
        let none = page.say("没有可以评判的对象", "there is nothing to evaluate it on");
        page.line(none);
    }
    for target in &explanation.targets {
        page.line("");
        let at = target.at.as_deref().unwrap_or(page.say("整份备案", "the filing"));
        let at = page.paint.style(BOLD, at);
        page.line(&at);
        if target.parts.is_empty() {
            let always = page.say("没有条件：总是成立", "no conditions: it always holds");
            page.line(&format!("  {always}"));
        }
        for part in &target.parts {
            let head = page.paint.style(DIM, &format!("{}  {}", part.role, part.written));
            page.line(&format!("  {}", head.trim_end()));
            page.tree(&part.tree, "    ", "    ");
        }
    }
    page.text
}

impl Page<'_> {
    fn tree(&mut self, node: &Node, lead: &str, below: &str) {
        let style = match node.value.as_str() {
            "true" => GREEN,
            "false" => RED,
            "unknown" => YELLOW,
            _ => BOLD,
        };
        let place = node.places.iter().map(|place| match place.line {
            Some(line) => self.say(format!("第 {line} 行"), format!("line {line}")),
            None => self.say("没有填".to_owned(), "not given".to_owned()),
        });
        let place: Vec<String> = place.collect();
        let place = if place.is_empty() { String::new() } else { format!("  ({})", place.join(", ")) };
        let value = self.paint.style(style, &node.value);
        let text = self.paint.style(DIM, &place);
        self.line(&format!("{lead}{value}  {}{text}", node.text));
        let last = node.children.len().saturating_sub(1);
        for (index, child) in node.children.iter().enumerate() {
            let (branch, rest) = if index == last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            self.tree(child, &format!("{below}{branch}"), &format!("{below}{rest}"));
        }
    }
}
