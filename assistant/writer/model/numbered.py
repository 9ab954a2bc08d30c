"""The numbered sentences of one answer, and what becomes of each: filed, checked, verified, repaired or dropped.

    answer -> filed -> hard checks -> verdicts (or none: loud ones are marked) -> repaired once -> words

Pure: what is asked of the model in between is the business of `person`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from assistant.core.evidence.courtesy import needs_verdict
from assistant.core.evidence.dossier import FOR_THE_OWNER, Evidence, Sentence
from assistant.core.evidence.hard_checks import check
from assistant.core.evidence.novelty import loud
from assistant.core.language.detect import detect
from assistant.core.language.fold import fold_text
from assistant.core.language.lexicon import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.core.evidence.dossier import Dossier
    from assistant.writer.model.schema import AnswerIn, RepairedIn, RepairIn, VerdictIn

UNSUPPORTED: Final = "unsupported"
"""The verifier found it in no evidence."""
UNQUOTED: Final = "unquoted"
"""The verifier called it supported, by a quote that does not stand in the evidence it named."""
PRESUMES: Final = "presumes"
"""The verifier called it courtesy, but it takes something for granted that the evidence does not know."""
REPEATED: Final = "repeated"
"""It stands there already; nothing need take its place."""
_SHORTEST_QUOTE: Final = 4
"""Letters and digits a quote must have to prove anything."""
_OWNERS: Final = frozenset({"greeting", "close"})
_WISHES: Final = frozenset({"ask", "why", "warmth", "subject"})
_WORDED_BY_CODE: Final = frozenset({"roster", "contact", "computed"})


@dataclass(frozen=True, slots=True)
class Item:
    """One numbered sentence: the subject, a sentence of the draft, or a line of the brief.

    `why` names the check it failed, None for none. `settled` says that no verdict is needed any more.
    """

    number: int
    part: Literal["subject", "draft", "brief"]
    sentence: Sentence
    why: str | None = None
    settled: bool = False

    @property
    def open(self) -> bool:
        """Return whether a verdict is wanted."""
        return self.why is None and not self.settled

    def as_data(self) -> dict[str, Any]:
        """Return it as the model is shown it."""
        return {"sentence": self.number, "part": self.part, "text": self.sentence.text}


def filed(answer: AnswerIn, dossier: Dossier, *, greeted: bool) -> tuple[Item, ...]:
    """Return the sentences of an answer under the kinds that fit them, checked as far as code can.

    Greeting and sign-off are left out, since code adds them; `greeted` False says that it knows no greeting to add.
    """
    rows = [
        Sentence(row.kind, row.text.strip(), tuple(row.evidence), row.quote)
        for row in answer.sentences
        if row.kind not in _OWNERS or (row.kind == "greeting" and not greeted)
    ]
    rows = _with_request(rows)
    asked = next((index for index, row in enumerate(rows) if row.kind == "ask"), len(rows))
    found = [_filed(row, dossier, "draft", after=index > asked) for index, row in enumerate(rows)]
    lines = [Sentence(row.heading, row.text.strip(), tuple(row.evidence), row.quote) for row in answer.brief]
    found += [_filed(line, dossier, "brief") for line in lines]
    found.append(_filed(Sentence("subject", answer.subject.strip()), dossier, "subject"))
    return tuple(replace(item, number=number) for number, item in enumerate(_once(found), start=1))


def _once(items: Iterable[Item]) -> Iterable[Item]:
    """Return the items, each that says again what its part said before marked so: small models go round in circles."""
    said: set[tuple[str, str]] = set()
    for item in items:
        place = (item.part, fold_text(item.sentence.text))
        yield replace(item, why=REPEATED) if place in said and item.why is None else item
        said.add(place)


def _with_request(rows: list[Sentence]) -> list[Sentence]:
    """Return the rows with a request among them: where the model filed none as such, its last question is one."""
    if any(row.kind == "ask" for row in rows):
        return rows
    questions = [index for index, row in enumerate(rows) if row.text.rstrip(" \"'”“»").endswith(("?", "？"))]
    return [replace(row, kind="ask") if index in questions[-1:] else row for index, row in enumerate(rows)]


def _filed(
    sentence: Sentence, dossier: Dossier, part: Literal["subject", "draft", "brief"], *, after: bool = False
) -> Item:
    """Return the sentence as an item; what is plain courtesy rests on nothing, wherever the model filed it."""
    if part == "draft" and sentence.kind != "greeting":
        wish = replace(sentence, kind="ask" if sentence.kind == "ask" else "warmth", evidence=(), quote="")
        if not needs_verdict(wish, dossier):
            # Before the request it belongs to what is said, after it to the request (see Words.body).
            kind = wish.kind if wish.kind == "ask" or after else "why"
            return _checked(Item(0, part, replace(wish, kind=kind), settled=True), dossier)
        if sentence.kind == "warmth" and not after:
            sentence = replace(sentence, kind="why")
    sentence = _resting(sentence, dossier)
    settled = not needs_verdict(sentence, dossier) or (part == "subject" and _is_their_subject(sentence.text, dossier))
    return _checked(Item(0, part, sentence, settled=settled), dossier)


def _resting(sentence: Sentence, dossier: Dossier) -> Sentence:
    """Return the sentence citing the piece its quote stands in, where the model named a wrong one or none."""
    known = {item.number: item for item in dossier.evidence}
    cited = tuple(dict.fromkeys(number for number in sentence.evidence if number in known))
    if sentence.quote and not any(holds(known[number], sentence.quote) for number in cited):
        found = next((item.number for item in dossier.evidence if holds(item, sentence.quote)), None)
        cited = (*cited, found) if found else cited
    return replace(sentence, evidence=cited)


def _is_their_subject(text: str, dossier: Dossier) -> bool:
    """Return whether a subject only goes on with the one the two have."""
    plain = re.sub(r"^(?:re|aw)\s*:\s*", "", fold_text(text))
    return plain in {fold_text(known) for known in (dossier.topic, dossier.last_subject) if known}


def _checked(item: Item, dossier: Dossier) -> Item:
    return replace(item, why=check(item.sentence, dossier, brief=item.part == "brief"))


def holds(piece: Evidence, quote: str) -> bool:
    """Return whether a quote stands in that piece of evidence: case, spaces and kinds of quotation marks aside.

    Parts with an ellipsis between them are looked for one after the other.
    """
    text, place = fold_text(piece.text), 0
    parts = [part.strip(" .,;:!?\"'") for part in re.split(r"\.{3}|\[\.{3}\]", fold_text(quote))]
    parts = [part for part in parts if part]
    if sum(char.isalnum() for part in parts for char in part) < _SHORTEST_QUOTE and parts != [text.strip(" .")]:
        return False
    for part in parts:
        place = text.find(part, place)
        if place < 0:
            return False
    return bool(parts)


def with_verdicts(items: Iterable[Item], verdicts: Sequence[VerdictIn], dossier: Dossier) -> tuple[Item, ...]:
    """Return the items after a verifier's answer; no verdict, or two that differ, is none."""
    said: dict[int, set[tuple[str, str, str]]] = {}
    for row in verdicts:
        said.setdefault(row.sentence, set()).add((row.verdict, row.evidence, row.quote))
    found = []
    for item in items:
        rows = said.get(item.number, set())
        if not item.open:
            found.append(item)
        elif len({verdict for verdict, _, _ in rows}) == 1:
            found.append(_judged(item, sorted(rows), dossier))
        else:
            found.append(_unjudged(item, dossier))
    return tuple(found)


def without_verdicts(items: Iterable[Item], dossier: Dossier) -> tuple[Item, ...]:
    """Return the items where no verdict could be had: what says much that no evidence says is marked."""
    return tuple(_unjudged(item, dossier) if item.open else item for item in items)


def _judged(item: Item, rows: Sequence[tuple[str, str, str]], dossier: Dossier) -> Item:
    """Return the item after its verdict; of several that agree, one good quote is enough."""
    verdict, sentence = rows[0][0], item.sentence
    if verdict == "unsupported":
        return replace(item, why=UNSUPPORTED)
    if verdict == "courtesy":
        return _courtesy(item, dossier)
    for _, named, quote in rows:
        numbers = re.findall(r"E\d+", named.upper())
        pieces = (e for e in dossier.evidence if item.part == "brief" or e.kind not in FOR_THE_OWNER)
        piece = next((e for e in pieces if e.number in numbers and holds(e, quote)), None)
        if piece is not None:
            cited = sentence.evidence or (piece.number,)
            return replace(item, sentence=replace(sentence, evidence=cited), settled=True)
    return replace(item, why=UNQUOTED)


def _courtesy(item: Item, dossier: Dossier) -> Item:
    """Return the item after the verifier called it courtesy: believed where it presumes nothing new.

    In another language than the evidence words cannot be compared: a question is believed there, since it claims the
    least, and anything else is marked. What the model itself filed as a fact is no courtesy unless it asks.
    """
    sentence = item.sentence
    asks = sentence.text.rstrip().endswith(("?", "？"))
    if _foreign(item, dossier):
        return replace(item, sentence=replace(sentence, unchecked=not asks), settled=True)
    if not asks and (sentence.evidence or sentence.kind not in _WISHES):
        return replace(item, why=PRESUMES)
    # The words of every wish and request, and the topics of the role, presume nothing. A question may bring a word or
    # two of its own ("Would a pot of tea be too soon?"); of a wish each word counts.
    own = [word for word in tokens(sentence.text) if needs_verdict(Sentence("ask", word), dossier)]
    plain = [word for word in tokens(sentence.text) if word not in own]
    topics = dossier.playbook.topics if dossier.playbook else ()
    known = tuple(Evidence("", "roster", text) for text in (" ".join(plain), *topics))
    text, kind = (sentence.text, sentence.kind) if asks else (" ".join(own), "fact")
    said = replace(sentence, text=text, kind=kind, evidence=(), quote="")
    if own and loud(said, replace(dossier, evidence=(*dossier.evidence, *known))):
        return replace(item, why=PRESUMES)
    return replace(item, settled=True)


def _foreign(item: Item, dossier: Dossier) -> bool:
    """Return whether a sentence is in another language than what the owner wrote."""
    spoken = detect("\n".join(piece.text for piece in dossier.evidence if piece.kind not in _WORDED_BY_CODE))
    return spoken not in {None, dossier.owner_language if item.part == "brief" else dossier.language}


def _unjudged(item: Item, dossier: Dossier) -> Item:
    if not loud(item.sentence, dossier):
        return replace(item, settled=True)
    if item.part == "subject":
        return replace(item, why=UNSUPPORTED)  # a mark has no place in a subject
    return replace(item, sentence=replace(item.sentence, unchecked=True), settled=True)


def repaired(items: Iterable[Item], answer: RepairIn, wanted: Sequence[Item], dossier: Dossier) -> tuple[Item, ...]:
    """Return the items with the repaired sentences in place of those that failed; those not repaired stay failed."""
    texts = _by_number(answer, wanted)
    found = []
    for item in items:
        row = texts.get(item.number)
        if row is None:
            found.append(item)
            continue
        kind = item.sentence.kind
        other = Sentence(kind, row.text.strip(), tuple(row.evidence), row.quote)
        again = _filed(other, dossier, item.part, after=kind == "warmth")
        found.append(replace(again, number=item.number))
    return tuple(found)


def _by_number(answer: RepairIn, wanted: Sequence[Item]) -> dict[int, RepairedIn]:
    """Return the rows by the number they repair; a row without one goes to the first open place of its kind."""
    numbers = {item.number for item in wanted}
    found: dict[int, RepairedIn] = {}
    for row in (*answer.sentences, *answer.brief):
        number = row.sentence
        if number is None:
            named = ("brief", row.heading) if row.heading else ("draft", row.kind)
            left = (item for item in wanted if item.number not in found)
            number = next((item.number for item in left if (item.part, item.sentence.kind) == named), None)
        if number is not None and number in numbers:
            found.setdefault(number, row)
    return found
