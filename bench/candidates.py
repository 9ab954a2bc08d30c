"""Who would be offered? The first eight candidates of three invented mailboxes: `python -m bench.candidates`.

Prints each with its reason and its label, how many are worth keeping, how many guessed roles are right, and the CPU
seconds. Ends with 1 if fewer than six of eight are worth keeping. Beyond the goal, an owner's real mailbox is the test.
"""

from __future__ import annotations

import sys
import time

from assistant.core.language.phrases import Phrases
from assistant.rounds.digest.sections import reason
from assistant.store.database import Store
from tests.candidate_corpus import FIRST, GOAL, NAMES, fill, first, load, worth


def report(name: str) -> bool:
    """Print the first eight of one mailbox; return whether the goal is met."""
    world = load(name)
    with Store(None) as store:
        fill(store, world)
        began = time.process_time()
        found = first(store, world)
        took = time.process_time() - began
    good, wanted = worth(world, found), sum(one["worth"] for one in world.people)
    guessed = [(one.guess, world.label(one.address).get("role")) for one in found if one.guess]
    right = sum(guess == role for guess, role in guessed)
    print(f"\n{name}: {len(world.sent)} messages to {len(world.people)} people, {wanted} worth keeping, {took:.2f} s")
    for one in found:
        label = world.label(one.address)
        why = reason(one, world.me.company_domains, Phrases("en"))
        print(f"  {'+' if label['worth'] else '-'} {one.ranking.score:.2f} {one.name}: {why}")
        print(f"         {label['why']} ({label.get('role') or 'nobody'}; a guess: {one.guess or 'none'})")
    print(f"  worth keeping {good} of {FIRST}   goal {GOAL}   {'met' if good >= GOAL else 'MISSED'}", end="")
    print(f"   roles guessed right {right} of {len(guessed)}")
    return good >= GOAL


def main() -> int:
    met = [report(name) for name in NAMES]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
