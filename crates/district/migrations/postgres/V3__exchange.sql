-- Bodies in compact form: `packed` holds what `body` held, which is empty in new
-- rows and stays in those of earlier versions.
ALTER TABLE log ADD COLUMN packed BYTEA;
ALTER TABLE record ADD COLUMN packed BYTEA;

-- The last entry that a record is told up to, so that a first fill may be read
-- while others write. 0 in rows of earlier versions: no fill begins before them.
ALTER TABLE record ADD COLUMN told BIGINT NOT NULL DEFAULT 0;
CREATE INDEX record_by_scope ON record (scope, id);

-- Changes that came again under another number, from a laptop that was restored
-- from a backup or copied. The receipt stays that of the first number.
CREATE TABLE renumbered (
    device      TEXT NOT NULL,
    incarnation BIGINT NOT NULL,
    counter     BIGINT NOT NULL CHECK (counter > 0),
    change      TEXT NOT NULL,
    PRIMARY KEY (device, incarnation, counter)
);

-- The townships that a laptop holds, where somebody said other than its
-- enrolment did. Without a row here the scope of `device` stands.
CREATE TABLE device_scope (
    device TEXT NOT NULL REFERENCES device (id),
    scope  TEXT NOT NULL CHECK (length(scope) IN (6, 9)),
    PRIMARY KEY (device, scope)
);

-- To whom a bundle for this laptop is encrypted, once it has said so.
ALTER TABLE device ADD COLUMN recipient TEXT;

-- Writers of whom a laptop gave entries back, after this database was restored
-- from a backup: their numbers may leave some out.
CREATE TABLE given_back (
    device      TEXT NOT NULL,
    incarnation BIGINT NOT NULL,
    PRIMARY KEY (device, incarnation)
);
