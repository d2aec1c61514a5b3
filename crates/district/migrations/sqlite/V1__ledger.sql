-- What the district keeps. Times are RFC 3339 text in UTC and only shown,
-- never compared to decide an order; the order is `seq`, and nothing else.

-- Small facts about the district itself: the id under which it writes changes
-- of its own, the address it last listened on, the catalog its keys were read by.
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- The laptops that were let in. `number` is the order of enrolment and gives the
-- letter. Of the token only its SHA-256 is kept: who copies this file can still
-- not speak for a laptop. An empty `scope` stands for all that is kept here.
CREATE TABLE device (
    id           TEXT PRIMARY KEY,
    number       INTEGER NOT NULL UNIQUE CHECK (number > 0),
    name         TEXT NOT NULL,
    role         TEXT NOT NULL,
    scope        TEXT CHECK (length(scope) IN (6, 9)),
    public_key   TEXT NOT NULL CHECK (length(public_key) = 64),
    token_sha256 TEXT NOT NULL UNIQUE,
    enrolled_at  TEXT NOT NULL,
    seen_at      TEXT,
    revoked_at   TEXT
) STRICT;

-- One-time codes, by the SHA-256 of their secret. A used code stays, so that
-- a second user is told when it was used, and by which laptop is on record.
CREATE TABLE enrolment (
    secret_sha256 TEXT PRIMARY KEY,
    scope         TEXT CHECK (length(scope) IN (6, 9)),
    role          TEXT NOT NULL,
    person        TEXT,
    created_at    TEXT NOT NULL,
    expires_at    TEXT NOT NULL,
    used_at       TEXT,
    device        TEXT REFERENCES device (id),
    CHECK ((used_at IS NULL) = (device IS NULL))
) STRICT;

-- One row for each scope: the number and the hash of its log's last entry. Who
-- appends takes the next number here, in the transaction that appends, so no
-- reader can skip an entry that commits late.
CREATE TABLE scope_head (
    scope TEXT PRIMARY KEY CHECK (length(scope) IN (6, 9)),
    seq   INTEGER NOT NULL CHECK (seq >= 0),
    hash  TEXT NOT NULL
) STRICT;

-- The log of each scope, refused entries too: what was asked, what became of it.
-- Rows are only ever added. `arrived_at` is for the health page.
CREATE TABLE log (
    scope      TEXT NOT NULL REFERENCES scope_head (scope),
    seq        INTEGER NOT NULL CHECK (seq > 0),
    record     TEXT NOT NULL,
    change     TEXT NOT NULL UNIQUE,
    body       TEXT NOT NULL,
    arrived_at TEXT NOT NULL,
    PRIMARY KEY (scope, seq)
) STRICT;

-- What the logs have made of each record. Everything here could be computed
-- again from the logs. `key` is the value that names the record for people and
-- is unique among the living ones of its kind (a village's code).
CREATE TABLE record (
    id      TEXT PRIMARY KEY,
    kind    TEXT NOT NULL,
    scope   TEXT NOT NULL REFERENCES scope_head (scope),
    key     TEXT,
    deleted INTEGER NOT NULL CHECK (deleted IN (0, 1)),
    body    TEXT NOT NULL
) STRICT;
CREATE INDEX record_by_kind ON record (kind, deleted, id);
CREATE INDEX record_by_key ON record (kind, key) WHERE key IS NOT NULL;

-- The district's word on every change, also on those that are in no log. Who
-- sends a change again gets the same word again; `digest` tells a change that
-- is sent again from another one under its number. The district's own changes
-- are here too, hence no reference to `device`.
CREATE TABLE receipt (
    device      TEXT NOT NULL,
    incarnation INTEGER NOT NULL,
    counter     INTEGER NOT NULL CHECK (counter > 0),
    change      TEXT NOT NULL UNIQUE,
    digest      TEXT NOT NULL,
    body        TEXT NOT NULL,
    PRIMARY KEY (device, incarnation, counter)
) STRICT;

-- The files that are on disk, whole and verified. A row is written after its
-- file is, so a row without its file means that somebody took the file away.
CREATE TABLE attachment (
    sha256     TEXT PRIMARY KEY CHECK (length(sha256) = 64),
    bytes      INTEGER NOT NULL CHECK (bytes >= 0),
    arrived_at TEXT NOT NULL
) STRICT;

-- Which scopes name a file: who may send it and fetch it. A name stays when a
-- record lets go of the file, for its history still shows it.
CREATE TABLE attachment_name (
    sha256 TEXT NOT NULL,
    scope  TEXT NOT NULL REFERENCES scope_head (scope),
    PRIMARY KEY (sha256, scope)
) STRICT, WITHOUT ROWID;

-- What each waiting change still waits for. The last row to go lets it pass.
CREATE TABLE awaited (
    change TEXT NOT NULL REFERENCES log (change),
    sha256 TEXT NOT NULL,
    record TEXT NOT NULL REFERENCES record (id),
    scope  TEXT NOT NULL REFERENCES scope_head (scope),
    seq    INTEGER NOT NULL,
    PRIMARY KEY (change, sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX awaited_by_file ON awaited (sha256);
CREATE INDEX awaited_by_scope ON awaited (scope, seq);
