"""Sent mail of an invented owner: from who is written to how often, to messages with dates, subjects and threads.

steps of the file ─> people and habits ─> a thread on each day that a habit yields ─> its messages ─> sorted
"""

from __future__ import annotations

import json
import math
import random
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
BEGIN, END = datetime(2023, 11, 21, 7), datetime(2026, 11, 20, 19)  # noqa: DTZ001 - local time, see `_zoned`
SUNDAY, SATURDAY = 6, 5
EVENINGS = (7, 8, 12, 13, 18, 19, 20, 20, 21, 21, 22, 23)
WEEKENDS = (9, 10, 11, 14, 15, 17, 18, 20, 21)
LATER = (0.2, 0.5, 1, 3, 20, 26, 49, 75)  # hours to the owner's next message in a thread
OLD = re.compile(r"^(Re|RE|AW|Fwd|WG|TR): ")


def load(name: str) -> dict[str, Any]:
    """Return the file of one owner."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return found


def write(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the owner's messages, oldest first: at, message_id, to, cc, bcc, subject, in_reply_to and headers."""
    desk, habits = _Desk(data), []
    for step in data["steps"]:
        ((kind, told),) = step.items()
        if kind == "person":
            desk.people[told["key"]] = told
            told = told["mail"]
        if kind == "merge":
            desk.merge(told)
        elif kind == "away":
            desk.away(told)
        else:
            habits.append(told)
    for habit in habits:
        desk.follow(habit)
    return sorted(desk.out, key=lambda one: datetime.fromisoformat(one["at"]))


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text if len(text) > len("2026-01") else f"{text}-01")


def _changes(year: int, month: int, *, last: bool) -> datetime:
    """Return the Sunday on which the clocks change."""
    length = 31 if month in {3, 10} else 30
    days = [datetime(year, month, number) for number in range(1, length + 1)]  # noqa: DTZ001
    sundays = [day for day in days if day.weekday() == SUNDAY]
    return sundays[-1] if last else sundays[1 if month == 3 else 0]


@dataclass
class _Desk:
    """The owner at work. Everything by chance comes from one generator, in a fixed order."""

    data: dict[str, Any]
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    out: list[dict[str, Any]] = field(default_factory=list)
    left: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.data["seed"])  # noqa: S311 - the same mailbox each time

    def follow(self, habit: dict[str, Any]) -> None:
        """Write all threads of a habit."""
        for when in habit["when"]:
            words = when.split()
            pool = next((word for word in words if word[0] == "#"), None)
            subjects = pool or habit.get("subjects", [""])
            accounts = next((word for word in words[1:] if word in {"w", "p"}), habit.get("account", "w"))
            for day in self.days(words):
                account = self.chance.choice(accounts) if len(accounts) > 1 else accounts
                at = self.moment(day, account)
                if not BEGIN <= at <= END or (account == "w" and self.is_off(at) and self.chance.random() < 0.93):
                    continue
                self.thread(habit, at, account, subjects)

    def thread(self, habit: dict[str, Any], at: datetime, account: str, subjects: str | list[str]) -> None:
        chance, part, to_all = self.chance, habit.get("part", 1), habit.get("bcc", False)
        there = [key for key in habit["to"] if chance.random() < part] or habit["to"][:1]
        if part < 1:
            chance.shuffle(there)
        subject = self.subject(subjects, habit["to"][0], at)
        begins = chance.random() < habit.get("begins", 0.5) and not re.match(r"(Re|RE|AW): ", subject)
        more = habit.get("messages", 1.3)
        for number in range(1 + int(chance.expovariate(1) * (more - 1) + chance.random() * 0.9 * (more > 1))):
            if at > END:
                break
            few = len(there) < 3 and chance.random() < 0.8
            cut = len(there) if few else max(1, min(chance.randint(1, 4), len(there)))
            cut = 1 if to_all else cut
            to, rest = ([self.box(key, at) for key in keys] for keys in (there[:cut], there[cut:]))
            copies = [] if to_all else rest
            if habit.get("cc") and chance.random() < 0.35:
                copies = [*copies, self.box(chance.choice([key for key in habit["cc"] if key not in there]), at)]
            fresh = number == 0 and begins
            prefix = "" if fresh else chance.choice(self.data["prefixes"])
            domain = chance.choice(to)[1].split("@")[1]
            told = subject if fresh else prefix + OLD.sub("", subject)
            answered = "" if fresh else self.message_id(domain)
            self.put(at, account, [to, copies, rest if to_all else []], told, answered, habit.get("headers"))
            at = self.later(at, account)

    def later(self, at: datetime, account: str) -> datetime:
        at += timedelta(hours=self.chance.choice(LATER) * self.chance.uniform(0.7, 1.5))
        if at.hour < 7:
            at += timedelta(hours=7 - at.hour + 3 * self.chance.random() ** 2)
        if account == "w" and at.weekday() >= SATURDAY and self.chance.random() < 0.8:
            at += timedelta(days=7 - at.weekday())
        return at

    def merge(self, told: dict[str, Any]) -> None:
        """Write the same to many, seconds apart."""
        at = self.moment(_day(told["day"]), told["account"])
        for key in told["to"]:
            at += timedelta(seconds=self.chance.choice((1, 1, 2, 3)))
            self.put(at, told["account"], [[self.box(key, at)], [], []], told["subject"], "", told["headers"])

    def away(self, told: dict[str, Any]) -> None:
        """Write what the server answers while the owner is away."""
        headers = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
        for first, last in self.data["days_off"]:
            for _ in range(told["each"]):
                length = max(1, (_day(last) - _day(first)).days)
                days, hours = self.chance.random() * length, self.chance.randint(7, 18)
                at = _day(first) + timedelta(days=days, hours=hours)
                key = self.chance.choice(told["to"])
                if _day(told["since"]) < at < _day(told["until"]):
                    box = self.box(key, at)
                    subject = told["word"] + self.filled(self.chance.choice(told["topics"]), at)
                    self.put(at, "w", [[box], [], []], subject, self.message_id(box[1].split("@")[1]), headers)

    def put(
        self,
        at: datetime,
        account: str,
        boxes: list[list[list[str]]],
        subject: str,
        answered: str,
        headers: dict[str, str] | None,
    ) -> None:
        if not BEGIN <= at <= END:
            return
        addresses = self.data["owner"]["addresses"]
        domain = addresses[0 if account == "w" else -1].split("@")[1]
        to, cc, bcc = boxes
        self.out.append(
            {
                "at": self.zoned(at).isoformat(),
                "message_id": self.message_id(domain, "d" if account == "w" else "b"),
                "to": to,
                "cc": cc,
                "bcc": bcc,
                "subject": subject,
                "in_reply_to": answered,
                "headers": headers or {},
            }
        )

    def days(self, words: list[str]) -> list[datetime]:
        """Return the days of `@2026-01-05,…`, or by chance: `b5`, `m2` or `w.5`, each with first and last day."""
        if words[0][0] == "@":
            return [_day(day) for day in words[0][1:].split(",")]
        named = [_day(word) for word in words[1:] if word[:2] == "20"]
        first, last = (named + [BEGIN, END][len(named) :])[:2]
        kind, often = words[0][0], float(words[0][1:])
        if kind == "b":
            length = max(1, (last - first).days)
            return sorted(first + timedelta(days=self.chance.random() * length) for _ in range(int(often)))
        return self.monthly(first, last, often) if kind == "m" else self.weekly(first, last, often)

    def monthly(self, at: datetime, last: datetime, often: float) -> list[datetime]:
        found = []
        at += timedelta(days=self.chance.random() * often * 18)
        while at < last:
            found.append(at)
            at += timedelta(days=often * 30.4 * self.chance.uniform(0.6, 1.45))
        return found

    def weekly(self, at: datetime, last: datetime, often: float) -> list[datetime]:
        found: list[datetime] = []
        while at < last:
            rate = often * self.chance.gammavariate(2.2, 1 / 2.2)
            count, product, limit = 0, self.chance.random(), math.exp(-rate)
            while product > limit:
                product, count = product * self.chance.random(), count + 1
            found += sorted(at + timedelta(days=self.chance.random() * 7) for _ in range(count))
            at += timedelta(days=7)
        return [day for day in found if day < last]

    def moment(self, day: datetime, account: str) -> datetime:
        """Return a believable time on a day, or on a day near it if there is no work."""
        day = day.replace(hour=0, minute=0, second=0)
        if account == "w":
            while day.weekday() >= SATURDAY:
                day += timedelta(days=self.chance.choice((-1, 1)) if day > BEGIN + timedelta(days=3) else 1)
            hour = self.chance.choice(self.data["hours"])
        else:
            hour = self.chance.choice(EVENINGS if day.weekday() < SATURDAY else WEEKENDS)
        return day + timedelta(hours=hour, minutes=self.chance.randrange(60), seconds=self.chance.randrange(60))

    def is_off(self, at: datetime) -> bool:
        return any(_day(first) <= at < _day(last) for first, last in self.data["days_off"])

    def zoned(self, at: datetime) -> datetime:
        """Return a local time with its offset, also on journeys."""
        offset = self.data["utc_offset"]
        europe = offset >= 0
        summer, winter = (_changes(at.year, month, last=europe) for month in (3, 10 if europe else 11))
        offset += summer <= at < winter
        for first, last, abroad in self.data["abroad"]:
            offset = abroad if _day(first) <= at < _day(last) else offset
        return at.replace(microsecond=0, tzinfo=timezone(timedelta(hours=offset)))

    def subject(self, subjects: str | list[str], key: str, at: datetime) -> str:
        """Return the next subject: a person's own in their order first, those of a pool shuffled."""
        own = not isinstance(subjects, str)
        bank = subjects if isinstance(subjects, list) else self.data["pools"][subjects[1:]]
        place = (key, "|".join(bank) if own else str(subjects))
        if not self.left.get(place):
            first = place not in self.left
            self.left[place] = list(bank)
            if not (own and first):
                self.chance.shuffle(self.left[place])
        return self.filled(self.left[place].pop(0), at)

    def filled(self, text: str, at: datetime) -> str:
        return re.sub(r"\{(\w+)\}", lambda match: self.word(self.data["fill"][match[1]], at), text)

    def word(self, kind: Any, at: datetime) -> str:
        if isinstance(kind, list):
            return str(self.chance.choice(kind))
        if "number" in kind:
            number = self.chance.randint(*kind["number"])
            return str(kind["yearly"] % (at.year, number)) if "yearly" in kind else str(number)
        if "week" in kind:
            return str(kind["week"] % at.isocalendar()[1])
        return str(kind["months"][at.month - 1]) if "months" in kind else str(at.year)

    def box(self, key: str, at: datetime) -> list[str]:
        """Return the name and address that somebody is written to at."""
        person = self.people[key]
        address = [address for since, address in person["addresses"] if _day(since) <= at][-1]
        name = person["names"][0] if self.chance.random() < 0.72 else self.chance.choice(person["names"])
        return [name, address]

    def digits(self, count: int) -> str:
        return "".join(self.chance.choice("0123456789abcdef") for _ in range(count))

    def message_id(self, domain: str, style: str = "") -> str:
        style = style or self.chance.choice("abcd")
        made = {
            "a": f"{self.digits(8)}.{self.digits(6)}",
            "b": f"CA+{self.digits(22)}",
            "c": f"{self.digits(8)}-{self.digits(4)}-{self.digits(12)}",
            "d": f"{self.digits(16)}PR0{self.digits(5)}",
        }
        return f"<{made[style]}@{domain}>"
