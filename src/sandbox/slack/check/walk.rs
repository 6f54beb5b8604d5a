//! Walks blocks along the tables, and writes down each fault with a pointer to it.

use std::fmt::Display;
use std::ops::RangeInclusive;

use serde_json::Value;

use super::elements::ELEMENTS;
use super::kinds::BLOCKS;
use super::rules::{Field, Kind, Rule, Surface};
use super::{MARKDOWN_TEXT, repeated};

/// The faults found so far.
#[derive(Debug, Default)]
pub struct Walk {
    pub faults: Vec<String>,
}

impl Walk {
    pub fn fault(&mut self, at: &str, what: impl Display) {
        self.faults.push(format!("[ERROR] {what} [json-pointer:{at}]"));
    }

    /// All blocks of a surface, and what must hold among them.
    pub fn blocks(&mut self, blocks: &[Value], surface: Surface, most: usize, at: &str) {
        if blocks.len() > most {
            self.fault(at, format!("no more than {most} items allowed"));
        }
        let names: Vec<&str> = BLOCKS.iter().map(|it| it.name).collect();
        for (index, block) in blocks.iter().enumerate() {
            let here = format!("{at}/{index}");
            self.kind(block, &names, BLOCKS, &here);
            let kind = BLOCKS.iter().find(|it| block["type"] == it.name);
            if kind.is_some_and(|it| !it.on.contains(&surface)) {
                self.fault(&here, format!("unsupported type: {}", shown(&block["type"])));
            }
            self.action_ids(block, &here);
        }
        self.among(blocks, surface, at);
    }

    fn action_ids(&mut self, block: &Value, at: &str) {
        let elements = block["elements"].as_array().into_iter().flatten();
        if let Some(id) = repeated(elements.filter_map(|it| it["action_id"].as_str())) {
            self.fault(at, format!("`action_id` {id} already exists"));
        }
    }

    fn among(&mut self, blocks: &[Value], surface: Surface, at: &str) {
        if let Some(id) = repeated(blocks.iter().filter_map(|it| it["block_id"].as_str())) {
            self.fault(at, format!("`block_id` {id} already exists"));
        }
        let tables = blocks.iter().filter(|it| it["type"] == "table" || it["type"] == "data_table");
        if tables.count() > 1 {
            self.fault(at, "only_one_table_allowed");
        }
        let markdown = blocks.iter().filter(|it| it["type"] == "markdown");
        let markdown: usize = markdown.map(|it| length(&it["text"])).sum();
        if markdown > MARKDOWN_TEXT {
            self.fault(at, format!("no more than {MARKDOWN_TEXT} characters of markdown allowed"));
        }
        let focused = blocks.iter().filter(|it| it["element"]["focus_on_load"] == true);
        if focused.count() > 1 {
            self.fault(at, "only one element may have `focus_on_load`");
        }
        let files = |it: &&Value| it["element"]["type"] == "file_input";
        if surface != Surface::Modal && blocks.iter().any(|it| files(&it)) {
            self.fault(at, "unsupported type: file_input");
        }
    }

    /// One block, element or view: its type, its fields, and no others.
    pub fn kind(&mut self, value: &Value, names: &[&str], table: &[Kind], at: &str) {
        let Some(map) = value.as_object() else {
            return self.fault(at, "must be an object");
        };
        let Some(name) = map.get("type").and_then(Value::as_str) else {
            return self.fault(at, "missing required field: type");
        };
        let kind = table.iter().find(|it| it.name == name);
        let Some(kind) = kind.filter(|_| names.contains(&name)) else {
            return self.fault(&format!("{at}/type"), format!("unsupported type: {name}"));
        };
        for key in map.keys().filter(|_| !kind.open) {
            let own = ["type", "block_id", "action_id"].contains(&key.as_str());
            if !own && !kind.fields.iter().any(|field| field.name == key) {
                self.fault(at, format!("invalid additional property: {key}"));
            }
        }
        for id in ["block_id", "action_id"] {
            if let Some(held) = map.get(id).filter(|it| !it.is_null()) {
                self.rule(held, Rule::Words(255), value, &format!("{at}/{id}"));
            }
        }
        for field in kind.fields {
            self.field(value, field, at);
        }
        if !kind.either.is_empty() && kind.either.iter().all(|it| value[*it].is_null()) {
            self.fault(at, format!("must provide one of: {}", kind.either.join(", ")));
        }
        if kind.either.contains(&"option_groups") && kind.either.iter().all(|it| !value[*it].is_null()) {
            self.fault(at, "must provide only one of: options, option_groups");
        }
    }

    fn field(&mut self, owner: &Value, field: &Field, at: &str) {
        match owner.get(field.name).filter(|it| !it.is_null()) {
            None if field.needed => self.fault(at, format!("missing required field: {}", field.name)),
            None => {}
            Some(held) => self.rule(held, field.rule, owner, &format!("{at}/{}", field.name)),
        }
    }

    fn rule(&mut self, held: &Value, rule: Rule, owner: &Value, at: &str) {
        match rule {
            Rule::Anything => {}
            Rule::Flag if held.is_boolean() => {}
            Rule::Flag => self.fault(at, "must be a boolean"),
            Rule::Whole { min, max } => match held.as_i64() {
                Some(number) if (min..=max).contains(&number) => {}
                _ => self.fault(at, format!("must be an integer from {min} to {max}")),
            },
            Rule::Words(most) => self.words(held, 1, most, at),
            Rule::MaybeEmpty(most) => self.words(held, 0, most, at),
            Rule::OneOf(words) if words.iter().any(|it| held == it) => {}
            Rule::OneOf(words) => self.fault(at, format!("must be one of: {}", words.join(", "))),
            Rule::Plain(most) => self.text(held, &["plain_text"], most, at),
            Rule::Prose(most) => self.text(held, &["plain_text", "mrkdwn"], most, at),
            Rule::Proses { most, length } => self.each(held, 1..=most, at, |walk, it, at| {
                walk.text(it, &["plain_text", "mrkdwn"], length, at);
            }),
            Rule::Part(kinds) => self.part(held, kinds, at),
            Rule::Parts { min, max, kinds } => self.each(held, min..=max, at, |walk, it, at| {
                walk.part(it, kinds, at);
            }),
            other => self.list_rule(held, other, owner, at),
        }
    }

    fn list_rule(&mut self, held: &Value, rule: Rule, owner: &Value, at: &str) {
        let plain: &[&str] = &["plain_text"];
        match rule {
            Rule::Options { min, max } => {
                self.each(held, min..=max, at, |walk, it, at| walk.option(it, plain, at));
            }
            Rule::Boxes { min, max } => self.each(held, min..=max, at, |walk, it, at| {
                walk.option(it, &["plain_text", "mrkdwn"], at);
            }),
            Rule::Groups => self.each(held, 1..=100, at, |walk, group, at| {
                walk.text(&group["label"], plain, 75, &format!("{at}/label"));
                let options = format!("{at}/options");
                walk.each(&group["options"], 1..=100, &options, |walk, it, at| {
                    walk.option(it, plain, at);
                });
            }),
            Rule::Choice => self.choice(held, owner, at),
            Rule::Choices => self.each(held, 1..=100, at, |walk, it, at| walk.choice(it, owner, at)),
            Rule::Confirm => self.confirm(held, at),
            Rule::Strings(most) => self.each(held, 0..=most, at, |walk, it, at| walk.words(it, 1, 255, at)),
            Rule::Rows => self.each(held, 1..=100, at, |walk, row, at| {
                walk.each(row, 1..=20, at, |_, _, _| {});
            }),
            Rule::Many(most) => self.each(held, 1..=most, at, |_, _, _| {}),
            _ => {}
        }
    }

    fn each(
        &mut self,
        held: &Value,
        many: RangeInclusive<usize>,
        at: &str,
        mut check: impl FnMut(&mut Self, &Value, &str),
    ) {
        let Some(list) = held.as_array() else {
            return self.fault(at, "must be an array");
        };
        let (min, max) = (*many.start(), *many.end());
        if list.len() < min {
            self.fault(at, format!("must contain at least {min} items"));
        }
        if list.len() > max {
            self.fault(at, format!("no more than {max} items allowed"));
        }
        for (index, it) in list.iter().enumerate() {
            check(self, it, &format!("{at}/{index}"));
        }
    }

    fn words(&mut self, held: &Value, least: usize, most: usize, at: &str) {
        match held.as_str().map(|text| text.chars().count()) {
            None => self.fault(at, "must be a string"),
            Some(count) if count < least => {
                self.fault(at, format!("must be more than {} characters", least - 1));
            }
            Some(count) if count > most => {
                self.fault(at, format!("must be less than {} characters", most + 1));
            }
            Some(_) => {}
        }
    }

    fn text(&mut self, held: &Value, kinds: &[&str], most: usize, at: &str) {
        let Some(map) = held.as_object() else {
            return self.fault(at, "must be a text object");
        };
        let kind = map.get("type").and_then(Value::as_str).unwrap_or_default();
        if !kinds.contains(&kind) {
            self.fault(&format!("{at}/type"), format!("unsupported type: {kind}"));
        }
        let extra = if kind == "mrkdwn" { "verbatim" } else { "emoji" };
        for key in map.keys() {
            if !["type", "text", extra].contains(&key.as_str()) {
                self.fault(at, format!("invalid additional property: {key}"));
            }
        }
        self.words(&held["text"], 1, most, &format!("{at}/text"));
    }

    fn part(&mut self, held: &Value, kinds: &[&str], at: &str) {
        let kind = held["type"].as_str().unwrap_or_default();
        if ["mrkdwn", "plain_text"].contains(&kind) && kinds.contains(&kind) {
            self.text(held, &[kind], 3000, at);
        } else {
            self.kind(held, kinds, ELEMENTS, at);
        }
    }

    fn option(&mut self, held: &Value, kinds: &[&str], at: &str) {
        self.text(&held["text"], kinds, 75, &format!("{at}/text"));
        self.words(&held["value"], 1, 75, &format!("{at}/value"));
        if let Some(more) = held.get("description").filter(|it| !it.is_null()) {
            self.text(more, kinds, 75, &format!("{at}/description"));
        }
        if let Some(url) = held.get("url").filter(|it| !it.is_null()) {
            self.words(url, 1, 3000, &format!("{at}/url"));
        }
        for key in held.as_object().into_iter().flatten().map(|(key, _)| key) {
            if !["text", "value", "description", "url"].contains(&key.as_str()) {
                self.fault(at, format!("invalid additional property: {key}"));
            }
        }
    }

    fn choice(&mut self, held: &Value, owner: &Value, at: &str) {
        self.option(held, &["plain_text", "mrkdwn"], at);
        let groups = owner["option_groups"].as_array().into_iter().flatten();
        let lists = groups.map(|it| &it["options"]).chain([&owner["options"]]);
        let mut offered = lists.filter_map(Value::as_array).flatten().peekable();
        if offered.peek().is_some() && !offered.any(|it| it == held) {
            self.fault(at, "must match one of the options");
        }
    }

    fn confirm(&mut self, held: &Value, at: &str) {
        let plain: &[&str] = &["plain_text"];
        self.text(&held["title"], plain, 100, &format!("{at}/title"));
        self.text(&held["text"], &["plain_text", "mrkdwn"], 300, &format!("{at}/text"));
        for key in ["confirm", "deny"] {
            self.text(&held[key], plain, 30, &format!("{at}/{key}"));
        }
        let style = &held["style"];
        if !style.is_null() && style != "primary" && style != "danger" {
            self.fault(&format!("{at}/style"), "must be one of: primary, danger");
        }
    }

    /// The answer to a `block_suggestion`: options or groups, either possibly empty.
    pub fn suggestions(&mut self, answer: &Value) {
        let plain: &[&str] = &["plain_text"];
        match (answer.get("options"), answer.get("option_groups")) {
            (Some(options), None) => {
                self.each(options, 0..=100, "/options", |walk, it, at| {
                    walk.option(it, plain, at);
                });
            }
            (None, Some(groups)) => {
                if groups.as_array().is_none_or(|list| !list.is_empty()) {
                    self.list_rule(groups, Rule::Groups, answer, "/option_groups");
                }
            }
            _ => self.fault("", "must provide one of: options, option_groups"),
        }
    }
}

fn length(value: &Value) -> usize {
    value.as_str().map_or(0, |text| text.chars().count())
}

fn shown(value: &Value) -> &str {
    value.as_str().unwrap_or("?")
}
