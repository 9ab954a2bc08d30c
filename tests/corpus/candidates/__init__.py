"""Three invented owners, whom they write to and how often, and who of these is worth keeping.

`write` makes the sent mail of one of them from its file, the same each time. The files were written by somebody who
had not seen the ranking.
"""
