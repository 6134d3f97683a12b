//! Paths of documents: `services[0].domains[1].expires` as steps.

use crate::source::Span;

/// One step of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step<'a> {
    /// Into a record.
    Key(&'a str),
    /// Into a list.
    Index(u32),
}

/// Splits a path; every step with its bytes in it. The error is what is wrong and where.
pub(super) fn steps(path: &str) -> Result<Vec<(Step<'_>, Span)>, (&'static str, Span)> {
    let mut steps = Vec::new();
    let mut at = 0;
    loop {
        let rest = path.get(at..).unwrap_or_default();
        let end = at + rest.find(['.', '[', ']']).unwrap_or(rest.len());
        let key = path.get(at..end).unwrap_or_default();
        if key.trim().is_empty() {
            return Err(("a key is missing here", at..end));
        }
        steps.push((Step::Key(key), at..end));
        at = end;
        while path.get(at..).is_some_and(|rest| rest.starts_with('[')) {
            let rest = path.get(at..).unwrap_or_default();
            let Some(close) = rest.find(']') else { return Err(("a `]` is missing", at..path.len())) };
            let digits = rest.get(1..close).unwrap_or_default();
            let index = digits.parse().map_err(|_| ("an index is a number from 0 on", at + 1..at + close))?;
            steps.push((Step::Index(index), at..at + close + 1));
            at += close + 1;
        }
        match path.as_bytes().get(at) {
            None => return Ok(steps),
            Some(b'.') => at += 1,
            Some(_) => return Err(("a `.` is missing here", at..path.len())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_keys_and_indices_with_their_places() {
        let path = "a.b[12].c";
        let found = steps(path).expect("is a path");
        let kinds: Vec<Step<'_>> = found.iter().map(|(step, _)| *step).collect();
        assert_eq!(kinds, [Step::Key("a"), Step::Key("b"), Step::Index(12), Step::Key("c")]);
        let texts: Vec<&str> = found.iter().map(|(_, span)| &path[span.clone()]).collect();
        assert_eq!(texts, ["a", "b", "[12]", "c"]);
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for path in
            ["", ".", "a.", ".a", "a..b", "a[", "a[]", "a[-1]", "a[x]", "a]b", "[0]", "a[0]b", "a[4294967296]", "名[0"]
        {
            assert!(steps(path).is_err(), "{path}");
        }
    }
}
