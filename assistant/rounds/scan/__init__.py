"""Read what is new in Sent, give each message its verdict, link addresses to people.

Start at `run`. The verdict itself is decided in `core/contact`.
"""
