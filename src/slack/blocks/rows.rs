//! Rows of a listing → `section` blocks, each with its button at its end, or below it where there are two. A
//! section has no rich text: what people wrote is disarmed there as in facts.

use serde_json::{Value, json};

use super::{buttons, quiet, size};
use crate::words::message::{Button, Row};

/// How many rows there are at most.
const MOST: usize = 30;
/// Where the numbers of their buttons begin, so that none is another's below the message.
const FIRST: usize = 100;

/// What became of the rows.
pub(super) struct Laid {
    pub(super) blocks: Vec<Value>,
    /// How many rows found no room.
    pub(super) hidden: usize,
    /// The buttons that carry more than a button can.
    pub(super) too_large: Vec<Button>,
}

/// Lays rows out in blocks that take at most so much room.
pub(super) fn lay(rows: &[Row], room: usize) -> Laid {
    let mut laid = Laid { blocks: Vec::new(), hidden: 0, too_large: Vec::new() };
    let mut left = room;
    for (at, row) in rows.iter().enumerate() {
        let blocks = drawn(at, row, &mut laid.too_large);
        let cost: usize = blocks.iter().map(|block| size(block) + 1).sum();
        if at >= MOST || cost > left {
            laid.hidden = rows.len() - at;
            break;
        }
        left -= cost;
        laid.blocks.extend(blocks);
    }
    laid
}

fn drawn(at: usize, row: &Row, too_large: &mut Vec<Button>) -> Vec<Value> {
    let said = quiet::marked(&row.line);
    let said = if said.trim().is_empty() { "–".to_owned() } else { said };
    let mut block = json!({"type": "section", "text": {"type": "mrkdwn", "text": said, "verbatim": true}});
    let both = [(FIRST, &row.button), (FIRST + MOST, &row.other)];
    let mut elements = Vec::new();
    for (first, button) in both {
        match button.as_ref().map(|button| (button, buttons::one(first + at, button))) {
            Some((_, Some(element))) => elements.push(element),
            Some((button, None)) => too_large.push(button.clone()),
            None => {}
        }
    }
    match elements.as_slice() {
        [] => vec![block],
        [one] => {
            block["accessory"] = one.clone();
            vec![block]
        }
        several => vec![block, json!({"type": "actions", "elements": several})],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::message::{Action, Line};

    #[test]
    fn a_row_is_inert_and_keeps_its_button() {
        let button = Button::new("Approve", Action::named("pr.approve").with("pr", "web/api#1"));
        let row = Row { line: Line::new().text("<!channel> *x*"), button: Some(button), other: None };
        let block = &lay(&[row], 5_000).blocks[0];
        assert_eq!(block["text"]["text"], "&lt;!channel&gt; ∗x∗");
        assert_eq!(block["accessory"]["action_id"], "act:100");
    }

    #[test]
    fn what_finds_no_room_is_counted() {
        let rows: Vec<Row> = (0..60)
            .map(|at| Row { line: Line::new().text(format!("row {at}")), button: None, other: None })
            .collect();
        assert_eq!((lay(&rows, 50_000).blocks.len(), lay(&rows, 50_000).hidden), (30, 30));
        assert_eq!(lay(&rows, 200).blocks.len(), 2);
    }
}
