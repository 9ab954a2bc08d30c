"""Suggest the command closest to a line that isn't understood, by correcting one word and parsing again."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from assistant.core.replies.grammar.cleaning import bullet_forms, clean, without_courtesy, without_prefix
from assistant.core.replies.grammar.lines import parse_line
from assistant.core.replies.grammar.spelling import format_command

if TYPE_CHECKING:
    from assistant.core.replies.grammar.commands import Command
    from assistant.core.replies.grammar.lines import Speech

_VERBS = (
    "met",
    "talked",
    "called",
    "emailed",
    "done",
    "skip",
    "send",
    "snooze",
    "add",
    "role",
    "every",
    "favourite",
    "also",
    "note",
    "advice",
    "ask",
    "win",
    "goal",
    "drop",
    "keep",
    "close",
    "contact",
    "brief",
    "show",
    "why",
    "status",
    "review",
    "help",
    "undo",
    "confirm",
    "pause",
    "resume",
    "stop",
    "until",
    "weekly",
    "monthly",
    "quarterly",
    "yearly",
)
# None of these may parse as a command: a transcript that is quoted back must not give orders.
_USAGE = {
    "snooze": "snooze <n> for 2 weeks",
    "add": "add Jane Roe <address> as mentor",
    "done": "<n> done",
    "skip": "<n> skip",
    "send": "send <n>",
    "met": "met <who> on Tuesday, a note",
    "note": "note <who>: what to keep",
    "advice": "advice <who>: what they said",
    "ask": "ask <who>: what you asked for",
    "win": "win, a colon and what went well",
    "goal": "goal, a colon and what you are after",
    "confirm": "confirm and the six letters",
    "undo": "undo and the number of the transcript",
    "drop": "drop <who>",
    "keep": "keep <who>",
    "close": "close <who>",
    "brief": "brief <who>",
    "show": "show <who>",
    "why": "why <who>",
}
# Words of commands that are never part of a name.
_NAMELESS = frozenset(
    ("snooze", "note", "advice", "ask", "win", "goal", "once", "a", "alle", "every", "to", "until", "for")
)
# These take numbers only. By name the same is said in other words.
_BY_NAME = {"skip": "not now", "done": "met"}
WORD_LENGTH = 20
WORDS = 5  # a longer line is read as plain words, and a slip in it guessed there
CUTOFF = 0.6
# What fits behind "Closest:" on one line of a transcript. Wrapped onto a separate line, it would read as a command.
LENGTH = 34


def closest_command(text: str, speech: Speech) -> str | None:
    """Return the closest command in its one spelling, or the usage of its verb; None if nothing is close."""
    form = without_courtesy(without_prefix((bullet_forms(clean(text)) or ("",))[-1]))
    words = form.split(" ")
    if len(words) > WORDS:
        return None
    if words[0].lower() in _BY_NAME:
        near = parse_line(" ".join([_BY_NAME[words[0].lower()], *words[1:]]), speech).command
        return format_command(near) if near and len(format_command(near)) <= LENGTH else _USAGE[words[0].lower()]
    for index, word in enumerate(words):
        for verb in get_close_matches(word.lower()[:WORD_LENGTH], (*_VERBS, *speech.roles), n=3, cutoff=CUTOFF):
            near = parse_line(" ".join([*words[:index], verb, *words[index + 1 :]]), speech).command
            if near is not None and len(format_command(near)) <= LENGTH and not _is_odd(near, form):
                return format_command(near)
    return next((_USAGE[word] for word in (words[0].lower().rstrip(":"), words[-1].lower()) if word in _USAGE), None)


def _is_odd(near: Command, form: str) -> bool:
    """Return whether a suggestion is just what was typed, or takes words of the grammar for a name."""
    who = str(getattr(near, "who", "") or "").lower().split()
    return format_command(near).lower() == form.lower() or (len(who) > 1 and bool(_NAMELESS & set(who)))
