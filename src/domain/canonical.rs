//! The canonical form of a request's body, by which a repeated request is recognised.

use serde::Serialize;
use serde_json::{Map, Value};

use super::digest::Digest;

/// Names the form in the digested text, so that a later form can never be mistaken for this one.
const FORM: &str = "canonical/1";

/// The digest of `value` in canonical form: JSON with object members sorted by name, without spaces, and without
/// members that are null or an empty list.
///
/// So an optional field that is added later does not change the digest of requests that do not use it: a report sent
/// before an upgrade and again after it is the same report.
#[must_use]
pub fn digest(value: &impl Serialize) -> Digest {
    Digest::of(&bytes(value))
}

/// The digested bytes: the name of the form on a line of its own, then the JSON.
#[must_use]
pub fn bytes(value: &impl Serialize) -> Vec<u8> {
    let value = serde_json::to_value(value).unwrap_or_default();
    format!("{FORM}\n{}", without_empty(value)).into_bytes()
}

/// The JSON of [`bytes`], unless they are in another form.
#[must_use]
pub fn json(bytes: &[u8]) -> Option<&[u8]> {
    bytes.strip_prefix(FORM.as_bytes())?.strip_prefix(b"\n")
}

/// `value` without empty members. `Map` keeps its members sorted by name.
fn without_empty(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.into_iter().map(|(name, value)| (name, without_empty(value)));
            Value::Object(kept.filter(|(_, value)| says_something(value)).collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_empty).collect()),
        said @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => said,
    }
}

fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Golden: stored digests were made by this form.
    #[test]
    fn the_form_stays_as_it_is() {
        let value = json!({"b": [1, 2.5, "二"], "a": {"y": null, "x": true}, "c": [], "d": null});
        assert_eq!(without_empty(value.clone()).to_string(), r#"{"a":{"x":true},"b":[1,2.5,"二"]}"#);
        assert_eq!(digest(&value).to_string(), GOLDEN);
        let bytes = bytes(&value);
        assert_eq!((Digest::of(&bytes).to_string().as_str(), bytes.split(|byte| *byte == b'\n').count()), (GOLDEN, 2));
        assert_eq!(json(&bytes), Some(r#"{"a":{"x":true},"b":[1,2.5,"二"]}"#.as_bytes()));
        for other in [&b"canonical/2\n{}"[..], b"canonical/1", b"{}", b""] {
            assert_eq!(json(other), None);
        }
    }

    const GOLDEN: &str = "5d03ab2e2b9eb018ed9283fb4190aaa31a22ddc1c14771e049e3022317f78a27";

    #[test]
    fn absent_null_and_empty_are_one_and_all_else_differs() {
        let said = digest(&json!({"a": 1}));
        for same in [json!({"a": 1, "b": null}), json!({"b": [], "a": 1})] {
            assert_eq!(digest(&same), said, "{same}");
        }
        for other in
            [json!({"a": 2}), json!({"a": "1"}), json!({"a": 1, "b": ""}), json!({"a": 1, "b": {}}), json!({"a": [1]})]
        {
            assert_ne!(digest(&other), said, "{other}");
        }
        assert_ne!(digest(&json!([null])), digest(&json!([])), "places in a list count");
    }
}
