"""The owner's mailbox and the way out: the only IMAP, Maildir, mbox and SMTP of the program."""
