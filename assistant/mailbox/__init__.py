"""The owner's mailbox and how mail gets out: the only IMAP, Maildir, mbox and SMTP in the program.

Start at `opening`, which returns the mailbox of a configuration. `imap/` and `maildir` are the two kinds,
`archive/` reads old mail once, `smtp` submits. What a message means is decided in `core/`.
"""
