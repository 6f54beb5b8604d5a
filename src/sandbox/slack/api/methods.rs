//! The table of methods: what each takes, how often it may be called, and who runs it.

use super::args::Args;
use super::{Answer, auth, chat, conversations, history, reactions, users, views};
use crate::sandbox::slack::world::World;

/// Calls a minute, by Slack's tiers.
const TIER_2: usize = 20;
const TIER_3: usize = 50;
const TIER_4: usize = 100;
/// Methods of a tier of their own, which allow hundreds.
const HUNDREDS: usize = 300;

/// One method.
pub(super) struct Method {
    pub(super) name: &'static str,
    /// Whether it reads a JSON body; methods that only read data take forms alone.
    pub(super) takes_json: bool,
    pub(super) per_minute: usize,
    pub(super) needs: &'static [&'static str],
    takes: &'static [&'static str],
    pub(super) run: fn(&mut World, &Args) -> Answer,
}

impl Method {
    pub(super) fn knows(&self, argument: &str) -> bool {
        argument == "token" || self.needs.contains(&argument) || self.takes.contains(&argument)
    }
}

pub(super) fn find(name: &str) -> Option<&'static Method> {
    METHODS.iter().find(|it| it.name == name)
}

/// A method that changes something: it takes JSON too.
const fn writes(name: &'static str, per_minute: usize, run: fn(&mut World, &Args) -> Answer) -> Method {
    Method { name, takes_json: true, per_minute, needs: &[], takes: &[], run }
}

/// A method that only reads: it takes forms and queries.
const fn reads(name: &'static str, per_minute: usize, run: fn(&mut World, &Args) -> Answer) -> Method {
    let mut method = writes(name, per_minute, run);
    method.takes_json = false;
    method
}

impl Method {
    const fn needs(mut self, names: &'static [&'static str]) -> Self {
        self.needs = names;
        self
    }

    const fn takes(mut self, names: &'static [&'static str]) -> Self {
        self.takes = names;
        self
    }
}

const METHODS: &[Method] = &[
    writes("auth.test", HUNDREDS, auth::test),
    writes("chat.postMessage", HUNDREDS, chat::post_message).needs(&["channel"]).takes(&[
        "as_user",
        "attachments",
        "blocks",
        "icon_emoji",
        "icon_url",
        "link_names",
        "markdown_text",
        "metadata",
        "mrkdwn",
        "parse",
        "reply_broadcast",
        "text",
        "thread_ts",
        "unfurl_links",
        "unfurl_media",
        "username",
    ]),
    writes("chat.update", TIER_3, chat::update).needs(&["channel", "ts"]).takes(&[
        "as_user",
        "attachments",
        "blocks",
        "file_ids",
        "link_names",
        "markdown_text",
        "metadata",
        "parse",
        "reply_broadcast",
        "text",
        "unfurl_links",
        "unfurl_media",
    ]),
    writes("chat.delete", TIER_3, chat::delete).needs(&["channel", "ts"]).takes(&["as_user"]),
    writes("chat.postEphemeral", TIER_4, chat::post_ephemeral).needs(&["channel", "user"]).takes(&[
        "as_user",
        "attachments",
        "blocks",
        "icon_emoji",
        "icon_url",
        "link_names",
        "markdown_text",
        "parse",
        "text",
        "thread_ts",
        "username",
    ]),
    reads("chat.getPermalink", HUNDREDS, chat::permalink).needs(&["channel", "message_ts"]),
    writes("conversations.open", TIER_3, conversations::open).takes(&[
        "channel",
        "prevent_creation",
        "return_im",
        "users",
    ]),
    writes("conversations.join", TIER_3, conversations::join).needs(&["channel"]),
    reads("conversations.info", TIER_3, conversations::info)
        .needs(&["channel"])
        .takes(&["include_locale", "include_num_members"]),
    reads("conversations.members", TIER_4, conversations::members)
        .needs(&["channel"])
        .takes(&["cursor", "limit"]),
    reads("conversations.history", TIER_3, history::history).needs(&["channel"]).takes(&[
        "cursor",
        "include_all_metadata",
        "inclusive",
        "latest",
        "limit",
        "oldest",
    ]),
    reads("conversations.replies", TIER_3, history::replies).needs(&["channel", "ts"]).takes(&[
        "cursor",
        "include_all_metadata",
        "inclusive",
        "latest",
        "limit",
        "oldest",
    ]),
    reads("users.info", TIER_4, users::info).needs(&["user"]).takes(&["include_locale"]),
    reads("users.list", TIER_2, users::list).takes(&["cursor", "include_locale", "limit", "team_id"]),
    reads("users.lookupByEmail", TIER_3, users::by_email).needs(&["email"]),
    writes("views.open", TIER_4, views::open)
        .needs(&["view"])
        .takes(&["interactivity_pointer", "trigger_id"]),
    writes("views.push", TIER_4, views::push)
        .needs(&["view"])
        .takes(&["interactivity_pointer", "trigger_id"]),
    writes("views.update", TIER_4, views::update).needs(&["view"]).takes(&["external_id", "hash", "view_id"]),
    writes("views.publish", TIER_4, views::publish).needs(&["user_id", "view"]).takes(&["hash"]),
    writes("reactions.add", TIER_3, reactions::add).needs(&["channel", "name", "timestamp"]),
    writes("reactions.remove", TIER_2, reactions::remove).needs(&["name"]).takes(&[
        "channel",
        "file",
        "file_comment",
        "timestamp",
    ]),
];
