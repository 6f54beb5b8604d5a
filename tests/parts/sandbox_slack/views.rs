//! Modals and the home tab: triggers, stacks, fields, submitting, closing.

use std::time::Duration;

use serde_json::{Value, json};

use dipper::sandbox::transcript;

use super::stage::{Stage, actions, button, input, modal, option, plain, stage};

async fn trigger(stage: &Stage) -> String {
    stage.ada.types("#web", "/bb").await;
    stage.got().field("trigger_id")
}

/// Opens this modal for ada; the view as Slack answers it.
async fn open(stage: &Stage, view: Value) -> Value {
    let trigger = trigger(stage).await;
    let answer = stage.call("views.open", json!({"trigger_id": trigger, "view": view})).await;
    assert_eq!(answer["ok"], true, "{answer}");
    answer["view"].clone()
}

fn text(id: &str, label: &str) -> Value {
    input(id, label, json!({"type": "plain_text_input", "action_id": "a"}))
}

fn read(stage: &Stage) -> String {
    let form = stage.ada.form().unwrap();
    transcript::form(&form, &stage.slack.names())
}

#[tokio::test]
async fn a_trigger_opens_one_view_within_three_seconds() {
    let stage = stage().await;
    let first = trigger(&stage).await;
    let view = modal("T", json!([]));
    let open = |trigger: &str| json!({"trigger_id": trigger, "view": view});
    assert_eq!(stage.call("views.open", open(&first)).await["ok"], true);
    assert_eq!(stage.refusal("views.open", open(&first)).await, "exchanged_trigger_id");
    let late = trigger(&stage).await;
    stage.clock.advance(Duration::from_millis(3_001));
    assert_eq!(stage.refusal("views.open", open(&late)).await, "expired_trigger_id");
    assert_eq!(stage.refusal("views.open", open("nonsense")).await, "invalid_trigger_id");
    stage.finish();
}

#[tokio::test]
async fn views_stack_three_high() {
    let stage = stage().await;
    let root = open(&stage, modal("One", json!([]))).await;
    for (title, word) in [("Two", None), ("Three", None), ("Four", Some("push_limit_reached"))] {
        let trigger = trigger(&stage).await;
        let push = json!({"trigger_id": trigger, "view": modal(title, json!([]))});
        let answer = stage.call("views.push", push).await;
        assert_eq!(answer["error"].as_str(), word);
        if word.is_none() {
            assert_eq!(answer["view"]["root_view_id"], root["id"]);
        }
    }
    assert_eq!(stage.ada.form().unwrap().title(), "Three");
    stage.ada.closes().await;
    assert_eq!(stage.ada.form().unwrap().title(), "Two");
    stage.finish();
}

#[tokio::test]
async fn a_view_is_redrawn_by_id_or_external_id_and_hash() {
    let stage = stage().await;
    let mut body = modal("One", json!([text("b", "Words")]));
    body["external_id"] = json!("mine");
    let view = open(&stage, body.clone()).await;
    stage.ada.fills("Words", "typed").await;
    let update = |key: &str, id: &Value, hash: &Value| json!({key: id, "hash": hash, "view": body});
    let by_hash = update("view_id", &view["id"], &view["hash"]);
    let drawn = stage.call("views.update", by_hash.clone()).await;
    assert_eq!(drawn["view"]["state"]["values"]["b"]["a"]["value"], "typed");
    assert_eq!(stage.refusal("views.update", by_hash).await, "hash_conflict");
    let by_external = update("external_id", &json!("mine"), &Value::Null);
    assert_eq!(stage.call("views.update", by_external).await["ok"], true);
    let second = json!({"trigger_id": trigger(&stage).await, "view": body});
    assert_eq!(stage.refusal("views.open", second).await, "duplicate_external_id");
    assert_eq!(stage.slack.forgive().len(), 1);
    stage.ada.closes().await;
    let gone = update("view_id", &view["id"], &Value::Null);
    assert_eq!(stage.refusal("views.update", gone).await, "not_found");
    let gone = update("external_id", &json!("mine"), &Value::Null);
    assert_eq!(stage.refusal("views.update", gone).await, "not_found");
    stage.finish();
}

#[tokio::test]
async fn fields_are_filled_by_what_a_person_reads() {
    let stage = stage().await;
    let options = json!([option("Fast", "f"), option("Well", "w")]);
    let of = |kind: &str, more: Value| {
        let mut element = json!({"type": kind, "action_id": "a"});
        for (key, value) in more.as_object().unwrap() {
            element[key] = value.clone();
        }
        element
    };
    open(
        &stage,
        modal(
            "Everything",
            json!([
                text("1", "Words"),
                input("2", "How", of("static_select", json!({"options": options}))),
                input("3", "Both", of("checkboxes", json!({"options": options}))),
                input("4", "Who", of("users_select", json!({}))),
                input("5", "Where", of("multi_conversations_select", json!({}))),
                input("6", "When", of("datepicker", json!({}))),
                input("7", "Which", of("radio_buttons", json!({"options": options}))),
            ]),
        ),
    )
    .await;
    for (label, value) in [
        ("Words", "hello"),
        ("How", "Well"),
        ("Both", "Fast, Well"),
        ("Who", "@grace"),
        ("Where", "#web, #den"),
        ("When", "2026-11-20"),
        ("Which", "Fast"),
    ] {
        assert!(stage.ada.fills(label, value).await.is_ok(), "{label}");
    }
    let shown = "Everything\nWords: hello\nHow: Well\nBoth: [x] Fast [x] Well\nWho: grace\n\
        Where: web, den\nWhen: 2026-11-20\nWhich: (x) Fast ( ) Well\n[Send]";
    assert_eq!(read(&stage), shown);
    assert!(stage.ada.submits().await.is_ok());
    let payload = stage.got().payload();
    let values = &payload["view"]["state"]["values"];
    assert_eq!(values["2"]["a"]["selected_option"]["value"], "w");
    assert_eq!(values["4"]["a"]["selected_user"], json!(stage.grace.id));
    assert_eq!(values["5"]["a"]["selected_conversations"], json!([stage.web, stage.den]));
    assert_eq!((&payload["type"], &payload["response_urls"]), (&json!("view_submission"), &json!([])));
    assert!(stage.ada.form().is_none());
    stage.finish();
}

#[tokio::test]
async fn what_cannot_be_filled_is_told_and_noted() {
    let stage = stage().await;
    assert!(stage.ada.fills("Words", "x").await.body.contains("no form is open"));
    assert!(stage.ada.submits().await.body.contains("no form is open"));
    open(&stage, modal("T", json!([text("b", "Words")]))).await;
    assert_eq!(stage.ada.fills("Nonsense", "x").await.body, "there is no [Nonsense], only [Words]");
    assert_eq!(stage.ada.looks_up("Words", "abc").await, [""; 0]);
    assert_eq!(stage.slack.forgive().len(), 4);
    stage.finish();
}

#[tokio::test]
async fn a_field_holds_back_what_it_does_not_allow() {
    let stage = stage().await;
    let short = json!({"type": "plain_text_input", "action_id": "a", "max_length": 3});
    let number =
        json!({"type": "number_input", "action_id": "a", "is_decimal_allowed": false, "max_value": "9"});
    open(&stage, modal("T", json!([input("b", "Short", short), input("n", "Number", number)]))).await;
    let sent = stage.got_count();
    assert_eq!(stage.ada.submits().await.status, 0);
    assert!(read(&stage).contains("Short: ____\n! This field must not be empty"));
    stage.ada.fills("Short", "long").await;
    for wrong in ["x", "1.5", "10"] {
        stage.ada.fills("Number", wrong).await;
        assert_eq!(stage.ada.submits().await.status, 0, "{wrong}");
    }
    assert_eq!(stage.got_count(), sent);
    stage.ada.fills("Short", "abc").await;
    stage.ada.fills("Number", "9").await;
    assert!(stage.ada.submits().await.is_ok());
    stage.finish();
}

#[tokio::test]
async fn an_answer_decides_what_becomes_of_the_form() {
    let stage = stage().await;
    open(&stage, modal("One", json!([text("b", "Words")]))).await;
    stage.ada.fills("Words", "x").await;
    stage.answers(200, json!({"response_action": "errors", "errors": {"b": "not that"}}));
    stage.ada.submits().await;
    assert_eq!(read(&stage), "One\nWords: x\n! not that\n[Send]");
    let working = json!({"type": "modal", "title": plain("Working"), "submit": plain("Again"), "blocks": []});
    stage.answers(200, json!({"response_action": "update", "view": working}));
    stage.ada.submits().await;
    assert_eq!(read(&stage), "Working\n[Again]");
    stage.answers(200, json!({"response_action": "push", "view": modal("Two", json!([]))}));
    stage.ada.submits().await;
    assert_eq!(read(&stage), "Two\n[Send]");
    stage.answers(500, "");
    stage.ada.submits().await;
    assert!(read(&stage).contains("! The app did not answer"));
    stage.answers(200, json!({"response_action": "clear"}));
    stage.ada.submits().await;
    assert!(stage.ada.form().is_none());
    stage.finish();
}

#[tokio::test]
async fn an_answer_slack_cannot_use_is_noted() {
    let stage = stage().await;
    open(&stage, modal("One", json!([text("b", "Words")]))).await;
    stage.ada.fills("Words", "x").await;
    for answer in [
        json!({"response_action": "errors", "errors": {"nowhere": "x"}}),
        json!({"response_action": "errors", "errors": {}}),
        json!({"response_action": "explode"}),
        json!({"response_action": "update", "view": modal(&"x".repeat(25), json!([]))}),
    ] {
        stage.answers(200, answer);
        stage.ada.submits().await;
    }
    stage.answers(200, "words");
    stage.ada.submits().await;
    assert_eq!(stage.slack.forgive().len(), 5);
    assert_eq!(stage.ada.form().unwrap().title(), "One");
}

#[tokio::test]
async fn an_external_select_asks_the_bot() {
    let stage = stage().await;
    let select = json!({"type": "external_select", "action_id": "a", "min_query_length": 2});
    open(&stage, modal("T", json!([input("b", "Repository", select)]))).await;
    let offer = json!({"options": [option("web/api", "1"), option("web/app", "2")]});
    stage.answers(200, offer.clone());
    assert_eq!(stage.ada.looks_up("Repository", "we").await, ["web/api", "web/app"]);
    let got = stage.got();
    assert_eq!(got.path, "/slack/options");
    let payload = got.payload();
    assert_eq!((&payload["type"], &payload["value"]), (&json!("block_suggestion"), &json!("we")));
    assert_eq!((&payload["action_id"], &payload["view"]["type"]), (&json!("a"), &json!("modal")));
    stage.answers(200, offer.clone());
    assert!(stage.ada.picks("Repository", "web", "web/app").await.is_ok());
    stage.ada.submits().await;
    let held = stage.got().payload()["view"]["state"]["values"]["b"]["a"].clone();
    assert_eq!(held["selected_option"]["value"], "2");
    stage.finish();
}

#[tokio::test]
async fn options_have_their_limits() {
    let stage = stage().await;
    let select = json!({"type": "external_select", "action_id": "a"});
    open(&stage, modal("T", json!([input("b", "Repository", select)]))).await;
    assert_eq!(stage.ada.looks_up("Repository", "we").await, [""; 0]);
    for answer in [
        json!({"options": vec![option("o", "v"); 101]}),
        json!({"options": [option("o", &"v".repeat(76))]}),
        json!({}),
    ] {
        stage.answers(200, answer);
        assert_eq!(stage.ada.looks_up("Repository", "web").await, [""; 0]);
    }
    let noted = stage.slack.forgive();
    assert_eq!(noted.len(), 4);
    assert!(noted[0].contains("at least 3 letters"));
    stage.answers(200, json!({"options": []}));
    assert_eq!(stage.ada.looks_up("Repository", "web").await, [""; 0]);
    stage.finish();
}

#[tokio::test]
async fn closing_is_told_where_asked_for() {
    let stage = stage().await;
    let mut view = modal("One", json!([]));
    open(&stage, view.clone()).await;
    let before = stage.got_count();
    stage.ada.closes().await;
    assert_eq!(stage.got_count(), before);
    view["notify_on_close"] = json!(true);
    view["clear_on_close"] = json!(true);
    open(&stage, view).await;
    stage.ada.closes().await;
    let payload = stage.got().payload();
    assert_eq!((&payload["type"], &payload["is_cleared"]), (&json!("view_closed"), &json!(true)));
    assert!(stage.ada.form().is_none());
    stage.finish();
}

#[tokio::test]
async fn a_dispatching_field_and_a_button_act_at_once() {
    let stage = stage().await;
    let mut field = text("b", "Words");
    field["dispatch_action"] = json!(true);
    open(&stage, modal("T", json!([field, actions(json!([button("More", "m")]))]))).await;
    stage.ada.fills("Words", "x").await;
    let payload = stage.got().payload();
    assert_eq!(
        (&payload["actions"][0]["value"], &payload["container"]["type"]),
        (&json!("x"), &json!("view"))
    );
    stage.ada.presses("More").await;
    let payload = stage.got().payload();
    assert_eq!(payload["actions"][0]["value"], "m");
    assert_eq!(payload["view"]["state"]["values"]["b"]["a"]["value"], "x");
    assert_eq!(payload["response_url"], Value::Null);
    stage.finish();
}

#[tokio::test]
async fn the_home_tab_is_published_and_pressed() {
    let stage = stage().await;
    stage.ada.opens_home().await;
    let event: Value = serde_json::from_str(&stage.got().body).unwrap();
    assert_eq!((&event["event"]["type"], &event["event"]["view"]), (&json!("app_home_opened"), &Value::Null));
    let home = json!({"type": "home", "blocks": [actions(json!([button("Connect", "c")]))]});
    let publish = |hash: Value| json!({"user_id": stage.ada.id, "view": home, "hash": hash});
    let first = stage.call("views.publish", publish(Value::Null)).await;
    assert_eq!(stage.call("views.publish", publish(first["view"]["hash"].clone())).await["ok"], true);
    let outdated = publish(first["view"]["hash"].clone());
    assert_eq!(stage.refusal("views.publish", outdated).await, "hash_conflict");
    let shown = transcript::form(&stage.ada.home().unwrap(), &stage.slack.names());
    assert_eq!(shown, "[Connect]");
    stage.ada.presses_home("Connect").await;
    assert_eq!(stage.got().payload()["view"]["type"], "home");
    stage.ada.opens_home().await;
    let event: Value = serde_json::from_str(&stage.got().body).unwrap();
    assert_eq!(event["event"]["view"]["type"], "home");
    let nobody = json!({"user_id": "U9", "view": home});
    assert_eq!(stage.refusal("views.publish", nobody).await, "user_not_found");
    stage.finish();
}
