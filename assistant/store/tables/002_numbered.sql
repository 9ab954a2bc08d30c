ALTER TABLE address RENAME TO address_of_before;
ALTER TABLE recipient RENAME TO recipient_of_before;
CREATE TABLE address (
    id          INTEGER PRIMARY KEY,
    address     TEXT NOT NULL,              -- normal form
    name        TEXT NOT NULL,              -- one display name seen with it, "" for none
    times       INTEGER NOT NULL,           -- in how many messages; 0: only in such as do not count for names
    UNIQUE (address, name)
) STRICT;
INSERT INTO address (address, name, times) SELECT address, name, times FROM address_of_before;
INSERT OR IGNORE INTO address (address, name, times) SELECT DISTINCT address, name, 0 FROM recipient_of_before;
CREATE TABLE judgement (
    id          INTEGER PRIMARY KEY,
    field       TEXT NOT NULL,              -- to, cc, bcc, resent-to, resent-cc, resent-bcc
    verdict     TEXT NOT NULL CHECK (verdict IN ('full', 'soft', 'none')),
    weight      REAL NOT NULL,
    reason      TEXT NOT NULL,
    if_known    TEXT NOT NULL,              -- JSON [verdict, weight, reason], for a role address on the roster; "": no
    rule_version INTEGER NOT NULL,
    UNIQUE (field, verdict, weight, reason, if_known, rule_version)
) STRICT;
INSERT INTO judgement (field, verdict, weight, reason, if_known, rule_version)
    SELECT DISTINCT field, verdict, weight, reason, coalesce(if_known, ''), rule_version FROM recipient_of_before;
CREATE TABLE recipient_row (                -- millions of them: numbers alone, and no look at other tables at each
    message     INTEGER NOT NULL,
    spelling    INTEGER NOT NULL,           -- address.id
    judgement   INTEGER NOT NULL,
    at          INTEGER,                    -- the contact's instant: sent_at, or Resent-Date
    PRIMARY KEY (message, spelling, judgement)
) STRICT, WITHOUT ROWID;
INSERT INTO recipient_row SELECT r.message, a.id, j.id, r.at FROM recipient_of_before r
    JOIN address a ON a.address = r.address AND a.name = r.name
    JOIN judgement j ON (j.field, j.verdict, j.weight, j.reason, j.if_known, j.rule_version)
        = (r.field, r.verdict, r.weight, r.reason, coalesce(r.if_known, ''), r.rule_version);
DROP TABLE recipient_of_before;
DROP TABLE address_of_before;
CREATE INDEX recipient_by_spelling ON recipient_row (spelling, judgement, at);
CREATE VIEW recipient AS
    SELECT r.message, a.address, a.name, j.field, j.verdict, j.weight, j.reason, r.at, j.rule_version,
        nullif(j.if_known, '') AS if_known
    FROM recipient_row r JOIN address a ON a.id = r.spelling JOIN judgement j ON j.id = r.judgement;
ALTER TABLE message DROP COLUMN thread;
