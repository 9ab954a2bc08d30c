# ruff: noqa: SLF001 - one class looks into others of its own kind
"""A mapping that is never changed, of which a changed copy costs as much as the change, not as much as the mapping.

The newest version holds the values; each older one holds only what differs from the next. Looking into an old version
turns the chain around (Baker, "Shallow binding makes functional arrays fast", 1991): right for any use, and quick for
the one that walks on from version to version.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

K = TypeVar("K")
V = TypeVar("V")


class Versioned(Mapping[K, V], Generic[K, V]):
    """An immutable mapping; no value in it is None. Not for use by several threads at once."""

    __slots__ = ("_back", "_data", "_newer")

    def __init__(self, values: Mapping[K, V] | Iterable[tuple[K, V]] = ()) -> None:
        """Copy `values` once."""
        self._data: dict[K, V] | None = dict(values)
        self._newer: Versioned[K, V] | None = None
        self._back: list[tuple[K, V | None]] = []

    def changed(self, changes: Iterable[tuple[K, V | None]]) -> Versioned[K, V]:
        """Return a version with those values in place, None taking a key away; this one stays as it is."""
        data = self._own()
        newer: Versioned[K, V] = Versioned()
        newer._data, self._data, self._newer = data, None, newer
        self._back = _apply(data, changes)
        return newer

    def _own(self) -> dict[K, V]:
        """Return the dict of this version, after turning the chain around where another one holds it."""
        chain = [self]
        while chain[-1]._data is None and chain[-1]._newer is not None:
            chain.append(chain[-1]._newer)
        for older, newer in zip(reversed(chain[:-1]), reversed(chain[1:]), strict=True):
            data = newer._data or {}
            newer._back = _apply(data, older._back)
            newer._data, newer._newer = None, older
            older._data, older._newer, older._back = data, None, []
        return self._data if self._data is not None else {}

    def __getitem__(self, key: K) -> V:
        """Return a value; raises KeyError where there is none."""
        return self._own()[key]

    def __iter__(self) -> Iterator[K]:
        """Yield the keys."""
        return iter(self._own())

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._own())

    def __contains__(self, key: object) -> bool:
        """Return whether a key is there."""
        return key in self._own()


def _apply(data: dict[K, V], changes: Iterable[tuple[K, V | None]]) -> list[tuple[K, V | None]]:
    """Put changes into `data` and return those that take them back, in the order to apply them."""
    back: list[tuple[K, V | None]] = []
    for key, value in changes:
        back.append((key, data.get(key)))
        if value is None:
            data.pop(key, None)
        else:
            data[key] = value
    back.reverse()
    return back
