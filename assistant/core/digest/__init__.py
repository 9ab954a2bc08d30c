"""The digest before it is rendered: its values, its week, its questions.

Start at `week` (is a digest due?) and `model` (what it holds). How it looks is `render/`; how it is built and
delivered is `rounds/digest` and `rounds/delivery`.
"""
