//! `dipper demo` as a process: what it reads and does not, where it listens, what it opens, how it ends.

use std::fs;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use super::{SOON, Surroundings, sentence, until};

/// A demo that runs, and what it says.
struct Running {
    child: Child,
    says: Lines<BufReader<ChildStdout>>,
}

impl Running {
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let says = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, says }
    }

    async fn line(&mut self) -> String {
        let line = tokio::time::timeout(SOON, self.says.next_line()).await;
        line.expect("it says something soon").unwrap().expect("it goes on")
    }

    /// Where its page is.
    async fn address(&mut self) -> String {
        let line = self.line().await;
        let address = line.strip_prefix("The demo is at ").and_then(|rest| rest.split(' ').next());
        address.expect(&line).to_owned()
    }

    /// SIGTERM, and a good end.
    async fn stops(mut self) {
        let pid = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().await.unwrap().success());
        let ended = tokio::time::timeout(SOON, self.child.wait()).await.unwrap().unwrap();
        assert_eq!(ended.code(), Some(0));
    }
}

/// The status under this host's name.
async fn under(address: &str, host: &str) -> u16 {
    let port = address.rsplit(':').next().unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client.get(format!("http://127.0.0.1:{port}/")).header("host", format!("{host}:{port}"));
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn the_demo_reads_no_setting_and_leaves_nothing_behind() {
    let around = Surroundings::new().await;
    let folder = around.folder.path();
    fs::write(folder.join("dipper.toml"), "nonsense = [").unwrap();
    let before = fs::read_dir(folder).unwrap().count();
    let mut command = around.command(&["demo", "--listen", "127.0.0.1:0", "--open", "no", "--seed", "3"]);
    for name in ["DIPPER_DATABASE_URL", "DIPPER_LISTEN", "DIPPER_KEYS", "SLACK_API_URL", "BITBUCKET_DC_URL"] {
        command.env(name, "nonsense");
    }
    let mut demo = Running::start(command.env("TMPDIR", folder));
    let address = demo.address().await;
    let page = reqwest::get(&address).await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.text().await.unwrap().contains("<title>Dipper demo</title>"));
    assert!(fs::read_dir(folder).unwrap().count() > before, "its database is there");
    demo.stops().await;
    assert_eq!(fs::read_dir(folder).unwrap().count(), before, "its database is gone");
}

#[tokio::test]
async fn others_reach_the_demo_only_when_listen_says_so() {
    let around = Surroundings::new().await;
    let mut closed =
        Running::start(&mut around.command(&["demo", "--listen", "localhost:0", "--open", "no"]));
    let address = closed.address().await;
    assert_eq!((under(&address, "localhost").await, under(&address, "192.168.0.7").await), (200, 403));
    closed.stops().await;
    let mut open = Running::start(&mut around.command(&["demo", "--listen", "0.0.0.0:0", "--open", "no"]));
    let address = open.address().await;
    assert!(address.starts_with("http://127.0.0.1:"), "{address}");
    let warning = open.line().await;
    assert!(warning.starts_with("Whoever can reach 0.0.0.0:"), "{warning}");
    assert_eq!((under(&address, "192.168.0.7").await, under(&address, "evil.example").await), (200, 403));
    open.stops().await;
}

#[tokio::test]
async fn an_address_that_does_not_do_is_said_in_one_sentence() {
    let around = Surroundings::new().await;
    let refused = around.run(&["demo", "--listen", "everywhere"]).await;
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("write an address and a port, like 127.0.0.1:4000"), "{said}");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let refused = around.run(&["demo", "--open", "no", "--listen", &address]).await;
    assert_eq!(refused.status.code(), Some(1));
    let said = sentence(&refused);
    assert!(said.contains(&address) && said.ends_with("Choose another with --listen 127.0.0.1:0"), "{said}");
}

/// What a desktop was asked to open, when the demo is started so.
async fn opened(arguments: &[&str], desktop: &str) -> Option<String> {
    use std::os::unix::fs::PermissionsExt;
    let around = Surroundings::new().await;
    let (opener, seen) = (around.folder.path().join("xdg-open"), around.folder.path().join("opened"));
    fs::write(&opener, format!("#!/bin/sh\nprintf %s \"$1\" > {0}.new && mv {0}.new {0}\n", seen.display()))
        .unwrap();
    fs::set_permissions(&opener, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = around.command(&[&["demo", "--listen", "127.0.0.1:0"], arguments].concat());
    let path = format!("{}:/usr/bin:/bin", around.folder.path().display());
    let mut demo = Running::start(command.env("PATH", path).env("DISPLAY", desktop));
    let address = demo.address().await;
    let open = !desktop.is_empty() && arguments.is_empty();
    if open {
        until("the page is opened", SOON, async || seen.exists()).await;
    }
    demo.stops().await;
    let found = fs::read_to_string(&seen).ok();
    assert!(found.as_ref().is_none_or(|url| *url == address), "{found:?} is not {address}");
    found
}

#[tokio::test]
async fn a_desktop_is_shown_the_page_unless_told_not_to() {
    assert!(opened(&[], ":0").await.is_some());
    assert!(opened(&["--open", "no"], ":0").await.is_none());
    assert!(opened(&[], "").await.is_none());
}
