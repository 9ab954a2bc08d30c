"""The roster: people, their roles and cadences, and which address or name is theirs.

Start at `roster` (the values) and `identity` (an address becomes a person, a question or nobody). What an owner's
reply changes is planned in `core/replies`.
"""
