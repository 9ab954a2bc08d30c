"""Keeps a career's relationships alive: one email on Monday, answered in plain words."""

__version__ = "0.2.0"
