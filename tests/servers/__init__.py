"""Real servers for tests, such as a Dovecot and an SMTP sink, each on its own loopback port."""
