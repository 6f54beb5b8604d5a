//! A method's arguments, whether they came as JSON, as a form or in the query.

use axum::http::{Method as Verb, header};
use serde_json::{Map, Value};

use super::{Asked, Refusal};

/// The arguments by name; absent, null and empty are the same.
#[derive(Debug)]
pub(super) struct Args(Map<String, Value>);

impl Args {
    /// Reads them; a method that takes no JSON does not see a JSON body.
    pub(super) fn read(asked: &Asked, takes_json: bool) -> Result<Self, Refusal> {
        let mut map = pairs(asked.query.as_bytes());
        if asked.verb == Verb::GET || asked.body.is_empty() {
            return Ok(Self(map));
        }
        let kind = asked.headers.get(header::CONTENT_TYPE);
        let kind = kind.and_then(|it| it.to_str().ok()).unwrap_or_default();
        match kind.split(';').next().map(str::trim).unwrap_or_default() {
            "application/x-www-form-urlencoded" => map.extend(pairs(&asked.body)),
            "application/json" if takes_json => map.extend(object(&asked.body)?),
            "application/json" => {}
            "" => return Err(Refusal::mistake("missing_post_type", Vec::new())),
            _ => return Err(Refusal::mistake("invalid_post_type", Vec::new())),
        }
        Ok(Self(map))
    }

    /// The body of a response URL: JSON, or a form whose `payload` is JSON.
    pub(super) fn of_response(body: &[u8]) -> Option<Self> {
        let form = || {
            let payload = pairs(body).remove("payload")?;
            object(payload.as_str()?.as_bytes()).ok()
        };
        object(body).ok().or_else(form).map(Self)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|it| !it.is_null() && it.as_str() != Some(""))
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// The text of an argument the method table requires.
    pub(super) fn needed(&self, name: &str) -> Result<String, Refusal> {
        self.text(name).ok_or_else(|| invalid(name, "must be a string"))
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.get(name).is_some_and(|it| it == true || it == "true" || it == "1" || it == 1)
    }

    pub(super) fn whole(&self, name: &str) -> Result<Option<usize>, Refusal> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        let number = text.parse().map_err(|_| invalid(name, "must be an integer"))?;
        Ok(Some(number))
    }

    /// A structure, given as such or as a string of JSON.
    pub(super) fn structure(&self, name: &str) -> Result<Option<Value>, Refusal> {
        match self.get(name) {
            Some(Value::String(text)) => {
                let parsed = serde_json::from_str(text);
                parsed.map(Some).map_err(|_| invalid(name, "must be JSON"))
            }
            other => Ok(other.cloned()),
        }
    }

    /// A list, given as such or as a string of JSON.
    pub(super) fn list(&self, name: &str, word: &str) -> Result<Option<Vec<Value>>, Refusal> {
        match self.structure(name)? {
            None => Ok(None),
            Some(Value::Array(list)) => Ok(Some(list)),
            Some(_) => Err(Refusal::mistake(word, vec![format!("[ERROR] `{name}` must be an array")])),
        }
    }

    pub(super) fn without_token(&self) -> Value {
        let mut map = self.0.clone();
        map.remove("token");
        Value::Object(map)
    }
}

fn invalid(name: &str, what: &str) -> Refusal {
    Refusal::mistake("invalid_arguments", vec![format!("[ERROR] `{name}` {what}")])
}

fn pairs(bytes: &[u8]) -> Map<String, Value> {
    url::form_urlencoded::parse(bytes)
        .map(|(key, value)| (key.into_owned(), Value::String(value.into_owned())))
        .collect()
}

fn object(bytes: &[u8]) -> Result<Map<String, Value>, Refusal> {
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(Refusal::mistake("json_not_object", Vec::new())),
        Err(_) => Err(Refusal::mistake("invalid_json", Vec::new())),
    }
}
