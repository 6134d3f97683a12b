//! The checklist as a table, by category; on a narrow page as a list.

use std::borrow::Cow;

use anstyle::Style;

use super::Page;
use super::paint::{BOLD, DIM, GREEN, PLAIN, RED, YELLOW, counted};
use super::wrap::{pad, width, wrap};
use crate::condition::Language;
use crate::policy::Severity;
use crate::report::model::{Item, ItemStatus};

/// What stands for the subject itself in [`Item::for_whom`].
const SUBJECT: &str = "subject";
/// Fields that are named of what a material depends on.
const MAX_FIELDS: usize = 4;
/// From this width on, reasons have a column of their own.
const WIDE: usize = 100;
/// Below this width a table is no help.
const NARROW: usize = 60;
const GAP: usize = 2;
/// So many materials that hang on the same open fields are one entry.
const MIN_TOGETHER: usize = 3;
/// Rules that are named behind a material.
const MAX_RULES: usize = 3;
/// Publications that are named behind a material.
const MAX_SOURCES: usize = 2;

/// A part of a cell.
struct Part {
    label: &'static str,
    text: String,
    style: Style,
}

/// A line of a cell: as it is printed, and its columns.
struct CellLine {
    text: String,
    columns: usize,
}

/// Columns of the table.
struct Columns {
    status: usize,
    name: usize,
    for_whom: usize,
    form: usize,
    reason: usize,
}

impl Columns {
    fn new(page: usize, language: Language) -> Self {
        let status = if language == Language::En { 13 } else { 10 };
        let indent = 2;
        if page >= WIDE {
            let rest = page - indent - status - 4 * GAP;
            let (name, for_whom) = (rest / 4, rest / 7);
            let form = (rest - name - for_whom) / 2;
            Self { status, name, for_whom, form, reason: rest - name - for_whom - form }
        } else {
            let rest = page.saturating_sub(indent + status + 2 * GAP);
            let name = rest * 2 / 5;
            Self { status, name, for_whom: 0, form: rest - name, reason: 0 }
        }
    }

    fn all(&self) -> Vec<usize> {
        [self.status, self.name, self.for_whom, self.form, self.reason]
            .into_iter()
            .filter(|columns| *columns > 0)
            .collect()
    }
}

impl Page<'_> {
    /// The materials; `planned`: there is no filing yet.
    pub(super) fn checklist(&mut self, items: &[Item], planned: bool) {
        let count = |wanted: ItemStatus| items.iter().filter(|item| item.status == wanted).count();
        let statuses = [ItemStatus::Missing, ItemStatus::Deficient, ItemStatus::Conditional, ItemStatus::Provided];
        let counts: Vec<String> = statuses
            .into_iter()
            .filter(|status| count(*status) > 0)
            .map(|status| format!("{} {}", self.status(status, planned).1, count(status)))
            .collect();
        let none = self.say("不需要材料", "no materials are asked for").to_owned();
        let rest = if counts.is_empty() { none } else { counts.join(" · ") };
        self.heading(self.say("材料清单", "Materials"), &rest);
        if items.is_empty() {
            return;
        }
        let page = self.options.width;
        let columns = Columns::new(page, self.options.language);
        if page >= NARROW {
            self.table_head(&columns);
        }
        let mut categories: Vec<&str> = Vec::new();
        for item in items {
            if !categories.contains(&item.category.as_str()) {
                categories.push(&item.category);
            }
        }
        for category in categories {
            let mut group: Vec<&Item> = items.iter().filter(|item| item.category == category).collect();
            group.sort_by_key(|item| item.status);
            let label = group.first().map(|item| item.category_label.as_str()).unwrap_or_default();
            let label = self.paint.style(BOLD, label);
            self.line(&label);
            for item in self.together(group) {
                if page >= NARROW { self.row(&item, &columns, planned) } else { self.entry(&item, planned) }
            }
        }
    }

    /// Materials that all hang on the same open fields (thirteen licences on one question) are one entry.
    fn together<'i>(&self, group: Vec<&'i Item>) -> Vec<Cow<'i, Item>> {
        let same = |a: &Item, b: &Item| {
            let paths = |item: &Item| item.depends_on.iter().map(|field| field.path.clone()).collect::<Vec<_>>();
            let open = |item: &Item| item.status == ItemStatus::Conditional;
            open(a) && open(b) && a.for_whom == b.for_whom && !a.depends_on.is_empty() && paths(a) == paths(b)
        };
        let mut entries: Vec<Cow<'i, Item>> = Vec::new();
        let mut done: Vec<&Item> = Vec::new();
        for item in &group {
            let alike: Vec<&Item> = group.iter().copied().filter(|other| same(item, other)).collect();
            if alike.len() < MIN_TOGETHER {
                entries.push(Cow::Borrowed(*item));
            } else if !done.iter().any(|first| same(first, item)) {
                let names: Vec<String> = alike.iter().map(|item| item.name.clone()).collect();
                let mut one = (*item).clone();
                one.name = self.joined(&names);
                one.rules = alike.iter().flat_map(|item| item.rules.clone()).collect();
                one.sources = alike.iter().flat_map(|item| item.sources.clone()).collect();
                let reason = self.say("每一种要不要，取决于同样的几项", "each depends on the same fields");
                one.reasons = vec![reason.to_owned()];
                (one.fixes, one.form_words, one.notes) = (Vec::new(), Vec::new(), Vec::new());
                (one.usual_form, one.upload_to) = (String::new(), String::new());
                entries.push(Cow::Owned(one));
                done.push(item);
            }
        }
        entries
    }

    fn table_head(&mut self, columns: &Columns) {
        let titles = if columns.reason > 0 {
            self.say(
                ["状态", "材料", "用于", "要求", "为什么要"].as_slice(),
                ["status", "material", "for", "form", "why"].as_slice(),
            )
        } else {
            self.say(["状态", "材料", "要求"].as_slice(), ["status", "material", "form and reason"].as_slice())
        };
        let mut line = String::from("  ");
        for (title, columns) in titles.iter().zip(columns.all()) {
            line.push_str(&pad(title, columns + GAP));
        }
        let line = self.paint.style(DIM, line.trim_end());
        self.line(&line);
        let total = columns.all().iter().sum::<usize>() + GAP * columns.all().len().saturating_sub(1);
        let rule = self.paint.style(DIM, &"─".repeat(total + 2));
        self.line(&rule);
    }

    /// The mark, the word and the colour of a status.
    fn status(&self, status: ItemStatus, planned: bool) -> (&'static str, &'static str, Style) {
        match status {
            ItemStatus::Missing if planned => ("•", self.say("要备", "required"), BOLD),
            ItemStatus::Missing => ("✗", self.say("缺", "missing"), RED),
            ItemStatus::Deficient => ("!", self.say("不合要求", "deficient"), RED),
            ItemStatus::Conditional => ("?", self.say("视情况", "conditional"), YELLOW),
            ItemStatus::Provided => ("✓", self.say("已备", "provided"), GREEN),
        }
    }

    fn styled_status(&self, item: &Item, planned: bool) -> (String, Style) {
        let (mark, word, style) = self.status(item.status, planned);
        let style = if style == RED && item.severity != Severity::Block.id() { YELLOW } else { style };
        (format!("{mark} {word}"), style)
    }

    fn row(&mut self, item: &Item, columns: &Columns, planned: bool) {
        let provided = item.status == ItemStatus::Provided;
        let (status, style) = self.styled_status(item, planned);
        let name_style = if provided { PLAIN } else { BOLD };
        let wide = columns.reason > 0;
        let mut name = vec![Part { label: "", text: item.name.clone(), style: name_style }];
        let for_whom = Part { label: "", text: self.for_whom(item), style: PLAIN };
        let mut form = if provided { Vec::new() } else { self.form(item) };
        let mut reason = if provided { Vec::new() } else { self.reasons(item) };
        if !wide {
            if let Some(first) = reason.first_mut() {
                first.label = self.say("因为：", "because: ");
            }
            if item.for_whom != SUBJECT {
                name.push(Part { label: self.say("用于：", "for: "), ..for_whom });
            }
            form.append(&mut reason);
            let cells = [vec![Part { label: "", text: status, style }], name, form];
            self.cells(&cells, &columns.all());
        } else {
            let cells = [vec![Part { label: "", text: status, style }], name, vec![for_whom], form, reason];
            self.cells(&cells, &columns.all());
        }
        if !provided {
            let indent = 2 + columns.status + GAP;
            self.who_says_so(item, indent);
        }
    }

    fn for_whom(&self, item: &Item) -> String {
        if item.for_whom == SUBJECT { self.say("主体", "the subject").to_owned() } else { item.for_whom.clone() }
    }

    /// What is wrong with it, what it depends on, what it must be.
    fn form(&self, item: &Item) -> Vec<Part> {
        let mut parts = Vec::new();
        for deficiency in &item.deficiencies {
            let style = self.severity_style(&item.severity);
            parts.push(Part { label: "", text: deficiency.clone(), style });
        }
        for place in item.at.iter().filter(|_| !item.deficiencies.is_empty()) {
            let line = place.line.map(|line| self.say(format!("（第 {line} 行）"), format!(" (line {line})")));
            let text = format!("{}{}", place.path, line.unwrap_or_default());
            parts.push(Part { label: self.say("位置：", "at: "), text, style: PLAIN });
        }
        for fix in &item.fixes {
            parts.push(Part { label: self.say("怎么办：", "fix: "), text: fix.clone(), style: PLAIN });
        }
        if item.status == ItemStatus::Conditional {
            parts.push(Part { label: self.say("要看：", "depends on: "), text: self.depends(item), style: PLAIN });
        }
        let separator = self.say("；", "; ");
        let mut words = item.form_words.clone();
        if words.is_empty() && !item.usual_form.is_empty() {
            words.push(item.usual_form.clone());
        }
        if !words.is_empty() {
            parts.push(Part { label: self.say("形式：", "form: "), text: words.join(separator), style: PLAIN });
        }
        for note in &item.notes {
            parts.push(Part { label: "", text: note.clone(), style: PLAIN });
        }
        if !item.upload_to.is_empty() {
            parts
                .push(Part { label: self.say("传到：", "upload to: "), text: item.upload_to.clone(), style: PLAIN });
        }
        parts
    }

    fn depends(&self, item: &Item) -> String {
        let count = item.depends_on.len();
        if count == 0 {
            return self.say("还不能确定", "not known yet").to_owned();
        }
        let named = item.depends_on.iter().take(MAX_FIELDS);
        let fields: Vec<String> = named.map(|field| field.label.clone()).collect();
        let mut text = self.joined(&fields);
        if count > MAX_FIELDS {
            let rest = count - MAX_FIELDS;
            text.push_str(&self.say(format!(" 等 {count} 项"), format!(" and {}", counted(rest, "other field"))));
        }
        text
    }

    fn reasons(&self, item: &Item) -> Vec<Part> {
        let mut parts: Vec<Part> =
            item.reasons.iter().map(|reason| Part { label: "", text: reason.clone(), style: PLAIN }).collect();
        if item.severity != Severity::Block.id() {
            let text = self.say("缺了只警告，不驳回", "only a warning when it is missing");
            parts.push(Part { label: "", text: text.to_owned(), style: DIM });
        }
        parts
    }

    /// The rules behind an item and the publications behind those.
    fn who_says_so(&mut self, item: &Item, indent: usize) {
        let indent = " ".repeat(indent);
        let rules = self.rules(item);
        self.hang(&indent, DIM, &rules, DIM);
        if !item.sources.is_empty() {
            let sources = self.citations(&item.sources, MAX_SOURCES);
            self.hang(&format!("{indent}{}", self.say("依据：", "basis: ")), DIM, &sources, DIM);
        }
    }

    /// The rules behind an item: they do not fit a column, and must not be broken.
    fn rules(&self, item: &Item) -> String {
        let shown: Vec<&str> = item.rules.iter().take(MAX_RULES).map(String::as_str).collect();
        let more = item.rules.len().saturating_sub(MAX_RULES);
        let rest = if more == 0 {
            String::new()
        } else {
            self.say(format!(" 等 {} 条", item.rules.len()), format!(" and {more} more"))
        };
        format!("[{}{rest}]", shown.join(" "))
    }

    fn cells(&mut self, cells: &[Vec<Part>], columns: &[usize]) {
        let cells: Vec<Vec<CellLine>> =
            cells.iter().zip(columns).map(|(parts, columns)| self.cell(parts, *columns)).collect();
        let lines = cells.iter().map(Vec::len).max().unwrap_or(0);
        for index in 0..lines {
            let mut line = String::from("  ");
            for (cell, columns) in cells.iter().zip(columns) {
                let (text, used) = cell.get(index).map_or(("", 0), |line| (line.text.as_str(), line.columns));
                line.push_str(text);
                line.push_str(&" ".repeat((columns + GAP).saturating_sub(used)));
            }
            self.line(&line);
        }
    }

    fn cell(&self, parts: &[Part], columns: usize) -> Vec<CellLine> {
        let mut lines = Vec::new();
        for part in parts {
            let wrapped = wrap(&format!("{}{}", part.label, part.text), columns);
            for (index, line) in wrapped.into_iter().enumerate() {
                let columns = width(&line);
                let text = match line.strip_prefix(part.label.trim_end()).filter(|_| index == 0) {
                    Some(rest) => {
                        let label = self.paint.style(DIM, part.label.trim_end());
                        format!("{label}{}", self.paint.style(part.style, rest))
                    }
                    None => self.paint.style(part.style, &line),
                };
                lines.push(CellLine { text, columns });
            }
        }
        lines
    }

    /// An item where there is no room for a table.
    fn entry(&mut self, item: &Item, planned: bool) {
        let (status, style) = self.styled_status(item, planned);
        let lead = format!("  {status}  ");
        self.hang(&lead, style, &item.name, BOLD);
        let for_whom = self.for_whom(item);
        self.hang(self.say("    用于：", "    for: "), DIM, &for_whom, PLAIN);
        if item.status == ItemStatus::Provided {
            return;
        }
        let mut parts = self.form(item);
        let mut reasons = self.reasons(item);
        if let Some(first) = reasons.first_mut() {
            first.label = self.say("因为：", "because: ");
        }
        parts.extend(reasons);
        for part in parts {
            self.hang(&format!("    {}", part.label), DIM, &part.text, part.style);
        }
        self.who_says_so(item, 4);
    }
}
