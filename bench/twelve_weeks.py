"""Twelve Mondays of the demo: `python -m bench.twelve_weeks` counts what no draft may have (docs/writer.md).

After each digest the owner writes to the first three people, so that others come up the next week.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.config import load_config
from assistant.core.digest.week import current
from assistant.core.language.detect import detect
from assistant.demo.run import MOMENT, run_demo
from assistant.owner import Owner
from assistant.rounds.delivery.outbox import deliver
from assistant.rounds.digest import build
from assistant.rounds.digest.dossier import gather
from assistant.rounds.digest.roster_status import views
from assistant.store.database import Store
from assistant.writer.offline.phrase_tables import LANGUAGES

if TYPE_CHECKING:
    from datetime import datetime

    from assistant.core.digest.model import DueItem
    from assistant.core.evidence.dossier import Dossier

WEEKS = 12
WRITTEN_TO = 3


def week(owner: Owner, now: datetime, found: Counter[str], last: dict[str, set[str]]) -> None:
    """Build one digest, count its faults, and write to the first people in it."""
    with owner.opened() as mailbox:
        round_ = owner.round(mailbox, now)
        standing = {view.standing.person.handle: view for view in views(owner.config, owner.store, now)}
        built = build.build(round_, current(now, round_.slot))
        dossiers = {item.handle: gather(round_, standing[item.handle], "") for item in built.digest.due}
        deliver(round_.way, round_.now)
    said: Counter[str] = Counter()
    for item in built.digest.due:
        middle = {s.text for s in item.words.sentences if s.kind not in {"greeting", "close"}}
        found.update(faults(item, dossiers[item.handle]))
        found["sentences said to the same person twice running"] += len(middle & last.get(item.handle, set()))
        last[item.handle] = middle
        said.update(middle)
    found["sentences shared by two drafts of a week"] += sum(count > 1 for count in said.values())
    owner.say([f"emailed {item.handle}" for item in built.digest.due[:WRITTEN_TO]], now + timedelta(hours=1))


def faults(item: DueItem, dossier: Dossier) -> Counter[str]:
    """Return what is wrong with one draft."""
    words, found = item.words, Counter({"people": 1})
    if not words.sentences:
        found["people without a draft, in another language"] += dossier.language not in LANGUAGES
        found["drafts missing"] += dossier.language in LANGUAGES
        return found
    by_kind = {sentence.kind: sentence.text for sentence in words.sentences}
    language = detect(words.body)
    found["drafts"] += 1
    found["drafts without a request"] += "ask" not in by_kind
    found["drafts in another language than the letters"] += language is not None and language != dossier.language
    found["wrong greetings"] += dossier.greeting is not None and by_kind.get("greeting") != dossier.greeting
    found["wrong sign-offs"] += dossier.sign_off is not None and by_kind.get("close") != dossier.sign_off
    found["drafts that pick up an open loop"] += any(
        loop.number in sentence.evidence for loop in dossier.loops for sentence in words.sentences
    )
    found["people with an open loop"] += bool(dossier.loops)
    found["sentences dropped by the checks"] += len(words.dropped)
    return found


def main() -> None:
    """Run the demo in a folder of its own, then its next Mondays."""
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        world = run_demo(Path(folder)).world
        home = Path(folder) / "data"
        with Store(home) as store:
            owner = Owner(load_config(world.config), home, store)
            last: dict[str, set[str]] = {}
            for number in range(1, WEEKS + 1):
                week(owner, MOMENT + timedelta(weeks=number), found, last)
    for name, count in found.items():
        sys.stdout.write(f"{count:5}  {name}\n")


if __name__ == "__main__":
    main()
