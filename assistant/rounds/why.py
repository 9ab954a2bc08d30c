"""Why somebody came up: what their last card was made from, and the contact it counts from (`why WHO`)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from assistant.core.language.phrases import Phrases
from assistant.rounds.digest.roster_status import views
from assistant.store import digests

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from assistant.config import Config
    from assistant.core.digest.model import LastContact
    from assistant.rounds.digest.roster_status import View
    from assistant.store.database import Store


def why(config: Config, store: Store, now: datetime, handle: str) -> tuple[str, ...]:
    """Return the reasons for somebody's card as lines of text. Raises StopIteration for nobody of the roster."""
    t = Phrases(config.digest.language)
    view = next(view for view in views(config, store, now) if view.standing.person.handle == handle)
    return (*_standing(view, t), *_made(store, handle, t))


def _standing(view: View, t: Phrases) -> Iterator[str]:
    stands = view.standing
    plan = view.rhythm(t.language) or t.every(stands.cadence_days)
    yield t("why.plan", plan=plan, day=t.day(stands.due_on)) if stands.due_on else t("why.no-plan", plan=plan)
    if view.last:
        yield _contact("why.counts", view.last, t)
    if view.last_soft:
        yield _contact("why.since", view.last_soft, t)


def _contact(key: str, last: LastContact, t: Phrases) -> str:
    said = t(key, day=t.day(last.on), reason=t.reason(last.reason, last.source))
    about = f", {t.quote(last.subject)}" if last.subject else ""
    return said + about + (f" [{last.short}]" if last.short else "")


def _made(store: Store, handle: str, t: Phrases) -> Iterator[str]:
    """Yield what the last card's draft and brief rest on, and who worded it; nothing for somebody without a card."""
    card = digests.last_card(store, handle)
    if card is None:
        return
    payload, words = card
    # A digest that was found again after a restore has lost its sources.
    if payload.get("made_from"):
        yield t("why.made", sources=t.listed(payload["made_from"]))
    written = json.loads(words)
    if written["writer"] == "model" and written["model"]:
        yield t("why.model", model=written["model"])
    if written["dropped"] and (written["writer"] == "model" or written["remark"]):
        yield t("why.dropped", len(written["dropped"]))
