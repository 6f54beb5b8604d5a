//! What Slack says over a web socket: greetings, warnings, and envelopes to be acknowledged.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::words::work::Door;

/// One thing said.
#[derive(Debug)]
pub enum Said<'a> {
    /// The socket may be used; with how many of the app's there are.
    Hello(Option<u64>),
    /// Slack will close it, or has.
    Disconnect(Parting),
    /// Something for us.
    Envelope(Envelope<'a>),
    /// Nothing we know.
    Unknown,
}

/// Why Slack takes a socket away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parting {
    /// It will soon: another is to be opened first.
    Soon,
    /// Socket Mode was switched off.
    LinkDisabled,
    /// The app has too many.
    TooMany,
}

/// Something for us, and what acknowledges it.
#[derive(Debug, Clone, Copy)]
pub struct Envelope<'a> {
    /// What it is known by; what comes again has the same.
    pub id: &'a str,
    /// To which of Slack's doors it would have come over HTTP.
    pub door: Door,
    /// The payload, as it came.
    pub payload: &'a str,
    /// Whether the acknowledgement may say something.
    pub answerable: bool,
    /// Whether options are asked for while somebody types.
    pub suggestion: bool,
}

#[derive(Deserialize)]
struct Raw<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    #[serde(borrow)]
    envelope_id: Option<&'a str>,
    #[serde(borrow)]
    payload: Option<&'a RawValue>,
    accepts_response_payload: Option<bool>,
    reason: Option<String>,
    num_connections: Option<u64>,
}

#[derive(Deserialize)]
struct Kind {
    #[serde(rename = "type")]
    kind: String,
}

/// Reads one frame; none when it does not read at all.
pub fn read(frame: &str) -> Option<Said<'_>> {
    let raw: Raw<'_> = serde_json::from_str(frame).ok()?;
    let (door, answers) = match raw.kind {
        "hello" => return Some(Said::Hello(raw.num_connections)),
        "disconnect" => return Some(Said::Disconnect(parting(raw.reason.as_deref()))),
        "slash_commands" => (Door::Command, true),
        "interactive" => (Door::Interaction, true),
        "events_api" => (Door::Event, false),
        _ => return Some(Said::Unknown),
    };
    let payload = raw.payload?.get();
    let kind = || serde_json::from_str::<Kind>(payload).is_ok_and(|it| it.kind == "block_suggestion");
    Some(Said::Envelope(Envelope {
        id: raw.envelope_id.filter(|id| !id.is_empty() && id.len() <= 200)?,
        door,
        payload,
        answerable: raw.accepts_response_payload.unwrap_or(answers),
        suggestion: door == Door::Interaction && kind(),
    }))
}

fn parting(reason: Option<&str>) -> Parting {
    match reason {
        Some("link_disabled") => Parting::LinkDisabled,
        Some("too_many_websockets") => Parting::TooMany,
        _ => Parting::Soon,
    }
}

/// The acknowledgement of an envelope, with what there is to say.
pub fn acknowledgement(id: &str, says: Option<&Value>) -> String {
    match says {
        Some(says) => json!({"envelope_id": id, "payload": says}).to_string(),
        None => json!({ "envelope_id": id }).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_told_apart() {
        assert!(matches!(read(r#"{"type":"hello","num_connections":2}"#), Some(Said::Hello(Some(2)))));
        for (reason, means) in [
            ("warning", Parting::Soon),
            ("refresh_requested", Parting::Soon),
            ("something_new", Parting::Soon),
            ("link_disabled", Parting::LinkDisabled),
            ("too_many_websockets", Parting::TooMany),
        ] {
            let frame = format!(r#"{{"type":"disconnect","reason":"{reason}","debug_info":{{}}}}"#);
            assert!(matches!(read(&frame), Some(Said::Disconnect(parting)) if parting == means), "{reason}");
        }
        let frame = r#"{"envelope_id":"e1","type":"interactive","accepts_response_payload":true,
            "payload":{"type":"block_suggestion","value":"w"}}"#;
        let Some(Said::Envelope(envelope)) = read(frame) else { panic!("an envelope") };
        assert_eq!((envelope.id, envelope.suggestion, envelope.answerable), ("e1", true, true));
        assert_eq!(envelope.payload, r#"{"type":"block_suggestion","value":"w"}"#);
        assert!(matches!(read(r#"{"type":"new_thing"}"#), Some(Said::Unknown)));
        for nonsense in ["", "hello", "[]", "{}", r#"{"type":7}"#, r#"{"type":"interactive","payload":{}}"#] {
            assert!(read(nonsense).is_none(), "{nonsense}");
        }
    }
}
