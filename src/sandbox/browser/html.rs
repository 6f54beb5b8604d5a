//! What the browser makes of HTML: words, forms and buttons.

/// A form as it stands on a page.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) method: String,
    pub(super) action: String,
    pub(super) fields: Vec<(String, String)>,
    pub(super) buttons: Vec<FormButton>,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct FormButton {
    pub(super) label: String,
    pub(super) field: Option<(String, String)>,
}

/// A page's words: tags stripped, entities decoded, spaces folded.
pub(super) fn words(html: &str) -> String {
    let mut words = String::new();
    let mut hidden: Option<&str> = None;
    for piece in pieces(html) {
        match piece {
            Piece::Tag(tag) => {
                let name = tag_name(tag);
                match hidden {
                    Some(end) if name.strip_prefix('/') == Some(end) => hidden = None,
                    Some(_) => {}
                    None => hidden = ["style", "script", "title"].into_iter().find(|one| *one == name),
                }
                words.push(' ');
            }
            Piece::Text(text) if hidden.is_none() => words.push_str(&decoded(text)),
            Piece::Text(_) => {}
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What HTML is made of.
enum Piece<'a> {
    Tag(&'a str),
    Text(&'a str),
}

/// HTML cut at its angle brackets; comments are dropped.
fn pieces(html: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        found.push(Piece::Text(&rest[..open]));
        let (tag, after) = if let Some(comment) = rest[open..].strip_prefix("<!--") {
            ("!", comment.split_once("-->").map_or("", |(_, after)| after))
        } else {
            let end = tag_end(&rest[open..]);
            (&rest[open + 1..open + end], rest.get(open + end + 1..).unwrap_or_default())
        };
        found.push(Piece::Tag(tag));
        rest = after;
    }
    found.push(Piece::Text(rest));
    found
}

/// Where a tag ends: at a bracket that is not inside quotes.
fn tag_end(tag: &str) -> usize {
    let mut quote = None;
    for (at, c) in tag.char_indices() {
        match (quote, c) {
            (None, '>') => return at,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
    }
    tag.len()
}

fn tag_name(tag: &str) -> String {
    let name = tag.split([' ', '\n', '\t', '\r']).next().unwrap_or_default();
    name.to_ascii_lowercase()
}

/// A tag's attribute, decoded; an attribute without a value is empty.
fn attribute(tag: &str, wanted: &str) -> Option<String> {
    let mut rest = tag.split_once(char::is_whitespace)?.1.trim_start();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
        let name = &rest[..end];
        rest = rest[end..].trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            (value, rest) = match after.chars().next() {
                Some(quote @ ('"' | '\'')) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
                _ => after.split_at(after.find(char::is_whitespace).unwrap_or(after.len())),
            };
        }
        if name.eq_ignore_ascii_case(wanted) {
            return Some(decoded(value));
        }
        rest = rest.trim_start();
        if name.is_empty() {
            rest = rest.get(1..).unwrap_or_default();
        }
    }
    None
}

/// Every form of a page with its fields and buttons.
pub(super) fn forms(html: &str) -> Vec<Form> {
    let mut found: Vec<Form> = Vec::new();
    let mut open: Option<Form> = None;
    let mut button: Option<FormButton> = None;
    for piece in pieces(html) {
        let tag = match piece {
            Piece::Tag(tag) => tag,
            Piece::Text(text) => {
                if let Some(button) = &mut button {
                    button.label.push_str(&decoded(text));
                }
                continue;
            }
        };
        match (tag_name(tag).as_str(), &mut open) {
            ("form", _) => {
                open = Some(Form {
                    method: attribute(tag, "method").unwrap_or_default().to_ascii_lowercase(),
                    action: attribute(tag, "action").unwrap_or_default(),
                    ..Form::default()
                });
            }
            ("/form", _) => found.extend(open.take()),
            ("input", Some(form)) => add_input(form, tag),
            ("button", Some(_)) => {
                let field = named_value(tag);
                button = Some(FormButton { label: String::new(), field });
            }
            ("/button", Some(form)) => {
                if let Some(mut done) = button.take() {
                    done.label = done.label.split_whitespace().collect::<Vec<_>>().join(" ");
                    form.buttons.push(done);
                }
            }
            _ => {}
        }
    }
    found.extend(open);
    found
}

fn add_input(form: &mut Form, tag: &str) {
    let kind = attribute(tag, "type").unwrap_or_default().to_ascii_lowercase();
    match kind.as_str() {
        "submit" => form
            .buttons
            .push(FormButton { label: attribute(tag, "value").unwrap_or_default(), field: named_value(tag) }),
        "checkbox" | "radio" if attribute(tag, "checked").is_none() => {}
        _ => form.fields.extend(named_value(tag)),
    }
}

fn named_value(tag: &str) -> Option<(String, String)> {
    let name = attribute(tag, "name").filter(|name| !name.is_empty())?;
    Some((name, attribute(tag, "value").unwrap_or_default()))
}

/// Text without its entities.
fn decoded(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let entity = after.split_once(';').and_then(|(name, after)| Some((character(name)?, after)));
        let (c, after) = entity.unwrap_or(('&', after));
        plain.push(c);
        rest = after;
    }
    plain.push_str(rest);
    plain
}

fn character(entity: &str) -> Option<char> {
    let code = entity.strip_prefix('#');
    match (entity, code) {
        ("amp", _) => Some('&'),
        ("lt", _) => Some('<'),
        ("gt", _) => Some('>'),
        ("quot", _) => Some('"'),
        ("apos", _) => Some('\''),
        ("nbsp", _) => Some(' '),
        (_, Some(code)) => {
            let number = match code.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => code.parse(),
            };
            number.ok().and_then(char::from_u32)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{attribute, forms, words};

    const HTML: &str = "<title>x</title><!-- <b>no</b> --><h1>Hi &amp; welcome</h1>\
        <form method=POST action='/a?b=1&amp;c=2'><input type=hidden name=\"t\" value=\"a&quot;>b\">\
        <input type=checkbox name=off><button name=go value=1> Sign\n in </button></form>\
        <form><input type=submit value=Deny></form><style>p{}</style>";

    #[test]
    fn a_page_reads_as_a_person_would_read_it() {
        assert_eq!(words(HTML), "Hi & welcome Sign in");
        let buttons = forms(HTML).into_iter().flat_map(|form| form.buttons);
        assert_eq!(buttons.map(|button| button.label).collect::<Vec<_>>(), ["Sign in", "Deny"]);
    }

    #[test]
    fn a_form_is_read_with_its_hidden_fields() {
        let form = forms(HTML).remove(0);
        assert_eq!((form.method.as_str(), form.action.as_str()), ("post", "/a?b=1&c=2"));
        assert_eq!(form.fields, [("t".to_owned(), "a\">b".to_owned())]);
        assert_eq!(form.buttons[0].field, Some(("go".to_owned(), "1".to_owned())));
    }

    #[test]
    fn broken_html_does_no_harm() {
        for html in ["<", "<form", "<a b='", "&#x110000;", "<!--", "<form><button", "<é ü=ö", "<a =b =>"] {
            let _ = (words(html), forms(html), attribute(html, "b"));
        }
    }
}
