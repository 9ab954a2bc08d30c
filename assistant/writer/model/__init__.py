"""A language model writes: request, answer, budget and cache over Chat Completions.

Start at `writer`. What the model returns is text to check, and never acts.
"""
