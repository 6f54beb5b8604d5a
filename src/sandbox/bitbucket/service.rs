//! Where calls come in: each is answered by its edition's face, noted down, and what it did is told.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use serde_json::{Value, json};
use tokio::sync::{Notify, watch};

use super::exchange::{Answer, Ask};
use super::journal::{ApiCall, Journal};
use super::webhooks::{Delivery, Outbox};
use super::world::{Edition, World};
use super::{cloud, datacenter};

/// What the two servers, the handles and the postman share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) world: Mutex<World>,
    pub(super) outbox: Mutex<Outbox>,
    pub(super) journal: Mutex<Journal>,
    /// What deliveries leave by.
    pub(super) client: reqwest::Client,
    pub(super) changed: watch::Sender<u64>,
    /// Rings when the outbox has something new.
    pub(super) rung: Notify,
}

/// A lock that a panicking test cannot spoil for the others.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub(super) fn new(world: World, outbox: Outbox, client: reqwest::Client) -> Self {
        Self {
            client,
            world: Mutex::new(world),
            outbox: Mutex::new(outbox),
            journal: Mutex::default(),
            changed: watch::Sender::new(0),
            rung: Notify::new(),
        }
    }

    /// Does something in the world and tells those who should know of it.
    pub(super) fn act<T>(&self, deed: impl FnOnce(&mut World) -> T) -> T {
        let (outcome, _) = self.play(deed);
        self.announce();
        outcome
    }

    /// Looks at the world without changing it.
    pub(super) fn look<T>(&self, glance: impl FnOnce(&World) -> T) -> T {
        glance(&lock(&self.world))
    }

    /// Does something and says whether anything happened.
    fn play<T>(&self, deed: impl FnOnce(&mut World) -> T) -> (T, bool) {
        let mut world = lock(&self.world);
        let outcome = deed(&mut world);
        let happened = !world.events.is_empty();
        lock(&self.outbox).fill(&mut world);
        (outcome, happened)
    }

    fn announce(&self) {
        self.changed.send_modify(|count| *count += 1);
        self.rung.notify_one();
    }

    async fn answer(&self, edition: Edition, ask: &Ask) -> Answer {
        let ((mut answer, as_whom), happened) = self.play(|world| match edition {
            Edition::Cloud => cloud::answer(world, ask),
            Edition::DataCenter => datacenter::answer(world, ask),
        });
        if happened {
            self.announce();
        }
        if let Some(door) = answer.knock.take() {
            let knock = lock(&self.outbox).knock(&door.url, door.secret.as_deref());
            answer = answer.saying(&self.knocked(&door.url, &knock).await);
        }
        let call = ApiCall {
            edition,
            method: ask.method.clone(),
            path: ask.path.clone(),
            query: ask.raw_query.clone(),
            body: String::from_utf8_lossy(&ask.body).into_owned(),
            status: answer.status,
            answer: answer.text_body(),
            complaint: answer.complaint.clone(),
            as_whom,
        };
        lock(&self.journal).note(call);
        answer
    }

    /// What came of knocking at a door.
    async fn knocked(&self, url: &str, knock: &Delivery) -> Value {
        let mut outcome = json!({"request": {"method": "POST", "url": url}});
        let headers = knock.headers.iter();
        let request =
            headers.fold(self.client.post(url), |request, (name, value)| request.header(name, value));
        match request.body(knock.body.clone()).send().await {
            Ok(response) => outcome["response"] = json!({"statusCode": response.status().as_u16()}),
            Err(error) => outcome["error"] = error.without_url().to_string().into(),
        }
        outcome
    }
}

/// The one edition's server: every path comes here.
pub(super) fn router(shared: Arc<Shared>, edition: Edition) -> Router {
    Router::new().fallback(serve).with_state((shared, edition))
}

async fn serve(State((shared, edition)): State<(Arc<Shared>, Edition)>, request: Request) -> Response {
    let ask = Ask::read(request).await;
    shared.answer(edition, &ask).await.into()
}
