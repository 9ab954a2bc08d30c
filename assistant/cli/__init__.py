"""The commands, thin: parse, call one round, print.

Start at `main`, which lists them. `session` opens what a command needs; `doctor` holds the checks of the doctor.
"""
