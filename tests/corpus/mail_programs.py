"""Replies to our mails as mail programs write them: each program with its quote, its header, its languages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from tests.corpus.flattening import Rules, flatten, wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

WHO = "Career assistant <priya@example.com>"
NAME, ADDRESS = "Career assistant", "priya@example.com"
OWNER = "Priya Raman <priya@example.com>"
SENT = datetime(2026, 3, 2, 8, 0, tzinfo=ZoneInfo("Europe/Zurich"))

HEADERS = {
    "en": ("From", "Sent", "To", "Subject"),
    "de": ("Von", "Gesendet", "An", "Betreff"),
    "fr": ("De", "Envoyé", "À", "Objet"),
    "es": ("De", "Enviado", "Para", "Asunto"),
    "it": ("Da", "Inviato", "A", "Oggetto"),
    "nl": ("Van", "Verzonden", "Aan", "Onderwerp"),
    "pt": ("De", "Enviado", "Para", "Assunto"),
    "sv": ("Från", "Skickat", "Till", "Ämne"),
    "da": ("Fra", "Sendt", "Til", "Emne"),
    "nb": ("Fra", "Sendt", "Til", "Emne"),
    "fi": ("Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"),
    "pl": ("Od", "Wysłano", "Do", "Temat"),
    "cs": ("Od", "Odesláno", "Komu", "Předmět"),
    "hu": ("Feladó", "Elküldve", "Címzett", "Tárgy"),
    "ro": ("De la", "Trimis", "Către", "Subiect"),
    "tr": ("Kimden", "Gönderildi", "Kime", "Konu"),
    "ru": ("От", "Отправлено", "Кому", "Тема"),
    "uk": ("Від", "Надіслано", "Кому", "Тема"),
    "el": ("Από", "Στάλθηκε", "Προς", "Θέμα"),
    "he": ("מאת", "נשלח", "אל", "נושא"),
    "ar": ("من", "تاريخ الإرسال", "إلى", "الموضوع"),
    "ja": ("差出人", "送信日時", "宛先", "件名"),
    "zh": ("发件人", "发送时间", "收件人", "主题"),
    "ko": ("보낸 사람", "보낸 날짜", "받는 사람", "제목"),
    "vi": ("Từ", "Đã gửi", "Đến", "Chủ đề"),
    "th": ("จาก", "ส่ง", "ถึง", "เรื่อง"),
}
WROTE = {
    "en": "On {date}, {who} wrote:",
    "de": "Am {date} schrieb {who}:",
    "fr": "Le {date}, {who} a écrit :",
    "es": "El {date}, {who} escribió:",
    "it": "Il giorno {date} {who} ha scritto:",
    "nl": "Op {date} schreef {who}:",
    "pt": "Em {date}, {who} escreveu:",
    "sv": "Den {date} skrev {who}:",
    "da": "Den {date} skrev {who}:",
    "nb": "{date} skrev {who}:",
    "fi": "{who} kirjoitti {date}:",
    "pl": "{date} {who} napisał(a):",
    "cs": "{date} odesílatel {who} napsal:",
    "hu": "{who} ezt írta (időpont: {date}):",
    "ro": "În {date}, {who} a scris:",
    "tr": "{who}, {date} tarihinde şunu yazdı:",
    "ru": "{date}, {who} написал(а):",
    "uk": "{date} {who} пише:",
    "el": "Στις {date}, ο χρήστης {who} έγραψε:",
    "he": "\u202bבתאריך {date} מאת {who}:\u202c",
    "ar": "في {date} كتب {who}:",
    "ja": "{date} {who}:",
    "zh": "{who} 于{date}写道：",
    "ko": "{date}, {who}님이 작성:",
    "vi": "Vào {date} {who} đã viết:",
    "th": "ในวันที่ {date} {who} เขียนว่า:",
}
IPHONE = {
    "en": "Sent from my iPhone",
    "de": "Von meinem iPhone gesendet",
    "fr": "Envoyé de mon iPhone",
    "es": "Enviado desde mi iPhone",
    "it": "Inviato da iPhone",
    "nl": "Verstuurd vanaf mijn iPhone",
    "pt": "Enviado do meu iPhone",
    "sv": "Skickat från min iPhone",
    "fi": "Lähetetty iPhonesta",
    "pl": "Wysłane z iPhone'a",
    "ru": "Отправлено с iPhone",
    "el": "Στάλθηκε από το iPhone μου",
    "ja": "iPhoneから送信",
    "zh": "发自我的iPhone",
    "ko": "나의 iPhone에서 보냄",
}


@dataclass(frozen=True)
class Mail:
    """Our mail that is answered."""

    message_id: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Answer:
    """What the owner typed: `top` and `bottom` lines, `inside` pairs of (words of our mail, line under them)."""

    top: tuple[str, ...] = ()
    bottom: tuple[str, ...] = ()
    inside: tuple[tuple[str, str], ...] = ()
    language: str = "en"
    signature: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written:
    """A message as the program wrote it; without `html` it is plain text."""

    text: str
    html: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    flowed: bool = False
    charset: str = "utf-8"
    encoding: str = "quoted-printable"


@dataclass(frozen=True)
class Row:
    """One reply of the set: the program, the digest of the gallery, the answer."""

    program: Callable[[Mail, Answer], Written]
    state: str
    answer: Answer

    @property
    def lines(self) -> tuple[str, ...]:
        return (*self.answer.top, *(line for _, line in self.answer.inside), *self.answer.bottom)


# The pieces programs are made of


def date(language: str, form: str = "EEE d MMM y, HH:mm") -> str:
    return format_datetime(SENT, form, locale=language)


def wrote(language: str, form: str = "EEE d MMM y, HH:mm", who: str = WHO) -> str:
    return WROTE[language].format(date=date(language, form), who=who)


def header(mail: Mail, language: str, form: str = "EEEE, d MMMM y HH:mm", *, bold: str = "") -> list[str]:
    values = (WHO, date(language, form), OWNER, mail.subject)
    return [f"{bold}{word}:{bold} {value}" for word, value in zip(HEADERS[language], values, strict=True)]


def html_header(mail: Mail, language: str, form: str = "EEEE, d MMMM y HH:mm") -> str:
    values = (WHO, date(language, form), OWNER, mail.subject)
    return "<br>".join(f"<b>{word}:</b> {escape(value)}" for word, value in zip(HEADERS[language], values, strict=True))


def our_text(mail: Mail, answer: Answer) -> str:
    """Return our text part with a place for each line inside it."""
    lines = mail.text.split("\n")
    for number, (words, _) in enumerate(answer.inside):
        at = next(index for index, line in enumerate(lines) if words in line)
        lines.insert(at + 1, f"\ue000{number}\ue001")
    return "\n".join(lines)


def our_html(mail: Mail, answer: Answer, block: str = "<div>{}</div>") -> str:
    """Return the body of our HTML part with a place for each line inside it."""
    page = mail.html
    for number, (words, _) in enumerate(answer.inside):
        at = page.index(escape(words, quote=False), page.index("<h1"))
        close = re.compile(r"</(p|h2|h3)>").search(page, at)
        assert close, words
        page = page[: close.end()] + block.format(f"\ue000{number}\ue001") + page[close.end() :]
    return page


def body_of(page: str) -> str:
    """Return what stands in <body>, as programs quote it: without the head's rules."""
    found = re.search(r"<body[^>]*>(.*)</body>", page, re.DOTALL)
    assert found
    return found[1]


def typed(page: str, answer: Answer) -> str:
    """Put the owner's lines into their places in an HTML page."""
    for number, (_, line) in enumerate(answer.inside):
        page = page.replace(f"\ue000{number}\ue001", escape(line, quote=False))
    return page


def quoted(text: str, answer: Answer, mark: str = "> ", *, inside: str = "", width: int = 0) -> str:
    """Mark every line as quoted; a line of the owner's gets `inside` as its mark."""
    out = []
    for line in text.split("\n"):
        place = re.fullmatch(r"\s*\ue000(\d+)\ue001\s*", line)
        if place:
            own = inside + answer.inside[int(place[1])][1]
            out += [own] if inside else ["", own, ""]
            continue
        out += [(mark + part) if part else mark.rstrip(" ") if mark.strip() else "" for part in wrap(line, width)]
    return "\n".join(out)


def paragraphs(lines: Iterable[str], opening: str = "<div>", closing: str = "</div>") -> str:
    return "".join(f"{opening}{escape(line, quote=False) or '<br>'}{closing}" for line in lines)


def joined(*blocks: Iterable[str] | str, end: str = "\n") -> str:
    """Join blocks of lines with an empty line between them; an empty block is left out."""
    given = ["\n".join([block] if isinstance(block, str) else block) for block in blocks]
    return (end + end).join(block.replace("\n", end) for block in given if block) + end


def wrapped(lines: Iterable[str], width: int) -> list[str]:
    return [part for line in lines for part in wrap(line, width)]


def message(written: Written, mail: Mail, number: int = 0) -> bytes:
    """Return the bytes of the reply as they lie in Sent."""
    out = EmailMessage(policy=SMTP)
    out["From"] = OWNER
    out["To"] = OWNER
    out["Subject"] = written.headers.get("Subject", f"Re: {mail.subject}")
    out["Date"] = "Wed, 04 Mar 2026 09:30:00 +0100"
    out["Message-ID"] = f"<program-{number}@example.com>"
    out["In-Reply-To"] = f"<{mail.message_id}>"
    out["References"] = f"<{mail.message_id}>"
    for name, value in written.headers.items():
        if name != "Subject":
            out[name] = value
    out.set_content(written.text.replace("\r\n", "\n"), charset=written.charset, cte=written.encoding)
    if written.flowed:
        out.set_param("format", "flowed")
    if written.html:
        out.add_alternative(written.html, subtype="html", charset=written.charset, cte=written.encoding)
    return out.as_bytes()


GMAIL = Rules(links=" <URL>", bold="*", cells=" ", blank=1, bullet="   - ")
OUTLOOK = Rules(links="<URL>", cells="\t", blank=1, bullet="*   ", hidden=False)
WORD = Rules(links=" <URL> ", cells="\n", blank=1, bullet="*\t", hidden=True)
APPLE = Rules(cells="\n", blank=1, bullet="• ")
MOZILLA = Rules(links=" <URL>", bold="*", cells="\n", blank=1, bullet="  * ", width=72)
PLAIN = Rules(cells=" ", blank=0, bullet="")


YAHOO_LINE = '<div dir="ltr" data-setdir="false">'
PROTON_LINE = '<div style="font-family: Arial, sans-serif; font-size: 14px;">'

# Half of the programs; the other half is in `more_mail_programs`


def gmail_web(mail: Mail, answer: Answer) -> Written:
    """Wrap the text part at 78, mark each line, bold as *bold*; classes get a prefix."""
    attribution = wrote(answer.language, "EEE, MMM d, y 'at' h:mm a")
    page = re.sub(r'class="', 'class="m_-4711815162342108923', body_of(our_html(mail, answer)))
    signature = ["-- ", *answer.signature] if answer.signature else []
    quote = quoted(flatten(page, GMAIL), answer, inside="> ", width=76)
    text = joined(wrapped(answer.top, 78), signature, wrapped([attribution], 78), quote, wrapped(answer.bottom, 78))
    html = (
        f'<div dir="ltr">{paragraphs(answer.top)}</div>'
        + (f'<span class="gmail_signature_prefix">-- </span><br><div dir="ltr" class="gmail_signature">'
           f"{paragraphs(answer.signature)}</div>" if signature else "")
        + f'<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">'
        f'{escape(attribution)}<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;'
        f'border-left:1px solid rgb(204,204,204);padding-left:1ex">{typed(page, answer)}</blockquote></div>'
        + (f"<div>{paragraphs(answer.bottom)}</div>" if answer.bottom else "")
    )  # fmt: skip
    return Written(text, html)


def outlook_desktop(mail: Mail, answer: Answer) -> Written:
    """Mark nothing: Word's HTML, a header block over a rule, the text part with the preheader shown."""
    page = body_of(our_html(mail, answer, "<p class=MsoNormal>{}<o:p></o:p></p>"))
    head = header(mail, answer.language)
    own = [line for given in answer.top for line in (given, "")]
    text = joined(own, answer.signature, head, quoted(flatten(page, WORD), answer, ""), answer.bottom, end="\r\n")
    opening, closing = "<p class=MsoNormal>", "<o:p></o:p></p>"
    html = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!--\n@font-face {font-family:Calibri;}\n'
        "p.MsoNormal {margin:0cm;}\n--></style></head><body lang=EN-US link=blue><div class=WordSection1>"
        f"{paragraphs(answer.top, opening, closing)}<p class=MsoNormal><o:p>&nbsp;</o:p></p>"
        f"{paragraphs(answer.signature, opening, closing)}"
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal>"
        f"{html_header(mail, answer.language)}<o:p></o:p></p></div>{typed(page, answer)}"
        f"{paragraphs(answer.bottom, opening, closing)}</div></body></html>"
    )
    return Written(text, html, {"X-Mailer": "Microsoft Outlook 16.0"})


def apple_mail(mail: Mail, answer: Answer) -> Written:
    """Mark the attribution as quoted too, with two spaces at ends of lines."""
    attribution = wrote(answer.language, "d MMM y, 'at' HH:mm")
    page = body_of(our_html(mail, answer))
    quote = quoted(attribution + "\n\n" + flatten(page, APPLE), answer, inside="> ")
    text = joined(answer.top, answer.signature, quote, answer.bottom)
    html = (
        '<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head>'
        '<body style="overflow-wrap: break-word; -webkit-nbsp-mode: space; line-break: after-white-space;">'
        f'{"<br>".join(escape(line, quote=False) for line in answer.top)}<br id="lineBreakAtBeginningOfMessage">'
        f"{'<div><br></div>'.join(escape(line) for line in answer.signature)}"
        f'<div><br><blockquote type="cite"><div>{escape(attribution)}</div>'
        f'<br class="Apple-interchange-newline"><div>{typed(page, answer)}</div></blockquote></div>'
        f"{'<br>'.join(escape(line, quote=False) for line in answer.bottom)}</body></html>"
    )
    return Written(text, html, {"X-Mailer": "Apple Mail (2.3774.600.62)"})


def thunderbird_plain(mail: Mail, answer: Answer) -> Written:
    """Write format=flowed plain text; the quote is our text part."""
    attribution = wrote(answer.language, "dd.MM.yy HH:mm", NAME)
    quote = quoted(our_text(mail, answer), answer)
    signature = ["-- ", *answer.signature] if answer.signature else []
    text = joined(_soft(answer.top), attribution + "\n" + quote, _soft(answer.bottom), signature)
    return Written(text, headers={"User-Agent": "Mozilla Thunderbird"}, flowed=True, encoding="8bit")


def _soft(lines: Iterable[str]) -> list[str]:
    """Return lines as format=flowed has them: a blank at the end says that the line goes on."""
    out: list[str] = []
    for line in lines:
        *first, last = wrap(line, 71)
        out += [*(piece + " " for piece in first), last]
    return out


def samsung(mail: Mail, answer: Answer) -> Written:
    """Mark nothing; a header block under a line of hyphens with dates in the phone's format."""
    page = body_of(our_html(mail, answer))
    head = [
        "-------- " + {"de": "Ursprüngliche Nachricht", "fr": "Message d'origine", "pl": "Oryginalna wiadomość"}.get(
            answer.language, "Original message"
        ) + " --------",
        *header(mail, answer.language, "dd/MM/y  HH:mm  (zzzz) "),
    ]  # fmt: skip
    sent_from = {"de": "Von meinem Galaxy gesendet", "fr": "Envoyé depuis mon appareil Galaxy"}
    device = sent_from.get(answer.language, "Sent from my Galaxy")
    text = joined(answer.top, device, head, quoted(flatten(page, PLAIN), answer, ""), answer.bottom)
    html = (
        f'<html><head></head><body dir="auto">{paragraphs(answer.top, "<div dir=auto>")}<div dir="auto"><br></div>'
        f'<div id="composer_signature" dir="auto"><div style="font-size:12px" dir="auto">{device}</div></div>'
        f'<div dir="auto"><br></div><div><br></div><div style="font-size:100%;color:#000000" dir="auto">'
        f"<!-- originalMessage -->{paragraphs(head)}<div><br></div></div>{typed(page, answer)}"
        f"{paragraphs(answer.bottom)}"
        "</body></html>"
    )
    return Written(text, html, encoding="base64")


def yahoo_web(mail: Mail, answer: Answer) -> Written:
    """Indent, mark nothing, end lines with two spaces."""
    attribution = wrote(answer.language, "EEEE, d MMMM y 'at' HH:mm:ss z")
    page = body_of(our_html(mail, answer))
    quote = quoted("\n".join(" " + line if line else line for line in flatten(page, PLAIN).split("\n")), answer, "")
    text = joined([" " + line for line in answer.top], f"    {attribution}  ", quote, answer.bottom)
    html = (
        f'<html><head></head><body><div class="ydp1a2b3cyahoo-style-wrap" style="font-size:16px;">'
        f"{paragraphs(answer.top, YAHOO_LINE)}<div><br></div></div>"
        f'<div id="ydp9f8e7dyahoo_quoted_81" class="ydp9f8e7dyahoo_quoted"><div><div>{escape(attribution)}'
        f"</div><div><br></div><div><br></div><div>{typed(page, answer)}</div></div></div>{paragraphs(answer.bottom)}"
        "</body></html>"
    )
    return Written(text, html, {"X-Mailer": "WebService/1.1.23369 YMailNorrin"})


def proton(mail: Mail, answer: Answer) -> Written:
    """A signature of its own, then the attribution and a marked quote."""
    attribution = wrote(answer.language, "EEEE, d MMMM y, HH:mm")
    page = body_of(our_html(mail, answer))
    quote = quoted(flatten(page, Rules(links=" [URL]", bold="**", bullet="- ")), answer, inside="> ")
    device = "Sent with [Proton Mail](https://proton.me/mail/home) secure email."
    text = joined(answer.top, device, attribution, quote, answer.bottom)
    html = (
        f"{paragraphs(answer.top, PROTON_LINE)}"
        '<div class="protonmail_signature_block"><div class="protonmail_signature_block-proton">Sent with '
        '<a target="_blank" href="https://proton.me/mail/home">Proton Mail</a> secure email.</div></div><div><br></div>'
        f'<div class="protonmail_quote">{escape(attribution)}<br><blockquote class="protonmail_quote" type="cite">'
        f"{typed(page, answer)}</blockquote><br></div>{paragraphs(answer.bottom)}"
    )
    return Written(text, html)


def k9(mail: Mail, answer: Answer) -> Written:
    """Plain text, the mark without a space behind it, a signature after the usual two hyphens."""
    attribution = wrote(answer.language, "d. MMMM y HH:mm:ss z")
    quote = quoted(our_text(mail, answer), answer, ">")
    signature = [
        "-- ",
        *(answer.signature or ("Sent from my Android device with K-9 Mail. Please excuse my brevity.",)),
    ]
    text = joined(answer.top, attribution + "\n" + quote, answer.bottom, signature)
    return Written(text, headers={"User-Agent": "K-9 Mail for Android"}, encoding="8bit")


def mutt(mail: Mail, answer: Answer) -> Written:
    """Plain text, our text part marked line by line."""
    attribution = wrote(answer.language, "EEE, MMM dd, y 'at' hh:mm:ssa Z", NAME)
    text = joined(wrapped(answer.top, 72), attribution + "\n" + quoted(our_text(mail, answer), answer), answer.bottom)
    return Written(text, headers={"User-Agent": "Mutt/2.2.12"}, encoding="8bit")


def gnus(mail: Mail, answer: Answer) -> Written:
    """Supercite: the mark is the sender's initials, also where a line was quoted already."""
    text = joined(
        answer.top,
        f'>>>>> "CA" == {NAME} <{ADDRESS}> writes:',
        quoted(our_text(mail, answer), answer, "    CA> "),
        answer.bottom,
    )
    return Written(text, headers={"User-Agent": "Gnus/5.13 (Gnus v5.13)"}, encoding="8bit")


def lotus_notes(mail: Mail, answer: Answer) -> Written:
    """Mark nothing; the header is a table with tabs, values under words."""
    page = body_of(our_html(mail, answer))
    words = HEADERS[answer.language]
    values = (WHO, OWNER, date(answer.language, "dd.MM.y HH:mm"), mail.subject)
    order = (words[0], words[2], words[1], words[3])
    head = [f"{word}:\t{value}" for word, value in zip(order, values, strict=True)]
    text = joined(answer.top, answer.signature, "", head, quoted(flatten(page, WORD), answer, ""), answer.bottom)
    cells = "".join(
        f"<tr><td><font size=1>{word}:</font></td><td><font size=1>{escape(value)}</font></td></tr>"
        for word, value in zip(order, values, strict=True)
    )
    html = (
        f"{'<br>'.join(escape(line, quote=False) for line in answer.top)}<br><br>"
        f"{'<br>'.join(answer.signature)}<br><table width=100%>{cells}</table><hr noshade><br><br>"
        f"{typed(page, answer)}<br>{'<br>'.join(escape(line, quote=False) for line in answer.bottom)}"
    )
    return Written(text, html, {"X-Mailer": "HCL Notes Release 12.0.2"})


def gmx(mail: Mail, answer: Answer) -> Written:
    """A header block in a bordered <div> with the name `quote`; a text part is missing the marks."""
    page = body_of(our_html(mail, answer))
    head = header(mail, answer.language, "EEEE, dd. MMMM y 'um' HH:mm 'Uhr'")
    head = [head[1], head[0], *head[2:]]
    text = joined(answer.top, head, quoted(flatten(page, PLAIN), answer, ""), answer.bottom)
    bold = "<br>".join(re.sub(r"^(\S+:)", r"<b>\1</b>", escape(line)) for line in head)
    html = (
        f'<html><head></head><body><div style="font-family: Verdana;font-size: 12.0px;">{paragraphs(answer.top)}'
        '<div> <div name="quote" style="margin:10px 5px 5px 10px; border-left:2px solid #C3D9E5;'
        f' word-wrap: break-word;"><div style="margin:0 0 10px 0;">{bold}</div><div name="quoted-content">'
        f"{typed(page, answer)}</div></div></div>{paragraphs(answer.bottom)}</div></body></html>"
    )
    return Written(text, html, {"X-Mailer": "GMX Webmail"})


def the_bat(mail: Mail, answer: Answer) -> Written:
    """Plain text; the mark is the sender's name, lines are wrapped again at 70."""
    opening = "Hello Career,\n\nMonday, March 2, 2026, 8:00:00 AM, you wrote:\n"
    text = joined(answer.top, opening, quoted(our_text(mail, answer), answer, "Career> ", width=62), answer.bottom)
    return Written(text, headers={"X-Mailer": "The Bat! (v10.5) Professional"}, encoding="8bit")


def em_client(mail: Mail, answer: Answer) -> Written:
    """A header block without colons."""
    page = body_of(our_html(mail, answer))
    words = HEADERS[answer.language]
    values = (f'"{NAME}" <{ADDRESS}>', OWNER, date(answer.language, "dd.MM.y HH:mm:ss"), mail.subject)
    order = (words[0], words[2], words[1], words[3])
    head = ["------ Original Message ------", *(f"{word} {value}" for word, value in zip(order, values, strict=True))]
    text = joined(answer.top, head, quoted(flatten(page, MOZILLA), answer, ">", inside=">"), answer.bottom)
    html = (
        f"<html><head></head><body>{paragraphs(answer.top)}<div><br></div>{paragraphs(head)}<div><br></div>"
        f'<div id="x9d1c6fbb"><blockquote cite="{mail.message_id}" type="cite" class="cite2">{typed(page, answer)}'
        f"</blockquote></div>{paragraphs(answer.bottom)}</body></html>"
    )
    return Written(text, html, {"User-Agent": "eM_Client/9.2.2307.0"})


def qq_mail(mail: Mail, answer: Answer) -> Written:
    """A header block whose values end with a semicolon, nothing marked."""
    page = body_of(our_html(mail, answer))
    words = HEADERS["zh"]
    values = (f'"{NAME}"<{ADDRESS}>;', "2026年3月2日(星期一) 下午3:00", f'"Priya Raman"<{ADDRESS}>;', mail.subject)
    head = ["------------------ 原始邮件 ------------------"]
    head += [f"{word}: {value}" for word, value in zip(words, values, strict=True)]
    text = joined(answer.top, "&nbsp;", head, quoted(flatten(page, PLAIN), answer, ""), answer.bottom)
    html = (
        f'{paragraphs(answer.top)}<div><br></div><div style="font-size: 12px;padding:2px 0 2px 0;'
        f'">{head[0]}</div><div style="font-size: 12px;background:#efefef;padding:8px;">{paragraphs(head[1:])}</div>'
        f"<div><br></div>{typed(page, answer)}{paragraphs(answer.bottom)}"
    )
    return Written(text, html, {"X-Mailer": "QQMail 2.x"}, encoding="base64")


LONG = (
    "note Bob Li: he thinks the staff track opens in autumn and that the packet should lead with the outage work, "
    "not with the launch of search"
)
PROSE = "The second draft read much better than the first, she said."
COMPANY = ("Best regards,", "Priya", "", "Priya Raman", "Staff Engineer", "Company AG, Limmatquai 1, 8001 Zürich")
CARD_1, CARD_2, CARD_3 = "Jane,", "Bob,", "Mina,"
ASKED = "new address"


def _row(program: Callable[[Mail, Answer], Written], state: str, **answer: object) -> Row:
    return Row(program, state, Answer(**answer))  # type: ignore[arg-type]


ROWS = (
    _row(gmail_web, "ordinary", top=("1 done", "2 skip", LONG)),
    _row(gmail_web, "five", inside=((CARD_1, "met Jane Roe on Tuesday, talked promo"), (CARD_3, "3 snooze 2 weeks"))),
    _row(gmail_web, "german", top=("Q1 yes", "1 done"), language="de", signature=("Priya Raman", "Zürich")),
    _row(gmail_web, "one", bottom=(LONG, "snooze 1 for a month"), language="fr"),
    _row(outlook_desktop, "ordinary", top=("1 done", PROSE), signature=COMPANY),
    _row(outlook_desktop, "ordinary", inside=((CARD_1, "1 done"), (CARD_2, LONG)), language="de"),
    _row(outlook_desktop, "five", bottom=("2 skip", "C1 ignore"), language="it"),
    _row(outlook_desktop, "german", top=("note Mina Okafor: wants the slides",), language="pl"),
    _row(apple_mail, "ordinary", top=("met Jane Roe on Tuesday, talked promo", LONG), language="nl"),
    _row(apple_mail, "ordinary", inside=((CARD_2, "2 done"), (CARD_3, PROSE))),
    _row(apple_mail, "five", bottom=("Q1 no",), language="ru"),
    _row(apple_mail, "german", top=("1 send",), signature=("Priya",), language="de"),
    _row(thunderbird_plain, "ordinary", inside=((CARD_1, "1 done"), (CARD_2, "2 snooze 3 weeks"))),
    _row(thunderbird_plain, "ordinary", top=(LONG, "status"), language="sv"),
    _row(thunderbird_plain, "five", bottom=("3 skip", PROSE), language="cs", signature=("Priya Raman", "Zürich")),
    _row(thunderbird_plain, "german", inside=((CARD_3, "note Mina Okafor: schreibt im April"),), language="de"),
    _row(samsung, "ordinary", top=("1 done", "2 skip")),
    _row(samsung, "five", inside=((CARD_2, "met Bob Li yesterday, talked staff"),), language="fr"),
    _row(samsung, "ordinary", bottom=("pause 3 weeks",), language="pl"),
    _row(samsung, "german", top=(PROSE, "Q1 yes"), language="de"),
    _row(yahoo_web, "ordinary", top=("2 done", LONG)),
    _row(yahoo_web, "five", inside=((CARD_1, PROSE), (CARD_3, "3 done")), language="es"),
    _row(yahoo_web, "one", bottom=("1 snooze until 12 May",), language="pt"),
    _row(yahoo_web, "german", top=("met Bob Li on Monday",), language="it"),
    _row(proton, "ordinary", top=("1 skip", "win: search shipped to everyone")),
    _row(proton, "ordinary", inside=((CARD_1, "1 done"), (CARD_2, PROSE)), language="fr"),
    _row(proton, "five", bottom=("C2 mentor",), language="de"),
    _row(proton, "one", top=("note Jane Roe: lead with the outcome and put the numbers second",)),
    _row(k9, "ordinary", top=("1 done",), language="de"),
    _row(k9, "ordinary", inside=((CARD_1, "1 send"), (CARD_2, PROSE)), language="fi"),
    _row(k9, "five", bottom=("add Kim Sol <kim@sol.example> as mentor",), language="hu"),
    _row(k9, "german", top=("Q1 no", "2 skip"), language="tr"),
    _row(mutt, "ordinary", inside=((CARD_1, "1 done"), (CARD_2, "2 skip"), (CARD_3, "3 skip"))),
    _row(mutt, "five", bottom=("C1 advisor", PROSE)),
    _row(mutt, "twelve", top=("1 done", "2 done", "3 done")),
    _row(mutt, "german", inside=((CARD_2, "ask Bob Li: wer entscheidet im Herbst"),)),
    _row(gnus, "ordinary", inside=((CARD_1, "1 done"), (CARD_2, PROSE))),
    _row(gnus, "ordinary", top=("note Bob Li: prefers mornings",)),
    _row(gnus, "five", bottom=("2 snooze 2 weeks", "status")),
    _row(gnus, "german", inside=((CARD_3, "3 done"),)),
    _row(lotus_notes, "ordinary", top=("1 done", "3 snooze 3 weeks"), language="de"),
    _row(lotus_notes, "five", inside=((CARD_2, "2 skip"),), language="en"),
    _row(lotus_notes, "german", bottom=(PROSE,), language="de"),
    _row(lotus_notes, "one", top=(LONG,), signature=COMPANY, language="fr"),
    _row(gmx, "ordinary", top=("1 done", LONG), language="de"),
    _row(gmx, "german", inside=((CARD_1, "1 done"), (CARD_3, "3 skip")), language="de"),
    _row(gmx, "five", bottom=("Q1 yes",), language="de"),
    _row(gmx, "ordinary", top=(PROSE, "met Mina Okafor last Tuesday"), language="de"),
    _row(the_bat, "ordinary", inside=((CARD_1, "1 done"), (CARD_2, "note Bob Li: prefers mornings"))),
    _row(the_bat, "five", top=("2 skip", "C1 ignore")),
    _row(the_bat, "german", bottom=("1 snooze 2 weeks",)),
    _row(the_bat, "one", inside=((CARD_1, PROSE),)),
    _row(em_client, "ordinary", top=("1 done", "2 skip")),
    _row(em_client, "ordinary", inside=((CARD_1, LONG), (CARD_3, "3 done")), language="nl"),
    _row(em_client, "five", bottom=("3 snooze until June",), language="cs"),
    _row(em_client, "german", top=("Q1 yes",), language="de"),
    _row(qq_mail, "ordinary", top=("1 done", "2 skip")),
    _row(qq_mail, "five", inside=((CARD_2, "2 done"),)),
    _row(qq_mail, "ordinary", bottom=("note Mina Okafor: 喜欢早上",)),
    _row(qq_mail, "scripts", top=("status", PROSE)),
)  # fmt: skip
