//! The settings there are, with what each means: the README's table, and what a misspelt name is compared with.

/// What a setting is for, as the README's table prints it.
pub struct Described {
    /// The environment variable.
    pub variable: &'static str,
    /// What holds when it is not set.
    pub default: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

const fn described(variable: &'static str, default: &'static str, meaning: &'static str) -> Described {
    Described { variable, default, meaning }
}

/// Every setting there is, in the order the README shows them.
pub const TABLE: &[Described] = &[
    described("DIPPER_DATABASE_URL", "sqlite://dipper.db", "`sqlite://…` or `postgres://…`"),
    described("DIPPER_LISTEN", "127.0.0.1:8080", "where HTTP listens"),
    described(
        "DIPPER_OPS_LISTEN",
        "the main one if that is loopback, else none",
        "where `/metrics` and `/health/details` are",
    ),
    described(
        "DIPPER_PUBLIC_URL",
        "none",
        "how Slack, Bitbucket and browsers reach it; without it `/bb connect` offers the token form",
    ),
    described(
        "DIPPER_KEYS",
        "none, required by `serve`",
        "comma-separated base64 keys of 32 bytes; the first seals, all open",
    ),
    described(
        "DIPPER_ADMINS",
        "the workspace's owners and admins",
        "comma-separated Slack user ids of those who administer Dipper",
    ),
    described("DIPPER_LOG", "info", "what is logged: a tracing filter"),
    described("DIPPER_LOG_FORMAT", "text", "`text` or `json`"),
    described(
        "DIPPER_PROXY",
        "none",
        "through which every outgoing call goes: Bitbucket, Slack's Web API, the web socket",
    ),
    described("DIPPER_CA_FILE", "none", "certificates (PEM) to trust for them besides the system's"),
    described("DIPPER_KEEP_DELIVERIES", "14d", "how long deliveries are kept"),
    described("DIPPER_KEEP_JOBS", "7d", "how long finished and buried jobs are kept"),
    described("DIPPER_KEEP_AUDIT", "400d", "how long the audit log is kept"),
    described("DIPPER_FOLD_SECONDS", "3", "quiet time before a burst is told in one direct message"),
    described(
        "SLACK_SIGNING_SECRET",
        "none, required by `serve` without Socket Mode",
        "proves that a request comes from Slack",
    ),
    described(
        "SLACK_APP_TOKEN",
        "none",
        "the app-level token (`xapp-…`): with it Dipper opens a web socket to Slack, and Slack need not reach it",
    ),
    described("SLACK_BOT_TOKEN", "none", "one workspace: the bot's token there (`xoxb-…`)"),
    described(
        "SLACK_CLIENT_ID",
        "none",
        "many workspaces: the app's id; they install it at `/slack/install`",
    ),
    described("SLACK_CLIENT_SECRET", "none", "its secret"),
    described(
        "SLACK_ALLOWED_TEAMS",
        "none, required with it",
        "comma-separated ids of the workspaces and enterprises that may install it",
    ),
    described("SLACK_API_URL", "https://slack.com/api", "base of Slack's Web API"),
    described("BITBUCKET_CLOUD_CLIENT_ID", "none", "OAuth consumer, so that people can connect"),
    described("BITBUCKET_CLOUD_CLIENT_SECRET", "none", "its secret"),
    described(
        "BITBUCKET_CLOUD_TOKEN",
        "none",
        "the bot's own credential, an access token or `email:api-token`: reads for cards and digests, changes nothing",
    ),
    described(
        "BITBUCKET_CLOUD_WEBHOOK_SECRET",
        "none",
        "verifies webhooks; two values, comma-separated, while rotating",
    ),
    described("BITBUCKET_CLOUD_URL", "https://bitbucket.org", "where Bitbucket Cloud is for browsers"),
    described("BITBUCKET_CLOUD_API_URL", "https://api.bitbucket.org/2.0", "base of its REST API"),
    described("BITBUCKET_DC_URL", "none", "where your Bitbucket Data Center is"),
    described("BITBUCKET_DC_API_URL", "BITBUCKET_DC_URL/rest", "base of its REST API"),
    described("BITBUCKET_DC_CLIENT_ID", "none", "incoming application link, so that people can connect"),
    described("BITBUCKET_DC_CLIENT_SECRET", "none", "its secret"),
    described(
        "BITBUCKET_DC_TOKEN",
        "none",
        "the bot's own credential, an HTTP access token: reads for cards and digests, changes nothing",
    ),
    described(
        "BITBUCKET_DC_WEBHOOK_SECRET",
        "none",
        "verifies webhooks; two values, comma-separated, while rotating",
    ),
];
