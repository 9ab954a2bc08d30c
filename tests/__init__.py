"""The tests: real servers on loopback, a real database, fakes written by hand."""
