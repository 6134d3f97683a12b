//! The names that an expression may use.

use crate::schema::{RecordId, Schema};

use super::typed::{Base, Expr, SlotRef};

/// A name that stands for a record of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// The name.
    pub name: String,
    /// Its record.
    pub record: RecordId,
    /// Where the record stands.
    pub at: SlotRef,
}

/// The names of one expression, the innermost last.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    variables: Vec<Variable>,
    constants: Vec<(String, Expr)>,
    registers: u8,
}

impl Scope {
    /// Only the fields of the document.
    pub fn root() -> Self {
        Self::default()
    }

    /// Binds a record to a new register and gives its number.
    pub fn bind_record(&mut self, name: &str, record: RecordId) -> u8 {
        let register = self.registers;
        self.registers += 1;
        self.bind_alias(name, record, SlotRef { base: Base::Register(register), offset: 0 });
        register
    }

    /// Gives a name to a record that is already there.
    pub fn bind_alias(&mut self, name: &str, record: RecordId, at: SlotRef) {
        // the inner name hides an outer one; names of expressions are looked up first
        self.constants.retain(|(bound, _)| bound != name);
        self.variables.push(Variable { name: name.to_owned(), record, at });
    }

    /// Takes a register that has no name.
    pub fn take_register(&mut self) -> u8 {
        let register = self.registers;
        self.registers += 1;
        register
    }

    /// Binds a name to an expression: a parameter, or an argument of a named function.
    pub fn bind_constant(&mut self, name: &str, value: Expr) {
        self.constants.push((name.to_owned(), value));
    }

    /// The record of a name.
    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.variables.iter().rev().find(|variable| variable.name == name)
    }

    /// The expression of a name.
    pub fn constant(&self, name: &str) -> Option<&Expr> {
        self.constants.iter().rev().find(|(bound, _)| bound == name).map(|(_, value)| value)
    }

    /// How many registers are taken.
    pub fn registers(&self) -> u8 {
        self.registers
    }

    /// Keeps the count of registers of an inner scope.
    pub fn set_registers(&mut self, registers: u8) {
        self.registers = registers;
    }

    /// Every name, for suggestions.
    pub fn names<'a>(&'a self, schema: &'a Schema) -> Vec<&'a str> {
        let variables = self.variables.iter().map(|variable| variable.name.as_str());
        let constants = self.constants.iter().map(|(name, _)| name.as_str());
        variables.chain(constants).chain(schema.root().names()).collect()
    }
}
