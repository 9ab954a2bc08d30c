"""Read the owner's replies, obey each once, and answer with a transcript.

Start at `process`. What a line means is decided in `core/replies`.
"""
