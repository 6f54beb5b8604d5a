-- What a person has decided about what they are told in private, where it differs from the usual.
CREATE TABLE private_wishes (
    team TEXT NOT NULL,
    user_id TEXT NOT NULL,
    switched TEXT NOT NULL,
    quiet TEXT,
    PRIMARY KEY (team, user_id)
);

-- The pull requests of which somebody wants to hear nothing in private.
CREATE TABLE mutes (
    team TEXT NOT NULL,
    user_id TEXT NOT NULL,
    pr TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (team, user_id, pr)
);
CREATE INDEX mutes_at ON mutes (at);

-- What somebody is told in private, once for each identity: it waits until it is settled, under the message
-- that tells it, or under none where it was true no more.
CREATE TABLE whispers (
    id BIGINT NOT NULL PRIMARY KEY,
    team TEXT NOT NULL,
    user_id TEXT NOT NULL,
    identity TEXT NOT NULL,
    whisper TEXT NOT NULL,
    at BIGINT NOT NULL,
    post_key TEXT,
    settled_at BIGINT
);
CREATE UNIQUE INDEX whispers_once ON whispers (team, user_id, identity);
CREATE INDEX whispers_of ON whispers (team, user_id, settled_at);
CREATE INDEX whispers_at ON whispers (at);

-- Whoever is that person, in whichever workspace.
CREATE INDEX links_anywhere ON links (instance, person_id);
