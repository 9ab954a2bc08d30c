"""The transcript of one reply: every line the owner wrote with what came of it (docs/replies.md)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from assistant.core.language.clean import one_line
from assistant.core.language.phrases import Phrases, isolated
from assistant.core.replies.grammar.lines import Speech
from assistant.render.digest import Rendered
from assistant.render.text import wrap
from assistant.render.view import quiet, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.core.language.dates import Language
    from assistant.core.replies.transcript import Outcome, Transcript, TranscriptLine

MARKS: Final[dict[Outcome, str]] = {"ok": "ok", "ask": "?", "unknown": "??", "refused": "no", "noise": "--"}
_COUNTED: Final[tuple[tuple[Outcome, str], ...]] = (
    ("ok", "done"),
    ("ask", "ask"),
    ("unknown", "unknown"),
    ("refused", "refused"),
)
_SAID, _EFFECT, _SUBJECT, _SIDE_BY_SIDE = 1000, 600, 150, 80


def transcript_subject(transcript: Transcript, language: Language) -> str:
    """Return "Re: … — done 2, asked 1, not understood 1 [T17]"; counts of nothing are left out."""
    subject = shorten(one_line(transcript.subject), _SUBJECT)
    if subject and not subject.lower().startswith(("re:", "aw:")):
        subject = f"Re: {subject}"
    return f"{subject or Phrases(language)('product')} — {_summary(transcript, language)} [{transcript.id}]"


def render_transcript(transcript: Transcript, language: Language) -> Rendered:
    """Return the transcript as HTML and as text in the shape of docs/replies.md."""
    return Rendered(html=_html(transcript, language), text="\n".join(_text(transcript, language)) + "\n")


def _summary(transcript: Transcript, language: Language) -> str:
    t = Phrases(language)
    counts = [(key, transcript.count(outcome)) for outcome, key in _COUNTED]
    return ", ".join(t(f"transcript.{key}", n) for key, n in counts if n) or t("transcript.nothing")


def _text(transcript: Transcript, language: Language) -> Iterator[str]:
    speech = _speech(language)
    for line in transcript.lines:
        yield f"> {_said(line)}"
        for part in _answer(line, language):
            yield quiet(part, speech)
    footer = _footer(transcript, language)
    if sum(map(len, footer)) <= _SIDE_BY_SIDE:
        yield from filter(None, ["       ".join(footer)])
    else:
        for part in footer:
            yield from wrap(part)


def _answer(line: TranscriptLine, language: Language) -> Iterator[str]:
    yield from wrap(_effect(line, language), first=f"  {MARKS[line.outcome]:<4}", hang="      ")
    for detail in line.details:
        yield from wrap(one_line(detail), first="      ", hang="      ")


def _speech(language: Language) -> Speech:
    """Return how the grammar reads a quoted line; which day it is makes no difference to whether it is a command."""
    return Speech(date(2000, 1, 1), language)


def _footer(transcript: Transcript, language: Language) -> list[str]:
    """Return what was left out of the mail and how to take it all back, as far as there is either."""
    t = Phrases(language)
    left = t("transcript.left-out", what=one_line(transcript.left_out)) if transcript.left_out else ""
    undo = t("transcript.undo", id=transcript.id) if transcript.changes else ""
    return [part for part in (left, undo) if part]


def _said(line: TranscriptLine) -> str:
    return shorten(one_line(line.text), _SAID)


def _effect(line: TranscriptLine, language: Language) -> str:
    return shorten(one_line(line.effect), _EFFECT) or Phrases(language)(f"outcome.{line.outcome}")


def _html(transcript: Transcript, language: Language) -> str:
    from assistant.render.html import render

    t = Phrases(language)
    changes = t("transcript.changes", transcript.changes) if transcript.changes else t("transcript.no-changes")
    return render(
        "transcript.html.j2",
        # Not the counts alone: "done 2" is a command, and some programs show hidden text in what they quote.
        view={"language": language, "preheader": t("transcript.headline", summary=_summary(transcript, language))},
        title=f"{t('product')} {transcript.id}",
        padding="",
        t=t,
        headline=t("transcript.headline", summary=_summary(transcript, language)),
        kicker=f"{t('product')} · {isolated(transcript.id)} · {changes}",
        lines=[
            (
                line.outcome,
                isolated(_said(line)),
                t(f"outcome.{line.outcome}"),
                isolated(_without_label(_effect(line, language), t(f"outcome.{line.outcome}"))),
                [isolated(d) for d in line.details],
            )
            for line in transcript.lines
        ],
        footer=_footer(transcript, language),
    )


def _without_label(effect: str, label: str) -> str:
    """Return the effect without the words its label says already ("Not understood, nothing done")."""
    if not effect.lower().startswith(label.lower()):
        return effect
    rest = effect[len(label) :].lstrip(" ,.:;")
    return rest[:1].upper() + rest[1:]
