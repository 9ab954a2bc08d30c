"""The first ten minutes: from an address to servers that answer, a configuration, and a service that keeps running.

Start at `conversation`, which asks and tries. `discovery/` finds servers, `service` keeps the daemon running.
"""
