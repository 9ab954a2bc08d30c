"""Real servers for tests: a Dovecot and an SMTP sink on loopback ports of their own."""
