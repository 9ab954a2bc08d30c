from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from assistant.errors import (
    InDoubtError,
    LoginRefusedError,
    MailboxError,
    RefusedMessageError,
    UnreachableError,
    UserError,
)
from assistant.rounds.delivery.outbox import DeliveryWay, deliver
from assistant.store import outbox
from assistant.store.database import Store
from assistant.store.digests import NewDraft, add_draft, load_draft, open_questions
from tests.fakes import FakeMailbox, FakeTransport

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
EPOCH = int(NOW.timestamp())
MESSAGE = b"Message-ID: <d1@example.com>\r\nSubject: Monday\r\n\r\nHello\r\n"


@pytest.fixture
def store() -> Iterator[Store]:
    with Store(None) as opened:
        yield opened


def way(store: Store, mailbox: FakeMailbox, transport: FakeTransport | None = None) -> DeliveryWay:
    return DeliveryWay(store, mailbox, mailbox.folders(), transport)


def order(kind: outbox.Kind = "digest", key: str = "digest 2026-W10", *, smtp: bool = True) -> outbox.Order:
    return outbox.Order(
        key=key,
        kind=kind,
        route="smtp" if smtp else "append",
        mail_from="owner@example.com",
        rcpt_to="owner@example.com",
        message_id="d1@example.com",
        message=MESSAGE,
        not_before=EPOCH,
        folder=None if smtp else "INBOX",
    )


def test_what_is_queued_goes_once_and_the_same_key_is_never_queued_twice(store: Store) -> None:
    mailbox, transport = FakeMailbox(), FakeTransport()
    first = outbox.queue(store, order(), EPOCH)
    assert outbox.queue(store, order(), EPOCH + 5) == first
    assert deliver(way(store, mailbox, transport), NOW).sent == (first,)
    assert deliver(way(store, mailbox, transport), NOW + timedelta(hours=1)).sent == ()
    assert transport.sent == [("owner@example.com", "owner@example.com", MESSAGE)]


def test_append_puts_the_frozen_bytes_into_the_folder(store: Store) -> None:
    mailbox = FakeMailbox()
    outbox.queue(store, order(smtp=False), EPOCH)
    deliver(way(store, mailbox), NOW)
    assert mailbox.appended == [("INBOX", MESSAGE, ())]


def test_a_server_out_of_reach_is_tried_again_later_and_later(store: Store) -> None:
    mailbox = FakeMailbox()
    transport = FakeTransport(fail=[(UnreachableError("no line"), False), (UnreachableError("no line"), False)])
    number = outbox.queue(store, order(), EPOCH)
    assert deliver(way(store, mailbox, transport), NOW).waiting == (number,)
    assert deliver(way(store, mailbox, transport), NOW + timedelta(seconds=30)).waiting == (number,)
    assert len(transport.fail) == 1, "it waited a minute first"
    deliver(way(store, mailbox, transport), NOW + timedelta(minutes=1))
    assert outbox.entry(store, number).order.not_before == EPOCH + 60 + 120
    assert deliver(way(store, mailbox, transport), NOW + timedelta(minutes=3)).sent == (number,)
    assert len(transport.sent) == 1


def test_a_login_that_smtp_refuses_is_tried_three_times_then_hourly_however_much_waits(store: Store) -> None:
    transport = FakeTransport(fail=[(LoginRefusedError("The password was refused."), False)] * 100)
    for number in (1, 2, 3):
        outbox.queue(store, order("send", f"send {number}"), EPOCH)
    for minute in range(6 * 60):
        deliver(way(store, FakeMailbox(), transport), NOW + timedelta(minutes=minute))
    assert 100 - len(transport.fail) == 3 + 5


def test_where_smtp_fails_the_rest_waits_for_the_next_pass_and_nothing_starves(store: Store) -> None:
    """A server that stalls holds up a round once, not once for each message."""
    transport = FakeTransport(fail=[(UnreachableError("no answer in time"), False)])
    numbers = [outbox.queue(store, order(key=f"digest {week}"), EPOCH) for week in ("2026-W10", "2026-W11")]
    assert deliver(way(store, FakeMailbox(), transport), NOW).waiting == tuple(numbers)
    assert transport.sent == []
    assert deliver(way(store, FakeMailbox(), transport), NOW + timedelta(seconds=10)).sent == (numbers[1],)
    assert deliver(way(store, FakeMailbox(), transport), NOW + timedelta(minutes=1)).sent == (numbers[0],)


def test_a_refused_message_is_not_tried_again(store: Store) -> None:
    transport = FakeTransport(fail=[(RefusedMessageError("550 no such user"), False)])
    number = outbox.queue(store, order("send", f"send {a_draft(store)}"), EPOCH)
    assert deliver(way(store, FakeMailbox(), transport), NOW).refused == (number,)
    assert deliver(way(store, FakeMailbox(), transport), NOW + timedelta(days=1)).sent == ()
    assert outbox.entry(store, number).detail == "550 no such user"


def test_in_doubt_and_delivered_is_found_and_not_sent_again(store: Store) -> None:
    mailbox = FakeMailbox()
    transport = FakeTransport(fail=[(InDoubtError("line broke"), True)])
    number = outbox.queue(store, order(), EPOCH)
    assert deliver(way(store, mailbox, transport), NOW).waiting == (number,), "not visible yet"
    mailbox.put("INBOX", MESSAGE, NOW)
    assert deliver(way(store, mailbox, transport), NOW + timedelta(minutes=1)).sent == (number,)
    assert len(transport.sent) == 1


def test_in_doubt_and_not_delivered_is_sent_again_after_three_looks_over_ten_minutes(store: Store) -> None:
    mailbox = FakeMailbox()
    transport = FakeTransport(fail=[(InDoubtError("line broke"), False)])
    number = outbox.queue(store, order(), EPOCH)
    for minute in (0, 1, 2, 3, 9):
        assert deliver(way(store, mailbox, transport), NOW + timedelta(minutes=minute)).waiting == (number,)
    assert deliver(way(store, mailbox, transport), NOW + timedelta(minutes=10)).sent == (number,)
    assert [sent[2] for sent in transport.sent] == [MESSAGE]


def test_without_the_grace_the_double_appears(store: Store) -> None:
    """The check above can fail: without the patience, a message that shows up late is sent twice."""
    mailbox = FakeMailbox()
    transport = FakeTransport(fail=[(InDoubtError("line broke"), True)])
    outbox.queue(store, order(), EPOCH)
    hasty = DeliveryWay(store, mailbox, mailbox.folders(), transport, grace=timedelta(0))
    for second in range(4):
        deliver(hasty, NOW + timedelta(seconds=second))
    assert len(transport.sent) == 2


def test_a_crash_while_sending_is_a_doubt(store: Store) -> None:
    mailbox, transport = FakeMailbox(), FakeTransport()
    number = outbox.queue(store, order(), EPOCH)
    outbox.claim(store, number, EPOCH)
    mailbox.put("INBOX", MESSAGE, NOW)
    assert deliver(way(store, mailbox, transport), NOW).sent == (number,)
    assert transport.sent == []


def test_mail_to_a_third_person_is_held_can_be_taken_back_and_is_never_sent_again_in_doubt(store: Store) -> None:
    mailbox = FakeMailbox()
    transport = FakeTransport(fail=[(InDoubtError("line broke"), False)])
    draft_id = a_draft(store)
    held = order("send", f"send {draft_id}")
    outbox.queue(store, held, EPOCH, held=True)
    assert outbox.cancel_held(store, held.key, EPOCH)
    assert not outbox.cancel_held(store, held.key, EPOCH)
    assert deliver(way(store, mailbox, transport), NOW + timedelta(hours=1)).sent == ()
    again = order("send", "send 99")
    number = outbox.queue(store, again, EPOCH, held=True)
    for minute in range(0, 60, 5):
        deliver(way(store, mailbox, transport), NOW + timedelta(minutes=minute))
    assert transport.sent == []
    assert [question.key for question in open_questions(store)] == [f"doubt {number}"]


@pytest.mark.parametrize("every", [1, 4, 7])
def test_the_owner_is_asked_as_soon_as_the_grace_is_over_and_then_it_is_looked_hourly(store: Store, every: int) -> None:
    """Whenever the looks happen. A message that was asked about is still looked for, as servers may be even slower."""
    mailbox = FakeMailbox()
    transport = FakeTransport(fail=[(InDoubtError("line broke"), False)])
    number = outbox.queue(store, order("send", f"send {a_draft(store)}"), EPOCH)
    for minute in range(0, 10 + every, every):
        assert open_questions(store) == ()
        deliver(way(store, mailbox, transport), NOW + timedelta(minutes=minute))
    assert [question.key for question in open_questions(store)] == [f"doubt {number}"]
    looks = outbox.entry(store, number).looks
    for later in range(minute + every + 1, minute + 55):
        deliver(way(store, mailbox, transport), NOW + timedelta(minutes=later))
    assert outbox.entry(store, number).looks == looks
    deliver(way(store, mailbox, transport), NOW + timedelta(minutes=minute + every + 61))
    assert outbox.entry(store, number).looks == looks + 1


def test_a_sent_order_marks_its_draft_and_leaves_one_copy_in_sent(store: Store) -> None:
    mailbox, transport = FakeMailbox(), FakeTransport()
    draft_id = a_draft(store)
    outbox.queue(store, order("send", f"send {draft_id}"), EPOCH)
    deliver(way(store, mailbox, transport), NOW)
    assert load_draft(store, draft_id).state == "sent"
    assert mailbox.appended == []
    for minute in (9, 10, 11):
        deliver(way(store, mailbox, transport), NOW + timedelta(minutes=minute))
    assert mailbox.appended == [("Sent", MESSAGE, ("\\Seen",))]


def test_a_provider_that_keeps_its_own_copy_gets_no_second(store: Store) -> None:
    mailbox = FakeMailbox()
    transport = FakeTransport(arrives=lambda raw: mailbox.put("Sent", raw, NOW))
    outbox.queue(store, order("send", f"send {a_draft(store)}"), EPOCH)
    for minute in (0, 1, 2):
        deliver(way(store, mailbox, transport), NOW + timedelta(minutes=minute))
    assert mailbox.appended == []


def test_a_placed_draft_knows_where_it_lies(store: Store) -> None:
    mailbox = FakeMailbox()
    draft_id = a_draft(store)
    outbox.queue(store, order("draft", f"draft {draft_id}", smtp=False), EPOCH)
    deliver(way(store, mailbox), NOW)
    placed = load_draft(store, draft_id)
    assert placed.state == "placed"
    assert placed.lies in mailbox.messages


def test_without_smtp_any_more_an_order_waits(store: Store) -> None:
    number = outbox.queue(store, order("send", f"send {a_draft(store)}"), EPOCH)
    assert deliver(way(store, FakeMailbox()), NOW).waiting == (number,)
    assert "[smtp]" in (outbox.entry(store, number).detail or "")


FOR_GOOD = [RefusedMessageError("550 no."), LoginRefusedError("535 no."), UserError("530 no.")]


@pytest.mark.parametrize("kind", sorted(outbox.TO_THE_OWNER))
@pytest.mark.parametrize("error", FOR_GOOD, ids=lambda error: type(error).__name__)
def test_mail_to_the_owner_that_smtp_refuses_is_put_into_the_inbox(
    store: Store, kind: outbox.Kind, error: Exception
) -> None:
    mailbox, transport = FakeMailbox(), FakeTransport(fail=[(error, False)])
    number = outbox.queue(store, order(kind), EPOCH)
    assert deliver(way(store, mailbox, transport), NOW).sent == (number,)
    assert mailbox.appended == [("INBOX", MESSAGE, ())]
    assert outbox.entry(store, number).refusal == str(error)
    assert deliver(way(store, mailbox, transport), NOW + timedelta(days=1)).sent == ()


def test_a_refused_sign_in_is_tried_three_times_then_hourly_while_digests_go_into_the_inbox(store: Store) -> None:
    mailbox, transport = FakeMailbox(), FakeTransport(fail=[(LoginRefusedError("no."), False)] * 100)
    for minute in range(6 * 60):
        outbox.queue(store, order(key=f"digest {minute}"), EPOCH)
        assert len(deliver(way(store, mailbox, transport), NOW + timedelta(minutes=minute)).sent) == 1
    assert 100 - len(transport.fail) == 3 + 5
    assert len(mailbox.appended) == 6 * 60


def test_a_sign_in_refused_for_somebody_elses_mail_holds_up_no_digest(store: Store) -> None:
    mailbox, transport = FakeMailbox(), FakeTransport(fail=[(LoginRefusedError("no."), False)])
    held = outbox.queue(store, order("send", f"send {a_draft(store)}"), EPOCH)
    number = outbox.queue(store, order(), EPOCH)
    done = deliver(way(store, mailbox, transport), NOW)
    assert (done.sent, done.waiting) == ((number,), (held,))
    assert mailbox.appended == [("INBOX", MESSAGE, ())]


def test_without_smtp_any_more_a_digest_goes_into_the_inbox(store: Store) -> None:
    mailbox = FakeMailbox()
    number = outbox.queue(store, order(), EPOCH)
    assert deliver(way(store, mailbox), NOW).sent == (number,)
    assert mailbox.appended == [("INBOX", MESSAGE, ())]


def test_where_neither_way_is_open_it_waits_and_goes_by_the_first_that_opens(store: Store) -> None:
    full = [MailboxError("NO [OVERQUOTA] full")] * 100
    mailbox, transport = FakeMailbox(fail=list(full)), FakeTransport(fail=[(RefusedMessageError("550 no."), False)])
    number = outbox.queue(store, order(), EPOCH)
    assert deliver(way(store, mailbox, transport), NOW).waiting == (number,)
    late = outbox.entry(store, number)
    assert (late.refusal, late.detail, late.state) == ("550 no.", "NO [OVERQUOTA] full", "queued")
    for minute in range(61):
        deliver(way(store, mailbox, transport), NOW + timedelta(minutes=minute))
    assert (len(transport.sent), mailbox.appended) == (1, []), "SMTP is asked again about once an hour"


def test_a_doubt_is_looked_into_before_a_refusal_puts_anything_into_the_inbox(store: Store) -> None:
    mailbox = FakeMailbox()
    transport = FakeTransport(fail=[(InDoubtError("line broke"), True), (RefusedMessageError("550 no."), False)])
    number = outbox.queue(store, order(), EPOCH)
    for minute in range(9):
        assert deliver(way(store, mailbox, transport), NOW + timedelta(minutes=minute)).waiting == (number,)
    mailbox.put("INBOX", MESSAGE, NOW)
    assert deliver(way(store, mailbox, transport), NOW + timedelta(minutes=10)).sent == (number,)
    assert mailbox.appended == []


def a_draft(store: Store) -> int:
    return add_draft(
        store,
        NewDraft(
            "jane-roe", "2026-W10", "jane@example.com", "Coffee?", "Hi Jane", "0" * 64, "{}", "x@example.com", None, ()
        ),
    )
