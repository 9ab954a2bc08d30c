"""What a data folder keeps from its first use: when that was, and a secret key.

After a restore the key proves which messages in the mailbox are ours, and gives the digests found there the secrets of
their taps again (docs/reliability.md, "Your data").
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assistant.store import facts

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.store.database import Store

NAME = "set_up_at"
KEY = "own_key"
KEY_BYTES = 32


def set_up_at(store: Store, now: datetime) -> datetime:
    """Return when this data folder was first used (UTC), `now` for a new one."""
    stored = facts.fact(store, NAME)
    return datetime.fromtimestamp(int(stored), UTC) if stored else now


def remember_set_up(store: Store, now: datetime, random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> None:
    """Note the first use of this data folder and create its key. If the clock was set back, the earlier moment stays.

    A digest whose slot lies before the first use isn't owed.
    """
    own_key(store, random_bytes)
    epoch = int(now.timestamp())
    if epoch < int(set_up_at(store, now).timestamp()) or facts.fact(store, NAME) is None:
        facts.set_fact(store, NAME, str(epoch))


def raise_set_up(store: Store, least: datetime) -> None:
    """Move the first use forward to `least` if it is earlier."""
    # A clock that was behind noted it years ago, and all digests since then would count as missed.
    if set_up_at(store, least) < least:
        facts.set_fact(store, NAME, str(int(least.timestamp())))


def own_key(store: Store, random_bytes: Callable[[int], bytes]) -> bytes:
    """Return the key of this data folder, created on first use. It's in every backup and nowhere else."""
    known = facts.fact(store, KEY)
    if known is None:
        with store.write():
            # Asked again inside the transaction: another process may have just made one.
            known = facts.fact(store, KEY) or random_bytes(KEY_BYTES).hex()
            facts.set_fact(store, KEY, known)
    return bytes.fromhex(known)


def secret_of(key: bytes, token: str) -> str:
    """Return the secret for the taps of a message of ours; the same key and token always give the same secret."""
    return hmac.new(key, b"taps " + token.encode(), hashlib.sha256).hexdigest()
