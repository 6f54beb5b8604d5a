//! The generator: requests made beforehand are sent over kept connections, one at a time on each, and
//! what comes back is read no further than it must be.

use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

use crate::requests::Requests;

/// One measurement.
pub struct Load {
    /// Who is asked.
    pub address: SocketAddr,
    /// By how many at once.
    pub connections: usize,
    /// For how long, if the requests last.
    pub lasts: Duration,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Figures {
    /// How long it took.
    pub took: Duration,
    /// How long each answer took, the quickest first.
    pub answers: Vec<Duration>,
    /// Answers that were not a plain, empty 200.
    pub refused: usize,
    /// How many connections asked.
    pub connections: usize,
    /// How long the generator itself was on its core.
    pub busy: Duration,
}

impl Figures {
    /// Answers in a second.
    pub fn per_second(&self) -> f64 {
        f64::from(u32::try_from(self.answers.len()).unwrap_or(u32::MAX)) / self.took.as_secs_f64()
    }

    /// The time within which so many of a thousand were answered.
    pub fn within(&self, of_a_thousand: usize) -> Duration {
        let at = self.answers.len() * of_a_thousand / 1_000;
        self.answers.get(at.min(self.answers.len().saturating_sub(1))).copied().unwrap_or_default()
    }
}

impl Load {
    /// Opens every connection, and only then begins.
    pub async fn run(self, requests: &Requests) -> io::Result<Figures> {
        let mut streams = Vec::with_capacity(self.connections);
        for _ in 0..self.connections {
            let stream = TcpStream::connect(self.address).await?;
            stream.set_nodelay(true)?;
            streams.push(stream);
        }
        let (begun, busy) = (Instant::now(), on_the_core()?);
        let until = begun + self.lasts;
        let requests = Rc::new(requests.clone());
        let all = LocalSet::new();
        let asking: Vec<_> = streams
            .into_iter()
            .map(|stream| all.spawn_local(ask(stream, Rc::clone(&requests), until)))
            .collect();
        all.await;
        let mut figures = Figures { connections: self.connections, ..Figures::default() };
        figures.took = begun.elapsed();
        figures.busy = on_the_core()?.saturating_sub(busy);
        for one in asking {
            let (answers, refused) = one.await.map_err(io::Error::other)??;
            figures.answers.extend(answers);
            figures.refused += refused;
        }
        figures.answers.sort_unstable();
        Ok(figures)
    }
}

/// One connection's part: how long each answer took, and how many were refusals.
async fn ask(
    mut stream: TcpStream,
    requests: Rc<Requests>,
    until: Instant,
) -> io::Result<(Vec<Duration>, usize)> {
    let (mut answers, mut refused) = (Vec::new(), 0);
    let mut buffer = vec![0; 4 * 1024];
    while let Some(request) = requests.next() {
        let asked = Instant::now();
        stream.write_all(request).await?;
        let plain = answered(&mut stream, &mut buffer).await?;
        let now = Instant::now();
        answers.push(now - asked);
        refused += usize::from(!plain);
        if now >= until {
            break;
        }
    }
    Ok((answers, refused))
}

/// Reads one answer to its end; whether it was an empty 200.
async fn answered(stream: &mut TcpStream, buffer: &mut [u8]) -> io::Result<bool> {
    let mut filled = 0;
    loop {
        let read = stream.read(&mut buffer[filled..]).await?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        filled += read;
        if let Some(body) = whole(&buffer[..filled]) {
            return Ok(body == 0 && buffer.starts_with(b"HTTP/1.1 200"));
        }
    }
}

/// The length of the body, once all of it is there.
pub fn whole(message: &[u8]) -> Option<usize> {
    let head = message.windows(4).position(|four| four == b"\r\n\r\n")?;
    let mut lines = message[..head].split(|byte| *byte == b'\n');
    let length = lines.find_map(content_length).unwrap_or(0);
    (message.len() >= head + 4 + length).then_some(length)
}

fn content_length(line: &[u8]) -> Option<usize> {
    let (name, value) = line.split_at_checked(b"content-length:".len())?;
    let value = name.eq_ignore_ascii_case(b"content-length:").then_some(value)?;
    std::str::from_utf8(value).ok()?.trim().parse().ok()
}

/// How long this process has been on a core.
fn on_the_core() -> io::Result<Duration> {
    let figures = std::fs::read_to_string("/proc/self/schedstat")?;
    let nanos = figures.split(' ').next().and_then(|nanos| nanos.parse().ok());
    nanos.map(Duration::from_nanos).ok_or_else(|| io::ErrorKind::InvalidData.into())
}
