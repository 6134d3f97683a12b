//! The names of the functions that scripts can call, so that a misspelt one is found when the file is read.
//!
//! Rhai does not list what its packages register; the lists here are those of the packages that the sandbox takes.

use crate::condition::Builtin;

/// Words that the sandbox takes away from the language.
pub(super) const FORBIDDEN: [&str; 7] = ["eval", "print", "debug", "import", "export", "try", "catch"];

/// Functions of conditions that need more than a value: scripts are given their results as arguments.
pub(super) const OF_CONDITIONS: [&str; 4] = ["table", "words", "label", "well_formed"];

/// Words of the language that may stand before a parenthesis.
const KEYWORDS: [&str; 20] = [
    "if", "else", "while", "until", "loop", "do", "for", "in", "switch", "return", "throw", "let", "const", "fn",
    "private", "break", "continue", "this", "true", "false",
];

/// Functions that are part of the language.
const LANGUAGE: [&str; 7] = ["Fn", "call", "curry", "type_of", "is_def_fn", "is_def_var", "is_shared"];

/// What `functions` and `date` register beside the functions of the engine.
const OURS: [&str; 10] =
    ["given", "date", "any", "none", "count", "distinct", "sum", "flatten", "contains_any", "matches"];

/// Arithmetic, texts, ranges, closures, logic, lists and maps of Rhai.
const PACKAGES: [&str; 79] = [
    "abs",
    "all",
    "append",
    "bits",
    "bytes",
    "chars",
    "chop",
    "clear",
    "contains",
    "crop",
    "dedup",
    "drain",
    "end",
    "ends_with",
    "extract",
    "fill_with",
    "filter",
    "find",
    "find_map",
    "for_each",
    "get",
    "index_of",
    "insert",
    "is_anonymous",
    "is_empty",
    "is_even",
    "is_exclusive",
    "is_inclusive",
    "is_odd",
    "is_zero",
    "keys",
    "len",
    "make_lower",
    "make_upper",
    "map",
    "max",
    "min",
    "mixin",
    "name",
    "order",
    "order_by",
    "order_desc",
    "pad",
    "pop",
    "push",
    "range",
    "reduce",
    "reduce_rev",
    "remove",
    "replace",
    "retain",
    "reverse",
    "set",
    "shift",
    "sign",
    "some",
    "sort",
    "sort_by",
    "sort_desc",
    "splice",
    "split",
    "split_rev",
    "start",
    "starts_with",
    "sub_string",
    "to_binary",
    "to_chars",
    "to_debug",
    "to_hex",
    "to_int",
    "to_json",
    "to_lower",
    "to_octal",
    "to_string",
    "to_upper",
    "trim",
    "truncate",
    "values",
    "zip",
];

/// Is it a word of the language, not a name?
pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// Is it a function of the engine, which a script can neither replace nor hide?
pub(super) fn is_of_engine(name: &str) -> bool {
    Builtin::named(name).is_some() || OF_CONDITIONS.contains(&name) || ["given", "date"].contains(&name)
}

/// Everything that can be called without being written in the script.
pub(super) fn callable<'a>() -> impl Iterator<Item = &'a str> {
    let engine = Builtin::ALL.into_iter().map(|(name, _)| -> &'a str { name });
    engine.chain(OURS).chain(LANGUAGE).chain(PACKAGES)
}
