"""Sentences about mail to the owner that wasn't delivered as planned. Nothing is "sent" before it was accepted.

Tried in vain, it hasn't gone, and why. In doubt, it may have gone. Refused by SMTP, it was put straight into the inbox,
and why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.core.language.translation import Translatable, translated
from assistant.store import digests, outbox

if TYPE_CHECKING:
    from assistant.core.language.phrases import Phrases
    from assistant.rounds.delivery.outbox import Delivery
    from assistant.store.database import Store
    from assistant.store.outbox import OutboxRow


_MAIL = {"digest": "The digest of {name}", "transcript": "The answer {name}"}


def is_late(entry: OutboxRow) -> bool:
    """Return whether this is mail to the owner that was tried and certainly hasn't gone."""
    return entry.order.kind in outbox.TO_THE_OWNER and entry.state == "queued" and entry.tries > 0


def of_week(store: Store, week: str) -> OutboxRow | None:
    """Return the outbox entry of that week's digest, None if none was built."""
    known = digests.digest_of_week(store, week)
    return outbox.entry(store, known[3]) if known else None


def sentence(entry: OutboxRow) -> str:
    """Return a sentence on what became of mail to the owner; "" if it went as planned or wasn't tried yet."""
    kind, _, name = entry.order.key.partition(" ")
    what = Translatable(_MAIL.get(kind, "A notice"), name=name)
    why = reason(entry)
    if entry.state == "sent":
        if not entry.refusal:
            return ""
        return Translatable(
            "{what} was put straight into your inbox, since it could not be sent: {why}", what=what, why=why
        )
    if entry.state in {"sending", "doubt"}:
        return Translatable(
            "{what} may or may not have gone: {why} It is being looked for, and goes out again if it isn't found.",
            what=what,
            why=why,
        )
    if entry.state == "refused":
        return Translatable(
            "{what} has not gone: {why} To have it in your inbox, run: assistant digest", what=what, why=why
        )
    return (
        Translatable("{what} has not gone yet: {why} It will be tried again.", what=what, why=why)
        if entry.tries
        else ""
    )


def reason(entry: OutboxRow) -> str:
    """Return why mail to the owner didn't go, or didn't go by SMTP: one sentence or two."""
    whys = [entry.refusal, None if entry.state == "sent" else entry.detail]
    said = dict.fromkeys(why.rstrip(". ") + "." for why in whys if why)
    return " ".join(said) or Translatable("it is on its way.")


def told(store: Store, delivery: Delivery) -> tuple[str, ...]:
    """Return the sentences about mail to the owner that a delivery couldn't send or put into INBOX instead."""
    entries = (outbox.entry(store, number) for number in (*delivery.sent, *delivery.waiting))
    said = (sentence(entry) for entry in entries if entry.order.kind in outbox.TO_THE_OWNER)
    return tuple(dict.fromkeys(filter(None, said)))


def any_late(store: Store, delivery: Delivery) -> bool:
    """Return whether a delivery left mail to the owner unsent. The command that tried ends with exit code 3 then."""
    return any(is_late(outbox.entry(store, number)) for number in delivery.waiting)


def remarks(store: Store, since: int, phrases: Phrases) -> tuple[str, ...]:
    """Return what the next digest says about mail to the owner that went wrong since `since` (epoch seconds)."""
    entries = outbox.to_the_owner(store, since)
    sorted_out = {
        "remark.inbox": [entry for entry in entries if entry.state == "sent"],
        "remark.not-gone": [entry for entry in entries if is_late(entry)],
    }
    return tuple(
        phrases(key, len(found), why=translated(reason(found[-1]), phrases.language))
        for key, found in sorted_out.items()
        if found
    )
