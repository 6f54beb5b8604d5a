//! Any other word would be noticed: every path, query name and field that the client says is said wrong
//! once, and must be called wrong.

use dipper::sandbox::bitbucket::ApiCall;
use serde_json::Value;
use url::form_urlencoded;

use crate::vendor;

/// Fields within a part of a body that the specification leaves open.
const OPEN: [&str; 1] = ["secret"];
/// Parts of a body of which only the texts speak.
const TOLD: [&str; 1] = ["/workspace"];

/// Whatever could be said wrong without being noticed.
pub fn unnoticed(calls: &[ApiCall]) -> Vec<String> {
    let mut seen = std::collections::BTreeSet::new();
    let altered = calls.iter().filter(|call| call.complaint.is_none() && call.status < 300).flat_map(all);
    altered
        .filter(|(what, _)| seen.insert(what.clone()))
        .filter(|(_, call)| vendor::troubles(std::slice::from_ref(call)).is_empty())
        .map(|(what, _)| what)
        .collect()
}

fn all(call: &ApiCall) -> Vec<(String, ApiCall)> {
    let Some(template) = template(call) else { return Vec::new() };
    let line = format!("{} {template}", call.method);
    let mut altered = paths(call, &template);
    altered.extend(queries(call));
    altered.extend(bodies(call));
    altered.into_iter().map(|(what, call)| (format!("{line}: {what}"), call)).collect()
}

/// The specification's own form of the call's path, with what is before it.
fn template(call: &ApiCall) -> Option<String> {
    let spec = vendor::spec(call.edition)?;
    let within = spec.within(&call.path)?;
    let template = spec.operation(&call.method, &within)?.template;
    Some(format!("{}{template}", call.path.strip_suffix(&*within)?))
}

fn paths(call: &ApiCall, template: &str) -> Vec<(String, ApiCall)> {
    let written: Vec<&str> = call.path.split('/').collect();
    let own = template.split('/').enumerate().filter(|(_, part)| !part.is_empty() && !part.contains('{'));
    // What comes before the API is the operator's.
    let below = own.filter(|(at, _)| *at > 1 && *at < written.len());
    let altered = below.map(|(at, part)| {
        let mut parts: Vec<String> = written.iter().map(|&one| one.to_owned()).collect();
        parts[at].push('x');
        (format!("/{part}"), ApiCall { path: parts.join("/"), ..call.clone() })
    });
    altered.collect()
}

fn queries(call: &ApiCall) -> Vec<(String, ApiCall)> {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(call.query.as_bytes()).into_owned().collect();
    let altered = (0..pairs.len()).map(|at| {
        let mut pairs = pairs.clone();
        let name = format!("?{}", pairs[at].0);
        pairs[at].0.push('x');
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        (name, ApiCall { query, ..call.clone() })
    });
    altered.collect()
}

fn bodies(call: &ApiCall) -> Vec<(String, ApiCall)> {
    let body: Value = serde_json::from_str(&call.body).unwrap_or_default();
    let mut places = Vec::new();
    fields(&body, "", &mut places);
    let closed = places
        .into_iter()
        .filter(|(within, name)| !OPEN.contains(&name.as_str()) && !TOLD.contains(&within.as_str()));
    let altered = closed.map(|(within, name)| {
        let mut body = body.clone();
        let object = body.pointer_mut(&within).and_then(Value::as_object_mut).expect("it was there");
        let value = object.remove(&name).expect("it was there");
        object.insert(format!("{name}x"), value);
        (format!("{within}/{name}"), ApiCall { body: body.to_string(), ..call.clone() })
    });
    altered.collect()
}

/// Every field, with the place of the object that it is in.
fn fields(value: &Value, within: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                found.push((within.to_owned(), name.clone()));
                fields(member, &format!("{within}/{name}"), found);
            }
        }
        Value::Array(members) => {
            for (at, member) in members.iter().enumerate() {
                fields(member, &format!("{within}/{at}"), found);
            }
        }
        _ => {}
    }
}
