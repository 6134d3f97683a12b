//! Everything that is wrong with a script, found when it is read: what does not parse, what may not stand in it, and
//! what does not fit the declarations.

use std::sync::Arc;

use super::known::{self, FORBIDDEN, OF_CONDITIONS};
use super::scan::{Kind, Word, scan};
use super::{Declared, ScriptSource, failure, sandbox};
use crate::source::{Diagnostic, Diagnostics, SourceFile, Span};

const CODE: &str = "script";

/// Looks a script through. What hides the rest is reported alone: words that may not be used, then what does not parse.
pub(super) fn review(source: &ScriptSource) -> Diagnostics {
    let words = scan(&source.file.text);
    let outline = Outline::new(&source.file.text, &words);
    let mut review = Review { source, words: &words, outline: &outline, out: Diagnostics::new() };
    review.forbidden();
    review.statements();
    if !review.out.has_errors() {
        review.syntax();
    }
    if !review.out.has_errors() {
        review.declarations();
        review.functions();
        review.calls();
    }
    review.out
}

/// A function of the file.
struct Function {
    name: Span,
    parameters: usize,
    private: bool,
    /// Words of its body.
    body: std::ops::Range<usize>,
}

/// The functions of a file, and what stands outside of them.
#[derive(Default)]
struct Outline {
    functions: Vec<Function>,
    statements: Vec<Span>,
}

impl Outline {
    fn new(text: &str, words: &[Word]) -> Self {
        let mut outline = Self::default();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let private = is_name(text, words, at, "private");
            if is_name(text, words, at + usize::from(private), "fn") {
                let Some((function, end)) = function(words, at + usize::from(private) + 1, private) else {
                    // it does not parse, and the parser will say why
                    return outline;
                };
                outline.functions.push(function);
                at = end;
            } else if word.kind == Kind::Sign(';') {
                at += 1;
            } else {
                let end = statement_end(text, words, at);
                let last = words.get(end - 1).map_or(word.span.end, |word| word.span.end);
                let line = text.get(word.span.start..).and_then(|rest| rest.find('\n'));
                let line = line.map_or(text.len(), |len| word.span.start + len);
                outline.statements.push(word.span.start..last.min(line));
                at = end;
            }
        }
        outline
    }
}

fn is_name(text: &str, words: &[Word], at: usize, name: &str) -> bool {
    words.get(at).is_some_and(|word| word.kind == Kind::Name && text.get(word.span.clone()) == Some(name))
}

fn is_sign(words: &[Word], at: usize, sign: char) -> bool {
    words.get(at).is_some_and(|word| word.kind == Kind::Sign(sign))
}

/// A function from its name on, and the word after it.
fn function(words: &[Word], at: usize, private: bool) -> Option<(Function, usize)> {
    let name = words.get(at).filter(|word| word.kind == Kind::Name)?.span.clone();
    if !is_sign(words, at + 1, '(') {
        return None;
    }
    let close = closing(words, at + 1)?;
    let parameters = words.get(at + 2..close)?.iter().filter(|word| word.kind == Kind::Name).count();
    if !is_sign(words, close + 1, '{') {
        return None;
    }
    let end = closing(words, close + 1)?;
    Some((Function { name, parameters, private, body: close + 2..end }, end + 1))
}

/// The bracket that closes the one at a word.
fn closing(words: &[Word], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, word) in words.iter().enumerate().skip(open) {
        match word.kind {
            Kind::Sign('(' | '[' | '{') => depth += 1,
            Kind::Sign(')' | ']' | '}') => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// The innermost bracket that nothing closes.
fn unclosed(words: &[Word]) -> Option<&Word> {
    let mut open = Vec::new();
    for word in words {
        match word.kind {
            Kind::Sign('(' | '[' | '{') => open.push(word),
            Kind::Sign(')' | ']' | '}') => drop(open.pop()),
            _ => {}
        }
    }
    open.pop()
}

/// The word after the statement at a word: after its semicolon or its block.
fn statement_end(text: &str, words: &[Word], start: usize) -> usize {
    let mut at = start;
    while let Some(word) = words.get(at) {
        match word.kind {
            Kind::Sign(';') => return at + 1,
            Kind::Sign('(' | '[' | '{') => {
                let Some(close) = closing(words, at) else { return words.len() };
                at = close;
                if word.kind == Kind::Sign('{') && !is_name(text, words, close + 1, "else") {
                    return at + 1;
                }
            }
            Kind::Name if at > start && is_name(text, words, at, "fn") => return at,
            _ => {}
        }
        at += 1;
    }
    words.len()
}

struct Review<'a> {
    source: &'a ScriptSource,
    words: &'a [Word],
    outline: &'a Outline,
    out: Diagnostics,
}

impl<'a> Review<'a> {
    fn file(&self) -> &'a Arc<SourceFile> {
        &self.source.file
    }

    fn text(&self, span: &Span) -> &'a str {
        self.source.file.text.get(span.clone()).unwrap_or_default()
    }

    fn problem(&mut self, message: impl Into<String>, span: Span, label: &str, help: impl Into<String>) {
        let help = help.into();
        let diagnostic = Diagnostic::error(CODE, message).at(self.file(), span, label);
        self.out.push(if help.is_empty() { diagnostic } else { diagnostic.help(help) });
    }

    fn forbidden(&mut self) {
        for word in self.words.iter().filter(|word| word.kind == Kind::Name) {
            let name = self.text(&word.span);
            if !FORBIDDEN.contains(&name) {
                continue;
            }
            let why = match name {
                "import" | "export" => "a script is one file; write what it needs into it",
                "eval" => "a script cannot make code",
                "try" | "catch" => "a failure ends the script, and the report says where",
                _ => "a script gives a value and writes nothing",
            };
            self.problem(format!("`{name}` is not part of scripts"), word.span.clone(), "not here", why);
        }
    }

    fn statements(&mut self) {
        for span in &self.outline.statements {
            let first = self.text(span).split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
            if !FORBIDDEN.contains(&first) {
                self.problem(
                    "only functions can stand in a script",
                    span.clone(),
                    "outside of a function",
                    "nothing runs it; move it into the function that needs it",
                );
            }
        }
    }

    fn syntax(&mut self) {
        let Err(error) = sandbox::parse(&self.source.file.text) else { return };
        let text = &self.source.file.text;
        let at = failure::byte_of(text, error.position()).unwrap_or(text.len());
        if self.words.iter().all(|word| word.span.start < at)
            && let Some(open) = unclosed(self.words)
        {
            let message = format!("this `{}` is never closed", self.text(&open.span));
            return self.problem(message, open.span.clone(), "", "");
        }
        let word = self.words.iter().find(|word| word.span.contains(&at));
        let span = word.map_or_else(|| end_of_line(text, at), |word| word.span.clone());
        let (message, help) = failure::syntax(error.err_type());
        self.problem(message, span, "", help);
    }

    /// Every declared function is there, and as it is declared.
    fn declarations(&mut self) {
        for declared in &self.source.declared {
            let named = || self.outline.functions.iter().filter(|found| self.text(&found.name) == declared.name);
            if let Some(found) = named().find(|found| found.parameters == declared.parameters.len()) {
                if found.private {
                    let name = found.name.clone();
                    self.mismatch(
                        declared,
                        name,
                        format!("`{}` is declared, but private", declared.name),
                        "write `fn` without `private`",
                    );
                }
                continue;
            }
            match named().next() {
                Some(found) => {
                    let (has, name) = (found.parameters, found.name.clone());
                    let message = format!(
                        "`{}` has {has} parameter{}, but {} declared",
                        declared.name,
                        if has == 1 { "" } else { "s" },
                        match declared.parameters.len() {
                            1 => "1 is".to_owned(),
                            count => format!("{count} are"),
                        }
                    );
                    self.mismatch(declared, name, message, "");
                }
                None => {
                    let names = self.outline.functions.iter().map(|found| self.text(&found.name));
                    let message = format!("{} has no function `{}`", self.file().name, declared.name);
                    let diagnostic = Diagnostic::error(CODE, message)
                        .at(&declared.file, declared.span.clone(), "declared here")
                        .suggest(&declared.name, names);
                    self.out.push(diagnostic);
                }
            }
        }
    }

    fn mismatch(&mut self, declared: &Declared, name: Span, message: String, help: &str) {
        let diagnostic = Diagnostic::error(CODE, message).at(self.file(), name, "written here").related(
            &declared.file,
            declared.span.clone(),
            "declared here",
        );
        self.out.push(if help.is_empty() { diagnostic } else { diagnostic.help(help) });
    }

    /// No function is dead code, and none hides one of the engine.
    fn functions(&mut self) {
        let used = self.used();
        for (function, used) in self.outline.functions.iter().zip(used) {
            let (name, span) = (self.text(&function.name), function.name.clone());
            let declared = self.is_declared(function);
            if known::is_of_engine(name) {
                self.problem(
                    format!("`{name}` is a function of the engine"),
                    span,
                    "the same name",
                    "choose another name",
                );
            } else if !declared && !function.private {
                self.problem(
                    format!("`{name}` is not declared, so nothing can call it"),
                    span,
                    "not declared",
                    "declare it under `[functions]` in rules.toml, or write `private fn` if only this script calls it",
                );
            } else if function.private && !declared && !used {
                self.problem(format!("`{name}` is never called"), span, "dead code", "call it or remove it");
            }
        }
    }

    /// One with another number of parameters is reported where the declarations are looked at, or is another function.
    fn is_declared(&self, function: &Function) -> bool {
        let name = self.text(&function.name);
        let Some(declared) = self.source.declared.iter().find(|declared| declared.name == name) else { return false };
        let wanted = declared.parameters.len();
        let others = self.outline.functions.iter().filter(|other| self.text(&other.name) == name);
        function.parameters == wanted || others.into_iter().all(|other| other.parameters != wanted)
    }

    /// For each function: can a call of a declared one lead to it?
    fn used(&self) -> Vec<bool> {
        let functions = &self.outline.functions;
        let mut used: Vec<bool> = functions.iter().map(|found| self.is_declared(found)).collect();
        let mut open: Vec<usize> = (0..functions.len()).filter(|index| used[*index]).collect();
        while let Some(index) = open.pop() {
            let body = self.words.get(functions[index].body.clone()).unwrap_or_default();
            // a function is also named by `Fn("name")`
            let named: Vec<&str> = body.iter().map(|word| self.text(&word.span).trim_matches('"')).collect();
            for (other, function) in functions.iter().enumerate() {
                if !used[other] && named.contains(&self.text(&function.name)) {
                    used[other] = true;
                    open.push(other);
                }
            }
        }
        used
    }

    /// Calls of functions that nothing defines, as far as the text tells: a name that also stands for a value is left
    /// to the call.
    fn calls(&mut self) {
        let own: Vec<&str> = self.outline.functions.iter().map(|found| self.text(&found.name)).collect();
        let is_call = |at: usize| is_sign(self.words, at + 1, '(');
        let names = || self.words.iter().enumerate().filter(|(_, word)| word.kind == Kind::Name);
        let values: Vec<&str> = names()
            .filter(|(at, _)| !is_call(*at) && (*at == 0 || !is_sign(self.words, at - 1, '.')))
            .map(|(_, word)| self.text(&word.span))
            .collect();
        for (_, word) in names().filter(|(at, _)| is_call(*at)) {
            let name = self.text(&word.span);
            let known = known::is_keyword(name) || own.contains(&name) || known::callable().any(|known| known == name);
            if known || values.contains(&name) {
                continue;
            }
            let message = format!("there is no function `{name}`");
            let diagnostic = Diagnostic::error(CODE, message).at(self.file(), word.span.clone(), "no such function");
            self.out.push(if OF_CONDITIONS.contains(&name) {
                diagnostic.help(format!("`{name}` is for conditions; hand its result to the script as an argument"))
            } else {
                diagnostic.suggest(name, own.iter().copied().chain(known::callable()))
            });
        }
    }
}

/// What is left of the line of a byte, or the end of the text.
fn end_of_line(text: &str, at: usize) -> Span {
    let at = at.min(text.trim_end().len());
    let len = text.get(at..).map_or(0, |rest| rest.chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8));
    at..at + len
}
