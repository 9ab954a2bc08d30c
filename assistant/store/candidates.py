"""Candidates: people the owner often writes to who aren't on the roster, best first (docs/roles.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.core.contact.candidates import closeness_before, guess_role, score, taking_turns
from assistant.core.contact.mailing_lists import is_list
from assistant.core.mail.address import is_role_address
from assistant.core.people.compare_names import is_shared
from assistant.store.identities import names_of_addresses
from assistant.store.messages import known_list_addresses

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from assistant.core.people.roster import Roster
    from assistant.store.database import Store

YEAR = 365 * 86_400
# The latest contacts of the year that are looked at. With a half-life of 90 days older ones hardly count.
MOST_ROWS = 40_000
FEWEST = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """One candidate. `messages` counts the contacts of a year, `last_at` is the last one's instant (epoch seconds).

    `guess` is a role or None, `lapsed` means once often in touch and quiet for a long time.
    """

    address: str
    name: str
    messages: int
    last_at: int | None
    last_subject: str
    guess: str | None
    lapsed: bool = False


def candidates(
    store: Store, roster: Roster, now: datetime, most: int, company_domains: Iterable[str] = ()
) -> list[Candidate]:
    """Return up to `most` candidates, alternating between lapsed ones and those much in touch, best first.

    Left out are mailing lists, desks, shared addresses, everybody who was ever on the roster, whom the owner said to
    ignore, and addresses written to only once.
    """
    epoch = int(now.timestamp())
    known = {address for person in roster.people for address in person.addresses}
    known |= {row["address"] for row in store.rows("belongs WHERE lane != 'no'")}
    ignored = store.rows("question WHERE key GLOB 'candidate *' AND answer IS NOT NULL")
    known |= {row["key"].removeprefix("candidate ") for row in ignored}
    lists = known_list_addresses(store)
    found: dict[str, list[tuple[int, str, int]]] = {}
    for address, at, reason, message in _recent(store, epoch):
        if address not in known:
            found.setdefault(address, []).append((at, reason, message))
    contacts = {address: [(at, reason) for at, reason, _ in rows] for address, rows in found.items()}
    points = {address: before for address, seen in contacts.items() if (before := closeness_before(seen, epoch))}
    in_touch = _ranked({address: score(seen, epoch) for address, seen in contacts.items()})
    chosen: list[Candidate] = []
    domains = tuple(company_domains)
    for address in taking_turns(_ranked(points), in_touch):
        if len(chosen) == most:
            break
        rows = found[address]
        if len(rows) < FEWEST or is_role_address(address) or is_list(address, lists):
            continue
        names = names_of_addresses(store, [address]).get(address, {})
        if not is_shared(names):
            chosen.append(_candidate(store, address, names, rows, domains, lapsed=address in points))
    return chosen


def _ranked(points: dict[str, float]) -> list[str]:
    return sorted(points, key=lambda one: (-points[one], one))


def _recent(store: Store, now: int) -> list[tuple[str, int, str, int]]:
    # CROSS JOIN keeps the order of the tables: newest messages first, and the limit ends the walk.
    return store.connection.execute(
        "SELECT a.address, r.at, j.reason, r.message FROM message m CROSS JOIN recipient_row r ON r.message = m.id"
        " CROSS JOIN judgement j ON j.id = r.judgement CROSS JOIN address a ON a.id = r.spelling"
        " WHERE j.verdict = 'full' AND m.sent_at BETWEEN ? AND ? ORDER BY m.sent_at DESC LIMIT ?",
        [now - YEAR, now + 86_400, MOST_ROWS],
    ).fetchall()


def _candidate(
    store: Store,
    address: str,
    names: dict[str, int],
    rows: list[tuple[int, str, int]],
    domains: tuple[str, ...],
    *,
    lapsed: bool,
) -> Candidate:
    last_at, _, message = max(rows)
    subject = store.connection.execute("SELECT subject FROM message WHERE id = ?", [message]).fetchone()[0]
    name = next((name for name in names if name and "@" not in name), "")
    guess = guess_role(address.rpartition("@")[2], domains, ((at, reason) for at, reason, _ in rows))
    return Candidate(address, name, len(rows), last_at, subject, guess, lapsed)
