"""What one round works with, as a value. Nothing is global, so many owners can share a process."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from assistant.core.language.phrases import Phrases
from assistant.core.replies import own_ids
from assistant.rounds.delivery.outbox import GRACE, DeliveryWay, no_step
from assistant.rounds.digest.when_due import slot_of
from assistant.rounds.first_use import own_key
from assistant.store import outbox

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from assistant.config import Config
    from assistant.core.digest.week import Slot
    from assistant.core.mail.message import Folders
    from assistant.rounds.ports import Calendar, Mailbox, Progress, Reader, Signatures, Transport, Writer
    from assistant.store.database import Store
    from assistant.store.outbox import Kind


def silent(_progress: Progress) -> None:
    """Show no progress."""


@dataclass(frozen=True, slots=True)
class Round:
    """One owner's round at one moment: config, data, ports and `now` (aware).

    `reader` turns prose into orders (None: nothing does), `signatures` is for the second door (None: it's shut),
    `random_bytes` makes tokens, `archives` are the paths of old sent mail that is read once, and `grace` is how long
    the outbox looks for a message in doubt.
    """

    config: Config
    store: Store
    mailbox: Mailbox
    folders: Folders
    transport: Transport | None
    writer: Writer
    now: datetime
    random_bytes: Callable[[int], bytes]
    reader: Reader | None = None
    signatures: Signatures | None = None
    archives: tuple[str, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    report: Callable[[Progress], None] = field(default=silent)
    grace: timedelta = GRACE
    step: Callable[[str], None] = no_step

    @property
    def epoch(self) -> int:
        """Return `now` in whole seconds since 1970 UTC."""
        return int(self.now.astimezone(UTC).timestamp())

    @property
    def today(self) -> date:
        """Return today's date in the owner's zone."""
        return self.now.astimezone(self.config.me.timezone).date()

    @property
    def slot(self) -> Slot:
        """Return when the digest goes out."""
        return slot_of(self.config)

    @property
    def phrases(self) -> Phrases:
        """Return the phrases in the owner's language."""
        return Phrases(self.config.digest.language)

    @property
    def own_key(self) -> bytes:
        """Return the secret key of this data folder."""
        return own_key(self.store, self.random_bytes)

    @property
    def way(self) -> DeliveryWay:
        """Return what the outbox needs to deliver mail in this round."""
        return DeliveryWay(
            self.store, self.mailbox, self.folders, self.transport, self.grace, self.step, self.config.me.language
        )

    @property
    def by_smtp(self) -> bool:
        """Return whether mail to the owner goes by SMTP instead of by APPEND."""
        delivery = self.config.digest.delivery
        return delivery == "smtp" or (delivery == "auto" and self.transport is not None)

    def thread_ids(self, token: str) -> tuple[str, ...]:
        """Return the ids that a message with that token puts into References, so that answers repeat them.

        Empty if it goes by APPEND.
        """
        # A submission server may replace our Message-ID, but no server touches References. APPEND changes nothing.
        return (own_ids.thread_id(token, self.config.me.control_address.rpartition("@")[2]),) if self.by_smtp else ()

    def queue_to_owner(self, key: str, kind: Kind, message_id: str, message: bytes) -> int:
        """Queue a message to the owner alone, by SMTP or APPEND (`by_smtp`), and return its outbox id."""
        me = self.config.me
        order = outbox.Order(
            key=key,
            kind=kind,
            route="smtp" if self.by_smtp else "append",
            mail_from=me.control_address,
            rcpt_to=me.control_address,
            message_id=message_id,
            message=message,
            not_before=self.epoch,
            folder=None if self.by_smtp else self.folders.inbox,
        )
        return outbox.queue(self.store, order, self.epoch)
