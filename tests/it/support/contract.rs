//! The OpenAPI document for tests: every operation, and a body that its schema allows.

use std::collections::BTreeSet;

use anfang::domain::batch::BatchAction;
use anfang::domain::card::CardAction;
use anfang::domain::issue::Action;
use anfang::domain::month::MonthAction;
use anfang::domain::month::ledger::EntryAction;
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

    /// This one, for one step.
    fn step(&self, action: &str) -> Operation {
        let path = self.path.replace("{action}", action);
        Operation { method: self.method.clone(), path, facts: self.facts.clone() }
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
            let mut named = BTreeSet::new();
            for (action, name) in self.steps(&operation) {
                let mut body = self.example(&json!({"$ref": reference(&name)}));
                if let Some(fields) = body.as_object_mut().filter(|_| name == "CardStep") {
                    // One schema for all of them; which fields a step may have is judged after it is read.
                    fields.retain(|field, _| (field == "reason") != (action == "conclude"));
                }
                let path = self.concrete(&operation.step(&action));
                all.push((operation.method.clone(), path, body));
                named.insert(reference(&name));
            }
            // Every body that the document has for these steps is one of some step.
            let choices = self.resolve(schema)["anyOf"].as_array().cloned().unwrap_or_else(|| vec![schema.clone()]);
            let choices: BTreeSet<_> =
                choices.iter().map(|choice| choice["$ref"].as_str().unwrap().to_owned()).collect();
            assert_eq!(named, choices, "{}", operation.path);
        }
        all
    }

    /// The steps that people may ask for here, each with the schema name of its body.
    fn steps(&self, operation: &Operation) -> Vec<(String, String)> {
        let parameter =
            operation.parameters("path").into_iter().find(|parameter| parameter["name"] == "action").unwrap();
        let codes = self.resolve(&parameter["schema"])["enum"].as_array().unwrap().clone();
        let body_of = |code: &str| match operation.path.as_str() {
            "/api/v1/issues/{id}/actions/{action}" => issue_body(Action::parse(code).unwrap()),
            "/api/v1/batches/{id}/actions/{action}" => batch_body(BatchAction::parse(code).unwrap()).map(Into::into),
            "/api/v1/months/{month}/actions/{action}" => month_body(MonthAction::parse(code).unwrap()).map(Into::into),
            "/api/v1/ledger/{id}/actions/{action}" => Some(entry_body(EntryAction::parse(code).unwrap()).into()),
            "/api/v1/cards/{id}/actions/{action}" => card_body(CardAction::parse(code).unwrap()).map(Into::into),
            other => panic!("the bodies of {other} are not known here"),
        };
        let steps = codes.iter().map(|code| code.as_str().unwrap().to_owned());
        steps.filter_map(|code| body_of(&code).map(|name| (code, name))).collect()
    }

    /// The steps on issues whose body has a field of this name.
    pub fn issue_steps_with(&self, field: &str) -> Vec<String> {
        let is_step = |operation: &Operation| operation.path == "/api/v1/issues/{id}/actions/{action}";
        let operation = self.operations().into_iter().find(is_step).unwrap();
        let has = |name: &str| self.0["components"]["schemas"][name]["properties"].get(field).is_some();
        self.steps(&operation).into_iter().filter(|(_, name)| has(name)).map(|(action, _)| action).collect()
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

fn reference(schema: &str) -> String {
    format!("#/components/schemas/{schema}")
}

// The schema names of the steps' bodies; `None` where no person asks for the step. A new step does not compile until
// it is said here what it is sent with.

/// The action's own, or that of the actions it shares it with.
fn issue_body(action: Action) -> Option<String> {
    let code = action.as_str();
    if !action.is_requestable() {
        return None;
    }
    if code.starts_with("assign-") {
        return Some("AssignVisit".into());
    }
    if code.starts_with("decide-") {
        return Some("Decide".into());
    }
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    Some(code.split('-').map(capital).collect())
}

fn batch_body(action: BatchAction) -> Option<&'static str> {
    use BatchAction as A;
    Some(match action {
        A::Create | A::Amend | A::Begin => return None,
        A::Propose | A::Withdraw | A::Review | A::Release => "PlainStep",
        A::SendBack | A::Revoke | A::Abandon => "ReasonedStep",
        A::Approve => "ApproveBatch",
        A::Draw => "DrawBatch",
        A::Redraw => "RedrawTask",
    })
}

fn month_body(action: MonthAction) -> Option<&'static str> {
    use MonthAction as A;
    Some(match action {
        A::Object => return None,
        A::Freeze | A::Preview | A::Decide => "PlainMonthStep",
        A::Answer => "AnswerObjection",
        A::Lock => "LockMonth",
        A::Publish => "PublishMonth",
    })
}

fn entry_body(action: EntryAction) -> &'static str {
    match action {
        EntryAction::Approve | EntryAction::Publish => "PlainEntryStep",
        EntryAction::Drop => "DropEntry",
        EntryAction::Execute => "ExecuteEntry",
    }
}

fn card_body(action: CardAction) -> Option<&'static str> {
    use CardAction as A;
    match action {
        A::Propose | A::ProposeWithdrawal => None,
        A::Issue | A::Drop | A::Keep | A::Withdraw | A::Conclude => Some("CardStep"),
    }
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
