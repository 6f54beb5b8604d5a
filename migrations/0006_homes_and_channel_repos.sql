-- The repository that is meant in a channel where none is named.
CREATE TABLE channel_repos (
    team TEXT NOT NULL,
    channel TEXT NOT NULL,
    repo TEXT NOT NULL,
    set_by TEXT NOT NULL,
    set_at BIGINT NOT NULL,
    PRIMARY KEY (team, channel)
);

-- Whose home tab was ever opened, and when it was last drawn.
CREATE TABLE homes (
    team TEXT NOT NULL,
    user_id TEXT NOT NULL,
    drawn_at BIGINT NOT NULL,
    PRIMARY KEY (team, user_id)
);
