-- Columns are TEXT, BIGINT and BYTEA only: what both engines keep alike. Times are epoch milliseconds.
-- An id that is minted for every request is INTEGER here: SQLite then keeps no second index for it.
-- PostgreSQL is told elsewhere that it means BIGINT.

-- What is to be done. `ready_at` is when a worker may look at a waiting job: none while another of its
-- order key stands before it. `turn` grows with every claim and fences the writes of the worker that holds it.
CREATE TABLE jobs (
    id INTEGER NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    order_key TEXT,
    unique_key TEXT,
    seen_key TEXT,
    origin BIGINT,
    urgency BIGINT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting',
    run_at BIGINT NOT NULL,
    ready_at BIGINT,
    holds_until BIGINT,
    attempt BIGINT NOT NULL DEFAULT 0,
    turn BIGINT NOT NULL DEFAULT 0,
    owner TEXT,
    lease_until BIGINT,
    created_at BIGINT NOT NULL,
    failed_at BIGINT,
    finished_at BIGINT,
    last_error TEXT,
    body BYTEA
);
CREATE INDEX jobs_ready ON jobs (urgency, ready_at, id, kind) WHERE state = 'waiting';
CREATE INDEX jobs_line ON jobs (order_key, id) WHERE state = 'waiting' AND order_key IS NOT NULL;
-- The newest of a key, done or not; `turn >= 0` always holds, and keeps this index to those who name it.
CREATE INDEX jobs_key ON jobs (order_key, id) WHERE order_key IS NOT NULL AND turn >= 0;
CREATE UNIQUE INDEX jobs_one_of_a_key ON jobs (order_key) WHERE state = 'running' AND order_key IS NOT NULL;
CREATE INDEX jobs_leases ON jobs (lease_until) WHERE state = 'running';
CREATE UNIQUE INDEX jobs_unique ON jobs (unique_key) WHERE state = 'waiting' AND unique_key IS NOT NULL;
CREATE UNIQUE INDEX jobs_seen ON jobs (seen_key) WHERE seen_key IS NOT NULL;
CREATE INDEX jobs_buried ON jobs (id) WHERE state = 'buried';

-- What Bitbucket sent, byte for byte. The hash is of instance, event key and body.
CREATE TABLE deliveries (
    id INTEGER NOT NULL PRIMARY KEY,
    instance TEXT NOT NULL,
    request_id TEXT,
    hash BYTEA NOT NULL,
    event_key TEXT NOT NULL,
    hook TEXT,
    received_at BIGINT NOT NULL,
    settled_at BIGINT,
    outcome TEXT,
    body BYTEA NOT NULL
);
CREATE UNIQUE INDEX deliveries_request ON deliveries (instance, request_id) WHERE request_id IS NOT NULL;
CREATE UNIQUE INDEX deliveries_hash ON deliveries (hash);

-- Who a Slack person is on a Bitbucket.
CREATE TABLE links (
    team TEXT NOT NULL,
    user_id TEXT NOT NULL,
    instance TEXT NOT NULL,
    person_id TEXT NOT NULL,
    person_name TEXT NOT NULL,
    person_nickname TEXT,
    access_sealed TEXT NOT NULL,
    refresh_sealed TEXT,
    scopes TEXT NOT NULL,
    expires_at BIGINT,
    version BIGINT NOT NULL,
    linked_at BIGINT NOT NULL,
    refresher TEXT,
    refresh_until BIGINT,
    PRIMARY KEY (team, user_id, instance)
);
CREATE INDEX links_person ON links (team, instance, person_id);

-- Connecting, step by step: fresh, sent, returned, used.
CREATE TABLE tickets (
    hash TEXT NOT NULL PRIMARY KEY,
    team TEXT NOT NULL,
    user_id TEXT NOT NULL,
    instance TEXT NOT NULL,
    channel TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    state_hash TEXT,
    cookie_hash TEXT,
    verifier_sealed TEXT,
    person_id TEXT,
    person_name TEXT,
    person_nickname TEXT,
    access_sealed TEXT,
    refresh_sealed TEXT,
    scopes TEXT,
    token_expires_at BIGINT,
    command TEXT
);
CREATE UNIQUE INDEX tickets_state ON tickets (state_hash) WHERE state_hash IS NOT NULL;
CREATE INDEX tickets_expiry ON tickets (expires_at);

-- Commands that wait until their person has connected.
CREATE TABLE parked (
    id BIGINT NOT NULL PRIMARY KEY,
    team TEXT NOT NULL,
    user_id TEXT NOT NULL,
    instance TEXT NOT NULL,
    command TEXT NOT NULL,
    parked_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL
);
CREATE INDEX parked_person ON parked (team, user_id, instance);
CREATE INDEX parked_until ON parked (until_at);

-- Which channel hears of which repository.
CREATE TABLE subscriptions (
    team TEXT NOT NULL,
    channel TEXT NOT NULL,
    repo TEXT NOT NULL,
    topics TEXT NOT NULL,
    asked_team TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (team, channel, repo)
);
CREATE INDEX subscriptions_repo ON subscriptions (repo);

-- The newest that is known of each pull request.
CREATE TABLE pull_requests (
    repo TEXT NOT NULL,
    number BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT,
    state TEXT NOT NULL,
    snapshot TEXT NOT NULL,
    PRIMARY KEY (repo, number)
);
CREATE INDEX pull_requests_state ON pull_requests (repo, state);

-- What the bot has posted, or was about to.
CREATE TABLE posts (
    team TEXT NOT NULL,
    channel TEXT NOT NULL,
    post_key TEXT NOT NULL,
    identity TEXT NOT NULL,
    state TEXT NOT NULL,
    ts TEXT,
    drawn TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (team, channel, post_key)
);
CREATE INDEX posts_key ON posts (post_key);

-- What is sent at certain times, and each time it was: a row in digest_runs stays for good.
CREATE TABLE digests (
    id BIGINT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL,
    team TEXT NOT NULL,
    channel TEXT NOT NULL,
    repo TEXT NOT NULL,
    cron TEXT NOT NULL,
    zone TEXT NOT NULL,
    asked_team TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    next_at BIGINT,
    last_at BIGINT
);
CREATE UNIQUE INDEX digests_channel ON digests (team, channel, number);
CREATE INDEX digests_next ON digests (next_at);
CREATE TABLE digest_runs (
    digest BIGINT NOT NULL REFERENCES digests (id) ON DELETE CASCADE,
    due BIGINT NOT NULL,
    PRIMARY KEY (digest, due)
);

-- Waits that all replicas keep: until when nobody calls, and when the next call of a paced scope may go.
CREATE TABLE pauses (
    scope TEXT NOT NULL PRIMARY KEY,
    until_at BIGINT NOT NULL
);
CREATE TABLE slots (
    scope TEXT NOT NULL PRIMARY KEY,
    next_at BIGINT NOT NULL
);

-- When the database was last seen to take a write.
CREATE TABLE pulses (
    name TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL
);
