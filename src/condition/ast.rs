//! The tree of an expression as it was written.

/// Bytes of the expression's text.
pub type Bytes = (u32, u32);

/// A part of an expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Ast {
    /// What it is.
    pub kind: AstKind,
    /// Where it stands.
    pub span: Bytes,
}

/// What a part is.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum AstKind {
    Int(i64),
    Text(String),
    Bool(bool),
    Name(String),
    List(Vec<Ast>),
    Member { of: Box<Ast>, name: String, name_span: Bytes },
    Not(Box<Ast>),
    Negate(Box<Ast>),
    Binary { op: BinaryOp, op_span: Bytes, left: Box<Ast>, right: Box<Ast> },
    If { condition: Box<Ast>, then: Box<Ast>, otherwise: Box<Ast> },
    Call { name: String, name_span: Bytes, arguments: Vec<Ast> },
    Method { of: Box<Ast>, name: String, name_span: Bytes, arguments: Vec<Ast> },
    Closure { parameter: String, parameter_span: Bytes, body: Box<Ast> },
}

/// An operator between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum BinaryOp {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl BinaryOp {
    /// As it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Or => "||",
            Self::And => "&&",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::In => "in",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }

    /// How tightly it binds, as in Rhai.
    pub(super) fn binding(self) -> u8 {
        match self {
            Self::Or => 30,
            Self::And => 60,
            Self::Equal | Self::NotEqual => 90,
            Self::In => 110,
            Self::Less | Self::LessEqual | Self::Greater | Self::GreaterEqual => 130,
            Self::Add | Self::Subtract => 150,
            Self::Multiply | Self::Divide | Self::Remainder => 180,
        }
    }
}

/// What is wrong with an expression, at bytes of its text.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// The bytes.
    pub span: Bytes,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Problem {
    /// A problem at bytes.
    pub fn new(span: Bytes, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Help that names the near miss, when there is one.
    #[must_use]
    pub fn suggest<'a>(self, word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Self {
        match crate::source::nearest(word, candidates) {
            Some(near) => self.help(format!("did you mean `{near}`?")),
            None => self,
        }
    }
}
