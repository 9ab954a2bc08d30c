from __future__ import annotations

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from assistant.core.language.data_files import LANGUAGES, Language
from assistant.core.language.phrases import Phrases
from assistant.core.replies.grammar.lines import Speech, parse_line
from assistant.core.replies.transcript import Transcript, TranscriptLine
from assistant.render.transcript import render_transcript, transcript_subject
from tests.gallery import transcripts
from tests.gallery_pieces import TODAY

SHAPE = """\
1 done, 1 question for you, 1 I didn't get.

“met Jane on Tuesday, talked promo”
   Two Janes: jane-roe, jane-lee. Answer with one.

“snooze 2 for a month”
   Bob Li: I'll ask again on Sat 4 Apr 2026 (number 2 of 2 March)

“sned 1”
   Did you mean “send 1”?

Changed your mind? Reply “undo”.
"""
STATES = transcripts()


def test_the_text_has_the_agreed_shape() -> None:
    assert render_transcript(STATES["transcript"], "en").text == SHAPE


def test_the_subject_counts_what_came_of_it() -> None:
    assert transcript_subject(STATES["transcript"], "en") == (
        "1 done, 1 question for you, 1 I didn't get · Re: 3 people to reach"
    )
    assert transcript_subject(STATES["transcript-nothing"], "en") == "Nothing to do · Re: 3 people to reach"
    assert transcript_subject(STATES["transcript"], "de").startswith(
        "1 erledigt, 1 Frage an dich, 1 nicht verstanden · Re: "
    )
    assert transcript_subject(STATES["transcript-brief"], "en") == "Done · Career assistant"


def test_taps_in_one_transcript_are_named_so_that_one_can_be_taken_back() -> None:
    assert render_transcript(STATES["transcript-taps"], "en").text.split("\n\n") == [
        "All 2 done.",
        "“snooze 2 until 2026-04-04”\n   Bob Li: I'll ask again on Sat 4 Apr 2026 (number 2 of 2 March) · T22",
        "“C1 mentor”\n   T21 is taken back already.",
        "“done 1”\n   Done · T23",
        "Changed your mind? Reply “undo” for all of it, or “undo T22” for one.\n",
    ]


def test_five_done_are_said_in_words_that_order_nothing() -> None:
    lines = tuple(TranscriptLine("x", "ok", "y") for _ in range(5))
    for transcript in (Transcript("T1", None, "", lines, 5), Transcript("T1", None, "", lines[:1], 1)):
        first = render_transcript(transcript, "en").text.split("\n")[0]
        assert first == ("All 5 done." if len(transcript.lines) > 1 else "Done.")
        assert parse_line(first, Speech(TODAY)).command is None


@pytest.mark.parametrize("subject", ["AW: x", "Re: x", "re: x"])
def test_a_reply_mark_is_not_doubled(subject: str) -> None:
    transcript = Transcript("T1", None, subject, (), 0)
    assert transcript_subject(transcript, "en") == f"Nothing to do · {subject}"


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
            assert line.effect in seen
            assert all(detail in seen for detail in line.details)
    assert len(tree.css("h1")) == 1


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_quoted_transcript_commands_nothing(state: str, language: Language) -> None:
    mail = render_transcript(STATES[state], language)
    tree = LexborHTMLParser(mail.html)
    lines = mail.text.split("\n") + [block.text() for block in tree.css("p, h1")]
    speech = Speech(TODAY, language)
    assert [line for line in lines if parse_line(line, speech).command] == []


def test_a_reply_without_changes_offers_nothing_to_take_back() -> None:
    mail = render_transcript(STATES["transcript-nothing"], "en")
    assert mail.text == "Nothing to do.\n"
    assert "undo" not in mail.html


def test_details_stand_under_their_line() -> None:
    text = render_transcript(STATES["transcript-brief"], "en").text
    assert re.search(r"   Jane Roe, the brief:\n   Left off: 26 January 2026", text)


def test_long_effects_are_wrapped_under_themselves() -> None:
    line = TranscriptLine("note jane: x", "ok", "word " * 40)
    lines = render_transcript(Transcript("T2", None, "", (line,), 1), "en").text.split("\n")
    assert lines[3].startswith("   word")
    assert lines[4].startswith("   word")
    assert max(map(len, lines)) <= 78


def test_what_was_left_out_is_told_only_where_it_may_be_the_owners() -> None:
    doubt = TranscriptLine("send 1", "refused", Phrases("en")("doubtful"))
    told = Transcript("T3", "m@x.example", "", (doubt,), 0, "350 more quoted lines")
    assert "Left out: 350 more quoted lines." in render_transcript(told, "en").text
    plain = Transcript("T3", "m@x.example", "", (), 0, "the quoted digest")
    assert "Left out" not in render_transcript(plain, "en").text


def test_at_a_shell_undo_is_a_command_of_the_shell() -> None:
    line = TranscriptLine("2 skip", "ok", "Bob")
    assert "Run: assistant do undo" in render_transcript(Transcript("T1", None, "", (line,), 1), "en").text


def test_the_answer_to_status_draws_the_roster_and_says_it_in_the_text() -> None:
    mail = render_transcript(STATES["transcript-status"], "en")
    tree = LexborHTMLParser(mail.html)
    labels = [str(cells.attributes["aria-label"]) for cells in tree.css("[role='img']")]
    assert len(labels) == 14
    assert labels[0] == "in touch 7 months of 12"
    assert "   Bob: due today, in touch 7 months of 12\n" in mail.text
    assert len(tree.css(".b1")) == 14
