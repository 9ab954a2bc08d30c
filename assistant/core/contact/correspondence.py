"""Who wrote last, who answered and who waits, from both sides of the mail with one person.

    the owner's mail to them ─┬─> the last letter: answered, or not ─┐
    their mail ───────────────┴─> the last that waits for the owner ─┴─> Correspondence

The rules are in docs/how-contact-is-inferred.md, "Received mail". Of theirs only headers are known, so nothing here
says what they wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from assistant.core.contact.mailing_lists import is_list_mail
from assistant.core.contact.verdict import BROADCAST, is_automatic, is_meeting_message, is_own, recipients

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from assistant.core.contact.verdict import Verdict
    from assistant.core.mail.envelope import Envelope

ANSWERED_WITHIN: Final = 30 * 86_400
"""Seconds within which their mail answers a letter that it doesn't name."""
# What went to many or in copy wants no answer from this one.
_LETTERS: Final = frozenset({"one-to-one", "reply", "forward", "small-group"})
_TO_MANY: Final = frozenset({"group", "merge", "list"})


class Sent(NamedTuple):
    """A message of the owner's to this person. `at` is in epoch seconds, None if no date can be trusted.

    `names` holds the ids of the messages it names in In-Reply-To and References, `answers` the one it answers ("" for
    none), `verdict` what it counts for them and `field` where they were written to.
    """

    message_id: str
    at: int | None
    names: frozenset[str]
    verdict: Verdict
    field: str = "to"
    answers: str = ""

    @property
    def is_letter(self) -> bool:
        """Return whether it wants to be answered by this person, as far as its header tells."""
        return self.verdict.reason in _LETTERS

    @property
    def came_back(self) -> bool:
        """Return whether it's a letter that didn't arrive."""
        return self.verdict.reason == "bounced" and self.field == "to"


class Theirs(NamedTuple):
    """A message of this person's, as `Sent`. `to_owner` says that the owner is in To, not only in copy."""

    message_id: str
    at: int | None
    names: frozenset[str]
    subject: str
    to_owner: bool


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Where the mail between the owner and one person stands.

    `letter` is the owner's last letter, None for none. `answer` is the last of their messages that answers it, None for
    no answer. `elsewhere` says that somebody else answered it, whom nobody knows. `bounced` says that the letter came
    back: nobody could answer it then. `waits` is their last message if the owner wrote nothing since, else None.
    """

    letter: Sent | None = None
    answer: Theirs | None = None
    elsewhere: bool = False
    bounced: bool = False
    waits: Theirs | None = None

    @property
    def unanswered(self) -> Sent | None:
        """Return the letter that has no answer, None if it has one or came back."""
        return None if self.answer or self.elsewhere or self.bounced else self.letter


def theirs(envelope: Envelope, owner: frozenset[str]) -> Theirs | None:
    """Return a received message as somebody's own words to the owner; None for what a machine or a list sent.

    It's None too for a crowd of ten or more, and for mail that was sent to others than the owner, unless it answers a
    message. Meetings and emoji are none.
    """
    if envelope.draft or envelope.unseen or envelope.reaction or envelope.imip or is_own(envelope):
        return None
    if is_automatic(envelope) or is_list_mail(envelope) or is_meeting_message(envelope):
        return None
    if envelope.content_type == "text/calendar" or len(recipients(envelope, frozenset())) >= BROADCAST:
        return None
    to_owner = any(one.address in owner for one in envelope.to)
    # To an address that isn't configured, or in Bcc: only an answer shows that it's meant for the owner.
    if not to_owner and not any(one.address in owner for one in envelope.cc) and not envelope.answers:
        return None
    at = int(envelope.sent_at.timestamp()) if envelope.sent_at else None
    names = frozenset(filter(None, (envelope.in_reply_to_id, *envelope.references)))
    return Theirs(envelope.message_id, at, names, envelope.subject, to_owner)


def correspondence(
    sent: Iterable[Sent], received: Iterable[Theirs], elsewhere: Container[str] = frozenset()
) -> Correspondence:
    """Return where the mail between the owner and one person stands, whatever order it was read in.

    `elsewhere` holds the ids of letters that somebody answered whom nobody knows.
    """
    all_sent = sorted((one for one in sent if one.at is not None), key=_when)
    # A clock may be wrong, but nobody answers a message that isn't written yet.
    times = {one.message_id: one.at or 0 for one in all_sent}
    dated = sorted(((_not_before(one, times), one) for one in received), key=lambda pair: (pair[0], pair[1].message_id))
    letter = next((one for one in reversed(all_sent) if one.is_letter or one.came_back), None)
    newest = dated[-1] if dated else None
    waits = newest[1] if newest and not any(_tells(one, *newest) for one in all_sent) else None
    if letter is None:
        return Correspondence(waits=waits)
    if letter.came_back:
        return Correspondence(letter, bounced=True, waits=waits)
    answers = [one for at, one in dated if _answers(one, at, letter)]
    answer = answers[-1] if answers else None
    return Correspondence(letter, answer, elsewhere=answer is None and letter.message_id in elsewhere, waits=waits)


def opens(letter: Sent, sent: Iterable[Sent], received: Iterable[Theirs], *, within: int) -> bool:
    """Return whether a letter begins something, and isn't the last word on a message of theirs.

    It's the last word if it answers a message that is gone, or one of theirs from at most `within` seconds before.
    """
    if not letter.answers or any(one.message_id == letter.answers for one in sent):
        return True
    answered = next((one for one in received if one.message_id == letter.answers), None)
    return answered is not None and (letter.at or 0) - (answered.at or 0) > within


def _when(one: Sent) -> tuple[int, str]:
    return (one.at or 0, one.message_id)


def _not_before(one: Theirs, times: dict[str, int]) -> int:
    """Return when it was written: not before what it answers."""
    return max([one.at or 0, *(times[name] + 1 for name in one.names if name in times)])


def _tells(one: Sent, at: int, theirs: Theirs) -> bool:
    """Return whether a message of the owner's leaves nobody waiting who wrote `theirs` at this instant.

    A mail to many isn't for them in particular, unless it answers theirs.
    """
    if one.verdict.word == "none" and not one.came_back:  # the owner did write, and the digest says that it came back
        return False
    return _when(one)[0] >= at and (one.verdict.reason not in _TO_MANY or theirs.message_id in one.names)


def _answers(one: Theirs, at: int, letter: Sent) -> bool:
    if letter.message_id in one.names:
        return True
    sent_at = letter.at or 0
    if at <= sent_at:
        return False
    # A program that lost the letter's id may still name another message of its thread.
    return at - sent_at <= ANSWERED_WITHIN or bool(letter.names & (one.names | {one.message_id}))
