from __future__ import annotations

import pytest

from assistant.core.language.fold import fold_name
from assistant.core.people.handles import handle_for, people_meant
from assistant.core.people.roster import Person

PEOPLE = tuple(
    Person(handle, name, "mentor", addresses=(address,))
    for handle, name, address in (
        ("jane-roe", "Jane Roe", "jane@roe.example"),
        ("jane-lee", "Jane Lee", "jl@lee.example"),
        ("jane-roe-2", "Jane Roe", "second@roe.example"),
        ("bob-li", "Bob Li", "bob@li.example"),
        ("jan-smit", "Jan Smit", "smit@far.example"),
        ("renee-muller", "Renée Müller", "rm@northwind.example"),
        ("tom-o-brien", "Tom O'Brien", "tob@northwind.example"),
    )
)


@pytest.mark.parametrize(
    ("name", "taken", "handle"),
    [
        ("Jane Roe", (), "jane-roe"),
        ("Jane Roe", ("jane-roe",), "jane-roe-2"),
        ("Jane Roe", ("jane-roe", "jane-roe-2"), "jane-roe-3"),
        ("Renée Müller", (), "renee-muller"),
        ("李小龍", (), "lixiaolong"),
        ("O'Neil-Smith, Dr.", (), "o-neil-smith-dr"),
        ("42", (), "person-42"),
        ("🙂" if fold_name("🙂") == "🙂" else "…", (), "person"),
        ("x" * 200, (), "x" * 60),
    ],
)
def test_handles_are_names_in_ascii_given_once(name: str, taken: tuple[str, ...], handle: str) -> None:
    assert handle_for(name, taken) == handle


@pytest.mark.parametrize(
    ("who", "handles"),
    [
        ("jane-roe", ["jane-roe"]),
        ("JANE-ROE-2", ["jane-roe-2"]),
        ("jane@roe.example", ["jane-roe"]),
        ("Bob Li", ["bob-li"]),
        ("bob", ["bob-li"]),
        ("Li", ["bob-li"]),
        ("Jane", ["jane-roe", "jane-lee", "jane-roe-2"]),
        ("Jane Roe", ["jane-roe", "jane-roe-2"]),
        ("Jane L", ["jane-lee"]),
        ("Jane Le", ["jane-lee"]),
        ("Jan", ["jan-smit"]),
        ("smi", ["jan-smit"]),
        ("enee", ["renee-muller"]),
        ("far.example", ["jan-smit"]),
        ("Renee", ["renee-muller"]),
        ("müller", ["renee-muller"]),
        ("mueller", ["renee-muller"]),
        ("tom obrien", ["tom-o-brien"]),
        ("O’Brien", ["tom-o-brien"]),
        ("xx", []),
        ("to", []),
        ("mit", []),
        ("re", ["renee-muller"]),
        ("Great coffee with Jane", []),
        ("…", []),
    ],
)
def test_who_is_one_several_or_nobody(who: str, handles: list[str]) -> None:
    assert [person.handle for person in people_meant(who, PEOPLE)] == handles
