//! Where the values of a document stand in its file: parsed again, and only when a report shows places.

use std::sync::Arc;

use super::InputForm;
use super::path::{Step, steps};
use crate::source::{Node, SourceFile, Span};

/// The bytes of the values at paths of the document; `None` for what does not stand in the file.
pub fn locate(file: &Arc<SourceFile>, form: InputForm, paths: &[&str]) -> Vec<Option<Span>> {
    find_all(file, form, paths, |found| found.value)
}

/// As [`locate`], but for what does not stand in the file the key of the nearest record or list around it that does
/// (for an element of a list its first bytes); `None` when nothing around it is there.
pub fn locate_nearest(file: &Arc<SourceFile>, form: InputForm, paths: &[&str]) -> Vec<Option<Span>> {
    find_all(file, form, paths, |found| found.value.or(found.around))
}

/// What of a path stands in the file.
struct Found {
    /// The value, when all of it does.
    value: Option<Span>,
    /// The last step that does.
    around: Option<Span>,
}

fn find_all(
    file: &Arc<SourceFile>,
    form: InputForm,
    paths: &[&str],
    choose: impl Fn(Found) -> Option<Span>,
) -> Vec<Option<Span>> {
    let Ok(root) = form.parse(file) else { return vec![None; paths.len()] };
    paths.iter().map(|path| choose(find(file, &root, path))).collect()
}

fn find(file: &SourceFile, root: &Node, path: &str) -> Found {
    let mut found = Found { value: None, around: None };
    let Ok(steps) = steps(path) else { return found };
    let mut node = root;
    for (step, _) in steps {
        let next = match step {
            Step::Key(key) => node
                .entries()
                .and_then(|entries| entries.iter().find(|entry| entry.key == key))
                .map(|entry| (&entry.node, entry.key_span.clone())),
            Step::Index(index) => {
                node.items().and_then(|items| items.get(index as usize)).map(|item| (item, head(file, item)))
            }
        };
        let Some((inner, span)) = next else { return found };
        found.around = Some(span);
        node = inner;
    }
    found.value = Some(node.span.clone());
    found
}

/// What to underline of an element: its first line, or the bracket of one that begins there.
fn head(file: &SourceFile, node: &Node) -> Span {
    let text = file.text.get(node.span.clone()).unwrap_or_default();
    let len = if text.starts_with('{') { 1 } else { text.find('\n').unwrap_or(text.len()) };
    node.span.start..node.span.start + len
}
