-- Version 2. Bodies (`record.shown`, `record.confirmed`, `outbox.body`, `log.body`,
-- `refused.body`) are written in compact form, as BLOBs, from now on; rows of
-- version 1 keep their JSON text until they are written anew, and are read as they are.

-- How the records of a scope came here. `seal` is the district's signature on
-- the last entry. A first fill brings the records as they stood after entry
-- `fill_seq` or later; when it is done, the log takes over there, and entries up
-- to `past` come afterwards, for the history. `lost` is set while a district that
-- was restored from a backup has to be given back what came after that entry,
-- `anew` while records from before a parted log wait to be brought again.
ALTER TABLE scope ADD COLUMN seal TEXT;
ALTER TABLE scope ADD COLUMN fill_seq INTEGER;
ALTER TABLE scope ADD COLUMN fill_hash TEXT;
ALTER TABLE scope ADD COLUMN fill_seal TEXT;
ALTER TABLE scope ADD COLUMN fill_after BLOB;
ALTER TABLE scope ADD COLUMN past INTEGER NOT NULL DEFAULT 0;
ALTER TABLE scope ADD COLUMN past_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE scope ADD COLUMN lost INTEGER;
ALTER TABLE scope ADD COLUMN anew INTEGER NOT NULL DEFAULT 0;

-- The last entry that the confirmed record is told up to: what a fill has
-- brought, the log passes over. -1 while the record waits to be brought again.
ALTER TABLE record ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
CREATE INDEX record_to_be_told ON record (scope, told) WHERE told = -1;

-- The `seq` that the district's receipt gave to a change; its log entry is to come.
ALTER TABLE outbox ADD COLUMN seq INTEGER;

-- Bytes of files that went out on sticks, from `start` up to `stop`, by the bundle
-- that carries them: the next one carries the rest. What the district has said to
-- have of a file that is not whole there stands under the bundle of zeros.
CREATE TABLE carried (
    sha256 TEXT    NOT NULL,
    bundle BLOB    NOT NULL,
    start  INTEGER NOT NULL,
    stop   INTEGER NOT NULL,
    PRIMARY KEY (sha256, bundle, start)
) WITHOUT ROWID;
