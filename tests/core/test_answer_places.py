"""Under which card, question or candidate the owner wrote a line."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import pytest

from assistant.core.mail.mime import Content, content_of
from assistant.core.replies.grammar.cleaning import clean, is_noise
from assistant.core.replies.trim import Parent, names_of, trim
from assistant.render.digest import digest_subject, render_digest
from tests.corpus.mail_programs import ADDRESS, NAME, Mail
from tests.corpus.wrapped.build import Reply, chance, message, replies
from tests.gallery import digests

if TYPE_CHECKING:
    from random import Random

FUZZ = 150
WINS = {"five": "What went well last week?", "ordinary": "What went well last week?"}


@cache
def mail_of(state: str) -> Mail:
    digest = digests()[state]
    rendered = render_digest(digest)
    return Mail(f"{'a' * 26}.digest@example.com", digest_subject(digest), rendered.text, rendered.html)


def parent_of(state: str) -> Parent:
    mail = mail_of(state)
    return Parent(mail.text, mail.html, "digest", names_of((ADDRESS,), NAME, mail.subject), ("Priya Raman",))


def placed(text: str, state: str = "five") -> dict[str, str]:
    trimmed = trim(Content(text), parent_of(state))
    return dict(zip(trimmed.lines, trimmed.places, strict=True))


def read(reply: Reply, state: str) -> tuple[list[tuple[str, str]], tuple[str, ...]]:
    """Return lines and places, without greetings and closes, which the grammar passes over; and the doubtful lines."""
    trimmed = trim(content_of(message(reply, mail_of(state))), parent_of(state))
    both = zip(trimmed.lines, trimmed.places, strict=True)
    # Where the owner typed "yes" right above our "Yes", nobody can tell which is whose.
    return [(line.casefold(), place) for line, place in both if not is_noise(clean(line))], trimmed.doubtful


@pytest.mark.parametrize("half", [0, 1])
def test_answers_of_every_program_are_read_exactly(half: int) -> None:
    exact = stray = lost = total = 0
    for reply in replies(mail_of("five"), WINS["five"], half, one_in=17):
        lines, doubtful = read(reply, "five")
        typed = [(line.casefold(), place) for line, place in reply.typed]
        told = Counter([line for line, _ in lines] + [line.casefold() for line in doubtful])
        assert not any(place and (line, place) not in typed for line, place in lines), reply.name
        total += 1
        exact += lines == typed
        stray += any(line not in dict(typed) for line, _ in lines)
        lost += any(count > told[line] for line, count in Counter(line for line, _ in typed).items())
    assert lost == 0
    assert exact >= 0.99 * total
    assert stray <= 0.01 * total


def test_a_line_below_the_only_card_that_is_quoted_is_about_it() -> None:
    text = mail_of("five").text
    card = text[text.index("2. Bob Li") : text.index("3. Mina")]
    quote = "".join(f"> {line}\n" for line in card.rstrip().split("\n"))
    assert placed(f"status\n\n{quote}\ndone\n") == {"status": "", "done": "2"}
    assert placed(quote.replace("2. Bob Li, Advisor", "") + "\ndone\n") == {"done": ""}
    top = "".join(f"> {line}\n" for line in text[: text.index("3. Mina")].rstrip().split("\n"))
    assert placed(f"{top}\ndone\n") == {"done": ""}
    assert placed(top.replace("> 2. Bob", "skip\n> 2. Bob") + "\ndone\n")["done"] == ""
    assert placed(top.replace(">    4 months", "skip\n>    4 months") + "\ndone\n") == {"skip": "2", "done": "2"}


def test_a_line_under_the_heading_of_the_wins_is_one() -> None:
    quote = "".join(f"> {line}\n" for line in mail_of("five").text.rstrip().split("\n"))
    heading, asked = "> WHAT WENT WELL LAST WEEK?\n", "> Tell me in a line that starts with “win:”.\n"
    assert placed(quote.replace(heading, f"{heading}shipped search\n")) == {"shipped search": "win"}
    assert placed(quote.replace(asked, f"{asked}shipped search\n")) == {"shipped search": "win"}
    assert placed(f"{quote}shipped search\n") == {"shipped search": ""}
    assert placed(quote.replace("> EVERYONE\n", "> EVERYONE\nfine\n")) == {"fine": ""}


def test_headings_quoted_alone_are_enough() -> None:
    assert placed("> 1. Jane Roe, Mentor\ndone\n> 2. Bob Li, Advisor\nskip\n> 3. Mina Okafor, Advocate\nlater\n") == {
        "done": "1",
        "skip": "2",
        "later": "3",
    }


def test_contradicting_labels_say_nothing() -> None:
    text = "1. Jane Roe, Mentor\n   five weeks quiet, and three is the plan\n\nEVERYONE\n\nJane: due\n"
    quote = "> 1. Jane Roe, Mentor\ndone\n>    five weeks quiet, and three is the plan\n>\n> EVERYONE\n>\n> Jane: due\n"
    assert trim(Content(quote), Parent(text)).places == ("1",)
    assert trim(Content(quote), Parent(f"{text}\n1. Bob Li, Ally\n\nEND\n")).places == ("",)
    card, rest = text.partition("\nEVERYONE")[0], quote.partition(">\n")[0]
    assert trim(Content(rest), Parent(text)).places == ("1",)
    assert trim(Content(rest), Parent(card)).places == ("",)  # where it ends, nobody knows


def test_html_without_the_card_says_nothing() -> None:
    text = "1. Jane Roe, Mentor\n   five weeks quiet\n\nEVERYONE\n"
    page = "<p>Jane Roe is somebody who was quiet for weeks</p><p>and so on, in other words than the text</p>"
    quote = "> Jane Roe is somebody who was quiet for weeks\ndone\n> and so on, in other words than the text\n"
    trimmed = trim(Content(quote), Parent(text, page))
    assert (trimmed.lines, trimmed.places) == (("done",), ("",))


def labelled(text: str) -> list[tuple[str, str]]:
    """Return each line of our text with its label, by its shape alone."""
    label, out = "", []
    for line in text.split("\n"):
        item = re.match(r"([QC]?\d+)\. ", line)
        label = item[1] if item else "" if line[:1].strip() and line.isupper() else label
        out.append((line, label))
    return out


@cache
def distinct(state: str) -> str:
    """Return our text with other words in each paragraph: the drafts of the gallery are all the same."""
    lines = mail_of(state).text.split("\n")
    return "\n".join(f"{line} w{number * 7919}" if line.startswith("  ") else line for number, line in enumerate(lines))


def cut(text: str, dice: Random) -> tuple[list[str], str]:
    """Return our text as somebody quotes and cuts it, with "done" typed in it, and the label of that place."""
    lines = labelled(text)
    at = dice.choice([index for index, (line, label) in enumerate(lines) if label and line.strip()])
    mark, width = dice.choice(("> ", "", "| ")), dice.choice((30, 50, 72, 200))
    share = dice.choice((0, 0, 0.1, 0.5, 0.9))
    out: list[str] = []
    for index, (line, _) in enumerate(lines):
        if index == at or dice.random() >= share:
            out += [mark + part for part in textwrap.wrap(line, width) or [""]]
        if index == at:
            out += dice.choice((["done"], ["", "done", ""], [mark + "done"]))
    return out, lines[at][1]


@pytest.mark.parametrize("state", ["five", "ordinary"])
def test_no_line_gets_a_place_it_does_not_stand_in(state: str) -> None:
    dice = chance("cut", state)
    found: Counter[bool] = Counter()
    for _ in range(FUZZ):
        lines, label = cut(distinct(state), dice)
        trimmed = trim(Content("\n".join(lines)), Parent(distinct(state)))
        place = dict(zip(trimmed.lines, trimmed.places, strict=True)).get("done", "")
        assert place in {"", label}, lines
        found[bool(place)] += 1
    assert found[True] > found[False]
