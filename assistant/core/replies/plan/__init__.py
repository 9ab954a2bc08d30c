"""Commands become changes of the roster, or a question back.

Start at `plan_lines`: the lines of a reply meet a `state`, one after the other. The changes are values (`change`); the
store applies them and can take them back.
"""
