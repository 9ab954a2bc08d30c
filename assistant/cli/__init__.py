"""The commands. They are thin: parse, call one round, print.

Start at `main`, which lists them. `session` opens what a command needs; `doctor` has the checks of `assistant doctor`.
"""
