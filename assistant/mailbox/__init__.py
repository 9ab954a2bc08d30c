"""The owner's mailbox and the way out: the only IMAP, Maildir, mbox and SMTP of the program.

Start at `opening`, which gives the mailbox of a configuration. `imap/` and `maildir` are the two kinds,
`archive/` reads old mail once, `smtp` submits. What a message means is decided in `core/`.
"""
