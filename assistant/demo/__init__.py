"""The made-up mailbox and the tour through it."""
