-- The Slack workspaces that installed the bot. Taken out again, a row keeps no token, and soon goes itself.
CREATE TABLE installs (
    team TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    enterprise TEXT,
    bot_user TEXT,
    scopes TEXT NOT NULL,
    token_sealed TEXT,
    installed_by TEXT,
    installed_at BIGINT NOT NULL,
    removed_at BIGINT
);

-- What counts once and was used, until it would count no more anyway.
CREATE TABLE spent (
    hash TEXT NOT NULL PRIMARY KEY,
    until_at BIGINT NOT NULL
);
CREATE INDEX spent_until ON spent (until_at);

-- How often a refresh began and was never heard of again.
ALTER TABLE links ADD COLUMN doubts BIGINT NOT NULL DEFAULT 0;

-- People who do not want to be mentioned.
CREATE TABLE unmentioned (
    team TEXT NOT NULL,
    user_id TEXT NOT NULL,
    PRIMARY KEY (team, user_id)
);
