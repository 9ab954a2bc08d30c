"""Ask the mailbox, before anybody is told that a letter has no answer, whether somebody else gave one.

    letters without an answer ──> mailbox.answered_by_others ──> noted for `situations`

An assistant may answer for somebody, or they themselves from an address that isn't linked to them. The server only
searches, so nothing of that mail is read.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from assistant.core.digest.situation import TOO_LATE
from assistant.errors import UnreachableError
from assistant.rounds.digest.situations import mail_with
from assistant.rounds.scan.reading_start import owner_of
from assistant.store.correspondence import everybody_in, note_answered_elsewhere

if TYPE_CHECKING:
    from assistant.core.people.roster import Roster
    from assistant.rounds.context import Round


def note_other_answers(round_: Round, people: Roster) -> None:
    """Note which of the owner's last letters somebody else answered. Asks nothing if all have an answer.

    If the mailbox can't be asked now, all of them are noted.
    """
    config, store = round_.config, round_.store
    stands = (mail_with(config, store, round_.now, person) for person in people.active())
    open_letters = [one.letter for one in stands if one and one.letter and not (one.answer or one.bounced)]
    # Older ones are no second try. A day more, since that is counted in days of the owner's zone.
    oldest = round_.epoch - int(timedelta(days=TOO_LATE + 1).total_seconds())
    asked = {one.message_id: one.at for one in open_letters if one.at is not None and one.at >= oldest}
    found: frozenset[str] = frozenset()
    if asked:
        # Those who got the letter too answer for themselves.
        others = owner_of(store, config) | everybody_in(store, [*asked], round_.now)
        since = datetime.fromtimestamp(min(asked.values()), UTC)
        try:
            found = round_.mailbox.answered_by_others([*asked], others, since)
        except UnreachableError:
            # The digest goes out all the same, and says of none of them that it has no answer.
            found = frozenset(asked)
    note_answered_elsewhere(store, found)
