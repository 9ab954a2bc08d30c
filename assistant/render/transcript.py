"""The answer to one reply: every line the owner wrote with what came of it, as a conversation (docs/replies.md)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from assistant.core.language.clean import one_line
from assistant.core.language.phrases import Phrases, isolated
from assistant.core.replies.grammar.lines import Speech
from assistant.render.digest import Rendered
from assistant.render.text import wrap
from assistant.render.view import opening, quiet, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.core.language.data_files import Language
    from assistant.core.replies.transcript import Outcome, Transcript, TranscriptLine

_COUNTED: Final[tuple[Outcome, ...]] = ("ok", "ask", "unknown", "refused")
_SAID, _EFFECT, _SUBJECT = 1000, 600, 150
_IN = "   "


def transcript_subject(transcript: Transcript, language: Language) -> str:
    """Return what came of it, and the subject of what it answers: "5 done, 1 I didn't get · Re: Start with Ruth"."""
    subject = shorten(one_line(transcript.subject), _SUBJECT)
    if subject and not subject.lower().startswith(("re:", "aw:")):
        subject = f"Re: {subject}"
    return f"{_summary(transcript, language)} · {subject or Phrases(language)('product')}"


def render_transcript(transcript: Transcript, language: Language) -> Rendered:
    """Return the transcript as HTML and as text that say the same (docs/replies.md)."""
    return Rendered(html=_html(transcript, language), text="\n".join(_text(transcript, language)) + "\n")


def _summary(transcript: Transcript, language: Language) -> str:
    """Return the counts in words. Never "1 done" alone, which is a command."""
    t = Phrases(language)
    counts = {key: transcript.count(key) for key in _COUNTED if transcript.count(key)}
    if set(counts) == {"ok"}:
        return t("transcript.all", counts["ok"])
    return ", ".join(t(f"transcript.{key}", n) for key, n in counts.items()) or t("transcript.nothing")


def _text(transcript: Transcript, language: Language) -> Iterator[str]:
    t = Phrases(language)
    # Which day it is makes no difference to whether a quoted line is a command.
    speech = Speech(date(2000, 1, 1), language)
    yield f"{_summary(transcript, language)}."
    for line in transcript.lines:
        yield from ("", t.quote(_said(line)))
        for part in _answer(line, language):
            yield quiet(part, speech)
    for part in _footer(transcript, language):
        yield from ("", *wrap(part))


def _answer(line: TranscriptLine, language: Language) -> Iterator[str]:
    yield from wrap(_effect(line, language), first=_IN, hang=_IN)
    for detail in (*line.details, *(row.said for row in line.rows)):
        yield from wrap(one_line(detail), first=_IN, hang=_IN)


def _footer(transcript: Transcript, language: Language) -> list[str]:
    """Return how to take it all back, and how much was left out where some of it may be the owner's."""
    t = Phrases(language)
    doubtful = any(line.effect == t("doubtful") for line in transcript.lines)
    left = t("transcript.left-out", what=one_line(transcript.left_out)) if doubtful and transcript.left_out else ""
    # At a shell nobody replies.
    undo = t("transcript.undo" if transcript.message_id else "transcript.undo-shell") if transcript.changes else ""
    several = [line.cause for line in transcript.lines if line.cause]
    if len(set(several)) > 1:
        undo = t("transcript.undo-each", cause=several[0])
    return [part for part in (left, undo) if part]


def _said(line: TranscriptLine) -> str:
    return shorten(one_line(line.text), _SAID)


def _effect(line: TranscriptLine, language: Language) -> str:
    effect = shorten(one_line(line.effect), _EFFECT) or Phrases(language)(f"outcome.{line.outcome}")
    return f"{effect} · {line.cause}" if line.cause else effect


def _html(transcript: Transcript, language: Language) -> str:
    from assistant.render.html import render

    t, summary = Phrases(language), _summary(transcript, language)
    speech = Speech(date(2000, 1, 1), language)
    return render(
        "transcript.html.j2",
        view={
            "language": language,
            "preheader": f"{summary}.",
            "opening": lambda words, before, after: opening(words, before, after, speech),
        },
        t=t,
        title=f"{t.label(t('product'))} {summary}",
        padding="",
        headline=f"{summary}.",
        lines=[
            (
                line.outcome in {"ok", "noise"},
                t.quote(isolated(_said(line))),
                isolated(_effect(line, language)),
                [isolated(detail) for detail in line.details],
                line.rows,
            )
            for line in transcript.lines
        ],
        footer=_footer(transcript, language),
    )
