//! Starting: what stands in the way is said in one sentence, and what may be missing does not matter.

use super::{SOON, Surroundings, sentence, until};

async fn is_ready(around: &Surroundings) -> bool {
    let answer = reqwest::get(format!("{}/health/ready", around.base)).await;
    answer.is_ok_and(|answer| answer.status() == 200)
}

#[tokio::test]
async fn a_second_bot_on_the_same_file_is_refused() {
    let around = Surroundings::new().await;
    let process = around.serve().await;
    for command in ["serve", "migrate"] {
        let refused = around.run(&[command]).await;
        assert_eq!(refused.status.code(), Some(1), "{command}");
        let said = sentence(&refused);
        assert!(said.ends_with("dipper.db` is in use by another Dipper; stop that one first"), "{said}");
    }
    assert!(is_ready(&around).await, "the first goes on");
    process.stops().await;
    assert_eq!(around.run(&["migrate"]).await.status.code(), Some(0));
}

#[tokio::test]
async fn a_bot_that_was_killed_leaves_its_file_to_the_next() {
    let around = Surroundings::new().await;
    around.serve().await.dies().await;
    around.serve().await.stops().await;
}

#[tokio::test]
async fn an_address_that_is_taken_is_named() {
    let mut around = Surroundings::new().await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    around.set("DIPPER_LISTEN", &address);
    let refused = around.run(&["serve"]).await;
    assert_eq!(refused.status.code(), Some(1));
    assert!(sentence(&refused).starts_with(&format!("can't listen on {address}")));
}

#[tokio::test]
async fn wrong_settings_are_said_in_one_sentence() {
    for (name, value, says) in [
        ("DIPPER_LISTEN", "everywhere", "DIPPER_LISTEN is `everywhere`"),
        ("DIPPER_KEYS", "short", "DIPPER_KEYS does not read"),
        ("DIPPER_KEYS", "", "DIPPER_KEYS is not set; `dipper keys new` prints one"),
        ("SLACK_BOT_TOKEN", "", "SLACK_BOT_TOKEN is not set"),
        ("SLACK_SIGNING_SECRET", "", "SLACK_SIGNING_SECRET is not set"),
        ("SLACK_API_URL", "slack", "SLACK_API_URL is `slack`"),
        ("DIPPER_LOG", "loud=very", "DIPPER_LOG is `loud=very`"),
        ("DIPPER_DATABASE_URL", "mysql://root@localhost/dipper", "the database URL does not read"),
    ] {
        let mut around = Surroundings::new().await;
        around.set(name, value);
        let refused = around.run(&["serve"]).await;
        let said = sentence(&refused);
        assert!(said.contains(says), "{said}");
        assert_eq!(refused.status.code(), Some(2), "{said}");
    }
}

#[tokio::test]
async fn a_database_that_is_not_there_is_named() {
    let mut around = Surroundings::new().await;
    around.set("DIPPER_DATABASE_URL", "postgres://nobody@127.0.0.1:1/dipper");
    let refused = around.run(&["serve"]).await;
    assert_eq!(refused.status.code(), Some(1));
    let said = sentence(&refused);
    assert!(said.starts_with("the database cannot be used now"), "{said}");
}

#[tokio::test]
async fn a_file_of_settings_that_is_not_there_is_named() {
    let around = Surroundings::new().await;
    let refused = around.run(&["--config", "nowhere.toml", "serve"]).await;
    assert_eq!(refused.status.code(), Some(2));
    assert!(sentence(&refused).starts_with("nowhere.toml can't be read"));
}

#[tokio::test]
async fn a_mistake_in_the_file_of_settings_is_pointed_at() {
    let mut around = Surroundings::new().await;
    around.unset("DIPPER_LISTEN");
    let path = around.folder.path().join("dipper.toml");
    std::fs::write(path, "dipper_log = \"info\"\ndipper_listen = \"8080\"\n").unwrap();
    let refused = around.run(&["serve"]).await;
    assert_eq!(refused.status.code(), Some(2));
    snapshot!(String::from_utf8(refused.stderr).unwrap(), @r#"
    dipper: DIPPER_LISTEN is `8080`, which is not an address like 127.0.0.1:8080
      --> dipper.toml:2:17
       |
     2 | dipper_listen = "8080"
       |                 ^^^^^^
    "#);
}

#[tokio::test]
async fn it_is_ready_without_slack_and_without_a_bitbucket() {
    let mut around = Surroundings::new().await;
    around.set("SLACK_API_URL", "http://127.0.0.1:1/api");
    around.unset("BITBUCKET_");
    let ada = around.person("ada");
    around.slack.add_channel("web", false, &[&ada]);
    let process = around.serve().await;
    println!("listening after {:?}", process.took);
    until("it is ready", SOON, async || is_ready(&around).await).await;
    let ack = ada.types("#web", "/bb subscriptions").await;
    assert_eq!((ack.status, ack.body.as_str()), (200, ""));
    process.stops().await;
}

#[tokio::test]
async fn what_many_workspaces_need_is_said() {
    for (missing, says) in [
        ("SLACK_CLIENT_SECRET", "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET belong together"),
        ("SLACK_ALLOWED_TEAMS", "SLACK_ALLOWED_TEAMS is not set"),
        ("DIPPER_PUBLIC_URL", "DIPPER_PUBLIC_URL is not set"),
    ] {
        let mut around = Surroundings::new().await;
        for name in ["SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_ALLOWED_TEAMS"] {
            around.set(name, "T1");
        }
        around.set(missing, "");
        let refused = around.run(&["serve"]).await;
        assert!(sentence(&refused).contains(says), "{}", sentence(&refused));
        assert_eq!(refused.status.code(), Some(2));
    }
}
