//! The reader of specifications itself: what it lets pass, and what it does not.

use dipper::sandbox::bitbucket::{ApiCall, Edition};
use serde_json::json;

use crate::vendor::{Spec, exchange};

fn small() -> Spec {
    let thing = json!({
        "allOf": [{"type": "object", "properties": {"name": {"type": "string", "maxLength": 4}}},
            {"type": "object", "required": ["id"], "additionalProperties": false,
             "properties": {"id": {"type": "integer", "format": "int32"}, "kind": {"enum": ["a", "b"]},
                "at": {"type": "string", "format": "date-time"}, "more": {"type": "array",
                "items": {"$ref": "#/components/schemas/thing"}}}}],
    });
    let body = json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/thing"}}}});
    let query = json!({"name": "n", "in": "query", "schema": {"type": "integer"}, "required": true});
    let root = json!({
        "paths": {
            "/things/{id}": {"put": {"requestBody": body, "parameters": [query], "responses": {"200": body}}},
            "/things/all": {"put": {"responses": {"204": {}}}},
            "/files/{path}": {"put": {"responses": {"204": {}}}},
        },
        "components": {"schemas": {"thing": thing}},
    });
    Spec { edition: Edition::Cloud, root }
}

fn call(path: &str, query: &str, body: &str, (status, answer): (u16, &str)) -> Vec<String> {
    let call = ApiCall {
        edition: Edition::Cloud,
        method: "PUT".to_owned(),
        path: format!("/2.0{path}"),
        query: query.to_owned(),
        body: body.to_owned(),
        status,
        answer: answer.to_owned(),
        complaint: None,
        as_whom: None,
    };
    exchange::troubles(&small(), &call)
}

#[test]
fn what_is_right_passes() {
    let whole =
        r#"{"id": 1, "name": "four", "kind": "b", "more": [{"id": 2}], "at": "2026-01-02T03:04:05Z"}"#;
    assert_eq!(call("/things/7", "n=1", whole, (200, whole)), [""; 0]);
    assert_eq!(call("/things/all", "", "", (204, "")), [""; 0], "what says most by itself is meant");
    assert_eq!(call("/files/a/b.rs", "", "", (204, "")), [""; 0]);
    assert_eq!(call("/things/7", "n=1", "", (200, r#"{"id": 1, "name": null}"#)), [""; 0]);
}

#[test]
fn what_is_wrong_is_named() {
    let good = (200, r#"{"id": 1}"#);
    for (query, body, answer, why) in [
        ("n=one", "", good, "not of type"),
        ("", "", good, "is missing"),
        ("n=1&m=2", "", good, "?m is not known"),
        ("n=1", r#"{"id": 1, "nam": "x"}"#, good, "body.nam is not known"),
        ("n=1", r#"{"name": "x"}"#, good, "lacks id"),
        ("n=1", r#"{"id": 1, "name": null}"#, good, "not of type"),
        ("n=1", r#"{"id": 1, "kind": "c"}"#, good, "not one of"),
        ("n=1", r#"{"id": 1, "name": "fives"}"#, good, "too long"),
        ("n=1", r#"{"id": 1, "at": "yesterday"}"#, good, "no date-time"),
        ("n=1", r#"{"id": 3000000000}"#, good, "too large"),
        ("n=1", r#"{"id": 1, "more": [{"id": "x"}]}"#, good, "body.more[0].id"),
        ("n=1", "", (200, r#"{"id": 1, "new": 2}"#), "200.new is not known"),
        ("n=1", "", (200, "fine"), "not answered in JSON"),
        ("n=1", "", (201, "{}"), "201 is no answer"),
    ] {
        let found = call("/things/7", query, body, answer);
        assert!(found.iter().any(|line| line.contains(why)), "{query} {body}: {found:?}");
    }
    assert!(call("/nothing", "", "", (204, ""))[0].contains("in no specification"));
    assert!(call("/things/all", "", "{}", (204, ""))[0].contains("none is described"));
}
