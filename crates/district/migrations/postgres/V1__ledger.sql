-- The same tables as on SQLite, with the same names, so that one text of SQL
-- serves both; what they are for is said there, in `migrations/sqlite`. Numbers
-- are BIGINT, yes and no are 1 and 0, and text is ordered by its bytes, not by
-- the language of whoever set up the server.

CREATE TABLE setting (
    name  TEXT COLLATE "C" PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

CREATE TABLE device (
    id           TEXT COLLATE "C" PRIMARY KEY,
    number       BIGINT NOT NULL UNIQUE CHECK (number > 0),
    name         TEXT COLLATE "C" NOT NULL,
    role         TEXT COLLATE "C" NOT NULL,
    scope        TEXT COLLATE "C" CHECK (length(scope) IN (6, 9)),
    public_key   TEXT COLLATE "C" NOT NULL CHECK (length(public_key) = 64),
    token_sha256 TEXT COLLATE "C" NOT NULL UNIQUE,
    enrolled_at  TEXT COLLATE "C" NOT NULL,
    seen_at      TEXT COLLATE "C",
    revoked_at   TEXT COLLATE "C"
);

CREATE TABLE enrolment (
    secret_sha256 TEXT COLLATE "C" PRIMARY KEY,
    scope         TEXT COLLATE "C" CHECK (length(scope) IN (6, 9)),
    role          TEXT COLLATE "C" NOT NULL,
    person        TEXT COLLATE "C",
    created_at    TEXT COLLATE "C" NOT NULL,
    expires_at    TEXT COLLATE "C" NOT NULL,
    used_at       TEXT COLLATE "C",
    device        TEXT COLLATE "C" REFERENCES device (id),
    CHECK ((used_at IS NULL) = (device IS NULL))
);

CREATE TABLE scope_head (
    scope TEXT COLLATE "C" PRIMARY KEY CHECK (length(scope) IN (6, 9)),
    seq   BIGINT NOT NULL CHECK (seq >= 0),
    hash  TEXT COLLATE "C" NOT NULL
);

CREATE TABLE log (
    scope      TEXT COLLATE "C" NOT NULL REFERENCES scope_head (scope),
    seq        BIGINT NOT NULL CHECK (seq > 0),
    record     TEXT COLLATE "C" NOT NULL,
    change     TEXT COLLATE "C" NOT NULL UNIQUE,
    body       TEXT COLLATE "C" NOT NULL,
    arrived_at TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (scope, seq)
);

CREATE TABLE record (
    id      TEXT COLLATE "C" PRIMARY KEY,
    kind    TEXT COLLATE "C" NOT NULL,
    scope   TEXT COLLATE "C" NOT NULL REFERENCES scope_head (scope),
    key     TEXT COLLATE "C",
    deleted BIGINT NOT NULL CHECK (deleted IN (0, 1)),
    body    TEXT COLLATE "C" NOT NULL
);
CREATE INDEX record_by_kind ON record (kind, deleted, id);
-- A hash, for a key may be longer than an entry of an ordinary index.
CREATE INDEX record_by_key ON record USING hash (key) WHERE key IS NOT NULL;

CREATE TABLE receipt (
    device      TEXT COLLATE "C" NOT NULL,
    incarnation BIGINT NOT NULL,
    counter     BIGINT NOT NULL CHECK (counter > 0),
    change      TEXT COLLATE "C" NOT NULL UNIQUE,
    digest      TEXT COLLATE "C" NOT NULL,
    body        TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (device, incarnation, counter)
);

CREATE TABLE attachment (
    sha256     TEXT COLLATE "C" PRIMARY KEY CHECK (length(sha256) = 64),
    bytes      BIGINT NOT NULL CHECK (bytes >= 0),
    arrived_at TEXT COLLATE "C" NOT NULL
);

CREATE TABLE attachment_name (
    sha256 TEXT COLLATE "C" NOT NULL,
    scope  TEXT COLLATE "C" NOT NULL REFERENCES scope_head (scope),
    PRIMARY KEY (sha256, scope)
);

CREATE TABLE awaited (
    change TEXT COLLATE "C" NOT NULL REFERENCES log (change),
    sha256 TEXT COLLATE "C" NOT NULL,
    record TEXT COLLATE "C" NOT NULL REFERENCES record (id),
    scope  TEXT COLLATE "C" NOT NULL REFERENCES scope_head (scope),
    seq    BIGINT NOT NULL,
    PRIMARY KEY (change, sha256)
);
CREATE INDEX awaited_by_file ON awaited (sha256);
CREATE INDEX awaited_by_scope ON awaited (scope, seq);
