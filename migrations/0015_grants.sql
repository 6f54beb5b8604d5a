-- Rights that end by themselves, until they have ended: what was given, and what was there before.
CREATE TABLE grants (
    id BIGINT PRIMARY KEY,
    repo TEXT NOT NULL,
    person TEXT NOT NULL,
    person_name TEXT NOT NULL,
    level TEXT NOT NULL,
    before_level TEXT,
    until_at BIGINT NOT NULL,
    team TEXT NOT NULL,
    user_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    origin BIGINT NOT NULL,
    state TEXT NOT NULL,
    told_at BIGINT,
    made_at BIGINT NOT NULL
);
CREATE INDEX grants_of ON grants (repo, person);
