CREATE TABLE received (                     -- mail of people on the roster, and reports of letters that came back
    id          INTEGER PRIMARY KEY,
    message_id  TEXT NOT NULL,              -- as in message
    folder      TEXT NOT NULL,
    uidvalidity INTEGER NOT NULL,
    uid         INTEGER NOT NULL,
    sender      TEXT NOT NULL,              -- normal address; "" for a delivery report
    sent_at     INTEGER,                    -- NULL: no trustworthy date
    facts       TEXT NOT NULL,              -- JSON as in message: the header, no text of anybody's
    UNIQUE (folder, uidvalidity, uid)
) STRICT;
CREATE INDEX received_by_sender ON received (sender, sent_at);
CREATE INDEX received_by_message_id ON received (message_id);
CREATE TABLE looked_for (                   -- whose mail was looked for in a folder from its start
    folder      TEXT NOT NULL,
    address     TEXT NOT NULL,              -- as it was searched for, in lower case: one of several spellings
    PRIMARY KEY (folder, address)
) STRICT, WITHOUT ROWID;
CREATE TABLE heard (                        -- invitations, answers and events from received mail and calendars
    uid         TEXT NOT NULL,              -- iCalendar UID
    recurrence  TEXT NOT NULL,              -- as in meeting
    source      TEXT NOT NULL,              -- "received 12" (received.id) or "calendar NAME"
    sender      TEXT NOT NULL,              -- normal address of who sent it; "" for a calendar
    at          INTEGER,                    -- when it was said; NULL: no trustworthy date
    facts       TEXT NOT NULL,              -- JSON as in meeting
    PRIMARY KEY (uid, recurrence, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX heard_by_source ON heard (source);
ALTER TABLE occurrence RENAME TO occurrence_of_before;
DROP INDEX occurrence_by_uid;
DROP INDEX occurrence_by_address;
DROP INDEX occurrence_by_start;
DROP INDEX occurrence_by_message;
CREATE TABLE occurrence (
    uid         TEXT NOT NULL,
    recurrence  TEXT NOT NULL,              -- as in meeting
    message     INTEGER REFERENCES message (id) ON DELETE CASCADE,  -- what decided lies in sent mail; NULL: in source
    source      TEXT,                       -- as in heard; NULL: in message
    start       INTEGER,                    -- NULL: nobody told
    "end"       INTEGER,
    address     TEXT NOT NULL,              -- normal form; one row for each attendee and organiser but the owner
    name        TEXT NOT NULL,
    summary     TEXT NOT NULL,
    state       TEXT NOT NULL,              -- accepted, tentative, requested, declined, cancelled, counter, unknown
    verdict     TEXT NOT NULL CHECK (verdict IN ('full', 'soft', 'none')),  -- once it has ended
    weight      REAL NOT NULL,
    reason      TEXT NOT NULL,
    fixed       INTEGER NOT NULL,           -- 1: the verdict holds before the end too
    rule_version INTEGER NOT NULL
) STRICT;
INSERT INTO occurrence SELECT uid, recurrence, message, NULL, start, "end", address, name, summary, state, verdict,
    weight, reason, fixed, rule_version FROM occurrence_of_before;
DROP TABLE occurrence_of_before;
CREATE INDEX occurrence_by_uid ON occurrence (uid);
CREATE INDEX occurrence_by_address ON occurrence (address, start);
CREATE INDEX occurrence_by_start ON occurrence (start);
CREATE INDEX occurrence_by_message ON occurrence (message);
