"""What an owner can ask for in a reply or at the shell: brief, show, status and help, each as lines of text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from assistant.core.digest.questions import DIGEST_KINDS
from assistant.core.digest.week import latest
from assistant.core.mail.date import CLOCK_AHEAD
from assistant.render.phrases import Phrases
from assistant.rounds import brief as rounds_brief
from assistant.rounds import show as rounds_show
from assistant.rounds.delivery import undelivered
from assistant.rounds.digest.roster_status import views
from assistant.rounds.replies import newcomers
from assistant.store import digests, folders, roster

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from assistant.config import Config
    from assistant.core.people.roster import Person
    from assistant.rounds.context import Round
    from assistant.rounds.replies.newcomers import Drafter
    from assistant.store.database import Store

# No line of this may read as a command when it is quoted back, so every example has a <slot>.
HELP: Final[dict[str, tuple[str, ...]]] = {"en": (
    "Answer the digest, one command a line. What is not understood is said back, and everything can be taken back.",
    "met <who> on <day>, <note> - also: talked to, called, emailed; day and note can be left out",
    "<n> done, <n> skip, <n> send - the numbers of the digest you answer",
    "snooze <who> for <time> - or until <day>; not now <who> is for this week",
    "add <name> <address> as <role> - then, if you like, every <time>, for <goal in quotes>, until <day>",
    "<who> every <time> - another rhythm; also <who> role <role>, <who> favourite",
    "<who> is also <address> - a further address; <who> is not <address> takes one away",
    "note <who>: <text> - also advice <who>: <text> and ask <who>: <text>",
    "win: <text> - something to tell; goal: <text> is what you want",
    "Q<n> yes, Q<n> no - answers to the questions; C<n> <role> or C<n> ignore for the people you write to",
    "drop <who> - off the roster; close <who> when the goal with an ally is met",
    "not contact <message> - that message was no contact",
    "brief <who> - what to talk about; show <who> is everything about them",
    "undo <T-number> - takes a whole answer back",
    "Alone on a line: the word status, and the words pause, resume and stop for the digest itself.",
), "de": (
    "Antworte auf die Wochenmail, ein Befehl je Zeile. Unverstandenes kommt zurück, und alles lässt sich zurücknehmen.",
    "met <wen> on <tag>, <notiz> - auch: talked to, called, emailed; Tag und Notiz können fehlen",
    "<n> done, <n> skip, <n> send - die Nummern der Wochenmail, auf die du antwortest",
    "snooze <wen> for <zeit> - oder until <tag>; not now <wen> gilt für diese Woche",
    "add <name> <adresse> as <rolle> - dann, wenn du magst, every <zeit>, for <ziel in anführungszeichen>, until <tag>",
    "<wer> every <zeit> - ein anderer Rhythmus; auch <wer> role <rolle>, <wer> favourite",
    "<wer> is also <adresse> - eine weitere Adresse; <wer> is not <adresse> nimmt eine weg",
    "note <wer>: <text> - auch advice <wer>: <text> und ask <wer>: <text>",
    "win: <text> - etwas, das zu erzählen ist; goal: <text> ist, was du willst",
    "Q<n> yes, Q<n> no - Antworten auf die Fragen; C<n> <rolle> oder C<n> ignore für die, denen du schreibst",
    "drop <wer> - von der Liste; close <wer>, wenn das Ziel mit einem Bündnis erreicht ist",
    "not contact <nachricht> - diese Nachricht war kein Kontakt",
    "brief <wer> - worüber sich reden lässt; show <wer> ist alles über einen Menschen",
    "undo <T-nummer> - nimmt eine ganze Antwort zurück",
    "Allein in einer Zeile: das Wort status, und die Wörter pause, resume und stop für die Wochenmail selbst.",
)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnersAnswers:
    """Answers from the store; `open_round` is called only for a brief, `drafter` for first drafts."""

    config: Config
    store: Store
    now: datetime
    open_round: Callable[[], AbstractContextManager[Round]]
    drafter: Drafter

    def brief(self, handle: str) -> tuple[str, ...]:
        """Return the prep brief of one person."""
        with self.open_round() as round_:
            return rounds_brief.brief(round_, handle).lines()

    def newcomers(self, people: Sequence[Person]) -> dict[str, tuple[str, ...]]:
        """Return lines by handle for people about to be added: when they are due, and a first draft if that's soon."""
        return newcomers.first_words(self.config, self.store, self.now, people, self.drafter)

    def show(self, handle: str) -> tuple[str, ...]:
        """Return everything about one person, with reasons."""
        return tuple(rounds_show.show(self.config, self.store, self.now, handle).lines())

    def status(self) -> tuple[str, ...]:
        """Return how things stand: who is due, open questions, last scan, last digest, pause."""
        everybody = views(self.config, self.store, self.now)
        due = [view.standing.person.name for view in everybody if view.standing.is_due]
        settings = roster.settings(self.store)
        scanned = folders.last_scan_at(self.store, int((self.now + CLOCK_AHEAD).timestamp()))
        # Codes and similar questions are settled by answering a transcript, so they aren't listed here.
        waiting = [one for one in digests.open_questions(self.store) if one.key.partition(" ")[0] in DIGEST_KINDS]
        zone, t = self.config.me.timezone, Phrases(self.config.digest.language)
        names = t("status.names", names=", ".join(due[:12])) if due else "."
        lines = [
            t("status.roster", len(everybody), due=str(len(due))) + names,
            t("status.questions", len(waiting)),
            self._last_digest(t),
        ]
        if scanned is not None:
            at = datetime.fromtimestamp(scanned, UTC).astimezone(zone)
            lines.append(t("status.read", day=t.bare_day(at.date()), year=str(at.year), time=f"{at:%H:%M}"))
        if settings.get("stopped"):
            lines.append(t("status.stopped"))
        elif settings.get("paused_until"):
            lines.append(t("status.paused", day=str(settings["paused_until"])))
        return tuple(lines)

    def _last_digest(self, t: Phrases) -> str:
        week = digests.last_week(self.store, latest(self.now, self.config.me.timezone))
        entry = undelivered.of_week(self.store, week) if week else None
        if week and entry and entry.state != "sent":
            return t("status.digest-late", week=week, why=undelivered.reason(entry))
        return t("status.digest", week=week or t("status.digest-none"))

    def help(self) -> tuple[str, ...]:
        """Return how to answer."""
        return HELP[self.config.digest.language]
