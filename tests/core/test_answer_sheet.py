from __future__ import annotations

from datetime import date

import pytest

from assistant.core.replies.answer_sheet import read_sheet, sheet
from assistant.core.replies.grammar.commands import Answer, ByNumber, Candidate, Command, Met, Snooze, Tell
from assistant.core.replies.grammar.slots import Speech

SPEECH = Speech(date(2026, 3, 2))
FILLED: dict[str, Command] = {
    "1 Ruth: done": ByNumber("done", (1,)),
    "1 Ruth: met on Friday, talked promo": Met("met", "1", date(2026, 2, 27), "talked promo"),
    "2 Dr. Ann (Acme): called yesterday": Met("called", "2", date(2026, 3, 1)),
    "3 Bob: in 2 weeks": Snooze(("3",), date(2026, 3, 16)),
    "3 Bob: May": Snooze(("3",), date(2026, 5, 1)),
    "3 Bob: snooze until May": Snooze(("3",), date(2026, 5, 1)),
    "4 Bob: note: she moved": Tell("note", "4", "she moved"),
    "4 Bob: promised the paper": Tell("promised", "4", "the paper"),
    "4 Bob: thanked": Tell("thanked", "4", ""),
    "q1 Jonas: yes": Answer(1, "yes"),
    "C1 Piotr: mentor": Candidate(1, "mentor"),
    "win: shipped": Tell("win", None, "shipped"),
    "met Jane yesterday": Met("met", "Jane", date(2026, 3, 1)),
}


@pytest.mark.parametrize(("line", "command"), FILLED.items())
def test_a_filled_line_is_its_command(line: str, command: Command) -> None:
    assert [one.command for one in read_sheet([line], SPEECH)] == [command]


def test_what_is_left_blank_is_silence() -> None:
    blank = sheet([("1", "Ruth"), ("Q1", "Jonas"), ("Q2", "")])
    assert blank == "1 Ruth: \nQ1 Jonas: \nQ2 : \nwin: \n"
    assert read_sheet(blank.splitlines(), SPEECH) == ()


@pytest.mark.parametrize("line", ["5 Tom: send", "send 5", "5 Tom: drop", "drop Tom", "stop", "undo", "confirm ABC123",
                                  "add Eve <eve@example.com> as mentor", "Tom is also <eve@example.com>"])  # fmt: skip
def test_what_could_harm_is_refused_and_told(line: str) -> None:
    (read,) = read_sheet([line], SPEECH)
    assert read.command is None
    assert read.problem


def test_what_nobody_understands_stays_as_it_was_written() -> None:
    (read,) = read_sheet(["1 Ruth: great talk, she says go for staff"], SPEECH)
    assert (read.text, read.command, read.problem) == ("1 Ruth: great talk, she says go for staff", None, "")
