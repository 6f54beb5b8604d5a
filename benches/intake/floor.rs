//! What Dipper is measured against: a bare route that checks a signature and stores nothing, and a server
//! that does not even read.

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::Outcome;
use crate::requests::{SIGNING_SECRET, WEBHOOK_SECRET};

/// The argument that makes this process the bare route.
pub const CHECKS: &str = "floor-that-checks";
/// The argument that makes this process answer whatever it is sent.
pub const ANSWERS: &str = "floor-that-answers";

/// Two bare routes on the same stack as Dipper's.
pub fn check_signatures() -> Outcome<()> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("listening on {}", listener.local_addr()?);
        let router = Router::new()
            .route("/slack/commands", post(slack))
            .route("/bitbucket/cloud/webhook", post(bitbucket));
        Ok(axum::serve(axum::serve::ListenerExt::tap_io(listener, no_delay), router).await?)
    })
}

fn no_delay(stream: &mut TcpStream) {
    if let Err(error) = stream.set_nodelay(true) {
        eprintln!("a connection keeps its delay: {error}");
    }
}

async fn slack(headers: HeaderMap, body: Bytes) -> StatusCode {
    let at = text(&headers, "x-slack-request-timestamp");
    let parts: [&[u8]; 4] = [b"v0:", at.as_bytes(), b":", &body];
    checked(SIGNING_SECRET, &parts, text(&headers, "x-slack-signature").strip_prefix("v0="))
}

async fn bitbucket(headers: HeaderMap, body: Bytes) -> StatusCode {
    checked(WEBHOOK_SECRET, &[&body], text(&headers, "x-hub-signature").strip_prefix("sha256="))
}

fn checked(secret: &str, parts: &[&[u8]], signature: Option<&str>) -> StatusCode {
    let believed = || {
        let signature = hex::decode(signature?).ok()?;
        let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
        parts.iter().fold(mac, Mac::chain_update).verify_slice(&signature).ok()
    };
    believed().map_or(StatusCode::UNAUTHORIZED, |()| StatusCode::OK)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// A server that finds where a request ends and answers it, and does nothing else.
pub fn answer_anything() -> Outcome<()> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("listening on {}", listener.local_addr()?);
        loop {
            let (mut stream, _) = listener.accept().await?;
            no_delay(&mut stream);
            tokio::spawn(answer(stream));
        }
    })
}

/// Requests come one at a time, and the last byte of each is known: a form's or an object's end.
async fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    let mut filled = 0;
    loop {
        let read = stream.read(&mut buffer[filled..]).await?;
        if read == 0 {
            return Ok(());
        }
        filled += read;
        if crate::load::whole(&buffer[..filled]).is_some() {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await?;
            filled = 0;
        }
    }
}
