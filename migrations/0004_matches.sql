-- Who in a workspace has the e-mail address of somebody on Bitbucket, and who there is nobody for; asked again
-- after `until_at`. The addresses themselves are not kept.
CREATE TABLE matches (
    team TEXT NOT NULL,
    instance TEXT NOT NULL,
    person_id TEXT NOT NULL,
    user_id TEXT,
    until_at BIGINT NOT NULL,
    PRIMARY KEY (team, instance, person_id)
);
CREATE INDEX matches_until ON matches (until_at);

-- Whether a workspace wants its people to be matched so.
ALTER TABLE team_settings ADD COLUMN matching BIGINT NOT NULL DEFAULT 1;

-- What a person is to allow when they connect, besides the least.
ALTER TABLE tickets ADD COLUMN wider TEXT NOT NULL DEFAULT '';
