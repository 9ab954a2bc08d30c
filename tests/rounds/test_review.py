"""Five years of somebody's contacts, made up from a seed: every figure of each review, counted a second time.

The second count is a plain one: a calendar with one cell for each day, filled from what `contacts --json`,
`people --json`, `show --json` and `log --json` print.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from email.utils import format_datetime
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest

from assistant.core.digest.week import current
from assistant.rounds import roster_import, show
from assistant.rounds.digest import build
from assistant.rounds.digest.review import last_review
from assistant.rounds.digest.roster_status import views
from assistant.rounds.replies.lookups import StoreLookups
from assistant.rounds.scan import run
from assistant.store import roster
from assistant.writer.offline.writer import OfflineWriter
from tests.replying import ZONE, Life

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from assistant.core.replies.grammar.lines import ParsedLine
    from assistant.core.replies.transcript import Transcript
    from assistant.rounds.digest.result import Built

START = date(2021, 1, 4)  # a Monday
YEARS = 5
ROLES = ("mentor", "mentor", "advisor", "advisor", "advocate", "ally")
NAMES = (
    "Ada Moreau", "Bob Li", "Cem Aydin", "Dana Petrov", "Eli Sato", "Fay Okoro", "Gus Brandt", "Hana Novak",
    "Ivo Costa", "Jane Roe", "Kai Berg", "Lea Blum", "Max Orsini", "Noor Haddad",
)  # fmt: skip


def at(day: date, hour: int = 8) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


@dataclass
class Years:
    """An owner who writes, meets, snoozes, pauses, drops and corrects as the dice say."""

    dice: Random
    life: Life = field(default_factory=Life)
    mails: int = 0
    rates: dict[str, float] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=lambda: list(NAMES))

    def mondays(self) -> Iterator[date]:
        """Live through five years and yield each Monday at eight, with the mail of the week before read."""
        for week in range(YEARS * 52 + 3):
            monday = START + timedelta(weeks=week)
            self.life.now = at(monday)
            run.scan_sent_mail(self.life.round())
            yield monday
            self.live(monday)

    def live(self, monday: date) -> None:
        if self.waiting and (monday == START or self.dice.random() < 0.12):
            for _ in range(6 if monday == START else 1):
                self.add(monday)
        for person in list(roster.load_roster(self.life.store).active()):
            rate = self.rates[person.handle]
            for day in range(7):
                if self.dice.random() < rate / 7:
                    self.write(self.dice.choice(person.addresses), monday + timedelta(days=day))
        self.life.now = at(monday + timedelta(days=self.dice.randrange(7)), 20)
        self.say()

    def add(self, monday: date) -> None:
        name = self.waiting.pop(0)
        first, last = name.lower().split()
        self.life.now = at(monday + timedelta(days=self.dice.randrange(5)), 9)
        hoped, rhythm = self.dice.choice(("", "", "", "hoped-for ")), self.dice.choice(("", "", ", every 10 days"))
        self.do(f"add {name} <{first}@{last}.example> as {hoped}{self.dice.choice(ROLES)}{rhythm}")
        if self.dice.random() < 0.4:
            self.do(f"{first}-{last} favourite")
        self.rates[f"{first}-{last}"] = self.dice.choice((0, 0.02, 0.1, 0.3, 0.6))

    def say(self) -> None:
        people = list(roster.load_roster(self.life.store).active())
        one = self.dice.choice(people).handle
        domain = f"new{self.mails}.example"
        day = self.life.now.date()
        chances = (
            (0.10, f"called {one} on {day - timedelta(days=1)}"),
            (0.06, f"snooze {one} until {day + timedelta(days=self.dice.randrange(5, 90))}"),
            (0.03, f"{one} is also <me@{domain}>"),
            (0.02, f"{one} role {self.dice.choice(ROLES)}"),
            (0.01, f"keep {one}"),
            (0.01, f"pause until {day + timedelta(days=self.dice.randrange(8, 40))}"),
            (0.01, "resume"),
        )
        for chance, line in chances:
            if self.dice.random() < chance:
                self.do(line)
        if self.dice.random() < 0.005 and len(people) > 4:
            told = self.do(f"drop {one}")
            self.do(f"confirm {told.lines[0].effect.partition('confirm ')[2][:6]}")
        if self.dice.random() < 0.1:
            self.take_back()

    def take_back(self) -> None:
        """Say of one message that it was no contact."""
        rows = list(show.contact_rows(self.life.config, self.life.store, self.life.now, None, everything=False))
        if rows:
            self.do(f"not contact {self.dice.choice(rows).short}")

    def do(self, line: str) -> Transcript:
        told = self.life.do(line)
        assert told.lines[0].outcome in {"ok", "ask"}, told.lines[0]
        return told

    def write(self, address: str, day: date) -> None:
        self.mails += 1
        sent = at(day, self.dice.randrange(7, 23))
        cc = "Cc: list@work.example\r\n" if self.dice.random() < 0.2 else ""
        message = (
            f"From: Priya Raman <priya@example.com>\r\nTo: {address}\r\n{cc}Subject: Hello {self.mails}\r\n"
            f"Date: {format_datetime(sent)}\r\nMessage-ID: <mail-{self.mails}@example.com>\r\n\r\nHi\r\n"
        )
        self.life.mailbox.put("Sent", message.encode(), sent)

    def digest(self) -> Built:
        round_ = replace(self.life.round(), writer=OfflineWriter())
        return build.build(round_, current(self.life.now, round_.slot))


@dataclass
class Recount:
    """The same figures from what the command line prints as JSON, day by day."""

    life: Life

    def __post_init__(self) -> None:
        config, store, now = self.life.config, self.life.store, self.life.now
        self.today = now.date()
        self.people = {row["handle"]: row for row in (view.as_json() for view in views(config, store, now))}
        self.met: dict[str, set[date]] = {}
        for handle in self.people:
            self.met[handle] = {
                datetime.fromisoformat(row["sent_at"]).astimezone(ZONE).date()
                for one in show.contact_rows(config, store, now, handle, everything=False)
                if (row := one.as_json())["verdict"] == "full"
            }
            notes = show.show_person(config, store, now, handle).as_json()["notes"]
            self.met[handle] |= {note["on"] for note in notes if note["kind"] == "met"}
        self.kept: dict[str, date] = {}
        self.added: dict[str, date] = {}
        self.owed: dict[str, list[date]] = defaultdict(list)
        self.linked: dict[str, list[tuple[date, str]]] = defaultdict(list)
        self.calendar()

    def calendar(self) -> None:
        """Go through all days with the log beside them, and note who was owed a contact on each."""
        by_day: dict[date, list[dict[str, Any]]] = defaultdict(list)
        for event in roster.change_log(self.life.store):
            by_day[datetime.fromtimestamp(event["at"], ZONE).date()].append(event)
        person: dict[str, Any] = {}
        setting: dict[str, Any] = {}
        day = START
        while day <= self.today:
            for event in by_day[day]:
                if event["entity"] == "person":
                    person[event["key"]] = event["after"]
                    self.added.setdefault(event["key"], day)
                if event["entity"] == "setting":
                    setting[event["key"]] = event["after"]
                if event["entity"] == "belongs":
                    address, handle = event["key"].split(" ")
                    self.linked[handle].append((day, address.split("@")[1]))
            paused = setting.get("paused_until") and setting["paused_until"] > day.isoformat()
            for handle, value in person.items():
                snoozed = value["snoozed_until"] and value["snoozed_until"] > day.isoformat()
                if value["status"] == "active" and not snoozed and not paused:
                    self.owed[handle].append(day)
            day += timedelta(days=1)
        self.kept = {key[5:]: date.fromisoformat(day) for key, day in setting.items() if key.startswith("keep ")}

    def count(self, handle: str, first: date, last: date) -> tuple[int, int]:
        """Return (seen, wanted)."""
        rhythm = self.people[handle]["cadence_days"]
        before = [day for day in self.owed[handle] if day <= last]
        within = [day for day in before if day >= first]
        begin, wanted = first, 0
        if rhythm and within and len(within) >= rhythm:
            begin, wanted = within[0], int(len(within) / rhythm)
        elif rhythm and within and len(before) >= rhythm:
            begin, wanted = before[len(before) - rhythm], 1
        return len([day for day in self.met[handle] if begin <= day <= last]), wanted

    def all(self, first: date, last: date) -> dict[str, Any]:
        counts = {handle: self.count(handle, first, last) for handle in self.people}
        roles = {}
        for role in self.life.config.roles:
            inside = [counts[h] for h, row in self.people.items() if row["role"] == role and not row["hoped"]]
            wanted = [one for one in inside if one[1] > 0]
            if inside:
                roles[role] = (len(inside), len(wanted), len([one for one in wanted if one[0] >= one[1]]))
        return {
            "roles": roles,
            "favourites": {h: c for h, c in counts.items() if self.people[h]["favourite"] and c[0] < c[1]},
            "moved": {handle: move for handle in self.people if (move := self.move(handle, first, last))},
            "unreached": {handle for handle in self.people if self.is_unreached(handle)},
        }

    def of_year(self, first: date, last: date) -> dict[str, Any]:
        inside = {handle: sum(first <= day <= last for day in days) for handle, days in self.met.items()}
        most = sorted((-count, handle) for handle, count in inside.items() if count)[:3]
        return {
            "new": {handle for handle in self.people if first <= self.added[handle] <= last},
            "most": [(handle, -count) for count, handle in most],
            "back": {handle: gap for handle in self.people if (gap := self.silence(handle, first, last))},
        }

    def move(self, handle: str, first: date, last: date) -> str:
        old = {domain for day, domain in self.linked[handle] if day == self.added[handle]}
        later = [(day, domain) for day, domain in self.linked[handle] if domain not in old]
        return next((domain for day, domain in reversed(later) if first <= day <= last), "")

    def is_unreached(self, handle: str) -> bool:
        if self.today - self.kept.get(handle, date.min) < timedelta(days=365):
            return False
        long = max(365, self.people[handle]["cadence_days"] or 0)
        owed = self.owed[handle]
        return len(owed) >= long and all(day < owed[-long] for day in self.met[handle])

    def silence(self, handle: str, first: date, last: date) -> int:
        days, longest = sorted(self.met[handle]), 0
        for index in range(1, len(days)):
            if first <= days[index] <= last:
                longest = max(longest, (days[index] - days[index - 1]).days)
        return longest if longest > max(182, 2 * (self.people[handle]["cadence_days"] or 0)) else 0


def figures(told: dict[str, Any]) -> dict[str, Any]:
    return {
        "roles": {row["role"]: (row["people"], row["asked"], row["seen"]) for row in told["roles"]},
        "favourites": {row["handle"]: (row["seen"], row["wanted"]) for row in told["favourites"]},
        "moved": {row["handle"]: row["domain"] for row in told["moved"]},
        "unreached": {row["handle"] for row in told["unreached"]},
    }


def figures_of_year(told: dict[str, Any]) -> dict[str, Any]:
    return {
        "new": {row["handle"] for row in told["new"]},
        "most": [(row["handle"], row["seen"]) for row in told["most"]],
        "back": {row["handle"]: row["days"] for row in told["back"]},
    }


QUARTERS = {1: ((10, 1), (12, 31)), 4: ((1, 1), (3, 31)), 7: ((4, 1), (6, 30)), 10: ((7, 1), (9, 30))}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", [1, 2])
def test_every_figure_of_five_years_is_right(seed: int) -> None:
    years = Years(Random(seed))  # noqa: S311 - dice, not secrets
    brought: list[tuple[date, str]] = []
    found: dict[str, int] = defaultdict(int)
    digests = 0
    for monday in years.mondays():
        # The first two Mondays of a quarter, but of the third quarter the second and third: one was missed.
        week = (monday.day - 1) // 7
        if monday.month not in QUARTERS or week not in ({1, 2} if monday.month == 7 else {0, 1}) or monday == START:
            continue
        digest = years.digest().digest
        digests += 1
        if digest.review is None:
            continue
        told, recount = digest.review.as_json(), Recount(years.life)
        if monday.month == 1:
            first, last = date(monday.year - 1, 1, 1), date(monday.year - 1, 12, 31)
            assert figures_of_year(told) == recount.of_year(first, last)
        else:
            first, last = (date(monday.year, *day) for day in QUARTERS[monday.month])
            assert (told["new"], told["most"], told["back"]) == ([], [], [])
        assert (told["first"], told["last"]) == (first, last)
        assert figures(told) == recount.all(first, last)
        brought.append((monday, "year" if monday.month == 1 else "quarter"))
        for key in ("favourites", "moved", "unreached", "back", "new", "most", "gaps"):
            found[key] += len(told[key])
        asked = last_review(years.life.config, years.life.store, years.life.now).as_json()
        of_year = last_review(years.life.config, years.life.store, years.life.now, year=True).as_json()
        assert figures(asked) == recount.all(asked["first"], asked["last"])
        assert figures(of_year) == recount.all(of_year["first"], of_year["last"])
    # The very first digest, in January 2021, has nothing to look back on; the next is of January to March.
    assert brought == [(monday, "year" if monday.month == 1 else "quarter") for monday in firsts()]
    assert digests == 2 * len(brought) + 1
    assert all(found.values()), found  # each figure occurred


def firsts() -> list[date]:
    """Return the Mondays that bring a review: the first of a quarter, the second of the one that missed its first."""
    mondays = [START + timedelta(weeks=week) for week in range(YEARS * 52 + 3)]
    chosen = [day for day in mondays if day.month in QUARTERS and (day.day - 1) // 7 == (day.month == 7)]
    return [day for day in chosen if day > START]


# The taps, end to end.


@pytest.fixture
def quiet() -> Life:
    """Return an owner whose first digest was in October 2022, and who has never written to Ada since."""
    owner = Life(now=at(date(2021, 9, 1)))
    owner.do("add Ada Moreau <ada@moreau.example> as advisor")
    owner.do("add Bob Li <bob@li.example> as mentor")
    digest(owner, date(2022, 10, 3))
    return owner


def digest(owner: Life, day: date) -> Built:
    owner.now = at(day)
    run.scan_sent_mail(owner.round())
    round_ = replace(owner.round(), writer=OfflineWriter())
    return build.build(round_, current(owner.now, round_.slot))


def unreached(built: Built) -> list[str]:
    assert built.digest.review
    return [one.handle for one in built.digest.review.unreached]


def tap(owner: Life, built: Built, label: str, typed: str = "") -> Transcript:
    """Send what a tap on Ada's entry opens, with its command typed over if `typed`, and return the transcript."""
    assert built.digest.review
    taps = built.digest.review.unreached[0].taps
    fields = dict(part.split("=") for part in next(t for t in taps if t.label == label).href.split("?")[1].split("&"))
    command, _, rest = unquote(fields["body"]).partition("\r\n")
    owner.later(minutes=5)
    owner.numbers += 1
    message = (
        f"From: Priya Raman <priya@example.com>\r\nTo: priya@example.com\r\nSubject: {unquote(fields['subject'])}\r\n"
        f"Date: {owner.stamp()}\r\nMessage-ID: <tap-{owner.numbers}@example.com>\r\n\r\n"
        f"{typed or command}\r\n{rest}\r\n"
    )
    owner.put(message.encode())
    (told,) = owner.process()
    return told


def test_keep_asks_again_after_a_year(quiet: Life) -> None:
    built = digest(quiet, date(2023, 1, 2))
    assert unreached(built) == ["ada-moreau", "bob-li"]
    before = quiet.person("ada-moreau")
    told = tap(quiet, built, "Leave as is")
    assert [line.outcome for line in told.lines] == ["ok"]
    assert quiet.person("ada-moreau") == before
    assert roster.change_log(quiet.store)[-1]["key"] == "keep ada-moreau"
    for day in (date(2023, 4, 3), date(2023, 7, 3), date(2023, 10, 2), date(2024, 1, 1)):
        assert unreached(digest(quiet, day)) == ["bob-li"]
    assert unreached(digest(quiet, date(2024, 4, 1))) == ["ada-moreau", "bob-li"]


def test_keep_is_taken_back_and_exported(quiet: Life, tmp_path: Path) -> None:
    quiet.now = at(date(2023, 1, 2))
    quiet.do("keep Ada")
    text = roster_import.export(quiet.store)
    assert "\nkept = 2023-01-02\n" in text
    (tmp_path / "roster.toml").write_text(text)
    other = Life(now=at(date(2023, 2, 1)))
    roster_import.import_file(other.store, other.config.roles, tmp_path / "roster.toml", None, say_at(other))
    assert roster.settings(other.store) == {"keep ada-moreau": "2023-02-01"}
    changed = text.replace("kept = 2023-01-02\n", "kept = 2023-01-03\n")
    roster_import.apply_edit(quiet.store, quiet.config.roles, text, changed, say_at(quiet))
    assert roster.settings(quiet.store) == {"keep ada-moreau": "2023-01-02"}  # said again on the same day
    quiet.do("undo")
    assert roster.settings(quiet.store) == {}
    assert unreached(digest(quiet, date(2023, 1, 9))) == ["ada-moreau", "bob-li"]


def say_at(owner: Life) -> Callable[[tuple[ParsedLine, ...]], Transcript]:
    return lambda lines: owner.do(*(line.text for line in lines))


def test_another_rhythm_is_the_proposed_or_the_typed_one(quiet: Life) -> None:
    built = digest(quiet, date(2023, 1, 2))
    tap(quiet, built, "Every 6 months")
    assert quiet.person("ada-moreau").cadence_days == 182
    tap(quiet, built, "Every 6 months", "ada-moreau every 2 years")
    assert quiet.person("ada-moreau").cadence_days == 730
    # Nobody is asked about again before the rhythm they were given is over.
    assert unreached(digest(quiet, date(2023, 4, 3))) == ["bob-li"]
    assert unreached(digest(quiet, date(2023, 10, 2))) == ["ada-moreau", "bob-li"]


def test_letting_go_asks_for_its_code(quiet: Life) -> None:
    told = tap(quiet, digest(quiet, date(2023, 1, 2)), "Let go")
    assert [line.outcome for line in told.lines] == ["ask"]
    assert quiet.person("ada-moreau").status == "active"
    code = told.lines[0].effect.partition("confirm ")[2][:6]
    quiet.mail = quiet.answered_mail(told)
    assert quiet.reply(f"confirm {code}")[0].lines[0].outcome == "ok"
    assert quiet.person("ada-moreau").status == "dropped"
    assert unreached(digest(quiet, date(2023, 4, 3))) == ["bob-li"]


def test_a_ref_of_one_tap_gives_no_other_order(quiet: Life) -> None:
    built = digest(quiet, date(2023, 1, 2))
    before = roster.load_roster(quiet.store)
    for label in ("Leave as is", "Every 6 months"):
        for typed in ("drop ada-moreau", "drop bob-li", "keep bob-li", "bob-li every 2 years"):
            with pytest.raises(ValueError, match="not enough values"):
                tap(quiet, built, label, typed)
    assert roster.load_roster(quiet.store) == before
    assert roster.settings(quiet.store) == {}


def test_only_the_first_digest_of_a_quarter_looks_back(quiet: Life) -> None:
    built = digest(quiet, date(2023, 1, 9))  # the first Monday was missed
    assert "2022 in people" in built.rendered.html
    assert "2022 IN PEOPLE" in built.rendered.text
    assert ">Everyone<" not in built.rendered.html
    later = digest(quiet, date(2023, 1, 16))
    assert later.digest.review is None
    assert ">Everyone else<" in later.rendered.html
    # Asked for once more, the preview of that week is the same digest.
    quiet.now = at(date(2023, 1, 10))
    preview = build.preview(replace(quiet.round(), writer=OfflineWriter()))
    assert preview.digest.review
    assert preview.digest.review.as_json() == built.as_json()["review"]


def test_before_anybody_was_due_the_roster_comes_as_usual() -> None:
    owner = Life(now=at(date(2023, 3, 20)))
    owner.do("add Ada Moreau <ada@moreau.example> as advisor")
    digest(owner, date(2023, 3, 27))
    built = digest(owner, date(2023, 4, 3))
    assert (built.digest.review, built.as_json()["review"]) == (None, None)
    assert ">Everyone<" in built.rendered.html


@pytest.mark.parametrize("said", ["review", "Review?", "Rückblick"])
def test_the_word_review_is_answered(quiet: Life, said: str) -> None:
    quiet.now = at(date(2023, 2, 1))
    line = quiet.do(said).lines[0]
    assert (line.outcome, line.effect, line.details) == ("ok", "The review", ("Looking back.",))
    answers = StoreLookups(quiet.config, quiet.store, quiet.now, quiet.round, lambda _people: {})  # type: ignore[arg-type]
    details = answers.review()
    assert details[0] == "October to December 2022, in people"
    assert "  Advisors: 0 of 1" in details
    assert details[-1].startswith("Answer “keep <name>”")
