"""Whether two display names are equal, look equal, or may belong to one person.

Name, Name ─┬─> same: equal, in whatever order the words stand
            ├─> alike: not equal, but it looks so, which an impostor makes use of
            └─> related: a reason why they may be one person's (initial, nickname, typing slip …)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.core.language.lookalikes import MIXED, SOUNDED
from assistant.core.people.names import Name, nicknames_of, parse_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MANY_NAMES = 3
FUZZY = 90
_TWO = 2


def same(one: Name, other: Name) -> bool:
    """Return whether two full names are equal, in whatever order their words stand.

    Names in two scripts can be equal by their sound (Ольга, Olga), but never by the look of their letters.
    """
    # A name with letters of two scripts is made to look like another.
    if MIXED in {one.script, other.script}:
        return False
    # CJK names first as they are written: different characters can have one spelling in ASCII.
    if one.raw and one.raw == other.raw:
        return True
    return len(one.tokens) > 1 and one.key == other.key and (one.script == other.script or _sound(one, other))


def _sound(one: Name, other: Name) -> bool:
    return {one.script, other.script} <= SOUNDED and not one.deceptive and not other.deceptive


def alike(one: Name, other: Name) -> bool:
    """Return whether two full names aren't equal but look equal, or would be equal without a mixed script."""
    return len(one.tokens) > 1 and not same(one, other) and (one.key == other.key or one.look == other.look)


def compatible(one: Name, other: Name) -> bool:
    """Return whether two names could belong to one person: equal, one part of the other, or with initials."""
    if same(one, other):
        return True
    short, long = sorted((one.tokens, other.tokens), key=len)
    return bool(short) and _covers(short, list(long))


def _covers(short: tuple[str, ...], long: list[str]) -> bool:
    """Return whether each token of `short` is in `long` or has its initial there, and at least one is there in full."""
    in_full = 0
    for token in short:
        match = (
            token if token in long else next((o for o in long if o[0] == token[0] and 1 in {len(o), len(token)}), None)
        )
        if match is None:
            return False
        in_full += match == token and len(token) > 1
        long.remove(match)
    return in_full > 0


def is_shared(names: Iterable[str]) -> bool:
    """Return whether an address comes with three or more different full names, so it isn't one person's."""
    groups: list[Name] = []
    for name in (parse_name(text) for text in names):
        if name.full and not any(compatible(name, other) for other in groups):
            groups.append(name)
    return len(groups) >= MANY_NAMES


def related(name: Name, known: Name) -> str | None:
    """Return why a name may be the person's, or None if it isn't similar enough."""
    if same(name, known):
        return "name"
    mine, theirs = name.tokens, known.tokens
    # A first or last name alone isn't evidence.
    if len(mine) < _TWO or len(theirs) < _TWO:
        return None
    return _by_tokens(mine, theirs) or _fuzzy(name, known)


def _by_tokens(mine: tuple[str, ...], theirs: tuple[str, ...]) -> str | None:
    common = set(mine) & set(theirs)
    if len(common) >= _TWO and (common == set(mine) or common == set(theirs)):
        return "part-of-the-name"
    left = [token for token in mine if token not in common]
    right = [token for token in theirs if token not in common]
    if not any(len(token) > 1 for token in common):
        return None
    if (left and right and all(_initial_of(one, right) for one in left)) or (
        right and all(_initial_of(o, left) for o in right)
    ):
        return "initial"
    if mine[0] in theirs and mine[-1] in theirs and len(common) >= _TWO:
        return "other-middle-name"
    if len(left) == len(right) == 1 and right[0] in nicknames_of(left[0]):
        return "nickname"
    return None


def _initial_of(token: str, others: Sequence[str]) -> bool:
    return any(token[0] == other[0] and 1 in {len(token), len(other)} for other in others)


def _fuzzy(name: Name, known: Name) -> str | None:
    from rapidfuzz.fuzz import token_sort_ratio

    # Never token_set_ratio: it gives 100 to a name that is part of another.
    # Müller is compared as muller and as mueller: people write both.
    for tokens in {known.tokens, known.umlauts}:
        if token_sort_ratio(" ".join(name.tokens), " ".join(tokens), score_cutoff=FUZZY) >= FUZZY:
            return "fuzzy"
    return None
