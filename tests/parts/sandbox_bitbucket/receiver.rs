//! Stands where the bot would stand, and checks signatures with a HMAC of its own.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use sha2::{Digest, Sha256};
use tokio::sync::Notify;

/// One delivery as it arrived.
#[derive(Clone, Debug)]
pub struct Arrived {
    pub path: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Arrived {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    pub fn is_signed_with(&self, secret: &str) -> bool {
        self.header("x-hub-signature") == format!("sha256={}", hmac(secret.as_bytes(), &self.body))
    }
}

/// RFC 2104, spelled out.
fn hmac(secret: &[u8], body: &[u8]) -> String {
    let mut key = [0_u8; 64];
    key[..secret.len()].copy_from_slice(secret);
    let padded = |with: u8| key.iter().map(|byte| byte ^ with).collect::<Vec<u8>>();
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(body).finalize();
    hex::encode(Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize())
}

#[derive(Clone, Default)]
pub struct Receiver {
    arrived: Arc<Mutex<Vec<Arrived>>>,
    answer: Arc<Mutex<u16>>,
    came: Arc<Notify>,
}

impl Receiver {
    /// Listens, and says where.
    pub async fn listen() -> (Self, String) {
        let receiver = Self::default();
        receiver.answers(200);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let router = Router::new().fallback(take).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (receiver, base)
    }

    pub fn answers(&self, status: u16) {
        *self.answer.lock().unwrap() = status;
    }

    pub fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap().clone()
    }

    /// Waits until so many have arrived.
    pub async fn until(&self, many: usize) -> Vec<Arrived> {
        loop {
            let came = self.came.notified();
            let arrived = self.arrived();
            if arrived.len() >= many {
                return arrived;
            }
            came.await;
        }
    }
}

async fn take(State(receiver): State<Receiver>, uri: Uri, headers: HeaderMap, body: Bytes) -> StatusCode {
    let arrived = Arrived { path: uri.path().to_owned(), headers, body: body.to_vec() };
    receiver.arrived.lock().unwrap().push(arrived);
    receiver.came.notify_one();
    StatusCode::from_u16(*receiver.answer.lock().unwrap()).unwrap()
}
