-- Who changed what. Rows are only ever added: `number` counts within a workspace, and `mark` binds each row
-- to the one before it.
CREATE TABLE audit (
    team TEXT NOT NULL,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    user_id TEXT NOT NULL,
    person TEXT,
    channel TEXT NOT NULL,
    message TEXT,
    command TEXT NOT NULL,
    fields TEXT NOT NULL,
    repo TEXT,
    version TEXT,
    result TEXT NOT NULL,
    reference TEXT NOT NULL,
    once_key TEXT NOT NULL,
    mark TEXT NOT NULL,
    PRIMARY KEY (team, number)
);
CREATE UNIQUE INDEX audit_once ON audit (team, once_key);
CREATE INDEX audit_at ON audit (team, at);

-- Where each workspace's chain begins (what was before has outlived its time) and where it ends. `proof` is
-- over both ends, so that neither can be moved.
CREATE TABLE audit_chains (
    team TEXT NOT NULL PRIMARY KEY,
    key_sealed TEXT NOT NULL,
    base BIGINT NOT NULL,
    base_mark TEXT NOT NULL,
    head BIGINT NOT NULL,
    head_mark TEXT NOT NULL,
    proof TEXT NOT NULL
);

-- What the Dipper admins of a workspace have decided for all of it.
CREATE TABLE team_settings (
    team TEXT NOT NULL PRIMARY KEY,
    instance TEXT,
    topics TEXT NOT NULL,
    mentions BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
