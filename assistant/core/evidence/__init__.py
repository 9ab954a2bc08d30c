"""What is known about one person, and what may be said of it.

Start at `dossier`, the numbered facts a draft may rest on, and `build`, which puts one together. `letters` takes the
owner's mail apart (how they greet and sign), `open_loops` finds what it leaves open, `hard_checks` and its neighbors
judge every sentence. The words themselves are chosen in `writer/`.
"""
