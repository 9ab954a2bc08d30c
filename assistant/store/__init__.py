"""The only SQL: one SQLite file, one module a subject.

Start at `database` (the file, its transactions) and `tables/` (the schema, one file a version). `messages`,
`judged_recipients` and `last_contacts` hold what was seen, `roster` what was said, `outbox` what goes out.
"""
