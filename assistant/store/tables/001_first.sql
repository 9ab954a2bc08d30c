CREATE TABLE folder (
    name        TEXT PRIMARY KEY,           -- the server's own name, or the path of an archive
    uidvalidity INTEGER NOT NULL,
    last_uid    INTEGER NOT NULL,           -- every UID up to here was seen
    modseq      INTEGER,                    -- HIGHESTMODSEQ; NULL: the server has no CONDSTORE
    complete_to INTEGER                     -- instant of the last scan that read to the end; NULL: never yet
) STRICT;
CREATE TABLE message (
    id          INTEGER PRIMARY KEY,
    message_id  TEXT NOT NULL,              -- without angle brackets; "none:<hash>" where the header has none
    short       TEXT NOT NULL,              -- the short id owners type in `not contact ID`
    folder      TEXT NOT NULL,
    uidvalidity INTEGER NOT NULL,
    uid         INTEGER NOT NULL,
    sent_at     INTEGER,                    -- NULL: no trustworthy date
    offset_min  INTEGER,                    -- minutes east of UTC as the header said
    subject     TEXT NOT NULL,              -- decoded, one line
    thread      TEXT,                       -- Message-ID of the first reference, else its own
    size        INTEGER NOT NULL,           -- bytes
    facts       TEXT NOT NULL,              -- JSON: what the rules need to run again without the network
    alike       INTEGER,                    -- hash of the folded subject; NULL: cannot be of a mail merge
    UNIQUE (folder, uidvalidity, uid)
) STRICT;
CREATE TABLE recipient (
    message     INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    address     TEXT NOT NULL,              -- normal form
    name        TEXT NOT NULL,              -- display name as written to, "" for none
    field       TEXT NOT NULL,              -- to, cc, bcc, resent-to, resent-cc, resent-bcc
    verdict     TEXT NOT NULL CHECK (verdict = 'full' OR verdict = 'soft' OR verdict = 'none'),  -- IN costs twice that
    weight      REAL NOT NULL,
    reason      TEXT NOT NULL,
    at          INTEGER,                    -- the contact's instant: sent_at, Resent-Date or the meeting's start
    rule_version INTEGER NOT NULL,
    if_known    TEXT,                       -- JSON [verdict, weight, reason]: holds for a role address on the roster
    PRIMARY KEY (message, address, field)
) STRICT, WITHOUT ROWID;
CREATE INDEX recipient_by_address ON recipient (address, verdict, at);
CREATE INDEX recipient_full_by_at ON recipient (at) WHERE verdict = 'full';
CREATE INDEX message_alike ON message (alike, sent_at) WHERE alike IS NOT NULL;
CREATE INDEX message_by_message_id ON message (message_id);
CREATE INDEX message_by_short ON message (short);
CREATE INDEX message_by_sent_at ON message (sent_at);
CREATE TABLE address (
    address     TEXT NOT NULL,              -- normal form
    name        TEXT NOT NULL,              -- one display name seen with it, "" for none
    times       INTEGER NOT NULL,           -- in how many messages
    PRIMARY KEY (address, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE list_address (
    address     TEXT PRIMARY KEY            -- normal form; seen in a List-Post or List-Id of any message read
) STRICT, WITHOUT ROWID;
CREATE TABLE meeting (
    message     INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    uid         TEXT NOT NULL,              -- iCalendar UID
    recurrence  TEXT NOT NULL,              -- RECURRENCE-ID as epoch seconds, "" for the series or a single meeting
    facts       TEXT NOT NULL,              -- JSON: the invitation as this message carried it
    PRIMARY KEY (uid, recurrence, message)
) STRICT, WITHOUT ROWID;
CREATE INDEX meeting_by_message ON meeting (message);
CREATE TABLE series (
    uid         TEXT PRIMARY KEY,           -- a meeting that recurs
    horizon     INTEGER NOT NULL            -- its occurrences are laid out up to here
) STRICT, WITHOUT ROWID;
CREATE TABLE occurrence (
    uid         TEXT NOT NULL,
    recurrence  TEXT NOT NULL,              -- as in meeting
    message     INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,  -- the invitation or answer that decided
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
CREATE INDEX occurrence_by_uid ON occurrence (uid);
CREATE INDEX occurrence_by_address ON occurrence (address, start);
CREATE INDEX occurrence_by_start ON occurrence (start);
CREATE INDEX occurrence_by_message ON occurrence (message);
CREATE TABLE tally (
    verdict     TEXT NOT NULL,              -- how many recipient rows there are by verdict and reason
    reason      TEXT NOT NULL,
    rows        INTEGER NOT NULL,
    PRIMARY KEY (verdict, reason)
) STRICT, WITHOUT ROWID;
CREATE TABLE person (
    handle      TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    role        TEXT NOT NULL,
    cadence_days INTEGER,                   -- NULL: the role's own
    status      TEXT NOT NULL CHECK (status IN ('active', 'closed', 'dropped')),
    goal        TEXT,                       -- NULL: none
    until       TEXT,                       -- day the goal ends; NULL: open
    favourite   INTEGER NOT NULL,
    hoped       INTEGER NOT NULL,
    snoozed_until TEXT                      -- day; NULL: not snoozed
) STRICT;
CREATE TABLE belongs (
    address     TEXT NOT NULL,              -- normal form
    person      TEXT NOT NULL REFERENCES person (handle),
    lane        TEXT NOT NULL CHECK (lane IN ('said', 'auto', 'no')),  -- no: the owner said it is not theirs
    since       INTEGER NOT NULL,
    PRIMARY KEY (address, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX belongs_by_person ON belongs (person);
CREATE TABLE note (
    id          TEXT PRIMARY KEY,           -- "T17-2": the second note of transaction T17
    person      TEXT REFERENCES person (handle),  -- NULL: of the owner's own (win, goal)
    kind        TEXT NOT NULL CHECK (kind IN ('note', 'met', 'advice', 'win', 'goal', 'ask')),
    verb        TEXT,                       -- for met: met, called, talked to, emailed, done
    day         TEXT NOT NULL,
    text        TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX note_by_person ON note (person, kind, day);
CREATE TABLE correction (
    message_id  TEXT PRIMARY KEY            -- the owner said: this message was no contact
) STRICT, WITHOUT ROWID;
CREATE TABLE setting (
    name        TEXT PRIMARY KEY,           -- paused_until, stopped
    value       TEXT NOT NULL               -- JSON
) STRICT, WITHOUT ROWID;
CREATE TABLE fact (
    name        TEXT PRIMARY KEY,           -- what the program notes for itself: set_up_at (epoch seconds)
    value       TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE event (
    id          INTEGER PRIMARY KEY,
    at          INTEGER NOT NULL,
    cause       TEXT NOT NULL,              -- T17, scan, import
    who         TEXT NOT NULL,              -- owner, rules
    kind        TEXT NOT NULL,              -- the command's verb
    entity      TEXT NOT NULL,              -- person, belongs, note, correction, setting, question
    key         TEXT NOT NULL,
    before      TEXT,                       -- JSON; NULL: there was nothing
    after       TEXT,                       -- JSON; NULL: there is nothing any more
    undoes      INTEGER REFERENCES event (id)
) STRICT;
CREATE INDEX event_by_cause ON event (cause);
CREATE INDEX event_by_key ON event (entity, key);
CREATE TABLE question (
    key         TEXT PRIMARY KEY,           -- "link ADDRESS HANDLE", "met UID", "role HANDLE", "add …", "code …"
    payload     TEXT NOT NULL,              -- JSON: what yes, no or a name would do
    asked_at    INTEGER,                    -- NULL: waiting for its turn
    answer      TEXT,                       -- NULL: open
    answered_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE digest (
    id          INTEGER PRIMARY KEY,
    week        TEXT NOT NULL UNIQUE,       -- ISO week in the owner's zone, "2026-W13"
    slot        INTEGER NOT NULL,           -- the instant it was due
    built_at    INTEGER NOT NULL,
    message_id  TEXT NOT NULL,
    outbox      INTEGER NOT NULL REFERENCES outbox (id)
) STRICT;
CREATE TABLE digest_item (
    digest      INTEGER NOT NULL REFERENCES digest (id),
    label       TEXT NOT NULL,              -- "1", "Q2", "C3"
    kind        TEXT NOT NULL,              -- due, question, candidate
    person      TEXT,                       -- handle; NULL: none
    draft       INTEGER REFERENCES draft (id),
    payload     TEXT NOT NULL,              -- JSON
    PRIMARY KEY (digest, label)
) STRICT, WITHOUT ROWID;
CREATE TABLE issued (
    token       TEXT PRIMARY KEY,           -- 128 random bits or more, in the Message-ID of a message of ours
    kind        TEXT NOT NULL,              -- digest, transcript
    message_id  TEXT NOT NULL,
    digest      INTEGER REFERENCES digest (id),  -- whose numbers an answer means; NULL: names only
    secret      TEXT NOT NULL,              -- for the refs of its taps
    text        TEXT NOT NULL,              -- its text part, to trim answers by
    issued_at   INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    revoked     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE draft (
    id          INTEGER PRIMARY KEY,
    person      TEXT NOT NULL,
    week        TEXT NOT NULL,
    address     TEXT,                       -- NULL: no address known
    subject     TEXT NOT NULL,
    body        TEXT NOT NULL,
    hash        TEXT NOT NULL,              -- SHA-256 of address, subject and body: what `send N` may send
    sentences   TEXT NOT NULL,              -- JSON: Words with its evidence
    state       TEXT NOT NULL,              -- written, placed, replaced, edited, sent
    message_id  TEXT NOT NULL,
    in_reply_to TEXT,
    "references" TEXT NOT NULL,             -- Message-IDs, spaces between, at most 10
    folder      TEXT,
    uidvalidity INTEGER,
    uid         INTEGER
) STRICT;
CREATE TABLE outbox (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,       -- what makes it one order: "digest 2026-W13", "transcript T17", "send 12"
    kind        TEXT NOT NULL,              -- digest, transcript, draft, send
    route       TEXT NOT NULL,              -- smtp, append
    folder      TEXT,                       -- for append: where to; NULL: smtp
    flags       TEXT NOT NULL,              -- for append: spaces between
    mail_from   TEXT NOT NULL,
    rcpt_to     TEXT NOT NULL,
    message_id  TEXT NOT NULL,
    bytes       BLOB NOT NULL,              -- frozen
    state       TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'refused', 'doubt', 'held', 'cancelled')),
    not_before  INTEGER NOT NULL,
    tries       INTEGER NOT NULL,
    looks       INTEGER NOT NULL,           -- in doubt: how often it was looked for
    first_look  INTEGER,
    last_look   INTEGER,
    detail      TEXT,                       -- why it is where it is, in words
    created_at  INTEGER NOT NULL,
    sending_at  INTEGER,
    done_at     INTEGER
) STRICT;
CREATE INDEX outbox_by_state ON outbox (state, not_before);
CREATE TABLE reply (
    id          INTEGER PRIMARY KEY,        -- 17 is T17
    message_id  TEXT UNIQUE,                -- NULL: said on the command line
    body_hash   TEXT UNIQUE,                -- of token, Date and body; NULL likewise
    parent      TEXT,                       -- the token it answers
    at          INTEGER NOT NULL,
    transcript  TEXT NOT NULL,              -- JSON, as `assistant replies --json` prints it
    outbox      INTEGER REFERENCES outbox (id)
) STRICT;
CREATE TABLE passed_over (
    message_id  TEXT PRIMARY KEY,           -- looked at as a reply and not obeyed
    reason      TEXT NOT NULL,
    at          INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE completion (
    key         TEXT PRIMARY KEY,           -- hash of all that shapes the answer
    at          INTEGER NOT NULL,
    week        TEXT NOT NULL,
    base_url    TEXT NOT NULL,
    model       TEXT NOT NULL,
    words       TEXT,                       -- JSON; NULL: only usage is known
    prompt_tokens INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX completion_by_week ON completion (week);
CREATE TABLE model_mode (
    base_url    TEXT NOT NULL,
    model       TEXT NOT NULL,
    mode        TEXT NOT NULL,              -- json_schema, json_object, text
    PRIMARY KEY (base_url, model)
) STRICT, WITHOUT ROWID;
