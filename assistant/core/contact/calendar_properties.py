"""Properties of a VEVENT as icalendar gives them, behind a guard: reading a broken one never raises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from icalendar import Component


def parameter(value: Any, name: str) -> str:
    """Return a parameter of a property, the first of several; "" for none."""
    found = (attribute(first(value), "params") or {}).get(name, "")
    return str(found[0] if isinstance(found, list) and found else found or "")


def moment_of(value: Any) -> Any:
    """Return the date, time or length that a property holds, else None."""
    return attribute(first(value), "dt")


def attribute(value: Any, name: str) -> Any:
    """Return what the library made of a property, None if it has no such attribute."""
    try:
        return getattr(value, name, None)
    except Exception:  # noqa: BLE001 - a broken property raises one of the library's own errors when it is read
        return None


def text_of(event: Component, name: str) -> str:
    """Return a property as text, "" if it's missing."""
    value = first(event.get(name))
    return "" if value is None else str(value)


def number_in(text: str) -> int:
    """Return the whole number that a text is, 0 if it isn't one that fits 32 bits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - fits 32 bits


def many(value: Any) -> list[Any]:
    """Return a property's values: it may stand once, several times, or not at all."""
    return value if isinstance(value, list) else [] if value is None else [value]


def first(value: Any) -> Any:
    """Return the first of a property's values, None if there is none."""
    found = many(value)
    return found[0] if found else None
