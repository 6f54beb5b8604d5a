//! Modals and home tabs: opening, stacking, redrawing, closing.

use serde_json::Value;

use super::super::form::Form;
use super::{Change, World};

/// So many modals stack on each other.
const STACK: usize = 3;

impl World {
    fn fresh_hash(&mut self) -> String {
        format!("{}.{}", self.now() / 1000, self.random(8))
    }

    fn new_form(&mut self, user: &str, mut body: Value) -> Form {
        if let Some(blocks) = body.get_mut("blocks").and_then(Value::as_array_mut) {
            self.fill_in(blocks);
        }
        let id = self.id('V');
        Form { root: id.clone(), id, user: user.to_owned(), hash: self.fresh_hash(), body, ..Form::default() }
    }

    /// The modal on top for this person.
    pub fn top_form(&self, user: &str) -> Option<&Form> {
        self.views.iter().rfind(|it| it.user == user)
    }

    /// An open modal or a home tab.
    pub fn view(&self, id: &str) -> Option<&Form> {
        self.views.iter().chain(&self.homes).find(|it| it.id == id)
    }

    pub fn view_mut(&mut self, id: &str) -> Option<&mut Form> {
        self.views.iter_mut().chain(&mut self.homes).find(|it| it.id == id)
    }

    /// The view that carries this external id.
    pub fn view_by_external(&self, external: &str) -> Option<&Form> {
        let both = self.views.iter().chain(&self.homes);
        let mut both = both.filter(|it| it.body["external_id"] == external);
        both.next()
    }

    /// Opens a modal in place of whatever this person had open.
    pub fn open_view(&mut self, user: &str, body: Value) -> Form {
        self.views.retain(|it| it.user != user);
        let form = self.new_form(user, body);
        self.keep(form)
    }

    /// Opens a modal on top of the one this person has open.
    pub fn push_view(&mut self, user: &str, body: Value) -> Result<Form, &'static str> {
        let below: Vec<&Form> = self.views.iter().filter(|it| it.user == user).collect();
        let top = below.last().ok_or("not_found")?;
        if below.len() >= STACK {
            return Err("push_limit_reached");
        }
        let (root, previous) = (top.root.clone(), top.id.clone());
        let mut form = self.new_form(user, body);
        form.root = root;
        form.previous = Some(previous);
        Ok(self.keep(form))
    }

    fn keep(&mut self, form: Form) -> Form {
        self.views.push(form.clone());
        self.changed(Change::View { user: form.user.clone() });
        form
    }

    /// Draws a view anew; a stale hash is refused.
    pub fn redraw_view(
        &mut self,
        id: &str,
        mut body: Value,
        hash: Option<&str>,
    ) -> Result<Form, &'static str> {
        let there = self.view(id).ok_or("not_found")?;
        if hash.is_some_and(|it| it != there.hash) {
            return Err("hash_conflict");
        }
        if let Some(blocks) = body.get_mut("blocks").and_then(Value::as_array_mut) {
            self.fill_in(blocks);
        }
        let fresh = self.fresh_hash();
        let form = self.view_mut(id).ok_or("not_found")?;
        form.redraw(body, fresh);
        let form = form.clone();
        self.tell_view(&form);
        Ok(form)
    }

    /// Shows a home tab.
    pub fn publish_home(
        &mut self,
        user: &str,
        body: Value,
        hash: Option<&str>,
    ) -> Result<Form, &'static str> {
        let there = self.homes.iter().find(|it| it.user == user);
        if let Some(id) = there.map(|it| it.id.clone()) {
            return self.redraw_view(&id, body, hash);
        }
        let form = self.new_form(user, body);
        self.homes.push(form.clone());
        self.tell_view(&form);
        Ok(form)
    }

    /// Closes one modal, or with `all` the whole stack it is in.
    pub fn close_view(&mut self, id: &str, all: bool) {
        let Some(form) = self.view(id).cloned() else {
            return;
        };
        self.views.retain(|it| if all { it.root != form.root } else { it.id != id });
        self.tell_view(&form);
    }

    fn tell_view(&self, form: &Form) {
        let user = form.user.clone();
        self.changed(if form.body["type"] == "home" { Change::Home { user } } else { Change::View { user } });
    }
}
