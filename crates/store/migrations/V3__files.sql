-- Since when no record, pending or refused change and no form names a file that
-- the district does not know either. It is not sent, and let go much later.
ALTER TABLE attachment ADD COLUMN unnamed_at TEXT;
DROP INDEX attachment_due;
CREATE INDEX attachment_due ON attachment (bytes) WHERE here <> district AND unnamed_at IS NULL;
