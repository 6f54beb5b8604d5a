//! Cloud's query language: `q=state="OPEN" AND title ~ "limit"` and `sort=-updated_on`.

use std::cmp::Ordering;

use serde_json::Value;

use super::super::exchange::{Answer, Ask};
use super::answers::problem;

/// Keeps what `q` asks for, in the order of `sort`.
pub(super) fn narrow(ask: &Ask, values: &mut Vec<Value>) -> Result<(), Answer> {
    if let Some(query) = ask.param("q") {
        let wanted = Parser::new(query).whole().map_err(|why| {
            problem(400, &format!("Invalid query expression: {why}")).complaining(format!("q={query}: {why}"))
        })?;
        values.retain(|value| wanted.holds(value));
    }
    if let Some(sort) = ask.param("sort") {
        let (field, reversed) = sort.strip_prefix('-').map_or((sort, false), |field| (field, true));
        values.sort_by(|a, b| {
            let order = compare(one(a, field), one(b, field));
            if reversed { order.reverse() } else { order }
        });
    }
    Ok(())
}

/// A condition on a JSON object.
#[derive(Debug)]
enum Wanted {
    All(Vec<Wanted>),
    Any(Vec<Wanted>),
    Field(String, String, Value),
}

impl Wanted {
    fn holds(&self, object: &Value) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(object)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(object)),
            Self::Field(path, operator, value) => {
                let found = every(object, path);
                match operator.as_str() {
                    "!=" => !found.contains(&value),
                    "!~" => !found.iter().any(|one| contains(one, value)),
                    "IN" => found.iter().any(|one| listed(value, one)),
                    "NOT IN" => !found.iter().any(|one| listed(value, one)),
                    "=" if value.is_null() => found.iter().all(|one| one.is_null()),
                    "=" => found.contains(&value),
                    "~" => found.iter().any(|one| contains(one, value)),
                    _ => found.iter().any(|one| ordered(one, operator, value)),
                }
            }
        }
    }
}

fn listed(list: &Value, one: &Value) -> bool {
    list.as_array().is_some_and(|list| list.contains(one))
}

/// The addresses that a query asks for; none when it cannot be read.
pub(super) fn addresses(query: &str) -> Vec<String> {
    fn named(wanted: &Wanted, found: &mut Vec<String>) {
        match wanted {
            Wanted::All(parts) | Wanted::Any(parts) => parts.iter().for_each(|part| named(part, found)),
            Wanted::Field(path, _, value) if path == "user.email" => match value {
                Value::Array(list) => found.extend(list.iter().filter_map(Value::as_str).map(str::to_owned)),
                single => found.extend(single.as_str().map(str::to_owned)),
            },
            Wanted::Field(..) => {}
        }
    }
    let mut found = Vec::new();
    if let Ok(wanted) = Parser::new(query).whole() {
        named(&wanted, &mut found);
    }
    found
}

fn ordered(one: &Value, operator: &str, value: &Value) -> bool {
    match compare(one, value) {
        Ordering::Less => operator.starts_with('<'),
        Ordering::Greater => operator.starts_with('>'),
        Ordering::Equal => operator.ends_with('='),
    }
}

fn contains(one: &Value, part: &Value) -> bool {
    match (one.as_str(), part.as_str()) {
        (Some(one), Some(part)) => one.to_lowercase().contains(&part.to_lowercase()),
        _ => false,
    }
}

fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal)
        }
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Null, _) => Ordering::Less,
        _ => Ordering::Greater,
    }
}

/// Every value at a dotted path; a list on the way stands for each of its members.
fn every<'a>(object: &'a Value, path: &str) -> Vec<&'a Value> {
    let mut found = vec![object];
    for name in path.split('.') {
        let members = found.into_iter().flat_map(|one| match one {
            Value::Array(members) => members.iter().collect(),
            single => vec![single],
        });
        found = members.filter_map(|one| one.get(name)).collect();
    }
    found
}

fn one<'a>(object: &'a Value, path: &str) -> &'a Value {
    every(object, path).first().copied().unwrap_or(&Value::Null)
}

/// Reads a query from left to right.
struct Parser<'a> {
    rest: &'a str,
}

impl<'a> Parser<'a> {
    fn new(query: &'a str) -> Self {
        Self { rest: query }
    }

    fn whole(mut self) -> Result<Wanted, String> {
        let wanted = self.any(0)?;
        match self.rest.trim() {
            "" => Ok(wanted),
            rest => Err(format!("unexpected {rest}")),
        }
    }

    fn any(&mut self, depth: usize) -> Result<Wanted, String> {
        let mut parts = vec![self.all(depth)?];
        while self.word("OR") {
            parts.push(self.all(depth)?);
        }
        Ok(Wanted::Any(parts))
    }

    fn all(&mut self, depth: usize) -> Result<Wanted, String> {
        let mut parts = vec![self.condition(depth)?];
        while self.word("AND") {
            parts.push(self.condition(depth)?);
        }
        Ok(Wanted::All(parts))
    }

    fn condition(&mut self, depth: usize) -> Result<Wanted, String> {
        if depth > 20 {
            return Err("too many parentheses".to_owned());
        }
        if self.sign("(") {
            let inner = self.any(depth + 1)?;
            return if self.sign(")") { Ok(inner) } else { Err("a parenthesis is not closed".to_owned()) };
        }
        let field = self.name()?;
        let negated = self.word("NOT");
        if self.word("IN") {
            let operator = if negated { "NOT IN" } else { "IN" };
            return Ok(Wanted::Field(field, operator.to_owned(), self.list()?));
        }
        let operators = ["!=", "!~", ">=", "<=", "=", "~", ">", "<"];
        let operator = operators
            .into_iter()
            .find(|operator| self.sign(operator))
            .ok_or_else(|| format!("no operator after {field}"))?;
        let value = self.value()?;
        Ok(Wanted::Field(field, operator.to_owned(), value))
    }

    fn sign(&mut self, sign: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn word(&mut self, word: &str) -> bool {
        let rest = self.rest.trim_start();
        let same = rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        if same {
            self.rest = &rest[word.len()..];
        }
        same
    }

    fn name(&mut self) -> Result<String, String> {
        let rest = self.rest.trim_start();
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "._".contains(c))).unwrap_or(rest.len());
        self.rest = &rest[end..];
        match &rest[..end] {
            "" => Err("a field is missing".to_owned()),
            name => Ok(name.to_owned()),
        }
    }

    /// `("a", "b")`
    fn list(&mut self) -> Result<Value, String> {
        if !self.sign("(") {
            return Err("a list is missing".to_owned());
        }
        let mut values = vec![self.value()?];
        while self.sign(",") {
            values.push(self.value()?);
        }
        if self.sign(")") { Ok(Value::Array(values)) } else { Err("a list is not closed".to_owned()) }
    }

    fn value(&mut self) -> Result<Value, String> {
        let rest = self.rest.trim_start();
        if rest.starts_with('"') {
            let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
            let Some(Ok(value)) = values.next() else {
                return Err("a string is not closed".to_owned());
            };
            self.rest = &rest[values.byte_offset()..];
            return Ok(value);
        }
        let end = rest.find([' ', ')', ',']).unwrap_or(rest.len());
        self.rest = &rest[end..];
        match &rest[..end] {
            "" => Err("a value is missing".to_owned()),
            plain => Ok(serde_json::from_str(plain).unwrap_or_else(|_| Value::String(plain.to_owned()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Parser;

    fn holds(query: &str) -> bool {
        let object = json!({
            "id": 3, "title": "Limit the rate", "draft": false, "reason": null,
            "author": {"uuid": "{a}"}, "reviewers": [{"uuid": "{b}"}, {"uuid": "{c}"}],
            "updated_on": "2026-01-02T00:00:00+00:00",
        });
        Parser::new(query).whole().expect("a query").holds(&object)
    }

    #[test]
    fn conditions_are_joined_and_compared() {
        assert!(holds(r#"title ~ "RATE" AND author.uuid = "{a}""#));
        assert!(holds(r#"reviewers.uuid="{c}""#));
        assert!(!holds(r#"reviewers.uuid="{a}""#));
        assert!(holds(r"(id > 5 OR id <= 3) AND draft = false"));
        assert!(holds("updated_on >= 2026-01-01 AND reason = null"));
        assert!(!holds("title !~ \"limit\""));
        assert!(holds(r#"author.uuid IN ("{b}", "{a}") AND id NOT IN (4, 5)"#));
        assert!(!holds(r#"author.uuid IN ("{b}")"#));
    }

    #[test]
    fn nonsense_is_refused() {
        for query in ["", "title", "title =", "title ~ \"open", "(id = 1", "id = 1 id = 2"] {
            assert!(Parser::new(query).whole().is_err(), "{query}");
        }
    }
}
