//! Webhook deliveries: every recording, and ten thousand things nobody ever sent.

use std::fs;
use std::sync::LazyLock;

use dipper::bitbucket::{Dropped, Edition, Event, Http, Kind, Site, SiteSettings, Unverified, event};
use dipper::clock::Clock;
use dipper::seal::Secret;
use dipper::words::names::Instance;
use dipper::words::pull_request::State;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::bitbucket_client::server::{NOW, fixtures};

fn site_with(edition: Edition, secret: &str) -> Site {
    let settings = SiteSettings {
        name: Instance::new("here"),
        edition,
        url: "https://bitbucket.example.com".parse().unwrap(),
        api_url: "https://api.bitbucket.example.com/2.0".parse().unwrap(),
        client: None,
        service_token: None,
        owner_tokens: std::collections::BTreeMap::new(),
        webhook_secrets: vec![Secret::from("another"), Secret::from(secret)],
    };
    Site::new(settings, &Http::new().unwrap(), Clock::still(NOW))
}

static CLOUD: LazyLock<Site> = LazyLock::new(|| site_with(Edition::Cloud, "hush"));
static DATA_CENTER: LazyLock<Site> = LazyLock::new(|| site_with(Edition::DataCenter, "hush"));

/// The event key a recording's name stands for: `x__pullrequest-comment_created__inline.json`.
fn key_of(edition: Edition, file: &str) -> String {
    let name = file.trim_end_matches(".json").split("__").nth(1).unwrap_or_default();
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let name = name.trim_end_matches('-');
    match edition {
        Edition::Cloud => name.replacen('-', ":", 1),
        Edition::DataCenter => name.replace('-', ":"),
    }
}

fn recordings(edition: Edition) -> Vec<(String, String, Vec<u8>)> {
    let folder = match edition {
        Edition::Cloud => "cloud-webhooks",
        Edition::DataCenter => "dc-webhooks",
    };
    let Some(folder) = fixtures(folder) else {
        return Vec::new();
    };
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let bodies = files.filter(|path| !path.to_string_lossy().ends_with(".headers.json"));
    bodies
        .map(|path| {
            let file = path.file_name().unwrap().to_string_lossy().into_owned();
            (key_of(edition, &file), file, fs::read(path).unwrap())
        })
        .collect()
}

fn assert_sound(file: &str, event: &Event) {
    assert!(event.at > 1_400_000_000_000, "{file}: {event:?}");
    assert_eq!(event.repo.to_string().parse(), Ok(event.repo.clone()), "{file}");
    let Some(pr) = &event.pull_request else {
        assert!(event.subject != event::Subject::Nothing, "{file}: {event:?}");
        return;
    };
    assert!(!pr.title.is_empty() && !pr.source.is_empty() && !pr.target.is_empty(), "{file}: {pr:?}");
    assert!(pr.updated_at > 1_400_000_000_000, "{file}: {pr:?}");
    assert_eq!(event.repo, pr.name.repo, "{file}");
    match event.kind {
        Kind::Merged => assert!(pr.state == State::Merged && pr.closed_by.is_some(), "{file}"),
        Kind::Declined => assert_eq!(pr.state, State::Declined, "{file}"),
        Kind::Approved => assert!(pr.approvals().next().is_some(), "{file}"),
        _ => {}
    }
}

/// Recordings that their authors trimmed, or that an add-on sent, end in a reason; all others of a kind
/// we know end in an event.
fn assert_outcome(edition: Edition, key: &str, file: &str, outcome: &Result<Event, Dropped>) {
    let odd = file.contains("addon") || file.starts_with("gocd__pr") || file.starts_with("buildbot__");
    let known = event::TABLE.iter().any(|row| match edition {
        Edition::Cloud => row.cloud.contains(&key),
        Edition::DataCenter => row.datacenter.contains(&key),
    });
    match outcome {
        Ok(event) => assert_sound(file, event),
        Err(Dropped::Lacks(_) | Dropped::AddOn | Dropped::Unknown(_)) => {
            assert!(odd, "{file} {key}: {outcome:?}");
        }
        Err(Dropped::NoTopic(_) | Dropped::Ping) => assert!(!known, "{file} {key}: {outcome:?}"),
        Err(Dropped::NotJson) => panic!("{file} is JSON"),
    }
}

#[test]
fn every_recorded_delivery_ends_in_an_event_or_a_reason() {
    for (edition, site) in [(Edition::Cloud, &*CLOUD), (Edition::DataCenter, &*DATA_CENTER)] {
        let mut events = 0;
        for (key, file, body) in recordings(edition) {
            let outcome = site.read_delivery(&key, &body);
            assert_outcome(edition, &key, &file, &outcome);
            events += usize::from(outcome.is_ok());
        }
        println!("{edition:?}: {events} events");
    }
}

#[test]
fn the_recorded_signatures_are_right() {
    for (folder, name) in [
        ("cloud-webhooks", "jenkins-bitbucket-branch-source__repo-push__signed"),
        ("dc-webhooks", "generic-webhook-trigger__repo-comment-added"),
    ] {
        let Some(folder) = fixtures(folder) else { return };
        let headers = fs::read(folder.join(format!("{name}.headers.json"))).unwrap();
        let headers: Value = serde_json::from_slice(&headers).unwrap();
        let body = fs::read(folder.join(format!("{name}.json"))).unwrap();
        let site = site_with(Edition::Cloud, headers["x-fixture-secret"].as_str().unwrap());
        let signature = headers["X-Hub-Signature"].as_str();
        assert_eq!(site.verify(signature, &body), Ok(()), "{name}");
        assert_eq!(site.verify(signature, &body[1..]), Err(Unverified::Wrong));
    }
}

#[test]
fn reasons_read_like_sentences() {
    for (key, body, reason) in [
        ("repo:created", "{}", "no topic carries `repo:created`"),
        ("repo:push", "{}", "it lacks the repository's name"),
        ("repo:push", r#"{"repository":{"full_name":"web/api"}}"#, "it lacks what was pushed"),
        ("x:y", "{}", "`x:y` is not an event of this Bitbucket"),
        ("pullrequest:created", "{", "it is not JSON"),
        ("pullrequest:created", "7", "it lacks everything: it is not a JSON object"),
        ("pullrequest:created", "{}", "it lacks the pull request"),
        (
            "pullrequest:created",
            r#"{"pullrequest":{"id":1,"title":"x","destination":{"repository":{"full_name":"a b/c"}}}}"#,
            "it lacks the repository's name",
        ),
        ("diagnostics:ping", r#"{"test":true}"#, "it is a test of the connection"),
    ] {
        assert_eq!(CLOUD.read_delivery(key, body.as_bytes()).unwrap_err().to_string(), reason);
    }
    let add_on = DATA_CENTER.read_delivery("pullrequest:created", b"{}").unwrap_err();
    assert_eq!(add_on, Dropped::AddOn);
}

#[test]
fn people_who_are_gone_are_someone() {
    let mut body = json!({"actor": null, "repository": null, "pullrequest": crate::bitbucket_client::server::cloud_pr("QUEUED")});
    body["pullrequest"]["author"] = Value::Null;
    body["pullrequest"]["participants"] = json!([{"user": null, "state": "approved"}, null]);
    body["pullrequest"]["source"]["repository"] = Value::Null;
    let event = CLOUD.read_delivery("pullrequest:updated", body.to_string().as_bytes()).unwrap();
    let pr = event.pull_request.unwrap();
    assert_eq!((event.actor.name.as_str(), pr.author.name.as_str()), ("someone", "someone"));
    assert_eq!((pr.state, pr.approvals().count()), (State::Open, 1));
}

fn any_key() -> impl Strategy<Value = String> {
    let keys: Vec<String> = event::TABLE
        .iter()
        .flat_map(|row| row.cloud.iter().chain(row.datacenter))
        .map(|key| (*key).to_owned())
        .collect();
    prop_oneof![9 => prop::sample::select(keys), 1 => "\\PC{0,20}"]
}

/// Values that use the words of the wire, so that they get far into the decoders.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        Just(json!("2026-01-01T00:00:00+0000")),
        Just(json!("refs/heads/main")),
    ];
    let word = prop::sample::select(vec![
        "pullrequest",
        "pullRequest",
        "actor",
        "repository",
        "full_name",
        "destination",
        "source",
        "branch",
        "name",
        "id",
        "title",
        "state",
        "participants",
        "reviewers",
        "user",
        "fromRef",
        "toRef",
        "project",
        "key",
        "slug",
        "displayId",
        "date",
        "updated_on",
        "createdDate",
        "comment",
        "approval",
        "push",
        "changes",
        "old",
        "new",
        "target",
        "hash",
        "commits",
        "commit_status",
        "links",
        "href",
        "ref",
        "refId",
        "fromHash",
        "toHash",
        "origin",
        "fork",
    ]);
    leaf.prop_recursive(6, 60, 8, move |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            4 => prop::collection::hash_map(word.clone(), inner, 0..8)
                .prop_map(|map| map.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

fn read_both(key: &str, body: &[u8]) {
    for site in [&*CLOUD, &*DATA_CENTER] {
        if let Err(dropped) = site.read_delivery(key, body) {
            assert!(dropped.to_string().chars().count() < 120);
        }
    }
}

static BODIES: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
    let all = [Edition::Cloud, Edition::DataCenter].into_iter().flat_map(recordings);
    let mut bodies: Vec<_> = all.map(|(key, _, body)| (key, body)).collect();
    bodies.push((
        "pr:opened".to_owned(),
        json!({"pullRequest": crate::bitbucket_client::server::dc_pr("OPEN", 1)}).to_string().into(),
    ));
    bodies
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn no_invented_json_panics(key in any_key(), body in any_json()) {
        read_both(&key, body.to_string().as_bytes());
        let wrapped = json!({"pullrequest": body, "pullRequest": body, "actor": body});
        read_both(&key, wrapped.to_string().as_bytes());
    }

    #[test]
    fn no_altered_recording_panics(
        which in any::<prop::sample::Index>(),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in prop::option::weighted(0.3, any::<prop::sample::Index>()),
    ) {
        let (key, body) = which.get(&BODIES);
        let mut body = body.clone();
        for (at, with) in flips {
            let at = at.index(body.len());
            body[at] = with;
        }
        if let Some(cut) = cut {
            body.truncate(cut.index(body.len()));
        }
        let _ = CLOUD.read_delivery(key, &body);
        let _ = DATA_CENTER.read_delivery(key, &body);
    }

    #[test]
    fn no_depth_panics(key in any_key(), depth in 0_usize..3_000, piece in "(\\[|\\{\"pullrequest\":|\\{\"pullRequest\":|\\{\"actor\":)") {
        read_both(&key, piece.repeat(depth).as_bytes());
        read_both(&key, format!("{{\"pullrequest\":{}{}}}", "[".repeat(depth), "]".repeat(depth)).as_bytes());
    }

    #[test]
    fn no_noise_panics(key in any_key(), body in prop::collection::vec(any::<u8>(), 0..200)) {
        read_both(&key, &body);
    }

    #[test]
    fn no_header_panics_or_passes(header in "\\PC{0,90}", body in prop::collection::vec(any::<u8>(), 0..60)) {
        prop_assert_eq!(CLOUD.verify(Some(&header), &body), Err(Unverified::Wrong));
    }
}
