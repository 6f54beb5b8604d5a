//! Cloud's partial answers: `fields=values.hash,next`, `-links`, `+values.reviewers`.

use serde_json::{Map, Value};

use super::super::exchange::Ask;

/// What an answer should hold.
#[derive(Debug)]
pub(super) struct Fields<'a>(Vec<&'a str>);

impl<'a> Fields<'a> {
    pub(super) fn of(ask: &'a Ask) -> Self {
        let named = ask.query.iter().filter(|(name, _)| name == "fields");
        Self(named.flat_map(|(_, fields)| fields.split(',')).filter(|field| !field.is_empty()).collect())
    }

    /// Whether it is asked for on top of what is there anyway.
    pub(super) fn add(&self, path: &str) -> bool {
        self.0.iter().filter_map(|field| field.strip_prefix('+')).any(|field| field == path)
            || self.plain().any(|field| field == path)
    }

    /// A plus that was not escaped has become a blank.
    pub(super) fn spoilt(&self) -> bool {
        self.0.iter().any(|field| field.starts_with(' '))
    }

    fn plain(&self) -> impl Iterator<Item = &'a str> {
        self.0.iter().copied().filter(|field| !field.starts_with(['+', '-']))
    }

    /// Cuts an answer down to what was asked for.
    pub(super) fn cut(&self, mut whole: Value) -> Value {
        if self.plain().next().is_some() {
            let wanted = self.0.iter().filter(|field| !field.starts_with('-'));
            let paths: Vec<Vec<&str>> =
                wanted.map(|field| field.trim_start_matches('+').split('.').collect()).collect();
            whole = kept(whole, &paths);
        }
        for field in self.0.iter().filter_map(|field| field.strip_prefix('-')) {
            drop_at(&mut whole, &field.split('.').collect::<Vec<_>>());
        }
        whole
    }
}

fn kept(value: Value, paths: &[Vec<&str>]) -> Value {
    match value {
        Value::Array(members) => members.into_iter().map(|one| kept(one, paths)).collect(),
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .filter_map(|(name, value)| {
                    let below: Vec<Vec<&str>> = paths
                        .iter()
                        .filter(|path| path[0] == name || path[0] == "*")
                        .map(|path| path[1..].to_vec())
                        .collect();
                    match below.is_empty() {
                        true => None,
                        false if below.iter().any(Vec::is_empty) => Some((name, value)),
                        false => Some((name, kept(value, &below))),
                    }
                })
                .collect::<Map<_, _>>(),
        ),
        single => single,
    }
}

fn drop_at(value: &mut Value, path: &[&str]) {
    match (value, path) {
        (Value::Array(members), _) => members.iter_mut().for_each(|one| drop_at(one, path)),
        (Value::Object(fields), [name]) => {
            fields.remove(*name);
        }
        (Value::Object(fields), [name, below @ ..]) => {
            if let Some(inner) = fields.get_mut(*name) {
                drop_at(inner, below);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Fields;

    #[test]
    fn an_answer_is_cut_to_what_was_asked() {
        let page = json!({"size": 2, "next": "n", "values": [{"a": 1, "b": {"c": 2, "d": 3}}, {"a": 4}]});
        let cut = |fields: &[&str]| Fields(fields.to_vec()).cut(page.clone());
        assert_eq!(cut(&["values.a"]), json!({"values": [{"a": 1}, {"a": 4}]}));
        assert_eq!(cut(&["next", "values.b.c"]), json!({"next": "n", "values": [{"b": {"c": 2}}, {}]}));
        assert_eq!(cut(&["-values", "-size"]), json!({"next": "n"}));
        assert_eq!(cut(&["values.*"]), json!({"values": [{"a": 1, "b": {"c": 2, "d": 3}}, {"a": 4}]}));
        assert_eq!(cut(&["+values.a"]), page);
        assert!(Fields(vec!["+values.a"]).add("values.a") && Fields(vec![" values.a"]).spoilt());
    }
}
