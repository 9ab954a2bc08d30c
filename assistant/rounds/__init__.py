"""What happens: each module decides by the core, then does it through the ports.

Start at `whole_round`. `scan/` reads sent mail, `digest/` builds, `replies/` obeys, `delivery/` hands over; `ports`
says what they need from outside.
"""
