"""Build this week's digest: who is in it, with what words, in which sections.

Start at `build`. The digest is delivered by `rounds/delivery`.
"""
