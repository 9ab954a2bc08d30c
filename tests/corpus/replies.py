"""Replies as mail programs write them, built by code around the real digest: what each is known to do to a quote.

A style takes the owner's lines and the message that is answered, and gives the MIME bytes of the copy in Sent.
"""

from __future__ import annotations

import base64
import quopri
import textwrap
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Style = Callable[["Sequence[str]", "Mail", "Sent"], bytes]

OWNER = "priya@example.com"
NAME = "Career assistant"
BOUNDARY = "b1_5d2f"


@dataclass(frozen=True)
class Mail:
    """The message that is answered."""

    message_id: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Sent:
    """The fields every program writes."""

    message_id: str = "reply-1@example.com"
    date: str = "Wed, 04 Mar 2026 09:12:00 +0100"
    sender: str = "Priya Raman <priya@example.com>"
    to: str = "Priya Raman <priya@example.com>"
    extra: tuple[str, ...] = ()
    thread: tuple[str, ...] = ()
    """Message-IDs of the thread above the mail that is answered."""


def head(mail: Mail, sent: Sent, *more: str) -> bytes:
    """Return the header of a reply."""
    subject = mail.subject if mail.subject.lower().startswith("re:") else f"Re: {mail.subject}"
    fields = [
        f"From: {sent.sender}",
        f"To: {sent.to}",
        f"Subject: {subject}",
        f"Date: {sent.date}",
        f"Message-ID: <{sent.message_id}>",
        f"In-Reply-To: <{mail.message_id}>",
        f"References: {' '.join(f'<{one}>' for one in (*sent.thread, mail.message_id))}",
        "MIME-Version: 1.0",
        *sent.extra,
        *more,
    ]
    return ("\r\n".join(fields) + "\r\n\r\n").encode()


def plain(text: str, *, params: str = "", encoding: str = "8bit") -> tuple[str, bytes]:
    """Return the fields and the body of a text part."""
    raw = text.replace("\n", "\r\n").encode()
    if encoding == "base64":
        raw = base64.encodebytes(raw).replace(b"\n", b"\r\n")
    if encoding == "quoted-printable":
        raw = quopri.encodestring(raw.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    return f"Content-Type: text/plain; charset=utf-8{params}\r\nContent-Transfer-Encoding: {encoding}", raw


def html_part(html: str) -> tuple[str, bytes]:
    """Return the fields and the body of an HTML part."""
    raw = quopri.encodestring(html.encode()).replace(b"\n", b"\r\n")
    return "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable", raw


def alternative(mail: Mail, sent: Sent, *parts: tuple[str, bytes]) -> bytes:
    """Return a multipart/alternative message."""
    body = b""
    for fields, raw in parts:
        body += f"--{BOUNDARY}\r\n{fields}\r\n\r\n".encode() + raw + b"\r\n"
    return (
        head(mail, sent, f'Content-Type: multipart/alternative; boundary="{BOUNDARY}"')
        + body
        + (f"--{BOUNDARY}--\r\n".encode())
    )


def single(mail: Mail, sent: Sent, part: tuple[str, bytes]) -> bytes:
    """Return a message of one part."""
    return head(mail, sent, *part[0].split("\r\n")) + part[1]


def quoted(text: str, mark: str = "> ") -> str:
    """Return a text with each line marked."""
    return "\n".join((mark + line).rstrip() if line else mark.rstrip() for line in text.rstrip("\n").split("\n"))


def rewrapped(text: str, width: int = 76) -> str:
    """Return a marked quote as careless programs send it: too long lines wrapped, the rest without its mark."""
    out: list[str] = []
    for line in quoted(text, "> > ").split("\n"):
        out += textwrap.wrap(line, width - 6, break_long_words=False) or [line]
    return "\n".join(out)


def inner(mail: Mail) -> str:
    """Return what lies in the body element of the digest's HTML."""
    return mail.html.partition("<body")[2].partition(">")[2].partition("</body>")[0]


def paragraphs(lines: Sequence[str], tag: str = "div") -> str:
    """Return the owner's lines as HTML."""
    return "".join(f"<{tag}>{escape(line) or '<br>'}</{tag}>" for line in lines)


def below(lines: Sequence[str], attribution: str, mail: Mail, *, signature: str = "") -> str:
    """Return the usual plain text: the answer on top, then the attribution, then the marked quote."""
    return "\n".join(lines) + signature + f"\n\n{attribution}\n\n{quoted(mail.text)}\n"


def gmail_web(lines: Sequence[str], mail: Mail, sent: Sent) -> bytes:
    said = f"On Mon, Mar 2, 2026 at 8:00 AM {NAME} <{OWNER}> wrote:"
    html = (
        f'<div dir="ltr">{paragraphs(lines)}</div><br><div class="gmail_quote gmail_quote_container">'
        f'<div dir="ltr" class="gmail_attr">{escape(said)}<br></div>'
        f'<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">{inner(mail)}</blockquote></div>'
    )
    return alternative(mail, sent, plain(below(lines, said, mail)), html_part(html))


def gmail_html_only(lines: Sequence[str], mail: Mail, sent: Sent) -> bytes:
    html = (
        f'<div dir="ltr">{paragraphs(lines)}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
        f"Am Mo., 2. März 2026 um 08:00 Uhr schrieb {NAME} &lt;{OWNER}&gt;:<br></div>"
        f'<blockquote class="gmail_quote">{inner(mail)}</blockquote></div>'
    )
    return single(mail, sent, html_part(html))


def gmail_wrapped_attribution(lines: Sequence[str], mail: Mail, sent: Sent) -> bytes:
    said = f"On Mon, Mar 2, 2026 at 8:00 AM {NAME}\n<{OWNER}> wrote:"
    return single(mail, sent, plain(below(lines, said, mail), encoding="quoted-printable"))


def gmail_glued(lines: Sequence[str], mail: Mail, sent: Sent) -> bytes:
    said = f"On Mon, 2 Mar 2026, 08:00 {NAME}, <{OWNER}> wrote:"
    return single(mail, sent, plain("\n".join(lines) + f"\n{said}\n{quoted(mail.text)}\n", encoding="base64"))


def apple_mail(lines: Sequence[str], mail: Mail, sent: Sent) -> bytes:
    said = f"> On 2. Mar 2026, at 08:00, {NAME} <{OWNER}> wrote:\n> "
    text = "\n".join(lines) + f"\n\n{said}\n{quoted(mail.text)}\n"
    html = f'<html><body>{paragraphs(lines)}<br><blockquote type="cite">{inner(mail)}</blockquote></body></html>'
    return alternative(mail, sent, plain(text, encoding="quoted-printable"), html_part(html))


def iphone(lines: Sequence[str], mail: Mail, sent: Sent) -> bytes:
    said = f"> On 2 Mar 2026, at 08:00, {NAME} <{OWNER}> wrote:\n> \n> \ufeff"
    text = "\n".join(lines) + f"\n\nSent from my iPhone\n\n{said}\n{quoted(mail.text)}\n"
    return alternative(mail, sent, plain(text, encoding="quoted-printable"), html_part(paragraphs(lines)))


def iphone_german(lines: Sequence[str], mail: Mail, sent: Sent) -> bytes:
    said = f"> Am 02.03.2026 um 08:00 schrieb {NAME} <{OWNER}>:\n> "
    text = "\n".join(lines) + f"\n\nVon meinem iPhone gesendet\n\n{said}\n{quoted(mail.text)}\n"
    return single(mail, sent, plain(text, encoding="base64"))


def outlook_html_only(lines: Sequence[str], mail: Mail, sent: Sent) -> bytes:
    html = (
        '<html><head><style>p.MsoNormal{margin:0}</style></head><body><div class="WordSection1">'
        + "".join(f'<p class="MsoNormal">{escape(line)}<o:p></o:p></p>' for line in lines)
        + '<p class="MsoNormal">&nbsp;</p><div><div style="border:none;border-top:solid #E1E1E1 1pt">'
        f'<p class="MsoNormal"><b>From:</b> {NAME} &lt;{OWNER}&gt;<br><b>Sent:</b> Monday, 2 March 2026 08:00<br>'
        f"<b>To:</b> Priya Raman &lt;{OWNER}&gt;<br><b>Subject:</b> {escape(mail.subject)}</p></div></div>"
        f"{inner(mail)}</div></body></html>"
    )
    return single(mail, sent, html_part(html))


def outlook_plain(lines: Sequence[str], mail: Mail, sent: Sent) -> bytes:
    text = "\n".join(lines) + (
        f"\n\n-----Original Message-----\nFrom: {NAME} <{OWNER}> \nSent: Monday, 2 March 2026 08:00\n"
        f"To: Priya Raman <{OWNER}>\nSubject: {mail.subject}\n\n{mail.text}"
    )
    return single(mail, sent, plain(text, encoding="quoted-printable"))


def outlook_german(lines: Sequence[str], mail: Mail, sent: Sent) -> bytes:
    text = "\n".join(lines) + (
        f"\n\nVon: {NAME} <{OWNER}> \nGesendet: Montag, 2. März 2026 08:00\nAn: Priya Raman <{OWNER}>\n"
        f"Betreff: {mail.subject}\n\n{textwrap.fill(mail.text, 300)}\n"
    )
    return single(mail, sent, plain(text, encoding="base64"))


def outlook_web(lines: Sequence[str], mail: Mail, sent: Sent) -> bytes:
    html = (
        f'<html><body>{paragraphs(lines)}<div id="appendonsend"></div><hr style="display:inline-block;width:98%">'
        f'<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri"><b>From:</b> {NAME} &lt;{OWNER}&gt;<br>'
        f"<b>Sent:</b> Monday, March 2, 2026 8:00 AM<br><b>To:</b> Priya Raman &lt;{OWNER}&gt;<br>"
        f"<b>Subject:</b> {escape(mail.subject)}</font><div>&nbsp;</div></div>{inner(mail)}</body></html>"
    )
    text = "\n\n".join(lines) + (
        f"\n\n________________________________\nFrom: {NAME} <{OWNER}>\nSent: Monday, March 2, 2026 8:00 AM\n"
        f"To: Priya Raman <{OWNER}>\nSubject: {mail.subject}\n\n{mail.text}"
    )
    return alternative(mail, sent, plain(text), html_part(html))


def outlook_ios(lines: Sequence[str], mail: Mail, sent: Sent) -> bytes:
    text = "\n".join(lines) + (
        "\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\n"
        f"From: {NAME} <{OWNER}>\nSent: Monday, March 2, 2026 8:00:12 AM\nTo: Priya Raman <{OWNER}>\n"
        f"Subject: {mail.subject}\n\n{textwrap.fill(mail.text, 200)}\n"
    )
    return single(mail, sent, plain(text, encoding="base64"))


def outlook_mac_french(lines: Sequence[str], mail: Mail, sent: Sent) -> bytes:
    text = "\n".join(lines) + (
        f"\n\nDe : {NAME} <{OWNER}>\nDate : lundi, 2 mars 2026 à 08:00\nÀ : Priya Raman <{OWNER}>\n"
        f"Objet : {mail.subject}\n\n{mail.text}"
    )
    return single(mail, sent, plain(text))


def thunderbird_bottom(lines: Sequence[str], mail: Mail, sent: Sent) -> bytes:
    text = f"On 02/03/2026 08:00, {NAME} wrote:\n{quoted(mail.text)}\n\n" + "\n".join(lines) + "\n"
    return single(mail, sent, plain(text))


def thunderbird_flowed(lines: Sequence[str], mail: Mail, sent: Sent) -> bytes:
    out = [f"Am 02.03.26 um 08:00 schrieb {NAME}:"]
    for line in mail.text.split("\n"):
        wrapped = textwrap.wrap(line, 60, break_long_words=False) or [""]
        out += [f"> {piece} " for piece in wrapped[:-1]] + [f"> {wrapped[-1]}".rstrip()]
    for line in lines:
        wrapped = textwrap.wrap(line, 40, break_long_words=False) or [""]
        out += [f"{piece} " for piece in wrapped[:-1]] + [wrapped[-1]]
    return single(mail, sent, plain("\n".join([*out, ""]), params="; format=flowed"))


def thunderbird_html(lines: Sequence[str], mail: Mail, sent: Sent) -> bytes:
    html = (
        f'<html><body><p>{"<br>".join(map(escape, lines))}</p><div class="moz-cite-prefix">On 02/03/2026 08:00, {NAME}'
        f' wrote:<br></div><blockquote type="cite" cite="mid:{mail.message_id}">{inner(mail)}</blockquote>'
        '<pre class="moz-signature" cols="72">-- \nPriya Raman\nTern Ltd</pre></body></html>'
    )
    return single(mail, sent, html_part(html))


def k9(lines: Sequence[str], mail: Mail, sent: Sent) -> bytes:
    text = "\n".join(lines) + (
        f"\n-- \nSent from my Android device with K-9 Mail. Please excuse my brevity.\n\n"
        f"On 2 March 2026 08:00:00 CET, {NAME} <{OWNER}> wrote:\n{quoted(mail.text, '>')}\n"
    )
    return single(mail, sent, plain(text, encoding="quoted-printable"))


def samsung(lines: Sequence[str], mail: Mail, sent: Sent) -> bytes:
    text = "\n".join(lines) + (
        f"\n\nSent from my Galaxy\n\n\n-------- Original message --------\nFrom: {NAME} <{OWNER}>\n"
        f"Date: 02/03/2026 08:00 (GMT+01:00)\nTo: Priya Raman <{OWNER}>\nSubject: {mail.subject}\n\n{mail.text}"
    )
    return single(mail, sent, plain(text, encoding="base64"))


def yahoo_web(lines: Sequence[str], mail: Mail, sent: Sent) -> bytes:
    html = (
        f'<html><body><div class="ydp1 yahoo-style-wrap">{paragraphs(lines)}<div><br></div></div>'
        f'<div id="ydp2" class="yahoo_quoted"><div><div>On Monday, 2 March 2026 at 08:00:00 CET, {NAME} '
        f"&lt;{OWNER}&gt; wrote:</div><div><br></div><div>{inner(mail)}</div></div></div></body></html>"
    )
    return single(mail, sent, html_part(html))


def yahoo_plain(lines: Sequence[str], mail: Mail, sent: Sent) -> bytes:
    text = "\n".join(lines) + (
        f"\n\n    On Monday, 2 March 2026 at 08:00:00 CET, {NAME} <{OWNER}> wrote:  \n \n "
        + "\n".join(" " + line for line in mail.text.split("\n"))
    )
    return single(mail, sent, plain(text))


def protonmail(lines: Sequence[str], mail: Mail, sent: Sent) -> bytes:
    html = (
        f'<div style="font-family: Arial">{paragraphs(lines)}</div><div class="protonmail_signature_block">'
        'Sent with Proton Mail secure email.</div><br><div class="protonmail_quote">On Monday, March 2nd, 2026 at '
        f'08:00, {NAME} &lt;{OWNER}&gt; wrote:<br><blockquote class="protonmail_quote" type="cite">{inner(mail)}'
        "</blockquote></div>"
    )
    return single(mail, sent, html_part(html))


def fastmail(lines: Sequence[str], mail: Mail, sent: Sent) -> bytes:
    text = "\n".join(lines) + f"\n\nOn Mon, 2 Mar 2026, at 8:00 AM, {NAME} wrote:\n{quoted(mail.text)}\n"
    return single(mail, sent, plain(text))


def mutt_inline(lines: Sequence[str], mail: Mail, sent: Sent) -> bytes:
    marked = quoted(mail.text).split("\n")
    step = max(3, len(marked) // (len(lines) + 1))
    out = [f"* {NAME} <{OWNER}> [2026-03-02 08:00]:"]
    for number, line in enumerate(lines):
        out += [*marked[number * step : (number + 1) * step], line, ""]
    return single(mail, sent, plain("\n".join([*out, *marked[len(lines) * step :], "-- ", "Priya", ""])))


def alpine(lines: Sequence[str], mail: Mail, sent: Sent) -> bytes:
    text = f"On Mon, 2 Mar 2026, {NAME} wrote:\n\n{quoted(mail.text)}\n>\n\n" + "\n".join(lines) + "\n"
    return single(mail, sent, plain(text, params="; format=flowed"))


def gmx(lines: Sequence[str], mail: Mail, sent: Sent) -> bytes:
    html = (
        f'<html><body><div style="font-family: Verdana">{paragraphs(lines)}<div>&nbsp;</div><div name="quote" '
        'style="margin:10px 5px 5px 10px;border-left:2px solid #C3D9E5"><div><b>Gesendet:</b>&nbsp;Mo, 02. März 2026 '
        f'08:00 Uhr<br><b>Von:</b>&nbsp;"{NAME}" &lt;{OWNER}&gt;<br><b>An:</b>&nbsp;{OWNER}<br><b>Betreff:</b>&nbsp;'
        f'{escape(mail.subject)}</div><div name="quoted-content">{inner(mail)}</div></div></div></body></html>'
    )
    return single(mail, sent, html_part(html))


def roundcube(lines: Sequence[str], mail: Mail, sent: Sent) -> bytes:
    text = f"On 2026-03-02 08:00, {NAME} wrote:\n{quoted(mail.text)}\n\n" + "\n".join(lines) + "\n\n-- \nPriya Raman\n"
    return single(mail, sent, plain(text))


def wrapped_without_marks(lines: Sequence[str], mail: Mail, sent: Sent) -> bytes:
    out = [*lines, "", f"On Mon, 2 Mar 2026 at 08:00, {NAME} <{OWNER}> wrote:", ""]
    for line in mail.text.split("\n"):
        out += textwrap.wrap("> " + line, 60, break_long_words=False) or [">"]
    return single(mail, sent, plain("\n".join([*out, ""])))


def attribution(said: str, phone: str = "") -> Style:
    """Return a style with another language's attribution and phone signature."""

    def style(lines: Sequence[str], mail: Mail, sent: Sent) -> bytes:
        signature = f"\n\n{phone}" if phone else ""
        text = below(lines, said.format(name=NAME, address=OWNER), mail, signature=signature)
        return single(mail, sent, plain(text, encoding="quoted-printable"))

    return style


STYLES: dict[str, Style] = {
    "gmail-web": gmail_web,
    "gmail-html-only": gmail_html_only,
    "gmail-wrapped-attribution": gmail_wrapped_attribution,
    "gmail-glued": gmail_glued,
    "apple-mail": apple_mail,
    "iphone": iphone,
    "iphone-german": iphone_german,
    "outlook-html-only": outlook_html_only,
    "outlook-plain": outlook_plain,
    "outlook-german": outlook_german,
    "outlook-web": outlook_web,
    "outlook-ios": outlook_ios,
    "outlook-mac-french": outlook_mac_french,
    "thunderbird-bottom": thunderbird_bottom,
    "thunderbird-flowed": thunderbird_flowed,
    "thunderbird-html": thunderbird_html,
    "k9": k9,
    "samsung": samsung,
    "yahoo-web": yahoo_web,
    "yahoo-plain": yahoo_plain,
    "protonmail": protonmail,
    "fastmail": fastmail,
    "mutt-inline": mutt_inline,
    "alpine": alpine,
    "gmx": gmx,
    "roundcube": roundcube,
    "wrapped-without-marks": wrapped_without_marks,
    "french": attribution("Le lun. 2 mars 2026 à 08:00, {name} <{address}> a écrit :", "Envoyé de mon iPhone"),
    "spanish": attribution("El lun, 2 mar 2026 a las 8:00, {name} (<{address}>) escribió:", "Enviado desde mi iPhone"),
    "italian": attribution(
        "Il giorno lun 2 mar 2026 alle ore 08:00 {name} <{address}>\nha scritto:", "Inviato da iPhone"
    ),
    "portuguese": attribution(
        "Em seg., 2 de mar. de 2026 às 08:00, {name} <{address}>\nescreveu:", "Enviado do meu iPhone"
    ),
    "dutch": attribution("Op ma 2 mrt 2026 om 08:00 schreef {name} <{address}>:", "Verstuurd vanaf mijn iPhone"),
    "swedish": attribution("Den mån 2 mars 2026 kl 08:00 skrev {name} <{address}>:", "Skickat från min iPhone"),
    "danish": attribution("Den man. 2. mar. 2026 kl. 08.00 skrev {name} <{address}>:", "Sendt fra min iPhone"),
    "finnish": attribution("ma 2. maalisk. 2026 klo 8.00 {name} ({address}) kirjoitti:", "Lähetetty iPhonesta"),
    "polish": attribution("pon., 2 mar 2026 o 08:00 {name} <{address}> napisał(a):", "Wysłane z iPhone'a"),
    "czech": attribution("po 2. 3. 2026 v 8:00 odesílatel {name} <{address}> napsal:", "Odesláno z iPhonu"),
    "russian": attribution("пн, 2 мар. 2026 г. в 08:00, {name} <{address}>:", "Отправлено с iPhone"),
    "turkish": attribution(
        "{name} <{address}>, 2 Mar 2026 Pzt, 08:00 tarihinde şunu yazdı:", "iPhone'umdan gönderildi"
    ),
    "japanese": attribution("2026年3月2日(月) 8:00 {name} <{address}>:", "iPhoneから送信"),
    "chinese": attribution("{name} <{address}> 于2026年3月2日周一 08:00写道：", "发自我的iPhone"),
}

ANSWERS: tuple[tuple[str, ...], ...] = (
    ("skip 2",),
    ("met Jane on Tuesday, talked promo", "snooze 2 for a month"),
    (
        "Hi,",
        "1 done",
        "note Bob Li: his review is in May, ask again after the summer break is over",
        "Thanks!",
        "Priya",
    ),
    ("help",),
    ("- met 1 yesterday", "- 2,3 skip", "- win: the launch went well"),
    ("add Ada Quist <ada@quist.example> as mentor, every 3 weeks",),
    ("sned 1", "what is this"),
)
