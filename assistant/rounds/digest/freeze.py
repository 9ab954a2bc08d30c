"""Freeze a digest: store it with its items, drafts and questions, and order its delivery, in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.rounds.digest import folders_not_read
from assistant.rounds.digest.workplaces import note_own_company
from assistant.store import digests, outbox, replies

if TYPE_CHECKING:
    from assistant.rounds.context import Round
    from assistant.rounds.digest.result import Built, Drafted

DRAFT_FLAGS = ("\\Draft", "\\Seen")


def freeze(round_: Round, built: Built) -> None:
    """Store the digest, its items and drafts, and the orders to deliver them, in one transaction."""
    # After a crash there is either the whole digest, whose answers can be obeyed, or none.
    with round_.store.write():
        order = round_.queue_to_owner(f"digest {built.due.week}", "digest", built.message_id, built.message)
        digest = digests.add_digest(
            round_.store, built.due.week, int(built.due.slot.timestamp()), round_.epoch, built.message_id, order
        )
        replies.issue(
            round_.store,
            token=built.token,
            kind="digest",
            message_id=built.message_id,
            digest=digest,
            secret=built.secret,
            text=built.rendered.text,
            now=round_.epoch,
        )
        rows: list[digests.Item] = []
        for item in built.digest.due:
            draft_id = digests.add_draft(round_.store, built.drafts[item.number].new)
            _queue_draft(round_, draft_id, built.drafts[item.number])
            # Somebody who could fill a gap isn't on the roster: an answer by number needs to know who it is.
            told = {"name": item.name, "role": item.role} if item.situation == "gap" else {}
            shown = {"situation": item.situation, "made_from": list(item.made_from), **told}
            rows.append((str(item.number), "due", item.handle, draft_id, shown))
        rows += [(question.label, "question", None, None, {"key": question.key}) for question in built.digest.questions]
        rows += [
            (candidate.label, "candidate", None, None, {"address": candidate.address, "name": candidate.name})
            for candidate in built.digest.candidates
        ]
        digests.add_items(round_.store, digest, rows)
        for question in built.questions:
            digests.ensure_question(round_.store, question.key, question.payload)
        digests.mark_asked(round_.store, [question.key for question in built.questions], round_.epoch)
        note_own_company(round_)
        folders_not_read.note_told(round_.store, round_.folders)


def _queue_draft(round_: Round, draft_id: int, drafted: Drafted) -> None:
    if drafted.message is None:
        return
    me = round_.config.me
    outbox.queue(
        round_.store,
        outbox.Order(
            key=f"draft {draft_id}",
            kind="draft",
            route="append",
            mail_from=me.addresses[0],
            rcpt_to=drafted.new.address or "",
            message_id=drafted.new.message_id,
            message=drafted.message,
            not_before=round_.epoch,
            folder=round_.folders.drafts,
            flags=DRAFT_FLAGS,
        ),
        round_.epoch,
    )
