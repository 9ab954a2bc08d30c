"""What goes out: the outbox, drafts, the notice when something is wrong, and what a restore has to find again.

Start at `outbox`. Every message is frozen there before it's sent, so that nothing is sent twice.
"""
