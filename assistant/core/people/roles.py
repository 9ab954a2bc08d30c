"""What the assistant knows about each role (docs/roles.md).

Lengths of time are whole days. A month counts as 365/12 days, so "3 months" is 91 and "a year" 365.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from assistant.core.people.roster import Person


@dataclass(frozen=True, slots=True)
class Role:
    """One role, as data that an owner can override.

    `cadence_days` is None for a role without its own clock; then `goal_days` is how often a check-in is due while a
    goal is open. `favourite_days` is the cadence of a favourite, None for the same. `inside` says whether such a person
    works at the owner's company: True, False, or None for either. `minutes` is how long a meeting to ask for (least,
    most).
    """

    name: str
    does: str
    who: str
    cadence_days: int | None
    favourite_days: int | None = None
    goal_days: int | None = None
    inside: bool | None = None
    preparation: str = ""
    complaints: str = "no"
    topics: tuple[str, ...] = ()
    tone: str = ""
    never: tuple[str, ...] = ()
    cadence_words: str = ""
    minutes: tuple[int, int] = (20, 30)
    nudges: tuple[str, ...] = ()


_MENTORS_CADENCE: Final = 45  # days; who is seen less often is rather an advisor


BUILT_IN: dict[str, Role] = {
    "mentor": Role(
        name="mentor",
        does="Learns alongside you: you swap ideas and lessons, and each of you gains from the other's experience.",
        who="Somebody on a path like yours, at your level or a little ahead, at your company or anywhere else.",
        cadence_days=21,
        favourite_days=14,
        preparation="Light: know what each of you is busy with, and bring one thing you learned.",
        complaints="You may complain to a mentor who is your peer, but better not to one above you.",
        topics=(
            "what each of you is going through just now",
            "an idea you are turning over, technical or about the career",
            "a lesson learned and a frustration, traded both ways",
            "what is going on outside this job",
        ),
        tone="Relaxed and short, as between people who like to talk.",
        never=("an agenda with numbered points", "the stiffness of a formal letter"),
        cadence_words="every two to four weeks",
        nudges=("past the cadence", "a favourite seen less often than you want"),
    ),
    "advisor": Role(
        name="advisor",
        does="Looks at your whole career from outside, with advice and their own story.",
        who="Somebody further along a path you can picture for yourself, and not at your company: "
        "family, a former manager, a speaker you stayed in touch with.",
        cadence_days=91,
        inside=False,
        preparation="Real: decide what to talk about, and where an outside view would help most.",
        topics=(
            "how to be seen for a new task or a bigger role",
            "whether this role is still the right one, or whether it is time to move",
            "a difficulty with people or politics",
            "how work and the rest of life fit together",
            "an upcoming salary talk or interview",
            "openings they know of",
            "how their own path went, and why",
        ),
        tone="Careful with their time: one clear question, and their choice of when.",
        never=("complaints", "a string of small questions"),
        cadence_words="two to four times a year",
        minutes=(20, 30),
        nudges=("past the cadence", "nothing asked about their own path for a year"),
    ),
    "advocate": Role(
        name="advocate",
        does="Speaks up for you when your work is discussed and you aren't there.",
        who="Somebody senior in your management chain, whom the people who decide listen to.",
        cadence_days=365,
        inside=True,
        preparation="The most of all: decide how this person should see you before you write.",
        topics=(
            "what they should think and say about you when you aren't there",
            "one strength, shown by a piece of recent work",
            "the larger role you want: they can only help if they know of it",
            "recent work told as one clear story",
            "the next chance to be seen",
        ),
        tone="Brief: one reason to write, tied to a talk, a meeting or a result, and no favour in the first mail.",
        never=("complaints", "a request without any news", "a second request before thanks or an update"),
        cadence_words="once a year at most",
        minutes=(20, 30),
        nudges=("past the cadence", "a chance to meet them is near", "you told them no win since you last spoke"),
    ),
    "ally": Role(
        name="ally",
        does="Works with you towards one goal that you both want, for as long as it takes.",
        who="Anybody at all: a peer in another team, a manager, a friend.",
        cadence_days=None,
        goal_days=14,
        preparation="Find out what they get from the goal, and be clear about what you get.",
        topics=(
            "the goal you share and its next step",
            "what they get out of it",
            "what you get out of it",
            "how it ends, and the thanks",
        ),
        tone="Straight to the common goal, as to an equal who owes you nothing.",
        never=("instructions", "the tone of somebody in charge", "taking their help for granted"),
        cadence_words="while the goal is open",
        nudges=("no step on the goal for two weeks", "its end is near or past", "the goal is met: thank, then close"),
    ),
}


def family(name: str, role: Role | None) -> str:
    """Return which of the four roles a role is most like; `role` is None if it is no longer in the config."""
    if name in BUILT_IN or role is None:
        return name if name in BUILT_IN else "mentor"
    if role.cadence_days is None:
        return "ally"
    if role.inside:
        return "advocate"
    return "mentor" if role.cadence_days <= _MENTORS_CADENCE and role.inside is None else "advisor"


def effective_cadence(person: Person, role: Role | None) -> int | None:
    """Return after how many days `person` is due again, None if no clock runs for them.

    The owner's number for the person wins, then the role's cadence for favourites, then the role's. A role without a
    cadence has a clock only while the person has a goal. `role` is None if it is no longer in the config.
    """
    if person.cadence_days is not None:
        return person.cadence_days
    if role is None:
        return None
    if person.favourite and role.favourite_days is not None:
        return role.favourite_days
    if role.cadence_days is not None:
        return role.cadence_days
    return role.goal_days if person.goal else None
