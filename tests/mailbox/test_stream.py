"""The header stream when a server refuses, garbles or breaks the line."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

import pytest

from assistant.config.secrets import Credential
from assistant.core.mail.message import Cursor
from assistant.errors import MailboxError, UnreachableError
from assistant.mailbox.imap.connection import Limits
from assistant.mailbox.imap.mailbox import ImapMailbox
from tests.mailbox.test_scripted import QUICK, all_but, several
from tests.servers.scripted import Script, running_script

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.core.mail.message import Batch, Header
    from assistant.mailbox.imap.unreadable import Pace


def mailbox_of(script: Script, batch: int = 5_000, pace: Pace | None = None, limits: Limits = QUICK) -> ImapMailbox:
    return ImapMailbox(script.config(), lambda: Credential("x"), limits=limits, batch=batch, pace=pace)


def batches(mailbox: ImapMailbox, cursor: Cursor | None = None) -> Iterator[Batch]:
    return mailbox.stream("Sent", cursor, frozenset, None)


def headers_of(script: Script) -> list[Header]:
    with running_script(script):
        mailbox = mailbox_of(script)
        found = [header for batch in batches(mailbox) for header in batch.headers]
        mailbox.close()
    return found


def with_calendar(headers: list[Header]) -> list[int]:
    return [header.locator.uid for header in headers if header.calendar]


def test_the_server_has_one_set_to_work_at_while_a_batch_is_stored() -> None:
    script = Script(several(40))
    with running_script(script):
        mailbox = mailbox_of(script, batch=10)
        seen = [_sets_asked(script, min(done + 1, 4)) for done, _ in enumerate(batches(mailbox), 1)]
        mailbox.close()
    assert seen == [2, 3, 4, 4]


def _sets_asked(script: Script, fewest: int) -> int:
    """Return how many FETCHes reached the server, once there are `count` and no more follow."""
    end = time.monotonic() + 5.0
    while script.commands.count("UID FETCH") < fewest and time.monotonic() < end:
        time.sleep(0.01)
    time.sleep(0.1)
    return script.commands.count("UID FETCH")


def test_a_whole_batch_is_handed_out_though_the_next_set_cannot_be_asked_for() -> None:
    class RoundOver(logging.Handler):
        """Ends the time of the round at the moment a message is left out."""

        def emit(self, record: logging.LogRecord) -> None:
            del record
            mailbox.within(-1.0)

    log, handler = logging.getLogger("assistant.mailbox.imap.stream"), RoundOver()
    log.addHandler(handler)
    with running_script(Script(several(3), poison=frozenset({1}))) as script:
        mailbox = mailbox_of(script, batch=1)
        stream = batches(mailbox)
        first = next(stream)
        assert (first.headers, first.cursor) == ((), Cursor(7, 1, unread=((1, 1),)))
        with pytest.raises(UnreachableError, match="in time"):
            next(stream)
        mailbox.close()
        log.removeHandler(handler)
        mailbox = mailbox_of(script, batch=1)
        assert [len(batch.headers) for batch in batches(mailbox, first.cursor)] == [1, 1, 0]
        mailbox.close()


def test_a_line_that_answered_just_now_is_not_tried() -> None:
    def slow(answer: bytes) -> bytes:
        if b"UID 5 " in answer or b"UID 15 " in answer:
            time.sleep(0.4)
        return answer

    with running_script(Script(several(), mutate=slow)) as script:
        mailbox = mailbox_of(script, batch=10, limits=Limits(stale=0.3))
        assert [len(batch.headers) for batch in batches(mailbox)] == [10, 10]
        mailbox.close()
    assert (script.connections, script.commands.count("NOOP")) == (1, 0)


def test_an_answer_without_grammar_is_noted_and_asked_for_again(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    with running_script(Script(several(), garbled=frozenset({2, 9}))) as script:
        mailbox = mailbox_of(script)
        read = list(batches(mailbox))
        assert [header.locator.uid for batch in read for header in batch.headers] == all_but(2, 9)
        assert read[-1].cursor.unread == ((2, 2), (9, 9))
        script.garbled = frozenset({9})
        again = list(batches(mailbox, read[-1].cursor))
        assert [header.locator.uid for batch in again for header in batch.headers] == [2]
        assert again[-1].cursor == Cursor(7, 20, unread=((9, 9),))
        mailbox.close()


def test_a_calendar_without_grammar_costs_no_message_and_is_asked_for_again(caplog: pytest.LogCaptureFixture) -> None:
    def garbled(answer: bytes) -> bytes:
        return b"* 5 FETCH (UID 5 ((( nonsense" if b"UID 5 " in answer and b"BODY[1]" in answer else answer

    with running_script(Script(several(), calendars=frozenset({4, 5, 6}), mutate=garbled)) as its:
        mailbox = mailbox_of(its, batch=10)
        read = list(batches(mailbox))
        headers = [header for batch in read for header in batch.headers]
        assert [header.locator.uid for header in headers] == all_but()
        assert with_calendar(headers) == [4, 6]
        assert read[-1].cursor.unread == ((5, 5),)
        assert "left out" not in caplog.text
        its.mutate = None
        (again,) = batches(mailbox, read[-1].cursor)
        assert (with_calendar(list(again.headers)), again.cursor.unread) == ([5], ())
        mailbox.close()


@pytest.mark.parametrize("silent", [False, True])
def test_the_calendar_of_a_single_message_outlives_a_line_that_breaks_once(*, silent: bool) -> None:
    def slow(answer: bytes) -> bytes:
        if script.connections == 1:
            time.sleep(QUICK.silence + 0.2)
        return answer

    script = Script(several(1), calendars=frozenset({1}))
    script.cut, script.cuts, script.mutate = (frozenset(), 0, slow) if silent else (frozenset({1}), 1, None)
    assert with_calendar(headers_of(script)) == [1]
    assert script.connections == 2


def test_a_calendar_that_is_refused_costs_no_other() -> None:
    script = Script(several(), calendars=frozenset(range(1, 21, 2)), text_refused=frozenset({3, 17}))
    headers = headers_of(script)
    assert [header.locator.uid for header in headers] == all_but()
    assert with_calendar(headers) == [1, 5, 7, 9, 11, 13, 15, 19]


def test_throttling_is_obeyed_where_calendars_are_asked_for() -> None:
    words = b"NO [LIMIT] UID FETCH Rate limit hit. Suggested Backoff Time: 9000 milliseconds"
    calendars = frozenset(range(1, 21))
    script = Script(several(), calendars=calendars, text_refused=frozenset({3}), refusal=words)
    with pytest.raises(MailboxError) as caught:
        headers_of(script)
    assert caught.value.retry_after == 9.0
    assert script.commands.count("UID FETCH") == 2


def test_a_stream_that_ends_leaves_the_line_of_others_alone() -> None:
    with running_script(Script(several())) as script:
        mailbox = mailbox_of(script, batch=5)
        stream = batches(mailbox)
        next(stream)
        assert mailbox.find("Sent", "m1@example.com")
        stream.close()  # type: ignore[attr-defined]  # it is a generator
        assert mailbox.find("Sent", "m1@example.com")
        assert script.connections == 2
        mailbox.close()
