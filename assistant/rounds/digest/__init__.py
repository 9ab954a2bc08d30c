"""Build this week's digest: who comes up, with what words, in which sections.

Start at `build`. Delivering it is the business of `rounds/delivery`.
"""
