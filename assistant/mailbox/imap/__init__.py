"""One IMAP account: its connection, its folders, and the stream of sent messages.

Start at `mailbox`, which fits the port of `rounds/ports.py`. What servers do differently is handled in here, so that no
other room has to know.
"""
