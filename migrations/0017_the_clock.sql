-- What a digest shows of its repositories, whose it is alone, and what came of its last run.
ALTER TABLE digests ADD COLUMN wish TEXT;
ALTER TABLE digests ADD COLUMN personal BIGINT;
ALTER TABLE digests ADD COLUMN result TEXT;

-- What a digest listed, so that its pages can be turned: the names, the most pressing first.
CREATE TABLE digest_pages (
    id BIGINT NOT NULL PRIMARY KEY,
    head TEXT NOT NULL,
    items TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE INDEX digest_pages_made ON digest_pages (made_at);

-- When people work, by channel or by person (whose place begins with @).
CREATE TABLE calendars (
    team TEXT NOT NULL,
    place TEXT NOT NULL,
    calendar TEXT NOT NULL,
    source TEXT,
    kept_by TEXT NOT NULL,
    read_at BIGINT NOT NULL,
    PRIMARY KEY (team, place)
);

-- What somebody wants to be reminded of, and what is to keep still until then: for them, or in a channel's digests.
CREATE TABLE alarms (
    id BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    team TEXT NOT NULL,
    user_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    pr TEXT NOT NULL,
    note TEXT,
    at BIGINT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE INDEX alarms_whose ON alarms (team, user_id, at);
CREATE INDEX alarms_where ON alarms (team, channel, at);
CREATE INDEX alarms_at ON alarms (at);

-- Since when somebody's review is asked for.
CREATE TABLE asked (
    repo TEXT NOT NULL,
    number BIGINT NOT NULL,
    person TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (repo, number, person)
);
CREATE INDEX asked_at ON asked (at);
