//! Which operation of a specification a call is.

use dipper::sandbox::bitbucket::Edition;
use serde_json::Value;

use super::Spec;

/// An operation, and what the call's path says to it.
pub struct Operation<'a> {
    pub template: &'a str,
    pub op: &'a Value,
    /// The parameters of the path and of the operation.
    pub parameters: Vec<&'a Value>,
    /// What stands in the path for each of its parameters.
    pub values: Vec<(&'a str, String)>,
}

impl Spec {
    /// A call's path as the specification writes it; nothing where it has no word about such paths.
    pub fn within<'a>(&self, path: &'a str) -> Option<std::borrow::Cow<'a, str>> {
        match self.edition {
            Edition::Cloud => path.strip_prefix("/2.0").map(Into::into),
            Edition::DataCenter if path.starts_with("/rest/oauth2/") => None,
            Edition::DataCenter => {
                path.strip_prefix("/rest").map(|path| path.replacen("/1.0/", "/latest/", 1).into())
            }
        }
    }

    /// The operation that a path and a method mean: of several, the one that says most by itself.
    pub fn operation(&self, method: &str, path: &str) -> Option<Operation<'_>> {
        let paths = self.root["paths"].as_object().expect("paths");
        let method = method.to_lowercase();
        let found = paths.iter().filter_map(|(template, item)| {
            let op = item.get(&method)?;
            let lists = [&item["parameters"], &op["parameters"]];
            let parameters =
                || lists.into_iter().filter_map(Value::as_array).flatten().map(|one| self.resolved(one));
            let takes_slashes =
                |one: &Value, name: &str| one["name"] == name && one["schema"]["pattern"] == ".*";
            let deep = |name: &str| name == "path" || parameters().any(|one| takes_slashes(one, name));
            // A path that may be anything may also be none, and then its slash is left away as well.
            let bare =
                || filled(template, &format!("{path}/"), &deep).filter(|_| template.ends_with("/{path}"));
            let values = filled(template, path, &deep).or_else(bare)?;
            Some(Operation { template, op, parameters: parameters().collect(), values })
        });
        found.max_by_key(|operation| literal(operation.template))
    }

    pub fn resolved<'a>(&'a self, value: &'a Value) -> &'a Value {
        value["$ref"].as_str().map_or(value, |reference| self.at(reference))
    }
}

/// How many letters of a template are its own.
fn literal(template: &str) -> usize {
    let mut inside = false;
    let own = template.chars().filter(|c| {
        inside = (inside || *c == '{') && *c != '}';
        !inside
    });
    own.count()
}

/// What a path puts in a template's places, if it fits; a deep place takes slashes too.
fn filled<'a>(template: &'a str, path: &str, deep: &dyn Fn(&str) -> bool) -> Option<Vec<(&'a str, String)>> {
    let Some(start) = template.find('{') else {
        return (template == path).then(Vec::new);
    };
    let rest = path.strip_prefix(&template[..start])?;
    let (name, after) = template[start + 1..].split_once('}')?;
    let longest = if deep(name) { rest.len() } else { rest.find('/').unwrap_or(rest.len()) };
    let shortest = usize::from(!deep(name));
    (shortest..=longest).rev().filter(|end| rest.is_char_boundary(*end)).find_map(|end| {
        let mut values = filled(after, &rest[end..], deep)?;
        values.insert(0, (name, rest[..end].to_owned()));
        Some(values)
    })
}
