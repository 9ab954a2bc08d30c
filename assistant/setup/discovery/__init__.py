"""Finds the mail servers of an address: known providers, public data, DNS, autoconfig.

Start at `discover`. Nobody is told more than the domain.
"""
