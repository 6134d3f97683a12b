//! The JSON form of a report, from the types that write it.
//!
//! The types' own attributes decide names, what may be absent, and descriptions, so the schema cannot differ from what is
//! written. What they keep as text, but take from a short list, is narrowed here.

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use serde_json::{Value, json};

use super::parts::put;
use crate::policy::{Confidence, Severity};
use crate::report::{Report, VERSION};

/// The schema of a report.
pub fn report() -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize().with_transform(Narrow);
    let mut schema = settings.into_generator().into_root_schema_for::<Report>().to_value();
    put(&mut schema, "title", json!("备案检查报告"));
    put(&mut schema["properties"]["version"], "const", json!(VERSION));
    schema
}

/// Gives texts that come from a short list that list.
#[derive(Debug, Clone)]
struct Narrow;

impl Transform for Narrow {
    fn transform(&mut self, schema: &mut schemars::Schema) {
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            let severities = Severity::NAMES.map(Value::from);
            let confidences = [Confidence::Low, Confidence::Medium, Confidence::High].map(|value| json!(value.id()));
            for (name, values) in [("severity", severities), ("confidence", confidences)] {
                if let Some(property) = properties.get_mut(name) {
                    put(property, "enum", json!(values));
                }
            }
        }
        transform_subschemas(self, schema);
    }
}
