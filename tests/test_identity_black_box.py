"""Whose an address is, asked of the whole program: real files, the command line, the evidence table row by row."""

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
    """What is written to (address, names) and what each must become: "address lane handles"."""

    name: str
    person: str
    seen: tuple[tuple[str, str], ...]
    want: tuple[str, ...]


def case(name: str, person: str, *pairs: str) -> Case:
    """`pairs`: "Name <address> = lane handle…"; an equal sign without a lane is not looked at."""
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
    case("local-turned", "Karl Ebner <ke1@old.example>", "Karl Ebner <ebner-karl@p2.example> = auto karl-ebner", "Karl Ebner <kebner@p2b.example> = auto karl-ebner", "Karl Ebner <karle@p2c.example> = auto karl-ebner"),
    case("same-local", "Karl Tauber <kt77@old.example>", "Karl Tauber <kt77@p3.example> = auto karl-tauber", "Karl Tauber <zz1@p3.example> = auto karl-tauber"),
    case("same-domain", "Lena Birk <lb@birkco.example>", "Lena Birk <xq9@mail.birkco.example> = auto lena-birk", "Lena Birk <yq9@gmx.de> = auto lena-birk"),
    case("free-domain", "Mona Falk <mf1@gmail.com>", "Mona Falk <zz9@gmail.com> = ask mona-falk", "Mona Falk <yy8@web.de> = ask mona-falk"),
    case("sole", "Nils Orth <n1@old.example>", "Nils Orth <q8x@p4.example> = auto nils-orth"),
    case("sole-initials-of-another", "Nele Otto <n2@old.example>", "Nele Otto <b.s@p4.example> = ask nele-otto"),
    case("sole-but-another", "Olaf Prinz <o1@old.example>", "Olaf Prinz <bob.smith@p5.example> = ask olaf-prinz"),
    case("several", "Petra Quandt <p1@old.example>", "Petra Quandt <a1@p6.example> = ask petra-quandt", "Petra Quandt <b2@p7.example> = ask petra-quandt"),
    case("no-name", "Rita Sohn <r1@old.example>", "<rita.sohn@p8.example> = ask rita-sohn", "<rsohn@p8.example> = ask rita-sohn", "<ritas@p8.example> = ask rita-sohn", "rita_sohn@p9.example <rita_sohn@p9.example> = ask rita-sohn"),
    case("nickname", "Robert Tannert <t1@old.example>", "Bob Tannert <bob@p10.example> = ask robert-tannert", "R. Tannert <rt@p10.example> = ask robert-tannert"),
    case("initial-local", "Sabine Uhl <su@old.example>", "S. Uhl <suhl@p11.example> = ask sabine-uhl"),
    case("middle", "Anna Maria Ulmer <amu@old.example>", "Anna Luise Ulmer <x1@p12.example> = ask anna-maria-ulmer", "Anna Ulmer <x2@p12.example> = ask anna-maria-ulmer", "Anna M. Ulmer <x3@p12.example> = ask anna-maria-ulmer"),
    case("fuzzy", "Katharina Vogelsang <kv@old.example>", "Katarina Vogelsang <x4@p13.example> = ask katharina-vogelsang"),
    case("not-fuzzy", "Hanna Wirth <hw@old.example>", "Hanno Wirth <x5@p14.example> = ask hanna-wirth", "Harro Wirth <x6@p14.example> = none"),
    case("superset", "Ines Xylander <ix@old.example>", "Ines Carla Xylander <x6@p15.example> = ask ines-xylander"),
    case("role-address", "Vera Wolffin <vw@old.example>", "Vera Wolffin <info@p16.example> = ask vera-wolffin", "Vera Wolffin <q9@p16.example> = auto vera-wolffin"),
    case("list-address", "Willi Xander <wx@old.example>", "Willi Xander <dev@lists.p17.example> = ask willi-xander"),
    case("via", "Yara Zimmer <yz@old.example>", "Yara Zimmer via Meetups <notifications@p18.example> = ask yara-zimmer"),
    case("shared", "Zora Adler <za@old.example>", "Zora Adler <desk7@p19.example> = ask zora-adler", "Bert Crane <desk7@p19.example>", "Cora Dunst <desk7@p19.example>", "Zora Adler <q7@p20.example> = auto zora-adler"),
    case("not-shared", "Arno Beck <ab1@old.example>", "Arno Beck <arno.beck@p21.example> = auto arno-beck", "Beck, Arno <arno.beck@p21.example>", "Dr. Arno Beck <arno.beck@p21.example>", "A. Beck <arno.beck@p21.example>"),
    case("first-alone", "Bianca Cohrs <bc@old.example>", "Bianca <b5@p22.example> = none", "Cohrs <c5@p22.example> = none"),
    case("domain-alone", "Clara Diehl <cd@diehlco.example>", "<someone@diehlco.example> = none"),
    case("first-local", "Doris Engel <de@old.example>", "<doris@p23.example> = none", "<engel@p23.example> = none"),
    case("local-of-other", "Elsa Frings <ef@old.example>", "Bert Crane <elsa.frings@p24.example> = none"),
    case("local-shares-one", "Frida Gruber <fg@old.example>", "Frida Huber <frida.gruber@p25.example> = ask frida-gruber"),
    case("comma", "Gesa Hirsch <gh@old.example>", "\"Hirsch, Gesa\" <gesa.hirsch@p26.example> = auto gesa-hirsch"),
    case("bare-comma", "Gerd Heller <gh2@old.example>", "Heller, Gerd <gerd.heller@p26.example> = auto gerd-heller"),
    case("suffix", "Hauke Iversen <hi@old.example>", "\"Hauke Iversen, Jr.\" <hauke.iversen@p27.example> = ask hauke-iversen"),
    case("degree", "Ilse Jansen <ij@old.example>", "\"Prof. Dr. Ilse Jansen, PhD\" <ilse.jansen@p28.example> = auto ilse-jansen"),
    case("brackets", "Jutta Kranz <jk@old.example>", "\"Jutta Kranz (Acme GmbH)\" <jutta.kranz@p29.example> = auto jutta-kranz", "\"[EXT] Jutta Kranz\" <jkranz@p30.example> = auto jutta-kranz"),
    case("behalf", "Kaja Lorenz <kl@old.example>", "Kaja Lorenz on behalf of Acme <kaja.lorenz@p31.example> = auto kaja-lorenz"),
    case("bar", "Lars Menzel <lm@old.example>", "\"Lars Menzel | Acme\" <lars.menzel@p32.example> = auto lars-menzel", "\"Lars Menzel - Sales\" <lmenzel@p33.example> = auto lars-menzel"),
    case("caps", "Maja Nolte <mn@old.example>", "MAJA NOLTE <maja.nolte@p34.example> = auto maja-nolte"),
    case("wide", "Nora Oster <no@old.example>", "Ｎｏｒａ Ｏｓｔｅｒ <nora.oster@p35.example> = auto nora-oster"),
    case("kanji", "田中花子 <th@old.example>", "田中 花子 <q4@p36.example> = auto", "田中太郎 <q5@p36.example> = none"),
    case("cyrillic", "Ольга Петрова <op@old.example>", "Olga Petrova <olga.petrova@p37.example> = auto", "Петрова Ольга <opetrova@p38.example> = auto"),
    case("umlaut", "Jürgen Müller <jm1@old.example>", "Juergen Mueller <juergen.mueller@p39.example> = *", "Jurgen Muller <jurgen.muller@p40.example> = auto jurgen-muller", "=?iso-8859-1?Q?J=FCrgen_M=FCller?= <j.mueller@p41.example> = auto jurgen-muller"),
    case("gmail", "Hans Igelmann <hans.igelmann@gmail.com>", "Somebody Else <hansigelmann@gmail.com> = auto hans-igelmann"),
    case("noreply-user", "Tilda Ruf <tr@old.example>", "Tilda Ruf <123+tildaruf@users.noreply.forge.example> = auto tilda-ruf"),
    case("two-initials-a", "Erik Gastner <eg1@old.example>", "<egastner@p42.example> = ask emil-gastner erik-gastner"),
    case("two-initials-b", "Emil Gastner <eg2@old.example>", "E. Gastner <q3@p43.example> = ask emil-gastner erik-gastner"),
    case("two-names-one-address", "Udo Sanders <us@old.example>", "Udo Sanders <udo.sanders@p44.example> = ask udo-sanders", "Vroni Tamm <udo.sanders@p44.example>"),
    case("married", "Vroni Uhlig <vu@uhligco.example>", "Vroni Adamek <vroni@uhligco.example> = none"),
    case("hyphen", "Anne-Marie Zorn <az@old.example>", "Anne Marie Zorn <annemarie.zorn@p45.example> = auto anne-marie-zorn", "Anne Zorn <q2@p46.example> = ask anne-marie-zorn"),
    case("apostrophe", "Siobhan O'Nolan <so@old.example>", "Siobhan O’Nolan <siobhan.onolan@p47.example> = auto siobhan-o-nolan"),
    case("arabic", "ليلى حداد <lh@old.example>", "ليلى حداد <q1@p48.example> = auto"),
    case("initials-only", "Joachim Kessler <jke@old.example>", "JK <jk@p49.example> = none", "J. K. <jk2@p49.example> = none"),
]  # fmt: skip


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Box:
    """All in one mailbox; the roster was there first."""
    made = Box(tmp_path_factory.mktemp("identity"))
    made.json("do", *(f"add {one.person} as mentor" for one in CASES))
    at = 0
    for one in CASES:
        for address, name in one.seen:
            at += 1
            when = moment("2025-01-01T08:00") + timedelta(hours=5 * at)
            made.put(mail(f"m{at}@bb.example", to=f"{name} <{address}>", date=rfc_date(when), subject=f"About {at}"), mtime=when)
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
