"""Turn lines in plain words into commands.

Start at `lines`; `commands` has every command there is. The words for a command, in any language, stand in the module
that reads it: `numbered` for done, skip, snooze and send, `met` for meetings. Whom a name means is decided in `plan/`.
"""
