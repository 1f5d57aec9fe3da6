-- Phones and trackers, by the names that their own software sends, and whose fixes theirs are.
ALTER TABLE changes ADD COLUMN device TEXT;

CREATE TABLE devices (
    device TEXT PRIMARY KEY,
    unit   TEXT NOT NULL REFERENCES units (unit)
) STRICT, WITHOUT ROWID;
