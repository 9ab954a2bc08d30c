"""The commands, thin: parse, call one round, print."""
