"""The writer that needs no model: phrases chosen and filled from the evidence.

Start at `writer`; `draft` and `brief` hold the two kinds of text.
"""
