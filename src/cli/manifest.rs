//! `dipper manifest`: the Slack app as these settings want it, to be pasted where Slack makes apps.

use crate::settings::Settings;

/// As it is printed without settings.
const PLAIN: &str = include_str!("../../manifest.yaml");
/// Where it says Slack reaches the bot.
const SOMEWHERE: &str = "https://dipper.example.com";
const HEAD: &str = "# The Slack app. Create it from this file at https://api.slack.com/apps. You may rename /bb: \
     nothing depends on it.\n";

/// The manifest, in YAML. By socket, Slack needs no address but the one that people's browsers are sent back to.
pub fn manifest(settings: &Settings, by_socket: bool) -> String {
    let place = settings.public_url.as_ref().map(|url| url.as_str().trim_end_matches('/'));
    if place.is_none() && !by_socket {
        return PLAIN.to_owned();
    }
    let kept = PLAIN.lines().filter(|line| !(line.starts_with('#') || by_socket && is_address(line)));
    let kept = kept.filter(|line| place.is_some() || !is_way_back(line));
    let body: Vec<String> = kept.map(|line| line.replace(SOMEWHERE, place.unwrap_or(SOMEWHERE))).collect();
    let body = body.join("\n");
    let wanted = if by_socket { "socket_mode_enabled: true" } else { "socket_mode_enabled: false" };
    format!("{HEAD}{}\n", body.replace("socket_mode_enabled: false", wanted))
}

/// Whether a line says where Slack sends something.
fn is_address(line: &str) -> bool {
    let key = line.trim_start();
    ["url:", "request_url:", "message_menu_options_url:"].iter().any(|address| key.starts_with(address))
}

/// Whether a line says where browsers are sent back to.
fn is_way_back(line: &str) -> bool {
    line.trim_start().starts_with("redirect_urls:") || line.contains("/slack/oauth/callback")
}
