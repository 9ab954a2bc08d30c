"""Who changes jobs is asked about once, and so is the owner who does; what a role needs to know is asked once too."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from assistant.core.digest.week import current
from assistant.rounds.digest import build
from assistant.rounds.digest.workplaces import own_company
from assistant.rounds.show import show_person
from assistant.store import digests, roster
from assistant.writer.offline.writer import OfflineWriter
from tests.replying import OWNER, Life, life

if TYPE_CHECKING:
    from assistant.core.digest.model import QuestionItem
    from assistant.rounds.digest.result import Built


@dataclass
class Career:
    """An owner at harbour.example, who writes letters and gets a digest each week."""

    life: Life = field(default_factory=Life)
    letters: int = 0

    def __post_init__(self) -> None:
        self.works_at("harbour.example")

    def works_at(self, *domains: str) -> None:
        me = replace(self.life.config.me, company_domains=domains)
        self.life.config = replace(self.life.config, me=me)

    def writes_to(self, address: str, days_ago: int = 1) -> None:
        self.letters += 1
        at = self.life.now - timedelta(days=days_ago)
        head = f"From: Priya <{OWNER}>\r\nTo: {address}\r\nSubject: Hello {self.letters}\r\n"
        head += f"Message-ID: <{self.letters}@example.com>\r\nDate: {at:%a, %d %b %Y %H:%M:%S +0100}\r\n\r\n"
        self.life.put(f"{head}How is it going?\r\n".encode(), at)

    def digest(self) -> Built:
        """Return the digest of the next week."""
        self.life.later(days=7)
        round_ = replace(self.life.round(), writer=OfflineWriter())
        return build.build(round_, current(round_.now, round_.slot))

    def questions(self, *kinds: str) -> list[QuestionItem]:
        return [item for item in self.digest().digest.questions if item.key.partition(" ")[0] in kinds]

    def roles(self) -> list[str]:
        return [item.text for item in self.questions("role")]


def career(*lines: str) -> Career:
    there = Career()
    for line in lines:
        assert there.life.one(line)[0] == "ok"
    return there


def test_an_advocate_who_leaves_is_asked_about_once() -> None:
    there = career("add Ada Moreau <ada@harbour.example> as advocate")
    there.writes_to("ada@harbour.example", 30)
    assert there.roles() == []
    assert there.life.one("Ada is also ada@newfirm.example")[0] == "ok"
    assert there.roles() == [], "the new address is linked, and not written to yet"
    there.writes_to("ada@newfirm.example")
    (asked,) = there.questions("role")
    assert asked.text == "Ada, your advocate, has left harbour.example. Advisor now?"
    assert asked.answers == ("yes", "no", "mentor", "ally", "close")
    assert there.roles() == [], "asked once, answered or not"
    assert there.life.one("Ada role advisor")[0] == "ok"
    assert there.roles() == [], "nor is it asked whether she is still the advisor that she has just become"


def test_an_advisor_who_comes_into_the_company_is_asked_about_once() -> None:
    there = career("add Bob Li <bob@li.example> as advisor", "Bob is also bob@harbour.example")
    there.writes_to("bob@li.example", 40)
    assert there.roles() == []
    there.writes_to("bob@harbour.example")
    (asked,) = there.roles()
    assert asked == "Bob, your advisor, has left li.example for your own company. Advocate now?"
    assert there.roles() == []


def test_a_further_move_asks_again() -> None:
    there = career("add Jo Kent <jo@one.example> as mentor")
    there.writes_to("jo@one.example", 300)
    there.life.do("Jo is also jo@two.example", "Jo is also jo@three.example")
    there.writes_to("jo@two.example", 100)
    assert there.roles() == ["Jo has left one.example for two.example. Still your mentor?"]
    there.writes_to("jo@three.example")
    assert there.roles() == ["Jo has left two.example for three.example. Still your mentor?"]
    assert there.roles() == []


def test_who_has_two_addresses_at_a_time_did_not_move() -> None:
    there = career("add Jo Kent <jo@one.example> as mentor", "Jo is also jo@two.example")
    for address, days in (("jo@two.example", 30), ("jo@one.example", 20), ("jo@two.example", 10)):
        there.writes_to(address, days)
    assert there.roles() == []
    there.life.later(days=100)
    there.writes_to("jo@two.example")
    assert len(there.roles()) == 1, "the other one has been silent for a quarter by now"


@pytest.mark.parametrize(("old", "new", "asked"), [(900, 600, 0), (900, 300, 1), (300, 200, 1)])
def test_a_move_of_years_ago_is_no_news(old: int, new: int, asked: int) -> None:
    there = career("add Jo Kent <jo@one.example> as mentor", "Jo is also jo@two.example")
    there.writes_to("jo@one.example", old)
    there.writes_to("jo@two.example", new)
    there.writes_to("jo@two.example", 10)
    assert len(there.roles()) == asked


def test_free_mail_is_no_company() -> None:
    there = career("add Ada Moreau <ada@harbour.example> as advocate", "Ada is also ada.moreau@gmail.com")
    there.writes_to("ada@harbour.example", 60)
    there.writes_to("ada.moreau@gmail.com")
    assert there.roles() == []


def test_a_group_of_companies_is_one() -> None:
    there = career("add Ada Moreau <ada@harbour.example> as advocate", "Ada is also ada@harbour-group.example")
    there.works_at("harbour.example", "harbour-group.example")
    there.writes_to("ada@harbour.example", 60)
    there.writes_to("ada@harbour-group.example")
    assert there.roles() == []


def test_the_owner_moves_and_only_advocates_are_asked_about() -> None:
    there = career(
        "add Ada Moreau <ada@harbour.example> as advocate",
        "add Eve Stone <eve.stone@gmail.com> as advocate",
        "add Bob Li <bob@li.example> as advisor",
        "add Jo Kent <jo@harbour.example> as mentor",
    )
    there.life.do(*(f"see me {who}: solid work" for who in ("Ada", "Eve")), "Jo is a peer")
    assert there.roles() == []
    there.works_at("mill.example")
    assert sorted(there.roles()) == [
        "You've changed companies, and Ada is your advocate. Advisor now?",
        "You've changed companies, and Eve is your advocate. Advisor now?",
    ]
    there.life.do("add Ida Berg <ida.berg@gmail.com> as advocate")
    assert there.roles() == [], "she became one at the new company"


def test_the_owner_moves_to_where_an_advisor_works() -> None:
    there = career("add Bob Li <bob@mill.example> as advisor")
    there.digest()
    there.works_at("mill.example")
    assert len(there.roles()) == 1
    there.works_at("mill.example", "weir.example")
    assert there.roles() == []


def test_an_advocate_is_asked_about_with_each_move_of_the_owner() -> None:
    there = career("add Ada Moreau <ada@harbour.example> as advocate")
    for domain, asked in (("harbour.example", 0), ("mill.example", 1), ("weir.example", 1), ("weir.example", 0)):
        there.works_at(domain)
        assert len(there.roles()) == asked


def test_a_further_domain_is_no_move() -> None:
    there = career("add Eve Stone <eve.stone@gmail.com> as advocate")
    there.digest()
    for domains in (("harbour.example", "quay.example"), ()):
        there.works_at(*domains)
        assert there.roles() == []
    assert own_company(there.life.round(), roster.load_roster(there.life.store)).moves == 0


def test_a_preview_notices_nothing_for_good() -> None:
    there = career("add Eve Stone <eve.stone@gmail.com> as advocate")
    there.digest()
    there.works_at("mill.example")
    there.life.later(days=7)
    for _ in range(2):
        previewed = build.preview(replace(there.life.round(), writer=OfflineWriter()))
        assert [item.key for item in previewed.digest.questions][:1] == ["role eve-stone evestone@gmail.com left 1"]


@pytest.mark.parametrize(
    ("answer", "role", "status"),
    [
        ("yes", "advisor", "active"),
        ("no", "advocate", "active"),
        ("mentor", "mentor", "active"),
        ("close", "advocate", "closed"),
    ],
)
def test_a_role_that_ends_keeps_the_person(answer: str, role: str, status: str) -> None:
    there = career("add Ada Moreau <ada@newfirm.example> as hoped-for advocate")
    (asked,) = there.questions("role")
    there.life.later(minutes=1)
    assert there.life.one(f"{asked.label} {answer}")[0] == "ok"
    ada = there.life.person("ada-moreau")
    assert (ada.role, ada.status, ada.hoped) == (role, status, answer in {"yes", "no", "close"})
    assert there.roles() == []


def test_no_longer_a_mentor_needs_the_role_they_have_now() -> None:
    there = career("add Jo Kent <jo@one.example> as mentor", "Jo is also jo@two.example")
    there.writes_to("jo@one.example", 300)
    there.writes_to("jo@two.example")
    (asked,) = there.questions("role")
    assert asked.answers == ("yes", "advisor", "advocate", "ally", "close")
    assert there.life.one(f"{asked.label} no")[0] == "ask"
    assert there.life.person("jo-kent").status == "active"
    assert there.life.one(f"{asked.label} advisor")[0] == "ok"
    assert there.life.person("jo-kent").role == "advisor"


FACTS = [
    ("advocate", "", "see-me", "the one to call when a migration is stuck", "What should Jo say of you"),
    ("mentor", "", "peer", "yes", "Are Jo and you peers"),
    ("ally", ' for "ship it"', "motive", "a seat in the steering group, and “calm”", "what's in it for Jo?"),
]


@pytest.mark.parametrize(("role", "goal", "kind", "answer", "text"), FACTS)
def test_a_personal_fact_is_asked_once_and_shown(role: str, goal: str, kind: str, answer: str, text: str) -> None:
    there = career(f"add Jo Kent <jo@harbour.example> as {role}{goal}")
    there.writes_to("jo@harbour.example")
    (asked,) = there.questions("fact")
    assert text in asked.text
    assert there.life.one(f"{asked.label} {answer}")[0] == "ok"
    (note,) = roster.notes(there.life.store, "jo-kent", kind)
    assert note.text == answer
    shown = show_person(there.life.config, there.life.store, there.life.now, "jo-kent").lines()
    assert sum(answer in line for line in shown) == 1
    assert [item.key for item in there.questions("fact")] == (["fact jo-kent my-motive"] if role == "ally" else [])
    assert there.questions("fact") == []


def test_a_sentence_is_an_answer_by_mail_and_can_be_taken_back() -> None:
    there = life()
    key = "fact mina-okafor see-me"
    digests.ensure_question(there.store, key, {"handle": "mina-okafor", "fact": "see-me", "goal": None})
    digests.add_items(there.store, 1, [("Q5", "question", None, None, {"key": key})])
    (transcript,) = there.reply("Q5: She's “the one to call”, when a migration is stuck.")
    (line,) = transcript.lines
    assert (line.outcome, "noted how they should see you" in line.effect) == ("ok", True)
    (note,) = roster.notes(there.store, "mina-okafor", "see-me")
    assert note.text == "She's “the one to call”, when a migration is stuck."
    assert digests.answer_to(there.store, key) == note.text
    assert there.one(f"undo {transcript.id}")[0] == "ok"
    assert roster.notes(there.store, "mina-okafor") == ()
    assert digests.answer_to(there.store, key) is None


def test_a_fact_that_was_noted_or_passed_over_is_not_asked() -> None:
    there = career("add Jo Kent <jo@harbour.example> as mentor", "Jo is not a peer")
    assert there.questions("fact") == []
    there = career("add Jo Kent <jo@harbour.example> as ally")
    assert there.questions("fact") == [], "no goal, no motive"
    there = career("add Jo Kent <jo@harbour.example> as advocate")
    (asked,) = there.questions("fact")
    assert there.life.one(f"{asked.label} skip")[0] == "ok"
    assert roster.notes(there.life.store, "jo-kent") == ()
    assert there.questions("fact") == []


def test_only_yes_or_no_says_who_is_a_peer_and_who_was_dropped_takes_no_note() -> None:
    there = career("add Jo Kent <jo@harbour.example> as mentor")
    (asked,) = there.questions("fact")
    assert there.life.one(f"{asked.label} more or less so, I should think")[0] == "unknown"
    assert there.life.one(f"{asked.label} perhaps")[0] == "unknown"
    code = re.search(r"confirm [A-Z0-9]{6}", there.life.one("drop Jo")[1])
    assert code
    assert there.life.one(code[0])[0] == "ok"
    assert there.life.one(f"{asked.label} yes")[0] != "ok"
    assert roster.notes(there.life.store, "jo-kent") == ()
    assert there.life.one("undo")[0] == "ok"
    assert there.life.one(f"{asked.label} no")[0] == "ok"
    assert [note.text for note in roster.notes(there.life.store, "jo-kent")] == ["no"]


def test_one_fact_a_digest_of_those_due_first() -> None:
    there = career(*(f"add {who} Kent <{who.lower()}@harbour.example> as mentor" for who in ("Ann", "Ben", "Cid")))
    for who, days in (("ann", 1), ("ben", 80), ("cid", 1)):
        there.writes_to(f"{who}@harbour.example", days)
    asked = [[item.key for item in there.questions("fact")] for _ in range(4)]
    assert asked[0] == ["fact ben-kent peer"]
    assert sorted(key for keys in asked for key in keys) == [f"fact {who}-kent peer" for who in ("ann", "ben", "cid")]
    assert max(map(len, asked)) == 1


def test_free_words_fit_no_yes_or_no() -> None:
    there = career("add Ada Moreau <ada@newfirm.example> as advocate")
    (asked,) = there.questions("role")
    outcome, effect = there.life.one(f"{asked.label} she told me over lunch that she might go, so who knows")
    assert (outcome, effect) == ("unknown", "I didn't get that.")
