//! A table file → [`Table`]: every mistake with its place, all of them at once.
//!
//! Rows in the plain form that most files have are read without a tree of values (see `compact`); whatever deviates from
//! it, and every mistake, takes the thorough way, so that messages come from one place.

use std::sync::Arc;

use chrono::Datelike;

use super::compact::{self, Rows, Scanned};
use super::{Cell, Column, ColumnType, Source, Table, day};
use crate::source::{Diagnostic, Diagnostics, Fields, Node, NodeValue, SourceFile, Span, parse_toml};

/// Reads a table file.
///
/// # Errors
/// Everything that is wrong in it.
pub fn read_table(file: &Arc<SourceFile>) -> Result<Table, Diagnostics> {
    match read_quickly(file) {
        Some(table) => Ok(table),
        None => read_thoroughly(file),
    }
}

/// The quick way; `None` when the file is not in the plain form or has a mistake.
pub(super) fn read_quickly(file: &Arc<SourceFile>) -> Option<Table> {
    let Scanned { rows, spans, rest } = compact::scan(&file.text)?;
    let node = parse_toml(&SourceFile::new(file.name.as_str(), rest)).ok()?;
    let mut out = Diagnostics::new();
    let (mut table, others) = head(file, &node, &mut out)?;
    if !out.is_empty() || others.compact.is_some() || !others.single.is_empty() {
        return None;
    }
    table.row_spans = spans;
    table.rows = match rows {
        Rows::Compact(rows) => rows,
        Rows::Named(rows) => rows.into_iter().map(|row| in_order(&table, row)).collect::<Option<_>>()?,
    };
    for row in &mut table.rows {
        if row.len() != table.columns.len() {
            return None;
        }
        for (cell, column) in row.iter_mut().zip(&table.columns) {
            fit(cell, column.ty)?;
        }
    }
    index(&mut table, &mut out);
    out.is_empty().then_some(table)
}

/// The cells of a row in the order of the columns; `None` for a name that is no column, or stands twice.
fn in_order(table: &Table, row: Vec<(&str, Cell)>) -> Option<Vec<Cell>> {
    let mut cells = vec![Cell::Missing; table.columns.len()];
    for (name, cell) in row {
        let slot = cells.get_mut(table.column(name)?)?;
        if std::mem::replace(slot, cell) != Cell::Missing {
            return None;
        }
    }
    Some(cells)
}

/// Makes a scanned cell the type of its column, or gives `None`.
fn fit(cell: &mut Cell, ty: ColumnType) -> Option<()> {
    match (&*cell, ty) {
        (Cell::Missing, _)
        | (Cell::Text(_), ColumnType::Text)
        | (Cell::Integer(_), ColumnType::Integer)
        | (Cell::Bool(_), ColumnType::Bool)
        | (Cell::Date(_), ColumnType::Date)
        | (Cell::Texts(_), ColumnType::Texts) => {}
        (Cell::Text(text), ColumnType::Date) => *cell = Cell::Date(day(text)?),
        _ => return None,
    }
    Some(())
}

pub(super) fn read_thoroughly(file: &Arc<SourceFile>) -> Result<Table, Diagnostics> {
    let node = parse_toml(file)?;
    let mut out = Diagnostics::new();
    let Some((mut table, row_nodes)) = head(file, &node, &mut out) else { return Err(out) };
    if let Some(rows) = row_nodes.compact {
        match &rows.value {
            NodeValue::Array(items) => items.iter().for_each(|item| compact_row(&mut table, item, &mut out)),
            _ => {
                out.push(Diagnostic::error("wrong-type", format!("`rows` is a list of rows, not {}", rows.kind())).at(
                    file,
                    rows.span.clone(),
                    "expected a list",
                ))
            }
        }
    }
    row_nodes.single.iter().for_each(|item| single_row(&mut table, item, &mut out));
    index(&mut table, &mut out);
    if out.has_errors() { Err(out) } else { Ok(table) }
}

/// Rows that are still to be read.
struct RowNodes<'a> {
    compact: Option<&'a Node>,
    single: &'a [Node],
}

/// Everything but the rows.
fn head<'a>(file: &'a Arc<SourceFile>, node: &'a Node, out: &mut Diagnostics) -> Option<(Table, RowNodes<'a>)> {
    let mut top = Fields::new(file, "a table file", node, out)?;
    let sources = top.tables("source", out).iter().filter_map(|node| source(file, node, out)).collect();
    let single = top.tables("row", out);
    let above = top.node("rows");
    let Some(table) = top.node("table") else {
        out.push(
            Diagnostic::error("missing-key", "the file has no `[table]`")
                .at(file, 0..0, "")
                .help("say `name`, `title` and `columns` in a `[table]`"),
        );
        return None;
    };
    top.finish(out);
    let mut fields = Fields::new(file, "`[table]`", table, out)?;
    let name = fields.required_text("name", out);
    let title = fields.required_text("title", out);
    let note = fields.text("note", out);
    let key = fields.text("key", out);
    let columns_node = fields.node("columns");
    let columns = columns(file, columns_node, table, out);
    let within = fields.node("rows");
    fields.finish(out);
    if let (Some(above), Some(within)) = (above, within) {
        out.push(
            Diagnostic::error("duplicate-key", "the file has two lists of rows")
                .at(file, within.span.clone(), "again here")
                .related(file, above.span.clone(), "first here"),
        );
    }
    let key = key.and_then(|(name, span)| key_column(file, &columns, name, span, out));
    let table = Table {
        file: Arc::clone(file),
        name: name?.0.to_owned(),
        title: title.map(|(text, _)| text.to_owned()).unwrap_or_default(),
        note: note.map(|(text, _)| text.to_owned()).unwrap_or_default(),
        key,
        columns,
        rows: Vec::new(),
        sources,
        columns_span: columns_node.map_or(table.span.clone(), |node| node.span.clone()),
        row_spans: Vec::new(),
        order: Vec::new(),
    };
    Some((table, RowNodes { compact: within.or(above), single }))
}

fn source(file: &Arc<SourceFile>, node: &Node, out: &mut Diagnostics) -> Option<Source> {
    let mut fields = Fields::new(file, "a source", node, out)?;
    let id = fields.required_text("id", out)?.0.to_owned();
    let mut text = |key| fields.text(key, out).map(|(text, _)| text.to_owned()).unwrap_or_default();
    let source = Source {
        id,
        publisher: text("publisher"),
        title: text("title"),
        locator: text("locator"),
        dated: text("dated"),
    };
    fields.finish(out);
    Some(source)
}

fn columns(file: &Arc<SourceFile>, node: Option<&Node>, table: &Node, out: &mut Diagnostics) -> Vec<Column> {
    let Some(entries) = node.and_then(Node::entries).filter(|entries| !entries.is_empty()) else {
        out.push(
            Diagnostic::error("missing-key", "`[table]` needs the key `columns`: a table of names and types")
                .at(file, node.unwrap_or(table).span.clone(), "")
                .help("for example: columns = { id = \"text\", words = \"list of text\" }"),
        );
        return Vec::new();
    };
    let mut columns = Vec::with_capacity(entries.len());
    for entry in entries {
        let name = entry.node.as_text().unwrap_or_default();
        match ColumnType::named(name) {
            Some(ty) => columns.push(Column { name: entry.key.clone(), ty, span: entry.key_span.clone() }),
            None => out.push(
                Diagnostic::error("unknown-type", format!("`{name}` is no type of a column"))
                    .at(file, entry.node.span.clone(), "no such type")
                    .help("types are text, integer, bool, date, list of text")
                    .suggest(name, ColumnType::NAMES),
            ),
        }
    }
    columns
}

fn key_column(
    file: &Arc<SourceFile>,
    columns: &[Column],
    name: &str,
    span: Span,
    out: &mut Diagnostics,
) -> Option<usize> {
    let found = columns.iter().position(|column| column.name == name);
    match found.and_then(|index| columns.get(index)).map(|column| column.ty) {
        Some(ColumnType::Texts) => {
            out.push(Diagnostic::error("wrong-type", format!("the key `{name}` cannot be a list")).at(file, span, ""));
            None
        }
        Some(_) => found,
        None => {
            out.push(
                Diagnostic::error("unknown-column", format!("the key `{name}` is no column"))
                    .at(file, span, "no such column")
                    .suggest(name, columns.iter().map(|column| column.name.as_str())),
            );
            None
        }
    }
}

fn compact_row(table: &mut Table, node: &Node, out: &mut Diagnostics) {
    let NodeValue::Array(items) = &node.value else {
        out.push(Diagnostic::error("wrong-type", format!("a row in `rows` is a list, not {}", node.kind())).at(
            &table.file,
            node.span.clone(),
            "expected a list",
        ));
        return;
    };
    if items.len() != table.columns.len() {
        let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        out.push(
            Diagnostic::error(
                "row-length",
                format!("the row has {} values, the table has {} columns", items.len(), names.len()),
            )
            .at(&table.file, node.span.clone(), "")
            .help(format!("the columns are {}", names.join(", "))),
        );
    }
    let cells = items.iter().zip(&table.columns).map(|(item, column)| cell(&table.file, column, item, out)).collect();
    push(table, cells, node);
}

fn single_row(table: &mut Table, node: &Node, out: &mut Diagnostics) {
    let Some(entries) = node.entries() else {
        out.push(Diagnostic::error("wrong-type", format!("a row is a table, not {}", node.kind())).at(
            &table.file,
            node.span.clone(),
            "expected a table",
        ));
        return;
    };
    let mut cells = vec![Cell::Missing; table.columns.len()];
    for entry in entries {
        let index = table.column(&entry.key);
        match index.and_then(|index| Some((table.columns.get(index)?, cells.get_mut(index)?))) {
            Some((column, slot)) => *slot = cell(&table.file, column, &entry.node, out),
            None => out.push(
                Diagnostic::error("unknown-column", format!("the table has no column `{}`", entry.key))
                    .at(&table.file, entry.key_span.clone(), "unknown column")
                    .suggest(&entry.key, table.columns.iter().map(|column| column.name.as_str())),
            ),
        }
    }
    push(table, cells, node);
}

fn push(table: &mut Table, cells: Vec<Cell>, node: &Node) {
    table.rows.push(cells);
    table.row_spans.push(node.span.clone());
}

fn cell(file: &Arc<SourceFile>, column: &Column, node: &Node, out: &mut Diagnostics) -> Cell {
    let read = match (column.ty, &node.value) {
        (ColumnType::Text, NodeValue::Text(text)) => Some(Cell::Text(text.as_str().into())),
        (ColumnType::Integer, NodeValue::Integer(number)) => Some(Cell::Integer(*number)),
        (ColumnType::Bool, NodeValue::Bool(value)) => Some(Cell::Bool(*value)),
        (ColumnType::Date, NodeValue::Date(date)) => Some(Cell::Date(i64::from(date.num_days_from_ce()))),
        (ColumnType::Date, NodeValue::Text(text)) => day(text).map(Cell::Date),
        (ColumnType::Texts, NodeValue::Array(items)) => {
            let texts = items.iter().map(|item| item.as_text().map(Box::from)).collect::<Option<Vec<Box<str>>>>();
            texts.map(Cell::Texts)
        }
        _ => None,
    };
    read.unwrap_or_else(|| {
        // In a list the item that is no text is the place to look at, not the whole list.
        let wrong = node.items().and_then(|items| items.iter().find(|item| item.as_text().is_none())).unwrap_or(node);
        out.push(
            Diagnostic::error(
                "wrong-type",
                format!("the column `{}` takes {}, not {}", column.name, column.ty.words(), wrong.kind()),
            )
            .at(file, wrong.span.clone(), format!("expected {}", column.ty.words())),
        );
        Cell::Missing
    })
}

/// Orders the rows by key; every key must be there, and once.
fn index(table: &mut Table, out: &mut Diagnostics) {
    let Some(key) = table.key else { return };
    let name = table.columns.get(key).map(|column| column.name.clone()).unwrap_or_default();
    let mut order: Vec<u32> = Vec::with_capacity(table.rows.len());
    for row in 0..table.rows.len() {
        if *table.cell(row, key) == Cell::Missing {
            let message = format!("the row has no `{name}`, which is the key of the table");
            out.push(table.row_error(row, "missing-key", message));
        } else {
            order.push(row as u32);
        }
    }
    order.sort_by(|a, b| table.cell(*a as usize, key).key_order(table.cell(*b as usize, key)));
    for (first, again) in order.iter().zip(order.iter().skip(1)).map(|(a, b)| (*a as usize, *b as usize)) {
        if table.cell(first, key) == table.cell(again, key) {
            let message = format!("two rows have the same `{name}`, which is the key of the table");
            out.push(
                Diagnostic::error("duplicate-key", message)
                    .at(&table.file, table.row_span(again), "again here")
                    .related(&table.file, table.row_span(first), "first here"),
            );
        }
    }
    table.order = order;
}
