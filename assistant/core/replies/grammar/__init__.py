"""A line in plain words becomes a command.

Start at `lines`; `commands` names every command there is. Who is meant by a name is found out in `plan/`, not
here.
"""
