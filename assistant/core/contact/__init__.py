"""Was it contact? The verdict on each recipient of a sent message, and on meetings.

Start at `verdict`, which is the table of docs/how-contact-is-inferred.md in code. `candidates` says who is worth
proposing. `core/people` says who a recipient is, and `rounds/scan` what is stored and when.
"""
