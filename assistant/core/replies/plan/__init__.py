"""Turn commands into changes of the roster, or into a question back.

Start at `plan_lines`. It plans the lines of a reply one after the other, each in the `state` the lines before it left.
Changes are values (`change`); the store applies them and can take them back.
"""
