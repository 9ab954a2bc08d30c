"""Was it contact? The verdict on each recipient of a sent message, and on meetings.

Start at `verdict`, the table of docs/how-contact-is-inferred.md in code. Who the recipient is comes from
`core/people`; what is stored and when is the business of `rounds/scan`.
"""
