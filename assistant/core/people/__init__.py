"""The roster: people, their roles and cadences, and which address or name is theirs.

Start at `roster` (the values) and `identity` (whose address is it: a person's, a question, nobody's). `core/replies`
plans what an owner's reply changes.
"""
