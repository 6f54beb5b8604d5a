//! The processes that are measured: started on the first core, asked for their address, ended when dropped.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::Outcome;
use crate::requests::{NOWHERE, SIGNING_SECRET, WEBHOOK_SECRET};

/// Leaves the first core to the server.
pub fn pin_to_the_second_core() -> Outcome<()> {
    let own = std::process::id().to_string();
    let pinned = Command::new("taskset").args(["-cp", "1", &own]).stdout(Stdio::null()).status()?;
    if pinned.success() { Ok(()) } else { Err("two cores are needed: one serves, one asks".into()) }
}

/// A server on a core of its own.
pub struct Child {
    process: std::process::Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Child {
    /// This very program, as one of the servers that Dipper is measured against.
    pub fn floor(which: &str) -> Outcome<Self> {
        Self::spawn(on_the_first_core(&std::env::current_exe()?).arg(which))
    }

    /// Every child says where it listens before all else.
    fn spawn(command: &mut Command) -> Outcome<Self> {
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        if let Some(stdout) = process.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        match line.trim().strip_prefix("listening on ").map(str::parse) {
            Some(Ok(address)) => Ok(Self { process, address }),
            _ => Err(format!("this did not start: {command:?}").into()),
        }
    }

    /// How many kilobytes of it are in memory.
    pub fn resident(&self) -> Outcome<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().next());
        Ok(number.ok_or("the kernel does not say how much memory is used")?.parse()?)
    }

    fn get(&self, path: &str) -> Outcome<String> {
        let mut stream = TcpStream::connect(self.address)?;
        write!(stream, "GET {path} HTTP/1.1\r\nhost: dipper\r\nconnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn on_the_first_core(program: &Path) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", "0"]).arg(program);
    command
}

/// Dipper with a fresh database, and nobody to talk to.
pub struct Dipper {
    /// Its process.
    pub child: Child,
    /// How long it took until it said that it is ready.
    pub ready_after: Duration,
}

impl Dipper {
    /// `dipper serve`, in a folder of its own, logging into a file as it would under any supervisor.
    pub fn start(folder: &Path) -> Outcome<Self> {
        fs::create_dir_all(folder)?;
        let begun = Instant::now();
        let child = Child::spawn(
            on_the_first_core(Path::new(env!("CARGO_BIN_EXE_dipper")))
                .arg("serve")
                .current_dir(folder)
                .env_clear()
                .env("PATH", "/usr/local/bin:/usr/bin:/bin")
                .env("DIPPER_DATABASE_URL", format!("sqlite://{}", folder.join("dipper.db").display()))
                .env("DIPPER_LISTEN", "127.0.0.1:0")
                .env("DIPPER_KEYS", STANDARD.encode([7; 32]))
                .env("SLACK_SIGNING_SECRET", SIGNING_SECRET)
                .env("SLACK_BOT_TOKEN", "xoxb-nobody")
                .env("SLACK_API_URL", format!("{NOWHERE}/api"))
                .env("BITBUCKET_CLOUD_API_URL", format!("{NOWHERE}/2.0"))
                .env("BITBUCKET_CLOUD_WEBHOOK_SECRET", WEBHOOK_SECRET)
                .stderr(File::create(folder.join("log"))?),
        )?;
        while !child.get("/health/ready")?.starts_with("HTTP/1.1 200") {
            if begun.elapsed() > Duration::from_secs(10) {
                return Err("Dipper did not become ready".into());
            }
        }
        Ok(Self { child, ready_after: begun.elapsed() })
    }

    /// How many jobs wait or run.
    pub fn jobs(&self) -> Outcome<u64> {
        let figures = self.child.get("/metrics")?;
        let mut jobs = 0;
        for line in figures.lines().filter(|line| line.starts_with("dipper_queue_jobs{")) {
            jobs += line.rsplit(' ').next().unwrap_or_default().parse::<u64>()?;
        }
        Ok(jobs)
    }
}
