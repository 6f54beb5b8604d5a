//! A form that is filled in while somebody is at it: what Dipper put there may be put otherwise later, what
//! a person wrote is theirs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::words::message::{Field, Form, Line};

/// What a form's fields were filled with, by field, in short.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Marks(BTreeMap<String, String>);

impl Marks {
    /// Whether nothing was filled in.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a field was filled in.
    pub(super) fn has(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }

    /// Whether a field still says what it was filled with.
    pub(super) fn still(&self, field: &str, value: &str) -> bool {
        self.0.get(field).is_some_and(|mark| *mark == mark_of(value))
    }
}

/// A few characters that stand for a text; space around it does not count.
fn mark_of(value: &str) -> String {
    hex::encode(&Sha256::digest(value.trim().as_bytes())[..6])
}

/// A form that is being filled in.
pub(super) struct Sheet {
    form: Form,
    marks: Marks,
}

impl Sheet {
    /// The form as it stands, and what was filled in before. What it said above its fields was about then.
    pub(super) fn of(mut form: Form, marks: Marks) -> Self {
        form.intro.clear();
        Self { form, marks }
    }

    /// A field of it.
    pub(super) fn field(&mut self, name: &str) -> Option<&mut Field> {
        self.form.fields.iter_mut().find(|field| field.name == name)
    }

    /// What stands in a field.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        let field = self.form.fields.iter().find(|field| field.name == name)?;
        field.value.clone().filter(|value| !value.trim().is_empty())
    }

    /// Whether nobody has written anything into a field.
    fn is_ours(&self, name: &str) -> bool {
        self.value(name).is_none_or(|value| self.marks.still(name, &value))
    }

    /// Fills a field in, where nobody has written anything.
    pub(super) fn suggest(&mut self, name: &str, value: Option<String>) {
        if self.field(name).is_none() || !self.is_ours(name) {
            return;
        }
        let value = value.filter(|value| !value.trim().is_empty());
        match &value {
            Some(value) => self.marks.0.insert(name.to_owned(), mark_of(value)),
            None => self.marks.0.remove(name),
        };
        if let Some(field) = self.field(name) {
            field.value = value;
        }
    }

    /// Remembers what the form is about; whether it was about something else before.
    pub(super) fn turned_to(&mut self, about: &str) -> bool {
        let before = self.marks.0.insert("about".to_owned(), mark_of(about));
        before.is_some_and(|before| before != mark_of(about))
    }

    /// Empties a field, whoever filled it in.
    pub(super) fn clear(&mut self, name: &str) {
        self.marks.0.remove(name);
        if let Some(field) = self.field(name) {
            field.value = None;
        }
    }

    /// Leaves a field out.
    pub(super) fn without(&mut self, name: &str) {
        self.form.fields.retain(|field| field.name != name);
    }

    /// Says something above the fields.
    pub(super) fn say(&mut self, line: Line) {
        self.form.intro.push(line);
    }

    /// The form, which carries what was filled in.
    pub(super) fn done(mut self) -> Form {
        self.form.does.fields.insert("marks".to_owned(), json!(self.marks));
        self.form
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::message::{Action, FieldKind};

    fn sheet(title: Option<&str>, marks: Marks) -> Sheet {
        let fields = vec![Field::new("title", "Title", FieldKind::Text).filled(title)];
        let does = Action::named("pr.open");
        let form = Form { title: String::new(), submit: String::new(), intro: Vec::new(), fields, does };
        Sheet::of(form, marks)
    }

    #[test]
    fn what_a_person_wrote_stays_and_what_we_wrote_makes_room() {
        let mut first = sheet(None, Marks::default());
        first.suggest("title", Some("Limit the rate".to_owned()));
        let form = first.done();
        let marks: Marks = serde_json::from_value(form.does.fields["marks"].clone()).unwrap();
        assert_eq!(form.fields[0].value.as_deref(), Some("Limit the rate"));

        let mut untouched = sheet(Some("Limit the rate "), marks.clone());
        untouched.suggest("title", Some("Something else".to_owned()));
        assert_eq!(untouched.value("title").as_deref(), Some("Something else"));
        untouched.suggest("title", None);
        assert_eq!(untouched.value("title"), None);

        let mut touched = sheet(Some("My own"), marks);
        touched.suggest("title", Some("Something else".to_owned()));
        assert_eq!(touched.value("title").as_deref(), Some("My own"));
    }

    #[test]
    fn it_knows_when_it_is_about_something_else() {
        let mut sheet = sheet(None, Marks::default());
        assert!(!sheet.turned_to("web/api"));
        assert!(!sheet.turned_to("web/api"));
        assert!(sheet.turned_to("web/site"));
    }
}
