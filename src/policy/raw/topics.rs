//! `topics.toml`: what facts are about, so that rules of several layers can stand side by side.

use std::sync::Arc;

use super::Placed;
use super::layer::duplicates;
use crate::schema::Words;
use crate::source::{Diagnostic, Diagnostics, Fields, Node, SourceFile};

/// A topic of facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// As facts write it.
    pub id: Placed,
    /// What people read.
    pub label: Words,
    /// Its place among the others: smaller comes first.
    pub order: i64,
}

/// Reads `topics.toml`; the topics come in their order.
pub fn read_topics(file: &Arc<SourceFile>, node: &Node, out: &mut Diagnostics) -> Vec<Topic> {
    let Some(mut top) = Fields::new(file, "the file of topics", node, out) else { return Vec::new() };
    let nodes = top.tables("topic", out);
    top.finish(out);
    let mut topics: Vec<Topic> = nodes.iter().filter_map(|node| read_topic(file, node, out)).collect();
    duplicates(file, topics.iter().map(|topic| (topic.id.0.as_str(), &topic.id.1)), "topic", out);
    topics.sort_by_key(|topic| topic.order);
    topics
}

fn read_topic(file: &Arc<SourceFile>, node: &Node, out: &mut Diagnostics) -> Option<Topic> {
    let mut fields = Fields::new(file, "a topic", node, out)?;
    let id = fields.required_text("id", out).map(|(id, span)| (id.to_owned(), span));
    let zh = fields.required_text("label", out).map(|(text, _)| text.to_owned());
    let en = fields.text("en", out).map(|(text, _)| text.to_owned());
    let order = fields.integer("order", out);
    if order.is_none() && fields.node("order").is_none() {
        out.push(
            Diagnostic::error("missing-key", "a topic needs the key `order`")
                .at(file, id.as_ref().map_or_else(|| node.span.clone(), |(_, span)| span.clone()), "")
                .help("an integer: topics with smaller ones come first"),
        );
    }
    fields.finish(out);
    let zh = zh?;
    let en = en.unwrap_or_else(|| zh.clone());
    Some(Topic { id: id?, label: Words { zh, en }, order: order? })
}
