"""What happens: each module decides by the core, then does it through the ports."""
