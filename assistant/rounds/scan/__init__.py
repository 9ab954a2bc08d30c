"""Read what is new in Sent, judge each message, and link addresses to people.

Start at `run`. The rules of the verdict are in `core/contact`.
"""
