-- Pieces of files that came on a stick before the ones they follow: they wait
-- beside their upload until its bytes have come as far as `start`.
CREATE TABLE upload_ahead (
    upload TEXT NOT NULL REFERENCES upload (id) ON DELETE CASCADE,
    start  INTEGER NOT NULL CHECK (start >= 0),
    stop   INTEGER NOT NULL CHECK (stop > start),
    object TEXT NOT NULL,
    PRIMARY KEY (upload, start)
) STRICT, WITHOUT ROWID;
