//! The same rules in plain Rhai: one script of sixty `if`s over maps.

use rhai::{AST, Array, Dynamic, Engine, Map, Scope};
use serde_json::Value;

pub struct Rules {
    engine: Engine,
    script: AST,
}

impl Rules {
    /// Compiles the conditions as they stand; only `any` has another name.
    pub fn compile(conditions: &[String]) -> Self {
        let mut engine = Engine::new();
        engine.set_max_expr_depths(0, 0);
        let mut script = String::from("let hits = [];\n");
        for (rule, condition) in conditions.iter().enumerate() {
            let condition = condition.replace(".any(", ".some(");
            script.push_str(&format!("if {condition} {{ hits.push({rule}); }}\n"));
        }
        script.push_str("hits");
        let script = engine.compile(script).expect("every condition is Rhai");
        Self { engine, script }
    }

    /// The rules that a filing violates.
    pub fn decide(&self, scope: &mut Scope<'static>) -> Vec<usize> {
        let before = scope.len();
        let hits: Array = self.engine.eval_ast_with_scope(scope, &self.script).expect("the script runs");
        scope.rewind(before);
        hits.into_iter().map(|hit| hit.as_int().expect("a number") as usize).collect()
    }
}

/// A filing as the constants of a script.
pub fn scope(filing: &Value) -> Scope<'static> {
    let mut scope = Scope::new();
    for (name, value) in filing.as_object().expect("a filing is an object") {
        scope.push_constant_dynamic(name.clone(), dynamic(value));
    }
    scope
}

fn dynamic(value: &Value) -> Dynamic {
    match value {
        Value::Null => Dynamic::UNIT,
        Value::Bool(value) => (*value).into(),
        Value::Number(value) => value.as_i64().unwrap_or_default().into(),
        Value::String(value) => value.clone().into(),
        Value::Array(values) => values.iter().map(dynamic).collect::<Array>().into(),
        Value::Object(values) => {
            values.iter().map(|(name, value)| (name.as_str().into(), dynamic(value))).collect::<Map>().into()
        }
    }
}
