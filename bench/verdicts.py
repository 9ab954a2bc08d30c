"""How right are verdicts and links? The confusion tables of the two labelled sets (tests/corpus).

    .venv/bin/python -m bench.verdicts

Prints, for the sent messages, what each verdict should have been against what it was; for the aliases, the lanes
against the truth; then the goals with what was reached. Ends with 1 if one is missed.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from time import perf_counter

from assistant.core.contact.calendar import read_invitations
from assistant.core.mail.envelope import parse_envelope
from tests.corpus import aliases, pairs, verdicts
from tests.scanning import BERLIN, NOW

WORDS = ("full", "soft", "none")
MUTATIONS = 10_000
CALENDARS = 2_000


def messages() -> tuple[float, int]:
    """Print the table of the messages; return the share of verdicts right and how many `full` should be `none`."""
    table: Counter[tuple[str, str]] = Counter()
    right = total = 0
    for mailbox in verdicts.load():
        missing, extra = verdicts.compared(mailbox, verdicts.judged(mailbox))
        wanted = verdicts.expected(mailbox)
        total += len(wanted)
        right += len(wanted) - len(missing)
        wrong = {row[:3]: row[3] for row in extra}
        for row in wanted:
            table[row[3], row[3] if row not in missing else wrong.pop(row[:3], "no row")] += 1
        for word in wrong.values():
            table["no row", word] += 1
    columns = (*WORDS, "no row")
    print(f"Sent messages: {total} labelled rows\n{'should be':>12} | " + " ".join(f"{one:>7}" for one in columns))
    for word in columns:
        print(f"{word:>12} | " + " ".join(f"{table[word, one]:>7}" for one in columns))
    return right / total, table["none", "full"] + table["no row", "full"]


def people() -> aliases.Score:
    """Print the table of the aliases and return the score."""
    found = aliases.load()
    made = aliases.decisions(found)
    table: Counter[tuple[str, str]] = Counter()
    for alias in found:
        one = made[alias.address]
        theirs = "theirs" if alias.owner >= 0 else "nobody's"
        hit = f"p{alias.owner}" in one.candidates
        table[theirs, one.lane if hit or one.lane == "none" or alias.owner < 0 else f"{one.lane}, wrong"] += 1
    columns = ("auto", "auto, wrong", "ask", "ask, wrong", "none")
    print(f"\nAliases: {len(found)}\n{'really':>12} | " + " ".join(f"{one:>11}" for one in columns))
    for truth in ("theirs", "nobody's"):
        print(f"{truth:>12} | " + " ".join(f"{table[truth, one]:>11}" for one in columns))
    reasons = Counter((one.lane, one.reason) for one in made.values() if one.lane != "none")
    print("   " + ", ".join(f"{lane} {reason} {number}" for (lane, reason), number in reasons.most_common()))
    return aliases.score(found)


def judged_pairs() -> float:
    """Return the share of the labelled pairs that get their lane; print those that do not."""
    found = [(pair, pairs.decision(pair)) for file in pairs.FILES for pair in pairs.load(file)]
    wrong = [(pair, made.lane) for pair, made in found if not pairs.is_right(pair, made)]
    for pair, lane in wrong:
        print(f"{pair.address} ({pair.name}) should be {pair.lane}, is {lane}")
    return 1 - len(wrong) / len(found)


def fuzz() -> int:
    """Return how many of many mutated headers and calendars raised."""
    dice = random.Random(7)  # noqa: S311 - a game, no secret
    mailboxes = [one for mailbox in verdicts.load() for group in verdicts.headers(mailbox).values() for one in group]
    texts = [text.encode() for one in mailboxes for text in one.calendar]
    raised = 0
    for count, sources in ((MUTATIONS, [one.header for one in mailboxes]), (CALENDARS, texts)):
        for _ in range(count):
            data = bytearray(dice.choice(sources))
            for _ in range(dice.randint(1, 8)):
                at = dice.randrange(len(data) + 1)
                data[at : at + dice.randint(0, 5)] = dice.choice(
                    (b"<", b'"', b"\r\n ", b"\xff", b";", b":", b"=?", b"\x00", b"\n")
                )
            try:
                if count == MUTATIONS:
                    parse_envelope(bytes(data), flags=(), internaldate=None, size=1, now=NOW)
                else:
                    read_invitations(bytes(data).decode("utf-8", "replace"), method="", zone=BERLIN)
            except Exception as error:  # noqa: BLE001 - to be counted
                print("raised:", repr(error), bytes(data))
                raised += 1
    return raised


def main() -> int:
    began = perf_counter()
    right, false_full = messages()
    score = people()
    known = judged_pairs()
    raised = fuzz()
    goals = [
        ("verdicts right", right, ">= 0.995", right >= 0.995),
        ("`full` that should be `none`", false_full, "= 0", false_full == 0),
        ("automatic links right", score.right / score.auto, ">= 0.99", score.right / score.auto >= 0.99),
        ("automatic links found", score.found / score.theirs, ">= 0.60", score.found / score.theirs >= 0.60),
        (
            "found or asked",
            (score.found + score.asked) / score.theirs,
            ">= 0.90",
            (score.found + score.asked) / score.theirs >= 0.9,
        ),
        ("impostors, look-alikes, relays", known, ">= 0.99", known >= 0.99),
        ("exceptions on mutated input", raised, "= 0", raised == 0),
    ]
    print()
    for name, value, goal, met in goals:
        print(f"{name:<32} {value:>8.4g}  goal {goal:<8} {'met' if met else 'MISSED'}")
    print(f"({perf_counter() - began:.1f} s)")
    return 0 if all(met for *_, met in goals) else 1


if __name__ == "__main__":
    sys.exit(main())
