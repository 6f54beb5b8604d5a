-- Feeds that wait for somebody to take them over, since nobody's account sees their repositories any more.
CREATE TABLE held_feeds (
    team TEXT NOT NULL,
    channel TEXT NOT NULL,
    repo TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (team, channel, repo)
);

-- Channels in which nothing can be said: archived, or the bot is not in them any more.
CREATE TABLE shut_channels (
    team TEXT NOT NULL,
    channel TEXT NOT NULL,
    why TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (team, channel)
);
