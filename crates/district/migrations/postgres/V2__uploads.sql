-- Files on their way in. The bytes are in the store of attachments; which of
-- them count is said here, so that any server on the same database and store
-- can go on where another left off. An upload is its device's alone; its times
-- are compared with the server's clock only to let go of what nobody finishes.
CREATE TABLE upload (
    id         TEXT PRIMARY KEY,
    device     TEXT NOT NULL REFERENCES device (id),
    sha256     TEXT NOT NULL CHECK (length(sha256) = 64),
    metadata   TEXT NOT NULL,
    bytes      BIGINT NOT NULL CHECK (bytes >= 0),
    received   BIGINT NOT NULL CHECK (received BETWEEN 0 AND bytes),
    expires_at TEXT NOT NULL,
    UNIQUE (device, sha256)
);
CREATE INDEX upload_by_file ON upload (sha256);
CREATE INDEX upload_by_end ON upload (expires_at);

-- The parts that an upload consists of so far: from `start` on, without a gap.
-- `object` is where the bytes lie in the store.
CREATE TABLE upload_part (
    upload TEXT NOT NULL REFERENCES upload (id),
    start  BIGINT NOT NULL CHECK (start >= 0),
    object TEXT NOT NULL,
    PRIMARY KEY (upload, start)
);

-- Files in the store that no row of `attachment` knows and no scope names: from
-- when on that was seen. They are let go long after, so that a database restored
-- from a backup finds the files again that laptops name a second time.
CREATE TABLE orphan (
    sha256  TEXT PRIMARY KEY CHECK (length(sha256) = 64),
    seen_at TEXT NOT NULL
);
