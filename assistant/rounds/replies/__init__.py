"""Read the owner's replies, obey each once, answer with a transcript.

Start at `process`. What a line means is decided in `core/replies`.
"""
