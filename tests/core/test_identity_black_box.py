"""Whose address it is, asked of the whole program by real files and the command line, row by row of the table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.black_box import Box, mail, moment, rfc_date

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Case:
    """The addresses and names written to, and the decision on each: "address lane handles"."""

    name: str
    person: str
    seen: tuple[tuple[str, str], ...]
    want: tuple[str, ...]


def case(name: str, person: str, *pairs: str) -> Case:
    """`pairs`: "Name <address> = lane handle…"; one without a lane isn't checked."""
    seen, want = [], []
    for pair in pairs:
        written, _, lane = pair.partition(" = ")
        shown, _, address = written.rpartition("<")
        seen.append((address.rstrip(">"), shown.strip()))
        if lane:
            want.append(f"{address.rstrip('>')} {lane}")
    return Case(name, person, tuple(seen), tuple(want))


CASES = [
    case("local-part", "Jane Doering <jd1@old.example>", "Jane Doering <jane.doering@p1.example> = auto jane-doering"),
    case(
        "local-turned",
        "Karl Ebner <ke1@old.example>",
        "Karl Ebner <ebner-karl@p2.example> = auto karl-ebner",
        "Karl Ebner <kebner@p2b.example> = auto karl-ebner",
        "Karl Ebner <karle@p2c.example> = auto karl-ebner",
    ),
    case(
        "same-local",
        "Karl Tauber <kt77@old.example>",
        "Karl Tauber <kt77@p3.example> = auto karl-tauber",
        "Karl Tauber <zz1@p3.example> = auto karl-tauber",
    ),
    case(
        "same-domain",
        "Lena Birk <lb@birkco.example>",
        "Lena Birk <xq9@mail.birkco.example> = auto lena-birk",
        "Lena Birk <yq9@gmx.de> = auto lena-birk",
    ),
    case(
        "free-domain",
        "Mona Falk <mf1@gmail.com>",
        "Mona Falk <zz9@gmail.com> = ask mona-falk",
        "Mona Falk <yy8@web.de> = ask mona-falk",
    ),
    case(
        "free-domains-abroad",
        "Moritz Faber <mf2@yahoo.com.ar>",
        "Moritz Faber <zz8@yahoo.com.ar> = ask moritz-faber",
        "Moritz Faber <yy7@telia.com> = ask moritz-faber",
    ),
    case(
        "relay",
        "Malte Fink <mf3@privaterelay.appleid.com>",
        "Malte Fink <zz7@privaterelay.appleid.com> = ask malte-fink",
        "Malte Fink <yy6@web.de> = ask malte-fink",
    ),
    case("sole", "Nils Orth <n1@old.example>", "Nils Orth <q8x@p4.example> = auto nils-orth"),
    case("sole-initials-of-another", "Nele Otto <n2@old.example>", "Nele Otto <b.s@p4.example> = ask nele-otto"),
    case("sole-but-another", "Olaf Prinz <o1@old.example>", "Olaf Prinz <bob.smith@p5.example> = ask olaf-prinz"),
    case(
        "several",
        "Petra Quandt <p1@old.example>",
        "Petra Quandt <a1@p6.example> = ask petra-quandt",
        "Petra Quandt <b2@p7.example> = ask petra-quandt",
    ),
    case(
        "no-name",
        "Rita Sohn <r1@old.example>",
        "<rita.sohn@p8.example> = ask rita-sohn",
        "<rsohn@p8.example> = ask rita-sohn",
        "<ritas@p8.example> = ask rita-sohn",
        "rita_sohn@p9.example <rita_sohn@p9.example> = ask rita-sohn",
    ),
    case(
        "nickname",
        "Robert Tannert <t1@old.example>",
        "Bob Tannert <bob@p10.example> = ask robert-tannert",
        "R. Tannert <rt@p10.example> = ask robert-tannert",
    ),
    case("initial-local", "Sabine Uhl <su@old.example>", "S. Uhl <suhl@p11.example> = ask sabine-uhl"),
    case(
        "middle",
        "Anna Maria Ulmer <amu@old.example>",
        "Anna Luise Ulmer <x1@p12.example> = ask anna-maria-ulmer",
        "Anna Ulmer <x2@p12.example> = ask anna-maria-ulmer",
        "Anna M. Ulmer <x3@p12.example> = ask anna-maria-ulmer",
    ),
    case(
        "fuzzy", "Katharina Vogelsang <kv@old.example>", "Katarina Vogelsang <x4@p13.example> = ask katharina-vogelsang"
    ),
    case(
        "not-fuzzy",
        "Hanna Wirth <hw@old.example>",
        "Hanno Wirth <x5@p14.example> = ask hanna-wirth",
        "Harro Wirth <x6@p14.example> = none",
    ),
    case("superset", "Ines Xylander <ix@old.example>", "Ines Carla Xylander <x6@p15.example> = ask ines-xylander"),
    case(
        "role-address",
        "Vera Wolffin <vw@old.example>",
        "Vera Wolffin <info@p16.example> = ask vera-wolffin",
        "Vera Wolffin <q9@p16.example> = auto vera-wolffin",
    ),
    case("list-address", "Willi Xander <wx@old.example>", "Willi Xander <dev@lists.p17.example> = ask willi-xander"),
    case(
        "via", "Yara Zimmer <yz@old.example>", "Yara Zimmer via Meetups <notifications@p18.example> = ask yara-zimmer"
    ),
    case(
        "shared",
        "Zora Adler <za@old.example>",
        "Zora Adler <desk7@p19.example> = ask zora-adler",
        "Bert Crane <desk7@p19.example>",
        "Cora Dunst <desk7@p19.example>",
        "Zora Adler <q7@p20.example> = auto zora-adler",
    ),
    case(
        "not-shared",
        "Arno Beck <ab1@old.example>",
        "Arno Beck <arno.beck@p21.example> = auto arno-beck",
        "Beck, Arno <arno.beck@p21.example>",
        "Dr. Arno Beck <arno.beck@p21.example>",
        "A. Beck <arno.beck@p21.example>",
    ),
    case(
        "first-alone",
        "Bianca Cohrs <bc@old.example>",
        "Bianca <b5@p22.example> = none",
        "Cohrs <c5@p22.example> = none",
    ),
    case("domain-alone", "Clara Diehl <cd@diehlco.example>", "<someone@diehlco.example> = none"),
    case("first-local", "Doris Engel <de@old.example>", "<doris@p23.example> = none", "<engel@p23.example> = none"),
    case("local-of-other", "Elsa Frings <ef@old.example>", "Bert Crane <elsa.frings@p24.example> = none"),
    case(
        "local-shares-one", "Frida Gruber <fg@old.example>", "Frida Huber <frida.gruber@p25.example> = ask frida-gruber"
    ),
    case("comma", "Gesa Hirsch <gh@old.example>", '"Hirsch, Gesa" <gesa.hirsch@p26.example> = auto gesa-hirsch'),
    case("bare-comma", "Gerd Heller <gh2@old.example>", "Heller, Gerd <gerd.heller@p26.example> = auto gerd-heller"),
    case(
        "suffix",
        "Hauke Iversen <hi@old.example>",
        '"Hauke Iversen, Jr." <hauke.iversen@p27.example> = ask hauke-iversen',
    ),
    case(
        "degree",
        "Ilse Jansen <ij@old.example>",
        '"Prof. Dr. Ilse Jansen, PhD" <ilse.jansen@p28.example> = auto ilse-jansen',
    ),
    case(
        "brackets",
        "Jutta Kranz <jk@old.example>",
        '"Jutta Kranz (Acme GmbH)" <jutta.kranz@p29.example> = auto jutta-kranz',
        '"[EXT] Jutta Kranz" <jkranz@p30.example> = auto jutta-kranz',
    ),
    case(
        "behalf",
        "Kaja Lorenz <kl@old.example>",
        "Kaja Lorenz on behalf of Acme <kaja.lorenz@p31.example> = auto kaja-lorenz",
    ),
    case(
        "bar",
        "Lars Menzel <lm@old.example>",
        '"Lars Menzel | Acme" <lars.menzel@p32.example> = auto lars-menzel',
        '"Lars Menzel - Sales" <lmenzel@p33.example> = auto lars-menzel',
    ),
    case("caps", "Maja Nolte <mn@old.example>", "MAJA NOLTE <maja.nolte@p34.example> = auto maja-nolte"),
    case("wide", "Nora Oster <no@old.example>", "Ｎｏｒａ Ｏｓｔｅｒ <nora.oster@p35.example> = auto nora-oster"),
    case("kanji", "田中花子 <th@old.example>", "田中 花子 <q4@p36.example> = auto", "田中太郎 <q5@p36.example> = none"),
    case(
        "cyrillic",
        "Ольга Петрова <op@old.example>",
        "Olga Petrova <olga.petrova@p37.example> = auto",
        "Петрова Ольга <opetrova@p38.example> = auto",
    ),
    case(
        "umlaut",
        "Jürgen Müller <jm1@old.example>",
        "Juergen Mueller <juergen.mueller@p39.example> = *",
        "Jurgen Muller <jurgen.muller@p40.example> = auto jurgen-muller",
        "=?iso-8859-1?Q?J=FCrgen_M=FCller?= <j.mueller@p41.example> = auto jurgen-muller",
    ),
    case(
        "gmail",
        "Hans Igelmann <hans.igelmann@gmail.com>",
        "Somebody Else <hansigelmann@gmail.com> = auto hans-igelmann",
    ),
    case(
        "noreply-user",
        "Tilda Ruf <tr@old.example>",
        "Tilda Ruf <123+tildaruf@users.noreply.forge.example> = auto tilda-ruf",
    ),
    case("two-initials-a", "Erik Gastner <eg1@old.example>", "<egastner@p42.example> = ask emil-gastner erik-gastner"),
    case(
        "two-initials-b",
        "Emil Gastner <eg2@old.example>",
        "E. Gastner <q3@p43.example> = ask emil-gastner erik-gastner",
    ),
    case(
        "two-names-one-address",
        "Udo Sanders <us@old.example>",
        "Udo Sanders <udo.sanders@p44.example> = ask udo-sanders",
        "Vroni Tamm <udo.sanders@p44.example>",
    ),
    case("married", "Vroni Uhlig <vu@uhligco.example>", "Vroni Adamek <vroni@uhligco.example> = none"),
    case(
        "hyphen",
        "Anne-Marie Zorn <az@old.example>",
        "Anne Marie Zorn <annemarie.zorn@p45.example> = auto anne-marie-zorn",
        "Anne Zorn <q2@p46.example> = ask anne-marie-zorn",
    ),
    case(
        "apostrophe",
        "Siobhan O'Nolan <so@old.example>",
        "Siobhan O’Nolan <siobhan.onolan@p47.example> = auto siobhan-o-nolan",
    ),
    case("arabic", "ليلى حداد <lh@old.example>", "ليلى حداد <q1@p48.example> = auto"),
    case(
        "initials-only",
        "Joachim Kessler <jke@old.example>",
        "JK <jk@p49.example> = none",
        "J. K. <jk2@p49.example> = none",
    ),
]


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Box:
    """Put all cases into one mailbox, after the roster is set up."""
    made = Box(tmp_path_factory.mktemp("identity"))
    made.json("do", *(f"add {one.person} as mentor" for one in CASES))
    at = 0
    for one in CASES:
        for address, name in one.seen:
            at += 1
            when = moment("2025-01-01T08:00") + timedelta(hours=5 * at)
            made.put(
                mail(f"m{at}@bb.example", to=f"{name} <{address}>", date=rfc_date(when), subject=f"About {at}"),
                mtime=when,
            )
    made.json("scan")
    return made


@pytest.fixture(scope="module")
def decided(box: Box) -> dict[str, dict[str, Any]]:
    return {row["address"]: row for row in box.lines("match", "--all")}


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.name)
def test_each_row_of_the_evidence_table(one: Case, decided: dict[str, dict[str, Any]]) -> None:
    for want in one.want:
        address, lane, *handles = want.split()
        got = decided[address]
        if lane == "*":
            continue
        assert got["lane"] == lane, got
        if lane == "auto":
            assert got["person"] == (handles[0] if handles else got["person"])
            assert got["person"]
        else:
            assert got["person"] is None
        if lane == "ask":
            assert sorted(got["candidates"]) == sorted(handles), got


def test_the_rosters_own_addresses_are_there_too(decided: dict[str, dict[str, Any]]) -> None:
    assert (decided["jd1@old.example"]["lane"], decided["jd1@old.example"]["person"]) == ("auto", "jane-doering")


def _post(box: Box, name: str, when: str, to: str, **given: Any) -> None:
    at = moment(when)
    raw = mail(f"{name}@bb.example", to=to, date=rfc_date(at), **{"subject": f"About {name}", **given})
    box.put(raw, mtime=at)


def _by_address(box: Box) -> dict[str, dict[str, Any]]:
    return {row["address"]: row for row in box.lines("match", "--all")}


def _digest(box: Box, now: str) -> str:
    box.json("digest", "--preview", "--out", str(box.folder / "out"), now=now)
    return " ".join((box.folder / "out" / "digest.txt").read_text(encoding="utf-8").split())


LATER = "2026-03-17T12:00:00+01:00"


def test_a_link_by_the_rules_is_said_once_and_can_be_taken_back_for_good(tmp_path: Path) -> None:
    box = Box(tmp_path)
    _post(box, "one", "2026-01-05T10:00", "Jane Roe <jane@acme.example>")
    _post(box, "two", "2026-02-05T10:00", "Jane Roe <jane.roe@new.example>")
    box.json("do", "add Jane Roe <jane@acme.example> as mentor")
    box.json("scan")
    assert "Jane at new.example" in _digest(box, box.now)
    box.json("digest")
    assert "jane.roe@new.example as" not in _digest(box, LATER)
    assert box.json("people")[0]["last_contact"]["message_id"].strip("<>") == "two@bb.example"
    box.json("do", "jane is not jane.roe@new.example")
    assert box.json("people")[0]["last_contact"]["message_id"].strip("<>") == "one@bb.example"
    _post(box, "three", "2026-03-05T10:00", "Jane Roe <jane.roe@new.example>")
    box.json("scan")
    box.json("scan", "--recheck")
    assert _by_address(box)["jane.roe@new.example"]["lane"] == "none"
    assert box.json("people")[0]["last_contact"]["message_id"].strip("<>") == "one@bb.example"
    box.json("do", "jane is also jane.roe@new.example")
    assert _by_address(box)["jane.roe@new.example"]["person"] == "jane-roe"
    assert box.json("people")[0]["last_contact"]["message_id"].strip("<>") == "three@bb.example"


def test_the_digest_in_german_says_it_too(tmp_path: Path) -> None:
    box = Box(tmp_path, language="de")
    _post(box, "two", "2026-02-05T10:00", "Jane Roe <jane.roe@new.example>")
    box.json("do", "add Jane Roe <jane@acme.example> as mentor")
    box.json("scan")
    text = _digest(box, box.now)
    assert text.count("Jane bei new.example") == 1
    assert text.index("Antworte einfach") < text.index("Jane bei new.example"), "not before the cards"


def test_a_candidate_that_was_ignored_stays_away(tmp_path: Path) -> None:
    box = Box(tmp_path)
    for at in range(3):
        answers = {"more": "In-Reply-To: <theirs@acme.example>"}
        _post(box, f"k{at}", f"2026-02-0{at + 1}T10:00", "Kim Low <kim@acme.example>", **answers)
        _post(box, f"l{at}", f"2026-02-0{at + 1}T11:00", "Lou Moe <lou@acme.example>", **answers)
    box.json("scan")
    named = [one["name"] for one in box.json("digest")["items"] if one["kind"] == "candidate"]
    assert sorted(named) == ["Kim Low", "Lou Moe"]
    box.json("do", "C1 ignore")
    text = _digest(box, LATER)
    assert (named[0] in text, named[1] in text) == (False, True)


def test_questions_are_rationed_and_an_answer_is_remembered(tmp_path: Path) -> None:
    box = Box(tmp_path)
    people = [f"Perta{'abcdefgh'[at]} Quandt{'zyxwvuts'[at]}" for at in range(8)]
    box.json("do", *(f"add {name} <p{at}@old.example> as mentor" for at, name in enumerate(people)))
    for at, name in enumerate(people):
        _post(box, f"o{at}", "2025-10-01T10:00", f"{name} <p{at}@old.example>")
        for one in range(2):
            _post(box, f"q{at}{one}", f"2026-03-0{one + 1}T1{at}:00", f"{name} <zz{at}{one}@n{one}.example>")
    box.json("scan")
    text = _digest(box, box.now)
    assert "Q3" in text
    assert "Q4" not in text
    told = box.json("digest")
    asked = [one for one in told["items"] if one["kind"] == "question"]
    assert len(asked) == 3
    before = {row["address"] for row in _by_address(box).values() if row["lane"] == "ask"}
    box.json("do", "Q1 no", "Q2 yes")
    box.json("scan")
    after = _by_address(box)
    settled = {address: after[address]["lane"] for address in before if after[address]["lane"] != "ask"}
    assert sorted(settled.values()) in (["auto", "none"], ["auto", "auto", "none"]), settled
    box.json("scan", "--recheck")
    assert _by_address(box) == after


def test_two_of_one_name_are_never_guessed_between(tmp_path: Path) -> None:
    box = Box(tmp_path)
    box.json("do", "add Paul Egger <paul@one.example> as mentor")
    asked = box.json("do", "add Paul Egger <paul@two.example> as advisor")
    assert asked["lines"][0]["outcome"] == "ask"
    label = asked["lines"][0]["effect"].split("Q")[1].split()[0].strip(".,:;”“")
    box.json("do", f"Q{label} no")
    assert {one["handle"] for one in box.json("people")} == {"paul-egger", "paul-egger-2"}
    _post(box, "one", "2026-02-01T10:00", "Paul Egger <paul.egger@three.example>")
    _post(box, "two", "2026-02-02T10:00", "Paul Egger <paul.egger@mail.one.example>")
    box.json("scan")
    got = _by_address(box)
    for address in ("paul.egger@three.example", "paul.egger@mail.one.example"):
        assert (got[address]["lane"], got[address]["candidates"]) == ("ask", ["paul-egger", "paul-egger-2"])
    assert all(one["last_contact"] is None for one in box.json("people"))
    again = box.json("do", "add Paul Egger <paul@one.example> as mentor")
    assert (again["lines"][0]["outcome"], again["changes"]) in {("ok", 0), ("refused", 0), ("noise", 0)}


def test_add_of_a_known_name_with_another_address_asks_and_yes_links(tmp_path: Path) -> None:
    box = Box(tmp_path)
    _post(box, "one", "2026-02-01T10:00", "<q7@two.example>")
    box.json("do", "add Paul Egger <paul@one.example> as mentor")
    box.json("scan")
    asked = box.json("do", "add Paul Egger <q7@two.example> as mentor")
    assert asked["lines"][0]["outcome"] == "ask"
    label = asked["lines"][0]["effect"].split("Q")[1].split()[0].strip(".,:;”“")
    box.json("do", f"Q{label} yes")
    (paul,) = box.json("people")
    assert sorted(paul["addresses"]) == ["paul@one.example", "q7@two.example"]
    assert paul["last_contact"]["message_id"].strip("<>") == "one@bb.example"


def test_somebody_new_brings_their_other_addresses_at_once_and_a_namesake_takes_none(tmp_path: Path) -> None:
    box = Box(tmp_path)
    _post(box, "one", "2026-02-01T10:00", "Paul Egger <q7@two.example>")
    _post(box, "two", "2026-02-02T10:00", "Paul Egger <paul@three.example>")
    box.json("scan")
    box.json("do", "add Paul Egger <paul@one.example> as mentor")
    (paul,) = box.json("people")
    assert set(paul["addresses"]) == {"paul@one.example", "paul@three.example", "q7@two.example"}
    assert paul["last_contact"]["message_id"].strip("<>") == "two@bb.example"
    asked = box.json("do", "add Egger, Dr. Paul <paul@three.example> as advisor")
    assert (asked["lines"][0]["outcome"], asked["changes"]) == ("ask", 0), "the rules gave it away, not the owner"
    label = asked["lines"][0]["effect"].split("Q")[1].split()[0].strip(".,:;”“")
    box.json("do", f"Q{label} no")
    got = _by_address(box)
    assert got["paul@three.example"]["person"] != "paul-egger"
    assert (got["q7@two.example"]["lane"], len(got["q7@two.example"]["candidates"])) == ("ask", 2)
    assert next(one for one in box.json("people") if one["handle"] == "paul-egger")["last_contact"] is None
    refused = box.json("do", "add Kim Low <paul@one.example> as ally")
    assert (refused["lines"][0]["outcome"], refused["changes"]) == ("refused", 0)


def test_an_address_of_somebody_dropped_is_nobodys(tmp_path: Path) -> None:
    box = Box(tmp_path)
    for at in range(3):
        _post(box, f"o{at}", f"2026-02-0{at + 1}T10:00", "Jane Roe <jane@acme.example>")
    box.json("do", "add Jane Roe <jane@acme.example> as mentor")
    box.json("scan")
    told = box.json("do", "drop jane")
    code = next(word.strip(".,:;“”") for word in str(told).split("confirm ")[1].split())
    box.json("do", f"confirm {code}")
    assert [one["handle"] for one in box.json("people") if one["status"] == "active"] == []
    box.json("scan")
    got = _by_address(box)["jane@acme.example"]
    assert (got["lane"], got["person"]) == ("none", None), got
    assert "Jane Roe" not in _digest(box, box.now)
    box.json("do", "add Jane Roe <jane@other.example> as ally")
    _post(box, "new", "2026-03-02T10:00", "Jane Roe <jane.roe@third.example>")
    box.json("scan")
    assert _by_address(box)["jane.roe@third.example"]["person"]
