"""A stand-in for the hard checks of docs/writer.md, to be replaced by them: hazards, evidence numbers and quotes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.core.evidence.hazards import hazard

if TYPE_CHECKING:
    from assistant.core.evidence.dossier import Dossier, Sentence, Words


def ground(words: Words, dossier: Dossier) -> Words:
    """Return the words without the sentences that fail, each of those in `dropped` with the check it failed."""
    dropped = list(words.dropped)
    kept = []
    for sentences in (words.sentences, words.brief):
        failed = [(sentence, why) for sentence in sentences if (why := _check(sentence, dossier))]
        dropped += [(sentence.text, why) for sentence, why in failed]
        kept.append(tuple(sentence for sentence in sentences if not _check(sentence, dossier)))
    return replace(words, sentences=kept[0], brief=kept[1], dropped=tuple(dropped))


def _check(sentence: Sentence, dossier: Dossier) -> str | None:
    cited = [item for item in dossier.evidence if item.number in sentence.evidence]
    if len(cited) < len(set(sentence.evidence)):
        return "evidence"
    quote = " ".join(sentence.quote.split())
    if quote and not any(quote in " ".join(item.text.split()) for item in cited):
        return "quote"
    return hazard(sentence.text, lines=sentence.kind == "close")
