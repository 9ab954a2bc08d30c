"""Digest, transcript and messages as HTML, text and bytes (jinja2); the templates lie beside the modules.

Start at `digest` and `transcript`. The sentences stand in `core/language/catalogue/`, one file a language; `mail`
makes bytes of them.
"""
