//! Opens the demo's page where a desktop is present.

use std::process::{Command, Stdio};

/// Opens it, if there is a desktop to open it on; whoever has none reads the address.
pub(super) fn in_a_browser(url: &str) {
    let Some((program, arguments)) = opener() else { return };
    let mut command = Command::new(program);
    command.args(arguments).arg(url);
    let started = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    if let Err(error) = started {
        tracing::debug!(%error, program, "the page was not opened");
    }
}

fn opener() -> Option<(&'static str, &'static [&'static str])> {
    if cfg!(target_os = "macos") {
        Some(("open", &[]))
    } else if cfg!(windows) {
        Some(("cmd", &["/C", "start", ""]))
    } else {
        has_a_desktop().then_some(("xdg-open", &[]))
    }
}

#[expect(clippy::disallowed_methods, reason = "whether there is a desktop is no setting of ours")]
fn has_a_desktop() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    set("DISPLAY") || set("WAYLAND_DISPLAY")
}
