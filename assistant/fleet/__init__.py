"""Many owners on one host: their folders, and the queue by which several machines share the rounds.

Its way in is `assistant fleet` (docs/hosting.md). `folders` needs nothing but a disk. Everything else needs the extra
`career-assistant[fleet]` and a PostgreSQL, and only this room speaks to them. Nothing about mail or people comes here.
"""
