"""The owner's answer: whether it is theirs, what they wrote, and what it changes.

The steps are `authenticate`, `trim`, `grammar/`, `plan/` and `transcript`, in this order. Nothing is applied here;
`rounds/replies` does that.
"""
