"""The checks of `assistant doctor`. Each runs by itself, so that one failure hides no other. They tell no secrets."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from assistant.cli import doctor_outside
from assistant.core.language.translation import Translatable, all_of, joined, translated
from assistant.errors import AssistantError, UserError
from assistant.logs import where

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.cli.session import Session

SCAN_AGE = timedelta(days=2)
ROOM = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check. `hint` says what to do if it failed, else what was found."""

    check: str
    ok: bool
    hint: str

    def as_json(self, language: str) -> dict[str, Any]:
        """Return one row of `doctor --json`."""
        return {"check": self.check, "ok": self.ok, "hint": translated(self.hint, language).replace("\n", " ")}

    def line(self, language: str) -> str:
        """Return one line for people."""
        return f"{'ok  ' if self.ok else 'FAIL'} {self.check}: {self.as_json(language)['hint']}"


def check_all(session: Session, only: tuple[str, ...] = ()) -> list[Check]:
    """Return every check in order, or those named in `only`. Without a valid config there is only that one.

    Raises UserError for an unknown name.
    """
    config = guarded(
        "config", lambda: Translatable("{path}, {n} roles", path=session.config_path, n=len(session.config.roles))
    )
    found = [config]
    try:
        _ = session.config
    except AssistantError:
        return found
    names: list[tuple[str, Callable[[], str]]] = [
        ("data", lambda: _data(session)),
        ("disk", lambda: _disk(session)),
        ("line", lambda: doctor_outside.mail_servers(session)),
        ("mailbox", lambda: _mailbox(session)),
        ("drafts", lambda: doctor_outside.drafts(session)),
        ("received mail", lambda: _received(session)),
        ("smtp", lambda: _smtp(session)),
        ("token", lambda: doctor_outside.token(session)),
        ("calendars", lambda: doctor_outside.calendars(session)),
        ("model", lambda: doctor_outside.model(session)),
        ("own addresses", lambda: _own_addresses(session)),
        ("roster", lambda: _roster(session)),
        ("last scan", lambda: _last_scan(session)),
        ("last digest", lambda: _last_digest(session)),
        ("replies", lambda: _replies(session)),
    ]
    known = {"config", *(name for name, _ in names)}
    if unknown := [name for name in only if name not in known]:
        raise UserError(
            "There is no check called {unknown}; there are {known}.", unknown=unknown[0], known=", ".join(sorted(known))
        )
    wanted = set(only) or known
    checks = [guarded(name, check) for name, check in names if name in wanted]
    return (found if "config" in wanted else []) + checks


def guarded(name: str, check: Callable[[], str]) -> Check:
    """Run one check within a time limit. A failure says what to do, a bug of ours only where it is."""
    try:
        return Check(name, ok=True, hint=doctor_outside.bounded(check))
    except AssistantError as error:
        return Check(name, ok=False, hint=error.sentence)
    except Exception as error:  # noqa: BLE001 - trouble in one check must not stop the others
        place = where(error).partition(" < ")[0]
        return Check(
            name,
            ok=False,
            hint=Translatable("{kind} in {place}; please report this.", kind=type(error).__name__, place=place),
        )


def _data(session: Session) -> str:
    from assistant.store.backups import all_copies, check_database

    with session.store() as store:
        check_database(store, deep=True)
        copies = len(all_copies(session.home))
        template = "{path}, sound, {copies} backup" if copies == 1 else "{path}, sound, {copies} backups"
        return Translatable(template, path=store.path, copies=copies)


def _disk(session: Session) -> str:
    free = shutil.disk_usage(session.home).free
    if free < ROOM:
        raise AssistantError("Only {free} MB are free; make room.", free=free // 2**20)
    return Translatable("{free} MB free", free=free // 2**20)


def _mailbox(session: Session) -> str:
    from assistant.core.language.phrases import Phrases
    from assistant.rounds.delivery import heartbeat
    from assistant.rounds.digest import folders_not_read
    from assistant.rounds.scan.withheld import places, remarks

    with session.owner() as owner, owner.opened() as mailbox:
        folders = mailbox.folders()
        heartbeat.login_works(owner.store)
        for folder in folders.all_sent:
            # A server may sign in and still give no mail.
            next(iter(mailbox.stream(folder, None, frozenset, None)), None)
        language = owner.config.me.language
        unread = remarks(owner.store, places(folders, owner.config.mailbox), language)
        aside = folders_not_read.sentence(folders.not_read, Phrases(language), len(folders.not_read))
        found = Translatable(
            "signed in; sent mail in {sent}, drafts in {drafts}, inbox {inbox}",
            sent=all_of((*folders.all_sent, *folders.older)),
            drafts=folders.drafts,
            inbox=folders.inbox,
        )
        return joined([found, *unread, *aside], ". ")


def _received(session: Session) -> str:
    from assistant.store.correspondence import was_looked_for
    from assistant.store.roster import load_roster

    if not session.config.mailbox.received:
        return Translatable("not read (received = false)")
    with session.owner() as owner, owner.opened() as mailbox:
        people = list(load_roster(owner.store).active())
        read = sum(was_looked_for(owner.store, one.addresses) for one in people)
        folders = all_of(mailbox.folders().received)
    return Translatable(
        "headers of {n} of {people} people on the roster, in {folders}", n=read, people=len(people), folders=folders
    )


def _smtp(session: Session) -> str:
    from assistant.rounds.delivery import sign_in_pause, undelivered
    from assistant.store import outbox

    with session.owner() as owner:
        transport = owner.transport()
        if transport is None:
            return Translatable("none configured: the digest is put into your inbox, and drafts are sent by you")
        transport.check()
        sign_in_pause.works(owner.store)
        last = outbox.last_to_the_owner(owner.store)
        if last is not None and last.refusal:
            raise AssistantError(
                "It signs in, but the last mail to you went straight into your inbox: {why}",
                why=undelivered.reason(last),
            )
        return Translatable("signed in")


def _own_addresses(session: Session) -> str:
    from assistant.rounds.scan.aliases import likely_aliases
    from assistant.rounds.scan.reading_start import owner_of

    with session.store() as store:
        likely = likely_aliases(store, session.config, session.now)
        known = len(owner_of(store, session.config))
    if likely:
        found = likely[0].payload
        raise AssistantError(
            "{count} of {total} messages in Sent come from {address} and don't count. If it is yours, answer "
            "the digest's question with yes, or add it to addresses under [me].",
            count=found["count"],
            total=found["total"],
            address=found["address"],
        )
    return Translatable("{known} known, and hardly any mail in Sent from others", known=known)


def _roster(session: Session) -> str:
    from assistant.store.roster import load_roster

    with session.store() as store:
        people = list(load_roster(store).active())
    if not people:  # right after set-up that is the next step, not a fault
        return Translatable(
            'nobody yet; next, answer the first digest (“C1 mentor”), or run: assistant do "add Jane Roe '
            '<jane@example.com> as mentor"'
        )
    return Translatable("{n} person" if len(people) == 1 else "{n} people", n=len(people))


def _last_scan(session: Session) -> str:
    from assistant.core.mail.date import CLOCK_AHEAD
    from assistant.store import folders

    with session.store() as store:
        at = folders.last_scan_at(store, int((session.now + CLOCK_AHEAD).timestamp()))
    if at is None:
        raise AssistantError("Nothing was read yet. Run: assistant scan")
    when = datetime.fromtimestamp(at, UTC)
    if session.now - when > SCAN_AGE:
        raise AssistantError(
            "The last scan was on {when:%Y-%m-%d}. Is the daemon running (assistant run), or cron (assistant once)?",
            when=when,
        )
    return Translatable("{when:%Y-%m-%d %H:%M} UTC", when=when)


def _last_digest(session: Session) -> str:
    from assistant.core.digest.week import latest
    from assistant.rounds.delivery import undelivered
    from assistant.store import digests, outbox

    with session.store() as store:
        week = digests.last_week(store, latest(session.now, session.config.me.timezone))
        entry = undelivered.of_week(store, week) if week else None
        open_ones = [one for one in outbox.to_the_owner(store, 0) if one.state != "sent"]
    said = list(dict.fromkeys(filter(None, map(undelivered.sentence, [*([entry] if entry else []), *open_ones]))))
    if open_ones or (entry and entry.state == "refused"):
        raise AssistantError(joined(said))
    if entry and entry.state != "sent":
        return Translatable("{week}, which goes out with the next round", week=week)
    none = Translatable("none yet; the next one goes out at its slot, or now with: assistant digest")
    return joined([f"{week}.", *said]) if said else week or none


def _replies(session: Session) -> str:
    from assistant.rounds.replies import passed_over

    with session.store() as store:
        language = session.config.me.language
        said = passed_over.passed_over(store, session.config, session.now - passed_over.SHOWN, session.now, language)
        shared = passed_over.exposed(store, session.config, session.now, language)
    if said:
        raise AssistantError(" ".join(said))
    return " ".join(shared) or Translatable("every answer of the last seven days was obeyed")
