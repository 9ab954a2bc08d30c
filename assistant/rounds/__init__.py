"""The rounds: `core` decides what to do, the modules here do it through the ports.

Start at `whole_round`. `scan/` reads sent mail, `digest/` builds the digest, `replies/` obeys the owner's answers and
`delivery/` sends what goes out. `ports` says what they need from outside.
"""
