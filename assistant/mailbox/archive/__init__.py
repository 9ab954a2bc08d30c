"""Old sent mail on this machine, read once: mbox files, Takeout exports, folders of .eml and .emlx, compressed or not.

Start at `open`, which puts archives beside a mailbox. Nothing in an archive is ever written to.
"""
