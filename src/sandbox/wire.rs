//! How the sandbox serves HTTP on loopback, and how it misbehaves when told to.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// One way of not answering as one should.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Refuses with this status before anything is done; `Retry-After` in seconds where given.
    Refuse { status: u16, retry_after: Option<u64>, body: &'static str },
    /// Does it, and answers with one header more, as of an allowance that is running out.
    Header { name: &'static str, value: &'static str },
    /// Does it, but answers only after this long.
    Slow(Duration),
    /// Closes the connection before anything is done.
    Drop,
    /// Does it, then closes the connection without an answer.
    ActThenDrop,
    /// Does it, then sends half of the answer and closes the connection.
    CutBody,
}

/// The misbehaviours still to come; clones share the list.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<Vec<(String, Fault)>>>);

impl Faults {
    /// The next `times` requests whose "METHOD /path" contains `matching` meet this fault.
    pub fn next(&self, matching: &str, fault: &Fault, times: usize) {
        let mut list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        list.extend((0..times).map(|_| (matching.to_owned(), fault.clone())));
    }

    /// Better behaviour from now on: what is still to come does not come.
    pub fn call_off(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// What is still to come (a test ends with none).
    pub fn pending(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn take(&self, request: &str) -> Option<Fault> {
        let mut list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = list.iter().position(|(matching, _)| request.contains(matching.as_str()))?;
        Some(list.remove(at).1)
    }
}

/// A running server; dropping it stops it.
#[derive(Debug)]
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    task: tokio::task::JoinHandle<()>,
}

impl Server {
    /// Serves `router` on a free loopback port, behind `faults`.
    ///
    pub async fn start(router: Router, faults: Faults) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let router = router.layer(middleware::from_fn_with_state(faults, misbehave));
        let service = router.into_make_service_with_connect_info::<Cut>();
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(Cuttable(listener), service).await {
                tracing::warn!(%error, "the sandbox stopped serving");
            }
        });
        Ok(Self { address, task })
    }

    /// `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn misbehave(
    State(faults): State<Faults>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
    next: Next,
) -> Response {
    let line = format!("{} {}", request.method(), request.uri());
    match faults.take(&line) {
        None => next.run(request).await,
        Some(Fault::Refuse { status, retry_after, body }) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut response = (status, body).into_response();
            if let Some(seconds) = retry_after {
                response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
            }
            response
        }
        Some(Fault::Header { name, value }) => {
            let mut response = next.run(request).await;
            response.headers_mut().insert(name, header::HeaderValue::from_static(value));
            response
        }
        Some(Fault::Slow(wait)) => {
            let response = next.run(request).await;
            tokio::time::sleep(wait).await;
            response
        }
        Some(Fault::Drop) => {
            cut.now();
            StatusCode::OK.into_response()
        }
        Some(Fault::ActThenDrop) => {
            let _answer = next.run(request).await;
            cut.now();
            StatusCode::OK.into_response()
        }
        Some(Fault::CutBody) => half(next.run(request).await).await,
    }
}

async fn half(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let whole = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts.headers.insert(header::CONTENT_LENGTH, whole.len().into());
    let pieces: [Result<Bytes, io::Error>; 2] =
        [Ok(whole.slice(..whole.len() / 2)), Err(io::ErrorKind::ConnectionReset.into())];
    Response::from_parts(parts, Body::from_stream(futures_util::stream::iter(pieces)))
}

/// The switch that closes a connection without a word.
#[derive(Clone, Debug, Default)]
struct Cut(Arc<AtomicBool>);

impl Cut {
    fn now(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    fn check(&self) -> io::Result<()> {
        if self.0.load(Ordering::SeqCst) { Err(io::ErrorKind::ConnectionReset.into()) } else { Ok(()) }
    }
}

struct Cuttable(TcpListener);

struct CutStream {
    stream: TcpStream,
    cut: Cut,
}

impl Listener for Cuttable {
    type Io = CutStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            if let Ok((stream, address)) = self.0.accept().await {
                let _ = stream.set_nodelay(true);
                return (CutStream { stream, cut: Cut::default() }, address);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.0.local_addr()
    }
}

impl axum::extract::connect_info::Connected<IncomingStream<'_, Cuttable>> for Cut {
    fn connect_info(stream: IncomingStream<'_, Cuttable>) -> Self {
        stream.io().cut.clone()
    }
}

impl AsyncRead for CutStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for CutStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.cut.check()?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.cut.check()?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
