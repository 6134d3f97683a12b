//! Tokens → [`Ast`], by precedence climbing. Everything it accepts, Rhai accepts with the same meaning.

use super::ast::{Ast, AstKind, BinaryOp, Bytes, Problem};
use super::lexer::{Lexeme, Token, lex};

/// Longer than any condition, or any text with conditions in it, needs to be, in bytes.
pub(super) const MAX_LENGTH: usize = 16 << 10;

/// Deeper nesting than any rule needs; keeps the parser off the end of the stack.
const MAX_DEPTH: u32 = 64;

/// More operators and methods one after the other than any rule needs: each makes the tree one level deeper.
const MAX_LINKS: u32 = 2_000;

/// Words that Rhai reserves or gives a meaning: they cannot be names, and most say what someone tried to write.
#[rustfmt::skip]
const RESERVED: [&str; 58] = [
    "let", "const", "while", "loop", "for", "do", "until", "switch", "fn", "return", "throw", "try", "catch", "import",
    "export", "as", "global", "private", "break", "continue", "var", "static", "shared", "goto", "match", "case",
    "public", "protected", "new", "use", "with", "is", "module", "package", "super", "spawn", "thread", "go", "sync",
    "async", "await", "yield", "default", "this", "null", "nil", "void", "print", "debug", "eval", "type_of", "Fn",
    "call", "curry", "is_def_fn", "is_def_var", "is_shared", "else",
];

/// Words of the language itself.
const WORDS: [&str; 4] = ["if", "in", "true", "false"];

fn reserved(name: &str) -> bool {
    RESERVED.contains(&name)
}

/// Can it name a field, a method or a closure's parameter?
fn checked(name: &str, span: Bytes) -> Result<(), Problem> {
    if reserved(name) || WORDS.contains(&name) {
        return Err(Problem::new(span, format!("`{name}` is a reserved word and cannot be a name")));
    }
    spelt(name, span)
}

fn spelt(name: &str, span: Bytes) -> Result<(), Problem> {
    match name.trim_start_matches('_').starts_with(|c: char| c.is_ascii_alphabetic()) {
        true => Ok(()),
        false => Err(Problem::new(span, format!("`{name}` is no name")).help("a name begins with a letter")),
    }
}

/// Parses an expression.
///
/// # Errors
/// The first mistake, with its bytes, and what to write instead where that is clear.
pub fn parse(text: &str) -> Result<Ast, Problem> {
    if text.len() > MAX_LENGTH {
        return Err(Problem::new((0, 1), format!("the condition is longer than {MAX_LENGTH} bytes"))
            .help("write several rules, or look the values up in a table"));
    }
    let lexemes = lex(text)?;
    let mut parser = Parser { lexemes, at: 0, depth: 0, links: 0, closed: Vec::new() };
    if parser.peek() == &Token::End {
        return Err(Problem::new((0, text.len() as u32), "the condition is empty"));
    }
    let ast = parser.expression(0)?;
    match parser.peek() {
        Token::End => Ok(ast),
        _ => Err(parser.unexpected("an operator or the end")),
    }
}

struct Parser {
    lexemes: Vec<Lexeme>,
    at: usize,
    depth: u32,
    links: u32,
    /// Where parentheses stand.
    closed: Vec<Bytes>,
}

impl Parser {
    fn lexeme(&self) -> &Lexeme {
        &self.lexemes[self.at.min(self.lexemes.len() - 1)]
    }

    fn peek(&self) -> &Token {
        &self.lexeme().token
    }

    fn span(&self) -> Bytes {
        self.lexeme().span
    }

    fn next(&mut self) -> Lexeme {
        let lexeme = self.lexeme().clone();
        self.at += 1;
        lexeme
    }

    fn is(&self, sign: &str) -> bool {
        matches!(self.peek(), Token::Sign(found) if *found == sign)
    }

    fn is_name(&self, name: &str) -> bool {
        matches!(self.peek(), Token::Name(found) if found == name)
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = self.is(sign);
        if found {
            self.at += 1;
        }
        found
    }

    fn expect(&mut self, sign: &'static str, after: &str) -> Result<Bytes, Problem> {
        if self.is(sign) { Ok(self.next().span) } else { Err(self.unexpected(&format!("`{sign}` {after}"))) }
    }

    fn unexpected(&self, expected: &str) -> Problem {
        let problem = match self.peek() {
            Token::End => Problem::new(self.span(), format!("the condition ends where {expected} should follow")),
            Token::Sign("=") => return Problem::new(self.span(), "`=` sets nothing here").help("compare with `==`"),
            Token::Sign(sign) => Problem::new(self.span(), format!("found `{sign}` where {expected} should stand")),
            Token::Name(name) => Problem::new(self.span(), format!("found `{name}` where {expected} should stand")),
            Token::Int(_) | Token::Text(_) => {
                Problem::new(self.span(), format!("found a value where {expected} should stand"))
            }
        };
        match self.peek() {
            Token::Name(name) if name == "and" => problem.help("write `&&`"),
            Token::Name(name) if name == "or" => problem.help("write `||`"),
            Token::Sign("{") => problem.help("braces stand after `if …` and `else`, and nowhere else"),
            Token::Name(name) if name == "not" => problem.help("write `!(… in …)`"),
            _ => problem,
        }
    }

    fn operator(&self) -> Option<BinaryOp> {
        Some(match self.peek() {
            Token::Sign("||") => BinaryOp::Or,
            Token::Sign("&&") => BinaryOp::And,
            Token::Sign("==") => BinaryOp::Equal,
            Token::Sign("!=") => BinaryOp::NotEqual,
            Token::Sign("<") => BinaryOp::Less,
            Token::Sign("<=") => BinaryOp::LessEqual,
            Token::Sign(">") => BinaryOp::Greater,
            Token::Sign(">=") => BinaryOp::GreaterEqual,
            Token::Sign("+") => BinaryOp::Add,
            Token::Sign("-") => BinaryOp::Subtract,
            Token::Sign("*") => BinaryOp::Multiply,
            Token::Sign("/") => BinaryOp::Divide,
            Token::Sign("%") => BinaryOp::Remainder,
            Token::Name(name) if name == "in" => BinaryOp::In,
            _ => return None,
        })
    }

    fn expression(&mut self, minimum: u8) -> Result<Ast, Problem> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Problem::new(self.span(), format!("more than {MAX_DEPTH} levels of nesting"))
                .help("split the condition, or write a named function"));
        }
        let mut left = self.unary()?;
        while let Some(op) = self.operator() {
            if op.binding() < minimum {
                break;
            }
            self.link()?;
            let op_span = self.next().span;
            let right = self.expression(op.binding() + 1)?;
            if comparison(op)
                && matches!(&left.kind, AstKind::Binary { op, .. } if comparison(*op))
                && !self.closed.contains(&left.span)
            {
                return Err(Problem::new(op_span, "comparisons cannot be chained").help("join two with `&&`"));
            }
            let span = (left.span.0, right.span.1);
            left = Ast { kind: AstKind::Binary { op, op_span, left: Box::new(left), right: Box::new(right) }, span };
        }
        self.depth -= 1;
        Ok(left)
    }

    fn link(&mut self) -> Result<(), Problem> {
        self.links += 1;
        if self.links > MAX_LINKS {
            return Err(Problem::new(self.span(), format!("more than {MAX_LINKS} operators"))
                .help("write several rules, or look the values up in a table"));
        }
        Ok(())
    }

    fn unary(&mut self) -> Result<Ast, Problem> {
        let start = self.span().0;
        if self.take("!") {
            let operand = self.unary_operand()?;
            return Ok(Ast { span: (start, operand.span.1), kind: AstKind::Not(Box::new(operand)) });
        }
        if self.take("-") {
            let operand = self.unary_operand()?;
            return Ok(Ast { span: (start, operand.span.1), kind: AstKind::Negate(Box::new(operand)) });
        }
        if self.is("|") || self.is("||") {
            return Err(Problem::new(self.span(), "a closure can only be the argument of a list method")
                .help("for example `services.any(|s| s.paid)`"));
        }
        let primary = self.primary()?;
        self.postfix(primary)
    }

    fn unary_operand(&mut self) -> Result<Ast, Problem> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Problem::new(self.span(), format!("more than {MAX_DEPTH} levels of nesting")));
        }
        let operand = self.unary()?;
        self.depth -= 1;
        Ok(operand)
    }

    fn primary(&mut self) -> Result<Ast, Problem> {
        let Lexeme { token, span } = self.next();
        let kind = match token {
            Token::Int(value) => AstKind::Int(value),
            Token::Text(text) => AstKind::Text(text),
            Token::Name(name) if name == "true" => AstKind::Bool(true),
            Token::Name(name) if name == "false" => AstKind::Bool(false),
            Token::Name(name) if name == "if" => return self.branch(span.0),
            Token::Name(name) if name == "not" && (self.is("(") || matches!(self.peek(), Token::Name(_))) => {
                return Err(Problem::new(span, "`not` is no operator").help("write `!`"));
            }
            Token::Name(name) if name == "else" || name == "in" => {
                self.at -= 1;
                return Err(self.unexpected("a value"));
            }
            Token::Name(name) if reserved(&name) => {
                return Err(Problem::new(span, format!("`{name}` is not part of the condition language"))
                    .help("what needs statements or loops is a function in scripts.rhai"));
            }
            Token::Name(name) => {
                spelt(&name, span)?;
                if self.take("(") {
                    let (arguments, end) = self.arguments()?;
                    return Ok(Ast { kind: AstKind::Call { name, name_span: span, arguments }, span: (span.0, end) });
                }
                AstKind::Name(name)
            }
            Token::Sign("(") => {
                let inner = self.expression(0)?;
                let end = self.expect(")", "to close this parenthesis")?.1;
                self.closed.push((span.0, end));
                return Ok(Ast { kind: inner.kind, span: (span.0, end) });
            }
            Token::Sign("[") => {
                let (items, end) = self.items("]")?;
                return Ok(Ast { kind: AstKind::List(items), span: (span.0, end) });
            }
            _ => {
                self.at -= 1;
                return Err(self.unexpected("a value"));
            }
        };
        Ok(Ast { kind, span })
    }

    fn branch(&mut self, start: u32) -> Result<Ast, Problem> {
        let condition = self.expression(0)?;
        self.expect("{", "after the condition of `if`")?;
        let then = self.expression(0)?;
        self.expect("}", "after the first branch of `if`")?;
        if !self.is_name("else") {
            return Err(self.unexpected("`else`"));
        }
        self.at += 1;
        let (otherwise, end) = if self.is_name("if") {
            let start = self.next().span.0;
            self.depth += 1;
            if self.depth > MAX_DEPTH {
                return Err(Problem::new(self.span(), format!("more than {MAX_DEPTH} levels of nesting")));
            }
            let inner = self.branch(start)?;
            self.depth -= 1;
            let end = inner.span.1;
            (inner, end)
        } else {
            self.expect("{", "after `else`")?;
            let inner = self.expression(0)?;
            let end = self.expect("}", "after the second branch of `if`")?.1;
            (inner, end)
        };
        let kind = AstKind::If { condition: Box::new(condition), then: Box::new(then), otherwise: Box::new(otherwise) };
        Ok(Ast { kind, span: (start, end) })
    }

    fn postfix(&mut self, mut of: Ast) -> Result<Ast, Problem> {
        loop {
            if self.take(".") {
                self.link()?;
                let Lexeme { token, span } = self.next();
                let Token::Name(name) = token else {
                    self.at -= 1;
                    return Err(self.unexpected("a field or method name after `.`"));
                };
                checked(&name, span).map_err(|problem| match problem.help {
                    None => problem.help("the schema gives such a field an `alias` for conditions"),
                    Some(_) => problem,
                })?;
                let start = of.span.0;
                if self.take("(") {
                    let (arguments, end) = self.arguments()?;
                    let kind = AstKind::Method { of: Box::new(of), name, name_span: span, arguments };
                    of = Ast { kind, span: (start, end) };
                } else {
                    of = Ast {
                        kind: AstKind::Member { of: Box::new(of), name, name_span: span },
                        span: (start, span.1),
                    };
                }
            } else if self.is("[") {
                return Err(Problem::new(self.span(), "elements cannot be picked by number")
                    .help("use `.any(|x| …)`, `.all(|x| …)` or `.filter(|x| …)`"));
            } else {
                return Ok(of);
            }
        }
    }

    fn arguments(&mut self) -> Result<(Vec<Ast>, u32), Problem> {
        if self.is("||") {
            return Err(Problem::new(self.span(), "a closure needs one name between the bars").help("write `|x| …`"));
        }
        if self.is("|") {
            let closure = self.closure()?;
            let end = self.expect(")", "after the closure")?.1;
            return Ok((vec![closure], end));
        }
        self.items(")")
    }

    fn closure(&mut self) -> Result<Ast, Problem> {
        let start = self.next().span.0;
        let Lexeme { token, span } = self.next();
        let Token::Name(parameter) = token else {
            self.at -= 1;
            return Err(self.unexpected("a name between the bars"));
        };
        checked(&parameter, span)?;
        self.expect("|", "after the closure's name")?;
        let body = self.expression(0)?;
        let end = body.span.1;
        Ok(Ast { kind: AstKind::Closure { parameter, parameter_span: span, body: Box::new(body) }, span: (start, end) })
    }

    fn items(&mut self, close: &'static str) -> Result<(Vec<Ast>, u32), Problem> {
        let mut items = Vec::new();
        if self.is(close) {
            return Ok((items, self.next().span.1));
        }
        loop {
            items.push(self.expression(0)?);
            if self.is(close) {
                return Ok((items, self.next().span.1));
            }
            self.expect(",", &format!("or `{close}`"))?;
            if self.is(close) {
                return Ok((items, self.next().span.1));
            }
        }
    }
}

fn comparison(op: BinaryOp) -> bool {
    matches!(
        op,
        BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::Less
            | BinaryOp::LessEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterEqual
            | BinaryOp::In
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precedence_is_rhais() {
        let text = "a || b && c == d + 1 * 2";
        let Ast { kind: AstKind::Binary { op: BinaryOp::Or, right, .. }, .. } = parse(text).unwrap() else { panic!() };
        let AstKind::Binary { op: BinaryOp::And, right, .. } = right.kind else { panic!() };
        let AstKind::Binary { op: BinaryOp::Equal, right, .. } = right.kind else { panic!() };
        assert!(matches!(right.kind, AstKind::Binary { op: BinaryOp::Add, .. }));
    }

    #[test]
    fn mistakes_have_places_and_help() {
        for (text, at, help) in [
            ("a = 1", 2, "compare with `==`"),
            ("a and b", 2, "write `&&`"),
            ("a == “x”", 5, "write `\"`"),
            ("a == 'x'", 5, "write `\"`"),
            ("let x = 1", 0, "what needs statements or loops is a function in scripts.rhai"),
            ("1 < a < 3", 6, "join two with `&&`"),
        ] {
            let problem = parse(text).unwrap_err();
            assert_eq!((problem.span.0, problem.help.as_deref()), (at, Some(help)), "{text}: {}", problem.message);
        }
    }

    #[test]
    fn nesting_is_bounded() {
        assert!(parse(&format!("{}1{}", "(".repeat(10_000), ")".repeat(10_000))).is_err());
        assert!(parse(&"!".repeat(100_000)).is_err());
        let chain = vec!["a"; 500].join(" && ");
        assert!(parse(&chain).is_ok());
    }
}
