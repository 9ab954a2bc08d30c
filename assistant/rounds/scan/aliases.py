"""Find addresses that are probably the owner's but not configured. Mail sent from them counts nothing until then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.core.digest.questions import OpenQuestion, alias_questions
from assistant.core.mail.envelope_facts import from_facts
from assistant.core.people.compare_names import same
from assistant.core.people.names import parse_name
from assistant.store import digests, facts, identities, messages
from assistant.store.judged_recipients import tally
from assistant.store.roster import load_roster

if TYPE_CHECKING:
    from datetime import datetime

    from assistant.config import Config
    from assistant.core.mail.address_list import Named
    from assistant.store.database import Store


def likely_aliases(store: Store, config: Config, now: datetime) -> list[OpenQuestion]:
    """Return a question for each address that looks like the owner's, unless the owner already answered it."""
    # The tally knows at once whether there is any such mail, so that nothing is searched for in vain.
    if not tally(store).get(("none", "not-owner")):
        return []
    letters: dict[str, int] = {}
    senders: dict[str, Named] = {}
    for told in messages.facts_of_strangers(store):
        for named in from_facts(told, now).sender:
            letters[named.address] = letters.get(named.address, 0) + 1
            senders[named.address] = named
    theirs = _correspondents(store, config, senders)
    total = int(facts.fact(store, "messages") or 0)
    found = alias_questions({one: count for one, count in letters.items() if one not in theirs}, total)
    return [question for question in found if digests.answer_to(store, question.key) is None]


def _correspondents(store: Store, config: Config, senders: dict[str, Named]) -> set[str]:
    """Return the senders who are somebody else: on the roster, or written to and with another name than the owner's."""
    # A folder may hold received mail too, and owners also write to their own addresses.
    own = parse_name(config.me.name)
    listed = {address for person in load_roster(store).people for address in person.addresses}
    written = identities.seen_among(store, senders)
    return listed | {one for one in written if not same(parse_name(senders[one].name), own)}
