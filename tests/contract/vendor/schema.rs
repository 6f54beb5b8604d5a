//! A value held against a schema: types, names, enumerations, and loosely the formats.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Spec, exceptions};

/// What is looked at, and what is wrong with it so far.
pub struct Look<'a> {
    pub spec: &'a Spec,
    /// What a client says is held more strictly: it may say nothing that the vendor does not know.
    pub request: bool,
    /// An answer that was asked for in part lacks what was not asked for.
    pub partial: bool,
    pub troubles: Vec<String>,
}

/// An object's schema with all that it is made of.
#[derive(Default)]
struct Whole<'a> {
    fields: BTreeMap<&'a str, Vec<&'a Value>>,
    required: BTreeSet<&'a str>,
    closed: bool,
    parts: Vec<&'a Value>,
}

impl<'a> Look<'a> {
    pub fn new(spec: &'a Spec, request: bool) -> Self {
        Self { spec, request, partial: false, troubles: Vec::new() }
    }

    fn complain(&mut self, at: &str, why: &str) {
        self.troubles.push(format!("{at} {why}"));
    }

    /// Holds a value against a schema.
    pub fn check(&mut self, schema: &Value, value: &Value, at: &str) {
        let mut whole = Whole::default();
        gather(self.spec, schema, &mut whole, 0);
        // What is sent says of which kind it is.
        let kind = value["type"].as_str().filter(|_| self.request).and_then(|kind| self.spec.kind(kind));
        if let Some(kind) = kind {
            gather(self.spec, kind, &mut whole, 0);
        }
        for part in &whole.parts {
            self.single(part, value, at);
        }
        if let Value::Object(members) = value {
            self.object(&whole, members, at);
        }
    }

    fn object(&mut self, whole: &Whole<'_>, members: &serde_json::Map<String, Value>, at: &str) {
        for name in &whole.required {
            let read_only =
                whole.fields.get(name).is_some_and(|all| all.iter().any(|one| one["readOnly"] == true));
            let excused = self.request && (read_only || exceptions::UNSENT.contains(name));
            if !members.contains_key(*name) && !excused && !self.partial {
                self.complain(at, &format!("lacks {name}"));
            }
        }
        let strict = whole.closed || (self.request && !whole.fields.is_empty());
        for (name, member) in members {
            let below = format!("{at}.{name}");
            match whole.fields.get(name.as_str()) {
                // The specifications never say that something may be null, and the recordings are full of it.
                Some(_) if member.is_null() && !self.request && !whole.required.contains(name.as_str()) => {}
                Some(schemas) => schemas.iter().for_each(|schema| self.check(schema, member, &below)),
                None if strict && !exceptions::known(self.spec.edition, self.request, name) => {
                    self.complain(&below, "is not known");
                }
                None => {}
            }
        }
    }

    fn single(&mut self, schema: &Value, value: &Value, at: &str) {
        for noun in ["oneOf", "anyOf"] {
            if let Some(choices) = schema[noun].as_array() {
                let fits = |choice: &Value| {
                    let mut look = Look::new(self.spec, self.request);
                    look.check(choice, value, at);
                    look.troubles.is_empty()
                };
                if !choices.iter().any(fits) {
                    self.complain(at, "is none of what it may be");
                }
            }
        }
        if let Some(choices) = schema["enum"].as_array()
            && !choices.contains(value)
        {
            self.complain(at, &format!("is {value}, which is not one of {}", schema["enum"]));
        }
        let fits = match schema["type"].as_str() {
            Some("string") => value.is_string(),
            Some("integer") => value.is_i64() || value.is_u64(),
            Some("number") => value.is_number(),
            Some("boolean") => value.is_boolean(),
            Some("array") => value.is_array(),
            Some("object") => value.is_object(),
            _ => true,
        };
        let allowed = value.is_null() && schema["enum"].as_array().is_some_and(|all| all.contains(value));
        if !fits && !allowed {
            if !exceptions::mistyped(self.spec.edition, at) {
                self.complain(at, &format!("is {value}, not of type {}", schema["type"]));
            }
            return;
        }
        self.measure(schema, value, at);
    }

    /// Lengths, ranges, formats, members.
    fn measure(&mut self, schema: &Value, value: &Value, at: &str) {
        let format = schema["format"].as_str().unwrap_or_default();
        if let Some(text) = value.as_str() {
            let (longest, shortest) = (schema["maxLength"].as_u64(), schema["minLength"].as_u64());
            let length = text.chars().count() as u64;
            if longest.is_some_and(|most| length > most) || shortest.is_some_and(|least| length < least) {
                self.complain(at, "is too long or too short");
            }
            let fits = match format {
                "date-time" => text.len() >= 19 && text.as_bytes()[10] == b'T',
                "uri" => text.contains(':'),
                _ => true,
            };
            if !fits {
                self.complain(at, &format!("is {value}, which is no {format}"));
            }
        }
        if format == "int32" && value.as_i64().is_some_and(|number| i32::try_from(number).is_err()) {
            self.complain(at, &format!("is {value}, which is too large for {format}"));
        }
        if let (Some(members), Some(items)) = (value.as_array(), schema.get("items")) {
            for (n, member) in members.iter().enumerate() {
                self.check(items, member, &format!("{at}[{n}]"));
            }
        }
    }
}

/// Takes a schema apart, references and all.
fn gather<'a>(spec: &'a Spec, schema: &'a Value, whole: &mut Whole<'a>, depth: usize) {
    let schema = spec.resolved(schema);
    if depth > 20 {
        return;
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        gather(spec, part, whole, depth + 1);
    }
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        whole.fields.entry(name).or_default().push(field);
    }
    whole.required.extend(schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str));
    whole.closed |= schema["additionalProperties"] == false;
    whole.parts.push(schema);
}
