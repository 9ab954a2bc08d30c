"""One IMAP account: the connection, the folders, and the stream of sent messages.

Start at `mailbox`, which fits the port of `rounds/ports.py`. What other servers do differently is handled here and
seen nowhere else.
"""
