"""Tell the owner once when no mail could be read for two days, in the next way that works.

    a round fails ──> noted: since when, why ──> two days later ──> a notice: by SMTP at once, else by the next APPEND
    a round works ──> the note goes; a notice that couldn't be sent goes out now and says from when until when

The note is kept in the data file, so that `assistant once` in cron is as patient as the daemon.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from assistant.core.language.phrases import Phrases
from assistant.core.language.translation import translated
from assistant.core.mail.message import Folders
from assistant.core.replies import own_ids
from assistant.errors import AssistantError, LoginRefusedError, UnreachableError
from assistant.render.mail import Party, compose, notice_headers, paragraphs
from assistant.rounds.delivery.outbox import DeliveryWay, deliver
from assistant.rounds.delivery.own_headers import marks
from assistant.rounds.delivery.sign_in_pause import LOGIN_TRIES, LOGIN_WAIT
from assistant.rounds.first_use import own_key
from assistant.store import facts, outbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.config import Config
    from assistant.rounds.ports import Mailbox, Transport
    from assistant.store.database import Store

NAME = "trouble"
SILENT = timedelta(days=2)
LONGEST_ASKED = timedelta(days=1)
"""The longest time a server may ask to be left alone."""
NOTICES = frozenset({"notice"})


@dataclass(frozen=True, slots=True)
class FailedRounds:
    """Rounds that failed in a row: since when, the last reason as a sentence, and how many logins were refused.

    Instants are in epoch seconds. A login may be tried again at `login_after`, the server asked for anything at
    `quiet_until`; 0 means at once. `told` says that a notice was queued.
    """

    since: int
    why: str
    refused: int = 0
    login_after: int = 0
    told: bool = False
    quiet_until: int = 0


@dataclass(frozen=True, slots=True)
class Home:
    """Whose trouble it is: config, data, and the ways out (`mailbox` is None if it can't be reached)."""

    config: Config
    store: Store
    mailbox: Mailbox | None
    transport: Transport | None
    random_bytes: Callable[[int], bytes]


def trouble(store: Store) -> FailedRounds | None:
    """Return the noted trouble, None if the last round worked."""
    noted = facts.fact(store, NAME)
    return FailedRounds(**json.loads(noted)) if noted else None


def note_failure(home: Home, now: datetime, error: Exception) -> FailedRounds:
    """Note a failed round and, after two days of them, tell the owner in whatever way works."""
    at = _epoch(now)
    before = trouble(home.store)
    if before is None or before.since > at:  # later than now: the clock was set back
        before = FailedRounds(at, "")
    # Only our own errors have sentences for the owner; a library's text may hold anything.
    language = home.config.me.language
    why = translated(error, language) if isinstance(error, AssistantError) else type(error).__name__
    refused = before.refused + 1 if isinstance(error, LoginRefusedError) else 0
    wait = LOGIN_WAIT if refused >= LOGIN_TRIES else timedelta(0)
    quiet = timedelta(seconds=(error.retry_after or 0) if isinstance(error, UnreachableError) else 0)
    noted = replace(
        before,
        why=why,
        refused=refused,
        login_after=_epoch(now + wait) if wait else 0,
        quiet_until=_epoch(now + min(quiet, LONGEST_ASKED)) if quiet else 0,
    )
    if at - noted.since >= SILENT.total_seconds():
        noted = _send_notice(home, noted, now, until=None)
    _note(home.store, noted)
    return noted


def note_recovery(home: Home, now: datetime) -> None:
    """Forget the trouble after a round that worked. If it lasted two days and no notice went out, queue one now."""
    before = trouble(home.store)
    if before is None:
        return
    with home.store.write():
        if not before.told and _epoch(now) - before.since >= SILENT.total_seconds():
            _queue(home, before, now, until=now)
        facts.set_fact(home.store, NAME, "")


def leave_alone(store: Store, now: datetime) -> None:
    """Raise UnreachableError while a server wants to be left alone."""
    noted = trouble(store)
    # Further ahead than it could have asked for means that the clock was set back. Then nothing holds.
    if noted is None or not _epoch(now) < noted.quiet_until <= _epoch(now + LONGEST_ASKED):
        return
    at = datetime.fromtimestamp(noted.quiet_until, UTC)
    error = UnreachableError(
        "{why} It asked to be left alone until {at:%H:%M} UTC. The next try is then.", why=noted.why, at=at
    )
    error.retry_after = float(noted.quiet_until - _epoch(now))
    raise error


def refuse_early_login(store: Store, now: datetime) -> None:
    """Raise LoginRefusedError if a login was refused three times and the hour until the next try isn't over."""
    noted = trouble(store)
    if noted is None or not _epoch(now) < noted.login_after <= _epoch(now + LOGIN_WAIT):
        return
    at = datetime.fromtimestamp(noted.login_after, UTC)
    raise LoginRefusedError(
        "{why} The next try is at {at:%H:%M} UTC. To try now, run: assistant doctor", why=noted.why, at=at
    )


def login_works(store: Store) -> None:
    """Lift the wait for the next login after somebody signed in."""
    noted = trouble(store)
    if noted is not None:
        _note(store, replace(noted, refused=0, login_after=0, quiet_until=0))


def _send_notice(home: Home, noted: FailedRounds, now: datetime, until: datetime | None) -> FailedRounds:
    """Queue the notice if there is a way out, and send it."""
    if home.transport is None and home.mailbox is None:
        return noted
    if not noted.told:
        _queue(home, noted, now, until)
    way = DeliveryWay(home.store, home.mailbox, _folders(home.config), home.transport, language=home.config.me.language)
    deliver(way, now, NOTICES)
    return replace(noted, told=True)


def _queue(home: Home, noted: FailedRounds, now: datetime, until: datetime | None) -> None:
    me = home.config.me
    words, zone = Phrases(home.config.digest.language), me.timezone
    since = words.day(datetime.fromtimestamp(noted.since, UTC).astimezone(zone).date())
    if until is None:
        subject, text = words("notice.silent", since=since), words("notice.silent-text", since=since, why=noted.why)
    else:
        subject = words("notice.back", since=since)
        text = words("notice.back-text", since=since, until=words.day(until.astimezone(zone).date()), why=noted.why)
    control = Party(me.name, me.control_address)
    token = own_ids.new_token(home.random_bytes(own_ids.TOKEN_BYTES))
    message_id = own_ids.message_id(token, "notice", me.control_address.rpartition("@")[2])
    message = compose(
        message_id=message_id,
        from_=Party("Career assistant", me.control_address),
        to=control,
        subject=subject,
        text=text + "\n",
        html=paragraphs(text),
        date=now.astimezone(zone),
        headers={**notice_headers(control), **marks(own_key(home.store, home.random_bytes), message_id)},
    )
    outbox.queue(
        home.store,
        outbox.Order(
            key=f"notice silent {noted.since}",
            kind="notice",
            # SMTP if there is one, since it's the mailbox that fails.
            route="smtp" if home.transport is not None else "append",
            mail_from=me.control_address,
            rcpt_to=me.control_address,
            message_id=message_id,
            message=message,
            not_before=_epoch(now),
            folder=None if home.transport is not None else _folders(home.config).inbox,
        ),
        _epoch(now),
    )


def _note(store: Store, noted: FailedRounds) -> None:
    facts.set_fact(store, NAME, json.dumps(asdict(noted), ensure_ascii=False))


def _folders(config: Config) -> Folders:
    # By the config or common names: the server that could list its folders may be the one that can't be reached.
    sent = next(iter(config.mailbox.sent_names), "Sent")
    return Folders(config.mailbox.inbox or "INBOX", sent, config.mailbox.drafts or "Drafts")


def _epoch(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp())
