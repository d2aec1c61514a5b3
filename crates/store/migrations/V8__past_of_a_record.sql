-- Which entries a record's past is made of. An exchange writes the log alone, and
-- which entries are not sorted by record yet; that is done when nobody waits.
CREATE TABLE record_log (
    record BLOB    NOT NULL,
    scope  TEXT    NOT NULL,
    seq    INTEGER NOT NULL,
    PRIMARY KEY (record, scope, seq)
) WITHOUT ROWID;
CREATE TABLE record_log_due (
    scope TEXT    NOT NULL,
    first INTEGER NOT NULL,
    last  INTEGER NOT NULL,
    PRIMARY KEY (scope, first)
) WITHOUT ROWID;
INSERT INTO record_log SELECT record, scope, seq FROM log INDEXED BY log_of_record ORDER BY record, scope, seq;
DROP INDEX log_of_record;
CREATE TRIGGER log_no_longer AFTER DELETE ON log BEGIN
    DELETE FROM record_log WHERE record = old.record AND scope = old.scope AND seq = old.seq;
END;
