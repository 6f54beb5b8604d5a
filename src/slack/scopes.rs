//! What the bot asks to be allowed in Slack: the manifest, the README and the checks all say it from this list.

/// What the bot may do in Slack, and why it asks for it.
pub const SCOPES: &[(&str, &str)] = &[
    ("commands", "to be asked: the slash command"),
    ("chat:write", "to answer, to post cards and to keep them true"),
    ("channels:read", "to know whether it is in a public channel"),
    ("groups:read", "the same for private channels"),
    ("im:write", "to tell a person something in private"),
    ("channels:join", "to come into a public channel that subscribes"),
    ("channels:history", "to look whether it has said something before it says it again"),
    ("groups:history", "the same in private channels"),
    ("im:history", "the same in private conversations"),
    (
        "users:read",
        "names on the page that connects accounts, time zones for digests, and who is a guest or an admin",
    ),
    ("users:read.email", "to know who of Bitbucket's people is who in Slack, so that cards can mention them"),
];
