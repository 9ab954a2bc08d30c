"""The doctor's checks: each on its own, so that one that fails hides no other; no secrets in what they say."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from assistant.errors import AssistantError, UserError

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.cli.session import Session

SCAN_AGE = timedelta(days=2)
ROOM = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Check:
    """One part: `ok`, and for a failure one hint; for a success what was found."""

    check: str
    ok: bool
    hint: str

    def as_json(self) -> dict[str, Any]:
        """Return one row of `doctor --json`."""
        return {"check": self.check, "ok": self.ok, "hint": self.hint}

    def line(self) -> str:
        """Return one line for people."""
        return f"{'ok  ' if self.ok else 'FAIL'} {self.check}: {self.hint}"


def check_all(session: Session, only: tuple[str, ...] = ()) -> list[Check]:
    """Return every check in order (or those named in `only`); what rests on one that failed is left out.

    Raises UserError for a name that is no check's.
    """
    config = _guarded("config", lambda: f"{session.config_path}, {len(session.config.roles)} roles")
    found = [config]
    try:
        _ = session.config
    except AssistantError:
        return found
    names: list[tuple[str, Callable[[], str]]] = [
        ("data", lambda: _data(session)),
        ("disk", lambda: _disk(session)),
        ("mailbox", lambda: _mailbox(session)),
        ("smtp", lambda: _smtp(session)),
        ("model", lambda: _model(session)),
        ("roster", lambda: _roster(session)),
        ("last scan", lambda: _last_scan(session)),
        ("last digest", lambda: _last_digest(session)),
    ]
    known = {"config", *(name for name, _ in names)}
    if unknown := [name for name in only if name not in known]:
        message = f"There is no check called {unknown[0]}; there are {', '.join(sorted(known))}."
        raise UserError(message)
    wanted = set(only) or known
    checks = [_guarded(name, check) for name, check in names if name in wanted]
    return (found if "config" in wanted else []) + checks


def _guarded(name: str, check: Callable[[], str]) -> Check:
    try:
        return Check(name, ok=True, hint=check())
    except (AssistantError, OSError, ValueError) as error:
        return Check(name, ok=False, hint=str(error).replace("\n", " "))


def _data(session: Session) -> str:
    from assistant.store.backups import backups, is_sound

    with session.store() as store:
        if not is_sound(store):
            message = "The data file is damaged. To go back to the last backup, run: assistant restore"
            raise AssistantError(message)
        return f"{store.path}, sound, {len(backups(session.home))} backups"


def _disk(session: Session) -> str:
    free = shutil.disk_usage(session.home).free
    if free < ROOM:
        message = f"Only {free // 2**20} MB are free; make room."
        raise AssistantError(message)
    return f"{free // 2**20} MB free"


def _mailbox(session: Session) -> str:
    with session.owner() as owner, owner.opened() as mailbox:
        folders = mailbox.folders()
        return f"signed in; sent mail in {folders.sent}, drafts in {folders.drafts}, inbox {folders.inbox}"


def _smtp(session: Session) -> str:
    with session.owner() as owner:
        transport = owner.transport()
        if transport is None:
            return "none configured: the digest is put into your inbox, and drafts are sent by you"
        transport.check()
        return "signed in"


def _model(session: Session) -> str:
    llm = session.config.llm
    if llm is None:
        return "none configured: drafts and briefs are made by rules"
    with session.owner() as owner:
        from assistant.core.week import week_name
        from assistant.store.completions import Completions

        used = Completions(owner.store).used(week_name(session.now.astimezone(session.config.me.timezone).date()))
        return f"{llm.model} at {llm.base_url}; {used:,} of {llm.weekly_tokens:,} tokens used this week"


def _roster(session: Session) -> str:
    from assistant.store.roster import load_roster

    with session.store() as store:
        people = list(load_roster(store).active())
    if not people:
        message = 'Nobody is on the roster. Add somebody: assistant do "add Jane Roe <jane@example.com> as mentor"'
        raise AssistantError(message)
    return f"{len(people)} people"


def _last_scan(session: Session) -> str:
    from assistant.store import messages

    with session.store() as store:
        at = messages.last_scan_at(store)
    if at is None:
        message = "Nothing was read yet. Run: assistant scan"
        raise AssistantError(message)
    when = datetime.fromtimestamp(at, UTC)
    if session.now - when > SCAN_AGE:
        message = (
            f"The last scan was on {when:%Y-%m-%d}. Is the daemon running (assistant run), or cron (assistant once)?"
        )
        raise AssistantError(message)
    return f"{when:%Y-%m-%d %H:%M} UTC"


def _last_digest(session: Session) -> str:
    from assistant.store import digests

    with session.store() as store:
        week = digests.last_week(store)
    return week or "none yet; the next one goes out at its slot, or now with: assistant digest"
