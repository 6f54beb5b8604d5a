-- What somebody asked for and another decides; who decides for a workspace; which rights somebody looked at and kept.
CREATE TABLE requests (
    id BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    team TEXT NOT NULL,
    user_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    action TEXT NOT NULL,
    line TEXT NOT NULL,
    reason TEXT,
    asked TEXT NOT NULL,
    until_at BIGINT NOT NULL,
    origin BIGINT NOT NULL,
    state TEXT NOT NULL,
    decided_by TEXT,
    why TEXT,
    made_at BIGINT NOT NULL
);
CREATE INDEX requests_of ON requests (team, state);
CREATE TABLE kept_rights (
    repo TEXT NOT NULL,
    person TEXT NOT NULL,
    level TEXT NOT NULL,
    team TEXT NOT NULL,
    user_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (repo, person)
);
ALTER TABLE team_settings ADD COLUMN approvers TEXT;
ALTER TABLE team_settings ADD COLUMN two_person TEXT;
