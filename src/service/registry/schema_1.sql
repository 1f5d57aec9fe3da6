-- Every change of the tables below, in order. The number runs from 1 without holes; a row is never changed or deleted.
CREATE TABLE changes (
    number        INTEGER PRIMARY KEY,
    at_ms         INTEGER NOT NULL,
    made_by       TEXT NOT NULL,
    kind          TEXT NOT NULL,
    room          TEXT,
    state         TEXT,
    unit          TEXT,
    unit_kind     TEXT,
    callsign      TEXT,
    marks         TEXT,
    account       TEXT,
    role          TEXT,
    token         TEXT,
    expires_at_ms INTEGER
) STRICT;

CREATE TRIGGER changes_stay BEFORE UPDATE ON changes
BEGIN SELECT raise(ABORT, 'changes are never altered'); END;

CREATE TRIGGER changes_last BEFORE DELETE ON changes
BEGIN SELECT raise(ABORT, 'changes are never deleted'); END;

CREATE TABLE rooms (
    room  TEXT PRIMARY KEY,
    state TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE units (
    unit          TEXT PRIMARY KEY,
    room          TEXT NOT NULL REFERENCES rooms (room),
    state         TEXT NOT NULL,
    kind          TEXT NOT NULL,
    callsign      TEXT NOT NULL,
    marks         TEXT,
    retired_at_ms INTEGER
) STRICT, WITHOUT ROWID;

-- `credential` is the number of the change that last set the password or disabled the account: a session opened under
-- an older one is over.
CREATE TABLE accounts (
    account        TEXT PRIMARY KEY,
    room           TEXT NOT NULL REFERENCES rooms (room),
    role           TEXT NOT NULL,
    password_hash  TEXT NOT NULL,
    credential     INTEGER NOT NULL,
    disabled_at_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
    token         TEXT PRIMARY KEY,
    hash          BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    unit          TEXT REFERENCES units (unit),
    room          TEXT REFERENCES rooms (room),
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    revoked_at_ms INTEGER,
    CHECK ((unit IS NULL) <> (room IS NULL))
) STRICT, WITHOUT ROWID;

-- Log-ins are no change of the register: who logged in, and when, stands in the room's ledger.
CREATE TABLE sessions (
    hash         BLOB PRIMARY KEY CHECK (length(hash) = 32),
    account      TEXT NOT NULL REFERENCES accounts (account),
    credential   INTEGER NOT NULL,
    opened_at_ms INTEGER NOT NULL,
    seen_at_ms   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_account ON sessions (account);
