from __future__ import annotations

import textwrap
import time
import tracemalloc
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.mail.header import split_message, strict_fields
from assistant.core.mail.html import html_lines
from assistant.core.mail.mime import Content, content_of, html_of, unflow
from assistant.core.replies.grammar.lines import Speech, parse_line
from assistant.core.replies.program_text import OurText, letters
from assistant.core.replies.trim import LINES, Parent, Trimmed, names_of, trim
from assistant.render.digest import digest_subject, render_digest
from assistant.render.transcript import render_transcript
from tests.corpus.replies import ANSWERS, NAME, OWNER, STYLES, Mail, Sent, quoted
from tests.gallery import digests, transcripts
from tests.gallery_pieces import TODAY

SHORT = """3 people to reach

1  Bob Li, mentor
   five days over, last in touch in January
help
2  Jane Roe, advisor
   Draft: Hi Jane, hope all is well and that
   the move went fine. I would like to hear more.
jane-roe
How to answer: send <n>, skip <n>
"""
PARENT = Parent(SHORT, names=(OWNER, NAME, "3 people to reach"))
SPEECH = Speech(TODAY, "de")


@cache
def answered(state: str) -> tuple[Mail, Parent]:
    """Return the digest of one state of the gallery, as the mail that is answered and as the known parent."""
    digest = digests()[state]
    rendered = render_digest(digest)
    mail = Mail(f"{'a' * 26}.digest@example.com", digest_subject(digest), rendered.text, rendered.html)
    return mail, Parent(rendered.text, rendered.html, "digest", names_of((OWNER,), NAME, mail.subject))


def said(text: str, parent: Parent = PARENT) -> tuple[str, ...]:
    return trim(Content(text), parent).lines


@pytest.mark.parametrize("state", ["ordinary", "hostile"])
@pytest.mark.parametrize("style", STYLES)
def test_every_program_in_every_language(style: str, state: str) -> None:
    mail, parent = answered(state)
    for answer in ANSWERS:
        trimmed = trim(content_of(STYLES[style](answer, mail, Sent())), parent)
        assert trimmed.lines == answer
        assert "the quoted digest" in trimmed.left_out


@pytest.mark.parametrize("state", sorted(digests()))
@pytest.mark.parametrize("style", STYLES)
def test_the_digest_quoted_back_alone_is_no_command(style: str, state: str) -> None:
    mail, parent = answered(state)
    trimmed = trim(content_of(STYLES[style]((), mail, Sent())), parent)
    assert [line for line in trimmed.lines if parse_line(line, SPEECH).command] == []
    # Names longer than any line, wrapped in the middle and unmarked, leave a word behind; it is told as not understood.
    assert trimmed.lines == () or (style, state) == ("wrapped-without-marks", "long-names")


@pytest.mark.parametrize("state", sorted(digests()))
def test_no_line_of_our_digest_reads_as_a_command(state: str) -> None:
    mail, _parent = answered(state)
    lines = [*mail.text.split("\n"), *textwrap.wrap(mail.text, 60), *textwrap.wrap(mail.text, 76)]
    assert [line for line in lines if parse_line(line, SPEECH).command] == []


@pytest.mark.parametrize("state", sorted(transcripts()))
@pytest.mark.parametrize("style", STYLES)
def test_a_transcript_quoted_back_is_no_command(style: str, state: str) -> None:
    rendered = render_transcript(transcripts()[state], "en")
    mail = Mail(f"{'a' * 26}.transcript@example.com", "3 people to reach — done 1 [T17]", rendered.text, rendered.html)
    parent = Parent(rendered.text, rendered.html, "transcript", names_of((OWNER,), NAME, mail.subject))
    trimmed = trim(content_of(STYLES[style](("jane-roe",), mail, Sent())), parent)
    assert [line for line in trimmed.lines if parse_line(line, SPEECH).command] == []
    assert "jane-roe" in trimmed.lines


def test_a_line_of_the_owners_stays_theirs_even_if_the_parent_has_it() -> None:
    for line in ("help", "jane-roe"):
        assert said(f"{line}\n\n{SHORT}") == (line,)
        assert said(f"{line}\n\nOn Monday, 2 March 2026, {NAME} wrote:\n{quoted(SHORT)}") == (line,)


def test_inline_answers_between_quoted_lines() -> None:
    assert said("> 1  Bob Li, mentor\nskip 1\n> 2  Jane Roe, advisor\nmet 2 yesterday\n") == (
        "skip 1",
        "met 2 yesterday",
    )
    below = SHORT.replace("2  Jane", "skip 1\n2  Jane")
    header = f"From: {NAME} <{OWNER}>\nSent: Monday\nTo: Priya <{OWNER}>\nSubject: 3 people to reach\n\n"
    assert said(f"done 2\n\n{header}{below}") == ("done 2", "skip 1")
    older = header + below + "\n" + header + "skip 2\n"
    assert said(f"done 2\n\n{older}") == ("done 2", "skip 1")


def test_older_mail_below_the_quote_is_nobodys_order() -> None:
    header = f"From: Priya <{OWNER}>\nSent: Monday\nTo: {NAME} <{OWNER}>\nSubject: Re: 3 people to reach\n\n"
    assert said(f"undo\n\n{header}skip 1\nmet 2 yesterday\n\nstop\n") == ("undo",)


def test_a_wrapped_end_of_a_quoted_line_is_quoted() -> None:
    text = "skip 1\n\n> 1  Bob Li, mentor\n>    five days over, last in\ntouch in January\n\nskip 2\n> help\n"
    assert said(text) == ("skip 1", "skip 2")


def test_attributions_take_no_command_with_them() -> None:
    for attribution in (
        f"On Mon, 2 Mar 2026 at 08:00, {NAME} <{OWNER}> wrote:",
        f"On Mon, 2 Mar 2026, {NAME}\n<{OWNER}> wrote:",
        f"On 2 March 2026 at 08:00,\n{NAME} wrote:",
        f"Le lun. 2 mars 2026 à 08:00, {NAME} <{OWNER}> a\nécrit :",
        f"{NAME} <{OWNER}> ezt írta (időpont: 2026. márc. 2., H,\n8:00):",
    ):
        text = f"snooze 2 until 2026-05-01\n{attribution}\n{quoted(SHORT)}"
        assert said(text) == ("snooze 2 until 2026-05-01",)
    assert said(f"{OWNER}\n\n\n{quoted(SHORT)}") == ()
    assert said(f"a {OWNER}\n" * 6 + quoted(SHORT)) == (f"a {OWNER}",) * 6


def test_signatures_are_counted() -> None:
    trimmed = trim(Content(f"skip 2\n-- \nPriya\nTern\n\n{quoted(SHORT)}\nskip 1\n"), PARENT)
    assert trimmed == Trimmed(("skip 2", "skip 1"), "3 lines of signature, the quoted digest", places=("", ""))
    assert trim(Content("skip 2\nSent from my iPhone"), PARENT).left_out == "1 line of signature"
    assert trim(Content("skip 2\nVon Outlook für iOS gesendet"), PARENT).left_out == "1 line of signature"
    assert trim(Content("skip 2"), PARENT) == Trimmed(("skip 2",), places=("",))


SIGNED = Parent(SHORT, names=(OWNER, NAME, "3 people to reach"), owner=("Priya Raman",))


@pytest.mark.parametrize(
    ("below", "kept", "doubtful"),
    [
        ("Med venlig hilsen\nPriya\n", (), ()),
        ("Med venlig hilsen\n\nPriya Raman\nStaff Engineer\nT +41 44 000 00 00\n", (), ()),
        ("よろしくお願いいたします。\nPriya\n", (), ()),
        ("Best, Priya\nStaff Engineer\n", (), ()),
        ("Sent from Zoho Mail\n\nPriya Raman\nStaff Engineer\n", (), ()),
        ("发自我的iPhone\n", (), ()),
        ("Priya\n\nThe second draft read much better.\n", ("The second draft read much better.",), ()),
        ("Priya\nsned 1\n", ("sned 1",), ()),
        ("Jane moved to Berlin\nPriya\n", ("Jane moved to Berlin",), ()),
        ("Med venlig hilsen\n", ("Med venlig hilsen",), ()),
        ("Priya\n\nstatus\n", ("Priya", "status"), ()),
        ("-- \nPriya\nstatus\n", (), ("status",)),
        ("He moved to Outlook, she says.\n", ("He moved to Outlook, she says.",), ()),
    ],
)
def test_what_stands_below_an_answer(below: str, kept: tuple[str, ...], doubtful: tuple[str, ...]) -> None:
    for quote in ("", quoted(SHORT)):
        trimmed = trim(Content(f"skip 2\n\n{below}\n{quote}"), SIGNED)
        assert (trimmed.lines, trimmed.doubtful) == (("skip 2", *kept), doubtful)


def test_the_warning_of_a_gateway_stands_between_attribution_and_quote() -> None:
    attribution = f"On Mon, 2 Mar 2026 at 08:00, {NAME} <{OWNER}> wrote:"
    for warning in (
        "CAUTION: this came from outside. Take\ncare.",
        "注意: 組織の外から届きました",
        "[EXTERNAL] From outside.",
    ):
        assert said(f"skip 2\n\n{attribution}\n{quoted(warning)}\n{quoted(SHORT)}") == ("skip 2",)
        lines = tuple(warning.split("\n"))
        assert said(f"{warning}\n\nskip 2\n\n{quoted(SHORT)}") == (*lines, "skip 2")
    urgent = "URGENT: the packet goes out on Friday."
    assert said(f"{urgent}\n{quoted(SHORT)}") == (urgent,)
    assert said(f"{attribution}\nPS: the packet\n{quoted(SHORT)}") == ("PS: the packet",)


def test_older_mail_of_others_is_doubtful() -> None:
    trimmed = trim(
        Content("2 skip\n\nFrom: Jane <j@roe.example>\nDate: 2 March 2026\nTo: b@li.example\n\nsend 1\n"), PARENT
    )
    assert (trimmed.lines[:1], trimmed.doubtful) == (("2 skip",), ("send 1",))


def test_html_over_a_bound_is_passed_over() -> None:
    assert trim(Content("skip 2", "<p>x<br>" + "y<br>" * 301), PARENT).lines == ("skip 2",)


def test_groupwise_marks_its_attribution_like_a_quote() -> None:
    trimmed = trim(Content(f"skip 2\n\n>>> {NAME} <{OWNER}> 02.03.2026 08:00 >>>\n{SHORT}"), PARENT)
    assert (trimmed.lines, trimmed.doubtful) == (("skip 2",), ())


def test_disclaimers_are_signatures_as_far_as_their_paragraph_goes() -> None:
    for first in (
        "This e-mail may contain confidential information. If you are not the intended recipient,",
        "Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der Adressat sind,",
    ):
        assert said(f"skip 2\n\n{first}\nplease tell us.\n\nskip 1\n") == ("skip 2", "skip 1")
    assert said("skip 2\nPlease consider the environment before printing this email.") == ("skip 2",)
    assert said("this is confidential\nskip 2") == ("this is confidential", "skip 2")


def test_original_message_without_a_rule_begins_a_quote_where_its_header_follows() -> None:
    header = f"From: {NAME}\nSent: Monday\nTo: Priya\nSubject: 3 people to reach\n\nskip 1\n"
    assert said(f"skip 2\n\n  Original Message  \n{header}") == ("skip 2",)
    assert said("skip 2\nOriginal Message\nskip 1") == ("skip 2", "Original Message", "skip 1")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (Content("stop\n" * 301), "has more than 300 lines"),
        (Content("stop\n" + "x" * 1001), "has a line of more than 1,000 characters"),
        (Content("a\n" * 140_000), "is longer than 256 KiB"),
        (Content("", "<p>stop" * 301), "has more than 300 lines"),
        (Content("stop", too_long=True), "is longer than 256 KiB"),
    ],
)
def test_over_a_bound_nothing_is_read(content: Content, reason: str) -> None:
    trimmed = trim(content, PARENT)
    assert (trimmed.lines, trimmed.refusal) == ((), reason)


def test_bounds_hold_for_what_the_owner_wrote_not_for_the_quote() -> None:
    assert len(said("stop\n" * 300)) == 300
    assert said("skip 2\n" + quoted("x" * 1200 + "\n" + "y\n" * 400)) == ("skip 2",)


def test_an_empty_message_says_nothing() -> None:
    assert trim(Content(), PARENT) == Trimmed(())


def test_names_of_a_message() -> None:
    assert names_of((OWNER,), NAME, "Re: Hi there") == (OWNER, NAME, "Hi there")
    assert names_of((OWNER,), NAME, "AW: ab") == (OWNER, NAME)


# HTML.


def test_html_becomes_lines() -> None:
    html = (
        "<html><head><title>x</title><style>p{}</style></head><body><!-- no -->skip&nbsp;2"
        "<div>met <b>Jane</b> today</div>"
        '<div style="display: none">stop</div><script>stop</script><ul><li>a</li><li>b</li></ul><pre>one\ntwo</pre>'
        "<blockquote>quoted<br>text<hr></blockquote><hr>after</body></html>"
    )
    assert [line for line in html_lines(html) if line] == [
        "skip 2",
        "met Jane today",
        "a",
        "b",
        "one",
        "two",
        "> quoted",
        "> text",
        f"> {'_' * 32}",
        "_" * 32,
        "after",
    ]
    assert html_lines("") == []


@pytest.mark.parametrize(
    "piece",
    [
        "<b>",
        "<div>",
        "<!--",
        "<a href='",
        "<p><b>",
        "<table><b>",
        "<font><p>",
        "&amp",
        "<blockquote>",
        "<a><div>",
        "<svg><p>",
        "<select><b>",
        "</p>",
        "<![CDATA[",
    ],
)
def test_html_takes_linear_time(piece: str) -> None:
    html = piece * 30_000
    start = time.process_time()
    trim(Content("", html[: 256 * 1024]), PARENT)
    assert time.process_time() - start < 2


def test_unclosed_elements_cost_nothing() -> None:
    bomb = "<p>" + "".join(f"<b a={number}>" for number in range(10_000)) + "</p><p>x" * 10_000
    tracemalloc.start()
    assert html_lines(bomb[: 256 * 1024]).count("x") > 5_000
    assert tracemalloc.get_traced_memory()[1] < 30_000_000
    tracemalloc.stop()


def test_broken_html_is_read_as_far_as_it_goes() -> None:
    assert html_lines("a < b <3 c") == ["a < b <3 c"]
    assert html_lines('<p title="a>b">x</p>y') == ["x", "", "y"]
    assert html_lines("x<!-- stop") == ["x"]
    assert html_lines("x<style>stop") == ["x"]
    assert html_lines("<head>x") == ["x"]
    assert html_lines("<!DOCTYPE html>x</b></i><p/>y&#99999999999;&amp;") == ["x", "y\ufffd&"]
    assert html_lines("<blockquote><p>x<hr></blockquote>y<div style='display:none'>stop<hr></p></div>z") == [
        "> x",
        f"> {'_' * 32}",
        "",
        "y",
        "z",
    ]
    assert html_lines("<a href='" + "x" * 5000) == []


# Parts.


def test_parts_are_read_in_every_encoding() -> None:
    assert content_of(b"\r\nskip 2").text == "skip 2"
    assert content_of(b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\nM\xfcller").text == "Müller"
    assert content_of(b"Content-Type: text/plain; charset=nonsense\r\n\r\nM\xc3\xbcller").text == "Müller"
    assert content_of(b"Content-Type: text/plain; charset=us-ascii\r\n\r\nM\xc3\xbcller").text == "Müller"
    assert content_of(b"Content-Type: text/plain; charset=us-ascii\r\n\r\nM\xfcller").text == "M\ufffdller"
    assert content_of(b"Content-Transfer-Encoding: base64\r\n\r\nc2tp\r\ncCAy").text == "skip 2"
    assert content_of(b"Content-Transfer-Encoding: base64\r\n\r\nabc").text == ""
    assert content_of(b"Content-Transfer-Encoding: quoted-printable\r\n\r\nskip=202").text == "skip 2"
    assert content_of(b"Content-Type: image/png\r\n\r\nx") == Content(opaque="files")
    attached = b"Content-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nstop"
    assert content_of(attached) == Content(opaque="files")
    assert content_of(b"Content-Type: multipart/mixed\r\n\r\nx") == Content()
    assert content_of(b"bad header line\r\n\r\nskip 2").text == "skip 2"


@pytest.mark.parametrize("charset", ["unicode_escape", "raw-unicode-escape", "utf-7", "cp037", "punycode", "rot13"])
def test_no_codec_makes_other_words_of_plain_letters(charset: str) -> None:
    said = "\\u0073top \\x73top +AHM-top é"
    head = f"Content-Type: text/plain; charset={charset}\r\n\r\n"
    assert content_of(f"{head}{said}".encode()).text == said


@pytest.mark.parametrize("charset", ["iso-2022-jp", "shift_jis", "gb18030", "koi8-r", "windows-1252"])
def test_a_charset_of_mail_is_read_in_it(charset: str) -> None:
    said = {"koi8-r": "встреча", "windows-1252": "“très bien”"}.get(charset, "会議")
    head = f"Content-Type: text/plain; charset={charset}\r\n\r\n"
    assert content_of(head.encode() + said.encode(charset)).text == said


def test_multipart_is_walked() -> None:
    raw = (
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\npreamble\r\n--b\r\nContent-Type: text/plain\r\n\r\nskip 2'
        b"\r\n--b\r\n"
        b"Content-Type: text/html\r\n\r\n<p>x</p>\r\n--b\r\n\r\nand 3\r\n--b--\r\nepilogue"
    )
    assert content_of(raw).text == "skip 2\nand 3"
    assert html_of(raw) == "<p>x</p>"
    assert content_of(raw.removesuffix(b"--b--\r\nepilogue")).text.startswith("skip 2\nand 3")


def test_files_shown_in_line_are_not_read() -> None:
    part = b'\r\n--b\r\nContent-Type: text/plain; name="a.txt"\r\nContent-Disposition: inline; filename="a.txt"\r\n\r\n'
    raw = b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nskip 2' + part + b"skip 1\r\n--b--\r\n"
    assert content_of(raw).text == "skip 2"
    alone = b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + part[2:] + b"skip 1\r\n--b--\r\n"
    assert content_of(alone).text == "skip 1"


def test_bombs_are_not_walked_into() -> None:
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (depth, depth) for depth in range(500)
    )
    many = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 100_000
    big = b"\r\n" + b"x" * (3 * 256 * 1024 + 1)
    start = time.process_time()
    assert content_of(nested + b"stop") == Content()
    assert content_of(many).text.count("x") < 70
    assert content_of(big).too_long
    assert content_of(b"\r\n" + b"x" * (256 * 1024 + 1)).too_long
    assert time.process_time() - start < 2


def test_headers_are_strict() -> None:
    assert strict_fields(b"A: 1\r\n b\r\nB:2") is not None
    for bad in (b"A: \0", b"A: 1\rB: 2", b"no colon", b"A B: 1", b": 1", b"\xc3\xa4: 1"):
        assert strict_fields(bad) is None
    assert split_message(b"A: 1\n\nx") == (b"A: 1", b"x")
    assert split_message(b"A: 1") == (b"A: 1", b"")


def test_flowed_text_is_put_together() -> None:
    text = "note Bob: a long \nline\n> quoted \n> text\n>> deeper\n stuffed\n-- \nPriya"
    assert unflow(text, delsp=False) == "note Bob: a long line\n> quoted text\n>> deeper\nstuffed\n-- \nPriya"
    assert unflow("ab \ncd", delsp=True) == "abcd"


@given(st.text(max_size=400), st.booleans())
def test_any_text_is_trimmed_without_an_error(text: str, html: bool) -> None:  # noqa: FBT001
    trimmed = trim(Content("", text) if html else Content(text), PARENT)
    assert all(line.strip() for line in trimmed.lines)


@given(st.binary(max_size=600))
def test_any_bytes_are_read_without_an_error(raw: bytes) -> None:
    trim(content_of(raw), PARENT)
    trim(content_of(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + raw), PARENT)


@given(
    st.lists(
        st.sampled_from([*SHORT.split("\n"), "skip 2", "> x", "", "-- ", "From: x", "On 2026 wrote:", NAME, "help"]),
        max_size=30,
    )
)
def test_what_is_kept_is_what_was_written(lines: list[str]) -> None:
    trimmed = trim(Content("\n".join(lines)), PARENT)
    assert set(trimmed.lines) <= {line.strip() for line in lines}


# A quote that was wrapped anew and not marked.

WHOLE = [name for name in digests() if name not in {"scripts", "long-names", "hostile"}]
"""Digests whose words a narrow column does not cut in two."""


@pytest.mark.parametrize("state", WHOLE)
@pytest.mark.parametrize("width", [30, 60])
def test_an_unmarked_quote_in_other_lines_is_the_parents(state: str, width: int) -> None:
    digest = digests()[state]
    rendered = render_digest(digest)
    parent = Parent(rendered.text, rendered.html, names=names_of((OWNER,), NAME, digest_subject(digest)))
    own = ["met Jane on Tuesday, talked promo", "2 skip", "Thanks!"]
    for lines in (rendered.text.split("\n"), html_lines(rendered.html)):
        wrapped = [part for line in lines for part in textwrap.wrap(line, width) or [""]]
        paragraphs = "\n".join(lines).split("\n\n")
        filled = [part for paragraph in paragraphs for part in [*textwrap.wrap(paragraph, width), ""]]
        for quote in (wrapped, filled):
            trimmed = trim(Content("\n".join([*own, "", *quote])), parent)
            assert (trimmed.lines, trimmed.refusal) == (tuple(own), "")


def test_a_close_like_that_of_a_draft_stays_the_owners() -> None:
    parent = Parent("A draft for you\nHi Jane,\nhow are you?\nBest,\nPriya\nYour roster")
    own = "2 done\nBest,\nPriya\nHead of Things"
    assert trim(Content(f"{own}\n\n{quoted(parent.text)}"), parent).lines == tuple(own.split("\n"))
    assert trim(Content(f"2 done\n\n{parent.text}"), parent).lines == ("2 done",)


def test_words_of_the_parent_in_one_line_of_the_owners_stay_the_owners() -> None:
    ours = OurText("one two three four five six\nseven\neight nine ten")

    def covered(*lines: str) -> list[int]:
        plain = [letters(line) for line in lines]
        found = zip(ours.covers(plain)[0], plain, strict=True)
        return [index for index, (count, line) in enumerate(found) if count and count == len(line)]

    assert covered("one two three four five six seven eight nine") == []
    assert covered("One, two, thrée four five", "> six seven eight ni", "ne") == [0, 1, 2]
    assert covered("mine one two three four five", "six seven", "eight", "eight ten") == []
    assert covered("", "one two", "nine ten") == []
    # What the owner puts in between interrupts the run, and is not taken for our next words.
    assert covered("one two three four", "five six", "seven done", "seven", "seven", "eight nine ten") == [0, 1, 3, 5]


def test_more_than_three_hundred_lines_of_the_owners_own_are_too_many() -> None:
    rendered = render_digest(digests()["twelve-long"])
    parent = Parent(rendered.text, rendered.html)
    quote = "\n".join(textwrap.wrap(rendered.text, 30))
    assert len(quote.split("\n")) > LINES
    assert trim(Content("2 skip\n" + quote), parent).refusal == ""
    assert trim(Content("note Bob: my own\n" * (LINES + 1) + quote), parent).refusal == "has more than 300 lines"


@pytest.mark.parametrize(
    ("words", "line"),
    [("a ", "a\n"), ("done skip send ", "done skip send\n"), ("a b c d e f g h ", "a b c d e f g h\n")],
)
def test_words_that_repeat_take_linear_time(words: str, line: str) -> None:
    def seconds(size: int) -> float:
        parent, body = words * (size // len(words)), line * (size // len(line))
        start = time.process_time()
        trim(Content(body), Parent(parent, parent))
        return time.process_time() - start

    # Four times as much takes about four times as long; quadratic work would take sixteen times.
    once = max(min(seconds(20_000) for _ in range(3)), 0.001)
    assert min(seconds(80_000) for _ in range(2)) / once < 9


def test_a_charset_with_nul_raises_nothing() -> None:
    raw = b"Content-Type: text/plain; charset*=\0'x'y\r\n\r\nnote Jane: hello"
    assert content_of(raw).text == "note Jane: hello"
