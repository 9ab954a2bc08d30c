"""Commands become changes of the roster, or a question back.

Start at `plan`. The changes are values (`change`); the store applies them and can take them back.
"""
