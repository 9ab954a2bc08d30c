"""The taps of a digest: mailto: links with a ready-made letter, or a command and its ref (docs/replies.md).

A ref is a short code that allows one verb on one number and nothing else. The sheet's allows every harmless verb.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.core.digest.model import CandidateItem, DueItem, QuestionItem, Tap
from assistant.core.language.first_name import first_name
from assistant.core.people.workplace import works_inside
from assistant.core.replies.answer_sheet import sheet
from assistant.core.replies.grammar.commands import (
    Answer,
    Candidate,
    Command,
    Drop,
    Every,
    Keep,
    Met,
    Pause,
    Plain,
    Snooze,
)
from assistant.core.replies.grammar.spelling import format_command
from assistant.core.replies.own_ids import SHEET, SHEET_LIMIT, letter_href, tap_href, tap_of, tap_ref

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from assistant.core.digest.review import Review
    from assistant.core.language.phrases import Phrases


MOST_TAPS = 3
"""Below a question."""


@dataclass(frozen=True, slots=True)
class Tapper:
    """Makes the taps of one digest; `token` and `secret` are the digest's, `snooze_until` is the day of its snooze."""

    control_address: str
    token: str
    secret: str
    phrases: Phrases
    snooze_until: date

    def due(self, item: DueItem) -> DueItem:
        """Return the item with its taps. Without a draft, or with one too long for a link, there is none to write."""
        taps = [
            self.tap("met", Met("met", str(item.number))),
            self.tap("snooze", Snooze((str(item.number),), self.snooze_until)),
        ]
        words = item.words
        letter = letter_href(item.address, words.subject, words.body) if item.address and words.sentences else ""
        if letter:
            taps.insert(0, Tap(self.phrases("do.write", name=first_name(item.name)), letter))
        return replace(item, taps=tuple(taps))

    def answers(self, due: Iterable[DueItem], questions: Iterable[QuestionItem]) -> tuple[Tap, ...]:
        """Return the taps that open a line for a win, and a line for each number and question."""
        rows = [(str(item.number), first_name(item.name)) for item in due]
        rows += [(item.label, first_name(item.who)) for item in questions]
        # Both have the sheet's ref: it allows every harmless line.
        ref = tap_ref(self.secret, self.token, "", SHEET)
        texts = (("do.win", sheet(())), ("do.sheet", sheet(rows)))
        return tuple(
            Tap(self.phrases(key), tap_href(self.control_address, self.phrases(key), text, ref, SHEET_LIMIT))
            for key, text in texts
        )

    def question(self, item: QuestionItem) -> QuestionItem:
        """Return the question with a tap for each possible answer, three at most; the others are for words."""
        number = int(item.label[1:])
        kind = item.key.partition(" ")[0]
        taps = []
        # The last one is a way out, such as no role at all.
        for answer in dict.fromkeys((*item.answers[: MOST_TAPS - 1], *item.answers[-1:])):
            label = f"{answer}-{kind}" if self.phrases.known(f"do.{answer}-{kind}") else answer
            taps.append(self.tap(label, Answer(number, answer)))
        return replace(item, taps=tuple(taps))

    def candidate(self, item: CandidateItem, roles: tuple[str, ...], company_domains: Collection[str]) -> CandidateItem:
        """Return the candidate with a tap for each role that may fit, the guessed one first, and one to ignore them.

        Advisors look from outside the owner's company, advocates speak up inside it.
        """
        number = int(item.label[1:])
        inside = works_inside(item.address, company_domains)
        unfit = "" if inside is None else "advisor" if inside else "advocate"
        ordered = sorted((role for role in roles if role != unfit), key=lambda role: role != item.guess)
        taps = [self.tap(role, Candidate(number, role)) for role in ordered]
        return replace(item, taps=(*taps, self.tap("ignore", Candidate(number, None))))

    def review(self, review: Review) -> Review:
        """Return the review with three taps for everybody never reached: keep, another rhythm, let go."""
        taps = {
            one.handle: (
                self.tap("keep", Keep(one.handle)),
                self.tap(self.phrases.every(one.slower_days), Every(one.handle, one.slower_days)),
                self.tap("drop", Drop(one.handle)),
            )
            for one in review.unreached
        }
        return replace(review, unreached=tuple(replace(one, taps=taps[one.handle]) for one in review.unreached))

    def footer(self) -> tuple[Tap, ...]:
        """Return the taps in the footer: status, pause, stop."""
        return (self.tap("status", Plain("status")), self.tap("pause", Pause()), self.tap("stop", Plain("stop")))

    def tap(self, label: str, command: Command) -> Tap:
        """Return one tap, labeled in the owner's language. Raises ValueError for a command that no tap can have."""
        text = format_command(command)
        known = tap_of(command)
        if known is None:
            raise ValueError(f"no tap gives {text!r}")
        ref = tap_ref(self.secret, self.token, *known)
        href = tap_href(self.control_address, " ".join(text.split()[:2]), text, ref)
        return Tap(self._label(label), href)

    def _label(self, label: str) -> str:
        key = f"do.{label}"
        return self.phrases(key) if self.phrases.known(key) else self.phrases.role(label)
