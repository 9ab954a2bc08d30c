"""What a child at a pseudo terminal needs."""

import signal


def take_interrupts() -> None:
    """Let Ctrl-C reach a child: a shell that starts the tests in the background has them ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
