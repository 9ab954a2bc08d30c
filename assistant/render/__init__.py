"""Digest, transcript and messages as HTML, text and bytes (jinja2); the templates lie beside the modules."""
