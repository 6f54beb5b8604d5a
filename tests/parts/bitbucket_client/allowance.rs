//! Budgets and kept answers: people before background work, one wait for all, nothing shown to another.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use dipper::bitbucket::{
    Booked, Credential, CredentialKind, Edition, Error, Ledger, Result, Site, TokenSource,
};
use dipper::seal::Secret;
use serde_json::json;

use crate::bitbucket_client::server::{Server, in_cloud, ok, repo, says};

/// A ledger that says what it is told to say.
#[derive(Debug, Default)]
struct Book {
    owed: Mutex<Duration>,
    pause: Mutex<Option<Duration>>,
    booked: Mutex<Vec<(String, Duration)>>,
    line: Mutex<Duration>,
}

#[async_trait]
impl Ledger for Book {
    async fn book(&self, payer: &str, cost: Duration, limit: Duration) -> Booked {
        let mut owed = self.owed.lock().unwrap();
        if *owed > limit {
            return Booked::Full(owed.saturating_sub(limit));
        }
        self.booked.lock().unwrap().push((payer.to_owned(), cost));
        let before = *owed;
        *owed += cost;
        Booked::Owed(before)
    }

    async fn turn(&self, _payer: &str, cost: Duration) -> Duration {
        let mut line = self.line.lock().unwrap();
        let mine = *line;
        *line += cost;
        mine
    }

    async fn pause(&self, _payer: &str, wait: Duration) {
        *self.pause.lock().unwrap() = Some(wait);
    }

    async fn paused(&self, _payer: &str) -> Option<Duration> {
        *self.pause.lock().unwrap()
    }
}

/// Somebody's token, which lasts.
struct Of(&'static str);

#[async_trait]
impl TokenSource for Of {
    async fn token(&self) -> Result<Secret> {
        Ok(self.0.into())
    }

    async fn renew(&self, _refused: &Secret) -> Result<Secret> {
        Err(Error::SignIn(dipper::words::names::Instance::new("here")))
    }

    fn credential(&self) -> Credential {
        Credential {
            kind: CredentialKind::OAuth,
            owner: Some(self.0.to_owned()),
            granted: Vec::new(),
            reads_only: false,
        }
    }
}

async fn booked(edition: Edition) -> (Server, Site, Arc<Book>) {
    let (server, _) = Server::of(edition).await;
    let book = Arc::new(Book::default());
    let site = server.site(edition).booking_in(book.clone());
    (server, site, book)
}

fn hours_share(hundredths: u32) -> Duration {
    Duration::from_hours(1) * hundredths / 100
}

#[tokio::test]
async fn a_consumer_pays_for_all_who_use_it_ten_calls_at_once() {
    let (_server, site, book) = booked(Edition::Cloud).await;
    for who in ["ada", "bob"] {
        for _ in 0..6 {
            site.as_person(Arc::new(Of(who))).me().await.unwrap();
        }
    }
    let ten_calls = ("here:consumer".to_owned(), Duration::from_secs(36));
    assert_eq!(*book.booked.lock().unwrap(), [ten_calls.clone(), ten_calls]);
}

#[tokio::test]
async fn on_data_center_everybody_pays_for_themselves() {
    let (_server, site, book) = booked(Edition::DataCenter).await;
    for who in ["ada", "bob"] {
        site.as_person(Arc::new(Of(who))).me().await.unwrap();
    }
    let payers: Vec<String> = book.booked.lock().unwrap().iter().map(|(payer, _)| payer.clone()).collect();
    assert_eq!(payers, ["here:ada", "here:bob"]);
}

#[tokio::test]
async fn background_work_stops_where_people_go_on() {
    let (server, site, book) = booked(Edition::Cloud).await;
    *book.owed.lock().unwrap() = hours_share(81);
    let error = site.in_background().as_person(Arc::new(Of("ada"))).me().await.unwrap_err();
    assert_eq!(error, Error::Slow { retry_after: Some(hours_share(1)) });
    assert_eq!(server.times("GET /2.0/user"), 0);
    site.as_person(Arc::new(Of("ada"))).me().await.unwrap();
}

#[tokio::test]
async fn those_who_are_turned_away_come_back_one_after_the_other() {
    let (_server, site, book) = booked(Edition::DataCenter).await;
    *book.owed.lock().unwrap() = Duration::from_secs(10);
    let mut waits = Vec::new();
    for _ in 0..4 {
        let refused = site.in_background().as_person(Arc::new(Of("ada"))).me().await.unwrap_err();
        waits.push(refused);
    }
    let after = |millis| Error::Slow { retry_after: Some(Duration::from_millis(millis)) };
    assert_eq!(waits, [after(400), after(1_000), after(2_000), after(3_000)]);
}

#[tokio::test]
async fn people_are_slowed_and_never_refused_by_us() {
    let (_server, site, book) = booked(Edition::Cloud).await;
    *book.owed.lock().unwrap() = hours_share(90);
    let begun = Instant::now();
    site.as_person(Arc::new(Of("ada"))).me().await.unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(450), "{:?}", begun.elapsed());
    *book.owed.lock().unwrap() = hours_share(150);
    site.as_person(Arc::new(Of("ada"))).me().await.unwrap();
}

#[tokio::test]
async fn a_wait_that_one_is_told_is_kept_by_all() {
    let (server, site, book) = booked(Edition::Cloud).await;
    server.on(&in_cloud("GET", ""), says(429, "").with("Retry-After", "600"));
    let ada = site.as_person(Arc::new(Of("ada")));
    let wait = Error::Slow { retry_after: Some(Duration::from_mins(10)) };
    assert_eq!(ada.repository(&repo()).await.unwrap_err(), wait);
    assert_eq!(*book.pause.lock().unwrap(), Some(Duration::from_mins(10)));
    assert_eq!(site.as_person(Arc::new(Of("bob"))).me().await.unwrap_err(), wait);
    assert_eq!(server.times("GET /2.0/user"), 0);
    *book.pause.lock().unwrap() = Some(Duration::from_millis(300));
    ada.me().await.unwrap();
}

#[tokio::test]
async fn a_refusal_without_a_time_is_waited_out_too() {
    let (server, site, book) = booked(Edition::Cloud).await;
    server.on(&in_cloud("GET", ""), says(429, "Rate limit for this resource has been exceeded"));
    let error = site.as_person(Arc::new(Of("ada"))).repository(&repo()).await.unwrap_err();
    assert_eq!(error, Error::Slow { retry_after: None });
    assert_eq!(server.times(&in_cloud("GET", "")), 3);
    assert_eq!(*book.pause.lock().unwrap(), Some(Duration::from_secs(15)));
}

#[tokio::test]
async fn an_answer_that_is_still_true_is_not_sent_again() {
    let (server, _) = Server::of(Edition::Cloud).await;
    let line = in_cloud("GET", "");
    let named = |name: &str| ok(&json!({"full_name": name})).with("ETag", "\"1\"");
    server.on(&line, named("web/api")).on(&line, says(304, "")).on(&line, named("web/other"));
    let site = server.site(Edition::Cloud);
    let name = async |who: &'static str| {
        site.as_person(Arc::new(Of(who))).repository(&repo()).await.unwrap().name.slug
    };
    assert_eq!((name("ada").await, name("ada").await), ("api".to_owned(), "api".to_owned()));
    // Bob is shown nothing that Ada was shown: his question names no mark.
    assert_eq!(name("bob").await, "other");
    let marks: Vec<String> = server.asked(&line).into_iter().map(|asked| asked.if_none_match).collect();
    assert_eq!(marks, ["", "\"1\"", ""]);
}

#[tokio::test]
async fn a_credential_without_an_owner_leaves_nothing_behind() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let line = in_cloud("GET", "");
    server.on(&line, ok(&json!({"full_name": "web/api"})).with("ETag", "\"1\""));
    for _ in 0..2 {
        cloud.repository(&repo()).await.unwrap();
    }
    assert!(server.asked(&line).iter().all(|asked| asked.if_none_match.is_empty()));
}
