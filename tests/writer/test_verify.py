"""What the second request is worth: verdicts, their proof, one repair, and what happens where none can be had."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from assistant.config import LlmConfig
from assistant.core.evidence.build import OwnMail
from assistant.writer.model.numbered import holds
from assistant.writer.model.request import MOST_REQUESTS
from assistant.writer.model.writer import ModelWriter
from tests.dossiers import dossier, person
from tests.fakes import MemoryCache
from tests.servers import model as habits
from tests.servers.model import ModelServer, answer_for, only_when, says, verdicts_for, words_for
from tests.servers.verifiers import flatters, harsh, lies, of_quality

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.core.evidence.dossier import Dossier, Words
    from tests.servers.model import Answering, Asked

NOW = datetime(2026, 3, 16, 8, 0, tzinfo=UTC)
LETTER = (
    "Hi Jane,\n\nthe platform migration is nearly through and the last cluster moves next. Your checklist saved us a"
    " week. Did the second reindex hold, and do you still run it at night?\n\nCheers,\nPriya"
)
TRUE = {
    "Our platform migration was nearly through when I wrote.": "the platform migration is nearly through",
    "Only the last cluster was left to move.": "the last cluster moves next",
    "Your checklist had saved us a whole week.": "Your checklist saved us a week",
    "I asked you whether the second reindex held.": "Did the second reindex hold",
}
FALSE = [
    "You told me that the second reindex failed.",
    "Your checklist never helped us.",
    "You moved the last cluster for us.",
    "It was lovely to see you at the wedding.",
]
LOUD = "Everybody at the office loved your wonderful birthday surprise."
SILENT = "The last cluster was yours, and your checklist saved the migration."


def found(**fields: Any) -> Dossier:
    return dossier(mails=[OwnMail(date(2026, 2, 10), "Platform migration", LETTER)], **fields)


def fact(text: str, quote: str = "", number: str = "E3") -> dict[str, Any]:
    return {"kind": "fact", "text": text, "evidence": [number] if quote else [], "quote": quote}


def draft(*facts: dict[str, Any], brief: tuple[dict[str, Any], ...] = ()) -> Callable[[Asked], dict[str, Any]]:
    """What a server writes that puts these facts into an honest draft; a repair is honest too."""

    def build(asked: Asked) -> dict[str, Any]:
        if asked.task == "repair":
            return answer_for(asked)
        words = words_for(asked)
        words["sentences"][2:2] = [dict(row) for row in facts]
        words["brief"][:0] = [dict(row) for row in brief]
        return words

    return build


def knowing(*true: str) -> Callable[[Asked], dict[str, Any]]:
    """An honest verifier that knows some more sentences to be true."""

    def verdicts(asked: Asked) -> dict[str, Any]:
        answer = verdicts_for(asked)
        for row, item in zip(answer["verdicts"], asked.data["sentences"], strict=True):
            if item["text"] in true:
                row |= {"verdict": "supported", "evidence": "E3", "quote": TRUE[item["text"]]}
        return answer

    return verdicts


def asked_of(server: ModelServer, cache: MemoryCache | None = None, **fields: Any) -> ModelWriter:
    config = replace(LlmConfig(base_url=server.base_url, model="test", parallel=4, timeout=5.0), **fields)
    return ModelWriter(config, cache or MemoryCache(), NOW, lambda: None)


def written(habit: Callable[[Answering, Asked], None], **fields: Any) -> tuple[Words, list[Asked]]:
    with ModelServer(habit) as server:
        words = asked_of(server, **fields).words([found()])["jane-roe"]
    assert len(server.requests) <= MOST_REQUESTS
    return words, server.requests


def test_a_supported_sentence_stays_and_cites_its_proof() -> None:
    (text, quote), *_ = TRUE.items()
    words, requests = written(says(draft(fact(text)), knowing(text)))
    assert [asked.task for asked in requests] == ["write", "verify"]
    kept = next(sentence for sentence in words.sentences if sentence.text == text)
    assert (kept.evidence, kept.unchecked) == (("E3",), False)
    assert quote in next(row["text"] for row in requests[1].data["evidence"] if row["number"] == "E3")


def test_what_is_unsupported_is_written_once_more_and_listed() -> None:
    words, requests = written(says(draft(fact(FALSE[0])), knowing()))
    assert [asked.task for asked in requests][:3] == ["write", "verify", "repair"]
    assert words.writer == "model"
    assert FALSE[0] not in words.body
    assert (FALSE[0], "unsupported") in words.dropped


def test_the_repair_names_number_and_reason_and_not_the_words() -> None:
    _, requests = written(says(draft(fact(FALSE[0]), fact("We met on 3 May 2019.")), knowing()))
    repair = next(asked for asked in requests if asked.task == "repair")
    assert {row["reason"] for row in repair.data["repair"]} >= {"unsupported"}
    assert len(repair.data["repair"]) == 2
    assert all({"sentence", "part", "kind", "reason"} == set(row) for row in repair.data["repair"])
    assert FALSE[0] not in repair.body.decode()
    assert "2019" not in repair.body.decode()
    assert repair.data["task"] == "write"


def repairing(rows: Callable[[Asked], dict[str, Any]], *true: str) -> Callable[[Answering, Asked], None]:
    def build(asked: Asked) -> dict[str, Any]:
        return rows(asked) if asked.task == "repair" else draft(fact(FALSE[0]))(asked)

    return says(build, knowing(*true))


def test_a_repaired_sentence_takes_the_place_of_the_first() -> None:
    good, quote = next(iter(TRUE.items()))

    def rows(asked: Asked) -> dict[str, Any]:
        number = asked.data["repair"][0]["sentence"]
        return {"sentences": [{"sentence": number, "text": good, "evidence": ["E3"], "quote": quote}]}

    words, requests = written(repairing(rows, good))
    assert [asked.task for asked in requests] == ["write", "verify", "repair", "verify"]
    assert [item["text"] for item in requests[-1].data["sentences"]] == [good]
    assert good in words.body
    assert (FALSE[0], "unsupported") in words.dropped


def test_a_server_that_repairs_with_a_whole_draft_is_understood() -> None:
    good, quote = next(iter(TRUE.items()))
    words, _ = written(repairing(lambda asked: {**words_for(asked), "sentences": [fact(good, quote)]}, good))
    assert good in words.body


def test_a_repair_that_fails_again_is_dropped_and_not_tried_again() -> None:
    def rows(asked: Asked) -> dict[str, Any]:
        numbers = [row["sentence"] for row in asked.data["repair"]]
        return {
            "sentences": [{"sentence": number, "text": FALSE[1], "evidence": [], "quote": ""} for number in numbers]
        }

    words, requests = written(repairing(rows))
    assert [asked.task for asked in requests] == ["write", "verify", "repair", "verify"]
    assert FALSE[1] not in words.body
    assert {(FALSE[0], "unsupported"), (FALSE[1], "unsupported")} <= set(words.dropped)


@pytest.mark.parametrize("verdicts", [lies, harsh])
def test_nothing_stays_that_is_not_proved(verdicts: Callable[[Asked], dict[str, Any]]) -> None:
    words, _ = written(says(draft(*(fact(text) for text in FALSE)), verdicts))
    assert not [text for text in FALSE if text in words.body]
    assert {check for text, check in words.dropped if text in FALSE} <= {"unquoted", "unsupported"}
    assert {text for text, _ in words.dropped} >= set(FALSE), "whatever writes in the end, what was removed is listed"


def test_courtesy_that_takes_something_for_granted_is_none() -> None:
    wish: dict[str, Any] = {
        "kind": "warmth",
        "text": "I hope your son is settling in at college.",
        "evidence": [],
        "quote": "",
    }
    words, _ = written(says(draft(wish), flatters))
    assert wish["text"] not in words.body
    assert (wish["text"], "presumes") in words.dropped


NO_VERDICT = [
    habits.resets,
    habits.empty,
    habits.html,
    habits.broken,
    habits.busy_for_long,
    habits.ignores_schema,
    habits.truncated,
    habits.only_thinks,
    habits.denied,
]


@pytest.mark.parametrize("habit", NO_VERDICT, ids=lambda habit: habit.__name__)
def test_without_a_verdict_only_what_is_loud_is_marked(habit: Callable[..., None]) -> None:
    def server(to: Answering, asked: Asked) -> None:
        if asked.task == "verify":
            habit(to, asked)
        else:
            says(draft(fact(LOUD), fact(SILENT, "Your checklist saved us a week")))(to, asked)

    words, requests = written(server)
    assert words.writer == "model"
    assert [sentence.text for sentence in words.sentences if sentence.unchecked] == [LOUD]
    assert LOUD not in words.body
    assert SILENT in words.body
    assert "repair" not in [asked.task for asked in requests], "nothing failed"


ODD = {
    "a number is missing": lambda rows, at: rows.pop(at),
    "an unknown number": lambda rows, at: rows[at].update(sentence=99),
    "two that differ": lambda rows, at: rows.append(
        {**rows[at], "verdict": "supported", "evidence": "E3", "quote": ""}
    ),
    "a word nobody asked for": lambda rows, at: rows[at].update(verdict="perhaps"),
    "no object": lambda rows, at: rows.__setitem__(at, "fine"),
}


@pytest.mark.parametrize("odd", ODD)
def test_a_verdict_that_cannot_be_read_is_none(odd: str) -> None:
    def verdicts(asked: Asked) -> dict[str, Any]:
        answer = verdicts_for(asked)
        at = next(n for n, item in enumerate(asked.data["sentences"]) if item["text"] == LOUD)
        ODD[odd](answer["verdicts"], at)
        return answer

    words, _ = written(says(draft(fact(LOUD)), verdicts))
    assert [sentence.text for sentence in words.sentences if sentence.unchecked] == [LOUD]


def test_the_budget_may_end_between_the_two() -> None:
    def dear(to: Answering, asked: Asked) -> None:
        to.say(json.dumps(draft(fact(LOUD))(asked)), usage=(2500, 400))

    with ModelServer(dear) as server:
        words = asked_of(server, weekly_tokens=3200).words([found()])["jane-roe"]
    assert [asked.task for asked in server.requests] == ["write"]
    assert (words.writer, [s.text for s in words.sentences if s.unchecked]) == ("model", [LOUD])


def test_a_server_that_never_verifies_is_not_waited_for_by_everybody() -> None:
    people = [dossier(person=person(handle=f"p-{n}")) for n in range(6)]
    with ModelServer(only_when("verify", habits.stalls)) as server:
        started = time.monotonic()
        words = asked_of(server, timeout=1.0, parallel=1).words(people)
        assert time.monotonic() - started < 4
    assert {found.writer for found in words.values()} == {"model"}
    assert [asked.task for asked in server.requests].count("verify") == 2


def test_marked_words_and_what_was_removed_are_kept_for_the_week() -> None:
    cache = MemoryCache()
    for habit in (only_when("verify", habits.empty), says(draft(*(fact(text) for text in FALSE)), harsh)):
        with ModelServer(habit) as server:
            first = asked_of(server, cache).words([found()])
            calls = len(server.requests)
            assert asked_of(server, cache).words([found()]) == first
            assert len(server.requests) == calls
    assert {text for text, _ in first["jane-roe"].dropped} >= set(FALSE)


@pytest.mark.parametrize("seed", range(4))
def test_a_verifier_of_usual_quality(seed: int) -> None:
    """Right about 90 of 100 false and 97 of 100 true sentences: most drafts stand, and few lies do."""
    truth = {text: ("E3", quote) for text, quote in TRUE.items()}
    stood = lied = models = 0
    for n in range(6):
        facts = [fact(text, quote) for text, quote in TRUE.items()] + [fact(text) for text in FALSE]
        quality = of_quality(truth | _plain(), 0.9, 0.97, 10 * seed + n)
        words, _ = written(says(draft(*facts), quality))
        said = {sentence.text for sentence in words.sentences}
        models += words.writer == "model"
        stood += len(said & set(TRUE))
        lied += len(said & set(FALSE))
    assert models == 6
    assert stood >= 0.85 * 6 * len(TRUE)
    assert lied <= 0.25 * 6 * len(FALSE)


def _plain() -> dict[str, tuple[str, str]]:
    """What the honest server says besides, as the verifier knows it."""
    day = "Tuesday 10 February 2026"
    own = [f"Our last contact was on {day}.", f"Last contact: {day}."]
    wishes = ["A coffee soon?", "It would be good to talk again soon, and to hear how you are and what you think."]
    return dict.fromkeys(own, ("E2", day)) | dict.fromkeys(wishes, ("", ""))


FILED = [
    ({"kind": "fact", "text": "I hope you are well.", "evidence": ["E3"], "quote": "I hope all is well"}, "why", ()),
    ({"kind": "why", "text": "I hope you are well.", "evidence": ["E99"], "quote": ""}, "why", ()),
    (fact("Your checklist saved us a week.", "Your checklist saved us a week", "E1"), "fact", ("E3",)),
    (fact("Your checklist saved us a week.", "Your checklist saved us a week", "E99"), "fact", ("E3",)),
]


@pytest.mark.parametrize(("row", "kind", "evidence"), FILED, ids=[str(n) for n in range(len(FILED))])
def test_code_puts_right_what_was_filed_wrongly(row: dict[str, Any], kind: str, evidence: tuple[str, ...]) -> None:
    def verdicts(asked: Asked) -> dict[str, Any]:
        answer = verdicts_for(asked)
        for given, item in zip(answer["verdicts"], asked.data["sentences"], strict=True):
            if item["text"] == row["text"]:
                given |= {"verdict": "supported", "evidence": "E3", "quote": "your checklist saved us"}
        return answer

    words, _ = written(says(draft(row), verdicts))
    kept = next(sentence for sentence in words.sentences if sentence.text == row["text"])
    assert kept.kind == kind
    assert set(evidence) <= set(kept.evidence)
    assert words.dropped == ()


def test_a_request_filed_as_something_else_is_the_request() -> None:
    def build(asked: Asked) -> dict[str, Any]:
        words = words_for(asked)
        for row in words["sentences"]:
            row["kind"] = "why" if row["kind"] == "ask" else row["kind"]
        return words

    words, _ = written(says(build))
    assert [s.text for s in words.sentences if s.kind == "ask"] == [
        "Would you have 20 to 30 minutes for a coffee in the coming weeks?"
    ]


@pytest.mark.parametrize("greeting", ["Yo Jane!!", "Dear Madam,", ""])
def test_greeting_and_sign_off_are_the_owners(greeting: str) -> None:
    def build(asked: Asked) -> dict[str, Any]:
        words = answer_for(asked)
        if "subject" in words:
            words["sentences"] = [row for row in words["sentences"] if row["kind"] not in {"greeting", "close"}]
            ends = [("greeting", greeting), ("close", "XOXO, your Priya")]
            words["sentences"][:0] = [
                {"kind": kind, "text": text, "evidence": [], "quote": ""} for kind, text in ends if text
            ]
        return words

    words, _ = written(says(build))
    assert words.body.startswith("Hi Jane,\n\n")
    assert words.body.endswith("\n\nCheers,\nPriya\n")
    assert words.dropped == ()


def test_what_is_said_twice_is_said_once_and_needs_no_repair() -> None:
    text, quote = next(iter(TRUE.items()))
    words, requests = written(says(draft(fact(text, quote), fact(text, quote)), knowing(text)))
    assert words.body.count(text) == 1
    assert words.dropped == ((text, "repeated"),)
    assert [asked.task for asked in requests] == ["write", "verify"]


QUOTES = [
    ("YOUR  checklist saved\nus a week", True),
    ("“Your checklist … a week.”", True),
    ("[...] saved us a week", True),
    ("saved us two weeks", False),
    ("a week … your checklist", False),
    ("", False),
    ("…", False),
    ("us", False),
]


@pytest.mark.parametrize(("quote", "stands"), QUOTES)
def test_a_quote_proves_only_what_stands_there(quote: str, *, stands: bool) -> None:
    assert holds(found().of_kind("message")[0], quote) is stands


def test_the_second_request_holds_no_more_than_the_first() -> None:
    _, requests = written(says(draft(fact(FALSE[0]))))
    sent = {json.dumps(row) for row in requests[0].data["evidence"]}
    for asked in requests[1:]:
        assert {json.dumps(row) for row in asked.data["evidence"]} == sent
        assert asked.data["facts"] == requests[0].data["facts"]
        assert set(asked.data) <= {"task", "facts", "evidence", "sentences", "repair", "kept"}
