"""The sections of the digest beside the cards, in words (see `view.py`)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import unquote

from assistant.core.language.phrases import Phrases, isolated
from assistant.core.replies.grammar.lines import Speech
from assistant.render.cards import card, row
from assistant.render.review import review_entries, review_title
from assistant.render.view import Cuts, Entry, Row, View, dotted, name, quiet, sentence, subject

if TYPE_CHECKING:
    from assistant.core.digest.model import (
        CandidateItem,
        Digest,
        GapItem,
        MeetingItem,
        QuestionItem,
        RosterRow,
        ScanLine,
    )

ROLES = ("mentor", "advisor", "advocate", "ally")


def in_words(digest: Digest, cuts: Cuts) -> View:
    """Return the digest in words, no part longer than `cuts` allows; what is left out is said where it would stand."""
    t = Phrases(digest.language)
    review, roster = digest.review, () if digest.review else digest.roster
    shown, rows = digest.due[: cuts.people], roster_shown(roster, cuts)
    more = [name(item.name) for item in digest.due[cuts.people :]]
    return View(
        language=digest.language,
        today=digest.on,
        roles=_roles(digest),
        phrases=t,
        product=t("product"),
        day=t.day(digest.on),
        summary=summary(digest, t),
        # A name may read as a command, and some programs show hidden text in what they quote.
        preheader=quiet(preheader(digest, t), Speech(digest.on, digest.language, _roles(digest))),
        lead=lead(digest, t),
        cards=tuple(card(item, digest, t, cuts) for item in shown),
        cards_note=t("cut.people", len(more), names=t.join(more)) if more else "",
        no_cards=no_cards(digest, t),
        meetings=meetings(digest.meetings, t, cuts),
        questions=questions(digest.questions, t, cuts),
        gaps=gaps(digest.gaps, t),
        candidates=candidates(digest.candidates, t, cuts),
        gaps_title=gaps_title(digest, t),
        roster=by_role(rows, t, cuts),
        roster_note=left_out(len(roster) - len(rows), t),
        review_title=review_title(review, t) if review else "",
        review=_capped(list(review_entries(review, t)), t, cuts) if review else (),
        counted=counted(digest, t),
        answers=answers(digest, t),
        footer_taps=digest.footer_taps,
    )


def summary(digest: Digest, t: Phrases) -> str:
    """Return the one line that sums up: "3 people to reach, 1 meeting on Thursday, 2 questions"."""
    if digest.first and not digest.roster:
        return _with_stop([t("sum.first"), *_counts(digest, t)])
    parts = _counts(digest, t)
    if digest.due:
        return _with_stop(parts)
    calm = t("sum.nobody") + "."
    return " ".join([calm, *_next(digest, t), *([_with_stop(parts)] if parts else [])])


def _counts(digest: Digest, t: Phrases) -> list[str]:
    found = []
    if digest.due:
        found.append(t("sum.reach", len(digest.due)))
    if digest.meetings:
        n, day = len(digest.meetings), t.weekday(min(m.start for m in digest.meetings).date())
        found.append(t("sum.meeting", day=day) if n == 1 else t("sum.meetings", n, day=day))
    if digest.questions:
        found.append(t("sum.question", len(digest.questions)))
    if digest.candidates and not digest.due:
        found.append(t("sum.candidate", len(digest.candidates)))
    return found


def _next(digest: Digest, t: Phrases) -> list[str]:
    if digest.next_due is None:
        return []
    who, days = digest.next_due
    words = t("sum.next", days, name=name(who)) if days > 0 else t("sum.next-today", name=name(who))
    return [words + "."]


def _with_stop(parts: list[str]) -> str:
    return ", ".join(parts) + "."


def preheader(digest: Digest, t: Phrases) -> str:
    """Return what a mailbox shows beside the subject: the names, as the subject sums up already."""
    names = [name(item.name) for item in digest.due[:5]] or [name(item.name) for item in digest.candidates[:5]]
    return t.join(names) if names else summary(digest, t)


def lead(digest: Digest, t: Phrases) -> tuple[str, ...]:
    """Return the sentences under the headline: the first digest's, the missed weeks, the remarks."""
    said = []
    if digest.first:
        said.append(t("first.lead-people" if digest.roster else "first.lead", product=t("product")))
    if digest.missed_weeks:
        days = [_week_day(week, t) for week in digest.missed_weeks]
        n = len(days)
        said.append(t("missed", n, weeks=t("missed.weeks", n, weeks=t.join(days))))
    return (*said, *(sentence(remark) for remark in digest.remarks))


def _week_day(week: str, t: Phrases) -> str:
    """Return an ISO week ("2026-W09") as the day it begins on; what is no such week as it is."""
    year, _, number = week.partition("-W")
    try:
        return t.bare_day(date.fromisocalendar(int(year), int(number), 1))
    except ValueError:
        return isolated(week)


def meetings(items: tuple[MeetingItem, ...], t: Phrases, cuts: Cuts) -> tuple[Entry, ...]:
    """Return the week's meetings: when, what, with whom, and the brief."""
    return _capped([_meeting(item, t) for item in items], t, cuts)


def _meeting(item: MeetingItem, t: Phrases) -> Entry:
    same_day = item.start.date() == item.end.date()
    until = f"{item.end:%H:%M}" if same_day else t.moment(item.end)
    people = [t("meeting.with", people=t.join([name(one) for one in item.people]))] if item.people else []
    return Entry(
        mark=f"{t.moment(item.start)}–{until}",
        title=subject(item.summary),
        lines=(*people, *(sentence(line) for line in item.brief)),
    )


def questions(items: tuple[QuestionItem, ...], t: Phrases, cuts: Cuts) -> tuple[Entry, ...]:
    """Return the questions, each with why it is asked and what may be answered."""
    return _capped([_question(item, t) for item in items], t, cuts)


def _question(item: QuestionItem, t: Phrases) -> Entry:
    why = [sentence(item.why)] if item.why else []
    spoken = t("answers", answers=", ".join(sentence(one) for one in item.answers)) if item.answers else ""
    return Entry(isolated(item.label), sentence(item.text), tuple(why), item.taps, numbered=True, spoken=spoken)


def gaps(items: tuple[GapItem, ...], t: Phrases) -> tuple[Entry, ...]:
    """Return the roles nobody fills, each with its next step."""
    return tuple(
        Entry(t.role(gap.role), sentence(gap.text), (t("gap.step", step=sentence(gap.step)),) if gap.step else ())
        for gap in items
    )


def candidates(items: tuple[CandidateItem, ...], t: Phrases, cuts: Cuts) -> tuple[Entry, ...]:
    """Return the people often written to who are on no list."""
    return _capped([_candidate(item, t) for item in items], t, cuts)


def _candidate(item: CandidateItem, t: Phrases) -> Entry:
    counts = [t("candidate.count", item.messages)]
    if item.last_on and item.last_subject:
        counts.append(t("candidate.subject", day=t.day(item.last_on), subject=subject(item.last_subject)))
    elif item.last_on:
        counts.append(t("candidate.last", day=t.day(item.last_on)))
    why = [sentence(item.why.removesuffix("."))] if item.why else []
    guess = [t("candidate.guess", role=t.role(item.guess)).replace(" ", "\u00a0")] if item.guess else []
    said = dotted([", ".join(counts), *why, *guess])
    address = [isolated(item.address)] if item.name else []
    draft = [t("candidate.draft"), *map(isolated, item.draft)] if item.draft else []
    lines = (*address, said, *draft)
    return Entry(isolated(item.label), name(item.name or item.address), lines, item.taps, numbered=True)


def _capped(entries: list[Entry], t: Phrases, cuts: Cuts) -> tuple[Entry, ...]:
    if cuts.entries is None or len(entries) <= cuts.entries:
        return tuple(entries)
    note = Entry("", t("cut.lines", len(entries) - cuts.entries), ())
    return (*entries[: cuts.entries], note)


def gaps_title(digest: Digest, t: Phrases) -> str:
    """Return the heading that fits what there is of gaps and candidates."""
    if digest.gaps and digest.candidates:
        return t("section.gaps")
    return t("section.only-gaps" if digest.gaps else "section.only-candidates")


def roster_shown(rows: tuple[RosterRow, ...], cuts: Cuts) -> tuple[RosterRow, ...]:
    """Return the rows that are shown, in their order; of too many those furthest from due are left out."""
    if cuts.roster is None or len(rows) <= cuts.roster:
        return rows
    nearest = sorted(rows, key=lambda r: (r.due_on is None, r.due_on or date.max))[: cuts.roster]
    return tuple(r for r in rows if r in nearest)


def by_role(rows: tuple[RosterRow, ...], t: Phrases, cuts: Cuts) -> tuple[tuple[str, tuple[Row, ...]], ...]:
    """Return the roster's rows under their roles: the four known ones first, then the owner's own by name."""
    names = dict.fromkeys([*ROLES, *sorted({r.role for r in rows})])
    grouped = ((role, tuple(row(r, t, cuts) for r in rows if r.role == role)) for role in names)
    return tuple((t.role(role, many=True), members) for role, members in grouped if members)


def left_out(n: int, t: Phrases) -> str:
    """Return the sentence that names how many of the roster are not shown, "" for none."""
    return t("roster.left-out", n) if n > 0 else ""


def no_cards(digest: Digest, t: Phrases) -> tuple[str, ...]:
    """Return a line on those who were shown often and rest, and one on those for whom there is no place this week."""
    groups = {"waiting": digest.waiting, "deferred": digest.deferred}
    return tuple(t(key, people=t.join([name(who) for who in names])) for key, names in groups.items() if names)


def counted(digest: Digest, t: Phrases) -> tuple[str, ...]:
    """Return what was read and counted, and which addresses were linked."""
    said = _scan(digest.scan, t) if digest.scan else []
    return (*said, *(sentence(one) for one in digest.linked))


def _scan(scan: ScanLine, t: Phrases) -> list[str]:
    folder, total = isolated(scan.folder), t.number(scan.total)
    if scan.complete_to:
        read = t("scan.read", scan.new, folder=folder, total=total, moment=t.moment(scan.complete_to))
    else:
        read = t("scan.read-open", scan.new, folder=folder, total=total)
    said = [read, t("scan.counted", full=t.number(scan.full), soft=t.number(scan.soft))]
    reasons = [f"{t.reason(word)} ({t.number(count)})" for word, count in scan.none if count]
    return [*said, t("scan.none", reasons=", ".join(reasons))] if reasons else said


def answers(digest: Digest, t: Phrases) -> tuple[tuple[str, str], ...]:
    """Return the commands of "How to answer" with what they do; blanks to fill are in angle brackets.

    Whatever a tap offers stands here too, so that who sees the text alone, or no links, can do it all.
    """
    roles = t("answer.roles", roles=", ".join(map(isolated, _roles(digest))))
    found = [("<n> send", t("answer.send"))] if _may_send(digest) else []
    if digest.due:
        found += [("<n> done", t("answer.done")), ("<n> skip", t("answer.skip"))]
        found += [("<n> snooze <3 weeks>", t("answer.snooze"))]
    if digest.waiting or digest.deferred:
        found.append(("<name> now", t("answer.now")))
    if digest.questions:
        found.append(("Q<n> <answer>", t("answer.question")))
    if digest.candidates:
        found += [("C<n> <role>", f"{t('answer.candidate')}; {roles}"), ("C<n> ignore", t("answer.ignore"))]
    if digest.review and digest.review.unreached:
        found += [("keep <name>", t("answer.keep")), ("<name> every <6 months>", t("answer.every"))]
        found.append(("drop <name>", t("answer.drop")))
    added = t("answer.add") if digest.candidates else f"{t('answer.add')}; {roles}"
    return (
        *found,
        ("met <name> on <Tuesday>, <note>", t("answer.met")),
        ("add <name> <address> as <role>", added),
        ("note <name>: <text>", t("answer.note")),
        ("not contact <message>", t("answer.contact")),
        ("pause <3 weeks>", t("answer.pause")),
    )


def _may_send(digest: Digest) -> bool:
    """Return whether any draft can be sent by answering: a card has that tap, or no card has any."""
    commands = [unquote(tap.href.partition("body=")[2]).split() for item in digest.due for tap in item.taps]
    return bool(digest.due) and (not commands or any("send" in words[:2] for words in commands))


def _roles(digest: Digest) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*ROLES, *(r.role for r in digest.roster)]))
