"""The digest before it is rendered: its values, its week, its questions.

Start at `week` (is a digest due?) and `model` (what a digest holds). `rounds/digest` builds it, `render/` lays it out,
and `rounds/delivery` delivers it.
"""
