-- Whom somebody nudged about which pull request on which day of theirs: once is enough.
CREATE TABLE nudges (
    team TEXT NOT NULL,
    user_id TEXT NOT NULL,
    pr TEXT NOT NULL,
    day TEXT NOT NULL,
    origin BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (team, user_id, pr, day)
);
CREATE INDEX nudges_at ON nudges (at);
