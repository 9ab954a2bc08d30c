"""Answers to a digest, built from programs x languages x ways of answering, with what must be read from each."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from html import escape
from itertools import product
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from tests.corpus import mail_programs as words
from tests.corpus.flattening import Rules, flatten, wrap
from tests.corpus.mail_programs import ADDRESS, HEADERS, NAME, OWNER, WROTE, Mail, Written

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
PROGRAMS: dict[str, dict[str, object]] = tomllib.loads((HERE / "programs.toml").read_text("utf-8"))
LANGUAGES: dict[str, dict[str, str]] = tomllib.loads((HERE / "languages.toml").read_text("utf-8"))
RULES = {
    "gmail": words.GMAIL,
    "outlook": words.OUTLOOK,
    "word": words.WORD,
    "apple": words.APPLE,
    "mozilla": words.MOZILLA,
    "plain": words.PLAIN,
    "links": Rules(links=" [URL]", bold="**"),
}
WAYS = ("top", "inside", "bottom", "mixed")
SIGNED = ("none", "none", "dashes", "close", "company", "disclaimer", "warning", "image")

# Under a card, a question, a candidate and the heading that asks what went well; then above or below everything.
CARD = ("done", "skip", "in two weeks", "talked", "met on Friday, talked promo", "erledigt", "hecho", "fait", "later")
QUESTION = ("yes", "no", "ja", "oui", "she moved, make her advisor", "no, that is somebody else")
CANDIDATE = ("mentor", "ignore", "ally", "none", "Mentor", "a colleague, no role")
WIN = ("the old queue is off, a month early", "search shipped to everyone", "got the budget")
FREE = (
    "1 done",
    "2 skip",
    "skip 3",
    "Q1 yes",
    "C1 mentor",
    "win: search shipped to everyone",
    "met Jane Roe on Tuesday, talked promo",
    "snooze 2 for a month",
    words.LONG,
    "pause 3 weeks",
    "add Kim Sol <kim@sol.example> as mentor",
    "1: done. 2 push to May",
    "ask Mina Okafor: who decides in the autumn",
    "Great coffee with Jane yesterday: she says go for staff, and will read the packet if it comes before the tenth.",
    "what did Jane say last time?",
)


@dataclass(frozen=True)
class Reply:
    """One answer as its program wrote it, and what the owner typed: (line, label of its place) in order."""

    program: str
    language: str
    way: str
    written: Written
    typed: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        return f"{self.program}-{self.language}-{self.way}"


@dataclass(frozen=True)
class Spot:
    """A place in our message: after which line of its text, at which offset of its HTML, and its label."""

    label: str
    line: int
    at: int


def spots(mail: Mail, win: str) -> dict[str, list[Spot]]:
    """Return, by label, places under the heading and at the end of each item of our message."""
    lines = mail.text.split("\n")
    heads = [index for index, line in enumerate(lines) if re.match(r"[QC]?\d+\. ", line) or _is_heading(line)]
    marks = [found.start() for found in re.finditer(r"<h[123]", mail.html)]
    found: dict[str, list[Spot]] = {}
    for index, following in zip(heads, [*heads[1:], len(lines)], strict=True):
        given = re.match(r"([QC]?\d+)\. ", lines[index])
        label = given[1] if given else "win" if lines[index] == win.upper() else ""
        opening = f'">{label}</span>' if given else f">{escape(win, quote=False)}</h2>"
        if not label or opening not in mail.html:
            continue
        start = mail.html.index(opening)
        end = min((mark for mark in marks if mark > start), default=len(mail.html))
        closes = [close.end() for close in re.finditer(r"</(?:p|h[123])>", mail.html[start:end])]
        paragraph = next(at for at in range(index, following + 1) if at + 1 == len(lines) or not _goes_on(lines, at))
        outside = (at for at in range(paragraph + 1, following) if lines[at][:1].strip())
        last = max(at for at in range(index, next(outside, following)) if lines[at].strip())
        if label == "win":
            found[label] = [Spot(label, index, start + closes[0])]
            continue
        found[label] = [Spot(label, paragraph, start + closes[0]), Spot(label, last, start + closes[-1])]
    return found


def _is_heading(line: str) -> bool:
    return line.upper() == line and bool(re.match(r"[^\W\d_]{3}|\d* ?[^\W\d_]{4}", line))


def _goes_on(lines: list[str], at: int) -> bool:
    """Whether the heading of an item, which has no indent, is wrapped into the next line."""
    return bool(lines[at + 1].strip()) and not lines[at + 1].startswith(" ")


@cache
def _spots_of(text: str, html: str, win: str) -> dict[str, list[Spot]]:
    return spots(Mail("", "", text, html), win)


def chance(*names: str) -> Random:
    return Random(sha256("/".join(names).encode()).digest())  # noqa: S311 -- no secret, the same in every run


def half_of(program: str, language: str, way: str) -> int:
    """Return 0 for the half the rules were written with, 1 for the half kept shut until the end."""
    return sha256(f"half/{program}/{language}/{way}".encode()).digest()[0] % 2


def replies(mail: Mail, win: str, half: int, one_in: int = 1) -> Iterator[Reply]:
    """Yield the answers of one half, or one in so many of them."""
    names = [given for given in product(PROGRAMS, LANGUAGES, WAYS) if half_of(*given) == half]
    for number, (program, language, way) in enumerate(names):
        if number % one_in == 0:
            yield reply(mail, win, program, language, way)


def reply(mail: Mail, win: str, program: str, language: str, way: str) -> Reply:
    """Return one answer: what is typed and what stands around it hang on the three names alone."""
    dice = chance(program, language, way)
    free = [(line, "") for line in dice.sample((*FREE, LANGUAGES[language]["sentence"]), 3)]
    top = free[: dice.choice((1, 2))] if way in {"top", "mixed"} else []
    bottom = free[2:] if way in {"bottom", "mixed"} else []
    inside: list[tuple[Spot, str]] = []
    if way in {"inside", "mixed"}:
        given = _spots_of(mail.text, mail.html, win)
        for label in sorted(dice.sample(sorted(given), min(3, len(given))), key=lambda name: given[name][0].line):
            pool = {"Q": QUESTION, "C": CANDIDATE, "w": WIN}.get(label[0], CARD)
            inside.append((dice.choice(given[label]), dice.choice(pool)))
    written = _Page(mail, program, language, dice).written([line for line, _ in top], inside, [x for x, _ in bottom])
    typed = (*top, *((line, spot.label) for spot, line in inside), *bottom)
    return Reply(program, language, way, written, typed)


class _Page:
    """One program's page in one language."""

    def __init__(self, mail: Mail, program: str, language: str, dice: Random) -> None:
        self.mail, self.language, self.dice = mail, language, dice
        self.has = PROGRAMS[program]
        self.said = LANGUAGES[language]
        self.mark = str(self.has.get("mark", "> "))
        self.signed = dice.choice(SIGNED)

    def written(self, top: list[str], inside: list[tuple[Spot, str]], bottom: list[str]) -> Written:
        self.inside = inside
        parts = self.has.get("parts", "both")
        above, end = self._around(bool(bottom) and not top)
        intro = self._intro()
        html = "" if parts == "text" else self._html([*top], above, intro, [*bottom], end)
        quote = self._quote("html" if html else "text")
        shown = [part for line in intro for part in wrap(line, int(str(self.has.get("width", 0))))]
        if self.has.get("quoted_intro"):
            shown = [(self.mark + line).rstrip() for line in (*intro, "")]
        blocks = [top, above, [*shown, *quote], bottom, end]
        text = "\n\n".join("\n".join(block) for block in blocks if block) + "\n"
        if self.has.get("flowed"):
            text = self._flowed(text, (*top, *bottom))
        encoding = str(self.has.get("encoding", "quoted-printable"))
        return Written("" if parts == "html" else text, html, flowed=bool(self.has.get("flowed")), encoding=encoding)

    def _around(self, below: bool) -> tuple[list[str], list[str]]:  # noqa: FBT001
        """Return what the program and its owner put under the answer, and at the very end."""
        company = ["Priya Raman", "Staff Engineer", "Company AG, Limmatquai 1, 8001 Zürich", "T +41 44 000 00 00"]
        signature = {
            "dashes": ["-- ", "Priya Raman", "Staff Engineer, Company AG"],
            "close": [self.said["close"], "Priya"],
            "company": [self.said["close"], "", *company, "www.company.example"],
            "image": [self.said["close"], *company[:2], "[cid:image001.png@01DA0000.00000000]"],
        }.get(self.signed, [])
        trailer = str(self.has.get("trailer", ""))
        trailer = self.said["phone"] if trailer == "iphone" else trailer
        trailer = self.said["app"].format(trailer[4:]) if trailer.startswith("app ") else trailer
        end = [self.said["disclaimer"]] if self.signed == "disclaimer" else []
        end += [str(line) for line in self.has.get("signature_end", [])]  # type: ignore[attr-defined]
        lines = [*([trailer, ""] if trailer and signature else [trailer] if trailer else []), *signature]
        return ([], lines + end) if below or self.has.get("trailer_end") else (lines, end)

    def _warn(self) -> list[str]:
        """Return what a gateway put on top of our message, so that the program quoted it with ours."""
        return [self.said["warning"]] if self.signed == "warning" else []

    def _intro(self) -> list[str]:
        form = str(self.has.get("date", "EEEE, d MMMM y HH:mm"))
        who = str(self.has.get("who", "{name} <{address}>")).format(name=NAME, address=ADDRESS)
        date = words.date(self.language, form)
        labels = HEADERS[self.language]
        values = (who, date, OWNER, self.mail.subject)
        pairs = list(zip(labels, values, strict=True))
        blocks = {
            "{header}": [f"{label}: {value}" for label, value in pairs],
            "{sent-first}": [f"{label}: {value}" for label, value in (pairs[1], pairs[0], *pairs[2:])],
            "{plain-header}": [f"{label} {value}" for label, value in (pairs[0], pairs[2], pairs[1], pairs[3])],
            "{tabbed}": [f"{label}:\t{value}" for label, value in (pairs[0], pairs[2], pairs[1], pairs[3])],
            "{semicolons}": [f'{labels[0]}: "{NAME}"<{ADDRESS}>;', *(f"{x}: {y};" for x, y in pairs[1:])],
            "{short-header}": [f"\t{labels[2]}:\t{OWNER}", "\tcc:\t", f"\t{labels[3]}:\t{self.mail.subject}"],
            "{naver}": [
                f'{labels[0]}: "{NAME}"<{ADDRESS}>',
                f"{labels[2]}: <{ADDRESS}>; ",
                "Cc: ",
                *(f"{label}: {value}" for label, value in (pairs[1], pairs[3])),
            ],
        }
        fill = {
            "wrote": WROTE[self.language].format(date=date, who=who),
            "date": date,
            "who": who,
            "name": NAME,
            "address": ADDRESS,
            "original": self.said["original"],
            "quoting": self.said["quoting"].format(who=who),
            "from-word": HEADERS[self.language][0].lower(),
        }
        given: list[str] = self.has.get("intro", ["{wrote}"])  # type: ignore[assignment]
        lines = [line for one in given for line in (blocks[one] if one in blocks else [one.format(**fill)])]
        cut = f"{date}\n" if self.has.get("cut_intro") else date
        return [part.strip() for line in lines for part in line.replace(date, cut).split("\n")]

    def _quote(self, kind: str) -> list[str]:
        """Return the quoted lines of the text part with the owner's between them."""
        if kind == "html":
            page = self._ours("<div>{}</div>")
            text = flatten(page, RULES[str(self.has["rules"])]) if "rules" in self.has else ""
        else:
            lines = self.mail.text.split("\n")
            for number in reversed(range(len(self.inside))):
                lines.insert(self.inside[number][0].line + 1, f"\ue000{number}\ue001")
            text = "\n".join([*self._warn(), *lines])
        out: list[str] = []
        for line in text.split("\n"):
            place = re.fullmatch(r"\s*\ue000(\d+)\ue001\s*", line)
            if place:
                own = self.inside[int(place[1])][1]
                # In the HTML editors the answer stays inside the quote; in a text editor it stands alone.
                out += [self.mark + own] if kind == "html" and self.mark.strip() else ["", own, ""]
                continue
            width = int(str(self.has.get("width", 0)))
            out += [(self.mark + part).rstrip() for part in wrap(line, width)]
        return out

    def _ours(self, block: str) -> str:
        page = self.mail.html
        for number in reversed(range(len(self.inside))):
            at = self.inside[number][0].at
            page = page[:at] + block.format(f"\ue000{number}\ue001") + page[at:]
        return _lines(self._warn(), "<table><tr><td><p>{}</p></td></tr></table>") + words.body_of(page)

    def _html(self, top: list[str], above: list[str], intro: list[str], bottom: list[str], end: list[str]) -> str:
        block = str(self.has.get("line", "<div>{}</div>"))
        page = self._ours(block)
        for number, (_, line) in enumerate(self.inside):
            page = page.replace(f"\ue000{number}\ue001", escape(line, quote=False))
        labels = "|".join(map(re.escape, HEADERS[self.language]))
        shown = [re.sub(rf"^((?:{labels}):)", r"<b>\1</b>", escape(line, quote=False)) for line in intro if line]
        return str(self.has["html"]).format(
            own=_lines([*top, *([""] if above else []), *above], block),
            intro="<br>".join(shown),
            quote=page,
            below=_lines([*bottom, *([""] if end else []), *end], block),
        )

    def _flowed(self, text: str, own: tuple[str, ...]) -> str:
        """Return text as format=flowed has it: a blank at the end says that the line goes on."""
        out: list[str] = []
        for line in text.split("\n"):
            parts = wrap(line, 72) if line in own else [line]
            out += [part + " " for part in parts[:-1]] + [parts[-1] if line == "-- " else parts[-1].rstrip()]
        return "\n".join(out)


def _lines(lines: list[str], block: str) -> str:
    return "".join(block.format(escape(line, quote=False) or "<br>") for line in lines)


def message(answer: Reply, mail: Mail) -> bytes:
    """Return the bytes of an answer; one that is only HTML has no text part."""
    if answer.written.text:
        return words.message(answer.written, mail)
    page = replace(answer.written, text=answer.written.html, html="")
    raw = words.message(page, mail)
    return raw.replace(b"Content-Type: text/plain", b"Content-Type: text/html", 1)
