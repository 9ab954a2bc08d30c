"""Our own message, quoted in any way, gives no command; what the owner wrote beside it or in it is never lost."""

from __future__ import annotations

import textwrap
from collections import Counter
from dataclasses import replace
from datetime import date
from functools import cache
from html import escape
from itertools import zip_longest
from random import Random

import pytest

from assistant.core.mail.html import html_lines
from assistant.core.mail.mime import Content, content_of
from assistant.core.replies.grammar.cleaning import clean, is_noise
from assistant.core.replies.grammar.lines import Speech, parse_line
from assistant.core.replies.trim import DOUBTFUL_LINES, Parent, Trimmed, names_of, trim
from assistant.render.digest import Rendered, digest_subject, render_digest
from assistant.render.transcript import render_transcript, transcript_subject
from tests.core.test_trim import PARENT, SHORT, said
from tests.corpus import mail_programs as programs
from tests.corpus import more_mail_programs
from tests.corpus.flattening import Rules, flatten, stripped
from tests.corpus.mail_programs import HEADERS, Answer, Mail, header, wrote
from tests.corpus.replies import NAME, OWNER, quoted
from tests.gallery import digests, rendered, transcripts
from tests.replying import BUILT, NOW, Life, life

STATES = dict(rendered())
SUBJECTS = {name: digest_subject(digest) for name, digest in digests().items()}
SPEECHES = (Speech(date(2026, 3, 2), "en"), Speech(date(2026, 3, 2), "de"))
RULES = {
    "plain": Rules(),
    "hidden": Rules(hidden=True),
    "all": Rules(hidden=True, title=True, style=True),
    "glued": Rules(cells="", blank=0, bullet=""),
    "links": Rules(cells="\t", hidden=True, links="<URL>"),
    "gmail": programs.GMAIL,
    "word": programs.WORD,
    "mozilla": programs.MOZILLA,
}
FORMS = ("text", "stripped", *RULES)
MARKS = (
    "", "> ", ">", "> > ", "| ", "CA> ", "Career> ", "    CA> ", "Career assistant> ", "C. Assistant> ",
    "» ", "\t", ":", "# ", "* ", "\u00a0> ", "|> ",
)  # fmt: skip
CASES = (str, str.upper, str.lower, str.swapcase)


@cache
def mail_of(state: str) -> Mail:
    subject = SUBJECTS.get(state, "Re: 3 people to reach — done 1 [T17]")
    return Mail("x@example.com", subject, STATES[state].text, STATES[state].html)


@cache
def parent_of(state: str) -> Parent:
    mail = mail_of(state)
    kind = "digest" if state in SUBJECTS else "transcript"
    return Parent(mail.text, mail.html, kind, names_of((OWNER,), NAME, mail.subject))


@cache
def flat(state: str, form: str) -> str:
    mail = mail_of(state)
    if form == "text":
        return mail.text
    return stripped(mail.html) if form == "stripped" else flatten(mail.html, RULES[form])


def chance_of(*words: str) -> Random:
    """Return a source of chance that takes the same turns in every run."""
    return Random(" ".join(words))  # noqa: S311 - no secret hangs on it


def shaped(text: str, chance: Random) -> str:
    """Return a text as it is, on one line, a word or two a line, or wrapped anew."""
    words = text.split()
    width = chance.choice((20, 30, 40, 60, 72, 76, 80, 100, 120))
    pairs = zip_longest(words[::2], words[1::2], fillvalue="")
    return chance.choice(
        (
            lambda: text,
            lambda: " ".join(words),
            lambda: "\n".join(words),
            lambda: "\n".join(map(" ".join, pairs)),
            lambda: "\n".join(textwrap.fill(paragraph, width) for paragraph in text.split("\n\n")),
            lambda: "\n".join(part for line in text.split("\n") for part in textwrap.wrap(line, width) or [""]),
        )
    )()


def quote_of(state: str, form: str, chance: Random) -> list[str]:
    mark, case = chance.choice(MARKS), chance.choice(CASES)
    return [mark + line for line in case(shaped(flat(state, form), chance)).split("\n")]


def above(state: str, chance: Random) -> list[str]:
    """Return what a program puts above a quote, in some language: an attribution, a header block, nothing."""
    language = chance.choice(list(HEADERS))
    rule = "-----Original Message-----"
    block = header(mail_of(state), language)
    return chance.choice(([], [wrote(language), ""], [*block, ""], [rule, *block, ""], ["_" * 32, *block, ""]))


def content(lines: list[str], chance: Random) -> Content:
    if chance.random() < 0.2:
        return Content("", f"<blockquote>{'<br>'.join(map(escape, lines))}</blockquote>")
    return Content("\n".join(lines))


def orders(lines: tuple[str, ...]) -> list[str]:
    return [line for line in lines if any(parse_line(line, speech).command for speech in SPEECHES)]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("state", STATES)
def test_our_message_quoted_in_any_way_gives_no_command(state: str, form: str) -> None:
    chance = chance_of(state, form)
    for _ in range(2):
        lines = [*above(state, chance), *quote_of(state, form, chance)]
        assert orders(trim(content(lines, chance), parent_of(state)).lines) == [], lines[:20]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("state", ["ordinary", "twelve", "german", "scripts", "transcript"])
def test_nothing_of_a_quote_is_taken_for_the_owners(state: str, form: str) -> None:
    for mark, width in (("", 0), ("", 30), ("> ", 76), ("CA> ", 30), ("C. Assistant> ", 0), ("Career assistant> ", 62)):
        lines = flat(state, form).split("\n")
        lines = [part for line in lines for part in (textwrap.wrap(line, width) if width else [line]) or [""]]
        trimmed = trim(Content("\n".join(mark + line for line in lines)), parent_of(state))
        assert (trimmed.lines, trimmed.doubtful, trimmed.refusal) == ((), (), "")


@pytest.mark.parametrize("state", STATES)
def test_no_line_of_ours_reads_as_a_command_hidden_or_not(state: str) -> None:
    mail = mail_of(state)
    lines = (mail.subject, *mail.text.split("\n"), *html_lines(mail.html), *html_lines(mail.html, show="hidden"))
    assert orders(lines) == []


def test_no_preheader_reads_as_a_command() -> None:
    named = digest_with("send 1")
    assert orders(tuple(html_lines(named.html, show="hidden"))) == []
    for transcript in transcripts().values():
        rendering = render_transcript(transcript, "en")
        assert orders((transcript_subject(transcript, "en"), *html_lines(rendering.html, show="hidden"))) == []


def digest_with(name: str) -> Rendered:
    """Return a digest in which one person alone is due, by that name."""
    digest = digests()["one"]
    return render_digest(replace(digest, due=tuple(replace(item, name=name) for item in digest.due)))


WRITTEN = (
    "1 done", "2 skip", "yes", "no", "Q1 yes", "help", "status", "stop", "undo T17", "1 send", "jane-roe", "mentor",
    "met Jane Roe on Tuesday, talked promo", "snooze 2 for a month", "The second draft read much better.",
    "Bob Li done", "note Jane Roe: lead with the outcome and put the numbers second", "two Janes: jane-lee",
    "add Kim Sol <kim@sol.example> as mentor", "You write to these people and I know", "see you at 10:30",
    "He moved to Outlook, she says.", "Jane got an iPhone", "On Monday I met her", "PS: the packet, yes",
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("state", ["ordinary", "five", "german", "first", "transcript"])
def test_no_line_of_the_owners_is_lost(state: str, form: str) -> None:
    chance = chance_of(state, form)
    for _ in range(4):
        lines = [line for line in quote_of(state, form, chance) if len(line) < 500] or ["> "]
        written = chance.sample(WRITTEN, 3)
        for line in written:
            place = chance.choice((0, len(lines), chance.randrange(len(lines)), chance.randrange(len(lines))))
            lines.insert(place, chance.choice(("", "> ")) * (0 < place < len(lines)) + line)
        trimmed = trim(content([*above(state, chance), *lines], chance), parent_of(state))
        told = Counter(" ".join(line.split()) for line in (*trimmed.lines, *trimmed.doubtful))
        assert [line for line in written if not told[line]] == [], lines


ROWS = (*programs.ROWS, *more_mail_programs.ROWS)


@pytest.mark.parametrize("number", range(len(ROWS)))
def test_each_program_gives_exactly_what_was_written(number: int) -> None:
    row = ROWS[number]
    mail = mail_of(row.state)
    written = row.program(mail, row.answer)
    trimmed = trim(content_of(programs.message(written, mail)), parent_of(row.state))
    kept = [line for line in trimmed.lines if line not in row.answer.signature and not is_noise(clean(line))]
    assert (kept, trimmed.doubtful) == (list(row.lines), ())


PROGRAMS = {row.program.__name__: row.program for row in ROWS}


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize(
    "answer",
    [
        Answer(top=("undo T17",)),
        Answer(top=("jane-roe", "sned 1")),
        Answer(bottom=("send 1", "met Jane on Tuesday, talked promo")),
        Answer(bottom=("help",), language="de"),
    ],
)
def test_what_a_transcript_has_may_be_said_again(program: str, answer: Answer) -> None:
    mail = mail_of("transcript")
    trimmed = trim(content_of(programs.message(PROGRAMS[program](mail, answer), mail)), parent_of("transcript"))
    kept = tuple(line for line in trimmed.lines if not is_noise(clean(line)))
    assert (kept, trimmed.doubtful) == ((*answer.top, *answer.bottom), ())


# Ends of lines.


@pytest.mark.parametrize("end", ["\r", "\v", "\f", "\x1c", "\x1e", "\x85", "\u2028", "\u2029"])
def test_only_a_line_feed_ends_a_quoted_line(end: str) -> None:
    line = f"> harmless{end}send 1"
    for text in (line, f"{quoted(SHORT)}\n{line}\n"):
        assert said(text) in {(), ("harmless send 1",)}
        raw = f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}".encode()
        assert trim(content_of(raw), PARENT).lines in {(), ("harmless send 1",)}
        html = f"<blockquote><pre>harmless{end}send 1</pre></blockquote>"
        assert orders(trim(Content("", html), PARENT).lines) == []


def test_text_wrapped_by_gmail_is_repaired_by_its_html() -> None:
    note = "note Bob Li: he thinks the staff track opens in autumn and that the packet should lead with the outage work"
    wrapped = textwrap.fill(note, 78)
    html = f"<div dir='ltr'>{note}</div><div>2 skip</div><div>3 done</div>"
    assert trim(Content(f"{wrapped}\n2 skip\n3 done", html), PARENT).lines == (note, "2 skip", "3 done")
    # What differs by more than its wrapping counts as the text part has it; short lines were never wrapped.
    assert trim(Content(wrapped, "<p>note Bob Li: he thinks</p>"), PARENT).lines == tuple(wrapped.split("\n"))
    assert trim(Content("2 skip\n3 done", "<p>2 skip 3 done</p>"), PARENT).lines == ("2 skip", "3 done")


def test_a_text_part_without_an_answer_leaves_it_to_the_html() -> None:
    assert trim(Content(quoted(SHORT), f"<p>2 skip</p><blockquote>{SHORT}</blockquote>"), PARENT).lines == ("2 skip",)


# Quotes of something else, older mail, signatures.


def test_what_stands_in_a_quote_of_ours_is_the_owners() -> None:
    assert said(f"{quoted(SHORT)}\n> skip 1\n> she moved, I think") == ("skip 1", "she moved, I think")
    assert said("> 1  Bob Li, mentor\n> skip 1\n> 2  Jane Roe, advisor") == ("skip 1",)


def test_what_is_typed_behind_a_line_of_ours_is_the_owners() -> None:
    ours = [line for line in mail_of("ordinary").text.split("\n") if len(line) > 60][2]
    text = mail_of("ordinary").text.replace(ours, f"{ours} 2 skip", 1)
    assert trim(Content(quoted(text)), parent_of("ordinary")).lines == ("2 skip",)


@pytest.mark.parametrize(
    "text",
    [
        f"2 skip\n\n> send 1\n> she wrote\n\nSee above\n\n{quoted(SHORT)}",
        f"2 skip\n\nFrom: Jane <jane@roe.example>\nDate: 2 March\nTo: {OWNER}\nSubject: Hi\n\nsend 1\nshe wrote\n",
        f"2 skip\n\nVon: Jane\nGesendet: 2. März 2026\nAn: {OWNER}\nBetreff: Hallo\n\nsend 1\nshe wrote\n",
    ],
)
def test_what_may_be_somebody_elses_is_told_and_not_obeyed(text: str) -> None:
    trimmed = trim(Content(text), PARENT)
    assert orders(trimmed.lines) == ["2 skip"]
    assert trimmed.doubtful[-2:] == ("send 1", "she wrote")


def test_an_order_in_a_signature_is_doubtful() -> None:
    trimmed = trim(Content("2 skip\n-- \nPriya\nsend 1\n"), PARENT)
    assert trimmed == Trimmed(("2 skip",), "2 lines of signature", doubtful=("send 1",), places=("",))


def test_doubtful_lines_are_told_up_to_a_bound() -> None:
    text = "2 skip\n\n" + "".join(f"> line {number} of hers\n" for number in range(400))
    trimmed = trim(Content(text), PARENT)
    assert trimmed.lines == ("2 skip",)
    assert len(trimmed.doubtful) == DOUBTFUL_LINES
    assert trimmed.left_out == "350 more quoted lines"


def test_the_tag_of_a_gateway_is_no_line_of_the_owners() -> None:
    assert said(f"2 skip\n\n[cid:image001.png@01D9]\n\n[EXTERNAL] Be careful.\n{SHORT}") == ("2 skip",)
    assert said("[URGENT] tell Jane\n2 skip") == ("[URGENT] tell Jane", "2 skip")


# Rounds: the transcript says what was not obeyed, and why nothing can be read.


def a_life(state: str = "ordinary") -> Life:
    new = life()
    new.now = BUILT
    new.digest(week="2026-W11", state=state)
    new.now = NOW
    return new


def raw_reply(one: Life, kind: str, body: str) -> bytes:
    head = (
        f"From: {OWNER}\r\nTo: {OWNER}\r\nSubject: Re: {one.mail.subject}\r\nDate: {one.stamp()}\r\n"
        f"Message-ID: <opaque@example.com>\r\nIn-Reply-To: <{one.mail.message_id}>\r\n"
        f"References: <{one.mail.message_id}>\r\nMIME-Version: 1.0\r\nContent-Type: {kind}\r\n\r\n"
    )
    return head.encode() + body.replace("\n", "\r\n").encode()


ENCRYPTED = (
    "--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: application/octet-stream\n\n"
    "-----BEGIN PGP MESSAGE-----\nhQEMA\n-----END PGP MESSAGE-----\n--b--\n"
)


def with_file(kind: str) -> str:
    return f"--b\nContent-Type: text/plain\n\n\n--b\nContent-Type: {kind}\n\nAAAA\n--b--\n"


SEALED = "Your answer is encrypted or sealed, so send it once more as plain mail: nothing of it was read, nothing done."
FILES = "Your answer has no text, only files: nothing of it was read, nothing done."


@pytest.mark.parametrize(
    ("kind", "body", "sentence"),
    [
        ('multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b"', ENCRYPTED, SEALED),
        ("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "MIAGCSqGSIb3", SEALED),
        ("application/x-pkcs7-mime; smime-type=signed-data", "MIAGCSqGSIb3", SEALED),
        ("text/plain", "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n", SEALED),
        ("application/ms-tnef; name=winmail.dat", "eJ8+", SEALED),
        ("image/png", "iVBORw0", FILES),
        ('multipart/mixed; boundary="b"', with_file("audio/mp4; name=memo.m4a"), FILES),
        ('multipart/mixed; boundary="b"', with_file("application/octet-stream; name=encrypted.asc"), FILES),
        ('multipart/mixed; boundary="b"', with_file("application/ms-tnef; name=winmail.dat"), SEALED),
    ],
)
def test_an_answer_nobody_can_read_gets_one_sentence(kind: str, body: str, sentence: str) -> None:
    one = a_life()
    one.put(raw_reply(one, kind, body))
    (transcript,) = one.process()
    assert [(line.outcome, line.effect) for line in transcript.lines] == [("refused", sentence)]


def test_a_text_signed_in_line_is_read_without_its_armor() -> None:
    one = a_life()
    signed = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n2 skip\n- -- \nPriya\n"
        "-----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIGNATURE-----\n"
    )
    one.put(raw_reply(one, "text/plain", signed))
    (transcript,) = one.process()
    assert [(line.text, line.outcome) for line in transcript.lines] == [("2 skip", "ok")]


def test_a_doubtful_order_is_in_the_transcript_and_does_nothing() -> None:
    one = a_life()
    one.put(raw_reply(one, "text/plain", "2 skip\n\n> send 1\n> a line of hers\n"))
    (transcript,) = one.process()
    told = {line.text: (line.outcome, line.effect.partition(" and may")[0]) for line in transcript.lines}
    doubt = ("refused", "This stands in a quote or a signature")
    assert told == {"2 skip": ("ok", told["2 skip"][1]), "send 1": doubt, "a line of hers": doubt}
    assert transcript.changes == 1
