"""Old sent mail on this machine, read once: mbox, Takeout exports, folders of .eml and .emlx files, compressed or not.

Start at `open`, which puts archives beside a mailbox. Nothing here is ever written to.
"""
