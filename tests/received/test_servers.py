"""Received mail from servers that search in their own way, and from servers in trouble."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from assistant.config.secrets import Credential
from assistant.core.mail.message import Cursor, Senders
from assistant.errors import MailboxError, UnreachableError
from assistant.mailbox.imap.connection import Limits
from assistant.mailbox.imap.mailbox import ImapMailbox
from tests.received.letters import TRAPS, letter
from tests.servers import search_criteria as dialect
from tests.servers.scripted import Script, running_script

if TYPE_CHECKING:
    from assistant.core.mail.message import Batch
    from tests.servers.search_criteria import Compare

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
THEIRS = ("jane@x.example", "Jane Doe <Jane@x.example>", '"Doe, Jane" <jane@x.example>', "bob@y.example")
SENDERS = Senders(("bob@y.example", "jane@x.example"))
QUICK = Limits(connect=10.0, silence=0.5, command=10.0, poll=0.1)
MAIL = [letter(sender.replace("{}", "s"), number, AT) for number, sender in enumerate((*TRAPS, *THEIRS), 1)]
FIRST_OF_THEIRS = len(TRAPS) + 1
# Courier can't tell the comment of an old program from the address of a stranger.
IN_A_COMMENT = TRAPS.index("{}@evil.example (jane@x.example)") + 1


def read(script: Script, cursor: Cursor | None = None, senders: Senders = SENDERS) -> list[Batch]:
    mailbox = ImapMailbox(script.config(), lambda: Credential("x"), limits=QUICK)
    try:
        return list(mailbox.received("INBOX", cursor, senders, None))
    finally:
        mailbox.close()


def uids(batches: list[Batch]) -> list[int]:
    return [header.locator.uid for batch in batches for header in batch.headers]


def named(script: Script, items: str = ".*") -> set[int]:
    """Return the UIDs that FETCH commands with such items named."""
    found = [re.fullmatch(rf"UID FETCH (\S+) {items}", said.decode()) for said in script.said]
    parts = [part.split(":") for one in found if one for part in one[1].split(",")]
    return {uid for part in parts for uid in range(int(part[0]), int(part[-1]) + 1)}


@pytest.mark.parametrize(
    ("compare", "exact"),
    [
        (dialect.as_courier, {IN_A_COMMENT}),
        (dialect.as_cyrus, set[int]()),
        (dialect.as_gmail, None),
        (dialect.as_gmail_or_nothing, None),
        (dialect.as_exchange, None),
    ],
)
def test_only_their_mail_is_read_however_a_server_searches(compare: Compare, exact: set[int] | None) -> None:
    with running_script(Script(MAIL, compare=compare)) as script:
        batches = read(script)
    theirs = set(range(FIRST_OF_THEIRS, len(MAIL) + 1))
    assert set(uids(batches)) == theirs
    assert batches[-1].cursor == Cursor(7, len(MAIL))
    # What tells strangers apart is From, and where the server can tell, not even that is asked for.
    assert named(script, r"\(UID FLAGS INTERNALDATE.*|\(UID BODY\.PEEK\[1.*") <= theirs
    if exact is not None:
        assert named(script) <= theirs | exact


def test_a_server_that_finds_everything_is_not_believed() -> None:
    with (
        running_script(Script(MAIL, compare=dialect.as_nobody)) as script,
        pytest.raises(MailboxError, match="can't search by sender"),
    ):
        read(script)
    assert not named(script)


@pytest.mark.parametrize("refused", [b"OR FROM", b"HEADER Content-Type"])
def test_a_search_that_a_server_refuses_costs_no_mail(refused: bytes) -> None:
    with running_script(Script(MAIL, compare=dialect.as_cyrus, search_refused=refused)) as script:
        assert set(uids(read(script))) == set(range(FIRST_OF_THEIRS, len(MAIL) + 1))


def test_a_server_that_searches_slowly_is_asked_for_less_at_once() -> None:
    mail = [letter("stranger@far.example", 1, AT)] * 2_200
    mail[0] = mail[-1] = letter("Jane <jane@x.example>", 2, AT)
    with running_script(Script(mail, compare=dialect.as_courier, searchable=1_000)) as script:
        batches = read(script)
        assert uids(batches) == [1, 2_200]
        assert [batch.cursor.last_uid for batch in batches] == sorted(batch.cursor.last_uid for batch in batches)
        script.searchable = 1
        with pytest.raises(UnreachableError, match="did not answer in time"):
            read(script)


def test_nobody_can_say_that_there_is_no_answer_where_that_cannot_be_searched() -> None:
    with running_script(Script(MAIL, compare=dialect.as_courier, search_refused=b"In-Reply-To")) as script:
        mailbox = ImapMailbox(script.config(), lambda: Credential("x"), limits=QUICK)
        assert mailbox.answered_by_others(["a@x", "b@x"], (), AT) == {"a@x", "b@x"}
        script.search_refused = b""
        assert mailbox.answered_by_others(["a@x", "bé@x"], (), AT) == {"bé@x"}, "it can't be searched for"
        mailbox.close()


def test_new_senders_are_looked_for_from_the_start() -> None:
    with running_script(Script(MAIL, compare=dialect.as_courier)) as script:
        known = Cursor(7, FIRST_OF_THEIRS)
        assert uids(read(script, known, Senders(("jane@x.example",), ("bob@y.example",)))) == [
            FIRST_OF_THEIRS + 1,
            FIRST_OF_THEIRS + 2,
            FIRST_OF_THEIRS + 3,
        ]
        known = Cursor(7, len(MAIL))
        assert uids(read(script, known, Senders(("jane@x.example",), ("bob@y.example",)))) == [FIRST_OF_THEIRS + 3]
        script.said.clear()
        assert read(script, known) == []
        assert not any(said.startswith((b"EXAMINE", b"UID")) for said in script.said)


def test_an_address_beyond_ascii_is_searched_for_in_utf8() -> None:
    mail = [letter("Zoë <zoe@bücher.example>", 1, AT), letter("Zoë <zoe@xn--bcher-kva.example>", 2, AT)]
    with running_script(Script(mail, compare=dialect.as_courier)) as script:
        both = Senders(("zoe@xn--bcher-kva.example", "zoe@bücher.example"))
        assert uids(read(script, None, both)) == [2], "this server refuses CHARSET, and the rest comes all the same"


@pytest.mark.parametrize(
    ("trouble", "lost"),
    [
        ({"poison": {3}}, [3]),
        ({"poison": {3}, "refusal": b"BAD what?"}, [3]),
        ({"poison_structure": {3}}, [3]),
        ({"cut": {3}}, [3]),
        ({"giant": {3}}, [3]),
        ({"stalls": {3}}, [3]),
        ({"garbled": {3}}, [3]),
        ({"dropped": {3}}, [3]),
        ({"dropped": {2, 3, 5}}, [2, 3, 5]),
        ({"shuffled": True, "noise": True, "courier": True}, []),
        ({"most": 3}, []),
    ],
)
def test_what_a_server_withholds_costs_nothing_else(trouble: dict[str, Any], lost: list[int]) -> None:
    mail = [letter("Jane <jane@x.example>", number, AT) for number in range(1, 41)]
    given: dict[str, Any] = {
        name: frozenset(value) if isinstance(value, set) else value for name, value in trouble.items()
    }
    with running_script(Script(mail, compare=dialect.as_courier, **given)) as script:
        cursor: Cursor | None = None
        found: set[int] = set()
        alone: set[int] = set()
        for _ in range(3):
            for batch in read(script, cursor):
                cursor = batch.cursor
                found |= {header.locator.uid for header in batch.headers}
                alone |= set(batch.alone)
        assert found >= set(range(1, 41)) - set(lost)
        assert cursor is not None
        assert cursor.last_uid == 40
        assert [uid for first, last in cursor.unread or () for uid in range(first, last + 1)] == lost
        assert alone <= set(lost)
        script.poison = script.poison_structure = script.cut = script.giant = script.stalls = frozenset()
        script.garbled = script.dropped = frozenset()
        batches = read(script, cursor)
    assert uids(batches) == lost, "asked for again, they come"
    assert not batches or batches[-1].cursor == Cursor(7, 40)


def test_a_server_that_wants_to_be_left_alone_is() -> None:
    refusal = b"NO [LIMIT] Rate limit hit. Suggested Backoff Time: 9000 milliseconds"
    mail = [letter("jane@x.example", number, AT) for number in range(1, 9)]
    with (
        running_script(Script(mail, compare=dialect.as_courier, poison=frozenset({3}), refusal=refusal)) as script,
        pytest.raises(UnreachableError) as caught,
    ):
        read(script)
    assert caught.value.retry_after == 9.0
    assert script.commands.count("UID FETCH") == 1
