//! Lines → `rich_text` blocks, and back: Slack shows the text of their elements as it is.

use serde_json::{Value, json};

use super::super::loose;
use super::text::{clip_in_json, length_in_json, one_line, tidy};
use super::{channel_of, date_of, mention_of, safe_url, size};
use crate::words::message::{Line, Span};
use crate::words::names::{Channel, SlackUser, Team};

/// How large one block may become.
const BLOCK: usize = 2900;
/// How much one line, or one piece of fixed text, may take of it.
const PIECE: usize = 2600;
/// What a block, a section and their commas cost besides their elements.
const FRAME: usize = 160;
/// With less room than this, no further line is begun.
const WORTH_BEGINNING: usize = 200;
/// What an element costs besides its text.
const SHELL: usize = 80;

/// What became of the lines.
pub(in crate::slack) struct Laid {
    pub(in crate::slack) blocks: Vec<Value>,
    /// How many lines found no room.
    pub(in crate::slack) hidden: usize,
}

/// Lays lines out in blocks that take at most so much room.
pub(in crate::slack) fn lay(lines: &[Line], room: usize) -> Laid {
    let rows: Vec<Row> = lines.iter().flat_map(rows_of).collect();
    let mut sheet = Sheet { left: room, ..Sheet::default() };
    let mut rows = rows.iter();
    let missed = rows.by_ref().map(|row| sheet.add(row)).find(|missed| *missed > 0);
    Laid { hidden: missed.unwrap_or(0) + rows.map(Row::height).sum::<usize>(), blocks: sheet.finish() }
}

/// What is laid out in one go.
enum Row<'a> {
    Spans(Vec<&'a Span>),
    Fixed(String),
}

impl Row<'_> {
    fn height(&self) -> usize {
        match self {
            Self::Spans(_) => 1,
            Self::Fixed(text) => text.split('\n').count(),
        }
    }
}

fn rows_of(line: &Line) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    let mut spans = Vec::new();
    for span in &line.0 {
        if let Span::Block(text) = span {
            if !spans.is_empty() {
                rows.push(Row::Spans(std::mem::take(&mut spans)));
            }
            rows.extend(pieces(&tidy(text)).into_iter().map(Row::Fixed));
        } else {
            spans.push(span);
        }
    }
    if !spans.is_empty() || rows.is_empty() {
        rows.push(Row::Spans(spans));
    }
    rows
}

/// Fixed text in pieces that fit a block each, parted between lines.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for line in text.trim_end_matches('\n').split('\n') {
        let line = clip_in_json(line, PIECE - SHELL);
        match pieces.last_mut() {
            Some(last) if length_in_json(last) + length_in_json(&line) + 2 <= PIECE - SHELL => {
                last.push('\n');
                last.push_str(&line);
            }
            _ => pieces.push(line),
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// The blocks so far, and the one being filled.
#[derive(Default)]
struct Sheet {
    blocks: Vec<Value>,
    parts: Vec<Value>,
    run: Vec<Value>,
    filled: usize,
    left: usize,
}

impl Sheet {
    /// Adds a row, and says how many of its lines found no room.
    fn add(&mut self, row: &Row<'_>) -> usize {
        if self.left < FRAME + WORTH_BEGINNING {
            return row.height();
        }
        match row {
            Row::Spans(spans) => {
                let elements = elements(spans, (self.left - FRAME).min(PIECE));
                self.make_room(elements.iter().map(|element| size(element) + 1).sum());
                self.add_line(elements);
                0
            }
            Row::Fixed(text) => self.add_fixed(text),
        }
    }

    fn add_line(&mut self, elements: Vec<Value>) {
        if !self.run.is_empty() {
            push(&mut self.run, text("\n", None));
        } else if elements.is_empty() {
            return;
        }
        for element in elements {
            push(&mut self.run, element);
        }
    }

    /// Adds as many lines of a fixed text as there is room for.
    fn add_fixed(&mut self, fixed: &str) -> usize {
        let mut room = self.left.saturating_sub(FRAME + SHELL);
        let fits = |line: &&str| {
            let cost = length_in_json(line) + 2;
            let fits = cost <= room;
            room = room.saturating_sub(cost);
            fits
        };
        let lines: Vec<&str> = fixed.split('\n').collect();
        let shown: Vec<&str> = lines.iter().copied().take_while(fits).collect();
        if !shown.is_empty() {
            let elements = [text(&shown.join("\n"), None)];
            let part = json!({"type": "rich_text_preformatted", "elements": elements});
            self.make_room(size(&part) + 1);
            self.end_section();
            self.parts.push(part);
        }
        lines.len() - shown.len()
    }

    /// Takes room in the block being filled, or begins another.
    fn make_room(&mut self, cost: usize) {
        // The end of a line costs an element of its own at worst.
        let cost = cost + size(&text("\n", None)) + 1;
        if self.filled > 0 && self.filled + cost > BLOCK {
            self.end_block();
        }
        let cost = if self.filled == 0 { cost + FRAME } else { cost };
        self.filled += cost;
        self.left = self.left.saturating_sub(cost);
    }

    fn end_section(&mut self) {
        let run = std::mem::take(&mut self.run);
        if run.iter().any(is_visible) {
            self.left = self.left.saturating_sub(50);
            self.parts.push(json!({"type": "rich_text_section", "elements": run}));
        }
    }

    fn end_block(&mut self) {
        self.end_section();
        let parts = std::mem::take(&mut self.parts);
        if !parts.is_empty() {
            self.blocks.push(json!({"type": "rich_text", "elements": parts}));
        }
        self.filled = 0;
    }

    fn finish(mut self) -> Vec<Value> {
        self.end_block();
        self.blocks
    }
}

fn is_visible(element: &Value) -> bool {
    element["type"] != "text" || element["text"].as_str().is_some_and(|text| !text.trim().is_empty())
}

/// The spans' elements, cut where the room ends.
fn elements(spans: &[&Span], room: usize) -> Vec<Value> {
    let mut elements = Vec::new();
    let mut used = 0;
    for span in spans {
        let Some(element) = element(span) else { continue };
        let cost = size(&element) + 1;
        if used + cost + SHELL <= room {
            used += cost;
            elements.push(element);
            continue;
        }
        let rest = room.saturating_sub(used + 2 * SHELL);
        let shown = clip_in_json(&words_of(span), rest);
        elements.push(text(if shown.is_empty() { "…" } else { &shown }, style_of(span)));
        break;
    }
    elements
}

fn element(span: &Span) -> Option<Value> {
    let words = words_of(span);
    let element = match span {
        Span::Link { url, .. } => safe_url(url).map(|url| {
            let words = if words.is_empty() { &url } else { &words };
            json!({"type": "link", "url": url, "text": words})
        }),
        Span::Person(person) => {
            mention_of(person).map(|id| json!({"type": "user", "user_id": id}))
        }
        Span::Channel(channel) => {
            channel_of(channel).map(|id| json!({"type": "channel", "channel_id": id}))
        }
        Span::Moment(millis) => date_of(*millis).map(|date| {
            json!({"type": "date", "timestamp": date.seconds, "format": date.format, "fallback": words})
        }),
        _ => None,
    };
    element.or_else(|| (!words.is_empty()).then(|| text(&words, style_of(span))))
}

/// What a span reads as, made harmless.
fn words_of(span: &Span) -> String {
    match span {
        Span::Text(text) | Span::Bold(text) | Span::Block(text) => tidy(text),
        Span::Code(text) | Span::Link { text, .. } => one_line(text),
        Span::Person(_) | Span::Channel(_) | Span::Moment(_) => Line(vec![span.clone()]).plain(),
    }
}

fn style_of(span: &Span) -> Option<&'static str> {
    match span {
        Span::Bold(_) => Some("bold"),
        Span::Code(_) | Span::Block(_) => Some("code"),
        _ => None,
    }
}

fn text(text: &str, style: Option<&str>) -> Value {
    match style {
        Some(style) => json!({"type": "text", "text": text, "style": {style: true}}),
        None => json!({"type": "text", "text": text}),
    }
}

/// Adds an element, as part of the one before where that looks the same.
fn push(run: &mut Vec<Value>, element: Value) {
    if let Some(last) = run.last_mut() {
        let alike =
            last["type"] == "text" && element["type"] == "text" && last.get("style") == element.get("style");
        if let (true, Some(before), Some(more)) = (alike, last["text"].as_str(), element["text"].as_str()) {
            last["text"] = json!(format!("{before}{more}"));
            return;
        }
    }
    run.push(element);
}

/// The lines that a `rich_text` block was drawn from.
pub(in crate::slack) fn lines_of(block: &Value, team: &Team) -> Vec<Line> {
    let mut lines = Vec::new();
    for part in loose::items(block, "/elements") {
        let elements = loose::items(part, "/elements");
        if part["type"] == "rich_text_preformatted" {
            let texts = elements.iter().filter_map(|element| element["text"].as_str());
            lines.push(Line(vec![Span::Block(texts.collect())]));
            continue;
        }
        let mut line = Line::new();
        for element in elements {
            match element["text"].as_str() {
                Some(words) if element["type"] == "text" => {
                    for (at, words) in words.split('\n').enumerate() {
                        if at > 0 {
                            lines.push(std::mem::take(&mut line));
                        }
                        line.0.extend((!words.is_empty()).then(|| styled(words, element)));
                    }
                }
                words => line.0.extend(span_of(element, words, team)),
            }
        }
        lines.push(line);
    }
    lines
}

fn styled(words: &str, element: &Value) -> Span {
    let words = words.to_owned();
    if loose::flag(element, "/style/bold") {
        Span::Bold(words)
    } else if loose::flag(element, "/style/code") {
        Span::Code(words)
    } else {
        Span::Text(words)
    }
}

fn span_of(element: &Value, words: Option<&str>, team: &Team) -> Option<Span> {
    match element["type"].as_str()? {
        "link" => {
            let url = element["url"].as_str()?;
            Some(Span::Link { text: words.unwrap_or(url).to_owned(), url: url.to_owned() })
        }
        "user" => {
            Some(Span::Person(SlackUser { team: team.clone(), id: element["user_id"].as_str()?.to_owned() }))
        }
        "channel" => {
            let id = element["channel_id"].as_str()?.to_owned();
            Some(Span::Channel(Channel { team: team.clone(), id }))
        }
        "date" => Some(Span::Moment(element["timestamp"].as_i64()?.saturating_mul(1000))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn team() -> Team {
        Team::new("T1")
    }

    #[test]
    fn lines_share_a_section_and_come_back_as_they_were() {
        let person = SlackUser { team: team(), id: "U1".to_owned() };
        let lines = [
            Line::new().bold("web/api#1").text(" by ").person(person),
            Line::new(),
            Line::from("type `/bb help`, see ").link("this", "https://example.com/a"),
            Line::new().moment(1_792_000_000_000),
        ];
        let laid = lay(&lines, 12_000);
        assert_eq!((laid.blocks.len(), laid.hidden), (1, 0));
        assert_eq!(lines_of(&laid.blocks[0], &team()), lines);
    }

    #[test]
    fn a_long_log_goes_on_in_further_blocks_until_the_room_ends() {
        let log: Vec<String> = (0..400).map(|at| format!("line {at} of \"a log\"")).collect();
        let laid = lay(&[Line(vec![Span::Block(log.join("\n"))])], 8_000);
        assert_eq!(laid.blocks.len(), 3);
        let shown: usize = laid.blocks.iter().map(|block| block.to_string().matches("line ").count()).sum();
        assert_eq!(shown + laid.hidden, 400);
    }

    #[test]
    fn a_long_line_is_cut_and_the_next_still_shown() {
        let laid = lay(&[Line::new().text("x".repeat(9_000)), Line::new().text("next")], 12_000);
        let drawn = json!(laid.blocks).to_string();
        assert!(drawn.contains("x…") && drawn.contains("next") && laid.hidden == 0);
    }

    #[test]
    fn an_address_that_is_none_is_no_link() {
        for url in ["javascript:alert(1)", "not an address", "https://a@evil.example/"] {
            let laid = lay(&[Line::new().link("click", url)], 1_000);
            assert!(!json!(laid.blocks).to_string().contains("\"link\""), "{url}");
        }
    }
}
