//! What these tests need of Markdown: blocks of code, commands, headings, links.

/// A document.
pub struct Document {
    /// Its path from the root of the repository.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// A block of code.
pub struct Block {
    /// What the comment above it says: `<!-- verb: argument -->`.
    pub directive: Option<(String, String)>,
    /// The word after the fence.
    pub language: String,
    /// The lines between the fences.
    pub body: String,
    /// Where they stand in the text.
    pub range: std::ops::Range<usize>,
    /// The line of the first fence, from 1.
    pub line: usize,
}

impl Document {
    /// Its blocks of code.
    pub fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut open: Option<Block> = None;
        let mut above: Option<(String, String)> = None;
        let mut at = 0;
        for (index, line) in self.text.split_inclusive('\n').enumerate() {
            let end = at + line.len();
            match (&open, line.trim_end().strip_prefix("```")) {
                (None, Some(language)) => {
                    let (directive, language) = (above.take(), language.to_owned());
                    open = Some(Block { directive, language, body: String::new(), range: end..end, line: index + 1 });
                }
                (Some(_), Some("")) => {
                    if let Some(mut block) = open.take() {
                        block.range.end = at;
                        block.body = self.text[block.range.clone()].to_owned();
                        blocks.push(block);
                    }
                }
                _ => above = directive(line),
            }
            at = end;
        }
        assert!(open.is_none(), "{}: a block of code has no end", self.name);
        blocks
    }

    /// Every `beian …` command, in text and in blocks, with its line.
    pub fn commands(&self) -> Vec<(usize, String)> {
        let mut commands = Vec::new();
        let mut inside = None;
        for (index, line) in self.text.lines().enumerate() {
            if let Some(language) = line.strip_prefix("```") {
                inside = if inside.is_none() { Some(language.to_owned()) } else { None };
                continue;
            }
            let found: Vec<String> = match inside.as_deref() {
                None => line.split('`').skip(1).step_by(2).map(str::to_owned).collect(),
                Some("sh") => vec![line.split(" #").next().unwrap_or_default().trim().to_owned()],
                Some("console") => line.strip_prefix("$ ").map(str::to_owned).into_iter().collect(),
                Some(_) => Vec::new(),
            };
            for text in found {
                let text = text.replace("cargo run --release -- ", "beian ");
                let parts = text.split(['|', '>', ';']).flat_map(|part| part.split("&&"));
                commands.extend(parts.filter_map(command).map(|command| (index + 1, command)));
            }
        }
        commands
    }

    /// Its headings: level and text.
    pub fn headings(&self) -> Vec<(usize, String)> {
        let mut headings = Vec::new();
        let mut inside = false;
        for line in self.text.lines() {
            if line.starts_with("```") {
                inside = !inside;
            }
            let level = line.bytes().take_while(|byte| *byte == b'#').count();
            if !inside && (1..=6).contains(&level) && line.as_bytes().get(level) == Some(&b' ') {
                headings.push((level, line[level..].trim().to_owned()));
            }
        }
        headings
    }

    /// What links to its headings end in.
    pub fn anchors(&self) -> Vec<String> {
        let anchor = |heading: String| {
            let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
        };
        self.headings().into_iter().map(|(_, heading)| anchor(heading)).collect()
    }

    /// The targets of its links, with their lines.
    pub fn links(&self) -> Vec<(usize, String)> {
        let mut links = Vec::new();
        let mut inside = false;
        for (index, line) in self.text.lines().enumerate() {
            if line.starts_with("```") {
                inside = !inside;
            }
            // what stands in `code` is no link
            let text: String = line.split('`').step_by(2).collect();
            for part in text.split("](").skip(1).filter(|_| !inside) {
                links.extend(part.split_once(')').map(|(target, _)| (index + 1, target.to_owned())));
            }
        }
        links
    }

    /// The rows of the first table below a line that begins so, as cells; the head is left out.
    pub fn table(&self, above: &str) -> Vec<Vec<String>> {
        let after = self.text.find(&format!("\n{above}")).unwrap_or_else(|| panic!("{}: no `{above}`", self.name));
        let lines = self.text[after + 1..].lines().skip_while(|line| !line.starts_with('|'));
        let rows = lines.take_while(|line| line.starts_with('|')).skip(2);
        let cells = |row: &str| {
            let row = row.replace("\\|", "\u{1}");
            row.trim_matches('|').split('|').map(|cell| cell.trim().replace('\u{1}', "|")).collect()
        };
        rows.map(cells).collect()
    }
}

fn directive(line: &str) -> Option<(String, String)> {
    let (verb, argument) = line.trim().strip_prefix("<!-- ")?.strip_suffix(" -->")?.split_once(": ")?;
    Some((verb.to_owned(), argument.to_owned()))
}

/// The command, if it is one of ours.
fn command(text: &str) -> Option<String> {
    let text = text.trim();
    text.starts_with("beian ").then(|| text.to_owned())
}

/// What stands in backticks.
pub fn code(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}
