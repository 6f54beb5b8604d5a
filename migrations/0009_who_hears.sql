-- Which repository a delivery told of: `cloud:web` and `api`, in lower case; none while that is not known.
ALTER TABLE deliveries ADD COLUMN owner TEXT;
ALTER TABLE deliveries ADD COLUMN slug TEXT;
CREATE INDEX deliveries_of_repo ON deliveries (owner, slug, id) WHERE owner IS NOT NULL;
CREATE INDEX deliveries_of_owner ON deliveries (owner, id, slug) WHERE owner IS NOT NULL;

-- Which change a table stands at, for those who hold a copy of it in memory.
CREATE TABLE versions (
    name TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL
);
INSERT INTO versions (name, version) VALUES ('subscriptions', 0);

-- Who could read a repository, when that was last looked at.
CREATE TABLE reads (
    repo TEXT NOT NULL,
    team TEXT NOT NULL,
    user_id TEXT NOT NULL,
    may BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (repo, team, user_id)
);
CREATE INDEX reads_at ON reads (at);

-- Which events a webhook asks for, in Bitbucket's own keys; none where it was made to ask for all there are. And
-- what is wrong with it, once whoever made it was told.
ALTER TABLE hooks ADD COLUMN events TEXT;
ALTER TABLE hooks ADD COLUMN trouble TEXT;
