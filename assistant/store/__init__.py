"""The only SQL: one SQLite file, one module a subject."""
