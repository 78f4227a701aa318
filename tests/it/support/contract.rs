//! The OpenAPI document for tests: every operation, and a body that its schema allows.

use anfang::domain::issue::Action;
use serde_json::{Map, Value, json};

use super::service::new_id;
use super::transcript::document;

/// One operation of the document.
pub struct Operation {
    /// In upper case.
    pub method: String,
    /// With `{name}` in place of an id.
    pub path: String,
    /// The operation's JSON.
    pub facts: Value,
}

impl Operation {
    /// The names of its parameters of this kind: `query`, `path` or `header`.
    pub fn parameters(&self, place: &str) -> Vec<Value> {
        let all = self.facts["parameters"].as_array().cloned().unwrap_or_default();
        all.into_iter().filter(|parameter| parameter["in"] == place).collect()
    }
}

/// The document.
pub struct Contract(pub Value);

impl Contract {
    pub fn read() -> Self {
        Contract(document().clone())
    }

    pub fn operations(&self) -> Vec<Operation> {
        let mut all = Vec::new();
        for (path, methods) in self.0["paths"].as_object().unwrap() {
            for (method, facts) in methods.as_object().unwrap() {
                all.push(Operation { method: method.to_uppercase(), path: path.clone(), facts: facts.clone() });
            }
        }
        all
    }

    /// The schema behind a reference.
    pub fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(path) => self.0.pointer(path.trim_start_matches('#')).unwrap_or_else(|| panic!("no {path}")),
            None => schema,
        }
    }

    /// A path with a value for each id that the parameter's schema allows.
    pub fn concrete(&self, operation: &Operation) -> String {
        operation.parameters("path").iter().fold(operation.path.clone(), |path, parameter| {
            let value = self.example(&parameter["schema"]);
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            path.replace(&format!("{{{}}}", parameter["name"].as_str().unwrap()), &text)
        })
    }

    /// Requests with a JSON body, each with its path and a body that its schema allows; one for each action.
    pub fn json_bodies(&self) -> Vec<(String, String, Value)> {
        let mut all = Vec::new();
        for operation in self.operations() {
            let schema = &operation.facts["requestBody"]["content"]["application/json"]["schema"];
            if schema.is_null() {
                continue;
            }
            if !operation.path.ends_with("/actions/{action}") {
                all.push((operation.method.clone(), self.concrete(&operation), self.example(schema)));
                continue;
            }
            if operation.path.starts_with("/api/v1/cards/") {
                let body = json!({"reason": "x"});
                let path = operation.path.replace("{id}", &new_id().to_string()).replace("{action}", "issue");
                all.push((operation.method.clone(), path, body));
                continue;
            }
            let others = OTHER_BODIES.iter().find(|(under, _)| operation.path.starts_with(under));
            if let Some((_, bodies)) = others {
                for (action, name) in *bodies {
                    let body = self.example(&json!({"$ref": format!("#/components/schemas/{name}")}));
                    let path = operation.path.replace("{id}", &new_id().to_string()).replace("{action}", action);
                    let path = path.replace("{month}", "2026-08");
                    all.push((operation.method.clone(), path, body));
                }
                continue;
            }
            for action in Action::ALL.iter().filter(|action| action.is_requestable()) {
                let body = self.example(&json!({"$ref": format!("#/components/schemas/{}", body_name(*action))}));
                let path = operation.path.replace("{id}", &new_id().to_string()).replace("{action}", action.as_str());
                all.push((operation.method.clone(), path, body));
            }
        }
        all
    }

    /// A value that the schema allows, with every field that it names.
    pub fn example(&self, schema: &Value) -> Value {
        let schema = self.resolve(schema);
        let choices = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
        if let Some(choices) = choices {
            return self.example(choices.iter().find(|choice| choice["type"] != "null").unwrap());
        }
        if let Some(words) = schema["enum"].as_array() {
            return words[0].clone();
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => kinds.iter().find(|kind| *kind != "null").unwrap().as_str().unwrap(),
            kind => kind.as_str().unwrap_or("object"),
        };
        match kind {
            "object" => {
                let fields = schema["properties"].as_object().cloned().unwrap_or_default();
                Value::Object(fields.iter().map(|(name, field)| (name.clone(), self.example(field))).collect())
            }
            "array" => {
                let count = schema["minItems"].as_u64().unwrap_or(1).max(1);
                (0..count).map(|_| self.example(&schema["items"])).collect()
            }
            "boolean" => json!(true),
            "integer" | "number" => json!(1),
            "string" => match (schema["format"].as_str(), schema["pattern"].as_str()) {
                (Some("uuid"), _) => json!(new_id()),
                (Some("date-time"), _) => json!("2026-08-03T01:00:00Z"),
                (Some("date"), _) => json!("2026-08-04"),
                (_, Some(pattern)) if pattern.contains("{64}") => json!("0".repeat(64)),
                // A month, and an exact number.
                (_, Some(pattern)) if pattern.contains("{4}") => json!("2026-08"),
                (_, Some(pattern)) if pattern.starts_with("^-?") => json!("1/2"),
                // A time of day.
                (_, None) => {
                    schema["example"].as_str().filter(|text| text.contains(':')).map_or(json!("x"), Value::from)
                }
                (format, pattern) => panic!("no example of {format:?} {pattern:?}"),
            },
            other => panic!("no example of {other}"),
        }
    }
}

/// Steps of other things than issues, by their path, with the schema names of their bodies: one of each.
const OTHER_BODIES: [(&str, &[(&str, &str)]); 3] = [
    (
        "/api/v1/batches/",
        &[
            ("propose", "PlainStep"),
            ("abandon", "ReasonedStep"),
            ("approve", "ApproveBatch"),
            ("draw", "DrawBatch"),
            ("redraw", "RedrawTask"),
        ],
    ),
    (
        "/api/v1/months/",
        &[
            ("freeze", "PlainMonthStep"),
            ("answer", "AnswerObjection"),
            ("lock", "LockMonth"),
            ("publish", "PublishMonth"),
        ],
    ),
    ("/api/v1/ledger/", &[("approve", "PlainEntryStep"), ("drop", "DropEntry"), ("execute", "ExecuteEntry")]),
];

/// The schema name of an action's body: the action's own, or that of the actions it shares it with.
fn body_name(action: Action) -> String {
    let code = action.as_str();
    if code.starts_with("assign-") {
        return "AssignVisit".into();
    }
    if code.starts_with("decide-") {
        return "Decide".into();
    }
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    code.split('-').map(capital).collect()
}

/// Every object in a body, by its pointer.
pub fn objects(body: &Value) -> Vec<String> {
    nodes(body, Value::is_object)
}

/// Every text in a body, by its pointer.
pub fn texts(body: &Value) -> Vec<String> {
    nodes(body, Value::is_string)
}

fn nodes(body: &Value, wanted: fn(&Value) -> bool) -> Vec<String> {
    let below = |step: String, inner: &Value| {
        nodes(inner, wanted).into_iter().map(move |path| format!("/{step}{path}")).collect::<Vec<_>>()
    };
    let mut found = if wanted(body) { vec![String::new()] } else { Vec::new() };
    match body {
        Value::Object(fields) => found.extend(fields.iter().flat_map(|(name, inner)| below(name.clone(), inner))),
        Value::Array(items) => {
            found.extend(items.iter().enumerate().flat_map(|(at, inner)| below(at.to_string(), inner)))
        }
        _ => {}
    }
    found
}

/// The body with one more field in the object at `pointer`.
pub fn with_field(body: &Value, pointer: &str, name: &str) -> Value {
    let mut body = body.clone();
    let object: &mut Map<String, Value> = body.pointer_mut(pointer).unwrap().as_object_mut().unwrap();
    object.insert(name.to_owned(), json!(1));
    body
}
