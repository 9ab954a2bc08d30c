"""What may be said of one person: numbered evidence, gathered by code (docs/writer.md).

The rounds gather it from the store and the mailbox; the writer words it; the hard checks hold it against this.
How it is made: `assistant.core.evidence.build`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from datetime import date, datetime

    from assistant.core.language.data_files import Language
    from assistant.core.people.roles import Role
    from assistant.core.people.roster import Person

EvidenceKind = Literal[
    "roster",
    "contact",
    "message",
    "loop",
    "met",
    "note",
    "advice",
    "win",
    "goal",
    "ask",
    "meeting",
    "computed",
    "see-me",
    "motive",
    "my-motive",
]
FOR_THE_OWNER: Final = frozenset({"see-me", "motive", "my-motive"})
"""Kinds that are for a brief alone: in a letter they would tell the reader what the owner thinks of them."""
FREE: Final = "Free half-hours to offer:"
"""How the evidence of `Dossier.slots` begins."""
NO_REQUEST: Final = frozenset({"goal-met", "thanks", "update", "owe-answer"})
"""Situations in which a draft need not ask for anything."""
LoopKind = Literal["question", "promise", "advice", "news"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One numbered piece ("E1"): what it is, when it was (owner's zone; None when undated) and its words."""

    number: str
    kind: EvidenceKind
    text: str
    on: date | None = None
    source: str = ""
    """Where it comes from, in words for the small print ("your mail of 3 March 2026", "your note")."""
    verb: str = ""
    """For `met`: the owner's word (met, called, talked to, emailed); "" otherwise."""


@dataclass(frozen=True, slots=True)
class OpenLoop:
    """Something the owner's letters leave open, quoted word for word (docs/writer.md).

    A question the owner asked, a promise the owner made, advice of the reader's that the owner mentions, or news of
    theirs. `on` is the day of the letter (owner's zone); `number` is its evidence ("E4"). `told_by` is the win that
    is the news of a promise to report, "" for none.
    """

    kind: LoopKind
    quote: str
    on: date
    number: str = ""
    told_by: str = ""


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything the writer may know of one person, and nothing of anybody else.

    `days_since` counts days since the last full contact (None: none was seen), `overdue_days` days past the due
    date (0 or less: not overdue). `greeting` is how the owner greets this person ("Hi Jane,"), None when never seen;
    `sign_off` how the owner signs. `language` is the language the two write in ("en", "de", …).
    `last_subject` is the subject of the last contact without Re: and Fwd:, None when unknown.
    """

    person: Person
    today: date
    week: str
    owner_name: str
    language: str
    evidence: tuple[Evidence, ...]
    last_contact_on: date | None = None
    last_subject: str | None = None
    days_since: int | None = None
    overdue_days: int = 0
    greeting: str | None = None
    sign_off: str | None = None
    owner_goals: tuple[str, ...] = ()
    wins: tuple[str, ...] = ()
    situation: str = "due"
    """Why they are written to: due, first, hoped, candidate, gap, chance, second-try, owe-answer, goal-step, goal-end,
    goal-met, promise-kept, thanks or update (docs/roles.md, "Situations")."""
    occasion: str = ""
    """What the situation rests on, in the owner's own words or a subject; "" for nothing. It stands in the evidence."""
    occasion_kind: str = ""
    """The kind of that note, or "meeting" or "mail"."""
    occasion_on: date | None = None
    kept_by: str = ""
    """Of a promise that is kept: the win or the note that says so. It stands in the evidence, too."""
    playbook: Role | None = None
    """What the assistant knows about the person's role; None for a role nobody defined."""
    last_kind: str = "mail"
    """What the last contact was: mail, meeting, or the owner's verb (met, called, talked to, emailed)."""
    cadence_days: int | None = None
    previous: tuple[str, ...] = ()
    """Sentences of the draft and the brief this person got last time: not to be said again."""

    loops: tuple[OpenLoop, ...] = ()
    """What the owner's last letters to this person alone leave open, the best one first; empty for nothing."""
    topic: str | None = None
    """What the last letter was about, in the owner's subject line; None where that is a phrase and no topic."""
    last_letter_on: date | None = None
    """When the owner last wrote to this person alone (owner's zone), None for never."""
    inside: bool | None = None
    """Whether they work at the owner's company, None where that is not known."""
    forbidden: frozenset[str] = frozenset()
    """Ways to meet that the owner's notes rule out: coffee, drink, meal, call, video, visit, walk."""
    preferred: frozenset[str] = frozenset()
    """Ways to meet that the owner's notes ask for, of the same words."""

    formal: bool = False
    """Whether the owner addresses this person formally (German Sie, French vous, Spanish usted)."""
    peer: bool | None = None
    """Whether the owner may complain to them as to a peer, None where the owner didn't say."""
    owner_language: Language = "en"
    """The language of the brief and the small print: the owner's own."""
    slots: tuple[datetime, ...] = ()
    """When free half-hours begin that the draft may offer, in the owner's zone. They stand in the evidence."""

    def of_kind(self, *kinds: EvidenceKind) -> tuple[Evidence, ...]:
        """Return the evidence of those kinds, newest first (undated last), in the order of numbers among equals."""
        chosen = [item for item in self.evidence if item.kind in kinds]
        return tuple(sorted(chosen, key=lambda item: item.on.toordinal() if item.on else 0, reverse=True))

    def row_with(self, text: str) -> Evidence | None:
        """Return the first piece of evidence that holds the text, None if there is none or the text is empty."""
        return next((item for item in self.evidence if text and text in item.text), None)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a draft or a line of a brief, with the evidence numbers it rests on."""

    kind: str
    text: str
    evidence: tuple[str, ...] = ()
    quote: str = ""
    """The words of the evidence it rests on, "" for none (docs/writer.md, check 1)."""
    unchecked: bool = False
    """Nobody could tell whether it is true: the digest shows it marked, and Drafts does not get it."""


@dataclass(frozen=True, slots=True)
class Words:
    """What the writer gives back for one person: a draft (subject, sentences) and a brief (headed lines).

    `writer` is "model" or "offline"; `remark` says in one sentence why the model was not used, None when it was or
    none is configured. `dropped` holds what the checks threw out, each with the name of the check that did.
    """

    subject: str
    sentences: tuple[Sentence, ...]
    brief: tuple[Sentence, ...]
    writer: Literal["model", "offline"]
    remark: str | None = None
    dropped: tuple[tuple[str, str], ...] = ()
    model: str | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0

    @property
    def body(self) -> str:
        """Return the draft as plain text: greeting, what there is to say, the request, close; blank lines between.

        What nobody could check is left out: this is what lies in Drafts and what `send` sends.
        """
        checked = [sentence for sentence in self.sentences if not sentence.unchecked]
        parts: dict[str, list[str]] = {"greeting": [], "said": [], "asked": [], "close": []}
        for sentence in checked:
            asks = sentence.kind in {"ask", "warmth"} and any(other.kind == "ask" for other in checked)
            parts[sentence.kind if sentence.kind in parts else "asked" if asks else "said"].append(sentence.text)
        return "\n\n".join(" ".join(texts) for texts in parts.values() if texts) + "\n"
