"""ImapMailbox against a scripted server that does what no Dovecot does."""

from __future__ import annotations

import logging
import random
import signal
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from assistant.config.secrets import Credential
from assistant.core.mail.message import Cursor, Folders
from assistant.core.mail.withheld import spans_of
from assistant.errors import InDoubtError, LoginRefusedError, MailboxError, UnreachableError
from assistant.mailbox.imap.connection import Limits
from assistant.mailbox.imap.mailbox import ImapMailbox
from assistant.rounds.scan.run import scan_sent_mail
from assistant.store.database import Store
from assistant.store.facts import Paces
from tests.fakes import FakeMailbox
from tests.mailbox.test_imap import AT, message
from tests.scanning import make_round
from tests.servers.scripted import Script, running_script

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

QUICK = Limits(connect=2.0, silence=1.0, command=2.0, poll=0.1)


def uids_of(script: Script, batch: int = 5_000) -> list[int]:
    with running_script(script):
        mailbox = ImapMailbox(script.config(), lambda: Credential("x"), limits=QUICK, batch=batch)
        batches = list(mailbox.stream("Sent", None, frozenset, None))
        mailbox.close()
    cursors = [batch.cursor.last_uid for batch in batches]
    assert cursors == sorted(cursors)
    assert cursors[-1] == len(script.messages)
    return [header.locator.uid for batch in batches for header in batch.headers]


def several(count: int = 20) -> list[bytes]:
    return [message(number) for number in range(1, count + 1)]


def all_but(*left_out: int, count: int = 20) -> list[int]:
    return [uid for uid in range(1, count + 1) if uid not in left_out]


@pytest.mark.parametrize("refusal", [b"NO cannot read that", b"BAD what?", b"NO [SERVERBUG] oops"])
def test_one_message_that_spoils_a_range_is_left_out(refusal: bytes, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert uids_of(Script(several(), poison=frozenset({7, 20}), refusal=refusal)) == all_but(7, 20)
    assert "message 7 of a folder could not be read" in caplog.text
    assert "Priya" not in caplog.text


def test_ranges_behind_a_spoilt_one_are_read(caplog: pytest.LogCaptureFixture) -> None:
    del caplog
    found = uids_of(Script(several(120), poison=frozenset({3, 90})), batch=20)
    assert found == all_but(3, 90, count=120)


@pytest.mark.parametrize(("known", "commands"), [(20, ["LIST", "EXAMINE"]), (19, ["LIST", "EXAMINE", "UID FETCH"])])
def test_a_look_for_news_takes_few_round_trips(opened: Opener, known: int, commands: list[str]) -> None:
    script = Script(several(), capabilities=b"IMAP4rev1 NAMESPACE")
    mailbox = opened(script)
    sent = mailbox.folders().sent
    batches = list(mailbox.stream(sent, Cursor(7, known), frozenset, None))
    assert [len(batch.headers) for batch in batches] == ([1] if known == 19 else [])
    assert script.commands[script.commands.index("LOGIN") + 1 :][-len(commands) :] == commands
    of_the_library = sys.version_info >= (3, 14)  # imaplib asks once more by itself there
    assert script.commands[script.commands.index("LOGIN") + 1 :].count("CAPABILITY") <= 1 + of_the_library


def rounds(script: Script, store: Store, most: int) -> tuple[list[int], Cursor | None]:
    """Return what is read in up to `rounds` rounds, each starting where the last one ended; stop once one succeeds."""
    limits, found = Limits(connect=2.0, silence=0.2, command=2.0, poll=0.1), []
    cursor: Cursor | None = None
    with running_script(script):
        for _ in range(most):
            mailbox = ImapMailbox(script.config(), lambda: Credential("x"), limits=limits, pace=Paces(store))
            try:
                for batch in mailbox.stream("Sent", cursor, frozenset, None):
                    found += [header.locator.uid for header in batch.headers]
                    cursor = batch.cursor
            except UnreachableError:
                continue
            else:
                return found, cursor
            finally:
                mailbox.close()
    message = f"{most} rounds were not enough"
    raise AssertionError(message)


@pytest.mark.parametrize("stalls", [{1}, {700}, {690, 700}])
def test_a_message_over_which_the_server_falls_silent_is_left_out_a_few_rounds_later(stalls: set[int]) -> None:
    script = Script(several(800), stalls=frozenset(stalls))
    with Store(None) as store:
        assert rounds(script, store, 6) == (all_but(*stalls, count=800), Cursor(7, 800, unread=spans_of(stalls)))
        assert Paces(store).pace("Sent") is None, "the next round asks for as many as usual"


def test_throttling_is_obeyed(opened: Opener) -> None:
    script = Script(
        several(),
        poison=frozenset({3}),
        refusal=b"NO [LIMIT] UID FETCH Rate limit hit. Suggested Backoff Time: 9000 milliseconds",
    )
    with pytest.raises(MailboxError) as caught:
        list(opened(script).stream("Sent", None, frozenset, None))
    assert caught.value.retry_after == 9.0
    assert script.commands.count("UID FETCH") == 1


def test_a_quiet_line_is_tried_before_it_is_trusted() -> None:
    with running_script(Script(several(2))) as script:
        mailbox = ImapMailbox(script.config(), lambda: Credential("x"), limits=Limits(stale=0.05))
        assert len(next(mailbox.stream("Sent", None, frozenset, None)).headers) == 2
        time.sleep(0.1)
        script.bye = frozenset({"NOOP"})
        assert len(next(mailbox.stream("Sent", None, frozenset, None)).headers) == 2
        assert (script.connections, script.commands.count("NOOP")) == (2, 1)
        mailbox.close()


def test_a_message_without_structure_keeps_its_header() -> None:
    assert uids_of(Script(several(), poison_structure=frozenset({5}))) == all_but()


def test_a_line_that_breaks_once_is_made_anew() -> None:
    script = Script(several(), cut=frozenset({9}), cuts=1)
    assert uids_of(script) == all_but()
    assert script.connections == 2


def test_a_message_that_breaks_the_line_is_left_out() -> None:
    assert uids_of(Script(several(), cut=frozenset({9}))) == all_but(9)


def test_a_giant_literal_is_not_taken() -> None:
    assert uids_of(Script(several(4), giant=frozenset({2}))) == all_but(2, count=4)


def test_an_answer_without_grammar_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    assert uids_of(Script(several(), garbled=frozenset({2}))) == all_but(2)
    assert "message 2 of a folder" in caplog.text


@pytest.mark.parametrize("habit", ["noise", "courier", "shuffled"])
def test_habits_change_nothing(habit: str) -> None:
    plain, odd = Script(several()), Script(several(), **{habit: True})  # type: ignore[arg-type]
    assert read(plain) == read(odd)


def read(script: Script) -> list[tuple[bytes, datetime | None, int, frozenset[str]]]:
    with running_script(script):
        mailbox = ImapMailbox(script.config(), lambda: Credential("x"), limits=QUICK)
        headers = [h for batch in mailbox.stream("Sent", None, frozenset, None) for h in batch.headers]
        mailbox.close()
    assert [header.locator.uid for header in headers] == all_but()
    assert headers[0].internaldate == datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    return [(header.header, header.internaldate, header.size, header.flags) for header in headers]


def test_long_headers_are_cut(caplog: pytest.LogCaptureFixture) -> None:
    del caplog
    script = Script([message(1), message(2, extra="References: " + "<x@example.com>\r\n " * 20_000), message(3)])
    with running_script(script):
        mailbox = ImapMailbox(script.config(), lambda: Credential("x"), limits=QUICK)
        headers = [h for batch in mailbox.stream("Sent", None, frozenset, None) for h in batch.headers]
        mailbox.close()
    assert [header.locator.uid for header in headers] == [1, 2, 3]
    assert len(headers[1].header) == 128 << 10


@pytest.fixture
def opened() -> Iterator[Opener]:
    opener = Opener()
    yield opener
    for mailbox in opener.mailboxes:
        mailbox.close()
    for context in opener.contexts:
        context.__exit__(None, None, None)


class Opener:
    def __init__(self) -> None:
        self.mailboxes: list[ImapMailbox] = []
        self.contexts: list[AbstractContextManager[Script]] = []

    def __call__(self, script: Script, **changes: object) -> ImapMailbox:
        self.contexts.append(running_script(script))
        self.contexts[-1].__enter__()
        self.mailboxes.append(ImapMailbox(script.config(**changes), lambda: Credential("x"), limits=QUICK))
        return self.mailboxes[-1]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", LoginRefusedError),
        (b"NO LOGIN failed.", LoginRefusedError),
        (b"NO Login failed: authentication failure", LoginRefusedError),
        (b"NO [ALERT] Application-specific password required", LoginRefusedError),
        (b"NO [UNAVAILABLE] Temporary authentication failure", MailboxError),
        (b"NO [LIMIT] Too many simultaneous connections", MailboxError),
        (b"NO Server busy", MailboxError),
        (b"NO [AUTHENTICATIONFAILED] Please try again", LoginRefusedError),
        (b"NO [AUTHENTICATIONFAILED] (#AUTH012) IMAP access limited to one device", LoginRefusedError),
        (b"NO [AUTHORIZATIONFAILED] not this user", LoginRefusedError),
        (b"NO [AUTHENTICATIONFAILED] Too many login failures, try again later", LoginRefusedError),
        (b"NO [EXPIRED] That password is too old", LoginRefusedError),
        (b"NO Zugang verweigert", LoginRefusedError),
        (b"NO [ALERT] Invalid credentials (Failure)", LoginRefusedError),
        (b"NO LOGIN Login error password error", LoginRefusedError),
        (b"NO [ALERT] Account exceeded command or bandwidth limits. (Failure)", MailboxError),
        (b"NO Account exceeded command or bandwidth limits. (Failure)", MailboxError),
        (b"NO [ALERT] Too many simultaneous connections. (Failure)", MailboxError),
        (b"NO [ALERT] Please log in via your web browser: https://mail.example/78754 (Failure)", MailboxError),
        (b"NO [ALERT] IMAP access is disabled for your domain. (Failure)", MailboxError),
        (b"NO [ALERT] Maintenance until noon", MailboxError),
        (b"NO [WEBALERT https://accounts.example/continue] Web login required.", MailboxError),
        (b"NO [INUSE] Mailbox in use", MailboxError),
        (b"NO [SERVERBUG] Internal error occurred, password checked", MailboxError),
        (b"NO [CONTACTADMIN] This account is closed", MailboxError),
        (b"NO [PRIVACYREQUIRED] TLS please", MailboxError),
        (b"NO [OVERQUOTA] full", MailboxError),
        (b"NO Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)", MailboxError),
        (b"NO Temporary authentication failure", MailboxError),
        (b"NO Login rate limit reached", MailboxError),
        (b"NO Unsafe Login. Please contact kefu@188.com for help", MailboxError),
        (b"BAD Login failed? what is that", MailboxError),
    ],
)
def test_only_wrong_credentials_are_refused(opened: Opener, answer: bytes, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        opened(Script(login=answer)).folders()
    assert type(caught.value) is error


@pytest.mark.parametrize("answer", [b"NO [ALERT] It's Monday", b"NO [LIMIT] Wait", b"BAD [LIMIT] Wait"])
def test_what_a_server_says_at_login_is_told_as_words(opened: Opener, answer: bytes) -> None:
    with pytest.raises(MailboxError) as caught:
        opened(Script(login=answer)).folders()
    assert answer.partition(b" ")[2].decode() in str(caught.value)
    assert "b'" not in str(caught.value).replace('"', "'")


def test_a_line_dropped_at_login_is_no_refusal(opened: Opener) -> None:
    with pytest.raises(UnreachableError) as caught:
        opened(Script(bye=frozenset({"LOGIN"}))).folders()
    assert not isinstance(caught.value, MailboxError)


def test_a_token_signs_in_by_xoauth2() -> None:
    with running_script(Script(several(1))) as script:
        mailbox = ImapMailbox(script.config(), lambda: Credential(token="tok"), limits=QUICK)
        assert mailbox.folders().sent == "Sent"
        mailbox.close()
    assert script.signed_in_by == b"user=priya\1auth=Bearer tok\1\1"


def test_a_refused_token() -> None:
    with running_script(Script(login=b"NO [AUTHENTICATIONFAILED] Invalid credentials")) as script:
        mailbox = ImapMailbox(script.config(), lambda: Credential(token="tok"), limits=QUICK)
        with pytest.raises(LoginRefusedError, match="token_command"):
            mailbox.folders()


def test_a_password_beyond_ascii_goes_by_plain() -> None:
    with running_script(Script(capabilities=b"IMAP4rev1 AUTH=PLAIN")) as script:
        mailbox = ImapMailbox(script.config(), lambda: Credential("grün"), limits=QUICK)
        mailbox.folders()
        mailbox.close()
    assert script.signed_in_by == "\0priya\0grün".encode()


def test_a_server_may_ask_for_patience(opened: Opener) -> None:
    with pytest.raises(UnreachableError) as caught:
        opened(Script(login=b"NO Server busy. Suggested Backoff Time: 280000 milliseconds")).folders()
    assert caught.value.retry_after == 280.0


def test_flags_in_lower_case_tell_the_folders(opened: Opener) -> None:
    folders = (b'(\\sent) "." INBOX.Weg', b'(\\drafts) "." "INBOX.Neu"', b'(\\Noselect) "." "INBOX.Sent"')
    assert opened(Script(folders=folders)).folders() == Folders("INBOX", "INBOX.Weg", "INBOX.Neu")


SENT = b'(\\Sent) "/" "Sent"'
DRAFTS = b'(\\Drafts) "/" "Drafts"'
OTHERS = b'(("" "/")) (("Other Users/" "/")) (("Shared/" "/") ("&AOk" "/"))'


@pytest.mark.parametrize(
    ("more", "also"),
    [
        ((b'(\\Sent) "/" "Sent Messages"', b'() "/" "Gesendet"'), ("Sent Messages", "Gesendet")),
        ((b'(\\Sent) "/" "Other Users/bob/Sent"', b'(\\Sent) "/" "Shared/Sent"', b'(\\Sent) "/" "&AOk-/Sent"'), ()),
        ((b'(\\Trash) "/" "Sent Items"', b'(\\Noselect \\Sent) "/" "Old"', b'() "/" "Projects/Sent"'), ()),
        ((b'() "/" "[Gmail]/Sent Mail"', b'() "/" "INBOX/Sent"'), ("INBOX/Sent", "[Gmail]/Sent Mail")),
        ((b'() "/" "Sent Items"', b'() "/" "INBOX/Sent"'), ("Sent Items", "INBOX/Sent")),
    ],
)
def test_the_owners_folders_of_sent_mail(opened: Opener, more: tuple[bytes, ...], also: tuple[str, ...]) -> None:
    script = Script(several(2), folders=(SENT, DRAFTS, *more), capabilities=b"IMAP4rev1 NAMESPACE", namespaces=OTHERS)
    found = opened(script).folders()
    assert replace(found, not_read=()) == Folders("INBOX", "Sent", "Drafts", also)
    assert found.not_read == (("Projects/Sent",) if b"Projects" in more[-1] else ())


def test_a_folder_of_sent_mail_that_fails_costs_itself_alone() -> None:
    script = Script(several(3), folders=(SENT, DRAFTS, SENT.replace(b'"Sent"', b'"Sent Messages"')))
    script.shut = frozenset({b"Sent Messages"})
    with Store(None) as store, running_script(script):
        mailbox = ImapMailbox(script.config(received=False), lambda: Credential("x"), limits=QUICK)

        def scanned() -> tuple[tuple[str, ...], int, str]:
            round_ = make_round(store, FakeMailbox(), now=AT)
            (found,) = scan_sent_mail(replace(round_, mailbox=mailbox, folders=mailbox.folders()))
            return found.folders, found.new, " ".join(found.remarks)

        folders, new, said = scanned()
        assert (folders, new) == (("Sent",), 3)
        assert said.startswith(
            f"Sent Messages could not be read: The mail server 127.0.0.1:{script.port} refused the command"
        )
        script.shut = frozenset()
        assert scanned() == (("Sent", "Sent Messages"), 3, "")
        script.shut = frozenset({b"Sent", b"Sent Messages"})
        with pytest.raises(MailboxError):
            scanned()
        mailbox.close()


def test_an_inbox_that_cannot_be_read_costs_itself_alone() -> None:
    """This server can't search by sender."""
    with Store(None) as store, running_script(Script(several(3))) as script:
        mailbox = ImapMailbox(script.config(), lambda: Credential("x"), limits=QUICK)
        round_ = make_round(store, FakeMailbox(), now=AT)
        (found,) = scan_sent_mail(replace(round_, mailbox=mailbox, folders=mailbox.folders()))
        assert (found.folders, found.new) == (("Sent",), 3)
        assert found.remarks[0].startswith("INBOX could not be read: ")
        mailbox.close()


def test_a_folder_named_by_a_number(opened: Opener) -> None:
    folders = (b'() "/" "2024"', b'() "/" "Sent"')
    assert opened(Script(folders=folders)).folders().sent == "Sent"


@pytest.mark.parametrize("answer", [None, b"NO [OVERQUOTA] full", b"BAD no"])
def test_append_tells_doubt_from_refusal(opened: Opener, answer: bytes | None) -> None:
    script = Script(append=answer)
    error = InDoubtError if answer is None else MailboxError
    with pytest.raises(error) as caught:
        opened(script).append("Drafts", message(1), ("\\Draft",), AT)
    assert type(caught.value) is error
    assert script.appended == ([message(1)] if answer is None else [])


def test_silence_has_an_end(opened: Opener) -> None:
    begun = time.monotonic()
    with pytest.raises(UnreachableError, match="in time"):
        opened(Script(several(), silent=frozenset({"UID FETCH"}))).find("Sent", "m1@example.com")
    with pytest.raises(UnreachableError, match="in time"):
        list(opened(Script(several(), silent=frozenset({"UID FETCH"}))).stream("Sent", None, frozenset, None))
    assert time.monotonic() - begun < 5


def test_a_drip_has_an_end(opened: Opener) -> None:
    begun = time.monotonic()
    with pytest.raises(UnreachableError, match="in time"):
        opened(Script(several(), drip=0.05)).folders()
    script = Script(several())
    mailbox = opened(script)
    mailbox.folders()
    script.drip = 0.05  # each octet in time, the answer never
    with pytest.raises(UnreachableError, match="in time"):
        mailbox.find("Sent", "m1@example.com")
    assert time.monotonic() - begun < 8


def test_a_flood_has_an_end(opened: Opener) -> None:
    with pytest.raises(UnreachableError):
        opened(Script(several(), flood=frozenset({"LIST"}))).folders()
    with pytest.raises(UnreachableError):
        list(opened(Script(several(), flood=frozenset({"EXAMINE"}))).stream("Sent", None, frozenset, None))


@pytest.mark.parametrize("idling", [(b"+ idling", b"* 2 EXISTS"), (b"* 2 EXISTS", b"+ idling")])
def test_a_server_that_always_tells_of_news_is_not_asked_without_end(opened: Opener, idling: tuple[bytes, ...]) -> None:
    """IDLE may be answered at once without news. That must not become a busy loop."""
    script = Script(several(2), idling=idling)
    mailbox = opened(script)
    begun = time.monotonic()
    assert not mailbox.wait(0.5)
    assert time.monotonic() - begun >= 0.5
    assert script.commands.count("IDLE") == 1
    assert script.commands.count("EXAMINE") <= 1 + 1 + 5, "every tenth of a second"
    script.messages += several(1)
    assert mailbox.wait(5), "what is new is seen"


def test_bye_is_unreachable_and_the_next_call_connects_anew(opened: Opener) -> None:
    script = Script(several(), bye=frozenset({"EXAMINE"}))
    mailbox = opened(script)
    with pytest.raises(UnreachableError):
        list(mailbox.stream("Sent", None, frozenset, None))
    script.bye = frozenset()
    assert len(next(mailbox.stream("Sent", None, frozenset, None)).headers) == 20


def test_mutated_answers_raise_only_our_errors(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    chance = random.Random(7)  # noqa: S311 - the same mutations each time
    limits = Limits(connect=0.3, silence=0.15, command=0.3)

    def mutated(answer: bytes) -> bytes:
        if chance.random() < 0.7:
            return answer
        at = chance.randrange(len(answer))
        return (
            answer[:at]
            + chance.choice((b"", b"\r\n", b"(", b'"', b"{9}", b"\0", b"]", b"\xff"))
            + answer[at + chance.randrange(4) :]
        )

    read_whole = 0
    with running_script(Script(several(6), mutate=mutated)) as script:
        for _ in range(25):
            mailbox = ImapMailbox(script.config(), lambda: Credential("x"), limits=limits)
            try:
                found = [header for batch in mailbox.stream("Sent", None, frozenset, None) for header in batch.headers]
                read_whole += len(found) == 6
            except UnreachableError:
                continue
            finally:
                mailbox.close()
            assert {header.locator.uid for header in found} <= set(range(1, 7))
    assert read_whole > 2


def test_being_interrupted_while_waiting_leaves_at_once() -> None:
    class StopError(BaseException):
        """Raised as a signal handler would raise it."""

    def stop(number: int, frame: object) -> None:
        del number, frame
        raise StopError

    before = signal.signal(signal.SIGALRM, stop)
    try:
        with running_script(Script(several(1))) as script:
            mailbox = ImapMailbox(script.config(), lambda: Credential("x"))
            begun = time.monotonic()
            signal.setitimer(signal.ITIMER_REAL, 0.3)
            with pytest.raises(StopError):
                mailbox.wait(30)
            mailbox.close()
            assert time.monotonic() - begun < 1.5
    finally:
        signal.signal(signal.SIGALRM, before)
