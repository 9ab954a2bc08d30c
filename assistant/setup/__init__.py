"""The first ten minutes: from an address to servers that answer, a configuration, and a service that keeps running."""
