"""Our own marks are found in real folders, mail to others gets one DATA, and sweeping changes are asked about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from assistant.cli.doctor import check_all
from assistant.cli.doctor_outside import bounded
from assistant.cli.session import Session
from assistant.config.secrets import Credential
from assistant.config.values import MailboxConfig, SmtpConfig
from assistant.errors import AssistantError, InDoubtError, MailboxError, UnreachableError
from assistant.mailbox.imap.mailbox import ImapMailbox
from assistant.mailbox.maildir import MaildirMailbox
from assistant.mailbox.smtp import SmtpTransport
from assistant.rounds.delivery import own_headers
from assistant.rounds.delivery.outbox import DeliveryWay, deliver
from assistant.store import digests, outbox
from assistant.store.database import Store
from tests.fakes import FakeMailbox, FakeTransport
from tests.owner.test_end_to_end import CONFIG, MONDAY, OWNER
from tests.servers.dovecot import PASSWORD
from tests.servers.smtp import Fault, running_sink

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.rounds.ports import Mailbox
    from tests.servers.dovecot import Account

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
KEY = b"k" * 32


def marked(number: int, week: str = "2026-W10") -> bytes:
    told = own_headers.marks(
        KEY, f"token{number}.digest@example.com", week, {"1": ("due", "jane-roe", "d1@example.com")}
    )
    fields = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"Message-ID: <rewritten-{number}@relay.example>\r\n{fields}Subject: x\r\n\r\nhello\r\n".encode()


@pytest.fixture(params=["imap", "maildir"])
def mailbox(request: pytest.FixtureRequest, dovecot: Account, tmp_path: Path) -> Mailbox:
    if request.param == "imap":
        dovecot.fill("INBOX", [])
        return ImapMailbox(dovecot.config(), lambda: Credential(PASSWORD))
    for folder in (".", ".Sent", ".Drafts"):
        for part in ("cur", "new", "tmp"):
            (tmp_path / folder / part).mkdir(parents=True, exist_ok=True)
    return MaildirMailbox(MailboxConfig("maildir", path=tmp_path))


def test_a_mark_is_found_where_the_message_id_was_rewritten(mailbox: Mailbox) -> None:
    lies = mailbox.append("INBOX", marked(1), (), AT)
    mailbox.append("INBOX", marked(2, "2026-W11"), (), AT)
    assert mailbox.find("INBOX", "token1.digest@example.com") == ()
    assert mailbox.find_marked("INBOX", own_headers.ID, "token1.digest") == (lies,)
    assert mailbox.find_marked("INBOX", own_headers.WEEK, "2026-W10", AT) == (lies,)
    assert len(mailbox.find_marked("INBOX", own_headers.WEEK, "2026-W")) == 2
    assert mailbox.find_marked("INBOX", own_headers.WEEK, "2026-W10", AT + timedelta(days=3)) == ()
    assert mailbox.find_marked("INBOX", "Subject", "2026-W10") == ()
    assert mailbox.find_marked("INBOX", own_headers.ID, "") == ()
    mailbox.close()


def test_marks_prove_themselves_and_say_what_numbers_mean() -> None:
    from email.parser import BytesHeaderParser

    head = BytesHeaderParser().parsebytes(marked(1))
    assert own_headers.is_ours(KEY, head)
    assert not own_headers.is_ours(b"x" * 32, head)
    head.replace_header(own_headers.WEEK, "2026-W12")
    assert not own_headers.is_ours(KEY, head)
    items = {"1": ("due", "jane-roe", "d@x"), "Q1": ("question", "link a b=c, d"), "C1": ("candidate", "a@b", "Ä Ö")}
    told = own_headers.marks(KEY, "t.digest@x", "2026-W10", items)
    assert own_headers.items_of(told[own_headers.ITEMS]) == items
    assert own_headers.items_of("garbled =x 1= 2=due") == {"2": ("due",)}
    assert all(value.isascii() for value in told.values())


@pytest.mark.parametrize("fault", [Fault.TRY_LATER, Fault.DROP_BEFORE])
def test_the_transport_tells_that_data_had_begun(fault: Fault) -> None:
    with running_sink() as sink:
        transport = SmtpTransport(SmtpConfig(sink.host, port=sink.port, security="none", user=""), None)
        sink.fail(fault)
        with pytest.raises(UnreachableError) as caught:
            transport.send(OWNER, "jane@example.com", b"Subject: x\r\n\r\nhello\r\n")
        assert caught.value.after_data
        sink.fail(Fault.TRY_LATER_RCPT)
        with pytest.raises(UnreachableError) as before:
            transport.send(OWNER, "jane@example.com", b"Subject: x\r\n\r\nhello\r\n")
        assert not before.value.after_data


def order_to_jane(store: Store) -> int:
    draft = digests.add_draft(
        store, digests.NewDraft("jane", "2026-W10", "jane@example.com", "s", "b", "0", "{}", "d@x", None, ())
    )
    message = (
        b"Message-ID: <o1@example.com>\r\nDate: Mon, 02 Mar 2026 08:00:00 +0000\r\nTo: jane@example.com\r\n\r\nhi\r\n"
    )
    order = outbox.Order(
        f"send {draft}", "send", "smtp", OWNER, "jane@example.com", "o1@example.com", message, int(AT.timestamp())
    )
    return outbox.queue(store, order, int(AT.timestamp()))


def passes(way: DeliveryWay, minutes: range) -> None:
    for minute in minutes:
        deliver(way, AT + timedelta(minutes=minute))


def begun() -> UnreachableError:
    error = UnreachableError("451")
    error.after_data = True
    return error


@pytest.mark.parametrize("error", [begun(), InDoubtError("line")], ids=["451 after DATA", "line"])
def test_to_others_there_is_one_data_until_the_owner_says_again(error: Exception) -> None:
    with Store(None) as store:
        number = order_to_jane(store)
        transport = FakeTransport(fail=[(error, False), (error, False)])
        mailbox = FakeMailbox()
        way = DeliveryWay(store, mailbox, mailbox.folders(), transport)
        passes(way, range(0, 180, 3))
        assert len(transport.fail) == 1, "one DATA, whatever time goes by"
        assert [one.key for one in digests.open_questions(store)] == [f"doubt {number}"]
        again(store, number, "yes", AT + timedelta(minutes=180))
        passes(way, range(180, 360, 3))
        assert transport.fail == [], "the second, on the owner's word"
        assert [one.key for one in digests.open_questions(store)] == [f"doubt {number} 2"], "asked anew about it"
        again(store, number, "no", None)
        passes(way, range(360, 480, 3))
        assert outbox.entry(store, number).state == "cancelled"
        assert transport.sent == []


def again(store: Store, number: int, answer: str, at: datetime | None) -> None:
    (question,) = digests.open_questions(store)
    with store.write() as db:
        db.execute("UPDATE question SET answer = ? WHERE key = ?", [answer, question.key])
        if at is not None:
            now = int(at.timestamp())
            outbox.set_state(store, number, "queued", now, looks=0, first_look=None, last_look=None, not_before=now)


def test_before_data_an_order_to_others_is_tried_again() -> None:
    with Store(None) as store:
        order_to_jane(store)
        transport = FakeTransport(fail=[(UnreachableError("no line"), False)] * 3)
        mailbox = FakeMailbox()
        passes(DeliveryWay(store, mailbox, mailbox.folders(), transport), range(0, 60, 3))
        assert len(transport.sent) == 1


def test_a_copy_in_sent_with_the_same_date_and_recipient_proves_that_it_went() -> None:
    with Store(None) as store:
        number = order_to_jane(store)
        mailbox = FakeMailbox()
        rewritten = outbox.entry(store, number).order.message.replace(b"<o1@example.com>", b"<other@relay.example>")
        transport = FakeTransport(fail=[(InDoubtError("line"), True)])
        way = DeliveryWay(store, mailbox, mailbox.folders(), transport)
        deliver(way, AT)
        mailbox.put("Sent", rewritten, AT)
        passes(way, range(1, 60, 3))
        assert outbox.entry(store, number).state == "sent"
        assert mailbox.appended == [], "the provider's copy is copy enough"
        assert len(transport.sent) == 1


def test_a_server_that_cannot_search_now_has_shown_nothing() -> None:
    class Mute(FakeMailbox):
        def find(self, folder: str, message_id: str) -> tuple[()]:
            raise MailboxError(folder + message_id)

    with Store(None) as store:
        number = order_to_jane(store)
        mailbox = Mute()
        way = DeliveryWay(store, mailbox, mailbox.folders(), FakeTransport(fail=[(InDoubtError("line"), True)]))
        passes(way, range(0, 60, 3))
        assert outbox.entry(store, number).looks == 0
        assert digests.open_questions(store) == ()


def test_the_doctor_looks_at_each_part_and_leaves_nothing_in_drafts(dovecot: Account, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(dovecot.password)
    (tmp_path / "secret").chmod(0o600)
    dovecot.fill("Drafts", [])
    good = CONFIG.format(
        owner=OWNER, host=dovecot.host, port=dovecot.port, user=dovecot.user, secret=tmp_path / "secret"
    )
    bad_model = '[llm]\nbase_url = "http://127.0.0.1:1/v1"\nmodel = "m"\napi_key = "sk-canary"\n'
    (tmp_path / "config.toml").write_text(good + bad_model)
    checks = {
        check.check: check
        for check in check_all(Session(tmp_path / "config.toml", tmp_path / "home", MONDAY.isoformat()))
    }
    assert checks["drafts"].ok, checks["drafts"].hint
    assert checks["line"].ok
    assert checks["mailbox"].ok
    assert checks["token"].ok
    assert not checks["model"].ok
    assert "base_url" in checks["model"].hint
    assert dovecot.messages("Drafts") == []
    assert all(
        "sk-canary" not in check.hint and dovecot.password not in check.hint.split() for check in checks.values()
    )
    assert all("\n" not in check.hint for check in checks.values())
    (tmp_path / "config.toml").write_text(good.replace(f"port = {dovecot.port}", "port = 1"))
    checks = {
        check.check: check
        for check in check_all(Session(tmp_path / "config.toml", tmp_path / "home", MONDAY.isoformat()))
    }
    assert [name for name in ("line", "mailbox", "drafts") if checks[name].ok] == []
    assert checks["data"].ok, "one that fails hides no other"


def test_a_check_that_hangs_or_breaks_is_one_hint() -> None:
    import threading

    never = threading.Event()
    with pytest.raises(AssistantError, match="within 0 seconds"):
        bounded(lambda: str(never.wait(5)), seconds=0.05)
    with pytest.raises(ZeroDivisionError):
        bounded(lambda: str(1 // 0))


def test_a_reply_that_would_empty_a_role_or_half_the_roster_is_asked_about() -> None:
    from tests.replying import Life

    people = [
        ("Jane Roe", "mentor"), ("Bob Li", "mentor"), ("Mina Okafor", "advocate"), ("Ada Quist", "advisor"),
        ("Rui Alves", "advisor"), ("Kim Lund", "ally"), ("Per Holm", "ally"),
    ]  # fmt: skip
    for lines, held in (
        (("jane-roe role ally", "bob-li role ally"), True),
        (("jane-roe role ally",), False),
        (("ada-quist role mentor", "rui-alves role mentor"), True),
        (("ada-quist role mentor", "kim-lund role mentor"), False),
        (("drop jane", "drop bob", "drop mina", "drop ada"), True),
        (("met Jane", "met Bob", "snooze mina 2 weeks"), False),
    ):
        life = Life()
        for name, role in people:
            life.do(f"add {name} <{name.split()[0].lower()}@example.com> as {role}")
        outcomes = {line.outcome for line in life.do(*lines).lines}
        assert ("ask" in outcomes) == held, lines
