//! Random texts that are, or nearly are, expressions of the subset.

use crate::choices::Choices;

const NAMES: [&str; 12] = ["a", "b", "service", "x1", "_x", "given", "len", "map", "filter", "date", "i", "T"];
/// Names that something is odd about.
const ODD_NAMES: [&str; 24] = [
    "_",
    "__",
    "_1",
    "this",
    "null",
    "nil",
    "void",
    "package",
    "module",
    "new",
    "type_of",
    "call",
    "Fn",
    "eval",
    "print",
    "is",
    "curry",
    "in",
    "if",
    "else",
    "true",
    "let",
    "fn",
    "is_shared",
];
const OPERATORS: [&str; 14] = ["||", "&&", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", " in "];
const SPACES: [&str; 6] = ["", " ", "", "\n", "\t ", "  "];
const TEXTS: [&str; 10] =
    ["\"\"", "\"a\"", "\"中文\"", "\"\\\"\"", "\"\\\\\"", "\"a\\nb\\t\\r\"", "\"||\"", "\"(\"", "\"{x}\"", "\"//\""];
const NUMBERS: [&str; 8] = ["1", "0", "42", "1_000", "007", "9223372036854775807", "1__0", "1_"];

/// Writes an expression of the subset; with `odd`, also names that may not be.
pub fn expression(choices: &mut Choices<'_>, odd: bool) -> String {
    let mut writer = Writer { choices, odd, text: String::new() };
    writer.expression(4);
    writer.text
}

struct Writer<'a, 'b> {
    choices: &'a mut Choices<'b>,
    odd: bool,
    text: String,
}

impl Writer<'_, '_> {
    fn put(&mut self, text: &str) {
        self.text.push_str(text);
        let space = self.choices.pick(&SPACES);
        self.text.push_str(space);
    }

    fn name(&mut self) {
        let name =
            if self.odd && self.choices.once_in(8) { self.choices.pick(&ODD_NAMES) } else { self.choices.pick(&NAMES) };
        self.put(name);
    }

    fn expression(&mut self, depth: usize) {
        let kinds = if depth == 0 { 4 } else { 13 };
        match self.choices.below(kinds) {
            0 => self.name(),
            1 => {
                let number = self.choices.pick(&NUMBERS);
                self.put(number);
            }
            2 => {
                let text = self.choices.pick(&TEXTS);
                self.put(text);
            }
            3 => {
                let value = self.choices.pick(&["true", "false"]);
                self.put(value);
            }
            4 | 5 => {
                self.expression(depth - 1);
                let operator = self.choices.pick(&OPERATORS);
                self.put(operator);
                self.expression(depth - 1);
            }
            6 => {
                let sign = self.choices.pick(&["!", "-"]);
                self.put(sign);
                self.expression(depth - 1);
            }
            7 => {
                self.put("(");
                self.expression(depth - 1);
                self.put(")");
            }
            8 => self.list("[", "]", depth),
            9 => {
                self.name();
                let call = self.text.trim_end().len();
                self.text.truncate(call);
                self.list("(", ")", depth);
            }
            10 => self.chain(depth),
            11 => self.branch(depth),
            _ => {
                self.name();
                self.put(".");
                self.name();
            }
        }
    }

    fn list(&mut self, open: &str, close: &str, depth: usize) {
        self.put(open);
        let count = self.choices.below(4);
        for index in 0..count {
            self.expression(depth - 1);
            if index + 1 < count || self.choices.once_in(4) {
                self.put(",");
            }
        }
        self.put(close);
    }

    fn chain(&mut self, depth: usize) {
        match self.choices.below(3) {
            0 => self.name(),
            1 => self.list("[", "]", depth),
            _ => {
                self.put("(");
                self.expression(depth - 1);
                self.put(")");
            }
        }
        self.put(".");
        self.name();
        match self.choices.below(3) {
            0 => {}
            1 => {
                let call = self.text.trim_end().len();
                self.text.truncate(call);
                self.list("(", ")", depth);
            }
            _ => {
                let call = self.text.trim_end().len();
                self.text.truncate(call);
                self.put("(");
                self.put("|");
                self.name();
                self.put("|");
                self.expression(depth - 1);
                self.put(")");
            }
        }
    }

    fn branch(&mut self, depth: usize) {
        self.put("if ");
        self.expression(depth - 1);
        self.put("{");
        self.expression(depth - 1);
        self.put("}");
        self.put("else ");
        if self.choices.once_in(3) && depth > 1 {
            self.branch(depth - 1);
        } else {
            self.put("{");
            self.expression(depth - 1);
            self.put("}");
        }
    }
}

/// Pieces that are put into a text, or in the place of a piece of it.
const PIECES: [&str; 44] = [
    " ", "(", ")", "[", "]", "{", "}", ",", ".", "|", "||", "&&", "&", "==", "=", "!=", "!", "<", ">", "+", "-", "*",
    "/", "%", "\"", "'", "`", "\\", "1", "1.5", "x", " in ", " if ", " else ", ";", ":", "?", "#", "@", "$", "、",
    "\u{3000}", "\u{a0}", "//",
];

/// Breaks a text a little.
pub fn mutated(text: &str, choices: &mut Choices<'_>) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=choices.below(3) {
        let at = choices.below(chars.len() + 1);
        match choices.below(3) {
            0 if at < chars.len() => {
                chars.remove(at);
            }
            1 if at < chars.len() => {
                let to = choices.below(chars.len());
                chars.swap(at, to);
            }
            _ => {
                let piece: Vec<char> = choices.pick(&PIECES).chars().collect();
                chars.splice(at..at, piece);
            }
        }
    }
    chars.into_iter().collect()
}
