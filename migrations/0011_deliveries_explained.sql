-- What a delivery is about, and what each subscription that was concerned made of it.
ALTER TABLE deliveries ADD COLUMN repo TEXT;
ALTER TABLE deliveries ADD COLUMN number BIGINT;
ALTER TABLE deliveries ADD COLUMN reasons TEXT;
CREATE INDEX deliveries_about ON deliveries (repo, number, id) WHERE repo IS NOT NULL;

-- How each pull request stood when it was last told, so that those which are open can be looked for, and until
-- when all about it was told by looking: what a webhook brings of before comes too late.
ALTER TABLE pull_requests ADD COLUMN told_state TEXT;
ALTER TABLE pull_requests ADD COLUMN seen_at BIGINT;
UPDATE pull_requests SET told_state = state WHERE told IS NOT NULL;
CREATE INDEX pull_requests_told ON pull_requests (repo, told_state) WHERE told_state IS NOT NULL;

-- Which comments were told, and of which delivery.
CREATE TABLE remarks_told (
    repo TEXT NOT NULL,
    number BIGINT NOT NULL,
    remark BIGINT NOT NULL,
    delivery BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (repo, number, remark)
);
CREATE INDEX remarks_told_at ON remarks_told (at);

-- When each repository was last looked at for what no webhook told.
CREATE TABLE looks (
    repo TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL
);
