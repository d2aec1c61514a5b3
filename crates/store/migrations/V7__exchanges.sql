-- What was exchanged with the district, when and how, for people who ask; nothing
-- else reads it. `body` is JSON of what went and came, or of why it did not.
CREATE TABLE exchange (
    place INTEGER PRIMARY KEY,
    at    TEXT    NOT NULL,                 -- wall time (RFC 3339), for display
    until TEXT    NOT NULL,                 -- of the last of `times` that were alike
    times INTEGER NOT NULL DEFAULT 1,
    way   TEXT    NOT NULL,                 -- in the app's own words: over the line, onto a stick, from one
    body  TEXT    NOT NULL
);
