-- Changes of this laptop that the district has, and whose entries are not here:
-- their log was begun anew, or a fill brought the records without them. Each goes
-- when its log brings it; one that the whole log does not bring goes out again.
CREATE TABLE kept (
    change BLOB PRIMARY KEY,
    record BLOB NOT NULL,
    scope  TEXT NOT NULL,
    body   BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX kept_of_record ON kept (record);

-- While `lost` is set: the last entry of which the district has proved that it has
-- it still. What lies after it is not shown as being there.
ALTER TABLE scope ADD COLUMN shared INTEGER NOT NULL DEFAULT 0;
