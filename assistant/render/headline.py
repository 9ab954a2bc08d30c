"""What a mailbox shows of the digest, and its first lines: subject, preheader, headline, lead (see `view.py`)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from assistant.core.language.clean import one_line
from assistant.core.language.phrases import Phrases, isolated
from assistant.render.everyone import nobody, short_names
from assistant.render.view import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assistant.core.digest.model import Digest, MeetingItem

SUBJECT_LENGTH: Final = 49
"""Characters. A phone shows about 40 of them, so whom to start with stands first."""
_MOST_NAMES = 5
_DOT = " · "


def digest_subject(digest: Digest) -> str:
    """Return the subject: whom to start with, and as much else as fits in 49 characters, never cut in a word."""
    t, names = Phrases(digest.language), short_names(digest)
    start = one_line(headline(digest, names, t).rstrip("."))
    if len(start) > SUBJECT_LENGTH:
        start = t("subject.plain")
    for more in map(one_line, _more(digest, names, t)):
        if len(start + _DOT + more) <= SUBJECT_LENGTH:
            return start + _DOT + more
    return start


def headline(digest: Digest, names: dict[str, str], t: Phrases) -> str:
    """Return the first line: "Start with Ruth.", "Nobody today."."""
    if digest.due:
        return t("start", name=names[digest.due[0].name])
    if digest.first and not digest.roster:
        return t("start.first")
    return t("start.waiting" if digest.waiting or digest.deferred else "start.nobody")


def lead(digest: Digest, names: dict[str, str], t: Phrases) -> tuple[str, ...]:
    """Return the sentences below the headline: the first digest's, who is next or what follows, the missed weeks."""
    said: list[str] = []
    if digest.first:
        said.append(t("first.lead-people" if digest.roster else "first.lead"))
    elif not digest.due:
        coming = nobody(digest, names, t)
        line = f"{', '.join(coming)}."
        said += [line[:1].upper() + line[1:]] if coming else []
    else:
        parts = list(_follows(digest, t))
        said += [t("then", parts=t.join(parts))] if parts else []
    if digest.missed_weeks:
        days = [week_day(week, t) for week in digest.missed_weeks]
        said.append(t("missed", len(days), weeks=t.join(days)))
    return tuple(said)


def preheader(digest: Digest, names: dict[str, str], t: Phrases) -> str:
    """Return what a mailbox shows beside the subject: the rest of the names, and what the week holds."""
    rest = [names[item.name] for item in digest.due[1:_MOST_NAMES]]
    said = [t("then", parts=t.join(rest)).rstrip(".")] if rest else []
    said += [f"{sentence(meeting.summary)} {t.weekday(meeting.start.date())}" for meeting in digest.meetings[:2]]
    if not digest.due:
        said = [*nobody(digest, names, t), *said]
    return _DOT.join(said) or t("preheader.rest")


def _more(digest: Digest, names: dict[str, str], t: Phrases) -> Iterator[str]:
    """Yield what may stand behind the start, the best first."""
    if not digest.due:
        yield from nobody(digest, names, t)
    for meeting in digest.meetings:
        if meeting.summary.strip():
            yield f"{meeting.summary} {t.weekday(meeting.start.date())}"
    for meeting in digest.meetings:
        yield from _seen(meeting, names, t)
    rest = [names[item.name] for item in digest.due[1:]]
    yield from (t("then", parts=t.join(rest[:count])).rstrip(".") for count in range(len(rest), 0, -1))


def _seen(meeting: MeetingItem, names: dict[str, str], t: Phrases) -> Iterable[str]:
    return (t("meeting.on", name=names[who], day=t.weekday(meeting.start.date())) for who in meeting.people[:1])


def _follows(digest: Digest, t: Phrases) -> Iterator[str]:
    """Yield what the page holds below its first card."""
    if digest.meetings:
        yield t("then.week")
    more = len(digest.due) - 1
    if more:
        yield t("then.people", more, count=t.many(more).lower())
    if digest.questions:
        yield t("then.questions", len(digest.questions), count=t.many(len(digest.questions)).lower())


def week_day(week: str, t: Phrases) -> str:
    """Return an ISO week ("2026-W09") as the day it begins on; what is no such week as it is."""
    year, _, number = week.partition("-W")
    try:
        return t.bare_day(date.fromisocalendar(int(year), int(number), 1))
    except ValueError:
        return isolated(week)
