ALTER TABLE outbox ADD COLUMN refusal TEXT; -- why the submission server will not take it; NULL: it never refused it
