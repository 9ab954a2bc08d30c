"""Everything that leaves: the outbox, drafts, a word when something is wrong, a restore.

Start at `outbox`: every message is frozen there before it goes, so that nothing goes twice.
"""
