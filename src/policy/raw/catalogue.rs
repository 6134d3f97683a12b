//! `materials.toml`, `forms.toml`, `functions.toml`: what rules refer to.

use std::sync::Arc;

use super::layer::duplicates;
use super::rule::pairs;
use super::{Placed, expression, placed};
use crate::schema::{Expression, Words};
use crate::source::{Diagnostics, Fields, Node, SourceFile};

/// A kind of material.
#[derive(Debug, Clone)]
pub struct RawMaterial {
    /// Its id.
    pub id: Placed,
    /// What people read.
    pub name: Words,
    /// Other names that are in use.
    pub aliases: Vec<String>,
    /// Its category's id.
    pub category: Placed,
    /// The usual form, in words.
    pub form: String,
    /// Who signs it, in words.
    pub signed_by: String,
    /// Who seals it, in words.
    pub sealed_by: String,
    /// Where it is uploaded, in words.
    pub upload_to: String,
    /// What else to know.
    pub note: String,
}

/// A category of materials: the order of the checklist.
#[derive(Debug, Clone)]
pub struct RawCategory {
    /// Its id.
    pub id: String,
    /// What people read.
    pub label: Words,
}

/// What a requirement can ask of a material.
#[derive(Debug, Clone)]
pub struct RawForm {
    /// The key in `require`.
    pub id: Placed,
    /// The type of its value.
    pub ty: Placed,
    /// What it asks, in words.
    pub label: Expression,
    /// The same in English.
    pub en: Option<Expression>,
    /// The condition.
    pub that: Expression,
    /// What is said when it does not hold.
    pub missing: Expression,
    /// `true`, `greater`, `less` or `common`.
    pub stricter: Placed,
}

/// A named expression.
#[derive(Debug, Clone)]
pub struct RawFunction {
    /// Its name.
    pub name: Placed,
    /// Parameters and types.
    pub parameters: Vec<(Placed, Placed)>,
    /// The type of the result.
    pub returns: Placed,
    /// The body.
    pub body: Expression,
}

fn label(fields: &mut Fields<'_>, key: &'static str, out: &mut Diagnostics) -> Option<Words> {
    let zh = fields.required_text(key, out).map(|(text, _)| text.to_owned())?;
    let en = fields.text("en", out).map(|(text, _)| text.to_owned()).unwrap_or_else(|| zh.clone());
    Some(Words { zh, en })
}

/// Reads `materials.toml`.
pub fn read_materials(
    file: &Arc<SourceFile>,
    node: &Node,
    out: &mut Diagnostics,
) -> (Vec<RawMaterial>, Vec<RawCategory>) {
    let Some(mut top) = Fields::new(file, "the catalogue of materials", node, out) else {
        return (Vec::new(), Vec::new());
    };
    let materials = top.tables("material", out);
    let categories = top.tables("category", out);
    top.finish(out);
    let materials: Vec<RawMaterial> = materials.iter().filter_map(|node| read_material(file, node, out)).collect();
    duplicates(file, materials.iter().map(|material| (material.id.0.as_str(), &material.id.1)), "material", out);
    let categories = categories.iter().filter_map(|node| read_category(file, node, out)).collect();
    (materials, categories)
}

fn read_material(file: &Arc<SourceFile>, node: &Node, out: &mut Diagnostics) -> Option<RawMaterial> {
    let mut fields = Fields::new(file, "a material", node, out)?;
    let id = fields.required_text("id", out).map(placed);
    let name = label(&mut fields, "name", out);
    let aliases = fields.texts("aliases", out).into_iter().map(|(text, _)| text.to_owned()).collect();
    let category = fields.required_text("category", out).map(placed);
    let mut text = |key| fields.text(key, out).map(|(text, _)| text.to_owned()).unwrap_or_default();
    let (form, signed_by, sealed_by) = (text("form"), text("signed_by"), text("sealed_by"));
    let (upload_to, note) = (text("upload_to"), text("note"));
    fields.finish(out);
    Some(RawMaterial {
        id: id?,
        name: name?,
        aliases,
        category: category?,
        form,
        signed_by,
        sealed_by,
        upload_to,
        note,
    })
}

fn read_category(file: &Arc<SourceFile>, node: &Node, out: &mut Diagnostics) -> Option<RawCategory> {
    let mut fields = Fields::new(file, "a category of materials", node, out)?;
    let id = fields.required_text("id", out).map(|(text, _)| text.to_owned());
    let label = label(&mut fields, "label", out);
    fields.finish(out);
    Some(RawCategory { id: id?, label: label? })
}

/// Reads `forms.toml`.
pub fn read_forms(file: &Arc<SourceFile>, node: &Node, out: &mut Diagnostics) -> Vec<RawForm> {
    let Some(mut top) = Fields::new(file, "the file of forms", node, out) else { return Vec::new() };
    let nodes = top.tables("form", out);
    top.finish(out);
    nodes.iter().filter_map(|node| read_form(file, node, out)).collect()
}

fn read_form(file: &Arc<SourceFile>, node: &Node, out: &mut Diagnostics) -> Option<RawForm> {
    let mut fields = Fields::new(file, "a form", node, out)?;
    let id = fields.required_text("id", out).map(placed);
    let ty = fields.required_text("type", out).map(placed);
    let _ = fields.required_text("label", out);
    let label = expression(&mut fields, "label", file, out);
    let en = expression(&mut fields, "en", file, out);
    let _ = fields.required_text("that", out);
    let that = expression(&mut fields, "that", file, out);
    let _ = fields.required_text("missing", out);
    let missing = expression(&mut fields, "missing", file, out);
    let stricter = fields.required_text("stricter", out).map(placed);
    fields.finish(out);
    Some(RawForm { id: id?, ty: ty?, label: label?, en, that: that?, missing: missing?, stricter: stricter? })
}

/// Reads `functions.toml`.
pub fn read_functions(file: &Arc<SourceFile>, node: &Node, out: &mut Diagnostics) -> Vec<RawFunction> {
    let Some(mut top) = Fields::new(file, "the file of functions", node, out) else { return Vec::new() };
    let nodes = top.tables("function", out);
    top.finish(out);
    let functions: Vec<RawFunction> = nodes.iter().filter_map(|node| read_function(file, node, out)).collect();
    duplicates(file, functions.iter().map(|function| (function.name.0.as_str(), &function.name.1)), "function", out);
    functions
}

fn read_function(file: &Arc<SourceFile>, node: &Node, out: &mut Diagnostics) -> Option<RawFunction> {
    let mut fields = Fields::new(file, "a function", node, out)?;
    let name = fields.required_text("name", out).map(placed);
    let parameters = pairs(file, fields.table("params", out), out);
    let returns = fields.required_text("returns", out).map(placed);
    let _ = fields.required_text("body", out);
    let body = expression(&mut fields, "body", file, out);
    let _ = fields.text("doc", out);
    fields.finish(out);
    Some(RawFunction { name: name?, parameters, returns: returns?, body: body? })
}
