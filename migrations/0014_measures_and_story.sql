-- What a card shows besides what events say: how large the change is, and how its newest commit was built.
CREATE TABLE measures (
    repo TEXT NOT NULL,
    number BIGINT NOT NULL,
    head TEXT,
    files BIGINT,
    added BIGINT,
    removed BIGINT,
    more BIGINT NOT NULL,
    comments BIGINT,
    tasks BIGINT,
    PRIMARY KEY (repo, number)
);
CREATE TABLE builds (
    repo TEXT NOT NULL,
    hash TEXT NOT NULL,
    build_key TEXT NOT NULL,
    state TEXT NOT NULL,
    at BIGINT NOT NULL,
    kept_at BIGINT NOT NULL,
    PRIMARY KEY (repo, hash, build_key)
);
CREATE INDEX builds_kept_at ON builds (kept_at);
ALTER TABLE team_settings ADD COLUMN jira TEXT;
-- The story under a card, until it is said: what comes in a burst is said together.
CREATE TABLE thread_lines (
    team TEXT NOT NULL,
    channel TEXT NOT NULL,
    repo TEXT NOT NULL,
    number BIGINT NOT NULL,
    identity TEXT NOT NULL,
    topic TEXT NOT NULL,
    message TEXT NOT NULL,
    broadcast BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kept_at BIGINT NOT NULL,
    burst TEXT,
    said BIGINT NOT NULL,
    PRIMARY KEY (team, channel, repo, number, identity)
);
CREATE INDEX thread_lines_unsaid ON thread_lines (team, channel, repo, number) WHERE said = 0;
CREATE INDEX thread_lines_kept_at ON thread_lines (kept_at);
