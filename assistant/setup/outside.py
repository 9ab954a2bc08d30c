"""What set-up needs of the world around it, as one value: tests put servers of their own in its place."""

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
    """Open an address in the owner's browser where there is a screen; return whether that was tried."""
    screen = sys.platform in {"darwin", "win32"} or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    # Without a screen a browser for terminals might start and take the terminal over.
    return bool(screen) and webbrowser.open(address)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Discovery, the ports where model servers are looked for, the keyring (None: the machine's), the browser."""

    discovery: Discovery = field(default_factory=Discovery)
    model_ports: tuple[int, ...] = PORTS
    keyring: KeepingKeyring | None = None
    browse: Callable[[str], object] = browse
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
