//! One call and its answer, held against the operation that it is.

use dipper::sandbox::bitbucket::{ApiCall, Edition};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::paths::Operation;
use super::schema::Look;
use super::{Spec, exceptions};

/// All that is wrong with it. What should not have been asked is held to nothing; its answer is.
pub fn troubles(spec: &Spec, call: &ApiCall) -> Vec<String> {
    let Some(path) = spec.within(&call.path) else { return Vec::new() };
    let Some(operation) = spec.operation(&call.method, &path) else {
        let known = call.complaint.is_some() || exceptions::has_path(spec.edition, &call.method, &path);
        return if known {
            Vec::new()
        } else {
            vec![format!("{} {path} is in no specification", call.method)]
        };
    };
    let mut found = Vec::new();
    if call.complaint.is_none() {
        found.extend(path_troubles(spec, &operation));
        found.extend(query_troubles(spec, &operation, call));
        found.extend(body_troubles(spec, &operation, call));
    }
    found.extend(answer_troubles(spec, &operation, call));
    let line = |why: String| format!("{} {}: {why}", call.method, operation.template);
    found.into_iter().map(line).collect()
}

fn path_troubles(spec: &Spec, operation: &Operation<'_>) -> Vec<String> {
    let mut look = Look::new(spec, true);
    for (name, text) in &operation.values {
        let parameter = operation.parameters.iter().find(|one| one["name"] == *name);
        if let Some(parameter) = parameter {
            look.check(&parameter["schema"], &typed(&parameter["schema"], text), name);
        }
    }
    look.troubles
}

fn query_troubles(spec: &Spec, operation: &Operation<'_>, call: &ApiCall) -> Vec<String> {
    let mut look = Look::new(spec, true);
    let asked: Vec<(String, String)> = form_urlencoded::parse(call.query.as_bytes()).into_owned().collect();
    let known = |name: &str| {
        let same = |one: &&&Value| one["in"] == "query" && one["name"] == name;
        operation.parameters.iter().find(same).copied()
    };
    for (name, text) in &asked {
        match known(name) {
            Some(parameter) => {
                let schema = &parameter["schema"];
                let schema = if schema["type"] == "array" { &schema["items"] } else { schema };
                // What is sorted the other way round has a minus, as the recordings have it.
                let text = if name == "sort" { text.trim_start_matches('-') } else { text };
                look.check(schema, &typed(schema, text), name);
            }
            None if exceptions::has_query(spec.edition, &call.method, operation.template, name) => {}
            None => look.troubles.push(format!("?{name} is not known")),
        }
    }
    for parameter in operation.parameters.iter().filter(|one| one["in"] == "query" && one["required"] == true)
    {
        if !asked.iter().any(|(name, _)| parameter["name"] == **name) {
            look.troubles.push(format!("?{} is missing", parameter["name"]));
        }
    }
    look.troubles
}

/// A text from a URL as the value that its schema means.
fn typed(schema: &Value, text: &str) -> Value {
    match schema["type"].as_str() {
        Some("integer" | "number" | "boolean") => serde_json::from_str(text).unwrap_or_else(|_| text.into()),
        _ => text.into(),
    }
}

fn body_troubles(spec: &Spec, operation: &Operation<'_>, call: &ApiCall) -> Vec<String> {
    let described = spec.resolved(&operation.op["requestBody"]);
    if call.body.is_empty() {
        let wanted = described["required"] == true;
        return if wanted { vec!["the body is missing".to_owned()] } else { Vec::new() };
    }
    let schema = match json_schema(&described["content"]) {
        Some(schema) => schema.clone(),
        None => match exceptions::body_of(spec.edition, &call.method, operation.template) {
            Some(name) => json!({"$ref": format!("#/components/schemas/{name}")}),
            None if exceptions::takes_form(spec.edition, &call.method, operation.template) => {
                return Vec::new();
            }
            None => return vec!["there is a body, and none is described".to_owned()],
        },
    };
    let Ok(body) = serde_json::from_str(&call.body) else {
        return vec!["the body is not JSON".to_owned()];
    };
    let mut look = Look::new(spec, true);
    look.check(&schema, &body, "body");
    look.troubles
}

fn answer_troubles(spec: &Spec, operation: &Operation<'_>, call: &ApiCall) -> Vec<String> {
    let responses = &operation.op["responses"];
    let described = responses.get(call.status.to_string()).or_else(|| responses.get("default"));
    let Some(described) = described else { return undescribed(spec, operation, call) };
    let described = spec.resolved(described);
    let Some(schema) = json_schema(&described["content"]) else { return Vec::new() };
    if exceptions::answers_otherwise(spec.edition, operation.template, call.status) {
        return Vec::new();
    }
    held(spec, schema, call)
}

/// Errors are described in general; of other answers nothing may be made up.
fn undescribed(spec: &Spec, operation: &Operation<'_>, call: &ApiCall) -> Vec<String> {
    if exceptions::has_status(spec.edition, operation.template, call.status) {
        return Vec::new();
    }
    match call.status {
        // The text of Cloud's specification promises an ETag; being asked with it is answered so.
        304 if spec.edition == Edition::Cloud => Vec::new(),
        400.. => held(spec, &spec.error(), call),
        status => vec![format!("{status} is no answer that is described")],
    }
}

fn held(spec: &Spec, schema: &Value, call: &ApiCall) -> Vec<String> {
    let Ok(answer) = serde_json::from_str(&call.answer) else {
        let plain =
            exceptions::PLAIN.iter().any(|(status, text, _)| *status == call.status && *text == call.answer);
        return if plain { Vec::new() } else { vec![format!("{} is not answered in JSON", call.status)] };
    };
    let mut look = Look::new(spec, false);
    look.partial = call.query.contains("fields=");
    look.check(schema, &answer, &call.status.to_string());
    look.troubles
}

fn json_schema(content: &Value) -> Option<&Value> {
    let kinds = content.as_object()?;
    kinds
        .iter()
        .find(|(kind, _)| kind.starts_with("application/json") || kind.ends_with("+json") || *kind == "*/*")
        .and_then(|(_, one)| one.get("schema"))
}
