-- Places that only so many replicas may have at once, each under a lease: who has it, and until when.
CREATE TABLE seats (
    what TEXT NOT NULL,
    number BIGINT NOT NULL,
    owner TEXT NOT NULL,
    until_at BIGINT NOT NULL,
    PRIMARY KEY (what, number)
);
