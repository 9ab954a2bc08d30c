"""What is known about one person, and what may be said of it.

Start at `dossier`, the numbered facts a draft may rest on, and `build`, which puts one together. The words
themselves are chosen in `writer/`.
"""
