"""Reads days, lengths of time and cadences: the words of each language and what they mean."""
