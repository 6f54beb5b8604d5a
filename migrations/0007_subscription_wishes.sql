-- What a subscription asks besides topics. `repo` may hold a form: `cloud:web/*,-web/legacy`.
ALTER TABLE subscriptions ADD COLUMN main_only BIGINT NOT NULL DEFAULT 0;
ALTER TABLE subscriptions ADD COLUMN filter TEXT;
ALTER TABLE subscriptions ADD COLUMN size TEXT NOT NULL DEFAULT 'normal';
ALTER TABLE subscriptions ADD COLUMN thread BIGINT NOT NULL DEFAULT 0;
ALTER TABLE subscriptions ADD COLUMN broadcast BIGINT NOT NULL DEFAULT 0;

-- A pull request as the last delivery about it told, to see what the next one changes.
ALTER TABLE pull_requests ADD COLUMN told TEXT;

-- How each build of a branch ended last.
CREATE TABLE build_ends (
    repo TEXT NOT NULL,
    branch TEXT NOT NULL,
    build_key TEXT NOT NULL,
    failed BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (repo, branch, build_key)
);

-- What was asked of Bitbucket, and need not be asked again for a while.
CREATE TABLE known (
    what TEXT NOT NULL PRIMARY KEY,
    answer TEXT NOT NULL,
    until_at BIGINT NOT NULL
);
CREATE INDEX known_until ON known (until_at);
