"""The only SQL: one SQLite file, with one module for each subject.

Start at `database` (the file and its transactions) and `tables/` (the schema, one file per version). `messages`,
`judged_recipients` and `last_contacts` hold what was read, `roster` what the owner said, `outbox` what goes out.
"""
