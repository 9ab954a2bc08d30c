"""The owner's answer: is it the owner's, what did they write, which changes follow.

The steps in order: `authenticate`, `trim`, `grammar/`, `plan/`, `transcript`. Nothing is applied here; that is
`rounds/replies`.
"""
