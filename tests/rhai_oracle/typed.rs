//! Random conditions that are well typed.

use crate::choices::Choices;
use crate::world::{DATES, KIND, NATURE, ROOT, TEXTS, Ty};

/// How tightly the outermost operator of a text binds; the greater, the tighter. As in Rhai's book.
type Tightness = u8;

const ATOM: Tightness = 255;
const UNARY: Tightness = 200;

/// A condition.
#[derive(Debug, Clone)]
pub struct Text {
    text: String,
    tight: Tightness,
}

/// Writes a condition. Without `given` a condition can only become known as more is given, never change.
pub fn condition(choices: &mut Choices<'_>, given: bool) -> String {
    let scope: Vec<(String, Ty)> = ROOT.iter().map(|(name, ty)| ((*name).to_owned(), *ty)).collect();
    Writer { choices, scope, given, closures: 0 }.bool(4).text
}

struct Writer<'a, 'b> {
    choices: &'a mut Choices<'b>,
    scope: Vec<(String, Ty)>,
    given: bool,
    closures: usize,
}

fn atom(text: impl Into<String>) -> Text {
    Text { text: text.into(), tight: ATOM }
}

impl Writer<'_, '_> {
    /// An operand: in parentheses where its operator binds less tightly, and sometimes anyway.
    fn operand(&mut self, part: Text, least: Tightness) -> String {
        if part.tight < least || self.choices.once_in(6) { format!("({})", part.text) } else { part.text }
    }

    /// Operators are left-associative.
    fn binary(&mut self, left: Text, sign: &str, right: Text) -> Text {
        let tight = match sign {
            "||" => 30,
            "&&" => 60,
            "==" | "!=" => 90,
            "in" => 110,
            "<" | "<=" | ">" | ">=" => 130,
            "+" | "-" => 150,
            _ => 180,
        };
        // comparisons are not chained
        let comparison = (90..=130).contains(&tight);
        let left = self.operand(left, if comparison { 131 } else { tight });
        let right = self.operand(right, if comparison { 131 } else { tight + 1 });
        let space = self.choices.pick(&[" ", "\n  "]);
        Text { text: format!("{left}{space}{sign} {right}"), tight }
    }

    fn unary(&mut self, sign: &str, of: Text) -> Text {
        let of = self.operand(of, UNARY);
        // two minus signs are one operator in Rhai
        let space = if of.starts_with('-') { " " } else { "" };
        Text { text: format!("{sign}{space}{of}"), tight: UNARY }
    }

    fn method(&mut self, of: Text, name: &str, arguments: &str) -> Text {
        let of = self.operand(of, ATOM);
        atom(format!("{of}.{name}({arguments})"))
    }

    fn branch(&mut self, depth: usize, of: fn(&mut Self, usize) -> Text) -> Text {
        let condition = self.bool(depth - 1);
        let (then, otherwise) = (of(self, depth - 1), of(self, depth - 1));
        // an `if` at the left of an operator is a value only in parentheses
        Text { text: format!("if {} {{ {} }} else {{ {} }}", condition.text, then.text, otherwise.text), tight: 0 }
    }

    /// A path to a value of a type, if one can be found.
    fn path(&mut self, ty: Ty) -> Option<Text> {
        let mut found = Vec::new();
        for (index, (name, of)) in self.scope.iter().enumerate() {
            let hidden = self.scope.iter().skip(index + 1).any(|(later, _)| later == name);
            if !hidden {
                paths(name, *of, ty, &mut found);
            }
        }
        // the innermost are the likeliest
        found.reverse();
        if found.is_empty() { None } else { Some(atom(found.swap_remove(self.choices.below(found.len())))) }
    }

    fn list_of(&mut self, element: &'static Ty, depth: usize) -> Option<Text> {
        let list = self.path(Ty::List(element))?;
        if depth == 0 {
            return Some(list);
        }
        Some(match self.choices.below(6) {
            1 => {
                let test = self.closure(*element, depth, Self::bool);
                self.method(list, "filter", &test)
            }
            2 if !matches!(element, Ty::Record(_)) => self.method(list, "distinct", ""),
            3 if !matches!(element, Ty::Record(_)) => {
                let more = self.path(Ty::List(element))?;
                self.binary(list, "+", more)
            }
            _ => list,
        })
    }

    /// Any list, and its element's type.
    fn any_list(&mut self, depth: usize) -> (Text, Ty) {
        const LISTS: [&Ty; 6] =
            [&ROOT[2].1, &Ty::List(&Ty::Text), &Ty::List(&Ty::Int), &Ty::List(&NATURE), &Ty::List(&KIND), &ROOT[2].1];
        if depth > 1 && self.choices.once_in(5) {
            return self.mapped(depth);
        }
        // domains can only be reached from a service
        let here: Vec<Ty> = self.scope.iter().filter_map(|(_, ty)| domains(*ty)).collect();
        let list = match here.first() {
            Some(list) if self.choices.below(2) == 0 => *list,
            _ => *self.choices.pick(&LISTS),
        };
        let Ty::List(element) = list else { unreachable!() };
        match self.list_of(element, depth.saturating_sub(1)) {
            Some(text) => (text, *element),
            None => (atom("services"), *ROOT_SERVICE),
        }
    }

    fn mapped(&mut self, depth: usize) -> (Text, Ty) {
        let (list, element) = self.any_list(depth - 1);
        match self.choices.below(4) {
            0 => {
                let of = self.closure(element, depth, Self::int);
                (self.method(list, "map", &of), Ty::Int)
            }
            1 => {
                let of = self.closure(element, depth, Self::text);
                (self.method(list, "map", &of), Ty::Text)
            }
            2 => {
                let of = self.closure(element, depth, Self::day);
                (self.method(list, "map", &of), Ty::Expiry)
            }
            _ => {
                let of = self.closure(element, depth, |writer, depth| {
                    writer.list_of(&Ty::Text, depth.min(1)).unwrap_or_else(|| atom("[\"a\"]"))
                });
                let nested = self.method(list, "map", &of);
                (self.method(nested, "flatten", ""), Ty::Text)
            }
        }
    }

    fn closure(&mut self, element: Ty, depth: usize, body: fn(&mut Self, usize) -> Text) -> String {
        // names are used again: an inner one hides an outer one, and a field of the document
        let name = (self.choices.pick(&["x", "y", "service", "x", "filing", "subject"])).to_owned();
        self.scope.push((name.clone(), element));
        self.closures += 1;
        let depth = if self.closures > 3 { 0 } else { depth - 1 };
        let body = body(self, depth);
        self.closures -= 1;
        self.scope.pop();
        format!("|{name}| {}", body.text)
    }

    fn bool(&mut self, depth: usize) -> Text {
        if depth == 0 {
            return match self.choices.below(3) {
                0 => self.path(Ty::Bool).unwrap_or_else(|| atom("true")),
                1 => atom("true"),
                _ => atom("false"),
            };
        }
        match self.choices.below(17) {
            0 => self.bool(0),
            1 => {
                let (left, right) = (self.bool(depth - 1), self.bool(depth - 1));
                self.binary(left, "&&", right)
            }
            2 => {
                let (left, right) = (self.bool(depth - 1), self.bool(depth - 1));
                self.binary(left, "||", right)
            }
            3 => {
                let of = self.bool(depth - 1);
                self.unary("!", of)
            }
            4 | 5 => {
                let sign = self.choices.pick(&["==", "!=", "<", "<=", ">", ">="]);
                let (left, right) = (self.int(depth - 1), self.int(depth - 1));
                self.binary(left, sign, right)
            }
            6 | 7 => {
                let sign = self.choices.pick(&["==", "!=", "<", "<=", ">", ">="]);
                let (left, right) = (self.day(depth - 1), self.day(depth - 1));
                self.binary(left, sign, right)
            }
            8 => self.enumeration(depth),
            9 => {
                let sign = self.choices.pick(&["==", "!="]);
                let (left, right) = (self.text(depth - 1), self.text(depth - 1));
                self.binary(left, sign, right)
            }
            10 => {
                let name = self.choices.pick(&["starts_with", "ends_with", "contains"]);
                let (of, argument) = (self.text(depth - 1), self.text(depth - 1));
                self.method(of, name, &argument.text)
            }
            11 => {
                let of = self.text(depth - 1);
                let words = self.words();
                self.method(of, "contains_any", &words)
            }
            12 | 13 => {
                let name = self.choices.pick(&["any", "all", "none"]);
                let (list, element) = self.any_list(depth);
                let test = self.closure(element, depth, Self::bool);
                self.method(list, name, &test)
            }
            14 => self.membership(depth),
            15 if self.given => {
                let ty = self.choices.pick(&[Ty::Text, Ty::List(&Ty::Text), Ty::Int, Ty::Bool]);
                match self.path(ty) {
                    Some(path) if path.text.contains('.') => atom(format!("given({})", path.text)),
                    _ => self.bool(0),
                }
            }
            15 => {
                let (left, right) = (self.bool(depth - 1), self.bool(depth - 1));
                self.binary(left, "==", right)
            }
            _ => self.branch(depth, Self::bool),
        }
    }

    fn enumeration(&mut self, depth: usize) -> Text {
        let ty = self.choices.pick(&[NATURE, KIND, Ty::Region2, Ty::Region6]);
        let Some(path) = self.path(ty) else { return self.bool(depth - 1) };
        let literals: &[&str] = match ty {
            Ty::Enum(ids) => ids,
            Ty::Region2 => &["44", "31"],
            _ => &["440305", "310115"],
        };
        let literal = atom(format!("\"{}\"", self.choices.pick(literals)));
        let sign = self.choices.pick(&["==", "!="]);
        match self.choices.below(4) {
            0 => self.binary(path, sign, literal),
            1 => self.binary(literal, sign, path),
            2 => {
                let other = self.path(ty).unwrap_or(literal);
                self.binary(path, sign, other)
            }
            _ => {
                let more = format!("[{}, \"{}\"]", literal.text, self.choices.pick(literals));
                self.binary(path, "in", atom(more))
            }
        }
    }

    fn membership(&mut self, depth: usize) -> Text {
        let (element, list) = match self.choices.below(4) {
            0 => (self.text(depth - 1), self.list_of(&Ty::Text, depth - 1)),
            1 => (self.int(depth - 1), self.list_of(&Ty::Int, depth - 1)),
            2 => (atom("\"app\""), self.list_of(&KIND, depth - 1)),
            _ => {
                let items: Vec<String> = (0..self.choices.below(4)).map(|_| self.int(depth - 1).text).collect();
                (self.int(depth - 1), Some(atom(format!("[{}]", items.join(", ")))))
            }
        };
        let list = list.unwrap_or_else(|| atom("[]"));
        if self.choices.below(2) == 0 {
            self.binary(element, "in", list)
        } else {
            self.method(list, "contains", &element.text)
        }
    }

    fn words(&mut self) -> String {
        if self.choices.once_in(3)
            && let Some(list) = self.list_of(&Ty::Text, 0)
        {
            return list.text;
        }
        let words: Vec<String> =
            (0..self.choices.below(3)).map(|_| format!("\"{}\"", self.choices.pick(&TEXTS))).collect();
        format!("[{}]", words.join(", "))
    }

    fn int(&mut self, depth: usize) -> Text {
        if depth == 0 {
            if self.choices.below(2) == 0
                && let Some(path) = self.path(Ty::Int)
            {
                return path;
            }
            return atom(self.choices.pick(&["0", "1", "2", "3", "10", "9223372036854775807"]));
        }
        match self.choices.below(9) {
            0 => self.int(0),
            1 | 2 => {
                let sign = self.choices.pick(&["+", "-", "*", "/", "%"]);
                let (left, right) = (self.int(depth - 1), self.int(depth - 1));
                self.binary(left, sign, right)
            }
            3 => {
                let of = self.int(depth - 1);
                self.unary("-", of)
            }
            4 => {
                let of = self.text(depth - 1);
                self.method(of, "len", "")
            }
            5 => {
                let (list, element) = self.any_list(depth);
                if self.choices.below(2) == 0 {
                    return self.method(list, "len", "");
                }
                let test = self.closure(element, depth, Self::bool);
                self.method(list, "count", &test)
            }
            6 => match self.list_of(&Ty::Int, depth - 1) {
                Some(list) => self.method(list, "sum", ""),
                None => self.int(depth - 1),
            },
            7 => {
                let (from, to) = (self.day(depth - 1), self.day(depth - 1));
                atom(format!("days_between({}, {})", from.text, to.text))
            }
            _ => self.branch(depth, Self::int),
        }
    }

    fn text(&mut self, depth: usize) -> Text {
        if depth == 0 {
            if self.choices.below(2) == 0
                && let Some(path) = self.path(Ty::Text)
            {
                return path;
            }
            return atom(format!("\"{}\"", self.choices.pick(&TEXTS)));
        }
        match self.choices.below(4) {
            0 | 1 => self.text(0),
            2 => {
                let (left, right) = (self.text(depth - 1), self.text(depth - 1));
                self.binary(left, "+", right)
            }
            _ => self.branch(depth, Self::text),
        }
    }

    /// A date or an expiry.
    fn day(&mut self, depth: usize) -> Text {
        if depth == 0 {
            let ty = self.choices.pick(&[Ty::Date, Ty::Expiry]);
            if self.choices.below(3) > 0
                && let Some(path) = self.path(ty)
            {
                return path;
            }
            return atom(format!("date(\"{}\")", self.choices.pick(&DATES)));
        }
        match self.choices.below(4) {
            0 => self.day(0),
            1 | 2 => {
                let sign = self.choices.pick(&["+", "-"]);
                let unit = self.choices.pick(&["days", "months", "years"]);
                let (of, by) = (self.day(depth - 1), self.int(depth - 1));
                self.binary(of, sign, atom(format!("{unit}({})", by.text)))
            }
            _ => self.branch(depth, Self::day),
        }
    }
}

static ROOT_SERVICE: &Ty = match ROOT[2].1 {
    Ty::List(element) => element,
    _ => panic!("services is a list"),
};

/// The type of the domains of a service.
fn domains(ty: Ty) -> Option<Ty> {
    let Ty::Record(fields) = ty else { return None };
    fields.iter().find(|(name, _)| *name == "domains").map(|(_, ty)| *ty)
}

fn paths(prefix: &str, of: Ty, wanted: Ty, found: &mut Vec<String>) {
    if of == wanted {
        found.push(prefix.to_owned());
    }
    if let Ty::Record(fields) = of {
        for (name, ty) in fields {
            paths(&format!("{prefix}.{name}"), *ty, wanted, found);
        }
    }
}
