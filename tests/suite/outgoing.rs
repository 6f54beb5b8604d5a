//! The only way out is a proxy, and the only certificates are an authority's of the operator's own: Bitbucket, Slack's
//! Web API and its web socket are reached all the same.

mod way;

use dipper::sandbox::bitbucket::Edition;
use dipper::sandbox::slack::APP_TOKEN;

use crate::world::World;
use way::{Authority, Proxy, tls_before};

/// The port of an address.
fn port(url: &str) -> u16 {
    url::Url::parse(url).unwrap().port_or_known_default().unwrap()
}

/// Hosts that nobody but the proxy knows.
const SLACK: &str = "slack.example.test";
const BITBUCKET: &str = "bitbucket.example.test";

/// The settings that send everything there, the ports being these.
fn elsewhere(scheme: &str, slack: u16, bitbucket: u16) -> Vec<(&'static str, String)> {
    vec![
        ("SLACK_APP_TOKEN", APP_TOKEN.to_owned()),
        ("SLACK_API_URL", format!("{scheme}://{SLACK}:{slack}/api")),
        ("BITBUCKET_CLOUD_API_URL", format!("{scheme}://{BITBUCKET}:{bitbucket}/2.0")),
    ]
}

/// Somebody asks for what comes from Bitbucket, over the socket, and is answered at a response URL.
async fn everything_is_reached(world: &World, proxy: &Proxy) {
    let ada = world.person("ada");
    let told = ada.types("/bb commits web/api").await;
    assert!(told.contains("Latest commits in web/api"), "{told}");
    assert_eq!(world.slack.sockets(), 1, "{}", world.bot().ear.hearing());
    let hosts = proxy.hosts();
    for host in [SLACK, BITBUCKET] {
        assert!(hosts.contains(host), "{hosts:?}");
    }
}

#[tokio::test]
async fn a_proxy_takes_every_call_out() {
    let mut world = World::on(Edition::Cloud).await;
    let _connected = world.person("ada").connected().await;
    let proxy = Proxy::start().await;
    let (slack, bitbucket) = (port(&world.slack.api_url()), port(&world.bitbucket.api_url(Edition::Cloud)));
    world.slack.switch_on_sockets();
    world.slack.with_world(|slack_world| slack_world.url = format!("http://{SLACK}:{slack}"));
    let mut settings = elsewhere("http", slack, bitbucket);
    settings.push(("DIPPER_PROXY", proxy.url("http")));
    world.restart_with_all(settings).await;
    everything_is_reached(&world, &proxy).await;
    assert_eq!(proxy.tunnels(), 0);
    world.finish().await;
}

#[tokio::test]
async fn an_authority_of_the_operators_own_is_trusted_through_a_proxy() {
    let mut world = World::on(Edition::Cloud).await;
    let _connected = world.person("ada").connected().await;
    let authority = Authority::over(&[SLACK, BITBUCKET]);
    let proxy = Proxy::start().await;
    let slack = tls_before(&authority, port(&world.slack.api_url())).await;
    let bitbucket = tls_before(&authority, port(&world.bitbucket.api_url(Edition::Cloud))).await;
    world.slack.switch_on_sockets();
    world.slack.with_world(|slack_world| slack_world.url = format!("https://{SLACK}:{slack}"));
    let mut settings = elsewhere("https", slack, bitbucket);
    settings.push(("DIPPER_PROXY", proxy.url("http")));
    world.restart_with_all(settings).await;
    let why = world.bot().ear.hearing().to_string();
    assert!(why.contains("it cannot be reached"), "a stranger's certificate is not trusted: {why}");

    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("ca.pem");
    std::fs::write(&path, authority.pem()).unwrap();
    world.restart_with("DIPPER_CA_FILE", path.to_str().unwrap()).await;
    everything_is_reached(&world, &proxy).await;
    assert!(proxy.tunnels() > 0);
    world.finish().await;
}

#[tokio::test]
async fn without_its_proxy_nothing_goes_out() {
    let mut world = World::on(Edition::Cloud).await;
    world.slack.switch_on_sockets();
    let before = world.slack.requests().len();
    let changed = [("SLACK_APP_TOKEN", APP_TOKEN), ("DIPPER_PROXY", "http://127.0.0.1:9")];
    world.restart_with_all(changed.map(|(name, value)| (name, value.to_owned())).to_vec()).await;
    let why = world.bot().ear.hearing().to_string();
    assert!(why.contains("it cannot be reached"), "{why}");
    assert_eq!((world.slack.requests().len(), world.slack.sockets_opened()), (before, 0));
    world.restart_with("DIPPER_PROXY", "").await;
    assert_eq!(world.slack.sockets(), 1);
    world.finish().await;
}
