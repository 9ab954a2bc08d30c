"""What set-up needs from the outside, as one value, so that tests can put their own servers in its place."""

from __future__ import annotations

import os
import sys
import webbrowser
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.setup.discovery.discover import Discovery
from assistant.setup.models import PORTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from assistant.config.secrets import KeepingKeyring


def browse(address: str) -> bool:
    """Open an address in the owner's browser if there is a screen. Return whether that was tried."""
    screen = sys.platform in {"darwin", "win32"} or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    # Without a screen, a browser for terminals might start and take over the terminal.
    return bool(screen) and webbrowser.open(address)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Discovery, the ports where model servers are looked for, the keyring (None: the machine's), the browser."""

    discovery: Discovery = field(default_factory=Discovery)
    model_ports: tuple[int, ...] = PORTS
    keyring: KeepingKeyring | None = None
    browse: Callable[[str], object] = browse
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
