-- The webhooks that were made from Slack, each with a door and a secret of its own.
CREATE TABLE hooks (
    id TEXT NOT NULL PRIMARY KEY,
    team TEXT NOT NULL,
    instance TEXT NOT NULL,
    owner TEXT NOT NULL,
    slug TEXT,
    remote TEXT NOT NULL,
    secret_sealed TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE INDEX hooks_of_owner ON hooks (instance, owner);
