"""A subject as a person would say it, without Re:, tags and ticket numbers; and whether it is a topic."""

from __future__ import annotations

import re
from typing import Final

from assistant.core.evidence.owner_text import one_line
from assistant.core.language.cues import says

_PREFIX = re.compile(
    r"^\s*(?:(?:re|fw|fwd|aw|wg|antw|antwort|sv|vs|tr|rv|ref|odp|ynt|res|enc|vl|i|r)(?:\s?[\[(]\d+[\])])?\s*:"
    r"|(?:updated |canceled |cancelled |declined |tentative )?(?:invitation|event)\s*:|(?:accepted|declined"
    r"|tentative)\s*:"
    r"|(?:einladung|zugesagt|abgesagt|aktualisiert|angenommen|abgelehnt)\s*:|\[[^\[\]]{0,60}\]|\([^()]{0,30}\)\s*:)\s*",
    re.IGNORECASE,
)
_TICKET = re.compile(r"[\[(]?\b[A-Z][A-Z0-9]{1,9}-\d+\b[\])]?|[\[(]?#\d+[\])]?|\[[^\[\]]{0,60}\]")
_WAS = re.compile(r"\((?:was|war)\b[^()]{0,200}\)", re.IGNORECASE)
_EDGES = " \t-–—:|·•*~,.;/\\<>\"'“”„‘’«»"
_MOST_WORDS: Final = 7


def clean_subject(subject: str) -> str | None:
    """Return a subject on one line without Re:, Fwd:, tags and ticket numbers; None where nothing is left."""
    text = one_line(subject, 200)
    while (shorter := _PREFIX.sub("", text)) != text:
        text = shorter
    text = " ".join(_TICKET.sub(" ", _WAS.sub(" ", text)).split()).strip(_EDGES)
    return text or None


def topic_of(subject: str | None, language: str) -> str | None:
    """Return a cleaned subject that names a topic ("Footbridge woes"); None for what one only says ("Thank you!")."""
    if not subject or len(subject.split()) > _MOST_WORDS or re.search(r"[?!]", subject):
        return None
    return None if says("phrase", language, subject) else subject
