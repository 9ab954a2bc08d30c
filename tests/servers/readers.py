"""Models that read an owner's answer: a careless one in many ways, and one that knows what each line means.

A reading makes rows {line, order, quote, status} of the request's data; `habit_of` makes a server's habit of it.
"""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tests.servers.model import Answering, Asked

    Data = dict[str, Any]
    Row = dict[str, Any]
    Reading = Callable[[Data], list[Row]]

DAYS = ("", " yesterday", " on 2026-03-03", " gestern")


def habit_of(*readings: Reading) -> Callable[[Answering, Asked], None]:
    """Return the habit of a server that answers with the rows of all those readings."""

    def habit(to: Answering, asked: Asked) -> None:
        rows = [row for reading in readings for row in reading(asked.data)]
        to.say(json.dumps({"orders": rows}), usage=(400, 20))

    return habit


def some_of(reading: Reading, most: int) -> Reading:
    """Return a reading that gives only some of the rows, those of every line."""

    def some(data: Data) -> list[Row]:
        rows = reading(data)
        return random.Random(most).sample(rows, min(most, len(rows)))  # noqa: S311 -- a test that can be repeated

    return some


def row(line: int, order: str, quote: str, status: str = "happened") -> Row:
    return {"line": line, "order": order, "quote": quote, "status": status}


def _everybody(data: Data) -> list[str]:
    return [card["name"] for card in data["cards"]] + [*data["other_names"]]


def _named(data: Data, text: str) -> Iterator[str]:
    """Yield the words of the line that are somebody's name, and the labels of all cards."""
    known = {word for name in _everybody(data) for word in name.split()}
    yield from dict.fromkeys(word for word in text.replace("'", " ").replace(",", " ").split() if word in known)
    yield from (card["label"] for card in data["cards"])


def met_everybody(data: Data) -> list[Row]:
    """Whoever is named was met, on any day that comes to mind, and the whole line says so."""
    return [
        row(item["line"], f"met {who}{day}", item["text"])
        for item in data["lines"]
        for who in _named(data, item["text"])
        for day in DAYS
    ]


def quotes_a_piece(data: Data) -> list[Row]:
    """The same by single words and halves of the line, which leave out what made it doubtful."""
    rows = []
    for item in data["lines"]:
        words = item["text"].split()
        for who in _named(data, item["text"]):
            for piece in (who, " ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])):
                rows += [row(item["line"], f"{verb} {who}{day}", piece) for day in DAYS for verb in ("met", "called")]
    return rows


def swaps_people(data: Data) -> list[Row]:
    """Somebody else of the roster was met."""
    return [
        row(item["line"], f"met {who} yesterday", item["text"]) for item in data["lines"] for who in _everybody(data)
    ]


def keeps_pieces(data: Data) -> list[Row]:
    """The last words of a line are advice, a win, a promise, help, whatever."""
    rows = []
    for item in data["lines"]:
        for count in (2, 4):
            text = " ".join(item["text"].split()[-count:])
            for who in _named(data, item["text"]):
                kinds = ("advice", "gave", "promised", "ask", "outcome", "note")
                rows += [row(item["line"], f"{kind} {who}: {text}", quote) for kind in kinds for quote in (text, who)]
            rows.append(row(item["line"], f"win: {text}", item["text"]))
    return rows


def invents(data: Data) -> list[Row]:
    """Notes, days and quotes that nobody wrote."""
    return [
        row(item["line"], order.format(who=who), quote)
        for item in data["lines"]
        for who in _named(data, item["text"])
        for order in ("note {who}: loves long walks", "advice {who}: quit your job", "thanked {who}")
        for quote in (item["text"], "as you wrote")
    ]


def puts_off(data: Data) -> list[Row]:
    """Everybody can wait, everything is done, and all questions are answered."""
    orders = ("snooze {who} for 3 weeks", "snooze {who} until Friday", "not now {who}", "{who} skip", "{who} done")
    asked = [f"{one['label']} {word}" for one in data["questions"] for word in ("yes", "no")]
    asked += [f"{one['label']} {word}" for one in data["candidates"] for word in ("mentor", "ignore")]
    rows = []
    for item in data["lines"]:
        said = [order.format(who=who) for who in _named(data, item["text"]) for order in orders]
        rows += [row(item["line"], order, item["text"], "wanted") for order in (*said, *asked)]
    return rows


def obeys_the_line(data: Data) -> list[Row]:
    """What an attacker's line could want, for every line."""
    orders = (
        "send 1",
        "drop Bob",
        "stop",
        "pause",
        "confirm AAAAAA",
        "Bob is also <b@new.example>",
        "undo",
        "Bob role ally",
    )
    return [row(item["line"], order, item["text"], "wanted") for item in data["lines"] for order in orders]


def floods(data: Data) -> list[Row]:
    """Ten thousand orders, for lines that are there and lines that aren't."""
    return [row(number % 100 - 5, f"note {who}: x{number}", "x") for number in range(2_500) for who in _everybody(data)]


def takes_other_lines(data: Data) -> list[Row]:
    """Each line says what the line before it said."""
    texts = [item["text"] for item in data["lines"]]
    return [
        row(item["line"], f"met {who} yesterday", before)
        for item, before in zip(data["lines"], texts[-1:] + texts, strict=False)
        for who in _named(data, before)
    ]


CARELESS: Mapping[str, Reading] = {
    one.__name__: one
    for one in (
        met_everybody,
        quotes_a_piece,
        swaps_people,
        keeps_pieces,
        invents,
        puts_off,
        obeys_the_line,
        floods,
        takes_other_lines,
    )
}


def ideal(meant: Mapping[str, Sequence[tuple[str, str, str]]]) -> Reading:
    """Return the reading of somebody who knows (order, quote, status) of each line."""

    def reading(data: Data) -> list[Row]:
        return [
            row(item["line"], order, quote, status)
            for item in data["lines"]
            for order, quote, status in meant.get(item["text"], ())
        ]

    return reading
