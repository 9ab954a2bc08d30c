CREATE TABLE note_with_any_kind (
    id          TEXT PRIMARY KEY,           -- "T17-2": the second note of transaction T17
    person      TEXT REFERENCES person (handle),  -- NULL: of the owner's own (win, goal)
    kind        TEXT NOT NULL,              -- of core/people/ledger.py
    verb        TEXT,                       -- for met: met, called, talked to, emailed, done; for win: public or NULL
    day         TEXT NOT NULL,
    text        TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO note_with_any_kind (id, person, kind, verb, day, text) SELECT id, person, kind, verb, day, text FROM note;
DROP TABLE note;
ALTER TABLE note_with_any_kind RENAME TO note;
CREATE INDEX note_by_person ON note (person, kind, day);
