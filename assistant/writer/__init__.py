"""The words: drafts and briefs, from a language model where the owner configured one, else by rules.

    dossiers -> (cache, budget) -> one call a person -> parse -> ground -> words; whatever fails -> offline writer

The only room that talks to a model. Nothing here acts: words come back as values.
"""
