-- What the bytes of a picture say, and what it looks like. All of it can be found
-- again in the bytes; it is kept because decoding a picture takes a tenth of a
-- second. `reader` is the version of what found it.
CREATE TABLE photo (
    place    INTEGER PRIMARY KEY,
    sha256   TEXT    NOT NULL UNIQUE,
    reader   INTEGER NOT NULL,
    facts    TEXT    NOT NULL,              -- JSON
    looked   INTEGER NOT NULL DEFAULT 0,    -- 1 once it was decoded, or found to be none that can be
    likeness BLOB                           -- 256 bits
);
-- All that is read to find a picture's like: 100,000 are five megabytes.
CREATE INDEX photo_likeness ON photo (likeness) WHERE likeness IS NOT NULL;

-- Which records use which picture; brought up to date with the lists.
CREATE TABLE photo_use (
    sha256 TEXT    NOT NULL,
    record INTEGER NOT NULL,                -- its place
    field  TEXT    NOT NULL,
    PRIMARY KEY (sha256, record, field)
) WITHOUT ROWID;
CREATE INDEX photo_use_of_record ON photo_use (record);
CREATE TRIGGER photo_used_no_longer AFTER DELETE ON record BEGIN
    DELETE FROM photo_use WHERE record = old.place;
END;
UPDATE record SET indexed = 0 WHERE EXISTS (SELECT 1 FROM attachment);

-- What is let go is like nothing any more.
CREATE TRIGGER photo_forgotten AFTER DELETE ON attachment BEGIN
    DELETE FROM photo WHERE sha256 = old.sha256;
END;
