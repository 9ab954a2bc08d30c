"""Measurements, each beside what others do with the same work."""
