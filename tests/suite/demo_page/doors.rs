//! What is served to whom: only pages of our own, under this machine's own names.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use reqwest::Method;
use reqwest::header::ORIGIN;
use serde_json::json;

use super::window::Demo;

#[tokio::test]
async fn every_part_of_the_page_is_served_and_leads_nowhere_else() {
    let demo = Demo::start(1).await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sandbox/page/assets");
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let address = if name == "index.html" { "/".to_owned() } else { format!("/assets/{name}") };
        let answer = demo.request(Method::GET, &address).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{name} is not served");
        let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
        let expected = match path.extension().unwrap().to_str().unwrap() {
            "html" => "text/html",
            "css" => "text/css",
            "svg" => "image/svg+xml",
            _ => "text/javascript",
        };
        assert!(kind.starts_with(expected), "{name} is {kind}");
        let text = answer.text().await.unwrap().replace("http://www.w3.org/", "");
        for foreign in ["https://", "http://", "innerHTML", "eval("] {
            assert!(!text.contains(foreign), "{name} holds {foreign}");
        }
        let loaded = text.lines().filter(|line| line.contains("url("));
        let own = |line: &str| line.starts_with("@import url('") && !line.contains('/');
        assert!(loaded.into_iter().all(own), "{name} loads something");
    }
    demo.finish().await;
}

#[tokio::test]
async fn every_answer_forbids_what_the_page_does_not_need() {
    let demo = Demo::start(1).await;
    for path in ["/", "/assets/app.js", "/grammar", "/nothing", "/assets/nothing.js"] {
        let answer = demo.request(Method::GET, path).send().await.unwrap();
        let headers = answer.headers();
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'self'; base-uri 'none'"), "{policy}");
        assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"), "{policy}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(headers[name], value, "{path}");
        }
    }
    demo.finish().await;
}

#[tokio::test]
async fn a_name_that_somebody_led_here_is_refused() {
    let demo = Demo::start(1).await;
    let (_, port) = demo.address().rsplit_once(':').unwrap();
    for host in ["127.0.0.1", "localhost", "[::1]", "127.0.0.2"] {
        assert_eq!(demo.under(&format!("{host}:{port}"), "/").await, 200, "{host}");
    }
    for host in ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "192.168.0.7", "[::2]"] {
        assert_eq!(demo.under(&format!("{host}:{port}"), "/").await, 403, "{host}");
        assert_eq!(demo.under(&format!("{host}:{port}"), "/events").await, 403, "{host}");
    }
    for host in ["127.0.0.1", "127.0.0.1:1", "localhost:80", "", "a b", "127.0.0.1:99999"] {
        assert_eq!(demo.under(host, "/").await, 403, "{host}");
    }
    demo.finish().await;
}

#[tokio::test]
async fn somebody_elses_page_can_neither_act_nor_look() {
    let demo = Demo::start(1).await;
    let deed = json!({"as": "ada", "do": "home"}).to_string();
    let act = || demo.client.post(format!("{}/act", demo.base)).body(deed.clone());
    let act = || act().header("content-type", "application/json");
    let origins = ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1"];
    for origin in origins {
        assert_eq!(act().header(ORIGIN, origin).send().await.unwrap().status(), 403, "{origin}");
        let events = demo.client.get(format!("{}/events", demo.base)).header(ORIGIN, origin);
        assert_eq!(events.send().await.unwrap().status(), 403, "{origin}");
    }
    assert_eq!(act().send().await.unwrap().status(), 403, "without an origin");
    for site in ["cross-site", "same-site"] {
        let events = demo.client.get(format!("{}/events", demo.base)).header("sec-fetch-site", site);
        assert_eq!(events.send().await.unwrap().status(), 403, "{site}");
    }
    assert_eq!(act().header(ORIGIN, &demo.base).send().await.unwrap().status(), 200);
    demo.finish().await;
}

#[tokio::test]
async fn what_does_not_read_is_answered_in_words() {
    let demo = Demo::start(1).await;
    let post = |body: &'static str, kind: &'static str| {
        demo.request(Method::POST, "/act").body(body).header("content-type", kind)
    };
    for (body, kind) in [("{", "application/json"), ("{}", "text/plain"), ("", "application/json")] {
        let answer = post(body, kind).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{body}");
        assert_eq!(answer.text().await.unwrap(), r#"{"ok":false,"why":"This is no JSON."}"#);
    }
    for (deed, says) in [
        (json!({"as": "nobody", "do": "home"}), "Nobody of this demo is called so."),
        (json!({"as": "jonas", "do": "home"}), "Nobody of this demo is called so."),
        (json!({"as": "ada", "do": "fly"}), "That cannot be done: unknown variant `fly`"),
        (json!({"as": "ada"}), "That cannot be done: missing field `do`"),
        (json!({"as": "ada", "do": "say", "channel": 1}), "That cannot be done: invalid type"),
    ] {
        let (status, answer) = demo.act(&deed).await;
        assert_eq!(status, 400, "{answer}");
        assert!(answer["why"].as_str().unwrap().starts_with(says), "{answer}");
    }
    let nobody = demo.request(Method::GET, "/events?as=nobody").send().await.unwrap();
    assert_eq!(nobody.status(), 404);
    demo.finish().await;
}

#[tokio::test]
async fn suggestions_are_the_bots_own_grammar() {
    let demo = Demo::start(1).await;
    let answer = demo.request(Method::GET, "/grammar").send().await.unwrap();
    let grammar: serde_json::Value = answer.json().await.unwrap();
    let entries = grammar["entries"].as_array().unwrap();
    let offered: BTreeSet<&str> = entries.iter().map(|it| it["usage"].as_str().unwrap()).collect();
    let known: BTreeSet<String> =
        dipper::commands::list().iter().map(|it| format!("/bb {}", it.usage())).collect();
    assert_eq!(offered, known.iter().map(String::as_str).collect());
    let open = entries.iter().find(|it| it["words"] == json!(["pr", "open"])).unwrap();
    assert_eq!(open["arguments"][1]["flag"], "--from");
    assert_eq!(open["example"].as_str().unwrap().split(' ').next(), Some("/bb"));
    demo.finish().await;
}
