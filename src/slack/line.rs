//! A web socket to Slack: asked for, opened over the one outgoing client, and frames of a bounded size.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use reqwest::{StatusCode, Upgraded, header};
use serde_json::json;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use url::Url;

use super::{Error, Outage, SlackBot, loose};

const METHOD: &str = "apps.connections.open";
/// How long opening may take once it was allowed.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the other side may take to say good-bye.
const GOODBYE: Duration = Duration::from_secs(1);
/// The longest frame that is read: as much as Slack may post over HTTP.
const LONGEST_FRAME: usize = 1024 * 1024;

/// A web socket that is open.
#[derive(Debug)]
pub struct Line(WebSocketStream<Upgraded>);

/// What came over a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// Something said.
    Text(String),
    /// Nothing but a sign of life.
    Alive,
}

/// An address at which one line can be opened, once.
#[derive(Debug)]
pub struct LineAddress(Url);

impl SlackBot {
    /// Asks for an address. The token is an app's, not a bot's.
    pub async fn line_address(&self) -> Result<LineAddress, Error> {
        let answer = self.write(METHOD, &json!({})).await?;
        let url = loose::text(&answer, "/url").ok_or_else(|| Error::unreadable(METHOD))?;
        let mut url: Url = url.parse().map_err(|_| Error::unreadable(METHOD))?;
        let scheme = if url.scheme() == "wss" { "https" } else { "http" };
        url.set_scheme(scheme).map_err(|()| Error::unreadable(METHOD))?;
        if self.slack.trusts(&url) { Ok(LineAddress(url)) } else { Err(Error::Untrusted) }
    }

    /// Opens a line at an address.
    pub async fn open_line(&self, address: LineAddress) -> Result<Line, Error> {
        let opened = tokio::time::timeout(PATIENCE, self.upgrade(address.0)).await;
        opened.unwrap_or_else(|_| Err(Error::down(METHOD, Outage::TimedOut)))
    }

    async fn upgrade(&self, url: Url) -> Result<Line, Error> {
        let key = generate_key();
        let request = self.slack.client.http_api.connector.get(url);
        let request = request
            .header(header::CONNECTION, "Upgrade")
            .header(header::UPGRADE, "websocket")
            .header(header::SEC_WEBSOCKET_VERSION, "13")
            .header(header::SEC_WEBSOCKET_KEY, &key);
        let answer = request.send().await.map_err(|_| Error::down(METHOD, Outage::Unreached))?;
        if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
            return Err(Error::down(METHOD, Outage::Status(answer.status().as_u16())));
        }
        let accepted = answer.headers().get(header::SEC_WEBSOCKET_ACCEPT);
        if accepted.is_none_or(|accepted| accepted.as_bytes() != derive_accept_key(key.as_bytes()).as_bytes())
        {
            return Err(Error::unreadable(METHOD));
        }
        let stream = answer.upgrade().await.map_err(|_| Error::down(METHOD, Outage::Cut))?;
        let bounds = WebSocketConfig::default()
            .max_message_size(Some(LONGEST_FRAME))
            .max_frame_size(Some(LONGEST_FRAME));
        Ok(Line(WebSocketStream::from_raw_socket(stream, Role::Client, Some(bounds)).await))
    }
}

impl Line {
    /// What comes next; none when the line has ended. A ping is answered by itself.
    pub async fn next(&mut self) -> Option<Frame> {
        loop {
            return match self.0.next().await? {
                Ok(Message::Text(text)) => Some(Frame::Text(text.as_str().to_owned())),
                Ok(Message::Ping(_) | Message::Pong(_)) => Some(Frame::Alive),
                Ok(Message::Binary(_) | Message::Frame(_)) => continue,
                Ok(Message::Close(_)) => None,
                Err(error) => {
                    // An error of the protocol names sizes and codes, never what was said.
                    tracing::info!(%error, "the web socket broke");
                    None
                }
            };
        }
    }

    /// Says something; false when the line has ended.
    pub async fn say(&mut self, text: String) -> bool {
        self.0.send(Message::text(text)).await.is_ok()
    }

    /// Asks for a sign of life; false when the line has ended.
    pub async fn ping(&mut self) -> bool {
        self.0.send(Message::Ping(Vec::new().into())).await.is_ok()
    }

    /// Says good-bye, and waits a moment for the answer.
    pub async fn close(mut self) {
        if self.0.close(None).await.is_ok() {
            let farewell = async { while self.0.next().await.is_some_and(|frame| frame.is_ok()) {} };
            // Whoever does not answer is left.
            let _ = tokio::time::timeout(GOODBYE, farewell).await;
        }
    }
}
