-- Which request filled a form last, and how the form stood then: whoever fills it next, whichever replica that
-- is, finds the form that the one before left.
CREATE TABLE fills (
    view TEXT NOT NULL PRIMARY KEY,
    filled_by BIGINT NOT NULL,
    hash TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX fills_at ON fills (at);
