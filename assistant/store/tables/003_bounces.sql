CREATE TABLE bounce (
    message_id  TEXT NOT NULL,              -- of a letter that a delivery report answers
    address     TEXT NOT NULL,              -- normal form; where it did not arrive
    PRIMARY KEY (message_id, address)
) STRICT, WITHOUT ROWID;
