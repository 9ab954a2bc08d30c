from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from assistant.core.contact.verdict import REASONS
from assistant.core.digest.model import Digest, Tap
from assistant.core.evidence.dossier import Sentence
from assistant.core.language.data_files import LANGUAGES
from assistant.core.language.phrases import Phrases, catalogue, isolated
from assistant.core.replies.grammar.commands import MetVerb
from assistant.core.replies.grammar.lines import Speech, parse_line
from assistant.render.digest import MOST_BYTES, digest_subject, render_digest
from assistant.render.html import environment, label, safe_href
from assistant.render.text import columns, wrap
from assistant.render.tokens import DARK, LIGHT, Colours
from scripts import picture
from tests.gallery import HOSTILE, digests, write_gallery
from tests.gallery_pieces import CONTROL, PEOPLE, TODAY, base, calm, candidate, due, meeting, roster, row, words

STATES = digests()
ALLOWED_TAGS = {
    "html", "head", "meta", "title", "style", "body", "div", "table", "tr", "td", "p", "h1", "h2", "h3", "a", "b",
    "span", "br", "wbr",
}  # fmt: skip
VOID = {"meta", "br", "wbr"}


@pytest.fixture(params=STATES, scope="module")
def state(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def plain(text: str) -> str:
    """Return text as words between single blanks, without isolates and the marks of wrapping."""
    kept = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return " ".join(kept.replace("|", " ").split())


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", plain(text)).lower()


def visible(html: str) -> HTMLParser:
    tree = HTMLParser(html)
    for hidden in tree.css("style, title, [style*='display:none']"):
        hidden.decompose()
    return tree


def seen(html: str) -> str:
    """Return the HTML as a mail program quotes it in plain text: a line for each block and each tap."""
    return "\n".join(
        piece.text()
        for block in visible(html).css("p, h1, h2, h3, td, a")
        for piece in HTMLParser(f"<div>{(block.html or '').replace('<br>', '</div><div>')}</div>").css("div")
    )


def pieces(html: str) -> list[str]:
    """Return what the HTML says, taps and the legend of the bars apart: each text node, cut at dots and full stops."""
    tree = visible(html)
    for tap in tree.css('[role="group"], a'):
        tap.decompose()
    body = re.sub(r"<wbr>(?=@)", "", tree.body.html or "")  # type: ignore[union-attr]
    nodes = [unescape(text) for text in re.findall(r">([^<>]+)<", body)]
    labels = [node.attributes["aria-label"] or "" for node in tree.css('[role="img"]')]
    found = [plain(part) for node in [*nodes, *labels] for part in re.split(r" ?·|^ ?– |(?<!\d)\. |\n", node)]
    return [piece for piece in found if piece and piece not in {plain(legend) for legend in LEGENDS}]


LEGENDS = [str(catalogue(language)["roster.legend"]) for language in LANGUAGES]


def test_everything_the_html_says_is_in_the_text(state: str) -> None:
    mail = render_digest(STATES[state])
    said = squeezed(mail.text)
    found = pieces(mail.html)
    assert len(found) > 15
    assert [piece for piece in found if squeezed(piece) not in said] == []


def test_every_number_and_date_of_the_html_is_as_often_in_the_text(state: str) -> None:
    """Counted, so that a number that stands somewhere else in the text does not pass for the one that is missing."""
    mail = render_digest(STATES[state])
    months = "Jan|Feb|M[aä]r|Apr|Ma[iy]|Jun|Jul|Aug|Sep|O[ck]t|Nov|De[cz]"
    dates = re.compile(rf"\d{{1,2}}\.? (?:{months})[a-z]*(?: \d{{4}})?")
    numbers = re.compile(r"\d(?:[\d.,:]*\d)?")
    found = pieces(mail.html)
    html, text = "\n".join(found), plain(mail.text)
    if state in {"hostile", "long-names", "scripts"}:
        # A word longer than its line is cut in the text, and a number in it too.
        html, text = squeezed(html), squeezed(text)
        assert set(numbers.findall(html)) <= set(numbers.findall(text))
        return
    for pattern in (dates, numbers):
        missing = Counter(pattern.findall(html)) - Counter(pattern.findall(text))
        assert not missing, (pattern.pattern, missing)


def test_every_command_a_tap_gives_is_offered_by_the_text(state: str) -> None:
    mail = render_digest(STATES[state])
    hrefs = [str(a.attributes["href"]) for a in HTMLParser(mail.html).css("a")]
    orders = [href for href in hrefs if href.startswith(f"mailto:{CONTROL}?")]
    commands = [unquote(href.partition("body=")[2]).split("\r\n")[0] for href in orders]
    assert commands or state == "hostile"
    assert [command for command in commands if not offered(command, plain(mail.text))] == []


def offered(command: str, text: str) -> bool:
    """Return whether a reader of the text alone is told how to give the command, and the number it is about."""
    verb, _, rest = command.partition(" ")
    if verb in {"met", "snooze"}:
        return f" {rest.split()[0]}. " in text
    if verb[0] in "CQ":
        return f" {verb}. " in text
    if verb in {"keep", "drop"} or " every " in command:
        return "(Leave as is / Every 6 months / Let go)" in text or "(So lassen / Every 6 months / Loslassen)" in text
    return any(quoted in text for quoted in (f"“{verb}”", f"„{verb}“"))


def test_every_name_number_and_date_of_the_value_is_in_both(state: str) -> None:
    digest = STATES[state]
    if state in {"hostile", "long-names", "twelve-long", "twelve"}:
        return
    mail = render_digest(digest)
    for body in (squeezed(visible(mail.html).body.text()), squeezed(mail.text)):  # type: ignore[union-attr]
        for item in digest.due:
            assert squeezed(item.name) in body
            assert all(squeezed(sentence.text) in body for sentence in item.words.sentences)
            assert sum(squeezed(line.text) in body for line in item.words.brief) >= min(2, len(item.words.brief))
        assert all(squeezed(item.name) in body for item in digest.candidates)
        labels = [*(item.label for item in digest.candidates), *(item.label for item in digest.questions)]
        assert all(one.lower() in body for one in labels)


def test_the_html_is_well_formed_and_of_allowed_tags(state: str) -> None:
    html = render_digest(STATES[state]).html
    assert html.startswith("<!DOCTYPE html>")
    open_tags: list[str] = []
    for match in re.finditer(r"<(/?)([a-zA-Z][\w-]*)((?:\"[^\"]*\"|[^\"<>])*)>", html):
        name = match[2].lower()
        assert name in ALLOWED_TAGS
        if match[1]:
            assert open_tags.pop() == name
        elif name not in VOID:
            open_tags.append(name)
    assert open_tags == []
    assert html.count("<") - 1 == len(re.findall(r"</?[a-zA-Z]", html))


def test_no_image_script_form_or_odd_link(state: str) -> None:
    tree = HTMLParser(render_digest(STATES[state]).html)
    assert tree.css("img, script, form, input, iframe, object, embed, link, base, svg, video, audio, button") == []
    for node in tree.css("*"):
        for name, value in node.attributes.items():
            assert name in {
                "lang",
                "dir",
                "charset",
                "name",
                "content",
                "role",
                "class",
                "style",
                "width",
                "height",
                "align",
                "bgcolor",
                "colspan",
                "href",
                "aria-label",
            }, name
            assert "url(" not in (value or "") or name == "aria-label"
    for link in tree.css("a"):
        assert re.match(r"mailto:|https://", link.attributes["href"] or "")
    styles = " ".join(style.text() for style in tree.css("style"))
    assert "@import" not in styles
    assert "url(" not in styles


def test_structure_for_screen_readers(state: str) -> None:
    digest = STATES[state]
    tree = HTMLParser(render_digest(digest).html)
    assert tree.css_first("html").attributes["lang"] == digest.language  # type: ignore[union-attr]
    assert len(tree.css('[role="main"]')) == 1
    assert tree.css_first("title").text()  # type: ignore[union-attr]
    levels = [int(str(node.tag)[1]) for node in tree.css("h1, h2, h3, h4, h5, h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(t.attributes.get("role") in {"presentation", "img"} for t in tree.css("table"))
    assert all(t.attributes.get("aria-label") for t in tree.css('[role="img"]'))


def test_sizes(state: str) -> None:
    mail = render_digest(STATES[state])
    assert len(mail.html.encode()) <= MOST_BYTES
    assert len(mail.text.encode()) <= MOST_BYTES
    assert max(columns(line) for line in mail.text.split("\n")) <= 80


def test_the_digest_quoted_commands_nothing(state: str) -> None:
    digest = STATES[state]
    speech = Speech(TODAY, digest.language)
    mail = render_digest(digest)
    assert [line for line in (mail.text + seen(mail.html)).split("\n") if parse_line(line, speech).command] == []


def test_names_that_are_commands_command_nothing() -> None:
    bad = "drop jane-roe"
    item = due(1, 0, name=bad, words=words(bad, (f"{bad}\n\n{bad}\nsend 1\n1 send\nundo",)), made_from=(bad,))
    digest = base(
        0, due=(item,), remarks=(bad, "x " * 34 + bad), candidates=(replace(candidate(1), name=bad, why=bad),)
    )
    mail = render_digest(digest)
    assert [line for line in (mail.text + seen(mail.html)).split("\n") if parse_line(line, Speech(TODAY)).command] == []
    assert bad in mail.text


def test_no_control_or_overriding_character_is_left(state: str) -> None:
    mail = render_digest(STATES[state])
    for body in (mail.html, mail.text):
        assert not [c for c in unescape(body) if unicodedata.category(c) == "Cc" and c != "\n"]
        assert not set(body) & set("\u202a\u202b\u202d\u202e\u2066\u2067")
        assert body.count("\u2068") == body.count("\u2069")


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:x",
        "data:text/html,x",
        "http://x.example",
        " mailto:a@b",
        "mailto:a b",
        "//x.example",
        "https://x.example/\n",
        "mailto:" + "a" * 3000,
        "",
        "vbscript:x",
        "java\nscript:x",
        "https://é.example",
        'https://x.example/"onmouseover="x',
        "https://x.example/<b>",
    ],
)
def test_only_https_and_mailto_become_links(link: str) -> None:
    assert safe_href(link) == ""


def test_taps_keep_their_link_whole() -> None:
    item = due(1, 0)
    html = render_digest(base(0, due=(item,), questions=())).html
    links = [a.attributes["href"] for a in HTMLParser(html).css(".ga, .ba")]
    assert links[: len(item.taps)] == [tap.href for tap in item.taps]
    assert "Best,\r\nPriya" in unquote(links[0] or "")
    assert "met 1\r\n" in unquote(links[1] or "")


@pytest.mark.parametrize(
    "nasty",
    [
        HOSTILE,
        "<b>",
        "{{ 7 * 7 }}",
        "{n} {name}",
        "{% raw %}",
        "&lt;x&gt;",
        "]]><!--",
        "\u2067x",
        "send 1",
        "</style>",
        "\ud800",
        "%s %d",
        "'\"`",
        "javascript:alert(1)",
        "\x00\x1b[31m\x7f\x85",
        "",
        " ",
        "\n",
        "<tbody>",
        "undo",
        "ﷺ" * 60,
        "e\u0301" * 90,
    ],
)
def test_any_text_in_any_slot_stays_text(nasty: str) -> None:
    mail = render_digest(_filled(base(1, candidates=(candidate(1),), deferred=("a",), waiting=("b",)), nasty))
    tree = HTMLParser(mail.html)
    assert {node.tag for node in tree.css("*")} <= ALLOWED_TAGS | {"tbody"}
    assert all(re.match(r"mailto:|https://", a.attributes["href"] or "") for a in tree.css("a"))
    assert [line for line in mail.text.split("\n") if parse_line(line, Speech(TODAY)).command] == []
    assert nasty.strip() not in {"<b>", "{{ 7 * 7 }}", "&lt;x&gt;", "</style>"} or nasty.strip() in mail.text
    mail.html.encode()


def _filled(value: Any, nasty: str) -> Any:
    """Return the value with every text in it replaced, but for what code alone writes (languages)."""
    if isinstance(value, str):
        return nasty
    if isinstance(value, tuple):
        return tuple(_filled(one, nasty) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = [f.name for f in fields(value) if f.name not in {"language", "writer"}]
        return replace(value, **{name: _filled(getattr(value, name), nasty) for name in changed})
    return value


def test_nobody_due_says_who_is_next() -> None:
    text = plain(render_digest(STATES["nobody"]).text)
    assert text.startswith("Monday 2 March Nobody today. Tomás and Greta by Friday.")
    assert "START WITH" not in text


def due_on(*days: int) -> Digest:
    """Return a quiet week in which the gallery's people come up so many days from now."""
    rows = tuple(
        replace(roster(9)[n], due_on=TODAY + timedelta(days=d), snoozed_until=None) for n, d in enumerate(days)
    )
    return base(0, meetings=(), questions=(), roster=rows)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((1, 4, 2), "Nobody today. Jane tomorrow, Mina and Bob by Friday."),
        ((1, 9), "Nobody today. Jane tomorrow."),
        ((7, 9), "Nobody today. Jane and Bob next week."),
        ((20, 40), "Nobody today. Jane is next (22 Mar)."),
        ((120,), "Nobody today. Jane is next (June)."),
        ((400,), "Nobody today. Jane is next (April 2027)."),
        ((), "Nobody today."),
    ],
)
def test_a_quiet_week_never_contradicts_itself(days: tuple[int, ...], said: str) -> None:
    digest = due_on(*days)
    text = plain(render_digest(digest).text).removeprefix("Monday 2 March ")
    assert text.startswith(said)
    assert re.search(r"\b(due|fällig)\b", text) is None
    assert digest_subject(digest).startswith("Nobody today")


def test_somebody_waiting_is_not_called_nobody() -> None:
    text = plain(render_digest(base(0, waiting=("Ines Ferro",), roster=calm(roster(2)))).text)
    assert "Nobody new today." in text
    assert "Shown before, no answer yet: Ines" in text


def test_the_first_digest_offers_candidates_and_no_empty_sections() -> None:
    text = render_digest(STATES["first"]).text
    assert "Your first digest. I've read who you write to" in plain(text)
    assert "EVERYONE" not in text
    assert "C7. " in text


def test_missed_weeks_are_named_by_their_mondays() -> None:
    text = plain(render_digest(STATES["missed-month"]).text)
    assert "weeks of 2 February, 9 February, 16 February and 23 February" in text


def test_the_roles_are_explained_in_the_first_digest_only() -> None:
    explained = "A mentor grows with you"
    assert explained in plain(render_digest(STATES["first"]).text)
    assert explained in plain(render_digest(STATES["first-with-roster"]).text)
    assert explained not in plain(render_digest(STATES["five"]).text)


def test_the_hoped_for_and_the_snoozed_are_called_so() -> None:
    rows = (replace(row(0), hoped=True), replace(row(5), snoozed_until=date(2026, 4, 4)))
    text = render_digest(base(1, due=(due(1, 0, hoped=True),), roster=rows)).text
    assert "1. Jane Roe, Hoped-for mentor\n" in text
    assert "Jane: hoped for, in touch" in text
    assert "Samuel: 4 Apr, snoozed, in touch" in text


def test_the_roster_comes_with_bars_once_a_month() -> None:
    first, second = base(1), base(1, on=date(2026, 3, 9))
    months = [len(HTMLParser(render_digest(one).html).css('[role="img"]')) for one in (first, second)]
    assert months == [14, 0]
    late = base(1, on=date(2026, 3, 16), missed_weeks=("2026-W10", "2026-W11"))
    assert HTMLParser(render_digest(late).html).css('[role="img"]'), "the first of March, though not in its first week"
    assert "By Friday: " in render_digest(second).text
    assert "By Friday: " not in render_digest(first).text


def test_everyone_else_is_told_by_when_with_a_year_if_it_is_another() -> None:
    monday, days = date(2026, 3, 9), (3, 8, 30, 120, 300, 400)
    rows = [replace(roster(6)[n], due_on=monday + timedelta(days=d), snoozed_until=None) for n, d in enumerate(days)]
    rows.append(replace(roster(7)[6], due_on=None, snoozed_until=None))
    text = plain(render_digest(base(0, on=monday, roster=tuple(rows))).text)
    later = "Later: Mina (8 Apr), Tomás (July), Greta (January 2027), Samuel (April 2027)"
    assert f"By Friday: Jane Next week: Bob {later} No date: Ines" in text


def test_more_than_twelve_are_named_and_left_out() -> None:
    people = tuple(due(n + 1, n % 12, name=f"Person {n + 1}") for n in range(14))
    mail = render_digest(base(0, due=people))
    for body in (mail.html, mail.text):
        assert "2 more people are due: " in plain(body)
        assert "Person 13 and Person 14" in plain(body)
    assert mail.html.count(">We talked<") == 12


def test_long_drafts_are_shortened_alike_and_it_is_said() -> None:
    mail = render_digest(STATES["twelve-long"])
    drafts = [node.text() for node in HTMLParser(mail.html).css(".d")]
    assert len(drafts) == 12
    assert max(map(len, drafts)) - min(map(len, drafts)) < 60
    assert mail.html.count("Shortened here.") == 12


@pytest.mark.parametrize(("lies", "said"), [(True, "It's in your Drafts."), (False, "Copy it from here.")])
def test_a_draft_too_long_for_a_link_says_where_it_lies(*, lies: bool, said: str) -> None:
    item = due(1, 0, in_drafts=lies)
    linked, without = (render_digest(base(1, due=(one,))) for one in (item, replace(item, taps=item.taps[1:])))
    assert (said in linked.text, said in plain(linked.html)) == (False, False)
    assert (said in without.text, said in plain(unescape(without.html))) == (True, True)


@pytest.mark.parametrize("lies", [True, False])
def test_what_nobody_could_check_is_shown_with_a_mark(*, lies: bool) -> None:
    claim, line = (
        Sentence("fact", "Your son likes college.", unchecked=True),
        Sentence("tell", "He left.", unchecked=True),
    )
    written = words("Jane Roe", writer="model")
    marked = replace(written, sentences=(*written.sentences[:-1], claim, written.sentences[-1]), brief=(line,))
    assert claim.text not in marked.body
    rendered = render_digest(base(1, due=(due(1, 0, words=marked, in_drafts=lies),)))
    for part in (plain(rendered.text), plain(visible(rendered.html).text())):
        assert "Your son likes college. [not checked]" in part
        assert "He left. [not checked]" in part
        assert "I couldn't check what is marked [not checked]." in part


def test_a_short_draft_is_whole_beside_long_ones() -> None:
    people = (*(due(n + 1, n, words=words(PEOPLE[n][0], ("Long words. " * 600,))) for n in range(11)), due(12, 11))
    drafts = [plain(node.text()) for node in HTMLParser(render_digest(base(0, due=people)).html).css(".d")]
    assert drafts[-1].endswith("Best,Priya")
    assert all(draft.endswith("…") for draft in drafts[:-1])


def test_a_large_roster_loses_its_far_end_and_says_so() -> None:
    mail = render_digest(base(12, roster=roster(120)))
    assert len(mail.html.encode()) <= MOST_BYTES
    assert ">Jane<" in mail.html.partition(">Everyone<")[2]


def test_even_the_worst_case_fits() -> None:
    long = "w" * 20_000
    item = due(
        1, 0, name=long, words=replace(words(long, (long,)), brief=tuple(Sentence("ask", long) for _ in range(9)))
    )
    people = tuple(replace(item, number=n + 1) for n in range(12))
    mail = render_digest(base(0, due=people, remarks=(long,) * 5, candidates=tuple(candidate(n) for n in range(40))))
    assert len(mail.html.encode()) <= MOST_BYTES


LONG_NAME = "Wolfeschlegelsteinhausenbergerdorffwelchevor"


@pytest.mark.parametrize(
    ("digest", "said"),
    [
        (STATES["ordinary"], "Start with Jane · Coffee with Ines Thursday"),
        (STATES["one"], "Start with Jane"),
        (base(3, meetings=()), "Start with Jane · Then Bob and Mina"),
        (base(1, meetings=(meeting(9, ("Bob Li",), "Long words " * 9, ()),)), "Start with Jane · Bob on Thursday"),
        (base(1, due=(due(1, 0, name=LONG_NAME),), meetings=()), "Your week in people"),
        (STATES["nobody"], "Nobody today · Tomás and Greta by Friday"),
        (STATES["first"], "Your first digest"),
        (STATES["german-nobody"], "Heute niemand · bis Freitag Tomás und Greta"),
    ],
)
def test_the_subject_says_whom_to_start_with(digest: Digest, said: str) -> None:
    assert digest_subject(digest) == said


def test_no_subject_is_longer_than_a_list_shows(state: str) -> None:
    assert len(digest_subject(STATES[state])) < 50


def test_reasons_without_words_are_shown_without_hyphens() -> None:
    assert Phrases("en").reason("one-to-one") == "a mail to them alone"
    assert Phrases("en").reason("a-new-rule") == "a new rule"


def test_every_reason_and_every_verb_of_the_owners_has_words() -> None:
    words_ = [*REASONS, *get_args(MetVerb), "done"]
    assert [word for word in words_ if f"reason.{word}" not in catalogue("en")] == []


def test_a_label_that_would_be_a_command_gets_a_mark() -> None:
    assert [label(text) for text in ("Stop", "pause", "Skip", "mentor")] == ["Stop ›", "Pause ›", "Skip", "Mentor"]
    taps = [tap.label for tap in base(1).footer_taps + base(1).answer_taps]
    assert [label(text) for text in taps] == taps, "none of ours needs one"


def test_a_role_of_the_owners_own_keeps_its_name() -> None:
    assert "Mina Okafor, Sponsor" in render_digest(STATES["odd-people"]).text


@pytest.mark.parametrize(
    ("days", "cadence", "said"),
    [
        (1, 14, "a day quiet; every 2 weeks is the plan"),
        (20, 14, "3 weeks quiet; every 2 is the plan"),
        (47, 30, "7 weeks quiet; every month is the plan"),
        (224, 91, "7 months quiet; every 3 is the plan"),
        (395, 365, "13 months quiet; once a year is the plan"),
        (800, 365, "2 years quiet; once a year is the plan"),
        (20, None, "3 weeks quiet"),
        (0, 21, "In touch today"),
        (None, 21, "No mail or meeting seen since March 2022"),
    ],
)
def test_why_now_is_one_line(days: int | None, cadence: int | None, said: str) -> None:
    item = due(1, 0, days_since=days, cadence_days=cadence)
    assert said in render_digest(base(1, due=(item,))).text


def test_a_brief_is_short_and_repeats_nothing_of_the_draft() -> None:
    quote = "“Which page would you cut, and which would you keep?”"
    lines = (
        Sentence("left_off", f"You asked in March: {quote}"),
        Sentence("remember", "Drinks tea."),
        Sentence("advice", "One label holds one line."),
        Sentence("tell", "w " * 60),
        Sentence("ask", "What is next?"),
    )
    item = due(1, 0, words=words("Jane Roe", (f"In March I asked {quote}",), brief=lines))
    text = plain(render_digest(base(1, due=(item,))).text)
    assert "Remember: Drinks tea. Ask: What is next?" in text
    assert text.count("Which page would you cut") == 1
    assert "One label" not in text


def test_a_candidate_without_a_name_and_two_meetings() -> None:
    unnamed = replace(candidate(1), name="", why="")
    talks = (meeting(9, (), "Planning", ()), meeting(15, ("Jane Roe",), "Coffee", ()))
    text = plain(render_digest(base(0, candidates=(unnamed, candidate(2)), meetings=talks, scan=None)).text)
    assert "C1. ivan.petrov@company.example, 43 mails in 12 months (" in text
    assert "Thu 09:00. Planning Thu 15:00. Coffee, with Jane" in text
    assert "Read up to" not in text


def test_a_candidates_first_draft_stands_under_them() -> None:
    lines = ("To ivan.petrov@company.example", "Subject: <b>Tea?</b>", "Dear Ivan,", "drop jane-roe", "Best,", "Priya")
    mail = render_digest(base(0, candidates=(replace(candidate(1), draft=lines), candidate(2))))
    text = plain(mail.text)
    assert "A first draft: To ivan.petrov@company.example Subject: <b>Tea?</b> Dear Ivan," in text
    assert text.count("A first draft:") == 1
    assert "<b>Tea?" not in mail.html, "what a draft quotes is no markup"
    assert "\n   drop jane-roe\n" not in mail.text, "and no order when it is quoted"


def test_somebody_never_seen_is_not_called_never() -> None:
    text = plain(render_digest(STATES["odd-people"]).text)
    assert "No mail or meeting seen since March 2022" in text
    assert "never" not in text.lower()


@pytest.mark.parametrize(
    ("days", "words_"),
    [
        (1, "every day"),
        (7, "every week"),
        (14, "every 2 weeks"),
        (21, "every 3 weeks"),
        (30, "every month"),
        (91, "every 3 months"),
        (90, "every 3 months"),
        (182, "every 6 months"),
        (365, "once a year"),
        (45, "every 45 days"),
        (None, "no fixed rhythm"),
    ],
)
def test_cadences_in_words(days: int | None, words_: str) -> None:
    assert Phrases("en").every(days) == words_


def test_every_key_used_is_in_the_catalogue() -> None:
    folder = Path(__file__).parents[2] / "assistant" / "render"
    sources = "".join(p.read_text() for p in [*folder.glob("*.py"), *folder.glob("templates/*.j2")])
    used = set(re.findall(r"""\bt\(\s*"([a-z][a-z.-]+)\"""", sources))
    assert len(used) > 40
    assert {key for key in used if not key.endswith(".")} <= set(catalogue("en"))


def test_right_to_left_names_are_isolated() -> None:
    assert isolated("Jane") == "Jane"
    assert isolated("יעל") == "\u2068יעל\u2069"
    assert isolated("x\u2069\u202e\ny") == "x y"


def test_wrapping_counts_wide_characters_twice_and_cuts_what_is_longer() -> None:
    assert wrap("漢" * 50, first="- ", hang="  ", width=42) == ["- " + "漢" * 20, "  " + "漢" * 20, "  " + "漢" * 10]
    assert wrap("", first="- ") == []
    assert wrap("a bb ccc", width=4) == ["a bb", "ccc"]
    assert wrap("aaaa b cc 漢", width=4) == ["aaaa", "b cc", "漢"]
    assert wrap("é" * 50_000, width=50) == ["é" * 50] * 1000


@given(st.text(max_size=200), st.integers(4, 30))
def test_wrapped_lines_fit_and_lose_nothing(text: str, width: int) -> None:
    lines = wrap(text, width=width)
    assert all(columns(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_contrast_of_every_text_colour(palette: Colours) -> None:
    for ground in (palette.ground, palette.card, palette.letter):
        for ink in (palette.ink, palette.muted, palette.accent):
            assert _contrast(ink, ground) >= 4.5, (ink, ground)
    assert _contrast(palette.on_accent, palette.accent) >= 4.5


def _contrast(one: str, other: str) -> float:
    """Return the contrast of two colours by WCAG 2.2."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_templates_escape_whatever_their_ending() -> None:
    assert environment().from_string("{{ x }}").render(x="<b>") == "&lt;b&gt;"


def test_the_gallery_writes_every_state(tmp_path: Path) -> None:
    pages = write_gallery(tmp_path / "new" / "gallery")
    assert len(pages) >= 20
    assert all(page.with_suffix(".txt").read_text() for page in pages)
    assert "ordinary.html" in (tmp_path / "new" / "gallery" / "index.html").read_text()


def test_taps_with_hostile_labels_are_text() -> None:
    item = due(1, 0, taps=(Tap("<i>x</i>\n", "mailto:a@example.com"),))
    tree = HTMLParser(render_digest(base(0, due=(item,))).html)
    assert tree.css_first(".ga").text() == "<i>x</i>"  # type: ignore[union-attr]


def test_a_tap_that_leads_elsewhere_is_words_and_no_link() -> None:
    item = due(1, 0, taps=(Tap("Go on", "http://elsewhere.example/"),))
    tree = HTMLParser(render_digest(base(0, due=(item,))).html)
    assert tree.css_first(".bt").css("a") == []  # type: ignore[union-attr]
    assert tree.css_first(".bt").text().strip() == "Go on"  # type: ignore[union-attr]


def test_a_far_future_and_a_far_past_do_not_break_the_words() -> None:
    rows = tuple(replace(r, due_on=date(9999, 12, 31), days_since=200_000, overdue_days=199_000) for r in roster(1))
    digest: Digest = base(0, due=(due(1, 0, days_since=200_000),), roster=rows, on=TODAY + timedelta(days=365_000))
    text = plain(render_digest(digest).text)
    assert "548 years quiet" in text
    assert "December 9999" in text


def test_every_picture_of_the_docs_is_there_and_no_other() -> None:
    root = Path(__file__).parents[2]
    pages = [*root.glob("*.md"), *root.glob("docs/*.md")]
    shown = {
        (page.parent / source).resolve()
        for page in pages
        for source in re.findall(r'<(?:img src|source .*srcset)="([^"]+)"', page.read_text(encoding="utf-8"))
    }
    assert shown == set((root / "docs" / "images").glob("*.png"))


def test_the_pictures_are_not_older_than_the_templates() -> None:
    made_from = Path(__file__).parents[2] / "docs" / "images" / picture.HASH
    assert made_from.read_text(encoding="utf-8").strip() == picture.drawn_by(), "run `make picture`"
