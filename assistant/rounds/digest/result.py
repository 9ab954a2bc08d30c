"""A digest with everything that goes out with it, and what the command line says about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.core.language.days_in_words import counted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from assistant.core.digest.model import Digest, DueItem
    from assistant.core.digest.questions import OpenQuestion
    from assistant.core.digest.week import Due
    from assistant.render.digest import Rendered
    from assistant.store.digests import NewDraft


@dataclass(frozen=True, slots=True)
class Drafted:
    """One person's draft: its row, and its bytes for the Drafts folder (None: it's only in the digest)."""

    new: NewDraft
    message: bytes | None


@dataclass(frozen=True, slots=True)
class Built:
    """A digest and what goes out with it; `drafts` are by the number of the person in the digest."""

    due: Due
    digest: Digest
    rendered: Rendered
    message_id: str
    message: bytes
    token: str
    secret: str
    drafts: dict[int, Drafted]
    questions: tuple[OpenQuestion, ...]

    @property
    def week(self) -> str:
        """Return the ISO week of the digest ("2026-W10")."""
        return self.due.week

    def as_json(self) -> dict[str, Any]:
        """Return what `digest --json` prints."""
        digest = self.digest
        questions = ({"number": q.label, "kind": "question", "person": None, "text": q.text} for q in digest.questions)
        candidates = (
            {
                "number": c.label,
                "kind": "candidate",
                "person": None,
                "name": c.name,
                "address": c.address,
                "guess": c.guess,
            }
            for c in digest.candidates
        )
        return {
            "week": self.due.week,
            "items": [*(_due_json(item) for item in digest.due), *questions, *candidates],
            "meetings": [{"start": m.start, "summary": m.summary, "people": list(m.people)} for m in digest.meetings],
            "gaps": [{"role": gap.role, "text": gap.text, "step": gap.step} for gap in digest.gaps],
            "waiting": [{"person": who} for who in digest.waiting],
            "deferred": [{"person": who} for who in digest.deferred],
            "remarks": [*digest.remarks, *digest.linked],
            "review": digest.review.as_json() if digest.review else None,
            "missed_weeks": list(digest.missed_weeks),
            "message_id": self.message_id,
        }

    def sentence(self) -> str:
        """Return a sentence for whoever asked for the digest by hand."""
        questions = counted(len(self.digest.questions), "question")
        return f"The digest of {self.due.week}: {len(self.digest.due)} to reach, {questions}."


@dataclass(frozen=True, slots=True)
class WentBefore:
    """The answer to a second request: this week's digest was accepted on the day `on` (owner's zone), None: not yet.

    `remark` says what went wrong, "" if nothing did.
    """

    week: str
    on: date | None
    message_id: str
    remark: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return what `digest --json` prints."""
        return {
            "week": self.week,
            "items": [],
            "waiting": [],
            "deferred": [],
            "message_id": self.message_id,
            "went_on": self.on,
            "delivery": [self.remark] if self.remark else [],
        }

    def sentence(self) -> str:
        """Return a sentence that says when the digest went, or that it hasn't, and why."""
        if self.on is None:
            return self.remark or f"The digest of {self.week} has not gone yet; it goes out with the next round."
        on = f"{self.on:%A} {self.on.day} {self.on:%B %Y}"
        went = f"The digest of {self.week} went on {on}; nothing was delivered again."
        return f"{went} {self.remark}".rstrip()


def write_digest(built: Built, folder: Path) -> tuple[Path, ...]:
    """Write digest.eml, digest.html and digest.txt into `folder` and return their paths."""
    return write_files(
        folder,
        {
            "digest.eml": built.message,
            "digest.html": built.rendered.html.encode(),
            "digest.txt": built.rendered.text.encode(),
        },
    )


def write_files(folder: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write files by name into `folder` (created if missing), readable only for the owner, and return their paths."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.touch(mode=0o600)
        path.write_bytes(content)
    return tuple(folder / name for name in files)


def _due_json(item: DueItem) -> dict[str, Any]:
    return {
        "number": item.number,
        "kind": "due",
        "person": item.handle,
        "name": item.name,
        "role": item.role,
        "address": item.address,
        "overdue_days": item.overdue_days,
        "days_since": item.days_since,
        "last_contact": _last_json(item),
        "subject": item.words.subject,
        "draft": item.words.body,
        "brief": [
            {"heading": line.kind, "text": line.text, "evidence": list(line.evidence)} for line in item.words.brief
        ],
        "writer": item.words.writer,
    }


def _last_json(item: DueItem) -> dict[str, Any] | None:
    if item.last is None:
        return None
    last = item.last
    return {
        "on": last.on,
        "kind": last.kind,
        "subject": last.subject,
        "reason": last.reason,
        "message_id": last.message_id,
    }
