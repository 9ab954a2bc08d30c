"""Was it contact? The verdict on each recipient of a sent message, and on meetings.

Start at `verdict`, the table of docs/how-contact-is-inferred.md in code; `candidates` says who is worth
proposing. Who the recipient is comes from `core/people`; what is stored and when is the business of `rounds/scan`.
"""
