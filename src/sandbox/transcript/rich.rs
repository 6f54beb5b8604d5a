//! Rich text and tables as a person reads them.

use serde_json::Value;

use super::Names;

/// The lines of a rich text block.
pub(super) fn lines(block: &Value, names: &Names) -> Vec<String> {
    parts(&block["elements"]).flat_map(|it| part(it, names)).collect()
}

fn parts(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn part(part: &Value, names: &Names) -> Vec<String> {
    let whole = || parts(&part["elements"]).map(|it| span(it, names)).collect::<String>();
    match part["type"].as_str().unwrap_or_default() {
        "rich_text_section" => vec![whole()],
        "rich_text_quote" => whole().lines().map(|it| format!("> {it}")).collect(),
        "rich_text_preformatted" => vec![format!("```{}```", whole())],
        "rich_text_list" => {
            let numbered = part["style"] == "ordered";
            let items = parts(&part["elements"]).enumerate();
            let item = |(at, it): (usize, &Value)| {
                let mark = if numbered { format!("{}.", at + 1) } else { "•".to_owned() };
                let words: String = parts(&it["elements"]).map(|it| span(it, names)).collect();
                format!("{mark} {words}")
            };
            items.map(item).collect()
        }
        unknown => vec![format!("??? unknown block {unknown}")],
    }
}

fn span(span: &Value, names: &Names) -> String {
    let text = |key: &str| span[key].as_str().unwrap_or_default();
    let called = |key: &str| names.get(text(key)).map_or(text(key), String::as_str);
    match text("type") {
        "text" if span["style"]["code"] == true => format!("`{}`", text("text")),
        "link" if text("text").is_empty() => text("url").to_owned(),
        "text" | "link" => text("text").to_owned(),
        "user" => format!("@{}", called("user_id")),
        "channel" => format!("#{}", called("channel_id")),
        "usergroup" => format!("@{}", called("usergroup_id")),
        "broadcast" => format!("@{}", text("range")),
        "emoji" => format!(":{}:", text("name")),
        "date" => text("fallback").to_owned(),
        "color" => text("value").to_owned(),
        unknown => format!("??? unknown block {unknown}"),
    }
}

/// The rows of a table.
pub(super) fn table(block: &Value, names: &Names) -> Vec<String> {
    let cell = |it: &Value| match it["type"].as_str() {
        Some("rich_text") => lines(it, names).join(" "),
        _ => it["text"].as_str().unwrap_or_default().to_owned(),
    };
    parts(&block["rows"]).map(|row| parts(row).map(cell).collect::<Vec<_>>().join(" | ")).collect()
}
