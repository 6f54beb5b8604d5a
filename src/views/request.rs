//! What somebody asks for and another decides, as those see it who are asked.

use crate::words::message::{Action, Button, Line, Message, Span, Tone};
use crate::words::names::SlackUser;
use crate::words::request::{Request, RequestKind, RequestState};

/// As it stands now: with what can be done about it while nobody has decided.
pub fn request(request: &Request) -> Message {
    let message = Message::line(line(request));
    let reason = request.what.reason.as_deref().map(|reason| Line::new().text("What for: ").text(reason));
    let message = reason.into_iter().fold(message, Message::and);
    if request.is_open() {
        let [yes, no] = buttons(request);
        return message
            .button(yes.main())
            .button(no)
            .fact(Line::new().text("Until ").moment(request.what.until));
    }
    let tone = if request.state == RequestState::Approved { Tone::Good } else { Tone::Plain };
    message.and(decided(request)).tone(tone)
}

/// `@edsger asks to write to web/api for 8h.`
pub fn line(request: &Request) -> Line {
    Line::new().person(request.what.by.clone()).join(request.what.line.clone())
}

/// Yes and no.
pub fn buttons(request: &Request) -> [Button; 2] {
    let verdict =
        |verdict: &str| Action::named("requests").with("id", request.id.to_string()).with("verdict", verdict);
    match request.what.kind {
        RequestKind::Right => {
            let give = request.what.action.clone().with("request", request.id.to_string());
            let give = match &request.what.reason {
                Some(reason) => give.with("reason", reason.as_str()),
                None => give,
            };
            [Button::new("Approve", give), Button::new("Deny", verdict("deny"))]
        }
        RequestKind::Second => {
            [Button::new("Go ahead", verdict("approve")), Button::new("Don't", verdict("deny"))]
        }
    }
}

/// What has become of it.
pub fn decided(request: &Request) -> Line {
    let by = |says: &str| named(Line::new().text(format!("{says} by ")), request.decided_by.as_ref());
    let line = match (request.state, request.what.kind) {
        (RequestState::Open, _) => Line::new().text("Nobody has decided yet"),
        (RequestState::Approved, RequestKind::Right) => by("Approved"),
        (RequestState::Approved, RequestKind::Second) => by("Agreed to"),
        (RequestState::Denied, _) => by("Denied"),
        (RequestState::Over, _) => Line::new().text("Nobody decided in time"),
        (RequestState::Withdrawn, _) => Line::new().text("Withdrawn"),
    };
    match request.why.as_deref() {
        Some(why) => line.text(": ").text(why),
        None => line.text("."),
    }
}

fn named(line: Line, user: Option<&SlackUser>) -> Line {
    match user {
        Some(user) => line.span(Span::Person(user.clone())),
        None => line.text("somebody"),
    }
}
