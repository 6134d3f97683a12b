//! Reference tables. (stub)
/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// t
    Text,
    /// t
    Integer,
    /// t
    Bool,
    /// t
    Date,
    /// t
    Texts,
}
/// c
#[derive(Debug, Clone)]
pub struct Column {
    /// n
    pub name: String,
    /// t
    pub ty: ColumnType,
}
/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// t
    Missing,
    /// t
    Text(Box<str>),
    /// t
    Integer(i64),
    /// t
    Bool(bool),
    /// t
    Date(i64),
    /// t
    Texts(Vec<Box<str>>),
}
/// t
#[derive(Debug, Clone)]
pub struct Table {
    /// n
    pub name: String,
    /// t
    pub title: String,
    /// k
    pub key: Option<usize>,
    /// c
    pub columns: Vec<Column>,
    /// r
    pub rows: Vec<Vec<Cell>>,
}
impl Table {
    /// c
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == name)
    }
    /// r
    pub fn row_by_key(&self, _key: &str) -> Option<usize> {
        None
    }
}
