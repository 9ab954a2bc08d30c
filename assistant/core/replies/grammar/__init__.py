"""Turn lines in plain words into commands.

Start at `lines`; `commands` has every command there is. Whom a name means is decided in `plan/`, not here.
"""
