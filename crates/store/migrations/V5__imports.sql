-- Tables read in: what each made and changed, so that it can be taken back as one
-- step; kept of the last imports only.
CREATE TABLE import_batch (
    id     BLOB PRIMARY KEY,
    at     TEXT NOT NULL,
    person TEXT NOT NULL,
    file   TEXT NOT NULL,
    kind   TEXT NOT NULL,
    undone_at TEXT
) WITHOUT ROWID;
CREATE TABLE import_entry (
    batch  BLOB NOT NULL REFERENCES import_batch (id),
    row    INTEGER NOT NULL,
    record BLOB NOT NULL,
    made   INTEGER NOT NULL,
    -- JSON of the fields that the row wrote: as they were, and as it left them.
    before TEXT NOT NULL,
    after  TEXT NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (batch, row)
) WITHOUT ROWID;

-- How a person matched a table's headings and names, for the next one like it.
CREATE TABLE import_template (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    at   TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, name)
) WITHOUT ROWID;
