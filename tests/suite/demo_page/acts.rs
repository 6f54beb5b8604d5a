//! What one does in the Slack side, and what one sees of it.

use serde_json::{Value, json};

use super::window::{Demo, is_ticked, pull_request, says};

#[tokio::test]
async fn a_card_is_there_from_the_start_and_its_button_approves() {
    let demo = Demo::start(1).await;
    let mut ada = demo.window("ada").await;
    let web = ada.channel("web");
    assert!(says(&ada.state, &web, "web/api#4 Answer health checks without the database"));
    assert!(says(&ada.state, &ada.channel("payments"), "BANK/ledger#3"));
    ada.presses("web", "Approve").await;
    ada.until("the card's change", |state| says(state, &web, "approved: Ada").then_some(())).await;
    ada.until("the answer", |state| says(state, &web, "You approved ").then_some(())).await;
    ada.until("the thread", |state| says(state, &web, "\"replies\":1").then_some(())).await;
    let pr = pull_request(&ada.state, "web/api", 4).unwrap();
    assert_eq!(pr["reviewers"], json!([{"name": "ada", "verdict": "approved"}]));
    assert!(is_ticked(&ada.state, "approve") && !is_ticked(&ada.state, "command"));
    let grace = demo.window("grace").await;
    assert!(!says(&grace.state, &web, "You approved "), "what is whispered stays so");
    demo.finish().await;
}

#[tokio::test]
async fn a_command_is_typed_and_a_message_said() {
    let demo = Demo::start(1).await;
    let mut grace = demo.window("grace").await;
    let mut ada = demo.window("ada").await;
    let web = ada.channel("web");
    ada.types("web", "/bb pr show web/api#1").await;
    ada.until("the answer", |state| says(state, &web, "Limit how often").then_some(())).await;
    assert!(is_ticked(&ada.state, "command"));
    ada.types("web", "<done> & *bold* @grace").await;
    let said = "&lt;done&gt; &amp; *bold* <@U00000003>";
    grace.until("what ada said", |state| says(state, &web, said).then_some(())).await;
    for (text, why) in [
        ("  ", "There is nothing to say."),
        ("/bbb help", "/bbb is not a command here; try /bb."),
        ("/remind me", "/remind is not a command here; try /bb."),
    ] {
        assert_eq!(ada.cannot(json!({"do": "say", "channel": web, "text": text})).await, why);
    }
    demo.finish().await;
}

#[tokio::test]
async fn a_thread_is_answered() {
    let demo = Demo::start(1).await;
    let mut ada = demo.window("ada").await;
    let web = ada.channel("web");
    let card = ada.state["messages"][&web].as_array().unwrap().last().unwrap()["ts"].clone();
    let deed = |text: &str| json!({"do": "say", "channel": web, "text": text, "thread_ts": card});
    ada.does(deed("I'll have a look")).await;
    ada.until("the reply", |state| says(state, &web, "I'll have a look").then_some(())).await;
    let messages = ada.state["messages"][&web].as_array().unwrap();
    let parent = messages.iter().find(|it| it["ts"] == card).unwrap();
    assert_eq!((&parent["replies"], &parent["repliers"]), (&json!(1), &json!(["U00000002"])));
    let why = ada.cannot(deed("/bb help")).await;
    assert_eq!(why, "Slash commands do not work in threads; type it in the channel.");
    demo.finish().await;
}

/// The one element of a form's block.
fn element<'a>(form: &'a Value, block: &str) -> &'a Value {
    let blocks = form["view"]["blocks"].as_array().unwrap();
    &blocks.iter().find(|it| it["block_id"] == block).unwrap()["element"]
}

#[tokio::test]
async fn a_form_is_filled_in_with_what_it_looks_up() {
    let demo = Demo::start(1).await;
    let mut ada = demo.window("ada").await;
    ada.types("web", "/bb pr open").await;
    let form = ada.until("the form", |state| state["forms"].get(0).cloned()).await;
    let view = form["id"].clone();
    let repo = element(&form, "repo");
    let ask = |block: &str, element: &Value, query: &str| {
        json!({"do": "options", "view_id": view, "block_id": block, "action_id": element["action_id"],
            "query": query})
    };
    let found = ada.does(ask("repo", repo, "web/api")).await;
    let chosen = found["options"][0].clone();
    let change = json!({"do": "form_change", "view_id": view, "block_id": "repo",
        "action_id": repo["action_id"], "value": {"selected_option": chosen}});
    ada.does(change).await;
    let is_filled = |form: &Value| element(form, "to")["initial_option"].is_object();
    let filled = |state: &Value| state["forms"].get(0).filter(|form| is_filled(form)).cloned();
    let form = ada.until("the form that knows the main branch", filled).await;
    let (repo, from, title) = (element(&form, "repo"), element(&form, "from"), element(&form, "title"));
    let found = ada.does(ask("from", from, "retry")).await;
    let branch = found["options"][0].clone();
    let values = |text: &str| {
        json!({
            "repo": {repo["action_id"].as_str().unwrap(): {"selected_option": chosen}},
            "from": {from["action_id"].as_str().unwrap(): {"selected_option": branch}},
            "title": {title["action_id"].as_str().unwrap(): {"value": text}},
        })
    };
    let submit = |text: &str| json!({"do": "form_submit", "view_id": view, "values": values(text)});
    let refused = ada.does(submit("")).await;
    assert_eq!(refused["errors"], json!({"title": "This field must not be empty."}));
    assert!(!is_ticked(&ada.state, "form"));
    assert_eq!(ada.does(submit("Try again")).await["errors"], json!({}));
    ada.until("the pull request", |state| pull_request(state, "web/api", 5)).await;
    ada.until("the form's answer", |state| state["forms"].to_string().contains("You opened").then_some(()))
        .await;
    ada.does(json!({"do": "form_close", "view_id": view})).await;
    ada.until("the closed form", |state| state["forms"].get(0).is_none().then_some(())).await;
    assert!(is_ticked(&ada.state, "form"));
    demo.finish().await;
}

#[tokio::test]
async fn what_is_gone_cannot_be_used() {
    let demo = Demo::start(1).await;
    let ada = demo.window("ada").await;
    let web = ada.channel("web");
    let press = |more: Value| {
        let mut deed = json!({"do": "press", "block_id": "b", "action_id": "a", "action": {}});
        for (key, value) in more.as_object().unwrap() {
            deed[key] = value.clone();
        }
        deed
    };
    for (deed, why) in [
        (press(json!({"channel": web, "ts": "1.000000"})), "The message is gone."),
        (press(json!({"view_id": "V1"})), "The form is gone."),
        (press(json!({"channel": web})), "Nothing says where that stands."),
        (json!({"do": "form_close", "view_id": "V1"}), "That form is not open any more."),
        (json!({"do": "form_submit", "view_id": "V1", "values": {}}), "That form is not open any more."),
        (json!({"do": "join", "channel": "C1"}), "There is no channel C1."),
    ] {
        assert_eq!(ada.cannot(deed).await, why);
    }
    demo.finish().await;
}
