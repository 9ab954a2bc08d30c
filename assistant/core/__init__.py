"""The pure core: frozen values in, values out; no clock, no I/O."""
