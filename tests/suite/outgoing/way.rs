//! A small proxy that knows every host, and doors with an authority's own certificates.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// To it every host is this machine.
pub struct Proxy {
    port: u16,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    hosts: BTreeSet<String>,
    tunnels: usize,
}

impl Proxy {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::<Mutex<Seen>>::default();
        let kept = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(carry(stream, Arc::clone(&kept)));
            }
        });
        Self { port, seen }
    }

    pub fn url(&self, scheme: &str) -> String {
        format!("{scheme}://127.0.0.1:{}", self.port)
    }

    /// For which hosts it was asked.
    pub fn hosts(&self) -> BTreeSet<String> {
        self.seen.lock().unwrap().hosts.clone()
    }

    /// How many connections went through it unread.
    pub fn tunnels(&self) -> usize {
        self.seen.lock().unwrap().tunnels
    }
}

/// A tunnel where one is asked for; else what was asked goes on as it came, and so does all that follows.
async fn carry(mut from: TcpStream, seen: Arc<Mutex<Seen>>) -> Option<()> {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        head.push(from.read_u8().await.ok()?);
    }
    let text = String::from_utf8_lossy(&head).into_owned();
    let mut words = text.split(' ');
    let (verb, target) = (words.next()?, words.next()?);
    let tunnel = verb == "CONNECT";
    let url = if tunnel { format!("http://{target}") } else { target.to_owned() };
    let url: url::Url = url.parse().ok()?;
    {
        let mut seen = seen.lock().unwrap();
        seen.hosts.insert(url.host_str()?.to_owned());
        seen.tunnels += usize::from(tunnel);
    }
    let mut to = TcpStream::connect(("127.0.0.1", url.port_or_known_default()?)).await.ok()?;
    if tunnel {
        from.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.ok()?;
    } else {
        to.write_all(&head).await.ok()?;
    }
    copy_bidirectional(&mut from, &mut to).await.ok().map(drop)
}

/// Whoever vouches for these hosts.
pub struct Authority {
    pem: String,
    server: Arc<ServerConfig>,
}

impl Authority {
    pub fn over(hosts: &[&str]) -> Self {
        let mut own = CertificateParams::new(Vec::<String>::new()).unwrap();
        own.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let own_key = KeyPair::generate().unwrap();
        let pem = own.self_signed(&own_key).unwrap().pem();
        let issuer = Issuer::new(own, own_key);
        let key = KeyPair::generate().unwrap();
        let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
        let theirs = CertificateParams::new(hosts).unwrap().signed_by(&key, &issuer).unwrap();
        let chain: Vec<CertificateDer<'static>> = vec![theirs.der().clone()];
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let server = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key).unwrap();
        Self { pem, server: Arc::new(server) }
    }

    /// Its own certificate.
    pub fn pem(&self) -> &str {
        &self.pem
    }
}

/// A door that shows the authority's certificate, before this port; on which port it is.
pub async fn tls_before(authority: &Authority, inner: u16) -> u16 {
    let acceptor = TlsAcceptor::from(Arc::clone(&authority.server));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                // Who does not trust us goes away.
                let Ok(mut outer) = acceptor.accept(stream).await else { return };
                let Ok(mut inner) = TcpStream::connect(("127.0.0.1", inner)).await else { return };
                let _ = copy_bidirectional(&mut outer, &mut inner).await;
            });
        }
    });
    port
}
