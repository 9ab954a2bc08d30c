from __future__ import annotations

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from assistant.core.replies.grammar.lines import Speech, parse_line
from assistant.core.replies.transcript import Transcript, TranscriptLine
from assistant.render.transcript import render_transcript, transcript_subject
from tests.gallery import transcripts
from tests.gallery_pieces import TODAY

SHAPE = """\
> met Jane on Tuesday, talked promo
  ?   Two Janes: jane-roe, jane-lee. Answer with one.
> snooze 2 for a month
  ok  Bob Li: snoozed until Sat 4 Apr 2026 (number 2 of 2 March)
> sned 1
  ??  Not understood, nothing done. Closest: send 1
Left out: 3 lines of signature, the quoted digest.       Take it all back: undo T17
"""
STATES = transcripts()


def test_the_text_has_the_agreed_shape() -> None:
    assert render_transcript(STATES["transcript"], "en").text == SHAPE


def test_the_subject_counts_what_came_of_it() -> None:
    assert transcript_subject(STATES["transcript"], "en") == (
        "Re: 3 people to reach — done 1, asked 1, not understood 1 [T17]"
    )
    assert transcript_subject(STATES["transcript-nothing"], "en") == "Re: 3 people to reach — nothing to do [T19]"
    assert transcript_subject(STATES["transcript"], "de").endswith("— erledigt 1, gefragt 1, nicht verstanden 1 [T17]")
    assert transcript_subject(STATES["transcript-brief"], "en") == "Career assistant — done 1 [T20]"


@pytest.mark.parametrize("subject", ["AW: x", "Re: x", "re: x"])
def test_a_reply_mark_is_not_doubled(subject: str) -> None:
    transcript = Transcript("T1", None, subject, (), 0)
    assert transcript_subject(transcript, "en") == f"{subject} — nothing to do [T1]"


@pytest.mark.parametrize("state", STATES)
def test_the_html_says_what_the_text_says_and_no_more_is_a_link(state: str) -> None:
    transcript = STATES[state]
    mail = render_transcript(transcript, "en")
    tree = LexborHTMLParser(mail.html)
    assert tree.css("a, img, script, form") == []
    seen = " ".join(tree.body.text().split()) if tree.body else ""
    for line in transcript.lines:
        if state != "transcript-hostile":
            assert line.text in seen
            assert line.effect.removeprefix("Not understood, n") in seen
            assert all(detail in seen for detail in line.details)
    assert f"[{transcript.id}]" in mail.html or transcript.id in seen
    assert len(tree.css("h1")) == 1


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("language", ["en", "de"])
def test_a_quoted_transcript_commands_nothing(state: str, language: str) -> None:
    mail = render_transcript(STATES[state], "de" if language == "de" else "en")
    tree = LexborHTMLParser(mail.html)
    lines = mail.text.split("\n") + [block.text() for block in tree.css("p, h1")]
    speech = Speech(TODAY, "de" if language == "de" else "en")
    assert [line for line in lines if parse_line(line, speech).command] == []


def test_a_reply_without_changes_offers_nothing_to_take_back() -> None:
    mail = render_transcript(STATES["transcript-nothing"], "en")
    assert mail.text == "Left out: 3 lines of signature, the quoted digest.\n"
    assert "undo" not in mail.html


def test_details_stand_under_their_line() -> None:
    text = render_transcript(STATES["transcript-brief"], "en").text
    assert re.search(r"  ok  Jane Roe, the brief:\n      Where we left off: 26 January 2026", text)


def test_long_effects_are_wrapped_under_themselves() -> None:
    line = TranscriptLine("note jane: x", "ok", "word " * 40)
    lines = render_transcript(Transcript("T2", None, "", (line,), 1), "en").text.split("\n")
    assert lines[1].startswith("  ok  word")
    assert lines[2].startswith("      word")
    assert max(map(len, lines)) <= 72


def test_lines_passed_over_are_marked() -> None:
    text = render_transcript(Transcript("T3", None, "", (TranscriptLine("thanks", "noise", ""),), 0), "en").text
    assert text == "> thanks\n  --  Passed over\n"
