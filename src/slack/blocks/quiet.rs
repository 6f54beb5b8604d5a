//! Facts → `context` blocks, small and grey. Slack has no rich text there: a fact of mere words is
//! `plain_text`, which is not parsed; any other is mrkdwn in which people's words are disarmed.

use serde_json::{Value, json};

use super::text::{clip, disarm, escape, one_line, plain};
use super::{channel_of, date_of, mention_of, safe_url, size};
use crate::words::message::{Line, Span};

/// How many elements a block holds.
const PER_BLOCK: usize = 10;
/// How many blocks there are at most.
const MOST_BLOCKS: usize = 4;
/// How long a fact, and one of its spans, may be.
const LONGEST: usize = 600;
/// What a block costs besides its elements.
const FRAME: usize = 40;

/// What became of the facts.
pub(super) struct Laid {
    pub(super) blocks: Vec<Value>,
    /// How many facts found no room.
    pub(super) hidden: usize,
}

/// Lays facts out in blocks that take at most so much room.
pub(super) fn lay(facts: &[Line], room: usize) -> Laid {
    let facts: Vec<&Line> = facts.iter().filter(|fact| !fact.plain().trim().is_empty()).collect();
    let mut left = room.saturating_sub(FRAME * MOST_BLOCKS);
    let fits = |element: &Value| {
        let cost = size(element) + 1;
        let fits = cost <= left;
        left = left.saturating_sub(cost);
        fits
    };
    let most = facts.iter().take(PER_BLOCK * MOST_BLOCKS);
    let elements: Vec<Value> = most.map(|fact| element(fact)).take_while(fits).collect();
    Laid {
        hidden: facts.len() - elements.len(),
        blocks: elements
            .chunks(PER_BLOCK)
            .map(|chunk| json!({"type": "context", "elements": chunk}))
            .collect(),
    }
}

/// One quiet block of our own words.
pub(super) fn note(words: &[String]) -> Option<Value> {
    let elements: Vec<Value> = words.iter().map(|words| plain(words, LONGEST)).collect();
    (!elements.is_empty()).then(|| json!({"type": "context", "elements": elements}))
}

fn element(fact: &Line) -> Value {
    if fact.0.iter().all(|span| matches!(span, Span::Text(_))) {
        return plain(&fact.plain(), LONGEST);
    }
    json!({"type": "mrkdwn", "text": marked(fact), "verbatim": true})
}

/// A line as mrkdwn in which people's words are disarmed.
pub(super) fn marked(fact: &Line) -> String {
    let mut marked = String::new();
    let mut after_mark = false;
    for span in &fact.0 {
        let piece = markup(span);
        if marked.len() + piece.len() > 4 * LONGEST {
            marked.push('…');
            break;
        }
        // A mark works only at the edge of a word.
        let in_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '*' | '`'));
        let meets = in_word(marked.chars().next_back()) && in_word(piece.chars().next());
        if meets && (after_mark || is_marked(span)) {
            marked.push('\u{200B}');
        }
        marked.push_str(&piece);
        after_mark = is_marked(span);
    }
    if marked.starts_with("&gt;") { marked.replacen("&gt;", "›", 1) } else { marked }
}

fn is_marked(span: &Span) -> bool {
    matches!(span, Span::Bold(_) | Span::Code(_) | Span::Block(_))
}

fn markup(span: &Span) -> String {
    match span {
        Span::Text(text) => safe(text),
        Span::Bold(text) => enclosed('*', &safe(text)),
        Span::Code(text) | Span::Block(text) => {
            let code = clip(&one_line(text), LONGEST).replace('`', "ˋ");
            enclosed('`', &escape(&code))
        }
        Span::Link { text, url } => match safe_url(url).filter(|url| url.len() <= LONGEST) {
            Some(url) => format!("<{}|{}>", in_brackets(&url), label(text, &url)),
            None => safe(text),
        },
        Span::Person(person) => {
            mention_of(person).map_or_else(|| "someone".to_owned(), |id| format!("<@{id}>"))
        }
        Span::Channel(channel) => {
            channel_of(channel).map_or_else(|| "a channel".to_owned(), |id| format!("<#{id}>"))
        }
        Span::Moment(millis) => {
            let fallback = Line(vec![span.clone()]).plain();
            match date_of(*millis) {
                Some(date) => format!("<!date^{}^{}|{fallback}>", date.seconds, date.format),
                None => fallback,
            }
        }
    }
}

fn safe(text: &str) -> String {
    escape(&disarm(&clip(&one_line(text), LONGEST)))
}

fn label(text: &str, url: &str) -> String {
    let label = safe(text).replace('|', "∣");
    if label.trim().is_empty() { safe(url).replace('|', "∣") } else { label }
}

fn in_brackets(url: &str) -> String {
    escape(url).replace('|', "%7C")
}

/// Between two marks, which may not stand beside a space.
fn enclosed(mark: char, text: &str) -> String {
    let inner = text.trim();
    if inner.is_empty() {
        return text.to_owned();
    }
    text.replacen(inner, &format!("{mark}{inner}{mark}"), 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::names::{SlackUser, Team};

    fn drawn(fact: Line) -> String {
        let laid = lay(&[fact], 5_000);
        laid.blocks[0]["elements"][0]["text"].as_str().unwrap().to_owned()
    }

    #[test]
    fn mere_words_are_not_parsed_at_all() {
        let laid = lay(&[Line::new().text("*a* :x: <!here>")], 5_000);
        let element = &laid.blocks[0]["elements"][0];
        assert_eq!(element, &json!({"type": "plain_text", "text": "*a* :x: <!here>", "emoji": false}));
    }

    #[test]
    fn a_fact_with_more_than_words_keeps_them_inert() {
        let person = SlackUser { team: Team::new("T1"), id: "U1".to_owned() };
        let fact = Line::new().text("by ").person(person.clone()).text(" <!channel> *x* :tada:");
        assert_eq!(drawn(fact), "by <@U1> &lt;!channel&gt; ∗x∗ ∶tada:");
        let fact = Line::new().link("a|b*c*", "https://example.com/?a=1&b=2|3");
        assert_eq!(drawn(fact), "<https://example.com/?a=1&amp;b=2%7C3|a∣b∗c∗>");
        let fact = Line::new().bold(" loud ").code("a`b");
        assert_eq!(drawn(fact), " *loud* `aˋb`");
        let fact = Line::new().text("a").bold("b").code("c").text("d");
        assert_eq!(drawn(fact), "a\u{200B}*b*\u{200B}`c`\u{200B}d");
    }

    #[test]
    fn what_finds_no_room_is_counted() {
        let facts: Vec<Line> = (0..60).map(|at| Line::new().text(format!("fact {at}"))).collect();
        let laid = lay(&facts, 50_000);
        assert_eq!((laid.blocks.len(), laid.hidden), (4, 20));
        assert_eq!(lay(&facts, 400).blocks.len(), 1);
    }
}
