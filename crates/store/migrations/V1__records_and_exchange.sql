-- Small facts about this laptop: who it is, which counter comes next.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- Every record once, as it is shown: the confirmed one with this laptop's own
-- pending changes on top. A save writes here and into the outbox, and nowhere
-- else: each further page would have to be encrypted before the save returns.
CREATE TABLE record (
    place     INTEGER PRIMARY KEY,
    id        BLOB    NOT NULL UNIQUE,      -- UUIDv7, so that ids sort by age
    kind      TEXT    NOT NULL,
    scope     TEXT    NOT NULL,
    state     TEXT,
    deleted   INTEGER NOT NULL DEFAULT 0,
    sync      TEXT    NOT NULL CHECK (sync IN ('saved', 'sending', 'district', 'conflict', 'refused')),
    shown     TEXT    NOT NULL,             -- JSON of the record
    known     INTEGER NOT NULL DEFAULT 0,   -- 1 once the district's log has brought it
    confirmed TEXT,                         -- the known record without pending changes, where that differs from shown
    indexed   INTEGER NOT NULL DEFAULT 0    -- 0 until lists and search know this version
);
CREATE INDEX record_not_indexed ON record (place) WHERE indexed = 0;
CREATE INDEX record_in_trouble ON record (sync) WHERE sync IN ('conflict', 'refused');

-- What lists sort and filter by: of each live record the fields that its kind
-- shows as columns, refers by or is named by. Brought up to date after the save,
-- and before any list is read. Its indexes are made from the catalog.
CREATE TABLE listed (
    place INTEGER PRIMARY KEY,
    id    BLOB NOT NULL,
    kind  TEXT NOT NULL,
    scope TEXT NOT NULL,
    state TEXT,
    sync  TEXT NOT NULL,
    keys  TEXT NOT NULL                     -- JSON of those fields
);
CREATE INDEX listed_on_its_way ON listed (kind, sync, id) WHERE sync <> 'district';
CREATE TRIGGER listed_no_longer AFTER DELETE ON record BEGIN
    DELETE FROM listed WHERE place = old.place;
END;

-- How many records of each kind are listed, so that a list knows its length without counting.
CREATE TABLE tally (
    kind TEXT PRIMARY KEY,
    live INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TRIGGER tally_up AFTER INSERT ON listed BEGIN
    INSERT INTO tally VALUES (new.kind, 1) ON CONFLICT (kind) DO UPDATE SET live = live + 1;
END;
CREATE TRIGGER tally_down AFTER DELETE ON listed BEGIN
    UPDATE tally SET live = live - 1 WHERE kind = old.kind;
END;

-- What this laptop saved and the district's log has not brought back yet. A row
-- goes only when its change arrives in the log, or is refused without a place in it.
CREATE TABLE outbox (
    counter  INTEGER PRIMARY KEY,           -- dense within the incarnation
    change   BLOB    NOT NULL,
    record   BLOB    NOT NULL,
    body     TEXT    NOT NULL,
    sent     INTEGER NOT NULL DEFAULT 0,    -- went out at least once
    answered INTEGER NOT NULL DEFAULT 0     -- the district's receipt is here
);
CREATE INDEX outbox_of_record ON outbox (record);

-- How far each scope's log was applied, and the hash of its last entry.
CREATE TABLE scope (
    scope TEXT PRIMARY KEY,
    seq   INTEGER NOT NULL,
    hash  TEXT    NOT NULL
) WITHOUT ROWID;

-- The log itself: the history of every record, in the district's order.
CREATE TABLE log (
    scope  TEXT    NOT NULL,
    seq    INTEGER NOT NULL,
    record BLOB    NOT NULL,
    body   TEXT    NOT NULL,
    PRIMARY KEY (scope, seq)
) WITHOUT ROWID;
CREATE INDEX log_of_record ON log (record);

-- Refused changes of this laptop, kept as drafts until edited or discarded.
CREATE TABLE refused (
    change  BLOB PRIMARY KEY,
    record  BLOB NOT NULL,
    body    TEXT NOT NULL,
    refusal TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX refused_of_record ON refused (record);

-- What was typed into a form and not saved yet. Here and not in the window's own
-- storage, since that is not encrypted.
CREATE TABLE draft (
    name TEXT PRIMARY KEY,                  -- which form, in the window's own words
    at   TEXT NOT NULL,
    body TEXT NOT NULL                      -- JSON of the edited fields
) WITHOUT ROWID;

-- Original files that records name, whether or not their bytes are here yet.
CREATE TABLE attachment (
    sha256   TEXT PRIMARY KEY,
    name     TEXT    NOT NULL,
    bytes    INTEGER NOT NULL,
    here     INTEGER NOT NULL DEFAULT 0,
    district INTEGER NOT NULL DEFAULT 0,
    taken    TEXT
) WITHOUT ROWID;
CREATE INDEX attachment_due ON attachment (bytes) WHERE here <> district;

-- Pairs of neighbouring characters, so that two-character words such as 厕所 are
-- found. Filled after the save, never inside it.
CREATE VIRTUAL TABLE search USING fts5 (grams, content = '', contentless_delete = 1);
