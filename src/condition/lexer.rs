//! Text → tokens with byte spans.

use super::ast::Problem;

/// A token.
#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    Int(i64),
    Text(String),
    Name(String),
    /// An operator or bracket, as written.
    Sign(&'static str),
    End,
}

/// A token and its bytes.
#[derive(Debug, Clone)]
pub struct Lexeme {
    pub token: Token,
    pub span: (u32, u32),
}

/// Longest first, so that `<=` is not read as `<`.
const SIGNS: [&str; 24] = [
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "+", "-", "*", "/", "%", "!", "(", ")", "[", "]", "{", "}", ",", ".",
    "|", "=",
];

/// What people type with a Chinese input method, and what they mean.
const FULL_WIDTH: [(char, &str); 14] = [
    ('（', "("),
    ('）', ")"),
    ('，', ","),
    ('。', "."),
    ('“', "\""),
    ('”', "\""),
    ('‘', "\""),
    ('’', "\""),
    ('！', "!"),
    ('＝', "="),
    ('＜', "<"),
    ('＞', ">"),
    ('【', "["),
    ('】', "]"),
];

/// Splits a text into tokens; stops at the first character that begins none.
pub fn lex(text: &str) -> Result<Vec<Lexeme>, Problem> {
    let mut lexemes = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let start = at as u32;
        if matches!(c, ' ' | '\t' | '\r' | '\n') {
            at += 1;
            continue;
        }
        if let Some(problem) = run_together(&text[at..], start) {
            return Err(problem);
        }
        let token = if c.is_ascii_digit() {
            number(text, &mut at)?
        } else if c.is_ascii_alphabetic() || c == '_' {
            let len = text[at..].find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len() - at);
            let name = text[at..at + len].to_owned();
            at += len;
            Token::Name(name)
        } else if c == '"' {
            string(text, &mut at)?
        } else if let Some(sign) = SIGNS.iter().find(|sign| text[at..].starts_with(**sign)) {
            at += sign.len();
            Token::Sign(sign)
        } else {
            return Err(stray(c, start));
        };
        lexemes.push(Lexeme { token, span: (start, at as u32) });
    }
    let end = text.len() as u32;
    lexemes.push(Lexeme { token: Token::End, span: (end, end) });
    Ok(lexemes)
}

/// Signs that Rhai reads as one and reserves.
fn run_together(rest: &str, start: u32) -> Option<Problem> {
    let (pair, apart) = [("--", "- -"), ("<-", "< -")].into_iter().find(|(pair, _)| rest.starts_with(pair))?;
    let problem = Problem::new((start, start + 2), format!("`{pair}` is no operator"));
    Some(problem.help(format!("write `{apart}`, or parentheses")))
}

fn number(text: &str, at: &mut usize) -> Result<Token, Problem> {
    let start = *at;
    let len = text[start..].find(|c: char| !c.is_ascii_digit() && c != '_').unwrap_or(text.len() - start);
    *at += len;
    let digits = text[start..*at].replace('_', "");
    let span = (start as u32, *at as u32);
    if text[*at..].starts_with('.') && !text[*at + 1..].starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Err(Problem::new(span, "conditions have whole numbers only"));
    }
    digits.parse().map(Token::Int).map_err(|_| Problem::new(span, "this number does not fit 64 bits"))
}

fn string(text: &str, at: &mut usize) -> Result<Token, Problem> {
    let start = *at;
    let mut value = String::new();
    let mut chars = text[start + 1..].char_indices();
    while let Some((offset, c)) = chars.next() {
        match c {
            '"' => {
                *at = start + 1 + offset + 1;
                return Ok(Token::Text(value));
            }
            '\\' => {
                let here = (start + 1 + offset) as u32;
                match chars.next() {
                    Some((_, 'n')) => value.push('\n'),
                    Some((_, 't')) => value.push('\t'),
                    Some((_, 'r')) => value.push('\r'),
                    Some((_, c @ ('"' | '\\'))) => value.push(c),
                    _ => {
                        return Err(Problem::new((here, here + 1), "unknown escape in a text")
                            .help("the escapes are \\\" \\\\ \\n \\t \\r"));
                    }
                }
            }
            '\n' => break,
            c => value.push(c),
        }
    }
    Err(Problem::new((start as u32, start as u32 + 1), "this text has no closing `\"`"))
}

/// What was meant by a full-width character.
pub(crate) fn meant_by(c: char) -> Option<&'static str> {
    FULL_WIDTH.iter().find(|(wide, _)| *wide == c).map(|(_, meant)| *meant)
}

fn stray(c: char, start: u32) -> Problem {
    let span = (start, start + c.len_utf8() as u32);
    if let Some(meant) = meant_by(c) {
        return Problem::new(span, format!("`{c}` is a full-width character")).help(format!("write `{meant}`"));
    }
    if c == '\'' {
        return Problem::new(span, "texts stand in double quotes").help("write `\"`");
    }
    if c == ';' {
        return Problem::new(span, "a condition is one expression, without `;`")
            .help("what needs statements or loops is a function in scripts.rhai");
    }
    if c.is_whitespace() {
        return Problem::new(span, "this space is none that conditions know").help("write an ordinary space");
    }
    if c == '&' {
        return Problem::new(span, "a single `&` is no operator").help("write `&&`");
    }
    if !c.is_ascii() {
        return Problem::new(span, format!("`{c}` cannot stand outside of a text"))
            .help("put Chinese words in double quotes");
    }
    Problem::new(span, format!("`{c}` has no meaning in a condition"))
}
